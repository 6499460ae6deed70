"""The tables of the officer vault. Their history is in `migrations/officer/`.

Only `journalist_app.store` and the services' queries know them. Everything here lies in the
encrypted database: the station's signing seed, second factors, file keys, the text of reports.
Dates are "YYYY-MM-DD" in the instance's time zone. Numbers of rows are never used again.
"""

from sqlalchemy import ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Row(DeclarativeBase):
    """What all tables share."""


class StationRow(Row):
    """The one row that says who this station is, and what it last said to the world."""

    __tablename__ = "station"
    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[bytes]
    instance_name: Mapped[str]
    time_zone: Mapped[str]
    languages: Mapped[str]
    root_key: Mapped[bytes]
    signing_seed: Mapped[bytes]
    certificate: Mapped[bytes]
    epoch: Mapped[bytes]
    descriptor_number: Mapped[int]
    descriptor_issued_on: Mapped[str]
    descriptor: Mapped[bytes]
    batch_no: Mapped[int]
    batch: Mapped[bytes]
    oldest_window: Mapped[int]
    last_window: Mapped[int]
    clock_seen_at: Mapped[str]
    pack_in_use: Mapped[str]
    publication_number: Mapped[int]
    publication: Mapped[bytes]
    """What everybody may read, signed; empty before anything was published."""
    key_since: Mapped[str]
    """The day since which the vault has its key; empty where nobody knows."""


class OfficerRow(Row):
    """What only an open vault knows of an officer: the second factor, the roles, the key to seal to.

    `name` is not used again by another, and the row stays when its officer has gone.
    """

    __tablename__ = "officers"
    officer_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    totp_secret: Mapped[str]
    last_step: Mapped[int]
    roles: Mapped[str]
    """Words of `cases.kinds.Role`, with spaces."""
    public_key: Mapped[bytes]
    """What the vault key is sealed to; empty until an officer from before there were such keys signs in."""
    key_salt: Mapped[bytes]
    """Of the wrapping in officers.json that the public key belongs to."""
    recovery_codes: Mapped[str]
    """Those that were not used yet, with spaces."""
    seen_by_others: Mapped[bool]
    """Whether somebody else may have seen the passphrase, because it was given out."""
    joined_on: Mapped[str]
    withdrawn_on: Mapped[str | None]


class FormerKeyRow(Row):
    """A key that the vault had before. It goes when no copy and no backup is sealed under it any longer.

    The number of the key in use is that of the last one here, ever, and one more.
    """

    __tablename__ = "former_keys"
    __table_args__ = ({"sqlite_autoincrement": True},)
    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes]
    replaced_on: Mapped[str]


class ServerRow(Row):
    """A source server that an officer accepted, and the last bundle of it."""

    __tablename__ = "servers"
    key_id: Mapped[bytes] = mapped_column(primary_key=True)
    serial: Mapped[int]
    certificate: Mapped[bytes]
    accepted_on: Mapped[str]
    epoch: Mapped[bytes]
    seq: Mapped[int]
    sha256: Mapped[bytes]
    made_on: Mapped[str]
    imported_on: Mapped[str]
    board_epoch: Mapped[bytes]
    board_seq: Mapped[int]
    """The OUT bundle whose board the server showed when it last spoke; 0 before the first."""


class LogRow(Row):
    """One entry of a server's log. `held` is whether its object is or was here: opened, quarantined, or
    deleted with its case since."""

    __tablename__ = "log"
    key_id: Mapped[bytes] = mapped_column(ForeignKey("servers.key_id"), primary_key=True)
    epoch: Mapped[bytes] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    object_id: Mapped[bytes] = mapped_column(index=True)
    size_bytes: Mapped[int]
    window: Mapped[int]
    received_on: Mapped[str]
    head: Mapped[bytes]
    held: Mapped[bool]


class QuarantineRow(Row):
    """An object that was refused, kept byte for byte, with the reason."""

    __tablename__ = "quarantine"
    object_id: Mapped[bytes] = mapped_column(primary_key=True)
    reason: Mapped[str]
    received_on: Mapped[str]
    imported_on: Mapped[str]
    window: Mapped[int]
    size_bytes: Mapped[int]


