"""Outliers, drawings that are no digit: letters, marks, shapes, scribbles, several digits at once, digits lying down.

The network learns from them to refuse such drawings. All are strokes, and are redrawn as digits are.
"""

from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from model.augmentation.trajectories import Trajectories, redraw, rotation
from model.datasets.letters import Letter
from model.datasets.packed import Strokes
from model.datasets.pen_digits import PenDigit
from model.preprocessing.normalize import to_uint8
from model.preprocessing.strokes import strokes_to_image

LYING = (2, 3, 4, 5, 7)
"""Digits that are outliers when they lie on their side."""


@dataclass(frozen=True)
class Outliers:
    """How often each kind is drawn; together 1."""

    letter: float = 0.62
    several: float = 0.12
    scribble: float = 0.1
    shape: float = 0.08
    mark: float = 0.04
    lying: float = 0.04


class Source(NamedTuple):
    """What the letters, the several and the lying digits are taken from."""

    letters: list[Letter]
    digits: list[PenDigit]


def pool(
    source: Source, count: int, seed: int, outliers: Outliers, trajectories: Trajectories, pen: float
) -> np.ndarray:
    """So many outliers drawn at random: (count, 28, 28) uint8, ink = 255.

    trajectories: how letters, shapes and digits are redrawn. pen: width of the pen for marks and scribbles.
    """
    images = [_drawn(source, np.random.default_rng((seed, k)), outliers, trajectories, pen) for k in range(count)]
    return to_uint8(np.stack(images))


def _drawn(
    source: Source, rng: np.random.Generator, outliers: Outliers, trajectories: Trajectories, pen: float
) -> np.ndarray:
    shares = asdict(outliers)
    kind = rng.choice(list(shares), p=list(shares.values()))
    if kind == "mark":
        return strokes_to_image(mark(rng), pen)
    if kind == "scribble":
        return strokes_to_image(scribble(rng), pen)
    if kind == "letter":
        strokes = _one_of(source.letters, rng).strokes
    elif kind == "several":
        strokes = several([_one_of(source.digits, rng) for _ in range(rng.choice([2, 3], p=[0.85, 0.15]))], rng)
    elif kind == "shape":
        strokes = _one_of(list(SHAPES.values()), rng)
    else:
        lying = [digit for digit in source.digits if digit.digit in LYING]
        strokes = [stroke[:, ::-1] * rng.permuted([1, -1]) for stroke in _one_of(lying, rng).strokes]
    return redraw(strokes, rng, trajectories)


def _one_of(things: list, rng: np.random.Generator) -> object:
    return things[rng.integers(len(things))]


def several(digits: list[PenDigit], rng: np.random.Generator) -> Strokes:
    """Digits side by side, of about the same height, with gaps."""
    strokes, right = [], 0.0
    for digit in digits:
        points = np.concatenate(digit.strokes)
        low, high = points.min(0), points.max(0)
        height = max((high - low).max(), 1e-9)
        size = rng.uniform(0.8, 1.25)
        place = np.array([right, rng.normal(0, 0.1)])
        strokes += [(stroke - low) / height * size + place for stroke in digit.strokes]
        right += (high - low)[0] / height * size + rng.uniform(0.08, 0.6)
    return strokes


def mark(rng: np.random.Generator) -> Strokes:
    """A dot, a dash that lies rather than stands, or two dashes."""
    if rng.random() < 0.25:
        return [rng.normal(0, 1, (rng.integers(1, 4), 2)) * rng.choice([0, 0.02]) for _ in range(rng.integers(1, 3))]
    angle = rng.uniform(-0.8, 0.8)
    along = np.linspace(-0.5, 0.5, 12)
    bow = rng.normal(0, 0.12) * np.cos(np.pi * along)
    dash = np.stack([along, bow], axis=1) @ rotation(angle)
    if rng.random() < 0.35:
        return [dash, np.add(dash, [rng.normal(0, 0.1), rng.uniform(0.15, 0.5)])]
    return [dash]


