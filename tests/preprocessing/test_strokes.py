"""From pen strokes to what the network reads."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model import strokes_to_image
from model.preprocessing.strokes import MAX_COORDINATE, MAX_POINTS, PEN, draw_strokes
from tests.support.drawings import as_points, pen_digits
from tests.support.images import box, check, middle

DIGITS = pen_digits()


@pytest.mark.parametrize("digit", DIGITS[:20], ids=lambda digit: str(digit["digit"]))
def test_a_digit_is_fitted_and_centred(digit) -> None:
    image = strokes_to_image(as_points(digit["strokes"]))
    check(image)
    assert 18 <= max(box(image)) <= 21
    assert image.max() > 0.9
    np.testing.assert_allclose(middle(image), (14, 14), atol=0.25)


@settings(max_examples=100, deadline=None)
@given(
    which=st.integers(0, len(DIGITS) - 1),
    scale=st.floats(0.01, 1000),
    x=st.floats(-10_000, 10_000),
    y=st.floats(-10_000, 10_000),
)
def test_place_and_size_make_no_difference(which, scale, x, y) -> None:
    strokes = as_points(DIGITS[which]["strokes"])
    scale = min(scale, 900.0)
    there = strokes_to_image([stroke * scale + (x, y) for stroke in strokes])
    assert np.abs(there - strokes_to_image(strokes)).mean() < 0.02  # a shift by an eighth of a pixel is rounding


def test_the_aspect_is_kept() -> None:
    wide = strokes_to_image([np.array([[0, 0], [100, 0], [100, 30], [0, 30], [0, 0]])])
    width, height = box(wide)
    assert width == pytest.approx(20, abs=1)
    assert height == pytest.approx(PEN + (20 - PEN) * 0.3, abs=1)


def test_how_densely_a_line_was_sampled_makes_no_difference() -> None:
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.4, 2.0]])
    fine = np.concatenate([np.linspace(a, b, 500) for a, b in itertools.pairwise(corners)])
    assert np.abs(strokes_to_image([corners]) - strokes_to_image([fine])).mean() < 0.005


def test_one_dot_stays_a_dot() -> None:
    image = strokes_to_image([np.array([[5.0, 7.0]])])
    check(image)
    assert max(box(image)) <= 3
    np.testing.assert_allclose(middle(image), (14, 14), atol=0.2)


def test_a_stray_dot_far_away_is_left_out() -> None:
    seven = [np.array([[0.0, 0], [60, 0], [20, 100]])]
    dot = np.array([[300.0, 20], [301, 21]])
    np.testing.assert_array_equal(strokes_to_image([*seven, dot]), strokes_to_image(seven))


def test_a_dot_that_belongs_to_the_drawing_stays() -> None:
    stem = [np.array([[0.0, 20], [0, 100]])]
    assert (strokes_to_image([*stem, np.array([[0.0, 10.0]])]) != strokes_to_image(stem)).any()
    two_dots = [np.array([[0.0, 0.0]]), np.array([[50.0, 0.0]])]
    assert strokes_to_image(two_dots).sum() > 1.5 * strokes_to_image(two_dots[:1]).sum()


def test_a_short_bar_is_no_dot() -> None:
    five = [np.array([[0.0, 0], [0, 50], [40, 60], [30, 100], [0, 100]]), np.array([[0.0, 0], [18, 0]])]
    assert (strokes_to_image(five) != strokes_to_image(five[:1])).any()


def test_a_pen_may_change_its_width_on_the_way() -> None:
    line = np.array([[0.0, 0.0], [0, 50], [0, 100]])
    even, wedge = draw_strokes([line], [2.4]), draw_strokes([line], [np.array([1.0, 2.4, 3.8])])
    assert wedge[6:10].sum() < 0.8 * even[6:10].sum()
    assert wedge[18:22].sum() > 1.1 * even[18:22].sum()


def test_a_straight_line_stays_a_line() -> None:
    upright = strokes_to_image([np.array([[3.0, 0.0], [3.0, 9.0]])])
    assert box(upright) == (pytest.approx(2.5, abs=0.6), pytest.approx(20, abs=1))
    np.testing.assert_allclose(upright.T, strokes_to_image([np.array([[0.0, 3.0], [9.0, 3.0]])]), atol=0.05)


@settings(max_examples=150, deadline=None)
@given(
    strokes=st.lists(
        arrays(np.float64, st.tuples(st.integers(0, 12), st.just(2)), elements=st.floats(-1e6, 1e6)),
        max_size=6,
    )
)
def test_any_strokes_give_an_image_or_a_sentence(strokes) -> None:
    if sum(map(len, strokes)) == 0:
        with pytest.raises(ValueError, match="no points"):
            strokes_to_image(strokes)
        return
    image = strokes_to_image(strokes)
    check(image)
    assert image.max() > 0.5


@pytest.mark.parametrize(
    ("strokes", "sentence"),
    [
        ([], "no points"),
        ([np.zeros((0, 2))], "no points"),
        ([np.array([[0.0, np.nan]])], "not a finite number"),
        ([np.array([[0.0, np.inf]])], "not a finite number"),
        ([np.array([[0.0, 2 * MAX_COORDINATE]])], "beyond"),
        ([np.zeros((5, 3))], r"shape \(n, 2\)"),
        ([np.zeros(4)], r"shape \(n, 2\)"),
        ([[["a", "b"]]], "two numbers"),
        ([[[1, 2], [3]]], "two numbers"),
        ([np.zeros((MAX_POINTS + 1, 2))], "20,001 points"),
    ],
)
def test_strokes_that_are_none_are_refused(strokes, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        strokes_to_image(strokes)


def test_the_pen_may_be_wider_than_the_pages() -> None:
    upright = [np.array([[3.0, 0.0], [3.0, 9.0]])]
    np.testing.assert_array_equal(strokes_to_image(upright, PEN), strokes_to_image(upright))
    assert strokes_to_image(upright, 3).sum() > 1.6 * strokes_to_image(upright).sum()
