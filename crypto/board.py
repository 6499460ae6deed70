"""The board: the station's signed statement of which reply sets are live (protocol 1, section 7).

It is the only thing that shows that an answer comes from the station. `expires_on` and
`issued_on` are dates, "YYYY-MM-DD".

Checks of `verify_board`: 1 the station's signature; 2 canonical JSON with exactly its keys, of
this version and instance; 3 no set twice, each of a size that sets have, and no more live slots
than allowed. `slots` goes on from there.
"""

from dataclasses import dataclass
from typing import Final

from crypto import canonical, labels, signing, sizes
from crypto.errors import CanonicalError
from crypto.slots import LIVE_SLOTS_MAX, Epoch, is_set_size
from crypto.source_keys import InstanceId

VERSION: Final = 1


@dataclass(frozen=True)
class LiveSet:
    """One live set: which OUT bundle first carried it, how many slots, their hash."""

    epoch: Epoch
    seq: int
    slots: int
    sha256: bytes
    expires_on: str


@dataclass(frozen=True)
class Board:
    """Exactly the live sets, as of OUT bundle `seq`."""

    instance_id: InstanceId
    epoch: Epoch
    seq: int
    issued_on: str
    sets: tuple[LiveSet, ...]


def sign_board(station: signing.SigningSeed, board: Board) -> bytes:
    """The board, signed by the station."""
    rows: list[canonical.Value] = [
        {
            "epoch": live.epoch.hex(),
            "seq": live.seq,
            "slots": live.slots,
            "sha256": live.sha256.hex(),
            "expires_on": live.expires_on,
        }
        for live in board.sets
    ]
    body = canonical.encode(
        {
            "v": VERSION,
            "instance_id": board.instance_id.hex(),
            "epoch": board.epoch.hex(),
            "seq": board.seq,
            "issued_on": board.issued_on,
            "sets": rows,
        }
    )
    return signing.sign(station, labels.BOARD, body).encode()


def verify_board(station: signing.VerifyingKey, instance: InstanceId, data: bytes) -> Board:
    """The board in `data`. Raises `SignatureError` or `CanonicalError`."""
    body = signing.verify(station, labels.BOARD, signing.split_unchecked(data))  # 1
    value = canonical.parse(body, max_bytes=sizes.BOARD_MAX)
    text = dict.fromkeys(("instance_id", "epoch", "issued_on"), str)
    canonical.fields(value, {"v": int, "seq": int, "sets": list, **text})
    if value["v"] != VERSION or value["instance_id"] != instance.hex():  # 2
        raise CanonicalError("a board of another instance or version")
    sets = tuple(_live_set(row) for row in canonical.array(value["sets"]))
    if sum(live.slots for live in sets) > LIVE_SLOTS_MAX:  # 3
        raise CanonicalError("more live slots than allowed")
    if len({(live.epoch, live.seq) for live in sets}) != len(sets):  # 3
        raise CanonicalError("a set twice")
    return Board(
        instance,
        Epoch(canonical.hex_field(value["epoch"], sizes.EPOCH)),
        canonical.integer(value["seq"]),
        canonical.date_field(value["issued_on"]),
        sets,
    )


def _live_set(row: canonical.Value) -> LiveSet:
    text = dict.fromkeys(("epoch", "sha256", "expires_on"), str)
    value = canonical.fields(row, {"seq": int, "slots": int, **text})
    if not is_set_size(canonical.integer(value["slots"])):  # 3
        raise CanonicalError("a number of slots that no set has")
    return LiveSet(
        Epoch(canonical.hex_field(value["epoch"], sizes.EPOCH)),
        canonical.integer(value["seq"]),
        canonical.integer(value["slots"]),
        canonical.hex_field(value["sha256"], sizes.SHA256),
        canonical.date_field(value["expires_on"]),
    )
