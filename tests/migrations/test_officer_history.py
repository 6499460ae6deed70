"""The officer vault's history: leads to the tables that the store uses, and back to none."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
import sqlcipher3
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

import migrations.officer
from cases.kinds import Role
from crypto import signing
from crypto.source_keys import InstanceId
from crypto.windows import new_state, sign_batch
from journalist_app.services.roles import unpack_roles
from journalist_app.store import deletion_tables
from journalist_app.store.case_tables import CaseRow
from journalist_app.store.search_index import ITEMS_PER_CASE, question

STATION_OF_0001 = (
    "INSERT INTO station (id, instance_id, instance_name, time_zone, languages, root_key, signing_seed, "
    "certificate, epoch, descriptor_number, descriptor_issued_on, descriptor, batch_no, batch, "
    "oldest_window, last_window) "
    "VALUES (1, x'00', 'Office', 'UTC', 'en', x'00', x'00', x'00', x'00', 3, '2026-11-22', x'00', 2, "
    ":batch, 150, 205)"
)
OUT_OF_0001 = "INSERT INTO out_bundles VALUES (1, x'00', '2026-11-22', x'00', x'00', x'00', :batch, x'00')"

BEFORE_ROLES = frozenset(
    {
        Role.ADMINISTRATOR,
        Role.APPROVER,
        Role.HANDLER,
        Role.INTAKE,
        Role.PROTECTION_OFFICER,
        Role.SECOND_OFFICER,
    }
)

CASE_OF_0001 = "INSERT INTO cases VALUES (1, 'quiet river', 'ABCD2345', 1, 'received', '2026-11-22', NULL, 1)"


HAS_MORE_TABLES = (deletion_tables,)
"""Modules whose tables are known only once they are imported."""


def history(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(next(iter(migrations.officer.__path__)))))
    config.attributes["connection"] = connection
    return config


def _is_a_table_of_ours(name: str | None, kind: str, _: object) -> bool:
    """Not the index of the search, whose tables are SQLite's own, nor one that falls and rises at once."""
    return not (kind == "table" and str(name).startswith("search")) and name != "ix_cases_order"


def test_the_history_leads_to_the_tables_of_the_store() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "head")
        asked = {"include_name": _is_a_table_of_ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=asked), CaseRow.metadata) == []


def test_the_history_leads_to_numbers_that_are_not_used_again() -> None:
    wanted = {
        table.name
        for table in CaseRow.metadata.tables.values()
        if table.dialect_options["sqlite"].get("autoincrement")
    }
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "head")
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        assert wanted - {name for name, sql in rows if "AUTOINCREMENT" in (sql or "")} == set()


def test_the_history_leads_back_to_nothing() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "head")
        command.downgrade(history(connection), "base")
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]


def test_a_vault_from_before_learns_its_batches_and_keeps_its_station() -> None:
    first, second = (_published(number, window) for number, window in ((1, 150), (2, 154)))
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0001")
        connection.execute(sa.text(STATION_OF_0001), {"batch": second})
        connection.execute(sa.text(OUT_OF_0001), {"batch": first})
        command.upgrade(history(connection), "0002")
        question = "SELECT batch_no, first_window, last_window, issued_on, lost_on FROM batches ORDER BY 1"
        assert connection.exec_driver_sql(question).fetchall() == [
            (1, 150, 201, "2026-11-22", None),
            (2, 154, 205, "2026-11-22", None),
        ]
        kept = connection.exec_driver_sql("SELECT batch, oldest_window, clock_seen_at FROM station").one()
        assert kept == (second, 150, "")
        command.downgrade(history(connection), "0001")
        assert connection.exec_driver_sql("SELECT batch, oldest_window FROM station").one() == (second, 150)
        assert "batches" not in sa.inspect(connection).get_table_names()


