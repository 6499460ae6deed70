"""What a pack says is told as it counts: every clock with its law, and what is not there."""

from datetime import date

from cases.kinds import Unit
from cases.packs import summary
from cases.packs.pack import Pack
from cases.packs.schema import Span
from tests.support import pack_files

PACK = pack_files.testland_pack()


def clock(name: str, pack: Pack = PACK, day: date | None = None) -> dict[str, str]:
    """The last clock of that id."""
    return [each for each in summary.of(pack, day)["clocks"] if each["id"] == name][-1]


def with_deadlines(old: str, new: str) -> Pack:
    """Testland with another text in its deadlines."""
    return pack_files.testland_pack(
        deadlines=pack_files.changed("deadlines.toml", old, new)["deadlines.toml"]
    )


def test_a_clock_is_told_whole() -> None:
    assert clock("handle") == {
        "id": "handle",
        "title": "handle (en)",
        "status": "draft",
        "law": "TA 3(1); TA Decree 3",
        "for": "each allegation",
        "starts": "on received",
        "length": "60 calendar days",
        "longer": "by 30 calendar days in all, 1×, with a reason, approved by the second officer",
        "stops": "transferred or forwarded or complaint filed or allegation closed or closed or withdrawn",
        "missed": "the officers' superiors are told",
        "warned": "14 days before it, 3 days before it, on the last day",
        "told": "nobody besides the officers",
        "in force": "from 2026-01-01 on, by the day of the report",
    }


def test_every_way_of_starting_is_told() -> None:
    assert clock("feedback")["starts"] == "on acknowledged, or when “acknowledge” has run out"
    served = "when the notice of result notified is read"
    assert clock("object")["starts"] == f"{served}, at the latest 30 calendar days after it"
    waiting = with_deadlines('deemed_served = { length = 30, unit = "calendar_day" }\n', "")
    assert clock("object", waiting)["starts"] == served
    alone = with_deadlines('starts_on = ["acknowledged"]', "starts_on = []")
    assert clock("feedback", alone)["starts"] == "when “acknowledge” has run out"


def test_every_way_of_ending_is_told() -> None:
    assert clock("object")["missed"] == "the step is refused as too late, with reasons"
    assert clock("complaint_watch")["missed"] == "the law takes the silence for an answer"
    endless = with_deadlines('stops_on = ["reopened"]\n', "warn = [-1]\n")
    watch = clock("watch_over_source", endless)
    assert watch["stops"] == "by itself, when it has run out"
    assert watch["missed"] == "nothing: it has run out"
    assert watch["warned"] == "1 day before it"


def test_every_length_is_told() -> None:
    assert clock("investigate")["length"] == "60 calendar days, then the next working day"
    assert clock("investigate")["longer"] == "by any length, as often as needed, with a reason"
    assert clock("acknowledge")["longer"] == "never"
    free = with_deadlines("{ most = 3, times = 1 }", "{ most = 1, reason = false }")
    assert clock("feedback", free)["longer"] == "by 1 month in all, as often as needed"
    assert summary.span(Span(1, Unit.YEAR)) == "1 year"


def test_who_is_told_and_under_which_law_is_said() -> None:
    assert clock("answer_questions")["told"] == "the source"
    assert clock("investigate")["told"] == "the body that has the matter"
    under = with_deadlines('id = "handle"', 'id = "handle"\nunder = ["TA", "TA Decree"]')
    assert clock("handle", under)["for"] == "each allegation, under TA or TA Decree"


def test_a_day_shows_its_rules_alone() -> None:
    assert clock("tell_result")["length"] == "5 working days"
    assert clock("tell_result", day=date(2026, 12, 31)) == clock("tell_result") | {
        "length": "10 calendar days",
        "in force": "from 2026-01-01 until 2026-12-31, by the day it starts",
    }
    assert summary.of(PACK, date(2025, 1, 1))["clocks"] == []


def test_the_whole_is_counted() -> None:
    facts = summary.of(PACK)
    assert facts["by_status"] == {"verified": 0, "draft": len(PACK.records), "unverified": 0}
    assert sum(facts["rules"].values()) == len(PACK.records)
    assert (facts["rules"]["deadline"], facts["rules"]["law"]) == (11, 3)
    assert facts["silent"] == ["request", "detriment", "presumption", "benefit", "unit", "sanction"]
    assert facts["calendar_years"] == [2026, 2027, 2028]
    assert facts["missing"] == {"en": [], "tl": []}
    assert (facts["reviewer"], facts["not_verified"]) == ("nobody", [])


def test_what_is_missing_is_told_by_language() -> None:
    words = pack_files.words("tl").replace('title = "handle (tl)"', 'help = "?"')
    words = words.replace('text = "About your rights."', "")
    words = words[: words.index("[text.was_received]")]
    facts = summary.of(pack_files.testland_pack(words_tl=words))
    assert facts["missing"] == {"en": [], "tl": ["deadline.handle", "text.your_rights", "text.was_received"]}
    assert "Missing in tl: deadline.handle, text.your_rights, text.was_received." in summary.text(facts)


def test_what_is_not_verified_is_named() -> None:
    unverified = with_deadlines('basis = "TA 5"', 'basis = "TA 5"\nstatus = "unverified"')
    assert summary.of(unverified)["not_verified"] == ["deadline.investigate"]
    said = summary.text(summary.of(unverified))
    assert "Rules: 0 verified, 36 draft, 1 unverified." in said
    assert "investigate (unverified): investigate (en)" in said


def test_a_rule_that_ends_without_a_successor_is_named() -> None:
    assert summary.of(PACK)["ending"] == ["institution.old_prosecutor (2026-10-01)"]
    ends = with_deadlines('basis = "TA 5"', 'basis = "TA 5"\nuntil = 2027-12-31')
    assert "deadline.investigate (2027-12-31)" in summary.of(ends)["ending"]
    assert "deadline.tell_result (2026-12-31)" not in summary.of(ends)["ending"]
    assert summary.of(ends, date(2028, 1, 1))["ending"] == []
    assert "Ends, and none of its id follows: none." in summary.text(summary.of(ends, date(2028, 1, 1)))


def test_a_reviewer_is_named_with_the_day() -> None:
    head = pack_files.PACK + 'reviewer = "A lawyer of Testland"\nreviewed_on = 2026-11-22\n'
    assert summary.of(pack_files.testland_pack(pack=head))["reviewer"] == "A lawyer of Testland, 2026-11-22"


def test_the_page_has_a_line_for_each_thing() -> None:
    lines = summary.text(summary.of(PACK)).splitlines()
    assert lines[0] == f"Pack testland, edition 1, draft; digest {PACK.digest}"
    assert "Working days are known for: 2026, 2027, 2028." in lines
    assert "Unverified: none." in lines
    assert "The pack says nothing of: request, detriment, presumption, benefit, unit, sanction." in lines
    start = lines.index("acknowledge (draft): acknowledge (en)")
    assert lines[start + 1 : start + 3] == ["  law       TA 1", "  for       the report"]
    empty = summary.text(summary.of(PACK, date(2025, 1, 1)))
    assert "Working days are known for: no year." in empty
    assert "sanction, retention (no case is ever destroyed), statistic," in empty
