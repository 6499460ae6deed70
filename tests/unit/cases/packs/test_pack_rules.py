"""The rules of a pack hold together: one in force a day, none in a circle, none naming what is not there."""

import pytest

from tests.support import pack_files
from tests.support.pack_files import Slip, changed, told

SLIPS = [
    Slip(
        "life.toml",
        'id = "consent"',
        'id = "consent"\nunder = ["policy"]',
        "warning: this rule never holds: no category has the law policy. "
        "Write that law in a [[category]], or take “under” out.",
        at="under",
    ),
    Slip(
        "deadlines.toml",
        "from = 2027-01-01",
        "from = 2026-12-31",
        "error: two rules deadline “tell_result” are in force on 2026-12-31: "
        "this one and the one of line 58. Write until = 2026-12-30 in line 58, or give one an id of its own.",
    ),
    Slip(
        "deadlines.toml",
        "until = 2026-12-31\n",
        "",
        "error: two rules deadline “tell_result” are in force on 2027-01-01: "
        "this one and the one of line 58. Write until = 2026-12-31 in line 58, or give one an id of its own.",
        at="from = 2027-01-01",
    ),
    Slip(
        "deadlines.toml",
        "from = 2027-01-01",
        "from = 2027-02-01",
        "error: no rule deadline “tell_result” is in force from 2027-01-01 until 2027-01-31. "
        "Let this one begin on the day after the earlier one, or give it an id of its own.",
    ),
    Slip(
        "categories.toml",
        'asks = ["amount"]',
        'asks = ["amounts"]',
        "error: “asks”: “amounts” is no question of templates.toml. Did you mean “amount”?",
    ),
    Slip(
        "categories.toml",
        'law = "TA"',
        'law = "TB"',
        "error: “law”: “TB” is no law of laws.toml. There are: TA, TA Decree, policy.",
    ),
    Slip(
        "deadlines.toml",
        'after = "acknowledge"',
        'after = "acknowledged"',
        "error: “after”: “acknowledged” is no deadline of deadlines.toml. Did you mean “acknowledge”?",
    ),
    Slip(
        "deadlines.toml",
        'after = "acknowledge"',
        'after = "handle"',
        "error: “handle” has the scope allegation, and this rule the scope report. "
        "Let both have the same scope.",
    ),
    Slip(
        "deadlines.toml",
        'id = "handle"',
        'under = ["TA", "XY"]\nid = "handle"',
        "error: “under”: “XY” is no law of laws.toml. There are: TA, TA Decree, policy.",
    ),
    Slip(
        "deadlines.toml",
        'basis = "TA 5"',
        'basis = "TA"',
        "error: “TA” is named without its article. "
        'Write the article after the law, or "TA (article not seen)".',
    ),
    Slip(
        "institutions.toml",
        'supervisor = "ministry"',
        'supervisor = "old_prosecutor"',
        "error: “supervisor” names “old_prosecutor”, which is in force from 2026-01-01 until 2026-10-01, "
        "and this rule from 2026-01-01 on. Let what is named be in force on every day on which this rule is.",
    ),
    Slip(
        "institutions.toml",
        'supervisor = "ministry"',
        'supervisor = "new_prosecutor"',
        "error: “supervisor” names “new_prosecutor”, which is in force from 2026-10-02 on, "
        "and this rule from 2026-01-01 on. Let what is named be in force on every day on which this rule is.",
    ),
    Slip(
        "institutions.toml",
        'replaces = ["old_prosecutor"]',
        'replaces = ["older_prosecutor"]',
        "error: “replaces”: “older_prosecutor” is no institution of institutions.toml. "
        "Did you mean “old_prosecutor”?",
    ),
    Slip(
        "institutions.toml",
        'replaces = ["old_prosecutor"]',
        'replaces = ["ministry"]',
        "warning: “ministry” is replaced on 2026-10-02 and still in force on that day. "
        "Write until = 2026-10-01 for “ministry”, if it is no more.",
    ),
    Slip(
        "laws.toml",
        'source = "gazette"',
        'source = "gazete"',
        "error: “gazete” is no source of laws.toml. Did you mean “gazette”?",
    ),
    Slip(
        "calendar.toml",
        'id = "2027"\nyear = 2027\ndays = [2027-01-01, 2027-05-01, 2027-12-25]',
        'id = "2027"\nyear = 2025\ndays = [2025-01-01]',
        "error: the year 2027 has no holidays, and earlier ones have. Write its [[holidays]] too.",
        at="year = 2028",
    ),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.name} {slip.new[:30]}")
