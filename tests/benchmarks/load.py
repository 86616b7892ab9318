"""A crowd of people drawing at once, on this machine: `python -m tests.benchmarks.load`, all parts or those named.

Parts: classroom (50 people), hall (200 people), soak (memory over 100,000 readings). Nothing else should be running.
To compare two states of the project, run the same part of each in turns.
"""

import asyncio
import json
import subprocess
import time
from dataclasses import dataclass, field
from itertools import chain

import model
from model.serving.readings import Readings
from model.serving.request import checked
from tests.support.demo import Demo, run_async
from tests.support.drawings import pen_digits
from tests.support.parts import chosen
from tests.support.visitor import READ

RATE = 5  # pen moves a second, each of which a person wants read
STEPS = 12  # pen moves in a digit
PATIENCE = 6  # seconds for an answer

Move = tuple[bytes, bytes]  # the body of a request, and its right answer
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Drawer:
    """What one person was answered."""

    times: list[float] = field(default_factory=list)  # seconds from request to answer
    lost: int = 0
    wrong: int = 0
    skipped: int = 0  # moves made while an answer was awaited: the next request holds them too


def pen_moves(reader: model.Reader) -> list[list[Move]]:
    """60 digits, each in STEPS moves: the drawing grows, as it does under a pen."""
    drawings = [
        {"strokes": [stroke[: 2 * -(-len(stroke) * k // (2 * STEPS))] for stroke in digit["strokes"]]}
        for digit in pen_digits()
        for k in range(1, STEPS + 1)
    ]
    right = run_async(right_answers(reader, drawings))
    moves = [(json.dumps(drawing).encode(), answer) for drawing, answer in zip(drawings, right, strict=True)]
    return [moves[k : k + STEPS] for k in range(0, len(moves), STEPS)]


async def right_answers(reader: model.Reader, drawings: list[dict]) -> list[bytes]:
    """What the server has to answer, to the last bit."""
    readings = Readings(reader)
    return await asyncio.gather(*(readings.answer(checked(drawing)) for drawing in drawings))


async def ask(stream: Stream, body: bytes) -> bytes:
    """One request on a connection that stays open: the answer. Raises OSError for any other than a reading."""
    reader, writer = stream
    head = f"POST {READ} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise OSError(head.split(b"\r\n")[0].decode())
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return await reader.readexactly(length)


async def draw(port: int, moves: list[Move], start: float, end: float, rate: float) -> Drawer:
    """Draw from start to end, one request at a time, the newest drawing always next."""
    drawer = Drawer()
    stream = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    move = 0
    while (due := start + move / rate) < end and time.perf_counter() < end:
        await asyncio.sleep(due - time.perf_counter())
        newest = max(move, int((time.perf_counter() - start) * rate))
        drawer.skipped += newest - move
        body, right = moves[newest % len(moves)]
        sent = time.perf_counter()
        try:
            drawer.wrong += await asyncio.wait_for(ask(stream, body), PATIENCE) != right
            drawer.times.append(time.perf_counter() - sent)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            drawer.lost += 1
            stream[1].close()
            stream = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        move = newest + 1
    stream[1].close()
    return drawer


async def crowd(port: int, people: int, seconds: float, digits: list[list[Move]], rate: float = RATE) -> list[Drawer]:
    """What each was answered. They begin with different digits, and not in step."""
    turned = [digits[k % len(digits) :] + digits[: k % len(digits)] for k in range(people)]
    now = time.perf_counter()
    starts = [now + k / people / rate for k in range(people)]
    draws = (
        draw(port, list(chain.from_iterable(own)), start, start + seconds, rate)
        for own, start in zip(turned, starts, strict=True)
    )
    return await asyncio.gather(*draws)


def report(drawers: list[Drawer], seconds: float) -> tuple[float, float]:
    """Print how it went; readings a second, and the 95th percentile of the times, in ms."""
    times = sorted(1000 * t for drawer in drawers for t in drawer.times)
    served = [len(drawer.times) for drawer in drawers]
    rate, p50, p95 = len(times) / seconds, times[len(times) // 2], times[int(0.95 * len(times))]
    lost, wrong, skipped = (sum(getattr(d, what) for d in drawers) for what in ("lost", "wrong", "skipped"))
    print(f"{len(drawers)} people, {seconds:.0f} s: {rate:.1f} readings/s, p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    print(f"    lost {lost}, wrong {wrong}, skipped {skipped}; each had {min(served)} to {max(served)}", flush=True)
    assert lost == wrong == 0
    assert min(served) >= 0.8 * max(served), "not served evenly"
    return rate, p95


def memory(demo: Demo) -> float:
    """MB that the server holds."""
    return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(demo.process.pid)])) / 1024


def classroom(demo: Demo, digits: list[list[Move]]) -> None:
    """50 people: nobody waits."""
    rate, p95 = report(asyncio.run(crowd(demo.port, 50, 60, digits)), 60)
    assert rate > 249
    assert p95 < 150


def hall(demo: Demo, digits: list[list[Move]]) -> None:
    """200 people, who want 1,000 readings a second: all are served, and evenly."""
    _, p95 = report(asyncio.run(crowd(demo.port, 200, 30, digits)), 30)
    assert p95 < 1000 * PATIENCE / 2


def soak(demo: Demo, digits: list[list[Move]]) -> None:
    """100,000 readings as fast as they come; 20 minutes at most."""
    asyncio.run(crowd(demo.port, 50, 20, digits, rate=1000))
    before, done, end = memory(demo), 0, time.perf_counter() + 1200
    while done < 100_000:
        assert time.perf_counter() < end, f"only {done:,} readings in 20 minutes"
        drawers = asyncio.run(crowd(demo.port, 50, 20, digits, rate=1000))
        done += sum(len(drawer.times) for drawer in drawers)
        assert not any(drawer.lost or drawer.wrong for drawer in drawers)
    after = memory(demo)
    print(f"memory {before:.0f} MB, after {done:,} readings {after:.0f} MB: {after / before - 1:+.1%}")
    assert after < 1.05 * before


PARTS = {"classroom": classroom, "hall": hall, "soak": soak}

if __name__ == "__main__":
    parts = chosen(__doc__, PARTS)
    demo = Demo()
    try:
        digits = pen_moves(model.load_reader())
        for part in parts:
            part(demo, digits)
    finally:
        demo.kill()
