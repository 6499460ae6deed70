"""A pack is read value by value; what cannot be read is told with file, line and what would be right."""

from datetime import date
from decimal import Decimal

import pytest

from cases.errors import PackError
from cases.kinds import OnMiss, ReportEvent, Role, Scope, Status, Unit
from cases.packs import reading, signature
from cases.packs.schema import Benefit, Citation, Deadline, Extension, Law, Span
from tests.support import pack_files
from tests.support.pack_files import DEADLINES, LAWS, Slip, as_bytes, changed, told

DAY = date(2026, 11, 22)

BENEFITS = """
[[benefit]]
id = "share"
pays = "percent"
rate = "0.30"
of = "recovered"
currency = "TLR"
min_exclusive = 300_000
from = 2026-01-01
status = "unverified"
basis = "TA 30"
"""


def test_testland_is_read_without_a_word() -> None:
    assert told(pack_files.testland()) == []


def test_a_record_is_what_its_table_says() -> None:
    handle = pack_files.testland_pack().rule(Deadline, "handle", DAY)
    assert handle == Deadline(
        id="handle",
        from_on=date(2026, 1, 1),
        basis=(Citation("TA", "3(1)"), Citation("TA Decree", "3")),
        status=Status.DRAFT,
        scope=Scope.ALLEGATION,
        starts_on=(ReportEvent.RECEIVED,),
        stops_on=(
            ReportEvent.TRANSFERRED,
            ReportEvent.FORWARDED,
            ReportEvent.COMPLAINT_FILED,
            ReportEvent.ALLEGATION_CLOSED,
            ReportEvent.CLOSED,
            ReportEvent.WITHDRAWN,
        ),
        length=60,
        unit=Unit.CALENDAR_DAY,
        extend=Extension(30, 1, approver=Role.SECOND_OFFICER),
        warn=(-14, -3, 0),
    )
    served = pack_files.testland_pack().rule(Deadline, "object", DAY)
    assert (served.deemed_served, served.on_miss) == (Span(30, Unit.CALENDAR_DAY), OnMiss.REFUSE)


def test_what_a_record_says_goes_before_the_defaults_of_its_file() -> None:
    pack = pack_files.testland_pack()
    assert pack.rule(Deadline, "tell_result", date(2027, 1, 1)).from_on == date(2027, 1, 1)
    assert pack.rule(Law, "TA", DAY).from_on == date(2026, 1, 1)


def test_a_decimal_keeps_its_digits() -> None:
    words = pack_files.testland()["words.en.toml"] + '[benefit.share]\ntitle = "Share"\n'
    pack = pack_files.testland_pack(benefits=BENEFITS, words_en=words)
    benefit = pack.rule(Benefit, "share", DAY)
    assert (benefit.rate, benefit.min_exclusive) == (Decimal("0.30"), 300_000)


def test_the_policy_is_a_basis_without_an_article() -> None:
    watch = pack_files.testland_pack().rule(Deadline, "watch_over_source", DAY)
    assert watch.basis == (Citation("policy", ""),)
    assert str(watch.basis[0]) == "policy"


def test_the_edition_is_that_of_its_signature() -> None:
    files = as_bytes(pack_files.testland())
    pack = reading.load({**files, "pack.sig": b"whatever"})
    assert pack.ref.digest == signature.digest("testland", 1, files)


def test_what_cannot_be_used_is_refused_with_its_findings() -> None:
    files = as_bytes(changed("deadlines.toml", "length = 7", "length = 0"))
    with pytest.raises(PackError) as refused:
        reading.load(files)
    assert [finding.line for finding in refused.value.findings] == [10]


@pytest.mark.parametrize("name", ["pack", "laws"])
def test_a_pack_has_two_files_at_least(name: str) -> None:
    right = "Copy it from the worked example in docs/operators/packs.md and change what it says."
    assert told(pack_files.testland(**{name: None})) == [f"{name}.toml: error: this file is missing. {right}"]


