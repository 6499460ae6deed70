"""The pages "People" and "My own access": what they show, refuse and end. In a browser: tests/browser."""

import re
from pathlib import Path

import pyotp
import pytest

from cases.kinds import Role
from journalist_app.services.ceremony import PlannedOfficer
from journalist_app.services.new_officer import NewOfficer
from journalist_app.views.second import KEY_STICK_OUT
from tests.support.station import LiveStation, OfficerBrowser, live_station

READER = frozenset({Role.INTAKE, Role.HANDLER})
STAFF = (
    PlannedOfficer("Admin", frozenset({Role.ADMINISTRATOR})),
    PlannedOfficer("Reader", READER),
    PlannedOfficer("Other", READER),
)


class Seat:
    """A station, and the administrator's browser at it."""

    def __init__(self, live: LiveStation) -> None:
        self.live = live
        self.app = live.app()
        self.admin = self.browser("Admin")

    def who(self, name: str) -> NewOfficer:
        return next(officer for officer in self.live.born.officers if officer.name == name)

    def browser(self, name: str) -> OfficerBrowser:
        made = OfficerBrowser(self.app)
        assert made.sign_in(self.live, self.who(name)).status_code == 303
        return made

    def page_of(self, name: str) -> str:
        """The address of an officer's page."""
        html = self.admin.get("/people").get_data(as_text=True)
        found = re.search(rf'href="(/people/[0-9a-f]+)"><bdi>{name}<', html)
        assert found is not None
        return found[1]

    def second(self, name: str) -> dict[str, str]:
        """What the second officer types."""
        who = self.who(name)
        return {"officer": name, "passphrase": who.passphrase, "code": self.live.code(who)}


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(live_station(tmp_path, STAFF))


def test_the_secrets_of_somebody_new_are_shown_once_and_folded(seat: Seat) -> None:
    answer = seat.admin.post(
        "/people/add", page="/people/add", name="Nina", roles="intake", **seat.second("Reader")
    )
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert html.count("<details>") == 3
    assert "<svg" in html
    passphrase = re.findall(r"<strong>((?:[a-z]+ ){6}[a-z]+)</strong>", html)[0]
    assert html.index("<details>") < html.index(passphrase)
    for path in ("/people", "/", seat.page_of("Nina")):
        assert passphrase not in seat.admin.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"passphrase": "wrong words"}, "or code is wrong"),
        ({"officer": ""}, "or code is wrong"),
        ({"roles": "king"}, "Choose at least one role"),
        ({"name": ""}, "A name has 1 to 60 characters."),
        ({"name": "Reader"}, "Somebody has or had this name"),
    ],
)
def test_a_refused_addition_comes_back_with_what_was_typed(
    seat: Seat, changed: dict[str, str], why: str
) -> None:
    typed = {"name": "Nina & Söhne", "roles": "intake", **seat.second("Reader"), **changed}
    answer = seat.admin.post("/people/add", page="/people/add", **typed)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert why in html
    assert typed["name"].replace("&", "&amp;") in html
    assert seat.who("Reader").passphrase not in html
    assert "Nina" not in seat.admin.get("/people").get_data(as_text=True)


def test_other_roles_end_the_sessions_of_that_officer_alone(seat: Seat) -> None:
    reader, other = seat.browser("Reader"), seat.browser("Other")
    page = f"{seat.page_of('Other')}/roles"
    answer = seat.admin.post(page, page=page, roles="auditor", **seat.second("Reader"))
    assert answer.status_code == 303
    assert (other.get("/people").location, reader.get("/people").status_code) == ("/sign-in", 200)
    assert seat.admin.get("/people").status_code == 200
    again = seat.browser("Other")
    assert (again.get("/audit").status_code, again.get("/cases").status_code) == (200, 403)
    log = again.get("/audit").get_data(as_text=True)
    assert "asked for other roles of officer " in log
    assert "agreed as the second officer" in log


def test_fresh_secrets_end_the_sessions_of_that_officer(seat: Seat) -> None:
    other = seat.browser("Other")
    page = f"{seat.page_of('Other')}/reset"
    refused = seat.admin.post(page, page=page, **seat.second("Other"))
    assert (refused.status_code, other.get("/people").status_code) == (403, 200)
    assert "Other cannot be one of the two" in refused.get_data(as_text=True)
    answer = seat.admin.post(page, page=page, **seat.second("Reader"))
    assert "Secrets of" in answer.get_data(as_text=True)
    assert other.get("/people").location == "/sign-in"


