"""Who connects must say what they want, and take what they are sent, in time and in parts worth the name."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from model.serving import connection
from model.serving.connection import Connection, guard_connections

ENDED: list[str] = []  # the paths of what was asked and has had its answer, or none
LARGE = b"a" * 20_000_000  # more than lies in the buffers of the system


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Says how long the body was; to /refuse without having it, to /large at length, to /soon if it comes soon."""
    length, more = 0, scope["type"] == "http" and scope["path"] != "/refuse"
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.1 if scope.get("path") == "/soon" else None):
            while more:
                message = await receive()
                length, more = length + len(message.get("body", b"")), message.get("more_body", False)
    body = LARGE if scope["path"] == "/large" else str(length).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    asyncio.get_running_loop().call_later(0.1, ENDED.append, scope["path"])
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    config = uvicorn.Config(app, port=0, lifespan="off", log_level="error", log_config=None)
    config.load()
    guard_connections(config, {"x-a": "b"})
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.fixture(autouse=True)
def short(monkeypatch) -> None:
    monkeypatch.setattr(connection, "MAX_WAIT", 0.3)
    monkeypatch.setattr(connection, "MAX_TAKING", 0.3)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 5)


def all_of(connected: socket.socket) -> bytes:
    """All that is said until the other side hangs up."""
    said = bytearray()
    with contextlib.suppress(ConnectionError):
        while part := connected.recv(1 << 20):
            said += part
    return bytes(said)


def is_closed(connected: socket.socket, seconds: float = 3) -> bool:
    """Whether the other side hangs up, whatever it says before."""
    connected.settimeout(seconds)
    try:
        while connected.recv(65_536):
            pass
    except TimeoutError:
        return False
    except OSError:
        pass
    return True


