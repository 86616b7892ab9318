"""The guard: which addresses there are, how much of the server a request may take, and every answer's headers.

It is ASGI middleware outside all that Gradio has. The page, its files and its own calls it answers itself; what
programs ask goes on to Gradio when it has arrived whole and in time. A refusal is a status of 4xx, or 503 when too much
is asked at once, with `{"error": a sentence for people}`.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from model.serving.page import Headers, Page

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 2_000_000  # bytes
MAX_ARRIVING = 200_000_000  # bytes of all bodies that are held
MAX_AT_ONCE = 500  # requests that have arrived
MAX_STREAMS = 200  # answers that Gradio sends bit by bit
MAX_WAIT = 10  # seconds for a request to arrive, and for its turn to come
_LARGE = 16_000  # bytes: reading so large a drawing would keep the others waiting
_THREADS = 2

_log = logging.getLogger(__name__)

# Gradio has some forty addresses more, for its page, uploads, streams, proxies, editors and monitors.
_OPEN = re.compile(r"config/?|gradio_api/(info|openapi\.json|startup-events)/?")
_API = re.compile(r"gradio_api/(cancel|queue/join|queue/data|(run|api|call|mcp)(/[\w./-]{0,200})?)/?")
_STREAM = re.compile(r"gradio_api/(queue/data|call/.+|mcp(/.*)?)")  # by GET
_NOT_PASSED_ON = (b"x-forwarded-host", b"x-forwarded-proto", b"x-gradio-server")  # Gradio believes them of anyone

FRAMED_BY = "'self' https://huggingface.co https://*.hf.space"


def security_headers(frame_ancestors: str = FRAMED_BY) -> dict[str, str]:
    """The headers of every answer. frame_ancestors: who may show the page in a frame."""
    return {
        "content-security-policy": "; ".join(
            (
                "default-src 'self'",
                "img-src 'self' blob: data:",
                "object-src 'none'",
                "base-uri 'none'",
                "form-action 'none'",
                f"frame-ancestors {frame_ancestors}",
            )
        ),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
    }


class RefusedError(Exception):
    """Why a request is not answered: a status, and a sentence for people."""

    def __init__(self, status: int, sentence: str) -> None:
        """Hold both."""
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True)
class Call:
    """A call of the page: what turns a request's body into the answer's. What it refuses is a ValueError."""

    answer: Callable[[bytes], bytes]
    kind: str
    quick: bool  # takes about as long as a change of threads, if its body is small


class Guard:
    """ASGI middleware before `app`."""

    def __init__(
        self, app: App, page: Page, calls: Mapping[str, Call], headers: Mapping[str, str] | None = None
    ) -> None:
        """Guard `app`. calls: those of the page, by name. headers: those of every answer."""
        self._app = app
        self._page = page
        self._calls = calls
        headers = security_headers() if headers is None else headers
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._arriving = 0  # bytes
        self._at_once = 0
        self._streams = 0
        self._threads = asyncio.Semaphore(_THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let Gradio do it."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":
            return None  # a web socket is closed unopened; nobody here needs one
        answer = _Answer(send, self._headers, scope["method"])
        try:
            await self._route(scope, receive, answer)
        except RefusedError as refusal:
            if not answer.started:
                await answer.json(refusal.status, {"error": refusal.sentence})
        except Exception:
            _log.exception("A request failed.")
            if answer.started:
                raise
            await answer.json(500, {"error": "Something went wrong on the server. It has been noted there."})

    async def _route(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        root = urlsplit(scope.get("root_path", "")).path.rstrip("/")
        path = scope["path"]
        if root and path == root:  # addresses in the page are relative to where it stands
            return await answer.whole(308, [(b"location", root.rsplit("/", 1)[1].encode() + b"/")], b"")
        # A proxy takes the prefix off, or does not.
        name = (path[len(root) :] if path.startswith(root + "/") else path).removeprefix("/")
        method = scope["method"]
        if call := self._calls.get(name):
            _check(method, "POST")
            return await self._call(call, scope, receive, answer)
        if file := self._page.answer(name, scope["query_string"], dict(scope["headers"])):
            _check(method, "GET", "HEAD")
            return await answer.whole(*file)
        if not (_OPEN.fullmatch(name) or _API.fullmatch(name)):
            raise RefusedError(404, "There is nothing at this address.")
        passed_on = {
            **scope,
            "root_path": root,
            "path": f"{root}/{name}",  # or Gradio would not find what it has mounted
            "raw_path": f"{root}/{name}".encode(),
            "headers": [header for header in scope["headers"] if header[0] not in _NOT_PASSED_ON],
        }
        if method == "GET" and _STREAM.fullmatch(name):
            return await self._stream(passed_on, receive, answer)
        return await self._api(passed_on, receive, answer)

    async def _call(self, call: Call, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if not dict(scope["headers"]).get(b"content-type", b"").startswith(b"application/json"):
            raise RefusedError(415, "A request must be JSON.")
        async with self._body(scope, receive) as body:
            try:
                if call.quick and len(body) <= _LARGE:
                    content = call.answer(body)
                else:
                    async with self._turn():
                        content = await asyncio.to_thread(call.answer, body)
            except ValueError as error:
                raise RefusedError(400, str(error)) from error
        await answer.whole(200, [(b"content-type", call.kind.encode()), (b"cache-control", b"no-store")], content)

    @asynccontextmanager
    async def _body(self, scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
        """The whole body, as long as it is held. Refuses one that is too large or too slow."""
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > MAX_BODY:
            raise _TOO_LARGE
        parts, size, more = [], 0, True
        try:
            async with asyncio.timeout(MAX_WAIT):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise RefusedError(400, "The request did not arrive whole.")
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    self._arriving += len(parts[-1])
                    more = message.get("more_body", False)
                    if size > MAX_BODY:
                        raise _TOO_LARGE
                    if self._arriving > MAX_ARRIVING:
                        raise _BUSY
            self._at_once += 1
            try:
                if self._at_once > MAX_AT_ONCE:
                    raise _CROWDED
                yield b"".join(parts)
            finally:
                self._at_once -= 1
        except TimeoutError:
            raise RefusedError(408, "The request took too long to arrive.") from None
        finally:
            self._arriving -= size

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """One of the few heavy requests that are worked on at once."""
        try:
            async with asyncio.timeout(MAX_WAIT):
                await self._threads.acquire()
        except TimeoutError:
            raise _BUSY from None
        try:
            yield
        finally:
            self._threads.release()

    async def _stream(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Let Gradio send an answer bit by bit."""
        if self._streams >= MAX_STREAMS:
            raise _BUSY
        self._streams += 1
        try:
            await self._app(scope, receive, answer.send)
        finally:
            self._streams -= 1

    async def _api(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Let Gradio answer a program. What it can make no sense of, or an endpoint refuses, is a 500 there."""

        async def send(message: Message) -> None:
            if message.get("status") == 500:
                message["status"] = 400
            await answer.send(message)

        async with self._body(scope, receive) as body:
            whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

            async def replay() -> Message:
                return whole.pop() if whole else await receive()

            try:
                await self._app(scope, replay, send)
            except Exception as error:
                _log.warning("A request to Gradio's programming interface failed: %s", type(error).__name__)
                if answer.started:
                    return await answer.send({"type": "http.response.body", "body": b""})
                raise RefusedError(400, "This request to the programming interface makes no sense.") from None
        return None


_TOO_LARGE = RefusedError(413, f"A request may have at most {MAX_BODY:,} bytes.")
_BUSY = RefusedError(503, "The server is busy. Try again in a moment.")
_CROWDED = RefusedError(503, "Too many people are drawing at once. Try again in a moment.")


def parsed(body: bytes) -> Any:
    """What a body says, as JSON. Raises ValueError, with a sentence for people."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("The request is not JSON.") from None


def _check(method: str, *known: str) -> None:
    if method not in known:
        raise RefusedError(405, f"This address takes {' and '.join(known)} only.")


class _Answer:
    """An answer on its way, with the headers that all have."""

    def __init__(self, send: Send, headers: Headers, method: str) -> None:
        self._send = send
        self._headers = headers
        self._method = method
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = [header for header in message["headers"] if header[0] != b"access-control-allow-credentials"]
            message["headers"] = [*headers, *self._headers]
        await self._send(message)

    async def whole(self, status: int, headers: Headers, body: bytes) -> None:
        if status != 304:
            headers = [*headers, (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": b"" if self._method == "HEAD" else body})

    async def json(self, status: int, content: dict[str, Any]) -> None:
        await self.whole(status, [(b"content-type", b"application/json")], json.dumps(content).encode())
