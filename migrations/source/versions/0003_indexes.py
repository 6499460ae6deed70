"""What every page and every sending asks of the log no longer reads all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("objects_by_window", "objects", ["window"])
    op.create_index(
        "objects_with_receipt", "objects", ["received_on"], sqlite_where=sa.text("receipt IS NOT NULL")
    )
    op.create_index("objects_kept", "objects", ["delete_after"], sqlite_where=sa.text("deleted = 0"))


def downgrade() -> None:
    """Remove them."""
    for name in ("objects_by_window", "objects_with_receipt", "objects_kept"):
        op.drop_index(name, "objects")
