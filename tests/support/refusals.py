"""What the files under tests/vectors/refusals say, carried out.

A file names a base (a whole valid thing that other people's code wrote), what to do to it, and the
step of reading that must refuse it. `Case` applies the changes; the readings follow in the
order in which the product makes them (in tests/vectors/test_refusals.py). Nothing here is sealed with our own
code: chunks are sealed by hand with the library's cipher.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.support.sealing import padded, record, with_end

REFUSALS = Path(__file__).parents[1] / "vectors" / "refusals"
BASES = REFUSALS / "bases"
SMALL: dict[str, Any] = json.loads((BASES / "small.json").read_text("ascii"))

START, STANZA, HEADER, NONCE, CHUNK = 22, 1_557, 12_526, 16, 65_552
BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass
class Case:
    """A thing that is being changed: its bytes, and what its reader knows."""

    data: bytes
    given: dict[str, Any] = field(default_factory=dict)

    def do(self, name: str, *arguments: Any) -> None:
        """Carry out one change of a file."""
        change = CHANGES.get(name)
        if change is None:
            SETTINGS[name](self, *arguments)
        else:
            self.data = change(self.data, *arguments)


def small(name: str) -> bytes:
    """One of the small bases."""
    return bytes.fromhex(SMALL[name])


def big(name: str) -> bytes:
    """One of the envelopes."""
    return (BASES / f"{name}.age").read_bytes()


# Changes of any bytes


def flip(data: bytes, place: int) -> bytes:
    """One bit of the byte at `place` turned over."""
    changed = bytearray(data)
    changed[place] ^= 1
    return bytes(changed)


def letter(data: bytes, place: int) -> bytes:
    """The base64 letter at `place` made the next of its alphabet."""
    changed = bytearray(data)
    changed[place] = BASE64[(BASE64.index(changed[place]) + 1) % 64]
    return bytes(changed)


def put(data: bytes, place: int, text: str) -> bytes:
    """`text`, in hex, written over what stands at `place`."""
    new = bytes.fromhex(text)
    assert data[place : place + len(new)] != new
    return data[:place] + new + data[place + len(new) :]


def cut(data: bytes, length: int) -> bytes:
    """The first `length` bytes; a negative number counts from the end."""
    return data[:length]


def append(data: bytes, text: str) -> bytes:
    """`text`, in hex, behind it."""
    return data + bytes.fromhex(text)


def twice(data: bytes) -> bytes:
    """All of it once more behind it."""
    return data * 2


def written(_: bytes, text: str) -> bytes:
    """Any text in its place."""
    return text.encode()


def instead(_: bytes, name: str) -> bytes:
    """Another of the small bases in its place."""
    return small(name)


# Changes of an envelope


def stanzas_of(data: bytes) -> tuple[list[bytes], bytes]:
    """The stanzas of a header, and what follows them."""
    end = data.index(b"--- ")
    starts = [n for n in range(START, end) if data[n : n + 3] == b"-> " and data[n - 1 : n] == b"\n"]
    pieces = [data[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]
    return pieces, data[end:]


def with_stanzas(data: bytes, change: Callable[[list[bytes]], object]) -> bytes:
    """An envelope whose list of stanzas was changed."""
    pieces, rest = stanzas_of(data)
    change(pieces)
    return data[:START] + b"".join(pieces) + rest


def swap_stanzas(data: bytes, one: int, other: int) -> bytes:
    """Two stanzas in each other's place."""
    return with_stanzas(data, partial(_swap, one=one, other=other))


def drop_stanza(data: bytes, place: int) -> bytes:
    """One stanza fewer."""
    return with_stanzas(data, lambda pieces: pieces.pop(place))


def repeat_stanza(data: bytes, place: int) -> bytes:
    """One stanza twice."""
    return with_stanzas(data, lambda pieces: pieces.insert(place, pieces[place]))


def stanza_of_b(data: bytes, place: int, theirs: int) -> bytes:
    """A stanza of the other envelope in the place of one of ours."""
    return with_stanzas(data, lambda pieces: _put(pieces, place, stanzas_of(big("envelope-b"))[0][theirs]))


