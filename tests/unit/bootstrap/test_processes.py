"""How a process ends."""

import subprocess
import sys

_STUCK = """
import threading
from services.bootstrap import processes

processes._GRACE_SECONDS = 0.2
processes._end_at_last()
threading.Event().wait()
"""


def test_ends_at_last_whatever_it_waits_for() -> None:
    done = subprocess.run([sys.executable, "-c", _STUCK], timeout=60, check=False)
    assert done.returncode == 1
