"""The `mlkem768x25519` recipient type of age: one stanza wraps the file key with HPKE.

See C2SP age.md, "The MLKEM768-X25519 hybrid post-quantum recipient type".
"""

from typing import Final

from crypto import hybrid, labels, sizes
from crypto.age.header import Stanza, decode_base64, encode_base64
from crypto.errors import HeaderError

TYPE: Final = b"mlkem768x25519"


def wrap(recipient: hybrid.PublicKey, file_key: bytes) -> Stanza:
    """A stanza from which the holder of the private key gets `file_key`."""
    sealed = hybrid.seal(recipient, file_key, labels.AGE_HYBRID_INFO)
    return Stanza((TYPE, encode_base64(sealed[: sizes.HYBRID_ENC])), sealed[sizes.HYBRID_ENC :])


def unwrap(seed: hybrid.Seed, stanza: Stanza) -> bytes:
    """The file key of a well-formed stanza, or `OpenError` when it is for another key.

    Raises `HeaderError` when the share on the curve is of low order.
    """
    enc = check_form(stanza)
    if hybrid.is_low_order(enc):
        raise HeaderError("a share of low order")  # MUST 10
    return hybrid.open(seed, enc + stanza.body, labels.AGE_HYBRID_INFO)


def check_form(stanza: Stanza) -> bytes:
    """The encapsulated key of a stanza of this type. Raises `HeaderError` for any other form.

    The body's length is checked before anything is decrypted, against partitioning oracles.
    """
    if stanza.arguments[0] != TYPE or len(stanza.arguments) != 2:
        raise HeaderError("not a hybrid stanza")
    enc = decode_base64(stanza.arguments[1])
    if len(enc) != sizes.HYBRID_ENC or len(stanza.body) != sizes.STANZA_BODY:
        raise HeaderError("a hybrid stanza of the wrong size")
    return enc