def scribble(rng: np.random.Generator) -> Strokes:
    """One to three lines that wander, loop or go to and fro."""
    strokes = []
    for _ in range(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15])):
        corners = rng.integers(6, 22)
        if rng.random() < 0.4:  # to and fro, as one crosses something out
            t = np.linspace(0, 1, corners)
            way = np.stack([t, (np.arange(corners) % 2) * rng.uniform(0.4, 1.5) + rng.normal(0, 0.1, corners)], axis=1)
            way = way @ rotation(rng.uniform(0, 2 * np.pi))
        elif rng.random() < 0.5:  # round and round
            t = np.linspace(0, 2 * np.pi * rng.uniform(2.3, 6), 90)
            radius = rng.uniform(0.1, 1) + (rng.uniform(0, 1) * t / t[-1])
            way = np.stack([radius * np.cos(t) + rng.normal(0, 0.15) * t, radius * np.sin(t)], axis=1)
        else:
            way = rng.uniform(0, 1, (corners, 2))
        t = np.linspace(0, len(way) - 1, 8 * len(way))
        line = np.stack([np.interp(t, np.arange(len(way)), axis) for axis in way.T], axis=1)
        for _ in range(rng.integers(0, 12)):  # corners rounded
            line[1:-1] = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
        strokes.append(line + rng.uniform(-0.3, 0.3, 2))
    return strokes


def _line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, float)


def _arc(x: float, y: float, radius: float, start: float = 0, end: float = 360) -> np.ndarray:
    """Part of a circle, degrees clockwise from the right."""
    angle = np.radians(np.linspace(start, end, 24))
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)


def _heart() -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, 40)
    return np.stack([np.sin(t) ** 3, -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t)) / 16], axis=1)


SHAPES: dict[str, Strokes] = {
    "plus": [_line((0.5, 0), (0.5, 1)), _line((0, 0.5), (1, 0.5))],
    "times": [_line((0, 0), (1, 1)), _line((1, 0), (0, 1))],
    "asterisk": [_line((0.5, 0), (0.5, 1)), _line((0.1, 0.25), (0.9, 0.75)), _line((0.9, 0.25), (0.1, 0.75))],
    "hash": [
        *(_line((0.35, 0), (0.25, 1)), _line((0.75, 0), (0.65, 1))),
        *(_line((0, 0.35), (1, 0.3)), _line((0, 0.7), (1, 0.65))),
    ],
    "arrow to the right": [_line((0, 0.5), (1, 0.5)), _line((0.65, 0.2), (1, 0.5), (0.65, 0.8))],
    "arrow up": [_line((0.5, 1), (0.5, 0)), _line((0.2, 0.35), (0.5, 0), (0.8, 0.35))],
    "arrow down": [_line((0.5, 0), (0.5, 1)), _line((0.2, 0.65), (0.5, 1), (0.8, 0.65))],
    "star": [_line((0.2, 1), (0.5, 0), (0.8, 1), (0, 0.38), (1, 0.38), (0.2, 1))],
    "star of two triangles": [
        *(_line((0, 0), (1, 0), (0.5, 0.9), (0, 0)), _line((0, 0.6), (1, 0.6), (0.5, -0.3), (0, 0.6))),
    ],
    "heart": [_heart()],
    "face": [
        *(_arc(0.5, 0.5, 0.5), _arc(0.5, 0.55, 0.25, 20, 160)),
        *(_line((0.35, 0.3), (0.35, 0.38)), _line((0.65, 0.3), (0.65, 0.38))),
    ],
    "house": [_line((0, 1), (0, 0.45), (0.5, 0), (1, 0.45), (1, 1), (0, 1))],
    "roof and walls": [_line((0, 0.45), (0.5, 0), (1, 0.45)), _line((0.1, 0.45), (0.1, 1), (0.9, 1), (0.9, 0.45))],
    "wave": [_line((0, 0.5), (0.17, 0.3), (0.33, 0.5), (0.5, 0.7), (0.67, 0.5), (0.83, 0.3), (1, 0.5))],
    "crossed box": [
        _line((0, 0), (1, 0), (1, 0.8), (0, 0.8), (0, 0)),
        _line((0, 0), (1, 0.8)),
        _line((1, 0), (0, 0.8)),
    ],
    "infinity": [_arc(0.27, 0.5, 0.25, -45, 315), _arc(0.75, 0.5, 0.25, 135, 495)],
    "crossed circle": [_arc(0.5, 0.5, 0.5), _line((0.15, 0.15), (0.85, 0.85)), _line((0.85, 0.15), (0.15, 0.85))],
    "stick figure": [
        *(_arc(0.5, 0.2, 0.2), _line((0.5, 0.4), (0.5, 0.75))),
        *(_line((0.2, 0.55), (0.8, 0.55)), _line((0.25, 1), (0.5, 0.75), (0.75, 1))),
    ],
    "zigzag": [_line((0, 0.2), (0.3, 0.9), (0.5, 0.3), (0.7, 0.9), (1, 0.1))],
    "tally": [_line((0, 0), (0, 1)), _line((0.5, 0), (0.5, 1)), _line((1, 0), (1, 1))],
}
