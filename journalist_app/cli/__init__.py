"""`cleandrop-officer`: the same services as the pages, at a shell.

`main` ends with 0 when it was done, 1 when it was refused (and says why and what to do), 2 when
it was asked wrongly. Nothing secret is taken from arguments or the environment.
"""

from journalist_app.cli.commands import main

__all__ = ["main"]