def test_a_slip_is_told_once_and_at_its_line(slip: Slip) -> None:
    assert slip.told == slip.expected


def test_a_request_may_be_governed_by_a_law_of_its_own() -> None:
    request = changed(
        "deadlines.toml",
        'scope = "report"\nstarts_on = ["closed"]\nstops_on = ["reopened"]',
        'scope = "request"\nunder = ["TA Decree"]\nstarts_on = ["relief_filed"]',
    )
    assert told(request) == []


def test_two_rules_that_begin_on_one_day_are_told_apart() -> None:
    files = changed("deadlines.toml", "from = 2027-01-01\n", "")
    assert told(files)[0] == (
        "deadlines.toml:69: error: two rules deadline “tell_result” are in force on 2026-01-01: "
        "this one and the one of line 58. Give one of them an id of its own, or take it out."
    )


def test_the_second_of_three_versions_may_end_late() -> None:
    text = pack_files.DEADLINES.replace("from = 2027-01-01\n", "from = 2027-01-01\nuntil = 2027-12-31\n")
    third = """
[[deadline]]
id = "tell_result"
scope = "referral"
starts_on = ["investigation_ended"]
length = 3
unit = "calendar_day"
from = {}
basis = "TA 6"
"""
    assert told(pack_files.testland(deadlines=text + third.format("2028-01-01"))) == []
    [said] = told(pack_files.testland(deadlines=text + third.format("2028-01-03")))
    assert "is in force from 2028-01-01 until 2028-01-02." in said


def test_what_is_named_may_be_in_force_longer() -> None:
    assert (
        told(
            changed(
                "institutions.toml", 'supervisor = "ministry"', 'supervisor = "ministry"\nuntil = 2027-01-01'
            )
        )
        == []
    )


def test_what_is_named_may_end_on_the_same_day() -> None:
    supervised = 'supervisor = "old_prosecutor"\nuntil = 2026-10-0{}'
    assert told(changed("institutions.toml", 'supervisor = "ministry"', supervised.format(1))) == []
    assert len(told(changed("institutions.toml", 'supervisor = "ministry"', supervised.format(2)))) == 1


def test_a_later_version_of_what_is_replaced_counts_too() -> None:
    again = '[[institution]]\nid = "old_prosecutor"\nfrom = 2026-10-02\nbasis = "TA 13"\n'
    [said] = told(pack_files.testland(institutions=pack_files.INSTITUTIONS + again))
    assert "“old_prosecutor” is replaced on 2026-10-02 and still in force on that day." in said


def test_a_circle_is_told_at_one_of_its_deadlines() -> None:
    rule = '[[deadline]]\nid = "d{}"\nscope = "report"\nafter = "d{}"\nlength = 1\nunit = "month"\n'
    rule += 'starts_on = ["closed"]\nwords = "handle"\nbasis = "TA 1"\n'
    circle = rule.format(1, 2) + rule.format(2, 1)
    [said] = told(pack_files.testland(deadlines=pack_files.DEADLINES + circle))
    assert said.startswith("deadlines.toml:122: error: a circle: “d1” after “d2” after “d1”.")


@pytest.mark.parametrize("after", ["feedback", "acknowledge"])
def test_deadlines_that_wait_for_each_other_are_told(after: str) -> None:
    files = changed(
        "deadlines.toml", 'id = "acknowledge"\nscope', f'id = "acknowledge"\nafter = "{after}"\nscope'
    )
    chain = {
        "feedback": "“acknowledge” after “feedback” after “acknowledge”",
        "acknowledge": "“acknowledge” after “acknowledge”",
    }[after]
    assert told(files) == [
        f"deadlines.toml:7: error: a circle: {chain}. Let one of them start on an event alone."
    ]


def test_a_long_chain_of_deadlines_is_no_circle() -> None:
    rule = '[[deadline]]\nid = "d{}"\nscope = "report"\nafter = "{}"\nlength = 1\nunit = "month"\n'
    rule += 'basis = "TA 1"\nstarts_on = []\n'
    names = ["acknowledge", *(f"d{number}" for number in range(1, 60))]
    chain = "".join(rule.format(number, names[number - 1]) for number in range(1, 60))
    said = told(pack_files.testland(deadlines=pack_files.DEADLINES + chain))
    assert [line for line in said if "words" not in line] == []


