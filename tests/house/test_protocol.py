"""docs/protocol/ equals the code: `rules/protocol.py` and the pages' own examples, seen to fail too."""

import doctest
import re
from datetime import timedelta
from pathlib import Path

import pytest

from crypto import labels, sizes
from tests.house.rules import protocol

ROOT = Path(__file__).parents[2]
PAGES = protocol.pages(ROOT)
EXAMPLE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
VALUES = {"sizes.SLOT": 4_096, "sizes.SLOT - 1": 4_095, "session.IDLE": timedelta(hours=1)}
PAGE = """# Slots

A slot has 4,096 bytes, the last at 4,095; u16, SHA-256, RFC 9180 and 2024-01-01 are names. 60 minutes.

## Numbers

| number | what | code |
|---|---|---|
| 4 KiB | a slot | `sizes.SLOT` |
| 4,095 | the last | `sizes.SLOT - 1` |
| 60 minutes | until it ends | `session.IDLE` |
"""
MODULE = (
    '"""Reads.\n\nChecks: 1 the size; 2 the tag.\n"""\n\n\ndef open_it():\n    # 2: why\n    work()  # 1\n'
)
CHECKS = "## Checks (`crypto/slots.py`)\n\n1. The size.\n2. The tag.\n"


@pytest.mark.parametrize("name", PAGES)
def test_every_number_comes_from_the_code(name: str) -> None:
    assert protocol.wrong_numbers(PAGES[name], protocol.value_of) == []


def test_every_length_is_on_a_page() -> None:
    assert protocol.missing_names(PAGES, vars(sizes)) == []


def test_the_pages_name_the_labels_of_the_table() -> None:
    ours = {label.decode() for label in labels.ALL}
    assert protocol.wrong_labels(PAGES, labels.PREFIX.decode(), ours) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_numbered_check_is_marked_in_the_code(name: str) -> None:
    assert protocol.wrong_checks(ROOT, PAGES[name]) == []


def test_every_marked_check_is_on_a_page() -> None:
    assert protocol.unlisted_modules(ROOT, PAGES, ("crypto", "transfer", "cases/packs")) == []


@pytest.mark.parametrize("name", PAGES)
def test_the_example_of_a_page_is_what_the_code_gives(name: str) -> None:
    assert failed_examples(PAGES[name]) == 0


def failed_examples(text: str) -> int:
    """How many lines of a page's examples give something else than it says; there is at least one."""
    lines = "\n".join(EXAMPLE.findall(text))
    assert ">>>" in lines, "a page without an example: put one under ## Example, in ```python, with >>>"
    test = doctest.DocTestParser().get_doctest(lines, {}, "page", None, None)
    return doctest.DocTestRunner(verbose=False).run(test, out=str).failed


def test_a_page_that_agrees_is_fine() -> None:
    assert protocol.wrong_numbers(PAGE, VALUES.get) == []


@pytest.mark.parametrize(
    ("before", "after", "complaints"),
    [
        ("has 4,096 bytes", "has 4,097 bytes", 2),
        ("last at 4,095", "last at 4095", 0),
        ("last at 4,095", "last at 4,096", 1),
        ("| 4,095 |", "| 4,094 |", 3),
        ("| 4 KiB |", "| 8 KiB |", 3),
        ("names. 60 minutes", "names. 50 minutes", 2),
        ("| 60 minutes |", "| 60 hours |", 1),
        ("u16,", "16,", 1),
        ("`sizes.SLOT - 1`", "fact", 0),
        ("| 4,095 |", "| many |", 3),
        ("A slot", "A slot of 2 KiB", 1),
    ],
)
def test_a_changed_number_is_found(before: str, after: str, complaints: int) -> None:
    assert before in PAGE
    said = protocol.wrong_numbers(PAGE.replace(before, after), VALUES.get)
    assert len(said) == complaints


def test_numbers_of_the_code_are_found() -> None:
    assert protocol.value_of("sizes.SLOT + age.header.VERSION[:1].find(b'a')") == sizes.SLOT
    assert protocol.value_of("transfer.manifest.OBJECTS_MAX") == 20_000
    assert protocol.value_of("source_app.security.session.IDLE") == timedelta(hours=1)


def test_a_length_on_no_page_is_found() -> None:
    table = {"SLOT": 4_096, "EPOCH": 16, "KIB": 1_024, "base": 3}
    assert protocol.missing_names({"a": PAGE}, table) == ["sizes.EPOCH is on no page"]


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ('label `addr`, and label "batch" of `other/info`', 0),
        ("label `addr`, `batch`, `other/info`", 1),
        ('label `addr`, label `batch`, "other/info", label `gone`', 1),
        ("label `addr`, label `batch`", 1),
    ],
)
def test_labels_that_differ_are_found(text: str, complaints: int) -> None:
    ours = {"v1/addr", "v1/batch", "other/info"}
    assert len(protocol.wrong_labels({"a": text}, "v1/", ours)) == complaints


@pytest.mark.parametrize(
    ("page", "module", "complaints"),
    [
        (CHECKS, MODULE, 0),
        (CHECKS.replace("slots.py`", "slots.py:open_it`"), MODULE, 0),
        (CHECKS.replace("slots.py`", "slots.py:other`"), MODULE, 1),
        (CHECKS.replace("slots.py`", "`"), MODULE, 0),
        (CHECKS + "3. More.\n", MODULE, 2),
        (CHECKS, MODULE + "    # 3\n", 1),
        (CHECKS, MODULE.replace("# 2: why", "# 2 why"), 1),
        (CHECKS, MODULE.replace("2 the tag", "the tag"), 1),
        (CHECKS.replace("`crypto/slots.py`", "of the reader"), MODULE, 0),
    ],
)
def test_checks_that_differ_are_found(tmp_path: Path, page: str, module: str, complaints: int) -> None:
    (tmp_path / "crypto").mkdir()
    (tmp_path / "crypto/slots.py").write_text(module)
    assert len(protocol.wrong_checks(tmp_path, page)) == complaints
    named = "`crypto/" in page
    assert len(protocol.unlisted_modules(tmp_path, {"a": page}, ("crypto",))) == (not named)


def test_an_example_that_rots_is_found() -> None:
    assert failed_examples("# A\n\n```python\n>>> 1 + 1\n2\n```\n") == 0
    assert failed_examples("# A\n\n```python\n>>> 1 + 1\n3\n```\n") == 1
    with pytest.raises(AssertionError):
        failed_examples("# A\n")
