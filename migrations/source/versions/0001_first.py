"""The first tables: installation, objects, documents, reply sets, bundles."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1", name="one_row"), primary_key=True),
        sa.Column("epoch", sa.LargeBinary(16), nullable=False),
        sa.Column("root", sa.LargeBinary(32)),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("out_epoch", sa.LargeBinary(16)),
        sa.Column("out_seq", sa.Integer),
        sa.Column("out_sha256", sa.LargeBinary(32)),
        sa.Column("out_made_on", sa.String(10)),
        sa.Column("acked_index", sa.Integer, nullable=False),
        sa.Column("acked_made_on", sa.String(10)),
    )
    op.create_table(
        "objects",
        sa.Column("log_index", sa.Integer, primary_key=True),
        sa.Column("object_id", sa.LargeBinary(32), nullable=False, unique=True),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("window", sa.Integer, nullable=False),
        sa.Column("received_on", sa.String(10), nullable=False),
        sa.Column("head", sa.LargeBinary(32), nullable=False),
        sa.Column("receipt", sa.LargeBinary(32), unique=True),
        sa.Column("delete_after", sa.String(10)),
        sa.Column("deleted", sa.Integer, nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "reply_sets",
        sa.Column("sha256", sa.LargeBinary(32), primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "bundles",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.LargeBinary(32)),
        sa.Column("from_index", sa.Integer, nullable=False),
        sa.Column("to_index", sa.Integer, nullable=False),
        sa.Column("made_on", sa.String(10), nullable=False),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("bundles", "reply_sets", "documents", "objects", "installation"):
        op.drop_table(table)
