"""The page shows what is no digit: a question mark, why, and what comes closest."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from model import strokes_to_image
from tests.support.browser import draw, says, settled, wait_until
from tests.support.drawings import as_points, beside, no_digits

OTHERS = no_digits()


def contrast(page: Page, selector: str) -> float:
    """The least contrast of the words selected against the card they are on (WCAG 2.2)."""
    shades = page.locator(selector).evaluate_all(
        """all => all.map((e) => [e, e.closest(".card")].map((part, k) => {
            const pen = Object.assign(new OffscreenCanvas(1, 1)).getContext("2d");
            pen.fillStyle = getComputedStyle(part)[k ? "backgroundColor" : "color"];
            pen.fillRect(0, 0, 1, 1);
            return [...pen.getImageData(0, 0, 1, 1).data];
        }))"""
    )

    def light(colour: list[int]) -> float:
        share = np.array(colour[:3]) / 255
        linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    pairs = [sorted(map(light, pair)) for pair in shades]
    assert pairs
    return min((high + 0.05) / (low + 0.05) for low, high in pairs)


def test_the_page_says_that_it_is_no_digit(page) -> None:
    for name in ("an A", "a dash"):  # tests/test_no_digit.py has all of them read
        draw(page, OTHERS[name])
        check_no_digit(page)
        page.click("#clear")
        says(page, "")


def check_no_digit(page: Page) -> None:
    settled(page)
    says(page, "?")
    expect(page.locator(".spoken")).to_have_text(page.text_content(".answer span"))  # once the pen has rested
    closest = re.search(r"closest: (\d)$", page.text_content(".answer span"))[1]
    assert page.text_content(".answer strong") == "?"
    assert page.text_content(".answer span").startswith("Not a digit, as far as it can tell.")
    assert page.text_content(".spoken") == page.text_content(".answer span")
    shares = [float(text.rstrip("%")) for text in page.locator(".bars output").all_text_contents()]
    assert sum(shares) == pytest.approx(100, abs=1)
    assert shares[int(closest)] == max(shares)
    assert page.locator(".bars .best, .digits .best").count() == 0
    for _ in range(2):
        assert contrast(page, ".answer strong, .answer span, .bars button, .bars output") >= 4.5
        page.click("#theme")


@pytest.mark.site
def test_two_digits_are_said_to_be_two(page) -> None:
    draw(page, beside(2, 5))
    expect(page.locator(".answer span")).to_contain_text("More than one digit? It reads one at a time.")
    says(page, "?")


def test_the_rest_of_the_page_shows_what_is_no_digit(page) -> None:
    draw(page, OTHERS["an A"])
    settled(page)
    closest = page.text_content(".answer span")[-1]
    assert page.get_attribute(f".bars li:nth-child({int(closest) + 1}) button", "aria-pressed") == "true"
    assert page.locator("#evidence-for option").first.text_content() == closest
    assert re.match(r"Row \d+ adds", page.text_content("#evidence-note"))
    assert f"logit of {closest}" in page.text_content(".readout p")
    assert page.locator("#guide [data-find]:disabled").count() == 0
    expect(page.locator("#verdict canvas")).to_have_attribute(
        "aria-description", f"After the last row: ?, closest {closest}."
    )
    page.click("#pin")
    page.click("#examples button >> nth=4")
    says(page, "4")
    assert page.text_content(".sides .pinned figcaption") == f"pinned ?, closest {closest}"
    assert page.text_content(".sides .reading figcaption").startswith("now 4, ")
    page.click("#undo")
    says(page, "?")
    page.click("text=Always speak up")
    expect(page.locator(".untouched")).to_have_text(f"untouched: ?, closest {closest}")
    page.click("#tour")
    page.click("text='Next'")
    expect(page.locator(".tour-card .note")).to_be_hidden()
    page.keyboard.press("Escape")
    page.click("#reset")
    says(page, "?")


def test_a_picture_of_no_digit_is_refused_too(page) -> None:
    image = np.rint(255 * strokes_to_image(as_points(OTHERS["an X"]))).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(255 - image).resize((280, 280)).save(file, "PNG")
    page.set_input_files("#upload", {"name": "x.png", "mimeType": "image/png", "buffer": file.getvalue()})
    says(page, "?")
    wait_until(page, "location.hash.includes('image=')")
    page.reload()
    says(page, "?")
    text = base64.urlsafe_b64decode(re.search(r"image=([\w-]+)", page.url)[1] + "==")
    assert len(text) == 784
