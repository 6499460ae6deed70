"""What we seal to ourselves: cookies, wrapped vault keys, the state file."""

from dataclasses import replace

import pytest

from crypto import aead, canonical, hybrid, labels, session, sizes, vault
from crypto.errors import FormatError, OpenError, RecipientError, SizeError
from crypto.session import TicketKey
from crypto.source_keys import Cost, InstanceId
from crypto.windows import IntakeState, new_state
from tests.support.sealing import INSTANCE, flipped

CHEAP = Cost(memory_bytes=8 * sizes.MIB, passes=1)
VAULT_ID = b"v" * 16
KEY = vault.VaultKey(b"k" * 32)
ANNA = hybrid.Seed(b"a" * 32)
RECORD = vault.wrap_key("eight words", ANNA, VAULT_ID, "anna", CHEAP)


# XChaCha20-Poly1305


def test_sealed_opens_with_its_key_and_association_alone() -> None:
    sealed = aead.seal(KEY, b"plain", b"for this")
    assert len(sealed) == 5 + sizes.AEAD_OVERHEAD
    assert aead.open(KEY, sealed, b"for this") == b"plain"
    for key, data, associated in [
        (b"x" * 32, sealed, b"for this"),
        (KEY, sealed, b"for that"),
        (KEY, sealed[:-1], b"for this"),
        (KEY, sealed + b"\0", b"for this"),
    ]:
        with pytest.raises(OpenError):
            aead.open(key, data, associated)


def test_no_bit_can_be_changed_and_no_nonce_comes_twice() -> None:
    sealed = aead.seal(KEY, b"plain", b"")
    for place in range(len(sealed)):
        with pytest.raises(OpenError):
            aead.open(KEY, flipped(sealed, place), b"")
    assert sealed[:24] != aead.seal(KEY, b"plain", b"")[:24]


@pytest.mark.parametrize("length", [0, 1, 23, 24, 39])
def test_what_is_too_short_does_not_open(length: int) -> None:
    with pytest.raises(OpenError):
        aead.open(KEY, bytes(length), b"")


# Session cookies


TICKET = session.generate_ticket_key()
KEYS = {TICKET.key_id: TICKET}
CONTENT: canonical.Object = {"session": "abc", "expires": 5}


def test_a_cookie_carries_its_content_unseen() -> None:
    cookie = session.seal_cookie(TICKET, INSTANCE, {**CONTENT, "word": "secret"})
    assert cookie.isascii()
    assert "secret" not in cookie
    assert session.open_cookie(KEYS, INSTANCE, cookie) == {**CONTENT, "word": "secret"}


def test_the_fullest_cookie_opens_and_a_fuller_one_is_not_made() -> None:
    full: canonical.Object = {"a": "x" * (sizes.COOKIE_JSON_MAX - len('{"a":""}'))}
    assert session.open_cookie(KEYS, INSTANCE, session.seal_cookie(TICKET, INSTANCE, full)) == full
    with pytest.raises(SizeError):
        session.seal_cookie(TICKET, INSTANCE, {"a": f"{full['a']}x"})


def test_a_cookie_opens_while_its_key_lives() -> None:
    cookie = session.seal_cookie(TICKET, INSTANCE, CONTENT)
    newer = session.generate_ticket_key()
    assert session.open_cookie({**KEYS, newer.key_id: newer}, INSTANCE, cookie) == CONTENT
    with pytest.raises(OpenError):
        session.open_cookie({newer.key_id: newer}, INSTANCE, cookie)
    with pytest.raises(OpenError):
        session.open_cookie({}, INSTANCE, cookie)


def test_a_cookie_is_bound_to_its_instance_and_key_id() -> None:
    cookie = session.seal_cookie(TICKET, INSTANCE, CONTENT)
    with pytest.raises(OpenError):
        session.open_cookie(KEYS, InstanceId(bytes(16)), cookie)
    renamed = TicketKey(b"4444", TICKET.key)
    moved = "NDQ0NA" + session.seal_cookie(TICKET, INSTANCE, CONTENT)[6:]
    with pytest.raises(OpenError):
        session.open_cookie({renamed.key_id: renamed}, INSTANCE, moved)


@pytest.mark.parametrize("cookie", ["", "A", "AAAA", "é", "AAAAAA==", "....", "A" * 3_000, "\ud800", "a b"])
def test_a_foreign_cookie_does_not_open(cookie: str) -> None:
    with pytest.raises(OpenError):
        session.open_cookie(KEYS, INSTANCE, cookie)


def test_every_character_of_a_cookie_counts() -> None:
    cookie = session.seal_cookie(TICKET, INSTANCE, CONTENT)
    for place in range(len(cookie)):
        changed = cookie[:place] + ("A" if cookie[place] != "A" else "B") + cookie[place + 1 :]
        with pytest.raises(OpenError):
            session.open_cookie(KEYS, INSTANCE, changed)


