"""The catalogues of the source pages hold every text, translated, and the app loads just that."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_text_is_translated_and_compiled() -> None:
    checked = subprocess.run(
        [sys.executable, "-P", "packaging/messages.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
