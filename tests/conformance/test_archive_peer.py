"""A case archive opens with other people's programs: npm `age-encryption`, then `tar` and `sha256sum`."""

import shutil
import subprocess
from pathlib import Path

import pytest

from crypto.age.keys import HybridIdentity, X25519Identity
from crypto.age.x25519_stanza import Scalar
from journalist_app.services.archiving import Wanted
from tests.support.case_office import CaseOffice
from tests.support.sealing import STATION_SEED

PEERS = Path(__file__).parents[1] / "peers"
FILE = bytes(range(256)) * 9_000
PARTIES: dict[str, HybridIdentity | X25519Identity | None] = {
    "hybrid": HybridIdentity(STATION_SEED),
    "X25519": X25519Identity(Scalar(b"x" * 32)),
    "passphrase": None,
}


@pytest.fixture
def office(tmp_path: Path) -> CaseOffice:
    made = CaseOffice(tmp_path)
    made.report(1, text="They took it.", files=(("견적서 2026.hwp", FILE), ("../x", b"1")))
    return made


@pytest.mark.parametrize("party", PARTIES)
def test_stock_programs_open_an_archive(office: CaseOffice, tmp_path: Path, party: str) -> None:
    identity = PARTIES[party]
    medium = tmp_path / "medium"
    medium.mkdir()
    recipient = None if identity is None else identity.recipient().encode()
    desk = office.desk("Boss")
    made = desk.archiving().make(1, medium, Wanted(notes=True, proof=True, recipient=recipient))
    desk.unlocked.close()
    key = f"passphrase:{made.passphrase}" if identity is None else identity.encode()
    node = shutil.which("node")
    assert node, "node is missing: make setup-tests installs it"
    plain = subprocess.run(
        [node, "age.mjs", "open", key],
        cwd=PEERS,
        input=(medium / made.name).read_bytes(),
        capture_output=True,
        check=True,
    ).stdout
    out = tmp_path / "out"
    out.mkdir()
    subprocess.run(["tar", "-xf", "-", "-C", str(out)], input=plain, check=True)
    (folder,) = out.iterdir()
    assert (folder / "messages/001/files/001-견적서_2026.hwp").read_bytes() == FILE
    assert (folder / "messages/001/files/002-x").read_bytes() == b"1"
    done = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=True, text=True
    )
    assert done.stdout.count(": OK") == made.entries
