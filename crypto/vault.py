"""The vault key and what is kept under it (protocol 1, section 6).

The vault key is 32 random bytes. Each officer has a key pair of their own: the vault key is sealed
to the public half, the private half is wrapped under their generated passphrase (ADR 8). So the vault
key can be replaced while an officer is away, and a passphrase while the others are. Unwrapping is the
only check of a passphrase: there is no hash beside it to guess at more cheaply. The intake state lives
in a file of its own of exactly 4 KiB under the vault key, so that its copies on key sticks can be
counted and destroyed.
"""

import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass, field
from typing import Final, NewType

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw

from crypto import aead, canonical, hybrid, labels, sizes
from crypto.errors import CanonicalError, FormatError, OpenError, SizeError
from crypto.hybrid import PublicKey, Seed
from crypto.source_keys import Cost, hkdf
from crypto.windows import BATCH_WINDOWS, IntakeState

VaultKey = NewType("VaultKey", bytes)

PASSPHRASE_COST: Final = Cost(memory_bytes=256 * sizes.MIB, passes=3)
COST_MAX: Final = Cost(memory_bytes=1 * sizes.GIB, passes=16)
UNNAMED_COPY: Final = bytes(sizes.COPY_ID)
"""The id of a state file that was written before copies had ids."""
_LENGTH: Final = struct.Struct(">H")


@dataclass(frozen=True)
class WrappedKey:
    """An officer's key under their passphrase, with the parameters that unwrap it."""

    vault_id: bytes
    officer_id: str
    cost: Cost
    salt: bytes
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True)
class KeyFile:
    """A state file: which copy of it this is, and what is left of each batch."""

    copy_id: bytes
    states: tuple[IntakeState, ...]

    @property
    def first_window(self) -> int | None:
        """The oldest window that it opens, or None when it opens none."""
        return min((state.first_window for state in self.states if state.windows), default=None)


def generate_key() -> VaultKey:
    """A fresh vault key."""
    return VaultKey(secrets.token_bytes(sizes.SEED))


def wrap_key(
    passphrase: str, key: Seed, vault_id: bytes, officer_id: str, cost: Cost = PASSPHRASE_COST
) -> WrappedKey:
    """An officer's `key`, wrapped for them alone.

    Raises `FormatError` for what could not be unwrapped again: a passphrase that is not Unicode text, a
    cost over `COST_MAX` or that this machine cannot do.

    Safe because vault, officer and cost are bound to the ciphertext: a record moved to another
    officer, or with a cheaper cost written into it, does not open.
    """
    salt = secrets.token_bytes(sizes.SALT)
    associated = _associated(vault_id, officer_id, cost)
    return WrappedKey(
        vault_id, officer_id, cost, salt, aead.seal(_derive(passphrase, salt, cost), key, associated)
    )


def unwrap_key(passphrase: str, record: WrappedKey) -> Seed:
    """The officer's key. Raises `OpenError` alone: the passphrase or the record is wrong, or the record
    asks for more work than `COST_MAX`, or for work that this machine cannot do.

    Checks: 1 the cost is within `COST_MAX`; 2 the derivation can be done; 3 the wrapped key opens.

    Safe because a record that was tampered with cannot make this machine work or hold memory
    without end: the cost is looked at before anything is derived.
    """
    try:
        associated = _associated(record.vault_id, record.officer_id, record.cost)
        derived = _derive(passphrase, record.salt, record.cost)  # 1, 2
    except FormatError:
        raise OpenError from None
    return Seed(aead.open(derived, record.wrapped, associated))  # 3


def seal_key(officer: PublicKey, key: VaultKey, vault_id: bytes, officer_id: str) -> bytes:
    """The vault key for one officer, 1,168 bytes. Raises `RecipientError`.

    Safe because vault and officer are bound to it: it does not open as the key of another vault, nor in
    another officer's record. Anybody could make one, of a key of their own; such a key opens nothing.
    """
    return hybrid.seal(officer, key, _sealed_for(vault_id, officer_id))


