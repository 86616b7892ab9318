"""A browser, and what a person does with the page in it."""

import base64
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request, Route, expect

from tests.support.drawings import as_points

CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--process-per-site"]
GATES = ("input_gate", "forget_gate", "output_gate", "candidate", "cell", "hidden")
MAPS = (*GATES, "memory")
READ = re.compile(r"/page/read$")
BLANK = """() => {
  const row = document.querySelector("#row");
  document.querySelector("#clear").click();
  row.value = 27;
  row.dispatchEvent(new Event("input", { bubbles: true }));
}"""
PIXELS = """(canvas) => {
  const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const parts = [];
  for (let k = 0; k < data.length; k += 8192) parts.push(String.fromCharCode(...data.subarray(k, k + 8192)));
  return [btoa(parts.join("")), width];
}"""
TWO_FRAMES = """() => new Promise((done) => {
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  frame().then(frame).then(() => setTimeout(done));
})"""
_asked: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()  # readings that are on their way to a page
STATE = 'import(new URL("assets/state/state.js", document.baseURI))'


def open_browser(playwright: Playwright) -> Browser:
    """Playwright's own Chromium where it is installed, else the system's."""
    own = Path(playwright.chromium.executable_path)
    path = own if own.exists() else shutil.which("chromium") or shutil.which("google-chrome")
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)


@contextmanager
def watched(
    context: BrowserContext, url: str, apart: bool = False, strokes: list[list[int]] | None = None
) -> Iterator[Page]:
    """A new page at this address, with these strokes or a blank pad, units by index and the last row chosen.

    apart: as `serve_apart` has it. Fails in the end on a script's error, a request to another host, or what the page's
    own security policy forbids.
    """
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: "Content Security Policy" in said.text and wrong.append(said.text))
    page.on("request", lambda request: request.url.startswith((url, "data:", "blob:")) or wrong.append(request.url))
    if apart:
        serve_apart(page)
    open_page(page, f"{url}#{address(strokes or [])}row=27&order=index")
    if strokes is None:
        page.evaluate(BLANK)
        says(page, "")
    page.mouse.move(0, 0)
    yield page
    page.unroute_all(behavior="ignoreErrors")
    page.close()
    assert wrong == []


def address(strokes: list[list[int]]) -> str:
    """The part of an address that holds the strokes, as the page writes it: steps in base 36, each after its sign."""
    drawn = []
    for stroke in strokes:
        steps = np.subtract(stroke, [0, 0, *stroke[:-2]])
        drawn.append("".join(("-" if step < 0 else ".") + np.base_repr(abs(step), 36).lower() for step in steps))
    return f"draw={'_'.join(drawn)}&" if drawn else ""


def open_page(page: Page, url: str) -> None:
    """Go to the page and wait until all of it works and the digit that it opens with has been read."""
    if page not in _asked:
        asked = _asked[page] = set()
        page.on("request", lambda request: READ.search(request.url) and asked.add(request))
        page.on("requestfinished", lambda request: asked.discard(request))
        page.on("requestfailed", lambda request: asked.discard(request))
    page.goto(url)
    page.wait_for_selector("body[data-started]")
    page.wait_for_selector('#prediction:not([data-digit=""])')


def serve_apart(page: Page) -> None:
    """From now on load the page with its modules apart, so that a test that imports one gets the page's own."""

    def handle(route: Route) -> None:
        if route.request.resource_type != "document":
            return route.continue_()
        reply = route.fetch()
        text, count = re.subn(r"assets/joined/main(\.js\?v=\w+|-\w+\.js)", "assets/main.js", reply.text())
        assert count
        return route.fulfill(response=reply, body=text)

    page.route("**/*", handle)


def without_engine(page: Page | BrowserContext) -> None:
    """From now on the weights do not come with which the browser would read when the server does not."""
    page.route(re.compile(r"/page/weights\.bin$"), lambda route: route.abort())


class Held:
    """Calls for a reading, or others, kept back until they are let go."""

    def __init__(self, page: Page, calls: re.Pattern[str] = READ) -> None:
        self.page = page
        self.routes: list[Route] | None = []
        page.route(calls, lambda route: route.continue_() if self.routes is None else self.routes.append(route))

    def wait(self) -> None:
        """Wait until there is one."""
        while not self.routes:
            self.page.wait_for_timeout(20)

    def let_go(self) -> None:
        """Let them go to the server, and all that come later."""
        self.wait()
        held, self.routes = self.routes, None
        for route in held:
            route.continue_()


def draw(page: Page, strokes: list[list[float]], size: float = 1.0, corner: tuple[float, float] = (0, 0)) -> None:
    """Draw with the mouse, as large a part of the pad as `size`, from the corner (x, y) in shares of the pad.

    It is fast: of three points it reports one, and each stroke's last. The page paints a reading for every one.
    """
    pad = page.locator("#sketch-pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for stroke in as_points(strokes):
        places = (stroke / 1000 * size + corner) * (box["width"], box["height"]) + (box["x"], box["y"])
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in [*places[1:-1:3], places[-1]]:
            page.mouse.move(*place)
        page.mouse.up()


def example(page: Page, digit: int) -> None:
    """Put an example on the pad, and wait until it has been read."""
    page.click(f"#examples button >> nth={digit}")
    settled(page)


def point(page: Page, name: str, row: int, column: int) -> None:
    """Point at a place of a map."""
    page.locator(f"#{name} canvas").scroll_into_view_if_needed()
    box = page.locator(f"#{name} canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * (column + 0.5) / 128, box["y"] + box["height"] * (row + 0.5) / 28)


def choose(page: Page, name: str, row: int, column: int) -> None:
    """Click a place of a map, and point at nothing."""
    point(page, name, row, column)
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(0, 0)


def says(page: Page, digit: str) -> None:
    expect(page.locator("#prediction")).to_have_attribute("data-digit", digit)


def revision(page: Page) -> int:
    return int(page.get_attribute("#prediction", "data-revision"))


def wait_until(page: Page, expression: str) -> None:
    """Wait until it is true on the page. Playwright's own way needs an `eval`, which the page's policy forbids."""
    for _ in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise TimeoutError(expression)


def settled(page: Page) -> None:
    """Wait until no reading is on its way, and none was painted for two frames."""
    for _ in range(600):
        before = revision(page)
        page.evaluate(TWO_FRAMES)
        if before == revision(page) and not _asked.get(page):
            return
    raise TimeoutError("there is no end to the readings")


def pixels(page: Page, selector: str) -> np.ndarray:
    """The canvas in what is selected: (rows, columns), a number for each colour."""
    data, width = page.eval_on_selector(f"{selector} canvas", PIXELS)
    return np.frombuffer(base64.b64decode(data), "<u4").reshape(-1, width)


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace("−", "-").rstrip("%"))
