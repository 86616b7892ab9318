"""Ink is found on ruled lines and in shadows, dark or light; ruled lines and shadows are no ink."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from model.evaluation.robustness import picture
from model.preprocessing.fields import closed
from model.preprocessing.ink import find_ink
from model.preprocessing.pictures import picture_to_image
from tests.support.drawings import as_points, pen_digits

PAPER, INK = 235, 60
FINE = 4  # drawn so much larger, then averaged


def sheet(
    strokes: list[list[tuple[int, int]]],
    pen: int,
    lines: tuple[tuple[int, ...], ...] = (),
    line: int = PAPER,
    *,
    paper: int = PAPER,
    ink: int = INK,
    shadow: tuple[tuple[int, int], ...] = (),
    light: float = 1.0,
    noise: float = 2,
) -> np.ndarray:
    """Paper of 192 × 256 as a camera takes it: strokes with a pen so wide, ruled lines so bright, a little noise.

    shadow: the corners of a shadow; light: what falls there.
    """
    page = Image.new("L", (256 * FINE, 192 * FINE), paper)
    draw = ImageDraw.Draw(page)
    for ends in lines:
        draw.line([FINE * place for place in ends], line, 2 * FINE)
    for stroke in strokes:
        draw.line([(FINE * x, FINE * y) for x, y in stroke], ink, pen * FINE, joint="curve")
    shade = Image.new("L", page.size)
    if shadow:
        ImageDraw.Draw(shade).polygon([(FINE * x, FINE * y) for x, y in shadow], 255)
    lit = np.asarray(page.reduce(FINE)) * (1 - (1 - light) * np.asarray(shade.reduce(FINE)) / 255)
    grain = np.random.default_rng(0).normal(0, noise, (192, 256))
    return (lit + grain).clip(0, 255).astype(np.uint8)


RULED = tuple((0, y, 256, y + 3) for y in (20, 56, 92, 128, 164))
SQUARED = RULED + tuple((x, 0, x - 3, 192) for x in (30, 70, 110, 150, 190, 230))


def patches(gray: np.ndarray) -> int:
    return ndimage.label(find_ink(gray) > 127, np.ones((3, 3)))[1]


def test_where_ruled_lines_cross_is_no_ink() -> None:
    assert patches(sheet([[(132, 60), (120, 125)]], 4, SQUARED, 120)) < 4  # without a second look at crossings, 31


@pytest.mark.parametrize("lines", [RULED, SQUARED], ids=["ruled", "squared"])
def test_a_bar_written_on_a_ruled_line_is_ink(reader, lines) -> None:
    """Without its bar the 7 is a 1."""
    seven = sheet([[(100, 57), (147, 57), (118, 122)]], 5, lines, 150)
    assert reader.read(picture_to_image(seven)).digit == 7


@pytest.mark.parametrize("degrees", range(0, 180, 15))
def test_a_line_is_filled_and_a_shadow_is_left_in_every_direction(degrees) -> None:
    y, x = np.mgrid[-60:61, -60:61]
    angle = np.radians(degrees)
    away = abs(x * np.cos(angle) + y * np.sin(angle))
    for width, filled in ((0.85 * 31, True), (1.2 * 31, False)):
        dark = closed(np.where(away < width / 2, 0, 1000), 31, None)[60, 60]
        assert (dark == 1000) == filled


ZERO = [[(128, 50), (105, 75), (105, 110), (128, 135), (150, 110), (150, 75), (128, 50)]]
SHADOWS = {
    "half": ((0, 0), (120, 0), (90, 192), (0, 192)),
    "most": ((0, 0), (200, 0), (170, 192), (0, 192)),
    "a band": ((90, 0), (150, 0), (130, 192), (70, 192)),
    "a corner": ((128, 90), (256, 60), (256, 192), (100, 192)),
    "a head": ((60, 192), (70, 120), (110, 90), (160, 95), (190, 140), (200, 192)),
}


def agreement(found: np.ndarray, ink: np.ndarray) -> float:
    """The share of what either has that both have."""
    return np.count_nonzero((found > 127) & (ink > 127)) / np.count_nonzero((found > 127) | (ink > 127))


@pytest.mark.parametrize("shadow", SHADOWS)
@pytest.mark.parametrize("pen", [7, 14])
def test_chalk_is_found_in_a_shadow_as_beside_it(shadow, pen) -> None:
    """Chalk in a shadow is no brighter than a lit board."""
    board = {"paper": 60, "ink": 230}
    ink = find_ink(sheet(ZERO, pen, **board))
    assert agreement(find_ink(sheet(ZERO, pen, **board, shadow=SHADOWS[shadow], light=0.5)), ink) > 0.85


def test_a_shadow_on_a_blackboard_is_not_taken_for_the_ink() -> None:
    """The border of the picture is a lit board for the most part, and most of what differs from it is the shadow."""
    seven = [[(100, 50), (150, 50), (120, 130)]]
    board = {"paper": 60, "ink": 230}
    found = find_ink(sheet(seven, 4, **board, shadow=SHADOWS["a band"], light=0.4))
    assert agreement(found, find_ink(sheet(seven, 4, **board))) > 0.6


def test_paper_that_a_coarse_jpeg_made_flat_is_a_photo_s() -> None:
    """Over half of the picture is the very same shadow, and the paper in the light is no ink."""
    gray = sheet(ZERO, 6, paper=190, ink=40, shadow=SHADOWS["most"], light=0.5, noise=0).astype(int)
    blocks = np.random.default_rng(0).choice([-14, 0, 14], (48, 64), p=[0.1, 0.8, 0.1])
    assert np.bincount(gray.ravel()).max() > 0.5 * gray.size
    found = find_ink((gray + np.kron(blocks, np.ones((4, 4), int))).clip(0, 255).astype(np.uint8))
    assert agreement(found, find_ink(sheet(ZERO, 6))) > 0.85


@pytest.mark.parametrize("ends", [(40, 110), (150, 60), (20, 170)])
@pytest.mark.parametrize("width", [46, 60, 75])
def test_a_band_of_shadow_across_empty_paper_is_no_ink(width, ends) -> None:
    top, bottom = ends
    band = ((top, 0), (top + width, 0), (bottom + width, 192), (bottom, 192))
    assert not find_ink(sheet([], 1, shadow=band, light=0.5)).any()


def test_a_one_that_a_photo_is_cropped_to_is_ink(reader) -> None:
    page = sheet([[(150, -20), (110, 220)]], 22)[:, 92:168]
    assert reader.read(picture_to_image(page)).digit == 1


@pytest.mark.parametrize(("pen", "shadow", "light"), [(4, "a band", 0.6), (7, "a head", 0.4)])
def test_nothing_of_a_shadow_grows_at_lines_that_are_seen_whole(pen, shadow, light) -> None:
    paper = {"paper": 190, "ink": 40, "noise": 6}
    photo = io.BytesIO()
    Image.fromarray(sheet(ZERO, pen, **paper, shadow=SHADOWS[shadow], light=light)).save(photo, "JPEG", quality=6)
    assert agreement(find_ink(np.asarray(Image.open(photo))), find_ink(sheet(ZERO, pen))) > 0.78


@pytest.mark.parametrize("light", [False, True])
def test_of_an_export_cropped_to_thick_ink_the_paper_is_what_its_border_is(reader, light) -> None:
    """Lines wider than what is looked at about each pixel, and much of the picture ink: only the border tells."""
    right = 0
    for digit in pen_digits()[:20]:
        page = np.asarray(picture(as_points(digit["strokes"]), 200, 1.7))
        rows, columns = (np.flatnonzero((page < 128).any(axis)) for axis in (1, 0))
        crop = page[rows[0] - 3 : rows[-1] + 4, columns[0] - 3 : columns[-1] + 4]
        file = io.BytesIO()
        Image.fromarray(255 - crop if light else crop).save(file, "JPEG", quality=85)
        right += reader.read(picture_to_image(Image.open(file))).digit == digit["digit"]
    assert right >= 17
