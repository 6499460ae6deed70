"""What no lawyer can have meant by a single record is told at its line."""

from dataclasses import fields

import pytest

from cases.event import Event
from cases.events import EVENT_TYPES
from cases.kinds import ReportEvent, RequestEvent, Scope
from cases.packs.sense import CONCERNS
from tests.support import pack_files
from tests.support.pack_files import Slip, changed, told

SLIPS = [
    Slip(
        "deadlines.toml",
        'id = "acknowledge"',
        'id = "acknowledge"\nunder = ["TA"]',
        "error: which law governs is known of an allegation, not of the scope “report”. "
        "Take “under” out, or choose the scope “allegation”.",
        at="under",
    ),
    Slip(
        "pack.toml",
        'id = "testland"',
        'id = "Testland"',
        'error: the pack\'s id is not of small letters, digits and “-”. Write id = "kr".',
    ),
    Slip(
        "pack.toml",
        "version = 1",
        "version = 0",
        "error: editions count from 1. Write version = 1 for the first one.",
    ),
    Slip(
        "pack.toml",
        "version = 1",
        "version = 2147483648",
        "error: editions count from 1. Write version = 1 for the first one.",
    ),
    Slip(
        "pack.toml",
        "Europe/Rome",
        "Europe/Roma",
        'error: “Europe/Roma” is no time zone that this machine knows. Write it as time_zone = "Asia/Seoul".',
    ),
    Slip(
        "pack.toml",
        'status = "draft"',
        'status = "draft"\ncurrency = "won"',
        'error: a currency has three large letters. Write currency = "KRW".',
        at="currency",
    ),
    Slip(
        "laws.toml",
        "https://gazette.example/acts",
        "gazette.example",
        'error: this is no address. Write url = "https://…".',
    ),
    Slip(
        "laws.toml",
        'id = "policy"\nsort = "policy"',
        'id = "policy"\nsort = "policy"\nsource = "gazette"  # not',
        "error: a law has a source, and a policy has none. "
        "Write source, the id of a [[source]], for a law; leave it out for a policy.",
        at='source = "gazette"  #',
    ),
    Slip(
        "laws.toml",
        'id = "policy"\nsort = "policy"',
        'id = "policy"\nsort = "policy"\nbasis = "TA 1"',
        "error: every rule has a basis, and a law is one itself. Take it out.",
        at="basis",
    ),
    Slip(
        "deadlines.toml",
        'basis = "TA 1"',
        "basis = []",
        "error: every rule has a basis, and a law is one itself. "
        'Write basis = "policy" for a rule of the agency itself.',
    ),
    Slip(
        "deadlines.toml",
        "length = 7\n",
        "length = 0\n",
        "error: a period of 0 is none. Write how long it is, from 1 to 40000.",
    ),
    Slip(
        "deadlines.toml",
        "length = 7\n",
        "length = 40001\n",
        "error: a period of 40001 is none. Write how long it is, from 1 to 40000.",
    ),
    Slip(
        "deadlines.toml",
        'starts_on = ["questions_asked"]',
        "starts_on = []",
        "error: nothing ever starts this deadline. Name the event that does.",
    ),
    Slip(
        "deadlines.toml",
        'starts_on = ["transferred", "forwarded"]',
        'starts_on = ["protection_filed"]',
        "error: “protection_filed” never happens to what the scope “referral” stands for. "
        "Choose the scope to which the event belongs.",
    ),
    Slip(
        "deadlines.toml",
        'starts_on = ["transferred", "forwarded"]',
        'starts_on = ["transferred"]\nresumes_on = ["questions_answered"]',
        "error: “questions_answered” never happens to what the scope “referral” stands for. "
        "Choose the scope to which the event belongs.",
        at="resumes_on",
    ),
    Slip(
        "deadlines.toml",
        'stops_on = ["questions_answered", "questions_lapsed"]\n',
        'resumes_on = ["questions_answered"]\n',
        "error: nothing stops this deadline, so nothing lets it run on. "
        "Name in stops_on the step that it undoes, or take it out.",
        at="resumes_on",
    ),
    Slip(
        "deadlines.toml",
        'stops_on = ["objected"]',
        'stops_on = ["questions_answered"]',
        "error: “questions_answered” never happens to what the scope “allegation” stands for. "
        "Choose the scope to which the event belongs.",
    ),
    Slip(
        "deadlines.toml",
        'stops_on = ["objected"]',
        "stops_on = []",
        "error: nothing can be refused: no step stops this deadline. "
        "Name in stops_on the step that is refused when it is late.",
        at='on_miss = "refuse"',
    ),
    Slip(
        "deadlines.toml",
        "served = true",
        "served = false",
        "error: “deemed_served” counts only where the period runs from reading a notice. "
        "Write served = true, or take it out.",
        at="deemed_served",
    ),
    Slip(
        "deadlines.toml",
        "deemed_served = { length = 30",
        "deemed_served = { length = 0",
        "error: a period of 0 is none. Write how long it is, from 1 to 40000.",
    ),
    Slip(
        "deadlines.toml",
        'deemed_served = { length = 30, unit = "calendar_day" }\n',
        "",
        "warning: a notice that is never read never starts this deadline. "
        "If the law has a last day for that, write deemed_served.",
        at="served = true",
    ),
    Slip(
        "deadlines.toml",
        "[-14, -3, 0]",
        "[14]",
        "error: a warning comes before the last day. Write warn = [-14, -3, 0].",
    ),
    Slip(
        "deadlines.toml",
        "[-14, -3, 0]",
        "[-61]",
        "error: a warning comes before the first day. Write fewer days.",
    ),
    Slip(
        "deadlines.toml",
        'unit = "month"',
        'unit = "month"\nwarn = [-40001]',
        "error: a warning comes a lifetime before the last day. Write fewer days.",
        at="-40001",
    ),
    Slip(
        "deadlines.toml",
        "most = 3,",
        "most = 0,",
        "error: a period of 0 is none. Write how long it is, from 1 to 40000.",
    ),
    Slip(
        "deadlines.toml",
        "times = 1 }",
        "times = 0 }",
        "error: “times” is less than 1. Leave extend out if there is no extension.",
    ),
    Slip(
        "deadlines.toml",
        'approver = "second_officer"',
        'approver = "system"',
        'error: “system” is no person who could approve. Write approver = "second_officer".',
    ),
    Slip(
        "templates.toml",
        'answer = "choice"',
        'answer = "text"',
        "error: an answer of the sort “text” has no choices. "
        'Write answer = "choice", or take the choices out.',
        at="choices",
    ),
    Slip(
        "institutions.toml",
        'takes = ["complaint_filed"]',
        'takes = ["received"]',
        "error: “received” sends nothing to an institution. "
        "There are: transferred, forwarded, complaint_filed.",
    ),
    Slip(
        "texts.toml",
        'place = "rights"',
        'place = "rights"\nsent_on = ["received"]',
        "error: a text of the place “rights” is not sent on an event. "
        'Write place = "notice", or take sent_on out.',
        at="sent_on",
    ),
    Slip(
        "texts.toml",
        'sent_on = ["received"]\n',
        "",
        "warning: no event sends this notice: an officer has to do it. "
        "If an event should send it, write sent_on.",
        at='place = "notice"',
    ),
    Slip(
        "retention.toml",
        "length = 5",
        "length = -5",
        "error: a period of -5 is none. Write how long it is, from 1 to 40000.",
    ),
    Slip(
        "retention.toml",
        '["closed"]',
        "[]",
        "error: nothing ever starts this period. Name the event that does.",
        at="starts_on",
    ),
    Slip(
        "statistics.toml",
        "value = 10",
        "value = 4",
        "error: “least_people” lies between 5 and 1000000. Write another value.",
    ),
    Slip(
        "statistics.toml",
        'id = "least_people"',
        'id = "least_persons"',
        "error: “least_persons” is no limit of statistics. Did you mean “least_people”?",
    ),
    Slip(
        "life.toml",
        "unanswered = 2",
        "unanswered = -1",
        "error: this is no number of questions. Write unanswered = 2.",
    ),
    Slip(
        "life.toml",
        'value = "accepted"',
        'value = "refused"',
        "error: “refused” is no value of “anonymous_report”. "
        "There are: accepted, accepted_no_reward, closable.",
    ),
    Slip(
        "life.toml",
        'id = "second_objection"',
        'id = "second_objektion"',
        "error: “second_objektion” is no setting. Did you mean “second_objection”?",
    ),
    Slip(
        "calendar.toml",
        "[6, 7]",
        "[6, 8]",
        "error: the days of rest are some of 1 (Monday) to 7 (Sunday), and not all. "
        "Write weekdays = [6, 7] for Saturday and Sunday.",
        at="weekdays",
    ),
    Slip(
        "calendar.toml",
        "[6, 7]",
        "[1, 2, 3, 4, 5, 6, 7]",
        "error: the days of rest are some of 1 (Monday) to 7 (Sunday), and not all. "
        "Write weekdays = [6, 7] for Saturday and Sunday.",
        at="weekdays",
    ),
    Slip(
        "calendar.toml",
        "2026-05-01",
        "2025-05-01",
        "error: 2025-05-01 is no day of 2026. Write it with its own year.",
        at="2025-05-01",
    ),
    Slip(
        "institutions.toml",
        'supervisor = "ministry"',
        'supervisor = "works_office"',
        "error: this body supervises itself. Name the body above it, or take “supervisor” out.",
    ),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.name} {slip.new[:30]}")
