"""The pages: who may see what, what every answer carries, and the journey of an officer."""

import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from cases.stages import Stage
from crypto.envelope import ObjectId
from journalist_app.app import create_app
from journalist_app.security.access import OPEN
from journalist_app.security.headers import HEADERS
from journalist_app.security.web_session import COOKIE
from journalist_app.views import errors
from source_app.views.context import STAGES
from tests.support.server_side import SampleSource, read_out
from tests.support.station import LiveStation, OfficerBrowser, live_station
from transfer.message import ConsentAsked, May

BODY = secrets.token_bytes(200_000)
ODD_NAME = '../../e\u202etxt.exe "x"\x00.pdf'


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path)


@pytest.fixture
def app(live: LiveStation) -> Flask:
    return live.app()


@pytest.fixture
def browser(live: LiveStation, app: Flask) -> OfficerBrowser:
    """A browser that is signed in, with one case."""
    server = live.server()
    server.receive(SampleSource(), "They <b>paid</b> twice.", ((ODD_NAME, BODY), ("empty.txt", b"")))
    server.export(live.stick)
    browser = OfficerBrowser(app)
    assert browser.sign_in(live).status_code == 303
    asked = browser.post("/import", page="/import")
    assert asked.status_code == 409
    accepted = re.search(r'name="accept_server" value="([0-9a-f]{64})"', asked.get_data(as_text=True))
    assert accepted is not None
    done = browser.post("/import", page="/import", accept_server=accepted[1])
    assert "<strong>1</strong> new report</li>" in done.get_data(as_text=True)
    return browser


def test_signed_out_every_route_leads_to_the_sign_in(app: Flask) -> None:
    stranger = OfficerBrowser(app)
    shut = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = stranger.client.open(path, method=method, base_url=stranger.base_url)
            assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in"), (method, path)
            shut += 1
    assert shut >= 9


def test_the_open_routes_are_three_and_no_more(app: Flask) -> None:
    assert {"static", "sign_in.form", "sign_in.sign_in"} == OPEN
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= OPEN


def test_a_session_that_ended_says_so_and_a_first_visit_does_not(
    live: LiveStation, browser: OfficerBrowser, app: Flask
) -> None:
    live.clock.turn(minutes=live.settings.idle_minutes)
    assert browser.get("/cases").status_code == 303
    assert "Your session has ended" in browser.get("/sign-in").get_data(as_text=True)
    stranger = OfficerBrowser(app)
    stranger.get("/cases")
    assert "has ended" not in stranger.get("/sign-in").get_data(as_text=True)


def test_every_answer_bears_the_headers(live: LiveStation, browser: OfficerBrowser) -> None:
    answers = [
        browser.get("/"),
        browser.get("/nothing"),
        browser.get("/cases/99"),
        browser.client.put("/cases", base_url=browser.base_url),
        browser.post("/cases/1/reply"),
        browser.client.get("/", base_url="http://elsewhere.example"),
        browser.get("/static/officer.css"),
        browser.post("/files/1", page="/cases/1"),
        browser.post("/sign-out", page="/"),
        browser.get("/sign-in"),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 404, 405, 400, 403, 200, 200, 303, 200]
    for answer in answers:
        assert HEADERS.items() <= dict(answer.headers).items()


def test_no_page_has_a_script_or_names_another_host(browser: OfficerBrowser) -> None:
    for path in ("/", "/import", "/cases", "/cases/1"):
        html = browser.get(path).get_data(as_text=True)
        assert "<script" not in html
        assert not re.search(r"\son[a-z]+=|https?://|style=", html)