def test_keys_for_the_outside_come_and_go_alone() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0002")
        connection.exec_driver_sql("INSERT INTO officers VALUES ('1', 'Anna', 'secret', 7)")
        command.upgrade(history(connection), "0003")
        connection.exec_driver_sql("INSERT INTO agency_key VALUES (1, 'AB', x'00', x'01', '2026-11-22')")
        connection.exec_driver_sql("INSERT INTO institutions VALUES ('Court', 'CD', x'02', '2026-11-22')")
        with pytest.raises(sa.exc.IntegrityError):
            connection.exec_driver_sql("INSERT INTO institutions VALUES ('Court', 'EF', x'03', '2026-11-22')")
        command.downgrade(history(connection), "0002")
        assert connection.exec_driver_sql("SELECT name FROM officers").scalar() == "Anna"
        command.upgrade(history(connection), "head")
        left = "SELECT fingerprint FROM agency_key UNION ALL SELECT fingerprint FROM institutions"
        assert connection.exec_driver_sql(left).all() == []


def test_a_vault_from_before_packs_keeps_its_cases_without_events() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0001")
        connection.execute(sa.text(STATION_OF_0001), {"batch": _published(1, 150)})
        connection.exec_driver_sql("INSERT INTO sources VALUES (1, x'01', x'02', x'03', x'04', 1, 0)")
        connection.exec_driver_sql(CASE_OF_0001)
        command.upgrade(history(connection), "0004")
        assert connection.exec_driver_sql("SELECT pack_in_use FROM station").scalar() == ""
        assert connection.exec_driver_sql("SELECT count(*) FROM case_events").scalar() == 0
        connection.exec_driver_sql("INSERT INTO case_events VALUES (1, 1, x'7b7d')")
        connection.exec_driver_sql("INSERT INTO packs VALUES ('kr', 1, 'aa', x'00', '2026-11-22', 'Anna')")
        connection.exec_driver_sql("INSERT INTO pack_files VALUES ('kr', 1, 'pack.toml', x'01')")
        connection.exec_driver_sql("UPDATE station SET pack_in_use = 'kr'")
        with pytest.raises(sa.exc.IntegrityError):
            connection.exec_driver_sql("INSERT INTO case_events VALUES (1, 1, x'00')")
        command.downgrade(history(connection), "0003")
        assert connection.exec_driver_sql("SELECT alias FROM cases").scalar() == "quiet river"
        assert connection.exec_driver_sql("SELECT instance_name FROM station").scalar() == "Office"
        command.upgrade(history(connection), "head")
        assert connection.exec_driver_sql("SELECT pack_in_use FROM station").scalar() == ""


def test_officers_from_before_roles_can_do_what_they_could() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0005")
        connection.exec_driver_sql("INSERT INTO officers VALUES ('1', 'Anna', 'secret', 7)")
        command.upgrade(history(connection), "0006")
        kept, roles = connection.exec_driver_sql("SELECT name, roles FROM officers").one()
        assert (kept, unpack_roles(roles)) == ("Anna", BEFORE_ROLES)
        with pytest.raises(sa.exc.IntegrityError):
            connection.exec_driver_sql("INSERT INTO officers (officer_id, name) VALUES ('2', 'Boris')")
        command.downgrade(history(connection), "0005")
        assert connection.exec_driver_sql("SELECT name, last_step FROM officers").one() == ("Anna", 7)


def test_the_audit_log_is_only_added_to() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0006")
        connection.exec_driver_sql("INSERT INTO officers VALUES ('1', 'Anna', 'secret', 7, 'auditor')")
        command.upgrade(history(connection), "0007")
        connection.exec_driver_sql("INSERT INTO audit VALUES (1, '2026', '1', 'Anna', 'read', '', x'00')")
        connection.exec_driver_sql("INSERT INTO audit_seals VALUES (1, '2026-11-27', x'00')")
        for change in (
            "UPDATE audit SET officer = 'Boris'",
            "DELETE FROM audit_seals",
            "UPDATE audit_seals SET data = x'01'",
            "DELETE FROM audit",
        ):
            with pytest.raises(sa.exc.IntegrityError, match="only added to"):
                connection.exec_driver_sql(change)
        assert connection.exec_driver_sql("SELECT officer FROM audit").scalar() == "Anna"
        command.downgrade(history(connection), "0006")
        assert connection.exec_driver_sql("SELECT name FROM officers").scalar() == "Anna"


