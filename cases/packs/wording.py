"""Whether a pack has its words in every language: what is missing, and what nobody asks for.

In the pack's first language nothing may be missing, for it is shown where another has no words of
its own; there a gap is a warning. `needed` is also what a translator is to write.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cases.packs import fields
from cases.packs.draft import Draft, Row
from cases.packs.findings import Finding, Weight
from cases.packs.pack import Words
from cases.packs.schema import Category, PublicText, Question, Record, RequestType
from cases.stages import Stage

_ALWAYS: Final = ("pack.name", "pack.authority", *(f"stage.{stage}" for stage in Stage))
_FIRST: Final = "It must have one in the pack's first language."
_OTHER: Final = "Until then the pack's first language is shown."


def judge(draft: Draft) -> Iterator[Finding]:
    """What is missing from the words of a pack, and what is too much."""
    wanted = needed(row.value for row in draft.rows)
    languages = draft.head.value.languages
    for language in languages:
        rows = draft.words.get(language)
        if rows is None:
            right = f"Write it with every title in “{language}”, or take the language out of pack.toml."
            yield Finding(file_of(language), 0, "this file is missing.", right)
        else:
            yield from _missing(language, rows, wanted, first=language == languages[0])
            yield from _needless(rows, wanted)
    for language in sorted(draft.words.keys() - set(languages)):
        right = "Add the language to pack.toml, or take the file out."
        yield Finding(file_of(language), 0, f"pack.toml does not name the language “{language}”.", right)


def file_of(language: str) -> str:
    """The file that holds the words of a language."""
    return f"words.{language}.toml"


def needed(records: Iterable[Record]) -> Mapping[str, bool]:
    """Every key under which each language has a title, and whether it has a text there too."""
    keys = dict.fromkeys(_ALWAYS, False)
    for record in records:
        if record.titled:
            key = f"{record.kind}.{record.words or record.id}"
            keys[key] = keys.get(key, False) or isinstance(record, PublicText)
        if isinstance(record, Question):
            keys |= {f"choice.{choice}": False for choice in record.choices}
        if isinstance(record, RequestType):
            keys |= {f"measure.{measure}": False for measure in record.measures}
    return keys


def _missing(
    language: str, rows: Mapping[str, Row[Words]], wanted: Mapping[str, bool], *, first: bool
) -> Iterator[Finding]:
    weight = Weight.ERROR if first else Weight.WARNING
    for key, with_text in wanted.items():
        row = rows.get(key)
        line = row.line() if row else 0
        words = row.value if row else Words()
        right = f"Write it under [{_header(key)}]. {_FIRST if first else _OTHER}"
        if not words.title:
            yield Finding(file_of(language), line, f"“{key}” has no title.", right, weight)
        if with_text and not words.text:
            yield Finding(file_of(language), line, f"“{key}” has no text.", right, weight)


def _needless(rows: Mapping[str, Row[Words]], wanted: Mapping[str, bool]) -> Iterator[Finding]:
    for key, row in rows.items():
        if key not in wanted:
            kind = key.partition(".")[0]
            alike = [each for each in wanted if each.startswith(f"{kind}.")] or wanted
            wrong = fields.unknown(key, alike, "thing of this pack that has words")
            yield row.error("", wrong.wrong, wrong.right)
        elif row.value.cues and not key.startswith(f"{Category.kind}."):
            yield row.error("cues", "only categories have cues.", "Take them out.")


def _header(key: str) -> str:
    kind, name = key.split(".", 1)
    return f'{kind}."{name}"' if " " in name else key
