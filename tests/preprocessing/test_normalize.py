import numpy as np
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
            int(np.clip(round(middle - SIDE * FINE / 2), at[-1] + 1 - SIDE * FINE, at[0]))
            for middle, at in zip(middles, inked, strict=True)
        )
        expected = Image.fromarray(fine).crop((x, y, x + SIDE * FINE, y + SIDE * FINE)).reduce(FINE)
        np.testing.assert_array_equal(centred(Image.fromarray(fine)), to_float32(np.asarray(expected)))
