"""People: two officers change a third, and what the changes mean at the next sign-in."""

from dataclasses import replace
from pathlib import Path

import pyotp
import pytest

from cases.kinds import Role
from journalist_app.errors import NotFoundError, PeopleError, SettingsError, SignInError
from journalist_app.services.ceremony import PlannedOfficer
from journalist_app.services.new_officer import NewOfficer
from journalist_app.services.people import Person
from journalist_app.services.roles import USUAL_ROLES
from journalist_app.services.sign_in import Officer
from journalist_app.store.officers_file import load_roster
from journalist_app.store.tables import OfficerRow
from journalist_app.wiring import Desk
from tests.support.station import LiveStation, live_station

READER = frozenset({Role.INTAKE, Role.HANDLER})
ADMIN = frozenset({Role.ADMINISTRATOR})
STAFF = (
    PlannedOfficer("Admin", ADMIN),
    PlannedOfficer("Reader", READER),
    PlannedOfficer("Other", READER),
    PlannedOfficer("Audit", frozenset({Role.AUDITOR})),
)


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path, STAFF)


def secrets(live: LiveStation, name: str) -> NewOfficer:
    return next(officer for officer in live.born.officers if officer.name == name)


def desk(live: LiveStation, name: str) -> Desk:
    return live.desk_of(secrets(live, name))


def officer(live: LiveStation, name: str) -> Officer:
    found = desk(live, name)
    found.unlocked.close()
    return found.officer


def person(at: Desk, name: str) -> Person:
    return next(each for each in at.people().everybody() if each.name == name)


def test_two_officers_take_in_a_third_who_can_sign_in_at_once(live: LiveStation) -> None:
    made = desk(live, "Admin").people().add("  Nina   Vogel ", READER, officer(live, "Reader"))
    assert made.name == "Nina Vogel"
    nina = live.desk_of(made)
    assert nina.officer.roles == READER
    assert nina.own_access().standing().seen_by_others, "two others made the secrets"
    assert person(nina, "Nina Vogel").joined_on == live.clock.now.date()
    assert person(nina, "Nina Vogel").codes_left == 8


@pytest.mark.parametrize("name", ["Admin", "admin ", "", "  ", "x" * 61])
def test_a_name_is_one_and_nobody_elses(live: LiveStation, name: str) -> None:
    with pytest.raises((PeopleError, SettingsError)):
        desk(live, "Admin").people().add(name, READER, officer(live, "Reader"))
    assert len(desk(live, "Admin").people().everybody()) == len(STAFF)


def test_a_name_that_somebody_had_is_not_given_again(live: LiveStation) -> None:
    at = desk(live, "Admin")
    at.people().withdraw(person(at, "Other").officer_id, officer(live, "Reader"))
    with pytest.raises(PeopleError, match="has or had this name"):
        desk(live, "Admin").people().add("OTHER", READER, officer(live, "Reader"))


@pytest.mark.parametrize(
    ("first", "second", "roles", "why"),
    [
        ("Admin", "Admin", ADMIN, "another officer than the one at the screen"),
        ("Reader", "Other", READER, "must be an administrator"),
        ("Admin", "Audit", READER, "the word of somebody who may read them"),
        ("Admin", "Reader", frozenset(), "at least one role"),
    ],
)
def test_who_cannot_take_anybody_in(
    live: LiveStation, first: str, second: str, roles: frozenset[Role], why: str
) -> None:
    with pytest.raises(PeopleError, match=why):
        desk(live, first).people().add("Nina", roles, officer(live, second))
    assert len(desk(live, "Admin").people().everybody()) == len(STAFF)
    roster = load_roster(live.station.folders.officers, live.station.folders.vault_id())
    assert len(roster.officers) == len(STAFF)


def test_an_auditor_may_be_taken_in_by_people_who_read_nothing(live: LiveStation) -> None:
    made = desk(live, "Admin").people().add("Nina", frozenset({Role.AUDITOR}), officer(live, "Audit"))
    assert live.desk_of(made).officer.roles == {Role.AUDITOR}


def test_the_administrator_may_be_the_second(live: LiveStation) -> None:
    made = desk(live, "Reader").people().add("Nina", READER, officer(live, "Admin"))
    assert live.desk_of(made).officer.name == "Nina"


def test_roles_change_for_the_next_sign_in(live: LiveStation) -> None:
    at = desk(live, "Admin")
    at.people().change_roles(person(at, "Audit").officer_id, READER, officer(live, "Reader"))
    assert officer(live, "Audit").roles == READER


@pytest.mark.parametrize("verb", ["change_roles", "reset", "withdraw"])
@pytest.mark.parametrize(("first", "second"), [("Admin", "Reader"), ("Reader", "Admin")])
def test_nobody_is_one_of_the_two_who_decide_about_them(
    live: LiveStation, verb: str, first: str, second: str
) -> None:
    at = desk(live, first)
    whose = person(at, "Reader").officer_id
    more = (ADMIN,) if verb == "change_roles" else ()
    with pytest.raises(PeopleError, match="Reader cannot be one of the two"):
        getattr(at.people(), verb)(whose, *more, officer(live, second))


def test_the_last_administrator_stays_one(live: LiveStation) -> None:
    at = desk(live, "Reader")
    with pytest.raises(PeopleError, match="Nobody else is an administrator"):
        at.people().change_roles(person(at, "Admin").officer_id, READER, officer(live, "Other"))
    with pytest.raises(PeopleError, match="say who becomes one"):
        at.people().withdraw(person(at, "Admin").officer_id, officer(live, "Other"))


