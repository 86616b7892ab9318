"""Floods of a demo on this machine, one after another, and what an honest visitor has of it meanwhile.

`python -m tests.benchmarks.attack` sends all of them, or those named. Nothing else should be running. Each prints how
much memory the server took at most, how long honest readings took, and which bound was missed; then the command fails.
None sends anything to another machine.
"""

import base64
import json
import socket
import sys
import threading
import time
from collections.abc import Callable

from tests.support.attacks import (
    API,
    flood,
    hanging,
    head,
    idle_kinds,
    joining,
    large_picture,
    many_points,
    watching,
)
from tests.support.demo import Demo
from tests.support.parts import chosen
from tests.support.visitor import GOOD, READ


def pictures(demo: Demo) -> None:
    """60 at once of 8 million pixels each, in 55 kB, with a digit in them."""
    picture = base64.b64encode(large_picture()).decode()
    for path, asked in (
        (f"{API}run/read_picture", {"data": [picture, None, None, None]}),
        (f"{API}mcp/", called("read_picture", {"picture": picture})),
        ("/page/find", {"picture": picture}),
    ):
        with watching(demo) as seen:
            statuses = flood(demo.port, path, json.dumps(asked).encode(), 60)
        say(f"60 large pictures to {path}", statuses, seen)
        keep_to("MB at most", seen.peak, 1500)
        keep_to("s, p95", seen.honest.p95, 0.1)


def joins(demo: Demo) -> None:
    """400 small calls and 40 large ones that nobody fetches."""
    large = b'[["' + b"a" * 1_860_000 + b'"],null,null,null]'
    for body, count, more in ((joining(large), 40, 150), (joining(), 400, 50)):
        with watching(demo) as seen:
            statuses = flood(demo.port, f"{API}queue/join", body, count)
        say(f"{count} joins of {len(body):,} bytes", statuses, seen)
        keep_to("MB left", seen.after - seen.before, more)
        keep_to("MB at most", seen.peak, 1500)


def parsing(demo: Demo) -> None:
    """60 bodies at once that take fifty times their size when they are parsed."""
    for path in ("run/read_strokes", "run/read_picture", "call/read_strokes", "queue/join", "mcp/"):
        with watching(demo) as seen:
            statuses = flood(demo.port, API + path, many_points(), 60)
        say(f"60 bodies of 1.84 MB to {path}", statuses, seen)
        keep_to("MB at most", seen.peak, 1200)
        keep_to("s, p95", seen.honest.p95, 0.2)


def idle(demo: Demo) -> None:
    """600 connections of each kind that say no more."""
    for kind, said in idle_kinds().items():
        with hanging(demo.port, said, 600), watching(demo) as seen:
            time.sleep(3)
        say(f"600 connections: {kind}", None, seen)
        keep_to("s at most", seen.honest.worst, 1)
        keep_to("lost", seen.honest.lost, 1)


def requests(demo: Demo) -> None:
    """1,000 requests at once, of every kind."""
    stroke = json.dumps({"data": [[[[1, 2], [3, 4]]], None, None, None]}).encode()
    every = json.dumps({"data": [[[[1, 2], [3, 4]]], {"input_gate": 1}, [1], names()]}).encode()
    for method, path, body in (
        ("GET", "/", b""),
        ("GET", "/config", b""),
        ("GET", f"{API}info", b""),
        ("POST", READ, json.dumps(GOOD).encode()),
        ("POST", READ, json.dumps({**GOOD, "full": True, "silence": [1]}).encode()),
        ("POST", f"{API}run/read_strokes", stroke),
        ("POST", f"{API}run/read_strokes", every),
        ("POST", f"{API}call/read_strokes", stroke),
        ("POST", f"{API}mcp/", json.dumps(called("read_strokes", {"strokes": [[[1, 2]]]})).encode()),
    ):
        with watching(demo) as seen:
            statuses = flood(demo.port, path, body, 1000, method)
        say(f"1,000 × {method} {path}, {len(body)} bytes", statuses, seen)
        keep_to("lost", seen.honest.lost, 1)


def shapes(demo: Demo) -> None:
    """Requests that are all work and no content: tiny chunks, pipelines, heads full of headers, halves."""
    chunked = head("POST", READ, None, "Content-Type: application/json", "Transfer-Encoding: chunked")
    kinds = {
        "chunks of a byte": (chunked, b"1\r\n \r\n" * 10_000),
        "chunks of twelve bytes": (chunked, b"c\r\n            \r\n" * 5_000),
        "pipelined": (b"", b"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n" * 2_000),
        "headers": (b"", b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a:b\r\n" * 12_000 + b"\r\n"),
        "after the answer": (head("POST", "/nothing", 10**9), b" " * 65_536),
    }
    for name, (first, more) in kinds.items():
        with watching(demo) as seen:
            threads = [threading.Thread(target=pour, args=(demo.port, first, more)) for _ in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        say(f"20 connections for 3 s: {name}", None, seen)
        keep_to("lost", seen.honest.lost, 1)


def unread(demo: Demo) -> None:
    """300 who ask for large answers and take none."""
    body = json.dumps({"data": [[[[1, 2], [3, 4]]], None, None, names()]}).encode()
    asked = head("POST", f"{API}run/read_strokes", len(body)).replace(b"Connection: close\r\n", b"") + body
    with watching(demo) as seen, hanging(demo.port, asked * 20, 300):
        time.sleep(5)
    say("300 who take no answers", None, seen)
    keep_to("lost", seen.honest.lost, 1)


def names() -> list[str]:
    return ["image", "logits", "verdict", "evidence", "memory", "added", "input_gate", "cell", "hidden", "candidate"]


def called(name: str, arguments: dict) -> dict:
    """A tool, called as agents do."""
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}


def pour(port: int, first: bytes, more: bytes, seconds: float = 3) -> None:
    """Send the same again and again, on a new connection whenever one is closed, and read what comes."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                connection.sendall(first)
                while time.perf_counter() < end:
                    connection.settimeout(0.2)
                    try:
                        connection.sendall(more)
                        connection.setblocking(False)
                        while connection.recv(65_536):
                            pass
                    except BlockingIOError:
                        continue
        except OSError:
            continue


def say(what: str, statuses: object, seen: object) -> None:
    print(f"{what}: {dict(statuses) if statuses else ''}\n    {seen}", flush=True)  # type: ignore[call-overload]


missed: list[str] = []


def keep_to(what: str, value: float, bound: float) -> None:
    """Note it when a figure is not below its bound."""
    if value >= bound:
        missed.append(f"{value:.3g} {what}, not below {bound}")
        print(f"    missed: {missed[-1]}", flush=True)


PARTS: dict[str, Callable[[Demo], None]] = {
    each.__name__: each for each in (pictures, joins, parsing, idle, requests, shapes, unread)
}

if __name__ == "__main__":
    parts = chosen(__doc__, PARTS)
    demo = Demo()
    try:
        for part in parts:
            part(demo)
    finally:
        demo.kill()
    sys.exit(f"{len(missed)} bounds missed." if missed else 0)
