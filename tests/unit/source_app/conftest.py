"""A source server in a temporary folder, for every test of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.source_site import Site, Visitor


@pytest.fixture
def virgin(tmp_path: Path) -> Iterator[Site]:
    """A server that has not met its station."""
    made = Site(tmp_path)
    yield made
    made.close()


@pytest.fixture
def site(virgin: Site) -> Site:
    """A server that is open."""
    virgin.first_contact()
    return virgin


@pytest.fixture
def visitor(site: Site) -> Visitor:
    """Somebody who opened the Report page."""
    made = Visitor(site)
    assert made.get("/report").status_code == 200
    return made
