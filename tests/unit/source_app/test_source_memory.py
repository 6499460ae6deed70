"""The process keeps to itself: files for their owner, no image of its memory, neither in those it forks."""

import subprocess
import sys

PROGRAM = """
import ctypes, os, resource
from source_app.process import keep_to_itself
keep_to_itself()
prctl = ctypes.CDLL(None).prctl
if os.fork() == 0:
    print(oct(os.umask(0)), resource.getrlimit(resource.RLIMIT_CORE), prctl(3))  # PR_GET_DUMPABLE
else:
    os.wait()
"""


def test_no_image_of_the_memory_is_written() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True)
    assert done.stdout == "0o77 (0, 0) 0\n"
