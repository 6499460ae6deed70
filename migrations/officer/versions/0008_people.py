"""Officers' own keys, recovery codes, and officers who have gone.

Who was an officer before has no key of their own yet: it is made at their next sign-in. Their secrets were
shown to them alone, as far as anybody knows. `joined_on` is not known for them, and stays empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NEW = ("public_key", "key_salt", "recovery_codes", "seen_by_others", "joined_on")


def upgrade() -> None:
    """Add the columns and the table of former keys."""
    with op.batch_alter_table("officers") as batch:
        batch.add_column(
            sa.Column("public_key", sa.LargeBinary(), nullable=False, server_default=sa.text("x''"))
        )
        batch.add_column(
            sa.Column("key_salt", sa.LargeBinary(), nullable=False, server_default=sa.text("x''"))
        )
        batch.add_column(sa.Column("recovery_codes", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("seen_by_others", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("joined_on", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("withdrawn_on", sa.String(), nullable=True))
    with op.batch_alter_table("officers") as batch:
        for name in _NEW:
            batch.alter_column(name, server_default=None)
    for table in ("key_copies", "backups"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("key_no", sa.Integer(), nullable=False, server_default="1"))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("key_no", server_default=None)
    op.create_table(
        "former_keys",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("replaced_on", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take them away: former keys are lost, and so is who has gone."""
    op.drop_table("former_keys")
    for table in ("key_copies", "backups"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("key_no")
    with op.batch_alter_table("officers") as batch:
        for name in (*_NEW, "withdrawn_on"):
            batch.drop_column(name)
