"""Answers that can be changed until they leave, are issued again before they run out, and whose way is known.

An answer that left before has the day and the end of the set that carried it; its message id was not kept.
Cases and answers had lost that no number is used again, when earlier revisions made their tables anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPTIONAL = ("sent_on", "shown_until", "read_on")
_ORDER = (
    "CREATE INDEX ix_cases_order ON cases "
    "(danger DESC, unanswered DESC, received_on, id, restricted, state, handler, clock_due_on)"
)


def upgrade() -> None:
    """Add the columns, and fill in what the bundles tell of answers that left."""
    with op.batch_alter_table("replies") as batch:
        batch.add_column(sa.Column("draft", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("message_id", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("about", sa.Integer(), nullable=True))
        for name in _OPTIONAL:
            batch.add_column(sa.Column(name, sa.String(), nullable=True))
    with op.batch_alter_table("replies", table_kwargs={"sqlite_autoincrement": True}) as batch:
        for name in ("draft", "message_id"):
            batch.alter_column(name, server_default=None)
    op.drop_index("ix_cases_order", "cases")
    with op.batch_alter_table("cases", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
        pass
    op.execute(_ORDER)
    with op.batch_alter_table("servers") as batch:
        batch.add_column(
            sa.Column("board_epoch", sa.LargeBinary(), nullable=False, server_default=sa.text("x''"))
        )
        batch.add_column(sa.Column("board_seq", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("servers") as batch:
        for name in ("board_epoch", "board_seq"):
            batch.alter_column(name, server_default=None)
    op.create_index("ix_replies_shown_until", "replies", ["shown_until"])
    op.execute(
        "UPDATE replies SET "
        "sent_on = (SELECT made_on FROM out_bundles WHERE out_bundles.seq = replies.out_seq), "
        "shown_until = (SELECT max(expires_on) FROM sets WHERE sets.seq = replies.out_seq) "
        "WHERE out_seq IS NOT NULL"
    )


def downgrade() -> None:
    """Take them away; drafts are lost, because the program from before would send them."""
    op.execute("DELETE FROM replies WHERE draft")
    op.drop_index("ix_replies_shown_until", "replies")
    with op.batch_alter_table("servers") as batch:
        batch.drop_column("board_seq")
        batch.drop_column("board_epoch")
    with op.batch_alter_table("replies") as batch:
        for name in ("draft", "message_id", "about", *_OPTIONAL):
            batch.drop_column(name)
