"""The guard: which addresses there are, how much of the server a request may take, and every answer's headers.

It is ASGI middleware outside all that Gradio has. The page, its files, its calls and those of programs it answers
itself. Gradio is asked only what there is, by GET, and is handed nothing that a stranger wrote but the host. A refusal
is a status of 4xx, or of 503 when more is asked than can be worked on, with `{"error": a sentence for people}`.
"""

import asyncio
import json
import logging
import re
import traceback
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from model.serving.page import Headers, Page
from model.serving.refusals import FAULT, RefusedError, busy
from model.serving.turns import SMALL, Turns, never

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Events = AsyncGenerator[bytes, None]

MAX_BODY = 2_000_000  # bytes
MAX_HELD = 200_000_000  # bytes beyond the first SMALL ones of each body, of all bodies together
MAX_AT_ONCE = 500  # requests that have arrived
MAX_STREAMS = 200  # streamed answers
MAX_WAIT = 10  # seconds for a request to arrive

_log = logging.getLogger(__name__)

# What Gradio tells of itself. It has some forty addresses more, for a page of its own, uploads, streams, proxies,
# editors and monitors.
_FACTS = re.compile(r"config|gradio_api/(info|openapi\.json|startup-events)")
_KEPT_FACTS = re.compile(r"gradio_api/(info|openapi\.json)")  # Gradio caches its answer for all
_ALL = b"all_endpoints=True"
_FOR_PROGRAMS = re.compile(r"(config|gradio_api)(/.*)?", re.DOTALL)
_PASSED_ON = (b"host", b"accept-encoding")
_HOST = re.compile(rb"(?:\[([\d:.a-f]+)\]|([\d.]+)|[\w.-]{1,253})(?::(\d{1,5}))?", re.IGNORECASE)
_CORS = [(b"access-control-allow-origin", b"*")]  # a page of any other host may ask, as any program may
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"600"),
]


@dataclass(frozen=True)
class Call:
    """What answers a POST: a function from the request's body to the answer's, which refuses by ValueError."""

    answer: Callable[[bytes], Any]
    kind: str = "application/json"
    """The answer's content type."""
    quick: Callable[[bytes], bool] = never
    """Whether it takes about as long as a change of threads, by the body."""
    finish: Callable[[Any], Awaitable[bytes]] | None = None
    """Where given, what makes the answer's body of what `answer` gives, in the event loop."""
    as_event: bool = False
    """Whether the answer is sent as a server-sent event to those who take one."""


