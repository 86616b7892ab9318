"""What only this page can show, used by mouse and keyboard in the running demo."""

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

import model
from model import strokes_to_image
from model.evaluation import unit_survey
from tests.support.browser import draw, open_page, settled
from tests.support.drawings import as_points, pen_digits

MAPS = ("input_gate", "forget_gate", "output_gate", "candidate", "cell", "hidden", "memory")
DIGITS = pen_digits()
FOUR = next(entry["strokes"] for entry in DIGITS if entry["digit"] == 4)


def number(text: str) -> float:
    return float(text.replace("−", "-").rstrip("%"))


def pixels(page: Page, selector: str) -> np.ndarray:
    """(rows, columns) of a canvas, a number for each colour."""
    flat, width = page.eval_on_selector(
        f"{selector} canvas",
        "c => [[...new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)], c.width]",
    )
    return np.array(flat).reshape(-1, width)


@pytest.fixture
def four(page: Page) -> Page:
    """The page with a four on it."""
    draw(page, FOUR)
    settled(page)
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "4")
    return page


@pytest.fixture(scope="module")
def reading(reader) -> model.Reading:
    return reader.read(strokes_to_image(as_points(FOUR)))


def point(page: Page, name: str, row: int, column: int) -> None:
    page.locator(f"#{name} canvas").scroll_into_view_if_needed()
    box = page.locator(f"#{name} canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * (column + 0.5) / 128, box["y"] + box["height"] * (row + 0.5) / 28)


def test_prediction_and_maps_are_told_in_words(four, reading) -> None:
    four.wait_for_timeout(900)
    assert re.fullmatch(r"Read as 4, [\d.]+% sure", four.text_content(".spoken"))
    told = four.get_attribute("#forget_gate canvas", "aria-description")
    means = [number(text) for text in re.findall(r"row \d+ (−?[\d.]+\d)", told)]
    np.testing.assert_allclose(means, reading.trace.forget_gate[[0, 13, 27]].mean(1), atol=0.05)


# Evidence


def evidence_note(page: Page) -> list[float]:
    return [number(text) for text in re.findall(r"−?\d+\.\d+", page.text_content("#evidence-note"))]


def test_the_evidence_adds_up_to_the_logit(four) -> None:
    _, rows, bias, logit = evidence_note(four)
    assert rows + bias == pytest.approx(logit, abs=0.02)
    total = 0
    for row in range(28):
        four.locator("#row").fill(str(row))
        total += evidence_note(four)[0]
    assert total == pytest.approx(rows, abs=0.15)


def test_the_evidence_is_that_of_the_class_chosen(four) -> None:
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


def test_the_evidence_lies_over_the_image(four) -> None:
    assert four.locator(".tint").is_hidden()
    four.click("#overlay")
    assert four.locator(".tint").is_visible()
    colours = re.findall(r"rgb\([^)]*\)", four.eval_on_selector(".tint", "e => e.style.background"))
    assert len(set(colours)) > 5
    four.click("#overlay")
    assert four.locator(".tint").is_hidden()


# One unit


def test_a_click_on_a_map_chooses_the_unit(four) -> None:
    point(four, "cell", 13, 77)
    four.mouse.down()
    four.mouse.up()
    four.mouse.move(0, 0)
    assert four.text_content(".number") == "Unit 77"
    assert four.text_content("#cursor-text") == "row 14 · unit 77"
    assert four.text_content("#update-title span") == "At row 14, unit 77"
    lines = pixels(four, ".lines")
    point(four, "hidden", 13, 20)
    assert four.text_content(".number") == "Unit 20"
    assert (pixels(four, ".lines") != lines).any()


def test_the_weights_and_what_the_unit_adds(four, reading, reader) -> None:
    four.focus("#hidden canvas")
    four.keyboard.press("Enter")
    four.locator("#row").fill("27")
    weights = [number(text) for text in four.locator(".readout output").all_text_contents()]
    np.testing.assert_allclose(weights, reader.readout[18], atol=0.006)
    added = number(four.text_content(".readout p b"))
    assert added == pytest.approx(reading.trace.hidden[27, 18] * reader.readout[18, 4], abs=0.1)
    assert four.locator(".drives canvas").count() == 10
    for k in range(10):
        assert (
            four.locator(".drives canvas")
            .nth(k)
            .evaluate("c => c.getContext('2d').getImageData(0, 0, 28, 28).data.some((v, i) => i % 4 === 3 && v > 200)")
        )


def test_the_update_is_right_with_its_real_numbers(four) -> None:
    for row, column in ((0, 3), (9, 60), (27, 127)):
        point(four, "cell", row, column)
        f, before, i, g, c, o, again, h = map(number, four.locator(".term").all_text_contents())
        assert f * before + i * g == pytest.approx(c, abs=0.03)
        assert o * np.tanh(again) == pytest.approx(h, abs=0.02)
        assert before == 0 if row == 0 else before != c


def test_a_term_lights_its_cell_and_a_cell_its_term(four) -> None:
    four.locator("#row").fill("10")
    four.hover(".term[data-map=candidate]")
    lit = four.locator("#candidate .cell-mark")
    assert lit.is_visible()
    assert number(lit.evaluate("e => e.style.top")) == pytest.approx(1000 / 28, rel=1e-3)
    assert four.locator("#input_gate .cell-mark").is_hidden()
    four.focus(".term[data-before='1']")
    assert number(four.locator("#cell .cell-mark").evaluate("e => e.style.top")) == pytest.approx(900 / 28, rel=1e-3)
    point(four, "output_gate", 5, 5)
    assert four.locator(".term.lit").evaluate_all("all => all.map((e) => e.dataset.map)") == ["output_gate"]


# Order


def test_the_columns_move_to_their_new_order_on_all_maps(four) -> None:
    before = {name: pixels(four, f"#{name}") for name in MAPS}
    four.evaluate(
        """() => { window.frames = new Set();
        const canvas = document.querySelector('#hidden canvas');
        const look = () => { frames.add(canvas.toDataURL()); requestAnimationFrame(look); }; look(); }"""
    )
    four.click("[data-order=likeness]")
    four.wait_for_timeout(1200)
    assert four.evaluate("frames.size") > 5, "the columns jumped"
    order = unit_survey.load().similarity
    for name in MAPS:
        np.testing.assert_array_equal(pixels(four, f"#{name}"), before[name][:, order], err_msg=name)
    draw(four, [[700, 700, 720, 720]])
    settled(four)
    point(four, "cell", 3, 0)
    assert four.text_content("#cursor-text") == f"row 4 · unit {order[0]}", "a column lost its place"
    four.click("[data-order=index]")
    four.wait_for_timeout(1200)
    point(four, "cell", 3, 0)
    assert four.text_content("#cursor-text") == "row 4 · unit 0"


def test_the_order_by_evidence_and_by_peak(four, reader) -> None:
    def adds(column: int) -> float:
        point(four, "hidden", 27, column)
        return number(four.text_content(".readout p b"))

    four.click("[data-order=evidence]")
    four.wait_for_timeout(1200)
    added = [adds(column) for column in (0, 20, 60, 100, 127)]
    assert added == sorted(added, reverse=True)
    assert added[0] > 0 > added[-1]
    four.click("[data-order=peak]")
    four.wait_for_timeout(1200)
    assert four.get_attribute("[data-order=peak]", "aria-pressed") == "true"


def test_less_motion_means_a_jump(demo, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    open_page(page, demo.url)
    before = pixels(page, "#hidden")
    page.click("[data-order=peak]")
    assert (pixels(page, "#hidden") != before).any()
    after = pixels(page, "#hidden")
    page.wait_for_timeout(400)
    assert (pixels(page, "#hidden") == after).all()
    context.close()


# What if


def test_a_gate_held_is_held_on_the_map_and_the_untouched_reading_stays(four) -> None:
    free = pixels(four, "#forget_gate")
    four.click("fieldset:has(legend:text('forget gate')) button[data-value='1']")
    settled(four)
    assert len(np.unique(pixels(four, "#forget_gate"))) == 1
    assert "untouched: 4" in four.text_content(".untouched")
    four.locator("[aria-label='forget gate: held at']").fill("0.35")
    four.locator("[aria-label='forget gate: rows']").fill("11")
    four.keyboard.press("Enter")
    four.locator("[aria-label='forget gate: to']").fill("20")
    four.keyboard.press("Enter")
    settled(four)
    held = pixels(four, "#forget_gate")
    assert len(np.unique(held[10:20])) == 1
    np.testing.assert_array_equal(held[:10], free[:10])
    point(four, "forget_gate", 12, 4)
    assert number(four.text_content(".inside figure:nth-child(2) output")) == 0.35
    draw(four, [[700, 700, 720, 720]])
    settled(four)
    assert len(np.unique(pixels(four, "#forget_gate")[10:20])) == 1, "the next drawing is read as it is"
    four.click("#reset")
    settled(four)
    assert four.locator(".untouched").is_hidden()
    assert len(np.unique(pixels(four, "#forget_gate"))) > 40


def test_units_are_silenced_by_name_by_click_and_by_brush(four) -> None:
    four.fill("#silence", "3, 17, 40-60")
    four.keyboard.press("Enter")
    settled(four)
    hidden = pixels(four, "#hidden")
    assert len(np.unique(hidden[:, [3, 17, *range(40, 61)]])) == 1
    assert len(np.unique(hidden[:, 4])) > 1
    assert four.input_value("#silence") == "3, 17, 40–60"
    four.click("#silence-unit")
    assert four.input_value("#silence") == "3, 17–18, 40–60"
    assert four.locator(".equations span").is_visible()
    four.click("#silence-unit")
    assert four.input_value("#silence") == "3, 17, 40–60"
    four.click("#brush")
    point(four, "cell", 5, 100)
    four.mouse.down()
    point(four, "cell", 8, 110)
    four.mouse.up()
    settled(four)
    assert four.input_value("#silence") == "100–110"
    assert len(np.unique(pixels(four, "#hidden")[:, 100:111])) == 1
    four.fill("#silence", "200")
    four.keyboard.press("Enter")
    assert four.evaluate("document.querySelector('#silence').validationMessage").startswith("Units are numbers")
    assert len(np.unique(pixels(four, "#hidden")[:, 100:111])) == 1


def test_every_experiment_changes_the_reading(four) -> None:
    plain = pixels(four, "#verdict")
    for button in four.locator(".experiments button").all():
        button.click()
        settled(four)
        assert (pixels(four, "#verdict") != plain).any(), button.text_content()
        assert four.is_enabled("#reset")
    assert len(four.input_value("#silence").split(",")) > 3
    four.click("#reset")
    settled(four)
    np.testing.assert_array_equal(pixels(four, "#verdict"), plain)


# Compare, memory


def test_a_pinned_reading_stands_beside_the_next(four) -> None:
    assert four.locator(".sides").is_hidden()
    four.click("#pin")
    pinned = pixels(four, ".sides .pinned .frame")
    four.click("#difference")
    for name in MAPS:
        assert len(np.unique(pixels(four, f"#{name}"))) == 1, "a reading differs from itself"
    four.click("#examples button >> nth=9")
    settled(four)
    assert four.text_content(".sides .pinned figcaption").startswith("pinned 4")
    assert four.text_content(".sides .reading figcaption").startswith("now 9")
    np.testing.assert_array_equal(pixels(four, ".sides .pinned .frame"), pinned)
    assert (pixels(four, ".sides .reading .frame") != pinned).any()
    for name in MAPS:
        assert len(np.unique(pixels(four, f"#{name}"))) > 40
    four.click("#pin")
    assert four.locator(".sides").is_hidden()


@pytest.mark.parametrize("how", ["shifted", "rotated", "thinner"])
def test_the_same_digit_varied_by_one_click(four, how) -> None:
    before = pixels(four, "#what-it-reads")
    four.click(f"[data-vary={how}]")
    settled(four)
    assert (pixels(four, "#what-it-reads") != before).any()
    assert four.locator(".sides").is_visible()
    draw(four, [[700, 700, 720, 720]])
    settled(four)
    assert four.get_attribute(f"[data-vary={how}]", "aria-pressed") == "false", "a new stroke is read as it was drawn"


def test_what_survives(four, reading) -> None:
    point(four, "memory", 20, 31)
    assert number(four.text_content(".recall output")) == pytest.approx(reading.memory[20, 31], abs=0.1)
    four.mouse.move(0, 0)
    four.locator("#row").fill("27")
    assert number(re.search(r"[\d.]+%", four.text_content(".memories .note"))[0]) >= 99.9
    widths = four.locator(".means i").evaluate_all("all => all.map((e) => e.getBoundingClientRect().width)")
    assert len(widths) == 28
    assert widths == sorted(widths)


# Pictures in, addresses out


def picture(shown: int = 7) -> bytes:
    sheet = Image.new("RGB", (640, 480), (205, 200, 190))
    for stroke in as_points(next(entry["strokes"] for entry in DIGITS if entry["digit"] == shown)):
        ImageDraw.Draw(sheet).line(
            [tuple(p) for p in (stroke * 0.4 + (120, 40)).tolist()], (40, 40, 60), 18, joint="curve"
        )
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def test_a_picture_is_uploaded_dropped_and_pasted(page) -> None:
    upload = {"name": "seven.png", "mimeType": "image/png", "buffer": picture(7)}
    page.set_input_files("#upload", upload)
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "7")
    for event, digit in (("drop", 3), ("paste", 6)):
        page.evaluate(
            """([event, data]) => {
                const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
                const transfer = new DataTransfer();
                transfer.items.add(new File([bytes], "digit.png", { type: "image/png" }));
                const pad = document.querySelector("#sketch-pad canvas");
                const [target, made] = event === "drop"
                    ? [pad, new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })]
                    : [document, new ClipboardEvent("paste", { clipboardData: transfer, cancelable: true })];
                target.dispatchEvent(made);
            }""",
            [event, base64.b64encode(picture(digit)).decode()],
        )
        expect(page.locator("#prediction")).to_have_attribute("data-digit", str(digit))
    page.click("#undo")
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "3")
    page.wait_for_timeout(600)  # the address follows when the page is at rest
    page.reload()
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "3")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("blank.png", None, "Nothing in this picture stands out"),
        ("notes.txt", b"just words", "no picture that the browser can open"),
    ],
)
def test_a_picture_without_a_digit_is_refused_and_the_drawing_stays(four, name, content, sentence) -> None:
    if content is None:
        file = io.BytesIO()
        Image.new("L", (200, 200), 180).save(file, "PNG")
        content = file.getvalue()
    four.set_input_files("#upload", {"name": name, "mimeType": "image/png", "buffer": content})
    expect(four.locator("#status")).to_contain_text(sentence)
    expect(four.locator("#prediction")).to_have_attribute("data-digit", "4")


