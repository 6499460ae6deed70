"""From the files of a pack to the pack: every value in its form, every record with its line.

What is wrong with a single value is told first; only when each has its right form is the pack
judged as a whole (`sense`, `rules`, `wording`), so that one slip is told once. Nothing here looks at a
disk: `folder` gives the files, and the officer app gives those that it keeps.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain, islice
from typing import Any, Final, TypeVar

from cases.errors import PackError
from cases.kinds import Status
from cases.packs import fields, rules, sense, signature, wording
from cases.packs.draft import Draft, Row
from cases.packs.findings import Finding, Weight
from cases.packs.pack import Head, Pack, Words
from cases.packs.schema import KINDS, Citation, Law, Record, Source
from cases.packs.toml_lines import Document, parse

HEAD_FILE: Final = "pack.toml"
LAWS_FILE: Final = Law.file
_DEFAULTS: Final = "defaults"
_FILES: Final[Mapping[str, Mapping[str, type[Record]]]] = {
    file: {kind.kind: kind for kind in KINDS if kind.file == file} for file in {kind.file for kind in KINDS}
}
_STAND_INS: Final = {"from": date.min, "status": str(Status.UNVERIFIED)}
"""For `[defaults]` in which something is wrong: it is told there, and not again at each record."""
_FINDINGS_MAX: Final = 200
"""More at once help nobody, and looking for near names takes its time."""
_WORDS_FILE: Final = re.compile(r"words\.([A-Za-z0-9-]+)\.toml")

T = TypeVar("T")


class _Findings(list[Finding]):
    """What was found so far."""

    def at(self, row: Row[Any], key: str, wrong: fields.Wrong) -> None:
        self.append(row.error(key, wrong.wrong, wrong.right))


def load(files: Mapping[str, bytes]) -> Pack:
    """The pack that these files (name to contents) are. Raises `PackError` with the findings."""
    pack, findings = read(files)
    if pack is None:
        raise PackError("The pack has errors. Mend each of them, then check it again.", findings)
    return pack


def load_unjudged(files: Mapping[str, bytes]) -> Pack:
    """The pack that these files are, which was judged when it was taken in, and is not judged again.

    A judge that has become stricter must not take their rules from open cases. Raises `PackError`
    where a value has not its form.
    """
    found = _Findings()
    draft = _draft(files, found)
    if draft is None or found:
        raise PackError("The pack is damaged: it cannot be read as it once was.", sorted(set(found)))
    return _pack(draft, files)


def read(files: Mapping[str, bytes]) -> tuple[Pack | None, tuple[Finding, ...]]:
    """The pack that these files (name to contents) are, and all findings sorted; None if one is an error."""
    found = _Findings()
    draft = _draft(files, found)
    if draft is not None and not found:
        judged = chain(sense.judge(draft), rules.judge(draft), wording.judge(draft))
        found.extend(islice(judged, _FINDINGS_MAX))
    findings = tuple(sorted(set(found)))
    if draft is None or any(each.weight is Weight.ERROR for each in findings):
        return None, findings
    return _pack(draft, files), findings


def _pack(draft: Draft, files: Mapping[str, bytes]) -> Pack:
    head = draft.head.value
    return Pack(
        head=head,
        digest=signature.digest(head.id, head.version, files),
        sources=tuple(row.value for row in draft.sources),
        records=tuple(row.value for row in draft.rows),
        words={
            language: {key: row.value for key, row in rows.items()} for language, rows in draft.words.items()
        },
    )


def _draft(files: Mapping[str, bytes], found: _Findings) -> Draft | None:
    documents = _documents(files, found)
    tables = [table for document in documents.values() for table in _tables(document, found)]
    sources = tuple(_built((row for row in tables if row.path[0] == "source"), Source, "[[source]]", found))
    words = {
        match[1]: dict(_words(documents[name], found))
        for name in documents
        if (match := _WORDS_FILE.fullmatch(name))
    }
    rows = tuple(_records([row for row in tables if row.path[0] != "source"], found))
    if HEAD_FILE not in documents:
        return None
    document = documents[HEAD_FILE]
    heads = tuple(_built([Row(document.value, document, ())], Head, HEAD_FILE, found))
    return Draft(heads[0], sources, rows, words) if heads else None


def _documents(files: Mapping[str, bytes], found: _Findings) -> dict[str, Document]:
    documents = {}
    for name in (HEAD_FILE, LAWS_FILE):
        if name not in files:
            right = "Copy it from the worked example in docs/operators/packs.md and change what it says."
            found.append(Finding(name, 0, "this file is missing.", right))
    for name in sorted(set(files) - {signature.FILE}):
        if name in (HEAD_FILE, *_FILES) or _WORDS_FILE.fullmatch(name):
            try:
                documents[name] = parse(name, files[name])
            except PackError as error:
                found.extend(error.findings)
        else:
            wrong = fields.unknown(name, [HEAD_FILE, *sorted(_FILES), "words.en.toml"], "file of a pack")
            right = f"{wrong.right} If it is no part of the pack, take it out; it may be hidden."
            found.append(Finding(fields.shown(name), 0, wrong.wrong, right))
    return documents


def _tables(document: Document, found: _Findings) -> Iterator[Row[dict[str, Any]]]:
    """Every table of a file of rules, with what the file's `[defaults]` say besides."""
    kinds = [*_FILES.get(document.file, ()), *(["source"] if document.file == LAWS_FILE else [])]
    defaults = _defaults(document, found) if kinds else {}
    for name, tables in document.value.items():
        if not kinds or name == _DEFAULTS:
            continue
        whole = Row(name, document, (name,))
        if name not in kinds:
            found.at(whole, "", fields.unknown(name, kinds, f"table of {document.file}"))
        elif not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            found.at(
                whole, "", fields.Wrong(f"“{name}” is no list of tables.", f"Begin each with [[{name}]].")
            )
        else:
            known = {} if name == "source" else defaults
            for number, values in enumerate(tables):
                yield Row({**known, **values}, document, (name, number))


