"""seal_200mb, open_200mb, envelope_200mb, seal_4gib_rss: bulk sealing and opening.

The first two count one age file of 200 MB, from memory, whose other end is thrown away: sealed to eight
hybrid recipients and opened with the key of one of them, chunk by chunk. Peers do the same work in
their own way: rage (through pyrage, streaming from memory to a writer that keeps nothing, which is its
faster way) with eight X25519 recipients, and gpg with one key and no compression, its input piped and
its output to /dev/null. Each opens its own file. The limit is the bare loop of ChaCha20-Poly1305 over
64 KiB chunks, which every age file has to pay.

envelope_200mb is the same file as a whole envelope: padded, and hashed with SHA-256 for its name. No
peer pays for such a hash. Its limit is the bare loop and the bare hash, one after the other.

seal_4gib_rss pushes 4 GiB through `FileWriter` in a process of its own and counts the highest resident
memory above what it held before the first byte; pieces of 1 MiB, sealed bytes thrown away. (An envelope
ends at 2 GiB.)
"""

import hashlib
import io
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto import hybrid, sizes
from crypto.age.file import FileWriter, open_file
from crypto.age.keys import HybridIdentity, HybridRecipient
from crypto.age.stream import Sink
from crypto.envelope import EnvelopeWriter
from tests.bench.rounds import Row, at_most, rates

SIZE_BYTES: Final = 200_000_000
RSS_BYTES: Final = 4 * sizes.GIB
RSS_LIMIT_MB: Final = 20
GOAL: Final = "at least 2 x rage, 3 x gpg, 40 % of the limit"


class Nowhere(io.RawIOBase):
    """A file that keeps nothing."""

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, data: object) -> int:
        """Take all of it."""
        return len(memoryview(data))  # type: ignore[arg-type]


def measure_seal(rounds: int) -> dict[str, Row]:
    """seal_200mb and envelope_200mb."""
    data = secrets.token_bytes(SIZE_BYTES)
    station = hybrid.public_key(hybrid.generate_seed())
    everyone = [HybridRecipient(hybrid.public_key(hybrid.generate_seed())) for _ in range(8)]
    rage_keys = [pyrage.x25519.Identity.generate().to_public() for _ in range(8)]
    with tempfile.TemporaryDirectory() as folder:
        gpg = Gpg(Path(folder))
        measured = rates(
            {
                "ours": lambda: seal(everyone, data, drop),
                "rage": lambda: pyrage.encrypt_io(io.BytesIO(data), Nowhere(), rage_keys),
                "gpg": lambda: gpg.run(*gpg.ENCRYPT, data=data),
                "limit": lambda: _bare_loop(data),
                "envelope": lambda: _envelope(station, data),
                "envelope limit": lambda: _bare_loop(data, hashed=True),
            },
            rounds,
            SIZE_BYTES / 1e6,
        )
    envelope, limit = measured.pop("envelope"), measured.pop("envelope limit")
    asked = "none: it is seal_200mb and a hash that no peer pays for"
    return {
        "seal_200mb": _against_peers(measured),
        "envelope_200mb": Row(
            envelope,
            "MB/s",
            asked,
            met=None,
            peers={"rage": measured["rage"], "gpg": measured["gpg"]},
            limit=limit,
        ),
    }


def measure_open(rounds: int) -> dict[str, Row]:
    """open_200mb."""
    data = secrets.token_bytes(SIZE_BYTES)
    seed = hybrid.generate_seed()
    nobodies = [HybridRecipient(hybrid.public_key(hybrid.generate_seed())) for _ in range(7)]
    ours = bytearray()
    seal([*nobodies, HybridIdentity(seed).recipient()], data, ours.extend)
    rage_keys = [pyrage.x25519.Identity.generate() for _ in range(8)]
    rage = pyrage.encrypt(data, [key.to_public() for key in rage_keys])
    with tempfile.TemporaryDirectory() as folder:
        gpg = Gpg(Path(folder))
        sealed_by_gpg = gpg.run(*gpg.ENCRYPT, data=data, keep=True)
        measured = rates(
            {
                "ours": lambda: _open(seed, bytes_of=ours),
                "rage": lambda: pyrage.decrypt_io(io.BytesIO(rage), Nowhere(), rage_keys[-1:]),
                "gpg": lambda: gpg.run("--decrypt", data=sealed_by_gpg),
                "limit": lambda: _bare_loop(data),
            },
            rounds,
            SIZE_BYTES / 1e6,
        )
    return {"open_200mb": _against_peers(measured)}


