"""`python -m cases.check`: what is wrong with a pack, and what it says, for the lawyer who writes it.

It reads the folder and nothing else, and changes nothing. How a pack is written is in
docs/operators/packs.md. Exit status 0 the pack can be used, 1 it has errors, 2 asked wrongly.
"""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Final

from cases.errors import PackError
from cases.packs import folder, reading, signature, summary
from cases.packs.findings import Finding, Weight
from cases.packs.pack import Pack

EXAMPLE = """\
example:
  python -m cases.check cases/jurisdictions/kr --day 2026-11-22

Each line of the first part names a file, a line in it, what is wrong there and what would be right.
An error keeps the pack from being used; a warning does not. Then comes what the pack says.
"""
OUTDATED: Final = Finding(
    signature.FILE,
    0,
    "the pack was changed after it was signed.",
    "Sign it again; if this edition has left the house, first with a higher version.",
    Weight.WARNING,
)


def main() -> int:
    """Check the folder that was named and give the exit status."""
    parser = _parser()
    asked = parser.parse_args()
    if not asked.folder.is_dir():
        parser.error(f"{asked.folder} is no folder. Name the folder that holds pack.toml.")
    pack, findings = _read(asked.folder)
    sys.stdout.write(
        _in_json(pack, findings, asked.day) if asked.json else _in_text(pack, findings, asked.day)
    )
    return 0 if pack else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cases.check",
        description="Check the pack in FOLDER and say what its rules are.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder that holds pack.toml")
    parser.add_argument(
        "--day", type=_day, metavar="YYYY-MM-DD", help="tell only of the rules in force on this day"
    )
    parser.add_argument("--json", action="store_true", help="the same for programs")
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day. Write it as 2026-11-22.") from None


def _read(path: Path) -> tuple[Pack | None, tuple[Finding, ...]]:
    try:
        files = folder.files_of(path)
    except PackError as error:
        return None, error.findings
    pack, findings = reading.read(files)
    if pack and signature.is_outdated(files, pack.digest):
        findings = (*findings, OUTDATED)
    return pack, findings


def _in_text(pack: Pack | None, findings: tuple[Finding, ...], day: date | None) -> str:
    found = "".join(f"{finding}\n" for finding in findings)
    counted = ", ".join(_counted(findings, weight) for weight in Weight)
    if pack is None:
        return f"{found}{counted}. Mend the errors first.\n"
    return f"{found}{counted}. The pack can be used.\n\n{summary.text(summary.of(pack, day))}"


def _counted(findings: tuple[Finding, ...], weight: Weight) -> str:
    count = sum(each.weight is weight for each in findings)
    return f"{count} {weight}{'' if count == 1 else 's'}"


def _in_json(pack: Pack | None, findings: tuple[Finding, ...], day: date | None) -> str:
    rows = [
        {
            "file": each.file,
            "line": each.line,
            "weight": each.weight,
            "wrong": each.wrong,
            "right": each.right,
        }
        for each in findings
    ]
    value = {"findings": rows, "summary": summary.of(pack, day) if pack else None}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
