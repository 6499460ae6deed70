"""The keys of intake and their copies, destructions, backups, and what the clock said.

A vault from before knows its batches from what it published: the ranges of weeks are read out
of the signed documents. Which copies of the key file exist it does not know: the first one
that is rewritten enters the list.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SIGNATURE_BYTES = 64


def upgrade() -> None:
    """Make the tables, and fill in the batches that were published."""
    batches = op.create_table(
        "batches",
        sa.Column("batch_no", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.String(), nullable=False),
        sa.Column("first_window", sa.Integer(), nullable=False),
        sa.Column("last_window", sa.Integer(), nullable=False),
        sa.Column("lost_on", sa.String(), nullable=True),
        sa.Column("lost_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("batch_no"),
    )
    op.create_table(
        "key_copies",
        sa.Column("copy_id", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("made_on", sa.String(), nullable=False),
        sa.Column("updated_on", sa.String(), nullable=False),
        sa.Column("first_window", sa.Integer(), nullable=False),
        sa.Column("batch_no", sa.Integer(), nullable=False),
        sa.Column("destroyed_on", sa.String(), nullable=True),
        sa.Column("destroyed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("copy_id"),
    )
    op.create_table(
        "destructions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_window", sa.Integer(), nullable=False),
        sa.Column("last_window", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.String(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("second", sa.String(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "backups",
        sa.Column("backup_id", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("verified_at", sa.String(), nullable=True),
        sa.Column("last_parcel", sa.Integer(), nullable=False),
        sa.Column("destroyed_on", sa.String(), nullable=True),
        sa.Column("destroyed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("backup_id"),
    )
    op.create_table(
        "clock_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("officer", sa.String(), nullable=False),
        sa.Column("said_at", sa.String(), nullable=False),
        sa.Column("seen_before_at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("station") as station:
        station.add_column(sa.Column("clock_seen_at", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("station") as station:
        station.alter_column("clock_seen_at", server_default=None)
    op.bulk_insert(batches, _published())


def downgrade() -> None:
    """Forget all of it."""
    with op.batch_alter_table("station") as station:
        station.drop_column("clock_seen_at")
    for table in ("clock_statements", "backups", "destructions", "key_copies", "batches"):
        op.drop_table(table)


def _published() -> list[dict[str, object]]:
    connection = op.get_bind()
    found = {}
    for question in ("SELECT batch FROM out_bundles", "SELECT batch FROM station"):
        for signed in connection.execute(sa.text(question)).scalars():
            body = json.loads(signed[SIGNATURE_BYTES:])
            weeks = [row["window"] for row in body["windows"]]
            found[body["batch_no"]] = {
                "batch_no": body["batch_no"],
                "issued_on": body["issued_on"],
                "first_window": min(weeks),
                "last_window": max(weeks),
                "lost_on": None,
                "lost_by": "",
            }
    return list(found.values())
