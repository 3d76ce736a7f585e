"""What a long-running process does to its memory once it is assembled."""

import gc
import platform
import subprocess
import sys
from collections.abc import Iterator

import pytest

from services.bootstrap.memory import spare_the_collector


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


# Eight threads that hold memory at once; then the C library writes down its heaps.
_HEAPS = """
import ctypes, sys, threading
from services.bootstrap.memory import share_one_heap

if sys.argv[1] == "shared":
    share_one_heap()
together = threading.Barrier(8)


def hold():
    held = [bytearray(50_000) for _ in range(20)]
    together.wait()


threads = [threading.Thread(target=hold) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
library = ctypes.CDLL(None)
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of the GNU C library")
def test_all_threads_take_memory_from_one_heap() -> None:
    def heaps(how: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", _HEAPS, how], capture_output=True, text=True, check=True
        )
        return done.stdout.count("<heap nr=")

    assert heaps("shared") == 1
    assert heaps("apart") > 1
