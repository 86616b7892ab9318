"""From drawings and pictures to what the network reads."""

import io
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw, ImageFilter

from model import picture_to_image, strokes_to_image
from model.preprocessing.strokes import MAX_COORDINATE, MAX_POINTS, PEN, draw
from tests.support.drawings import as_points, pen_digits

DIGITS = pen_digits()
SEVEN = next(as_points(digit["strokes"]) for digit in DIGITS if digit["digit"] == 7)


def middle(image: np.ndarray) -> np.ndarray:
    """The centre of mass, (x, y)."""
    at = np.arange(28) + 0.5
    return np.array([image.sum(0) @ at, image.sum(1) @ at]) / image.sum()


def box(image: np.ndarray) -> tuple[int, int]:
    """Width and height of the part with ink worth the name."""
    rows, columns = np.flatnonzero(image.max(1) > 0.3), np.flatnonzero(image.max(0) > 0.3)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def check(image: np.ndarray) -> None:
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    assert image.min() >= 0
    assert image.max() <= 1


def picture(size: int = 400, ink: object = 0, paper: object = 255, mode: str = "L", width: float = 0.06) -> Image.Image:
    """A seven, drawn with a round pen."""
    sheet = Image.new(mode, (size, size), paper)
    draw = ImageDraw.Draw(sheet)
    for stroke in SEVEN:
        line = [tuple(point) for point in (stroke * size / 1000).tolist()]
        draw.line(line, ink, max(1, round(width * size)), joint="curve")
    return sheet


REFERENCE = picture_to_image(picture())


def same(image: np.ndarray, far: float = 0.05) -> bool:
    """Whether it is the reference, but for a little of the anti-aliasing."""
    return np.abs(image - REFERENCE).mean() < far


# Strokes


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
    even, wedge = draw([line], [2.4]), draw([line], [np.array([1.0, 2.4, 3.8])])
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


# Pictures


def test_a_picture_reads_like_the_strokes() -> None:
    assert same(strokes_to_image(SEVEN))
    check(REFERENCE)


def test_mnist_comes_through_as_it_is(mnist, reader) -> None:
    images, labels = mnist
    again = np.stack([picture_to_image(image) for image in images[:300]])
    assert (reader.classify(again).argmax(1) == labels[:300]).mean() >= 0.97


@pytest.mark.parametrize("size", [28, 60, 400, 3000])
def test_the_size_of_the_picture_makes_no_difference(size) -> None:
    assert same(picture_to_image(picture(size)), 0.07)


@pytest.mark.parametrize("width", [0.006, 0.02, 0.06, 0.14])
def test_thick_and_thin_lines_are_made_alike(width) -> None:
    image = picture_to_image(picture(width=width))
    assert 0.6 < image.sum() / REFERENCE.sum() < 1.9  # a line may stay wider than the reference's


def test_light_ink_on_dark_paper() -> None:
    assert same(picture_to_image(picture(ink=255, paper=0)))
    assert same(picture_to_image(picture(ink=200, paper=90)))


def test_a_photo_on_grey_shaded_paper() -> None:
    shade = np.linspace(120, 215, 400)[None] + np.linspace(-20, 20, 400)[:, None]
    noise = np.random.default_rng(0).normal(0, 4, (400, 400))
    ink = 1 - np.asarray(picture(), float) / 255
    photo = np.clip(shade * (1 - 0.6 * ink) + noise, 0, 255).astype(np.uint8)
    assert same(picture_to_image(Image.fromarray(photo).filter(ImageFilter.GaussianBlur(1.5))), 0.07)


def test_dirt_is_not_the_digit() -> None:
    dirty = picture()
    ImageDraw.Draw(dirty).ellipse((6, 380, 12, 386), fill=0)
    ImageDraw.Draw(dirty).point([(390, 5), (391, 5), (200, 395)], fill=0)
    assert same(picture_to_image(dirty))


@pytest.mark.parametrize(("ink", "paper"), [((0, 0, 0, 255), (0, 0, 0, 0)), ((255, 255, 255, 255), (0, 0, 0, 0))])
def test_see_through_paper(ink, paper) -> None:
    assert same(picture_to_image(picture(ink=ink, paper=paper, mode="RGBA")))
    assert same(picture_to_image(np.asarray(picture(ink=ink, paper=paper, mode="RGBA"))))


def test_a_phone_that_was_held_sideways() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by 90° clockwise
    file = io.BytesIO()
    picture().transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", exif=exif)
    assert same(picture_to_image(Image.open(file)))


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "I", "I;16", "F"])
def test_every_mode_of_picture(mode) -> None:
    if mode == "I;16":
        seen = Image.fromarray(np.asarray(picture(), np.uint16) * 257)
    elif mode == "I":
        seen = Image.fromarray(np.asarray(picture(), np.int32) * 257)
    else:
        seen = picture().convert(mode)
    assert same(picture_to_image(seen))


def test_floats_and_truth_values() -> None:
    array = np.asarray(picture())
    assert same(picture_to_image(array / 255))
    assert same(picture_to_image(array > 127))
    assert same(picture_to_image(np.repeat(array[..., None], 3, axis=2)))


@pytest.mark.parametrize("paper", [0, 128, 255])
def test_a_blank_picture_is_blank(paper) -> None:
    assert not picture_to_image(np.full((200, 300), paper, np.uint8)).any()
    assert not picture_to_image(Image.new("RGBA", (50, 50), (paper, paper, paper, 0))).any()
    noise = np.random.default_rng(1).normal(paper, 3, (200, 200)).clip(0, 255).astype(np.uint8)
    assert not picture_to_image(noise).any()


@settings(max_examples=80, deadline=None)
@given(array=arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40))))
def test_any_picture_gives_an_image_or_a_sentence(array) -> None:
    check(picture_to_image(array))


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros((0, 0)), "must be an array"),
        (np.zeros(784), "must be an array"),
        (np.zeros((28, 28, 2)), "must be an array"),
        (np.full((28, 28), np.nan), "from 0 to 1"),
        (np.full((28, 28), 2.0), "from 0 to 1"),
        (np.full((28, 28), -1.0), "from 0 to 1"),
        (np.zeros((28, 28), np.int64), "of uint8"),
        (np.array([["a"]]), "of uint8"),
        (np.zeros((1, 500), np.uint8), "too long and thin"),
        (np.zeros((8000, 8000), bool), "64,000,000 pixels"),
    ],
)
def test_what_is_no_picture_is_refused(array, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        picture_to_image(array)
