"""The page as a browser gets it: read into memory when the server starts, put together, and answered by name.

No path that a visitor sends is ever opened. Text is compressed once. A file whose address holds the hash of its content
(`?v=…`) may be kept for a year; any other is asked for again, and answered with 304 as long as it is the same.
"""

import base64
import gzip
import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path, PurePosixPath

import brotli

from model.serving.join import join_modules, join_styles, module_order, without_comments

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".bin": "application/octet-stream",
}
_TEXT = (".html", ".css", ".js", ".json", ".svg")

CARD = "social-card.png"
CARD_ALT = "A hand-drawn digit, its prediction, and six heatmaps of the LSTM that read it: 28 rows by 128 units each"

_STYLE = re.compile(r'[ \t]*<link rel="stylesheet" href="assets/(styles/[\w-]+\.css)"\s*/?>\n?')
_MAIN = re.compile(r'src="assets/(main\.js)"')
_SOON = re.compile(r'(?<=<link rel="modulepreload" href=")assets/(\w+\.js)(?=")')
_ICON = re.compile(r'(?<=<link rel="icon" href=")assets/[\w-]+\.png(?=")')
_DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)"')
_BOOT = re.compile(r'<script src="assets/(boot\.js)"></script>')

_MOST_ASKED = 1_000  # bytes of a header that are looked at: 30 kB of commas would take as long as ten readings

Headers = list[tuple[bytes, bytes]]
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class File:
    """One file as it is sent: its kind, the hash of its content, and its bytes by encoding ("" for as they are)."""

    kind: str
    version: str
    bodies: Mapping[str, bytes]

    @classmethod
    def of(cls, data: bytes, suffix: str, quality: int = 11) -> "File":
        """The file with this content, of the kind that the suffix says. quality: of Brotli's compression, 0 to 11."""
        bodies = {"": data}
        if suffix in _TEXT:
            bodies["br"] = brotli.compress(data, quality=quality)
            bodies["gzip"] = gzip.compress(data, mtime=0)
        return cls(KINDS[suffix], _version(data), bodies)