class SetRow(Row):
    """A set of reply slots, as one OUT bundle first carried it."""

    __tablename__ = "sets"
    __table_args__ = (UniqueConstraint("epoch", "seq"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[bytes]
    seq: Mapped[int]
    slots: Mapped[int]
    sha256: Mapped[bytes]
    expires_on: Mapped[str]
    data: Mapped[bytes]


class OutRow(Row):
    """One OUT bundle: decided and numbered here before a byte of it goes to a stick.

    `sha256` is empty until it was written once. `statement` and `board` are what it said.
    """

    __tablename__ = "out_bundles"
    seq: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[bytes]
    made_on: Mapped[str]
    sha256: Mapped[bytes]
    acks: Mapped[bytes]
    descriptor: Mapped[bytes]
    batch: Mapped[bytes]
    board: Mapped[bytes]
    publication: Mapped[bytes]


class InRow(Row):
    """One IN bundle that was imported, or the alarm that one raised."""

    __tablename__ = "in_bundles"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[bytes]
    epoch: Mapped[bytes]
    seq: Mapped[int]
    sha256: Mapped[bytes]
    made_on: Mapped[str]
    imported_on: Mapped[str]
    alarm: Mapped[str]
    manifest: Mapped[bytes]
    signature: Mapped[bytes]
    """The server's, over the manifest; empty for a bundle from before it was kept."""


class BatchRow(Row):
    """A batch of intake keys that was published. `lost_on`: its keys were lost, said two officers."""

    __tablename__ = "batches"
    batch_no: Mapped[int] = mapped_column(primary_key=True)
    issued_on: Mapped[str]
    first_window: Mapped[int]
    last_window: Mapped[int]
    lost_on: Mapped[str | None]
    lost_by: Mapped[str]


class KeyCopyRow(Row):
    """A copy of the key file, the one in use among them, as it was when we last wrote or read it.

    `first_window` is the oldest that it opens, `batch_no` the newest batch in it, `key_no` the number of
    the vault key that it is sealed under.
    """

    __tablename__ = "key_copies"
    copy_id: Mapped[bytes] = mapped_column(primary_key=True)
    label: Mapped[str]
    made_on: Mapped[str]
    updated_on: Mapped[str]
    first_window: Mapped[int]
    batch_no: Mapped[int]
    key_no: Mapped[int]
    destroyed_on: Mapped[str | None]
    destroyed_by: Mapped[str]


class DestructionRow(Row):
    """A decision to destroy the keys of some windows. `finished_at`: when the key stick held them no more."""

    __tablename__ = "destructions"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    first_window: Mapped[int]
    last_window: Mapped[int]
    decided_at: Mapped[str]
    officer: Mapped[str]
    second: Mapped[str]
    lost: Mapped[int]
    why: Mapped[str]
    finished_at: Mapped[str | None]


class BackupRow(Row):
    """A backup of the vault. `last_parcel`: it holds every parcel up to this row, as a trial restore saw.

    `key_no`: the number of the vault key that it is sealed under.
    """

    __tablename__ = "backups"
    backup_id: Mapped[bytes] = mapped_column(primary_key=True)
    made_at: Mapped[str]
    size_bytes: Mapped[int]
    verified_at: Mapped[str | None]
    last_parcel: Mapped[int]
    key_no: Mapped[int]
    destroyed_on: Mapped[str | None]
    destroyed_by: Mapped[str]


class ClockStatementRow(Row):
    """An officer said that the station's clock is right, though it went back or jumped."""

    __tablename__ = "clock_statements"
    __table_args__ = ({"sqlite_autoincrement": True},)
    id: Mapped[int] = mapped_column(primary_key=True)
    officer: Mapped[str]
    said_at: Mapped[str]
    seen_before_at: Mapped[str]


class AgencyKeyRow(Row):
    """The agency's own OpenPGP key, one row once it was made. `secret` has no passphrase of its own."""

    __tablename__ = "agency_key"
    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    public: Mapped[bytes]
    secret: Mapped[bytes]
    made_on: Mapped[str]


class InstitutionRow(Row):
    """An institution, and the OpenPGP key whose fingerprint an officer compared."""

    __tablename__ = "institutions"
    name: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    key: Mapped[bytes]
    imported_on: Mapped[str]


class PackKeyRow(Row):
    """A key that may sign packs: an officer compared its ten words."""

    __tablename__ = "pack_keys"
    key: Mapped[bytes] = mapped_column(primary_key=True)
    trusted_on: Mapped[str]
    trusted_by: Mapped[str]


class PackRow(Row):
    """One edition of a pack, as it was installed."""

    __tablename__ = "packs"
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    signed_by: Mapped[bytes]
    installed_on: Mapped[str]
    installed_by: Mapped[str]
    files: Mapped[list["PackFileRow"]] = relationship(order_by="PackFileRow.name")


class PackFileRow(Row):
    """A file of an edition, byte for byte, its `pack.sig` among them."""

    __tablename__ = "pack_files"
    __table_args__ = (ForeignKeyConstraint(["pack", "version"], ["packs.id", "packs.version"]),)
    pack: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes]


class AuditRow(Row):
    """A line of the audit log. The table refuses to change or lose one."""

    __tablename__ = "audit"
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    officer_id: Mapped[str]
    officer: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    head: Mapped[bytes]


class AuditSealRow(Row):
    """The station's signature under the head of a line."""

    __tablename__ = "audit_seals"
    number: Mapped[int] = mapped_column(ForeignKey("audit.number"), primary_key=True)
    on: Mapped[str]
    data: Mapped[bytes]
