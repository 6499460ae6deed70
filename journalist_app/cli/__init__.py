"""`cleandrop-officer`: the same services as the pages, at a shell.

`main` ends with 0 when it was done, 1 when it was refused (and says why and what to do), 2 when
it was asked wrongly. Nothing secret is taken from arguments or the environment.
"""

import sys

from crypto.errors import WordListError

try:
    from journalist_app.cli.commands import main
except WordListError as error:  # everything that shows a word would show a wrong one
    sys.exit(f"{error.__doc__} Install CleanDrop anew. Nothing was started.")

__all__ = ["main"]
