"""The page's files of a reading, made in a browser from a reading that Python hands it."""

import base64
import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page

from model import Reading
from model.networks.dimensions import GATES, UNITS
from tests.support.demo import ROOT

ADDRESS = "https://gatescope.example/#order=similarity"

MAKE = """async ({ module, call, taken, how }) => {
    const opened = (value) => value?.float32 !== undefined
        ? new Float32Array(Uint8Array.from(atob(value.float32), (c) => c.charCodeAt(0)).buffer) : value;
    for (const reading of [taken.reading, taken.pinned])
        for (const name in reading ?? {}) reading[name] = opened(reading[name]);
    taken.columns = Uint8Array.from(taken.columns);
    const made = await (await import(`/export/${module}.js`))[call](...how.before, taken, ...how.after);
    if (!(made?.file instanceof Blob)) return made;
    const bytes = new Uint8Array(await made.file.arrayBuffer());
    let text = "";
    for (let k = 0; k < bytes.length; k += 8192) text += String.fromCharCode(...bytes.subarray(k, k + 8192));
    return { name: made.name, data: btoa(text) };
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="session")
def modules(visitor: BrowserContext) -> Iterator[Page]:
    """A page with nothing on it, that can import the page's modules one by one."""
    handler = functools.partial(Quiet, directory=ROOT / "assets")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = visitor.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/icon.png")
        yield page
        page.close()
        server.shutdown()


def as_page_has_it(reading: Reading, asked: dict[str, Any]) -> dict[str, Any]:
    arrays = {**{name: value for name, value in vars(reading).items() if name != "trace"}, **reading.trace._asdict()}
    packed = {
        name: {"float32": base64.b64encode(value.astype("<f4").tobytes()).decode()}
        for name, value in arrays.items()
        if isinstance(value, np.ndarray)
    }
    more = {"silence": list(reading.silence), "closest": reading.closest, "asked": asked}
    return {**arrays, **packed, **more, "hold": None}


@pytest.fixture(scope="session")
def call(modules: Page) -> Callable[..., Any]:
    """Call a function of assets/export/ with a reading and what is shown of it."""

    def call(
        reading: Reading, module: str, name: str, before: tuple = (), after: tuple = (), **shown: Any
    ) -> dict[str, Any]:
        asked = {"strokes": [[100, 200, 300, 400], [50, 60]], **shown.pop("asked", {})}
        by = shown.pop("by", "server")
        untouched = shown.pop("untouched", None)
        pinned = shown.pop("pinned", None)
        taken = {
            "reading": {**as_page_has_it(reading, asked), "by": by},
            "untouched": untouched and as_page_has_it(untouched, {}),
            "pinned": pinned and as_page_has_it(pinned, {"strokes": []}),
            "digit": None,
            "against": None,
            "order": "index",
            "columns": list(range(UNITS)),
            "network": {"name": "LSTM, 128 units", "sha256": "5ha", "temperature": 1.25, "leastScore": 0.75},
            "address": ADDRESS,
            "dark": False,
            "exact": True,
            **shown,
        }
        how = {"before": list(before), "after": list(after)}
        if untouched:
            taken["untouched"]["probabilities"] = untouched.probabilities.tolist()
        return modules.evaluate(MAKE, {"module": module, "call": name, "taken": taken, "how": how})

    return call


@pytest.fixture(scope="session")
def make(call: Callable[..., Any]) -> Callable[..., tuple[str, bytes]]:
    """Make a file of a reading: its name and its bytes."""

    def make(reading: Reading, kind: str, how: dict[str, Any] | None = None, **shown: Any) -> tuple[str, bytes]:
        made = call(reading, "files", "makeFile", (kind,), (how or {},), **shown)
        return made["name"], base64.b64decode(made["data"])

    return make


def held(**gates: tuple[float, int, int]) -> dict[str, np.ndarray]:
    """Gates held as the page asks for it, value, first and last row, as the reader takes them."""
    assert set(gates) <= set(GATES)
    rows = np.arange(28)
    return {
        gate: np.where((rows >= first) & (rows <= last), np.float32(value), np.float32(np.nan))
        for gate, (value, first, last) in gates.items()
    }
