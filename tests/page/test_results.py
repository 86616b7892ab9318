"""What was read: the prediction, the verdict, the evidence, the image, and the row in focus on all of them."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import example, number, pixels, says


def evidence_note(page: Page) -> list[float]:
    return [number(text) for text in re.findall(r"−?\d+\.\d+", page.text_content("#evidence-note"))]


def test_the_prediction_is_in_the_bars_and_in_the_verdict(page: Page) -> None:
    example(page, 7)
    says(page, "7")
    shares = [number(text) for text in page.locator(".bars output").all_text_contents()]
    assert len(shares) == 10
    assert sum(shares) == pytest.approx(100, abs=1)
    assert shares.index(max(shares)) == 7
    assert page.text_content(".answer strong") == "7"
    assert len(np.unique(pixels(page, "#verdict")[-1])) > 1
    assert page.text_content(".digits .best") == "7"
    assert re.match(r"Row 28 adds −?[\d.]+\. All rows .* logit −?[\d.]+$", page.text_content("#evidence-note"))
    assert len(np.unique(pixels(page, "#evidence"))) > 2
    expect(page.locator(".spoken")).to_have_text(re.compile(r"^Read as 7, [\d.]+% sure$"))


def test_the_slider_marks_the_row_on_every_picture(page: Page) -> None:
    example(page, 4)
    page.locator("#row").fill("9")
    assert page.text_content("#row-text") == "row 10"
    marks = page.locator(".row-mark").evaluate_all("marks => marks.map((m) => parseFloat(m.style.top))")
    assert len(marks) >= 1 + 7 + 3, "the line through the pictures, and the mark on every map"
    assert marks == pytest.approx([900 / 28] * len(marks), rel=1e-4)
    page.focus("#row")
    page.keyboard.press("ArrowRight")
    assert page.text_content("#row-text") == "row 11"


def test_play_runs_through_the_rows(page: Page) -> None:
    example(page, 2)
    page.select_option("#pace", "2")
    page.evaluate("""() => {
        window.rows = [];
        const row = document.querySelector("#row");
        new MutationObserver(() => rows.push(row.valueAsNumber)).observe(row, { attributeFilter: ["aria-valuetext"] });
    }""")
    page.click("#play")
    expect(page.locator("#play")).to_contain_text("Pause")
    expect(page.locator("#play")).to_contain_text("Read")
    assert page.evaluate("rows") == list(range(28))
    page.click("#play")
    expect(page.locator("#row")).not_to_have_value("27")
    page.click("#play")
    stopped = page.input_value("#row")
    page.wait_for_timeout(300)
    assert page.input_value("#row") == stopped


def test_the_evidence_adds_up_to_the_logit(four: Page) -> None:
    _, rows, bias, logit = evidence_note(four)
    assert rows + bias == pytest.approx(logit, abs=0.02)
    total = 0
    for row in range(28):
        four.locator("#row").fill(str(row))
        total += evidence_note(four)[0]
    assert total == pytest.approx(rows, abs=0.15)


def test_the_evidence_is_that_of_the_class_chosen(four: Page) -> None:
    plain = evidence_note(four)
    four.select_option("#evidence-for", "9")
    nine = evidence_note(four)
    assert nine[3] < plain[3]
    four.select_option("#evidence-for", "")
    four.select_option("#evidence-against", "9")
    assert "difference of logits" in four.text_content("#evidence-note")
    assert evidence_note(four)[3] == pytest.approx(plain[3] - nine[3], abs=0.02)
    four.select_option("#evidence-against", "")
    four.click(".bars button >> nth=7")
    assert four.input_value("#evidence-for") == "7"
    box = four.locator("#verdict canvas").bounding_box()
    four.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + 50)
    assert four.input_value("#evidence-for") == "2"


def test_a_digit_is_not_set_against_itself(four: Page) -> None:
    four.select_option("#evidence-against", "9")
    example(four, 9)
    assert four.input_value("#evidence-against") == ""
    assert "difference" not in four.text_content("#evidence-note")
    assert evidence_note(four)[3] > 1
    example(four, 4)
    assert four.input_value("#evidence-against") == "9"


def test_the_evidence_lies_over_the_image(four: Page) -> None:
    assert four.locator(".tint").is_hidden()
    four.click("#overlay")
    assert four.locator(".tint").is_visible()
    colours = re.findall(r"rgb\([^)]*\)", four.eval_on_selector(".tint", "e => e.style.background"))
    assert len(set(colours)) > 5
    four.click("#overlay")
    assert four.locator(".tint").is_hidden()
