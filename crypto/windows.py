"""Intake windows: a key for each week, forgotten when its time is over (protocol 1, section 5).

Window t is the number of whole weeks since Monday 2024-01-01 00:00 UTC. The station holds one
32-byte state per batch and steps it forward: what it stepped past cannot be computed again,
and that is the forward secrecy. The server holds only the signed list of public keys.
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

from crypto import canonical, encoding, hybrid, labels, signing, sizes
from crypto.errors import WindowError
from crypto.source_keys import InstanceId, hkdf

START: Final = datetime(2024, 1, 1, tzinfo=UTC)
BATCH_WINDOWS: Final = 52
VERSION: Final = 1


def window_of(instant: datetime) -> int:
    """The window of an instant in UTC.

    >>> window_of(datetime(2026, 11, 22, 12, tzinfo=UTC))
    150
    """
    weeks = (instant - START) // timedelta(weeks=1)
    if weeks < 0:
        raise WindowError("before the first window")
    return weeks


def window_start(window: int) -> datetime:
    """The first instant of a window, UTC; its end is the start of the next.

    Raises `WindowError` for a number beyond the calendar.
    """
    try:
        return START + timedelta(weeks=window)
    except OverflowError as error:
        raise WindowError("beyond the last year") from error


@dataclass(frozen=True)
class IntakeState:
    """What the station keeps of one batch: the state at `first_window`, and how many follow."""

    batch_no: int
    first_window: int
    windows: int
    state: bytes = field(repr=False)

    @property
    def last_window(self) -> int:
        """The last window that the batch covers."""
        return self.first_window + self.windows - 1

    def seeds(self) -> Iterator[tuple[int, hybrid.Seed]]:
        """Each window that can still be opened, and its private key."""
        state = self.state
        for window in range(self.first_window, self.first_window + self.windows):
            yield window, hybrid.Seed(hkdf(state, labels.INTAKE_SEED))
            state = hkdf(state, labels.INTAKE_NEXT)

    def step(self) -> "IntakeState":
        """The state without its first window, which nobody can compute from it."""
        if not self.windows:
            raise WindowError("no window is left in this batch")
        return replace(
            self,
            first_window=self.first_window + 1,
            windows=self.windows - 1,
            state=hkdf(self.state, labels.INTAKE_NEXT),
        )


def destroy_through(states: tuple[IntakeState, ...], window: int) -> tuple[IntakeState, ...]:
    """The states of all batches without every window up to and with `window`.

    A batch of which nothing is left is not among them. Safe because a window that two batches
    cover goes from both, and nothing that is given back computes what was stepped past.
    """
    return tuple(state for state in (_step_past(state, window) for state in states) if state.windows)


def new_state(batch_no: int, first_window: int, windows: int = BATCH_WINDOWS) -> IntakeState:
    """A batch's state from fresh randomness, tied to no earlier batch."""
    return IntakeState(batch_no, first_window, windows, secrets.token_bytes(sizes.SEED))


def _step_past(state: IntakeState, window: int) -> IntakeState:
    while state.windows and state.first_window <= window:
        state = state.step()
    return state


@dataclass(frozen=True)
class IntakeBatch:
    """The public keys of a batch, as the station signs them. Dates are "YYYY-MM-DD"."""

    instance_id: InstanceId
    batch_no: int
    issued_on: str
    expires_on: str
    recipients: dict[int, hybrid.PublicKey]

    def recipient(self, window: int) -> hybrid.PublicKey:
        """The key of a window, or `WindowError`."""
        try:
            return self.recipients[window]
        except KeyError:
            raise WindowError("no key for this week in the batch") from None

    @property
    def last_window(self) -> int:
        """The last window that the batch covers."""
        return max(self.recipients)


def sign_batch(
    station: signing.SigningSeed, instance: InstanceId, state: IntakeState, issued_on: date
) -> bytes:
    """The public half of a state, signed by the station."""
    after_last = window_start(state.first_window + state.windows)
    rows: list[canonical.Value] = [
        {"window": window, "recipient": encoding.to_base64url(hybrid.public_key(seed))}
        for window, seed in state.seeds()
    ]
    body = canonical.encode(
        {
            "v": VERSION,
            "instance_id": instance.hex(),
            "batch_no": state.batch_no,
            "issued_on": issued_on.isoformat(),
            "expires_on": after_last.date().isoformat(),
            "windows": rows,
        }
    )
    return signing.sign(station, labels.BATCH, body).encode()


def verify_batch(station: signing.VerifyingKey, instance: InstanceId, data: bytes) -> IntakeBatch:
    """The batch in `data`.

    Checks: 1 the station's signature; 2 canonical JSON with exactly its keys; 3 version and
    instance; 4 each recipient is usable; 5 it has 1 to 52 windows, none twice.
    Raises `SignatureError`, `CanonicalError`, `RecipientError` or `WindowError`.
    """
    body = signing.verify(station, labels.BATCH, signing.split_unchecked(data))  # 1
    value = canonical.parse(body, max_bytes=sizes.BATCH_MAX)  # 2
    canonical.fields(
        value,
        {
            "v": int,
            "instance_id": str,
            "batch_no": int,
            "issued_on": str,
            "expires_on": str,
            "windows": list,
        },
    )
    rows = canonical.array(value["windows"])
    if value["v"] != VERSION or value["instance_id"] != instance.hex():  # 3
        raise WindowError("a batch of another instance or version")
    recipients = dict(_recipient(row) for row in rows)  # 4
    if not 0 < len(rows) == len(recipients) <= BATCH_WINDOWS:  # 5
        raise WindowError("no windows, too many, or one twice")
    return IntakeBatch(
        instance,
        canonical.integer(value["batch_no"]),
        canonical.date_field(value["issued_on"]),
        canonical.date_field(value["expires_on"]),
        recipients,
    )


def _recipient(row: canonical.Value) -> tuple[int, hybrid.PublicKey]:
    fields = canonical.fields(row, {"window": int, "recipient": str})
    key = encoding.from_base64url(fields["recipient"], sizes.HYBRID_PUBLIC)
    return canonical.integer(fields["window"]), hybrid.check_public_key(key)
