"""Time limits on connections: a request must arrive, and its answer be taken, in time.

uvicorn waits for ever for a request that does not come, for the rest of one that has been answered already, and for
whoever does not take an answer. Put in its place with `guard_connections`.
"""

import asyncio
import json
import os
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_WAIT = 10  # seconds for the head of a request to arrive, and for what of it comes after its answer
MAX_TAKING = 60  # seconds in which an answer, or a part of it, must be taken
MAX_SLOW = 300  # connections that have not taken theirs: what they are sent lies in memory
MAX_SENT = 262_144  # bytes of answers that the system keeps of a connection; by itself it would keep megabytes
READ_AT_ONCE = 16_384  # bytes that are taken apart before it is another connection's turn
MAX_AFTER = 4_000_000  # bytes that are read after an answer and thrown away, so that it can be taken

_LEAST_HEADER = 8  # bytes of a header on average, and
_MOST_TINY = 50  # chunks of less than 256 bytes read at once: with more a request is all work and no content
_TINY = re.compile(rb"\r\n0*[0-9a-fA-F]{1,2}[ \t]*(?:;[^\r\n]*)?\r\n")

_MAX_OPEN = 16_384  # connections, where the system allows so many


class Connection(H11Protocol):
    """uvicorn's, with limits."""

    def __init__(
        self, *args: Any, headers: Mapping[str, str], slow: dict["Connection", asyncio.TimerHandle], **named: Any
    ) -> None:
        """Create a connection with limits.

        headers: those of the one answer that it gives itself, to what is not HTTP. slow: the connections that have not
        taken their answers, the oldest first, with what hangs up on them; all connections share it.
        """
        super().__init__(*args, **named)
        self._own_headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._patience: asyncio.TimerHandle | None = None  # with what is to come
        self._slow = slow
        self._after = 0  # bytes read after the last answer

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Start the timer of the first request."""
        super().connection_made(transport)
        transport.max_size = READ_AT_ONCE  # type: ignore[attr-defined] # of asyncio's own transports
        with suppress(OSError):  # it is closed already
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_SENT)
        self._patience = self.loop.call_later(MAX_WAIT, transport.abort)

    def data_received(self, data: bytes) -> None:
        """Parse a part of a request; close a connection that sends on after its answer, or no request at all."""
        if self._is_all_work(data):
            self.transport.abort()
            return
        super().data_received(data)
        self._after = self._after + len(data) if self.cycle is not None and self.cycle.response_complete else 0
        if self._after > MAX_AFTER:
            self.transport.abort()
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._patience is None:
            self._patience = self.loop.call_later(MAX_WAIT, self.transport.abort)

    def eof_received(self) -> None:
        """The other side says no more: what it has not taken yet it must take in time."""
        super().eof_received()
        self._must_be_taken()

    def on_response_complete(self) -> None:
        """A connection that is closed behind its answer must have it taken in time."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._must_be_taken()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the timer."""
        super().connection_lost(exc)
        self._stop_waiting()
        self.resume_writing()

    def pause_writing(self) -> None:
        """The write buffer is full: the answer must be taken in time."""
        super().pause_writing()
        self._is_slow()

    def resume_writing(self) -> None:
        """The write buffer has drained."""
        super().resume_writing()
        if timer := self._slow.pop(self, None):
            timer.cancel()

    def _should_upgrade(self) -> bool:
        """Nobody here needs a web socket: who asks for one is answered as anyone, and nothing is logged of it."""
        return False

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, unless its answer is still being taken."""
        super().timeout_keep_alive_handler()
        self._must_be_taken()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP as everything is refused: in a sentence, with all headers."""
        body = json.dumps({"error": "This is no HTTP request."}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *self._own_headers,
        ]
        with suppress(h11.LocalProtocolError):  # an answer is on its way already
            events = (h11.Response(status_code=400, headers=headers), h11.Data(data=body), h11.EndOfMessage())
            self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))
        if self.cycle is not None and not self.cycle.response_complete:  # it waits for what does not come
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()

    def _must_be_taken(self) -> None:
        """Wait no longer than for any answer, though so little is left that nobody has been told of it."""
        if self.transport.get_write_buffer_size():
            self._is_slow()

    def _is_slow(self) -> None:
        if self not in self._slow:
            self._slow[self] = self.loop.call_later(MAX_TAKING, self.transport.abort)
        if len(self._slow) > MAX_SLOW:
            next(iter(self._slow)).transport.abort()

    def _is_all_work(self, data: bytes) -> bool:
        """Whether it is a head of tiny headers or a body of tiny chunks, each of which takes as long as a large one."""
        if self.conn.their_state is h11.IDLE:
            head, _, data = data.partition(b"\r\n\r\n")  # or what comes of a head, which says no more for sure
            if len(head) > 1000 and head.count(b"\r\n") > len(head) / _LEAST_HEADER:
                return True
        elif not any(name == b"transfer-encoding" for name, _ in self.headers or ()):
            return False  # of one piece; a length beside chunks counts for nothing
        return sum(1 for _ in _TINY.finditer(data)) > _MOST_TINY

    def _stop_waiting(self) -> None:
        if self._patience:
            self._patience.cancel()
            self._patience = None


def guard_connections(config: Config, headers: Mapping[str, str]) -> None:
    """Have uvicorn make its connections so, and as many as the system allows.

    Where `httptools` is installed it is left alone: then a proxy stands before it, which guards against the same.
    """
    if config.http_protocol_class is H11Protocol:
        config.http_protocol_class = partial(Connection, headers=headers, slow={})  # type: ignore[assignment]
    if os.name == "posix":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _MAX_OPEN if most == resource.RLIM_INFINITY else min(most, _MAX_OPEN)
        with suppress(ValueError, OSError):  # a system that allows less than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
