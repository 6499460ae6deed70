"""The ticket keys of session cookies, in one small file in memory.

All workers share it. A new key is made when the newest is an hour old; keys are destroyed after
twelve hours, and with the power. Nothing here is a record of who has a session: no file is made
for one.

Keys change when somebody comes: on a site that nobody visits, an old key waits for the next visit.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from crypto import canonical, sizes
from crypto.session import TicketKey, generate_ticket_key
from source_app.clock import Clock
from source_app.errors import StorageError
from source_app.store.secret_files import write_whole

NEW_KEY_AFTER: Final = timedelta(hours=1)
DESTROY_AFTER: Final = timedelta(hours=12)
_FILE_MAX: Final = 64 * sizes.KIB


class TicketFolder:
    """The folder. Times inside are whole seconds since 1970."""

    def __init__(self, run_dir: Path, clock: Clock) -> None:
        self._keys_file = run_dir / "tickets.json"
        self._lock_file = run_dir / "tickets.lock"
        self._clock = clock

    def newest(self) -> TicketKey:
        """The key that cookies are sealed under now. Raises `StorageError` where there is none, and no room.

        Where there is no room for a new one, the last one goes on for as long as it may live.
        """
        now = self._now()
        made = self._load()
        if not _is_fresh(made, now):
            try:
                made = self._renew()
            except OSError as error:
                if not any(_is_alive(at, now) for at, _ in made):
                    raise StorageError(f"There is no room in {self._keys_file.parent}.") from error
        return max((each for each in made if _is_alive(each[0], now)), key=_made_at)[1]

    def all(self) -> dict[bytes, TicketKey]:
        """The keys that a cookie may still be opened with, by their ids."""
        now = self._now()
        return {key.key_id: key for made_at, key in self._load() if _is_alive(made_at, now)}

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _renew(self) -> list[tuple[int, TicketKey]]:
        with self._locked():
            now = self._now()
            made = [(at, key) for at, key in self._load() if _is_alive(at, now)]
            if not _is_fresh(made, now):  # another worker may have been here first
                made.append((now, generate_ticket_key()))
                write_whole(self._keys_file, _encode(made))
        return made

    def _load(self) -> list[tuple[int, TicketKey]]:
        try:
            return _decode(self._keys_file.read_bytes())
        except FileNotFoundError:
            return []

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _is_fresh(made: list[tuple[int, TicketKey]], now: int) -> bool:
    return any(0 <= now - at < NEW_KEY_AFTER.total_seconds() for at, _ in made)


def _is_alive(made_at: int, now: int) -> bool:
    """A key from the future was made while the clock was wrong: it would seal for as long as that."""
    return -NEW_KEY_AFTER.total_seconds() < now - made_at < DESTROY_AFTER.total_seconds()


def _made_at(made: tuple[int, TicketKey]) -> int:
    return made[0]


def _encode(made: list[tuple[int, TicketKey]]) -> bytes:
    rows: list[canonical.Value] = [
        {"made_at": at, "key_id": key.key_id.hex(), "key": key.key.hex()} for at, key in made
    ]
    return canonical.encode({"keys": rows})


def _decode(data: bytes) -> list[tuple[int, TicketKey]]:
    value = canonical.fields(canonical.parse(data, max_bytes=_FILE_MAX), {"keys": list})
    made = []
    for row in canonical.array(value["keys"]):
        fields = canonical.fields(row, {"made_at": int, "key_id": str, "key": str})
        key = TicketKey(
            canonical.hex_field(fields["key_id"], sizes.TICKET_KEY_ID),
            canonical.hex_field(fields["key"], sizes.SEED),
        )
        made.append((canonical.integer(fields["made_at"]), key))
    return made
