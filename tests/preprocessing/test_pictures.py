"""From pictures to what the network reads."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw, ImageFilter

from model import picture_to_image, strokes_to_image
from model.preprocessing.pictures import image_of_file
from tests.support.drawings import as_points, pen_digits, photo
from tests.support.images import check

DIGITS = pen_digits()
SEVEN = next(as_points(digit["strokes"]) for digit in DIGITS if digit["digit"] == 7)


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


def test_a_file_is_read_as_the_picture_in_it() -> None:
    file = photo(DIGITS[3])
    np.testing.assert_array_equal(image_of_file(file), picture_to_image(Image.open(io.BytesIO(file))))


def test_a_file_may_have_so_many_pixels_and_no_more() -> None:
    file = photo(DIGITS[3])  # 300 × 200
    image_of_file(file, max_pixels=60_000)
    with pytest.raises(ValueError, match="60,000 pixels; at most 59,999"):
        image_of_file(file, max_pixels=59_999)


@pytest.mark.parametrize(("content", "sentence"), [(b"", "no picture"), (b"GIF89a", "no picture")])
def test_a_file_that_is_no_picture_is_refused(content, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        image_of_file(content)


def test_a_file_of_blank_paper_is_refused() -> None:
    file = io.BytesIO()
    Image.new("L", (90, 90), 200).save(file, "PNG")
    with pytest.raises(ValueError, match="Nothing in this picture stands out"):
        image_of_file(file.getvalue())