def test_a_slip_is_told_once_and_at_its_line(slip: Slip) -> None:
    assert slip.told == slip.expected


def test_a_rule_ends_after_it_began() -> None:
    said = told(changed("deadlines.toml", "until = 2026-12-31", "until = 2025-12-31"))
    assert said[0] == (
        "deadlines.toml:66: error: “until” is before “from”. Write the last day of the rule as “until”."
    )


def test_a_choice_has_something_to_choose_from() -> None:
    assert told(changed("templates.toml", 'answer = "amount"', 'answer = "choices"')) == [
        'templates.toml:19: error: there is nothing to choose from. Write choices = ["yes", "no"].'
    ]


def test_a_year_is_one_of_our_time() -> None:
    said = told(changed("calendar.toml", "year = 2026", "year = 1026"))
    assert (
        said[0]
        == "calendar.toml:12: error: 1026 is no year of this calendar. Write the year of the holidays."
    )


@pytest.mark.parametrize(
    "languages", ["[]", '["english"]', '["en", "T"]', str([f"x{a}{b}" for a in "abcdef" for b in "abcdef"])]
)
def test_languages_have_tags(languages: str) -> None:
    said = told(changed("pack.toml", '["en", "tl"]', languages))
    wrong = (
        "error: a language has two or three small letters, as “en”, and may name its script, as “sr-Latn”."
    )
    assert f'pack.toml:3: {wrong} Write languages = ["ko", "en"], the one to fall back on first.' in said


