"""A case archive: one age file on a medium, sealed to a passphrase or a recipient, of everything in one case.

1 where it goes and whom it is sealed to are judged; 2 entries are gathered and sealed as they are read, in
constant memory: no plaintext reaches a disk; 3 the file gets its name when it is whole and on the medium;
4 it is read back, and removed where it is not what was written. Its name tells a day and a number.

What is in it is what an officer sees of the case, the lines of the audit log about it, and what the servers
signed when they handed it over. File keys, authors, reply keys and addresses never leave the vault, so the
sealed envelopes are not in it: nobody outside could open them.

Imports wait meanwhile, and nothing is deleted. Used by the page of a case.
"""

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from crypto import words
from crypto.age.file import FileWriter
from crypto.age.keys import PassphraseRecipient, Recipient, parse_recipient
from crypto.errors import RecipientError
from journalist_app.clock import Clock, day_of
from journalist_app.errors import ArchiveError
from journalist_app.services import archive_text, audit, statements
from journalist_app.services.archive_tar import ArchiveTar, safe_name
from journalist_app.services.audit_chain import Line
from journalist_app.services.reading import CasePage, Reading, Received
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import archive_proof, audit_lines, case_list
from journalist_app.store.archive_file import free_path, read_back
from journalist_app.store.new_file import new_file

PASSPHRASE_WORDS: Final = 8
"""103 bits: an archive is out of our hands, and somebody may try for as long as they like."""
_NO_RECIPIENT: Final = (
    "This is no recipient of age that can be sealed to: it begins with age1, and is copied whole. Nothing "
    "was written."
)


@dataclass(frozen=True)
class Wanted:
    """What an archive holds besides answers, files, timeline and audit lines; and whom it is sealed to.

    `recipient`: an age recipient as text; None for a passphrase that is made now.
    """

    notes: bool
    proof: bool
    recipient: str | None = None


@dataclass(frozen=True)
class Archive:
    """An archive that was written and read back. `passphrase` is empty where it was sealed to a recipient."""

    name: str
    size_bytes: int
    sha256: str
    entries: int
    passphrase: str = field(repr=False)


