"""What an answer to a source begins with: the text that the rules of the case have for a step.

A pack has texts that a source is owed at certain steps, in its own languages; an officer takes one, changes
it, and adds what only they know. Nothing is sent by itself.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from cases import outlook
from cases.errors import CaseError
from cases.kinds import ReportEvent, Status
from cases.packs.schema import PublicText
from cases.stages import Stage
from journalist_app.errors import InstalledPackError, NotFoundError
from journalist_app.services import case_history
from journalist_app.services.answering import Asks, Written
from journalist_app.services.case_history import History
from journalist_app.services.sign_in import Officer
from journalist_app.services.unlocked import Unlocked
from journalist_app.store import case_list
from transfer.message import May


@dataclass(frozen=True)
class Start:
    """What an answer page begins with.

    `languages`: those in which the rules speak; `language`: that of the text, and of the names of stages.
    `articles`: what the text stands on; `statuses`: whether somebody checked it.
    """

    written: Written
    kind: ReportEvent | None
    languages: tuple[str, ...]
    language: str
    articles: tuple[str, ...] = ()
    statuses: frozenset[Status] = frozenset()


class Notices:
    """Begins answers, for one officer."""

    def __init__(self, unlocked: Unlocked, officer: Officer) -> None:
        self._vault = unlocked.vault
        self._officer = officer

    def start(self, case_id: int, about: int | None = None, language: str = "") -> Start:
        """An answer that tells of step number `about`, in a language: the source's own, where none is named.

        Raises `NotFoundError`.
        """
        with self._vault.read() as session:
            found = case_list.case(session, case_id, self._officer.officer_id)
            if found is None:
                raise NotFoundError
            stage = found[0].stage
            spoken = [row.language for row in case_list.parcels(session, case_id) if row.language]
            history = _history(session, case_id)
        if history is None:
            return Start(Written("", stage), None, (), "")
        languages = history.pack.head.languages
        wanted = (language, *reversed(spoken), languages[0])
        chosen = next(each for each in wanted if each in languages)
        if about is None or not 1 <= about <= len(history.events):
            return Start(Written("", stage), None, languages, chosen)
        return _about(history, about, chosen)

    def stage_words(self, case_id: int, language: str) -> dict[Stage, str]:
        """What the source app calls the stages in a language, as far as the rules have words for them."""
        with self._vault.read() as session:
            history = _history(session, case_id)
        if history is None:
            return {}
        said = {stage: history.pack.say(f"stage.{stage}", language).title for stage in Stage}
        return {stage: title for stage, title in said.items() if title}


def _about(history: History, number: int, language: str) -> Start:
    moment = list(outlook.timeline(history.events, history.editions))[number - 1]
    event, pack = moment.event, history.pack
    texts = outlook.notices(history.case, event, pack)
    words = [pack.say(f"{PublicText.kind}.{each.words or each.id}", language).text for each in texts]
    may = _may(history, event.kind)
    return Start(
        Written("\n\n".join(each.strip() for each in words), moment.stage.value, None, Asks(may), number),
        event.kind,
        pack.head.languages,
        language,
        tuple(str(place) for each in texts for place in each.basis),
        frozenset(each.status for each in texts),
    )


def _may(history: History, kind: ReportEvent) -> tuple[May, ...]:
    """What a source can do about the notice of a step: a period that begins when it is read asks for that."""
    served = [each for each in history.pack.starting.get(kind, ()) if each.served]
    objects = any(ReportEvent.OBJECTED in each.stops_on for each in served)
    return (*((May.OBJECT,) if objects else ()), *((May.READ,) if served else ()))


def _history(session: Session, case_id: int) -> History | None:
    try:
        return case_history.read(session, case_id)
    except (CaseError, InstalledPackError):
        return None
