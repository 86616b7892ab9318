"""From pen strokes to what the network reads."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model import strokes_to_image
from model.preprocessing import strokes as drawing
from model.preprocessing.normalize import BOX, FINE, SHEET, centred
from model.preprocessing.strokes import LONGEST, MAX_COORDINATE, MAX_POINTS, PEN, PEN_STEPS, draw_strokes
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
    even, wedge = draw_strokes([line], 2.4), draw_strokes([line], [np.array([1.0, 2.4, 3.8])])
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


@pytest.mark.parametrize("pen", [0, -1, 20, np.nan, np.inf, "wide", None])
def test_a_pen_that_cannot_draw_is_refused(pen) -> None:
    with pytest.raises(ValueError, match="pen"):
        strokes_to_image([np.array([[3.0, 0.0], [3.0, 9.0]])], pen)


def drawn_one_by_one(strokes: list[np.ndarray], pens: list[np.ndarray]) -> np.ndarray:
    """What `draw_strokes` draws, line by line and disc by disc."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    room = BOX - np.concatenate(pens).mean()
    scale = room * FINE / (high - low).max() if (high - low).max() > 1e-9 else 0.0
    sheet = np.zeros((SHEET * FINE, SHEET * FINE), np.uint8)
    for stroke, pen in zip(strokes, pens, strict=True):
        fitted = np.column_stack([(stroke - (low + high) / 2) * scale + SHEET * FINE / 2, pen])
        for here, there in itertools.pairwise([*fitted, fitted[-1]]):
            dx, dy, _ = there - here
            count = int(np.sqrt(dx * dx + dy * dy)) + 1
            for k in range(count):
                stamp(sheet, *(here + (there - here) * (k / count)))
    return centred(sheet)


def stamp(sheet: np.ndarray, x: float, y: float, pen: float) -> None:
    radius = np.floor(pen * PEN_STEPS + 0.5) / PEN_STEPS * FINE / 2
    rows, columns = np.mgrid[-20:21, -20:21]
    around = sheet[int(y) - 20 : int(y) + 21, int(x) - 20 : int(x) + 21]
    around[rows**2 + columns**2 <= radius**2 + 1e-9] = 255


walks = arrays(np.int64, st.tuples(st.integers(1, 9), st.just(2)), elements=st.integers(-30, 30)).map(
    lambda steps: steps.cumsum(0).astype(float)
)


@settings(max_examples=40, deadline=None)
@given(strokes=st.lists(walks, min_size=1, max_size=8), seed=st.none() | st.integers(0, 9))
def test_strokes_drawn_together_are_as_if_drawn_one_by_one(strokes, seed) -> None:
    pens = [np.full(len(stroke), 2.0) for stroke in strokes]
    if seed is None:
        np.testing.assert_array_equal(draw_strokes(strokes, 2.0), drawn_one_by_one(strokes, pens))
    else:
        pens = [np.random.default_rng(seed).uniform(1, 4, len(stroke)) for stroke in strokes]
    np.testing.assert_array_equal(draw_strokes(strokes, pens), drawn_one_by_one(strokes, pens))


def test_digits_that_people_wrote_are_drawn_as_if_stroke_by_stroke() -> None:
    for digit in DIGITS[::4]:
        strokes = as_points(digit["strokes"])
        one_by_one = drawn_one_by_one(strokes, [np.full(len(stroke), PEN) for stroke in strokes])
        np.testing.assert_array_equal(strokes_to_image(strokes), one_by_one)


def scrawl(points: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 100, (points, 2)).astype(float)


def dots(count: int) -> list[np.ndarray]:
    return list(np.random.default_rng(1).integers(0, 1000, (count, 1, 2)).astype(float))


@pytest.mark.parametrize("count", [30, 31, 999])
def test_the_more_dots_the_more_points_and_no_product_of_both(monkeypatch, count) -> None:
    """A drawing of 2,400 points and 999 dots is 15 KB, and took 80 ms."""
    asked = 0
    squares = drawing._squares

    def counted(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        nonlocal asked
        asked += len(x)
        return squares(x, y)

    monkeypatch.setattr(drawing, "_squares", counted)
    strokes_to_image([scrawl(2400 - count), *dots(count)])
    assert 2400 <= asked < 40 * 2400  # distances


def test_many_dots_are_no_stray_ones() -> None:
    digit = [np.array([[0.0, 0], [0, 100]])]
    few, many = (strokes_to_image([*digit, *dots(count)]) for count in (30, 31))
    np.testing.assert_array_equal(few, strokes_to_image(digit))
    assert (many.max(0) > 0.3).sum() > 15


@pytest.mark.parametrize("points", [3_900, 20_000])
def test_a_line_without_end_is_drawn_until_its_ink_fills_the_field(monkeypatch, points) -> None:
    drawn = []
    samples = drawing._samples
    monkeypatch.setattr(drawing, "_samples", lambda *all: drawn.append(samples(*all)) or drawn[-1])
    half = scrawl(points // 2)
    field = strokes_to_image([half, half[::-1]])[5:23, 5:23]
    assert 0.95 * LONGEST * BOX * FINE < len(drawn[0][1]) < LONGEST * BOX * FINE + points
    assert field.min() == 1


def test_however_long_the_line_each_pen_is_stamped_at_once(monkeypatch) -> None:
    stamped = []
    dilate = drawing._dilate
    monkeypatch.setattr(drawing, "_dilate", lambda *all: stamped.append(all) or dilate(*all))
    strokes_to_image([np.random.default_rng(2).integers(0, 10, (4_000, 2)).astype(float)])
    assert len(stamped) == 1


def test_a_thousand_strokes_are_drawn_at_once(monkeypatch) -> None:
    asked = []
    concatenate = np.concatenate
    monkeypatch.setattr(np, "concatenate", lambda *all, **how: asked.append(all) or concatenate(*all, **how))
    rng = np.random.default_rng(3)
    strokes_to_image([rng.integers(0, 1000, (2, 2)).astype(float) for _ in range(1000)])
    assert len(asked) < 10
