"""What strangers may ask for, and what they get: addresses, headers, limits, and nothing said about them."""

import asyncio
import json
import os
import re
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from model.serving import middleware
from model.serving.middleware import Call, Guard
from model.serving.options import Options
from model.serving.page import Page
from tests.support.demo import Demo, run_async
from tests.support.visitor import FIND, GOOD, READ, Reply, Visitor

ROOT = Path(__file__).resolve().parents[2]
RUN = "/gradio_api/run/read_strokes"
BESIDES = ("x-content-type-options", "referrer-policy")


@pytest.fixture(scope="session")
def visitor(demo: Demo) -> Visitor:
    return Visitor(demo)


def has_headers(reply: Reply) -> bool:
    """Whether an answer has the security headers, each once."""
    headers = {name.lower(): value for name, value in reply.headers.items()}
    wanted = Options().headers()
    policy = re.sub(r" 'sha256-[^']*'", "", headers["content-security-policy"])
    return policy == wanted["content-security-policy"] and all(headers[name] == wanted[name] for name in BESIDES)


@pytest.mark.parametrize("path", ["/", "/assets/main.js", "/page/network", "/page/units", "/favicon.ico", "/config"])
def test_what_the_page_and_programs_ask_for_is_there(visitor, path) -> None:
    whole, head = visitor.ask("GET", path), visitor.ask("HEAD", path)
    assert whole.status == 200
    assert has_headers(whole)
    if path != "/config":
        assert (head.status, head.body) == (200, b"")
        changing = {"date"}
        assert {k: v for k, v in head.headers.items() if k not in changing} == {
            k: v for k, v in whole.headers.items() if k not in changing
        }


def test_every_answer_has_the_headers(visitor) -> None:
    large = b" " * (middleware.MAX_BODY + 1)
    replies = {
        200: visitor.read(GOOD),
        400: visitor.read({}),
        404: visitor.ask("GET", "/nothing"),
        405: visitor.ask("GET", READ),
        413: visitor.post(large),
        415: visitor.ask("POST", READ, b"{}", Content_Type="text/plain"),
        304: visitor.ask("GET", "/", If_None_Match=visitor.ask("GET", "/").headers["etag"]),
    }
    for status, reply in replies.items():
        assert reply.status == status
        assert has_headers(reply)
        if status >= 400:
            assert json.loads(reply.body)["error"].endswith(".")
            assert json.loads(reply.body).keys() == {"error"}
    preflight = {"Origin": "https://a.example", "Access_Control_Request_Method": "POST"}
    for path in ("/", READ, RUN, "/gradio_api/call/read_strokes", "/gradio_api/info"):
        assert has_headers(visitor.ask("OPTIONS", path, **preflight))


def test_nobodys_credentials_are_asked_for(visitor) -> None:
    preflight = {"Origin": "https://a.example", "Access_Control_Request_Method": "POST", "Host": "b.example"}
    for path in (READ, RUN, "/gradio_api/call/read_strokes", "/gradio_api/info", "/config", "/"):
        for method in ("OPTIONS", "GET", "POST"):
            reply = visitor.ask(method, path, **preflight)
            assert "access-control-allow-credentials" not in {name.lower() for name in reply.headers}


def test_a_forwarded_host_is_believed_of_nobody(visitor) -> None:
    forged = {"X_Forwarded_Host": "evil.example", "X_Gradio_Server": "https://evil.example"}
    for path in ("/config", "/gradio_api/info", "/", "/gradio_api/openapi.json"):
        assert b"evil.example" not in visitor.ask("GET", path, **forged).body


@pytest.mark.parametrize(
    "path",
    [
        "/demo.py",
        "/model/networks/pretrained/shipped.npz",
        "//etc/passwd",
        "/assets",
        "/assets/",
        "/assets/../demo.py",
        "/assets/%2e%2e/demo.py",
        "/assets/%252e%252e/demo.py",
        "/assets%2f..%2fdemo.py",
        "/assets\\..\\demo.py",
        "/assets/main.js%00",
        "/assets/main.js%0a",
        "/assets/main.js/",
        "/assets/" + "a" * 5000,
        "/page",
        "/page/read/",
        "/page/take",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/theme.css",
        "/manifest.json",
        "/static/img/logo.svg",
        "/svelte/index.js",
        "/gradio_api/file=demo.py",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=http://127.0.0.1/",
        "/gradio_api/component_server/",
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
        READ,
        RUN,
    ],
)
def test_nothing_else_is(visitor, path) -> None:
    reply = visitor.ask("GET", path)
    assert 400 <= reply.status < 500
    assert json.loads(reply.body)["error"].endswith(".")


