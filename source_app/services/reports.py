"""Takes one sending from its first field to its receipt, in one pass.

Order of the fields: csrf_token, upload_id, message, answers, files. Nothing is opened on disk before the
token was good and the text was looked at. Then: the envelope is written while it arrives, made
durable, and named; its row goes into the log in one transaction; only then the caller may answer.
Whatever fails on the way removes the file.

A second press of Send carries the same upload_id: its receipt is in the log already, and it is
answered like the first. The receipt is made with a secret that exists in memory alone and with
the id of the session, so that a row, seized later, proves nothing about a browser.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from crypto import sizes
from crypto.envelope import ObjectId
from crypto.parcel import Head, Origin
from crypto.source_keys import Master, derive_keys
from source_app.errors import (
    CodenameInTextError,
    EmptyReportError,
    FormError,
    SourceAppError,
    StorageError,
    TextTooLongError,
    TokenError,
    TooLargeError,
)
from source_app.multipart import FieldPart, FilePart
from source_app.services.codenames import contains_codename
from source_app.services.gate import IntakeGate, OpenWindow
from source_app.services.identities import Identities
from source_app.services.letters import Letter
from source_app.services.progress import Progress
from source_app.services.sealing import Sealing
from source_app.store import log
from source_app.store.database import Database
from source_app.store.envelopes import EnvelopeStore
from transfer.log import LogEntry

TOKEN_FIELD: Final = "csrf_token"  # noqa: S105 - the name of a field
UPLOAD_FIELD: Final = "upload_id"
TEXT_FIELD: Final = "message"
FILES_FIELD: Final = "files"
FIELDS: Final = frozenset({TOKEN_FIELD, UPLOAD_FIELD, TEXT_FIELD})
"""What every sending has; a letter may read more."""
RECEIPT_DAYS: Final = 2
"""Sessions live twelve hours; a receipt goes when its day and the next are over."""
_UPLOAD_ID: Final = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Sender:
    """Who sends, as the session knows them: a codename not yet derived, or its master."""

    session_id: str
    codename: str = field(repr=False)
    master: str = field(repr=False)
    """Hex, or empty before the first sending."""


@dataclass
class Draft:
    """What was typed, for the form to be shown again. `answers` by the name of the field."""

    text: str = field(default="", repr=False)
    answers: dict[str, list[str]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Taken:
    """What came of a sending: its sender's master in hex, and whether it was stored now and not before."""

    master: str = field(repr=False)
    is_new: bool


@dataclass(frozen=True)
class Sending:
    """What the views know of a sending before it begins."""

    sender: Sender
    letter: Letter
    progress: Progress
    check_token: Callable[[str], None]
    """Raises `TokenError`."""
    too_large: bool = False
    """Whether more is announced than this site takes: then it is refused where its first file begins."""


class ReportIntake:
    """The use case of sending: reports, and messages to an open case."""

    def __init__(
        self,
        database: Database,
        envelopes: EnvelopeStore,
        gate: IntakeGate,
        identities: Identities,
        receipt_secret: bytes,
    ) -> None:
        self._database = database
        self._envelopes = envelopes
        self._gate = gate
        self._identities = identities
        self._receipt_secret = receipt_secret

    def receive(self, parts: Iterable[FieldPart | FilePart], sending: Sending, draft: Draft) -> Taken:
        """Store one sending, unless it is there already.

        Raises `ReportError`, `ClosedError`, `BusyError` or `StorageError`; then nothing was stored.
        """
        receiving = _Receiving(self, sending, draft)
        try:
            for part in parts:
                receiving.take(part)
            taken = receiving.finish()
        except SourceAppError as error:
            said = TooLargeError() if sending.too_large else error
            sending.progress.refused(type(said).__name__)
            raise said from error
        except OSError as error:
            sending.progress.refused(StorageError.__name__)
            raise StorageError from error
        finally:
            receiving.close()
        sending.progress.arrived()
        return taken

    def has_arrived(self, session_id: str, upload_ids: Sequence[str]) -> bool:
        """Whether a sending of this session was stored, though its answer may have been lost."""
        receipts = [self._receipt(session_id, upload_id) for upload_id in upload_ids]
        with self._database.reading() as connection:
            return log.has_any_receipt(connection, receipts)

    def master(self, sender: Sender) -> str:
        """The sender's master in hex, derived at their first sending."""
        return sender.master or self._identities.for_first_report(sender.codename)

    def require_in_time(self, window: OpenWindow | None) -> None:
        """The gate again, while it arrives. Raises `TooSlowError`."""
        if window is not None:
            self._gate.require_in_time(window)

    def require_open(self) -> OpenWindow:
        """The gate. Raises `ClosedError`."""
        return self._gate.require_open()

    def open(self, letter: Letter, master: str) -> tuple[Sealing, OpenWindow]:
        """An envelope for the window of this moment."""
        window = self._gate.require_open()
        keys = derive_keys(Master(bytes.fromhex(master)))
        head = Head(
            instance_id=window.instance_id,
            window=window.window,
            kind=letter.kind,
            origin=Origin.SERVER,
            author=keys.author,
            reply_key=keys.reply_key,
            reply_address=keys.reply_address,
            sealed_on=window.today,
            language=letter.language,
        )
        file = self._envelopes.begin(window.window)
        return Sealing(file, window.recipient, head, sizes.PADDED_MAX), window

    def commit(self, sealing: Sealing, window: OpenWindow, sender: Sender, upload_id: str) -> bool:
        """Make an envelope durable and enter it into the log; not where this sending is there already."""
        object_id = sealing.keep()
        entry = LogEntry(object_id, sealing.size_bytes, window.window, window.today)
        entered = False
        try:
            entered = self._enter(entry, self._receipt(sender.session_id, upload_id))
        finally:
            if not entered:
                self._remove_without_row(object_id)
        if entered:
            self._envelopes.mark_entered(object_id)
        return entered

    def _enter(self, entry: LogEntry, receipt: bytes) -> bool:
        """Whether it is in the log now; not, where this sending is there already."""
        today = date.fromisoformat(entry.received_on)
        with self._database.writing() as connection:
            log.forget_receipts(connection, (today - timedelta(days=RECEIPT_DAYS - 1)).isoformat())
            if log.has_any_receipt(connection, [receipt]):
                return False
            log.append(connection, entry, receipt)
        return True

    def _remove_without_row(self, object_id: ObjectId) -> None:
        """Asks the log itself: after an error, nobody else knows whether the row came to be."""
        with self._database.reading() as connection:
            if not log.has_object(connection, object_id):
                self._envelopes.remove([object_id])

    def note_of(self, session_id: str, upload_id: str) -> str:
        """The name under which the progress of a sending is noted: nobody else can make it."""
        message = f"progress {session_id} {upload_id}".encode()
        return hmac.new(self._receipt_secret, message, hashlib.sha256).hexdigest()

    def _receipt(self, session_id: str, upload_id: str) -> bytes:
        message = f"{session_id} {upload_id}".encode()
        return hmac.new(self._receipt_secret, message, hashlib.sha256).digest()


