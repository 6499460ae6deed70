"""One vector file per line and failure of protocol 1, "Each line a test", as far as `crypto` decides it.

Each file is read, its changes are made to a valid base, and the product's readings follow in their
order. All before the step that the file names must pass, and that one must raise the error that
the file names, not a subclass and not another: a thing that is refused by accident fails here. A
file without `refused_by` must be read whole, and give what it says.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crypto import (
    board,
    canonical,
    codename,
    envelope,
    hybrid,
    labels,
    padding,
    parcel,
    session,
    signing,
    slots,
    trust,
    vault,
    windows,
)
from crypto.age.header import UntrustedHeader, verify_header
from crypto.age.keys import HybridIdentity, unwrap_first
from crypto.age.stream import StreamReader
from crypto.errors import OpenError
from crypto.source_keys import Cost, InstanceId, Master, SourceKeys, derive_keys
from tests.support.refusals import HEADER, REFUSALS, SMALL, Case, big, plain_of, sealed, small
from tests.support.sealing import identities, reading

Step = tuple[str, Callable[[Case], Any]]
FILES = sorted(REFUSALS.glob("*.json"))


# What a reader knows


def seeds(case: Case) -> tuple[hybrid.Seed, ...]:
    """The station's keys of the windows that are left, or a stranger's."""
    if "seed" in case.given:
        return (hybrid.Seed(bytes.fromhex(case.given["seed"])),)
    state = windows.IntakeState(2, 150, 3, small("state"))
    for _ in range(case.given.get("windows_destroyed", 0)):
        state = state.step()
    return tuple(seed for _, seed in state.seeds())


def instance(case: Case) -> InstanceId:
    """The instance that the reader belongs to."""
    return InstanceId(bytes.fromhex(case.given.get("instance_id", SMALL["instance_id"])))


def station(case: Case) -> signing.VerifyingKey:
    """The station's key, as the reader knows it."""
    return signing.VerifyingKey(bytes.fromhex(case.given.get("station", SMALL["station"])))


def source(case: Case) -> SourceKeys:
    """The keys of the source that reads."""
    return derive_keys(Master(bytes.fromhex(case.given.get("master", SMALL["master"]))))


# The steps of each base, in the product's order


def header(case: Case) -> UntrustedHeader:
    return envelope.parse_intake_header(case.data[:HEADER])


def file_key(case: Case) -> bytes:
    return unwrap_first([HybridIdentity(seed) for seed in seeds(case)], header(case).stanzas)


def payload(case: Case) -> StreamReader:
    key = envelope.FileKey(file_key(case))
    return envelope.open_payload(key, reading(case.data), len(case.data))


def lone_payload(case: Case) -> StreamReader:
    return StreamReader(small("file_key"), reading(case.data), 0, len(case.data))


def names(found: parcel.Parcel) -> list[str]:
    return [entry.name for entry in found.files]


def sealed_parcel(case: Case) -> StreamReader:
    data = sealed(plain_of(case))
    return StreamReader(small("file_key"), reading(data), 0, len(data))


def whole_set(case: Case) -> slots.SlotSet:
    """A set of the case's slots and of fillers, which no reader opens."""
    pieces = [case.data[n : n + 4_096] for n in range(0, len(case.data), 4_096)]
    wanted = case.given.get("slots", 64)
    pieces += [n.to_bytes(16, "big") + bytes(4_080) for n in range(len(pieces), wanted)]
    if not case.given.get("unsorted"):
        pieces.sort()
    return slots.SlotSet(b"".join(pieces) + bytes(case.given.get("more", 0)))


def found_slot(case: Case) -> bytes:
    keys = source(case)
    found = whole_set(case).find(keys.reply_address, slots.Epoch(small("epoch")), SMALL["seq"])
    if not found:
        raise LookupError
    return found[0]


def opened_slot(case: Case) -> str:
    return slots.open_part(instance(case), source(case), case.data).body.decode()


def signature(case: Case, label: bytes) -> bytes:
    return signing.verify(station(case), label, signing.split_unchecked(case.data))


def document(name: str, label: bytes, verify: Callable[[Case], Any]) -> list[Step]:
    return [("signature", lambda case: signature(case, label)), (name, verify)]


def descriptor(case: Case) -> trust.VerifiedDescriptor:
    root = signing.VerifyingKey(bytes.fromhex(case.given.get("root", SMALL["root"])))
    return trust.verify_descriptor(root, case.data, instance(case))


def in_force(case: Case) -> bool:
    """Whether the key that signed a bundle is one that the descriptor puts in force."""
    signer = case.given.get("signer")
    if signer is not None and bytes.fromhex(signer) not in descriptor(case).servers:
        raise LookupError
    return True


def ticket_keys(case: Case) -> dict[bytes, session.TicketKey]:
    key = session.TicketKey(small("ticket_id"), small("ticket"))
    return {} if case.given.get("key_gone") else {key.key_id: key}


