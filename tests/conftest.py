"""What the tests share: digits that people wrote, the shipped reader, the running demo and a browser."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page, sync_playwright

import model
from tests.support.browser import open_browser, open_page
from tests.support.demo import Demo
from tests.support.drawings import DATA

# `--hypothesis-profile=thorough` is looked up before any test is: so it stands here, for test_hostile.py.
settings.register_profile(
    "thorough", max_examples=2_500, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)


@pytest.fixture(scope="session")
def mnist() -> tuple[np.ndarray, np.ndarray]:
    """1,000 of MNIST's test digits: (1000, 28, 28) float32 ink in 0…1, and their labels."""
    with np.load(DATA / "mnist-1000.npz", allow_pickle=False) as file:
        return file["images"].astype(np.float32) / 255, file["labels"].astype(int)


@pytest.fixture(scope="session")
def reader() -> model.Reader:
    return model.load_reader()


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    demo = Demo()
    yield demo
    demo.kill()


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