def test_a_copied_address_shows_the_same_to_anyone(four, demo, browser: Browser) -> None:
    point(four, "cell", 13, 77)
    four.mouse.down()
    four.mouse.up()
    four.mouse.move(0, 0)
    four.click("[data-order=evidence]")
    four.click("fieldset:has(legend:text('input gate')) button[data-value='0']")
    four.locator("[aria-label='input gate: rows']").fill("15")
    four.keyboard.press("Enter")
    four.fill("#silence", "5-9")
    four.keyboard.press("Enter")
    four.wait_for_timeout(1200)
    settled(four)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = context.new_page()
    other.goto(four.url)
    other.wait_for_function("document.querySelector('#silence')?.value === '5–9'")
    other.wait_for_timeout(1200)
    settled(other)
    for shown in (*(f"#{name}" for name in MAPS), "#verdict", "#what-it-reads", "#sketch-pad"):
        np.testing.assert_array_equal(pixels(other, shown), pixels(four, shown), err_msg=shown)
    for part in ("#cursor-text", ".number", ".untouched", "#evidence-note", "#row-text"):
        assert other.text_content(part) == four.text_content(part)
    context.close()


@pytest.mark.parametrize("address", ["#draw=zzz&row=99&unit=x&order=foo&hold=f-9-0-3", "#image=AAAA&silence=400", "#%"])
def test_an_address_that_says_nonsense_is_the_plain_page(demo, browser: Browser, address) -> None:
    page = browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_page(page, demo.url + address)
    assert page.input_value("#silence") == ""
    assert errors == []
    page.close()


