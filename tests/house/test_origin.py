"""No file names a download host or a machine, and our names are ours: `rules/origin.py`, seen to fail too."""

import json
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tests.house.rules import origin
from tests.house.rules.tree import PACKAGES

ROOT = Path(__file__).parents[2]
SCHEME = "https:/" + "/"
ASK = (
    "import importlib.util as u, json, sys;"
    "specs = {n: u.find_spec(n) for n in sys.argv[1:]};"
    "print(json.dumps({n: s.origin or '' for n, s in specs.items() if s}))"
)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listed.stdout.split("\0") if name]


def plant(root: Path, name: str, text: str) -> list[str]:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")
    return [name]


def test_our_files_name_no_foreign_host() -> None:
    assert origin.named_hosts(ROOT, tracked()) == []


def test_our_locks_name_no_index() -> None:
    assert origin.named_indexes(ROOT, tracked()) == []


def test_our_files_name_no_machine() -> None:
    assert origin.machine_paths(ROOT, tracked()) == []


def test_our_names_are_ours(tmp_path: Path) -> None:
    """As installed: from another folder, without this tree on the path by chance."""
    names = [name for name in PACKAGES if (ROOT / name / "__init__.py").is_file()]
    said = subprocess.run(
        [sys.executable, "-P", "-c", ASK, *names], cwd=tmp_path, capture_output=True, check=True, text=True
    )
    origins = dict.fromkeys(names, "") | json.loads(said.stdout)
    assert origin.strays(ROOT, origins) == []


def test_no_installed_distribution_bears_our_names() -> None:
    assert origin.clashing_distributions(found.name for found in metadata.distributions()) == []


@pytest.mark.parametrize(
    "text", [f"see {SCHEME}index.somewhere.net/simple", f"{SCHEME}10.0.0.1/x", "file:/" + "//srv/wheels"]
)
def test_a_foreign_host_is_found(tmp_path: Path, text: str) -> None:
    assert len(origin.named_hosts(tmp_path, plant(tmp_path, "docs/index.md", text))) == 1


def test_a_law_may_say_where_it_was_read_and_name_no_other_host(tmp_path: Path) -> None:
    url = f'url = "{SCHEME}laws.somewhere.net/act"\n'
    assert origin.named_hosts(tmp_path, plant(tmp_path, "cases/jurisdictions/kr/laws.toml", url)) == []
    more = f"{url}# see {SCHEME}laws.somewhere.net\n"
    assert len(origin.named_hosts(tmp_path, plant(tmp_path, "cases/jurisdictions/kr/laws.toml", more))) == 1
    assert len(origin.named_hosts(tmp_path, plant(tmp_path, "cases/jurisdictions/kr/texts.toml", url))) == 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "localhost:8081", "abc.onion/report", "agency.example", "host/x"]
)
def test_a_plain_host_is_fine(tmp_path: Path, host: str) -> None:
    assert origin.named_hosts(tmp_path, plant(tmp_path, "README.md", f"open http:/{'/'}{host}")) == []


@pytest.mark.parametrize("line", ["--index-url x", "--find-links wheels", "-i x", "--extra-index-url=x"])
def test_an_index_in_a_lock_is_found(tmp_path: Path, line: str) -> None:
    names = plant(tmp_path, "requirements/dev.txt", f"flask==3.1.3\n{line}\n")
    assert len(origin.named_indexes(tmp_path, names)) == 1


@pytest.mark.parametrize("path", ["/home/" + "kim/x", "/root/" + ".config"])
def test_a_home_folder_is_found(tmp_path: Path, path: str) -> None:
    assert len(origin.machine_paths(tmp_path, plant(tmp_path, "Makefile", f"cat {path}"))) == 1


def test_the_folder_of_the_tree_is_found(tmp_path: Path) -> None:
    assert len(origin.machine_paths(tmp_path, plant(tmp_path, "Makefile", f"cat {tmp_path}/x"))) == 1


def test_a_name_from_elsewhere_is_found(tmp_path: Path) -> None:
    origins = {"crypto": "/usr/lib/python3/crypto/__init__.py", "onion": str(tmp_path / "onion/__init__.py")}
    assert len(origin.strays(tmp_path, origins)) == 1


def test_a_name_from_nowhere_is_found(tmp_path: Path) -> None:
    assert len(origin.strays(tmp_path, {"crypto": ""})) == 1


def test_a_clashing_distribution_is_found() -> None:
    assert origin.clashing_distributions(["PyCryptodome", "cryptography"]) == [
        "pycryptodome: brings a package of our name"
    ]
