"""The session: what the cookie shows, how long it lives, how it ends."""

import base64
import errno
import json
import os
from http.cookies import SimpleCookie

import pytest

from source_app.security.session import COOKIE
from tests.support.source_site import HOST, Site, Visitor


def test_a_mere_visit_makes_no_session(site: Site) -> None:
    visitor = Visitor(site)
    for path in ("/", "/key", "/limits", "/lost"):
        assert "Set-Cookie" not in visitor.get(path).headers


def test_the_cookie_is_bound_to_this_site_and_this_visit(site: Site) -> None:
    answer = Visitor(site).get("/report")
    (header,) = answer.headers.getlist("Set-Cookie")
    morsel = SimpleCookie(header)[COOKIE]
    assert (morsel["secure"], morsel["httponly"]) == (True, True)
    assert (morsel["samesite"], morsel["path"], morsel["domain"]) == ("Strict", "/", "")
    assert (morsel["expires"], morsel["max-age"]) == ("", "")


def test_the_cookie_holds_nothing_readable(site: Site) -> None:
    visitor = Visitor(site)
    codename = visitor.report()
    raw = base64.urlsafe_b64decode(visitor.cookie + "==")
    plain = [codename, *codename.split(), "csrf_token", "master", "codename", "started"]
    assert [word for word in plain if word.encode() in raw or word in visitor.cookie] == []


