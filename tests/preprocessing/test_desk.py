"""A sheet of paper on a desk is cut out of its photo; paper that fills the photo, however it is lit, is not."""

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter

from model.preprocessing.desk import without_desk
from model.preprocessing.pictures import picture_to_image
from tests.support.drawings import as_points, pen_digits

SHAPE = (192, 256)
PAPER = 220


def polygon(*corners: tuple[float, float]) -> np.ndarray:
    layer = Image.new("L", SHAPE[::-1])
    ImageDraw.Draw(layer).polygon(corners, 255)
    return np.asarray(layer) / 255


def turned(width: float, height: float, degrees: float, middle: tuple[float, float] = (128, 96)) -> np.ndarray:
    """A rectangle so large, turned on its desk."""
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = np.array([(-width, -height), (width, -height), (width, height), (-width, height)]) / 2 @ matrix + middle
    return polygon(*map(tuple, corners))


def photo(sheet: np.ndarray, desk: float, digit: int | None = None, pen: int = 5, noise: float = 2.0) -> np.ndarray:
    """A sheet, (h, w) in 0…1, on a desk so bright, with a digit in its middle."""
    scene = desk + (PAPER - desk) * sheet
    if digit is not None:
        strokes = as_points(next(d for d in pen_digits() if d["digit"] == digit)["strokes"])
        points = np.concatenate(strokes)
        scale = 60 / np.ptp(points, axis=0).max()
        middle = np.array(np.nonzero(sheet > 0.5)).mean(1)[::-1]
        layer = Image.new("L", SHAPE[::-1])
        for stroke in strokes:
            places = (stroke - (points.max(0) + points.min(0)) / 2) * scale + middle
            ImageDraw.Draw(layer).line([tuple(place) for place in places.tolist()], 255, pen, joint="curve")
        scene = np.where(np.asarray(layer) > 0, 40, scene)
    return (scene + np.random.default_rng(0).normal(0, noise, SHAPE)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("desk", [35, 90, 170])
@pytest.mark.parametrize("degrees", [0, 17, 45, 80])
def test_a_sheet_is_cut_out_of_its_desk_and_its_digit_is_read(reader, desk, degrees) -> None:
    found = photo(turned(110, 90, degrees), desk, 3)
    alone = without_desk(found)
    assert max(alone.shape) < 160
    assert (alone > (PAPER + desk) / 2).mean() > 0.8, "all but the ink is paper"
    assert reader.read(picture_to_image(found)).digit == 3


def test_a_sheet_may_run_off_the_photo_and_lie_aslant(reader) -> None:
    for sheet in (turned(110, 90, 20, (60, 96)), polygon((80, 30), (190, 45), (200, 150), (60, 140))):
        found = photo(sheet, 60, 2)
        assert without_desk(found).size < 0.6 * found.size
        assert reader.read(picture_to_image(found)).digit == 2


def test_what_is_around_the_sheet_is_no_ink(reader) -> None:
    """Wood's grain, and another thing on the desk."""
    grain = np.repeat(np.random.default_rng(1).normal(0, 18, 64), 3)[:, None]
    sheet = turned(110, 90, -12)
    scene = np.where(sheet > 0.5, photo(sheet, 90, 7), (photo(sheet, 90) + grain).clip(0, 255))
    scene[8:24, 10:90] = 20
    assert reader.read(picture_to_image(scene.astype(np.uint8))).digit == 7


def test_an_empty_sheet_has_nothing_on_it() -> None:
    assert not picture_to_image(photo(turned(120, 100, 10), 60)).any()


y, x = np.mgrid[-1 : 1 : SHAPE[0] * 1j, -1 : 1 : SHAPE[1] * 1j]
NO_SHEETS = {
    "light in the middle": np.exp(-1.5 * (x**2 + y**2)),
    "light from a side": 0.5 + 0.5 * x,
    "half in a hard shadow": polygon((0, 0), (120, 0), (140, 192), (0, 192)),
    "all but a corner in a hard shadow": polygon((128, 90), (256, 60), (256, 192), (100, 192)),
    "a band of light": polygon((90, 0), (150, 0), (130, 192), (70, 192)),
    "a round light": (np.hypot(x * 4 / 3, y) < 0.6).astype(float),
    "a window's soft light": gaussian_filter(turned(130, 100, 20), 16),
    "a bar of light": turned(180, 30, 10),
    "a bent light": turned(150, 120, 0) - turned(100, 80, 0, (150, 120)),
}


@pytest.mark.parametrize("name", NO_SHEETS)
def test_light_on_paper_is_no_sheet(name) -> None:
    found = photo(NO_SHEETS[name].clip(0, 1), 110, 4)
    assert without_desk(found) is found


def test_a_spot_of_light_is_no_sheet() -> None:
    spot = photo(turned(45, 45, 5), 110)
    assert without_desk(spot) is spot


@pytest.mark.parametrize("pen", [9, 16, 22])
@pytest.mark.parametrize("digit", [0, 1, 6, 8])
def test_chalk_whose_loops_are_filled_is_no_sheet(digit, pen) -> None:
    board = 255 - photo(np.ones(SHAPE), 0, digit, pen)
    assert without_desk(board) is board


def test_a_picture_that_no_camera_took_is_left_as_it_is() -> None:
    card = photo(turned(110, 90, 0), 60, 3, noise=0)
    assert without_desk(card) is card
    small = photo(turned(110, 90, 0), 60, 3)[::3, ::3]
    assert without_desk(small) is small
