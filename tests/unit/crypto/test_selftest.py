"""The self-test: each check sees its own thing break, and none can be left out unnoticed."""

import subprocess
import sys
from unittest.mock import MagicMock

import pytest

from crypto import selftest, selftest_station
from crypto.errors import SelfTestError
from crypto.selftest import Check

CHECKS = {check.name: check for check in selftest_station.CHECKS}


# What breaks, by the check that must see it: what `crypto` calls there gives nonsense, and refuses nothing.
BROKEN = {
    "random bytes": "secrets.token_bytes",
    "word list": "crypto.words.WORDS",
    "BLAKE2b: check word of a codename": "hashlib.blake2b",
    "BLAKE2b: a wrong check word is refused": "crypto.codename.parse",
    "SHA-256: name of an instance": "hashlib.sha256",
    "SHA-256: fingerprint in words": "hashlib.sha256",
    "Argon2id: master of a codename": "crypto.source_keys.argon2id.kdf",
    "HKDF: keys of a source": "crypto.source_keys.HKDF",
    "HMAC: address of a slot": "hmac.digest",
    "X-Wing: public key": "hashlib.shake_256",
    "HPKE: a stanza opens, and its header verifies": "hashlib.shake_256",
    "HPKE: a changed stanza is refused": "crypto.hybrid.open",
    "HPKE: what was sealed opens": "crypto.hybrid.seal",
    "HPKE: a key of low order is refused": "crypto.hybrid.check_public_key",
    "age header: another file key is refused": "crypto.selftest.verify_header",
    "STREAM: a chunk opens": "crypto.age.stream.ChaCha20Poly1305",
    "STREAM: a changed chunk is refused": "crypto.age.stream.ChaCha20Poly1305",
    "XChaCha20-Poly1305: a published text opens": "crypto.aead.crypto_aead_xchacha20poly1305_ietf_decrypt",
    "XChaCha20-Poly1305: a changed text is refused": "crypto.aead.crypto_aead_xchacha20poly1305_ietf_decrypt",
    "XChaCha20-Poly1305: what was sealed opens": "crypto.aead.crypto_aead_xchacha20poly1305_ietf_encrypt",
    "Ed25519: signature": "crypto.signing.SigningKey",
    "Ed25519: a right signature is accepted": "crypto.signing.SigningKey",
    "Ed25519: a wrong signature is refused": "crypto.signing.VerifyKey",
    "canonical JSON: spelling": "json.dumps",
    "canonical JSON: other spellings are refused": "crypto.canonical.parse",
    "padding: sizes": "crypto.padding.padded_size",
    "intake windows: number of a week": "crypto.windows.window_of",
    "Argon2id: the authors' own test": "crypto.selftest_station.hash_secret_raw",
    "vault key: a passphrase unwraps it": "crypto.vault.hash_secret_raw",
    "vault key: another passphrase does not": "crypto.aead.crypto_aead_xchacha20poly1305_ietf_decrypt",
}


def test_every_check_passes() -> None:
    selftest.run()
    selftest_station.run()


def test_the_counts_are_fixed() -> None:
    assert len({check.name for check in selftest_station.CHECKS}) == selftest_station.COUNT == 30
    assert len(selftest.CHECKS) == selftest.COUNT == 27
    assert CHECKS.keys() == BROKEN.keys()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_part_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    selftest.run_checks((CHECKS[name],), 1)
    monkeypatch.setattr(BROKEN[name], MagicMock())
    with pytest.raises(SelfTestError) as refused:
        selftest.run_checks((CHECKS[name],), 1)
    assert refused.value.check == name
    assert str(refused.value).endswith(f"The self-test stopped at: {name}.")


@pytest.mark.parametrize("count", [selftest.COUNT - 1, selftest.COUNT + 1])
def test_a_check_too_many_or_too_few_is_refused(count: int) -> None:
    with pytest.raises(SelfTestError, match="number of checks"):
        selftest.run_checks(selftest.CHECKS, count)


def test_nothing_runs_after_a_failure() -> None:
    second = MagicMock()
    with pytest.raises(SelfTestError, match="first"):
        selftest.run_checks((Check("first", lambda: False), Check("second", second)), 2)
    assert not second.called


@pytest.mark.parametrize("module", ["argon2", "gnupg"])
def test_the_source_server_needs_no_part_of_the_station(module: str) -> None:
    program = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "import source_app.cli, source_app.serving\n"
        "from crypto import selftest\nselftest.run()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