@pytest.mark.parametrize("path", ["upload", "process_recording", "vibe-edit", "undo-vibe-edit", "stream/1", "reset"])
def test_gradios_other_doors_are_shut(visitor, path) -> None:
    assert visitor.post(b'{"hash": "../../demo"}', f"/gradio_api/{path}").status == 404


@pytest.mark.parametrize("path", [READ, FIND, RUN, "/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/mcp/"])
def test_a_large_body_is_refused(visitor, path) -> None:
    large = b" " * (middleware.MAX_BODY + 1)
    assert visitor.post(large, path).status == 413
    parts = (large[k : k + 65_536] for k in range(0, len(large), 65_536))
    assert visitor.ask("POST", path, parts, Content_Type="application/json").status == 413
    assert visitor.is_served()


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=a", "application/x-www-form-urlencoded"])
def test_only_json_is_taken(visitor, kind) -> None:
    for path in (READ, FIND, RUN):
        assert visitor.ask("POST", path, json.dumps(GOOD).encode(), Content_Type=kind).status == 415


def test_the_commonest_mistake_of_programs_is_explained(visitor) -> None:
    for data in ([], [1, 2, 3, 4, 5], None):
        reply = visitor.post(json.dumps({"data": data}).encode(), RUN)
        assert reply.status == 400
        assert "[strokes, hold, silence, arrays]" in json.loads(reply.body)["error"]
    four = [[[4, 0], [1, 6], [7, 6]], [[6, 3], [5, 10]]]
    assert json.loads(visitor.post(json.dumps({"data": [four]}).encode(), RUN).body)["data"][0]["digit"] == 4


@pytest.mark.parametrize(
    "path", [RUN, "/gradio_api/api/read_picture", "/gradio_api/call/read_picture", "/gradio_api/call/v2/read_picture",
             "/gradio_api/queue/join", "/gradio_api/mcp/", READ, FIND],
)  # fmt: skip
def test_what_a_body_names_is_not_fetched(visitor, path) -> None:
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.7)

        def listen() -> None:
            try:
                listening.accept()[0].close()
                asked.set()
            except TimeoutError:
                pass

        waiting = threading.Thread(target=listen)
        waiting.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/big"
        file = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
        for data in ([file, None, None, None], [[[file]]], {"a": [file]}):
            tool = {"name": "read_picture", "arguments": {"picture": file}}
            body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": tool}
            body |= {"data": data, "picture": file, "fn_index": 1, "session_hash": "a"}
            assert visitor.post(json.dumps(body).encode(), path).status == 400
        waiting.join()
    assert not asked.is_set()


def test_a_body_that_never_comes_does_not_keep_the_others_waiting(visitor) -> None:
    for path in (READ, RUN, "/gradio_api/queue/join", "/gradio_api/cancel"):
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        hanging = [socket.create_connection(("127.0.0.1", visitor.port)) for _ in range(50)]
        for connection in hanging:
            connection.sendall(head.encode() + b"{")
        assert visitor.is_served()
        for connection in hanging:
            connection.close()


Answered = tuple[int, dict[bytes, bytes], bytes]


