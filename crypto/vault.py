"""The vault key and what is kept under it (protocol 1, section 6).

The vault key is 32 random bytes; each officer has a copy of it wrapped under their generated
passphrase. Unwrapping is the only check of a passphrase: there is no hash beside it to guess
at more cheaply. The intake state lives in a file of its own of exactly 4 KiB under the same
key, so that its copies on key sticks can be counted and destroyed.
"""

import secrets
import struct
from dataclasses import dataclass, field
from typing import Final, NewType

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from crypto import aead, canonical, labels, sizes
from crypto.errors import FormatError, OpenError
from crypto.source_keys import Cost
from crypto.windows import IntakeState

VaultKey = NewType("VaultKey", bytes)

PASSPHRASE_COST: Final = Cost(memory_bytes=256 * sizes.MIB, passes=3)
_LENGTH: Final = struct.Struct(">H")


@dataclass(frozen=True)
class WrappedKey:
    """The vault key under one officer's passphrase, with the parameters that unwrap it."""

    vault_id: bytes
    officer_id: str
    cost: Cost
    salt: bytes
    wrapped: bytes = field(repr=False)


def generate_key() -> VaultKey:
    """A fresh vault key."""
    return VaultKey(secrets.token_bytes(sizes.SEED))


def wrap_key(
    passphrase: str, key: VaultKey, vault_id: bytes, officer_id: str, cost: Cost = PASSPHRASE_COST
) -> WrappedKey:
    """`key` wrapped for one officer.

    Safe because vault, officer and cost are bound to the ciphertext: a record moved to another
    officer, or with a cheaper cost written into it, does not open.
    """
    salt = secrets.token_bytes(sizes.SALT)
    associated = _associated(vault_id, officer_id, cost)
    return WrappedKey(
        vault_id, officer_id, cost, salt, aead.seal(_derive(passphrase, salt, cost), key, associated)
    )


def unwrap_key(passphrase: str, record: WrappedKey) -> VaultKey:
    """The vault key. Raises `OpenError` when the passphrase or the record is wrong, and
    `FormatError` when the record asks for a derivation that this machine cannot do."""
    associated = _associated(record.vault_id, record.officer_id, record.cost)
    return VaultKey(aead.open(_derive(passphrase, record.salt, record.cost), record.wrapped, associated))


def seal_state(key: VaultKey, vault_id: bytes, states: tuple[IntakeState, ...]) -> bytes:
    """The intake states as one file of 4 KiB under the vault key."""
    body = canonical.encode(
        {
            "states": [
                {
                    "batch_no": s.batch_no,
                    "first_window": s.first_window,
                    "windows": s.windows,
                    "state": s.state.hex(),
                }
                for s in states
            ]
        }
    )
    plain = _LENGTH.pack(len(body)) + body
    if len(plain) > sizes.STATE_PLAIN:
        raise FormatError("too many batches for one state file")
    return aead.seal(key, plain.ljust(sizes.STATE_PLAIN, b"\0"), labels.INTAKE_STATE + vault_id)


def open_state(key: VaultKey, vault_id: bytes, data: bytes) -> tuple[IntakeState, ...]:
    """The intake states in a state file. Raises `OpenError`, `CanonicalError`."""
    plain = aead.open(key, data, labels.INTAKE_STATE + vault_id)
    if len(plain) != sizes.STATE_PLAIN:
        raise OpenError
    (length,) = _LENGTH.unpack_from(plain)
    body = plain[_LENGTH.size : _LENGTH.size + length]
    value = canonical.fields(canonical.parse(body, max_bytes=sizes.STATE_JSON_MAX), {"states": list})
    return tuple(_state(row) for row in canonical.array(value["states"]))


def _state(row: canonical.Value) -> IntakeState:
    numbers = dict.fromkeys(("batch_no", "first_window", "windows"), int)
    value = canonical.fields(row, {**numbers, "state": str})
    return IntakeState(
        canonical.integer(value["batch_no"]),
        canonical.integer(value["first_window"]),
        canonical.integer(value["windows"]),
        canonical.hex_field(value["state"], sizes.SEED),
    )


def _derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    try:
        return hash_secret_raw(
            passphrase.encode(),
            salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_bytes // sizes.KIB,
            parallelism=1,
            hash_len=sizes.SEED,
            type=Type.ID,
        )
    except UnicodeEncodeError as error:
        raise OpenError from error
    except (HashingError, OverflowError) as error:
        raise FormatError("a cost of derivation that cannot be done here") from error


def _associated(vault_id: bytes, officer_id: str, cost: Cost) -> bytes:
    bound: canonical.Object = {
        "vault": vault_id.hex(),
        "officer": officer_id,
        "memory_bytes": cost.memory_bytes,
        "passes": cost.passes,
    }
    return labels.VAULT_KEY + canonical.encode(bound)
