"""Deleting a case: what the law asks, that nothing of it is left, power cuts, and when it is complete."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, table

from cases.errors import CaseError
from cases.kinds import ReportEvent as E
from cases.machines.report import ReportState
from journalist_app.errors import BusyError, DeletionError, NotFoundError, StepError
from journalist_app.services import deletion_standing
from journalist_app.services.answering import Written
from journalist_app.services.deletion_rules import How
from journalist_app.services.replacing import replace_key
from journalist_app.store import deletions
from journalist_app.store.folders import Folders
from journalist_app.store.tables import Row
from journalist_app.store.vault import Vault
from source_app.settings import DELETE_AFTER_DAYS_MAX
from tests.support.case_office import CaseOffice
from tests.support.raw_vault import plain_log, plain_pages
from tests.support.server_side import SampleSource, read_out
from transfer.manifest import BoardShown

WORDS = ["zanzibarquark", "xylographfjord", "고래상어", "bill-of-quartz.pdf", "whisperknob", "gruffalomint"]
FORM = {
    "form": "report",
    "version": 1,
    "answers": [{"id": "pack", "value": "eu 1"}, {"id": "who", "value": f"{WORDS[1]} and others"}],
}


@pytest.fixture
def office(tmp_path: Path) -> CaseOffice:
    """An office with two cases; the first is full, closed, and may be deleted from today on."""
    made = CaseOffice(tmp_path, kept_days=1)
    files = ((WORDS[3], b"%PDF the numbers"),)
    made.report(1, FORM, text=f"They took it: {WORDS[0]} {WORDS[2]}.", files=files)  # type: ignore[arg-type]
    made.report(2, text="Another matter of bridges.")
    desk = made.desk("Inge")
    desk.steps().note(1, f"Ask the bank about {WORDS[4]}.")
    desk.answering().reply(1, Written(f"Thank you for {WORDS[5]}.", "received"))
    desk.answering().reply(2, Written("We look at the bridge.", "received"))
    desk.sorting().flag(1, "press")
    desk.sorting().link(1, made.page("Inge", 2).code)
    desk.unlocked.close()
    made.closed()
    made.live.clock.turn(days=2)
    return made


def delete(
    office: CaseOffice, case: int = 1, name: str = "Rita", second: str = "Sven", code: str = ""
) -> None:
    desk = office.desk(name)
    agreeing = office.officer(second)
    try:
        desk.deleting().delete(case, code or office.page("Inge", case).code, agreeing)
    finally:
        desk.unlocked.close()


def still(office: CaseOffice) -> list[How]:
    desk = office.desk("Rita")
    try:
        return [each.how for each in desk.deleting().deleted()[0].still]
    finally:
        desk.unlocked.close()


def envelopes(office: CaseOffice) -> int:
    return len(list(office.live.station.folders.envelopes.iterdir()))


def rows(office: CaseOffice) -> dict[str, int]:
    """How many rows each table has."""
    desk = office.desk("Rita")
    with desk.unlocked.vault.read() as session:
        found = {
            name: session.scalar(select(func.count()).select_from(table(name))) or 0
            for name in (*(each.name for each in Row.metadata.sorted_tables), "search")
        }
    desk.unlocked.close()
    return found


# What goes


def test_a_case_goes_whole_and_the_others_stay(office: CaseOffice) -> None:
    before = rows(office)
    page = office.desk("Rita").deleting().page(1)
    assert page.refusal == ""
    assert (page.goes.messages, page.goes.files, page.goes.answers, page.goes.notes) == (1, 1, 1, 2)
    delete(office)
    after = rows(office)
    gone = {name: before[name] - after[name] for name in before if before[name] > after[name]}
    assert gone == {
        "case_events": 4,
        "case_flags": 1,
        "case_links": 1,
        "cases": 1,
        "files": 1,
        "notes": 2,
        "parcels": 1,
        "replies": 1,
        "search": 4,
        "sources": 1,
    }
    assert envelopes(office) == 1
    with pytest.raises(NotFoundError):
        office.page("Inge", 1)
    other = office.page("Inge", 2)
    assert (other.parcels[0].text, len(other.replies), other.links) == ("Another matter of bridges.", 1, ())
    (line,) = office.desk("Rita").deleting().deleted()
    assert (line.number, line.officer, line.second) == (1, "Rita", "Sven")


def test_every_table_that_points_at_a_case_goes_with_it() -> None:
    found = {table.name for table in deletions._belongings(1)}
    named = {"case", "parcel", "reply", "file", "note"}
    for each in Row.metadata.sorted_tables:
        for column in each.columns:
            if column.name in named:
                assert column.foreign_keys, (each.name, column.name)
                assert each.name in found
    assert not found & {"officers", "deletions", "deleted_objects", "log", "audit", "sources"}


def test_no_word_of_it_is_left_in_any_byte_that_the_key_opens(office: CaseOffice) -> None:
    code, alias = office.page("Inge").code, office.page("Inge").alias
    traces = [word.encode() for word in (*WORDS, code, alias)]
    pieces = [b"zanzibarqu", b"xylograp", "고래".encode(), b"whisperk", b"gruffalo"]
    desk = office.desk("Admin")
    key, path = desk.unlocked.key, office.live.station.folders.databases()[0]
    seen = plain_pages(path, key) + plain_log(path, key)
    assert [trace for trace in traces if trace not in seen] == [], "the scan sees what is there"
    delete(office)  # beside an open connection, so that closing does not remove the log
    raw = plain_pages(path, key)
    log = plain_log(path, key)
    desk.unlocked.close()
    assert [trace for trace in (*traces, *pieces) if trace in raw] == []
    assert [trace for trace in (*traces, *pieces) if trace in log] == []
    assert b"Another matter of bridges" in raw


def test_among_many_cases_nothing_is_left_in_gaps_of_pages(tmp_path: Path) -> None:
    office = CaseOffice(tmp_path, kept_days=1)
    for number in range(1, 41):
        word = f"w{number:03d}" + "".join(chr(97 + (number * k) % 26) for k in range(3, 12))
        office.server.receive(
            SampleSource(number), f"{word} " * 200 + "common words of all of them " * number
        )
    office.server.export(office.live.stick)
    desk = office.desk("Admin")
    desk.receiving().import_stick(office.live.stick, accepted_key=office.server.key.hex())
    key, path = desk.unlocked.key, office.live.station.folders.databases()[0]
    desk.unlocked.close()
    for case in (3, 17, 18, 39):
        office.closed(case)
    office.live.clock.turn(days=2)
    marks = []
    for case in (3, 17, 18, 39):
        page = office.page("Inge", case)
        marks += [page.parcels[0].text.split()[0].encode(), page.alias.encode(), page.code.encode()]
        delete(office, case)
    raw = plain_pages(path, key) + plain_log(path, key)
    assert [mark for mark in marks if mark in raw] == []


def test_the_next_export_issues_nothing_of_it_and_what_is_out_lives_until_it_expires(
    office: CaseOffice,
) -> None:
    desk = office.desk("Admin")
    desk.sending().export(office.live.stick)
    desk.unlocked.close()
    source = SampleSource(1)
    assert len(source.read(office.server.instance, read_out(office.live.stick))) == 1
    until = office.desk("Rita").deleting().page(1).shown_until
    assert until == office.live.clock.now.date() + timedelta(days=90)
    delete(office)
    assert office.desk("Rita").deleting().deleted()[0].shown_until == until
    office.live.clock.turn(days=75)  # when what is out would be issued again
    office.live.confirm_clock()
    desk = office.desk("Admin")
    desk.sending().export(office.live.stick)
    desk.unlocked.close()
    statement = read_out(office.live.stick)
    old, new = statement.sets[-2:]
    assert (old[0].slots, new[0].slots) == (64, 64)
    assert len(source.read(office.server.instance, statement)) == 1, "the set that is out"
    only_new = type(statement)(statement.verified, statement.descriptor, statement.batch, (new,))
    assert source.read(office.server.instance, only_new) == []
    assert len(SampleSource(2).read(office.server.instance, only_new)) == 1


def test_who_writes_again_opens_a_new_case_and_what_was_deleted_comes_back_by_no_way(
    office: CaseOffice,
) -> None:
    delete(office)
    first = office.server.entries[0].object_id
    office.server.accept(first, office.server.store[first])  # the same bytes, under another number
    office.server.export(office.live.stick, 2)
    desk = office.desk("Admin")
    done = desk.receiving().import_stick(office.live.stick)
    desk.unlocked.close()
    assert (done.reports, done.messages, done.already_here) == (0, 0, 2)
    office.report(1, text="It is me again.")
    page = office.page("Inge", 3)
    assert [parcel.text for parcel in page.parcels] == ["It is me again."]
    desk = office.desk("Admin")
    desk.sending().export(office.live.stick)
    desk.unlocked.close()
    (ack,) = read_out(office.live.stick).verified.manifest.acks
    assert ack.index == len(office.server.entries), "what was deleted counts as received"


# What the law says


def test_a_case_that_is_held_is_refused(office: CaseOffice) -> None:
    office.step("Audit", E.HOLD_PLACED, sort="audit")
    assert "holds are in place: audit" in office.desk("Rita").deleting().page(1).refusal
    with pytest.raises(CaseError, match="these holds are in place: audit"):
        delete(office)
    assert office.page("Inge").work is not None
    assert envelopes(office) == 2
    office.step("Audit", E.HOLD_LIFTED, hold=_hold(office))
    delete(office)
    assert envelopes(office) == 1


def _hold(office: CaseOffice) -> str:
    return next(value for value, _ in office.desk("Audit").steps().page(1, E.HOLD_LIFTED).fields[-1].choices)


@pytest.mark.parametrize(
    ("name", "second", "code", "why"),
    [
        ("Inge", "Sven", "", "Inge cannot delete a case"),
        ("Head", "Sven", "", "Head cannot delete a case"),
        ("Rita", "Rita", "", "must be another one"),
        ("Rita", "Boss", "", "Boss cannot agree to this"),
        ("Rita", "Sven", "AAAAAAAA", "not the code of this case"),
    ],
)
def test_it_takes_records_a_second_officer_and_the_right_case(
    office: CaseOffice, name: str, second: str, code: str, why: str
) -> None:
    with pytest.raises((CaseError, DeletionError, StepError), match=why):
        delete(office, 1, name, second, code)
    assert office.page("Inge").parcels[0].text.startswith("They took it")


def test_a_case_is_not_deleted_before_its_time_nor_unless_it_is_only_kept(tmp_path: Path) -> None:
    office = CaseOffice(tmp_path, kept_days=3)
    office.report()
    with pytest.raises(CaseError, match="cannot follow"):
        delete(office)
    office.closed()
    until = office.live.clock.now.date() + timedelta(days=3)
    office.live.clock.turn(days=3)
    (line,) = office.desk("Rita").deleting().closed(1)[0]
    assert (line.state, line.kept_until, line.next) == (ReportState.RETAINED, until, None)
    assert "may not be destroyed before" in line.refusal
    with pytest.raises(CaseError, match="may not be destroyed before"):
        delete(office)
    office.live.clock.turn(days=1)
    (line,) = office.desk("Rita").deleting().closed(1)[0]
    assert line.refusal == ""
    delete(office)


def test_what_no_rule_gives_a_time_for_is_kept(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    silent = CaseOffice(tmp_path / "a")
    silent.report()
    silent.step("Inge", E.ACKNOWLEDGED)
    silent.step("Inge", E.CLOSED, "Sven", "Nothing in it.", reason="clearly_false")
    silent.step("Rita", E.RETAINED, "Sven")
    with pytest.raises(CaseError, match="while “retaliation_watch” runs, until 2028-11-22"):
        delete(silent)
    silent.live.clock.turn(days=800)
    silent.live.confirm_clock()
    with pytest.raises(CaseError, match="does not say how long this case is kept"):
        delete(silent)
    without = CaseOffice(tmp_path / "b", with_pack=False)
    without.report()
    assert "no rule says how long" in without.desk("Rita").deleting().page(1).refusal
    with pytest.raises(DeletionError, match="no rule says how long"):
        delete(without)


def test_nothing_is_deleted_while_an_import_runs(office: CaseOffice) -> None:
    with office.live.station.folders.only_one(), pytest.raises(BusyError):
        delete(office)
    assert office.page("Inge").case_id == 1


def test_a_restricted_case_takes_two_of_its_readers(office: CaseOffice) -> None:
    office.step("Boss", E.RESTRICTED, readers=[office.id_of("Rita"), office.id_of("Boss")])
    code = office.page("Boss").code
    with pytest.raises(CaseError, match="no such case"):
        delete(office, code=code)
    assert office.desk("Rita").deleting().page(1).refusal == ""
    with pytest.raises(NotFoundError):
        office.desk("Sven").deleting().page(1)
    office.step("Boss", E.RESTRICTED, readers=[office.id_of("Rita")])
    assert "Nobody but you" in office.desk("Rita").deleting().page(1).refusal


# Who must not know (behaviour 15)


def test_who_was_recused_finds_no_trace_of_the_deletion(office: CaseOffice) -> None:
    from journalist_app.services.audit import Action  # noqa: PLC0415

    inge = office.desk("Inge")
    for subject in ("case 1", "file 1", "parcel 1", "reply 1", "case 2"):
        inge.audit().note(inge.officer, Action.READ_CASE, subject)
    inge.unlocked.close()
    office.step("Boss", E.RECUSED, person=office.id_of("Audit"))
    delete(office)
    audit = office.desk("Audit")
    seen = {line.subject for line in audit.audit().lines(audit.officer)}
    assert "case 2" in seen
    assert not seen & {"case 1", "file 1", "parcel 1", "reply 1"}
    assert audit.deleting().deleted() == ()
    audit.audit().verify()
    rita = office.desk("Rita")
    assert {"case 1", "file 1"} <= {line.subject for line in rita.audit().lines(rita.officer)}
    assert len(rita.deleting().deleted()) == 1


# Power cuts


class PowerCutError(BaseException):
    """The machine went off."""


def killed(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _halfway(self: Folders, object_ids: list[bytes]) -> bool:
    self.envelope(object_ids[0]).unlink()  # type: ignore[arg-type]
    killed()
    return True


MOMENTS: dict[str, tuple[object, str, Callable[..., object], bool]] = {
    "before the rows go": (deletions, "remove_case", killed, False),
    "in the midst of the rows": (deletions, "delete", killed, False),
    "before the envelopes go": (Folders, "remove_envelopes", killed, True),
    "between two envelopes": (Folders, "remove_envelopes", _halfway, True),
    "before the log is emptied": (Vault, "empty_log", killed, True),
    "before it is closed": (deletion_standing, "close_complete", killed, True),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_it_is_all_there_or_all_gone(
    office: CaseOffice, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.report(1, text="A second message.", files=(("b.pdf", b"%PDF"),))
    before = rows(office)
    code = office.page("Inge").code
    second = office.officer("Sven")
    where, name, instead, decided = MOMENTS[moment]
    child = os.fork()
    if child == 0:
        desk = office.desk("Rita")
        monkeypatch.setattr(where, name, instead)
        desk.deleting().delete(1, code, second)
        os._exit(0)  # it was to be killed
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    monkeypatch.undo()
    office.live.clock.turn(minutes=5)
    assert decided == (rows(office)["cases"] == 1)
    if decided:
        assert envelopes(office) == 1, "the next sign-in removes what was left"
        with pytest.raises(NotFoundError):
            office.page("Inge", 1)
    else:
        assert (rows(office), envelopes(office)) == (before, 3)
        delete(office, code=code)
    assert len(office.desk("Rita").deleting().deleted()) == 1
    assert envelopes(office) == 1
    assert office.page("Inge", 2).parcels[0].text == "Another matter of bridges."


def test_an_import_removes_what_a_cut_left_too(office: CaseOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = office.desk("Admin")
    with monkeypatch.context() as patched:
        patched.setattr(Folders, "remove_envelopes", _cut)
        with pytest.raises(PowerCutError):
            delete(office)
    assert envelopes(office) == 2
    office.server.receive(SampleSource(3))
    office.server.export(office.live.stick, 2)
    admin.receiving().import_stick(office.live.stick)
    assert envelopes(office) == 2
    admin.unlocked.close()


def _cut(*_: object, **__: object) -> bool:
    raise PowerCutError


# When it is complete


def test_a_deletion_is_complete_when_its_four_conditions_are_met_and_then_closes_by_itself(
    office: CaseOffice,
) -> None:
    admin = office.desk("Admin")
    medium = office.live.settings.vault_dir.parent / "backups"
    medium.mkdir()
    admin.backups().make(medium)
    delete(office)
    assert still(office) == [How.KEY_EXISTS, How.NOT_TOLD, How.SAME_KEY, How.BACKUPS_EXIST]
    admin.sending().export(office.live.stick)
    assert How.NOT_HEARD in still(office)
    _heard(office, days=1)
    assert How.KEEPS_A_WHILE in still(office)
    _heard(office, days=DELETE_AFTER_DAYS_MAX - 1)
    assert How.KEEPS_A_WHILE in still(office)
    _heard(office, days=1)
    assert still(office) == [How.KEY_EXISTS, How.SAME_KEY, How.BACKUPS_EXIST]
    _destroy_week(office)
    assert still(office) == [How.SAME_KEY, How.BACKUPS_EXIST]
    assert office.desk("Admin").overview().wait_for_key == 1
    assert office.desk("Rita").overview().wait_for_key == 0, "who keeps no keys is not asked"
    replace_key(office.desk("Admin").unlocked, office.live.clock)
    assert office.desk("Admin").overview().wait_for_key == 0
    assert still(office) == [How.FORMER_KEY_KEPT, How.BACKUPS_EXIST]
    newer, older = office.desk("Admin").backups().lines()
    office.desk("Admin").backups().mark_destroyed(older.backup_id)
    assert still(office) == [How.FORMER_KEY_KEPT], "the newer backup is sealed under it"
    office.desk("Admin").backups().mark_destroyed(newer.backup_id)
    assert still(office) == []
    (line,) = office.desk("Audit").deleting().deleted()
    assert (line.number, line.completed_on) == (1, office.live.clock.now.date())
    found = rows(office)
    assert (found["deletions"], found["deleted_objects"]) == (1, 0), "what it waited for is forgotten"


def _heard(office: CaseOffice, days: int) -> None:
    """Some days later the server says, in a bundle, which board it shows."""
    office.live.clock.turn(days=days)
    if days > 20:
        office.live.confirm_clock()
    out = read_out(office.live.stick).verified.manifest
    office.server.board = BoardShown(out.epoch, out.seq)
    office.server.made_on = office.live.clock.now.date().isoformat()
    office.server.outstanding = {}
    office.server.export(office.live.stick, len(office.server.entries))
    desk = office.desk("Admin")
    desk.receiving().import_stick(office.live.stick)
    desk.unlocked.close()


def _destroy_week(office: CaseOffice) -> None:
    desk = office.desk("Admin")
    medium = office.live.settings.vault_dir.parent / "more"
    medium.mkdir()
    made = desk.backups().make(medium)
    desk.backups().verify(medium / made.name)
    desk.destroying().destroy(office.server.window)
    desk.unlocked.close()


def test_another_key_is_offered_once_a_month(office: CaseOffice) -> None:
    replace_key(office.desk("Admin").unlocked, office.live.clock)
    delete(office)
    assert office.desk("Admin").overview().wait_for_key == 0, "it had one two days ago"
    office.live.clock.turn(days=29)
    assert office.desk("Admin").overview().wait_for_key == 0
    office.live.clock.turn(days=1)
    assert office.desk("Admin").overview().wait_for_key == 1
