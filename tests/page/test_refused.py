"""Not a digit: in the reader, on the wire, on the page and in what is taken away."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from model import Reader, strokes_to_image
from model.export.png import maps_png, rows_gif, to_npz
from model.networks import weights
from model.preprocessing.segmentation import parts_side_by_side
from model.serving.page import answer, take
from tests.support.browser import draw, settled
from tests.support.drawings import as_points, pen_digits

TURN = np.linspace(0, 2 * np.pi, 120)
DIGITS = {entry["digit"]: entry["strokes"] for entry in pen_digits()}
OTHERS = {
    "a scribble": [np.stack([500 + 350 * np.sin(7 * TURN), 500 + 350 * np.cos(5 * TURN)], 1).ravel().tolist()],
    "an A": [[200, 850, 500, 150, 800, 850], [320, 580, 680, 580]],
    "an X": [[200, 150, 800, 850], [800, 150, 200, 850]],
    "a dash": [[200, 500, 800, 500]],
    "a dot": [[500, 500]],
}


def beside(*digits: int) -> list[list[float]]:
    """Strokes of digits side by side, a gap between them."""
    share = 1 / len(digits)
    return [
        [0.75 * share * value + (1000 * share * place if k % 2 == 0 else 300) for k, value in enumerate(stroke)]
        for place, digit in enumerate(digits)
        for stroke in DIGITS[digit]
    ]


SEVERAL = beside(2, 5)


def image_of(strokes: list[list[float]]) -> np.ndarray:
    return strokes_to_image(as_points(strokes))


def test_the_score_is_the_log_of_the_sum_of_the_exponentials(reader, mnist) -> None:
    images = mnist[0][:300]
    scores = reader.scores(images)
    assert scores.shape == (300,)
    assert scores.dtype == np.float32
    for image, score in zip(images[:20], scores, strict=False):
        reading = reader.read(image)
        logits = reading.logits[-1].astype(np.longdouble)
        assert reading.score == pytest.approx(float(np.log(np.exp(logits).sum())), abs=1e-5)
        assert reading.score == pytest.approx(score, abs=1e-4)
    assert reader.scores(images[:0]).shape == (0,)


def test_large_logits_do_not_overflow_the_score() -> None:
    arrays, _ = weights.load()
    sure = Reader(arrays._replace(readout_kernel=1e4 * arrays.readout_kernel))
    reading = sure.read(image_of(DIGITS[3]))
    assert np.isfinite(reading.score)
    assert reading.score == pytest.approx(reading.logits[-1].max(), rel=1e-5)


def test_what_scores_too_little_is_no_digit(reader) -> None:
    for digit, strokes in DIGITS.items():
        reading = reader.read(image_of(strokes))
        assert (reading.digit, reading.why, reading.closest) == (digit, None, digit)
    for name, strokes in {**OTHERS, "two": SEVERAL}.items():
        reading = reader.read(image_of(strokes))
        assert reading.digit is None
        assert reading.why == ("several" if name == "two" else "other"), name
        assert reading.closest == reading.probabilities.argmax()
        assert reading.probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_without_a_threshold_only_a_blank_is_no_digit() -> None:
    gullible = Reader(weights.load()[0])
    for strokes in (*OTHERS.values(), SEVERAL):
        reading = gullible.read(image_of(strokes))
        assert (reading.digit, reading.why) == (reading.probabilities.argmax(), None)
    blank = gullible.read(np.zeros((28, 28), np.float32))
    assert (blank.digit, blank.why, blank.closest) == (None, "blank", None)


def test_the_rule_holds_in_an_experiment(reader) -> None:
    image = image_of(DIGITS[3])
    dumb, heard = reader.read(image, silence=range(128)).score, reader.read(image).score
    assert dumb < heard
    between = Reader(weights.load()[0], {"least_score": (dumb + heard) / 2})
    assert between.read(image).digit == 3
    silenced = between.read(image, silence=range(128))
    assert (silenced.digit, silenced.why) == (None, "other")
    reply = answer(reader, {"strokes": OTHERS["an A"], "silence": [5]})
    plain = reader.read(image_of(OTHERS["an A"]))
    assert reply["untouched"] == {
        "digit": None,
        "why": "other",
        "closest": plain.closest,
        "probabilities": plain.probabilities.tolist(),
    }


@pytest.mark.parametrize("digits", [(1, 1), (2, 5), (9, 3), (1, 8, 4)])
def test_digits_side_by_side_are_several(digits) -> None:
    assert parts_side_by_side(image_of(beside(*digits))) == len(digits)


def test_a_slanting_gap_is_one_too() -> None:
    leaning = [[400, 100, 200, 900], [700, 100, 500, 900]]
    assert parts_side_by_side(image_of(leaning)) == 2


def test_a_digit_is_not_several_even_in_pieces(mnist) -> None:
    assert [parts_side_by_side(image_of(entry["strokes"])) for entry in pen_digits()] == [1] * 60
    five = [[300, 250, 250, 450, 500, 400, 700, 600, 500, 850, 250, 800], [450, 120, 800, 120]]
    equals = [[200, 350, 800, 350], [200, 650, 800, 650]]
    speck = [*DIGITS[3], [950, 500, 960, 500]]
    assert [parts_side_by_side(image_of(strokes)) for strokes in (five, equals, speck)] == [1, 1, 1]
    assert parts_side_by_side(image_of([[500, 500]])) < 2
    assert np.mean([parts_side_by_side(image) > 1 for image in mnist[0]]) < 0.02
    assert parts_side_by_side(np.zeros((28, 28), np.float32)) == 0


def test_the_wire_says_why(reader) -> None:
    replies = [answer(reader, {"strokes": strokes}) for strokes in (DIGITS[4], OTHERS["an X"], SEVERAL, [])]
    assert [reply["digit"] for reply in replies] == [4, None, None, None]
    assert [reply["why"] for reply in replies] == [None, "other", "several", "blank"]
    assert replies[0]["closest"] == 4
    assert replies[1]["closest"] == reader.read(image_of(OTHERS["an X"])).closest
    assert replies[3]["closest"] is None


def test_what_is_no_digit_can_be_taken_away(reader) -> None:
    reading = reader.read(image_of(OTHERS["an X"]))
    assert take(reader, {"strokes": OTHERS["an X"], "kind": "csv"})["name"] == "gatescope-no-digit.csv"
    with np.load(io.BytesIO(to_npz(reading)), allow_pickle=False) as file:
        assert (int(file["digit"]), str(file["why"]), file["score"]) == (-1, "other", np.float32(reading.score))
    for dark in (False, True):
        pictures = [maps_png(one, dark) for one in (reading, reader.read(np.zeros((28, 28), np.float32)))]
        shown, blank = (np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), int) for data in pictures)
        card = np.s_[120:768, 1464:2512]  # the prediction's, which a blank image leaves without sign and bars
        assert (shown[card] != blank[card]).any(axis=-1).sum() > 5_000
        accent = (0x8A, 0xA5, 0xFF) if dark else (0x2F, 0x56, 0xD4)
        assert not (shown[card] == accent).all(axis=-1).any()
        assert Image.open(io.BytesIO(rows_gif(reading, dark))).n_frames == 28


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


@pytest.mark.parametrize("name", OTHERS)
def test_the_page_says_that_it_is_no_digit(page, name) -> None:
    draw(page, OTHERS[name])
    settled(page)
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "?")
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
        assert contrast(page, ".answer strong, .answer span, .bars b, .bars output") >= 4.5
        page.click("#theme")


def test_two_digits_are_said_to_be_two(page) -> None:
    draw(page, SEVERAL)
    expect(page.locator(".answer span")).to_contain_text("More than one digit? It reads one at a time.")
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "?")


def test_the_rest_of_the_page_shows_what_is_no_digit(page) -> None:
    draw(page, OTHERS["an A"])
    settled(page)
    closest = page.text_content(".answer span")[-1]
    assert page.get_attribute(f".bars li:nth-child({int(closest) + 1}) button", "aria-pressed") == "true"
    assert page.locator("#evidence-for option").first.text_content() == f"{closest}, the closest"
    assert re.match(r"Row \d+ adds", page.text_content("#evidence-note"))
    assert f"logit of {closest}" in page.text_content(".readout p")
    assert page.locator("#how [data-find]:disabled").count() == 0
    expect(page.locator("#verdict canvas")).to_have_attribute(
        "aria-description", f"After the last row: ?, closest {closest}."
    )
    page.click("#pin")
    page.click("#examples button >> nth=4")
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "4")
    assert page.text_content(".sides .pinned figcaption") == f"pinned ?, closest {closest}"
    assert page.text_content(".sides .reading figcaption").startswith("now 4, ")
    page.click("#undo")
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "?")
    page.click("text=Always speak up")
    expect(page.locator(".untouched")).to_have_text(f"untouched: ?, closest {closest}")
    page.click("#tour")
    page.click("text='Next'")
    expect(page.locator(".tour-card .note")).to_be_hidden()
    page.keyboard.press("Escape")
    page.click("#reset")
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "?")
    with page.expect_download() as download:
        page.click("#take [data-kind=csv]")
    assert download.value.suggested_filename == "gatescope-no-digit.csv"


def test_a_picture_of_no_digit_is_refused_too(page) -> None:
    image = np.rint(255 * image_of(OTHERS["an X"])).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(255 - image).resize((280, 280)).save(file, "PNG")
    page.set_input_files("#upload", {"name": "x.png", "mimeType": "image/png", "buffer": file.getvalue()})
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "?")
    page.wait_for_function("location.hash.includes('image=')")
    page.reload()
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "?")
    text = base64.urlsafe_b64decode(re.search(r"image=([\w-]+)", page.url)[1] + "==")
    assert len(text) == 784