def test_what_was_judged_once_is_not_judged_again() -> None:
    files = as_bytes(changed("deadlines.toml", 'after = "acknowledge"', 'after = "nothing_known"'))
    with pytest.raises(PackError):
        reading.load(files)
    assert reading.load_unjudged(files).find(Deadline, "feedback", date(2026, 11, 22)) is not None
    sound = as_bytes(pack_files.testland())
    assert reading.load_unjudged(sound) == reading.load(sound)


@pytest.mark.parametrize("name", ["pack.toml", "deadlines.toml"])
def test_a_damaged_file_is_refused_unjudged_too(name: str) -> None:
    files = as_bytes(pack_files.testland())
    with pytest.raises(PackError, match="damaged"):
        reading.load_unjudged({**files, name: files[name][:-3]})


def test_a_file_that_no_pack_has_is_told() -> None:
    files = {**pack_files.testland(), "deadline.toml": "not even = TOML = at all", "notes\n.txt": ""}
    known = "pack.toml, benefits.toml, calendar.toml, categories.toml, deadlines.toml, institutions.toml, "
    known += "laws.toml, life.toml, protection.toml, retention.toml, sanctions.toml, statistics.toml, "
    known += "templates.toml, texts.toml, units.toml, words.en.toml"
    out = "If it is no part of the pack, take it out; it may be hidden."
    assert told(files) == [
        f"deadline.toml: error: “deadline.toml” is no file of a pack. Did you mean “deadlines.toml”? {out}",
        f"notes .txt: error: “notes .txt” is no file of a pack. There are: {known}. {out}",
    ]


