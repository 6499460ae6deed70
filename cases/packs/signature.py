"""The signature of a pack: the file `pack.sig`, which names every other file of the folder.

It covers which pack it is, which edition, and the SHA-256 of each file, so that a rule can be neither
changed, nor added, nor left out; the digest of that list is what a case remembers of the edition.
Whether an edition is older than the one in use is `cases.packs.shelf`; what the files say is
`cases.packs.reading`. Nothing here reads a disk. The page is docs/protocol/pack.md.

Checks of `verify`: 1 there is a pack.sig, not over its length; 2 a key that the reader trusts signed it;
3 it is canonical JSON with exactly its keys, of version 1; 4 it names exactly the files that are there;
5 each file has its SHA-256.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from cases.errors import PackError, PackSignatureError
from cases.packs import fields
from cases.packs.pack import PackRef
from crypto import canonical, labels, signing, sizes
from crypto.errors import CanonicalError, SignatureError

FILE: Final = "pack.sig"
VERSION: Final = 1
NAME_MAX: Final = 64
LIST_MAX: Final = 16 * sizes.KIB

_NAME: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{NAME_MAX - 1}}}")
_KEYS: Final = {"v": int, "pack": str, "version": int, "files": dict}


@dataclass(frozen=True)
class Sealed:
    """Which edition a signature is for, and whose it is."""

    ref: PackRef
    key: signing.VerifyingKey


def digest(pack: str, version: int, files: Mapping[str, bytes]) -> str:
    """The SHA-256, in hex, of the list of a pack's files, signed or not; `pack.sig` is left out.

    Raises `PackError` for a name that a file of a pack cannot have.
    """
    return hashlib.sha256(_list(pack, version, files)).hexdigest()


def sign(seed: signing.SigningSeed, pack: str, version: int, files: Mapping[str, bytes]) -> bytes:
    """The contents of `pack.sig` for these files (name to contents). Raises `PackError`."""
    return signing.sign(seed, labels.PACK, _list(pack, version, files)).encode()


def verify(files: Mapping[str, bytes], keys: Iterable[signing.VerifyingKey]) -> Sealed:
    """Which edition the `pack.sig` among these files is for, when it is right and by one of `keys`.

    Raises `PackSignatureError` with what is wrong. Source: docs/protocol/pack.md.
    """
    data = files.get(FILE, b"")
    if not data or len(data) > sizes.ED25519_SIGNATURE + LIST_MAX:  # 1
        raise PackSignatureError(
            "The pack is not signed: it has no usable pack.sig. Ask who keeps it to sign it."
        )
    key, body = _signed_by(data, keys)  # 2
    try:
        said = canonical.fields(canonical.parse(body, max_bytes=LIST_MAX), _KEYS)  # 3
    except CanonicalError:
        raise PackSignatureError(
            "Its pack.sig is signed, and is not in the form that this program knows."
        ) from None
    if said["v"] != VERSION:  # 3
        raise PackSignatureError("Its pack.sig is for a newer program than this one.")
    ref = PackRef(
        canonical.string(said["pack"]), canonical.integer(said["version"]), hashlib.sha256(body).hexdigest()
    )
    _check_files(said["files"], _hashes(files))
    return Sealed(ref, key)


def is_outdated(files: Mapping[str, bytes], digest: str) -> bool:
    """Whether the `pack.sig` among these files was made for another digest. Who made it is not asked."""
    data = files.get(FILE)
    return data is not None and hashlib.sha256(data[sizes.ED25519_SIGNATURE :]).hexdigest() != digest


def _signed_by(data: bytes, keys: Iterable[signing.VerifyingKey]) -> tuple[signing.VerifyingKey, bytes]:
    for key in keys:
        try:
            return key, signing.verify(key, labels.PACK, signing.split_unchecked(data))
        except SignatureError:
            continue
    raise PackSignatureError(
        "Its pack.sig was not made with a pack key that is trusted here, or was changed."
    )


def _check_files(signed: canonical.Value, there: Mapping[str, canonical.Value]) -> None:
    if not isinstance(signed, dict) or signed.keys() != there.keys():  # 4
        raise PackSignatureError("A file was added to the pack or taken away after it was signed.")
    changed = sorted(name for name in there if signed[name] != there[name])
    if changed:  # 5
        raise PackSignatureError(f"After the pack was signed, this was changed in it: {', '.join(changed)}.")


def _list(pack: str, version: int, files: Mapping[str, bytes]) -> bytes:
    try:
        body = canonical.encode({"v": VERSION, "pack": pack, "version": version, "files": _hashes(files)})
    except CanonicalError:
        raise PackError("The number of the edition is none that a pack can have.") from None
    if len(body) > LIST_MAX:
        raise PackError("The pack has more files than one pack can have.")
    return body


def _hashes(files: Mapping[str, bytes]) -> dict[str, canonical.Value]:
    for name in files:
        if not _NAME.fullmatch(name):
            raise PackError(f"“{fields.shown(name)}” is no file of a pack. Take it out of the folder.")
    return {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != FILE}
