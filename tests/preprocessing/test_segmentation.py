"""Whether an image holds more than one digit side by side."""

import numpy as np
import pytest

from model import strokes_to_image
from model.preprocessing.segmentation import parts_side_by_side
from tests.support.drawings import as_points, beside, first_of, pen_digits


def image_of(strokes: list[list[float]]) -> np.ndarray:
    return strokes_to_image(as_points(strokes))


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
    speck = [*first_of(3), [950, 500, 960, 500]]
    assert [parts_side_by_side(image_of(strokes)) for strokes in (five, equals, speck)] == [1, 1, 1]
    assert parts_side_by_side(image_of([[500, 500]])) < 2
    assert np.mean([parts_side_by_side(image) > 1 for image in mnist[0]]) < 0.02
    assert parts_side_by_side(np.zeros((28, 28), np.float32)) == 0