def stanza_text(data: bytes, place: int, text: str) -> bytes:
    """Any text in the place of one stanza."""
    return with_stanzas(data, lambda pieces: _put(pieces, place, text.encode()))


def resize_stanza(data: bytes, place: int) -> bytes:
    """Four letters moved from a stanza's share to its body: the header is as long as before."""
    pieces, _ = stanzas_of(data)
    first, body = pieces[place].split(b"\n")[:2]
    return stanza_text(data, place, (first[:-4] + b"\n" + body + b"AAAA\n").decode())


def encapsulation(data: bytes, place: int, share: str, *, at: int) -> bytes:
    """`share`, in hex, written over a part of a stanza's encapsulated key."""
    pieces, _ = stanzas_of(data)
    head, _, rest = pieces[place].partition(b"\n")
    words = head.split(b" ")
    words[2] = _letters(put(_bytes(words[2]), at, share))
    return stanza_text(data, place, (b" ".join(words) + b"\n" + rest).decode())


def body_of(data: bytes, name: str) -> bytes:
    """This header with the payload of another envelope."""
    return data[:HEADER] + big(name)[HEADER:]


def chunks_of(data: bytes) -> tuple[bytes, list[bytes]]:
    """What stands before the chunks of an envelope or a payload, and its chunks."""
    start = (HEADER if data.startswith(b"age-") else 0) + NONCE
    return data[:start], [data[n : n + CHUNK] for n in range(start, len(data), CHUNK)]


def swap_chunks(data: bytes, one: int, other: int) -> bytes:
    """Two chunks in each other's place."""
    head, chunks = chunks_of(data)
    _swap(chunks, one, other)
    return head + b"".join(chunks)


def drop_chunk(data: bytes, place: int) -> bytes:
    """One chunk fewer."""
    head, chunks = chunks_of(data)
    chunks.pop(place)
    return head + b"".join(chunks)


def repeat_chunk(data: bytes, place: int, to: int) -> bytes:
    """A chunk once more, before the one that stands at `to`."""
    head, chunks = chunks_of(data)
    chunks.insert(to, chunks[place])
    return head + b"".join(chunks)


def sealed_chunk(data: bytes, place: int, text: str | int, last: int) -> bytes:
    """A chunk that whoever holds the file key sealed, in that place or behind the others: of a
    text, or of so many zeros."""
    plain = bytes(text) if isinstance(text, int) else text.encode()
    head, chunks = chunks_of(data)
    chunks[place : place + 1] = [_cipher(head[-NONCE:]).encrypt(_nonce(place, last), plain, None)]
    return head + b"".join(chunks)


CHANGES: dict[str, Callable[..., bytes]] = {
    "flip": flip,
    "letter": letter,
    "put": put,
    "cut": cut,
    "append": append,
    "twice": twice,
    "written": written,
    "instead": instead,
    "swap_stanzas": swap_stanzas,
    "drop_stanza": drop_stanza,
    "repeat_stanza": repeat_stanza,
    "stanza_of_b": stanza_of_b,
    "stanza_text": stanza_text,
    "resize_stanza": resize_stanza,
    "share": partial(encapsulation, at=1_088),
    "lattice": partial(encapsulation, at=0),
    "body_of": body_of,
    "swap_chunks": swap_chunks,
    "drop_chunk": drop_chunk,
    "repeat_chunk": repeat_chunk,
    "sealed_chunk": sealed_chunk,
}


# Changes of a parcel: a list of records, sealed at the end behind the header of envelope A


def records_of(case: Case) -> list[Any]:
    """The records of the parcel in envelope A, without END, each as type and body."""
    if "records" not in case.given:
        case.given["records"] = list(_split(big_plain("envelope-a")))
    made: list[Any] = case.given["records"]
    return made


def head(case: Case, changes: dict[str, Any]) -> None:
    """Other values in HEAD, spelled as canonical JSON is."""
    value = {**json.loads(records_of(case)[0][1]), **changes}
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    records_of(case)[0] = (1, text.encode())


