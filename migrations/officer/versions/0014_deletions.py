"""Cases that were deleted: which, by whom, and what is still asked before a deletion is complete.

The station keeps since which day the vault has its key. Of a key that was replaced before, the day is known
where something is still sealed under the one before it; else it is left empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the day."""
    with op.batch_alter_table("station") as batch:
        batch.add_column(sa.Column("key_since", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("station") as batch:
        batch.alter_column("key_since", server_default=None)
    op.execute("UPDATE station SET key_since = coalesce((SELECT max(replaced_on) FROM former_keys), '')")
    op.create_table(
        "deletions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_number", sa.Integer(), nullable=False, unique=True),
        sa.Column("deleted_at", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("second", sa.String(), nullable=False),
        sa.Column("newest_window", sa.Integer(), nullable=True),
        sa.Column("key_no", sa.Integer(), nullable=True),
        sa.Column("shown_until", sa.String(), nullable=True),
        sa.Column("completed_on", sa.String(), nullable=True),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deletions_completed_on", "deletions", ["completed_on"])
    op.create_table(
        "deleted_objects", _deletion(), sa.Column("object_id", sa.LargeBinary(), primary_key=True)
    )
    op.create_table(
        "deleted_shut",
        _deletion(),
        sa.Column("officer_id", sa.String(), sa.ForeignKey("officers.officer_id"), primary_key=True),
    )
    op.create_table("deleted_subjects", _deletion(), sa.Column("subject", sa.String(), primary_key=True))


def downgrade() -> None:
    """Take them away. What was deleted stays so; the audit log alone still says which cases it was."""
    for name in ("deleted_subjects", "deleted_shut", "deleted_objects", "deletions"):
        op.drop_table(name)
    with op.batch_alter_table("station") as batch:
        batch.drop_column("key_since")


def _deletion() -> sa.Column[int]:
    return sa.Column("deletion", sa.Integer(), sa.ForeignKey("deletions.id"), primary_key=True)
