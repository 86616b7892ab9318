"""From pictures to what the network reads."""

import io
import warnings
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import ExifTags, Image, ImageDraw, ImageFilter

from model import picture_to_image, strokes_to_image
from model.preprocessing.pictures import image_of_file
from tests.support.drawings import as_points, pen_digits, photo
from tests.support.images import check
from tests.support.pictures import png
from tests.support.refusals import given_or_refused

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


TURNS = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE"}
TURNS |= {6: "ROTATE_90", 7: "TRANSVERSE", 8: "ROTATE_270"}  # 6: shown turned by 90° clockwise


@pytest.mark.parametrize("orientation", TURNS)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("size", [200, 600])
def test_a_phone_that_was_held_sideways(orientation, kind, size) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    file = io.BytesIO()
    turned = picture(size).transpose(Image.Transpose[TURNS[orientation]])
    turned.crop((0, 0, size, size - 20)).save(file, kind, exif=exif)
    assert same(picture_to_image(Image.open(file)), 0.07)
    assert same(image_of_file(file.getvalue()), 0.07)


@pytest.mark.parametrize(
    "note", [b"", b"Exif", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12\0\x03\xff\xff\xff\xff", b"\xff" * 99]
)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_damaged_note_harms_no_picture(note) -> None:
    file = io.BytesIO()
    picture().save(file, "JPEG", exif=note)
    assert same(image_of_file(file.getvalue()), 0.07)


@pytest.mark.parametrize(
    "mode",
    ["1", "L", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "LA", "CMYK", "YCbCr", "HSV", "I", "I;16", "I;16B", "F"],
)
@pytest.mark.parametrize("size", [200, 400])
def test_every_mode_of_picture(mode, size) -> None:
    if mode.startswith("I;16"):
        order = "<" if mode == "I;16" else ">"
        wide = (np.asarray(picture(size), np.uint16) * 257).astype(f"{order}u2")
        seen = Image.frombuffer(mode, (size, size), wide.tobytes(), "raw", mode, 0, 1)
    elif mode == "I":
        seen = Image.fromarray(np.asarray(picture(size), np.int32) * 257)
    else:
        seen = picture(size, mode="RGB", ink=(0, 0, 0), paper=(255, 255, 255)).convert(mode)
    assert same(picture_to_image(seen), 0.07)


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


@pytest.mark.parametrize("noise", [0, 3])
def test_lines_a_fifth_as_wide_as_the_picture_are_lines(reader, noise) -> None:
    rng, right = np.random.default_rng(1), 0
    for digit in DIGITS[:10]:
        sheet = Image.new("L", (200, 200), 240)
        draw = ImageDraw.Draw(sheet)
        for stroke in as_points(digit["strokes"]):
            line = [tuple(place) for place in (0.15 * stroke + 25).tolist()]
            draw.line(line, 20, 40)
            for x, y in line:
                draw.ellipse((x - 20, y - 20, x + 20, y + 20), 20)
        pixels = np.asarray(sheet) + rng.normal(0, noise, (200, 200))
        image = picture_to_image(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)))
        right += reader.read(image).digit == digit["digit"]
    assert right == 10


def digit_in_dots(digit: dict, step: float, radius: float) -> Image.Image:
    """The digit as a child traces it, 500 × 500."""
    sheet = Image.new("L", (500, 500), 255)
    for stroke in as_points(digit["strokes"]):
        along = np.concatenate([[0], np.hypot(*np.diff(stroke / 2, axis=0).T).cumsum()])
        for at in np.arange(0, along[-1], step):
            x, y = (np.interp(at, along, stroke[:, axis] / 2) for axis in (0, 1))
            ImageDraw.Draw(sheet).ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)
    return sheet


@pytest.mark.parametrize(
    ("step", "radius"),
    [(10, 5), *(pytest.param(*finer, marks=pytest.mark.thorough) for finer in ((14, 4), (25, 4))), (15, 1.5)],
)
def test_a_digit_in_dots_is_a_digit(reader, step, radius) -> None:
    images = np.stack([picture_to_image(digit_in_dots(digit, step, radius)) for digit in DIGITS])
    assert (reader.classify(images).argmax(1) == [digit["digit"] for digit in DIGITS]).mean() > 0.9


