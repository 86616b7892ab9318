"""A static Space as Hugging Face shows it: the site's files from a host of their own, in a frame of another."""

import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Frame, Page, Route

AROUND = "https://huggingface.co/spaces/someone/gatescope"
SPACE = "https://someone-gatescope.static.hf.space/"
# All that a Space may set by `custom_headers`, as strict as can be, and what its host sends besides.
HEADERS = {
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",
    "x-content-type-options": "nosniff",
}
FRAMED = "allow-scripts allow-same-origin allow-forms allow-popups"
"""What the frame may do; it may not download, and the clipboard is not its own."""
NO_STORAGE = "allow-scripts"
"""As a browser that denies third parties all storage: the frame has no origin of its own."""

PARENT = """<!doctype html><title>Space</title>
<script>window.told = []; addEventListener("message", ({ data, origin }) => told.push({ ...data, origin }));</script>
<iframe src="SRC" sandbox="SANDBOX" width="1400" height="860"></iframe>"""


def open_space(context: BrowserContext, folder: Path, sandbox: str, behind: str = "") -> tuple[Page, Frame]:
    """The page around a Space, and the Space in it, with what stands `behind` the address of both.

    Neither host is asked: the site's folder answers for one, and a page that notes what it is told for the other.
    """

    def answer(route: Route) -> None:
        name = urlsplit(route.request.url).path.removeprefix("/") or "index.html"
        file = folder / name
        if not file.is_file():
            return route.fulfill(status=404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return route.fulfill(body=file.read_bytes(), headers={**HEADERS, "content-type": kind})

    around = PARENT.replace("SRC", SPACE + behind).replace("SANDBOX", sandbox)
    context.route(f"{SPACE}**", answer)
    context.route(f"{AROUND}**", lambda route: route.fulfill(body=around, content_type="text/html"))
    page = context.new_page()
    page.goto(AROUND + behind)
    (frame,) = page.main_frame.child_frames
    return page, frame
