"""Which sticks are plugged in: what is found in the folders of the settings, never a free path.

An entry of the settings is a stick, or ends in "/*" and stands for each folder in it. The
browser sends back one of the paths that were found; any other is refused.
"""

from dataclasses import dataclass
from pathlib import Path

from journalist_app.errors import StickChoiceError, StickError
from transfer.errors import TransferError
from transfer.manifest import Direction
from transfer.medium import find_bundles


@dataclass(frozen=True)
class Stick:
    """A stick and the IN bundles on it; `trouble` says why they cannot be read."""

    path: Path
    bundles: tuple[str, ...]
    trouble: str = ""


class Sticks:
    """Looks for sticks."""

    def __init__(self, stick_dirs: tuple[str, ...]) -> None:
        self._stick_dirs = stick_dirs

    def found(self) -> list[Stick]:
        """Every stick, in the order of the settings."""
        return [_look(path) for path in self._paths()]

    def to_import(self, chosen: str) -> Path:
        """The stick to import from: the chosen one, or the only one with a bundle, or the only
        one. Raises `StickError`, and `StickChoiceError` where a person has to say which."""
        if chosen:
            return self._one(chosen, [])
        found = self.found()
        return self._one("", [s.path for s in found if s.bundles or s.trouble] or [s.path for s in found])

    def to_export(self, chosen: str) -> Path:
        """The stick to export to: the chosen one, or the only one."""
        return self._one(chosen, self._paths())

    def _one(self, chosen: str, candidates: list[Path]) -> Path:
        if chosen:
            candidates = [path for path in self._paths() if str(path) == chosen]
        if not candidates:
            raise StickError
        if len(candidates) > 1:
            raise StickChoiceError(tuple(str(path) for path in candidates))
        return candidates[0]

    def _paths(self) -> list[Path]:
        paths = []
        for entry in self._stick_dirs:
            folder = Path(entry)
            if folder.name == "*":
                paths += sorted(p for p in folder.parent.glob("*") if p.is_dir() and not p.is_symlink())
            elif folder.is_dir():
                paths.append(folder)
        return list(dict.fromkeys(paths))


def _look(path: Path) -> Stick:
    try:
        return Stick(path, tuple(bundle.name for bundle in find_bundles(path, Direction.IN)))
    except TransferError as error:
        return Stick(path, (), str(error))