@pytest.mark.parametrize("size", [100, 256, 400, 1000])
@pytest.mark.parametrize("gap", [3, 5, 9, 20, 40])
def test_a_sparse_dotted_line_is_a_line(size, gap) -> None:
    sheet = np.full((size, size), 255, np.uint8)
    sheet[size // 10 : -size // 10 : gap, size // 2] = 0
    image = picture_to_image(sheet)
    check(image)
    if gap <= size / 20 <= 20:  # finer ones are paper
        assert image.any()


sides = st.one_of(st.integers(1, 40), st.sampled_from([100, 255, 256, 257, 500]))


@st.composite
def pictures(draw: st.DrawFn) -> np.ndarray:
    """Paper with points, stripes, grids, blots or noise on it, of any shape."""
    h, w = draw(sides), draw(sides)
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    ink, paper = draw(st.integers(0, 255)), draw(st.integers(0, 255))
    array = np.full((h, w), paper, np.uint8)
    match draw(st.sampled_from(["nothing", "points", "stripes", "grid", "blots", "noise", "frame"])):
        case "points":
            array[rng.integers(0, h, 9), rng.integers(0, w, 9)] = ink
        case "stripes":
            array[:: draw(st.integers(1, 60))] = ink
        case "grid":
            array[:: draw(st.integers(1, 60)), :: draw(st.integers(1, 60))] = ink
        case "blots":
            for y, x in rng.random((draw(st.integers(1, 5)), 2)) * (h, w):
                array[int(y) : int(y) + h // 5 + 1, int(x) : int(x) + w // 5 + 1] = ink
        case "noise":
            array = rng.integers(0, 256, (h, w)).astype(np.uint8)
        case "frame":
            array[[0, -1]] = ink
            array[:, [0, -1]] = ink
    return array


@settings(max_examples=300, deadline=None)
@given(array=pictures() | arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40))))
def test_any_picture_gives_an_image_or_a_sentence(array) -> None:
    h, w = array.shape
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if max(h, w) > 50 * min(h, w):
            with pytest.raises(ValueError, match="too long and thin"):
                picture_to_image(array)
        else:
            check(picture_to_image(array))


@settings(max_examples=200, deadline=None)
@given(
    array=arrays(
        st.sampled_from(
            [np.float16, np.float32, np.float64, np.longdouble, bool, np.uint8, np.int16, np.uint16, complex, object]
        ),
        st.lists(st.integers(0, 5), max_size=4).map(tuple) | st.just((9, 9)),
        fill=st.nothing(),
    )
)
def test_any_array_gives_an_image_or_a_sentence(array) -> None:
    image = given_or_refused(picture_to_image, array)
    if image is not None:
        check(image)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "BMP"]),
    mode=st.sampled_from(["1", "L", "P", "RGB", "RGBA", "CMYK"]),
    frames=st.integers(1, 3),
    data=st.data(),
)
def test_any_file_gives_an_image_or_a_sentence(kind, mode, frames, data) -> None:
    file = io.BytesIO()
    sheet = picture(60).convert(mode)
    with suppress(OSError, ValueError, KeyError):  # not every kind can hold every mode, or several
        sheet.save(file, kind, save_all=frames > 1, append_images=[sheet] * (frames - 1))
    damaged = bytearray(file.getvalue())
    for place in data.draw(st.lists(st.integers(0, max(0, len(damaged) - 1)), max_size=min(4, len(damaged)))):
        damaged[place] = data.draw(st.integers(0, 255))
    damaged = bytes(damaged[: data.draw(st.none() | st.integers(0, len(damaged)))])
    image = given_or_refused(image_of_file, damaged)
    if image is not None:
        check(image)
    opened = None
    with suppress(Exception):  # Pillow's own, before we see it
        opened = Image.open(io.BytesIO(damaged))
    image = opened and given_or_refused(picture_to_image, opened)
    if image is not None:
        check(image)


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
        (np.broadcast_to(np.float32(0.5), (10**6, 10**6)), "1,000,000,000,000 pixels"),
        ([[1.0], []], "must be an array"),
        (None, "must be an array"),
        (object(), "must be an array"),
        (Image.new("LAB", (30, 30)), "whose pixels are LAB"),
        (Image.new("1", (30_000, 30_000)), "900,000,000 pixels"),
        (Image.new("L", (0, 30)), "too long and thin"),
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


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [8_000, 10_000, 30_000, 60_000])
def test_a_file_that_is_too_large_is_called_so_with_its_size(side) -> None:
    """Pillow warns of more than 89 million pixels, and opens no picture of twice as many."""
    with pytest.raises(ValueError, match=f"too large: it has {side**2:,} pixels; at most 50,000,000"):
        image_of_file(png(side, side, rows=10))


@pytest.mark.parametrize(("content", "sentence"), [(b"", "no picture"), (b"GIF89a", "no picture")])
def test_a_file_that_is_no_picture_is_refused(content, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        image_of_file(content)


@pytest.mark.parametrize(("kind", "sentence"), [("JPEG", "no picture"), ("GIF", "no picture"), ("BMP", "compressed")])
def test_a_small_file_that_would_take_long_is_refused(kind, sentence) -> None:
    file = io.BytesIO()
    picture(200).save(file, kind, progressive=True)
    data = file.getvalue()
    image_of_file(data)
    if kind == "JPEG":
        last = data.rindex(b"\xff\xda")  # one scan over all pixels, again and again
        slow = data[:last] + data[last:-2] * 1_000 + data[-2:]
    elif kind == "GIF":
        slow = data[:-1].replace(b",", b"\x21\xfe\x01a\0" * 20_000 + b",", 1)
    else:
        slow = data[:30] + b"\1\0\0\0" + data[34:]  # run-length encoded, which Pillow undoes a byte at a time
    with pytest.raises(ValueError, match=sentence):
        image_of_file(slow)


def test_a_file_of_blank_paper_is_refused() -> None:
    file = io.BytesIO()
    Image.new("L", (90, 90), 200).save(file, "PNG")
    with pytest.raises(ValueError, match="Nothing in this picture stands out"):
        image_of_file(file.getvalue())
