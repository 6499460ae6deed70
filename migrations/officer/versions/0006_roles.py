"""The roles of officers.

Before, every officer could do everything that there was. They have the roles for that now, and no other: an
administrator takes away what is too much.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BEFORE = "administrator approver handler intake protection_officer second_officer"


def upgrade() -> None:
    """Add the column, with what everybody could do."""
    with op.batch_alter_table("officers") as batch:
        batch.add_column(sa.Column("roles", sa.String(), nullable=False, server_default=_BEFORE))
    with op.batch_alter_table("officers") as batch:
        batch.alter_column("roles", server_default=None)


def downgrade() -> None:
    """Take it away: everybody can do everything again."""
    with op.batch_alter_table("officers") as batch:
        batch.drop_column("roles")
