"""Alembic's entry: runs the history on the connection that `source_app.store.database` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
