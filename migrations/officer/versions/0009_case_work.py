"""Work on cases: where each stands, who handles it, who may not or alone may see it, and notes.

A case from before has what its one event says: it was received. One without events has no state.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NEW = ("state", "handler", "restricted")


def upgrade() -> None:
    """Add the columns and the tables."""
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("state", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("handler", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("restricted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("clock_due_on", sa.String(), nullable=True))
    with op.batch_alter_table("cases") as batch:
        for name in _NEW:
            batch.alter_column(name, server_default=None)
    op.execute("UPDATE cases SET state = 'received' WHERE id IN (SELECT \"case\" FROM case_events)")
    for table in ("case_recusals", "case_readers"):
        op.create_table(
            table,
            sa.Column("case", sa.Integer(), sa.ForeignKey("cases.id"), primary_key=True),
            sa.Column("officer_id", sa.String(), sa.ForeignKey("officers.officer_id"), primary_key=True),
        )
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case", sa.Integer(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("officer_id", sa.String(), sa.ForeignKey("officers.officer_id"), nullable=False),
        sa.Column("written_on", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notes_case", "notes", ["case"])


def downgrade() -> None:
    """Take them away; notes are lost."""
    op.drop_table("notes")
    op.drop_table("case_readers")
    op.drop_table("case_recusals")
    with op.batch_alter_table("cases") as batch:
        for name in (*_NEW, "clock_due_on"):
            batch.drop_column(name)