def test_the_cookie_is_guarded_and_renewed_at_sign_in(live: LiveStation, app: Flask) -> None:
    browser = OfficerBrowser(app)
    before = browser.get("/sign-in").headers["Set-Cookie"]
    after = browser.sign_in(live).headers["Set-Cookie"]
    for cookie in (before, after):
        assert cookie.startswith(f"{COOKIE}=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
    assert before.split(";")[0] != after.split(";")[0]
    assert live.station.sessions.find(before.split(";")[0].partition("=")[2]) is None


def test_a_wrong_sign_in_says_one_thing(live: LiveStation, app: Flask) -> None:
    browser = OfficerBrowser(app)
    wrong = {"officer": live.officer.name, "passphrase": "wrong", "code": "000000"}
    answers = [browser.post("/sign-in", page="/sign-in", **wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [403] * 5 + [429]
    assert "wrong, or the code was used before" in answers[0].get_data(as_text=True)
    assert "wrong" not in re.sub("too many wrong", "", answers[5].get_data(as_text=True))
    assert 'value="wrong"' not in answers[0].get_data(as_text=True)


def test_a_used_code_lets_nobody_in(live: LiveStation, app: Flask) -> None:
    values = {"officer": live.officer.name, "passphrase": live.officer.passphrase, "code": live.code()}
    first, second = OfficerBrowser(app), OfficerBrowser(app)
    assert first.post("/sign-in", page="/sign-in", **values).status_code == 303
    assert second.post("/sign-in", page="/sign-in", **values).status_code == 403


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/import", "/export", "/cases/1/reply", "/files/1"]
)
def test_without_the_token_nothing_is_done(live: LiveStation, browser: OfficerBrowser, path: str) -> None:
    answer = browser.post(path, text="answer", stage="questions")
    assert answer.status_code == 400
    assert "Nothing was done" in answer.get_data(as_text=True)
    assert "No answer yet" in browser.get("/cases/1").get_data(as_text=True)


def test_a_foreign_page_or_host_is_refused(browser: OfficerBrowser) -> None:
    token = browser.token("/cases/1")
    foreign = browser.client.post(
        "/export",
        data={"csrf_token": token},
        base_url=browser.base_url,
        headers={"Sec-Fetch-Site": "same-site"},
    )
    assert foreign.status_code == 403
    for host in ("127.0.0.1:8082", "", "a..b", "x" * 300, "<script>", "[::1"):
        answer = browser.client.get("/sign-in", headers={"Host": host})
        assert answer.status_code == 403, host
        assert "the operator gave you" in answer.get_data(as_text=True)


def test_a_page_that_fails_is_told_without_its_address_and_text(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise ValueError("what an officer typed")

    monkeypatch.setattr(errors, "render_template", broken)
    with pytest.raises(ValueError, match="typed"):
        OfficerBrowser(app).get("/some-case")
    written = "".join(capsys.readouterr()) + caplog.text
    assert "unexpected ValueError in broken" in written
    assert "some-case" not in written
    assert "typed" not in written


def test_a_report_is_shown_as_text_and_odd_names_as_what_they_are(browser: OfficerBrowser) -> None:
    html = browser.get("/cases/1").get_data(as_text=True)
    assert "They &lt;b&gt;paid&lt;/b&gt; twice." in html
    assert '<bdi dir="ltr">../../e‹U+202E›txt.exe &#34;x&#34;‹U+0000›.pdf</bdi>' in html


def test_a_file_is_saved_byte_for_byte_under_a_harmless_name(browser: OfficerBrowser) -> None:
    answer = browser.post("/files/1", page="/cases/1")
    assert answer.data == BODY
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Length"] == str(len(BODY))
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"etxt.exe_x_.pdf\"; filename*=UTF-8''etxt.exe%20%22x%22.pdf"
    )
    assert browser.post("/files/2", page="/cases/1").data == b""
    assert browser.get("/files/1").status_code == 405
    assert browser.post("/files/3", page="/cases/1").status_code == 404


def test_a_changed_kept_envelope_saves_nothing(live: LiveStation, browser: OfficerBrowser) -> None:
    (path,) = live.station.folders.envelopes.iterdir()
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    answer = browser.post("/files/1", page="/cases/1")
    assert answer.status_code == 500
    assert "Restore it from a backup" in answer.get_data(as_text=True)
    assert path == live.station.folders.envelope(ObjectId(bytes.fromhex(path.name)))


def test_an_answer_waits_then_is_in_a_bundle(live: LiveStation, browser: OfficerBrowser) -> None:
    values = {"text": "Which month?", "stage": "questions", "due_on": "2026-12-01"}
    assert browser.post("/cases/1/reply", page="/cases/1", **values).status_code == 303
    page = browser.get("/cases/1").get_data(as_text=True)
    assert "waits for the next export" in page
    assert "1 December 2026" in page
    assert "1 answer is in it" in browser.post("/export", page="/export").get_data(as_text=True)
    assert "in OUT 2" in browser.get("/cases/1").get_data(as_text=True)
    assert [m.text for m in SampleSource().read(live.born.instance, read_out(live.stick))] == ["Which month?"]
    assert "Nothing new" in browser.post("/export", page="/export").get_data(as_text=True)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"text": " ", "stage": "questions"}, "Write what the source should read."),
        ({"text": "kept words", "stage": "no such"}, "Choose one of the stages"),
        ({"text": "kept words", "stage": "questions", "due_on": "1999-01-01"}, "lies in the past"),
        ({"text": "kept words", "stage": "questions", "due_on": "soon"}, "Write the day as 2027-01-15"),
        ({"text": "kept words", "stage": "result", "consent_body": "Court"}, "name the body"),
        ({"text": "kept words", "stage": "result", "consent_fields": "name"}, "name the body"),
        ({"text": "kept words", "stage": "result", "consent_body": "x" * 201}, "longer than 200"),
        ({"text": "kept words", "stage": "result", "consent_fields": "soul"}, "not a valid choice"),
        ({"text": "x" * 70_001, "stage": "questions"}, "This answer is too long. Send it in parts."),
        ({"text": "한" * 30_000, "stage": "questions"}, "70,272 fit. Send it in parts."),
    ],
)
def test_a_refused_answer_keeps_what_was_typed(
    browser: OfficerBrowser, values: dict[str, str], said: str
) -> None:
    answer = browser.post("/cases/1/reply", page="/cases/1", **values)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert 'role="alert"' in html
    assert said in html
    assert values["text"].strip() in html
    assert "No answer yet" in browser.get("/cases/1").get_data(as_text=True)