SLIPS = [
    Slip(
        "deadlines.toml",
        "length = 60",
        'length = "sixty"',
        "error: “length” must be a whole number, and “sixty” is a text. Write it in this form: length = 60.",
    ),
    Slip(
        "deadlines.toml",
        "length = 60",
        "length = 60.5",
        "error: “length” must be a whole number, and “60.5” is a number with a point. "
        "Write it in this form: length = 60.",
    ),
    Slip(
        "deadlines.toml",
        "length = 60",
        "length = true",
        "error: “length” must be a whole number, and “True” is a yes or no. "
        "Write it in this form: length = 60.",
    ),
    Slip(
        "deadlines.toml",
        "length = 60",
        "length = 9007199254740992",
        "error: “length” is too large a number. Write a smaller one.",
    ),
    Slip(
        "deadlines.toml",
        "length = 60",
        "length = [60]",
        "error: “length” must be a whole number, and this is a list. Write it in this form: length = 60.",
    ),
    Slip(
        "deadlines.toml",
        'unit = "month"',
        'unit = "months"',
        "error: “months” is no word for “unit”. Did you mean “month”?",
    ),
    Slip(
        "deadlines.toml",
        'unit = "month"',
        "unit = 3",
        "error: “unit” must be a word in quotes, and “3” is a number. "
        'Write it in this form: unit = "calendar_day".',
    ),
    Slip(
        "deadlines.toml",
        'starts_on = ["received"]',
        'starts_on = "received"',
        "error: “starts_on” must be a list, and “received” is a text. "
        'Write it in this form: starts_on = ["received"].',
    ),
    Slip(
        "deadlines.toml",
        'starts_on = ["received"]',
        'starts_on = ["recieved"]',
        "error: “recieved” is no word for “starts_on”. Did you mean “received”?",
    ),
    Slip(
        "deadlines.toml",
        'starts_on = ["transferred", "forwarded"]',
        'starts_on = ["transferred", "transferred"]',
        "error: “starts_on” names something twice. Name each once.",
    ),
    Slip(
        "deadlines.toml",
        "extend = { most = 3, times = 1 }",
        "extend = 3",
        "error: “extend” must be a table in braces, and “3” is a number. "
        "Write it in this form: extend = { most = 30, times = 1 }.",
    ),
    Slip(
        "deadlines.toml",
        "extend = { most = 3, times = 1 }",
        "extend = { max = 3, times = 1 }",
        "error: “max” is no key of “extend”. There are: most, times, reason, approver.",
    ),
    Slip(
        "deadlines.toml",
        'deemed_served = { length = 30, unit = "calendar_day" }',
        "deemed_served = { length = 30 }",
        'error: “deemed_served” has no “unit”. Write it in this form: unit = "calendar_day".',
    ),
    Slip(
        "deadlines.toml",
        "served = true",
        'served = "yes"',
        "error: “served” must be true or false, and “yes” is a text. Write it in this form: served = true.",
    ),
    Slip(
        "deadlines.toml",
        "until = 2026-12-31",
        'until = "2026-12-31"',
        "error: “until” must be a day, and “2026-12-31” is a text. Write until = 2026-12-31.",
    ),
    Slip(
        "deadlines.toml",
        "until = 2026-12-31",
        "until = 2026-12-31T00:00:00",
        "error: “until” must be a day, and “2026-12-31 00:00:00” is a day with a time. "
        "Write it in this form: until = 2026-11-22.",
    ),
    Slip(
        "deadlines.toml",
        "until = 2026-12-31",
        "until = 00:00:00",
        "error: “until” must be a day, and “00:00:00” is a time of the day. "
        "Write it in this form: until = 2026-11-22.",
    ),
    Slip(
        "deadlines.toml",
        'basis = "TA 1"',
        'bases = "TA 1"',
        "error: “bases” is no key of [[deadline]]. Did you mean “basis”?",
    ),
    Slip(
        "deadlines.toml",
        'basis = "TA 1"',
        'basis = "XY 1"',
        "error: “XY 1” is no law of laws.toml with an article. There are: TA, TA Decree, policy.",
    ),
    Slip(
        "deadlines.toml",
        'basis = "TA 1"',
        'basis = "TADecree 1"',
        "error: “TADecree 1” is no law of laws.toml with an article. Did you mean “TA Decree”?",
    ),
    Slip(
        "deadlines.toml",
        'basis = "TA 1"',
        'basis = " "',
        "error: “basis” is empty. Write something, or leave the line out if it may be missing.",
    ),
    Slip(
        "deadlines.toml",
        "[[deadline]]",
        "[[deadlines]]\nid = 1\n[[deadline]]",
        "error: “deadlines” is no table of deadlines.toml. Did you mean “deadline”?",
    ),
    Slip(
        "retention.toml",
        "[[retention]]",
        "[retention]",
        "error: “retention” is no list of tables. Begin each with [[retention]].",
    ),
    Slip(
        "deadlines.toml",
        "from = 2026-01-01",
        "form = 2026-01-01\nfrom = 2026-01-01",
        "error: “form” is no key of [defaults]. Did you mean “from”?",
    ),
    Slip(
        "laws.toml",
        'url = "https://gazette.example/acts"',
        "url = 7",
        'error: “url” must be a text, and “7” is a number. Write url = "7".',
    ),
    Slip(
        "laws.toml",
        'title = "Gazette of Testland"',
        'title = "Gazette\\u0007 of Testland"',
        "error: “title” holds a character that cannot be seen: U+0007, after “Gazette”. Take it out.",
    ),
    Slip(
        "words.en.toml",
        'title = "received (en)"',
        "title = 1",
        'error: “title” must be a text, and “1” is a number. Write title = "1".',
    ),
    Slip(
        "words.en.toml",
        'title = "received (en)"',
        'titel = "received"',
        "error: “titel” is no key of [stage.received]. Did you mean “title”?",
    ),
    Slip(
        "words.en.toml",
        "[pack.name]",
        "stage.new = 1\n[pack.name]",
        "error: “stage.new” is no table. Begin it with [stage.new].",
    ),
    Slip(
        "words.en.toml",
        "[pack.name]",
        "name = 1\n[pack.name]",
        'error: “name” is no table. Begin each with [kind.id], then title = "…".',
    ),
    Slip(
        "pack.toml",
        "version = 1",
        'version = "1"',
        "error: “version” must be a whole number, and “1” is a text. Write version = 1.",
    ),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.new[:30])
