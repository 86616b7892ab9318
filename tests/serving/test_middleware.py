"""What strangers may ask for, and what they get: addresses, headers, limits, and nothing said about them."""

import asyncio
import json
import socket
import threading
from typing import Any

import pytest

from model.serving import middleware, turns
from model.serving.agents import Agents
from model.serving.api import Api
from model.serving.middleware import Call, Guard
from model.serving.page import Page
from model.serving.programs import Endpoint, Programs
from model.serving.refusals import FAULT
from model.serving.turns import Turns, small
from tests.support.demo import Demo, run_async
from tests.support.visitor import FIND, GOOD, READ, Visitor, has_headers

SECRET = "secret" + " of a visitor"  # apart, since a trace shows lines of code
RUN = "/gradio_api/run/read_strokes"


@pytest.fixture(scope="session")
def visitor(demo: Demo) -> Visitor:
    return Visitor(demo)


@pytest.mark.parametrize(
    "path", ["/", "/assets/main.js", "/page/network.json", "/page/weights.bin", "/favicon.ico", "/config"]
)
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
    assert replies[405].headers["allow"] == "POST"
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


def test_a_body_that_never_comes_does_not_keep_the_others_waiting(visitor) -> None:
    for path in (READ, RUN, "/gradio_api/queue/join", "/gradio_api/cancel", "/gradio_api/mcp/"):
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        hanging = [socket.create_connection(("127.0.0.1", visitor.port)) for _ in range(50)]
        for connection in hanging:
            connection.sendall(head.encode() + b"{")
        assert visitor.is_served()
        for connection in hanging:
            connection.close()


Answered = tuple[int, dict[bytes, bytes], bytes]
NO_PAGE = Page({"index.html": b"the page", "guide.html": b"", "icon.png": b""}, {})
NEVER = b"never"  # the part of a body that does not come


async def ask(
    app: Guard, path: str, parts: list[bytes], method: str = "POST", root_path: str = "", **more: Any
) -> Answered:
    """Status, headers and body of the answer to one request; after its parts nothing comes any more."""
    sent: list[dict] = []

    async def receive() -> dict[str, Any]:
        if not parts or parts[0] == NEVER:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "path": path, "method": method, "headers": headers, "query_string": b""}
    async with asyncio.timeout(10):
        await app({**scope, "root_path": root_path, **more}, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(part["body"] for part in sent[1:])


def through(*asked: Any) -> Answered:
    return run_async(ask(*asked))


async def fails(scope: dict, receive: middleware.Receive, send: middleware.Send) -> None:
    raise KeyError(SECRET)


async def echoes(scope: dict, receive: middleware.Receive, send: middleware.Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": f"{scope['root_path']} {scope['path']}".encode()})


def broken(body: bytes) -> bytes:
    raise RuntimeError(SECRET)


def streamed(name: str, query: dict[str, str]) -> middleware.Events | None:
    async def events() -> middleware.Events:
        for part in (b"a", query["b"].encode()):
            yield part

    return events() if name == "gradio_api/stream" else None


def guarded(app: middleware.App = fails, **calls: middleware.Call) -> Guard:
    named = {f"page/{name}": call for name, call in calls.items()}
    return Guard(app, NO_PAGE, named, {"x-a": "b"}, Turns(), streamed)


def test_a_body_that_does_not_come_in_time_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(middleware, "MAX_WAIT", 0.05)
    turns = Turns()
    endpoint = Endpoint(bytes)
    calls = {
        "page/read": Call(bytes),
        "gradio_api/mcp": Call(Agents([]).answer),
        **Programs([endpoint], turns).calls,
    }
    guard = Guard(fails, NO_PAGE, calls, {"x-a": "b"}, turns)
    assert {"gradio_api/run/bytes", "gradio_api/queue/join", "gradio_api/cancel"} < calls.keys()
    for name in calls:
        for parts in ([], [b"{", NEVER]):
            assert through(guard, f"/{name}", parts)[0] == 408, name
    assert (guard._at_once, guard._held) == (0, 0)


def test_more_than_can_be_served_at_once_are_turned_away(monkeypatch) -> None:
    guard = guarded(read=Call(bytes, "a/b", quick=small))
    large = b" " * (turns.SMALL + 1)
    for bound, body in (("MAX_AT_ONCE", b"{}"), ("MAX_HELD", large)):
        with monkeypatch.context() as patch:
            patch.setattr(middleware, bound, 0)
            status, headers, said = through(guard, "/page/read", [body])
        assert (status, headers[b"x-a"]) == (503, b"b")
        assert json.loads(said)["error"].endswith("in a moment.")
    assert through(guard, "/page/read", [b"{", b"}"])[::2] == (200, b"{}")


def test_large_bodies_that_hang_leave_room_for_drawings(monkeypatch) -> None:
    monkeypatch.setattr(middleware, "MAX_HELD", 3 * turns.SMALL)
    guard = guarded(read=Call(bytes, "a/b", quick=small))

    async def hang() -> int:
        sent: list[dict] = []
        parts = [bytes(2 * turns.SMALL)]

        async def receive() -> dict[str, Any]:
            if not parts:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": parts.pop(), "more_body": True}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json")]
        scope = {"type": "http", "path": "/page/read", "method": "POST", "headers": headers, "query_string": b""}
        await guard(scope, receive, send)
        return sent[0]["status"]

    async def crowd() -> list[int | None]:
        hanging = [asyncio.create_task(hang()) for _ in range(5)]
        await asyncio.sleep(0.05)
        drawing = (await ask(guard, "/page/read", [b"{}"]))[0]
        statuses = [task.result() if task.done() else None for task in hanging]
        for task in hanging:
            task.cancel()
        await asyncio.wait(hanging)
        return [*statuses, drawing]

    assert run_async(crowd()) == [None, None, None, 503, 503, 200]
    assert guard._held == 0