@pytest.mark.parametrize("stage", Stage)
def test_an_officer_reads_of_an_answer_what_the_source_will_read(
    browser: OfficerBrowser, stage: Stage
) -> None:
    values = {"text": "We are at it.", "stage": stage.value, "due_on": "2026-12-01"}
    browser.post("/cases/1/reply", page="/cases/1", **values)
    html = browser.get("/cases/1").get_data(as_text=True)
    assert f" · {STAGES[stage]} · you hear more by 1 December 2026</p>" in html


def test_what_an_answer_asks_reaches_its_source(live: LiveStation, browser: OfficerBrowser) -> None:
    values = {"text": "Result.", "stage": "result", "may_read": "y", "may_object": "y"}
    asked = {"consent_body": " The Court ", "consent_fields": "workplace"}
    assert browser.post("/cases/1/reply", page="/cases/1", **values, **asked).status_code == 303
    page = browser.get("/cases/1").get_data(as_text=True)
    assert "“I have read this” · “I do not agree” · “Say yes or no”: may <bdi>The Court</bdi>" in page
    browser.post("/export", page="/export")
    (message,) = SampleSource().read(live.born.instance, read_out(live.stick))
    assert message.may == (May.OBJECT, May.READ)
    assert message.consent == ConsentAsked("The Court", ("workplace",))


def test_an_answer_is_seen_as_its_source_will_before_it_is_kept(browser: OfficerBrowser) -> None:
    values = {"text": "Two <b>lines</b>.", "stage": "questions", "due_on": "2026-12-01", "may_read": "y"}
    html = browser.post("/cases/1/reply", page="/cases/1/reply", do="look", **values).text
    seen = html[html.index("What they will see") : html.index("<form method")]
    for shown in (
        "Two &lt;b&gt;lines&lt;/b&gt;.",
        "questions for you",
        "1 December 2026",
        "I have read this",
    ):
        assert shown in seen
    assert "I do not agree" not in seen
    assert "selected>We have questions for you</option>" in html, "what was typed stays"
    assert "No answer yet" in browser.get("/cases/1").text


def test_an_answer_is_changed_and_taken_back_until_it_leaves(browser: OfficerBrowser) -> None:
    browser.post("/cases/1/reply", page="/cases/1", text="First words", stage="received", do="draft")
    assert "a draft" in browser.get("/cases/1").text
    assert ">\r\nFirst words</textarea>" in browser.get("/answers/1").text
    refused = browser.post("/answers/1", page="/answers/1", text="Other words", stage="none")
    assert refused.status_code == 400
    assert "Other words" in refused.text
    done = browser.post("/answers/1", page="/answers/1", text="Other words", stage="received")
    assert done.status_code == 303
    assert "waits for the next export" in browser.get("/cases/1").text
    browser.post("/answers/1/take-back", page="/cases/1")
    assert "No answer yet" in browser.get("/cases/1").text
    assert browser.get("/answers/1").status_code == 404
    browser.post("/cases/1/reply", page="/cases/1", text="Last words", stage="received")
    browser.post("/export", page="/export")
    assert browser.get("/answers/2").status_code == 409
    assert "in a bundle already" in browser.post("/answers/2/take-back", page="/cases/1").text


