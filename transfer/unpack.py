"""Verifies a bundle and copies things out of it; never trusts what was read twice.

Checks of `verify_in` and `verify_out`: 1 the signature of the expected key over the manifest's
bytes, under the label of the direction; 2 the manifest is canonical and of this direction;
3 it is of this instance, signed by the key that it names, and numbered like its folder;
4 every item lies inside a listed part, no two overlap in order. Then, as an item is copied:
5 it has the hash that the manifest names.

`copy_object` and `read_document` read an item once, hash what they hand on, and say at the
end whether it was the right thing: the caller uses its own copy and only after that.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from crypto import sizes
from crypto.errors import CryptoError, SignatureError
from crypto.signing import Signed, VerifyingKey, verify
from crypto.source_keys import InstanceId
from transfer.errors import BundleSignatureError, DamagedBundleError, DamagedObjectError
from transfer.manifest import (
    Direction,
    InManifest,
    InObject,
    OutDocument,
    OutManifest,
    parse_in,
    parse_out,
    part_name,
)
from transfer.medium import Bundle

DOCUMENT_MAX: Final = 64 * sizes.MIB
_COPY_BYTES: Final = 1 * sizes.MIB


@dataclass(frozen=True)
class VerifiedIn:
    """An IN manifest whose signature was checked, and the hash that names this bundle."""

    manifest: InManifest
    sha256: bytes


@dataclass(frozen=True)
class VerifiedOut:
    """An OUT manifest whose signature was checked, and the hash that names this bundle."""

    manifest: OutManifest
    sha256: bytes


def parse_in_unchecked(bundle: Bundle) -> InManifest:
    """An IN manifest of which nothing was verified: to show an unknown server key's words to
    the person who compares them, and for nothing else. Raises `DamagedBundleError`."""
    try:
        return parse_in(bundle.manifest)
    except CryptoError as error:
        raise _damaged(bundle) from error


def parse_out_unchecked(bundle: Bundle) -> OutManifest:
    """An OUT manifest of which nothing was verified: to find the descriptor whose root's words
    a person compares, and for nothing else. Raises `DamagedBundleError`."""
    try:
        return parse_out(bundle.manifest)
    except CryptoError as error:
        raise _damaged(bundle) from error


def verify_in(bundle: Bundle, key: VerifyingKey, instance: InstanceId) -> VerifiedIn:
    """The IN manifest of `bundle`. Raises `BundleSignatureError`, `DamagedBundleError`."""
    _verify_signature(bundle, key, Direction.IN)  # 1
    manifest = parse_in_unchecked(bundle)  # 2
    _check_names(bundle, manifest, key, instance)  # 3
    items = [(o.part, o.offset, o.entry.size_bytes) for o in manifest.objects]
    _check_layout(bundle, manifest, items)  # 4
    return VerifiedIn(manifest, hashlib.sha256(bundle.manifest).digest())


def verify_out(bundle: Bundle, key: VerifyingKey, instance: InstanceId) -> VerifiedOut:
    """The OUT manifest of `bundle`. Raises `BundleSignatureError`, `DamagedBundleError`."""
    _verify_signature(bundle, key, Direction.OUT)  # 1
    manifest = parse_out_unchecked(bundle)  # 2
    _check_names(bundle, manifest, key, instance)  # 3
    items = [(d.part, d.offset, d.size_bytes) for d in manifest.documents]
    _check_layout(bundle, manifest, items)  # 4
    return VerifiedOut(manifest, hashlib.sha256(bundle.manifest).digest())


def copy_object(bundle: Bundle, wanted: InObject, sink: Callable[[bytes], object]) -> None:
    """Hand the bytes of one object to `sink`, once.

    Raises `DamagedObjectError` when they are not what the manifest names: what `sink` got is
    then to be thrown away.
    """
    digest = hashlib.sha256()
    try:
        for chunk in _read(bundle, wanted.part, wanted.offset, wanted.entry.size_bytes):
            digest.update(chunk)
            sink(chunk)
    except DamagedBundleError as error:
        raise _damaged_object(bundle, wanted) from error
    if digest.digest() != wanted.entry.object_id:  # 5
        raise _damaged_object(bundle, wanted)


def read_document(bundle: Bundle, wanted: OutDocument) -> bytes:
    """One document, whole. Raises `DamagedBundleError`."""
    if wanted.size_bytes > DOCUMENT_MAX:
        raise _damaged(bundle)
    data = b"".join(_read(bundle, wanted.part, wanted.offset, wanted.size_bytes))
    if hashlib.sha256(data).digest() != wanted.sha256:  # 5
        raise _damaged(bundle, part_name(wanted.part))
    return data


def _verify_signature(bundle: Bundle, key: VerifyingKey, direction: Direction) -> None:
    try:
        verify(key, direction.label, Signed(bundle.manifest, bundle.signature))
    except SignatureError as error:
        raise BundleSignatureError(
            f"{bundle.name} is not signed by the machine that it should come from, or its manifest "
            "is damaged. Nothing was imported. Export again; if this stays, find out who made it."
        ) from error


def _check_names(
    bundle: Bundle, manifest: InManifest | OutManifest, key: VerifyingKey, instance: InstanceId
) -> None:
    if manifest.instance_id != instance or manifest.key_id != key:
        raise BundleSignatureError(f"{bundle.name} belongs to another instance. Nothing was imported.")
    if manifest.seq != bundle.seq:
        raise _damaged(bundle)


def _check_layout(
    bundle: Bundle, manifest: InManifest | OutManifest, items: list[tuple[int, int, int]]
) -> None:
    ends = [0] * len(manifest.parts)
    for part, offset, size_bytes in items:
        if part >= len(ends) or offset != ends[part]:
            raise _damaged(bundle)
        ends[part] += size_bytes
    if ends != [part.size_bytes for part in manifest.parts]:
        raise _damaged(bundle)


def _read(bundle: Bundle, part: int, offset: int, size_bytes: int) -> Iterator[bytes]:
    name = part_name(part)
    try:
        with bundle.open_file(name) as file:
            while size_bytes:
                chunk = os.pread(file, min(size_bytes, _COPY_BYTES), offset)
                if not chunk:
                    raise _damaged(bundle, name)
                offset += len(chunk)
                size_bytes -= len(chunk)
                yield chunk
    except FileNotFoundError:
        raise _damaged(bundle, name) from None


def _damaged(bundle: Bundle, file: str = "manifest.json") -> DamagedBundleError:
    return DamagedBundleError(
        f"{bundle.name} is damaged: its file {file} is not what was signed. "
        "Export again, or carry it over on another stick."
    )


def _damaged_object(bundle: Bundle, wanted: InObject) -> DamagedObjectError:
    return DamagedObjectError(
        f"{bundle.name}: object {wanted.entry.object_id.hex()[:16]} in {part_name(wanted.part)} is "
        "damaged. The other objects are not concerned. The server exports this one again to an empty "
        "stick, or once it has imported this station's next bundle."
    )