def _defaults(document: Document, found: _Findings) -> dict[str, Any]:
    values = document.value.get(_DEFAULTS, {})
    row = Row(values, document, (_DEFAULTS,))
    if not isinstance(values, dict):
        found.at(row, "", fields.Wrong("“defaults” is no table.", "Begin it with [defaults]."))
        return {}
    good, slips = {}, len(found)
    for key, value in values.items():
        if key not in _STAND_INS:
            found.at(row, key, fields.unknown(key, _STAND_INS, "key of [defaults]"))
        elif isinstance(wrong := fields.convert(fields.forms(Record)[key].shape, value, key), fields.Wrong):
            found.at(row, key, wrong)
        else:
            good[key] = value
    return good if len(found) == slips else {**_STAND_INS, **good}


def _records(tables: list[Row[dict[str, Any]]], found: _Findings) -> Iterator[Row[Record]]:
    laws = {str(row.value["id"]): None for row in tables if row.path[0] == Law.kind and "id" in row.value}
    for table in tables:
        kind = _FILES[table.document.file][str(table.path[0])]
        for row in _built([table], kind, f"[[{kind.kind}]]", found):
            yield replace(row, value=replace(row.value, basis=_cited(row, laws, found)))


def _cited(row: Row[Record], laws: Mapping[str, None], found: _Findings) -> tuple[Citation, ...]:
    """The basis of a record, cut into law and article: the longest law that it begins with is meant.

    Without any law every basis would be wrong in the same way: then it stays as it is written.
    """
    if not laws:
        return row.value.basis
    cited = []
    for text in (each.law for each in row.value.basis):
        ends = (end for end in range(min(len(text), sense.ID_MAX), 0, -1) if text[end : end + 1] in ("", " "))
        meant = next((text[:end] for end in ends if text[:end] in laws), None)
        if meant is None:
            found.at(row, "basis", fields.unknown(text, laws, "law of laws.toml with an article"))
        else:
            cited.append(Citation(meant, text[len(meant) :].strip()))
    return tuple(cited)


def _built(
    tables: Iterable[Row[dict[str, Any]]], kind: type[T], what: str, found: _Findings
) -> Iterator[Row[T]]:
    """The tables as values of `kind`; those in which something is wrong are told and left out."""
    for table in tables:
        if len(found) >= _FINDINGS_MAX:
            return
        good, bad = fields.table(kind, table.value, what)
        for key, wrong in bad.items():
            found.at(table, key, wrong)
        if not bad:
            yield Row(fields.build(kind, good), table.document, table.path)


def _words(document: Document, found: _Findings) -> Iterator[tuple[str, Row[Words]]]:
    for kind, entries in document.value.items():
        if not isinstance(entries, dict):
            row = Row(entries, document, (kind,))
            wrong = fields.Wrong(
                f"“{fields.shown(kind)}” is no table.", 'Begin each with [kind.id], then title = "…".'
            )
            found.at(row, "", wrong)
            continue
        for name, values in entries.items():
            header = fields.shown(f"{kind}.{name}")
            row = Row(values, document, (kind, name))
            if isinstance(values, dict):
                yield from ((f"{kind}.{name}", each) for each in _built([row], Words, f"[{header}]", found))
            else:
                wrong = fields.Wrong(f"“{header}” is no table.", f"Begin it with [{header}].")
                found.at(row, "", wrong)