def set_record(case: Case, place: int, kind: int, text: str, claimed: int | None = None) -> None:
    """A record in the place of another. `text` is text, or hex behind "0x"."""
    records_of(case)[place] = (kind, _text(text), claimed)


def insert_record(case: Case, place: int, kind: int, text: str) -> None:
    """A record before the one in that place."""
    records_of(case).insert(place, (kind, _text(text)))


def drop_record(case: Case, place: int) -> None:
    """One record fewer."""
    records_of(case).pop(place)


def file_name(case: Case, name: str) -> None:
    """Another name for the file."""
    records_of(case)[3] = (
        4,
        json.dumps({"media_type": "m", "name": name}, ensure_ascii=False, separators=(",", ":")).encode(),
    )


def empty_files(case: Case, count: int) -> None:
    """So many empty files in the place of the one."""
    done = hashlib.sha256().digest() + bytes(8)
    records_of(case)[3:] = [(4, b'{"media_type":"m","name":"n"}'), (6, done)] * count


def tail(case: Case, **options: Any) -> None:
    """How the parcel ends: another END, none, bytes behind it, more zeros than there should be."""
    case.given |= options


def given(case: Case, name: str, value: Any) -> None:
    """Something else that the reader knows."""
    assert case.given.get(name) != value
    case.given[name] = value


SETTINGS: dict[str, Callable[..., None]] = {
    "head": head,
    "set_record": set_record,
    "insert_record": insert_record,
    "drop_record": drop_record,
    "file_name": file_name,
    "empty_files": empty_files,
    "no_end": partial(tail, no_end=1),
    "end_says": lambda case, count: tail(case, end_says=count),
    "behind_end": lambda case, text: tail(case, behind_end=text),
    "pad_to": lambda case, size: tail(case, pad_to=size),
    "given": given,
}


def plain_of(case: Case) -> bytes:
    """The plaintext of a parcel after all changes."""
    rows = [record(row[0], row[1], length=row[2] if len(row) > 2 else None) for row in records_of(case)]
    body = b"".join(rows)
    if "end_says" in case.given:
        body += record(7, case.given["end_says"].to_bytes(8, "big"))
    elif "no_end" not in case.given:
        body = with_end(body)
    body += bytes.fromhex(case.given.get("behind_end", ""))
    return padded(body).ljust(case.given.get("pad_to", 0), b"\0")


def sealed(plain: bytes) -> bytes:
    """`plain` as a payload under the file key of envelope A, sealed by hand."""
    nonce = bytes(range(NONCE))
    pieces = [plain[n : n + CHUNK - 16] for n in range(0, len(plain), CHUNK - 16)]
    cipher = _cipher(nonce)
    return nonce + b"".join(
        cipher.encrypt(_nonce(n, n == len(pieces) - 1), piece, None) for n, piece in enumerate(pieces)
    )


def big_plain(name: str) -> bytes:
    """The plaintext of an envelope, opened by hand."""
    start, chunks = chunks_of(big(name))
    cipher = _cipher(start[-NONCE:])
    return b"".join(cipher.decrypt(_nonce(n, n == len(chunks) - 1), c, None) for n, c in enumerate(chunks))


def _split(plain: bytes) -> Any:
    place = 0
    while plain[place] != 7:
        end = place + 5 + int.from_bytes(plain[place + 1 : place + 5], "big")
        yield plain[place], plain[place + 5 : end]
        place = end


def _cipher(nonce: bytes) -> ChaCha20Poly1305:
    key = HKDF(algorithm=SHA256(), length=32, salt=nonce, info=b"payload").derive(small("file_key"))
    return ChaCha20Poly1305(key)


def _nonce(number: int, last: int) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _swap(pieces: list[bytes], one: int, other: int) -> None:
    pieces[one], pieces[other] = pieces[other], pieces[one]


def _put(pieces: list[bytes], place: int, piece: bytes) -> None:
    pieces[place] = piece


def _bytes(letters: bytes) -> bytes:
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def _letters(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _text(text: str) -> bytes:
    return bytes.fromhex(text[2:]) if text.startswith("0x") else text.encode()
