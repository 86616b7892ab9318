"""The site of files in a static Space's frame, where clipboard, downloads and storage may be denied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, expect

from tests.support.space import FRAMED, NO_STORAGE, SPACE, open_space

DRAWN = "#draw=.ds.5k.0.go&row=20&order=index"  # a line down the middle: a 1


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, service_workers="block")
    yield context
    context.close()


def reads(frame: Frame, digit: str) -> None:
    expect(frame.locator("#prediction")).to_have_attribute("data-digit", digit, timeout=15_000)
    expect(frame.locator("#prediction")).to_have_attribute("data-by", "browser")


def test_a_space_opens_its_link_hands_its_address_on_and_says_what_is_denied(
    site_folder: Path, context: BrowserContext
) -> None:
    page, frame = open_space(context, site_folder, FRAMED, DRAWN)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: "Content Security Policy" in said.text and wrong.append(said.text))
    reads(frame, "1")
    expect(frame.locator("#row")).to_have_value("20")
    frame.locator("#row").fill("9")
    page.wait_for_timeout(500)
    told = page.evaluate("told")[-1]
    assert "row=9" in told["hash"]
    assert told["hash"] == frame.evaluate("location.hash")
    assert told["origin"] == SPACE.rstrip("/")
    frame.evaluate("document.execCommand = () => false")  # as where the older way to the clipboard is shut too
    frame.click("#share")
    expect(frame.locator("#status")).to_contain_text("denies the clipboard. Open the page by itself")
    frame.click("#take [data-kind=csv]")
    expect(frame.locator("#status")).to_contain_text("denies downloads. Open the page by itself", timeout=15_000)
    assert wrong == []


def test_a_space_without_any_storage_reads_all_the_same(site_folder: Path, context: BrowserContext) -> None:
    page, frame = open_space(context, site_folder, NO_STORAGE, DRAWN)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    reads(frame, "1")
    frame.click("#theme")
    frame.click("#examples button >> nth=7")
    reads(frame, "7")
    assert wrong == []
