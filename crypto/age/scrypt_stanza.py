"""The `scrypt` recipient type of age: a passphrase wraps the file key.

See C2SP age.md, "The scrypt recipient type". Such a stanza stands alone in its header (`keys`
sees to that): whoever knows the passphrase may then believe that somebody else who knows it
sealed the file.

Checks, numbered as in docs/protocol/age.md: 8 three arguments; 9 a salt of 16 bytes and a body
of 32, before anything is decrypted; 10 a work factor in canonical decimal, no higher than the
reader allows; 12 the body opens.
"""

import hashlib
import re
import secrets
from typing import Final

from crypto import labels, sizes
from crypto.age import wrapping
from crypto.age.header import Stanza, decode_base64, encode_base64
from crypto.errors import HeaderError, OpenError, RecipientError

TYPE: Final = b"scrypt"
LOG2_WORK: Final = 18
LOG2_WORK_MAX: Final = 20
"""1 GiB of memory: the next step is more than `hashlib` can do, and than a reader should."""

_BLOCK: Final = 8
_WORK: Final = re.compile(rb"[1-9][0-9]?")


def wrap(passphrase: str, file_key: bytes, log2_work: int) -> Stanza:
    """A stanza from which `passphrase` gets `file_key`, at the cost of 2^`log2_work` KiB of memory.

    Raises `RecipientError` for a cost that cannot be, or that this machine has no memory for.
    """
    if not 1 <= log2_work <= LOG2_WORK_MAX:
        raise RecipientError
    salt = secrets.token_bytes(sizes.SALT)
    try:
        wrap_key = _wrap_key(passphrase, salt, log2_work)
    except ValueError as error:
        raise RecipientError from error
    return Stanza((TYPE, encode_base64(salt), b"%d" % log2_work), wrapping.wrap(wrap_key, file_key))


def unwrap(passphrase: str, stanza: Stanza, log2_work_max: int) -> bytes:
    """The file key of a well-formed stanza, or `OpenError` for another passphrase.

    Raises `HeaderError` for a malformed one, and when it asks for more than 2^`log2_work_max`
    KiB of memory.
    """
    salt, log2_work = check_form(stanza)
    if log2_work > min(log2_work_max, LOG2_WORK_MAX):  # 10
        raise HeaderError("an scrypt stanza that asks for too much work")
    try:
        wrap_key = _wrap_key(passphrase, salt, log2_work)
    except ValueError:
        raise OpenError from None
    return wrapping.unwrap(wrap_key, stanza.body)  # 12


def check_form(stanza: Stanza) -> tuple[bytes, int]:
    """Salt and log2 of the work factor. Raises `HeaderError` for any other form."""
    if stanza.type != TYPE or len(stanza.arguments) != 3:  # 8
        raise HeaderError("not an scrypt stanza")
    _, salt_text, work_text = stanza.arguments
    salt = decode_base64(salt_text)
    if len(salt) != sizes.SALT or len(stanza.body) != sizes.STANZA_BODY:  # 9
        raise HeaderError("an scrypt stanza of the wrong size")
    if not _WORK.fullmatch(work_text):  # 10
        raise HeaderError("a work factor that is not in canonical decimal, or absurd")
    return salt, int(work_text)


def _wrap_key(passphrase: str, salt: bytes, log2_work: int) -> bytes:
    """Raises `ValueError` when there is not enough memory."""
    work = 1 << log2_work
    return hashlib.scrypt(
        passphrase.encode("utf-8", "surrogatepass"),  # no text is refused, whatever stands in it
        salt=labels.AGE_SCRYPT_SALT + salt,
        n=work,
        r=_BLOCK,
        p=1,
        maxmem=128 * _BLOCK * (work + 3),
        dklen=sizes.SEED,
    )
