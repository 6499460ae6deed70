"""The `mlkem768x25519` recipient type of age: one stanza wraps the file key with HPKE.

See C2SP age.md, "The MLKEM768-X25519 hybrid post-quantum recipient type". The only type that
reports are sealed to.

Checks, numbered as in docs/protocol/age.md: 8 two arguments; 9 an encapsulated key of 1,120
bytes and a body of 32, before anything is decrypted; 11 a share on the curve that is not of
low order; 12 the body opens.
"""

from functools import lru_cache
from typing import Final

from crypto import hybrid, labels, sizes
from crypto.age.header import Stanza, decode_base64, encode_base64
from crypto.errors import HeaderError

TYPE: Final = b"mlkem768x25519"


def wrap(recipient: hybrid.PublicKey, file_key: bytes) -> Stanza:
    """A stanza from which the holder of the private key gets `file_key`. Raises `RecipientError`."""
    sealed = hybrid.seal(recipient, file_key, labels.AGE_HYBRID_INFO)
    return Stanza((TYPE, encode_base64(sealed[: sizes.HYBRID_ENC])), sealed[sizes.HYBRID_ENC :])


def unwrap(key: hybrid.PrivateKey, stanza: Stanza) -> bytes:
    """The file key of a well-formed stanza, or `OpenError` when it is for another key.

    Raises `HeaderError` for a malformed one.
    """
    enc = check_form(stanza)
    if key.is_low_order(enc):  # 11
        raise HeaderError("a share of low order")
    return key.open(enc + stanza.body, labels.AGE_HYBRID_INFO)  # 12


@lru_cache(maxsize=sizes.ENVELOPE_STANZAS)
def check_form(stanza: Stanza) -> bytes:
    """The encapsulated key of a stanza of this type. Raises `HeaderError` for any other form.

    The body's length is checked before anything is decrypted, against partitioning oracles. Remembered
    for one header, which is judged when it is read, before a key is tried, and with each key: all public.
    """
    if stanza.type != TYPE or len(stanza.arguments) != 2:  # 8
        raise HeaderError("not a hybrid stanza")
    enc = decode_base64(stanza.arguments[1])
    if len(enc) != sizes.HYBRID_ENC or len(stanza.body) != sizes.STANZA_BODY:  # 9
        raise HeaderError("a hybrid stanza of the wrong size")
    return enc