def test_the_same_session_never_looks_the_same_twice(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    first = visitor.cookie
    visitor.get("/key")
    assert visitor.cookie != first


def test_a_bent_cookie_is_no_session(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    letters = list(visitor.cookie)
    letters[60] = "A" if letters[60] != "A" else "B"
    visitor.client.set_cookie(COOKIE, "".join(letters), domain=HOST)
    assert visitor.get("/inbox").headers["Location"] == "/return?ended=1"


@pytest.mark.parametrize("junk", ["x", "=" * 9, "A" * 3000, "é"])
def test_junk_in_the_cookie_is_no_session(site: Site, junk: str) -> None:
    visitor = Visitor(site)
    visitor.client = site.app.test_client(use_cookies=False)
    answer = visitor.get("/inbox", headers={"Cookie": f"{COOKIE}={junk}"})
    assert answer.headers["Location"] == "/return?ended=1"


def test_a_first_visit_to_the_inbox_says_nothing_of_an_end(site: Site) -> None:
    visitor = Visitor(site)
    assert visitor.get("/inbox").headers["Location"] == "/return"
    visitor.get("/return")
    assert "ended" not in visitor.page


def test_sixty_idle_minutes_end_it_and_say_so(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    site.clock.turn(minutes=59)
    assert visitor.get("/inbox").status_code == 200
    site.clock.turn(minutes=59)
    assert visitor.get("/inbox").status_code == 200
    site.clock.turn(minutes=60)
    visitor.get("/return")
    assert "Your session has ended" in visitor.page


def test_twelve_hours_end_it_however_busy(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    for _ in range(23):
        site.clock.turn(minutes=30)
        assert visitor.get("/inbox").status_code == 200
    site.clock.turn(minutes=30)
    assert visitor.get("/inbox").status_code == 303


def test_a_new_key_seals_every_hour_and_old_ones_are_destroyed(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    first = visitor.cookie[:4]
    site.clock.turn(minutes=59)
    visitor.get("/inbox")
    assert visitor.cookie[:4] == first
    site.clock.turn(minutes=2)
    visitor.get("/inbox")
    assert visitor.cookie[:4] != first
    site.clock.turn(hours=11, minutes=30)
    Visitor(site).get("/report")
    kept = json.loads((site.settings.run_dir / "tickets.json").read_bytes())["keys"]
    assert len(kept) == 2
    assert base64.urlsafe_b64decode(first + "==")[:3].hex() not in [row["key_id"][:6] for row in kept]


def test_a_key_from_a_clock_that_was_ahead_seals_nothing_later(site: Site) -> None:
    site.clock.turn(days=300)
    Visitor(site).get("/report")
    site.clock.turn(days=-300)
    visitor = Visitor(site)
    visitor.get("/report")
    first = visitor.cookie[:4]
    site.clock.turn(hours=1, minutes=1)
    visitor.get("/report")
    assert visitor.cookie[:4] != first, "a new key each hour"
    kept = json.loads((site.settings.run_dir / "tickets.json").read_bytes())["keys"]
    assert len(kept) == 2, "the one from the future is destroyed"


def test_workers_share_their_keys(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    other = Visitor(site)
    other.client = site.new_app().test_client()
    other.client.set_cookie(COOKIE, visitor.cookie, domain=HOST)
    assert other.get("/inbox").status_code == 200


def test_without_the_run_folder_no_cookie_opens(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    (site.settings.run_dir / "tickets.json").unlink()
    assert visitor.get("/inbox").status_code == 303


def test_leave_kills_the_cookie_wherever_a_copy_is(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    visitor.get("/leave")
    copy = visitor.cookie
    answer = visitor.post("/leave", {"sure": "1"})
    assert answer.status_code == 200
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "New Identity" in visitor.page
    assert visitor.cookie == ""
    visitor.client.set_cookie(COOKIE, copy, domain=HOST)
    assert visitor.get("/inbox").status_code == 303


def test_leave_asks_once_while_the_codename_is_unchecked(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    visitor.get("/leave")
    answer = visitor.post("/leave")
    assert answer.status_code == 200
    assert "Clear-Site-Data" not in answer.headers
    assert "Your codename has not been checked yet." in visitor.page
    assert visitor.hidden("sure") == "1"
    assert visitor.get("/codename").status_code == 200, "the session goes on"


def test_leave_does_not_ask_whose_codename_is_checked_or_who_sent_nothing(site: Site) -> None:
    returned, writing = Visitor(site), Visitor(site)
    returned.enter(Visitor(site).report())
    writing.get("/report")
    for visitor in (returned, writing):
        visitor.get("/leave")
        assert "Clear-Site-Data" in visitor.post("/leave").headers


def test_leave_needs_its_token(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    visitor.get("/leave")
    assert visitor.post("/leave", {"csrf_token": "x"}).status_code == 400
    assert visitor.get("/inbox").status_code == 200


def test_coming_back_starts_a_session_under_another_id(site: Site) -> None:
    visitor = Visitor(site)
    codename = visitor.report()
    with visitor.client as client:
        client.get("/return", base_url=f"http://{HOST}")
        visitor.enter(codename)
        visitor.get("/codename")
        assert visitor.page.find(codename) == -1, "the codename that was shown before is forgotten"


def left(site: Site, folder: str = "left") -> int:
    """How many sessions are noted as left."""
    return len(list((site.settings.run_dir / folder).iterdir()))


def leave(visitor: Visitor) -> None:
    visitor.get("/leave")
    visitor.post("/leave", {"sure": "1"})


def test_the_list_of_those_who_left_is_emptied(site: Site) -> None:
    visitor = Visitor(site)
    visitor.report()
    leave(visitor)
    (noted,) = (site.settings.run_dir / "left").iterdir()
    then = site.clock.now.timestamp()
    os.utime(noted, (then, then))
    site.clock.turn(days=2, minutes=1)
    visitor.report()
    leave(visitor)
    assert left(site) == 1


def test_who_leaves_without_having_sent_crowds_nobody_out(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("source_app.security.left.LEFT_EMPTY_MAX", 8)
    site.app = site.new_app()
    visitor = Visitor(site)
    visitor.report()
    visitor.get("/leave")
    copy = visitor.cookie
    visitor.post("/leave", {"sure": "1"})
    for _ in range(30):
        other = Visitor(site)
        other.get("/report")
        leave(other)
    assert left(site, "left-empty") <= 8
    visitor.client.set_cookie(COOKIE, copy, domain=HOST)
    assert visitor.get("/inbox").status_code == 303


def test_another_codename_ends_the_session_before_it(site: Site) -> None:
    visitor = Visitor(site)
    codename = visitor.report()
    visitor.get("/return")
    assert "waits for its check" in visitor.page
    copy = visitor.cookie
    assert visitor.enter(codename).status_code == 303
    visitor.client.set_cookie(COOKIE, copy, domain=HOST)
    assert visitor.get("/inbox").headers["Location"] == "/return?ended=1"


def full_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("source_app.security.tickets.write_whole", refuse)


def test_without_room_for_a_new_key_the_last_one_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(site)
    visitor.report()
    full_folder(monkeypatch)
    site.clock.turn(minutes=59)
    assert visitor.get("/inbox").status_code == 200
    site.clock.turn(minutes=59)
    assert visitor.get("/inbox").status_code == 200


def test_without_any_key_pages_that_need_one_say_come_later(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    full_folder(monkeypatch)
    visitor = Visitor(site)
    for path in ("/report", "/return", "/leave"):
        answer = visitor.get(path)
        assert answer.status_code == 503
        assert "Set-Cookie" not in answer.headers
        assert "Nothing was stored" in visitor.page
        assert str(site.settings.run_dir) not in visitor.page
    assert visitor.get("/").status_code == 200
    assert "Traceback" not in capsys.readouterr().err