class _Receiving:
    """One sending while its parts arrive."""

    def __init__(self, intake: ReportIntake, sending: Sending, draft: Draft) -> None:
        self._intake = intake
        self._sending = sending
        self._draft = draft
        self._fields: dict[str, str] = {}
        self._began = False
        self._master = ""
        self._sealing: Sealing | None = None
        self._window: OpenWindow | None = None

    def take(self, part: FieldPart | FilePart) -> None:
        """The next part of the form."""
        if isinstance(part, FilePart):
            self._file(part)
        elif part.name in self._sending.letter.fields:
            self._require_no_file_yet()
            self._draft.answers.setdefault(part.name, []).append(part.value.replace("\r\n", "\n"))
        elif part.name not in self._fields:  # a field that comes twice changes nothing
            self._require_no_file_yet()
            self._field(part.name, part.value)

    def finish(self) -> Taken:
        """Everything has arrived: store it."""
        if not self._began:
            self._begin(has_file=False)
        is_new = False
        if self._sealing is not None and self._window is not None:
            self._intake.require_in_time(self._window)
            sender, upload_id = self._sending.sender, self._fields[UPLOAD_FIELD]
            is_new = self._intake.commit(self._sealing, self._window, sender, upload_id)
        return Taken(self._master, is_new)

    def close(self) -> None:
        """Remove what was not kept."""
        if self._sealing is not None:
            self._sealing.close()

    def _require_no_file_yet(self) -> None:
        """No field may come after a file: what it says was needed before the file was sealed."""
        if self._began:
            raise FormError

    def _field(self, name: str, value: str) -> None:
        self._fields[name] = value
        if name == TEXT_FIELD:
            # a browser sends every line end as CRLF, whatever was typed
            self._draft.text = value.replace("\r\n", "\n")
        elif name == UPLOAD_FIELD and self._sending.sender.session_id and _UPLOAD_ID.fullmatch(value):
            self._sending.progress.begin(value)

    def _file(self, part: FilePart) -> None:
        first = next(part.chunks, b"")
        if part.name != FILES_FIELD or not (first or part.file_name):
            return  # no file of ours, or a file input that was left empty
        self._begin(has_file=True)
        if self._sealing is None:
            return  # it was stored before; the browser still has to get rid of its bytes
        self._sealing.begin_file(part.file_name, part.media_type)
        if first:
            self._sealing.file_data(first)
        del first  # a thousand slow uploads would each keep it until their end
        for chunk in part.chunks:
            self._intake.require_in_time(self._window)
            self._sealing.file_data(chunk)
            self._sending.progress.tick()
            del chunk
        self._sealing.end_file()

    def _begin(self, *, has_file: bool) -> None:
        if self._began:
            return
        self._check_sender()
        if self._sending.too_large:
            raise TooLargeError
        self._check_text()
        letter = self._sending.letter
        form = letter.form(self._draft.answers)
        has_text = bool(self._draft.text.strip())
        if letter.needs_content and not (has_file or has_text or (form and self._draft.answers)):
            raise EmptyReportError
        self._began = True
        sender = self._sending.sender
        if self._intake.has_arrived(sender.session_id, [self._fields[UPLOAD_FIELD]]):
            self._master = self._intake.master(sender)
            return
        self._intake.require_open()
        self._master = self._intake.master(sender)
        self._sealing, self._window = self._intake.open(letter, self._master)
        if has_text:
            self._sealing.text(self._draft.text)
        if form:
            self._sealing.form(form)

    def _check_sender(self) -> None:
        self._sending.check_token(self._fields.get(TOKEN_FIELD, ""))
        sender = self._sending.sender
        upload_id = self._fields.get(UPLOAD_FIELD, "")
        if not (sender.codename or sender.master) or not _UPLOAD_ID.fullmatch(upload_id):
            raise TokenError

    def _check_text(self) -> None:
        text = self._draft.text
        if len(text.encode("utf-8", "surrogatepass")) > sizes.TEXT_MAX:
            raise TextTooLongError
        typed = (text, *(value for values in self._draft.answers.values() for value in values))
        if any(contains_codename(each) for each in typed):
            raise CodenameInTextError
