"""Targets: what gpg answers about a stranger's key or message. Names in it are the stranger's."""

from contextlib import suppress

from crypto import gpg_answers
from crypto.errors import CryptoError, OpenError, OpenPgpError, OpenPgpKeyError
from tests.fuzz.target import Target, damaged

OWN = gpg_answers.Fingerprint("A" * 40)
SIGNER = gpg_answers.Fingerprint("B" * 40)
PREFIX = b"[GNUPG:] "

OPENED = (
    f"DECRYPTION_KEY {'C' * 40} {OWN} u",
    "BEGIN_DECRYPTION",
    "DECRYPTION_INFO 2 9 0",
    "PLAINTEXT 62 0 name",
)
SIGNED = ("NEWSIG", f"GOODSIG {'B' * 16} a name", f"VALIDSIG {SIGNER} 2026-11-22 1 0 4 0 22 10 00 {SIGNER}")
WHOLE = ("DECRYPTION_OKAY", "GOODMDC", "END_DECRYPTION")
SEALED = ("BEGIN_SIGNING H10", "BEGIN_ENCRYPTION 2 9", f"SIG_CREATED S 22 10 00 1 {OWN}", "END_ENCRYPTION")
IMPORTED = ("IMPORT_OK 1 x", "IMPORT_RES 1 0 1" + " 0" * 12)
ROW = ":".join(
    ("pub", "-", "255", "22", "0" * 16, "1", "", "", "-", "", "", "scESC", "", "", "", "", "ed25519", "", "")
)
SUB = ":".join(
    ("sub", "-", "255", "18", "0" * 16, "1", "", "", "", "", "", "e", "", "", "", "", "cv25519", "")
)
LISTING = f"{ROW}\nfpr:::::::::{OWN}:\nuid:-::::1::x::name::::::::::0:\n{SUB}\n".encode()


def statuses(data: bytes) -> None:
    """Lines of any content: each judge says yes, or refuses in its own way."""
    told = [status for line in data.splitlines(keepends=True) if (status := gpg_answers.status_of(line))]
    words = [word for word, _ in told]
    for signer in (None, SIGNER):
        with suppress(OpenError):
            gpg_answers.check_opened(told, OWN, signer)
            assert words.count("DECRYPTION_OKAY") == words.count("PLAINTEXT") == words.count("GOODMDC") == 1
            assert words.count("GOODSIG") == (signer is not None)
    with suppress(OpenPgpKeyError):
        gpg_answers.check_imported(told)
        assert words.count("IMPORT_RES") == 1
    with suppress(OpenPgpError):
        gpg_answers.check_sealed(told, OWN)
        assert words.count("SIG_CREATED") == words.count("END_ENCRYPTION") == 1
    with suppress(OpenPgpError):
        assert gpg_answers.parse_fingerprint(gpg_answers.created(told))


def listing(data: bytes) -> None:
    """A listing of any content is the one living, strong key that was asked for, or is refused."""
    try:
        gpg_answers.check_listed(data, OWN)
    except OpenPgpKeyError:
        return
    assert OWN.encode() in data
    assert data.count(b"pub:") >= 1


def fingerprint(data: bytes) -> None:
    """Forty hexadecimal digits, in capitals, or nothing."""
    try:
        read = gpg_answers.parse_fingerprint(data.decode("utf-8", "replace"))
    except CryptoError:
        return
    assert len(read) == 40
    assert int(read, 16) >= 0
    assert gpg_answers.parse_fingerprint(read.lower()) == read


def _told(*lines: str) -> bytes:
    return b"".join(PREFIX + line.encode() + b"\n" for line in lines)


STORIES = (
    _told(*OPENED, *WHOLE),
    _told(*OPENED, *SIGNED, *WHOLE),
    _told("ENC_TO x 1 0", *OPENED, *SIGNED, *WHOLE),
    _told(*OPENED, *WHOLE).replace(b"A", b"C"),
    _told(*OPENED, *SIGNED, *WHOLE).replace(b"00 B", b"01 C"),
    _told("VALIDSIG", "DECRYPTION_KEY", *WHOLE),
    _told(*SEALED),
    _told(*SEALED[:2], "SIG_CREATED", SEALED[3]),
    _told(*IMPORTED),
    _told("IMPORT_RES 0" + " 0" * 14),
    _told("IMPORT_RES 2" + " 0" * 14),
    _told("IMPORT_RES 1" + " 0" * 8 + " 1" + " 0" * 5),
    _told("IMPORT_RES 1"),
    _told(f"KEY_CREATED B {OWN}"),
    _told("KEY_CREATED B"),
    _told("KEY_CREATED B zz"),
    b"no word of gpg's\n" + PREFIX + b"\xff\n" + PREFIX + b"\n",
)
LISTINGS = (
    *damaged(LISTING),
    LISTING * 2,
    LISTING.replace(b"A", b"C"),
    LISTING.replace(b"pub:-", b"pub:e"),
    LISTING.replace(b":255:22:", b":1024:1:"),
    LISTING.replace(b":255:22:", b":2048:1:"),
    LISTING.replace(b":255:22:", b":" + b"9" * 5_000 + b":1:"),
    LISTING.replace(b":e:", b"::").replace(b"scESC", b"scSC"),
    LISTING + SUB.encode() * 65,
    LISTING + b"\nsub:\n" * 65,
    LISTING + b"uid:\n" * 65,
    b"",
)

TARGETS = {
    "gpg_statuses": Target(
        statuses, STORIES, tuple(_told(line) for line in (*OPENED, *SIGNED, *WHOLE, *SEALED, *IMPORTED))
    ),
    "gpg_listing": Target(
        listing, LISTINGS, (b"pub:", b"sub:", b"fpr:", b"uid:", b"uat:", b":1:", b":22:", b"ed25519"), 8_192
    ),
    "fingerprint": Target(
        fingerprint, (OWN.encode(), b"aaaa " * 10, "Ａ".encode() * 40, b"A" * 39, b"", b"\xff")
    ),
}
