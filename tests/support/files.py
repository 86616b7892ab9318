"""A server of files, as sites of files are served: it compresses text, and knows nothing of what it serves."""

import gzip
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

TEXT = (".html", ".js", ".json", ".webmanifest")


class FileServer:
    """Serves a folder under a path; what the folder has not is looked for in `besides`. It can stop and start."""

    def __init__(
        self, folder: Path, under: str = "/", besides: Path | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        self.folders = [folder, *([besides] if besides else [])]
        self.under = under
        self.headers = headers or {}
        self.max_age = 600  # seconds that a browser may keep what it got
        self.asked: list[str] = []
        self.sent = 0  # bytes of bodies
        self._port = 0
        self.start()

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), partial(_Handler, self))
        self._server.daemon_threads = True
        self._port = self._server.server_port
        self.url = f"http://127.0.0.1:{self._port}{self.under}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def file(self, path: str) -> Path | None:
        """The file at a path of an address."""
        name = urlsplit(path).path
        if not name.startswith(self.under):
            return None
        name = name.removeprefix(self.under) or "index.html"
        return next((folder / name for folder in self.folders if (folder / name).is_file()), None)


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, served: FileServer, *args: Any) -> None:
        self.served = served
        super().__init__(*args)

    def log_message(self, *_: Any) -> None:
        pass

    def handle(self) -> None:
        with suppress(ConnectionError):  # the browser has gone
            super().handle()

    def do_GET(self) -> None:
        file = self.served.file(self.path)
        if file is None:
            return self.send_error(404)
        data = file.read_bytes()
        self.send_response(200)
        if file.suffix in TEXT and "gzip" in self.headers.get("accept-encoding", ""):
            data = gzip.compress(data)
            self.send_header("content-encoding", "gzip")
        self.send_header("content-type", self.guess_type(file))
        self.send_header("content-length", str(len(data)))
        self.send_header("cache-control", f"max-age={self.served.max_age}")
        for name, value in self.served.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.served.asked.append(self.path)
        self.served.sent += len(data)
        self.wfile.write(data)
        return None