def test_streams_have_a_bound_of_their_own(monkeypatch) -> None:
    guard = guarded(read=Call(bytes, "a/b"))

    async def streamed() -> Answered:
        return await ask(guard, "/gradio_api/stream", [b""], "GET", query_string=b"b=c")

    status, headers, body = run_async(streamed())
    assert (status, headers[b"content-type"], body) == (200, b"text/event-stream", b"ac")
    monkeypatch.setattr(middleware, "MAX_STREAMS", 0)
    assert run_async(streamed())[0] == 503
    assert through(guard, "/page/read", [b"{}"])[0] == 200


def test_streams_that_are_open_are_no_requests_that_have_arrived(monkeypatch) -> None:
    monkeypatch.setattr(middleware, "MAX_AT_ONCE", 1)

    def endless(name: str, query: dict[str, str]) -> middleware.Events | None:
        async def events() -> middleware.Events:
            yield b"a"
            await asyncio.Event().wait()

        return events() if name == "gradio_api/stream" else None

    guard = Guard(fails, NO_PAGE, {"page/read": Call(bytes, quick=small)}, {}, Turns(), endless)

    async def beside_streams() -> tuple[int, int]:
        open_ones = [asyncio.create_task(ask(guard, "/gradio_api/stream", [b""], "GET")) for _ in range(3)]
        await asyncio.sleep(0.05)
        streams, status = guard._streams, (await ask(guard, "/page/read", [b"{}"]))[0]
        for task in open_ones:
            task.cancel()
        await asyncio.wait(open_ones)
        return streams, status

    assert run_async(beside_streams()) == (3, 200)
    assert guard._streams == 0


