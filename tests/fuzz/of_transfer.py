"""Targets: what crosses the gap as JSON. Manifests are read unverified at first contact, messages after
a slot opened."""

from crypto import canonical
from crypto.errors import CanonicalError
from tests.fuzz.target import Target, documents
from tests.support.bundles import in_json, out_json
from transfer.errors import MessageError
from transfer.manifest import encode_in, encode_out, parse_in, parse_out
from transfer.message import encode_message, parse_message

MESSAGE_JSON = {
    "v": 1,
    "text": "text é",
    "case_code": "C-1",
    "stage": "received",
    "sent_on": "2026-11-22",
    "due_on": "2026-12-22",
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


WORDS = (b'"v":1', b'"size":', b'"part":0', b'"offset":0', b"2026-11-22", b"1969-12-31", b"4294967296")

TARGETS = {
    "manifest_in": Target(
        manifest_in,
        (
            *documents(in_json()),
            canonical.encode(in_json(outstanding={"150": 1, "01": 1})),
            canonical.encode(in_json(outstanding={"9999999999": 1})),
        ),
        (*WORDS, b'"outstanding":{"150":1}'),
    ),
    "manifest_out": Target(manifest_out, tuple(documents(out_json())), (*WORDS, b'"kind":"set"')),
    "message": Target(message, (*documents(MESSAGE_JSON), b"x" * 80_000), (b'"stage":"', b'"due_on":')),
}
