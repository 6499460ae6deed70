"""The saved corpus and the seeds through every target, without the guesser (`make fuzz`)."""

import pytest

from tests.fuzz import corpus
from tests.fuzz.table import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_saved_inputs(name: str) -> None:
    """Each target checks for itself; here they only must be there, and small."""
    assert corpus.saved(name)
    for data in corpus.inputs(name, TARGETS[name]):
        TARGETS[name].run(data)


def test_the_corpus_is_small() -> None:
    files = [path for path in corpus.SAVED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2_000_000
    assert {path.parent.name for path in files} == set(TARGETS)
