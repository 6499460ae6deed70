"""Signed documents of each kind: another key, label, instance, form or byte is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from crypto import board, canonical, encoding, hybrid, labels, signing, sizes, trust, windows
from crypto.errors import CanonicalError, CryptoError, RecipientError, SignatureError, WindowError
from crypto.slots import Epoch
from crypto.source_keys import InstanceId
from crypto.trust import Certificate, Descriptor, Role
from tests.support.sealing import INSTANCE, flipped

ROOT, STATION, SERVER, STRANGER = (signing.SigningSeed(bytes([n]) * 32) for n in range(4))
ROOT_KEY, STATION_KEY, SERVER_KEY = (signing.verifying_key(seed) for seed in (ROOT, STATION, SERVER))
ELSEWHERE = InstanceId(b"e" * 16)


def signed(seed: signing.SigningSeed, label: bytes, value: canonical.Object) -> bytes:
    """Any JSON as a signed document."""
    return signing.sign(seed, label, canonical.encode(value)).encode()


def body_of(document: bytes) -> canonical.Object:
    return canonical.parse(document[64:], max_bytes=1_000_000)


# Signatures


def test_a_signed_body_verifies() -> None:
    document = signing.sign(ROOT, labels.BOARD, b"body")
    assert signing.verify(ROOT_KEY, labels.BOARD, document) == b"body"
    assert signing.split_unchecked(document.encode()) == document


def test_key_label_body_and_signature_are_bound() -> None:
    document = signing.sign(ROOT, labels.BOARD, b"body")
    wrong = [
        (STATION_KEY, labels.BOARD, document),
        (ROOT_KEY, labels.BATCH, document),
        (ROOT_KEY, labels.BOARD, replace(document, body=b"body ")),
        (ROOT_KEY, labels.BOARD, replace(document, signature=flipped(document.signature, 0))),
        (ROOT_KEY, labels.BOARD, replace(document, signature=flipped(document.signature, 63))),
        (ROOT_KEY, labels.BOARD, replace(document, signature=document.signature[:-1])),
        (ROOT_KEY, labels.BOARD, replace(document, signature=b"")),
        (signing.VerifyingKey(ROOT_KEY[:-1]), labels.BOARD, document),
        (signing.VerifyingKey(bytes(32)), labels.BOARD, document),
        (signing.VerifyingKey(b""), labels.BOARD, document),
    ]
    for key, label, other in wrong:
        with pytest.raises(SignatureError):
            signing.verify(key, label, other)


def test_a_key_of_low_order_verifies_nothing() -> None:
    """Its signatures of zeros would hold for every message where such keys are let in."""
    low_order = signing.VerifyingKey(b"\1" + bytes(31))
    with pytest.raises(SignatureError):
        signing.verify(low_order, labels.BOARD, signing.Signed(b"body", low_order + bytes(32)))


@pytest.mark.parametrize("length", [0, 1, 63, 64])
def test_a_document_without_a_body_is_none(length: int) -> None:
    with pytest.raises(SignatureError):
        signing.split_unchecked(bytes(length))


def test_signing_seeds_are_fresh() -> None:
    assert len(signing.generate_seed()) == 32
    assert signing.generate_seed() != signing.generate_seed()


# Certificates and descriptors


def a_certificate(
    role: Role, key: signing.VerifyingKey, instance: InstanceId = INSTANCE, serial: int = 1
) -> Certificate:
    return Certificate(instance, role, key, serial, "2026-11-22")


STATION_CERTIFICATE = trust.sign_certificate(ROOT, a_certificate(Role.STATION, STATION_KEY))
SERVER_CERTIFICATE = trust.sign_certificate(STATION, a_certificate(Role.SERVER, SERVER_KEY))


def a_descriptor(*certificates: bytes) -> Descriptor:
    return Descriptor(
        INSTANCE, 3, "2026-11-22", ROOT_KEY, certificates, 2, 149, "Europe/Warsaw", ("en", "pl")
    )


GOOD = a_descriptor(STATION_CERTIFICATE, SERVER_CERTIFICATE)


def test_a_descriptor_gives_the_keys_in_force() -> None:
    verified = trust.verify_descriptor(ROOT_KEY, trust.sign_descriptor(STATION, GOOD), INSTANCE)
    assert verified.descriptor == GOOD
    assert verified.station == STATION_KEY
    assert verified.servers == {SERVER_KEY}
    assert verified.station_serial == 1


def test_a_first_descriptor_has_no_server_and_no_expected_instance() -> None:
    first = trust.sign_descriptor(STATION, a_descriptor(STATION_CERTIFICATE))
    assert trust.verify_descriptor(ROOT_KEY, first).servers == frozenset()
    assert trust.parse_descriptor_unchecked(first).root == ROOT_KEY


def test_servers_may_be_two() -> None:
    other = signing.verifying_key(STRANGER)
    second = trust.sign_certificate(STATION, a_certificate(Role.SERVER, other, serial=2))
    document = trust.sign_descriptor(STATION, a_descriptor(second, STATION_CERTIFICATE, SERVER_CERTIFICATE))
    assert trust.verify_descriptor(ROOT_KEY, document).servers == {SERVER_KEY, other}


def described(*certificates: bytes) -> bytes:
    """A descriptor with these certificates, rightly signed by the station."""
    return trust.sign_descriptor(STATION, a_descriptor(*certificates))


def certified(issuer: signing.SigningSeed, role: Role, instance: InstanceId = INSTANCE) -> bytes:
    """A certificate for the station's or the server's key, by any issuer."""
    key = STATION_KEY if role is Role.STATION else SERVER_KEY
    return trust.sign_certificate(issuer, a_certificate(role, key, instance))


def also_a_server(key: signing.VerifyingKey, serial: int = 2) -> bytes:
    """A descriptor that has one more server, with this key."""
    more = trust.sign_certificate(STATION, a_certificate(Role.SERVER, key, serial=serial))
    return described(STATION_CERTIFICATE, SERVER_CERTIFICATE, more)


ROOT_AS_STATION = trust.sign_certificate(ROOT, a_certificate(Role.STATION, ROOT_KEY))

BROKEN = {
    "2 another root": trust.sign_descriptor(STATION, replace(GOOD, root=STATION_KEY)),
    "2 another instance": trust.sign_descriptor(STATION, replace(GOOD, instance_id=ELSEWHERE)),
    "4 no station": described(SERVER_CERTIFICATE),
    "4 no certificate": described(),
    "4 two stations": described(STATION_CERTIFICATE, STATION_CERTIFICATE),
    "4 a station that certified itself": described(certified(STATION, Role.STATION)),
    "3 a station of another instance": described(certified(ROOT, Role.STATION, ELSEWHERE)),
    "5 signed by a stranger": trust.sign_descriptor(STRANGER, GOOD),
    "5 signed by the root itself": trust.sign_descriptor(ROOT, GOOD),
    "5 signed by the server": trust.sign_descriptor(SERVER, GOOD),
    "6 a server certified by the root": described(STATION_CERTIFICATE, certified(ROOT, Role.SERVER)),
    "6 a server that certified itself": described(STATION_CERTIFICATE, certified(SERVER, Role.SERVER)),
    "3 a server of another instance": described(
        STATION_CERTIFICATE, certified(STATION, Role.SERVER, ELSEWHERE)
    ),
    "7 the root as station": trust.sign_descriptor(ROOT, a_descriptor(ROOT_AS_STATION)),
    "7 the root as server": also_a_server(ROOT_KEY),
    "7 the station as server": also_a_server(STATION_KEY),
    "7 a server twice": also_a_server(SERVER_KEY),
    "7 a serial number twice": also_a_server(signing.verifying_key(STRANGER), serial=1),
    "a short certificate": described(b"short"),
    "a flipped signature": flipped(trust.sign_descriptor(STATION, GOOD), 0),
    "a flipped body": flipped(trust.sign_descriptor(STATION, GOOD), -3),
    "nothing": b"",
}


@pytest.mark.parametrize("document", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_chain_is_refused(document: bytes) -> None:
    with pytest.raises(CryptoError):
        trust.verify_descriptor(ROOT_KEY, document, INSTANCE)


def test_another_trusted_root_refuses_it() -> None:
    with pytest.raises(SignatureError):
        trust.verify_descriptor(SERVER_KEY, trust.sign_descriptor(STATION, GOOD))


def test_no_bit_of_a_descriptor_can_be_changed() -> None:
    document = trust.sign_descriptor(STATION, GOOD)
    for place in range(0, len(document), 5):
        with pytest.raises(CryptoError):
            trust.verify_descriptor(ROOT_KEY, flipped(document, place))


def test_a_certificate_verifies_under_its_issuer_alone() -> None:
    certificate = trust.verify_certificate(ROOT_KEY, STATION_CERTIFICATE)
    assert certificate == a_certificate(Role.STATION, STATION_KEY)
    with pytest.raises(SignatureError):
        trust.verify_certificate(STATION_KEY, STATION_CERTIFICATE)


CERTIFICATE_CHANGES: list[canonical.Object] = [
    {"v": 2},
    {"role": "root"},
    {"role": ""},
    {"public_key": "00"},
    {"serial": "1"},
    {"issued_on": "today"},
    {"extra": 1},
    {"role": "station" * 1_000},
]


@pytest.mark.parametrize("change", CERTIFICATE_CHANGES, ids=str)
def test_a_rightly_signed_certificate_of_another_form_is_refused(change: canonical.Object) -> None:
    document = signed(ROOT, labels.CERTIFICATE, {**body_of(STATION_CERTIFICATE), **change})
    with pytest.raises(CryptoError):
        trust.verify_certificate(ROOT_KEY, document)


DESCRIPTOR_CHANGES: list[canonical.Object] = [
    {"v": 2},
    {"number": "3"},
    {"certificates": [1]},
    {"certificates": ["*"]},
    {"languages": [1]},
    {"languages": "en"},
    {"languages": []},
    {"languages": ["en", "en"]},
    {"languages": ["English"]},
    {"languages": [f"en-{n}" for n in range(101)]},
    {"time_zone": ""},
    {"time_zone": "../../etc/passwd"},
    {"time_zone": "/etc/passwd"},
    {"time_zone": "Europe//Warsaw"},
    {"time_zone": "UTC\n"},
    {"time_zone": "x" * 65},
    {"issued_on": "2026-13-01"},
    {"root": "00"},
    {"extra": 1},
    {"time_zone": "x" * 70_000},
]


@pytest.mark.parametrize("change", DESCRIPTOR_CHANGES, ids=lambda change: str(change)[:40])
def test_a_rightly_signed_descriptor_of_another_form_is_refused(change: canonical.Object) -> None:
    document = signed(STATION, labels.DESCRIPTOR, {**body_of(trust.sign_descriptor(STATION, GOOD)), **change})
    with pytest.raises(CryptoError):
        trust.verify_descriptor(ROOT_KEY, document)


# Batches


STATE = windows.IntakeState(4, 150, 3, b"i" * 32)
BATCH = windows.sign_batch(STATION, INSTANCE, STATE, date(2026, 11, 22))


def test_a_batch_holds_the_public_half_of_the_state() -> None:
    batch = windows.verify_batch(STATION_KEY, INSTANCE, BATCH)
    assert (batch.batch_no, batch.issued_on, batch.last_window) == (4, "2026-11-22", 152)
    assert batch.expires_on == "2026-12-07"
    for window, seed in STATE.seeds():
        assert batch.recipient(window) == hybrid.public_key(seed)
    for window in (149, 153):
        with pytest.raises(WindowError):
            batch.recipient(window)


def test_a_batch_of_a_year_fits_its_limit() -> None:
    document = windows.sign_batch(STATION, INSTANCE, windows.new_state(1, 150), date(2026, 11, 22))
    assert len(windows.verify_batch(STATION_KEY, INSTANCE, document).recipients) == 52
    assert len(document) < sizes.BATCH_MAX


def test_no_private_key_is_in_a_batch() -> None:
    for _, seed in STATE.seeds():
        assert seed.hex().encode() not in BATCH
        assert encoding.to_base64url(seed).encode() not in BATCH


def test_a_batch_of_another_signer_or_instance_is_refused() -> None:
    with pytest.raises(SignatureError):
        windows.verify_batch(ROOT_KEY, INSTANCE, BATCH)
    with pytest.raises(WindowError):
        windows.verify_batch(STATION_KEY, ELSEWHERE, BATCH)


def a_row(window: canonical.Value, recipient: bytes) -> canonical.Value:
    return {"window": window, "recipient": encoding.to_base64url(recipient)}


A_KEY = hybrid.public_key(hybrid.Seed(bytes(32)))
BATCH_CHANGES: dict[str, tuple[canonical.Object, type[CryptoError]]] = {
    "no windows": ({"windows": []}, WindowError),
    "a window twice": ({"windows": [a_row(1, A_KEY), a_row(1, A_KEY)]}, WindowError),
    "53 windows": ({"windows": [a_row(n, A_KEY) for n in range(53)]}, WindowError),
    "another version": ({"v": 2}, WindowError),
    "window as text": ({"windows": [a_row("1", A_KEY)]}, CanonicalError),
    "short key": ({"windows": [a_row(1, A_KEY[:-1])]}, CanonicalError),
    "hostile key": ({"windows": [a_row(1, A_KEY[:-32] + bytes(32))]}, RecipientError),
    "no date": ({"issued_on": "soon"}, CanonicalError),
    "another key": ({"extra": 1}, CanonicalError),
    "too long": ({"expires_on": "x" * sizes.BATCH_MAX}, CanonicalError),
}


@pytest.mark.parametrize(("change", "error"), BATCH_CHANGES.values(), ids=BATCH_CHANGES.keys())
def test_a_rightly_signed_batch_of_another_form_is_refused(
    change: canonical.Object, error: type[CryptoError]
) -> None:
    with pytest.raises(error):
        windows.verify_batch(
            STATION_KEY, INSTANCE, signed(STATION, labels.BATCH, {**body_of(BATCH), **change})
        )


# The board


LIVE = board.LiveSet(Epoch(b"p" * 16), 7, 64, b"h" * 32, "2027-02-20")
BOARD = board.Board(INSTANCE, Epoch(b"q" * 16), 9, "2026-11-22", (LIVE, replace(LIVE, seq=8, slots=128)))
BOARD_DOCUMENT = board.sign_board(STATION, BOARD)


def test_a_board_comes_back() -> None:
    assert board.verify_board(STATION_KEY, INSTANCE, BOARD_DOCUMENT) == BOARD
    empty = replace(BOARD, sets=())
    assert board.verify_board(STATION_KEY, INSTANCE, board.sign_board(STATION, empty)) == empty


def test_a_board_of_another_signer_instance_or_kind_is_refused() -> None:
    with pytest.raises(SignatureError):
        board.verify_board(SERVER_KEY, INSTANCE, BOARD_DOCUMENT)
    with pytest.raises(CanonicalError):
        board.verify_board(STATION_KEY, ELSEWHERE, BOARD_DOCUMENT)
    with pytest.raises(SignatureError):
        board.verify_board(STATION_KEY, INSTANCE, BATCH)


def test_at_most_16384_slots_live() -> None:
    sets = tuple(replace(LIVE, seq=n, slots=4_096) for n in range(4))
    most = replace(BOARD, sets=sets)
    assert board.verify_board(STATION_KEY, INSTANCE, board.sign_board(STATION, most)) == most
    over = board.sign_board(STATION, replace(BOARD, sets=(*sets, LIVE)))
    with pytest.raises(CanonicalError, match="more live slots"):
        board.verify_board(STATION_KEY, INSTANCE, over)


@pytest.mark.parametrize("count", [0, 1, 32, 63, 65, 96, 32_768])
def test_a_live_set_has_a_size_that_sets_have(count: int) -> None:
    document = board.sign_board(STATION, replace(BOARD, sets=(replace(LIVE, slots=count),)))
    with pytest.raises(CanonicalError, match="a number of slots"):
        board.verify_board(STATION_KEY, INSTANCE, document)


def test_a_board_names_a_set_once() -> None:
    twice = (LIVE, replace(LIVE, sha256=b"i" * 32))
    with pytest.raises(CanonicalError, match="twice"):
        board.verify_board(STATION_KEY, INSTANCE, board.sign_board(STATION, replace(BOARD, sets=twice)))
    other_epoch = replace(BOARD, sets=(LIVE, replace(LIVE, epoch=BOARD.epoch)))
    assert board.verify_board(STATION_KEY, INSTANCE, board.sign_board(STATION, other_epoch)) == other_epoch


BOARD_CHANGES: list[canonical.Object] = [
    {"v": 2},
    {"seq": "9"},
    {"epoch": "00"},
    {"issued_on": ""},
    {"sets": [{}]},
    {"sets": ["x"]},
    {"extra": 1},
]


@pytest.mark.parametrize("change", BOARD_CHANGES, ids=str)
def test_a_rightly_signed_board_of_another_form_is_refused(change: canonical.Object) -> None:
    document = signed(STATION, labels.BOARD, {**body_of(BOARD_DOCUMENT), **change})
    with pytest.raises(CanonicalError):
        board.verify_board(STATION_KEY, INSTANCE, document)


Verify = Callable[[bytes], object]


@pytest.mark.parametrize("length", [0, 63, 64, 65, 100, sizes.KIB])
@pytest.mark.parametrize(
    "verify",
    [
        pytest.param(lambda data: board.verify_board(STATION_KEY, INSTANCE, data), id="board"),
        pytest.param(lambda data: windows.verify_batch(STATION_KEY, INSTANCE, data), id="batch"),
        pytest.param(lambda data: trust.verify_descriptor(ROOT_KEY, data), id="descriptor"),
        pytest.param(lambda data: trust.verify_certificate(ROOT_KEY, data), id="certificate"),
    ],
)
def test_a_document_that_is_noise_is_refused(verify: Verify, length: int) -> None:
    with pytest.raises(CryptoError):
        verify(b"{" * length)
