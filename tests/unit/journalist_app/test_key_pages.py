"""The pages "Intake keys" and "The clock": what they say, what they do, and what they refuse."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from journalist_app.app import create_app_on
from journalist_app.services.audit import Action
from journalist_app.wiring import build_station
from tests.support.server_side import SampleServer, SampleSource, read_out
from tests.support.station import LiveStation, OfficerBrowser, live_station

FIRST = 150


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    """A station whose settings know a place for copies and one for backups."""
    made = live_station(tmp_path)
    (tmp_path / "second-stick").mkdir()
    (tmp_path / "backup-disk").mkdir()
    made.settings = replace(
        made.settings,
        key_copy_dirs=(str(tmp_path / "second-stick"),),
        backup_dirs=(str(tmp_path / "backup-disk"),),
    )
    made.station = build_station(made.settings, made.clock)
    return made


@pytest.fixture
def server(live: LiveStation) -> SampleServer:
    return live.server()


@pytest.fixture
def browser(live: LiveStation, server: SampleServer) -> OfficerBrowser:
    """Signed in three weeks later; one report came in week 150 and was acknowledged since."""
    server.receive(SampleSource())
    live.clock.turn(weeks=3)
    server.made_on, server.outstanding = live.clock.now.date().isoformat(), {}
    server.export(live.stick)
    browser = OfficerBrowser(create_app_on(live.station))
    browser.sign_in(live)
    browser.post("/import", page="/import", accept_server=server.key.hex())
    return browser


def page(browser: OfficerBrowser, path: str = "/keys") -> str:
    return browser.get(path).get_data(as_text=True)


def back_up(browser: OfficerBrowser, live: LiveStation) -> None:
    (medium,) = live.settings.backup_dirs
    assert browser.post("/backups/make", page="/keys", medium=medium).status_code == 303
    (name,) = [path.name for path in Path(medium).iterdir()]
    assert browser.post("/backups/verify", page="/keys", medium=medium, name=name).status_code == 303


def second_signs(live: LiveStation) -> dict[str, str]:
    other = live.born.officers[1]
    return {"officer": other.name, "passphrase": other.passphrase, "code": live.code(other)}


def test_a_week_is_backed_up_offered_and_destroyed_by_the_pages_alone(
    live: LiveStation, server: SampleServer, browser: OfficerBrowser
) -> None:
    html = page(browser)
    assert "16 November 2026 to 22 November 2026" in html
    assert "1 report in none" in html
    assert "Make a backup and verify it." in html
    assert f"through={FIRST}" not in html
    back_up(browser, live)
    assert "every report that is here" in page(browser)
    home = page(browser, "/")
    assert re.search("<strong>1</strong> *<a [^>]*>week is over whose keys may be destroyed</a>", home)
    imported = browser.post("/import", page="/import").get_data(as_text=True)
    assert f'href="/keys/destroy?through={FIRST}"' in imported
    asked = page(browser, f"/keys/destroy?through={FIRST}")
    assert "All conditions are met." in asked
    assert 'name="passphrase"' not in asked
    done = browser.post("/keys/destroy", page="/keys", through=str(FIRST), lost="0")
    assert (done.status_code, done.headers["Location"]) == (303, "/keys")
    html = page(browser)
    assert "What was destroyed" in html
    assert "All conditions were met." in html
    assert (
        '<th scope="row">16 November 2026 to 22 November 2026</th>' in html.partition("What was destroyed")[2]
    )
    browser.post("/export", page="/export")
    assert read_out(live.stick).descriptor.descriptor.oldest_window == FIRST + 1


def test_what_is_overdue_is_red_on_the_home_page_and_takes_a_second_officer(
    live: LiveStation, server: SampleServer, browser: OfficerBrowser
) -> None:
    server.outstanding = {FIRST: 4}  # one of them comes with the bundle that says so
    server.export(live.stick)
    browser.post("/import", page="/import")
    early = page(browser, f"/keys/destroy?through={FIRST}")
    assert "cannot be destroyed now" in early
    assert "<form" not in early.partition("<main")[2]
    live.clock.turn(weeks=4)
    browser.sign_in(live)
    assert "3 reports would be lost" in page(browser, "/")
    assert f"/keys/destroy?through={FIRST}" in page(browser)
    path = f"/keys/destroy?through={FIRST}"
    asked = page(browser, path)
    assert "<strong>3 reports would be lost for ever</strong>" in asked
    values = {"through": str(FIRST), "lost": "3"}
    alone = browser.post("/keys/destroy", page="/keys", **values)
    assert (alone.status_code, "passphrase or code is wrong" in alone.get_data(as_text=True)) == (403, True)
    me = {"officer": live.officer.name, "passphrase": live.officer.passphrase, "code": live.code()}
    myself = browser.post("/keys/destroy", page="/keys", **values, **me)
    assert (myself.status_code, "It takes two officers" in myself.get_data(as_text=True)) == (403, True)
    wrong = {**second_signs(live), "passphrase": "wrong"}
    assert browser.post("/keys/destroy", page="/keys", **values, **wrong).status_code == 403
    other = browser.post("/keys/destroy", page="/keys", through=str(FIRST), lost="2", **second_signs(live))
    assert "changed in the meantime" in other.get_data(as_text=True)
    assert "What was destroyed" not in page(browser)
    assert browser.post("/keys/destroy", page="/keys", **values, **second_signs(live)).status_code == 303
    html = page(browser)
    assert f"{live.officer.name} and {live.born.officers[1].name}" in html
    assert page(browser, "/").count("<nav") == 1, "the second officer's sign-in opened no session of theirs"
    desk = live.desk()
    agreed = [line.officer for line in desk.audit().lines(desk.officer) if line.action == Action.AGREE]
    desk.unlocked.close()
    assert agreed[0] == live.born.officers[1].name, "who agreed stands in the audit log"


def test_what_is_said_to_be_destroyed_takes_a_second_look(live: LiveStation, browser: OfficerBrowser) -> None:
    back_up(browser, live)
    shown = page(browser)
    claim = shown.partition("<details>")[2].partition("</details>")[0]
    assert "<summary>I have destroyed it …</summary>" in claim
    assert "<button" in claim
    assert "destroyed</button>" not in shown.replace(claim, "")


@pytest.mark.parametrize("through", ["", "x", "-1", "0", "153", "99999999999999999999", "150.5"])
def test_a_week_from_nowhere_is_refused(browser: OfficerBrowser, through: str) -> None:
    for answer in (
        browser.get(f"/keys/destroy?through={through}"),
        browser.post("/keys/destroy", page="/keys", through=through, lost="0"),
    ):
        assert answer.status_code in (403, 409)
        assert "cannot be destroyed now" in answer.get_data(as_text=True)


def test_a_copy_is_made_kept_in_sight_and_brought_up_to_date(
    live: LiveStation, browser: OfficerBrowser
) -> None:
    (medium,) = live.settings.key_copy_dirs
    for label in ("", " ", "x" * 61):
        refused = browser.post("/keys/copy", page="/keys", medium=medium, label=label)
        assert "Say in 1 to 60 characters" in refused.get_data(as_text=True)
    assert browser.post("/keys/copy", page="/keys", medium="/etc", label="x").status_code == 409
    assert browser.post("/keys/copy", page="/keys", medium=medium, label="Safe <4>").status_code == 303
    again = browser.post("/keys/copy", page="/keys", medium=medium, label="Another")
    assert "a key file on this medium already" in again.get_data(as_text=True)
    html = page(browser)
    assert "Safe &lt;4&gt;" in html
    assert "everything that was sealed since <strong>16 November 2026</strong> can be opened" in html
    back_up(browser, live)
    browser.post("/keys/destroy", page="/keys", through=str(FIRST), lost="0")
    html = page(browser)
    assert "still holds keys that were destroyed elsewhere" in html
    assert "sealed since <strong>16 November 2026</strong> can be opened" in html
    assert "still holds keys that were destroyed" in page(browser, "/")
    assert browser.post("/keys/copy", page="/keys", medium=medium).status_code == 303
    html = page(browser)
    assert "still holds" not in html
    assert "sealed since <strong>23 November 2026</strong> can be opened" in html


def test_a_copy_that_is_destroyed_leaves_the_reckoning_and_keeps_the_name_of_who_said_so(
    live: LiveStation, browser: OfficerBrowser
) -> None:
    (medium,) = live.settings.key_copy_dirs
    browser.post("/keys/copy", page="/keys", medium=medium, label="Safe")
    paths = re.findall(r'action="(/keys/copies/[0-9a-f]{16}/destroyed)"', page(browser))
    assert len(paths) == 1, "the copy in use cannot be said to be destroyed"
    assert browser.post(paths[0], page="/keys").status_code == 303
    assert f"says {live.officer.name}" in page(browser)
    assert browser.post("/keys/copies/00/destroyed", page="/keys").status_code == 404


def test_the_home_page_asks_for_a_second_copy_until_there_is_one(
    live: LiveStation, browser: OfficerBrowser
) -> None:
    assert "There is one copy of the key file alone" in page(browser, "/keys")
    (medium,) = live.settings.key_copy_dirs
    browser.post("/keys/copy", page="/keys", medium=medium, label="Safe")
    assert "alone" not in page(browser, "/keys")


def test_new_keys_and_a_copy_that_lacks_them(live: LiveStation, browser: OfficerBrowser) -> None:
    (medium,) = live.settings.key_copy_dirs
    browser.post("/keys/copy", page="/keys", medium=medium, label="Safe")
    assert browser.post("/keys/renew", page="/keys").status_code == 303
    html = page(browser)
    assert "52 weeks of keys are left" in html
    assert "lacks the newest keys" in html


def test_a_lost_key_stick_ends_in_new_keys_after_two_officers_agreed(
    live: LiveStation, server: SampleServer, browser: OfficerBrowser
) -> None:
    assert "has every key" in page(browser, "/keys/lost")
    server.outstanding = {FIRST: 3, FIRST + 2: 1}
    server.export(live.stick)
    browser.post("/import", page="/import")
    live.station.folders.state.unlink()
    assert "intake.state is missing" in page(browser)
    refused = browser.post("/import", page="/import")
    assert "intake.state is missing" in refused.get_data(as_text=True)
    assert "batch 1" in page(browser, "/keys/lost")
    assert "speak of 3 objects that did not come with them" in page(browser, "/keys/lost")
    alone = browser.post("/keys/lost", page="/keys")
    assert alone.status_code == 403
    assert not live.station.folders.state.exists()
    assert browser.post("/keys/lost", page="/keys", **second_signs(live)).status_code == 303
    browser.post("/export", page="/export")
    statement = read_out(live.stick)
    assert statement.batch.batch_no == 2
    server.batch, server.window = statement.batch, FIRST + 3
    server.receive(SampleSource(2), "Sealed to the new keys.")
    server.export(live.stick)
    assert "<strong>1</strong> new report" in browser.post("/import", page="/import").get_data(as_text=True)
    again = browser.post("/keys/lost", page="/keys", **second_signs(live))
    assert "Nothing is lost" in again.get_data(as_text=True)


def test_a_foreign_key_file_is_not_overwritten_by_new_keys(
    live: LiveStation, browser: OfficerBrowser
) -> None:
    live.station.folders.state.write_bytes(b"x" * 4_096)
    answer = browser.post("/keys/lost", page="/keys", **second_signs(live))
    assert "left as it is" in answer.get_data(as_text=True)
    assert live.station.folders.state.read_bytes() == b"x" * 4_096


def test_an_older_key_stick_is_told_on_the_home_page_and_mended_there(
    live: LiveStation, browser: OfficerBrowser
) -> None:
    older = live.station.folders.state.read_bytes()
    back_up(browser, live)
    browser.post("/keys/destroy", page="/keys", through=str(FIRST), lost="0")
    live.station.folders.state.write_bytes(older)
    assert "it is an older copy" in page(browser, "/")
    assert browser.post("/keys/finish", page="/").status_code == 303
    assert "older copy" not in page(browser, "/")
    browser.post("/keys/renew", page="/keys")
    live.station.folders.state.write_bytes(older)
    assert "nothing can be imported with it" in page(browser, "/")


def test_a_clock_that_jumped_is_asked_about_and_the_answer_is_typed(
    live: LiveStation, browser: OfficerBrowser
) -> None:
    live.clock.turn(days=31)
    browser.sign_in(live)
    assert 'href="/clock"' in page(browser, "/")
    led = browser.post("/export", page="/export")
    assert (led.status_code, led.headers["Location"]) == (303, "/clock")
    html = page(browser, "/clock")
    assert "13 January 2027" in html
    assert "That is more than a month ago. Imports" in html
    for typed in ("", "yes", "2027-01-14", "13 January 2027"):
        assert browser.post("/clock", page="/clock", today=typed).status_code == 400
    assert browser.post("/clock", page="/clock", today=" 2027-01-13 ").status_code == 303
    assert "Nothing is wrong with it" in page(browser, "/clock")
    assert browser.post("/export", page="/export").status_code == 200


def test_a_backup_is_chosen_among_those_that_are_there(live: LiveStation, browser: OfficerBrowser) -> None:
    (medium,) = live.settings.backup_dirs
    assert browser.post("/backups/make", page="/keys", medium="/tmp").status_code == 404
    browser.post("/backups/make", page="/keys", medium=medium)
    for name in ("", "..", "../key-stick", "cleandrop-backup-2026-11-22-00000000"):
        answer = browser.post("/backups/verify", page="/keys", medium=medium, name=name)
        assert "not on the medium any longer" in answer.get_data(as_text=True)
    (path,) = re.findall(r'action="(/backups/[0-9a-f]{32}/destroyed)"', page(browser))
    assert browser.post(path, page="/keys").status_code == 303
    assert "destroyed on 13 December 2026" in page(browser)
