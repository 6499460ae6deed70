"""A whole instance as real processes: both apps, the courier, a folder as the stick."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo import instance, place
from demo.place import Access, Place
from demo.processes import Running, free_port


@dataclass(frozen=True)
class LiveInstance:
    """A running instance: where its files are, how to reach it, its processes."""

    place: Place
    access: Access
    processes: Running


@contextmanager
def live_instance(folder: Path) -> Iterator[LiveInstance]:
    """An instance whose two sides know each other and that has no report yet."""
    here = Place(folder / "demo", free_port(), free_port())
    try:
        with Running(here) as processes:
            instance.make(here, processes).sign_out()
            yield LiveInstance(here, place.read_access(here.access_file), processes)
    finally:
        here.clear()
