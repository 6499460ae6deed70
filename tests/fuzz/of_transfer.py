"""Targets: what crosses the gap as JSON. Manifests are read unverified at first contact, messages after
a slot opened."""

from crypto import canonical, labels, signing
from crypto.errors import CanonicalError, CryptoError
from crypto.source_keys import InstanceId
from tests.fuzz.target import Target, documents
from tests.support.bundles import in_json, out_json
from transfer.errors import MessageError
from transfer.manifest import encode_in, encode_out, parse_in, parse_out
from transfer.message import encode_message, parse_message
from transfer.publication import sign_publication, verify_publication

SEED = signing.SigningSeed(bytes(32))
INSTANCE = InstanceId(bytes(16))
PUBLICATION_JSON = {
    "v": 1,
    "instance_id": "00" * 16,
    "number": 7,
    "issued_on": "2026-11-22",
    "pack": [{"name": "pack.toml", "text": "id"}],
    "openpgp": {
        "fingerprint": "0F" * 20,
        "key": "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----\n",
    },
}
MESSAGE_JSON = {
    "v": 1,
    "text": "text é",
    "case_code": "C-1",
    "stage": "received",
    "sent_on": "2026-11-22",
    "due_on": "2026-12-22",
    "may": ["object", "read"],
    "consent": {"body": "Court", "fields": ["name"]},
}


def manifest_in(data: bytes) -> None:
    """What is read is written back byte for byte."""
    try:
        read = parse_in(data)
    except CanonicalError:
        return
    assert len(read.objects) <= 20_000
    assert encode_in(read) == data


def manifest_out(data: bytes) -> None:
    """What is read is written back byte for byte."""
    try:
        read = parse_out(data)
    except CanonicalError:
        return
    assert encode_out(read) == data


def message(data: bytes) -> None:
    """What is read is written back byte for byte."""
    try:
        read = parse_message(data)
    except MessageError:
        return
    assert encode_message(read) == data


def signed_publication(data: bytes) -> None:
    """What the station signed comes back as it was, whatever it is."""
    signed = signing.sign(SEED, labels.PUBLICATION, data).encode()
    try:
        read = verify_publication(signing.verifying_key(SEED), INSTANCE, signed)
    except CryptoError:
        return
    assert sign_publication(SEED, read) == signed


WORDS = (b'"v":1', b'"size":', b'"part":0', b'"offset":0', b"2026-11-22", b"1969-12-31", b"4294967296")

TARGETS = {
    "publication": Target(signed_publication, tuple(documents(PUBLICATION_JSON)), WORDS),
    "manifest_in": Target(
        manifest_in,
        (
            *documents(in_json()),
            canonical.encode(in_json(outstanding={"150": 1, "01": 1})),
            canonical.encode(in_json(outstanding={"9999999999": 1})),
            canonical.encode(in_json(board={"epoch": "00" * 16, "seq": 12})),
        ),
        (*WORDS, b'"outstanding":{"150":1}'),
    ),
    "manifest_out": Target(manifest_out, tuple(documents(out_json())), (*WORDS, b'"kind":"set"')),
    "message": Target(message, (*documents(MESSAGE_JSON), b"x" * 80_000), (b'"stage":"', b'"due_on":')),
}