def post(path: str, *more: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: a", *more, "", ""]).encode()


@pytest.mark.parametrize("said", [b"", b"POST / HT", post("/")[:-2]])
def test_who_says_nothing_or_half_is_hung_up_on(port, said) -> None:
    with connect(port) as connected:
        connected.sendall(said)
        began = time.perf_counter()
        assert is_closed(connected)
        assert 0.2 < time.perf_counter() - began < 2


def trickle(connected: socket.socket, part: bytes, seconds: float = 2) -> bool:
    """Whether the other side hangs up while a little is said again and again."""
    end = time.perf_counter() + seconds
    try:
        while time.perf_counter() < end:
            connected.sendall(part)
            time.sleep(0.02)
    except OSError:
        return True
    return False


def test_a_head_that_trickles_is_hung_up_on(port) -> None:
    with connect(port) as connected:
        connected.sendall(b"GET / HTTP/1.1\r\nX: ")
        assert trickle(connected, b"a")


def test_a_body_that_goes_on_after_its_answer_is_hung_up_on(port) -> None:
    with connect(port) as connected:
        connected.sendall(post("/refuse", "Content-Length: 1000000"))
        assert trickle(connected, b"a")


def test_a_body_that_comes_slowly_is_left_to_the_guard(port) -> None:
    with connect(port) as connected:
        connected.sendall(post("/", "Content-Length: 1000000"))
        assert not trickle(connected, b"a", 1)


def test_who_asks_again_and_again_is_answered(port) -> None:
    with connect(port) as connected:
        for _ in range(10):
            connected.sendall(post("/", "Content-Length: 3") + b"abc")
            answer = b""
            while not answer.endswith(b"\r\n\r\n3"):
                answer += connected.recv(1000)
            time.sleep(0.1)


def test_who_takes_no_answer_is_hung_up_on(port) -> None:
    with connect(port) as connected:
        connected.sendall(post("/large", "Content-Length: 0"))
        time.sleep(1.5)
        assert len(all_of(connected)) < len(LARGE)


def test_who_takes_a_large_answer_has_it_whole(port, monkeypatch) -> None:
    monkeypatch.setattr(connection, "MAX_TAKING", 10)
    with connect(port) as connected:
        connected.sendall(post("/large", "Content-Length: 0", "Connection: close"))
        assert all_of(connected).endswith(LARGE)


def test_when_many_are_slow_the_slowest_are_hung_up_on(port, monkeypatch) -> None:
    monkeypatch.setattr(connection, "MAX_TAKING", 60)
    monkeypatch.setattr(connection, "MAX_SLOW", 2)
    with contextlib.ExitStack() as stack:
        slow = []
        for _ in range(3):
            slow.append(connected := stack.enter_context(connect(port)))
            connected.sendall(post("/large", "Content-Length: 0", "Connection: close"))
            time.sleep(0.2)
        assert [all_of(connected).endswith(LARGE) for connected in slow] == [False, True, True]


@pytest.fixture
def unnoticed(monkeypatch) -> None:
    """What is left of an answer is too little for asyncio to tell anybody."""
    made = Connection.connection_made

    def connection_made(self: Connection, transport: asyncio.Transport) -> None:
        made(self, transport)
        transport.set_write_buffer_limits(high=2 * len(LARGE))

    monkeypatch.setattr(Connection, "connection_made", connection_made)


@pytest.mark.usefixtures("unnoticed")
@pytest.mark.parametrize("kind", ["close", "keep-alive"])
def test_who_is_closed_behind_an_answer_and_takes_none_is_hung_up_on(port, kind) -> None:
    with connect(port) as connected:
        connected.sendall(post("/large", "Content-Length: 0", f"Connection: {kind}"))
        time.sleep(0.2)
        if kind != "close":
            connected.shutdown(socket.SHUT_WR)
        time.sleep(1)
        assert len(all_of(connected)) < len(LARGE)


@pytest.mark.usefixtures("unnoticed")
def test_a_body_that_ends_in_no_http_behind_an_answer_that_is_not_taken_is_no_fault(port, caplog) -> None:
    with connect(port) as connected:
        connected.sendall(post("/large", "Content-Length: 0"))
        connected.sendall(post("/soon", "Transfer-Encoding: chunked") + b"no chunk\r\n")
        for _ in range(100):
            if "/soon" in ENDED:
                break
            time.sleep(0.1)
    assert "/soon" in ENDED
    assert "Exception" not in caplog.text


def test_the_system_keeps_little_of_an_answer_that_is_not_taken(port, monkeypatch) -> None:
    left = []
    paused = Connection.pause_writing

    def pause_writing(self: Connection) -> None:
        paused(self)
        left.append(self.transport.get_write_buffer_size())

    monkeypatch.setattr(Connection, "pause_writing", pause_writing)
    with connect(port) as connected:
        connected.sendall(post("/large", "Content-Length: 0"))
        time.sleep(0.2)
    assert len(LARGE) - left[0] < 4 * connection.MAX_SENT


@pytest.mark.parametrize(
    ("said", "served"),
    [
        (post("/", "Transfer-Encoding: chunked") + b"1\r\na\r\n" * 3_000 + b"0\r\n\r\n", False),
        (post("/", "Transfer-Encoding: chunked") + b"1;of-a-kind\r\nz\r\n" * 3_000 + b"0\r\n\r\n", False),
        (post("/", "Content-Length: 1\r\nTransfer-Encoding: chunked") + b"1\r\na\r\n" * 3_000 + b"0\r\n\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"a:b\r\n" * 3_000 + b"\r\n", False),
        (post("/", "Transfer-Encoding: chunked") + (b"fa0\r\n" + b"a" * 4_000 + b"\r\n") * 9 + b"0\r\n\r\n", True),
        (post("/", "Content-Length: 30000") + b"[\r\n" * 10_000, True),
    ],
)
def test_a_request_in_tiny_parts_is_not_taken_apart(port, said, served) -> None:
    with connect(port) as connected:
        connected.sendall(said[:200])
        time.sleep(0.05)
        try:
            connected.sendall(said[200:])
            answer = connected.recv(1000)
        except OSError:
            answer = b""
    assert answer.startswith(b"HTTP/1.1 200") is served


def test_tiny_parts_are_seen_behind_a_head_in_two_parts(port) -> None:
    """Behind such a head fewer of them than this would be read at once, and all taken apart."""
    head = post("/", "Transfer-Encoding: chunked")
    with connect(port) as connected:
        connected.sendall(head[:-8])
        time.sleep(0.05)
        connected.sendall(head[-8:] + b"1\r\na\r\n" * 2_000)
        try:
            connected.sendall(b"0\r\n\r\n")
            answer = connected.recv(1000)
        except OSError:
            answer = b""
    assert answer == b""


def test_who_wants_a_web_socket_is_answered_as_anyone(port, caplog) -> None:
    with connect(port) as connected, caplog.at_level("INFO", "uvicorn.error"):
        connected.sendall(post("/", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: a"))
        assert connected.recv(1000).startswith(b"HTTP/1.1 200 ")
    assert caplog.messages == []


def test_what_is_no_http_is_refused_in_a_sentence_with_the_headers(port) -> None:
    with connect(port) as connected:
        connected.sendall(b"hello\r\n\r\n")
        answer = connected.recv(1000).decode()
        assert is_closed(connected)
    assert answer.startswith("HTTP/1.1 400 ")
    assert "x-a: b\r\n" in answer
    assert answer.endswith('{"error": "This is no HTTP request."}')