def open_key(officer: Seed, sealed: bytes, vault_id: bytes, officer_id: str) -> VaultKey:
    """The vault key that was sealed to an officer. Raises `OpenError` alone.

    Checks: 1 it has exactly its size; 2 it opens under the officer's key, for this vault and officer.
    """
    if len(sealed) != sizes.SEALED_VAULT_KEY:  # 1
        raise OpenError
    return VaultKey(hybrid.open(officer, sealed, _sealed_for(vault_id, officer_id)))  # 2


def seal_state(key: VaultKey, vault_id: bytes, file: KeyFile) -> bytes:
    """The intake states as one file of 4 KiB under the vault key. Raises `SizeError` when full."""
    body = canonical.encode(
        {
            "copy": file.copy_id.hex(),
            "states": [
                {
                    "batch_no": s.batch_no,
                    "first_window": s.first_window,
                    "windows": s.windows,
                    "state": s.state.hex(),
                }
                for s in file.states
            ],
        }
    )
    plain = _LENGTH.pack(len(body)) + body
    if len(plain) > sizes.STATE_PLAIN:
        raise SizeError("too many batches for one state file")
    return aead.seal(key, plain.ljust(sizes.STATE_PLAIN, b"\0"), labels.INTAKE_STATE + vault_id)


def open_state(key: VaultKey, vault_id: bytes, data: bytes) -> KeyFile:
    """What a state file holds. Raises `OpenError` alone, whatever is wrong with it.

    Safe because nothing is read before it was authenticated, and the zeros behind it are checked:
    one content has one form.

    Checks: 1 it opens under the vault key with this vault's id; 2 it has exactly its size;
    3 canonical JSON with exactly its keys; 4 no batch has more windows than a batch may; 5 zeros
    fill the rest.
    """
    plain = aead.open(key, data, labels.INTAKE_STATE + vault_id)  # 1
    if len(plain) != sizes.STATE_PLAIN:  # 2
        raise OpenError
    (length,) = _LENGTH.unpack_from(plain)
    body, rest = plain[_LENGTH.size : _LENGTH.size + length], plain[_LENGTH.size + length :]
    try:
        value = canonical.parse(body, max_bytes=sizes.STATE_JSON_MAX)  # 3
        canonical.fields(value, {"states": list}, {"copy": str})
        copy_id = canonical.hex_field(value.get("copy", UNNAMED_COPY.hex()), sizes.COPY_ID)
        states = tuple(_state(row) for row in canonical.array(value["states"]))  # 4
    except CanonicalError:
        raise OpenError from None
    if rest.strip(b"\0"):  # 5
        raise OpenError
    return KeyFile(copy_id, states)


def backup_mac(key: VaultKey) -> hmac.HMAC:
    """HMAC-SHA256 for the list of files in a backup, to be fed line by line.

    Safe because its key is derived for this alone: whoever does not hold the vault key can make
    no list that this vault takes for its own.
    """
    return hmac.new(hkdf(key, labels.BACKUP), digestmod=hashlib.sha256)


def _state(row: canonical.Value) -> IntakeState:
    numbers = dict.fromkeys(("batch_no", "first_window", "windows"), int)
    value = canonical.fields(row, {**numbers, "state": str})
    windows = canonical.integer(value["windows"])
    if windows > BATCH_WINDOWS:
        raise CanonicalError("more windows than a batch has")
    return IntakeState(
        canonical.integer(value["batch_no"]),
        canonical.integer(value["first_window"]),
        windows,
        canonical.hex_field(value["state"], sizes.SEED),
    )


def _derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    if cost.memory_bytes > COST_MAX.memory_bytes or cost.passes > COST_MAX.passes:
        raise FormatError("a cost of derivation over the limit")
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
    except UnicodeEncodeError:
        raise FormatError("a passphrase that is not Unicode text") from None
    except (HashingError, OverflowError) as error:
        raise FormatError("a cost of derivation that cannot be done here") from error


def _sealed_for(vault_id: bytes, officer_id: str) -> bytes:
    return labels.VAULT_SEALED + canonical.encode({"vault": vault_id.hex(), "officer": officer_id})


def _associated(vault_id: bytes, officer_id: str, cost: Cost) -> bytes:
    bound: canonical.Object = {
        "vault": vault_id.hex(),
        "officer": officer_id,
        "memory_bytes": cost.memory_bytes,
        "passes": cost.passes,
    }
    return labels.VAULT_KEY + canonical.encode(bound)
