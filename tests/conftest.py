"""What the tests share: digits that people wrote, the shipped reader, the running demo and a browser."""

import asyncio
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

import model

HERE = Path(__file__).resolve().parent
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


# `--hypothesis-profile=thorough` is looked up before any test is: so it stands here, for test_hostile.py.
settings.register_profile(
    "thorough", max_examples=2_500, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)


def pen_digits() -> list[dict[str, Any]]:
    """60 digits as six people wrote them, `{"digit": …, "strokes": [[x, y, x, y, …], …]}` on a 1000 × 1000 pad."""
    return json.loads((HERE / "digits.json").read_text(encoding="utf-8"))["digits"]


def as_points(strokes: list[list[float]]) -> list[np.ndarray]:
    return [np.array(stroke, float).reshape(-1, 2) for stroke in strokes]


def photo(digit: dict[str, Any]) -> bytes:
    """A digit of `pen_digits` as a photo of it might be: a PNG file, dark on light."""
    picture = Image.new("L", (300, 200), 230)
    for stroke in as_points(digit["strokes"]):
        ImageDraw.Draw(picture).line([tuple(p) for p in (stroke / 5 + (60, 0)).tolist()], 40, 9)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="session")
def mnist() -> tuple[np.ndarray, np.ndarray]:
    """1,000 of MNIST's test digits: (1000, 28, 28) float32 ink in 0…1, and their labels."""
    with np.load(HERE / "mnist-1000.npz", allow_pickle=False) as file:
        return file["images"].astype(np.float32) / 255, file["labels"].astype(int)


@pytest.fixture(scope="session")
def reader() -> model.Reader:
    return model.load_reader()


def run_async(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run it in a thread of its own: in this one Playwright's browser may keep an event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Demo:
    """`demo.py` in a process of its own."""

    def __init__(self, **env: str) -> None:
        self.env = env
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.start()

    def start(self) -> None:
        env = {**os.environ, "GRADIO_SERVER_PORT": str(self.port), **self.env}
        self.process = subprocess.Popen([sys.executable, HERE.parent / "demo.py"], env=env, cwd=HERE)
        for _ in range(1800):
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
                return
            except OSError:
                assert self.process.poll() is None, "demo.py ended before it served a page"
                time.sleep(0.1)
        self.kill()
        raise TimeoutError("demo.py did not come up in 3 minutes")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    demo = Demo()
    yield demo
    demo.kill()


def open_browser(playwright: Playwright) -> Browser:
    """Playwright's own Chromium where it is installed, else the system's."""
    own = Path(playwright.chromium.executable_path)
    path = own if own.exists() else shutil.which("chromium") or shutil.which("google-chrome")
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(demo: Demo, browser: Browser) -> Iterator[Page]:
    """The demo's page with a blank pad, at rest.

    Fails the test on a script's error, a request to another host, or what the page's own security policy forbids.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: "Content Security Policy" in said.text and wrong.append(said.text))
    page.on(
        "request", lambda request: request.url.startswith((demo.url, "data:", "blob:")) or wrong.append(request.url)
    )
    open_page(page, demo.url)
    page.click("#clear")
    page.locator("#row").fill("27")  # stops the rows from running
    page.wait_for_selector('#prediction[data-digit=""]')
    yield page
    context.close()
    assert wrong == []


def open_page(page: Page, url: str) -> None:
    """Go to the demo and wait until the digit that it opens with has been read."""
    page.goto(url)
    page.wait_for_selector('#prediction:not([data-digit=""])')


def draw(page: Page, strokes: list[list[float]], size: float = 1.0, corner: tuple[float, float] = (0, 0)) -> None:
    """Draw with the mouse, as large a part of the pad as `size`, from the corner (x, y) in shares of the pad."""
    pad = page.locator("#sketch-pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for stroke in as_points(strokes):
        places = (stroke / 1000 * size + corner) * (box["width"], box["height"]) + (box["x"], box["y"])
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place)
        page.mouse.up()


def settled(page: Page) -> None:
    """Wait until no further reading is painted."""
    seen = None
    while seen != (seen := page.get_attribute("#prediction", "data-revision")):
        page.wait_for_timeout(150)
