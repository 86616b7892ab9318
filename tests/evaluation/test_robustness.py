import numpy as np
import pytest

from model import picture_to_image, strokes_to_image
from model.evaluation.robustness import on_pad, picture, turned
from tests.support.drawings import as_points, pen_digits


@pytest.mark.parametrize("scale", [0.3, 1, 3])
def test_a_drawing_comes_through_as_a_picture(scale, reader) -> None:
    for digit in pen_digits()[:10]:
        strokes = as_points(digit["strokes"])
        as_picture = picture_to_image(picture(strokes, 150 * scale, 1))
        similarity = np.corrcoef(as_picture.ravel(), strokes_to_image(strokes).ravel())[0, 1]
        assert similarity > 0.85


def test_a_picture_s_line_is_as_wide_as_asked() -> None:
    line = [np.array([[0.0, 0.0], [0.0, 1.0]])]
    thin, thick = (255 - np.asarray(picture(line, 200, pen), float) for pen in (1, 2))
    assert thick.sum() / thin.sum() == pytest.approx(2, rel=0.15)
    assert (thin > 127).any(axis=1).sum() == pytest.approx(200 + 20, abs=3)


def test_turned_is_clockwise_and_keeps_lengths() -> None:
    (stroke,) = turned([np.array([[1.0, 0.0], [0.0, 2.0]])], 90)
    np.testing.assert_allclose(stroke, [[0, 1], [-2, 0]], atol=1e-12)


def test_on_the_pad_the_points_are_whole_numbers() -> None:
    (stroke,) = on_pad([np.array([[3.0, 4.0], [4.0, 6.0]])], 301, (10, 20))
    np.testing.assert_array_equal(stroke, [[10, 20], [160, 321]])
