"""The rules of order between bundles (protocol 1, section 8): pure, no disk.

1 A signer numbers bundles 1, 2, 3 …; a number left out is noted, not refused, because the log
  shows that no object is missing.
2 The same number with the same hash is the same bundle; with another hash it is a fork.
3 A lower number is an old stick.
4 Another epoch is a machine installed or restored anew: a person decides.
5 An IN bundle joins on where our own log has the head that it starts from.
6 An acknowledgement counts only where our own log has the head that it names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crypto.slots import Epoch
from transfer.errors import ForkError, MissingBundleError, RestartError
from transfer.manifest import Ack, InManifest

_PAIR: Final = 2

HeadAt = Callable[[int], bytes | None]
"""Our log's head after entry n, or None where our log does not reach n."""


@dataclass(frozen=True)
class Position:
    """The last bundle that was accepted from a signer."""

    epoch: Epoch
    seq: int
    sha256: bytes


class Verdict(StrEnum):
    """What a bundle is to us."""

    NEW = "new"
    SAME = "same"
    OLD = "old"


def judge(epoch: Epoch, seq: int, sha256: bytes, last: Position | None) -> Verdict:
    """Where a verified bundle stands (rules 2–4). Raises `ForkError`, `RestartError`."""
    if last is None:
        return Verdict.NEW
    if epoch != last.epoch:  # 4
        raise RestartError(
            "The other machine was installed or restored anew since the last bundle. Nothing was "
            "imported. Ask the person at that machine, and accept the restart only when they confirm it."
        )
    if seq == last.seq and sha256 != last.sha256:  # 2
        raise ForkError(
            f"There are two different bundles number {seq}. Nothing was imported. Keep both sticks "
            "and find out which machine made the second one."
        )
    if seq == last.seq:
        return Verdict.SAME
    return Verdict.NEW if seq > last.seq else Verdict.OLD  # 3


def missing_seqs(last: Position | None, seq: int) -> range:
    """The numbers that were made and never came here (rule 1)."""
    return range(last.seq + 1 if last else 1, seq)  # 1


def spoken_seqs(seqs: range) -> str:
    """Numbers in a row as a person reads them: "5", "5 and 6", "5 to 9". A signer may leave out
    thousands of millions, so they are never written out one by one."""
    if len(seqs) <= 1:
        return "".join(map(str, seqs))
    return f"{seqs[0]} {'and' if len(seqs) == _PAIR else 'to'} {seqs[-1]}"


def check_joins(manifest: InManifest, head_at: HeadAt) -> None:
    """Rule 5. Raises `MissingBundleError`, `ForkError`."""
    head = head_at(manifest.from_index)
    if head is None:
        raise MissingBundleError(
            f"Bundle {manifest.seq} begins after object {manifest.from_index}, and this station does not "
            "have all objects up to there. Import the bundle before it, or export again to an empty stick."
        )
    if head != manifest.from_head:  # 5
        raise _other_log()


def check_ack(ack: Ack, head_at: HeadAt) -> None:
    """Rule 6. Raises `ForkError`."""
    if head_at(ack.index) != ack.head:  # 6
        raise _other_log()


def _other_log() -> ForkError:
    return ForkError(
        "The two machines do not have the same log of what was received. Nothing was imported and "
        "nothing deleted. Keep the stick, and compare both machines before going on."
    )
