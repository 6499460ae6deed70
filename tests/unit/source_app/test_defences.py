"""The defences of the web side: headers, names, forms from elsewhere, robots, own pages of refusal."""

import pytest

from source_app.security.headers import HEADERS
from tests.support.source_site import HOST, Site, Visitor

PAGES = ["/", "/report", "/return", "/key", "/lost", "/limits", "/leave", "/robots.txt", "/static/style.css"]


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/", 200),
        ("GET", "/report", 200),
        ("GET", "/static/style.css", 200),
        ("GET", "/inbox", 303),
        ("GET", "/nothing-here", 404),
        ("DELETE", "/report", 411),
        ("PUT", "/", 411),
        ("POST", "/return", 400),
        ("POST", "/report", 400),
        ("OPTIONS", "/", 200),
    ],
)
def test_every_answer_carries_the_headers(site: Site, method: str, path: str, code: int) -> None:
    body = b"x" if code == 400 else None
    answer = Visitor(site).client.open(path, method=method, base_url=f"http://{HOST}", data=body)
    answer.close()
    assert answer.status_code == code
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "Server" not in answer.headers


def test_the_policy_allows_no_script_and_nothing_from_elsewhere() -> None:
    policy = dict(rule.strip().partition(" ")[::2] for rule in HEADERS["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy
    assert policy["style-src"] == policy["form-action"] == "'self'"


def test_pages_have_no_script_and_no_style_of_their_own(site: Site) -> None:
    for path in PAGES:
        page = Visitor(site).get(path).get_data(as_text=True).casefold()
        page = page.replace('src="/sending/', "")  # our own frame
        assert not [
            word
            for word in ("<script", "javascript:", " onclick", "style=", "http://", "src=")
            if word in page
        ]


def test_the_first_page_is_small_and_asks_for_one_thing_more(site: Site) -> None:
    visitor = Visitor(site)
    page, css = visitor.get("/").data, Visitor(site).get("/static/style.css").data
    assert len(page) + len(css) < 15_000
    assert page.count(b"<link") == 1
    assert b'lang="en" dir="ltr"' in page


@pytest.mark.parametrize("path", [*PAGES, "/inbox", "/codename", "/nothing-here"])
def test_another_host_sees_the_right_address_on_every_page(site: Site, path: str) -> None:
    answer = Visitor(site).get(path, base_url="http://proxy.example")
    assert answer.status_code == 403
    assert HOST in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "source.example.evil.example",
        "source.example:81",
        "SOURCE.example.",
        "x" * 300,
        "a..b",
        "<script>",
        "source.example@evil.example",
        "[::1",
    ],
)
def test_hosts_are_compared_letter_for_letter(
    site: Site, host: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    answer = Visitor(site).client.get("/", headers={"Host": host})
    assert answer.status_code == 403
    assert HOST in answer.get_data(as_text=True)
    assert capsys.readouterr() == ("", "")
    assert not caplog.records


def test_a_second_address_in_another_case_is_ours(site: Site) -> None:
    assert Visitor(site).get("/", base_url="http://OTHER.example").status_code == 200


@pytest.mark.parametrize("came_from", ["cross-site", "same-site"])
def test_a_form_from_another_site_is_refused(site: Site, visitor: Visitor, came_from: str) -> None:
    answer = visitor.send("text", headers={"Sec-Fetch-Site": came_from})
    assert answer.status_code == 403
    assert site.holds_nothing()


def test_a_form_from_our_own_page_is_taken(site: Site, visitor: Visitor) -> None:
    assert visitor.send("text", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_a_method_that_a_page_does_not_have(site: Site) -> None:
    answer = Visitor(site).client.post("/key", base_url=f"http://{HOST}", data=b"x")
    assert answer.status_code == 405
    assert "POST" not in answer.headers["Allow"]
    assert b"Nothing was done" in answer.data


def test_a_small_form_must_be_small(site: Site) -> None:
    visitor = Visitor(site)
    visitor.get("/return")
    assert visitor.post("/return", {"codename": "x" * 70_000}).status_code == 413


def test_robots_are_asked_to_stay_away(site: Site) -> None:
    assert b"Disallow: /" in Visitor(site).get("/robots.txt").data


def test_what_nobody_foresaw_is_our_page_and_tells_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("source_app.views.pages.key_card", _fail)
    answer = Visitor(site).get("/key?secret-in-query")
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    said = capsys.readouterr().err
    assert "ZeroDivisionError at source_app/test_defences.py" in said
    assert "secret" not in said


def _fail(_: object) -> None:
    raise ZeroDivisionError("secret message")


def test_no_link_leads_nowhere(site: Site) -> None:
    visitor = Visitor(site)
    for path in PAGES[:7]:
        page = visitor.get(path).get_data(as_text=True)
        links = {part.partition('"')[0].partition("?")[0] for part in page.split('href="')[1:]}
        assert [link for link in links if Visitor(site).get(link).status_code >= 400] == []
