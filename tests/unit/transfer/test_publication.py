"""What the station publishes comes back as it was said; everything else is refused."""

from dataclasses import replace

import pytest

from crypto import canonical, labels, signing
from crypto.errors import CanonicalError, SignatureError
from crypto.source_keys import InstanceId
from transfer.publication import AgencyKey, Publication, sign_publication, verify_publication

SEED = signing.SigningSeed(b"a station that publishes things.")
KEY = signing.verifying_key(SEED)
INSTANCE = InstanceId(b"i" * 16)
ARMORED = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEAAAA\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n"
SAID = Publication(
    INSTANCE, 7, "2026-11-22", {"pack.toml": "id = “kr”\n".encode()}, AgencyKey("0F" * 20, ARMORED)
)
VALUE = canonical.parse(sign_publication(SEED, SAID)[64:], max_bytes=100_000)


def signed(value: canonical.Object, label: bytes = labels.PUBLICATION) -> bytes:
    return signing.sign(SEED, label, canonical.encode(value)).encode()


@pytest.mark.parametrize("pack", [None, {}, SAID.pack])
@pytest.mark.parametrize("openpgp", [None, SAID.openpgp])
def test_it_comes_back(pack: dict[str, bytes] | None, openpgp: AgencyKey | None) -> None:
    said = replace(SAID, pack=pack, openpgp=openpgp)
    assert verify_publication(KEY, INSTANCE, sign_publication(SEED, said)) == said


def test_another_signer_label_or_instance_is_refused() -> None:
    data = sign_publication(SEED, SAID)
    with pytest.raises(SignatureError):
        verify_publication(signing.verifying_key(signing.generate_seed()), INSTANCE, data)
    with pytest.raises(SignatureError):
        verify_publication(KEY, INSTANCE, signed(VALUE, labels.BOARD))
    with pytest.raises(CanonicalError):
        verify_publication(KEY, InstanceId(bytes(16)), data)
    with pytest.raises(SignatureError):
        verify_publication(KEY, INSTANCE, data[:-1])


def one(**changes: canonical.Value) -> list[canonical.Value]:
    return [{"name": "pack.toml", "text": "", **changes}]


CHANGES: list[canonical.Object] = [
    {"v": 2},
    {"number": "7"},
    {"issued_on": "today"},
    {"extra": 1},
    {"pack": one(name="../pack.toml")},
    {"pack": one(name="")},
    {"pack": one(name=".hidden")},
    {"pack": one() * 2},
    {"pack": one(text="x" * (1024 * 1024 + 1))},
    {"pack": [{"name": f"f{n}", "text": ""} for n in range(65)]},
    {"pack": [{"name": f"f{n}", "text": "x" * 1024 * 1024} for n in range(5)]},
    {"openpgp": {"fingerprint": "0f" * 20, "key": ARMORED}},
    {"openpgp": {"fingerprint": "0F" * 20, "key": "no key"}},
    {"openpgp": {"fingerprint": "0F" * 20, "key": ARMORED + "<script>"}},
    {"openpgp": {"fingerprint": "0F" * 20, "key": ARMORED.replace("mDME", "mDMé")}},
    {"openpgp": {"fingerprint": "0F" * 20, "key": ARMORED.replace("AAAA", "A" * 300_000)}},
]


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_another_form_is_refused(change: canonical.Object) -> None:
    with pytest.raises(CanonicalError):
        verify_publication(KEY, INSTANCE, signed({**VALUE, **change}))


def test_a_pack_that_is_no_text_is_not_signed() -> None:
    with pytest.raises(CanonicalError):
        sign_publication(SEED, replace(SAID, pack={"pack.toml": b"\xff"}))
