"""Full-text search over what is in the vault: SQLite's FTS5 in the encrypted database.

FTS5 takes words apart at spaces; Korean, Chinese and Japanese words have none between their parts, and most
Korean words have two syllables. So runs of such letters are indexed as overlapping pairs, and the last letter
of a run alone: a word of two syllables is found inside a longer one, and a single syllable at any place.
Other words are found by their beginning. Deleted words are overwritten (`secure-delete`).
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Integer, Select, column, text
from sqlalchemy.orm import Session

_WORD: Final = re.compile(r"\w+")
_PAIRED: Final = "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3"
_RUN: Final = re.compile(f"[{_PAIRED}]+|[^{_PAIRED}]+")
_IS_PAIRED: Final = re.compile(f"[{_PAIRED}]")
TERMS_MAX: Final = 20
"""Of one question; more are left out."""


ITEMS_PER_CASE: Final = 1 << 24
"""The number of a row says which case it is of, so that nothing but the index is read for an answer."""
_FROM: Final = f"{ITEMS_PER_CASE} * :case_id"
_UP_TO: Final = f"{ITEMS_PER_CASE} * :case_id + {ITEMS_PER_CASE - 1}"


def add(session: Session, case_id: int, words: str) -> None:
    """Let something of a case be found."""
    session.execute(
        text(
            "INSERT INTO search (rowid, words) SELECT "  # noqa: S608 - numbers of our own
            f"1 + coalesce(max(rowid), {_FROM}), :words FROM search WHERE rowid BETWEEN {_FROM} AND {_UP_TO}"
        ),
        {"words": terms(words), "case_id": case_id},
    )


def add_all(session: Session, items: Sequence[tuple[int, str]], new_cases: Collection[int]) -> None:
    """Let several things be found, each of a case. `new_cases`: those of which nothing is found yet."""
    known = {case_id for case_id, _ in items} - set(new_cases)
    last = {case_id: ITEMS_PER_CASE * case_id for case_id in new_cases}
    last |= {case_id: _last_row(session, case_id) for case_id in known}
    rows = []
    for case_id, words in items:
        last[case_id] += 1
        rows.append({"row": last[case_id], "words": terms(words)})
    if rows:
        session.execute(text("INSERT INTO search (rowid, words) VALUES (:row, :words)"), rows)


def _last_row(session: Session, case_id: int) -> int:
    question = f"SELECT coalesce(max(rowid), {_FROM}) FROM search WHERE rowid BETWEEN {_FROM} AND {_UP_TO}"  # noqa: S608
    return int(session.scalar(text(question), {"case_id": case_id}) or 0)


def forget_one(session: Session, case_id: int, words: str) -> None:
    """Let one thing of a case, indexed with these words, be found no longer."""
    session.execute(
        text(
            "DELETE FROM search WHERE rowid = (SELECT min(rowid) FROM search "  # noqa: S608 - as above
            f"WHERE rowid BETWEEN {_FROM} AND {_UP_TO} AND words = :words)"
        ),
        {"words": terms(words), "case_id": case_id},
    )


def forget(session: Session, case_id: int) -> None:
    """Let nothing of a case be found any longer."""
    session.execute(
        text(f"DELETE FROM search WHERE rowid BETWEEN {_FROM} AND {_UP_TO}"),  # noqa: S608 - as above
        {"case_id": case_id},
    )


def case_ids(question_: str) -> Select[tuple[int]]:
    """The cases that answer a question of `question`."""
    found = text(f"SELECT rowid / {ITEMS_PER_CASE} AS case_id FROM search WHERE search MATCH :asked")  # noqa: S608
    return found.bindparams(asked=question_).columns(column("case_id", Integer)).subquery().select()


def terms(words: str) -> str:
    """What is indexed of a text: its words, those without spaces as pairs."""
    found: list[str] = []
    for run in _runs(words):
        found += [*_pairs(run), run[-1]] if _IS_PAIRED.match(run) else [run]
    return " ".join(found)


def question(typed: str) -> str:
    """What FTS5 is asked for words that somebody typed: all of them; empty where there are none."""
    return " AND ".join(_asked(run) for run in _runs(typed)[:TERMS_MAX])


def _runs(words: str) -> list[str]:
    plain = unicodedata.normalize("NFC", words).replace("_", " ")
    return [run for word in _WORD.findall(plain) for run in _RUN.findall(word)]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _asked(run: str) -> str:
    if _IS_PAIRED.match(run) and len(run) > 1:
        return f'"{" ".join(_pairs(run))}"'
    return f'"{run}"*'