def test_a_withdrawal_ends_every_session_and_says_where_the_key_stick_was_out(seat: Seat) -> None:
    reader = seat.browser("Reader")
    page = f"{seat.page_of('Other')}/withdraw"
    away = seat.live.settings.key_stick_dir.with_name("pocket")
    seat.live.settings.key_stick_dir.rename(away)
    assert seat.admin.post(page, page=page, **seat.second("Reader")).location == "/sign-in"
    html = seat.admin.get("/sign-in").get_data(as_text=True)
    assert "The officer is withdrawn" in html
    assert KEY_STICK_OUT in html
    away.rename(seat.live.settings.key_stick_dir)
    assert reader.get("/people").location == "/sign-in"
    again = seat.browser("Admin")
    home = again.get("/").get_data(as_text=True)
    assert "still sealed under a key that the vault had before" in home
    again.post("/keys/finish", page="/")
    assert "still sealed" not in again.get("/").get_data(as_text=True)


def test_the_key_of_the_vault_is_replaced_without_a_withdrawal(seat: Seat) -> None:
    assert seat.admin.post("/keys/vault", page="/keys/vault").location == "/sign-in"
    html = seat.admin.get("/sign-in").get_data(as_text=True)
    assert "The vault has another key" in html
    assert KEY_STICK_OUT not in html
    assert seat.browser("Admin").get("/people").status_code == 200


def test_an_officer_looks_at_their_own_page(seat: Seat) -> None:
    html = seat.admin.get(seat.page_of("Admin")).get_data(as_text=True)
    assert "This is you" in html
    assert "/withdraw" not in html


@pytest.mark.parametrize("page", ["/people/0000", "/people/0000/roles", "/people/0000/reset"])
def test_nobody_of_that_id(seat: Seat, page: str) -> None:
    assert seat.admin.get(page).status_code == 404


# My own access


def again(seat: Seat, name: str = "Admin") -> dict[str, str]:
    who = seat.who(name)
    return {"passphrase": who.passphrase, "code": seat.live.code(who)}


@pytest.mark.parametrize("page", ["/access/passphrase", "/access/codes", "/access/phone"])
def test_passphrase_and_code_are_asked_for_again(seat: Seat, page: str) -> None:
    for wrong in ({"passphrase": "wrong"}, {"code": "000000"}, {"code": ""}):
        answer = seat.admin.post(page, page=page, **{**again(seat), **wrong})
        assert answer.status_code == 403
        assert "or code is wrong" in answer.get_data(as_text=True)
    answer = seat.admin.post(page, page=page, **again(seat))
    assert answer.status_code == 200


def test_another_passphrase_ends_the_other_sessions_of_that_officer(seat: Seat) -> None:
    elsewhere, reader = seat.browser("Admin"), seat.browser("Reader")
    answer = seat.admin.post("/access/passphrase", page="/access/passphrase", **again(seat))
    assert re.search(r"<strong>(?:[a-z]+ ){6}[a-z]+</strong>", answer.get_data(as_text=True))
    assert elsewhere.get("/").location == "/sign-in"
    assert (seat.admin.get("/").status_code, reader.get("/").status_code) == (200, 200)


def test_fresh_codes_are_shown_once(seat: Seat) -> None:
    html = seat.admin.post("/access/codes", page="/access/codes", **again(seat)).get_data(as_text=True)
    codes = re.findall(r"<code>([0-9]{4} [0-9]{4})</code>", html)
    assert len(codes) == 8
    typed = {"officer": "Admin", "passphrase": seat.who("Admin").passphrase}
    browser = OfficerBrowser(seat.app)
    for used in codes[:6]:
        browser.post("/sign-out", page="/")
        assert browser.post("/sign-in", page="/sign-in", **typed, code=used).status_code == 303
    assert "You have 2 recovery codes left" in browser.get("/").get_data(as_text=True)


def test_another_phone_counts_once_it_has_shown_a_code(seat: Seat) -> None:
    html = seat.admin.post("/access/phone", page="/access/phone", **again(seat)).get_data(as_text=True)
    secret = re.findall(r"<code>((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})</code>", html)[0].replace(" ", "")
    wrong = seat.admin.post("/access/phone/confirm", page="/access/phone", code="000000")
    assert wrong.status_code == 403
    assert secret[:4] in wrong.get_data(as_text=True), "the same one goes on"
    code = pyotp.TOTP(secret).at(seat.live.clock.now)
    done = seat.admin.post("/access/phone/confirm", page="/access/phone", code=code)
    assert done.location == "/access"
    assert "The new phone counts" in seat.admin.get("/access").get_data(as_text=True)
    seat.live.clock.turn(seconds=30)
    typed = {"officer": "Admin", "passphrase": seat.who("Admin").passphrase}
    browser = OfficerBrowser(seat.app)
    fresh = pyotp.TOTP(secret).at(seat.live.clock.now)
    assert browser.post("/sign-in", page="/sign-in", **typed, code=fresh).status_code == 303


def test_a_confirmation_without_a_phone_leads_back(seat: Seat) -> None:
    answer = seat.admin.post("/access/phone/confirm", page="/access/phone", code="123456")
    assert answer.location == "/access"
