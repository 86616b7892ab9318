import numpy as np

from model.datasets.digits import Digits


def test_ink_is_float_from_0_to_1() -> None:
    ink = Digits(np.array([[[0, 51, 255]]], np.uint8), np.zeros(1, np.uint8)).ink()
    assert ink.dtype == np.float32
    np.testing.assert_allclose(ink, [[[0, 0.2, 1]]], rtol=1e-6)
