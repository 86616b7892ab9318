"""What the tests share: digits that people wrote, the shipped reader, the running demo and a browser."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import model
from tests.support.browser import draw, open_browser, says, settled, watched
from tests.support.demo import Demo
from tests.support.drawings import DATA, first_of

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


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A desktop's browser, which keeps from test to test only the files that it may keep."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(demo: Demo, visitor: BrowserContext) -> Iterator[Page]:
    """The demo's page with a blank pad, at rest; fails the test on what `watched` names."""
    with watched(visitor, demo.url) as page:
        yield page
        page.evaluate("localStorage.clear()")


@pytest.fixture
def four(page: Page) -> Page:
    """The page with a four on it, drawn with the mouse."""
    draw(page, first_of(4))
    settled(page)
    says(page, "4")
    return page
