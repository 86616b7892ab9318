"""The guard: which addresses there are, how much of the server a request may take, and every answer's headers.

It is ASGI middleware outside all that Gradio has. The page, its files and its own calls it answers itself; what else
programs ask goes on to Gradio once it has arrived, whole and in time. A refusal is a status of 4xx, or of 503 when more
is asked than can be worked on, with `{"error": a sentence for people}`.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from model.serving.page import Headers, Page

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY = 2_000_000  # bytes
MAX_HELD = 200_000_000  # bytes, of all bodies together
MAX_AT_ONCE = 500  # requests that have arrived
MAX_STREAMS = 200  # answers that Gradio sends bit by bit
MAX_WAIT = 10  # seconds for a request to arrive, and for its turn to come
HEAVY_AT_ONCE = 2  # requests that would keep the others waiting, and are worked on by threads
SMALL = 16_000  # bytes of a drawing that is read at once, without a change of threads

_log = logging.getLogger(__name__)

# Gradio has some forty addresses more, for a page of its own, uploads, streams, proxies, editors and monitors.
_FACTS = re.compile(r"config/?|gradio_api/(info|openapi\.json|startup-events)/?")
_API = re.compile(r"gradio_api/(cancel|queue/join|queue/data|(call|mcp)(/[\w./-]{0,200})?)/?")
_STREAM = re.compile(r"gradio_api/(queue/data|call/.+|mcp.*)")  # by GET
# Gradio believes these of anyone. Of a proxy that uvicorn trusts, the scheme has its place in the scope.
_NOT_PASSED_ON = (b"x-forwarded-host", b"x-forwarded-proto", b"x-gradio-server")
_NOT_SENT = (b"access-control-allow-credentials",)  # nobody has any here


class RefusedError(Exception):
    """Why a request is not answered: a status, and a sentence for people."""

    def __init__(self, status: int, sentence: str) -> None:
        """Hold both."""
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True)
class Call:
    """What answers a POST: a function from the request's body to the answer's, which refuses by ValueError."""

    answer: Callable[[bytes], Any]
    kind: str
    """The answer's content type."""
    quick: bool = False
    """Whether it takes about as long as a change of threads, when the body is small."""
    finish: Callable[[Any], Awaitable[bytes]] | None = None
    """Where given, what makes the answer's body of what `answer` gives, in the event loop."""


