"""A court with a stock tool: an envelope from the server's store and the station's identity are
enough for another program (npm `age-encryption`) to get at the parcel."""

import shutil
import subprocess
from pathlib import Path

from crypto.age import bech32
from crypto.windows import window_of
from tests.support.simulator import BothSides

PEERS = Path(__file__).parents[1] / "peers"
TEXT = "The bridge was paid for twice. 다리 공사비가 두 번 지급되었습니다."
CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 500


def test_an_envelope_of_the_store_opens_with_another_program(tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node, "node is missing: make setup-tests installs it"
    sides = BothSides(tmp_path)
    source = sides.visitor()
    source.report(TEXT, [("files", "plan.pdf", CONTENT)])
    (stored,) = sides.site.envelopes()
    _, unlocked = sides.station.station.sign_in.sign_in(
        sides.station.officer.name, sides.station.officer.passphrase, sides.station.code()
    )
    seed = dict(unlocked.key_file().states[0].seeds())[window_of(sides.clock.now)]
    unlocked.close()
    identity = bech32.encode(bech32.IDENTITY_HYBRID, seed).upper()

    opened = subprocess.run(
        [node, "age.mjs", "open", identity],
        cwd=PEERS,
        input=stored.read_bytes(),
        capture_output=True,
        check=True,
    ).stdout
    sides.close()

    head_type, head_length = opened[0], int.from_bytes(opened[1:5], "big")
    head = opened[5 : 5 + head_length]
    assert head_type == 1
    assert sides.station.born.instance.hex().encode() in head
    after_head = opened[5 + head_length :]
    text = TEXT.encode()
    assert after_head.startswith(b"\x02" + len(text).to_bytes(4, "big") + text), "TEXT follows HEAD"
    assert b"plan.pdf" in after_head
    assert CONTENT[:60_000] in after_head
