"""A pack answers by day and language, and says so when it has no answer."""

from datetime import date

import pytest

from cases.errors import RuleError
from cases.kinds import ReportEvent
from cases.packs.pack import PackRef, Words
from cases.packs.schema import Citation, Deadline, Holidays, Institution, Law, Sanction
from tests.support import pack_files

PACK = pack_files.testland_pack()
BEFORE, IN_2026, IN_2027 = date(2025, 12, 31), date(2026, 12, 31), date(2027, 1, 1)


def test_an_edition_has_a_name() -> None:
    assert PackRef("testland", 1, PACK.digest) == PACK.ref
    assert len(PACK.digest) == 64


def test_the_rule_of_a_day_is_the_one_in_force_on_it() -> None:
    assert PACK.rule(Deadline, "tell_result", IN_2026).length == 10
    assert PACK.rule(Deadline, "tell_result", IN_2027).length == 5
    assert PACK.find(Deadline, "tell_result", BEFORE) is None
    assert PACK.find(Deadline, "nothing", IN_2026) is None
    with pytest.raises(RuleError, match="testland 1 has no deadline “tell_result” in force on 2025-12-31"):
        PACK.rule(Deadline, "tell_result", BEFORE)


def test_rules_of_one_kind_come_in_the_order_of_the_file() -> None:
    assert list(PACK.ids(Law)) == ["TA", "TA Decree", "policy"]
    assert list(PACK.ids(Sanction)) == []
    bodies = [body.id for body in PACK.in_force(Institution, date(2026, 10, 2))]
    assert bodies == ["ministry", "works_office", "new_prosecutor"]
    assert PACK.in_force(Holidays, BEFORE) == ()


def test_deadlines_are_found_by_what_starts_and_stops_them() -> None:
    assert [rule.id for rule in PACK.starting[ReportEvent.RECEIVED]] == ["acknowledge", "handle"]
    assert [rule.id for rule in PACK.stopping[ReportEvent.OBJECTED]] == ["object"]
    assert [rule.id for rule in PACK.following["acknowledge"]] == ["feedback"]
    assert PACK.calendar.works(date(2026, 5, 1)) is False


def test_words_fall_back_on_the_first_language() -> None:
    rule = PACK.rule(Deadline, "handle", IN_2026)
    assert PACK.title(rule, "tl") == "handle (tl)"
    assert PACK.title(rule, "fr") == "handle (en)"
    assert PACK.say("text.your_rights", "tl") == Words("your rights (tl)", "About your rights.")
    assert PACK.say("text.no_rights", "tl") == Words()
    assert PACK.title(PACK.rule(Holidays, "2026", IN_2026), "en") == "2026"


def test_a_citation_reads_as_lawyers_write_it() -> None:
    assert str(Citation("TA Decree", "3(1)")) == "TA Decree 3(1)"


def test_a_rule_holds_under_its_laws() -> None:
    files = pack_files.changed("deadlines.toml", 'id = "handle"', 'id = "handle"\nunder = ["TA"]')
    rule = pack_files.testland_pack(deadlines=files["deadlines.toml"]).rule(Deadline, "handle", IN_2026)
    assert [rule.holds_under(law) for law in ("TA", "TA Decree", None)] == [True, False, False]
    assert PACK.rule(Deadline, "handle", IN_2026).holds_under(None)
