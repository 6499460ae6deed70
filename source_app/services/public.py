"""What the station lets everybody read, in a visitor's language: rights, advice, questions, names of stages.

All of it is the pack's, which came signed with the last OUT bundle. Before one came there is none, and
the pages say so or do with their own words.
"""

from dataclasses import dataclass
from datetime import date

from cases.kinds import Status
from cases.packs.pack import Pack
from cases.packs.schema import Citation, Law, Place, PublicText, Question
from cases.stages import Stage
from source_app.clock import Clock, legal_date
from source_app.services import questions
from source_app.services.questions import Asked
from source_app.services.trust import TrustReader


@dataclass(frozen=True)
class Said:
    """A text for the public: its title, its paragraphs, and the places in the law it rests on."""

    title: str
    paragraphs: tuple[str, ...]
    articles: tuple[str, ...]
    checked: bool
    """Whether a lawyer of the country checked it."""


@dataclass(frozen=True)
class StageWords:
    """What a stage is called, and what it means."""

    title: str
    help: str


class PublicTexts:
    """Reads the pack in force for the pages."""

    def __init__(self, trust: TrustReader, clock: Clock) -> None:
        self._trust = trust
        self._clock = clock

    def pack(self) -> Pack | None:
        """The rules that are published, if any are."""
        known = self._trust.current_if_whole()
        return known.pack if known else None

    def today(self) -> date:
        """The day in the instance's legal time zone."""
        known = self._trust.current_if_whole()
        return legal_date(self._clock(), known.descriptor.time_zone if known else "UTC")

    def authority(self, language: str) -> str:
        """Who runs this site, as the pack names it, or nothing."""
        pack = self.pack()
        return pack.say("pack.authority", language).title if pack else ""

    def rights(self, language: str) -> tuple[Said, ...]:
        """What the law gives."""
        return self._texts(Place.RIGHTS, language)

    def before(self, language: str) -> tuple[Said, ...]:
        """What to know before reporting."""
        return self._texts(Place.BEFORE, language)

    def emergency(self, language: str) -> tuple[Said, ...]:
        """What to do when somebody is in danger."""
        return self._texts(Place.EMERGENCY, language)

    def questions(self, language: str) -> tuple[Asked, ...]:
        """What every report is asked."""
        return questions.asked(self.pack(), self.today(), language)

    def what(self, language: str) -> Asked | None:
        """The one question that is the free text itself, in the pack's words."""
        pack = self.pack()
        if pack is None or pack.find(Question, questions.WHAT, self.today()) is None:
            return None
        words = pack.say(f"question.{questions.WHAT}", language)
        return Asked(questions.WHAT, "text", words.title, words.help, ())

    def stages(self, language: str) -> dict[Stage, StageWords]:
        """The stages that the pack has words for."""
        pack = self.pack()
        said = {stage: pack.say(f"stage.{stage}", language) for stage in Stage} if pack else {}
        return {stage: StageWords(words.title, words.help) for stage, words in said.items() if words.title}

    def _texts(self, place: Place, language: str) -> tuple[Said, ...]:
        pack = self.pack()
        if pack is None:
            return ()
        texts = (each for each in pack.in_force(PublicText, self.today()) if each.place is place)
        return tuple(_said(pack, each, language) for each in texts)


def _said(pack: Pack, text: PublicText, language: str) -> Said:
    words = pack.say(f"{text.kind}.{text.words or text.id}", language)
    paragraphs = tuple(" ".join(part.split()) for part in words.text.split("\n\n") if part.strip())
    articles = tuple(_article(pack, place, language) for place in text.basis if str(place) != "policy")
    return Said(words.title, paragraphs, articles, text.status is Status.VERIFIED)


def _article(pack: Pack, place: Citation, language: str) -> str:
    """A place in a law, with the law's own title in the reader's language."""
    title = pack.say(f"{Law.kind}.{place.law}", language).title or place.law
    return f"{title} {place.article}".strip()
