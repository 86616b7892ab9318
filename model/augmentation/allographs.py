"""What some hands draw otherwise than others: a 0 with a slash or a dot in it, a 1 with a flag and a base.

Those who wrote MNIST's and the pen digits do so seldom, or much alike; on the page many will.
"""

import numpy as np

from model.datasets.pen_digits import PenDigit

SLASHED = 0.2  # how often a 0 gets a slash
DOTTED = 0.05  # how often a 0 gets a dot
SLASH_ANGLES = (0.2, 1.1)  # radians from upright, to the right towards the top
BACKWARD = 0.2  # how often the slash falls to the right
SLASH_LENGTHS = (0.6, 1.5)  # in heights or widths of the 0, whichever is larger
FLAGGED = 0.4  # how often a 1 is one with a flag
FLAG_ANGLES = (0.35, 1.1)  # radians between the flag and the line down; more, and most will call it a 7
FLAG_LENGTHS = (0.15, 0.5)  # in lengths of the line down
BASED = 0.3  # how often that 1 gets a base as well
BASE_LENGTHS = (0.3, 0.9)  # in lengths of the line down


def another(digit: PenDigit, draw: np.random.Generator) -> list[np.ndarray]:
    """The strokes of this digit, now and then as another hand might write the same: x right, y down."""
    chance = draw.random()
    if digit.digit == 0 and chance < SLASHED:
        return [*digit.strokes, _slash(digit.strokes, draw)]
    if digit.digit == 0 and chance < SLASHED + DOTTED:
        return [*digit.strokes, _dot(digit.strokes, draw)]
    if digit.digit == 1 and chance < FLAGGED:
        return _flagged(draw)
    return digit.strokes


def amounts() -> dict[str, float | tuple[float, float]]:
    """The amounts above by name: they decide what a training gives."""
    return {name.lower(): value for name, value in globals().items() if name.isupper()}


def _slash(strokes: list[np.ndarray], draw: np.random.Generator) -> np.ndarray:
    centre, size = _middle(strokes)
    angle = draw.uniform(*SLASH_ANGLES)
    half = draw.uniform(*SLASH_LENGTHS) / 2 * size * np.array([np.sin(angle), -np.cos(angle)])
    if draw.random() < BACKWARD:
        half[0] = -half[0]
    return centre + draw.normal(0, 0.04, 2) * size + np.array([half, -half])


def _dot(strokes: list[np.ndarray], draw: np.random.Generator) -> np.ndarray:
    centre, size = _middle(strokes)
    return centre + draw.normal(0, 0.04, (5, 2)) * size


def _middle(strokes: list[np.ndarray]) -> tuple[np.ndarray, float]:
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    return (low + high) / 2, (high - low).max()


def _flagged(draw: np.random.Generator) -> list[np.ndarray]:
    """A 1 of one stroke up and down, as tall as 1, and now and then its base."""
    angle, length = draw.uniform(*FLAG_ANGLES), draw.uniform(*FLAG_LENGTHS)
    flag = length * np.array([-np.sin(angle), np.cos(angle)])
    one = [np.array([flag, [0.0, 0.0], [0.0, 1.0]])]
    if draw.random() < BASED:
        left, right = draw.uniform(*BASE_LENGTHS) * np.array([-0.5, 0.5]) + draw.normal(0, 0.05)
        one.append(np.array([[left, 1.0], [right, 1.0]]))
    return one
