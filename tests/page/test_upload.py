"""Pictures of a digit: chosen, dropped, pasted, and refused."""

import base64
import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.support.browser import Held, draw, example, says
from tests.support.drawings import as_points, first_of


def picture(shown: int = 7) -> bytes:
    sheet = Image.new("RGB", (640, 480), (205, 200, 190))
    for stroke in as_points(first_of(shown)):
        ImageDraw.Draw(sheet).line(
            [tuple(p) for p in (stroke * 0.4 + (120, 40)).tolist()], (40, 40, 60), 18, joint="curve"
        )
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


@pytest.mark.site
def test_a_picture_is_uploaded_dropped_and_pasted(page: Page) -> None:
    upload = {"name": "seven.png", "mimeType": "image/png", "buffer": picture(7)}
    page.set_input_files("#upload", upload)
    says(page, "7")
    for event, digit in (("drop", 3), ("paste", 6)):
        page.evaluate(
            """([event, data]) => {
                const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
                const transfer = new DataTransfer();
                transfer.items.add(new File([bytes], "digit.png", { type: "image/png" }));
                const beside = document.querySelector(".screen");
                const [target, made] = event === "drop"
                    ? [beside, new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })]
                    : [document, new ClipboardEvent("paste", { clipboardData: transfer, cancelable: true })];
                target.dispatchEvent(made);
            }""",
            [event, base64.b64encode(picture(digit)).decode()],
        )
        says(page, str(digit))
        original = page.locator("#sketch-pad .original")
        expect(original).to_be_visible()
        assert original.evaluate("async (img) => { await img.decode(); return img.naturalWidth; }") == 512
    page.click("#undo")
    expect(original).to_be_hidden()  # that one was another picture's
    says(page, "3")
    page.wait_for_timeout(600)  # the address follows when the page is at rest
    page.reload()
    says(page, "3")


def test_a_picture_without_a_digit_is_refused_and_the_drawing_stays(four: Page) -> None:
    blank = io.BytesIO()
    Image.new("L", (200, 200), 180).save(blank, "PNG")
    for name, content, sentence in (
        ("blank.png", blank.getvalue(), "Nothing in this picture stands out"),
        ("notes.txt", b"just words", "no picture that the browser can open"),
    ):
        four.set_input_files("#upload", {"name": name, "mimeType": "image/png", "buffer": content})
        expect(four.locator("#status")).to_contain_text(sentence)
        says(four, "4")
        assert four.eval_on_selector("#prediction", "e => getComputedStyle(e).opacity") == "1"  # it is of what is drawn
        draw(four, [[700, 700, 720, 720]])
        expect(four.locator("#status")).to_be_hidden()
        four.click("#undo")


def test_a_file_that_turns_out_late_to_be_no_picture_is_not_complained_of_over_a_newer_one(page: Page) -> None:
    page.evaluate(
        """() => {
            const open = createImageBitmap;
            let opened = 0;
            globalThis.createImageBitmap = async (file) => {
                if (opened++ === 0) await new Promise((done) => (globalThis.goOn = done));
                return open(file);
            };
        }"""
    )
    page.set_input_files("#upload", {"name": "notes.png", "mimeType": "image/png", "buffer": b"just words"})
    page.set_input_files("#upload", {"name": "seven.png", "mimeType": "image/png", "buffer": picture(7)})
    says(page, "7")
    page.evaluate("goOn()")
    page.wait_for_timeout(500)
    expect(page.locator("#status")).to_be_hidden()
    says(page, "7")


@pytest.mark.served
@pytest.mark.usefixtures("no_engine")
def test_a_picture_that_the_server_does_not_get_is_said_to_be_tried_again(four: Page) -> None:
    four.route("**/page/find", lambda route: route.abort())
    four.set_input_files("#upload", {"name": "seven.png", "mimeType": "image/png", "buffer": picture(7)})
    expect(four.locator("#status")).to_contain_text("Try the picture again")
    four.unroute("**/page/find")
    four.set_input_files("#upload", {"name": "seven.png", "mimeType": "image/png", "buffer": picture(7)})
    says(four, "7")
    expect(four.locator("#status")).to_be_hidden()


@pytest.mark.served
@pytest.mark.parametrize(
    "how", ["example", *(pytest.param(how, marks=pytest.mark.thorough) for how in ("keys", "pen"))]
)
def test_a_picture_does_not_come_late_over_what_was_drawn_since(four: Page, how: str) -> None:
    held = Held(four, re.compile(r"/page/find$"))
    four.set_input_files("#upload", {"name": "seven.png", "mimeType": "image/png", "buffer": picture(7)})
    held.wait()
    if how == "example":
        example(four, 3)
    elif how == "pen":
        four.click("#clear")
        draw(four, first_of(3))
    else:
        four.click("#clear")
        four.focus("#sketch-pad canvas")
        for key in ("Space", *["ArrowDown"] * 14):
            four.keyboard.press(key)
    shown = "1" if how == "keys" else "3"
    says(four, shown)
    held.let_go()
    four.wait_for_timeout(500)
    says(four, shown)
