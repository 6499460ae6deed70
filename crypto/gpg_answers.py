"""What gpg answers, read from its machine-readable lines alone and judged by exact rules.

Pure: bytes in, verdicts out; `crypto.openpgp` brings the bytes. A line counts when it begins
with "[GNUPG:] " after a line feed; no other character ends a line, because names of keys and
files, which strangers choose, stand inside these lines. Numbers in comments are those of
docs/protocol/openpgp.md. The words are those of doc/DETAILS of GnuPG.
"""

from dataclasses import dataclass
from typing import Final, NewType

from crypto.errors import OpenError, OpenPgpError, OpenPgpKeyError

Fingerprint = NewType("Fingerprint", str)
"""40 hexadecimal digits in capitals: a version 4 key."""

Status = tuple[str, str]
"""A keyword and what follows it."""

FINGERPRINT_DIGITS: Final = 40
SUBKEYS_MAX: Final = 64
NAMES_MAX: Final = 64
RSA_BITS: Final = range(2048, 8192 + 1)
CURVES: Final = frozenset(
    {
        *("ed25519", "cv25519", "nistp256", "nistp384", "nistp521"),
        *("brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"),
    }
)

_RSA_BITS: Final = frozenset(map(str, RSA_BITS))
_FIELDS: Final = 20
_PREFIX: Final = b"[GNUPG:] "
_RSA: Final = "1"
_ON_CURVES: Final = ("18", "19", "22")  # ECDH, ECDSA, EdDSA
_DEAD: Final = frozenset("idren")  # invalid, disabled, revoked, expired, not valid
_ONE_PUBLIC_KEY: Final = "1 0 1" + " 0" * 12

# Words that tell nothing which is judged here. Any other word that is not in the story refuses.
_SILENT: Final = frozenset(
    {
        *("ENC_TO", "KEY_CONSIDERED", "NO_SECKEY", "CARDCTRL", "PLAINTEXT_LENGTH"),
        *("PROGRESS", "KEYEXPIRED", "SIG_ID", "NOTATION_NAME", "NOTATION_FLAGS", "NOTATION_DATA"),
        *("POLICY_URL", "TRUST_UNDEFINED", "TRUST_MARGINAL", "TRUST_FULLY", "TRUST_ULTIMATE"),
        *("DECRYPTION_COMPLIANCE_MODE", "VERIFICATION_COMPLIANCE_MODE", "ENCRYPTION_COMPLIANCE_MODE"),
    }
)
_OPENED: Final = ("DECRYPTION_KEY", "BEGIN_DECRYPTION", "DECRYPTION_INFO", "PLAINTEXT")
_SIGNED: Final = ("NEWSIG", "GOODSIG", "VALIDSIG")
_WHOLE: Final = ("DECRYPTION_OKAY", "GOODMDC", "END_DECRYPTION")
_SEALED: Final = ("BEGIN_ENCRYPTION", "BEGIN_SIGNING", "END_ENCRYPTION", "SIG_CREATED")  # in any order


@dataclass(frozen=True)
class Part:
    """A key or subkey as gpg lists it."""

    alive: bool
    strong: bool
    encrypts: bool


def parse_fingerprint(text: str) -> Fingerprint:
    """The fingerprint that a person typed: 40 hexadecimal digits, in groups or not.

    Raises `OpenPgpKeyError`.
    """
    digits = "".join(text.split()).upper()
    if len(digits) != FINGERPRINT_DIGITS or not set(digits) <= set("0123456789ABCDEF"):
        raise OpenPgpKeyError("A fingerprint has 40 hexadecimal digits and nothing else. Give all of them.")
    return Fingerprint(digits)


def status_of(line: bytes) -> Status | None:
    """One line as gpg told it, line feed and all; None where it is none of gpg's."""
    if not line.startswith(_PREFIX):
        return None
    told = line.removeprefix(_PREFIX).removesuffix(b"\n")
    word, _, rest = told.decode("ascii", "replace").partition(" ")
    return word, rest


def check_imported(statuses: list[Status]) -> None:
    """That exactly one key came in, a public one. Raises `OpenPgpKeyError`.

    Checks: 2 there is no secret key; 3 there is one key; 4 gpg took it, by its own signatures.
    """
    results = [rest.split() for word, rest in statuses if word == "IMPORT_RES"]
    if len(results) != 1 or len(results[0]) != len(_ONE_PUBLIC_KEY.split()):
        raise OpenPgpKeyError("There is no OpenPGP key in this.")
    count, secrets_read = results[0][0], results[0][9]
    if secrets_read != "0":  # 2
        raise OpenPgpKeyError("This holds a secret key. Ask for the public key alone.")
    if count not in {"0", "1"}:  # 3
        raise OpenPgpKeyError("This holds more than one key. Ask for the one key alone.")
    if " ".join(results[0]) != _ONE_PUBLIC_KEY:  # 4
        raise OpenPgpKeyError(
            "This is no OpenPGP key, or no key that is sound: its own signatures are missing, damaged or "
            "made with SHA-1. Ask for an export of the key as it is now."
        )


