"""A case archive: what is in it and what is not, its names, and that it is there whole or not at all."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.kinds import ReportEvent as E
from crypto import labels, signing, sizes
from crypto.age.file import open_forward
from crypto.age.keys import Identity, PassphraseIdentity, X25519Identity
from crypto.age.x25519_stanza import Scalar
from crypto.errors import OpenError
from journalist_app.errors import ArchiveError, BusyError, EnvelopeError, NotFoundError
from journalist_app.services.answering import Written
from journalist_app.services.archive_tar import CHECK_LIST, ArchiveTar, safe_name
from journalist_app.services.archiving import Archive, Wanted
from journalist_app.services.audit import Action
from journalist_app.store import archive_file
from journalist_app.store.case_tables import ParcelRow, SourceRow
from tests.support.case_office import CaseOffice
from tests.support.server_side import SampleSource

RECIPIENT = X25519Identity(Scalar(b"x" * 32))
EVERYTHING = Wanted(notes=True, proof=True, recipient=RECIPIENT.recipient().encode())
FILE = b"%PDF-1.7 " + bytes(range(256)) * 700
FORM = {"form": "report", "version": 1, "answers": [{"id": "who", "value": "The mayor\nand others"}]}
OTHER = ["Another matter of bridges.", "An answer to the other.", "other.pdf", "A note of the other."]


@pytest.fixture
def office(tmp_path: Path) -> CaseOffice:
    """An office with two cases, of which the first has everything."""
    made = CaseOffice(tmp_path)
    files = (("../../etc/cron.d/\u202ejob", FILE), ("bill.pdf", b"%PDF"), ("bill.pdf", b""))
    made.report(1, FORM, text="They took it.", files=files)  # type: ignore[arg-type]
    made.report(2, text=OTHER[0], files=((OTHER[2], b"%PDF other"),))
    made.report(1, text="And again.")
    desk = made.desk("Inge")
    desk.answering().reply(1, Written("Thank you.", "received"))
    desk.answering().reply(2, Written(OTHER[1], "received"))
    desk.steps().note(1, "Ask the bank.")
    desk.steps().note(2, OTHER[3])
    desk.sorting().link(1, made.page("Inge", 2).code)
    desk.unlocked.close()
    desk = made.desk("Admin")
    desk.sending().export(made.live.stick)
    desk.unlocked.close()
    desk = made.desk("Inge")
    desk.answering().reply(1, Written("This one waits.", "received"))
    for subject in ("case 1", "file 1", "case 2", "case 12", "parcel 1"):
        desk.audit().note(desk.officer, Action.READ_CASE, subject)
    desk.unlocked.close()
    made.step("Inge", E.ACKNOWLEDGED, words="A reason within.")
    return made


def medium(office: CaseOffice) -> Path:
    found = office.live.settings.vault_dir.parent / "archives"
    found.mkdir(exist_ok=True)
    return found


def make(office: CaseOffice, wanted: Wanted = EVERYTHING, case: int = 1, name: str = "Boss") -> Archive:
    desk = office.desk(name)
    try:
        return desk.archiving().make(case, medium(office), wanted)
    finally:
        desk.unlocked.close()


def opened(path: Path, identity: Identity = RECIPIENT) -> dict[str, bytes]:
    """The entries of an archive, by their names."""
    with path.open("rb") as file:
        plain = b"".join(open_forward([identity], file.read))
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as tar:
        members = tar.getmembers()
        assert all(member.isreg() for member in members)
        assert {(member.uid, member.gid, member.uname, member.mode) for member in members} == {
            (0, 0, "", 0o600)
        }
        return {member.name: tar.extractfile(member).read() for member in members}  # type: ignore[union-attr]


def test_everything_of_the_case_is_in_it_and_nothing_of_another(office: CaseOffice) -> None:
    made = make(office)
    found = opened(medium(office) / made.name)
    code = office.page("Inge").code
    names = {name.removeprefix(f"case-{code}/") for name in found}
    assert {name for name in names if not name.startswith("proof/")} == {
        "README.txt",
        "case.txt",
        "messages/001/details.json",
        "messages/001/text.txt",
        "messages/001/forms.txt",
        "messages/001/files/001-job",
        "messages/001/files/002-bill.pdf",
        "messages/001/files/003-bill.pdf",
        "messages/002/details.json",
        "messages/002/text.txt",
        "answers/001.txt",
        "timeline.txt",
        "notes.txt",
        "audit.txt",
        CHECK_LIST,
    }
    entry = {name.removeprefix(f"case-{code}/"): data for name, data in found.items()}
    assert entry["messages/001/files/001-job"] == FILE
    assert entry["messages/001/files/003-bill.pdf"] == b""
    assert entry["messages/002/text.txt"] == b"And again."
    assert b"The mayor\n    and others" in entry["messages/001/forms.txt"]
    assert entry["answers/001.txt"].endswith(b"\n\nThank you.\n")
    details = json.loads(entry["messages/001/details.json"])
    assert details["files"][0]["name"] == "../../etc/cron.d/\u202ejob"
    assert details["files"][0]["entry"] == "files/001-job"
    assert b"A reason within." in entry["timeline.txt"]
    audit = entry["audit.txt"].decode()
    assert "read case 1 [" in audit
    assert "read file 1 [" in audit
    assert "case 2" not in audit
    assert "case 12" not in audit
    whole = b"".join(found.values())
    assert [
        word for word in (*OTHER, "This one waits.", office.page("Inge", 2).code) if word.encode() in whole
    ] == []


def test_the_check_list_names_every_entry(office: CaseOffice) -> None:
    found = opened(medium(office) / make(office).name)
    (folder,) = {name.partition("/")[0] for name in found}
    lines = found.pop(f"{folder}/{CHECK_LIST}").decode().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    assert listed == {
        name.removeprefix(f"{folder}/"): hashlib.sha256(data).hexdigest() for name, data in found.items()
    }


def test_what_the_server_signed_proves_what_came(office: CaseOffice) -> None:
    found = opened(medium(office) / make(office).name)
    proof = {name.rpartition("/")[2]: data for name, data in found.items() if "/proof/" in name}
    manifests = [name for name in proof if name.endswith(".manifest.json")]
    assert len(manifests) == 2, "the bundles with the two messages, and not that of the other case"
    listed: set[str] = set()
    for name in manifests:
        signature = proof[name.replace(".json", ".sig")]
        body = signing.verify(office.server.key, labels.MANIFEST_IN, signing.Signed(proof[name], signature))
        listed |= {each["id"] for each in json.loads(body)["objects"]}
    mine = [
        json.loads(data)["sealed_object"]["id"]
        for name, data in found.items()
        if name.endswith("details.json")
    ]
    assert set(mine) <= listed
    assert {"station.certificate", "root.key", f"server-{office.server.key.hex()[:8]}.certificate"} <= set(
        proof
    )


def test_notes_and_proof_are_a_choice(office: CaseOffice) -> None:
    wanted = Wanted(notes=False, proof=False, recipient=EVERYTHING.recipient)
    found = opened(medium(office) / make(office, wanted).name)
    assert not [name for name in found if "proof/" in name or name.endswith("notes.txt")]
    assert b"A reason within." not in b"".join(found.values())


def test_nothing_that_opens_or_answers_anything_is_in_it(office: CaseOffice) -> None:
    desk = office.desk("Inge")
    with desk.unlocked.vault.read() as session:
        keys = [row.file_key for row in session.query(ParcelRow)]
        rows = session.query(SourceRow).all()
        secrets = [
            *keys,
            *(value for row in rows for value in (row.author, row.reply_key, row.reply_address)),
        ]
        secrets.append(rows[0].source_id)
    secrets += [desk.unlocked.key, SampleSource(1).keys.author]
    desk.unlocked.close()
    whole = b"".join(opened(medium(office) / make(office).name).values())
    assert [each for each in secrets if each in whole or each.hex().encode() in whole] == []


def test_a_passphrase_is_made_opens_it_and_stands_nowhere(office: CaseOffice) -> None:
    made = make(office, Wanted(notes=True, proof=True))
    assert len(made.passphrase.split()) == 8
    assert made.passphrase not in repr(made)
    path = medium(office) / made.name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == made.sha256
    assert path.stat().st_size == made.size_bytes
    assert len(opened(path, PassphraseIdentity(made.passphrase))) == made.entries + 1
    with pytest.raises(OpenError):
        opened(path, PassphraseIdentity(made.passphrase + "s"))


def test_its_name_tells_a_day_and_a_number(office: CaseOffice) -> None:
    (medium(office) / "archive-2026-11-22-2.age").write_bytes(b"of somebody")
    assert [make(office).name for _ in range(2)] == ["archive-2026-11-22-1.age", "archive-2026-11-22-3.age"]
    assert (medium(office) / "archive-2026-11-22-2.age").read_bytes() == b"of somebody"


@pytest.mark.parametrize("text", ["", "age1", "age1" + "q" * 58, "AGE-SECRET-KEY-1", RECIPIENT.encode()])
def test_what_is_no_recipient_is_refused_and_nothing_written(office: CaseOffice, text: str) -> None:
    with pytest.raises(ArchiveError, match="no recipient of age") as refused:
        make(office, Wanted(notes=True, proof=True, recipient=text))
    assert len(text) < 10 or text not in str(refused.value)
    assert list(medium(office).iterdir()) == []


@pytest.mark.parametrize("name", ["intake.state", "cleandrop-in-1", "cleandrop-out-1", "cleandrop-backup-x"])
def test_no_archive_goes_where_keys_backups_or_bundles_are(office: CaseOffice, name: str) -> None:
    (medium(office) / name).mkdir()
    with pytest.raises(ArchiveError, match="medium of its own"):
        make(office)
    desk = office.desk("Boss")
    with pytest.raises(ArchiveError, match="beside the vault"):
        desk.archiving().make(1, office.live.settings.vault_dir / "envelopes", EVERYTHING)


def test_a_damaged_envelope_leaves_no_archive(office: CaseOffice) -> None:
    path = next(office.live.station.folders.envelopes.iterdir())
    for each in office.live.station.folders.envelopes.iterdir():
        path = each if each.stat().st_size > path.stat().st_size else path
    data = bytearray(path.read_bytes())
    data[80_000] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(EnvelopeError):
        make(office)
    assert list(medium(office).iterdir()) == []


def test_what_does_not_read_back_is_removed(office: CaseOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    from journalist_app.services import archiving  # noqa: PLC0415

    monkeypatch.setattr(archiving, "read_back", _another)
    with pytest.raises(ArchiveError, match="does not read back"):
        make(office)
    assert list(medium(office).iterdir()) == []


def _another(path: Path) -> bytes:
    return hashlib.sha256(archive_file.read_back(path)).digest()


def test_a_full_medium_is_said_and_leaves_nothing(
    office: CaseOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ArchiveTar, "finish", _full)
    with pytest.raises(ArchiveError, match="could not be written"):
        make(office)
    assert list(medium(office).iterdir()) == []


def _full(_: object) -> int:
    raise OSError(28, "No space left on device")


def test_who_does_not_see_the_case_makes_no_archive_and_none_is_made_during_an_import(
    office: CaseOffice,
) -> None:
    with office.live.station.folders.only_one(), pytest.raises(BusyError):
        make(office)
    office.step("Boss", E.RECUSED, person=office.id_of("Boss"))
    with pytest.raises(NotFoundError):
        make(office)
    assert list(medium(office).iterdir()) == []


class Watched:
    """A sink that knows how much has come, and pieces that know how far ahead of it they are asked for."""

    def __init__(self) -> None:
        self.written = 0
        self.furthest = 0

    def take(self, data: bytes) -> None:
        self.written += len(data)

    def pieces(self, count: int) -> Iterator[bytes]:
        for number in range(count):
            self.furthest = max(self.furthest, number * sizes.CHUNK - self.written)
            yield bytes(sizes.CHUNK)


def test_a_file_is_sealed_as_it_is_read() -> None:
    watched = Watched()
    tar = ArchiveTar("case", 0, watched.take)
    tar.add_streamed("large", 500 * sizes.CHUNK, watched.pieces(500))
    tar.finish()
    assert watched.written > 500 * sizes.CHUNK
    assert watched.furthest <= 2 * sizes.CHUNK


def test_a_file_that_ends_too_early_is_no_entry() -> None:
    tar = ArchiveTar("case", 0, Watched().take)
    with pytest.raises(OSError, match="unexpected end"):
        tar.add_streamed("short", 11, iter([b"0123456789"]))
    tar.abandon()


def test_no_word_stands_in_clear_on_any_disk(office: CaseOffice) -> None:
    make(office)
    top = office.live.settings.vault_dir.parent.parent
    for path in [each for each in top.rglob("*") if each.is_file()]:
        data = path.read_bytes()
        assert b"They took it." not in data, path.name
        assert FILE[:400] not in data, path.name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("bill.pdf", "007-bill.pdf"),
        ("../../bin/gpg", "007-gpg"),
        ("C:\\x\\CON", "007-CON"),
        ("", "007-file"),
        ("...", "007-file"),
        (".bashrc", "007-bashrc"),
        ("a\0b\nc", "007-a_b_c"),
        ("\u202egpj.exe", "007-gpj.exe"),
        ("견적서 2026.hwp", "007-견적서_2026.hwp"),
        ("-rf", "007-rf"),
        ("x" * 300 + ".pdf", "007-" + "x" * 76 + ".pdf"),
        ("가" * 100 + ".pdf", "007-" + "가" * 25 + ".pdf"),
    ],
)
def test_names_are_plain_and_never_lead_anywhere(name: str, safe: str) -> None:
    assert safe_name(7, name) == safe