def unwrapped(case: Case) -> hybrid.Seed:
    known = {**SMALL, **case.given}
    record = vault.WrappedKey(
        bytes.fromhex(known["vault"]),
        known["officer"],
        Cost(known["memory_bytes"], known["passes"]),
        bytes.fromhex(known["salt"]),
        case.data,
    )
    return vault.unwrap_key(known["passphrase"], record)


STEPS: dict[str, list[Step]] = {
    "envelope": [
        ("size", lambda case: padding.check_envelope_size(len(case.data))),
        ("header form", header),
        ("file key", file_key),
        ("header MAC", lambda case: verify_header(header(case), file_key(case))),
        ("last chunk", payload),
        ("chunks", lambda case: list(payload(case).chunks())),
        ("parcel", lambda case: names(parcel.scan_parcel(payload(case)))),
    ],
    "size": [("size", lambda case: padding.check_envelope_size(case.given["bytes"]))],
    "header": [("header form", lambda case: len(header(case).stanzas))],
    "payload": [
        ("last chunk", lone_payload),
        ("chunks", lambda case: len(list(lone_payload(case).chunks()))),
    ],
    "parcel": [
        ("chunks", lambda case: list(sealed_parcel(case).chunks())),
        ("parcel", lambda case: names(parcel.scan_parcel(sealed_parcel(case)))),
    ],
    "set": [("set", whole_set), ("address", lambda case: len(found_slot(case)))],
    "slot": [("slot", opened_slot)],
    "certificate": document(
        "form", labels.CERTIFICATE, lambda case: trust.verify_certificate(station(case), case.data).role.value
    ),
    "descriptor": [
        *document("chain", labels.DESCRIPTOR, lambda case: descriptor(case).descriptor.number),
        ("role", in_force),
    ],
    "batch": [
        *document(
            "form",
            labels.BATCH,
            lambda case: windows.verify_batch(station(case), instance(case), case.data).last_window,
        ),
    ],
    "board": document(
        "form", labels.BOARD, lambda case: board.verify_board(station(case), instance(case), case.data).seq
    ),
    "json": [("JSON", lambda case: bool(canonical.parse(case.data, max_bytes=65_536)))],
    "recipient": [("key", lambda case: len(hybrid.check_public_key(case.data)))],
    "codename": [("codename", lambda case: codename.parse(case.given["typed"]))],
    "cookie": [
        ("cookie", lambda case: session.open_cookie(ticket_keys(case), instance(case), case.data.decode()))
    ],
    "wrapped": [("vault key", lambda case: unwrapped(case).hex())],
}


START = {
    "envelope": lambda: big("envelope-a"),
    "header": lambda: big("envelope-a"),
    "payload": lambda: big("envelope-a")[HEADER:],
    "set": lambda: small("slot"),
    "recipient": lambda: small("reply_key"),
    "json": lambda: b'{"a":[1,{"b":"c"}]}',
    "cookie": SMALL["cookie"].encode,
}


def open_whole(case: Case) -> None:
    """As the station does, with the functions that open a whole thing."""
    opened = envelope.unwrap_file_key(header(case), identities(*seeds(case)))
    list(envelope.open_payload(opened, reading(case.data), len(case.data)).chunks())


def a_case(vector: dict[str, Any]) -> Case:
    """The base of a vector with its changes made."""
    base = vector["base"]
    case = Case(START[base]() if base in START else small(base) if base in SMALL else b"")
    for change in vector["do"]:
        case.do(*change)
    return case


def read(path: Path) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_line(path: Path) -> None:
    vector = read(path)
    case = a_case(vector)
    given = None
    for name, step in STEPS[vector["base"]]:
        if name != vector.get("refused_by"):
            given = step(case)
            continue
        with pytest.raises(Exception) as refused:  # noqa: PT011 - judged in the next line
            step(case)
        assert type(refused.value).__name__ == vector["error"]
        return
    assert "refused_by" not in vector
    assert given == vector["gives"]


@pytest.mark.parametrize(
    "path", [p for p in FILES if read(p)["base"] == "envelope" and "error" in read(p)], ids=lambda p: p.stem
)
def test_an_envelope_that_is_refused_has_no_file_key_or_no_payload(path: Path) -> None:
    """The same through the functions that open a whole thing: whatever is wrong, nothing comes out."""
    case = a_case(read(path))
    with pytest.raises(Exception) as refused:  # noqa: PT011 - judged below
        open_whole(case)
    assert type(refused.value).__name__ in {"OpenError", "HeaderError", "SizeError"}
    if read(path)["refused_by"] in {"file key", "header MAC"}:
        assert type(refused.value) is OpenError


def test_every_line_that_crypto_decides_has_a_vector() -> None:
    lines = {read(path)["line"] for path in FILES}
    assert lines == {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 17, 18, 20, 21}
    assert all(path.name.startswith(f"{read(path)['line']:02d}-") for path in FILES)


def test_every_base_is_whole() -> None:
    """Each base is also read unchanged, so that a refusal is of the change and not of the base."""
    unchanged = {v["base"] for v in map(read, FILES) if not v["do"] and "refused_by" not in v}
    assert unchanged == STEPS.keys() - {"size", "codename"}