def check_listed(listing: bytes, fingerprint: Fingerprint) -> None:
    """That the one key of a listing may be used, and is the one asked for. Raises `OpenPgpKeyError`.

    Checks: 5 it is one key of few parts; 6 its fingerprint; 7 it is in force; 8 every living part
    is strong; 9 some living part can be encrypted to.
    """
    rows = [_fields(row) for row in listing.split(b"\n")]
    kinds = [row[0] for row in rows]
    if kinds.count("pub") != 1 or kinds.count("sub") > SUBKEYS_MAX or _names(kinds) > NAMES_MAX:  # 5
        raise OpenPgpKeyError("This key has too many parts or names. Ask for a minimal export of it.")
    if next((row[9] for row in rows if row[0] == "fpr"), "") != fingerprint:  # 6
        raise OpenPgpKeyError("This key has another fingerprint. Do not use it; ask who gave it to you.")
    primary, *subkeys = (_part(row) for row in rows if row[0] in {"pub", "sub"})
    if not primary.alive:  # 7
        raise OpenPgpKeyError("This key has expired or was revoked. Ask for the one in force.")
    living = [primary, *(part for part in subkeys if part.alive)]
    if not all(part.strong for part in living):  # 8
        raise OpenPgpKeyError(
            "This key is weak. Ask for RSA with 2048 bits or more, or a curve in use today."
        )
    if not any(part.encrypts for part in living):  # 9
        raise OpenPgpKeyError("Nothing can be encrypted to this key: it only signs. Ask for another.")


def check_opened(statuses: list[Status], own: Fingerprint, signer: Fingerprint | None) -> None:
    """That exactly one message was opened whole by our key, and signed by `signer` if one is named.

    Checks: 2 one message with one plaintext, inside the encryption; 3 its integrity; 4 no signature
    but the one asked for; 5 our key opened it; 6 the signature is the signer's. Raises
    `OpenError`. Safe because the whole story must be as expected, word by word: a second
    plaintext, one outside the encryption, a missing check of integrity or a signature outside
    makes another story, and so does any word that is not known here.
    """
    wanted = (*_OPENED, *(_SIGNED if signer else ()), *_WHOLE)
    if _story(statuses) != wanted:  # 2, 3, 4
        raise OpenError
    told = dict(statuses)
    if told["DECRYPTION_KEY"].split()[1:2] != [own]:  # 5
        raise OpenError
    if signer and told["VALIDSIG"].split()[8:] not in (["00", signer], ["01", signer]):  # 6
        raise OpenError


def check_sealed(statuses: list[Status], own: Fingerprint) -> None:
    """That one message was signed by our key and encrypted. Raises `OpenPgpError`.

    Checks: 2 one signature and one encryption, and nothing else; 3 the signature is our key's.
    """
    if tuple(sorted(_story(statuses))) != _SEALED:  # 2
        raise OpenPgpError("GnuPG did not encrypt and sign this. Nothing was written.")
    if dict(statuses)["SIG_CREATED"].split()[5:] != [own]:  # 3
        raise OpenPgpError("GnuPG did not encrypt and sign this. Nothing was written.")


def created(statuses: list[Status]) -> Fingerprint:
    """The fingerprint of the key that was made. Raises `OpenPgpError`."""
    made = [rest.split() for word, rest in statuses if word == "KEY_CREATED"]
    if len(made) != 1 or made[0][:1] != ["B"] or len(made[0]) < 2:
        raise OpenPgpError("GnuPG did not make the key. Nothing was changed.")
    return parse_fingerprint(made[0][1])


def _story(statuses: list[Status]) -> tuple[str, ...]:
    return tuple(word for word, _ in statuses if word not in _SILENT)


def _names(kinds: list[str]) -> int:
    return kinds.count("uid") + kinds.count("uat")


def _fields(row: bytes) -> list[str]:
    fields = row.decode("ascii", "replace").split(":")
    return fields + [""] * (_FIELDS - len(fields))


def _part(row: list[str]) -> Part:
    validity, bits, algorithm, may, curve = row[1], row[2], row[3], row[11], row[16]
    strong = (algorithm == _RSA and bits in _RSA_BITS) or (algorithm in _ON_CURVES and curve in CURVES)
    return Part(alive=validity not in _DEAD, strong=strong, encrypts="e" in may)
