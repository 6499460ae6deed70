"""What `crypto` shows to its callers keeps `rules/crypto_api.py`, and each rule is seen to fail."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import crypto
from tests.house.rules import crypto_api, sizes

ROOT = Path(__file__).parents[2]
MODULES = sorted(found.name for found in pkgutil.walk_packages(crypto.__path__, "crypto."))
WITH_EXAMPLES = {"crypto.sizes", "crypto.padding", "crypto.windows"}
BAD: dict[str, tuple[sizes.Rule, str]] = {
    "any argument": (crypto_api.loose_types, "def a(b: Any) -> int: ..."),
    "any in a list": (crypto_api.loose_types, "def a(*b: list[typing.Any]) -> int: ..."),
    "any result": (crypto_api.loose_types, "def _a() -> dict[str, Any]: ..."),
    "any field": (crypto_api.loose_types, "class A:\n    b: Any"),
    "no docstring": (crypto_api.unexplained_functions, "def seal() -> None: ..."),
    "no docstring of a method": (
        crypto_api.unexplained_functions,
        'class A:\n    """A."""\n    def b(self) -> None: ...',
    ),
    "silent reader": (crypto_api.unexplained_functions, 'def open_slot() -> None:\n    """Opens."""'),
    "silent check": (crypto_api.unexplained_functions, 'def check() -> None:\n    """Checks."""'),
    "so many KiB": (crypto_api.bare_lengths, "BATCH_MAX: Final = 256 * sizes.KIB"),
    "so many random bytes": (crypto_api.bare_lengths, "salt = secrets.token_bytes(16)"),
    "so many bytes of a hash": (crypto_api.bare_lengths, "x = hashlib.blake2b(data, digest_size=16)"),
}
FINE = (
    "def seal(b: bytes) -> list[int]:\n"
    '    """Seals."""\n\n\n'
    "def open_slot() -> None:\n"
    '    """Opens. Raises `OpenError`."""\n\n\n'
    "def check_word() -> str:\n"
    '    """The word."""\n\n\n'
    "class _Reader:\n"
    "    def parse(self) -> None: ...\n\n\n"
    "COST = Cost(memory_bytes=64 * sizes.MIB)\n"
    "salt = secrets.token_bytes(sizes.SALT)\n"
    "# house: bare-length: the vectors have this length\n"
    "vector = secrets.token_bytes(16)\n"
)
RULES = [crypto_api.loose_types, crypto_api.unexplained_functions, crypto_api.bare_lengths]


def plant(root: Path, name: str, text: str) -> None:
    (root / "crypto").mkdir(exist_ok=True)
    (root / "crypto" / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", [*RULES, crypto_api.undoctested])
def test_our_crypto_keeps_the_rule(rule: sizes.Rule) -> None:
    assert rule(ROOT) == []


@pytest.mark.parametrize("case", BAD)
def test_a_breach_is_found(tmp_path: Path, case: str) -> None:
    rule, text = BAD[case]
    plant(tmp_path, "slots.py", text + "\n")
    assert len(rule(tmp_path)) == 1


@pytest.mark.parametrize("rule", RULES)
def test_what_keeps_the_rule_is_fine(tmp_path: Path, rule: sizes.Rule) -> None:
    plant(tmp_path, "slots.py", FINE)
    assert rule(tmp_path) == []


def test_two_modules_may_be_loose(tmp_path: Path) -> None:
    plant(tmp_path, "canonical.py", "def a(b: Any) -> int: ...\n")
    assert crypto_api.loose_types(tmp_path) == []


@pytest.mark.parametrize(("stated", "complaints"), [(">>> SLOT, SUM", 0), (">>> SLOT", 1)])
def test_a_sum_without_a_doctest_is_found(tmp_path: Path, stated: str, complaints: int) -> None:
    text = (
        f'"""Lengths.\n\n{stated}\n"""\n\nTAG: Final = 16\nSLOT: Final = 4 * KIB\nSUM: Final = SLOT + TAG\n'
    )
    plant(tmp_path, "sizes.py", text)
    assert len(crypto_api.undoctested(tmp_path)) == complaints


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_give_what_they_say(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
    assert result.attempted or name not in WITH_EXAMPLES