def test_a_slip_is_told_once_and_at_its_line(slip: Slip) -> None:
    if "basis" in slip.said and "bases" in slip.new:
        assert slip.expected[0] in slip.told
    else:
        assert slip.told == slip.expected


@pytest.mark.parametrize("sign", ["\\t", "\\u001B[2J", "\\u0085", "\\u2028", "\\u202E", "\\u2066"])
def test_what_cannot_be_seen_is_refused(sign: str) -> None:
    [said] = told(changed("words.en.toml", "About your rights.", f"About{sign}your rights."))
    start = "words.en.toml:114: error: “text” holds a character that cannot be seen: "
    assert said.startswith(start)
    assert said.endswith(", after “About”. Take it out.")
    [said] = told(changed("words.en.toml", "About your rights.", f"{sign}About your rights."))
    assert said.endswith(", at its beginning. Take it out.")


@pytest.mark.parametrize(
    "text", ["deux\\u00A0: points", "می\\u200Cخواهم", "שלום\\u200E", "中\\u3000文", "two\\nlines"]
)
def test_what_scripts_need_is_kept(text: str) -> None:
    assert told(changed("words.en.toml", "About your rights.", text)) == []


@pytest.mark.parametrize("rate", ["0.3x", "1e-1", "NaN", "Infinity", "0" * 50])
def test_a_rate_is_written_out(rate: str) -> None:
    [said] = told(pack_files.testland(benefits=BENEFITS.replace("0.30", rate)))
    assert said.startswith(f"benefits.toml:4: error: “rate” must be a decimal number, and “{rate[:40]}")


def test_a_rate_stands_in_quotes() -> None:
    [said] = told(pack_files.testland(benefits=BENEFITS.replace('"0.30"', "0.30")))
    assert said == (
        "benefits.toml:4: error: “rate” must be a decimal number in quotes, "
        'and “0.3” is a number with a point. Write it in this form: rate = "0.30".'
    )


def test_a_missing_key_is_told_at_its_record() -> None:
    assert told(changed("deadlines.toml", "length = 7\n", "")) == [
        "deadlines.toml:5: error: [[deadline]] has no “length”. Write it in this form: length = 60."
    ]
    assert told(changed("pack.toml", "version = 1\n", "")) == [
        "pack.toml: error: pack.toml has no “version”. Write it in this form: version = 1."
    ]
    assert told(changed("retention.toml", 'starts_on = ["closed"]\n', "")) == [
        (
            "retention.toml:5: error: [[retention]] has no “starts_on”. "
            'Write it in this form: starts_on = ["received"].'
        )
    ]


def test_defaults_are_a_table() -> None:
    text = DEADLINES.replace('[defaults]\nfrom = 2026-01-01\nstatus = "draft"\n', "defaults = 1\n")
    assert told(pack_files.testland(deadlines=text))[0] == (
        "deadlines.toml:1: error: “defaults” is no table. Begin it with [defaults]."
    )


@pytest.mark.parametrize(
    ("default", "said"),
    [
        (
            'from = "22.11.2026"',
            (
                "error: “from” must be a day, and “22.11.2026” is a text. "
                "Write it in this form: from = 2026-11-22."
            ),
        ),
        ("form = 2026-01-01", "error: “form” is no key of [defaults]. Did you mean “from”?"),
    ],
)
def test_what_is_wrong_for_all_records_is_told_once(default: str, said: str) -> None:
    text = DEADLINES.replace("from = 2026-01-01", default, 1)
    assert told(pack_files.testland(deadlines=text)) == [f"deadlines.toml:2: {said}"]


@pytest.mark.parametrize(
    ("event", "letter"),
    [("reсeived", "“с” (CYRILLIC SMALL LETTER ES)"), ("received\\u200b", "ZERO WIDTH SPACE")],
)
def test_a_letter_that_looks_right_is_named(event: str, letter: str) -> None:
    [said] = told(changed("deadlines.toml", 'starts_on = ["received"]', f'starts_on = ["{event}"]'))
    assert said.endswith(f"Did you mean “received”? {letter} is none of its letters.")


