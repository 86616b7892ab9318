"""What an image that the network reads must be like, and where its ink is."""

import numpy as np


def check(image: np.ndarray) -> None:
    """It is of the shape and in the range that the network reads."""
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    assert image.min() >= 0
    assert image.max() <= 1


def middle(image: np.ndarray) -> np.ndarray:
    """The centre of mass, (x, y)."""
    at = np.arange(28) + 0.5
    return np.array([image.sum(0) @ at, image.sum(1) @ at]) / image.sum()


def box(image: np.ndarray) -> tuple[int, int]:
    """Width and height of the part with ink worth the name."""
    rows, columns = np.flatnonzero(image.max(1) > 0.3), np.flatnonzero(image.max(0) > 0.3)
    return int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
