"""The digit that the browser finds in a picture against Python's, given the same pixels: the same bytes."""

import base64
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page

from model import picture_to_image
from model.evaluation.photos import EMPTY, NAMES, Mark, empty, photos
from model.preprocessing.normalize import to_uint8
from model.preprocessing.pictures import NOTHING
from tests.support.drawings import as_points, pen_digits
from tests.support.stand_in import StandIn

# What is found in a picture whose RGBA comes as base64: 784 bytes as base64, or the sentence.
SETUP = """async () => {
  const { findDigit } = await import("/assets/engine/pictures.js");
  window.find = ([text, width, height]) => {
    const data = Uint8ClampedArray.from(atob(text), (c) => c.charCodeAt(0));
    try { return { image: [...findDigit({ data, width, height })] }; } catch (error) { return { said: error.message }; }
  };
}"""


@pytest.fixture(scope="module")
def engine(visitor: BrowserContext) -> Iterator[Page]:
    stand_in = StandIn()
    page = visitor.new_page()
    page.goto(stand_in.url)
    page.evaluate(SETUP)
    yield page
    page.close()
    stand_in.close()


@pytest.fixture(scope="module")
def digits(mnist) -> list[tuple[Mark, int]]:
    images, labels = mnist
    printed = [((255 * image).astype(np.uint8), int(label)) for image, label in zip(images[:60], labels, strict=False)]
    return [(as_points(digit["strokes"]), digit["digit"]) for digit in pen_digits()] + printed


def found(engine: Page, rgba: np.ndarray) -> np.ndarray | str:
    """What the browser finds: (28, 28) bytes, or its sentence."""
    height, width = rgba.shape[:2]
    answer = engine.evaluate("(asked) => find(asked)", [base64.b64encode(rgba.tobytes()).decode(), width, height])
    return np.array(answer["image"], np.uint8).reshape(28, 28) if "image" in answer else answer["said"]


def python_s(rgba: np.ndarray) -> np.ndarray | str:
    try:
        image = picture_to_image(rgba)
    except ValueError as error:
        return str(error)
    return to_uint8(image) if image.any() else NOTHING


def opaque(picture: Image.Image | np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(np.asarray(picture)).convert("RGBA"))


def assert_same(engine: Page, pictures: list[np.ndarray]) -> None:
    for k, rgba in enumerate(pictures):
        np.testing.assert_array_equal(found(engine, rgba), python_s(rgba), err_msg=f"picture {k}, {rgba.shape}")


@pytest.mark.parametrize("off", [-25, -24, 24, 25])
def test_what_is_near_the_paper_is_the_same_in_both(engine, off) -> None:
    """Paper with specks of just so much another brightness is a photo's or not, and smoothed or not."""
    page = Image.new("L", (200, 150), 180)
    ImageDraw.Draw(page).line([(60, 30), (120, 30), (85, 120)], 40, 7)
    specks = np.random.default_rng(0).random((150, 200)) < 0.07
    assert_same(engine, [opaque(np.where(specks, 180 + off, page).astype(np.uint8))])


def test_a_sheet_on_a_desk_gives_the_same_bytes(engine, digits) -> None:
    assert_same(engine, [opaque(photo) for photo, _ in photos("a small sheet on a desk", digits, 4, 7)])


@pytest.mark.thorough
def test_photos_give_the_same_bytes(engine, digits) -> None:
    assert_same(engine, [opaque(photo) for name in NAMES for photo, _ in photos(name, digits, 1, 7)])


@pytest.mark.thorough
@pytest.mark.parametrize("name", NAMES)
def test_500_photos_give_the_same_bytes(engine, digits, name) -> None:
    assert_same(engine, [opaque(photo) for photo, _ in photos(name, digits, 28, 8)])


@pytest.mark.thorough
def test_empty_paper_is_refused_in_the_same_words(engine) -> None:
    pictures = [opaque(photo) for photo in empty(len(EMPTY), 2)]
    assert_same(engine, pictures)
    assert found(engine, np.full((90, 60, 4), 255, np.uint8)) == NOTHING
    assert "too long and thin" in found(engine, np.zeros((4, 500, 4), np.uint8))
    assert_same(engine, [np.zeros((4, 500, 4), np.uint8), np.zeros((30, 30, 4), np.uint8)])


@pytest.mark.thorough
def test_exports_give_the_same_bytes(engine, mnist) -> None:
    pictures = []
    for image in (255 * mnist[0][:8]).astype(np.uint8):
        large = np.asarray(Image.fromarray(image).resize((300, 280), Image.Resampling.BICUBIC))
        pictures += [opaque(image), opaque(255 - image), opaque(large), opaque(255 - large[40:240, 50:260])]
        for ink in (image, large):  # see-through, dark and light
            for level in (20, 230):
                pictures.append(np.dstack([np.full((*ink.shape, 3), level, np.uint8), ink]))
    assert_same(engine, pictures)


def test_any_picture_gives_the_same_bytes_or_sentence(engine) -> None:
    rng = np.random.default_rng(3)
    pictures = []
    for k in range(40):
        h, w = rng.integers(1, 400 if k % 4 == 0 else 70, 2)
        gray = rng.integers(0, 256, (h, w)).astype(np.uint8)
        if k % 3:
            gray = np.full((h, w), rng.integers(256), np.uint8)
            gray[:: rng.integers(1, 60)] = rng.integers(256)
            gray[rng.integers(h, size=9), rng.integers(w, size=9)] = rng.integers(256)
        pictures.append(opaque(gray))
        if k % 5 == 0:
            pictures.append(rng.integers(0, 256, (h, w, 4)).astype(np.uint8))
    assert_same(engine, pictures)