class Archiving:
    """Makes archives, for one officer."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._vault = unlocked.vault
        self._folders = unlocked.folders
        self._officer = officer
        self._clock = clock
        self._reading = Reading(unlocked, officer, clock)

    def make(self, case_id: int, medium: Path, wanted: Wanted) -> Archive:
        """Write an archive to `medium`, whole or not at all.

        Raises `NotFoundError`, `ArchiveError`, `EnvelopeError`, `BusyError`; then there is none.
        """
        passphrase = " ".join(words.random_words(PASSPHRASE_WORDS)) if wanted.recipient is None else ""
        recipient = PassphraseRecipient(passphrase) if passphrase else _recipient(wanted.recipient or "")
        with self._folders.only_one():
            page = self._reading.case(case_id)
            self._check_place(medium)  # 1
            path = free_path(medium, self._today())
            try:
                return self._write(page, path, recipient, wanted, passphrase)
            except (OSError, tarfile.TarError) as error:
                raise ArchiveError(
                    "The archive could not be written, and nothing of it counts. Is the medium full, "
                    "write-protected, or pulled out?"
                ) from error

    def _write(
        self, page: CasePage, path: Path, recipient: Recipient, wanted: Wanted, passphrase: str
    ) -> Archive:
        with new_file(path) as file:  # 3
            written = _Written(file.write)
            try:
                sealing = FileWriter((recipient,), written.take)
            except RecipientError as error:
                raise ArchiveError(_NO_RECIPIENT) from error
            tar = ArchiveTar(f"case-{page.code}", self._moment(), sealing.push)
            try:
                entries = self._fill(tar, page, wanted)
            except BaseException:
                tar.abandon()
                raise
            sealing.finish()
        if read_back(path) != written.sha256.digest():  # 4
            path.unlink(missing_ok=True)
            raise ArchiveError(
                "What was written to the medium does not read back, and was removed. Take another medium."
            )
        return Archive(path.name, written.size_bytes, written.sha256.hexdigest(), entries, passphrase)

    def _fill(self, tar: ArchiveTar, page: CasePage, wanted: Wanted) -> int:  # 2
        with self._vault.read() as session:
            instance = statements.station_row(session).instance_name
            sealed = [
                (bytes(row.object_id), row.size_bytes) for row in case_list.parcels(session, page.case_id)
            ]
        day = self._today()
        tar.add(
            "README.txt", archive_text.read_me(page, instance, day, notes=wanted.notes, proof=wanted.proof)
        )
        tar.add("case.txt", archive_text.case_text(page))
        for number, (parcel, (object_id, size_bytes)) in enumerate(
            zip(page.parcels, sealed, strict=True), start=1
        ):
            self._message(tar, f"messages/{number:03d}", parcel, object_id, size_bytes)
        sent = [reply for reply in page.replies if reply.out_seq is not None]
        for number, reply in enumerate(sent, start=1):
            tar.add(f"answers/{number:03d}.txt", archive_text.answer_text(reply))
        steps = page.work.timeline if page.work else ()
        tar.add("timeline.txt", archive_text.timeline_text(steps, notes=wanted.notes))
        if wanted.notes:
            tar.add("notes.txt", archive_text.notes_text(page.notes))
        tar.add("audit.txt", archive_text.audit_text(self._audit(page.case_id)))
        if wanted.proof:
            self._proof(tar, page.case_id)
        return tar.finish()

    def _message(
        self, tar: ArchiveTar, folder: str, parcel: Received, object_id: bytes, size_bytes: int
    ) -> None:
        names = [f"files/{safe_name(n, file.name)}" for n, file in enumerate(parcel.files, start=1)]
        tar.add(f"{folder}/details.json", archive_text.details(parcel, object_id, size_bytes, names))
        if parcel.text:
            tar.add(f"{folder}/text.txt", parcel.text.encode())
        if parcel.opened_text is not None:
            tar.add(f"{folder}/opened-openpgp.txt", parcel.opened_text.encode())
        if parcel.forms:
            tar.add(f"{folder}/forms.txt", archive_text.forms_text(parcel.forms))
        for name, file in zip(names, parcel.files, strict=True):
            saved = self._reading.save_file(file.file_id)
            tar.add_streamed(f"{folder}/{name}", saved.size_bytes, saved.content)

    def _proof(self, tar: ArchiveTar, case_id: int) -> None:
        with self._vault.read() as session:
            for name, data in archive_proof.files(session, case_id):
                tar.add(f"proof/{name}", data)

    def _audit(self, case_id: int) -> Iterator[tuple[Line, bytes]]:
        with self._vault.read() as session:
            named = audit.subjects_in(session, [case_id])
            for row in audit_lines.in_order(session):
                if row.subject.partition(",")[0] in named:
                    yield audit.line_of(row), row.head

    def _check_place(self, medium: Path) -> None:
        if self._folders.vault_dir.resolve() in (medium.resolve(), *medium.resolve().parents):
            raise ArchiveError("An archive beside the vault is no archive. Take another medium.")
        if any(medium.glob(f"{self._folders.state.name}*")) or any(medium.glob("cleandrop-*")):
            raise ArchiveError(
                "This medium carries keys, a backup or bundles. An archive goes into other hands: take a "
                "medium of its own."
            )

    def _today(self) -> str:
        with self._vault.read() as session:
            return day_of(self._clock(), statements.station_row(session).time_zone).isoformat()

    def _moment(self) -> int:
        """The first second of the day: entries tell no hour."""
        return int(datetime.fromisoformat(f"{self._today()}T00:00:00+00:00").timestamp())


class _Written:
    """Counts and hashes what goes through it to a file."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write
        self.sha256 = hashlib.sha256()
        self.size_bytes = 0

    def take(self, data: bytes) -> None:
        """The next bytes."""
        self.sha256.update(data)
        self.size_bytes += len(data)
        self._write(data)


def _recipient(text: str) -> Recipient:
    try:
        return parse_recipient("".join(text.split()))
    except RecipientError as error:
        raise ArchiveError(_NO_RECIPIENT) from error
