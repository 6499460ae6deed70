"""docs/operators/packs.md: its example is a pack that can be read, its tables name every key and event."""

import re
from pathlib import Path

import pytest

from cases.kinds import AppliesBy, OnMiss, ReportEvent, RequestEvent, Roll, Scope, Status, Unit
from cases.packs import fields, reading
from cases.packs.pack import Pack
from cases.packs.schema import (
    KINDS,
    Answer,
    Benefit,
    BenefitKind,
    Deadline,
    Extension,
    IndexedUnit,
    Law,
    LawKind,
    Place,
    Record,
    Remedy,
    RequestType,
    Source,
)

PAGE = (Path(__file__).parents[2] / "docs/operators/packs.md").read_text()
COMMON = fields.forms(Record).keys()
ROWS = re.findall(r"^\| `([a-z.]+)` \| `([a-z_]+)` \| (.*) \|$", PAGE, re.MULTILINE)


def example() -> dict[str, bytes]:
    """The files of the worked example: under each heading that names one, its block of code."""
    blocks = re.findall(r"^### ([\w.]+\.toml)$(.*?)^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return {name: text.encode() for name, _, text in blocks}


def pack() -> Pack:
    return reading.load(example())


def test_the_example_has_no_error_and_no_warning() -> None:
    found, findings = reading.read(example())
    assert [str(each) for each in findings] == []
    assert found is not None
    assert found.head.id == "uz"


def test_nothing_in_the_example_is_verified_and_the_whole_is_marked_so() -> None:
    assert Status.VERIFIED not in {record.status for record in pack().records}
    assert pack().head.status is Status.UNVERIFIED
    assert pack().head.reviewer is None


def test_the_example_counts_working_days_and_indexed_units() -> None:
    records = pack().records
    spans = {r.id: (r.length, r.unit) for r in records if isinstance(r, Deadline)}
    assert spans == {"reward_decide": (1, Unit.WORKING_DAY), "reward_pay": (15, Unit.WORKING_DAY)}
    rewards = {(r.least_units, r.most_units, r.unit) for r in records if isinstance(r, Benefit) and r.unit}
    assert rewards == {(3, 25, "bcv")}
    units = [(r.amount, r.currency, str(r.from_on)) for r in records if isinstance(r, IndexedUnit)]
    assert units == [(22_300_000, "UZS", "2020-12-31")]
    assert [r.id for r in records if isinstance(r, RequestType)] == ["protection_order"]


def test_the_example_says_where_no_article_was_seen() -> None:
    cited = {c.article for r in pack().records for c in r.basis if c.law != "policy"}
    assert cited == {"(article not seen)"}


def test_a_slip_in_the_example_is_found() -> None:
    files = example()
    files["deadlines.toml"] = files["deadlines.toml"].replace(b"length = 15", b'length = "fifteen"')
    found, findings = reading.read(files)
    assert found is None
    assert [each.file for each in findings] == ["deadlines.toml"]


def test_the_table_has_a_row_for_each_kind_of_record() -> None:
    wanted = [(kind.file, kind.kind) for kind in KINDS]
    assert sorted((file, kind) for file, kind, _ in ROWS) == sorted([*wanted, (Law.file, "source")])


@pytest.mark.parametrize("kind", [Source, *(k for k in KINDS if k is not Deadline)], ids=lambda k: k.__name__)
def test_the_table_names_every_key(kind: type) -> None:
    name = kind.kind if issubclass(kind, Record) else "source"
    said = next(text for _, kind_name, text in ROWS if kind_name == name)
    keys = fields.forms(kind).keys() - (COMMON if issubclass(kind, Record) else set())
    assert set(re.findall(r"`([a-z_]+)`", said.replace("no `basis`", ""))) == keys


def test_every_key_of_a_deadline_is_told() -> None:
    section = PAGE.split("### A deadline")[1].split("### Events")[0]
    told = set(re.findall(r"`([a-z_]+)`", section))
    words = {str(word) for kind in (Scope, Unit, Roll, OnMiss, AppliesBy) for word in kind}
    wanted = (fields.forms(Deadline).keys() - COMMON) | fields.forms(Extension).keys() | words
    assert wanted - told == set()
    assert told - wanted == {"source", "agency"}


def test_every_event_is_told() -> None:
    section = PAGE.split("### Events")[1].split("### Words")[0]
    told = re.findall(r"`([a-z_]+)`", section)
    assert sorted(told) == sorted(str(event) for kind in (ReportEvent, RequestEvent) for event in kind)


@pytest.mark.parametrize("words", [Answer, LawKind, BenefitKind, Place, Remedy], ids=lambda k: k.__name__)
def test_every_word_of_the_table_is_told(words: type[Answer]) -> None:
    assert any(", ".join(map(str, words)) in text for _, _, text in ROWS)