@pytest.mark.parametrize(
    ("path", "method", "methods"),
    [
        ("/page/read", "GET", b"POST"),
        ("/", "POST", b"GET, HEAD"),
        ("/config", "PUT", b"GET"),
        ("/nothing", "PUT", None),
    ],
)
def test_a_refusal_of_a_method_names_those_that_there_are(path, method, methods) -> None:
    status, headers, _ = through(guarded(read=Call(bytes)), path, [b""], method)
    assert (status, headers.get(b"allow")) == (405 if methods else 404, methods)


def test_heavy_ones_wait_for_their_turn_and_not_for_ever(monkeypatch) -> None:
    monkeypatch.setattr(turns, "MAX_WAIT", 0.2)
    at_work, most, enough = [], [0], threading.Event()

    def work(body: bytes) -> bytes:
        at_work.append(body)
        most[0] = max(most[0], len(at_work))
        enough.wait(0.5)
        at_work.pop()
        return body

    guard = guarded(find=Call(work, "a/b"), read=Call(work, "a/b", quick=small))

    async def all_at_once() -> list[int]:
        large = b" " * (turns.SMALL + 1)
        asked = [("/page/find", [b"1"])] * 3 + [("/page/read", [large])] * 3
        return [status for status, *_ in await asyncio.gather(*(ask(guard, path, [*body]) for path, body in asked))]

    assert sorted(run_async(all_at_once())) == [200] * turns.HEAVY_AT_ONCE + [503] * (6 - turns.HEAVY_AT_ONCE)
    assert most[0] == turns.HEAVY_AT_ONCE


def test_our_own_faults_are_ours(caplog) -> None:
    status, _, body = through(guarded(read=Call(broken, "a/b", quick=small)), "/page/read", [b"{}"])
    assert status == 500
    assert json.loads(body)["error"].endswith(".")
    assert b"secret" not in body
    assert "broken" in caplog.text  # where it was


class Broken:
    """A reader that fails in the middle of its work."""

    def read(self, *args: Any) -> None:
        raise RuntimeError(SECRET)


@pytest.mark.parametrize("way", ["run", "api", "mcp"])
def test_a_fault_while_a_programs_drawing_is_read_is_ours(caplog, way) -> None:
    turns = Turns()
    endpoint = Endpoint(Api(Broken()).read_strokes)
    calls = {"gradio_api/mcp": Call(Agents([endpoint]).answer), **Programs([endpoint], turns).calls}
    strokes = [[[4, 0], [1, 6]]]
    called = {"name": "read_strokes", "arguments": {"strokes": strokes}}
    asked, path = {"data": [strokes]}, f"/gradio_api/{way}/read_strokes"
    if way == "mcp":
        asked, path = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": called}, "/gradio_api/mcp/"
    status, headers, body = through(
        Guard(fails, NO_PAGE, calls, {"x-a": "b"}, turns), path, [json.dumps(asked).encode()]
    )
    assert (status, headers[b"x-a"], json.loads(body)) == (500, b"b", {"error": FAULT})
    assert "RuntimeError" in caplog.text
    assert "in read" in caplog.text  # where it was
    assert "secret" not in caplog.text


def test_what_a_fault_says_is_not_logged(caplog) -> None:
    for path, method in (("/page/read", "POST"), ("/config", "GET")):
        caplog.clear()
        status, _, body = through(guarded(read=Call(broken, "a/b")), path, [b"{}"], method)
        assert status == 500
        assert b"secret" not in body
        assert "Error" in caplog.text
        assert "secret" not in caplog.text


def test_who_has_gone_is_not_worked_for() -> None:
    worked = []
    guard = guarded(find=Call(lambda body: worked.append(body) or body, "a/b"))

    async def gives_up() -> int:
        messages = [{"type": "http.disconnect"}, {"type": "http.request", "body": b"1"}]
        sent = []

        async def receive() -> dict[str, Any]:
            return messages.pop()

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        headers = [(b"content-type", b"application/json")]
        scope = {"type": "http", "path": "/page/find", "method": "POST", "headers": headers, "query_string": b""}
        async with guard._turns.turn():
            asked = asyncio.create_task(guard(scope, receive, send))
            await asyncio.sleep(0.05)
        await asked
        return sent[0]["status"]

    assert run_async(gives_up()) == 400
    assert worked == []


