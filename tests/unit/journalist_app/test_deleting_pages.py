"""The page of a deletion and the page "Deleted cases": what they say, refuse and keep of what was typed."""

import re
from pathlib import Path

import pytest

from cases.kinds import ReportEvent as E
from journalist_app.services.deletion_rules import Condition, How, Still
from journalist_app.wording_deletions import spell_still
from tests.support.case_office import CaseOffice
from tests.support.station import OfficerBrowser


class Seat:
    """An office with a closed case, and browsers of its people."""

    def __init__(self, path: Path) -> None:
        self.office = CaseOffice(path, kept_days=1)
        self.office.report(1, text="Secret words.", files=(("secret-name.pdf", b"%PDF"),))
        self.app = self.office.live.app()

    def browser(self, name: str) -> OfficerBrowser:
        made = OfficerBrowser(self.app)
        assert made.sign_in(self.office.live, self._who(name)).status_code == 303
        return made

    def second(self, name: str) -> dict[str, str]:
        """What the second officer types."""
        who = self._who(name)
        return {"officer": name, "passphrase": who.passphrase, "code": self.office.live.code(who)}

    def _who(self, name: str):  # type: ignore[no-untyped-def]
        return next(each for each in self.office.live.born.officers if each.name == name)


@pytest.fixture
def seat(tmp_path: Path) -> Seat:
    return Seat(tmp_path)


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_records_keep_a_case_and_delete_it_and_never_see_what_is_in_it(seat: Seat) -> None:
    office = seat.office
    office.step("Inge", E.ACKNOWLEDGED)
    office.step("Inge", E.CLOSED, "Sven", "Nothing in it.", reason="minor")
    rita = seat.browser("Rita")
    seen = [rita.get("/deleted").get_data(as_text=True)]
    assert 'href="/cases/1/steps/retained"' in seen[0]
    seen.append(rita.get("/cases/1/steps/retained").get_data(as_text=True))
    assert rita.get("/cases/1/steps/verified").status_code == 409
    day = {"on": office.today}
    done = rita.post("/cases/1/steps/retained", page="/cases/1/steps/retained", **day, **seat.second("Sven"))
    assert (done.status_code, done.location) == (303, "/deleted")
    office.live.clock.turn(days=2)
    rita = seat.browser("Rita")
    seen.append(rita.get("/cases/1/delete").get_data(as_text=True))
    assert "1 message of the source with 1 file" in seen[-1]
    code = office.page("Inge").code
    typed = {"case_code": f" {code[:4].lower()} {code[4:]}"}
    refused = rita.post("/cases/1/delete", page="/cases/1/delete", **typed, officer="Sven")
    assert refused.status_code == 409
    assert f'value=" {code[:4].lower()} {code[4:]}"' in refused.get_data(as_text=True)
    done = rita.post("/cases/1/delete", page="/cases/1/delete", **typed, **seat.second("Sven"))
    assert (done.status_code, done.location) == (303, "/deleted")
    seen.append(rita.get("/deleted").get_data(as_text=True))
    assert "Case 1 is deleted." in seen[-1]
    assert "Rita and Sven" in text(seen[-1])
    assert "Intake keys destroyed: not yet." in text(seen[-1])
    assert "Older backups destroyed: done." in text(seen[-1])
    assert rita.get("/cases/1/delete").status_code == 404
    assert not any("Secret words" in html or "secret-name" in html for html in seen)


def test_the_page_says_why_a_case_is_kept_and_offers_no_button(seat: Seat) -> None:
    html = seat.browser("Rita").get("/cases/1/delete").get_data(as_text=True)
    assert "It may not be deleted now." in html
    assert "We both agree" not in html


def test_who_looks_after_keys_sees_what_is_open_and_no_case(seat: Seat) -> None:
    seat.office.closed()
    html = seat.browser("Admin").get("/deleted").get_data(as_text=True)
    assert "No case was deleted yet." in html
    assert "Closed cases" not in html


def test_the_home_page_offers_another_key_to_who_keeps_them(seat: Seat) -> None:
    seat.office.closed()
    seat.office.live.clock.turn(days=29)
    code = seat.office.page("Inge").code
    second = seat.office.officer("Sven")
    seat.office.live.clock.turn(days=2)
    seat.office.live.confirm_clock()
    seat.office.desk("Rita").deleting().delete(1, code, second)
    offer = "1 deleted case waits for another key of the vault"
    assert offer in seat.browser("Admin").get("/").get_data(as_text=True)
    assert offer not in seat.browser("Inge").get("/").get_data(as_text=True)


def test_every_way_of_being_open_has_its_sentence() -> None:
    said = {spell_still(Still(Condition.KEY, how)) for how in How}
    assert len(said) == len(How)
