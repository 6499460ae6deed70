"""Prints the six-digit code that each officer of the demo would type now."""

import sys
import time

from demo import place
from demo.errors import DemoError
from demo.journey import CODE_SECONDS, code_now


def main() -> int:
    """One line an officer. Exit status 1 when no demo is set up."""
    try:
        access = place.read_access(place.from_environment().access_file)
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    left = CODE_SECONDS - int(time.time()) % CODE_SECONDS
    for officer in access.officers:
        print(f"{officer.name}: {code_now(officer)}  (for {left} more seconds; each code works once)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
