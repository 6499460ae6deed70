"""The self-test: known answers and refusals that must come out right before either app starts.

A library that was replaced, built wrongly or cut down can compute something else and say nothing.
So each primitive and each derivation that the product relies on is asked once for an answer that
is published or was computed by other programs, and each check that guards something is shown a
thing that it must refuse. The count is fixed: a check that falls out of the list is a failure too.
It is no proof that a library is sound, and no defence against a changed copy of this program.

The expected values: RFC 8032 (7.1, TEST 2), draft-irtf-cfrg-xchacha (A.3.1), the X-Wing draft
(vector 1), the protocol page's known answers, Argon2id by two other libraries. The file
`selftest_file.txt` was sealed with npm `age-encryption`; any age program opens it with the key
that stands as an example in the age specification (`_FILE_SEED`).

Called by both programs before a command and by each web worker. What only the station has is in
`selftest_station`.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final

from crypto import aead, canonical, codename, hybrid, labels, padding, signing, sizes, slots, windows, words
from crypto.age import armor
from crypto.age.header import UntrustedHeader, decode_base64, parse_header, verify_header
from crypto.age.stream import StreamReader
from crypto.codename import Codename
from crypto.errors import (
    CanonicalError,
    CryptoError,
    OpenError,
    RecipientError,
    SelfTestError,
    SignatureError,
)
from crypto.source_keys import Cost, Master, derive_keys, derive_master, instance_id

_CODENAME: Final = Codename("abacus zoom cone outthink agreement quack uncapped deeply")
_SMALL: Final = Cost(memory_bytes=64 * sizes.KIB, passes=3)
_MASTER: Final = "ab59cdf7748fdf338ffe28fa88d61bd84a67db639e01b66f4573cc2f7d75ef21"
_AUTHOR: Final = "8b7cded7d1b0a5ee191fc4085d6861f0568284d5ca480dd6cb04faa83b431604"
_REPLY_ADDRESS: Final = "5b6881be9149cff5673635193cc321d9b27ff5ae675d0e239982c27ddbacf75e"
_WORDS_SHA256: Final = "76e3348ad957cad7d9c5c68873e89410ed998c19f4956367ab52d9aec4eee884"
_X_WING_SEED: Final = "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"
_X_WING_PUBLIC_SHA256: Final = "2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb"
_FILE_SEED: Final = "31bda90fbf9fccdde5cfc0ed5a0378c5ea67ea193d7938b03b8c5dabb9a67de3"
_FILE_PLAIN: Final = b"CleanDrop: if you can read this, the self-test file opened.\n"
_XCHACHA_KEY: Final = bytes(range(0x80, 0xA0))
_XCHACHA_AAD: Final = "50515253c0c1c2c3c4c5c6c7"
_XCHACHA_PLAIN: Final = (
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    b"sunscreen would be it."
)
_XCHACHA_SEALED: Final = (
    "404142434445464748494a4b4c4d4e4f5051525354555657"
    "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
    "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
    "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
    "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"
)
_SIGNING_SEED: Final = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
_SIGNED: Final = b"\x72"
_SIGNATURE: Final = (
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


@dataclass(frozen=True)
class Check:
    """One thing that must come out right, named for the person who reads of its failure."""

    name: str
    passes: Callable[[], bool]


def run() -> None:
    """Every check that both programs need. Raises `SelfTestError` naming the one that failed."""
    run_checks(CHECKS, COUNT)


def run_checks(checks: tuple[Check, ...], count: int) -> None:
    """`checks`, which must be `count` of them. Raises `SelfTestError`."""
    ran = 0
    for check in checks:
        try:
            right = check.passes()
        except Exception as error:  # whatever a broken library raises means the same here
            raise SelfTestError(check.name) from error
        if not right:
            raise SelfTestError(check.name)
        ran += 1
    if ran != count:
        raise SelfTestError("number of checks")


def refuses(error: type[CryptoError], call: Callable[..., object], *args: object) -> bool:
    """Whether `call` refuses `args` with exactly this error."""
    try:
        call(*args)
    except error:
        return True
    return False


def _random() -> bool:
    return secrets.token_bytes(sizes.SEED) != secrets.token_bytes(sizes.SEED)


def _words() -> bool:
    return hashlib.sha256("\n".join(words.WORDS).encode()).hexdigest() == _WORDS_SHA256


def _codename() -> bool:
    return codename.complete(tuple(_CODENAME.split()[: codename.RANDOM_WORDS])) == _CODENAME


def _codename_refusal() -> bool:
    return refuses(CryptoError, codename.parse, _CODENAME.replace("deeply", "abacus"))


def _instance() -> bool:
    return instance_id(bytes(sizes.ED25519_PUBLIC)).hex() == "55b807e9bffaa2a6596f46e0267fc998"


def _fingerprint() -> bool:
    expected = "detonator untimely splashing coat hardener corrode willed litter city footless"
    return " ".join(words.fingerprint(bytes(sizes.ED25519_PUBLIC))) == expected


def _argon2id() -> bool:
    master = derive_master(_CODENAME, instance_id(bytes(sizes.ED25519_PUBLIC)), _SMALL)
    return master.hex() == "e99f54d04afee58584e25948ae2fb34a1d141a7cdac1fb7d2675e4c3b9e58e04"


def _hkdf() -> bool:
    keys = derive_keys(Master(bytes.fromhex(_MASTER)))
    return keys.author.hex() == _AUTHOR and keys.reply_address.hex() == _REPLY_ADDRESS


def _slot_address() -> bool:
    where = slots.address(bytes.fromhex(_REPLY_ADDRESS), slots.Epoch(bytes(sizes.EPOCH)), 7, 0)
    return where.hex() == "002a9c66c0167973b9f9b03dc84bba8d"


def _x_wing() -> bool:
    public = hybrid.public_key(hybrid.Seed(bytes.fromhex(_X_WING_SEED)))
    return hashlib.sha256(public).hexdigest() == _X_WING_PUBLIC_SHA256


def _hpke_open() -> bool:
    verify_header(_file_header(_file()), _file_key(_file()))
    return True


def _hpke_refusal() -> bool:
    sealed = bytearray(_stanza(_file()))
    sealed[-1] ^= 1
    seed = hybrid.Seed(bytes.fromhex(_FILE_SEED))
    return refuses(OpenError, hybrid.open, seed, bytes(sealed), labels.AGE_HYBRID_INFO)


def _hpke_seal() -> bool:
    seed = hybrid.Seed(bytes.fromhex(_X_WING_SEED))
    return hybrid.open(seed, hybrid.seal(hybrid.public_key(seed), b"plain", b"info"), b"info") == b"plain"


def _low_order_refusal() -> bool:
    public = hybrid.public_key(hybrid.Seed(bytes.fromhex(_X_WING_SEED)))
    hostile = public[: sizes.ML_KEM_768_PUBLIC] + bytes(sizes.X25519_SHARE)
    return refuses(RecipientError, hybrid.check_public_key, hostile)


def _header_refusal() -> bool:
    header = _file_header(_file())
    return refuses(OpenError, verify_header, header, bytes(sizes.FILE_KEY))


def _stream_open() -> bool:
    return b"".join(_stream(_file()).chunks()) == _FILE_PLAIN


def _stream_refusal() -> bool:
    changed = _file()
    changed[-1] ^= 1
    return refuses(OpenError, _stream, changed)


def _xchacha_open() -> bool:
    sealed = bytes.fromhex(_XCHACHA_SEALED)
    return aead.open(_XCHACHA_KEY, sealed, bytes.fromhex(_XCHACHA_AAD)) == _XCHACHA_PLAIN


def _xchacha_refusal() -> bool:
    sealed = bytearray.fromhex(_XCHACHA_SEALED)
    sealed[-1] ^= 1
    return refuses(OpenError, aead.open, _XCHACHA_KEY, bytes(sealed), bytes.fromhex(_XCHACHA_AAD))


def _xchacha_seal() -> bool:
    sealed = aead.seal(_XCHACHA_KEY, b"plain", b"bound")
    return aead.open(_XCHACHA_KEY, sealed, b"bound") == b"plain"


def _sign() -> bool:
    seed = signing.SigningSeed(bytes.fromhex(_SIGNING_SEED))
    return signing.sign(seed, b"", _SIGNED).signature.hex() == _SIGNATURE


def _verify() -> bool:
    key = signing.verifying_key(signing.SigningSeed(bytes.fromhex(_SIGNING_SEED)))
    return signing.verify(key, b"", signing.Signed(_SIGNED, bytes.fromhex(_SIGNATURE))) == _SIGNED


def _verify_refusal() -> bool:
    key = signing.verifying_key(signing.SigningSeed(bytes.fromhex(_SIGNING_SEED)))
    signed = signing.Signed(_SIGNED, bytes.fromhex(_SIGNATURE))
    return refuses(SignatureError, signing.verify, key, b"x", signed)


def _canonical() -> bool:
    return canonical.encode({"b": [1, "é"], "a": {}}) == '{"a":{},"b":[1,"é"]}'.encode()


def _canonical_refusal() -> bool:
    return all(
        refuses(CanonicalError, _parse_json, data)
        for data in (b'{"a":1,"a":1}', b'{"b":1,"a":1}', b'{"a": 1}', b'{"a":1.0}', b'{"a":null}', b"[]")
    )


def _padding() -> bool:
    return [padding.padded_size(n) for n in (0, 65_537, 1_048_577)] == [65_536, 69_632, 1_114_112]


def _window() -> bool:
    return windows.window_of(datetime(2026, 11, 22, tzinfo=UTC)) == 150


def _parse_json(data: bytes) -> object:
    return canonical.parse(data, max_bytes=sizes.KIB)


def _file() -> bytearray:
    return bytearray(armor.decode((files("crypto") / "selftest_file.txt").read_bytes()))


def _file_header(file: bytearray) -> UntrustedHeader:
    return parse_header(bytes(file))


def _stanza(file: bytearray) -> bytes:
    stanza = _file_header(file).stanzas[0]
    return decode_base64(stanza.arguments[1]) + stanza.body


def _file_key(file: bytearray) -> bytes:
    return hybrid.open(hybrid.Seed(bytes.fromhex(_FILE_SEED)), _stanza(file), labels.AGE_HYBRID_INFO)


def _stream(file: bytearray) -> StreamReader:
    start = _file_header(file).length
    return StreamReader(
        _file_key(file), lambda offset, n: bytes(file[offset : offset + n]), start, len(file) - start
    )


CHECKS: Final = (
    Check("random bytes", _random),
    Check("word list", _words),
    Check("BLAKE2b: check word of a codename", _codename),
    Check("BLAKE2b: a wrong check word is refused", _codename_refusal),
    Check("SHA-256: name of an instance", _instance),
    Check("SHA-256: fingerprint in words", _fingerprint),
    Check("Argon2id: master of a codename", _argon2id),
    Check("HKDF: keys of a source", _hkdf),
    Check("HMAC: address of a slot", _slot_address),
    Check("X-Wing: public key", _x_wing),
    Check("HPKE: a stanza opens, and its header verifies", _hpke_open),
    Check("HPKE: a changed stanza is refused", _hpke_refusal),
    Check("HPKE: what was sealed opens", _hpke_seal),
    Check("HPKE: a key of low order is refused", _low_order_refusal),
    Check("age header: another file key is refused", _header_refusal),
    Check("STREAM: a chunk opens", _stream_open),
    Check("STREAM: a changed chunk is refused", _stream_refusal),
    Check("XChaCha20-Poly1305: a published text opens", _xchacha_open),
    Check("XChaCha20-Poly1305: a changed text is refused", _xchacha_refusal),
    Check("XChaCha20-Poly1305: what was sealed opens", _xchacha_seal),
    Check("Ed25519: signature", _sign),
    Check("Ed25519: a right signature is accepted", _verify),
    Check("Ed25519: a wrong signature is refused", _verify_refusal),
    Check("canonical JSON: spelling", _canonical),
    Check("canonical JSON: other spellings are refused", _canonical_refusal),
    Check("padding: sizes", _padding),
    Check("intake windows: number of a week", _window),
)
COUNT: Final = 27
