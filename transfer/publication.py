"""What the station publishes: the pack in use, and the agency's OpenPGP key (protocol 1, section 9).

One signed document in an OUT bundle, signature ‖ canonical JSON. The source server shows its texts and asks
its questions; nothing in it is secret. `issued_on` is a date, "YYYY-MM-DD"; `number` never falls.

Checks of `verify_publication`: 1 the station's signature; 2 canonical JSON with exactly its keys, of this
version and instance; 3 the pack's files are within the limits of a pack's folder, none named twice, and each
name is a plain one; 4 the OpenPGP key is ASCII armour within its limit, its fingerprint 40 hex digits.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cases.packs.folder import FILE_BYTES_MAX, FILES_MAX, PACK_BYTES_MAX
from crypto import canonical, labels, signing, sizes
from crypto.errors import CanonicalError
from crypto.source_keys import InstanceId

VERSION: Final = 1
PUBLICATION_MAX: Final = 4 * PACK_BYTES_MAX
"""Of the JSON: a pack's texts, with what JSON escapes in them."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FINGERPRINT: Final = re.compile(r"[0-9A-F]{40}")
_ARMOUR: Final = re.compile(
    r"-----BEGIN PGP PUBLIC KEY BLOCK-----\n[ -~\n]*-----END PGP PUBLIC KEY BLOCK-----\n"
)


@dataclass(frozen=True)
class AgencyKey:
    """The agency's OpenPGP key: 40 upper-case hex digits, and the key in ASCII armour."""

    fingerprint: str
    armored: str


@dataclass(frozen=True)
class Publication:
    """What everybody may read. `pack`: its files without its signature, name to contents."""

    instance_id: InstanceId
    number: int
    issued_on: str
    pack: Mapping[str, bytes] | None
    openpgp: AgencyKey | None


def sign_publication(station: signing.SigningSeed, publication: Publication) -> bytes:
    """The publication, signed by the station. Raises `CanonicalError` for what a reader would refuse."""
    value: canonical.Object = {
        "v": VERSION,
        "instance_id": publication.instance_id.hex(),
        "number": publication.number,
        "issued_on": publication.issued_on,
    }
    if publication.pack is not None:
        value["pack"] = [
            {"name": name, "text": _decoded(data)} for name, data in sorted(publication.pack.items())
        ]
    if publication.openpgp is not None:
        value["openpgp"] = {
            "fingerprint": publication.openpgp.fingerprint,
            "key": publication.openpgp.armored,
        }
    _parse(value, publication.instance_id)
    return signing.sign(station, labels.PUBLICATION, canonical.encode(value)).encode()


def verify_publication(station: signing.VerifyingKey, instance: InstanceId, data: bytes) -> Publication:
    """The publication in `data`. Raises `SignatureError` or `CanonicalError`."""
    body = signing.verify(station, labels.PUBLICATION, signing.split_unchecked(data))  # 1
    return _parse(canonical.parse(body, max_bytes=PUBLICATION_MAX), instance)


def _parse(value: canonical.Object, instance: InstanceId) -> Publication:
    required = {"v": int, "instance_id": str, "number": int, "issued_on": str}
    canonical.fields(value, required, {"pack": list, "openpgp": dict})
    if value["v"] != VERSION or value["instance_id"] != instance.hex():  # 2
        raise CanonicalError("a publication of another instance or version")
    return Publication(
        instance,
        canonical.integer(value["number"]),
        canonical.date_field(value["issued_on"]),
        _pack(canonical.array(value["pack"])) if "pack" in value else None,
        _openpgp(value["openpgp"]) if "openpgp" in value else None,
    )


def _pack(rows: list[canonical.Value]) -> Mapping[str, bytes]:
    files: dict[str, bytes] = {}
    for row in rows:
        value = canonical.fields(row, {"name": str, "text": str})
        name, data = canonical.string(value["name"]), canonical.string(value["text"]).encode()
        if not _NAME.fullmatch(name) or name in files or len(data) > FILE_BYTES_MAX:  # 3
            raise CanonicalError("a file of the pack that is none")
        files[name] = data
    if len(files) > FILES_MAX or sum(map(len, files.values())) > PACK_BYTES_MAX:  # 3
        raise CanonicalError("a pack over its limit")
    return files


def _openpgp(row: canonical.Value) -> AgencyKey:
    value = canonical.fields(row, {"fingerprint": str, "key": str})
    fingerprint, armored = canonical.string(value["fingerprint"]), canonical.string(value["key"])
    good = _FINGERPRINT.fullmatch(fingerprint) and _ARMOUR.fullmatch(armored)
    if not good or len(armored) > sizes.OPENPGP_KEY_MAX:  # 4
        raise CanonicalError("no OpenPGP key")
    return AgencyKey(fingerprint, armored)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise CanonicalError("a file of the pack that is not UTF-8") from None
