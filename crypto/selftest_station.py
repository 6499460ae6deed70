"""The self-test of the station: the checks of `selftest`, and what only the station has.

Officers' passphrases go through argon2-cffi, which the source server does not install; so these
checks stand apart. The expected values were computed with argon2-cffi and PyNaCl directly, from the
reading of protocol 1, section 6, and are those of the Argon2 authors' own test where it says so.
Called by the officer program before a command and by its web worker.
"""

from typing import Final

from argon2.low_level import Type, hash_secret_raw

from crypto import selftest, sizes, vault
from crypto.errors import OpenError
from crypto.selftest import Check
from crypto.source_keys import Cost

_PASSPHRASE: Final = "passphrase"  # noqa: S105 - of a key that protects nothing
_RECORD: Final = vault.WrappedKey(
    vault_id=bytes(sizes.VAULT_ID),
    officer_id="officer",
    cost=Cost(memory_bytes=64 * sizes.KIB, passes=2),
    salt=bytes(sizes.SALT),
    wrapped=bytes.fromhex(
        "000000000000000000000000000000000000000000000000c603d4a500c68ab73036e6c00c72fd8c"
        "59998aeff9a18e4e3649c5525b7a5c2c12a531088303be342a20aaaf3fe9893b"
    ),
)


def run() -> None:
    """Every check that the station needs. Raises `SelfTestError` naming the one that failed."""
    selftest.run_checks(CHECKS, COUNT)


def _argon2id() -> bool:
    """The Argon2 authors' own test of Argon2id 1.3 with 256 KiB and two passes."""
    # house: bare-length: the published vector has a tag of this length
    tag = hash_secret_raw(
        b"password", b"somesalt", time_cost=2, memory_cost=256, parallelism=1, hash_len=32, type=Type.ID
    )
    return tag.hex() == "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"


def _unwrap() -> bool:
    return vault.unwrap_key(_PASSPHRASE, _RECORD) == bytes(range(sizes.SEED))


def _unwrap_refusal() -> bool:
    return selftest.refuses(OpenError, vault.unwrap_key, _PASSPHRASE + "x", _RECORD)


CHECKS: Final = (
    *selftest.CHECKS,
    Check("Argon2id: the authors' own test", _argon2id),
    Check("vault key: a passphrase unwraps it", _unwrap),
    Check("vault key: another passphrase does not", _unwrap_refusal),
)
COUNT: Final = selftest.COUNT + 3
