"""What the tests share: digits that people wrote, the shipped reader, the running demo and a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import model
from tests.support.browser import open_browser, says, settled, watched, without_engine
from tests.support.demo import Demo
from tests.support.drawings import DATA, first_of
from tests.support.files import FileServer

ROOT = Path(__file__).resolve().parents[1]

if TYPE_CHECKING:  # who hands out the tests reads this too, and has no need of TensorFlow
    from model.serving.readings import Readings

# The profiles are looked up before any test is: so they stand here. Where a test names a number, that holds in both.
settings.register_profile("quick", max_examples=40, deadline=None)
settings.load_profile("quick")
settings.register_profile(
    "thorough", max_examples=2_500, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what a person does with the page both on the server's page and on the site of files.

    On the site by default where the test is marked `site`, else with `--thorough`; not where it is about the server,
    which it says by asking for `demo` or by the mark `served`.
    """
    asks = metafunc.fixturenames
    marked = metafunc.definition.get_closest_marker
    if "url" in asks and "demo" not in asks and not marked("served"):
        site = pytest.param("site", marks=[] if marked("site") else pytest.mark.thorough)
        metafunc.parametrize("target", ["demo", site])


@pytest.fixture(scope="session")
def mnist() -> tuple[np.ndarray, np.ndarray]:
    """1,000 of MNIST's test digits: (1000, 28, 28) float32 ink in 0…1, and their labels."""
    with np.load(DATA / "mnist-1000.npz", allow_pickle=False) as file:
        return file["images"].astype(np.float32) / 255, file["labels"].astype(int)


@pytest.fixture(scope="session")
def reader() -> "model.Reader":
    return model.load_reader()


@pytest.fixture(scope="session")
def readings(reader: "model.Reader") -> "Readings":
    from model.serving.readings import Readings

    return Readings(reader)


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


def staying(browser: Browser, **kind: Any) -> Iterator[BrowserContext]:
    """What keeps from test to test only the files that a browser may keep, and the process that its pages run in."""
    # Requests that a service worker answers are not seen by tests; `test_offline.py` has browsers with one.
    context = browser.new_context(service_workers="block", **kind)
    # As long as one page of a site is open, its process stays, and with it what it has compiled: this halves a test.
    context.route("http://127.0.0.1/", lambda route: route.fulfill(body=""))
    context.new_page().goto("http://127.0.0.1/")
    yield context
    context.close()


@pytest.fixture(scope="session")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A desktop's browser."""
    yield from staying(browser, viewport={"width": 1440, "height": 900})


@pytest.fixture(scope="session")
def handheld(browser: Browser) -> Iterator[BrowserContext]:
    """A phone's browser."""
    yield from staying(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


@pytest.fixture(scope="session")
def site_folder(reader: "model.Reader", tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of files, written once."""
    from model.networks import units  # not above: this loads TensorFlow, which many tests need not wait for
    from model.serving import reply
    from model.serving.page import read_assets
    from model.serving.site import build

    out = tmp_path_factory.mktemp("site")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    build(out, read_assets(ROOT / "assets"), reply.facts(reader, units.load()), readme)
    return out


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[FileServer]:
    """The site of files, served under a path; besides, the modules as they are, for tests that look into them."""
    server = FileServer(site_folder, "/some/path/", besides=ROOT)
    yield server
    server.stop()


@pytest.fixture
def no_engine(visitor: BrowserContext) -> Iterator[None]:
    """The browser of `page` cannot read by itself: what the page does until it can, or if it never can."""
    without_engine(visitor)
    yield
    visitor.unroute_all()


@pytest.fixture
def target() -> str:
    """Which page `page` is: the demo's, or the site's; see `pytest_generate_tests`."""
    return "demo"


@pytest.fixture
def url(target: str, request: pytest.FixtureRequest) -> str:
    """Where the page is."""
    return request.getfixturevalue(target).url


@pytest.fixture
def page(url: str, visitor: BrowserContext) -> Iterator[Page]:
    """The page with a blank pad, at rest; fails the test on what `watched` names."""
    with watched(visitor, url) as page:
        yield page
        page.evaluate("localStorage.clear()")


@pytest.fixture
def four(url: str, visitor: BrowserContext) -> Iterator[Page]:
    """The page with a four on it, from a link, at rest; fails the test as `page` does."""
    with watched(visitor, url, strokes=first_of(4)) as page:
        settled(page)
        says(page, "4")
        yield page
        page.evaluate("localStorage.clear()")