def test_fresh_secrets_let_in_and_the_old_ones_do_not(live: LiveStation) -> None:
    at = desk(live, "Admin")
    lost = secrets(live, "Other")
    made = at.people().reset(person(at, "Other").officer_id, officer(live, "Reader"))
    assert made.name == lost.name
    for passphrase, factor in [
        (lost.passphrase, lost.totp_secret),
        (lost.passphrase, made.totp_secret),
        (made.passphrase, lost.totp_secret),
    ]:
        with pytest.raises(SignInError):
            live.desk_of(replace(made, passphrase=passphrase, totp_secret=factor))
        live.clock.turn(hours=1)
    with pytest.raises(SignInError):
        live.station.sign_in.sign_in("Other", made.passphrase, lost.recovery_codes[0])
    live.clock.turn(hours=1)
    again = live.desk_of(made)
    assert (again.officer.officer_id, again.officer.roles) == (person(at, "Other").officer_id, READER)


def test_two_others_help_the_last_administrator_who_lost_everything(live: LiveStation) -> None:
    at = desk(live, "Reader")
    made = at.people().reset(person(at, "Admin").officer_id, officer(live, "Other"))
    assert live.desk_of(made).officer.roles == ADMIN


def test_two_others_name_a_third_where_the_last_administrator_is_gone(live: LiveStation) -> None:
    at = desk(live, "Reader")
    gone, heir = person(at, "Admin").officer_id, person(at, "Audit").officer_id
    for successor, why in [
        (at.officer.officer_id, "Nobody makes themselves"),
        (person(at, "Other").officer_id, "Nobody makes themselves"),
        (gone, "say who becomes one"),
        ("", "say who becomes one"),
    ]:
        with pytest.raises(PeopleError, match=why):
            at.people().withdraw(gone, officer(live, "Other"), successor)
    with pytest.raises(NotFoundError):
        at.people().withdraw(gone, officer(live, "Other"), "nobody")
    at.people().withdraw(gone, officer(live, "Other"), heir)
    assert officer(live, "Audit").roles == {Role.AUDITOR, Role.ADMINISTRATOR}
    with pytest.raises(SignInError):
        officer(live, "Admin")


def test_a_successor_is_named_only_where_one_is_needed(live: LiveStation) -> None:
    at = desk(live, "Admin")
    with pytest.raises(PeopleError, match="Somebody else is an administrator"):
        at.people().withdraw(
            person(at, "Other").officer_id, officer(live, "Reader"), person(at, "Audit").officer_id
        )


def test_whoever_has_gone_cannot_be_changed_and_keeps_their_name(live: LiveStation) -> None:
    at = desk(live, "Admin")
    gone = person(at, "Other").officer_id
    at.people().withdraw(gone, officer(live, "Reader"))
    again = desk(live, "Admin")
    assert person(again, "Other").withdrawn_on == live.clock.now.date()
    assert again.people().everybody()[-1].name == "Other", "behind those who can sign in"
    for call in (
        lambda: again.people().one(gone),
        lambda: again.people().reset(gone, officer(live, "Reader")),
        lambda: again.people().change_roles(gone, READER, officer(live, "Reader")),
    ):
        with pytest.raises(NotFoundError):
            call()
    with again.unlocked.vault.read() as session:
        row = session.get_one(OfficerRow, gone)
        assert (row.totp_secret, row.recovery_codes) == ("", "")


# One's own access


def test_another_passphrase_of_ones_own(live: LiveStation) -> None:
    before = secrets(live, "Reader")
    made = desk(live, "Reader").own_access().new_passphrase()
    with pytest.raises(SignInError):
        live.desk_of(before)
    again = live.desk_of(replace(before, passphrase=made))
    assert not again.own_access().standing().seen_by_others


def test_another_phone_counts_once_it_has_shown_a_code(live: LiveStation) -> None:
    before = secrets(live, "Reader")
    at = live.desk_of(before)
    secret = pyotp.random_base32()
    assert secret in at.own_access().uri_of(secret)
    with pytest.raises(PeopleError, match="the old one counts"):
        at.own_access().confirm_phone(secret, "000000")
    live.desk_of(before).unlocked.close()
    code = pyotp.TOTP(secret).at(live.clock.now)
    at.own_access().confirm_phone(secret, code)
    with pytest.raises(SignInError):
        live.station.sign_in.sign_in(before.name, before.passphrase, code)
    with pytest.raises(SignInError):
        live.desk_of(before)
    live.desk_of(replace(before, totp_secret=secret))


def test_a_recovery_code_lets_in_once(live: LiveStation) -> None:
    who = secrets(live, "Reader")
    assert len(set(who.recovery_codes)) == 8
    typed = f" {who.recovery_codes[3][:4]}-{who.recovery_codes[3][4:]} "
    found, unlocked = live.station.sign_in.sign_in(who.name, who.passphrase, typed)
    assert found.name == "Reader"
    unlocked.close()
    for used in (typed, who.recovery_codes[3], secrets(live, "Other").recovery_codes[0], "", "1234 5678"):
        with pytest.raises(SignInError):
            live.station.sign_in.sign_in(who.name, who.passphrase, used)
        live.clock.turn(hours=1)
    at = live.desk_of(who)
    assert at.own_access().standing().codes_left == 7


def test_fresh_codes_take_the_place_of_the_old_ones(live: LiveStation) -> None:
    who = secrets(live, "Reader")
    codes = live.desk_of(who).own_access().new_codes()
    with pytest.raises(SignInError):
        live.station.sign_in.sign_in(who.name, who.passphrase, who.recovery_codes[0])
    live.station.sign_in.sign_in(who.name, who.passphrase, codes[0])[1].close()


def test_the_usual_roles_of_a_small_agency_can_do_it_all(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    second = live.desk_of(live.born.officers[1])
    second.unlocked.close()
    made = live.desk().people().add("Nina", USUAL_ROLES, second.officer)
    assert live.desk_of(made).officer.roles == USUAL_ROLES
