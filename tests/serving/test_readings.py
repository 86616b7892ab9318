"""Readings of many people at once: each is answered about their own drawing, whatever else is read beside it."""

import asyncio
import struct

import numpy as np
import pytest

from model.serving.readings import BATCH, Readings
from model.serving.request import Request, checked
from tests.support.demo import run_async
from tests.support.drawings import pen_digits

DRAWINGS = [{"strokes": digit["strokes"]} for digit in pen_digits()]
REQUESTS = [
    checked(request)
    for request in (
        *DRAWINGS[:12],
        {**DRAWINGS[12], "silence": [3, 77]},
        {**DRAWINGS[13], "hold": {"forget_gate": [1, 5, 20]}},
        {**DRAWINGS[14], "vary": "rotated"},
        {**DRAWINGS[15], "silence": [5], "full": True},
        {"strokes": []},
        {**DRAWINGS[17], "hold": {"input_gate": [0.4, 3, 27, 127], "output_gate": [0, 0, 27, 0]}},
        *DRAWINGS[18:30],
    )
]


async def together(readings: Readings, requests: list[Request]) -> list[bytes]:
    return await asyncio.gather(*map(readings.answer, requests))


def test_what_is_read_together_is_read_as_if_alone(readings) -> None:
    alone = [run_async(readings.answer(request)) for request in REQUESTS]
    order = np.random.default_rng(1).permutation(len(REQUESTS))
    for requests, answers in ((REQUESTS, alone), ([REQUESTS[k] for k in order], [alone[k] for k in order])):
        assert run_async(together(readings, requests)) == answers


def test_it_reads_what_the_reader_reads(readings, reader) -> None:
    for request, answer in zip(REQUESTS, run_async(together(readings, REQUESTS)), strict=True):
        reading = reader.read(request.image, request.hold, request.silence)
        digit, score, *probabilities = struct.unpack_from("<b6x11f", answer, 1)
        assert digit == (-1 if reading.digit is None else reading.digit)
        assert score == pytest.approx(reading.score, rel=1e-6, abs=1e-5)
        np.testing.assert_allclose(probabilities, reading.probabilities, atol=5e-6)  # sums in another order
        if not request.full:
            trace = reading.trace
            gates = np.frombuffer(answer, "<u2", 3 * 3584, 880).reshape(3, 28, 128)
            expected = 65_535 * np.stack([trace.input_gate, trace.forget_gate, trace.output_gate])
            assert np.abs(gates - expected)[[0, 2]].max() < 0.5 + 0.1  # rounded each on its own
            assert np.abs(gates - expected)[1].max() < 1 + 0.1  # so that neighbours' errors cancel


@pytest.mark.parametrize("value", [0, 1])
def test_a_gate_held_open_or_shut_is_exactly_so(readings, value) -> None:
    answer = run_async(readings.answer(checked({**DRAWINGS[3], "hold": {"forget_gate": [value, 0, 27]}})))
    assert (np.frombuffer(answer, "<u2", 3584, 880 + 2 * 3584) == 65_535 * value).all()


def test_a_gate_of_one_unit_held_open_is_exactly_so_and_no_other(readings) -> None:
    free, held = (
        np.frombuffer(run_async(readings.answer(checked({**DRAWINGS[3], "hold": hold}))), "<u2", 3584, 880 + 2 * 3584)
        for hold in ({}, {"forget_gate": [1, 0, 27, 18]})
    )
    free, held = free.reshape(28, 128), held.reshape(28, 128)
    assert (held[:, 18] == 65_535).all()
    assert not (held == 65_535).all(axis=0)[np.arange(128) != 18].any()
    # Rounded together with later rows, which are others.
    assert np.abs(np.delete(held[0], 18).astype(int) - np.delete(free[0], 18)).max() <= 1


def test_who_gives_up_leaves_the_others_their_answers(readings) -> None:
    waiting = [request for request in REQUESTS if not request.full]

    async def some_give_up() -> tuple[list[bytes], list[bytes]]:
        tasks = [asyncio.create_task(readings.answer(request)) for request in waiting]
        await asyncio.sleep(0)
        for task in tasks[::3]:
            task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(answer, asyncio.CancelledError) for answer in answers[::3])
        return [answer for k, answer in enumerate(answers) if k % 3], await together(readings, waiting)

    served, right = run_async(some_give_up())
    assert served == [answer for k, answer in enumerate(right) if k % 3]


def test_a_unit_that_there_is_not_is_refused_alone(readings) -> None:
    wrong = checked({**DRAWINGS[0], "silence": [128]})

    async def with_others() -> list[bytes | BaseException]:
        return await asyncio.gather(*map(readings.answer, [wrong, *REQUESTS[:2]]), return_exceptions=True)

    refused, *others = run_async(with_others())
    assert str(refused) == "Units to silence are whole numbers from 0 to 127."
    assert others == run_async(together(readings, REQUESTS[:2]))


def test_a_pass_that_fails_keeps_nobody_waiting(readings, monkeypatch) -> None:
    def fails(*_: object) -> None:
        raise MemoryError

    async def with_others() -> list[bytes | BaseException]:
        return await asyncio.gather(*map(readings.answer, REQUESTS[: BATCH + 2]), return_exceptions=True)

    with monkeypatch.context() as patch:
        patch.setattr(readings, "_pass", fails)
        assert all(isinstance(answer, MemoryError) for answer in run_async(with_others()))
    assert run_async(readings.answer(REQUESTS[0])) == run_async(together(readings, REQUESTS))[0]
