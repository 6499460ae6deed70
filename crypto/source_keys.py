"""What a codename stands for: the keys of a source (protocol 1, section 2).

One slow derivation (Argon2id, 64 MiB, three passes) gives a master; everything else is
HKDF-SHA256 of it under a name. Nothing here is ever stored by a server.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NewType

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.pwhash import argon2id

from crypto import hybrid, labels, sizes
from crypto.codename import Codename

Master = NewType("Master", bytes)
InstanceId = NewType("InstanceId", bytes)
SourceId = NewType("SourceId", bytes)


@dataclass(frozen=True)
class Cost:
    """Work of one Argon2id derivation: memory in bytes and passes."""

    memory_bytes: int
    passes: int


CODENAME_COST: Final = Cost(memory_bytes=64 * sizes.MIB, passes=3)


@dataclass(frozen=True)
class SourceKeys:
    """The four secrets of a source, 32 bytes each, and the public reply key."""

    author: bytes = field(repr=False)
    reply_identity: hybrid.Seed = field(repr=False)
    reply_address: bytes = field(repr=False)
    client_state: bytes = field(repr=False)

    @property
    def reply_key(self) -> hybrid.PublicKey:
        """The key that replies are sealed to."""
        return self.reply_private.public_key()

    @cached_property
    def reply_private(self) -> hybrid.PrivateKey:
        """The key that opens replies, stretched once for all of them."""
        return hybrid.PrivateKey(self.reply_identity)


def instance_id(root_public_key: bytes) -> InstanceId:
    """The name of an instance, for ever: 16 bytes of the hash of its first root key."""
    digest = hashlib.sha256(labels.INSTANCE + root_public_key).digest()
    return InstanceId(digest[: sizes.INSTANCE_ID])


def derive_master(codename: Codename, instance: InstanceId, cost: Cost = CODENAME_COST) -> Master:
    """The master of a codename at one instance. Slow on purpose: the caller bounds how many run.

    Safe because the salt differs between instances, so that no table serves two of them, and
    the input has 90 bits before a single pass of Argon2id.
    """
    salt = hashlib.blake2b(labels.SALT + instance, digest_size=sizes.SALT).digest()
    return Master(
        argon2id.kdf(sizes.SEED, codename.encode(), salt, opslimit=cost.passes, memlimit=cost.memory_bytes)
    )


def derive_keys(master: Master) -> SourceKeys:
    """The secrets of a source, each under its own name."""
    return SourceKeys(
        author=hkdf(master, labels.AUTHOR),
        reply_identity=hybrid.Seed(hkdf(master, labels.REPLY_IDENTITY)),
        reply_address=hkdf(master, labels.REPLY_ADDRESS),
        client_state=hkdf(master, labels.CLIENT_STATE),
    )


def source_id(author: bytes) -> SourceId:
    """How the station tells one source from another; says nothing about the codename."""
    return SourceId(hashlib.sha256(labels.SOURCE + author).digest())


def hkdf(secret: bytes, label: bytes) -> bytes:
    """HKDF-SHA256 with an empty salt and `label` as info: 32 bytes."""
    return HKDF(algorithm=SHA256(), length=sizes.SEED, salt=None, info=label).derive(secret)
