"""Every vector of the age test kit (CCTV, npm `cctv-age`): 143 files that age programs agree about.

Each file names how it has to end. The kind of failure is told here by the step that refused: armour,
header, stanzas, MAC, payload; what was given out before a failure has the hash that the file names.
The kit's own advice is followed too: what can be read is written again, byte for byte.
"""

import hashlib
import io
import json
import shutil
import subprocess
import zlib
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path

import pytest

from crypto.age import armor
from crypto.age.file import open_file, open_forward, open_header
from crypto.age.header import encode_header, parse_header, verify_header
from crypto.age.keys import Identity, PassphraseIdentity, parse_identity, unwrap_first
from crypto.age.stream import StreamReader, StreamWriter, open_chunks
from crypto.errors import ArmorError, HeaderError, OpenError
from tests.support.sealing import reading

PEERS = Path(__file__).parents[1] / "peers"


@dataclass(frozen=True)
class Vector:
    """One file of the kit: how it has to end, and the age file itself."""

    expect: str
    payload: str
    file_key: bytes
    identities: tuple[Identity, ...]
    armored: bool
    content: bytes

    @property
    def data(self) -> bytes:
        """The age file, out of its armour."""
        return armor.decode(self.content) if self.armored else self.content


def the_kit() -> dict[str, Vector]:
    node = shutil.which("node")
    assert node, "node is missing: make setup-tests installs it"
    said = subprocess.run([node, "vectors.mjs"], cwd=PEERS, capture_output=True, check=True).stdout
    return {name: parsed(b64decode(file)) for name, file in sorted(json.loads(said).items())}


def parsed(file: bytes) -> Vector:
    head, _, content = file.partition(b"\n\n")
    pairs = [(key, value) for key, _, value in (line.partition(": ") for line in head.decode().splitlines())]
    fields = dict(pairs)
    assert fields.keys() <= {
        "expect",
        "payload",
        "file key",
        "identity",
        "passphrase",
        "armored",
        "compressed",
        "comment",
    }
    assert fields.get("compressed", "zlib") == "zlib"
    assert fields.get("armored", "yes") == "yes"
    return Vector(
        expect=fields["expect"],
        payload=fields.get("payload", hashlib.sha256().hexdigest()),
        file_key=bytes.fromhex(fields.get("file key", "")),
        identities=(
            *(parse_identity(value) for key, value in pairs if key == "identity"),
            *(PassphraseIdentity(value) for key, value in pairs if key == "passphrase"),
        ),
        armored="armored" in fields,
        content=zlib.decompress(content) if "compressed" in fields else content,
    )


KIT = the_kit()


def those(*expected: str) -> list[str]:
    return [name for name, vector in KIT.items() if vector.expect in expected]


def released(vector: Vector) -> tuple[bytes, bool]:
    """What the forward reader gives out, and whether it came to the end."""
    plain = bytearray()
    try:
        for chunk in open_forward(vector.identities, io.BytesIO(vector.data).read):
            plain += chunk
    except OpenError:
        return bytes(plain), False
    return bytes(plain), True


def ending(vector: Vector) -> str:
    """How this file ends here, in the words of the kit: told by the step that refuses."""
    try:
        data = vector.data
    except ArmorError:
        return "armor failure"
    try:
        header = parse_header(data)
        file_key = unwrap_first(vector.identities, header.stanzas)
    except HeaderError:
        return "header failure"
    except OpenError:
        return "no match"
    try:
        verify_header(header, file_key)
    except OpenError:
        return "HMAC failure"
    try:
        open_header(vector.identities, data)
    except HeaderError:  # all is well but for the nonce
        return "header failure"
    try:
        for _ in open_chunks(file_key, io.BytesIO(data[header.length :]).read):
            pass
    except OpenError:
        return "payload failure"
    return "success"


def test_the_kit_is_whole() -> None:
    assert len(KIT) == 143
    assert {vector.expect for vector in KIT.values()} == {
        "success",
        "armor failure",
        "header failure",
        "no match",
        "HMAC failure",
        "payload failure",
    }


@pytest.mark.parametrize("name", KIT)
def test_a_vector_ends_as_the_kit_says(name: str) -> None:
    vector = KIT[name]
    assert ending(vector) == vector.expect
    if vector.expect == "armor failure":
        return
    plain, whole = released(vector)
    assert hashlib.sha256(plain).hexdigest() == vector.payload
    assert whole == (vector.expect == "success")


@pytest.mark.parametrize("name", [name for name in KIT if name not in those("armor failure")])
def test_reading_at_any_place_agrees(name: str) -> None:
    vector = KIT[name]
    data = vector.data
    if vector.expect != "success":
        with pytest.raises(OpenError) as refusal:
            list(open_file(vector.identities, reading(data), len(data)).stream.chunks())
        assert type(refusal.value) is OpenError
        assert not refusal.value.args
        return
    opened = open_file(vector.identities, reading(data), len(data))
    plain = b"".join(opened.stream.chunks())
    assert hashlib.sha256(plain).hexdigest() == vector.payload
    assert len(plain) == opened.stream.size_bytes
    assert vector.file_key in (b"", opened.file_key)


@pytest.mark.parametrize("name", those("success", "no match", "HMAC failure", "payload failure"))
def test_a_header_is_written_as_it_was_read(name: str) -> None:
    vector = KIT[name]
    data = vector.data
    header = parse_header(data)
    written = encode_header(header.stanzas, vector.file_key)
    assert parse_header(written).stanzas == header.stanzas
    assert written[: len(header.authenticated)] == header.authenticated
    if vector.expect in ("success", "payload failure"):
        assert written == data[: header.length]


@pytest.mark.parametrize("name", those("success"))
def test_a_payload_is_sealed_again_alike(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    vector = KIT[name]
    data = vector.data
    start = parse_header(data).length
    stream = StreamReader(vector.file_key, reading(data), start, len(data) - start)
    monkeypatch.setattr("crypto.age.stream.secrets.token_bytes", lambda length: data[start:][:length])
    again = bytearray()
    writer = StreamWriter(vector.file_key, again.extend)
    for chunk in stream.chunks():
        writer.push(chunk)
    writer.finish()
    assert again == data[start:]


@pytest.mark.parametrize(
    "name", [name for name, v in KIT.items() if v.armored and v.expect != "armor failure"]
)
def test_armour_is_put_on_again_alike(name: str) -> None:
    """But for what is allowed to differ: the line ending, and white space around it."""
    content = KIT[name].content
    assert armor.encode(KIT[name].data).strip() == content.replace(b"\r\n", b"\n").strip()