def test_a_source_is_there_once() -> None:
    source = '[[source]]\nid = "gazette"\ntitle = "Again"\nurl = "https://again"\nretrieved = 2026-01-01\n'
    assert told(pack_files.testland(laws=pack_files.LAWS + source)) == [
        "laws.toml:25: error: a source “gazette” stands above already. Give it another id."
    ]


def test_rules_rest_on_laws() -> None:
    laws = pack_files.LAWS[: pack_files.LAWS.index("[[law]]")]
    words = pack_files.words("en").replace("law.", "closing.")
    said = [line for line in told(pack_files.testland(laws=laws, words_en=words)) if "words." not in line]
    right = 'Write a [[law]] for each, and one with id = "policy" for the rules of the agency itself.'
    assert said == [f"laws.toml: error: no law stands here. {right}"]


@pytest.mark.parametrize("kind", ["rest_days", "holidays", ""])
def test_working_days_need_a_calendar(kind: str) -> None:
    tables = [
        table for table in pack_files.CALENDAR.split("[[") if not table.startswith(kind or ("rest", "holi"))
    ]
    said = told(pack_files.testland(calendar="[[".join(tables)))
    wrong = "error: this rule counts working days, and the pack has no calendar."
    right = "Write calendar.toml with [[rest_days]] and [[holidays]]."
    assert said == [f"deadlines.toml:{line}: {wrong} {right}" for line in (42, 53, 75)]


@pytest.mark.parametrize(
    ("old", "new", "begins"),
    [
        ("weekdays = [6, 7]\n", "weekdays = [6, 7]\nfrom = 2026-01-02\n", "2026-01-02"),
        ("from = 2026-01-01", "from = 2026-03-01", "2026-03-01"),
    ],
)
def test_working_days_are_not_known_before_the_calendar(old: str, new: str, begins: str) -> None:
    said = told(changed("calendar.toml", old, new))
    wrong = f"warning: this rule counts working days, and the calendar begins on {begins}, after it."
    assert said[0].startswith(f"deadlines.toml:42: {wrong} Let [[rest_days]] and [[holidays]] be in force")
    assert [line.split(" ")[0] for line in said] == ["deadlines.toml:42:", "deadlines.toml:53:"]


def test_the_holidays_of_a_year_stand_once() -> None:
    again = '[[holidays]]\nid = "local"\nyear = 2026\ndays = [2026-06-29]\nbasis = "policy"\n'
    assert told(pack_files.testland(calendar=pack_files.CALENDAR + again)) == [
        (
            "calendar.toml:29: error: the holidays of 2026 stand in line 10 already. "
            "Keep all holidays of a year in one record."
        )
    ]


def test_the_holidays_of_a_year_may_change() -> None:
    text = pack_files.CALENDAR.replace("year = 2026\n", "year = 2026\nuntil = 2026-06-01\n")
    again = (
        '[[holidays]]\nid = "2026"\nyear = 2026\ndays = [2026-06-29]\nfrom = 2026-06-02\nbasis = "policy"\n'
    )
    assert told(pack_files.testland(calendar=text + again)) == []


def test_only_a_named_reviewer_verifies() -> None:
    verified = changed("retention.toml", 'basis = "TA 19"', 'basis = "TA 19"\nstatus = "verified"')
    wrong = (
        "and pack.toml names no reviewer with a day. Write reviewer and reviewed_on, or the status “draft”."
    )
    assert told(verified) == [f"pack.toml:5: error: “verified” stands in retention.toml, line 5, {wrong}"]
    head = verified["pack.toml"] + 'reviewer = "A lawyer of Testland"\n'
    assert told({**verified, "pack.toml": head}) == told(verified)
    head += "reviewed_on = 2026-11-22\n"
    assert told({**verified, "pack.toml": head}) == []
    alone = pack_files.testland(pack=pack_files.PACK.replace('"draft"', '"verified"'))
    assert f"pack.toml:5: error: “verified” stands in pack.toml, {wrong}" in told(alone)
    whole = head.replace('"draft"', '"verified"')
    assert told({**verified, "pack.toml": whole}) == [
        (
            "pack.toml:5: error: the pack is “verified”, and 36 of its rules are not. "
            "Write the status “draft” until each rule is verified."
        )
    ]
    every = {name: text.replace('status = "draft"', 'status = "verified"') for name, text in verified.items()}
    assert told({**every, "pack.toml": whole}) == []
