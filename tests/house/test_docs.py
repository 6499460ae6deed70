"""Every command, setting, route and error is documented: `rules/docs.py`, seen to fail too."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import reference
from tests.house.rules import docs

ROOT = Path(__file__).parents[2]
PAGES = {"source_app": "docs/operators/source-server.md", "journalist_app": "docs/operators/station.md"}


def help_of(app: str) -> str:
    """Give what the app's program says of itself, or nothing while the app has no commands."""
    if not (ROOT / app / "cli.py").is_file() and not (ROOT / app / "cli").is_dir():
        return ""
    run = f"import sys; sys.argv = ['program', '--help']; from {app}.cli import main; sys.exit(main())"
    said = subprocess.run([sys.executable, "-P", "-c", run], capture_output=True, check=True, text=True)
    return said.stdout


@pytest.mark.parametrize("app", PAGES)
def test_every_command_is_documented(app: str) -> None:
    said = help_of(app)
    verbs = docs.verbs(said)
    assert bool(verbs) == bool(said), "the commands were not found in --help"
    assert docs.undocumented(ROOT, PAGES[app], verbs) == []


@pytest.mark.parametrize("app", PAGES)
def test_every_setting_is_documented(app: str) -> None:
    assert docs.undocumented(ROOT, PAGES[app], docs.settings(ROOT, app)) == []


@pytest.mark.parametrize("app", PAGES)
def test_every_route_is_documented(app: str) -> None:
    assert docs.undocumented(ROOT, "docs/reference/routes.md", docs.routes(ROOT, app)) == []


def test_every_error_is_documented() -> None:
    assert docs.undocumented(ROOT, "docs/reference/errors.md", docs.errors(ROOT)) == []


def test_an_undocumented_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("`cleandrop-source export DIR`, `idle_seconds` and import; `/report`\n")
    said = docs.undocumented(tmp_path, "page.md", ["export", "import", "idle_seconds", "/report", "/"])
    assert said == ["page.md: does not tell of /", "page.md: does not tell of import"]


def test_a_missing_page_is_found(tmp_path: Path) -> None:
    assert len(docs.undocumented(tmp_path, "page.md", ["export"])) == 1
    assert docs.undocumented(tmp_path, "page.md", []) == []


def test_names_are_found_in_code(tmp_path: Path) -> None:
    (tmp_path / "source_app").mkdir()
    (tmp_path / "source_app/settings.py").write_text("class Settings:\n    idle_seconds: int = 3600\n")
    (tmp_path / "source_app/errors.py").write_text("class SourceAppError(Exception):\n    pass\n")
    (tmp_path / "source_app/views.py").write_text(
        "@pages.get('/')\ndef first(): pass\n"
        "@pages.route('/report', methods=['POST'])\ndef report(): pass\n"
        "pages.add_url_rule('/leave', view_func=leave)\n"
        "@cached('/no')\ndef other(): pass\n"
    )
    assert docs.settings(tmp_path, "source_app") == ["idle_seconds"]
    assert docs.errors(tmp_path) == ["SourceAppError"]
    assert sorted(docs.routes(tmp_path, "source_app")) == ["/", "/leave", "/report"]


def test_commands_are_found_in_help() -> None:
    assert docs.verbs("usage: x [-h] {serve,export,verify-audit} ...") == ["serve", "export", "verify-audit"]
    assert docs.verbs("usage: x {serve,\n         verify-audit} ...") == ["serve", "verify-audit"]
    assert docs.verbs("usage: x [-h]") == []


def test_the_reference_pages_tell_of_everything(tmp_path: Path) -> None:
    (tmp_path / "source_app/views").mkdir(parents=True)
    (tmp_path / "source_app/views/pages.py").write_text(
        "@pages.post('/leave')\ndef leave():\n    '''Forget the\n    session.\n\n    More.\n    '''\n"
        "@pages.route('/x', methods=['GET', 'POST'])\ndef x(): pass\n"
    )
    (tmp_path / "source_app/errors.py").write_text("class GoneError(Exception):\n    '''It is gone.'''\n")
    assert "| `/leave` | POST | Forget the session. |" in reference.routes_page(tmp_path)
    assert "| `/x` | GET, POST |  |" in reference.routes_page(tmp_path)
    assert "- `GoneError`: It is gone." in reference.errors_page(tmp_path)


def test_no_link_of_ours_is_dead() -> None:
    assert docs.dead_links(ROOT) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text(
        "[a](../README.md) [b](gone.md#x) [c](#here) [d](mailto:x@y.example)\n"
    )
    (tmp_path / "README.md").write_text("[a](docs/index.md#there)\n")
    assert docs.dead_links(tmp_path) == ["docs/index.md: leads to gone.md#x, which is not there"]
