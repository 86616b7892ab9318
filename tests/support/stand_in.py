"""A server that serves the page's modules and answers its calls as a test tells it to."""

import json
import threading
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
BLANK = b'<!doctype html><meta charset="utf-8"><title>blank</title>'


class Reply(NamedTuple):
    """An answer. `cut` bytes of its body are announced and do not come; the browser may keep it for `keep` seconds."""

    body: bytes
    status: int = 200
    kind: str = "application/octet-stream"
    cut: int = 0
    keep: int = 0

    @classmethod
    def of(cls, content: Any, status: int = 200) -> "Reply":
        return cls(json.dumps(content).encode(), status, "application/json")


class StandIn:
    """Serves a blank page at its address, and `assets/`; whatever is below `page/` is answered by `calls`.

    calls: by name, such as "read", a function from what was posted (None for a GET) to a Reply. It runs in the
    request's own thread and may wait. What was asked, and at which path, stands in `asked`.
    """

    def __init__(self, **calls: Callable[[Any], Reply]) -> None:
        self.calls = calls
        self.asked: list[tuple[str, Any]] = []
        handler = partial(_Handler, self)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def posted(self, name: str) -> list[Any]:
        """What page/name was asked so far."""
        return [content for path, content in self.asked if path.endswith(f"/page/{name}")]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, stand_in: StandIn, *args: Any) -> None:
        self.stand_in = stand_in
        super().__init__(*args, directory=str(ROOT))

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/":
            self._send(Reply(BLANK, kind="text/html"))
        elif "/page/" in self.path:
            self._call(None)
        else:
            super().do_GET()

    def do_POST(self) -> None:
        self._call(json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def _call(self, content: Any) -> None:
        self.stand_in.asked.append((self.path, content))
        self._send(self.stand_in.calls[self.path.rpartition("/")[2]](content))

    def _send(self, reply: Reply) -> None:
        try:
            self.send_response(reply.status)
            self.send_header("content-type", reply.kind)
            self.send_header("content-length", str(len(reply.body) + reply.cut))
            self.send_header("cache-control", f"max-age={reply.keep}")
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection |= reply.cut > 0
        except OSError:  # the page has given up waiting
            self.close_connection = True
