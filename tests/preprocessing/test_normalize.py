import numpy as np

from model.preprocessing.normalize import to_float32, to_uint8


def test_every_byte_comes_back() -> None:
    pixels = np.arange(256, dtype=np.uint8)
    image = to_float32(pixels)
    assert image.dtype == np.float32
    assert (image.min(), image.max()) == (0, 1)
    np.testing.assert_array_equal(to_uint8(image), pixels)


def test_ink_is_rounded_to_the_nearest_byte() -> None:
    np.testing.assert_array_equal(to_uint8(np.array([0, 0.4 / 255, 0.6 / 255, 1])), [0, 0, 1, 255])