class Guard:
    """ASGI middleware before `app`."""

    def __init__(
        self, app: App, page: Page, calls: Mapping[str, Call], headers: Mapping[str, str], workers: Executor
    ) -> None:
        """Guard `app`. calls: by name. headers: those of every answer. workers: HEAVY_AT_ONCE threads."""
        self._app = app
        self._page = page
        self._calls = calls
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._workers = workers
        self._turns = asyncio.Semaphore(HEAVY_AT_ONCE)
        self._held = 0  # bytes
        self._at_once = 0
        self._streams = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let Gradio do it."""
        if scope["type"] == "lifespan":
            return await self._app(scope, receive, send)
        if scope["type"] != "http":  # nobody here needs a web socket
            return await send({"type": "websocket.close"})
        answer = _Answer(send, self._headers, scope["method"])
        try:
            await self._route(scope, receive, answer)
        except RefusedError as refusal:
            if not answer.started:
                await answer.refusal(refusal)
        except Exception:
            _log.exception("A request failed.")
            if not answer.started:
                await answer.refusal(RefusedError(500, "Something went wrong on the server. It has been noted there."))
        return None

    async def _route(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        root = urlsplit(scope.get("root_path", "")).path.rstrip("/")
        path, method = scope["path"], scope["method"]
        if root and path == root:  # what the page asks for is named from where it stands
            return await answer.send_whole(308, [(b"location", quote(root.rsplit("/", 1)[1]).encode() + b"/")], b"")
        # A proxy takes the prefix off, or does not.
        name = (path[len(root) :] if path.startswith(root + "/") else path).removeprefix("/")
        if call := self._calls.get(name):
            _check(method, "POST")
            return await self._call(call, scope, receive, answer)
        if file := self._page.answer(name, scope["query_string"], dict(scope["headers"])):
            _check(method, "GET", "HEAD")
            return await answer.send_whole(*file)
        if not (_FACTS.fullmatch(name) or _API.fullmatch(name)):
            raise RefusedError(404, "There is nothing at this address.")
        scope = _passed_on(scope, root, name)
        if method == "GET" and _STREAM.fullmatch(name):
            return await self._stream(scope, receive, answer)
        if method == "GET":
            return await self._app(scope, receive, answer.send)
        return await self._api(scope, receive, answer)

    async def _call(self, call: Call, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if not dict(scope["headers"]).get(b"content-type", b"").startswith(b"application/json"):
            raise RefusedError(415, "A request must be JSON.")
        async with self._arrived(scope, receive) as body:
            try:
                if call.quick and len(body) <= SMALL:
                    content = call.answer(body)
                else:
                    content = await self._worked_on(call.answer, body)
                if call.finish:
                    content = await call.finish(content)
            except ValueError as error:
                raise RefusedError(400, str(error)) from error
        headers = [(b"content-type", call.kind.encode()), (b"cache-control", b"no-store")]
        await answer.send_whole(200, headers, content)

    @asynccontextmanager
    async def _arrived(self, scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
        """The whole body, for as long as it is held."""
        body = bytearray()
        try:
            await self._arrive(body, scope, receive)
            self._at_once += 1
            try:
                if self._at_once > MAX_AT_ONCE:
                    raise RefusedError(503, "Too many people are drawing at once. Try again in a moment.")
                yield bytes(body)
            finally:
                self._at_once -= 1
        finally:
            self._held -= len(body)

    async def _arrive(self, body: bytearray, scope: Scope, receive: Receive) -> None:
        """Receive a body, no more of it than can be held, and in time."""
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit() and int(announced) > MAX_BODY:
            raise _too_large()
        more = True
        try:
            async with asyncio.timeout(MAX_WAIT):
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise RefusedError(400, "The request did not arrive whole.")
                    part = message.get("body", b"")
                    body += part
                    self._held += len(part)
                    if len(body) > MAX_BODY:
                        raise _too_large()
                    if self._held > MAX_HELD:
                        raise _busy()
                    more = message.get("more_body", False)
        except TimeoutError:
            raise RefusedError(408, "The request took too long to arrive.") from None

    async def _worked_on(self, function: Callable[[bytes], Any], body: bytes) -> Any:
        """What a function makes of a body, in a thread, when its turn comes."""
        try:
            async with asyncio.timeout(MAX_WAIT):
                await self._turns.acquire()
        except TimeoutError:
            raise _busy() from None
        try:
            return await asyncio.get_running_loop().run_in_executor(self._workers, function, body)
        finally:
            self._turns.release()

    async def _stream(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Let Gradio send an answer bit by bit."""
        if self._streams >= MAX_STREAMS:
            raise _busy()
        self._streams += 1
        try:
            await self._ask_gradio(scope, receive, answer)
        finally:
            self._streams -= 1

    async def _api(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Let Gradio answer a program's request, once it is here."""
        async with self._arrived(scope, receive) as body:
            if not (_is_harmless(body) if len(body) <= SMALL else await self._worked_on(_is_harmless, body)):
                raise RefusedError(400, "A request is JSON, and names no files: a picture is sent in base64.")
            whole: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

            async def replay() -> Message:
                return whole.pop() if whole else await receive()

            await self._ask_gradio(scope, replay, answer)

    async def _ask_gradio(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Have Gradio answer. What it can make no sense of is a 500 there, or an exception that quotes it."""

        async def send(message: Message) -> None:
            if message.get("status") == 500:
                message["status"] = 400
            await answer.send(message)

        try:
            await self._app(scope, receive, send)
        except Exception as error:
            _log.warning("A request to Gradio's programming interface failed: %s", type(error).__name__)
            if answer.started:
                return await answer.send({"type": "http.response.body", "body": b""})
            raise RefusedError(400, "This request to the programming interface makes no sense.") from None
        return None


def _passed_on(scope: Scope, root: str, name: str) -> Scope:
    """The scope for Gradio: with the prefix, or it would not find what it has mounted; without what it believes."""
    return {
        **scope,
        "root_path": root,
        "path": f"{root}/{name}",
        "raw_path": quote(f"{root}/{name}").encode(),
        "headers": [header for header in scope["headers"] if header[0] not in _NOT_PASSED_ON],
    }


def _is_harmless(body: bytes) -> bool:
    """Whether a body is JSON that names no file. Gradio would fetch and keep one, from whatever host it names."""
    if not body:  # of a preflight
        return True
    named = []
    try:
        json.loads(body, object_pairs_hook=lambda pairs: named.extend(name for name, _ in pairs if name == "path"))
    except (ValueError, RecursionError):
        return False
    return not named


def _too_large() -> RefusedError:
    return RefusedError(413, f"A request may have at most {MAX_BODY:,} bytes.")


def _busy() -> RefusedError:
    return RefusedError(503, "The server is busy. Try again in a moment.")


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
            headers = [header for header in message["headers"] if header[0] not in _NOT_SENT]
            message = {**message, "headers": [*headers, *self._headers]}
        await self._send(message)

    async def send_whole(self, status: int, headers: Headers, body: bytes) -> None:
        if status != 304:
            headers = [*headers, (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": b"" if self._method == "HEAD" else body})

    async def refusal(self, refusal: RefusedError) -> None:
        body = json.dumps({"error": refusal.sentence}, ensure_ascii=False).encode()
        await self.send_whole(refusal.status, [(b"content-type", b"application/json")], body)
