"""What strangers may ask for, and what they get: addresses, headers, limits, and nothing said about them."""

import asyncio
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from model.serving import middleware
from tests.support.demo import Demo, run_async
from tests.support.visitor import CALL, GOOD, Visitor

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def visitor(demo: Demo) -> Visitor:
    return Visitor(demo)


@pytest.mark.parametrize(
    "path", ["/", "/config", "/gradio_api/file=assets/main.js", "/gradio_api/info", "/favicon.ico"]
)
def test_what_the_page_is_made_of_is_served(visitor, path) -> None:
    reply = visitor.ask("GET", path)
    assert reply.status == 200
    assert middleware.HEADERS.items() <= {name.lower(): value for name, value in reply.headers.items()}.items()


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=demo.py",
        "/gradio_api/file=model/shipped.npz",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=assets",
        "/gradio_api/file=assets/../demo.py",
        "/gradio_api/file=assets/%2e%2e/demo.py",
        "/gradio_api/file=assets/%252e%252e/demo.py",
        "/gradio_api/file=assets%2f..%2fdemo.py",
        "/gradio_api/file=assets\\..\\demo.py",
        "/gradio_api/file=assets/main.js%00",
        "/gradio_api/file=assets/main.js%0a",
        "/gradio_api/file=http://127.0.0.1/",
        "/gradio_api/file/assets/main.js",
        "/assets/../../../demo.py",
        "/assets/..%2f..%2f..%2frequirements.txt",
        "/static/%2e%2e/%2e%2e/package.json",
        "/static//etc/passwd",
        "/svelte/../../routes.py",
        "/assets/" + "a" * 5000,
        "/gradio_api/proxy=http://127.0.0.1/",
        "/gradio_api/stream/a/b/1/playlist.m3u8",
        "/gradio_api/custom_component/1/client/component/index.js",
        "/gradio_api/vibe-code",
        "/gradio_api/dev/reload",
        "/gradio_api/heartbeat/a",
        "/gradio_api/deep_link?session_hash=a",
        "/gradio_api/runs",
        "/monitoring",
        "/pwa_icon/9999",
        "/login_check",
        "/README.md",
        "/.git/config",
        CALL,
    ],
)
def test_nothing_else_is(visitor, path) -> None:
    reply = visitor.ask("GET", path)
    assert 400 <= reply.status < 500
    assert b"import" not in reply.body
    assert b"root:" not in reply.body


@pytest.mark.parametrize("path", ["upload", "process_recording", "vibe-edit", "undo-vibe-edit", "stream/1", "reset"])
def test_gradios_other_doors_are_shut(visitor, path) -> None:
    assert visitor.post(b'{"hash": "../../demo"}', f"/gradio_api/{path}").status == 404


def test_a_large_body_is_refused(visitor) -> None:
    large = b" " * (middleware.MAX_BODY + 1)
    assert visitor.post(large).status == 413
    parts = (large[k : k + 65_536] for k in range(0, len(large), 65_536))
    assert visitor.ask("POST", CALL, parts, Content_Type="application/json").status == 413
    assert visitor.is_served()


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=a", "application/x-www-form-urlencoded"])
def test_only_json_is_taken(visitor, kind) -> None:
    assert visitor.ask("POST", CALL, json.dumps(GOOD).encode(), Content_Type=kind).status == 415


def test_a_body_that_never_comes_does_not_keep_the_others_waiting(visitor) -> None:
    head = f"POST {CALL} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    hanging = [socket.create_connection(("127.0.0.1", visitor.port)) for _ in range(50)]
    for connection in hanging:
        connection.sendall(head.encode() + b"{")
    assert visitor.is_served()
    for connection in hanging:
        connection.close()


def through(app: middleware.Guard, path: str, parts: list[bytes], method: str = "POST") -> tuple[int, dict[str, Any]]:
    """Status and answer of one request; after its parts the body never ends."""
    sent: list[dict] = []

    async def receive() -> dict[str, Any]:
        if not parts:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "method": method, "headers": [(b"content-type", b"application/json")]}
    run_async(app(scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


async def fails(scope: dict, receive: middleware.Receive, send: middleware.Send) -> None:
    raise KeyError("secret of a visitor")


def guarded(**functions: middleware.Function) -> middleware.Guard:
    return middleware.Guard(fails, functions, {"read"}, component=1)


def test_a_body_that_does_not_come_in_time_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(middleware, "MAX_WAIT", 0.05)
    assert through(guarded(), CALL, [])[0] == 408


def test_more_than_can_be_served_at_once_are_turned_away(monkeypatch) -> None:
    monkeypatch.setattr(middleware, "MAX_AT_ONCE", 0)
    status, answer = through(guarded(), CALL, [b"{}"])
    assert status == 503
    assert answer["error"].endswith("in a moment.")


def test_what_gradio_cannot_make_sense_of_is_the_requests_fault(caplog) -> None:
    status, answer = through(guarded(), "/gradio_api/queue/join", [b"{}"])
    assert status == 400
    assert answer["ok"] is False
    assert "KeyError" in caplog.text
    assert "secret" not in caplog.text
    with pytest.raises(KeyError):  # but what goes wrong with the page itself is the server's
        through(guarded(), "/", [b""], "GET")


WATCH = """
import socket, sys
def connect(self, address, _connect=socket.socket.connect):
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        print("CALLED", address, file=sys.stderr, flush=True)
    return _connect(self, address)
socket.socket.connect = connect
def look_up(host, *more, _look_up=socket.getaddrinfo, **named):
    if host not in ("127.0.0.1", "::1", "localhost", None):
        print("LOOKED UP", host, file=sys.stderr, flush=True)
    return _look_up(host, *more, **named)
socket.getaddrinfo = look_up
"""


@pytest.mark.skipif(sys.platform == "win32", reason="reads what the process wrote to its terminal")
def test_it_calls_no_other_host_and_says_nothing_about_its_visitors(tmp_path, capfd) -> None:
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    demo = Demo(PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    try:
        visitor = Visitor(demo)
        visitor.call("read", {"strokes": [[1, 2, "shibboleth"]]}, {"session_hash": "shibboleth"})
        visitor.call("find", {"picture": "shibboleth"})
        for path in ("/?shibboleth", "/shibboleth", "/gradio_api/call/shibboleth/1"):
            visitor.ask("GET", path, User_Agent="shibboleth", Cookie="shibboleth", X_Forwarded_For="192.0.2.7")
        visitor.post(b'{"data": [NaN], "session_hash": "shibboleth"}', "/gradio_api/queue/join")
        assert visitor.is_served()
    finally:
        demo.kill()
    said = "".join(capfd.readouterr())
    assert "Running on" in said
    for word in ("CALLED", "LOOKED UP", "shibboleth", "192.0.2.7", "Traceback"):
        assert word not in said
