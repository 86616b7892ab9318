"""The guard: which addresses a visitor may ask for, how much of the server a request may take, every answer's headers.

It stands before Gradio as ASGI middleware, and answers the page's own calls itself: Gradio would take as long again.
A refusal is `{"ok": False, "error": a sentence for people}` with a status of 4xx, or 503 when too many ask at once.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Function = Callable[[Any], dict[str, Any]]

MAX_BODY = 2_000_000  # bytes
MAX_AT_ONCE = 500  # requests
MAX_WAIT = 10  # seconds for a request to arrive, and for its turn to come
_LARGE = 16_000  # bytes: reading so large a drawing would keep the others waiting
_THREADS = 2
_LONGEST_SESSION = 100

_log = logging.getLogger(__name__)

_CALLS = re.compile(r"/gradio_api/component_server/?")
# Gradio has some forty addresses more, for uploads, streams, proxies, editors and monitors.
_PAGE = re.compile(
    r"/|/config/?|/theme\.css|/manifest\.json|/robots\.txt|/favicon\.ico|/pwa_icon(/192|/512)?"
    r"|/(assets|static|svelte)/[\w./-]{1,200}"
    r"|/gradio_api/file=assets/[a-z-]+\.[a-z]+"
    r"|/gradio_api/startup-events"
)
_API = re.compile(r"/gradio_api/(info|openapi\.json|cancel|queue/join|queue/data|(run|api|call|mcp)(/.*)?)/?")

HEADERS = {
    # Gradio's page has scripts and styles inline, and makes a function of the text that starts ours.
    "content-security-policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' blob: data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'self' https://huggingface.co https://*.hf.space",
        )
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


class _RefusedError(Exception):
    """Why a request is not answered: a status, and a sentence for people."""

    def __init__(self, status: int, sentence: str) -> None:
        """Hold both."""
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class Guard:
    """ASGI middleware before `app`."""

    def __init__(self, app: App, functions: Mapping[str, Function], quick: set[str], component: int) -> None:
        """Guard `app`.

        functions: those the page calls, by name; each takes and gives what JSON can hold. quick: names of those that
        take about as long as a change of threads. component: the number under which the page calls them.
        """
        self._app = app
        self._functions = functions
        self._quick = quick
        self._component = component
        self._at_once = 0
        self._threads = asyncio.Semaphore(_THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or let Gradio do it."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        path = scope["path"].removeprefix(scope.get("root_path", "").rstrip("/"))
        answer = _Answer(send)
        self._at_once += 1
        try:
            if self._at_once > MAX_AT_ONCE:
                raise _RefusedError(503, "Too many people are drawing at once. Try again in a moment.")
            if _CALLS.fullmatch(path):
                await answer.json(200, await self._call(scope, receive))
            elif _PAGE.fullmatch(path):
                # None of these needs a query of the server, and Gradio fails at some.
                await self._app({**scope, "query_string": b""}, receive, answer.send)
            elif _API.fullmatch(path):
                await self._api(scope, receive, answer)
            else:
                raise _RefusedError(404, "There is nothing at this address.")
        except _RefusedError as refusal:
            await answer.json(refusal.status, {"ok": False, "error": refusal.sentence})
        finally:
            self._at_once -= 1

    async def _call(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        if scope["method"] != "POST":
            raise _RefusedError(405, "The page's functions are called by POST.")
        if not dict(scope["headers"]).get(b"content-type", b"").startswith(b"application/json"):
            raise _RefusedError(415, "A request must be JSON.")
        body = await _body(receive)
        name, data = self._named(body)
        function = self._functions[name]
        if name in self._quick and len(body) <= _LARGE:
            return function(data)
        try:
            async with asyncio.timeout(MAX_WAIT):
                await self._threads.acquire()
        except TimeoutError:
            raise _RefusedError(503, "The server is busy. Try again in a moment.") from None
        try:
            return await asyncio.to_thread(function, data)
        finally:
            self._threads.release()

    def _named(self, body: bytes) -> tuple[str, Any]:
        """Which function a request names, and what it sends it."""
        try:
            call = json.loads(body)
        except (ValueError, RecursionError):
            raise _RefusedError(400, "The request is not JSON.") from None
        if not isinstance(call, dict) or call.keys() != {"component_id", "fn_name", "session_hash", "data"}:
            raise _RefusedError(400, "A request holds component_id, fn_name, session_hash and data, and nothing else.")
        # The session makes no difference: any process that serves the page can answer.
        if not isinstance(session := call["session_hash"], str) or len(session) > _LONGEST_SESSION:
            raise _RefusedError(400, f"A session_hash is a text of at most {_LONGEST_SESSION} characters.")
        name = call["fn_name"]
        if type(call["component_id"]) is not int or call["component_id"] != self._component:
            raise _RefusedError(404, "There is no such component.")
        if not isinstance(name, str) or name not in self._functions:
            raise _RefusedError(404, f"There is no such function; there are {', '.join(self._functions)}.")
        return name, call["data"]

    async def _api(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Let Gradio answer a program. What it can make no sense of, or an endpoint refuses, is a 500 there."""

        async def send(message: Message) -> None:
            if message.get("status") == 500:
                message["status"] = 400
            await answer.send(message)

        try:
            await self._app(scope, receive, send)
        except Exception as error:
            _log.warning("A request to Gradio's programming interface failed: %s", type(error).__name__)
            if answer.started:
                await answer.send({"type": "http.response.body", "body": b""})
            else:
                raise _RefusedError(400, "This request to the programming interface makes no sense.") from None


class _Answer:
    """An answer on its way, with the headers that all have."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            message["headers"] = [*message["headers"], *_HEADERS]
        await self._send(message)

    async def json(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


async def _body(receive: Receive) -> bytes:
    """The whole body; more than MAX_BODY is refused outside."""
    parts, more = [], True
    try:
        async with asyncio.timeout(MAX_WAIT):
            while more:
                message = await receive()
                parts.append(message.get("body", b""))
                more = message.get("more_body", False)
    except TimeoutError:
        raise _RefusedError(408, "The request took too long to arrive.") from None
    return b"".join(parts)
