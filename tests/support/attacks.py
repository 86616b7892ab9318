"""Floods for a running demo on this machine, and what it took: memory, statuses. Bounded in number and in time."""

import asyncio
import contextlib
import functools
import io
import json
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

from tests.support.demo import Demo, run_async
from tests.support.drawings import as_points, first_of
from tests.support.honest import Honest

API = "/gradio_api/"
CLEAR_REFS = "5"  # resets the peak that Linux keeps of a process
PATIENCE = 60  # seconds


@functools.cache
def large_picture(side: int = 2828) -> bytes:
    """A PNG of 8 million pixels in 55 kB, RGBA, so that it takes 32 MB; in it a digit, which is found and read."""
    picture = Image.new("RGBA", (side, side))
    for stroke in as_points(first_of(3)):
        ImageDraw.Draw(picture).line([tuple(point) for point in stroke * side / 1000], "black", side // 20)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def many_points(size: int = 1_840_000) -> bytes:
    """A body of `[0],[0],…`, which takes fifty times its size when it is parsed."""
    return b'{"data":[[' + b",".join([b"[0]"] * (size // 4)) + b"],null,null,null]}"


def joining(data: bytes = b"[[[1,2],[3,4]],null,null,null]") -> bytes:
    """A call that joins the queue and asks for every array, which is a large answer to a small question."""
    names = json.dumps(["image", "logits", "verdict", "evidence", "memory", "added", "cell", "hidden"])
    data = data.replace(b"null]", names.encode() + b"]")
    return b'{"fn_index":0,"session_hash":"attack","data":' + data + b"}"


class Memory:
    """What a server holds, in MB, and the most it held since this was made."""

    def __init__(self, demo: Demo) -> None:
        self._pid = demo.process.pid
        self._status = Path(f"/proc/{self._pid}/status")
        self._sampled = self.now
        with contextlib.suppress(OSError):
            Path(f"/proc/{self._pid}/clear_refs").write_text(CLEAR_REFS)

    @property
    def now(self) -> float:
        return int(subprocess.check_output(["ps", "-o", "rss=", "-p", str(self._pid)])) / 1024

    @property
    def peak(self) -> float:
        if not self._status.exists():  # another system than Linux
            return max(self._sampled, self.now)
        (line,) = [line for line in self._status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024


class Seen:
    """What an attack came to: memory before, at its peak and after in MB, and an honest visitor's readings."""

    def __init__(self, before: float) -> None:
        self.before = before
        self.peak = self.after = before
        self.honest: Honest

    def __str__(self) -> str:
        honest = self.honest
        return (
            f"memory {self.before:.0f} MB, at most {self.peak:.0f}, after {self.after:.0f}; {len(honest.times)} honest "
            f"readings, p95 {1000 * honest.p95:.0f} ms, at most {1000 * honest.worst:.0f} ms, {honest.lost} lost"
        )


@contextlib.contextmanager
def watching(demo: Demo) -> Iterator[Seen]:
    """Watch what happens in the block, with an honest visitor drawing all the while."""
    memory = Memory(demo)
    seen = Seen(memory.now)
    seen.honest = Honest(demo.port)
    try:
        yield seen
    finally:
        seen.honest.stop()
        seen.peak, seen.after = memory.peak, memory.now


def head(method: str, path: str, length: int | None = None, *more: str) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: a", "Connection: close", *more]
    if length is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode()


async def ask(port: int, request: bytes) -> tuple[int, bytes]:
    """Status and body of the answer to one request; 0 when there was none."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return 0, b""
    try:
        writer.write(request)
        answer = await asyncio.wait_for(reader.read(), PATIENCE)
        top, _, body = answer.partition(b"\r\n\r\n")
        return int(top.split(b" ")[1]) if top else 0, body
    except (OSError, TimeoutError):
        return 0, b""
    finally:
        writer.close()


def flood(port: int, path: str, body: bytes, count: int, method: str = "POST") -> Counter[int]:
    """Ask the same so often at once; how often which status came back."""

    async def all_at_once() -> list[tuple[int, bytes]]:
        request = head(method, path, len(body)) + body
        return await asyncio.gather(*(ask(port, request) for _ in range(count)))

    return Counter(status for status, _ in run_async(all_at_once()))


@contextlib.contextmanager
def hanging(port: int, said: bytes, count: int) -> Iterator[None]:
    """So many connections on which this much is said, and then nothing, for as long as the block takes."""
    connections = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(count)]
    try:
        for connection in connections:
            connection.sendall(said)
        yield
    finally:
        for connection in connections:
            connection.close()


def idle_kinds() -> dict[str, bytes]:
    """What is said on connections that then say nothing more, by name."""
    kinds = {
        "nothing": b"",
        "half a head": b"POST /page/read HTTP/1.1\r\nHost: a\r\nX-A: ",
        "the page, kept open": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "queue/data": head("GET", f"{API}queue/data?session_hash=nobody"),
        "a call's answer": head("GET", f"{API}call/read_strokes/0"),
        "mcp, by GET": head("GET", f"{API}mcp/", None, "Accept: text/event-stream"),
        "mcp/sse": head("GET", f"{API}mcp/sse", None, "Accept: text/event-stream"),
    }
    slow = [API + name for name in ("run/read_strokes", "call/read_picture", "queue/join", "cancel", "mcp/")]
    slow += ["/page/read", "/page/find"]
    return kinds | {f"half a body to {path}": head("POST", path, 1000) + b"{" for path in slow}