def measure_rss(rounds: int) -> dict[str, Row]:
    """seal_4gib_rss. One run: a process's highest memory does not scatter."""
    command = [sys.executable, "-m", "tests.bench.sealing"]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    return {"seal_4gib_rss": at_most(float(said), "MB above idle", RSS_LIMIT_MB)}


def seal(recipients: Sequence[HybridRecipient], data: bytes, sink: Sink) -> None:
    """One age file."""
    writer = FileWriter(recipients, sink)
    writer.push(data)
    writer.finish()


class Gpg:
    """gpg with a home and a key of its own, from memory and, but where it is kept, to /dev/null."""

    ENCRYPT: Final = ("--trust-model", "always", "--compress-algo", "none", "-r", "bench", "--encrypt")

    def __init__(self, home: Path) -> None:
        home.chmod(0o700)
        self._home = home
        self.run("--passphrase", "", "--quick-generate-key", "bench", "default", "default", "never")

    def run(self, *arguments: str, data: bytes = b"", keep: bool = False) -> bytes:
        """What it says to `data`, where that is kept."""
        command = ["gpg", "--homedir", str(self._home), "--batch", "--quiet", *arguments]
        kept = subprocess.PIPE if keep else subprocess.DEVNULL
        done = subprocess.run(command, input=data, stdout=kept, stderr=subprocess.DEVNULL, check=True)
        return done.stdout or b""


def _against_peers(measured: dict[str, float]) -> Row:
    ours, rage, gpg, limit = (measured[name] for name in ("ours", "rage", "gpg", "limit"))
    met = ours >= 2 * rage and ours >= 3 * gpg and ours >= 0.4 * limit
    return Row(ours, "MB/s", GOAL, met, peers={"rage": rage, "gpg": gpg}, limit=limit)


def drop(data: bytes | memoryview) -> None:
    """Sealed bytes that nobody needs."""


def _open(seed: hybrid.Seed, bytes_of: bytearray) -> None:
    view = memoryview(bytes_of)
    opened = open_file([HybridIdentity(seed)], lambda offset, n: view[offset : offset + n], len(view))
    for _ in opened.stream.chunks():
        pass


def _envelope(station: hybrid.PublicKey, data: bytes) -> None:
    writer = EnvelopeWriter((station,), drop)
    writer.push(data)
    writer.finish()


def _bare_loop(data: bytes, *, hashed: bool = False) -> None:
    digest = hashlib.sha256()
    cipher = ChaCha20Poly1305(ChaCha20Poly1305.generate_key())
    out = memoryview(bytearray(sizes.SEALED_CHUNK))
    view = memoryview(data)
    for number, start in enumerate(range(0, len(data), sizes.CHUNK)):
        chunk = view[start : start + sizes.CHUNK]
        cipher.encrypt_into(number.to_bytes(12, "big"), chunk, None, out[: len(chunk) + sizes.AEAD_TAG])
        if hashed:
            digest.update(chunk)


def _memory_kb(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))


def _push_4_gib() -> float:
    piece = secrets.token_bytes(sizes.MIB)
    everyone = [HybridRecipient(hybrid.public_key(hybrid.generate_seed())) for _ in range(8)]
    before = _memory_kb("VmRSS")
    writer = FileWriter(everyone, drop)
    for _ in range(RSS_BYTES // len(piece)):
        writer.push(piece)
    writer.finish()
    return round((_memory_kb("VmHWM") - before) / 1_000, 1)


if __name__ == "__main__":
    print(_push_4_gib())
