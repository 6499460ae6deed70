"""The intake gate: each reason to be closed, alone."""

from datetime import timedelta

import pytest

from source_app.errors import ClosedError
from tests.support.source_site import Site, Visitor


def test_open_gives_the_key_of_this_week(site: Site) -> None:
    found = site.services.gate.require_open()
    assert found.window == 150
    assert found.recipient == site.services.trust.current().batch.recipient(150)  # type: ignore[union-attr]
    assert site.services.gate.weeks_left() == 4


def test_closed_before_first_contact(virgin: Site) -> None:
    with pytest.raises(ClosedError, match="import the first OUT bundle"):
        virgin.services.gate.require_open()
    assert virgin.services.gate.weeks_left() == 0


def test_closed_when_the_keys_have_run_out(site: Site) -> None:
    site.clock.turn(weeks=4)
    with pytest.raises(ClosedError, match="renew them"):
        site.services.gate.require_open()
    assert site.services.gate.weeks_left() == 0


def test_closed_when_the_clock_is_behind_the_newest_bundle(site: Site) -> None:
    site.clock.turn(days=-1)
    with pytest.raises(ClosedError, match="set the clock"):
        site.services.gate.require_open()


def test_closed_before_the_first_window_of_all(site: Site) -> None:
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("UPDATE installation SET out_made_on = '2001-01-01', generation = 99")
    site.clock.now = site.clock.now.replace(year=2023)
    with pytest.raises(ClosedError):
        site.services.gate.require_open()


@pytest.mark.parametrize(("days", "left"), [(-3652, 0), (-90, 17), (-1, 4), (28, 0), (3652, 0)])
def test_a_clock_that_is_far_off_closes_the_site_and_stores_nothing(site: Site, days: int, left: int) -> None:
    visitor = Visitor(site)
    visitor.get("/report")
    site.clock.turn(days=days)
    with pytest.raises(ClosedError):
        site.services.gate.require_open()
    assert site.services.gate.weeks_left() == left
    assert Visitor(site).get("/report").status_code == 503
    assert site.holds_nothing()


def test_the_week_of_a_batch_that_has_not_begun_is_closed(site: Site) -> None:
    with site.services.database.writing() as connection:
        connection.exec_driver_sql("UPDATE installation SET out_made_on = '2026-11-01', generation = 99")
    site.clock.turn(weeks=-1)
    with pytest.raises(ClosedError, match="renew them"):
        site.services.gate.require_open()


def test_closed_in_a_week_that_was_left_behind(site: Site) -> None:
    site.clock.turn(weeks=1)
    Visitor(site).report()
    site.clock.turn(weeks=-1)
    with pytest.raises(ClosedError, match="a week that is over"):
        site.services.gate.require_open()


def test_closed_below_the_oldest_window_that_the_station_opens(site: Site) -> None:
    site.station.oldest_window = 151
    site.carry_back()
    with pytest.raises(ClosedError, match="a week that is over"):
        site.services.gate.require_open()


def test_a_new_batch_opens_it_again(site: Site) -> None:
    site.clock.turn(weeks=5)
    site.station.now += timedelta(weeks=5)
    site.station.renew(2)
    site.carry_back()
    assert site.services.gate.require_open().window == 155