@pytest.mark.parametrize(
    ("name", "old", "new", "right"),
    [
        (
            "calendar.toml",
            "weekdays = [6, 7]",
            'weekdays = ["Sunday"]',
            "Write it in this form: weekdays = [6].",
        ),
        ("calendar.toml", "weekdays = [6, 7]", 'weekdays = ["7"]', "Write weekdays = [7]."),
        ("deadlines.toml", "length = 7\n", 'length = "7 days"\n', "Write length = 7."),
        ("deadlines.toml", "length = 7\n", 'length = "1 000 days"\n', "Write it in this form: length = 60."),
        ("deadlines.toml", "warn = [-14, -3, 0]", "warn = [-1.5]", "Write it in this form: warn = [-3]."),
        ("deadlines.toml", "warn = [-14, -3, 0]", "warn = [99999999999999999]", "Write a smaller one."),
        ("life.toml", 'value = "no"', "value = true", 'Write it in this form: value = "…".'),
        ("life.toml", 'value = "no"', 'value = ["no"]', 'Write it in this form: value = "…".'),
        ("deadlines.toml", 'status = "draft"\n', "", 'Write it in this form: status = "unverified".'),
    ],
)
def test_what_would_be_right_is_right(name: str, old: str, new: str, right: str) -> None:
    assert told(changed(name, old, new))[0].endswith(right)


def test_a_law_without_an_id_is_told_and_no_other_suffers() -> None:
    text = LAWS.replace('id = "policy"\n', "")
    said = told(pack_files.testland(laws=text))
    assert 'laws.toml:21: error: [[law]] has no “id”. Write it in this form: id = "…".' in said
    assert all("policy" in line for line in said if not line.startswith("laws.toml"))


def test_a_file_that_is_not_toml_does_not_hide_the_others() -> None:
    files = {**changed("deadlines.toml", "length = 60", "length = sixty"), "pack.toml": "id ="}
    assert [line.split(" error: ")[0] for line in told(files)] == ["deadlines.toml:30:", "pack.toml:1:"]


@pytest.mark.parametrize("text", ["retention = 1", "retention = [1]", "retention = [{}, 1]"])
def test_a_list_of_anything_else_is_no_list_of_tables(text: str) -> None:
    assert told(pack_files.testland(retention=text)) == [
        "retention.toml:1: error: “retention” is no list of tables. Begin each with [[retention]]."
    ]


def test_what_is_shown_of_a_value_is_short() -> None:
    for length, end in ((40, ""), (41, "…")):
        [said] = told(changed("deadlines.toml", "length = 60", f'length = "{"x" * length}"'))
        assert f"and “{'x' * 40}{end}” is a text." in said


def test_a_head_that_is_wrong_does_not_hide_a_source_that_is() -> None:
    files = changed("laws.toml", 'title = "Gazette of Testland"', "title = 1")
    files["pack.toml"] = files["pack.toml"].replace("version = 1", "version = true")
    assert [line.split(" error: ")[0] for line in told(files)] == ["laws.toml:7:", "pack.toml:2:"]


def test_very_large_numbers_are_told_without_their_digits() -> None:
    [said] = told(changed("laws.toml", 'title = "Gazette of Testland"', f"title = 0x{'f' * 1_900}"))
    assert said == (
        "laws.toml:7: error: “title” must be a text, and “a very large number” is a number. "
        'Write title = "a very large number".'
    )


def test_a_thousand_slips_are_not_all_told() -> None:
    keys = "".join(f"x{number} = 1\n" for number in range(30))
    many = "".join(f"[[retention]]\nid = {number}\n{keys}" for number in range(100))
    assert 200 <= len(told(pack_files.testland(retention=many))) < 300
    texts = "".join(f'[closing.c{n}]\ntitle = "x"\n' for n in range(500))
    assert len(told(pack_files.testland(words_en=pack_files.testland()["words.en.toml"] + texts))) == 200
