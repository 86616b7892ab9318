"""What is known of the units of the shipped network: which are similar, which digits drive each highest and lowest."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from model.networks import registry


class Units(NamedTuple):
    """What a survey of the units found (`model.evaluation.unit_survey`)."""

    similarity: np.ndarray  # (128,) uint8: the units in an order in which neighbours are similar
    best: np.ndarray  # (128, 10) uint16: for each unit the digits of the bank that drive it highest, highest first
    least: np.ndarray  # (128, 10) uint16: likewise those that drive it lowest, lowest first
    bank: np.ndarray  # (300, 28, 28) uint8: images, ink = 255
    sha256: np.ndarray  # of the weights file that it is a survey of


def load(path: Path = registry.SHIPPED.units) -> Units:
    """The survey of the shipped weights."""
    with np.load(path, allow_pickle=False) as file:
        return Units(**file)
