"""The audit log: lines that are never changed, and seals under them.

What was done before stands in no log.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = ("audit", "audit_seals")
_VERBS = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Make the tables, and refuse in both whatever is not an addition."""
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("officer_id", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.Integer(), sa.ForeignKey("audit.number"), primary_key=True),
        sa.Column("on", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    for table in _TABLES:
        for verb in _VERBS:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
            )


def downgrade() -> None:
    """Take the log away, whole."""
    for table in reversed(_TABLES):
        op.drop_table(table)
