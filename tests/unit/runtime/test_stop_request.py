"""The wish to end, as signals bring it: often, and at any moment."""

import os
import signal
import subprocess
import sys
import threading

from services.runtime.stop_request import StopRequest

# Signals rain on a main thread that waits and is told, again and again, as a worker is when its
# parent dies while it passes a stop on.
_STORM = """
import os, signal, threading
from services.runtime.stop_request import StopRequest

stop = StopRequest.on_signals()
rain = threading.Thread(
    target=lambda: [os.kill(os.getpid(), signal.SIGTERM) for _ in range(20_000)]
)
rain.start()
while rain.is_alive():
    stop.ask()
    stop.wait(0)
print(stop.wait())
"""


def test_is_not_stopped_by_many_signals_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _STORM], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.stdout == "True\n", done.stderr


def test_wakes_who_waits() -> None:
    stop = StopRequest()
    threading.Timer(0.05, stop.ask).start()
    assert stop.wait(10)
    assert stop.is_asked()


def test_says_that_nobody_asked() -> None:
    assert not StopRequest().wait(0.01)


def test_lets_nohup_have_its_way() -> None:
    code = (
        "import os, signal; from services.runtime.stop_request import StopRequest;"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); stop = StopRequest.on_signals();"
        "os.kill(os.getpid(), signal.SIGHUP); print(stop.wait(0.1))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.stdout == "False\n", done.stderr


def test_asks_when_the_terminal_goes() -> None:
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    hung_up = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        stop = StopRequest.on_signals()
        os.kill(os.getpid(), signal.SIGHUP)
        assert stop.wait(5)
    finally:
        signal.signal(signal.SIGHUP, hung_up)
        for number, handler in before.items():
            signal.signal(number, handler)
