"""Who signs what: root, station, server (protocol 1, section 9).

The root, kept on paper, certifies the station; the station certifies the server and signs the
descriptor, which lists the certificates in force. A key that is not in the newest descriptor
is retired. Whoever holds the root's ten words can check all of it.

Checks of `verify_descriptor`: 1 canonical JSON of this version, the same for each certificate,
whose role is known; 2 the document names the root that the reader already trusts, and the
instance where the reader gives one; 3 all certificates are of this instance; 4 exactly one is
a station's, signed by that root; 5 the station's signature over the descriptor; 6 each server
certificate is signed by that station; 7 root, station and servers have one key each, and
servers one serial number each: nobody plays two parts.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crypto import canonical, encoding, labels, signing, sizes
from crypto.errors import CanonicalError, SignatureError
from crypto.source_keys import InstanceId

VERSION: Final = 1
LANGUAGES_MAX: Final = 100
TIME_ZONE_MAX: Final = 64
_TIME_ZONE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")
"""Names of the IANA time zone database: never a path that leads elsewhere."""


class Role(StrEnum):
    """What a certified key may sign."""

    STATION = "station"
    SERVER = "server"


@dataclass(frozen=True)
class Certificate:
    """`public_key` acts as `role` for this instance. `issued_on` is "YYYY-MM-DD"."""

    instance_id: InstanceId
    role: Role
    public_key: signing.VerifyingKey
    serial: int
    issued_on: str


@dataclass(frozen=True)
class Descriptor:
    """The state of an instance that everybody may know."""

    instance_id: InstanceId
    number: int
    issued_on: str
    root: signing.VerifyingKey
    certificates: tuple[bytes, ...]
    batch_no: int
    oldest_window: int
    time_zone: str
    languages: tuple[str, ...]


@dataclass(frozen=True)
class VerifiedDescriptor:
    """A descriptor whose whole chain was checked, and the keys that it puts in force.

    `station_serial` is what tells a reader that the station's key was replaced by the root: the one
    before still signs as well as ever, and whoever stole it can number descriptors as they like.
    """

    descriptor: Descriptor
    station: signing.VerifyingKey
    station_serial: int
    servers: frozenset[signing.VerifyingKey]


def sign_certificate(issuer: signing.SigningSeed, certificate: Certificate) -> bytes:
    """The certificate, signed by the root (for a station) or the station (for a server)."""
    body = canonical.encode(
        {
            "v": VERSION,
            "instance_id": certificate.instance_id.hex(),
            "role": certificate.role.value,
            "public_key": certificate.public_key.hex(),
            "serial": certificate.serial,
            "issued_on": certificate.issued_on,
        }
    )
    return signing.sign(issuer, labels.CERTIFICATE, body).encode()


def verify_certificate(issuer: signing.VerifyingKey, data: bytes) -> Certificate:
    """The certificate in `data`. Raises `SignatureError` or `CanonicalError`."""
    body = signing.verify(issuer, labels.CERTIFICATE, signing.split_unchecked(data))
    return _parse_certificate(body)


def sign_descriptor(station: signing.SigningSeed, descriptor: Descriptor) -> bytes:
    """The descriptor, signed by the station."""
    body = canonical.encode(
        {
            "v": VERSION,
            "instance_id": descriptor.instance_id.hex(),
            "number": descriptor.number,
            "issued_on": descriptor.issued_on,
            "root": descriptor.root.hex(),
            "certificates": [encoding.to_base64url(c) for c in descriptor.certificates],
            "batch_no": descriptor.batch_no,
            "oldest_window": descriptor.oldest_window,
            "time_zone": descriptor.time_zone,
            "languages": list(descriptor.languages),
        }
    )
    return signing.sign(station, labels.DESCRIPTOR, body).encode()


def parse_descriptor_unchecked(data: bytes) -> Descriptor:
    """The fields of a descriptor of which nothing was verified: to show a root's words to the
    person who compares them, and for nothing else. Raises `CanonicalError`, `SignatureError`."""
    return _parse_descriptor(signing.split_unchecked(data).body)


def verify_descriptor(
    root: signing.VerifyingKey, data: bytes, instance: InstanceId | None = None
) -> VerifiedDescriptor:
    """The descriptor in `data`, checked as the head of this module says.

    Raises `SignatureError` or `CanonicalError`.
    """
    descriptor = parse_descriptor_unchecked(data)
    if descriptor.root != root or instance not in (None, descriptor.instance_id):  # 2
        raise SignatureError("another root or instance")
    unverified = [(c, _parse_certificate(signing.split_unchecked(c).body)) for c in descriptor.certificates]
    if any(c.instance_id != descriptor.instance_id for _, c in unverified):  # 3
        raise SignatureError("a certificate of another instance")
    stations = [data for data, c in unverified if c.role is Role.STATION]
    if len(stations) != 1:  # 4
        raise SignatureError("not exactly one station")
    certified = verify_certificate(root, stations[0])  # 4
    station = certified.public_key
    signing.verify(station, labels.DESCRIPTOR, signing.split_unchecked(data))  # 5
    servers = [verify_certificate(station, data) for data, c in unverified if c.role is Role.SERVER]  # 6
    keys = {root, station, *(c.public_key for c in servers)}
    if len(keys) != 2 + len(servers) or len({c.serial for c in servers}) != len(servers):  # 7
        raise SignatureError("a key or a serial number twice")
    keys_of_servers = frozenset(c.public_key for c in servers)
    return VerifiedDescriptor(descriptor, station, certified.serial, keys_of_servers)


def _parse_certificate(body: bytes) -> Certificate:
    value = canonical.parse(body, max_bytes=sizes.CERTIFICATE_MAX)
    text = dict.fromkeys(("instance_id", "role", "public_key", "issued_on"), str)
    canonical.fields(value, {"v": int, "serial": int, **text})
    if value["v"] != VERSION or value["role"] not in {role.value for role in Role}:  # 1
        raise SignatureError("a certificate of another version or role")
    return Certificate(
        InstanceId(canonical.hex_field(value["instance_id"], sizes.INSTANCE_ID)),
        Role(canonical.string(value["role"])),
        signing.VerifyingKey(canonical.hex_field(value["public_key"], sizes.ED25519_PUBLIC)),
        canonical.integer(value["serial"]),
        canonical.date_field(value["issued_on"]),
    )


def _parse_descriptor(body: bytes) -> Descriptor:
    value = canonical.parse(body, max_bytes=sizes.DESCRIPTOR_MAX)
    numbers = dict.fromkeys(("v", "number", "batch_no", "oldest_window"), int)
    text = dict.fromkeys(("instance_id", "issued_on", "root", "time_zone"), str)
    canonical.fields(value, {**numbers, **text, "certificates": list, "languages": list})
    if value["v"] != VERSION:  # 1
        raise SignatureError("a descriptor of another version")
    return Descriptor(
        InstanceId(canonical.hex_field(value["instance_id"], sizes.INSTANCE_ID)),
        canonical.integer(value["number"]),
        canonical.date_field(value["issued_on"]),
        signing.VerifyingKey(canonical.hex_field(value["root"], sizes.ED25519_PUBLIC)),
        tuple(encoding.from_base64url(c) for c in canonical.array(value["certificates"])),
        canonical.integer(value["batch_no"]),
        canonical.integer(value["oldest_window"]),
        _time_zone(value["time_zone"]),
        _languages(value["languages"]),
    )


def _time_zone(value: canonical.Value) -> str:
    name = canonical.string(value)
    if len(name) > TIME_ZONE_MAX or not _TIME_ZONE.fullmatch(name):
        raise CanonicalError("not the name of a time zone")
    return name


def _languages(value: canonical.Value) -> tuple[str, ...]:
    languages = tuple(canonical.language_field(language) for language in canonical.array(value))
    if not 0 < len(languages) == len(set(languages)) <= LANGUAGES_MAX:
        raise CanonicalError("no language, too many, or one twice")
    return languages
