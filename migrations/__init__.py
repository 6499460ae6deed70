"""The histories of the two databases, one folder each; data of the apps, found by Alembic at run time."""