def test_a_ticket_key_is_not_in_its_repr() -> None:
    assert repr(TICKET.key) not in repr(TICKET)


# The vault key


def test_the_passphrase_unwraps() -> None:
    assert vault.unwrap_key("eight words", RECORD) == ANNA
    assert len(vault.generate_key()) == 32
    assert vault.generate_key() != vault.generate_key()


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(replace(RECORD, vault_id=b"w" * 16), id="another vault"),
        pytest.param(replace(RECORD, officer_id="bert"), id="another officer"),
        pytest.param(replace(RECORD, cost=replace(CHEAP, passes=2)), id="another cost"),
        pytest.param(replace(RECORD, cost=replace(CHEAP, memory_bytes=8 * sizes.MIB + 1)), id="same work"),
        pytest.param(replace(RECORD, salt=b"s" * 16), id="another salt"),
        pytest.param(replace(RECORD, wrapped=flipped(RECORD.wrapped, 30)), id="a flipped bit"),
        pytest.param(replace(RECORD, wrapped=b""), id="nothing"),
    ],
)
def test_a_changed_record_does_not_unwrap(record: vault.WrappedKey) -> None:
    with pytest.raises(OpenError):
        vault.unwrap_key("eight words", record)


@pytest.mark.parametrize("passphrase", ["", "eight word", "Eight words", "eight words ", "\ud800"])
def test_another_passphrase_does_not_unwrap(passphrase: str) -> None:
    with pytest.raises(OpenError):
        vault.unwrap_key(passphrase, RECORD)


@pytest.mark.parametrize(
    "cost",
    [
        Cost(0, 1),
        Cost(8 * sizes.MIB, 0),
        Cost(-1, 1),
        pytest.param(Cost(2**30 + 1_024, 1), id="more memory than any record of ours"),
        pytest.param(Cost(8 * sizes.MIB, 17), id="more passes than any record of ours"),
        pytest.param(Cost(2**60, 1), id="no machine has as much"),
    ],
)
def test_a_record_that_asks_for_impossible_work_does_not_open(cost: Cost) -> None:
    with pytest.raises(OpenError):
        vault.unwrap_key("eight words", replace(RECORD, cost=cost))


@pytest.mark.parametrize(
    ("passphrase", "cost"),
    [
        pytest.param("eight words", Cost(8 * sizes.MIB, 0), id="impossible cost"),
        pytest.param("eight words", Cost(8 * sizes.KIB, 17), id="passes over the limit"),
        pytest.param("eight words", Cost(sizes.GIB + 1, 1), id="memory over the limit"),
        pytest.param("\ud800", CHEAP, id="passphrase that is not text"),
    ],
)
def test_a_key_is_not_wrapped_so_that_nobody_could_unwrap_it(passphrase: str, cost: Cost) -> None:
    with pytest.raises(FormatError):
        vault.wrap_key(passphrase, ANNA, VAULT_ID, "officer", cost)


def test_each_wrapping_has_a_salt_of_its_own() -> None:
    other = vault.wrap_key("eight words", ANNA, VAULT_ID, "anna", CHEAP)
    assert other.salt != RECORD.salt
    assert other.wrapped != RECORD.wrapped
    assert repr(RECORD.wrapped) not in repr(RECORD)


@pytest.mark.real_cost
def test_the_real_cost_is_256_mib_and_three_passes() -> None:
    record = vault.wrap_key("eight words", ANNA, VAULT_ID, "anna")
    assert record.cost == Cost(256 * sizes.MIB, 3)
    assert vault.unwrap_key("eight words", record) == ANNA


# The vault key, sealed to an officer


SEALED = vault.seal_key(hybrid.public_key(ANNA), KEY, VAULT_ID, "anna")


def test_the_officers_key_opens_the_vault_key() -> None:
    assert len(SEALED) == 1_168
    assert vault.open_key(ANNA, SEALED, VAULT_ID, "anna") == KEY
    assert vault.seal_key(hybrid.public_key(ANNA), KEY, VAULT_ID, "anna") != SEALED


@pytest.mark.parametrize(
    ("seed", "sealed", "vault_id", "officer_id"),
    [
        pytest.param(b"b" * 32, SEALED, VAULT_ID, "anna", id="another officer's key"),
        pytest.param(ANNA, SEALED, b"w" * 16, "anna", id="another vault"),
        pytest.param(ANNA, SEALED, VAULT_ID, "bert", id="another officer's record"),
        pytest.param(ANNA, flipped(SEALED, 9), VAULT_ID, "anna", id="a flipped bit in the key share"),
        pytest.param(ANNA, flipped(SEALED, 1_130), VAULT_ID, "anna", id="a flipped bit in the text"),
        pytest.param(ANNA, SEALED[:-1], VAULT_ID, "anna", id="a byte short"),
        pytest.param(ANNA, b"", VAULT_ID, "anna", id="nothing"),
    ],
)
def test_nothing_else_opens_it(seed: bytes, sealed: bytes, vault_id: bytes, officer_id: str) -> None:
    with pytest.raises(OpenError):
        vault.open_key(hybrid.Seed(seed), sealed, vault_id, officer_id)


