"""Full-text search, danger on top, and indexes for the list of cases.

What is in the vault already is indexed here, once. Whether somebody was in danger is read from the
report's form.
"""

import json

import sqlalchemy as sa
from alembic import op

from journalist_app.store.search_index import ITEMS_PER_CASE, terms

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INDEXES = {
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
        "CREATE INDEX ix_cases_order ON cases "
        "(danger DESC, unanswered DESC, received_on, id, restricted, state, handler, clock_due_on)"
    )
    op.execute("CREATE VIRTUAL TABLE search USING fts5(words, tokenize = 'unicode61 remove_diacritics 2')")
    op.execute("INSERT INTO search (search, rank) VALUES ('secure-delete', 1)")
    _fill(op.get_bind())


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TABLE search")
    for name in ("ix_cases_order", *_INDEXES):
        op.drop_index(name, "cases")
    with op.batch_alter_table("cases") as batch:
        batch.drop_column("danger")


def _fill(connection: sa.Connection) -> None:
    found = connection.execute(
        sa.text(
            "SELECT id, alias || ' ' || code FROM cases "
            'UNION ALL SELECT "case", text FROM replies '
            'UNION ALL SELECT "case", text FROM notes'
        )
    )
    rows = [(case, words) for case, words in found]
    parcels = connection.execute(sa.text('SELECT "case", id, text, forms FROM parcels')).all()
    for case, parcel, words, forms in parcels:
        answers = [answer for form in json.loads(forms) for answer in form["answers"]]
        asked = sa.text("SELECT name FROM files WHERE parcel = :parcel")
        names = connection.execute(asked, {"parcel": parcel}).scalars()
        rows.append((case, " ".join([words, *(answer["value"] for answer in answers), *names])))
        if _DANGER in answers:
            connection.execute(sa.text("UPDATE cases SET danger = 1 WHERE id = :id"), {"id": case})
    for number, (case, words) in enumerate(rows, start=1):
        connection.execute(
            sa.text("INSERT INTO search (rowid, words) VALUES (:number, :words)"),
            {"words": terms(words), "number": ITEMS_PER_CASE * case + number},
        )
