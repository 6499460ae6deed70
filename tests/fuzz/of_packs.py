"""Targets: the files of a pack, and the events of a case as they are kept.

A file of rules stands among the other files of Testland, which are in order, so that the judges behind the
reader are reached.
"""

import re
import tomllib
from datetime import date
from typing import Any

from cases import event_form
from cases.errors import EventFormatError, PackError
from cases.event import Actor
from cases.events import Received
from cases.kinds import Role
from cases.packs import reading, summary, toml_lines
from cases.packs.findings import Weight
from cases.packs.pack import PackRef
from crypto import canonical
from crypto.errors import CanonicalError
from tests.fuzz.target import Target, damaged, documents
from tests.support.pack_files import as_bytes, testland

FILES = as_bytes(testland())
NAMES = tuple(FILES)
DAY = date(2026, 11, 22)
EVENT = Received(
    on=DAY,
    recorded_on=DAY,
    by=Actor(Role.SYSTEM, ""),
    pack=PackRef("testland", 1, "ab" * 32),
)
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ODD_TOML = b"""a = [
  1, # [
]
b.c = '''
[[d]]
'''
[[d]]
e = { f = 1 }
[[d.g]]
h = 1979-05-27T07:32:00Z
[d.g.i]
"j k" = \"\"\"x\"\"\"
[[d]]
"""
WORDS = (
    b"[[",
    b"]]\n",
    b"[",
    b"]",
    b"{ ",
    b" }",
    b" = ",
    b"\n",
    b'"""',
    b"'''",
    b"\\",
    b"#",
    b"2026-11-22",
    b"0x",
    b"deadline",
    b"[defaults]\n",
    b"from",
    b"until",
    b"basis",
    b"after",
)


def toml(data: bytes) -> None:
    """What tomllib reads is read, each part on a line of the file; what it refuses is told on one."""
    lines = data.count(b"\n") + 1
    try:
        document = toml_lines.parse("a.toml", data)
    except PackError as error:
        [finding] = error.findings
        assert 0 <= finding.line <= lines
        assert not UNSEEN.search(str(finding))
        return
    assert document.value == tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    assert all(1 <= line <= lines for line in document.lines.values())
    for path in _paths(document.value):
        assert path in document.lines, path


def _paths(value: dict[str, Any]) -> list[tuple[str | int, ...]]:
    tables = [(key, each) for key, each in value.items() if isinstance(each, dict) and len(each) == 1]
    return [(key,) for key in value] + [(key, inner) for key, each in tables for inner in each]


def pack(data: bytes) -> None:
    """A file of Testland that says anything: a pack that can be told, or errors that can."""
    name = NAMES[data[0] % len(NAMES)] if data else "units.toml"
    found, findings = reading.read({**FILES, name: data[1:]})
    assert (found is None) is any(finding.weight is Weight.ERROR for finding in findings)
    assert not any(UNSEEN.search(str(finding)) for finding in findings)
    if found is not None:
        summary.text(summary.of(found, DAY)).encode()
        assert found.calendar is not None
        assert found.starting


def event(data: bytes) -> None:
    """An event that is read is written as it was."""
    try:
        value = canonical.parse(data, max_bytes=4_096)
    except CanonicalError:
        return
    try:
        read = event_form.parse(value)
    except EventFormatError:
        return
    assert event_form.encode(read) == value


TARGETS = {
    "pack_toml": Target(toml, (ODD_TOML, *FILES.values(), *damaged(ODD_TOML)), WORDS, 8_192),
    "pack_file": Target(
        pack, tuple(bytes([number]) + FILES[name] for number, name in enumerate(NAMES)), WORDS, 8_192
    ),
    "case_event": Target(event, tuple(documents(event_form.encode(EVENT)))),
}
