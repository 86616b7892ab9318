"""Nothing changes in secret: one line says what is changed, leads back, and what it says is in the address."""

import re

import numpy as np
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import MAPS, example, open_page, pixels, says, settled, watched
from tests.support.demo import Demo


def test_the_line_is_empty_when_nothing_is_changed(four: Page) -> None:
    assert four.locator("#state-strip").evaluate("e => e.childNodes.length") == 0
    high = four.locator("#state-strip").bounding_box()["height"]
    four.click("text=Never forget")
    settled(four)
    digit = four.get_attribute("#prediction", "data-digit")
    text = four.text_content("#state-strip")
    assert re.fullmatch(r"Forget gate held at 1, rows 1–28: 4 → (\d|\?) · put back", text), text
    assert text.split("→ ")[1][0] == digit
    assert four.locator("#state-strip").bounding_box()["height"] == high
    hatch = four.locator("#forget_gate .hatch")
    assert hatch.is_visible()
    assert four.locator("#input_gate .hatch").is_hidden()
    four.click("#state-strip button")
    settled(four)
    assert four.text_content("#state-strip") == ""
    assert hatch.is_hidden()
    says(four, "4")


def test_the_line_names_silenced_units_a_variation_and_a_difference(four: Page) -> None:
    strip = four.locator("#state-strip")
    four.fill("#silence", "3, 17")
    four.keyboard.press("Enter")
    expect(strip).to_contain_text("Units 3, 17 silenced")
    four.click("[data-vary=rotated]")
    expect(strip).to_contain_text("Drawing rotated")
    expect(strip).to_contain_text("less the pinned 4")
    settled(four)
    assert "less the pinned 4" in four.text_content("figure:has(#candidate) .does")
    assert (
        four.text_content("figure:has(#candidate) .scale").split() == ["−2", "2"]
        or re.sub(r"\s", "", four.text_content("figure:has(#candidate) .scale")) == "−22"
    )
    assert "in the pinned reading" in four.text_content(".memories .note")
    four.click("#state-strip button")
    settled(four)
    assert four.text_content("#state-strip") == ""
    assert four.input_value("#silence") == ""


def test_clear_keeps_an_experiment_and_says_so(four: Page) -> None:
    four.click("text=Never forget")
    settled(four)
    four.click("#clear")
    says(four, "")
    expect(four.locator("#state-strip")).to_contain_text(
        "Forget gate held at 1, rows 1–28, and so for what is drawn next"
    )
    example(four, 7)
    assert len(np.unique(pixels(four, "#forget_gate"))) == 1


def test_the_ten_units_with_most_evidence_are_the_same_ten_however_often_they_are_silenced(four: Page) -> None:
    found = set()
    for _ in range(3):
        four.click("text=Silence the ten units")
        settled(four)
        found.add(four.input_value("#silence"))
    assert len(found) == 1
    assert found != {""}


def test_a_link_with_an_experiment_says_where_it_comes_from(four: Page, demo: Demo, browser: Browser) -> None:
    four.click("text=Never forget")
    four.click("#pin")
    example(four, 9)
    four.click("#difference")
    four.click("#overlay")
    settled(four)
    four.wait_for_timeout(500)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    with watched(context, demo.url) as other:
        other.goto("about:blank")
        open_page(other, four.url)
        expect(other.locator("#state-strip")).to_contain_text("less the pinned")
        expect(other.locator("#state-strip")).to_contain_text("From the link: Forget gate held at 1")
        settled(other)
        assert other.get_attribute("#overlay", "aria-pressed") == "true"
        assert other.get_attribute("#difference", "aria-pressed") == "true"
        assert other.text_content(".sides .pinned b") == four.text_content(".sides .pinned b")
        for name in MAPS:
            np.testing.assert_allclose(pixels(other, f"#{name}") & 255, pixels(four, f"#{name}") & 255, atol=4)
        other.click("text=Forget at every row")
        expect(other.locator("#state-strip")).to_contain_text("Forget gate held at 0")  # the visitor's own
        expect(other.locator("#state-strip")).not_to_contain_text("From the link")
    context.close()
