"""Ink is found on ruled lines, ruled lines are no ink where they cross, and what is wider than a pen is a shadow."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from model.preprocessing.ink import _closed, find_ink
from model.preprocessing.pictures import picture_to_image

PAPER, INK = 235, 60
FINE = 4  # drawn so much larger, then averaged


def sheet(
    strokes: list[list[tuple[int, int]]], pen: int, lines: tuple[tuple[int, ...], ...] = (), line: int = PAPER
) -> np.ndarray:
    """Paper of 192 × 256 as a camera takes it: strokes with a pen so wide, ruled lines so bright, a little noise."""
    page = Image.new("L", (256 * FINE, 192 * FINE), PAPER)
    draw = ImageDraw.Draw(page)
    for ends in lines:
        draw.line([FINE * place for place in ends], line, 2 * FINE)
    for stroke in strokes:
        draw.line([(FINE * x, FINE * y) for x, y in stroke], INK, pen * FINE, joint="curve")
    noise = np.random.default_rng(0).normal(0, 2, (192, 256))
    return (np.asarray(page.reduce(FINE)) + noise).clip(0, 255).astype(np.uint8)


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
        dark = _closed(np.where(away < width / 2, 0, 1000), 31, None)[60, 60]
        assert (dark == 1000) == filled
