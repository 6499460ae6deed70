"""The histories of the two databases: `source/` for the source server, `officer/` for the vault.

Each is an Alembic script directory. This file makes the folder findable as installed: the apps name a history
as `migrations:source` or `migrations:officer`. Nothing is imported from here but by Alembic.
"""
