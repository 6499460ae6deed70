"""The ASCII armour of age: a file as text that can be pasted (C2SP age.md, "ASCII armor").

Strict: one file has one text, but for white space around it and for the line ending, LF or
CRLF, which is the same throughout. For files that a person pastes; a caller bounds the size.
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
    """The file in `text`. Raises `ArmorError` unless it is exactly what `encode` makes of it."""
    stripped = text.strip(_SPACE)
    ending = b"\r\n" if b"\r\n" in stripped else b"\n"
    body = stripped.removeprefix(_BEGIN).removesuffix(_END).replace(ending, b"")
    try:
        data = base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise ArmorError("not base64") from error
    if encode(data).replace(b"\n", ending) != stripped + ending:  # MUST 16
        raise ArmorError("not the one form that these bytes have")
    return data
