"""Steps that wait for a second officer, and on which day a case ended.

The day on which a case from before ended stays unknown: its events tell it, and only a chart asks for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("cases", sa.Column("ended_on", sa.String(), nullable=True))
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case", sa.Integer(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("officer_id", sa.String(), sa.ForeignKey("officers.officer_id"), nullable=False),
        sa.Column("proposed_on", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("typed", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proposals_case", "proposals", ["case"])


def downgrade() -> None:
    """Take them away; what waits is lost."""
    op.drop_table("proposals")
    op.execute("ALTER TABLE cases DROP COLUMN ended_on")
