"""A worker in a thread of this process."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from services.runtime.jobs import JobQueue


@contextmanager
def working(queue: JobQueue) -> Iterator[None]:
    """Run the jobs of a queue for as long as the block lasts."""
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    started = threading.Event()

    async def work() -> None:
        enough = asyncio.Event()
        loops.append((asyncio.get_running_loop(), enough))
        task = asyncio.create_task(queue.work(concurrency=2))
        started.set()
        await enough.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    started.wait()
    try:
        yield
    finally:
        loop, enough = loops[0]
        loop.call_soon_threadsafe(enough.set)
        thread.join()
