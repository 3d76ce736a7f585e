"""What a long-running process does to itself once it is assembled."""

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from services.bootstrap.processes import tune_the_interpreter


@pytest.fixture
def interpreter() -> Iterator[None]:
    """The collector and the threads of this process, put back as they were."""
    thresholds, interval = gc.get_threshold(), sys.getswitchinterval()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("interpreter")
def test_keeps_what_is_assembled_out_of_collection_and_switches_threads_sooner() -> None:
    tune_the_interpreter()
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == (100_000, 50, 100)
    assert gc.isenabled()
    assert sys.getswitchinterval() == pytest.approx(0.0005)


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
