"""The wish that a process ends, as a signal may bring it at any moment.

`threading.Event` takes a lock that is not reentrant: set by a handler that interrupts the very
thread that sets it, or is about to wait for it, it waits for itself for good. Here the handler only
notes the wish and writes a byte to a pipe, which any number of signals may do at once.
"""

import contextlib
import os
import select
import signal


class StopRequest:
    """Told once or many times, waited for by anybody."""

    def __init__(self) -> None:
        """Begin without the wish."""
        self._asked = False
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    @classmethod
    def on_signals(cls) -> "StopRequest":
        """Ask on SIGTERM, on Ctrl-C and when the terminal goes, unless `nohup` said otherwise."""
        stop = cls()

        def ask(number: int, frame: object) -> None:
            del number, frame
            stop.ask()

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, ask)
        return stop

    def ask(self) -> None:
        """Wish the end; safe in a signal handler, however often."""
        self._asked = True
        with contextlib.suppress(BlockingIOError):  # full of earlier wishes
            os.write(self._writer, b".")

    def is_asked(self) -> bool:
        """Tell whether the end is wished."""
        return self._asked

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the wish, at most so long, and tell whether it is there."""
        select.select([self._reader], [], [], seconds)
        return self._asked
