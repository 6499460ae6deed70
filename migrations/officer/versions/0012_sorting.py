"""Cases sorted by hand: flags, links between cases, junk that is set aside, sources that are muted."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NEW = ("junk", "muted")
_BEFORE = "danger DESC, unanswered DESC, received_on, id, restricted, state, handler, clock_due_on"


def upgrade() -> None:
    """Add the columns and the tables."""
    op.drop_index("ix_cases_order", "cases")
    with op.batch_alter_table("cases") as batch:
        for name in _NEW:
            batch.add_column(sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("cases", table_kwargs={"sqlite_autoincrement": True}) as batch:
        for name in _NEW:
            batch.alter_column(name, server_default=None)
    op.execute(f"CREATE INDEX ix_cases_order ON cases ({_BEFORE}, junk)")
    op.create_table(
        "case_flags",
        sa.Column("case", sa.Integer(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("flag", sa.String(), primary_key=True),
    )
    op.create_index("ix_case_flags_flag", "case_flags", ["flag"])
    op.create_table(
        "case_links",
        sa.Column("one", sa.Integer(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("other", sa.Integer(), sa.ForeignKey("cases.id"), primary_key=True),
    )
    op.create_index("ix_case_links_other", "case_links", ["other"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("case_links")
    op.drop_table("case_flags")
    op.drop_index("ix_cases_order", "cases")
    with op.batch_alter_table("cases", table_kwargs={"sqlite_autoincrement": True}) as batch:
        for name in _NEW:
            batch.drop_column(name)
    op.execute(f"CREATE INDEX ix_cases_order ON cases ({_BEFORE})")
