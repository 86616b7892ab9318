"""A wire to a server that can be made to fail."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Wire:
    """A wire to a server, by threads of its own. It cuts replies, swallows requests, or is gone as if killed."""

    def __init__(self, url: str) -> None:
        self.fault: str | None = None  # or "cut", "swallow"
        self._server = urlsplit(url).port
        self._ends: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self._port = self._door.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/"
        threading.Thread(target=self._open, daemon=True).start()

    def close(self) -> None:
        """Be gone, as a server that is killed: nobody is let in, and who is in is put out."""
        for end in (self._door, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._ends.clear()

    def open(self) -> None:
        """Be there again, at the same address."""
        self._door = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        door = self._door
        while True:
            try:
                page, _ = door.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._server))
            self._ends += [page, server]
            for ends in ((page, server, "swallow"), (server, page, "cut")):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket, fault: str) -> None:
        try:
            while data := here.recv(1 << 16):
                if self.fault == "swallow" == fault:
                    continue
                there.sendall(data[: len(data) // 2] if self.fault == "cut" == fault else data)
                if self.fault == "cut" == fault:
                    break
        except OSError:
            pass
        for end in (here, there):
            end.close()
