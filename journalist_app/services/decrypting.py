"""Opens what a source encrypted to the agency's OpenPGP key before sending: a text, or a file.

Only when an officer asks. A text is kept opened in the vault, so that it is read and found like any other;
what came stays as it came. A file is opened for saving and kept nowhere. A text lies between the lines that
begin and end a message; what stands around it stays as it is. Anybody can encrypt to a public key: that
it opens says nothing about who wrote it.
"""

import io
from typing import Final

from crypto.envelope import FileKey, ObjectId
from crypto.parcel import FileEntry
from journalist_app.clock import Clock
from journalist_app.errors import NotFoundError, OpenPgpRefusedError
from journalist_app.services import openpgp_text
from journalist_app.services.opening import open_file
from journalist_app.services.openpgp import IN_MEMORY_MAX, OpenPgp
from journalist_app.services.reading import SavedFile
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import case_list, search_index

TOO_LARGE: Final = "Here an OpenPGP file is opened up to 64 MiB. Save it, and open it by the command line."
NOT_TEXT: Final = "What is inside this message is no text. Ask the source to send it as a file."


class Decrypting:
    """Opens OpenPGP messages in parcels, for one officer."""

    def __init__(self, unlocked: Unlocked, officer: Officer, clock: Clock) -> None:
        self._vault = unlocked.vault
        self._folders = unlocked.folders
        self._officer = officer
        self._openpgp = OpenPgp(unlocked, clock)

    def text(self, parcel_id: int) -> int:
        """Open the messages in a parcel's text and keep what they say; the number of the case.

        Raises `NotFoundError`, `OpenPgpRefusedError`, `AgencyKeyMissingError`.
        """
        with self._vault.read() as session:
            parcel = case_list.parcel(session, parcel_id, self._officer.officer_id)
            if parcel is None or not openpgp_text.is_message(parcel.text):
                raise NotFoundError
            messages = openpgp_text.messages(parcel.text)
        opened = "\n\n".join(self._opened(message.encode()) for message in messages)
        with self._vault.write() as session:
            parcel = case_list.parcel(session, parcel_id, self._officer.officer_id)
            if parcel is None:
                raise NotFoundError
            if parcel.opened_text is None:
                parcel.opened_text = opened
                search_index.add(session, parcel.case, opened)
            return parcel.case

    def file(self, file_id: int) -> SavedFile:
        """A file, opened, to be saved. Raises as `text` does, and `EnvelopeError`."""
        with self._vault.read() as session:
            found = case_list.file_and_parcel(session, file_id, self._officer.officer_id)
            if found is None:
                raise NotFoundError
            file, parcel = found
            entry = FileEntry(file.name, file.media_type, file.size_bytes, file.sha256, file.offset)
            content = open_file(
                self._folders.envelope(ObjectId(parcel.object_id)), FileKey(parcel.file_key), entry
            )
        if entry.size_bytes > IN_MEMORY_MAX:
            raise OpenPgpRefusedError(TOO_LARGE)
        plain = self._openpgp.open_bytes(io.BytesIO(b"".join(content)))
        return SavedFile(file_id, openpgp_text.name_inside(entry.name), len(plain), iter([plain]))

    def _opened(self, message: bytes) -> str:
        try:
            return self._openpgp.open_bytes(io.BytesIO(message)).decode()
        except UnicodeDecodeError as error:
            raise OpenPgpRefusedError(NOT_TEXT) from error
