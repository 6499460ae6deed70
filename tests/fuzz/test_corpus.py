"""The saved corpus and the seeds through every target, without the guesser (`make fuzz`)."""

import inspect
import pkgutil
import re
import sys
from importlib import import_module
from types import CodeType, FrameType
from typing import Any

import pytest

import crypto
import transfer
from tests.fuzz import corpus
from tests.fuzz.table import TARGETS

READS = re.compile(
    "(appears|check|decode|find|from|join|load|open|parse|read|scan|split|status|unwrap|unpack|verify)(_|$)"
)
ELSEWHERE = {
    "crypto.slots.split_message": "writes",
    "crypto.words.load_words": "reads our own file alone",
    "transfer.continuity.check_ack": "compares numbers that were parsed",
    "transfer.continuity.check_joins": "compares numbers that were parsed",
    "transfer.medium.find_bundles": "reads a disk: test_transfer_parsers.py",
    "transfer.unpack.parse_in_unchecked": "reads a disk: test_transfer_parsers.py",
    "transfer.unpack.parse_out_unchecked": "reads a disk: test_transfer_parsers.py",
    "transfer.unpack.read_document": "reads a disk: test_transfer_parsers.py",
    "transfer.unpack.verify_in": "reads a disk: test_transfer_parsers.py",
    "transfer.unpack.verify_out": "reads a disk: test_transfer_parsers.py",
}


class Entered:
    """Notes which functions are called."""

    def __init__(self) -> None:
        self.codes: set[CodeType] = set()

    def note(self, frame: FrameType, event: str, argument: Any) -> None:
        self.codes.add(frame.f_code)


def readers() -> dict[str, CodeType]:
    """Every public function of `crypto` and `transfer` whose name says that it reads, by its full name."""
    return {
        f"{module.__name__}.{name}": function.__code__
        for package in (crypto, transfer)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for module in (import_module(found.name),)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and READS.match(name)
    }


def run_all(name: str) -> None:
    """Every input of a target, which checks for itself."""
    for data in corpus.inputs(name, TARGETS[name]):
        TARGETS[name].run(data)


@pytest.mark.parametrize("name", TARGETS)
def test_saved_inputs(name: str) -> None:
    assert corpus.saved(name)
    run_all(name)


def test_every_parser_is_some_targets() -> None:
    entered = Entered()
    sys.setprofile(entered.note)
    try:
        for name in TARGETS:
            run_all(name)
    finally:
        sys.setprofile(None)
    assert {name for name, code in readers().items() if code not in entered.codes} == set(ELSEWHERE)


def test_the_corpus_is_small() -> None:
    files = [path for path in corpus.SAVED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2_000_000
    assert {path.parent.name for path in files} == set(TARGETS)