def test_officers_and_copies_from_before_keys_of_their_own_stay_as_they_were() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0007")
        connection.exec_driver_sql("INSERT INTO officers VALUES ('1', 'Anna', 'secret', 7, 'auditor')")
        connection.exec_driver_sql(
            "INSERT INTO key_copies VALUES (x'01', 'Safe', '2026-11-22', '2026-11-22', 150, 1, NULL, '')"
        )
        command.upgrade(history(connection), "0008")
        anna = connection.exec_driver_sql(
            "SELECT name, totp_secret, public_key, key_salt, recovery_codes, seen_by_others, joined_on, "
            "withdrawn_on FROM officers"
        ).one()
        assert tuple(anna) == ("Anna", "secret", b"", b"", "", 0, "", None)
        assert connection.exec_driver_sql("SELECT label, key_no FROM key_copies").one() == ("Safe", 1)
        numbers = [
            connection.exec_driver_sql(
                "INSERT INTO former_keys (key, replaced_on) VALUES (x'02', '2026-11-27') RETURNING number"
            ).scalar()
            for _ in range(2)
            if connection.exec_driver_sql("DELETE FROM former_keys") is not None
        ]
        assert numbers == [1, 2], "no number is used again"
        command.downgrade(history(connection), "0007")
        assert connection.exec_driver_sql("SELECT name, last_step FROM officers").one() == ("Anna", 7)
        assert connection.exec_driver_sql("SELECT label FROM key_copies").scalar() == "Safe"


def test_cases_from_before_steps_stand_where_their_events_say() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0008")
        for number in ("1", "2"):
            connection.exec_driver_sql(
                "INSERT INTO cases VALUES (?, ?, ?, ?, 'received', '2026-11-22', NULL, 1)", (number,) * 4
            )
        connection.exec_driver_sql("INSERT INTO case_events VALUES (2, 1, x'7b7d')")
        command.upgrade(history(connection), "0009")
        found = connection.exec_driver_sql("SELECT state, handler, restricted, clock_due_on FROM cases").all()
        assert [tuple(row) for row in found] == [("", "", 0, None), ("received", "", 0, None)]
        command.downgrade(history(connection), "0008")
        assert connection.exec_driver_sql("SELECT count(*) FROM cases").scalar() == 2


