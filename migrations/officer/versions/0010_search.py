"""Full-text search, danger on top, and indexes for the list of cases.

What is in the vault already is indexed here, once. Whether somebody was in danger is read from the
report's form.
"""

import json

import sqlalchemy as sa
from alembic import op

from journalist_app.store.search_index import Kind, terms

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_cases_order": ("danger", "unanswered", "received_on"),
    "ix_cases_received_on": ("received_on",),
    "ix_cases_clock_due_on": ("clock_due_on",),
    "ix_cases_handler": ("handler",),
}
_DANGER = {"id": "danger_now", "value": "yes"}


def upgrade() -> None:
    """Make column, indexes and search table, and fill it."""
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("danger", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("danger", server_default=None)
    for name, columns in _INDEXES.items():
        op.create_index(name, "cases", list(columns))
    op.execute(
        "CREATE VIRTUAL TABLE search USING fts5(words, case_id UNINDEXED, kind UNINDEXED, item UNINDEXED, "
        "tokenize = 'unicode61 remove_diacritics 2')"
    )
    op.execute("INSERT INTO search (search, rank) VALUES ('secure-delete', 1)")
    _fill(op.get_bind())


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TABLE search")
    for name in _INDEXES:
        op.drop_index(name, "cases")
    with op.batch_alter_table("cases") as batch:
        batch.drop_column("danger")


def _fill(connection: sa.Connection) -> None:
    found = connection.execute(
        sa.text(
            "SELECT id, 'case', id, alias || ' ' || code FROM cases "
            "UNION ALL SELECT \"case\", 'reply', id, text FROM replies "
            "UNION ALL SELECT \"case\", 'note', id, text FROM notes"
        )
    )
    rows = [(case, kind, item, words) for case, kind, item, words in found]
    parcels = connection.execute(sa.text('SELECT "case", id, text, forms FROM parcels')).all()
    for case, item, words, forms in parcels:
        answers = [answer for form in json.loads(forms) for answer in form["answers"]]
        names = connection.execute(
            sa.text("SELECT name FROM files WHERE parcel = :id"), {"id": item}
        ).scalars()
        rows.append(
            (case, Kind.PARCEL.value, item, " ".join([words, *(a["value"] for a in answers), *names]))
        )
        if _DANGER in answers:
            connection.execute(sa.text("UPDATE cases SET danger = 1 WHERE id = :id"), {"id": case})
    for case, kind, item, words in rows:
        connection.execute(
            sa.text("INSERT INTO search (words, case_id, kind, item) VALUES (:words, :case, :kind, :item)"),
            {"words": terms(words), "case": case, "kind": kind, "item": item},
        )
