"""Pen digits redrawn at random: as the same hand, or one much like it, might have written them another time."""

from typing import NamedTuple

import numpy as np

from model.augmentation import allographs
from model.datasets.mnist import Digits
from model.datasets.pen_digits import PenDigit
from model.preprocessing.strokes import draw_strokes, strokes_to_image

STRENGTH = (0.2, 1.0)  # of a redrawing: what the hand does to it, TURN to HOOKED, is multiplied by this
TURN = 0.15  # radians, standard deviation
SLANT = 0.22  # sideways for each step down, standard deviation
STRETCH = 0.18  # of width against height: e to the power of this, standard deviation
BEND = 0.035  # how far a smooth bend of the whole digit moves a point, standard deviation; in sizes of the digit
PART = 0.03  # how far each stroke strays from its place, standard deviation, in sizes of the digit
PART_SIZE = 0.08  # each stroke's own size: e to the power of this, standard deviation
TREMBLE = 0.008  # of the hand at each point, standard deviation, in sizes of the digit
ENDS = 0.10  # the most that an end of a stroke is cut short or drawn out, in its lengths
HOOK = 0.10  # the longest hook or doubled end, in sizes of the digit
HOOKED = 0.15  # how often an end gets one
PENS = (1.1, 2.6)  # final pixels: the page's pen has 1.6
HURRY = 0.3  # the most that a line is thinner where the pen was fastest, as a share of it
SKIP = 4  # up to so many of the points at even distances are one step of the pen: a hasty mouse leaves corners
GRIDS = (40, 400)  # pixels of the pad along the digit, to which points are rounded


def redraw(strokes: list[np.ndarray], draw: np.random.Generator) -> np.ndarray:
    """One drawing redrawn at random, as the network reads it: (28, 28) float32 in 0…1, ink = 1.

    strokes: as `strokes_to_image` takes them, and drawn, at the end, as it draws.
    """
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    size = max((high - low).max(), 1e-9)
    strength = draw.uniform(*STRENGTH)
    parts = [_ends(_even((stroke - (low + high) / 2) / size), draw, strength) for stroke in strokes]
    parts = [_smooth(part, draw.integers(0, 4)) for part in parts]
    parts = [_strayed(part, draw, strength) for part in parts]
    waves, matrix = _waves(draw, strength), _affine(draw, strength)
    parts = [waves.bend(part) @ matrix for part in parts]
    pen, hurry = draw.uniform(*PENS), draw.uniform(0, HURRY)
    pens = [pen * _pressure(part, hurry) for part in parts]
    step, grid = draw.integers(1, SKIP + 1), draw.uniform(*GRIDS)
    return draw_strokes(
        [np.rint(_each(part, step) * grid) / grid for part in parts], [_each(width, step) for width in pens]
    )


def pool(digits: list[PenDigit], times: int, seed: int) -> Digits:
    """Each digit redrawn so many times, some with other habits: all once, then all again. The same seed, the same."""
    images = []
    for time in range(times):
        for k, digit in enumerate(digits):
            draw = np.random.default_rng((seed, time, k))
            images.append(redraw(allographs.another(digit, draw), draw))
    return _digits(images, digits * times)


def plain(digits: list[PenDigit]) -> Digits:
    """Each digit as it was written and as the page would draw it."""
    return _digits([strokes_to_image(digit.strokes) for digit in digits], digits)


def _digits(images: list[np.ndarray], written: list[PenDigit]) -> Digits:
    return Digits(np.rint(np.stack(images) * 255).astype(np.uint8), np.array([d.digit for d in written], np.uint8))


def amounts() -> dict[str, float | tuple[float, float]]:
    """The amounts above by name: they decide what a training gives."""
    return {name.lower(): value for name, value in globals().items() if name.isupper()}