def test_cases_are_sorted_by_the_buttons_of_their_pages(browser: OfficerBrowser) -> None:
    browser.post("/cases/1/flags", page="/cases/1", flag="<press>")
    assert "&lt;press&gt;" in browser.get("/cases").text
    assert browser.get("/cases?flag=none").text.count("/cases/1") == 0
    refused = browser.post("/cases/1/links", page="/cases/1", code="NOSUCH22")
    assert refused.status_code == 409
    assert "No case has this code" in refused.text
    browser.post("/cases/junk", page="/cases")
    assert "choose cases first" in browser.get("/cases").text
    browser.post("/cases/junk", page="/cases", case="1")
    assert "1 case is set aside as junk" in (html := browser.get("/cases").text)
    assert "/cases/1" not in html
    assert "set aside as junk" in browser.get("/cases/1").text
    browser.post("/cases/junk/remove", page="/cases?show=junk", case="1")
    assert "/cases/1" in browser.get("/cases").text
    browser.post("/cases/1/mute", page="/cases/1", muted="1")
    assert "Unmute" in browser.get("/cases/1").text
    browser.post("/cases/1/flags/remove", page="/cases/1", flag="<press>")
    assert "&lt;press&gt;" not in browser.get("/cases/1").text


def test_an_export_without_answers_does_not_count_them(browser: OfficerBrowser) -> None:
    said = browser.post("/export", page="/export").text
    assert "No answer is in it" in said
    assert "0 answers" not in said


def test_two_sticks_are_a_question_and_a_free_path_is_refused(live: LiveStation, tmp_path: Path) -> None:
    server = live.server()
    second = tmp_path / "second"
    second.mkdir()
    two = type(live.settings)(**{**vars(live.settings), "stick_dirs": (str(live.stick), str(second))})
    browser = OfficerBrowser(create_app(two, live.clock))
    browser.sign_in(live)
    server.export(live.stick)
    server.export(second)
    asked = browser.post("/import", page="/import")
    assert asked.status_code == 409
    assert {str(live.stick), str(second)} <= set(re.findall(r'name="stick" value="([^"]+)"', asked.text))
    chosen = browser.post("/import", page="/import", stick=str(second), accept_server=server.key.hex())
    assert "cleandrop-in-2" in chosen.text
    unlisted = tmp_path / "unlisted"
    unlisted.mkdir()
    server.export(unlisted)
    assert "No stick was found" in browser.post("/import", page="/import", stick=str(unlisted)).text
    assert browser.post("/export", page="/export").status_code == 409


def test_a_stick_without_a_bundle_and_no_stick_say_what_to_do(live: LiveStation, app: Flask) -> None:
    browser = OfficerBrowser(app)
    browser.sign_in(live)
    assert "Export on the server first" in browser.post("/import", page="/import").text
    live.stick.rename(live.stick.with_name("gone"))
    assert "Plug it in" in browser.post("/import", page="/import").text


def test_leaving_locks_the_station_when_the_last_officer_goes(live: LiveStation, app: Flask) -> None:
    first, second = OfficerBrowser(app), OfficerBrowser(app)
    first.sign_in(live)
    second.sign_in(live, live.born.officers[1])
    first.post("/sign-out", page="/")
    assert first.get("/cases").status_code == 303
    assert second.get("/cases").status_code == 200
    second.post("/sign-out", page="/")
    assert live.station.sessions._unlocked is None
    assert second.get("/cases").status_code == 303


def test_an_unexpected_error_tells_and_logs_nothing_of_its_text(
    browser: OfficerBrowser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("journalist_app.services.reading.Reading.cases", _fail)
    answer = browser.get("/cases")
    assert answer.status_code == 500
    assert "secret words" not in answer.text + caplog.text
    assert "RuntimeError" in caplog.text


def test_an_overlong_form_is_refused(browser: OfficerBrowser) -> None:
    answer = browser.client.post("/cases/1/reply", data={"text": "x" * 2_000_000}, base_url=browser.base_url)
    assert answer.status_code == 413
    assert "more than this form takes" in answer.text


def _fail(*_: object) -> None:
    raise RuntimeError("secret words")


def test_a_clock_from_before_all_weeks_is_asked_about_on_the_home_page(live: LiveStation) -> None:
    browser = OfficerBrowser(live.app())
    live.clock.now = datetime(1990, 1, 1, tzinfo=UTC)
    browser.sign_in(live)
    home = browser.get("/")
    assert home.status_code == 200
    assert 'href="/clock"' in home.get_data(as_text=True)
