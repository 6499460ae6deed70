"""The ceremony: what it makes, what it refuses, and that nothing half-made is taken for whole."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crypto import trust, words
from crypto.errors import OpenError
from crypto.signing import verifying_key
from crypto.vault import open_key, open_state, unwrap_key
from journalist_app.errors import (
    DiskError,
    NoVaultError,
    SettingsError,
    StateFileError,
    TimeZoneError,
    VaultDamagedError,
    VaultExistsError,
)
from journalist_app.services import statements
from journalist_app.services.ceremony import CeremonyPlan, PlannedOfficer
from journalist_app.store.officers_file import FIRST_DATABASE, load_roster
from journalist_app.store.vault import Vault
from journalist_app.wiring import build_station
from tests.support.server_side import read_out
from tests.support.station import PLAN, live_station


def test_out_1_says_who_the_station_is(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    statement = read_out(live.stick)
    assert statement.verified.manifest.seq == 1
    assert statement.verified.manifest.acks == ()
    assert statement.descriptor.descriptor.root == verifying_key(live.born.root_seed)
    assert statement.descriptor.servers == frozenset()
    assert statement.descriptor.descriptor.number == 1
    assert (min(statement.batch.recipients), statement.batch.last_window) == (150, 201)
    assert [live_set.slots for live_set, _ in statement.sets] == [64], "dummies, like any later set"
    assert live.born.root_words == words.fingerprint(verifying_key(live.born.root_seed))


def test_the_root_certifies_the_station_alone(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    statement = read_out(live.stick)
    certificate = trust.verify_certificate(
        verifying_key(live.born.root_seed), statement.descriptor.descriptor.certificates[0]
    )
    assert certificate.public_key == statement.descriptor.station
    assert certificate.role is trust.Role.STATION


def test_no_secret_stands_in_clear(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    kept = b"".join(path.read_bytes() for path in files)
    assert live.settings.vault_dir / "officers.json" in files
    for officer in live.born.officers:
        for secret in (officer.passphrase, officer.totp_secret, *officer.recovery_codes):
            assert secret.encode() not in kept
    for key in (live.born.root_seed, live.born.unlocked.key):
        assert bytes(key) not in kept
        assert key.hex().encode() not in kept


def test_each_passphrase_unwraps_the_same_key(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    folders = live.station.folders
    vault_id = folders.vault_id()
    records = load_roster(folders.officers, vault_id).officers
    own = [
        unwrap_key(o.passphrase, record.key) for o, record in zip(live.born.officers, records, strict=True)
    ]
    assert len(set(own)) == 2, "each officer has a key of their own"
    keys = {
        open_key(seed, record.sealed, vault_id, record.officer_id)
        for seed, record in zip(own, records, strict=True)
    }
    assert keys == {live.born.unlocked.key}
    with pytest.raises(OpenError):
        open_key(own[0], records[1].sealed, vault_id, records[1].officer_id)
    with pytest.raises(OpenError):
        unwrap_key(live.born.officers[1].passphrase, records[0].key)


def test_the_state_file_opens_under_the_vault_key_alone(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    data = live.station.folders.read_state()
    vault_id = live.station.folders.vault_id()
    assert len(data) == 4096
    assert [s.windows for s in open_state(live.born.unlocked.key, vault_id, data).states] == [52]
    with pytest.raises(OpenError):
        open_state(type(live.born.unlocked.key)(bytes(32)), vault_id, data)


def test_another_key_opens_no_database(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    wrong = Vault(live.station.folders.vault_dir / FIRST_DATABASE, type(live.born.unlocked.key)(bytes(32)))
    with pytest.raises(VaultDamagedError):
        wrong.check()


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process may grow: as good as a full disk."""
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)


def test_a_vault_on_a_full_disk_is_not_called_damaged(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    live.born.unlocked.close()
    vault = Vault(live.station.folders.vault_dir / FIRST_DATABASE, live.born.unlocked.key)
    with no_room(), pytest.raises(DiskError):
        vault.check()
    vault.check()
    with no_room(), pytest.raises(DiskError), vault.write() as session:
        statements.station_row(session).instance_name = "x" * 9000
    with vault.read() as session:
        assert statements.station_row(session).instance_name == PLAN.instance_name


def test_a_vault_is_never_replaced(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    before = live.station.folders.officers.read_bytes()
    with pytest.raises(VaultExistsError):
        live.station.ceremony().perform(PLAN)
    assert live.station.folders.officers.read_bytes() == before


def test_a_vault_whose_marker_is_gone_is_not_replaced_either(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    live.station.folders.marker.unlink()
    with pytest.raises(VaultExistsError):
        live.station.ceremony().perform(PLAN)


def test_a_foreign_state_file_is_not_overwritten(tmp_path: Path) -> None:
    live = live_station(tmp_path)
    other = build_station(
        type(live.settings)(**{**vars(live.settings), "vault_dir": tmp_path / "other"}), live.clock
    )
    with pytest.raises(StateFileError):
        other.ceremony().perform(PLAN)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("cut", ["save_roster", "Vault.migrate", "Ceremony.finish"])
def test_a_cut_ceremony_is_no_vault_and_starts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    live = live_station(tmp_path)
    fresh = type(live.settings)(
        **{**vars(live.settings), "vault_dir": tmp_path / "v", "key_stick_dir": tmp_path / "k"}
    )
    station = build_station(fresh, live.clock)
    with monkeypatch.context() as patched:
        patched.setattr(f"journalist_app.services.ceremony.{cut}", _power_cut)
        with pytest.raises(PowerCutError):
            station.ceremony().finish(station.ceremony().perform(PLAN))
    with pytest.raises(NoVaultError):
        station.sign_in.sign_in("Anna Berg", "x", "000000")
    born = station.ceremony().perform(PLAN)
    station.ceremony().finish(born)
    born.unlocked.close()
    assert station.folders.vault_id() == born.unlocked.vault_id


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"officers": ()}, SettingsError),
        ({"officers": (PlannedOfficer("Anna"), PlannedOfficer(" anna "))}, SettingsError),
        ({"officers": (PlannedOfficer("x" * 61),)}, SettingsError),
        ({"languages": ()}, SettingsError),
        ({"time_zone": "Nowhere/Atlantis"}, TimeZoneError),
    ],
)
def test_an_impossible_plan_makes_nothing(
    tmp_path: Path, changes: dict[str, object], error: type[Exception]
) -> None:
    live = live_station(tmp_path)
    fresh = type(live.settings)(
        **{**vars(live.settings), "vault_dir": tmp_path / "v", "key_stick_dir": tmp_path / "k"}
    )
    with pytest.raises(error):
        build_station(fresh, live.clock).ceremony().perform(CeremonyPlan(**{**vars(PLAN), **changes}))
    assert not fresh.vault_dir.exists()


class PowerCutError(Exception):
    """The plug was pulled."""


def _power_cut(*_: object) -> None:
    raise PowerCutError
