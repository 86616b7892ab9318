"""Chromium, Firefox and WebKit, each with one page in it, driven alike: `with open_tab("webkit") as tab`.

Chromium by Playwright; Firefox by Marionette, the protocol that geckodriver speaks to it; WebKit by WebDriver, on a
screen that nobody sees. The two need nothing but Python, and Debian's `firefox-esr`, `webkit2gtk-driver` and `xvfb`.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from playwright.sync_api import sync_playwright

from tests.support.browser import open_browser
from tests.support.demo import free_port

PATIENCE = 90  # seconds for a browser to come up, or to answer
SIZE = (1280, 720)

Places = Sequence[tuple[float, float]]


class Tab(Protocol):
    """A page in a browser."""

    def goto(self, url: str) -> None:
        """Open an address, and wait until it is loaded."""

    def run(self, script: str) -> Any:
        """What the body of an asynchronous function returns on the page, as far as JSON can hold it."""

    def drag(self, places: Places) -> None:
        """Press the mouse at the first place, move it through the others, and let go; in pixels of the window."""


def missing(name: str) -> str | None:
    """Why a browser cannot be driven here; None when it can."""
    if name == "firefox" and not _firefox():
        return "There is no Firefox here (Debian's firefox-esr)."
    if name == "webkit" and not (shutil.which("WebKitWebDriver") and _mini_browser() and shutil.which("Xvfb")):
        return "There is no WebKit here that can be driven (Debian's webkit2gtk-driver and xvfb)."
    return None


@contextmanager
def open_tab(name: str) -> Iterator[Tab]:
    """A page in a browser of its own: "chromium", "firefox" or "webkit"."""
    with BROWSERS[name]() as tab:
        yield tab


def until(tab: Tab, script: str, wanted: Any = True) -> None:
    """Wait until the script returns what is wanted."""
    end = time.monotonic() + PATIENCE
    while (found := tab.run(script)) != wanted:
        assert time.monotonic() < end, f"{script}: {found!r} instead of {wanted!r}"
        time.sleep(0.1)


def open_page(tab: Tab, url: str) -> None:
    """Go to the page and wait until all of it works and the digit that it opens with has been read."""
    tab.goto(url)
    until(tab, "return 'started' in document.body.dataset && document.querySelector('#prediction').dataset.digit > ''")


class _Chromium:
    def __init__(self, page: Any) -> None:
        self.page = page

    def goto(self, url: str) -> None:
        self.page.goto(url)

    def run(self, script: str) -> Any:
        return self.page.evaluate(f"async () => {{ {script} }}")

    def drag(self, places: Places) -> None:
        self.page.mouse.move(*places[0])
        self.page.mouse.down()
        for place in places[1:]:
            self.page.mouse.move(*place)
        self.page.mouse.up()


class _WebDriver:
    """A page by WebDriver's commands; `ask` sends one."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self.ask = ask

    def goto(self, url: str) -> None:
        self.ask("Navigate", url=url)

    def run(self, script: str) -> Any:
        words = (
            "const done = arguments[arguments.length - 1];"
            f"(async () => {{ {script} }})().then((value) => done({{ value: value ?? null }}),"
            " (error) => done({ error: String(error) }));"
        )
        answer = self.ask("ExecuteAsyncScript", script=words, args=[])
        assert "value" in answer, answer["error"]
        return answer["value"]

    def drag(self, places: Places) -> None:
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 10} for x, y in places]
        actions = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
        pointer = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}
        self.ask("PerformActions", actions=[pointer])

    def resize(self, width: int, height: int) -> None:
        """Make the window so large that the page has this size."""
        for _ in range(2):  # what the window has around the page is known once there is one
            inner = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight]")
            self.ask("SetWindowRect", width=width + inner[0], height=height + inner[1])


@contextmanager
def _chromium_tab() -> Iterator[Tab]:
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        yield _Chromium(browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}))
        browser.close()


