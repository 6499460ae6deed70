"""What the author of a pack could try who has a key that is trusted, and what a stranger's stick could."""

import os
from datetime import date
from pathlib import Path

import pytest

from cases import life
from cases.errors import PackError
from cases.event import Actor
from cases.events import Received
from cases.kinds import Role
from cases.packs import folder, reading, rules
from cases.packs.pack import Pack
from tests.support import pack_files
from tests.support.pack_files import told

FOLLOWER = '[[deadline]]\nid = "{}"\nscope = "report"\nstarts_on = []\nafter = "{}"\nlength = 1\n'
FOLLOWER += 'unit = "year"\nbasis = "TA 1"\n{}'


def followers(count: int, last: str = "") -> str:
    """A chain of deadlines after the first one of Testland; `last` is written under its last one."""
    names = ["acknowledge", *(f"d{number}" for number in range(1, count + 1))]
    ends = [""] * (count - 1) + [last]
    return "".join(FOLLOWER.format(names[number + 1], names[number], end) for number, end in enumerate(ends))


def opened(pack: Pack, on: date) -> int:
    """How many clocks a report of a day has under a pack."""
    event = Received(on=on, recorded_on=on, by=Actor(Role.SYSTEM), pack=pack.ref)
    return len(tuple(life.advance(None, event, pack).clocks))


def as_pack(**changes: str | None) -> Pack:
    """Testland with other files."""
    return reading.load(pack_files.as_bytes(pack_files.testland(**changes)))


def with_titles(*names: str) -> dict[str, str]:
    """The words of Testland with a title for these deadlines too."""
    more = "".join(f'\n[deadline.{name}]\ntitle = "{name}"\n' for name in names)
    return {f"words_{each}": pack_files.words(each) + more for each in ("en", "tl")}


def test_periods_follow_one_another_as_far_as_they_can_be_counted() -> None:
    count = rules.CHAIN_MAX
    names = [f"d{number}" for number in range(1, count + 1)]
    longest = as_pack(deadlines=pack_files.DEADLINES + followers(count), **with_titles(*names))
    assert opened(longest, date(2026, 11, 22)) == count + 3
    files = pack_files.testland(deadlines=pack_files.DEADLINES + followers(count + 1))
    [said] = [line for line in told(files) if "words" not in line]
    assert f"error: more than {count} periods follow one another before this one." in said


def test_an_older_version_of_a_rule_hides_no_chain() -> None:
    count = rules.CHAIN_MAX + 1
    short = FOLLOWER.format(f"d{count}", "acknowledge", "from = 2027-01-01\n")
    chain = followers(count, "until = 2026-12-31\n") + short
    said = [
        line
        for line in told(pack_files.testland(deadlines=pack_files.DEADLINES + chain))
        if "words" not in line
    ]
    assert len(said) == 2
    assert all("periods follow one another" in line for line in said)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("holidays", ["year = 2029\ndays = []"]),
        ("rest_days", ["weekdays = [1]", "weekdays = [2]", "weekdays = [3]"]),
    ],
)
def test_a_calendar_has_no_thousands_of_records(
    kind: str, more: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f'[[{kind}]]\nid = "x{n}"\n{each}\nbasis = "TA 1"\n' for n, each in enumerate(more)]
    files = pack_files.testland(calendar=pack_files.CALENDAR + "".join(rows))
    assert told(files) == []
    monkeypatch.setattr(rules, "CALENDAR_MAX", 3)
    [said] = told(files)
    assert said.endswith(
        f"error: more than 3 records “{kind}” stand in this file. "
        "Let one record hold all the days of a week, or of a year."
    )


@pytest.mark.parametrize(
    "words",
    ['"\\u001b[2Jx" = 1\n', '[law]\n"\\u001b[31m" = 1\n', '["\\u202e"."\\u001b]0;x"]\ntitle = 1\n'],
)
def test_a_name_that_orders_a_terminal_is_shown_without_it(words: str) -> None:
    said = told(pack_files.testland(words_en=words))
    assert said
    assert all(line.isprintable() for line in said)


@pytest.mark.parametrize("step", ["recused", "restricted", "consent_recorded", "notice_read", "hold_placed"])
def test_no_pack_switches_off_what_protects_a_source(step: str) -> None:
    setting = f'\n[[setting]]\nid = "events_off"\nvalue = "forwarded, {step}"\nbasis = "policy"\n'
    [said] = told(pack_files.testland(life=pack_files.LIFE + setting))
    assert f"error: “{step}” protects the source, and no pack switches it off. Take it out." in said


def test_a_warning_before_the_first_day_of_all_stops_no_case() -> None:
    first = date.min
    rule = (
        '\n[[deadline]]\nid = "w"\nscope = "report"\nstarts_on = ["received"]\nlength = 1\nunit = "month"\n'
    )
    rule += "warn = [-40000]\nfrom = 0001-01-01\n"
    laws = pack_files.LAWS.replace("from = 2026-01-01", "from = 0001-01-01", 1)
    pack = as_pack(deadlines=pack_files.DEADLINES + rule + 'basis = "TA 1"\n', laws=laws, **with_titles("w"))
    assert opened(pack, first) == 1
    clock = life.advance(
        None, Received(on=first, recorded_on=first, by=Actor(Role.SYSTEM), pack=pack.ref), pack
    ).clocks.find("w", "")
    assert clock is not None
    assert (clock.due_on, clock.tell_on) == (date(1, 2, 1), first)


@pytest.mark.parametrize("becomes", ["pipe", "larger", "link"])
def test_a_file_that_becomes_another_while_it_is_read_is_refused(
    becomes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pack.toml"
    file.write_bytes(b"x")
    (tmp_path.parent / f"{tmp_path.name}.outside").write_bytes(b"secret")
    as_it_was = folder._refused

    def swapped(name: str, entries: list[Path]) -> object:
        found = list(as_it_was(name, entries))
        file.unlink()
        if becomes == "pipe":
            os.mkfifo(file)
        elif becomes == "larger":
            file.write_bytes(bytes(folder.FILE_BYTES_MAX + 1))
        else:
            file.symlink_to(tmp_path.parent / f"{tmp_path.name}.outside")
        return found

    monkeypatch.setattr(folder, "_refused", swapped)
    with pytest.raises(PackError, match=r"changed while it was read|cannot be read"):
        folder.files_of(tmp_path)
