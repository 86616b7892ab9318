"""A visitor who needs no browser: plain HTTP to a running demo."""

import http.client
import json
import re
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from model.serving.options import Options
from tests.support.demo import Demo
from tests.support.drawings import pen_digits

READ, FIND = "/page/read", "/page/find"
GOOD = {"strokes": pen_digits()[3]["strokes"]}
LIMIT = 1.0  # second, for any request


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


def has_headers(reply: Reply) -> bool:
    """Whether an answer has the security headers."""
    headers = {name.lower(): value for name, value in reply.headers.items()}
    policy = "content-security-policy"  # with the hashes of what stands in the page
    headers[policy] = re.sub(r" 'sha256-[^']*'", "", headers.get(policy, ""))
    return Options().headers().items() <= headers.items()


class Visitor:
    def __init__(self, demo: Demo | int) -> None:
        """Of a demo, or of whatever listens at a port."""
        self.port = demo if isinstance(demo, int) else demo.port
        self.right = self.read(GOOD).body

    def ask(self, method: str, path: str, body: bytes | Iterable[bytes] | None = None, **headers: str) -> Reply:
        """One request on a connection of its own. A body of several parts is sent in chunks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        begun = time.perf_counter()
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            reply = connection.getresponse()
            content = reply.read()
            return Reply(reply.status, dict(reply.headers), content, time.perf_counter() - begun)
        finally:
            connection.close()

    def post(self, body: bytes, path: str = READ) -> Reply:
        return self.ask("POST", path, body, Content_Type="application/json")

    def read(self, request: Any) -> Reply:
        """Have a drawing read, as the page does."""
        return self.post(json.dumps(request).encode())

    def find(self, request: Any) -> Reply:
        """Have the digit in a picture found, as the page does."""
        return self.post(json.dumps(request).encode(), FIND)

    def is_served(self) -> bool:
        """Whether a good drawing is read rightly, whatever was asked before."""
        return self.read(GOOD).body == self.right
