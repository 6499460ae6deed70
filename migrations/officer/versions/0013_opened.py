"""What came of an OpenPGP message that a source sent as text, once an officer opened it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    with op.batch_alter_table("parcels") as batch:
        batch.add_column(sa.Column("opened_text", sa.String(), nullable=True))


def downgrade() -> None:
    """Take it away; the messages can be opened again."""
    op.execute("ALTER TABLE parcels DROP COLUMN opened_text")