@contextmanager
def _firefox_tab() -> Iterator[Tab]:
    """Marionette sends and takes `length:[0 or 1, number, …]`, one after the other, over one connection."""
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder, "user.js").write_text(f'user_pref("marionette.port", {port});\n')
        command = [_firefox(), "--headless", "--no-remote", "--profile", folder, "--marionette"]
        size = {"MOZ_HEADLESS_WIDTH": str(SIZE[0]), "MOZ_HEADLESS_HEIGHT": str(SIZE[1])}
        with _process(command, HOME=folder, **size):
            connection = _patiently(lambda: socket.create_connection(("127.0.0.1", port), PATIENCE))
            with connection, connection.makefile("rwb") as stream:

                def receive() -> Any:
                    length = b""
                    while (byte := stream.read(1)) != b":":
                        assert byte, "Firefox closed the connection"
                        length += byte
                    return json.loads(stream.read(int(length)))

                def ask(command: str, **params: Any) -> Any:
                    data = json.dumps([0, 1, f"WebDriver:{command}", params]).encode()
                    stream.write(b"%d:%b" % (len(data), data))
                    stream.flush()
                    _, _, error, result = receive()
                    assert error is None, error
                    return result.get("value", result) if isinstance(result, dict) else result

                receive()  # its greeting
                ask("NewSession", capabilities={"alwaysMatch": {"timeouts": {"script": 1000 * PATIENCE}}})
                tab = _WebDriver(ask)
                tab.resize(*SIZE)
                yield tab


@contextmanager
def _webkit_tab() -> Iterator[Tab]:
    paths = {
        "Navigate": "url",
        "ExecuteAsyncScript": "execute/async",
        "PerformActions": "actions",
        "SetWindowRect": "window/rect",
    }
    with _display() as display:
        port = free_port()
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            environment = {"DISPLAY": display, "HOME": folder, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
            with _process(["WebKitWebDriver", f"--port={port}"], **environment):
                root = f"http://127.0.0.1:{port}"
                _patiently(lambda: _call("GET", f"{root}/status"))
                options = {"binary": str(_mini_browser()), "args": ["--automation"]}
                wanted = {"webkitgtk:browserOptions": options, "timeouts": {"script": 1000 * PATIENCE}}
                session = _call("POST", f"{root}/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
                place = f"{root}/session/{session}"
                tab = _WebDriver(lambda command, **params: _call("POST", f"{place}/{paths[command]}", params))
                try:
                    tab.resize(*SIZE)
                    yield tab
                finally:
                    _call("DELETE", place)


BROWSERS: dict[str, Callable[[], Any]] = {"chromium": _chromium_tab, "firefox": _firefox_tab, "webkit": _webkit_tab}


def _firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


def _mini_browser() -> Path | None:
    return next(Path("/usr").glob("lib*/**/webkit2gtk-4.*/MiniBrowser"), None)


def _call(method: str, url: str, content: Any = None) -> Any:
    """A command of WebDriver; raises AssertionError with what it answers when it refuses."""
    data = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            return json.load(reply)["value"]
    except urllib.error.HTTPError as error:
        raise AssertionError(error.read().decode()) from None


def _patiently(attempt: Callable[[], Any]) -> Any:
    """What an attempt gives as soon as something listens there."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@contextmanager
def _process(command: Sequence[str | None], **environment: str) -> Iterator[None]:
    """A program and all that it starts, which end together."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True, **quiet)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _display() -> Iterator[str]:
    """A screen that nobody sees; Xvfb writes the number that it found free."""
    readable, writable = os.pipe()
    screen = ["-screen", "0", f"{SIZE[0]}x{SIZE[1] + 180}x24", "-nolisten", "tcp"]
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writable), *screen], pass_fds=[writable], stderr=subprocess.DEVNULL
    )
    os.close(writable)
    try:
        with os.fdopen(readable) as number:
            yield f":{number.readline().strip()}"
    finally:
        process.kill()
        process.wait()