def test_a_key_of_another_length_that_was_rightly_sealed_is_none() -> None:
    info = labels.VAULT_SEALED + canonical.encode({"vault": VAULT_ID.hex(), "officer": "anna"})
    longer = hybrid.seal(hybrid.public_key(ANNA), KEY + b"x", info)
    with pytest.raises(OpenError):
        vault.open_key(ANNA, longer, VAULT_ID, "anna")


def test_it_is_sealed_to_no_key_that_is_none() -> None:
    with pytest.raises(RecipientError):
        vault.seal_key(hybrid.PublicKey(b"x"), KEY, VAULT_ID, "anna")


# The state file


STATES = (IntakeState(1, 150, 3, b"i" * 32), new_state(2, 153))
FILE = vault.KeyFile(b"the copy", STATES)


@pytest.mark.parametrize("states", [(), STATES[:1], STATES])
def test_the_state_file_is_of_one_size_and_comes_back(states: tuple[IntakeState, ...]) -> None:
    file = replace(FILE, states=states)
    data = vault.seal_state(KEY, VAULT_ID, file)
    assert len(data) == 4_096
    assert vault.open_state(KEY, VAULT_ID, data) == file


def test_a_state_file_says_which_window_it_opens_first() -> None:
    assert FILE.first_window == 150
    assert replace(FILE, states=(IntakeState(1, 140, 0, bytes(32)), STATES[1])).first_window == 153
    assert replace(FILE, states=()).first_window is None


def test_the_state_file_opens_with_its_key_and_vault_alone() -> None:
    data = vault.seal_state(KEY, VAULT_ID, FILE)
    for key, vault_id, sealed in [
        (vault.generate_key(), VAULT_ID, data),
        (KEY, b"w" * 16, data),
        (KEY, VAULT_ID, flipped(data, 2_000)),
        (KEY, VAULT_ID, data[:-1]),
        (KEY, VAULT_ID, b""),
    ]:
        with pytest.raises(OpenError):
            vault.open_state(key, vault_id, sealed)


def test_a_file_has_room_for_years_and_says_when_it_is_full() -> None:
    many = replace(FILE, states=tuple(new_state(n, 150 + n) for n in range(25)))
    assert vault.open_state(KEY, VAULT_ID, vault.seal_state(KEY, VAULT_ID, many)) == many
    with pytest.raises(SizeError):
        vault.seal_state(KEY, VAULT_ID, replace(FILE, states=many.states * 2))


def test_a_state_file_from_before_copies_had_ids_opens() -> None:
    assert vault.open_state(KEY, VAULT_ID, _well_sealed(b'{"states":[]}')) == vault.KeyFile(bytes(8), ())


def _well_sealed(body: bytes, zeros: bytes = b"\0") -> bytes:
    plain = len(body).to_bytes(2, "big") + body
    return aead.seal(KEY, plain.ljust(4_056, zeros), labels.INTAKE_STATE + VAULT_ID)


def _rows(windows: int) -> bytes:
    state: canonical.Object = {"batch_no": 1, "first_window": 1, "windows": windows, "state": "00" * 32}
    return canonical.encode({"copy": "00" * 8, "states": [state]})


@pytest.mark.parametrize(
    "sealed",
    [
        pytest.param(aead.seal(KEY, b"\0\2{}", labels.INTAKE_STATE + VAULT_ID), id="short"),
        pytest.param(_well_sealed(b"{}"), id="no states"),
        pytest.param(_well_sealed(b'{"copy":"00","states":[]}'), id="a short copy id"),
        pytest.param(_well_sealed(b'{"states":["no"]}'), id="not a state"),
        pytest.param(_well_sealed(_rows(53)), id="more windows than a batch has"),
        pytest.param(_well_sealed(_rows(52), zeros=b"\1"), id="something behind it"),
        pytest.param(
            aead.seal(KEY, b"\xff\xff".ljust(4_056, b"\0"), labels.INTAKE_STATE + VAULT_ID),
            id="length past the end",
        ),
    ],
)
def test_a_well_sealed_file_of_another_form_is_refused(sealed: bytes) -> None:
    with pytest.raises(OpenError):
        vault.open_state(KEY, VAULT_ID, sealed)


def test_the_widest_batch_opens() -> None:
    assert vault.open_state(KEY, VAULT_ID, _well_sealed(_rows(52))).states[0].windows == 52
