"""What a long-running process does to itself once it is assembled."""

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from services.bootstrap.processes import spare_the_collector


@pytest.fixture
def collector() -> Iterator[None]:
    """The collector of this process, put back as it was."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.mark.usefixtures("collector")
def test_keeps_what_is_assembled_out_of_garbage_collection() -> None:
    spare_the_collector()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == (100_000, 50, 100)
    assert gc.isenabled()


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
