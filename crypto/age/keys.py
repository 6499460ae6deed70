"""Recipients and identities: whom an age file is sealed to, and who opens it.

Three types: hybrid, X25519, passphrase. The first two have a text form in bech32: `age1pq1…`
and `age1…` for recipients, in lower case; `AGE-SECRET-KEY-PQ-1…` and `AGE-SECRET-KEY-1…` for
identities, in upper case. `file` seals and opens with them; `envelope` uses the hybrid alone.

Checks, numbered as in docs/protocol/age.md: 7 a passphrase stanza stands alone; 12 an identity
opens a stanza; 20 a key as text has a prefix, a case and a length that go together, and can
really be used.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Final, TypeAlias

from crypto import hybrid, sizes
from crypto.age import bech32, hybrid_stanza, scrypt_stanza, x25519_stanza
from crypto.age.header import Stanza
from crypto.errors import FormatError, HeaderError, IdentityError, OpenError, RecipientError

_TRIAL: Final = bytes(sizes.FILE_KEY)


@dataclass(frozen=True)
class HybridRecipient:
    """A public key of 1,216 bytes: safe also from a quantum computer that comes later."""

    key: hybrid.PublicKey

    def wrap(self, file_key: bytes) -> Stanza:
        """A stanza for this recipient. Raises `RecipientError` for an unusable key."""
        return hybrid_stanza.wrap(self.key, file_key)

    def encode(self) -> str:
        """`age1pq1…`."""
        return bech32.encode(bech32.RECIPIENT_HYBRID, self.key)


@dataclass(frozen=True)
class X25519Recipient:
    """A public key of 32 bytes on the curve alone."""

    share: x25519_stanza.Share

    def wrap(self, file_key: bytes) -> Stanza:
        """A stanza for this recipient. Raises `RecipientError` for an unusable key."""
        return x25519_stanza.wrap(self.share, file_key)

    def encode(self) -> str:
        """`age1…`."""
        return bech32.encode(bech32.RECIPIENT_X25519, self.share)


@dataclass(frozen=True)
class PassphraseRecipient:
    """Whoever knows the passphrase. Sealing and opening take 2^`log2_work` KiB of memory."""

    passphrase: str = field(repr=False)
    log2_work: int = scrypt_stanza.LOG2_WORK

    def wrap(self, file_key: bytes) -> Stanza:
        """A stanza, to stand alone in its header. Raises `RecipientError` for an impossible cost."""
        return scrypt_stanza.wrap(self.passphrase, file_key, self.log2_work)


@dataclass(frozen=True)
class HybridIdentity:
    """The private key of a `HybridRecipient`."""

    TYPE: ClassVar = hybrid_stanza.TYPE
    seed: hybrid.Seed = field(repr=False)

    def unwrap(self, stanza: Stanza) -> bytes:
        """The file key, or `OpenError`; `HeaderError` for a malformed stanza."""
        return hybrid_stanza.unwrap(self._key, stanza)

    def encode(self) -> str:
        """`AGE-SECRET-KEY-PQ-1…`, a secret."""
        return bech32.encode(bech32.IDENTITY_HYBRID, self.seed).upper()

    def recipient(self) -> HybridRecipient:
        """Its public key."""
        return HybridRecipient(self._key.public_key())

    @cached_property
    def _key(self) -> hybrid.PrivateKey:
        return hybrid.PrivateKey(self.seed)


@dataclass(frozen=True)
class X25519Identity:
    """The private key of an `X25519Recipient`."""

    TYPE: ClassVar = x25519_stanza.TYPE
    scalar: x25519_stanza.Scalar = field(repr=False)

    def unwrap(self, stanza: Stanza) -> bytes:
        """The file key, or `OpenError`; `HeaderError` for a malformed stanza."""
        return x25519_stanza.unwrap(self.scalar, stanza)

    def encode(self) -> str:
        """`AGE-SECRET-KEY-1…`, a secret."""
        return bech32.encode(bech32.IDENTITY_X25519, self.scalar).upper()

    def recipient(self) -> X25519Recipient:
        """Its public key."""
        return X25519Recipient(x25519_stanza.share_of(self.scalar))


@dataclass(frozen=True)
class PassphraseIdentity:
    """A passphrase, and how much work a file may ask for: 2^`log2_work_max` KiB of memory."""

    TYPE: ClassVar = scrypt_stanza.TYPE
    passphrase: str = field(repr=False)
    log2_work_max: int = scrypt_stanza.LOG2_WORK_MAX

    def unwrap(self, stanza: Stanza) -> bytes:
        """The file key, or `OpenError`; `HeaderError` for a malformed stanza or too much work."""
        return scrypt_stanza.unwrap(self.passphrase, stanza, self.log2_work_max)


Recipient: TypeAlias = HybridRecipient | X25519Recipient | PassphraseRecipient
Identity: TypeAlias = HybridIdentity | X25519Identity | PassphraseIdentity

_FORMS: Final[Mapping[bytes, Callable[[Stanza], object]]] = {
    hybrid_stanza.TYPE: hybrid_stanza.check_form,
    x25519_stanza.TYPE: x25519_stanza.check_form,
    scrypt_stanza.TYPE: scrypt_stanza.check_form,
}


def unwrap_first(identities: Sequence[Identity], stanzas: Sequence[Stanza]) -> bytes:
    """The file key that any of `identities` finds in any of `stanzas`, or `OpenError`.

    Every stanza of a type that we hold an identity of is judged by its form before any key is
    tried; other types are passed over, as age asks. Raises `HeaderError` for a malformed one,
    and for a passphrase stanza that is not alone.

    Never more key agreements than identities times stanzas, and one scrypt for each passphrase.
    """
    if len(stanzas) > 1 and any(stanza.type == scrypt_stanza.TYPE for stanza in stanzas):  # 7
        raise HeaderError("a passphrase stanza that is not alone")
    held = {identity.TYPE for identity in identities}
    for stanza in stanzas:
        if stanza.type in held:
            _FORMS[stanza.type](stanza)
    for identity in identities:
        for stanza in stanzas:
            if stanza.type == identity.TYPE:
                with suppress(OpenError):
                    return identity.unwrap(stanza)
    raise OpenError  # 12


def parse_recipient(text: str) -> HybridRecipient | X25519Recipient:
    """The recipient that `text` names. Raises `RecipientError`.

    A trial decides whether it can be sealed to: a share of low order and a lattice key that is
    out of range fail here and not later.
    """
    try:
        prefix, data = bech32.decode(text)
    except FormatError as error:
        raise RecipientError from error
    recipient: HybridRecipient | X25519Recipient
    if prefix == bech32.RECIPIENT_HYBRID:
        recipient = HybridRecipient(hybrid.PublicKey(data))
    elif prefix == bech32.RECIPIENT_X25519:
        recipient = X25519Recipient(x25519_stanza.Share(data))
    else:  # 20
        raise RecipientError
    recipient.wrap(_TRIAL)  # 20
    if recipient.encode() != text:  # 20
        raise RecipientError
    return recipient


def parse_identity(text: str) -> HybridIdentity | X25519Identity:
    """The identity in `text`. Raises `IdentityError`, which never carries a part of it."""
    try:
        prefix, data = bech32.decode(text)
    except FormatError:
        raise IdentityError from None
    identity: HybridIdentity | X25519Identity
    if prefix == bech32.IDENTITY_HYBRID:
        identity = HybridIdentity(hybrid.Seed(data))
    elif prefix == bech32.IDENTITY_X25519:
        identity = X25519Identity(x25519_stanza.Scalar(data))
    else:  # 20
        raise IdentityError
    if len(data) != sizes.SEED or identity.encode() != text:  # 20
        raise IdentityError
    return identity
