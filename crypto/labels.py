"""The one table of domain-separation labels of protocol 1.

Every hash, signature, key derivation and sealed cookie starts with its own label, so that
bytes made for one purpose can never be taken for another. No label is a prefix of another:
a house test holds the table to that (see ADR 3 for the two that were renamed to keep it so).
"""

from typing import Final

PREFIX: Final = b"cleandrop/v1/"

INSTANCE: Final = PREFIX + b"instance"
FINGERPRINT: Final = PREFIX + b"fingerprint"
SALT: Final = PREFIX + b"salt"
SOURCE: Final = PREFIX + b"source"

AUTHOR: Final = PREFIX + b"author"
REPLY_IDENTITY: Final = PREFIX + b"reply-identity"
REPLY_ADDRESS: Final = PREFIX + b"reply-address"
CLIENT_STATE: Final = PREFIX + b"client-state"

INTAKE_NEXT: Final = PREFIX + b"intake/next"
INTAKE_SEED: Final = PREFIX + b"intake/seed"

REPLY_SLOT: Final = PREFIX + b"reply-slot"
SLOT_ADDRESS: Final = PREFIX + b"addr"

LOG_START: Final = PREFIX + b"log-start"
LOG_ENTRY: Final = PREFIX + b"log-entry"

MANIFEST_IN: Final = PREFIX + b"manifest/in"
MANIFEST_OUT: Final = PREFIX + b"manifest/out"
BATCH: Final = PREFIX + b"batch"
BOARD: Final = PREFIX + b"board"
CERTIFICATE: Final = PREFIX + b"certificate"
DESCRIPTOR: Final = PREFIX + b"descriptor"
PUBLICATION: Final = PREFIX + b"publication"

SESSION: Final = PREFIX + b"session"
VAULT_KEY: Final = PREFIX + b"vault-key"
VAULT_SEALED: Final = PREFIX + b"vault-sealed"
INTAKE_STATE: Final = PREFIX + b"state-file"
BACKUP: Final = PREFIX + b"vault-backup"

AUDIT_START: Final = PREFIX + b"audit/start"
AUDIT_LINE: Final = PREFIX + b"audit/line"
AUDIT_SEAL: Final = PREFIX + b"audit/seal"

PACK: Final = PREFIX + b"pack"

CHECK_PERSON: Final = b"cleandrop-check"
AGE_HYBRID_INFO: Final = b"age-encryption.org/mlkem768x25519"
AGE_X25519_INFO: Final = b"age-encryption.org/v1/X25519"
AGE_SCRYPT_SALT: Final = b"age-encryption.org/v1/scrypt"
AGE_HEADER_INFO: Final = b"header"
AGE_PAYLOAD_INFO: Final = b"payload"

ALL: Final = (
    INSTANCE,
    FINGERPRINT,
    SALT,
    SOURCE,
    AUTHOR,
    REPLY_IDENTITY,
    REPLY_ADDRESS,
    CLIENT_STATE,
    INTAKE_NEXT,
    INTAKE_SEED,
    REPLY_SLOT,
    SLOT_ADDRESS,
    LOG_START,
    LOG_ENTRY,
    MANIFEST_IN,
    MANIFEST_OUT,
    BATCH,
    BOARD,
    CERTIFICATE,
    DESCRIPTOR,
    PUBLICATION,
    SESSION,
    VAULT_KEY,
    VAULT_SEALED,
    INTAKE_STATE,
    BACKUP,
    AUDIT_START,
    AUDIT_LINE,
    AUDIT_SEAL,
    PACK,
    CHECK_PERSON,
    AGE_HYBRID_INFO,
    AGE_X25519_INFO,
    AGE_SCRYPT_SALT,
    AGE_HEADER_INFO,
    AGE_PAYLOAD_INFO,
)
