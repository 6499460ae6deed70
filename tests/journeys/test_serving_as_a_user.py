"""`serve --user`: started by root, the process is another user for good; what is another's is left alone."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.source_process import Server

NOBODY = pwd.getpwnam("nobody")


pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """A server whose data is root's."""
    return Server(tmp_path)


BECOME = """
import os, sys
from pathlib import Path
from source_app.process import become
become("nobody", [Path(each) for each in sys.argv[1:]])
print(*os.getresuid(), *os.getresgid(), os.getgroups())
for again in (os.setuid, os.setgid, os.seteuid):
    try:
        again(0)
        print("root again")
    except PermissionError:
        pass
"""


def test_root_becomes_that_user_for_good_and_the_folders_are_made_for_it(tmp_path: Path) -> None:
    made, theirs = tmp_path / "new" / "data", tmp_path / "run"
    theirs.mkdir()
    os.chown(theirs, NOBODY.pw_uid, NOBODY.pw_gid)
    command = [sys.executable, "-P", "-c", BECOME, str(made), str(theirs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    user, group = str(NOBODY.pw_uid), str(NOBODY.pw_gid)
    assert done.stdout.split() == [user] * 3 + [group] * 3 + ["[]"]
    assert (made.stat().st_uid, made.stat().st_mode & 0o777) == (NOBODY.pw_uid, 0o700)


def test_what_belongs_to_another_is_left_alone_and_said(server: Server) -> None:
    refused = subprocess.run(
        server.command("serve", "--user", "nobody"), capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "belongs to another user" in refused.stderr
    assert (server.folder / "data").stat().st_uid == 0


def test_an_unknown_user_is_refused(server: Server) -> None:
    refused = subprocess.run(
        server.command("serve", "--user", "no-such-user"), capture_output=True, text=True, check=False
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "There is no user no-such-user" in refused.stderr
