"""`cleandrop-source`: what an administrator types.

`main` ends with 0 when it was done, 1 when it was refused (and says why and what to do), 2 when it was
asked wrongly.
"""

import sys

from crypto.errors import WordListError

try:
    from source_app.cli.commands import main
except WordListError as error:  # everything that shows a word would show a wrong one
    sys.exit(f"{error.__doc__} Install CleanDrop anew. Nothing was started.")

__all__ = ["main"]
