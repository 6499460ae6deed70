"""The life of a week's key over both machines: sealed to, opened, destroyed, and refused from then on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from source_app.errors import ClosedError
from tests.support.simulator import BothSides

WEEK = 150


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[BothSides]:
    made = BothSides(tmp_path)
    yield made
    made.close()


def test_a_quiet_server_and_its_station_get_a_week_destroyed_without_losing_a_report(
    sides: BothSides, tmp_path: Path
) -> None:
    sides.visitor().report("They paid twice.")
    sides.carry_in()
    sides.carry_out()
    sides.clock.turn(days=16)
    sides.sign_in_again()
    assert "Destroy the keys" not in sides.carry_in(), "there is no backup yet"
    _back_up(sides, tmp_path / "backup")
    assert "Destroy the keys up to 22 November 2026" in sides.officer_imports()
    done = sides.officer.post("/keys/destroy", page="/keys", through=str(WEEK), lost="0")
    assert done.status_code == 303
    sides.carry_out()

    trust = sides.site.services.trust.current()
    assert trust is not None
    assert trust.descriptor.oldest_window == WEEK + 1
    assert sides.site.services.gate.require_open().window == WEEK + 3
    sides.visitor().report("And a third time.")
    assert "<strong>1</strong> new report" in sides.carry_in()
    assert len(sides.cases()) == 2

    sides.clock.now = sides.clock.now.replace(month=11, day=22)
    with pytest.raises(ClosedError):
        sides.site.services.gate.require_open()


def test_what_waits_on_the_server_keeps_its_week_until_it_was_carried(
    sides: BothSides, tmp_path: Path
) -> None:
    sides.clock.turn(hours=1)
    sides.visitor().report("They paid twice.")
    sides.clock.turn(days=16)
    sides.visitor().report("Of this week.")
    sides.sign_in_again()
    page = sides.carry_in()
    _back_up(sides, tmp_path / "backup")
    assert "<strong>2</strong> new reports" in page
    assert "1 on the way" in sides.page("/keys")
    assert "Destroy the keys" not in sides.officer_imports()
    sides.carry_out()
    sides.clock.turn(days=7)
    sides.sign_in_again()
    assert "Destroy the keys up to 29 November 2026" in sides.carry_in()


def _back_up(sides: BothSides, medium: Path) -> None:
    medium.mkdir()
    desk = sides.station.desk()
    desk.backups().verify(medium / desk.backups().make(medium).name)
    desk.unlocked.close()
