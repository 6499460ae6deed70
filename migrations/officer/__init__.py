"""The history of the officer vault's tables, newest last."""
