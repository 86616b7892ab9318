"""The page's files, read into memory when the server starts and answered by name.

No path that a visitor sends is ever opened. Text is compressed once. A file whose address holds its content's hash
(`?v=…`) may be kept for a year; any other is asked for again, and answered with 304 as long as it is the same.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_TEXT = (".html", ".css", ".js", ".json", ".svg", ".txt")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class File:
    """One file as it is sent: its bytes by encoding ("" as it is, "br", "gzip"), kind and content hash."""

    kind: str
    version: str
    bodies: Mapping[str, bytes]

    @classmethod
    def of(cls, data: bytes, suffix: str) -> "File":
        """Data of the kind that files with this suffix have."""
        bodies = {"": data}
        if suffix in _TEXT:
            bodies["br"] = brotli.compress(data)
            bodies["gzip"] = gzip.compress(data, mtime=0)
        return cls(KINDS[suffix], hashlib.sha256(data).hexdigest()[:16], bodies)


def read_assets(folder: Path) -> dict[str, bytes]:
    """All files below a folder whose kind is known, by their path from it, with slashes."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in KINDS)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


class Page:
    """All that can be had by GET: the page at "", its files at "assets/…", and what else it is given by name."""

    def __init__(self, assets: Mapping[str, bytes], more: Mapping[str, bytes]) -> None:
        """Compress everything. more: JSON by name, such as "page/network"."""
        index = assets["index.html"].replace(b"<!-- guide.html -->", assets["guide.html"])
        self.files = {
            "": File.of(index, ".html"),
            "favicon.ico": File.of(assets["icon.png"], ".png"),
            **{f"assets/{name}": File.of(data, Path(name).suffix) for name, data in assets.items()},
            **{name: File.of(data, ".json") for name, data in more.items()},
        }

    def answer(self, name: str, query: bytes, asked: Mapping[bytes, bytes]) -> tuple[int, Headers, bytes] | None:
        """Status, headers and body of one file; None when there is none of this name.

        query: what stands behind "?". asked: the request's headers, their names in lower case.
        """
        file = self.files.get(name)
        if file is None:
            return None
        fixed = query == b"v=" + file.version.encode()
        encoding = _encoding(asked.get(b"accept-encoding", b""), file.bodies)
        etag = f'"{file.version}{encoding and "-"}{encoding}"'.encode()
        headers = [
            (b"etag", etag),
            (b"cache-control", b"public, max-age=31536000, immutable" if fixed else b"no-cache"),
        ]
        if len(file.bodies) > 1:
            headers.append((b"vary", b"accept-encoding"))
        if _has(asked.get(b"if-none-match", b""), etag):
            return 304, headers, b""
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        headers.append((b"content-type", file.kind.encode()))
        return 200, headers, file.bodies[encoding]


def _encoding(accepted: bytes, bodies: Mapping[str, bytes]) -> str:
    """The best encoding that a browser accepts, as it says in `accept-encoding`."""
    offers = {}
    for offer in accepted.decode("latin-1").lower().split(","):
        name, _, quality = offer.partition(";")
        offers[name.strip()] = quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if name in bodies and offers.get(name)), "")


def _has(tags: bytes, etag: bytes) -> bool:
    """Whether `if-none-match` names the tag; a proxy may have made it a weak one."""
    return any(tag.strip().removeprefix(b"W/") in (etag, b"*") for tag in tags.split(b","))
