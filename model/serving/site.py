"""The page as a folder that any file server serves: there the browser reads.

It is the page of `page.py`, put together by it from the same files. Here it is told that it is alone, by
`data-reads="browser"`; its security policy stands in it, as file servers send none; what is joined has the hash of its
content in its name; and a service worker keeps all of it for use without a network. Programs are answered nothing.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from model.serving.join import without_comments
from model.serving.options import policy
from model.serving.page import CARD, Page

_OWN = "site/"  # of the page's files, those that only the site has
_WORKER = "service-worker.js"
_MANIFEST = "manifest.webmanifest"
_README = "README.md"
_NOT_KEPT = {_WORKER, _README, f"assets/{CARD}", "favicon.ico"}
"""What the service worker does not keep: no visitor needs it without a network."""

_POLICY, _FIRST = "<!-- policy -->", "<!-- first -->"  # where they are to stand in the page
_LOCAL = re.compile(r"assets/joined/[\w/-]*\blocal-[0-9a-f]{16}\.js")
_API = re.compile(r'<section id="api".*?</section>', re.DOTALL)
_JOINED = re.compile(r"((?:assets/joined|\.)/[\w/-]+)\.js\?v=([0-9a-f]{16})")
_ICON = re.compile(r'(href="assets/[\w-]+\.png)\?v=[0-9a-f]{16}')
_LIST = re.compile(r"^const SITE = (\{.*\});$", re.MULTILINE)
_SERVER_ONLY = re.compile(r"(sdk_version|python_version|app_file|suggested_hardware): ")  # of the front matter


def build(
    out: Path, assets: Mapping[str, bytes], facts: Mapping[str, bytes], readme: str, address: str | None = None
) -> None:
    """Write the site to a folder that is new, empty, or holds an earlier build of it.

    assets, facts, address: as `Page` takes them. readme: the project's, whose front matter the Space's follows.
    Raises ValueError, with a sentence for people, when the folder holds something else or the page cannot be joined.
    """
    before = earlier(out)
    site = files(assets, facts, readme, address)
    # Whoever looks while it is written finds all that a page names: that comes first, and what is old goes last.
    for name in sorted(site, key=lambda name: (name == _WORKER, name == "index.html")):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(site[name])
    for name in before - site.keys():
        (out / name).unlink()


def files(
    assets: Mapping[str, bytes], facts: Mapping[str, bytes], readme: str, address: str | None = None
) -> dict[str, bytes]:
    """All files of the site by their paths. The arguments are those of `build`."""
    page = Page({**assets, "index.html": _alone(assets)}, facts, address)
    site = {name: file.bodies[""] for name, file in page.files.items() if _is_kept(name)}
    if not any(name.startswith("assets/joined/") for name in site):
        raise ValueError("The page's modules cannot be joined, and a site of files needs them so.")
    site["index.html"] = site.pop("")
    for name, data in list(site.items()):
        if name.startswith("assets/joined/"):
            del site[name]
            name = f"{name.removesuffix('.js')}-{page.files[name].version}.js"
        site[name] = _without_queries(data) if name.endswith((".js", ".html")) else data
    site["index.html"] = site["index.html"].replace(_FIRST.encode(), _first(site).encode(), 1)
    site[_MANIFEST] = assets[f"{_OWN}manifest.json"]
    worker = without_comments(assets[_OWN + _WORKER].decode())
    version = _digest(b"".join([*(name.encode() + site[name] for name in sorted(site)), worker.encode()]))[:8]
    site["index.html"] = (
        site["index.html"]
        .replace(b"<html ", f'<html data-reads="browser" data-version="{version}" '.encode(), 1)
        .replace(_POLICY.encode(), _policy(page).encode(), 1)
    )
    listed = {name: _digest(data) for name, data in sorted(site.items()) if name not in _NOT_KEPT}
    site[_WORKER] = f"const SITE = {json.dumps({'version': version, 'files': listed})};\n{worker}".encode()
    site[_README] = _readme(readme, version).encode()
    return site


def _alone(assets: Mapping[str, bytes]) -> bytes:
    """The page's own text, with what a page without a server says, and asks for at once."""
    page = assets["index.html"].decode()
    page = page.replace(
        "<!-- guide.html -->", _API.sub(assets[f"{_OWN}no-api.html"].decode(), assets["guide.html"].decode())
    )
    for mark, more in (('<meta charset="utf-8" />', _POLICY), ("<!-- preview -->", _FIRST)):
        page = page.replace(mark, f"{mark}\n  {more}", 1)
    return page.encode()


def _is_kept(name: str) -> bool:
    """Of what the server has: the page, what is joined, pictures, and what is known of the network."""
    return name.startswith(("assets/joined/", "page/")) or name.endswith((".png", ".ico")) or name == ""


def _without_queries(text: bytes) -> bytes:
    """The addresses as files have them: what is joined with its hash in the name, the icon with none."""
    return _ICON.sub(r"\1", _JOINED.sub(r"\1-\2.js", text.decode())).encode()


def _first(site: Mapping[str, bytes]) -> str:
    """What the browser reads with, asked for together with the page's script: no reading is painted before."""
    (local,) = filter(_LOCAL.fullmatch, site)
    links = (
        f'<link rel="modulepreload" href="{local}" />',
        '<link rel="preload" href="page/weights.bin" as="fetch" crossorigin />',
        f'<link rel="manifest" href="{_MANIFEST}" />',
    )
    return "\n  ".join(links)


def _policy(page: Page) -> str:
    return f'<meta http-equiv="Content-Security-Policy" content="{policy(page.inline)}" />'


def _readme(readme: str, version: str) -> str:
    """What Hugging Face reads of a static Space, and what people read who find the folder."""
    _, front, _ = re.split(r"^---\n", readme, maxsplit=2, flags=re.MULTILINE)
    kept = [line for line in front.splitlines() if not _SERVER_ONLY.match(line)]
    settings = "\n".join(kept).replace("sdk: gradio", "sdk: static").replace(", mcp-server", "")
    return f"""---
{settings}
---

# Gatescope

Draw a digit, and see every gate of an LSTM read it, in the browser. These files are all of it, and any file server
serves them; without one, `python -m http.server` does. Version {version}, made by `python -m model.site`.
"""


def earlier(out: Path) -> set[str]:
    """The files of an earlier build. Raises ValueError when there is anything else, but for what begins with a dot."""
    if not out.exists():
        return set()
    if not out.is_dir():
        raise ValueError(f"{out} is no folder.")
    found = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    found = {name for name in found if not name.startswith(".")}
    worker = out / _WORKER
    listed = _LIST.search(worker.read_text(encoding="utf-8")) if worker.is_file() else None
    ours = {*json.loads(listed[1])["files"], *_NOT_KEPT} if listed else set()
    if other := sorted(found - ours):
        raise ValueError(
            f"{out} holds something else, such as {other[0]}. Name a new folder, or an empty one; what a build has "
            "left that was broken off can be deleted."
        )
    return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
