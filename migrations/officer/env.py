"""How Alembic runs the history: on the connection of an open vault, and on nothing else.

There is no offline mode and no URL: only `journalist_app.store.vault` calls it, which holds
the key.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()
