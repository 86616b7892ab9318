"""What is known of the units of the shipped network: which are alike, and which digits drive each one highest."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

SHIPPED = Path(__file__).parent / "pretrained" / "shipped-units.npz"


class Units(NamedTuple):
    """The survey, and the weights that it is of."""

    likeness: np.ndarray  # (128,) uint8: the units in an order in which neighbours are alike
    best: np.ndarray  # (128, 10) uint16: for each unit the digits of the bank that drive it highest, highest first
    bank: np.ndarray  # (300, 28, 28) uint8: images, ink = 255
    sha256: np.ndarray  # of the weights file


def load(path: Path = SHIPPED) -> Units:
    """The survey of the shipped weights."""
    with np.load(path, allow_pickle=False) as file:
        return Units(**file)
