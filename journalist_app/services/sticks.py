"""Which sticks and other media are plugged in: what is found where the settings say, never a free path.

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
        self._media = Media(stick_dirs)

    def found(self) -> list[Stick]:
        """Every stick, in the order of the settings."""
        return [_look(path) for path in self._media.paths()]

    def to_import(self, chosen: str) -> Path:
        """The stick to import from: the chosen one, or the only one with a bundle, or the only
        one. Raises `StickError`, and `StickChoiceError` where a person has to say which."""
        if chosen:
            return self._media.one(chosen)
        found = self.found()
        return only([s.path for s in found if s.bundles or s.trouble] or [s.path for s in found])

    def to_export(self, chosen: str) -> Path:
        """The stick to export to: the chosen one, or the only one. Raises as `to_import`."""
        return self._media.one(chosen)


class Media:
    """The media of one kind that are plugged in."""

    def __init__(self, entries: tuple[str, ...]) -> None:
        self._entries = entries

    def paths(self) -> list[Path]:
        """Every one, in the order of the settings."""
        paths = []
        for entry in self._entries:
            folder = Path(entry)
            if folder.name == "*":
                paths += sorted(p for p in folder.parent.glob("*") if p.is_dir() and not p.is_symlink())
            elif folder.is_dir():
                paths.append(folder)
        return list(dict.fromkeys(paths))

    def one(self, chosen: str) -> Path:
        """The chosen one, or the only one. Raises `StickError`, `StickChoiceError`."""
        return only([path for path in self.paths() if not chosen or str(path) == chosen])


def only(candidates: list[Path]) -> Path:
    """The only one. Raises `StickError` for none, `StickChoiceError` for more."""
    if not candidates:
        raise StickError
    if len(candidates) > 1:
        raise StickChoiceError(tuple(str(path) for path in candidates))
    return candidates[0]


def _look(path: Path) -> Stick:
    try:
        return Stick(path, tuple(bundle.name for bundle in find_bundles(path, Direction.IN)))
    except TransferError as error:
        return Stick(path, (), str(error))
