"""OpenPGP at the station: typed commands, keys in the vault, files that stand whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto import openpgp, sizes
from journalist_app.errors import (
    AgencyKeyExistsError,
    AgencyKeyMissingError,
    FileError,
    InstitutionError,
    OfficerError,
    OpenPgpRefusedError,
)
from journalist_app.services import openpgp as service
from journalist_app.services.openpgp import OpenPgp
from journalist_app.store import new_file as store
from tests.support.gpg_peer import GpgPeer
from tests.support.officer_shell import Shell
from tests.support.station import LiveStation, live_station

REPORT = "Die Quittungen liegen bei. 영수증.\n".encode()


@pytest.fixture
def peer() -> Iterator[GpgPeer]:
    with tempfile.TemporaryDirectory() as folder:
        peer = GpgPeer(Path(folder) / "home")
        yield peer
        peer.close()


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, monkeypatch, capsys)


@pytest.fixture
def live(tmp_path: Path) -> LiveStation:
    return live_station(tmp_path)


@pytest.fixture
def desk(live: LiveStation) -> OpenPgp:
    return live.desk().openpgp()


# Typed


def test_a_source_who_encrypts_to_the_agency_is_read(shell: Shell, peer: GpgPeer, tmp_path: Path) -> None:
    shell.ceremony()
    status, said, _ = shell.type("openpgp", "create", sign_in=True)
    assert (status, "key is ready" in said) == (0, True)

    status, said, _ = shell.type("openpgp", "show", sign_in=True)
    fingerprint, _, public = said.partition("\n\n")
    assert status == 0
    peer.run("--import", data=public.encode())
    assert peer.fingerprint("CleanDrop") == fingerprint.replace(" ", "")

    (tmp_path / "m.asc").write_bytes(peer.run("--armor", "-e", "-r", "CleanDrop", data=REPORT))
    status, said, complained = shell.type("openpgp", "decrypt", str(tmp_path / "m.asc"), sign_in=True)
    assert (status, said.encode(), complained) == (0, REPORT, "")

    out = tmp_path / "report.txt"
    status, said, told = shell.type(
        "openpgp", "decrypt", str(tmp_path / "m.asc"), "--out", str(out), sign_in=True
    )
    assert (status, said, str(out) in told) == (0, "", True)
    assert out.read_bytes() == REPORT
    assert out.stat().st_mode & 0o777 == 0o600


def test_an_institution_gets_a_package_and_answers(shell: Shell, peer: GpgPeer, tmp_path: Path) -> None:
    shell.ceremony()
    court = peer.make_key("Court")
    (tmp_path / "court.asc").write_bytes(peer.public(court))
    (tmp_path / "referral").write_bytes(REPORT)
    naming = ("--name", "Court of Audit", "--fingerprint", court)
    status, said, _ = shell.type("openpgp", "import", str(tmp_path / "court.asc"), *naming, sign_in=True)
    assert (status, said) == (0, f"The key of Court of Audit is kept: {grouped(court)}\n")

    status, said, _ = shell.type("openpgp", "list", sign_in=True)
    assert said.startswith(f"Court of Audit: {grouped(court)}, imported on 20")

    assert shell.type("openpgp", "create", sign_in=True)[0] == 0
    package = str(tmp_path / "referral.gpg")
    to = ("--to", "Court of Audit", "--out", package)
    status, said, _ = shell.type("openpgp", "encrypt", str(tmp_path / "referral"), *to, sign_in=True)
    assert (status, package in said) == (0, True)
    assert peer.run("-d", data=Path(package).read_bytes(), status=2) == REPORT  # it lacks our key yet

    assert shell.type("openpgp", "remove", "Court of Audit", sign_in=True)[0] == 0
    assert shell.type("openpgp", "list", sign_in=True)[1].startswith("No institution yet.")


def grouped(fingerprint: str) -> str:
    return " ".join(fingerprint[i : i + 4] for i in range(0, 40, 4))


def test_a_strangers_text_is_not_shown_on_a_terminal(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "m").touch()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    status, _, said = shell.type("openpgp", "decrypt", str(tmp_path / "m"))
    assert (status, "not shown on a terminal" in said) == (2, True)


def test_what_is_refused_is_told_and_ends_with_1(shell: Shell, tmp_path: Path) -> None:
    shell.ceremony()
    (tmp_path / "m").write_bytes(b"no message")
    status, said, why = shell.type("openpgp", "decrypt", str(tmp_path / "m"), sign_in=True)
    assert (status, said, "openpgp create" in why) == (1, "", True)
    assert shell.type("openpgp", "create", sign_in=True)[0] == 0
    status, said, why = shell.type("openpgp", "decrypt", str(tmp_path / "m"), sign_in=True)
    assert (status, said, "nothing of it was kept" in why) == (1, "", True)


@pytest.mark.parametrize("verb", ["", "create", "show", "import", "list", "remove", "decrypt", "encrypt"])
def test_every_verb_has_an_example(shell: Shell, verb: str) -> None:
    status, said, _ = shell.type("openpgp", *([verb] if verb else []), "--help", settings=False)
    assert (status, "Example: cleandrop-officer" in said) == (0, True)


def test_the_danger_of_plaintext_on_a_disk_is_told(shell: Shell) -> None:
    said = shell.type("openpgp", "decrypt", "--help", settings=False)[1]
    assert "On a disk it stays, also after you delete it" in " ".join(said.split())


# Keys in the vault


def test_the_key_is_made_once_and_lies_in_the_vault_alone(live: LiveStation, desk: OpenPgp) -> None:
    with pytest.raises(AgencyKeyMissingError):
        desk.own_key()
    key = desk.create()
    with pytest.raises(AgencyKeyExistsError):
        desk.create()
    assert live.desk().openpgp().own_key() == key
    folder = live.settings.vault_dir.parent
    written = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert len(written) > 100_000
    assert not [at for at in range(len(key.secret) - 16) if key.secret[at : at + 16] in written]


def test_two_institutions_of_one_name_are_refused(desk: OpenPgp, peer: GpgPeer, tmp_path: Path) -> None:
    one, other = (peer.make_key(name) for name in ("one", "other"))
    for fingerprint in (one, other):
        (tmp_path / fingerprint).write_bytes(peer.public(fingerprint))
    kept = desk.import_key("Court", tmp_path / one, one)
    with pytest.raises(InstitutionError, match="Remove it first"):
        desk.import_key("Court", tmp_path / other, other)
    assert desk.institutions() == (kept,)
    desk.remove("Court")
    with pytest.raises(InstitutionError, match="no institution of that name"):
        desk.remove("Court")
    assert desk.import_key("Court", tmp_path / other, other).fingerprint == other


def test_a_name_is_one_short_line(desk: OpenPgp, tmp_path: Path) -> None:
    for name in ("", " Court", "Court\n", "x" * 101):
        with pytest.raises(InstitutionError, match="one line"):
            desk.import_key(name, tmp_path / "key", "0" * 40)


def test_a_refused_key_is_not_kept(desk: OpenPgp, peer: GpgPeer, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(peer.public(peer.make_key("Court")))
    with pytest.raises(OpenPgpRefusedError, match="another fingerprint"):
        desk.import_key("Court", file, "0" * 40)
    with pytest.raises(FileError):
        desk.import_key("Court", tmp_path / "missing", "0" * 40)
    file.write_bytes(bytes(sizes.OPENPGP_KEY_MAX + 10))
    with pytest.raises(OpenPgpRefusedError, match="256 KiB"):
        desk.import_key("Court", file, "0" * 40)
    assert desk.institutions() == ()


def test_a_missing_sandbox_is_told_to_the_officer(desk: OpenPgp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crypto.gpg_room.BWRAP", "/usr/bin/not-here")
    with pytest.raises(OpenPgpRefusedError, match="apt-get install gnupg bubblewrap"):
        desk.create()
    with pytest.raises(AgencyKeyMissingError):
        desk.own_key()


# Files


@pytest.fixture
def message(desk: OpenPgp, peer: GpgPeer, tmp_path: Path) -> Path:
    peer.run("--import", data=desk.create().public)
    (tmp_path / "message").write_bytes(peer.run("-e", "-r", desk.own_key().fingerprint, data=REPORT * 5_000))
    return tmp_path / "message"


def test_a_signature_is_asked_of_the_named_institution(
    desk: OpenPgp, peer: GpgPeer, message: Path, tmp_path: Path
) -> None:
    court = peer.make_key("Court")
    (tmp_path / "key").write_bytes(peer.public(court))
    desk.import_key("Court", tmp_path / "key", court)
    signed = tmp_path / "signed"
    signed.write_bytes(peer.run("-es", "-u", court, "-r", desk.own_key().fingerprint, data=REPORT))
    assert desk.open_in_memory(signed, "Court") == REPORT
    desk.open_to_file(signed, tmp_path / "a", "Court")
    with pytest.raises(OpenPgpRefusedError, match="not signed by the institution"):
        desk.open_to_file(message, tmp_path / "b", "Court")
    with pytest.raises(InstitutionError):
        desk.open_in_memory(signed, "Bourt")
    assert (tmp_path / "a").read_bytes() == REPORT
    assert not (tmp_path / "b").exists()


def test_plaintext_is_its_owners_alone(desk: OpenPgp, message: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        desk.open_to_file(message, tmp_path / "out", None)
    finally:
        os.umask(before)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_over(desk: OpenPgp, message: Path, tmp_path: Path) -> None:
    there, link = tmp_path / "there", tmp_path / "link"
    there.write_bytes(b"mine")
    link.symlink_to(tmp_path / "elsewhere")
    for out in (there, link, message, tmp_path):
        with pytest.raises(FileError, match="left alone"):
            desk.open_to_file(message, out, None)
    assert there.read_bytes() == b"mine"
    assert not (tmp_path / "elsewhere").exists()


def test_until_it_is_complete_plaintext_has_no_name_that_a_kill_could_leave() -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        out = Path(folder) / "out"
        with store.new_file(out) as file:
            file.write(b"in clear")
            file.flush()
            assert list(Path(folder).iterdir()) == []
        assert out.read_bytes() == b"in clear"
        assert out.stat().st_nlink == 1


@pytest.mark.parametrize("nameless", [True, False])
def test_a_name_that_was_taken_meanwhile_is_left_alone(
    desk: OpenPgp, message: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nameless: bool
) -> None:
    if not nameless:
        _as_on_a_stick(monkeypatch)
    monkeypatch.setattr(store, "sync_file", lambda _: (tmp_path / "out").write_bytes(b"mine"))
    before = set(tmp_path.iterdir())
    with pytest.raises(FileError, match="left alone"):
        desk.open_to_file(message, tmp_path / "out", None)
    assert (tmp_path / "out").read_bytes() == b"mine"
    assert set(tmp_path.iterdir()) - before == {tmp_path / "out"}


@pytest.mark.parametrize("nameless", [True, False])
def test_half_a_message_leaves_no_file(
    desk: OpenPgp, message: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nameless: bool
) -> None:
    if not nameless:
        _as_on_a_stick(monkeypatch)
        desk.open_to_file(message, tmp_path / "whole", None)
        assert b"Quittungen" in (tmp_path / "whole").read_bytes()
        assert (tmp_path / "whole").stat().st_mode & 0o777 == 0o600
    whole = message.read_bytes()
    message.write_bytes(whole[:-10])
    before = set(tmp_path.iterdir())
    with pytest.raises(OpenPgpRefusedError):
        desk.open_to_file(message, tmp_path / "out", None)
    with pytest.raises(OpenPgpRefusedError):
        desk.open_in_memory(message, None)
    assert set(tmp_path.iterdir()) == before


def test_more_than_memory_should_hold_goes_to_a_file(
    desk: OpenPgp, message: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "IN_MEMORY_MAX", len(REPORT))
    with pytest.raises(OpenPgpRefusedError, match="larger than is allowed"):
        desk.open_in_memory(message, None)
    monkeypatch.setattr(openpgp, "MESSAGE_MAX", len(REPORT))
    with pytest.raises(OpenPgpRefusedError, match="larger than is allowed"):
        desk.open_to_file(message, tmp_path / "out", None)
    assert not (tmp_path / "out").exists()


def test_a_disk_that_is_full_leaves_no_file(desk: OpenPgp, message: Path, tmp_path: Path) -> None:
    with pytest.raises(FileError):
        desk.open_to_file(message, Path("/dev/full/x"), None)
    with pytest.raises(FileError):
        desk.open_to_file(message, tmp_path / "no such folder" / "x", None)
    with pytest.raises(FileError):
        desk.open_in_memory(tmp_path, None)


def test_an_error_never_names_what_was_inside(desk: OpenPgp, message: Path) -> None:
    message.write_bytes(message.read_bytes()[:-1] + os.urandom(1))
    with pytest.raises(OfficerError) as refused:
        desk.open_in_memory(message, None)
    assert "Quittungen" not in str(refused.value)
    assert str(message) not in str(refused.value)


def _as_on_a_stick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without nameless files."""
    monkeypatch.setattr(store, "_NAMELESS", os.O_RDONLY | os.O_TMPFILE)
