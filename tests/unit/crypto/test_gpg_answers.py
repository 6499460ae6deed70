"""What gpg answers: every way in which the story may differ from the one that is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import gpg_answers as answers
from crypto.errors import OpenError, OpenPgpError, OpenPgpKeyError
from crypto.gpg_answers import Fingerprint, Status

OWN = Fingerprint("116CE89503F05087A3CD60A070FFDFCD82CE8AD1")
SIGNER = Fingerprint("AC81ECC44BE573D9C4C2D9C036829E9F37D1AE4B")
SUBKEY = "065C3398600A3C2644FA1D1BB9849922F76A1145"
VALID = f"{SUBKEY} 2026-11-22 1795338582 0 4 0 22 10 00 {SIGNER}"

OPENED: list[Status] = [
    ("ENC_TO", "B9849922F76A1145 18 0"),
    ("DECRYPTION_KEY", f"{SUBKEY} {OWN} -"),
    ("BEGIN_DECRYPTION", ""),
    ("DECRYPTION_INFO", "2 9 0"),
    ("PLAINTEXT", "62 1795338582 "),
    ("PLAINTEXT_LENGTH", "5"),
    ("DECRYPTION_OKAY", ""),
    ("GOODMDC", ""),
    ("END_DECRYPTION", ""),
]
SIGNED: list[Status] = [
    *OPENED[:6],
    ("NEWSIG", ""),
    ("SIG_ID", "L1NtvPWUnx6rAGX94bC/Sd/nLrg 2026-11-22 1795338582"),
    ("GOODSIG", "36829E9F37D1AE4B Court of Audit"),
    ("VALIDSIG", VALID),
    *OPENED[6:],
]
SEALED: list[Status] = [
    ("KEY_CONSIDERED", f"{OWN} 0"),
    ("BEGIN_SIGNING", "H10"),
    ("SIG_CREATED", f"S 22 10 00 1795338880 {OWN}"),
    ("BEGIN_ENCRYPTION", "2 9"),
    ("END_ENCRYPTION", ""),
]
ONE_KEY: list[Status] = [("IMPORT_OK", f"1 {OWN}"), ("IMPORT_RES", "1 0 1 0 0 0 0 0 0 0 0 0 0 0 0")]
LISTING = f"""\
tru:t:0:0:0:0:0:0
pub:-:255:22:70FFDFCD82CE8AD1:1795338536:::-:::scESC:::::ed25519:::0:
fpr:::::::::{OWN}:
uid:-::::1795338536::8192CB68CFF3E81D337FA49914E798BC9C0C4010::Office::::::::::0:
sub:-:255:18:B9849922F76A1145:1795338536::::::e:::::cv25519::
fpr:::::::::{SUBKEY}:
"""
TROUBLE = [
    *("BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG", "NO_PUBKEY", "BADMDC", "DECRYPTION_FAILED"),
    *("NEED_PASSPHRASE_SYM", "NODATA", "UNEXPECTED", "ERROR", "FAILURE", "WARNING", "A_WORD_OF_TOMORROW"),
]


def test_a_message_that_opened_is_believed() -> None:
    answers.check_opened(OPENED, OWN, None)
    answers.check_opened(SIGNED, OWN, SIGNER)


@pytest.mark.parametrize("trouble", TROUBLE)
@pytest.mark.parametrize("at", range(len(SIGNED) + 1))
def test_any_trouble_anywhere_refuses(trouble: str, at: int) -> None:
    for story, signer in ((OPENED, None), (SIGNED, SIGNER)):
        with pytest.raises(OpenError):
            answers.check_opened([*story[:at], (trouble, ""), *story[at:]], OWN, signer)


TOLD = [word for word, _ in SIGNED if word not in {"ENC_TO", "PLAINTEXT_LENGTH", "SIG_ID"}]


@pytest.mark.parametrize("word", TOLD)
def test_a_word_that_is_missing_or_told_twice_refuses(word: str) -> None:
    where = next(i for i, status in enumerate(SIGNED) if status[0] == word)
    for story in (
        SIGNED[:where] + SIGNED[where + 1 :],
        [*SIGNED[:where], SIGNED[where], *SIGNED[where:]],
        [*SIGNED, SIGNED[where]],
        [SIGNED[where], *SIGNED[:where], *SIGNED[where + 1 :]] if where > 1 else [],
    ):
        with pytest.raises(OpenError):
            answers.check_opened(story, OWN, SIGNER)


def test_signed_where_none_is_asked_and_none_where_one_is() -> None:
    for story, signer in ((SIGNED, None), (OPENED, SIGNER), ([], None), ([], SIGNER)):
        with pytest.raises(OpenError):
            answers.check_opened(story, OWN, signer)


@pytest.mark.parametrize(
    "value",
    [
        VALID.replace(SIGNER, OWN),
        VALID.replace(f" 00 {SIGNER}", f" 02 {SIGNER}"),
        VALID.replace(f" 00 {SIGNER}", f" 10 {SIGNER}"),
        VALID.replace(f" {SIGNER}", ""),
        f"{VALID} {SIGNER}",
        f"{SIGNER} 2026-11-22 1795338582 0 4 0 22 10 00 {SUBKEY}",
        "",
    ],
)
def test_a_signature_must_be_of_the_signers_primary_key_over_a_document(value: str) -> None:
    story = [(word, value if word == "VALIDSIG" else rest) for word, rest in SIGNED]
    with pytest.raises(OpenError):
        answers.check_opened(story, OWN, SIGNER)


def test_a_signature_over_text_will_do() -> None:
    value = VALID.replace(" 00 ", " 01 ")
    answers.check_opened([(w, value if w == "VALIDSIG" else rest) for w, rest in SIGNED], OWN, SIGNER)


@pytest.mark.parametrize("value", ["", SUBKEY, f"{OWN} {SUBKEY} -", f"{SUBKEY} {SIGNER} -"])
def test_a_message_must_be_opened_by_our_own_key(value: str) -> None:
    story = [(word, value if word == "DECRYPTION_KEY" else rest) for word, rest in OPENED]
    with pytest.raises(OpenError):
        answers.check_opened(story, OWN, None)


def test_what_was_sealed_is_believed_in_any_order() -> None:
    answers.check_sealed(SEALED, OWN)
    answers.check_sealed(SEALED[::-1], OWN)


@pytest.mark.parametrize(
    "story",
    [
        [],
        SEALED[:-1],
        [*SEALED, ("INV_RECP", "0 x")],
        [*SEALED, SEALED[2]],
        [(w, r.replace(OWN, SIGNER)) for w, r in SEALED],
        [(w, r.replace(OWN, "")) for w, r in SEALED],
    ],
)
def test_what_was_not_sealed_as_asked_is_refused(story: list[Status]) -> None:
    with pytest.raises(OpenPgpError, match="did not encrypt and sign"):
        answers.check_sealed(story, OWN)


def test_a_key_that_was_made_is_named() -> None:
    assert answers.created([("KEY_CREATED", f"B {OWN}")]) == OWN
    assert answers.created([("KEY_CREATED", f"B {OWN} handle")]) == OWN


@pytest.mark.parametrize(
    "story",
    [
        [],
        [("KEY_NOT_CREATED", "")],
        [("KEY_CREATED", "")],
        [("KEY_CREATED", "B")],
        [("KEY_CREATED", f"P {OWN}")],
        [("KEY_CREATED", f"B {OWN}")] * 2,
        [("KEY_CREATED", "B 116CE895")],
    ],
)
def test_no_key_or_half_a_key_is_refused(story: list[Status]) -> None:
    with pytest.raises(OpenPgpError):
        answers.created(story)


def test_one_public_key_is_taken() -> None:
    answers.check_imported(ONE_KEY)


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (None, "no OpenPGP key in this"),
        ("", "no OpenPGP key in this"),
        ("1 0 1", "no OpenPGP key in this"),
        ("1 0 1 0 0 0 0 0 0 1 0 0 0 0 0", "secret key"),
        ("2 0 2 0 0 0 0 0 0 1 1 0 0 0 0", "secret key"),
        ("2 0 2 0 0 0 0 0 0 0 0 0 0 0 0", "more than one key"),
        ("0 0 0 0 0 0 0 0 0 0 0 0 0 0 0", "no key that is sound"),
        ("1 1 0 0 0 0 0 0 0 0 0 0 0 0 0", "SHA-1"),
        ("1 0 0 0 1 0 0 0 0 0 0 0 0 0 0", "no key that is sound"),
        ("1 0 1 0 0 0 0 0 1 0 0 0 0 0 0", "no key that is sound"),
    ],
)
def test_anything_but_one_new_public_key_is_refused(result: str | None, sentence: str) -> None:
    statuses = [] if result is None else [("IMPORT_RES", result)]
    with pytest.raises(OpenPgpKeyError, match=sentence):
        answers.check_imported(statuses)


def test_two_results_are_none() -> None:
    with pytest.raises(OpenPgpKeyError):
        answers.check_imported([*ONE_KEY, *ONE_KEY])


def test_a_good_key_is_taken() -> None:
    answers.check_listed(LISTING.encode(), OWN)


SUB = "sub:-:255:18:B9849922F76A1145:1795338536::::::e:::::cv25519::"
NAME = "uid:-::::1795338536::8192CB68CFF3E81D337FA49914E798BC9C0C4010::Office::::::::::0:\n"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (LISTING, "", "too many parts"),
        (LISTING, LISTING * 2, "too many parts"),
        ("uid:", (SUB + "\n") * 64 + "uid:", "too many parts"),
        ("uid:", NAME * 64 + "uid:", "too many parts"),
        ("uid:", NAME.replace("uid", "uat") * 64 + "uid:", "too many parts"),
        (OWN, SIGNER, "another fingerprint"),
        (f"fpr:::::::::{OWN}:\n", "", "another fingerprint"),
        (OWN, OWN + "00", "another fingerprint"),
        ("pub:-", "pub:e", "expired or was revoked"),
        ("pub:-", "pub:r", "expired or was revoked"),
        ("pub:-", "pub:d", "expired or was revoked"),
        ("pub:-", "pub:i", "expired or was revoked"),
        ("pub:-:255:22", "pub:-:1024:17", "weak"),
        ("pub:-:255:22", "pub:-:2047:1", "weak"),
        ("pub:-:255:22", "pub:-:8193:1", "weak"),
        ("pub:-:255:22", "pub:-::1", "weak"),
        ("pub:-:255:22", "pub:-:-2048:1", "weak"),
        ("pub:-:255:22", "pub:-:4096:3", "weak"),
        (":ed25519:", ":secp256k1:", "weak"),
        (":cv25519:", "::", "weak"),
        ("sub:-:255:18", "sub:-:4096:16", "weak"),
        ("sub:-", "sub:e", "Nothing can be encrypted"),
        ("::e:::::cv", "::s:::::cv", "Nothing can be encrypted"),
        (f"{SUB}\n", "", "Nothing can be encrypted"),
    ],
)
def test_a_key_that_is_not_good_is_refused_with_its_reason(old: str, new: str, sentence: str) -> None:
    assert old in LISTING
    with pytest.raises(OpenPgpKeyError, match=sentence):
        answers.check_listed(LISTING.replace(old, new).encode(), OWN)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pub:-:255:22", "pub:-:2048:1"),
        ("pub:-:255:22", "pub:-:8192:1"),
        (":ed25519:", ":nistp384:"),
        ("uid:", SUB.replace("sub:-:255:18", "sub:e:1024:16") + "\nuid:"),
        ("::e:::::cv", "::es:::::cv"),
    ],
)
def test_another_good_key_is_taken(old: str, new: str) -> None:
    assert old in LISTING
    answers.check_listed(LISTING.replace(old, new).encode(), OWN)


@pytest.mark.parametrize(
    "typed", [OWN, OWN.lower(), " ".join(OWN[i : i + 4] for i in range(0, 40, 4)), f"{OWN}\n"]
)
def test_a_fingerprint_may_be_typed_in_groups(typed: str) -> None:
    assert answers.parse_fingerprint(typed) == OWN


@pytest.mark.parametrize("typed", ["", OWN[1:], OWN + "0", "0x" + OWN[2:], "٠" * 40, OWN[:-1] + "G"])
def test_what_is_no_fingerprint_is_refused(typed: str) -> None:
    with pytest.raises(OpenPgpKeyError, match="40 hexadecimal digits"):
        answers.parse_fingerprint(typed)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        (b"[GNUPG:] GOODMDC\n", ("GOODMDC", "")),
        (b"[GNUPG:] PLAINTEXT 62 1795338582 a%20b\n", ("PLAINTEXT", "62 1795338582 a%20b")),
        (b"[GNUPG:] GOODSIG 00 N\xc5\x85[GNUPG:] GOODMDC\n", ("GOODSIG", "00 N\ufffd\ufffd[GNUPG:] GOODMDC")),
        (b" [GNUPG:] GOODMDC\n", None),
        (b"gpg: [GNUPG:] GOODMDC\n", None),
        (b"[gnupg:] GOODMDC\n", None),
        (b"\n", None),
    ],
)
def test_a_line_counts_only_from_its_beginning(line: bytes, status: Status | None) -> None:
    assert answers.status_of(line) == status


@given(st.binary(max_size=300))
def test_no_bytes_of_a_listing_raise_anything_else(listing: bytes) -> None:
    with pytest.raises(OpenPgpKeyError):
        answers.check_listed(listing, OWN)


@given(
    st.lists(st.sampled_from(["pub", "sub", "fpr", "uid", ":", "1", "22", "18", "e", "-", "\n"]), max_size=60)
)
def test_no_listing_of_right_words_raises_anything_else(words: list[str]) -> None:
    with pytest.raises(OpenPgpKeyError):
        answers.check_listed("".join(words).encode(), OWN)
