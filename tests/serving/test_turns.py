"""Heavy work waits for its turn."""

import asyncio
import threading

import pytest

from model.serving import turns
from model.serving.refusals import RefusedError
from model.serving.turns import HEAVY_AT_ONCE, SMALL, Turns, never, small
from tests.support.demo import run_async


def where(body: bytes) -> threading.Thread:
    return threading.current_thread()


@pytest.mark.parametrize(
    ("size", "quick", "at_once"), [(SMALL, small, True), (SMALL + 1, small, False), (1, never, False)]
)
def test_what_is_quick_and_small_is_done_at_once(size, quick, at_once) -> None:
    async def work() -> bool:
        return await Turns().work(where, bytes(size), quick) is threading.current_thread()

    assert run_async(work()) is at_once


def test_no_more_is_worked_on_at_once_than_there_are_turns() -> None:
    at_work, most, lock = 0, 0, threading.Lock()

    def work(body: bytes) -> None:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        threading.Event().wait(0.01)
        with lock:
            at_work -= 1

    async def all_at_once() -> None:
        shared = Turns()
        await asyncio.gather(*(shared.work(work, b"", never) for _ in range(10)))

    run_async(all_at_once())
    assert most == HEAVY_AT_ONCE


def test_a_turn_that_does_not_come_is_told(monkeypatch) -> None:
    monkeypatch.setattr(turns, "MAX_WAIT", 0.05)

    async def waits() -> None:
        shared = Turns()
        async with shared.turn():
            with pytest.raises(RefusedError, match="busy"):
                await shared.work(where, b"", never)
        await shared.work(where, b"", never)  # and it comes when there is one again

    run_async(waits())


def test_no_more_wait_than_would_get_a_turn(monkeypatch) -> None:
    monkeypatch.setattr(turns, "MAX_WAITING", 3)

    async def crowd() -> list[bool]:
        shared = Turns()
        async with shared.turn():
            asked = [asyncio.ensure_future(shared.work(where, b"", never)) for _ in range(5)]
            await asyncio.sleep(0.05)
            refused = [one.done() for one in asked]
        await asyncio.gather(*asked, return_exceptions=True)
        return refused

    assert run_async(crowd()) == [False] * 3 + [True] * 2


def test_what_fails_gives_its_turn_back() -> None:
    def fails(body: bytes) -> None:
        raise ValueError("no")

    async def fail() -> None:
        shared = Turns()
        for _ in range(2 * HEAVY_AT_ONCE):
            with pytest.raises(ValueError, match="no"):
                await shared.work(fails, b"", never)

    run_async(fail())
