"""Packs of rules and the keys that sign them, and the events of cases.

Cases from before have no events: they were opened under no pack, and none is thought up for them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty; no pack is in use."""
    op.create_table(
        "pack_keys",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("trusted_on", sa.String(), nullable=False),
        sa.Column("trusted_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "packs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("signed_by", sa.LargeBinary(), nullable=False),
        sa.Column("installed_on", sa.String(), nullable=False),
        sa.Column("installed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version"),
    )
    op.create_table(
        "pack_files",
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["pack", "version"], ["packs.id", "packs.version"]),
        sa.PrimaryKeyConstraint("pack", "version", "name"),
    )
    op.create_table(
        "case_events",
        sa.Column("case", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"]),
        sa.PrimaryKeyConstraint("case", "number"),
    )
    with op.batch_alter_table("station") as station:
        station.add_column(sa.Column("pack_in_use", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("station") as station:
        station.alter_column("pack_in_use", server_default=None)


def downgrade() -> None:
    """Forget all of it: the packs can be installed again, what happened in each case is lost."""
    with op.batch_alter_table("station") as station:
        station.drop_column("pack_in_use")
    for table in ("case_events", "pack_files", "packs", "pack_keys"):
        op.drop_table(table)
