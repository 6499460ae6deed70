"""OpenPGP for the world outside: the agency's key, institutions' keys, and messages both ways.

All keys are rows of the vault; each use hands them to `crypto.openpgp`, which forgets them. A
message is read from a file that the officer names, and what comes of it goes where the officer
says: nothing is opened by itself. No name of a file is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy.orm import Session

from crypto import openpgp, sizes
from crypto.errors import OpenError, OpenPgpError
from crypto.gpg_answers import Fingerprint
from crypto.openpgp import AgencyKey, PublicKey
from journalist_app.clock import Clock, day_of
from journalist_app.errors import (
    AgencyKeyExistsError,
    AgencyKeyMissingError,
    FileError,
    InstitutionError,
    OpenPgpRefusedError,
)
from journalist_app.services import statements
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import openpgp_keys
from journalist_app.store.new_file import new_file
from journalist_app.store.tables import AgencyKeyRow, InstitutionRow

IN_MEMORY_MAX: Final = 64 * sizes.MIB
NAME_MAX: Final = 100


@dataclass(frozen=True)
class Institution:
    """An institution whose key an officer compared and imported."""

    name: str
    fingerprint: str
    imported_on: str


class OpenPgp:
    """Keeps the keys, opens and seals messages."""

    def __init__(self, unlocked: Unlocked, clock: Clock) -> None:
        self._vault = unlocked.vault
        self._clock = clock

    def create(self) -> AgencyKey:
        """Make the agency's key, once. Raises `AgencyKeyExistsError`, `OpenPgpRefusedError`."""
        with self._vault.write() as session:
            if openpgp_keys.agency_key(session) is not None:
                raise AgencyKeyExistsError
            station = statements.station_row(session)
            with _told():
                key = openpgp.generate(station.instance_name)
            made_on = day_of(self._clock(), station.time_zone).isoformat()
            session.add(
                AgencyKeyRow(
                    id=1, fingerprint=key.fingerprint, public=key.public, secret=key.secret, made_on=made_on
                )
            )
        return key

    def own_key(self) -> AgencyKey:
        """The agency's key. Raises `AgencyKeyMissingError`."""
        with self._vault.read() as session:
            row = openpgp_keys.agency_key(session)
            if row is None:
                raise AgencyKeyMissingError
            return AgencyKey(Fingerprint(row.fingerprint), row.public, row.secret)

    def import_key(self, name: str, file: Path, fingerprint: str) -> Institution:
        """Keep an institution's key that has this fingerprint. Raises `InstitutionError`,
        `FileError`, `OpenPgpRefusedError`."""
        if not name.isprintable() or name != name.strip() or not 0 < len(name) <= NAME_MAX:
            raise InstitutionError("An institution's name is one line of up to 100 characters.")
        with _told(), file.open("rb") as source:
            key = openpgp.import_key(source.read(sizes.OPENPGP_KEY_MAX + 1), fingerprint)
        with self._vault.write() as session:
            if openpgp_keys.institution(session, name) is not None:
                raise InstitutionError("There is a key under this name already. Remove it first.")
            today = day_of(self._clock(), statements.station_row(session).time_zone).isoformat()
            session.add(
                InstitutionRow(name=name, fingerprint=key.fingerprint, key=key.data, imported_on=today)
            )
        return Institution(name, key.fingerprint, today)

    def institutions(self) -> tuple[Institution, ...]:
        """All institutions whose keys are kept."""
        with self._vault.read() as session:
            rows = openpgp_keys.institutions(session)
            return tuple(Institution(row.name, row.fingerprint, row.imported_on) for row in rows)

    def remove(self, name: str) -> None:
        """Forget an institution's key. Raises `InstitutionError`."""
        with self._vault.write() as session:
            session.delete(_institution(session, name))

    def open_in_memory(self, message: Path, sender: str | None) -> bytes:
        """The plaintext of a message, up to 64 MiB of it. Raises as `open_to_file` does."""
        own, signer = self.own_key(), self._key_of(sender)
        plain = bytearray()
        with _told(), message.open("rb") as source:
            openpgp.decrypt(own, source, plain.extend, IN_MEMORY_MAX, signer)
        return bytes(plain)

    def open_bytes(self, message: BinaryIO) -> bytes:
        """The plaintext of a message that is in memory already. Raises `OpenPgpRefusedError`,
        `AgencyKeyMissingError`."""
        own, plain = self.own_key(), bytearray()
        with _told():
            openpgp.decrypt(own, message, plain.extend, IN_MEMORY_MAX)
        return bytes(plain)

    def open_to_file(self, message: Path, out: Path, sender: str | None) -> None:
        """Write a message's plaintext into a new file. With `sender`, it must be signed by them.

        Raises `OpenPgpRefusedError`, `AgencyKeyMissingError`, `InstitutionError`, `FileError`.
        """
        own, signer = self.own_key(), self._key_of(sender)
        with _told(), message.open("rb") as source, new_file(out) as file:
            openpgp.decrypt(own, source, file.write, openpgp.MESSAGE_MAX, signer)

    def seal_to_file(self, plain: Path, out: Path, to: str) -> None:
        """Write into a new file what `plain` holds, signed by the agency and encrypted to an institution.

        Raises as `open_to_file` does.
        """
        own, key = self.own_key(), self._key(to)
        with _told(), plain.open("rb") as source, new_file(out) as file:
            openpgp.encrypt(own, key, source, file.write)

    def seal_bytes(self, plain: BinaryIO, to: str) -> bytes:
        """What `plain` holds, signed by the agency and encrypted to an institution, in memory.

        Raises `OpenPgpRefusedError`, `AgencyKeyMissingError`, `InstitutionError`.
        """
        own, key, sealed = self.own_key(), self._key(to), bytearray()
        with _told():
            openpgp.encrypt(own, key, plain, sealed.extend)
        return bytes(sealed)

    def _key_of(self, sender: str | None) -> PublicKey | None:
        return None if sender is None else self._key(sender)

    def _key(self, name: str) -> PublicKey:
        with self._vault.read() as session:
            row = _institution(session, name)
            return PublicKey(Fingerprint(row.fingerprint), row.key)


def _institution(session: Session, name: str) -> InstitutionRow:
    row = openpgp_keys.institution(session, name)
    if row is None:
        raise InstitutionError
    return row


@contextmanager
def _told() -> Iterator[None]:
    """What went wrong with gpg or with a file, as a sentence for the officer."""
    try:
        yield
    except OpenError as error:
        raise OpenPgpRefusedError from error
    except OpenPgpError as error:
        raise OpenPgpRefusedError(str(error)) from error
    except FileExistsError as error:
        raise FileError("There is a file of that name already. It was left alone: choose another.") from error
    except OSError as error:
        raise FileError from error
