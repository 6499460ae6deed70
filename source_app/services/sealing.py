"""One parcel on its way into one envelope file: what is pushed is sealed at once.

Parser → parcel → envelope → file, with constant memory and no plaintext on any disk. The
caller closes it in every case: what was not kept is removed.
"""

import json
from typing import Final

from crypto import canonical, sizes
from crypto.envelope import EnvelopeWriter, ObjectId
from crypto.errors import CanonicalError, ParcelError
from crypto.hybrid import PublicKey
from crypto.parcel import Head, ParcelWriter
from source_app.errors import FormError, TooLargeError, TooManyFilesError
from source_app.store.envelopes import IncomingFile

NAME_JSON_MAX: Final = 3 * sizes.KIB
MEDIA_TYPE_JSON_MAX: Final = 512
_END_BYTES: Final = sizes.RECORD_HEADER + sizes.DONE + sizes.RECORD_HEADER + sizes.END


class Sealing:
    """An envelope while it is written. Call `text`, then files, then `keep`; at last `close`."""

    def __init__(self, file: IncomingFile, recipient: PublicKey, head: Head, limit_bytes: int) -> None:
        self._file = file
        self._limit_bytes = limit_bytes
        self._kept = False
        try:
            self._envelope = EnvelopeWriter((recipient,), file.write)
            self._parcel = ParcelWriter(self._envelope, head)
        except BaseException:
            self.close()
            raise
        self.files = 0

    @property
    def size_bytes(self) -> int:
        """Bytes of the envelope so far."""
        return self._envelope.size_bytes

    def text(self, text: str) -> None:
        """The free text. Raises `FormError` when it cannot stand in a parcel."""
        try:
            self._parcel.text(text)
        except (ParcelError, UnicodeEncodeError) as error:
            raise FormError from error

    def form(self, form: canonical.Object) -> None:
        """A filled form. Raises `FormError` when it cannot stand in a parcel."""
        try:
            self._parcel.form(form)
        except (ParcelError, CanonicalError) as error:
            raise FormError from error

    def begin_file(self, name: str, media_type: str) -> None:
        """A file. Its name is data: it is shortened where it would not fit, and nothing else."""
        if self.files == sizes.FILES_MAX:
            raise TooManyFilesError
        self.files += 1
        self._parcel.begin_file(
            shorten(name, NAME_JSON_MAX),
            shorten(media_type, MEDIA_TYPE_JSON_MAX),
        )

    def file_data(self, data: bytes) -> None:
        """The next bytes of the file. Raises `TooLargeError`."""
        self._parcel.file_data(data)
        if self._envelope.pushed_bytes + sizes.DATA + _END_BYTES > self._limit_bytes:
            raise TooLargeError

    def end_file(self) -> None:
        """The file is complete."""
        self._parcel.end_file()

    def keep(self) -> ObjectId:
        """Finish the envelope and make it durable under its name."""
        self._parcel.finish()
        object_id = self._envelope.finish()
        self._file.keep(object_id)
        self._kept = True
        return object_id

    def close(self) -> None:
        """Remove the file unless it was kept."""
        if not self._kept:
            self._file.discard()


def shorten(text: str, json_max_bytes: int) -> str:
    """The longest beginning of `text` whose JSON is within the limit; no half characters."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    while (excess := len(json.dumps(text, ensure_ascii=False).encode()) - json_max_bytes) > 0:
        text = text[: -max(1, excess // len("\\u0000"))]
    return text
