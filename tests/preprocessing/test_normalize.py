import numpy as np
import pytest
from PIL import Image

from model.preprocessing.normalize import FINE, SHEET, SIDE, centred, to_float32, to_uint8


def test_every_byte_comes_back() -> None:
    pixels = np.arange(256, dtype=np.uint8)
    image = to_float32(pixels)
    assert image.dtype == np.float32
    assert (image.min(), image.max()) == (0, 1)
    np.testing.assert_array_equal(to_uint8(image), pixels)


def test_ink_is_rounded_to_the_nearest_byte() -> None:
    np.testing.assert_array_equal(to_uint8(np.array([0, 0.4 / 255, 0.6 / 255, 1])), [0, 0, 1, 255])


def test_the_field_is_cut_where_the_centre_of_mass_is_its_middle() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        fine = np.zeros((SHEET * FINE, SHEET * FINE), np.uint8)
        for y, x in rng.integers(130, 200, (rng.integers(1, 5), 2)):
            fine[y : y + rng.integers(1, 30), x : x + rng.integers(1, 30)] = rng.integers(1, 256)
        inked = [np.flatnonzero(fine.any(axis)) for axis in (0, 1)]
        middles = [fine.sum(axis, dtype=int) @ (np.arange(SHEET * FINE) + 0.5) / fine.sum(dtype=int) for axis in (0, 1)]
        x, y = (
            int(np.clip(np.floor(middle - SIDE * FINE / 2 + 0.5), at[-1] + 1 - SIDE * FINE, at[0]))
            for middle, at in zip(middles, inked, strict=True)
        )
        field = np.asarray(Image.fromarray(fine).crop((x, y, x + SIDE * FINE, y + SIDE * FINE)), float)
        means = np.floor(field.reshape(SIDE, FINE, SIDE, FINE).mean((1, 3)) + 0.5)
        np.testing.assert_array_equal(centred(fine), to_float32(means.astype(np.uint8)))
        np.testing.assert_array_equal(centred(Image.fromarray(fine)), centred(fine))


def test_what_is_near_the_edge_of_a_sheet_of_any_size_is_cut_out_whole() -> None:
    fine = np.zeros((100, 300), np.uint8)
    fine[:40, 280:] = 255
    image = centred(fine)
    assert image.sum() == pytest.approx(40 * 20 / FINE**2, abs=0.05)
    assert image[11:16, 13:15].any()
    assert not centred(np.zeros((100, 300), np.uint8)).any()
