"""Heavy work runs in threads, a few at a time, and never in the event loop."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from model.serving.refusals import RefusedError, busy

HEAVY_AT_ONCE = 1  # of what would keep the others waiting; with two, a drawing waits twice as long on two cores
MAX_WAITING = 100  # for a turn; more would not get one in time, and keep out those who need none
MAX_WAIT = 10  # seconds for a turn to come
SMALL = 16_000  # bytes of a drawing that is read at once, without a change of threads

T = TypeVar("T")


def small(body: bytes) -> bool:
    """Whether a body is small enough for what is quick with small ones."""
    return len(body) <= SMALL


def never(body: bytes) -> bool:
    """For what always waits for a turn."""
    return False


class Turns:
    """A queue for heavy work, first come, first served."""

    def __init__(self) -> None:
        """Start with all turns free."""
        self._workers = ThreadPoolExecutor(HEAVY_AT_ONCE)
        self._free = asyncio.Semaphore(HEAVY_AT_ONCE)
        self._waiting = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One turn. Raises RefusedError when it does not come in time."""
        if self._waiting >= MAX_WAITING:
            raise busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(MAX_WAIT):
                await self._free.acquire()
        except TimeoutError:
            raise busy() from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()

    async def work(
        self,
        function: Callable[[bytes], T],
        body: bytes,
        quick: Callable[[bytes], bool],
        until_gone: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> T:
        """What a function makes of a body, at once or in a thread when its turn comes.

        quick: whether it takes about as long as a change of threads. until_gone: ends when whoever asked has gone;
        then it is not worked on. Raises RefusedError, and what the function raises.
        """
        if quick(body):
            return function(body)
        gone = asyncio.ensure_future(until_gone()) if until_gone else None
        try:
            async with self.turn():
                if gone and gone.done():
                    raise RefusedError(400, "The request was given up.")
                return await asyncio.get_running_loop().run_in_executor(self._workers, function, body)
        finally:
            if gone:
                gone.cancel()
