"""How OpenPGP messages look in what a source sends: their armour in a text, the ending of a file's name.

Recognises and takes apart; `decrypting` opens.
"""

import re
from typing import Final

_MESSAGE: Final = re.compile(r"-----BEGIN PGP MESSAGE-----.*?-----END PGP MESSAGE-----", re.DOTALL)
_ENDINGS: Final = (".gpg", ".pgp", ".asc")


def is_message(text: str) -> bool:
    """Whether a text holds an OpenPGP message."""
    return _MESSAGE.search(text) is not None


def messages(text: str) -> list[str]:
    """The messages in a text, in its order."""
    return _MESSAGE.findall(text)


def looks_encrypted(name: str, media_type: str) -> bool:
    """Whether a file is called as OpenPGP messages are; what it is shows when it is opened."""
    return name.lower().endswith(_ENDINGS) or media_type == "application/pgp-encrypted"


def name_inside(name: str) -> str:
    """The name without the ending that says it is encrypted."""
    ending = next((each for each in _ENDINGS if name.lower().endswith(each)), "")
    return name[: len(name) - len(ending)]
