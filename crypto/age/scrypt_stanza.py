"""The `scrypt` recipient type of age: a passphrase wraps the file key.

Such a stanza stands alone in its header (`keys` sees to that): whoever knows the passphrase
may then believe that the file comes from somebody else who knows it. See C2SP age.md, "The
scrypt recipient type".
"""

import hashlib
import re
import secrets
from typing import Final

from crypto import labels, sizes
from crypto.age import file_key as body
from crypto.age.header import Stanza, decode_base64, encode_base64
from crypto.errors import HeaderError, OpenError

TYPE: Final = b"scrypt"
LOG2_WORK: Final = 18
LOG2_WORK_MAX: Final = 20
_BLOCK: Final = 8
_DECIMAL: Final = re.compile(rb"[1-9][0-9]?")


def wrap(passphrase: str, file_key: bytes, log2_work: int) -> Stanza:
    """A stanza from which `passphrase` gets `file_key`, for 2^`log2_work` KiB of memory."""
    salt = secrets.token_bytes(sizes.SALT)
    wrapped = body.wrap(_wrap_key(passphrase, salt, log2_work), file_key)
    return Stanza((TYPE, encode_base64(salt), b"%d" % log2_work), wrapped)


def unwrap(passphrase: str, stanza: Stanza, log2_work_max: int) -> bytes:
    """The file key of a well-formed stanza, or `OpenError` for another passphrase.

    Raises `HeaderError` when it asks for more work than 2^`log2_work_max`.
    """
    salt, log2_work = check_form(stanza)
    if log2_work > log2_work_max:
        raise HeaderError("an scrypt stanza that asks for too much work")
    return body.unwrap(_wrap_key(passphrase, salt, log2_work), stanza.body)


def check_form(stanza: Stanza) -> tuple[bytes, int]:
    """Salt and log2 of the work factor. Raises `HeaderError` for any other form."""
    if len(stanza.arguments) != 3:
        raise HeaderError("an scrypt stanza with other than three arguments")
    salt = decode_base64(stanza.arguments[1])
    if len(salt) != sizes.SALT or len(stanza.body) != sizes.STANZA_BODY:
        raise HeaderError("an scrypt stanza of the wrong size")
    if not _DECIMAL.fullmatch(stanza.arguments[2]):
        raise HeaderError("a work factor that is no canonical decimal of one or two digits")
    return salt, int(stanza.arguments[2])


def _wrap_key(passphrase: str, salt: bytes, log2_work: int) -> bytes:
    n = 1 << log2_work
    try:
        return hashlib.scrypt(
            passphrase.encode("utf-8", "surrogatepass"),
            salt=labels.AGE_SCRYPT_SALT + salt,
            n=n,
            r=_BLOCK,
            p=1,
            maxmem=128 * _BLOCK * (n + 4),
            dklen=sizes.SEED,
        )
    except ValueError:
        raise OpenError from None