@pytest.mark.parametrize("count", [1, 32])
def test_a_pack_has_from_one_to_thirty_two_languages(count: int) -> None:
    languages = ["en", *(f"{one}{two}x" for one in "abcdef" for two in "abcdef")][:count]
    files = changed("pack.toml", '["en", "tl"]', str(languages).replace("'", '"'))
    del files["words.tl.toml"]
    words = {f"words.{language}.toml": pack_files.words(language) for language in languages}
    assert told({**files, **words}) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("deadlines.toml", "warn = [-14, -3, 0]", "warn = [-60]"),
        ("deadlines.toml", 'unit = "month"', 'unit = "month"\nwarn = [-40000]'),
        ("deadlines.toml", "length = 60", "length = 40000"),
        ("statistics.toml", "value = 10", "value = 5"),
        ("statistics.toml", "value = 10", "value = 1000000"),
        ("life.toml", "unanswered = 2", "unanswered = 100"),
        ("calendar.toml", "weekdays = [6, 7]", "weekdays = [1, 2, 3, 4, 5, 7]"),
    ],
)
def test_the_last_of_what_makes_sense_is_accepted(name: str, old: str, new: str) -> None:
    assert told(changed(name, old, new)) == []


@pytest.mark.parametrize("year", [1900, 2200])
def test_the_first_and_the_last_year_of_a_calendar(year: int) -> None:
    calendar = pack_files.CALENDAR[: pack_files.CALENDAR.index("[[holidays]]")]
    holidays = f'[[holidays]]\nid = "all"\nyear = {year}\ndays = []\nbasis = "policy"\n'
    assert told(pack_files.testland(calendar=calendar + holidays)) == []


def test_a_rule_may_be_in_force_on_one_day() -> None:
    files = changed("life.toml", 'id = "consent"', 'id = "consent"\nuntil = 2026-01-01')
    assert told(files) == []


def test_an_id_is_a_plain_word_save_for_laws() -> None:
    said = told(changed("deadlines.toml", 'id = "handle"', 'id = "handle it"'))
    assert said[0] == (
        "deadlines.toml:26: error: “handle it” cannot be an id. "
        "Use letters from a to z, digits, “_” and “-”, at most 64. A law may have spaces too."
    )
    assert told(changed("laws.toml", 'id = "TA Decree"', 'id = "TA.Decree"'))


def test_a_served_period_needs_an_event_that_a_notice_tells_of() -> None:
    files = changed(
        "deadlines.toml", 'starts_on = ["result_notified"]\n', 'starts_on = []\nafter = "handle"\n'
    )
    assert told(files) == ["deadlines.toml:85: error: no event is told of by a notice. Name it in starts_on."]


def test_steps_that_a_country_does_not_have_are_report_events() -> None:
    setting = '\n[[setting]]\nid = "events_off"\nvalue = "complaint_filed, {}"\nbasis = "policy"\n'
    life = pack_files.testland()["life.toml"] + setting
    assert told(pack_files.testland(life=life.format("petition_filed"))) == []
    assert told(pack_files.testland(life=life.format("petition"))) == [
        "life.toml:34: error: “petition” is no value of “events_off”. Did you mean “petition_filed”?"
    ]


def test_every_event_concerns_the_report_or_a_request() -> None:
    assert CONCERNS[Scope.REPORT] == {*ReportEvent, *RequestEvent}
    assert CONCERNS[Scope.REQUEST] == set(RequestEvent)
    assert all(events <= CONCERNS[Scope.REPORT] for events in CONCERNS.values())


@pytest.mark.parametrize("event", EVENT_TYPES.values(), ids=lambda event: event.__name__)
def test_a_deadline_can_hang_on_what_reaches_its_scope(event: type[Event]) -> None:
    names = {field.name for field in fields(event)}
    of_a_matter = bool(names & {"allegation", "referral"})
    assert (event.kind in CONCERNS[Scope.QUESTIONS]) is not of_a_matter
    for scope in (Scope.ALLEGATION, Scope.REFERRAL):
        assert (event.kind in CONCERNS[scope]) is ("questions" not in names)
