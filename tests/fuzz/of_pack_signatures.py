"""Targets: what a pack is signed with. The list behind a signature is signed here over the bytes, so that
its parser is reached; what nobody signed must be refused whatever it is."""

import hashlib
import json
from typing import Any, Final

from cases.errors import PackKeyError, PackSignatureError
from cases.packs import keys, signature
from crypto import labels, signing
from tests.fuzz.of_documents import JSON_WORDS, KEY, SEED, STATION
from tests.fuzz.target import Target, damaged, documents

FILES: Final = {"pack.toml": b"id", "laws.toml": b""}
SIGNED: Final = signature.sign(SEED, "testland", 3, FILES)
LIST: Final[dict[str, Any]] = json.loads(SIGNED[64:])


def pack_list(data: bytes) -> None:
    """A list signed by the right key, of any content: what is accepted is what signing would write."""
    signed = signing.sign(SEED, labels.PACK, data).encode()
    try:
        read = signature.verify({**FILES, signature.FILE: signed}, [KEY])
    except PackSignatureError:
        return
    assert signature.sign(SEED, read.ref.id, read.ref.version, FILES) == signed
    assert read.ref.digest == hashlib.sha256(data).hexdigest()


def pack_signature(data: bytes) -> None:
    """Bytes that the trusted key never signed are no signature of a pack."""
    try:
        signature.verify({**FILES, signature.FILE: data}, [KEY])
    except PackSignatureError:
        return
    assert data == SIGNED


def public_pack_key(data: bytes) -> None:
    """A line that is read as a public key is the line that this key would be written as."""
    try:
        key = keys.parse_public(data)
    except PackKeyError:
        return
    assert keys.public_text(key).encode().strip() == data.strip()


def secret_pack_key(data: bytes) -> None:
    """The same for the half that signs, which is never read as a public one."""
    try:
        seed = keys.parse_secret(data)
    except PackKeyError:
        return
    assert keys.secret_text(seed).encode().strip() == data.strip()
    try:
        keys.parse_public(data)
    except PackKeyError:
        return
    raise AssertionError


KEY_SEEDS: Final = (
    *damaged(keys.public_text(KEY).encode()),
    *damaged(keys.secret_text(SEED).encode()),
    b"\xff",
)
TARGETS = {
    "pack_list": Target(pack_list, tuple(documents(LIST)), JSON_WORDS),
    "pack_signature": Target(
        pack_signature,
        (*damaged(SIGNED), signature.sign(STATION, "testland", 3, FILES), SIGNED + b" " * signature.LIST_MAX),
        JSON_WORDS,
    ),
    "public_pack_key": Target(public_pack_key, KEY_SEEDS),
    "secret_pack_key": Target(secret_pack_key, KEY_SEEDS),
}