class Guard:
    """ASGI middleware before `app`."""

    def __init__(
        self,
        app: App,
        page: Page,
        calls: Mapping[str, Call],
        headers: Mapping[str, str],
        turns: Turns,
        events: Callable[[str, Mapping[str, str]], Events | None] = lambda name, query: None,
    ) -> None:
        """Guard `app`.

        calls: by name. headers: those of every answer. events: what is sent bit by bit to who asks for a name by GET,
        with what stands behind "?"; None when there is none of this name.
        """
        self._app = app
        self._page = page
        self._calls = calls
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._turns = turns
        self._events = events
        self._held = 0  # bytes
        self._at_once = 0
        self._streams = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":  # nobody here needs a web socket
            return await send({"type": "websocket.close"})
        root = urlsplit(scope.get("root_path", "")).path.rstrip("/")
        path = scope["path"]
        # A proxy takes the prefix off, or does not.
        name = (path[len(root) :] if path.startswith(root + "/") else path).removeprefix("/")
        for_programs = _FOR_PROGRAMS.fullmatch(name)
        answer = _Answer(send, [*self._headers, *_CORS] if for_programs else self._headers, scope["method"])
        try:
            if root and path == root:  # what the page asks for is named from where it stands
                await answer.send_whole(308, [(b"location", quote(root.rsplit("/", 1)[1]).encode() + b"/")], b"")
            elif for_programs and scope["method"] == "OPTIONS":
                await answer.send_whole(204, _PREFLIGHT, b"")
            else:
                await self._route(name.rstrip("/") if for_programs else name, root, scope, receive, answer)
        except RefusedError as refusal:
            if not answer.started:
                await answer.refusal(refusal)
        except Exception as error:
            log_fault(error)
            if not answer.started:
                await answer.refusal(RefusedError(500, FAULT))
        return None

    async def _route(self, name: str, root: str, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        method = scope["method"]
        if call := self._calls.get(name):
            _check(method, "POST")
            return await self._call(call, scope, receive, answer)
        if file := self._page.answer(name, scope["query_string"], dict(scope["headers"])):
            _check(method, "GET", "HEAD")
            return await answer.send_whole(*file)
        if _FACTS.fullmatch(name):
            _check(method, "GET")
            return await self._facts(_passed_on(scope, root, name), receive, answer)
        if events := self._events(name, _query(scope)):
            _check(method, "GET")
            return await self._stream(events, receive, answer)
        raise RefusedError(404, "There is nothing at this address.")

    async def _facts(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Let Gradio tell of itself; sent when it has, for who takes no answer would keep the turn from all others."""
        told: list[Message] = []

        async def tell(message: Message) -> None:
            told.append(message)

        async with self._turns.turn():
            await self._app(scope, _without_body(receive), tell)
        for message in told:
            await answer.send(message)

    async def _call(self, call: Call, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        asked = dict(scope["headers"])
        if not asked.get(b"content-type", b"").startswith(b"application/json"):
            raise RefusedError(415, "A request must be JSON.")
        async with self._arrived(scope, receive) as body:
            try:
                content = await self._turns.work(call.answer, body, call.quick, lambda: _until_gone(receive))
                if call.finish:
                    content = await call.finish(content)
            except ValueError as error:
                raise RefusedError(400, str(error)) from error
        if content is None:
            return await answer.send_whole(202, [], b"")
        kind = call.kind
        if call.as_event and b"text/event-stream" in asked.get(b"accept", b""):
            kind, content = "text/event-stream", b"event: message\ndata: " + content + b"\n\n"
        headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store")]
        await answer.send_whole(200, headers, content)
        return None

    @asynccontextmanager
    async def _arrived(self, scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
        """The whole body, for as long as it is held."""
        body = await self._arrive(scope, receive)
        self._at_once += 1
        try:
            if self._at_once > MAX_AT_ONCE:
                raise RefusedError(503, "Too many people are drawing at once. Try again in a moment.")
            yield body
        finally:
            self._at_once -= 1
            self._held -= _beyond_small(body)

    async def _arrive(self, scope: Scope, receive: Receive) -> bytes:
        """Receive a body within the limits of size and time; it counts as held from then on."""
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit() and int(announced) > MAX_BODY:
            raise _too_large()
        body = bytearray()
        more = True
        try:
            async with asyncio.timeout(MAX_WAIT):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise RefusedError(400, "The request did not arrive whole.")
                    self._held -= _beyond_small(body)
                    body += message.get("body", b"")
                    self._held += _beyond_small(body)
                    if len(body) > MAX_BODY:
                        raise _too_large()
                    if self._held > MAX_HELD and len(body) > SMALL:  # a drawing is received however many send more
                        raise busy()
                    more = message.get("more_body", False)
            return bytes(body)
        except BaseException as error:
            self._held -= _beyond_small(body)
            if isinstance(error, TimeoutError):
                raise RefusedError(408, "The request took too long to arrive.") from None
            raise

    async def _stream(self, events: Events, receive: Receive, answer: "_Answer") -> None:
        """Stream an answer."""
        if self._streams >= MAX_STREAMS:
            raise busy()
        self._streams += 1
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            async with aclosing(events):
                headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
                await answer.send({"type": "http.response.start", "status": 200, "headers": headers})
                async for part in events:
                    if gone.done():
                        return
                    await answer.send({"type": "http.response.body", "body": part, "more_body": True})
                await answer.send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            self._streams -= 1


def log_fault(error: Exception) -> None:
    """Log an internal error: where it was, and its type. Its message is left out, since it may quote a visitor."""
    _log.error("A request failed: %s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))


def _passed_on(scope: Scope, root: str, name: str) -> Scope:
    """The scope for Gradio: with the prefix, by which it knows its addresses; without what a stranger wrote."""
    passed_on = _PASSED_ON[1:] if _KEPT_FACTS.fullmatch(name) else _PASSED_ON
    return {
        **scope,
        "root_path": root,
        "path": f"{root}/{name}",
        "raw_path": quote(f"{root}/{name}").encode(),
        "query_string": _ALL if _ALL in scope["query_string"].split(b"&") else b"",
        "headers": [
            (name, value)
            for name, value in scope["headers"]
            if name in passed_on and (name != b"host" or _is_host(value))
        ],
    }


def _is_host(value: bytes) -> bool:
    """Whether it is a host that Gradio can make sense of: a name, or an address in numbers."""
    found = _HOST.fullmatch(value)
    if found is None or int(found[3] or 0) > 65_535:
        return False
    try:
        if number := found[1] or found[2]:
            ip_address(number.decode())
    except ValueError:
        return False
    return True


def _without_body(receive: Receive) -> Receive:
    """An empty body, and then the disconnect."""
    messages: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive_nothing() -> Message:
        if messages:
            return messages.pop()
        await _until_gone(receive)
        return {"type": "http.disconnect"}

    return receive_nothing


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _query(scope: Scope) -> dict[str, str]:
    try:
        return dict(parse_qsl(scope["query_string"].decode("latin-1"), max_num_fields=10))
    except ValueError as error:
        raise RefusedError(400, "The address asks for too much at once.") from error


def _beyond_small(body: bytes | bytearray) -> int:
    return max(0, len(body) - SMALL)


def _too_large() -> RefusedError:
    return RefusedError(413, f"A request may have at most {MAX_BODY:,} bytes.")


def _check(method: str, *known: str) -> None:
    if method not in known:
        raise RefusedError(405, f"This address takes {' and '.join(known)} only.", known)


class _Answer:
    """An answer being sent, with the headers that all have."""

    def __init__(self, send: Send, headers: Headers, method: str) -> None:
        self._send = send
        self._headers = headers
        self._method = method
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message = {**message, "headers": [*message["headers"], *self._headers]}
        await self._send(message)

    async def send_whole(self, status: int, headers: Headers, body: bytes) -> None:
        if status not in (204, 304):
            headers = [*headers, (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": b"" if self._method == "HEAD" else body})

    async def refusal(self, refusal: RefusedError) -> None:
        body = json.dumps({"error": refusal.sentence}, ensure_ascii=False).encode()
        headers = [(b"content-type", b"application/json")]
        if refusal.methods:
            headers.append((b"allow", ", ".join(refusal.methods).encode()))
        await self.send_whole(refusal.status, headers, body)