async def ask(app: Guard, path: str, parts: list[bytes], method: str = "POST", root_path: str = "") -> Answered:
    """Status, headers and body of the answer to one request; after its parts the body never ends."""
    sent: list[dict] = []

    async def receive() -> dict[str, Any]:
        if not parts:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "path": path, "method": method, "headers": headers, "query_string": b""}
    await app({**scope, "root_path": root_path}, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(part["body"] for part in sent[1:])


def through(*asked: Any) -> Answered:
    return run_async(ask(*asked))


async def fails(scope: dict, receive: middleware.Receive, send: middleware.Send) -> None:
    raise KeyError("secret of a visitor")


async def echoes(scope: dict, receive: middleware.Receive, send: middleware.Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{scope['root_path']} {scope['path']}".encode()})


def broken(body: bytes) -> bytes:
    raise RuntimeError("secret of a visitor")


def guarded(app: middleware.App = fails, **calls: middleware.Call) -> Guard:
    page = Page({"index.html": b"the page", "guide.html": b"", "icon.png": b""}, {})
    named = {f"page/{name}": call for name, call in calls.items()}
    return Guard(app, page, named, {"x-a": "b"}, ThreadPoolExecutor(middleware.HEAVY_AT_ONCE))


def test_a_body_that_does_not_come_in_time_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(middleware, "MAX_WAIT", 0.05)
    guard = guarded(read=Call(bytes, "a/b"))
    for path in ("/page/read", "/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/mcp/"):
        assert through(guard, path, [])[0] == 408


def test_more_than_can_be_served_at_once_are_turned_away(monkeypatch) -> None:
    guard = guarded(read=Call(bytes, "a/b", quick=True))
    for bound in ("MAX_AT_ONCE", "MAX_HELD"):
        with monkeypatch.context() as patch:
            patch.setattr(middleware, bound, 0)
            status, headers, body = through(guard, "/page/read", [b"{}"])
        assert (status, headers[b"x-a"]) == (503, b"b")
        assert json.loads(body)["error"].endswith("in a moment.")
    assert through(guard, "/page/read", [b"{", b"}"])[::2] == (200, b"{}")


def test_streams_have_a_bound_of_their_own(monkeypatch) -> None:
    monkeypatch.setattr(middleware, "MAX_STREAMS", 0)
    guard = guarded(echoes, read=Call(bytes, "a/b"))
    for path in ("/gradio_api/queue/data", "/gradio_api/call/read_strokes/1", "/gradio_api/mcp/sse"):
        assert through(guard, path, [], "GET")[0] == 503
    assert through(guard, "/page/read", [b"{}"])[0] == 200


def test_heavy_ones_wait_for_their_turn_and_not_for_ever(monkeypatch) -> None:
    monkeypatch.setattr(middleware, "MAX_WAIT", 0.2)
    at_work, most, enough = [], [0], threading.Event()

    def work(body: bytes) -> bytes:
        at_work.append(body)
        most[0] = max(most[0], len(at_work))
        enough.wait(0.5)
        at_work.pop()
        return body

    guard = guarded(find=Call(work, "a/b"), read=Call(work, "a/b", quick=True))

    async def all_at_once() -> list[int]:
        large = b" " * (middleware.SMALL + 1)
        asked = [("/page/find", [b"1"])] * 3 + [("/page/read", [large])] * 3
        return [status for status, *_ in await asyncio.gather(*(ask(guard, path, [*body]) for path, body in asked))]

    assert sorted(run_async(all_at_once())) == [200] * middleware.HEAVY_AT_ONCE + [503] * 4
    assert most[0] == middleware.HEAVY_AT_ONCE


def test_our_own_faults_are_ours(caplog) -> None:
    status, _, body = through(guarded(read=Call(broken, "a/b", quick=True)), "/page/read", [b"{}"])
    assert status == 500
    assert json.loads(body)["error"].endswith(".")
    assert b"secret" not in body
    assert "broken" in caplog.text  # where it was


def test_what_gradio_cannot_make_sense_of_is_the_requests_fault(caplog) -> None:
    status, _, body = through(guarded(), "/gradio_api/queue/join", [b"{}"])
    assert status == 400
    assert json.loads(body)["error"].endswith(".")
    assert "KeyError" in caplog.text
    assert "secret" not in caplog.text
    assert through(guarded(), "/config", [b""], "GET")[0] == 500  # but here nothing was asked that could be wrong


@pytest.mark.parametrize("root", ["", "/a", "/spaces/a b", "https://example.org/spaces/a/"])
def test_it_stands_under_a_path_whether_a_proxy_takes_that_off_or_not(root) -> None:
    prefix = root.removeprefix("https://example.org").rstrip("/")
    guard = guarded(echoes, read=Call(bytes, "a/b", quick=True))
    for before in {"", prefix}:
        assert through(guard, f"{before}/", [], "GET", root)[::2] == (200, b"the page")
        assert through(guard, f"{before}/assets/icon.png", [], "GET", root)[0] == 200
        assert through(guard, f"{before}/page/read", [b"1"], "POST", root)[::2] == (200, b"1")
        passed_on = through(guard, f"{before}/gradio_api/info", [], "GET", root)[2].decode()
        assert passed_on == f"{prefix} {prefix}/gradio_api/info"
    if prefix:
        status, headers, _ = through(guard, prefix, [], "GET", root)
        assert status == 308
        assert headers[b"location"].decode() == prefix.rpartition("/")[2].replace(" ", "%20") + "/"
        assert through(guard, f"{prefix}b/", [], "GET", root)[0] == 404


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
        visitor.read({"strokes": [[1, 2, "shibboleth"]]})
        visitor.find({"picture": "shibboleth"})
        visitor.post(b'{"data": ["shibboleth"]}', RUN)
        visitor.post(b'{"data": ["shibboleth", null, null, null]}', "/gradio_api/call/read_strokes")
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
