"""What the holder of a codename finds: the answers in the live reply sets, newest first.

Addresses are derived in memory, used, and forgotten; nothing is written and nothing marks a
message as read. A slot or message that cannot be read is counted and passed over: it never
hides the others. The work does not depend on whether the codename was ever used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cases.stages import Stage
from crypto.board import Board, LiveSet
from crypto.errors import CryptoError
from crypto.slots import Part, SlotSet, join_parts, open_part
from crypto.source_keys import InstanceId, Master, SourceKeys, derive_keys
from source_app.services.trust import TrustReader
from source_app.store.database import Database
from source_app.store.installation import reply_set
from transfer.errors import MessageError
from transfer.message import ConsentAsked, May, Message, parse_message


@dataclass(frozen=True)
class Answer:
    """One message to the source. Dates are "YYYY-MM-DD"; `stage` is a name of `cases.stages`.

    `message_id` is 16 hex digits. `may_read`: the source can say that they read it, and a legal period
    may start; `may_object`: they can object; `consent`: what they are asked to agree to.
    """

    message_id: str
    text: str = field(repr=False)
    case_code: str
    stage: str
    sent_on: str
    due_on: str | None
    readable_until: str
    may_read: bool
    may_object: bool
    consent: ConsentAsked | None


@dataclass(frozen=True)
class Step:
    """A stage on the line of a case; `since` is the day of the first message that said it."""

    stage: str
    since: str | None
    is_past: bool
    is_current: bool


@dataclass(frozen=True)
class CaseInbox:
    """The messages of one case, newest first, and where it stands."""

    code: str
    steps: tuple[Step, ...]
    due_on: str | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Inbox:
    """All answers, and how many slots or messages could not be read."""

    answers: tuple[Answer, ...]
    unreadable: int
    carried_on: str | None

    def cases(self) -> tuple[CaseInbox, ...]:
        """The answers by case, the case with the newest first."""
        codes = dict.fromkeys(answer.case_code for answer in self.answers)
        return tuple(
            _case(code, tuple(each for each in self.answers if each.case_code == code)) for code in codes
        )

    def answer(self, message_id: str) -> Answer | None:
        """One of the answers. Nobody finds another source's message under any id."""
        return next((each for each in self.answers if each.message_id == message_id), None)


class InboxReader:
    """The use case of reading answers."""

    def __init__(self, database: Database, trust: TrustReader) -> None:
        self._database = database
        self._trust = trust

    def read(self, master: str) -> Inbox:
        """The inbox of a master in hex."""
        trust = self._trust.current()
        keys = derive_keys(Master(bytes.fromhex(master)))
        found = _Found()
        if trust is not None:
            for live in _newest_first(trust.board):
                found.add_set(trust.instance_id, keys, live, self._load(live))
        return Inbox(found.answers(), found.unreadable, self.carried_on())

    def carried_on(self) -> str | None:
        """The day of the last bundle of reports that the station says it has, or None."""
        known = self._trust.current()
        return known.carried_on if known else None

    def _load(self, live: LiveSet) -> bytes:
        with self._database.reading() as connection:
            return reply_set(connection, live.sha256) or b""


class _Found:
    """What was found so far; a message issued again is kept once, from the newest set."""

    def __init__(self) -> None:
        self.unreadable = 0
        self._answers: dict[int, Answer] = {}

    def add_set(self, instance: InstanceId, keys: SourceKeys, live: LiveSet, data: bytes) -> None:
        try:
            slots = SlotSet(data).find(keys.reply_address, live.epoch, live.seq)
        except CryptoError:
            self.unreadable += 1
            return
        parts = [part for slot in slots if (part := self._part(instance, keys, slot)) is not None]
        whole = join_parts(parts)
        self.unreadable += len({part.message_id for part in parts} - whole.keys())
        for message_id, data_of_message in reversed(whole.items()):  # written last, shown first
            self._add_message(message_id, data_of_message, live)

    def answers(self) -> tuple[Answer, ...]:
        return tuple(sorted(self._answers.values(), key=_sent_on, reverse=True))

    def _part(self, instance: InstanceId, keys: SourceKeys, slot: bytes) -> Part | None:
        try:
            return open_part(instance, keys, slot)
        except CryptoError:
            self.unreadable += 1
            return None

    def _add_message(self, message_id: int, data: bytes, live: LiveSet) -> None:
        try:
            self._answers.setdefault(message_id, _answer(message_id, parse_message(data), live))
        except MessageError:
            self.unreadable += 1


def _answer(message_id: int, message: Message, live: LiveSet) -> Answer:
    return Answer(
        f"{message_id:016x}",
        message.text,
        message.case_code,
        message.stage.value,
        message.sent_on,
        message.due_on,
        live.expires_on,
        May.READ in message.may,
        May.OBJECT in message.may,
        message.consent,
    )


def _case(code: str, answers: tuple[Answer, ...]) -> CaseInbox:
    since: dict[str, str] = {}
    for answer in reversed(answers):
        since.setdefault(answer.stage, answer.sent_on)
    now = answers[0]
    line = [stage for stage in Stage if _on_line(stage, since)]
    reached = line.index(Stage(now.stage))
    steps = (
        Step(stage, since.get(stage), stage in since or at < reached, at == reached)
        for at, stage in enumerate(line)
    )
    return CaseInbox(code, tuple(steps), now.due_on, answers)


def _on_line(stage: Stage, since: Mapping[str, str]) -> bool:
    """Not every case has questions: that stage stands on the line of those that had some."""
    return stage is not Stage.QUESTIONS or stage in since


def _newest_first(board: Board) -> Iterable[LiveSet]:
    return sorted(board.sets, key=_seq, reverse=True)


def _seq(live: LiveSet) -> int:
    return live.seq


def _sent_on(answer: Answer) -> str:
    return answer.sent_on