def test_gradio_is_told_nothing_that_a_stranger_wrote_but_the_host() -> None:
    seen = []

    async def gradio(scope: dict, receive: middleware.Receive, send: middleware.Send) -> None:
        seen.append((scope["query_string"], scope["headers"], await receive()))
        await echoes(scope, receive, send)

    headers = [(b"host", b"a"), (b"cookie", b"b"), (b"x-forwarded-host", b"c"), (b"origin", b"d"), (b"accept", b"e")]
    for name, passed_on in (("config", [(b"host", b"a")]), ("gradio_api/info", []), ("gradio_api/info/", [])):
        query = b"deep_link=../a&all_endpoints=True&page=b"
        run_async(ask(guarded(gradio), f"/{name}", [b"{}"], "GET", headers=headers, query_string=query))
        asked, told, body = seen.pop()
        assert (asked, told, body["body"]) == (b"all_endpoints=True", passed_on, b"")
    hosts = {b"a-b.c:80": True, b"127.0.0.1": True, b"[::1]:7860": True}
    hosts |= dict.fromkeys(
        [b"999.1.1.1", b"[v1.x]", b"[1.1]", b"[::1", b"a:99999", b"a b", b"a/b", b"\xff", b"%00"], False
    )
    for host, known in hosts.items():
        run_async(ask(guarded(gradio), "/config", [b""], "GET", headers=[(b"host", host)]))
        assert seen.pop()[1] == ([(b"host", host)] if known else [])
    assert through(guarded(gradio), "/config", [b"{}"])[0] == 405
    assert seen == []


def test_who_takes_no_facts_keeps_the_turn_from_nobody() -> None:
    guard = guarded(echoes, find=Call(bytes))

    async def beside_a_slow_one() -> int:
        async def stuck(message: dict[str, Any]) -> None:
            await asyncio.Event().wait()

        scope = {"type": "http", "path": "/config", "method": "GET", "headers": [], "query_string": b""}
        slow = asyncio.create_task(guard({**scope, "root_path": ""}, None, stuck))
        await asyncio.sleep(0.05)
        assert not slow.done()
        status = (await ask(guard, "/page/find", [b"1"]))[0]
        slow.cancel()
        return status

    assert run_async(beside_a_slow_one()) == 200


@pytest.mark.parametrize("host", ["[v1.x]", "999.1.1.1", "a:99999", "[", "a b"])
def test_a_host_that_is_none_is_no_fault(visitor, host) -> None:
    reply = visitor.ask("GET", "/config", Host=host)
    assert reply.status == 200
    assert host not in json.loads(reply.body)["root"]


def test_an_answer_may_be_sent_as_an_event() -> None:
    guard = guarded(say=Call(bytes, quick=small, as_event=True), note=Call(lambda body: None, quick=small))
    json_type = (b"content-type", b"application/json")
    for accept, kind, body in (
        (b"application/json", b"application/json", b"{}"),
        (b"application/json, text/event-stream", b"text/event-stream", b"event: message\ndata: {}\n\n"),
    ):
        said = run_async(ask(guard, "/page/say", [b"{}"], headers=[json_type, (b"accept", accept)]))
        assert (said[0], said[1][b"content-type"], said[2]) == (200, kind, body)
    assert through(guard, "/page/note", [b"{}"])[::2] == (202, b"")


@pytest.mark.parametrize("root", ["", "/a", "/spaces/a b", "https://example.org/spaces/a/"])
def test_it_stands_under_a_path_whether_a_proxy_takes_that_off_or_not(root) -> None:
    prefix = root.removeprefix("https://example.org").rstrip("/")
    guard = guarded(echoes, read=Call(bytes, "a/b", quick=small))
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
