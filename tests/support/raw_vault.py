"""The bytes of an encrypted database, page by page, free ones and gaps included, as its key opens them.

SQLCipher 4: each page of 4,096 bytes ends in an IV of 16 and a MAC of 64; the first begins with a salt of 16
in clear. Its log of writes has a header of 32 bytes, and one of 24 before each page. An export by SQL would
copy rows alone, and show nothing of what was left behind.
"""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

PAGE = 4096
_RESERVED = 80
_IV = 16
_SALT = 16
_LOG_HEADER = 32
_FRAME_HEADER = 24


def plain_pages(database: Path, key: bytes) -> bytes:
    """Every page of the database file, decrypted."""
    data = database.read_bytes()
    pages = [data[at : at + PAGE] for at in range(0, len(data), PAGE)]
    return b"".join(_plain(page, key, _SALT if number == 0 else 0) for number, page in enumerate(pages))


def plain_log(database: Path, key: bytes) -> bytes:
    """Every page in the database's log of writes, decrypted; nothing where there is none."""
    log = database.with_name(database.name + "-wal")
    data = log.read_bytes() if log.exists() else b""
    frames = range(_LOG_HEADER, len(data) - PAGE, _FRAME_HEADER + PAGE)
    pages = [data[at + _FRAME_HEADER : at + _FRAME_HEADER + PAGE] for at in frames]
    return b"".join(_plain(page, key, 0) + _plain(page, key, _SALT) for page in pages)


def _plain(page: bytes, key: bytes, skip: int) -> bytes:
    body, tail = page[skip:-_RESERVED], page[-_RESERVED:]
    opened = Cipher(AES256(key), CBC(tail[:_IV])).decryptor()
    return opened.update(body) + opened.finalize()
