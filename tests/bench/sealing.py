"""seal_200mb: 200 MB in memory into an envelope of eight hybrid stanzas.

Peers: rage (through pyrage) to eight X25519 recipients, and gpg to one key without
compression, both from and to memory. The limit is the bare loop of ChaCha20-Poly1305 over
64 KiB chunks, which every age file has to pay; ours also pays for the hash that names the
envelope, the peers for none.
"""

import secrets
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from crypto import hybrid, sizes
from crypto.envelope import EnvelopeWriter
from tests.bench.rounds import interleave

SIZE_BYTES: Final = 200_000_000


def measure(rounds: int) -> dict[str, dict[str, object]]:
    """The row."""
    data = secrets.token_bytes(SIZE_BYTES)
    station = hybrid.public_key(hybrid.generate_seed())
    rage_keys = [pyrage.x25519.Identity.generate().to_public() for _ in range(8)]
    with tempfile.TemporaryDirectory() as folder:
        home = _gpg_home(Path(folder))
        rates = interleave(
            {
                "ours": lambda: _seal(station, data),
                "rage": lambda: pyrage.encrypt(data, rage_keys),
                "gpg": lambda: _gpg(home, data),
                "limit": lambda: _bare_loop(data),
            },
            rounds,
            SIZE_BYTES / 1e6,
        )
    row = {
        "ours": rates["ours"],
        "unit": "MB/s",
        "peers": {"rage": rates["rage"], "gpg": rates["gpg"]},
        "limit": rates["limit"],
    }
    return {"seal_200mb": row}


def _seal(station: hybrid.PublicKey, data: bytes) -> None:
    sealed = bytearray()
    writer = EnvelopeWriter((station,), sealed.extend)
    writer.push(data)
    writer.finish()


def _bare_loop(data: bytes) -> None:
    cipher = ChaCha20Poly1305(ChaCha20Poly1305.generate_key())
    out = memoryview(bytearray(sizes.SEALED_CHUNK))
    view = memoryview(data)
    for number, start in enumerate(range(0, len(data), sizes.CHUNK)):
        chunk = view[start : start + sizes.CHUNK]
        cipher.encrypt_into(number.to_bytes(12, "big"), chunk, None, out[: len(chunk) + sizes.AEAD_TAG])


def _gpg_home(folder: Path) -> Path:
    folder.chmod(0o700)
    _gpg_run(folder, "--passphrase", "", "--quick-generate-key", "bench", "default", "default", "never")
    return folder


def _gpg(home: Path, data: bytes) -> None:
    _gpg_run(
        home, "--trust-model", "always", "--compress-algo", "none", "-r", "bench", "--encrypt", data=data
    )


def _gpg_run(home: Path, *arguments: str, data: bytes = b"") -> None:
    command = ["gpg", "--homedir", str(home), "--batch", "--quiet", *arguments]
    subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
