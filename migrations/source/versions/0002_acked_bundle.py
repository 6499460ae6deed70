"""Which of our bundles the station saw last: what it did not take of that one is exported again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the number; nothing is known of the time before."""
    op.add_column("installation", sa.Column("acked_seq", sa.Integer))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("installation", "acked_seq")
