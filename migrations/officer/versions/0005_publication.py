"""What the station publishes, and what an answer asks of its source.

A station from before has published nothing; its next export says the first. Answers from before ask nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NEW = {
    "station": (("publication_number", sa.Integer(), "0"), ("publication", sa.LargeBinary(), "")),
    "out_bundles": (("publication", sa.LargeBinary(), ""),),
    "replies": (
        ("may", sa.String(), ""),
        ("consent_body", sa.String(), ""),
        ("consent_fields", sa.String(), ""),
    ),
}


def upgrade() -> None:
    """Add the columns, empty."""
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for name, kind, empty in columns:
                batch.add_column(sa.Column(name, kind, nullable=False, server_default=empty))
        with op.batch_alter_table(table) as batch:
            for name, _kind, _empty in columns:
                batch.alter_column(name, server_default=None)
    op.execute("UPDATE station SET publication = x''")
    op.execute("UPDATE out_bundles SET publication = x''")


def downgrade() -> None:
    """Take them away: what answers asked is lost; what was published is said anew after the next upgrade."""
    for table, columns in _NEW.items():
        with op.batch_alter_table(table) as batch:
            for name, _kind, _empty in columns:
                batch.drop_column(name)
