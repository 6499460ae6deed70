"""Recovery codes: what lets an officer in once whose phone is lost, beside the passphrase.

Eight of eight digits, printed on a sheet. Each is good once; wrong ones are counted like wrong passphrases
(`services.throttle`). They lie in the vault as the second factor itself does: whoever can read them
there needs neither.
"""

import hmac
import secrets
from typing import Final

from journalist_app.store.tables import OfficerRow

CODES: Final = 8
DIGITS: Final = 8


def new_codes() -> tuple[str, ...]:
    """Fresh codes, no two alike."""
    codes: set[str] = set()
    while len(codes) < CODES:
        codes.add(f"{secrets.randbelow(10**DIGITS):0{DIGITS}}")
    return tuple(sorted(codes))


def put(officer: OfficerRow, codes: tuple[str, ...]) -> None:
    """These codes, and no earlier ones, are good from now on."""
    officer.recovery_codes = " ".join(codes)


def left(officer: OfficerRow) -> int:
    """How many were not used yet."""
    return len(officer.recovery_codes.split())


def use(officer: OfficerRow, typed: str) -> bool:
    """Whether it is one that was not used yet; then it is used now. Gaps and hyphens do not matter."""
    code = "".join(typed.replace("-", " ").split())
    unused = officer.recovery_codes.split()
    found = [each for each in unused if hmac.compare_digest(each.encode(), code.encode())]
    if not found:
        return False
    unused.remove(found[0])
    officer.recovery_codes = " ".join(unused)
    return True
