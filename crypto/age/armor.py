"""The ASCII armour of age: a file as text that can be pasted (C2SP age.md, "ASCII armor").

For files that pass through a person's hands: whole in memory, and a caller bounds the size.

Checks, numbered as in docs/protocol/age.md: 18 the text is exactly what `encode` makes of the
file in it, but for white space around it and for the line ending, which is LF or CRLF
throughout.
"""

import base64
import binascii
from typing import Final

from crypto.errors import ArmorError

_BEGIN: Final = b"-----BEGIN AGE ENCRYPTED FILE-----"
_END: Final = b"-----END AGE ENCRYPTED FILE-----"
_COLUMNS: Final = 64
_SPACE: Final = b" \t\r\n"


def encode(data: bytes) -> bytes:
    """`data` as text, with LF at the end of every line."""
    text = base64.b64encode(data)
    lines = [text[i : i + _COLUMNS] for i in range(0, len(text), _COLUMNS)]
    return b"\n".join([_BEGIN, *lines, _END, b""])


def decode(text: bytes) -> bytes:
    """The file in `text`. Raises `ArmorError` for anything but its one armour.

    Safe because what is not canonical is found by writing it again: no second parser decides
    about padding, columns, or what may stand between them.
    """
    stripped = text.strip(_SPACE)
    ending = b"\r\n" if b"\r\n" in stripped else b"\n"
    body = stripped.removeprefix(_BEGIN).removesuffix(_END).replace(ending, b"")
    try:
        data = base64.b64decode(body, validate=True)
    except binascii.Error as error:  # 18
        raise ArmorError("not base64") from error
    if encode(data).replace(b"\n", ending) != stripped + ending:  # 18
        raise ArmorError("not in the one form that this file has")
    return data