def _even(stroke: np.ndarray) -> np.ndarray:
    """The stroke through points at even distances of about a fortieth of the digit, at least three."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    places = np.linspace(0, along[-1], max(3, round(along[-1] * 40)))
    return np.stack([np.interp(places, along, axis) for axis in stroke.T], axis=1)


def _pressure(stroke: np.ndarray, hurry: float) -> np.ndarray:
    """How much of the pen's width is left at each point, (n,): the pen is fast where the line is straight."""
    turn = np.zeros(len(stroke))
    way = np.diff(stroke, axis=0)
    angle = np.unwrap(np.arctan2(way[:, 1], way[:, 0]))
    turn[1:-1] = np.abs(np.diff(angle))
    slow = np.convolve(np.pad(turn, 3), np.ones(7) / 7, "valid")
    return 1 - hurry * np.exp(-8 * slow)


def _each(points: np.ndarray, step: int) -> np.ndarray:
    """Every `step`th point, and the last."""
    return np.concatenate([points[:-1:step], points[-1:]])


def _ends(stroke: np.ndarray, draw: np.random.Generator, strength: float) -> np.ndarray:
    """Both ends cut short or drawn out, now and then with a hook that turns back over the line or away from it."""
    for _ in range(2):
        stroke = stroke[::-1]  # now one end, then the other
        step = stroke[-1] - stroke[-2]
        more = round(strength * draw.uniform(-ENDS, ENDS) * len(stroke))
        if more < 0 and len(stroke) + more >= 3:
            stroke = stroke[:more]
        elif more > 0:
            stroke = np.concatenate([stroke, stroke[-1] + step * np.arange(1, more + 1)[:, None]])
        if draw.random() < strength * HOOKED and (length := np.hypot(*step)) > 1e-9:
            angle = draw.choice([-1, 1]) * draw.uniform(np.pi / 2, np.pi)
            way = step @ _turned(angle) / length * draw.uniform(0.02, strength * HOOK)
            stroke = np.concatenate([stroke, stroke[-1] + way * np.linspace(0.2, 1, 5)[:, None]])
    return stroke


def _smooth(stroke: np.ndarray, passes: int) -> np.ndarray:
    """Corners rounded, the ends kept."""
    for _ in range(passes):
        stroke = np.concatenate([stroke[:1], (stroke[:-2] + 2 * stroke[1:-1] + stroke[2:]) / 4, stroke[-1:]])
    return stroke


def _strayed(stroke: np.ndarray, draw: np.random.Generator, strength: float) -> np.ndarray:
    """The stroke a little out of its place and size, drawn by a hand that trembles."""
    tremble = _smooth(strength * draw.normal(0, TREMBLE, stroke.shape), 1)
    centre = stroke.mean(0) + strength * draw.normal(0, PART, 2)
    return (stroke - stroke.mean(0)) * np.exp(strength * draw.normal(0, PART_SIZE)) + centre + tremble


class _Waves(NamedTuple):
    """A smooth bend of the whole digit: three sine waves, about one to a digit's size."""

    slope: np.ndarray  # (2, 3) radians for each size of the digit
    phase: np.ndarray  # (3,) radians
    height: np.ndarray  # (3, 2) sizes of the digit

    def bend(self, stroke: np.ndarray) -> np.ndarray:
        """The stroke, (n, 2), bent."""
        return stroke + np.sin(stroke @ self.slope + self.phase) @ self.height


def _waves(draw: np.random.Generator, strength: float) -> _Waves:
    height = draw.normal(0, BEND * (2 / 3) ** 0.5, (3, 2))  # three sines: together a standard deviation of BEND
    return _Waves(draw.normal(0, 5, (2, 3)), draw.uniform(0, 2 * np.pi, 3), strength * height)


def _affine(draw: np.random.Generator, strength: float) -> np.ndarray:
    """(2, 2), to be multiplied from the right: slant, then stretch, then turn."""
    wide = np.exp(strength * draw.normal(0, STRETCH) / 2)
    slant = np.array([[1, 0], [strength * draw.normal(0, SLANT), 1]])
    return slant @ np.diag([wide, 1 / wide]) @ _turned(strength * draw.normal(0, TURN))


def _turned(angle: float) -> np.ndarray:
    """(2, 2): points, a row each, multiplied from the right are turned by this many radians."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
