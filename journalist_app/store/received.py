"""What came in: servers, their logs, parcels, sources, quarantine. Questions and records.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from crypto.envelope import FileKey, ObjectId
from crypto.parcel import Parcel
from crypto.signing import Signed, VerifyingKey
from crypto.slots import Epoch
from journalist_app.store.case_tables import CaseRow, FileRow, ParcelRow, SourceRow
from journalist_app.store.tables import InRow, LogRow, QuarantineRow, ServerRow
from transfer.log import LogEntry, log_start
from transfer.manifest import Ack, InManifest, InObject


def server(session: Session, key: VerifyingKey) -> ServerRow | None:
    """The accepted server with this key."""
    return session.get(ServerRow, bytes(key))


def servers(session: Session) -> Sequence[ServerRow]:
    """All accepted servers, by serial number."""
    return session.scalars(select(ServerRow).order_by(ServerRow.serial)).all()


def head_at(session: Session, key: VerifyingKey, epoch: Epoch, number: int) -> bytes | None:
    """The head of our copy of a server's log after entry `number`, None beyond its end."""
    if number == 0:
        return log_start(epoch)
    row = session.get(LogRow, (bytes(key), bytes(epoch), number))
    return row.head if row else None


def heads(session: Session, manifest: InManifest) -> dict[int, bytes]:
    """The heads of our copy of a server's log from where a manifest starts to where it ends, by number."""
    first, last = manifest.from_index, manifest.from_index + len(manifest.objects)
    question = select(LogRow).where(
        LogRow.key_id == manifest.key_id, LogRow.epoch == manifest.epoch, LogRow.number.between(first, last)
    )
    start = {0: log_start(manifest.epoch)} if first == 0 else {}
    return {**start, **{row.number: row.head for row in session.scalars(question)}}


def add_log(session: Session, manifest: InManifest, number: int, entry: LogEntry, head: bytes) -> None:
    """One more entry of a server's log, its object not yet here."""
    session.add(
        LogRow(
            key_id=manifest.key_id,
            epoch=manifest.epoch,
            number=number,
            object_id=entry.object_id,
            size_bytes=entry.size_bytes,
            window=entry.window,
            received_on=entry.received_on,
            head=head,
            held=False,
        )
    )


def note_bundle(
    session: Session, manifest: InManifest, sha256: bytes, signed: Signed, today: str, alarm: str
) -> None:
    """Keep that a bundle came, and its manifest as it was signed, with the signature."""
    session.add(
        InRow(
            key_id=manifest.key_id,
            epoch=manifest.epoch,
            seq=manifest.seq,
            sha256=sha256,
            made_on=manifest.made_on,
            imported_on=today,
            alarm=alarm,
            manifest=signed.body,
            signature=signed.signature,
        )
    )


def held_numbers(session: Session, manifest: InManifest, first: int, last: int) -> set[int]:
    """Of the log entries from `first` to `last`, those whose object is here."""
    question = select(LogRow.number).where(
        LogRow.key_id == manifest.key_id,
        LogRow.epoch == manifest.epoch,
        LogRow.number.between(first, last),
        LogRow.held,
    )
    return set(session.scalars(question))


def mark_held(session: Session, manifest: InManifest, numbers: Sequence[int]) -> None:
    """The objects of these log entries are here from now on."""
    session.execute(
        update(LogRow)
        .where(LogRow.key_id == manifest.key_id, LogRow.epoch == manifest.epoch, LogRow.number.in_(numbers))
        .values(held=True)
    )


def known_objects(session: Session, object_ids: Sequence[ObjectId]) -> set[bytes]:
    """Those of these objects that came before, under whatever number, those of deleted cases among them."""
    opened = select(ParcelRow.object_id).where(ParcelRow.object_id.in_(object_ids))
    refused = select(QuarantineRow.object_id).where(QuarantineRow.object_id.in_(object_ids))
    came = select(LogRow.object_id).where(LogRow.object_id.in_(object_ids), LogRow.held)
    return {*session.scalars(opened), *session.scalars(refused), *session.scalars(came)}


