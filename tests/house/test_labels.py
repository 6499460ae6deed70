"""The label table is unique and prefix-free, and holds every label: `rules/labels.py`, seen to fail too."""

from pathlib import Path

import pytest

from crypto import labels as table
from tests.house.rules import labels

ROOT = Path(__file__).parents[2]


def ours() -> dict[str, bytes]:
    return {
        name: value for name, value in vars(table).items() if isinstance(value, bytes) and name != "PREFIX"
    }


def test_no_label_of_ours_begins_another() -> None:
    assert labels.clashing_labels(ours()) == []


def test_the_table_lists_every_label() -> None:
    assert sorted(table.ALL) == sorted(ours().values())


def test_no_label_stands_elsewhere() -> None:
    assert labels.labels_elsewhere(ROOT) == []


@pytest.mark.parametrize(
    ("one", "other", "complaints"),
    [
        (b"v1/log", b"v1/log-start", 1),
        (b"v1/log", b"v1/log", 2),
        (b"v1/log", b"v1/board", 0),
        (b"", b"v1", 2),
    ],
)
def test_clashes_are_found(one: bytes, other: bytes, complaints: int) -> None:
    assert len(labels.clashing_labels({"ONE": one, "OTHER": other})) == complaints


@pytest.mark.parametrize("label", ["caf\u00e9".encode(), b"v1/log "])
def test_a_label_is_plain_ascii(label: bytes) -> None:
    assert len(labels.clashing_labels({"ONE": label})) == 1


def test_a_label_elsewhere_is_found(tmp_path: Path) -> None:
    for name in ("crypto/labels.py", "transfer/pack.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text('x = b"' + "cleandrop" + '/v1/manifest"\n')
    assert len(labels.labels_elsewhere(tmp_path)) == 1
