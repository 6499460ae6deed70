"""A folder with Testland's pack, signed by a key that nobody keeps, as a stick would bring it."""

from pathlib import Path

from cases.packs import keys, signature
from crypto import signing, words
from tests.support import pack_files

KEEPER = signing.SigningSeed(b"nobody keeps packs for Testland.")
TEN_WORDS = " ".join(words.fingerprint(signing.verifying_key(KEEPER)))


def public_key(folder: Path, seed: signing.SigningSeed = KEEPER) -> Path:
    """The file with the public half of the key."""
    path = folder / "testland.pub"
    path.write_text(keys.public_text(signing.verifying_key(seed)))
    return path


def pack_folder(
    folder: Path, version: int = 1, seed: signing.SigningSeed = KEEPER, **changes: str | None
) -> Path:
    """A new folder with one edition; `changes` are those of `tests.support.pack_files.testland`."""
    head = pack_files.PACK.replace("version = 1", f"version = {version}")
    files = pack_files.as_bytes(pack_files.testland(**{"pack": head, **changes}))
    path = folder / f"testland-{version}"
    path.mkdir()
    for name, data in files.items():
        (path / name).write_bytes(data)
    (path / signature.FILE).write_bytes(signature.sign(seed, "testland", version, files))
    return path
