"""The server's signature of each IN manifest, which with the manifest proves what came.

Of bundles from before only the manifest was kept: it was verified when it came, and proves nothing to others.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty; the table is not made anew, so its numbers go on as they were."""
    op.execute("ALTER TABLE in_bundles ADD COLUMN signature BLOB NOT NULL DEFAULT x''")


def downgrade() -> None:
    """Take it away: the manifests stay, and can no longer be shown to be the server's."""
    op.execute("ALTER TABLE in_bundles DROP COLUMN signature")
