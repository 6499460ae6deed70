"""Packs in the vault: the keys that may sign them, every edition that was installed, which pack is in use.

Everything takes the session of the caller's transaction; nothing here begins or ends one.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.packs.pack import PackRef
from crypto.signing import VerifyingKey
from journalist_app.store.tables import PackFileRow, PackKeyRow, PackRow, StationRow


def keys(session: Session) -> Sequence[PackKeyRow]:
    """The trusted pack keys, oldest first."""
    return session.scalars(select(PackKeyRow).order_by(PackKeyRow.trusted_on, PackKeyRow.key)).all()


def key(session: Session, wanted: VerifyingKey) -> PackKeyRow | None:
    """This key, if it is trusted."""
    return session.get(PackKeyRow, bytes(wanted))


def editions(session: Session) -> Sequence[PackRow]:
    """Every edition: pack by pack, the newest first."""
    return session.scalars(select(PackRow).order_by(PackRow.id, PackRow.version.desc())).all()


def newest(session: Session, pack: str) -> PackRow | None:
    """The newest edition of a pack."""
    question = select(PackRow).where(PackRow.id == pack).order_by(PackRow.version.desc())
    return session.scalars(question.limit(1)).one_or_none()


def edition(session: Session, pack: str, version: int) -> PackRow | None:
    """One edition of a pack."""
    return session.get(PackRow, (pack, version))


def in_use(session: Session) -> PackRow | None:
    """The newest edition of the pack that new cases are opened under, if one was installed."""
    return newest(session, session.get_one(StationRow, 1).pack_in_use)


def add(session: Session, row: PackRow, files: dict[str, bytes]) -> None:
    """Keep an edition with its files."""
    row.files = [PackFileRow(name=name, data=data) for name, data in sorted(files.items())]
    session.add(row)


def ref(row: PackRow) -> PackRef:
    """Which edition this is."""
    return PackRef(row.id, row.version, row.digest)


def files(row: PackRow) -> dict[str, bytes]:
    """The files of an edition, name to contents."""
    return {file.name: file.data for file in row.files}
