"""The site of files in a browser: kept for use without a network, and of one version at a time."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.export.test_numbers import arrays_of
from tests.page.test_upload import picture
from tests.support.browser import draw, open_page, says, settled, wait_until
from tests.support.drawings import first_of
from tests.support.files import FileServer

KEPT = "kept in this browser for use without a network"
AGAIN = "Your drawing is kept; trying again…"
LOOK_FOR_NEWER = """async () => {
  const kept = await navigator.serviceWorker.getRegistration();
  await kept.update();
  while (kept.installing) await new Promise((done) => setTimeout(done, 20));
}"""
CACHES = """caches.keys().then((names) => Promise.all(names.map(async (name) =>
  [name.split(" ").at(-1), (await (await caches.open(name)).keys()).length])))"""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has nothing kept yet, and may keep everything."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context
    context.close()


@pytest.fixture
def served(site_folder: Path, tmp_path: Path) -> Iterator[FileServer]:
    """The site on a server of its own, which a test may stop, and in a folder of its own, which it may change."""
    shutil.copytree(site_folder, tmp_path / "site")
    server = FileServer(tmp_path / "site", "/some/path/")
    yield server
    server.stop()


def newer(server: FileServer, version: str = "bbbbbbbb") -> None:
    """Put another version in the served one's place, which differs by its number, and in what it calls itself."""
    (folder, *_) = server.folders
    (before,) = re.findall(r'data-version="(\w+)"', (folder / "index.html").read_text("utf-8"))
    for name in ("index.html", "service-worker.js"):
        text = (folder / name).read_text("utf-8").replace(before, version)
        (folder / name).write_text(text.replace("<title>Gatescope</title>", "<title>Newer</title>"), "utf-8")


def open_kept(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    open_page(page, url)
    expect(page.locator("#version")).to_contain_text(KEPT, timeout=15_000)
    return page


def test_after_the_first_visit_it_needs_no_network(served: FileServer, context: BrowserContext) -> None:
    page = open_kept(context, served.url)
    served.stop()
    page.reload()
    page.wait_for_selector("body[data-started]")
    draw(page, first_of(3))
    says(page, "3")
    assert page.get_attribute("#prediction", "data-by") == "browser"
    settled(page)
    with page.expect_download() as waiting:
        page.click("#take [data-kind=npz]")
    about = str(arrays_of(waiting.value.path().read_bytes())["about"])
    assert "Values are the browser's float32." in about
    page.set_input_files("#upload", {"name": "seven.png", "mimeType": "image/png", "buffer": picture(7)})
    says(page, "7")
    wait_until(page, "location.hash.startsWith('#image=')")
    another = context.new_page()
    another.goto(page.url)
    says(another, "7")
    wait_until(another, "document.querySelector('.unit .drives canvas')")
    served.start()


def test_a_first_visit_takes_few_bytes_with_all_that_is_kept(served: FileServer, context: BrowserContext) -> None:
    page = open_kept(context, served.url)
    page.wait_for_load_state("networkidle")
    assert served.sent < 900_000
    once = [path for path in set(served.asked) if served.asked.count(path) > 1]
    assert once == [], "what the page has fetched is not fetched again to be kept"


def test_it_is_kept_once_and_a_newer_version_takes_the_stroke_along(
    served: FileServer, context: BrowserContext
) -> None:
    context.add_init_script(
        """const workers = ServiceWorkerContainer.prototype, { register } = workers;
        globalThis.kept = 0;
        workers.register = function (...what) { kept += 1; return register.apply(this, what); };"""
    )
    page = open_kept(context, served.url)
    for digit in (3, 7):
        page.click(f"#examples button >> nth={digit}")
        says(page, str(digit))
        page.wait_for_timeout(800)
    assert page.evaluate("kept") == 1
    page.click("#clear")
    box = page.locator("#sketch-pad canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    page.mouse.down()
    for step in range(20):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40 + 10 * step)
    with page.expect_navigation():
        page.evaluate("navigator.serviceWorker.dispatchEvent(new Event('controllerchange'))")
    says(page, "1")


@pytest.mark.thorough
def test_an_update_never_mixes_versions(served: FileServer, context: BrowserContext) -> None:
    page = open_kept(context, served.url)
    (old,) = page.evaluate(CACHES)
    newer(served)
    page.reload()
    page.evaluate(LOOK_FOR_NEWER)
    assert page.title() == "Gatescope", "the version that was kept goes on"
    button = page.locator("#version button")
    expect(button).to_be_visible(timeout=15_000)
    draw(page, first_of(5))
    says(page, "5")
    wait_until(page, "location.hash.startsWith('#draw=.')")
    with page.expect_navigation():
        button.click()
    expect(page).to_have_title("Newer")
    says(page, "5")
    expect(page.locator("#version")).to_contain_text("Version bbbbbbbb")
    wait_until(page, f"{CACHES}.then((kept) => kept.length === 1)")
    ((version, count),) = page.evaluate(CACHES)
    assert (version, count) == ("bbbbbbbb", old[1])


def test_a_version_that_cannot_be_had_whole_does_not_take_over(served: FileServer, context: BrowserContext) -> None:
    page = open_kept(context, served.url)
    before = page.evaluate(CACHES)
    newer(served)
    (folder, *_) = served.folders
    listed = (folder / "service-worker.js").read_text("utf-8")
    (folder / "service-worker.js").write_text(re.sub(r'(page/units.json": ")\w{64}', rf"\g<1>{'0' * 64}", listed))
    served.asked.clear()
    page.evaluate(LOOK_FOR_NEWER)
    assert served.asked.count("/some/path/page/units.json") == 1  # past the browser's store, which has another's
    assert page.locator("#version button").is_hidden()
    assert page.title() == "Gatescope"
    assert page.evaluate(CACHES) == before


def test_where_the_site_is_gone_nothing_is_kept(served: FileServer, context: BrowserContext) -> None:
    served.max_age = 0
    page = open_kept(context, served.url)
    (folder, *_) = served.folders
    (folder / "service-worker.js").unlink()
    (folder / "index.html").write_text("<!doctype html><title>Something else</title>")
    page.reload()
    expect(page).to_have_title("Something else", timeout=15_000)
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []


def test_weights_that_are_damaged_are_said_and_asked_for_again(served: FileServer, browser: Browser) -> None:
    page = browser.new_page(service_workers="block")
    damaged = iter([b"\0" * 163_348, b"<p>Log in to this network</p>"])

    def spoil(route: Route) -> None:
        body = next(damaged, None)
        if body is None:
            route.continue_()
        else:
            route.fulfill(body=body)

    page.route("**/page/weights.bin", spoil)
    page.goto(served.url)
    expect(page.locator("#status")).to_have_text(f"The network's weights did not arrive whole. {AGAIN}")
    page.wait_for_selector('#prediction[data-digit="4"]')
    assert next(damaged, None) is None
    expect(page.locator("#status")).to_be_hidden()
    page.close()


def test_opened_as_a_file_it_says_what_to_do(site_folder: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((site_folder / "index.html").as_uri())
    expect(page.locator("#status")).to_contain_text("python -m http.server")
    expect(page.locator("#status")).to_be_visible()
    page.close()


def test_what_a_plain_http_page_has_not_it_does_without(served: FileServer, browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script(
        """Object.defineProperty(navigator, "serviceWorker", { value: undefined });
        Object.defineProperty(crypto, "subtle", { value: undefined });"""
    )
    open_page(page, served.url)
    says(page, "4")
    expect(page.locator("#version span")).to_have_text(re.compile(r"^Version \w{8}\.$"))
    page.close()