def test_what_was_in_the_vault_before_the_search_is_found() -> None:
    answers = '[{"form":"report","version":1,"answers":[{"id":"who","value":"harbour master"},%s]}]'
    danger = '{"id":"danger_now","value":"%s"}'
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0009")
        for number, said in ((1, "no"), (2, "yes")):
            connection.exec_driver_sql(
                "INSERT INTO sources VALUES (?, ?, x'02', x'03', x'04', 1, 0)", (number,) * 2
            )
            connection.exec_driver_sql(
                "INSERT INTO cases VALUES (?, ?, ?, ?, 'received', '2026-11-22', NULL, 1, '', '', 0, NULL)",
                (number, f"quiet river {number}", f"CODE{number}", number),
            )
            connection.exec_driver_sql(
                "INSERT INTO parcels VALUES (?, ?, ?, 'report', 'server', 'en', '2026-11-22', '2026-11-22', "
                "'2026-11-22', 150, 150, 65536, x'00', ?, ?)",
                (number, number, number, f"dredging {number}", answers % danger % said),
            )
        connection.exec_driver_sql("INSERT INTO files VALUES (1, 2, 'ledger.xlsx', '', 1, x'00', 0)")
        connection.exec_driver_sql("INSERT INTO notes VALUES (1, 1, 'x', '2026-11-22', 'colleague')")
        connection.exec_driver_sql(
            "INSERT INTO replies VALUES "
            "(1, 1, 'Anna', '2026-11-22', '뇌물수수 확인', 'result', NULL, NULL, '', '', '', '')"
        )
        command.upgrade(history(connection), "0010")
        for words, expected in (
            ("dredging", {1, 2}),
            ("harbour", {1, 2}),
            ("ledger", {2}),
            ("colleague", {1}),
            ("수수", {1}),
            ("CODE2", {2}),
            ("absent", set()),
        ):
            asked = sa.text("SELECT rowid FROM search WHERE search MATCH :asked")
            rows = connection.execute(asked, {"asked": question(words)}).scalars()
            assert {row // ITEMS_PER_CASE for row in rows} == expected, words
        assert connection.exec_driver_sql("SELECT danger FROM cases ORDER BY id").all() == [(0,), (1,)]
        command.downgrade(history(connection), "0009")
        assert connection.exec_driver_sql("SELECT text FROM notes").scalar() == "colleague"


def test_answers_from_before_know_when_they_left_and_drafts_do_not_leave_on_the_way_back() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0010")
        connection.exec_driver_sql("INSERT INTO sources VALUES (1, x'01', x'02', x'03', x'04', 1, 0)")
        connection.exec_driver_sql(
            "INSERT INTO cases (id, alias, code, source, stage, received_on, unanswered, danger, state, "
            "handler, restricted) VALUES (7, 'quiet river', 'ABCD2345', 1, 'result', '2026-11-22', 0, 1, "
            "'', '', 0)"
        )
        for number, seq in ((1, 3), (2, None)):
            connection.exec_driver_sql(
                "INSERT INTO replies VALUES (?, 7, 'Anna', '2026-11-22', 'text', 'result', NULL, ?, '', "
                "'read', '', '')",
                (number, seq),
            )
        connection.exec_driver_sql(
            "INSERT INTO out_bundles "
            "VALUES (3, x'00', '2026-11-24', x'00', x'00', x'00', x'00', x'00', x'00')"
        )
        connection.exec_driver_sql("INSERT INTO sets VALUES (1, x'00', 3, 64, x'00', '2027-02-22', x'00')")
        connection.exec_driver_sql(
            "INSERT INTO servers VALUES (x'01', 1, x'00', '2026-11-22', x'02', 4, x'00', '2026-11-23', "
            "'2026-11-24')"
        )
        command.upgrade(history(connection), "0011")
        asked = "SELECT sent_on, shown_until, read_on, message_id, draft, about FROM replies ORDER BY id"
        assert [tuple(row) for row in connection.exec_driver_sql(asked)] == [
            ("2026-11-24", "2027-02-22", None, "", 0, None),
            (None, None, None, "", 0, None),
        ]
        boards = "SELECT typeof(board_epoch), length(board_epoch), board_seq FROM servers"
        assert connection.exec_driver_sql(boards).one() == ("blob", 0, 0)
        assert connection.exec_driver_sql("SELECT id, danger FROM cases").one() == (7, 1)
        connection.exec_driver_sql("DELETE FROM replies WHERE id = 2")
        connection.exec_driver_sql(
            'INSERT INTO replies ("case", written_by, written_on, text, stage, held_back, may, '
            "consent_body, consent_fields, draft, message_id) "
            "VALUES (7, 'Anna', '2026-11-25', 'later', 'result', '', '', '', '', 1, '')"
        )
        assert connection.exec_driver_sql("SELECT max(id) FROM replies").scalar() == 3, "2 is not used again"
        command.downgrade(history(connection), "0010")
        assert connection.exec_driver_sql("SELECT id, text FROM replies").all() == [(1, "text")]


def test_cases_from_before_sorting_are_no_junk_and_keep_their_numbers() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0011")
        for number in (1, 2):
            connection.exec_driver_sql(
                "INSERT INTO sources VALUES (?, ?, x'02', x'03', x'04', 1, 0)", (number,) * 2
            )
            connection.exec_driver_sql(
                "INSERT INTO cases (id, alias, code, source, stage, received_on, unanswered, danger, state, "
                "handler, restricted) VALUES (?, ?, ?, ?, 'result', '2026-11-22', 1, 1, '', '', 0)",
                (number, f"quiet river {number}", f"CODE{number}", number),
            )
        command.upgrade(history(connection), "0012")
        asked = "SELECT id, alias, danger, junk, muted FROM cases ORDER BY id"
        assert [tuple(row) for row in connection.exec_driver_sql(asked)] == [
            (1, "quiet river 1", 1, 0, 0),
            (2, "quiet river 2", 1, 0, 0),
        ]
        connection.exec_driver_sql("INSERT INTO case_flags VALUES (1, 'press')")
        connection.exec_driver_sql("INSERT INTO case_links VALUES (1, 2)")
        command.downgrade(history(connection), "0011")
        indexes = sa.inspect(connection).get_indexes("cases")
        assert {"ix_cases_handler", "ix_cases_received_on"} <= {each["name"] for each in indexes}
        assert connection.exec_driver_sql("SELECT count(*) FROM cases").scalar() == 2
        rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'cases'")
        assert "AUTOINCREMENT" in str(rows.scalar())


def test_parcels_from_before_openpgp_were_opened_by_nobody() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0012")
        connection.exec_driver_sql("INSERT INTO sources VALUES (1, x'01', x'02', x'03', x'04', 1, 0)")
        connection.exec_driver_sql(
            "INSERT INTO cases (id, alias, code, source, stage, received_on, unanswered, danger, state, "
            "handler, restricted, junk, muted) VALUES (1, 'a b', 'CODE', 1, 'result', '2026-11-22', 1, 1, "
            "'', '', 0, 0, 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO parcels VALUES (1, x'01', 1, 'report', 'server', 'en', '2026-11-22', '2026-11-22', "
            "'2026-11-22', 150, 150, 65536, x'00', 'text', '[]')"
        )
        command.upgrade(history(connection), "0013")
        assert connection.exec_driver_sql("SELECT text, opened_text FROM parcels").one() == ("text", None)
        connection.exec_driver_sql("UPDATE parcels SET opened_text = 'inside'")
        command.downgrade(history(connection), "0012")
        assert connection.exec_driver_sql("SELECT text FROM parcels").one() == ("text",)


def test_no_step_waited_in_a_vault_from_before() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0014")
        connection.exec_driver_sql("INSERT INTO sources VALUES (1, x'01', x'02', x'03', x'04', 1, 0)")
        connection.exec_driver_sql(
            "INSERT INTO cases (id, alias, code, source, stage, received_on, unanswered, danger, state, "
            "handler, restricted, junk, muted) VALUES (1, 'a b', 'CODE', 1, 'closed', '2026-11-22', 1, 1, "
            "'closed', '', 0, 0, 0)"
        )
        command.upgrade(history(connection), "0015")
        assert connection.exec_driver_sql("SELECT state, ended_on FROM cases").one() == ("closed", None)
        connection.exec_driver_sql(
            "INSERT INTO proposals VALUES (1, 1, 'x', '2026-11-22', 'closed', x'7b7d', '')"
        )
        command.downgrade(history(connection), "0014")
        assert connection.exec_driver_sql("SELECT alias FROM cases").scalar() == "a b"


def test_a_station_from_before_deletions_has_its_key_since_it_was_replaced() -> None:
    for replaced, since in ((("2026-11-20", "2026-11-25"), "2026-11-25"), ((), "")):
        with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
            command.upgrade(history(connection), "0001")
            connection.execute(sa.text(STATION_OF_0001), {"batch": _published(1, 150)})
            connection.execute(sa.text(OUT_OF_0001), {"batch": _published(1, 150)})
            command.upgrade(history(connection), "0013")
            for day in replaced:
                connection.exec_driver_sql(
                    "INSERT INTO former_keys (key, replaced_on) VALUES (x'00', ?)", (day,)
                )
            command.upgrade(history(connection), "0014")
            assert connection.exec_driver_sql("SELECT key_since FROM station").scalar() == since
            connection.exec_driver_sql(
                "INSERT INTO deletions (case_number, deleted_at, officer, second) "
                "VALUES (7, '2027-01-01T10:00:00+00:00', 'Anna', 'Boris')"
            )
            connection.exec_driver_sql("INSERT INTO deleted_objects VALUES (1, x'01')")
            connection.exec_driver_sql("INSERT INTO deleted_subjects VALUES (1, 'file 3')")
            command.downgrade(history(connection), "0013")
            assert connection.exec_driver_sql("SELECT instance_name FROM station").scalar() == "Office"
            command.upgrade(history(connection), "head")


def test_a_bundle_from_before_signatures_keeps_its_manifest_alone() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0015")
        insert = (
            "INSERT INTO in_bundles (key_id, epoch, seq, sha256, made_on, imported_on, alarm, manifest) "
            "VALUES (x'01', x'02', ?, x'03', '2026-11-22', '2026-11-23', '', x'7b7d')"
        )
        for seq in (1, 2):
            connection.exec_driver_sql(insert, (seq,))
        connection.exec_driver_sql("DELETE FROM in_bundles WHERE seq = 2")
        command.upgrade(history(connection), "0016")
        asked = "SELECT id, manifest, typeof(signature), length(signature) FROM in_bundles"
        assert connection.exec_driver_sql(asked).all() == [(1, b"{}", "blob", 0)]
        command.downgrade(history(connection), "0015")
        connection.exec_driver_sql(insert, (3,))
        assert connection.exec_driver_sql("SELECT max(id) FROM in_bundles").scalar() == 3, (
            "2 is not used again"
        )
        command.upgrade(history(connection), "head")


def test_a_station_from_before_publications_has_published_nothing() -> None:
    with sa.create_engine("sqlite://", module=sqlcipher3).begin() as connection:
        command.upgrade(history(connection), "0001")
        connection.execute(sa.text(STATION_OF_0001), {"batch": _published(1, 150)})
        connection.execute(sa.text(OUT_OF_0001), {"batch": _published(1, 150)})
        connection.exec_driver_sql("INSERT INTO sources VALUES (1, x'01', x'02', x'03', x'04', 1, 0)")
        connection.exec_driver_sql(CASE_OF_0001)
        connection.exec_driver_sql(
            "INSERT INTO replies VALUES (1, 1, 'Anna', '2026-11-22', 'text', 'received', NULL, NULL, '')"
        )
        command.upgrade(history(connection), "0005")
        said = "SELECT publication_number, typeof(publication), length(publication) FROM station"
        assert connection.exec_driver_sql(said).one() == (0, "blob", 0)
        assert connection.exec_driver_sql("SELECT typeof(publication) FROM out_bundles").scalar() == "blob"
        asked = "SELECT text, may, consent_body, consent_fields FROM replies"
        assert connection.exec_driver_sql(asked).one() == ("text", "", "", "")
        connection.exec_driver_sql("UPDATE station SET publication_number = 7, publication = x'01'")
        connection.exec_driver_sql("UPDATE replies SET may = 'read'")
        command.downgrade(history(connection), "0004")
        assert connection.exec_driver_sql("SELECT instance_name, pack_in_use FROM station").one() == (
            "Office",
            "",
        )
        assert connection.exec_driver_sql("SELECT text FROM replies").scalar() == "text"
        command.upgrade(history(connection), "head")


def _published(number: int, window: int) -> bytes:
    seed, instance = signing.generate_seed(), InstanceId(bytes(16))
    return sign_batch(seed, instance, new_state(number, window), date(2026, 11, 22))
