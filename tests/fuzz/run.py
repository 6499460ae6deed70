"""`make fuzz`: every target under a coverage-guided guesser (atheris), two at a time on two cores.

SECONDS=60 is the time for each target, TARGET=name takes one alone, KEEP=1 adds what reached further to
the saved corpus. What a run finds lies under build/fuzz: `corpus/` grows from run to run, `found/`
holds inputs that broke a target, `log/` what the guesser said. A run that found something ends with
status 1 and names each input and the command that runs it again. Not part of `make test`, which replays
the saved corpus and needs no atheris.
"""

import importlib.util
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tests.fuzz import corpus, reach
from tests.fuzz.table import TARGETS

PLACE: Final = Path("build/fuzz")
RSS_LIMIT_MB: Final = 1_024
ONE_INPUT_SECONDS: Final = 10
_DONE: Final = re.compile(r"Done (\d+) runs in (\d+) second")


def main() -> int:
    """Exit status 1 when any target broke."""
    if importlib.util.find_spec("atheris") is None:
        print(
            "There is no atheris for this machine (it comes for Linux on x86-64 alone). Nothing was fuzzed; "
            "`make test` replays the saved corpus here too, and `make soak` guesses without it.",
            file=sys.stderr,
        )
        return 1
    names = os.environ.get("TARGET", "").split() or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        print(
            f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}", file=sys.stderr
        )
        return 2
    seconds = int(os.environ.get("SECONDS_EACH") or 60)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        broken = sum(pool.map(lambda name: _fuzz(name, seconds), names))
    if broken:
        return 1
    if os.environ.get("KEEP"):
        for name in names:
            print(
                f"{name}: {corpus.save(name, TARGETS[name], _inputs(PLACE / 'corpus' / name))} inputs saved"
            )
    print("what the seeds and the saved corpus reach:")
    for line in reach.report(
        (TARGETS[name], data) for name in names for data in corpus.inputs(name, TARGETS[name])
    ):
        print(f"  {line}")
    return 0


def _fuzz(name: str, seconds: int) -> int:
    """The number of inputs that broke the target in this run."""
    folders = {part: PLACE / part / name for part in ("corpus", "seeds", "found")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[name].seeds):
        (folders["seeds"] / f"{number:03}").write_bytes(seed)
    before = set(folders["found"].iterdir())
    said = subprocess.run(
        _command(name, seconds, folders), capture_output=True, text=True, errors="replace", check=False
    )
    log = PLACE / "log" / f"{name}.txt"
    log.parent.mkdir(exist_ok=True)
    log.write_text(said.stderr + said.stdout)
    found = sorted(set(folders["found"].iterdir()) - before)
    done = _DONE.search(said.stderr)
    print(
        f"{name}: {f'{int(done[1]):,} inputs in {done[2]} s' if done else 'ended early'}, {len(found)} found",
        flush=True,
    )
    for path in found:
        print(
            f"  FOUND {path}: run it again with `.venv/bin/python -m tests.fuzz.one {name} {path}`",
            flush=True,
        )
    if said.returncode and not found:
        print(f"  WRONG: it ended with status {said.returncode}, see {log}", flush=True)
    return len(found) or int(said.returncode != 0)


def _command(name: str, seconds: int, folders: dict[str, Path]) -> list[str]:
    options = {
        "max_total_time": seconds,
        "max_len": TARGETS[name].max_bytes,
        "rss_limit_mb": RSS_LIMIT_MB,
        "timeout": ONE_INPUT_SECONDS,
        "artifact_prefix": f"{folders['found']}/",
        **({"dict": _write_words(name)} if TARGETS[name].words else {}),
    }
    places = [
        folders["corpus"],
        folders["seeds"],
        *([corpus.SAVED / name] if (corpus.SAVED / name).exists() else []),
    ]
    return [
        sys.executable,
        "-m",
        "tests.fuzz.one",
        name,
        *(f"-{k}={v}" for k, v in options.items()),
        *map(str, places),
    ]


def _write_words(name: str) -> Path:
    path = PLACE / f"{name}.dict"
    path.write_text("".join(f'"{_escaped(word)}"\n' for word in TARGETS[name].words))
    return path


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def _inputs(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir()] if folder.exists() else []


if __name__ == "__main__":
    sys.exit(main())