def read_assets(folder: Path) -> dict[str, bytes]:
    """All files below a folder whose kind is known, by their path from it, with slashes."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in KINDS)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


class Page:
    """All that can be had by GET: the page at "", its files at "assets/…", and what else it is given."""

    def __init__(
        self, assets: Mapping[str, bytes], more: Mapping[str, bytes], address: str | None = None, joined: bool = True
    ) -> None:
        """Put the page together and compress everything.

        more: by name, such as "page/network.json"; what has no suffix is JSON too. address: where people find the page,
        `https://…/`, if that is known. joined: put the style sheets into the page and serve the modules as one; else
        apart, as they are.
        """
        self.files = {
            "favicon.ico": File.of(assets["icon.png"], ".png"),
            # Not compressed as well as what follows: that would take half a second, and the page asks for few of them.
            **{f"assets/{name}": File.of(data, _suffix(name), quality=5) for name, data in assets.items()},
            **{name: File.of(data, _suffix(name)) for name, data in more.items()},
        }
        self.inline: dict[str, list[str]] = {"script": [], "style": []}
        """The hashes of the scripts and styles that stand in the page, as its security policy names them."""
        text = {name: data.decode() for name, data in assets.items() if _suffix(name) in _TEXT}
        self.files[""] = File.of(self._index(text, address, joined).encode(), ".html")

    def answer(self, name: str, query: bytes, asked: Mapping[bytes, bytes]) -> tuple[int, Headers, bytes] | None:
        """Status, headers and body of one file; None when there is none of this name, or not in this version.

        query: what stands behind "?". asked: the request's headers, by their names in lower case.
        """
        file = self.files.get(name)
        if file is None:
            return None
        encoding = _encoding(asked.get(b"accept-encoding", b""), file.bodies)
        etag = f'"{file.version}{encoding and "-" + encoding}"'.encode()
        for_good = query == b"v=" + file.version.encode()
        if query.startswith(b"v=") and not for_good and name.startswith("assets/joined/"):
            return None  # modules joined in another version fit this one's neither in number nor in name
        headers = [
            (b"etag", etag),
            (b"cache-control", b"public, max-age=31536000, immutable" if for_good else b"no-cache"),
        ]
        if len(file.bodies) > 1:
            headers.append((b"vary", b"accept-encoding"))
        if _names(asked.get(b"if-none-match", b""), etag):
            return 304, headers, b""
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        headers.append((b"content-type", file.kind.encode()))
        return 200, headers, file.bodies[encoding]

    def _index(self, text: Mapping[str, str], address: str | None, joined: bool) -> str:
        page = text["index.html"].replace("<!-- guide.html -->", text["guide.html"])
        first = []
        modules = {name: content for name, content in text.items() if _suffix(name) in (".js", ".json")}
        if joined and (found := _MAIN.search(page)):
            try:
                main = self._joined("main.js", join_modules(found[1], modules, self._joined))
                page = _MAIN.sub(f'src="assets/joined/{main[2:]}"', page)
                page = _SOON.sub(lambda part: self._address(f"assets/joined/{part[1]}"), page)
                first.append(_link("modulepreload", f"assets/joined/{main[2:]}"))
            except ValueError as error:
                _log.warning("The modules are served apart, for they cannot be joined: %s", error)
                joined = False
        if not joined and _MAIN.search(page):
            first += [_link("modulepreload", f"assets/{name}") for name in _apart(modules, _SOON.findall(page))]
        if joined and (styles := _STYLE.findall(page)):
            # In the page, since the first paint waits for it: on a slow line that is a third of a second.
            sheet = self._inline("style", join_styles(styles, text))
            page = _STYLE.sub("", _STYLE.sub(lambda _: f"  {sheet}\n", page, count=1))
        # Browsers look for it again whenever the address has changed, which is after each stroke.
        page = _ICON.sub(lambda icon: self._address(icon[0]), page)
        first.append(_link("preload", "page/network.json", 'as="fetch" crossorigin'))
        page = _BOOT.sub(lambda found: self._inline("script", text[found[1]]), page)
        return page.replace("<!-- preview -->", "\n  ".join([*first, *self._preview(page, address)]))

    def _joined(self, name: str, script: str) -> str:
        """Take a joined script in; its address from where the others stand."""
        self.files[f"assets/joined/{name}"] = File.of(script.encode(), ".js")
        return self._address(f"assets/joined/{name}").replace("assets/joined", ".", 1)

    def _address(self, name: str) -> str:
        """Where browsers find a file and may keep it."""
        return f"{name}?v={self.files[name].version}"

    def _inline(self, kind: str, text: str) -> str:
        """A script or a style that stands in the page."""
        text = without_comments(text)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        self.inline[kind].append(f"'sha256-{digest}'")
        return f"<{kind}>{text}</{kind}>"

    def _preview(self, page: str, address: str | None) -> list[str]:
        """What messengers show of the page. They run no script, and want whole addresses."""
        said = _DESCRIPTION.search(page)
        told = {"title": "Gatescope: see every gate of an LSTM", "description": said[1] if said else ""}
        told |= {"type": "website", "site_name": "Gatescope"}
        card = self.files.get(f"assets/{CARD}")
        if address and card:
            told |= {"url": escape(address), "image": escape(f"{address}assets/{CARD}?v={card.version}")}
            told |= {"image:width": "1200", "image:height": "630", "image:alt": CARD_ALT}
        tags = [f'<meta property="og:{name}" content="{content}" />' for name, content in told.items()]
        return [*tags, '<meta name="twitter:card" content="summary_large_image" />']


def _apart(modules: Mapping[str, str], soon: list[str]) -> list[str]:
    """What the main module imports, and those that it imports soon after."""
    try:
        names = [name for entry in ("main.js", *soon) for name in module_order(entry, modules) if name.endswith(".js")]
    except ValueError:  # then the browser finds them one after another
        return []
    return list(dict.fromkeys(names))


def _link(kind: str, address: str, more: str = "") -> str:
    return f'<link rel="{kind}" href="{escape(address)}"{more and " " + more} />'


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix or ".json"


def _version(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _encoding(accepted: bytes, bodies: Mapping[str, bytes]) -> str:
    """The best encoding that a browser accepts, as its `accept-encoding` says."""
    takes = {}
    for offer in accepted[:_MOST_ASKED].decode("latin-1").lower().split(","):
        name, _, quality = offer.partition(";")
        takes[name.strip()] = not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", quality)
    return next((name for name in ("br", "gzip") if name in bodies and takes.get(name)), "")


def _names(tags: bytes, etag: bytes) -> bool:
    """Whether `if-none-match` names the tag; a proxy may have made it a weak one."""
    return any(tag.strip().removeprefix(b"W/") in (etag, b"*") for tag in tags[:_MOST_ASKED].split(b","))
