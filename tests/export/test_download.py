"""Taking a reading away on the page: by one click, with and without a server."""

import io
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from model import strokes_to_image
from tests.export.conftest import held
from tests.export.test_numbers import arrays_of, same_numbers
from tests.support.browser import settled
from tests.support.drawings import first_of

KINDS = {"png": "4.png", "tall": "4-tall.png", "gif": "4.gif", "npz": "4.npz", "csv": "4.csv"}


def taken(page: Page, kind: str) -> tuple[str, bytes]:
    with page.expect_download() as waiting:
        page.click(f"#take [data-kind={kind}]")
    expect(page.locator(f"#take [data-kind={kind}]")).to_be_enabled()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def image_and_strokes(arrays: dict[str, Any]) -> tuple[np.ndarray, list[np.ndarray]]:
    strokes = np.split(arrays["strokes"].astype(float), arrays["stroke_end"][:-1])
    return strokes_to_image(strokes), strokes


@pytest.mark.site
def test_a_click_takes_the_reading_away(four) -> None:
    for kind, ending in KINDS.items():
        words = four.inner_text(f"#take [data-kind={kind}]")
        name, data = taken(four, kind)
        assert name == f"gatescope-{ending}"
        assert len(data) > 10_000
        assert four.inner_text(f"#take [data-kind={kind}]") == words
        if kind in ("png", "tall", "gif"):
            picture = Image.open(io.BytesIO(data))
            said = picture.text["Description"] if kind != "gif" else picture.info["comment"].decode()
            assert said.startswith("Read as a 4, 9")
            assert four.evaluate("location.href") in said


@pytest.mark.served
def test_the_arrays_are_the_servers_own(four, reader) -> None:
    four.wait_for_timeout(500)  # the address holds the drawing when the pen rests
    four.evaluate("location.hash += '&hold=f-0.83-0-27_i-0-14-27&silence=3_17-18'")
    four.wait_for_selector("#prediction .untouched:not([hidden])")
    settled(four)
    arrays = arrays_of(taken(four, "npz")[1])
    image, strokes = image_and_strokes(arrays)
    assert len(strokes) == len(first_of(4))
    np.testing.assert_array_equal(np.rint(image * 255), np.rint(arrays["image"] * 255))
    same_numbers(arrays, reader.read(image, held(forget_gate=(0.83, 0, 27), input_gate=(0, 14, 27)), [3, 17, 18]))
    assert len(str(arrays["sha256"])) == 64
    assert "the server's float32" in str(arrays["about"])


@pytest.mark.served
@pytest.mark.usefixtures("no_engine")
def test_files_are_made_while_the_server_is_away(four, reader) -> None:
    four.wait_for_timeout(1000)  # the browser has nothing to do, and fetches what makes files
    four.context.set_offline(True)
    try:
        files = {kind: taken(four, kind) for kind in ("png", "csv", "gif", "npz")}
    finally:
        four.context.set_offline(False)
    for kind in ("png", "csv", "gif"):
        assert files[kind][0] == f"gatescope-{KINDS[kind]}"
    arrays = arrays_of(files["npz"][1])
    reading = reader.read(image_and_strokes(arrays)[0])
    assert "The server was away" in str(arrays["about"])
    np.testing.assert_allclose(arrays["hidden"], reading.trace.hidden, atol=2e-3)
    np.testing.assert_allclose(arrays["forget_gate"], reading.trace.forget_gate, atol=1 / 65535)


def test_the_page_stays_alive_while_a_gif_is_made_at_the_speed_that_is_chosen(four) -> None:
    four.evaluate(
        """() => {
            globalThis.longest = 0;
            let before = performance.now();
            setInterval(() => {
                longest = Math.max(longest, performance.now() - before);
                before = performance.now();
            }, 5);
        }"""
    )
    four.select_option("#gif-pace", "500")
    button = four.locator("#take [data-kind=gif]")
    with four.expect_download() as waiting:
        button.click()
        expect(button).to_be_disabled()
        expect(button).to_have_text(re.compile(r"Making it… \d+%"))
    assert four.evaluate("longest") < 1000
    assert Image.open(waiting.value.path()).info["duration"] == 500


def test_what_cannot_be_made_is_said_in_a_sentence(four) -> None:
    four.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
    four.click("#take [data-kind=png]")
    expect(four.locator("#status")).to_have_text("The file could not be made. Try it again, or load the page again.")
    expect(four.locator("#take [data-kind=png]")).to_be_enabled()
    assert taken(four, "csv")[0] == "gatescope-4.csv"
    expect(four.locator("#status")).to_be_hidden()