def acks(session: Session) -> list[Ack]:
    """For each server: its last bundle here, and up to where every object of its log is here."""
    return [_ack(session, row) for row in servers(session) if row.seq]


def _ack(session: Session, row: ServerRow) -> Ack:
    mine = (LogRow.key_id == row.key_id, LogRow.epoch == row.epoch)
    first_open = session.scalar(select(func.min(LogRow.number)).where(*mine, LogRow.held.is_(False)))
    last = session.scalar(select(func.max(LogRow.number)).where(*mine)) or 0
    index = last if first_open is None else first_open - 1
    key, epoch = VerifyingKey(row.key_id), Epoch(row.epoch)
    head = head_at(session, key, epoch, index)
    return Ack(key, epoch, row.seq, row.sha256, index, head or log_start(epoch))


def quarantine(session: Session, found: InObject, reason: str, today: str) -> None:
    """Keep that an object was refused."""
    entry = found.entry
    session.add(
        QuarantineRow(
            object_id=entry.object_id,
            reason=reason,
            received_on=entry.received_on,
            imported_on=today,
            window=entry.window,
            size_bytes=entry.size_bytes,
        )
    )


def quarantined(session: Session) -> Sequence[QuarantineRow]:
    """Everything that was refused, newest first."""
    return session.scalars(select(QuarantineRow).order_by(QuarantineRow.imported_on.desc())).all()


def bundles_in(session: Session, limit: int = 10) -> Sequence[InRow]:
    """The last IN bundles, newest first."""
    return session.scalars(select(InRow).order_by(InRow.id.desc()).limit(limit)).all()


def alarms(session: Session) -> Sequence[InRow]:
    """Every bundle that raised an alarm, newest first."""
    return session.scalars(select(InRow).where(InRow.alarm != "").order_by(InRow.id.desc())).all()


def homes(session: Session, source_ids: Sequence[bytes]) -> dict[bytes, tuple[SourceRow, CaseRow]]:
    """Those of these sources that are known, each with their case."""
    question = select(SourceRow, CaseRow).join(CaseRow, CaseRow.source == SourceRow.id)
    rows = session.execute(question.where(SourceRow.source_id.in_(source_ids)))
    return {source.source_id: (source, case) for source, case in rows}


def taken_aliases(session: Session, aliases: Collection[str]) -> set[str]:
    """Those of these aliases that a case bears."""
    return set(session.scalars(select(CaseRow.alias).where(CaseRow.alias.in_(aliases))))


def parcel_row(case: CaseRow, found: InObject, parcel: Parcel, file_key: FileKey, today: str) -> ParcelRow:
    """A parcel that opened, with the list of its files, to be kept."""
    head, entry = parcel.head, found.entry
    return ParcelRow(
        object_id=entry.object_id,
        case=case.id,
        kind=head.kind.value,
        origin=head.origin.value,
        language=head.language,
        sealed_on=head.sealed_on,
        received_on=entry.received_on,
        imported_on=today,
        window=head.window,
        label_window=entry.window,
        size_bytes=entry.size_bytes,
        file_key=file_key,
        text=parcel.text,
        forms=b"[" + b",".join(parcel.forms) + b"]",
        files=[
            FileRow(
                name=file.name,
                media_type=file.media_type,
                size_bytes=file.size_bytes,
                sha256=file.sha256,
                offset=file.offset,
            )
            for file in parcel.files
        ],
    )


@dataclass(frozen=True)
class KeptForm:
    """A form as it came: its id, and its answers, (id, value) in order."""

    form: str
    answers: tuple[tuple[str, str], ...] = field(repr=False)


def forms_of(forms: bytes) -> list[KeptForm]:
    """The forms of a parcel. They were checked when they were kept."""
    return [
        KeptForm(form["form"], tuple((answer["id"], answer["value"]) for answer in form["answers"]))
        for form in json.loads(forms)
    ]
