"""The doctor beside a server that runs: asks it for its first page, and takes what arrives for no trouble."""

import json
import subprocess
from pathlib import Path

from source_app.wiring import alone
from tests.support.source_process import Server
from tests.support.waiting import wait_until


def looked_at(server: Server) -> dict[str, list[str]]:
    """Grade and words of every check."""
    done = subprocess.run(server.command("doctor", "--json"), check=False, capture_output=True, text=True)
    assert done.stderr == ""
    return {row["check"]: [row["grade"], row["said"]] for row in json.loads(done.stdout)["findings"]}


def test_a_server_that_answers_and_one_that_does_not(tmp_path: Path) -> None:
    server = Server(tmp_path)
    assert looked_at(server)["site"] == ["WARNING", "Nobody serves it."]
    server.start()
    try:
        assert looked_at(server)["site"] == ["OK", "answers"]
    finally:
        server.stop()
    data = server.folder / "data"
    (data / "envelopes" / ("0" * 64)).touch(mode=0o600)
    (data / "incoming" / "1-x").touch(mode=0o600)
    with alone(data, "serve"):
        known = looked_at(server)
    assert known["site"][0] == "BAD"
    assert known["envelopes"][0] == "OK"
    assert known["uploads"] == ["OK", "1 under way"]


def test_a_server_behind_a_file(tmp_path: Path) -> None:
    server = Server(tmp_path)
    config = tmp_path / "source.toml"
    config.write_text(
        config.read_text().replace(f'bind = "{server.host}"', f'bind = "unix:{tmp_path}/socket"')
    )
    with subprocess.Popen(server.command("serve"), stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: looked_at(server)["site"] == ["OK", "answers"], "an answer through the file")
        finally:
            process.terminate()
