"""The history of the source server's database. `source_app.store.database` runs it."""
