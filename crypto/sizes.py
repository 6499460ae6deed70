"""Each length of protocol 1 as a sum of its named parts, in bytes.

Nobody else writes a length as a bare number. The doctest is the check:

>>> HYBRID_STANZA, ENVELOPE_HEADER, ENVELOPE_MIN
(1557, 12526, 78094)
>>> SLOT, SLOT_PLAINTEXT, SLOT_BODY
(4096, 2944, 2928)
"""

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB

SEED: Final = 32
SHA256: Final = 32
ED25519_PUBLIC: Final = 32
ED25519_SIGNATURE: Final = 64
INSTANCE_ID: Final = 16
EPOCH: Final = 16
AEAD_TAG: Final = 16
XCHACHA_NONCE: Final = 24

ML_KEM_768_PUBLIC: Final = 1184
ML_KEM_768_CIPHERTEXT: Final = 1088
X25519_SHARE: Final = 32
HYBRID_PUBLIC: Final = ML_KEM_768_PUBLIC + X25519_SHARE
HYBRID_ENC: Final = ML_KEM_768_CIPHERTEXT + X25519_SHARE

FILE_KEY: Final = 16
STANZA_BODY: Final = FILE_KEY + AEAD_TAG
STREAM_NONCE: Final = 16
CHUNK: Final = 64 * KIB
SEALED_CHUNK: Final = CHUNK + AEAD_TAG


def base64_length(n_bytes: int) -> int:
    """Characters of `n_bytes` in base64 without padding."""
    return (n_bytes * 4 + 2) // 3


VERSION_LINE: Final = len("age-encryption.org/v1\n")
HYBRID_STANZA: Final = (
    len("-> mlkem768x25519 ") + base64_length(HYBRID_ENC) + len("\n") + base64_length(STANZA_BODY) + len("\n")
)
MAC_LINE: Final = len("--- ") + base64_length(SHA256) + len("\n")
ENVELOPE_STANZAS: Final = 8
ENVELOPE_HEADER: Final = VERSION_LINE + ENVELOPE_STANZAS * HYBRID_STANZA + MAC_LINE

PADDED_MIN: Final = CHUNK
PADDED_MAX: Final = 2 * GIB
ENVELOPE_MIN: Final = ENVELOPE_HEADER + STREAM_NONCE + PADDED_MIN + AEAD_TAG

RECORD_HEADER: Final = 1 + 4
HEAD_MAX: Final = 16 * KIB
TEXT_MAX: Final = 1 * MIB
FORM_MAX: Final = 256 * KIB
FORMS_MAX: Final = 64
FILE_MAX: Final = 4 * KIB
FILES_MAX: Final = 1_000
DATA: Final = CHUNK
DONE: Final = SHA256 + 8
END: Final = 8

SLOT: Final = 4 * KIB
SLOT_ADDRESS: Final = 16
SLOT_CIPHERTEXT: Final = SLOT - SLOT_ADDRESS - HYBRID_ENC
SLOT_PLAINTEXT: Final = SLOT_CIPHERTEXT - AEAD_TAG
SLOT_HEADER: Final = 1 + 1 + 2 + 2 + 2 + 8
SLOT_BODY: Final = SLOT_PLAINTEXT - SLOT_HEADER
