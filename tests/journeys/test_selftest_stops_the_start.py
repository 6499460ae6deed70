"""Cryptography that computes something else stops both programs, and each web worker.

The programs run as real processes in which one part was replaced before ours was loaded, as a
wrong library on a machine would: there is no switch in the product for it.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from demo.processes import free_port

SAID = "The cryptography of this machine does not give the answers that it must: nothing was started."
MAIN = "import sys; from {package}.cli import main; main()"
NO_REFUSAL = (  # Ed25519 that accepts whatever it is shown
    "import nacl.signing as n; n.VerifyKey.verify = lambda *a, **k: b''"
)
OTHER_ARGON2 = (
    "import argon2.low_level as a; real = a.hash_secret_raw\n"
    "a.hash_secret_raw = lambda *p, **o: real(*p, **{**o, 'time_cost': 1})"
)
IN_WORKERS = f'import os; os.register_at_fork(after_in_child=lambda: exec("{NO_REFUSAL}"))'
OFFICER = (
    'vault_dir = "vault"\nkey_stick_dir = "keys"\nstick_dirs = ["*"]\n'
    'bind = "{host}"\nallowed_hosts = ["{host}"]\n'
)
SOURCE = (
    'data_dir = "data"\nrun_dir = "run"\nallowed_hosts = ["{host}"]\nbind = "{host}"\n'
    "allow_disk_run_dir = true\ntesting = true\nkdf_memory_mib = 8\nworkers = 2\nthreads = 2\n"
)


def said_by(folder: Path, package: str, before: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What a program says that was started with `before` in force."""
    settings = folder / "settings.toml"
    host = f"127.0.0.1:{free_port()}"
    settings.write_text((SOURCE if package == "source_app" else OFFICER).format(host=host))
    program = f"{before}\n{MAIN.format(package=package)}"
    return subprocess.run(
        [sys.executable, "-P", "-c", program, "--config", str(settings), *words],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=folder,
        check=False,
    )


@pytest.mark.parametrize(
    ("package", "before", "words", "check"),
    [
        ("source_app", NO_REFUSAL, ["serve"], "Ed25519: a wrong signature is refused"),
        ("source_app", NO_REFUSAL, ["import", "--stick", "."], "Ed25519: a wrong signature is refused"),
        ("journalist_app", NO_REFUSAL, ["serve"], "Ed25519: a wrong signature is refused"),
        ("journalist_app", OTHER_ARGON2, ["status"], "Argon2id: the authors' own test"),
    ],
)
def test_one_sentence_and_nothing_else(
    tmp_path: Path, package: str, before: str, words: list[str], check: str
) -> None:
    done = said_by(tmp_path, package, before, *words)
    assert done.returncode == 1
    assert done.stderr == f"{SAID} The self-test stopped at: {check}.\n"
    assert not done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


def test_a_worker_tests_for_itself(tmp_path: Path) -> None:
    done = said_by(tmp_path, "source_app", IN_WORKERS, "serve")
    assert done.returncode not in {0, 1}
    assert f"{SAID} The self-test stopped at: Ed25519: a wrong signature is refused." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("package", ["source_app", "journalist_app"])
def test_help_is_given_all_the_same(tmp_path: Path, package: str) -> None:
    done = said_by(tmp_path, package, NO_REFUSAL, "--help")
    assert (done.returncode, done.stderr) == (0, "")
