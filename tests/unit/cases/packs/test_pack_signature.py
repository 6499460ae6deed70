"""A pack's signature: what it covers, and every way in which it is refused."""

import hashlib
import json
from collections.abc import Callable

import pytest

from cases.errors import PackError, PackSignatureError
from cases.packs import signature
from cases.packs.pack import PackRef
from crypto import canonical, labels, signing

SEED = signing.SigningSeed(bytes(32))
KEY = signing.verifying_key(SEED)
OTHER = signing.SigningSeed(bytes([1]) * 32)
FILES = {"pack.toml": b'id = "testland"\n', "laws.toml": b"", "words.zh-Hans.toml": b"x"}
SIGNED = {**FILES, "pack.sig": signature.sign(SEED, "testland", 3, FILES)}
BODY = json.loads(SIGNED["pack.sig"][64:])


def signed_over(body: bytes) -> dict[str, bytes]:
    return {**FILES, "pack.sig": signing.sign(SEED, labels.PACK, body).encode()}


def over(**changes: canonical.Value) -> dict[str, bytes]:
    return signed_over(canonical.encode({**BODY, **changes}))


def refusal(files: dict[str, bytes]) -> str:
    with pytest.raises(PackSignatureError) as refused:
        signature.verify(files, [KEY])
    return str(refused.value)


def test_a_signed_pack_tells_its_edition_and_who_signed() -> None:
    sealed = signature.verify(SIGNED, [signing.verifying_key(OTHER), KEY])
    assert sealed.key == KEY
    assert sealed.ref == PackRef("testland", 3, signature.digest("testland", 3, FILES))


def test_the_list_is_what_the_page_says() -> None:
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
    assert {"v": 1, "pack": "testland", "version": 3, "files": hashes} == BODY


def test_the_digest_is_of_the_files_and_not_of_who_signed_them() -> None:
    by_other = {**FILES, "pack.sig": signature.sign(OTHER, "testland", 3, FILES)}
    assert signature.digest("testland", 3, by_other) == signature.digest("testland", 3, SIGNED)
    assert signature.digest("testland", 4, FILES) != signature.digest("testland", 3, FILES)
    assert signature.digest("testland", 3, {**FILES, "laws.toml": b" "}) != signature.digest(
        "testland", 3, FILES
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda: FILES,
        lambda: {**FILES, "pack.sig": b""},
        lambda: {**FILES, "pack.sig": SIGNED["pack.sig"] + b" " * signature.LIST_MAX},
    ],
)
def test_an_unsigned_pack_is_refused(change: Callable[[], dict[str, bytes]]) -> None:
    assert "not signed" in refusal(change())


@pytest.mark.parametrize(
    "data",
    [
        b"x" * 64,
        signature.sign(OTHER, "testland", 3, FILES),
        SIGNED["pack.sig"][:-1],
        signing.sign(SEED, labels.BOARD, SIGNED["pack.sig"][64:]).encode(),
    ],
)
def test_a_signature_of_another_key_or_for_something_else_is_refused(data: bytes) -> None:
    assert "not made with a pack key that is trusted" in refusal({**FILES, "pack.sig": data})


def test_without_a_trusted_key_every_signature_is_refused() -> None:
    with pytest.raises(PackSignatureError):
        signature.verify(SIGNED, [])


@pytest.mark.parametrize(
    "files",
    [
        signed_over(b"{}"),
        signed_over(b'{"v": 1}'),
        over(version="3"),
        over(more=1),
        over(files=[]),
        signed_over(b" " + canonical.encode(BODY)),
    ],
)
def test_a_list_in_another_form_is_refused(files: dict[str, bytes]) -> None:
    assert "not in the form" in refusal(files)


def test_a_list_of_a_newer_form_is_refused() -> None:
    assert "newer program" in refusal(over(v=2))


@pytest.mark.parametrize(
    "files",
    [
        {**SIGNED, "life.toml": b""},
        {name: data for name, data in SIGNED.items() if name != "laws.toml"},
        over(files={**BODY["files"], "pack.sig": "00" * 32}),
    ],
)
def test_a_file_more_or_less_is_refused(files: dict[str, bytes]) -> None:
    assert "added to the pack or taken away" in refusal(files)


def test_a_changed_file_is_named() -> None:
    assert "changed in it: laws.toml" in refusal({**SIGNED, "laws.toml": b"x"})
    assert "changed in it: laws.toml" in refusal(over(files={**BODY["files"], "laws.toml": 1}))


@pytest.mark.parametrize(
    "name", ["", "../pack.toml", "a/b", ".hidden", "\x1b[31m", "caf\u00e9.toml", "x" * 65]
)
def test_a_name_that_no_file_has_is_refused(name: str) -> None:
    with pytest.raises(PackError):
        signature.verify({**SIGNED, name: b""}, [KEY])
    with pytest.raises(PackError, match=r"^“.*” is no file of a pack\. Take it out of the folder\.$"):
        signature.sign(SEED, "testland", 3, {name: b""})


@pytest.mark.parametrize("version", [-1, 2**53])
def test_a_number_that_no_edition_has_is_refused(version: int) -> None:
    with pytest.raises(PackError):
        signature.digest("testland", version, FILES)


def test_more_files_than_a_reader_takes_are_not_signed() -> None:
    with pytest.raises(PackError):
        signature.sign(SEED, "testland", 3, {f"{number:064}": b"" for number in range(130)})
