"""`cleandrop-source`: what an administrator types.

`main` ends with 0 when it was done, 1 when it was refused (and says why and what to do), 2 when it was
asked wrongly.
"""

from source_app.cli.commands import main

__all__ = ["main"]