def test_the_page_opens_with_a_digit_being_read_and_the_first_stroke_replaces_it(demo, browser: Browser) -> None:
    page = browser.new_page()
    open_page(page, demo.url)
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "4")
    expect(page.locator(".hint")).to_have_text("Now draw your own, right over it")
    assert page.is_disabled("#undo")
    expect(page.locator("#play")).to_contain_text("Read", timeout=10_000)
    page.wait_for_timeout(600)  # the address follows when the page is at rest
    page.reload()  # which must not make the digit the visitor's own
    page.wait_for_selector('#prediction:not([data-digit=""])')
    expect(page.locator(".hint")).to_have_text("Now draw your own, right over it")
    rows = {page.wait_for_timeout(200) or page.input_value("#row") for _ in range(6)}
    assert len(rows) > 3
    draw(page, [[500, 200, 500, 800]])
    assert page.text_content("#play").strip() == "Read"
    settled(page)
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "1")
    assert page.locator(".hint").is_hidden()
    assert page.input_value("#row") == "27"
    page.close()


@pytest.mark.parametrize("kind", ["png", "gif", "npz", "csv"])
def test_a_click_takes_the_reading_away(four, kind, reading) -> None:
    with four.expect_download() as download:
        four.click(f"[data-kind={kind}]")
    assert download.value.suggested_filename == f"gatescope-4.{kind}"
    data = Path(download.value.path()).read_bytes()
    if kind in ("png", "gif"):
        assert getattr(Image.open(io.BytesIO(data)), "n_frames", 1) == (28 if kind == "gif" else 1)
    elif kind == "npz":
        np.testing.assert_allclose(np.load(io.BytesIO(data))["cell"], reading.trace.cell, atol=0.1)
    else:
        assert len(data.splitlines()) == 28 * 128 + 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_axe_finds_nothing_serious(demo, browser: Browser, theme, size) -> None:
    context = browser.new_context(color_scheme=theme, viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    open_page(page, demo.url)
    for experiment in (None, "Never forget"):
        if experiment:
            page.click(f"text={experiment}")
            page.click("[data-vary=rotated]")
            settled(page)
        found = Axe().run(page, context=".gatescope").response["violations"]
        assert [
            (v["id"], [n["target"] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")
        ] == []
    context.close()


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1280, 1920])
def test_no_sideways_scroll(demo, browser: Browser, width) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    open_page(page, demo.url)
    page.click("[data-vary=rotated]")
    page.click("text=Never forget")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    edges = page.locator(".gatescope *").evaluate_all("all => all.map((e) => e.getBoundingClientRect().right)")
    assert max(edges) <= width, "something is cut off at the right"
    page.close()


def test_every_control_is_reached_by_the_keyboard_and_shows_it(four) -> None:
    four.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(140):
        four.keyboard.press("Tab")
        name, ring = four.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
            const shown = e.type === "file" ? getComputedStyle(e.parentElement) : s;
            const name = e === document.body ? "page" : e.id || e.textContent.trim() || e.ariaLabel;
            return [name, shown.outlineStyle !== "none"]; }"""
        )
        assert ring or name == "page", f"{name} has the focus and does not show it"
        reached.add(name)
    missing = {
        "theme",
        "undo",
        "clear",
        "upload",
        "share",
        "play",
        "row",
        "overlay",
        "evidence-for",
        "silence",
    } - reached
    assert missing == set()
    assert {"similarity", "Never forget", "silence-unit", "pin", "Maps as PNG"} <= reached


def test_a_page_without_storage_and_clipboard_works(demo, browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script(
        """const denied = () => { throw new DOMException("denied", "SecurityError"); };
        Object.defineProperty(window, "localStorage", { get: denied });
        Object.defineProperty(navigator, "clipboard", { value: undefined });"""
    )
    open_page(page, demo.url)
    page.click("#theme")
    assert page.evaluate("document.body.classList.contains('dark')")
    page.click("#share")
    expect(page.locator("#share")).to_have_text("Copy the address bar")
    page.close()
