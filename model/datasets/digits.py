"""Images with their labels: the form in which every data set is learned from and tested on."""

from typing import NamedTuple

import numpy as np

from model.preprocessing.normalize import to_float32


class Digits(NamedTuple):
    """Images and what they show."""

    images: np.ndarray  # (n, 28, 28) uint8, ink = 255
    labels: np.ndarray  # (n,) uint8, 0…9; 10 for an outlier, which only training has

    def ink(self) -> np.ndarray:
        """The images as the network takes them: (n, 28, 28) float32 in 0…1."""
        return to_float32(self.images)
