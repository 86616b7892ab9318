"""Made-up photos, and how the digits in them are read."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from model import picture_to_image
from model.evaluation.photos import EMPTY, EVERYTHING, KINDS, NAMES, Mark, empty, photos
from model.evaluation.report import of_photos
from model.preprocessing.pictures import image_of_file
from tests.support.drawings import as_points, pen_digits

TWO, THREE = pen_digits()[2:4]


@pytest.fixture(scope="module")
def digits(mnist) -> list[tuple[Mark, int]]:
    images, labels = mnist
    printed = [((255 * image).astype(np.uint8), int(label)) for image, label in zip(images[:60], labels, strict=False)]
    return [(as_points(digit["strokes"]), digit["digit"]) for digit in pen_digits()] + printed


def read_right(reader, digits, name: str, count: int, seed: int) -> int:
    return sum(reader.read(picture_to_image(p)).digit == label for p, label in photos(name, digits, count, seed))


def test_a_seed_fixes_the_photos(digits) -> None:
    one, same, other = ([np.asarray(p) for p, _ in photos("hard shadow", digits, 2, seed)] for seed in (3, 3, 4))
    assert all(np.array_equal(a, b) for a, b in zip(one, same, strict=True))
    assert not any(a.shape == b.shape and np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert not np.array_equal(one[0], one[1])


@pytest.mark.parametrize("name", ["hard shadow", "chalk in a shadow", "a sheet on a desk", "a small sheet on a desk"])
def test_the_edge_of_a_shadow_or_a_sheet_is_not_taken_for_the_ink(reader, digits, name) -> None:
    assert read_right(reader, digits, name, 14, 1) >= 13


def test_photos_of_all_kinds_are_read_and_reported(reader, digits) -> None:
    figures = of_photos(reader, digits, 1, 2)
    assert [figure.name for figure in figures[: len(KINDS)]] == [f"photos, {name}" for name in KINDS]
    together = figures[len(NAMES)]
    assert (together.name, together.n) == ("photos, all together", len(NAMES))
    assert together.value * together.n >= len(NAMES) - 1


@pytest.mark.thorough
@pytest.mark.parametrize("name", NAMES)
def test_photos_of_each_kind_are_read(reader, digits, name) -> None:
    assert read_right(reader, digits, name, 40, 5) >= (36 if name == EVERYTHING else 38)


@pytest.mark.parametrize("widths", [(9, 20), (10, 26)])
def test_of_two_digits_none_is_left_out_because_its_lines_are_wider(reader, widths) -> None:
    sheet = Image.new("L", (400, 300), 220)
    draw = ImageDraw.Draw(sheet)
    for digit, left, width in zip((THREE, TWO), (20, 210), widths, strict=True):
        for stroke in as_points(digit["strokes"]):
            draw.line([tuple(place) for place in (0.17 * stroke + (left, 65)).tolist()], 30, width, joint="curve")
    noise = np.random.default_rng(0).normal(0, 2, (300, 400))
    photo = Image.fromarray((np.asarray(sheet) + noise).astype(np.uint8))
    assert reader.read(picture_to_image(photo)).why == "several"


def test_on_empty_paper_no_digit_is_read(reader) -> None:
    for k, photo in enumerate(empty(2 * len(EMPTY), 1)):
        reading = reader.read(picture_to_image(photo))
        assert reading.digit is None, EMPTY[k % len(EMPTY)]


def test_a_hard_shadow_alone_is_refused_with_a_sentence() -> None:
    sheet = Image.new("L", (400, 300), 220)
    ImageDraw.Draw(sheet).polygon([(300, 0), (280, 220), (400, 240), (400, 0)], 130)
    noise = np.random.default_rng(0).normal(0, 2, (300, 400))
    file = io.BytesIO()
    Image.fromarray((np.asarray(sheet) + noise).astype(np.uint8)).save(file, "PNG")
    with pytest.raises(ValueError, match="Nothing in this picture stands out"):
        image_of_file(file.getvalue())


def ruled(ink: int, strokes: Mark) -> Image.Image:
    """Strokes in black on ruled paper, whose lines are of this brightness."""
    sheet = Image.new("L", (400, 300), 240)
    draw = ImageDraw.Draw(sheet)
    for y in range(20, 300, 35):
        draw.line((0, y, 400, y + 10), ink, 2)
    for stroke in strokes:
        draw.line([tuple(point) for point in (stroke / 4 + (70, 25)).tolist()], 30, 8, joint="curve")
    return sheet


@pytest.mark.parametrize("ink", [40, 120, 200])
def test_ruled_lines_are_not_the_ink_however_dark(reader, digits, ink) -> None:
    assert not picture_to_image(ruled(ink, [])).any()
    right = [reader.read(picture_to_image(ruled(ink, strokes))).digit == digit for strokes, digit in digits[:12]]
    assert sum(right) >= 11


def test_several_digits_in_a_photo_are_not_taken_for_one(reader, digits) -> None:
    readings = [
        reader.read(picture_to_image(photo))
        for name in ("plain paper", "hard shadow")
        for photo, _ in photos(name, digits, 4, 1, together=3)
    ]
    assert sum(reading.why == "several" for reading in readings) >= 7
