"""Allographs, other forms of the same digit: a 0 with a slash or a dot in it, a 1 with a flag and a base.

They are rare in MNIST and among the pen digits, and common among people who will draw on the page.
"""

from dataclasses import dataclass

import numpy as np

from model.datasets.pen_digits import PenDigit


@dataclass(frozen=True)
class Allographs:
    """How often each form is drawn, and how it varies."""

    slashed: float = 0.2  # how often a 0 gets a slash
    dotted: float = 0.05  # how often a 0 gets a dot
    slash_angles: tuple[float, float] = (0.2, 1.1)  # radians from upright, to the right towards the top
    backward: float = 0.2  # how often the slash falls to the right
    slash_lengths: tuple[float, float] = (0.6, 1.5)  # in heights or widths of the 0, whichever is larger
    flagged: float = 0.4  # how often a 1 is one with a flag
    flag_angles: tuple[float, float] = (0.35, 1.1)  # radians between flag and stem; more, and it looks like a 7
    flag_lengths: tuple[float, float] = (0.15, 0.5)  # in lengths of the stem
    based: float = 0.3  # how often that 1 gets a base as well
    base_lengths: tuple[float, float] = (0.3, 0.9)  # in lengths of the stem


def another(digit: PenDigit, rng: np.random.Generator, settings: Allographs) -> list[np.ndarray]:
    """The strokes of this digit, at random in another of its forms: (n, 2) each, x right and y down."""
    chance = rng.random()
    if digit.digit == 0 and chance < settings.slashed:
        return [*digit.strokes, _slash(digit.strokes, rng, settings)]
    if digit.digit == 0 and chance < settings.slashed + settings.dotted:
        return [*digit.strokes, _dot(digit.strokes, rng)]
    if digit.digit == 1 and chance < settings.flagged:
        return _flagged(rng, settings)
    return digit.strokes


def _slash(strokes: list[np.ndarray], rng: np.random.Generator, settings: Allographs) -> np.ndarray:
    centre, size = _middle(strokes)
    angle = rng.uniform(*settings.slash_angles)
    half = rng.uniform(*settings.slash_lengths) / 2 * size * np.array([np.sin(angle), -np.cos(angle)])
    if rng.random() < settings.backward:
        half[0] = -half[0]
    return centre + rng.normal(0, 0.04, 2) * size + np.array([half, -half])


def _dot(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    centre, size = _middle(strokes)
    return centre + rng.normal(0, 0.04, (5, 2)) * size


def _middle(strokes: list[np.ndarray]) -> tuple[np.ndarray, float]:
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    return (low + high) / 2, (high - low).max()


def _flagged(rng: np.random.Generator, settings: Allographs) -> list[np.ndarray]:
    """A 1 of height 1: flag and stem in one stroke, and at random a base."""
    angle, length = rng.uniform(*settings.flag_angles), rng.uniform(*settings.flag_lengths)
    flag = length * np.array([-np.sin(angle), np.cos(angle)])
    one = [np.array([flag, [0.0, 0.0], [0.0, 1.0]])]
    if rng.random() < settings.based:
        left, right = rng.uniform(*settings.base_lengths) * np.array([-0.5, 0.5]) + rng.normal(0, 0.05)
        one.append(np.array([[left, 1.0], [right, 1.0]]))
    return one
