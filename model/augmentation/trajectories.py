"""Pen strokes redrawn at random, as the same person might have drawn them another time."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from model.augmentation.allographs import Allographs, another
from model.datasets.digits import Digits
from model.datasets.pen_digits import PenDigit, labelled
from model.preprocessing.strokes import draw_strokes


@dataclass(frozen=True)
class Trajectories:
    """How far a redrawing differs from the original, and with what pen it is drawn."""

    strength: tuple[float, float] = (0.2, 1.0)  # of a redrawing: `turn` to `hooked` are multiplied by it
    turn: float = 0.15  # radians, standard deviation
    slant: float = 0.22  # sideways for each step down, standard deviation
    stretch: float = 0.18  # of width against height: e to the power of this, standard deviation
    bend: float = 0.035  # of the whole digit, smooth: how far a point moves, standard deviation, in sizes of the digit
    part: float = 0.03  # shift of each stroke, standard deviation, in sizes of the digit
    part_size: float = 0.08  # each stroke's own size: e to the power of this, standard deviation
    tremble: float = 0.008  # of each point, standard deviation, in sizes of the digit
    ends: float = 0.10  # the most that an end of a stroke is cut short or drawn out, in its lengths
    hook: float = 0.10  # the longest hook or doubled end, in sizes of the digit
    hooked: float = 0.15  # how often an end gets one
    pens: tuple[float, float] = (1.1, 2.6)  # final pixels: the page's pen has 1.6
    hurry: float = 0.3  # the most that a line is thinner where the pen was fastest, as a share of it
    skip: int = 4  # up to so many of the points at even distances are one step of the pen: a hasty mouse leaves corners
    grids: tuple[float, float] = (40, 400)  # pixels of the pad along the digit, to which points are rounded


def redraw(strokes: list[np.ndarray], rng: np.random.Generator, settings: Trajectories) -> np.ndarray:
    """One drawing redrawn at random, as the network reads it: (28, 28) float32 in 0…1, ink = 1.

    strokes: as `strokes_to_image` takes them; fitted and centred as it does.
    """
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    size = max((high - low).max(), 1e-9)
    strength = rng.uniform(*settings.strength)
    parts = [_ends(_even((stroke - (low + high) / 2) / size), rng, settings, strength) for stroke in strokes]
    parts = [_smooth(part, rng.integers(0, 4)) for part in parts]
    parts = [_strayed(part, rng, settings, strength) for part in parts]
    waves, matrix = _waves(rng, settings, strength), _affine(rng, settings, strength)
    parts = [waves.bend(part) @ matrix for part in parts]
    pen, hurry = rng.uniform(*settings.pens), rng.uniform(0, settings.hurry)
    pens = [pen * _pressure(part, hurry) for part in parts]
    step, grid = rng.integers(1, settings.skip + 1), rng.uniform(*settings.grids)
    return draw_strokes(
        [np.rint(_each(part, step) * grid) / grid for part in parts], [_each(width, step) for width in pens]
    )


def pool(digits: list[PenDigit], times: int, seed: int, trajectories: Trajectories, allographs: Allographs) -> Digits:
    """Each digit redrawn so many times, some as allographs: all once, then all again. The same seed gives the same."""
    images = []
    for time in range(times):
        for k, digit in enumerate(digits):
            rng = np.random.default_rng((seed, time, k))
            images.append(redraw(another(digit, rng, allographs), rng, trajectories))
    return labelled(images, digits * times)


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


def _ends(stroke: np.ndarray, rng: np.random.Generator, settings: Trajectories, strength: float) -> np.ndarray:
    """Both ends cut short or drawn out, now and then with a hook."""
    for _ in range(2):
        stroke = stroke[::-1]  # now one end, then the other
        step = stroke[-1] - stroke[-2]
        more = round(strength * rng.uniform(-settings.ends, settings.ends) * len(stroke))
        if more < 0 and len(stroke) + more >= 3:
            stroke = stroke[:more]
        elif more > 0:
            stroke = np.concatenate([stroke, stroke[-1] + step * np.arange(1, more + 1)[:, None]])
        if rng.random() < strength * settings.hooked and (length := np.hypot(*step)) > 1e-9:
            angle = rng.choice([-1, 1]) * rng.uniform(np.pi / 2, np.pi)
            way = step @ rotation(angle) / length * rng.uniform(0.02, strength * settings.hook)
            stroke = np.concatenate([stroke, stroke[-1] + way * np.linspace(0.2, 1, 5)[:, None]])
    return stroke


def _smooth(stroke: np.ndarray, passes: int) -> np.ndarray:
    """Corners rounded, the ends kept."""
    for _ in range(passes):
        stroke = np.concatenate([stroke[:1], (stroke[:-2] + 2 * stroke[1:-1] + stroke[2:]) / 4, stroke[-1:]])
    return stroke


def _strayed(stroke: np.ndarray, rng: np.random.Generator, settings: Trajectories, strength: float) -> np.ndarray:
    """The stroke shifted and rescaled a little, with jitter at each point."""
    tremble = _smooth(strength * rng.normal(0, settings.tremble, stroke.shape), 1)
    centre = stroke.mean(0) + strength * rng.normal(0, settings.part, 2)
    return (stroke - stroke.mean(0)) * np.exp(strength * rng.normal(0, settings.part_size)) + centre + tremble


class _Waves(NamedTuple):
    """A smooth bend of the whole digit: three sine waves, about one to a digit's size."""

    slope: np.ndarray  # (2, 3) radians for each size of the digit
    phase: np.ndarray  # (3,) radians
    height: np.ndarray  # (3, 2) sizes of the digit

    def bend(self, stroke: np.ndarray) -> np.ndarray:
        """The stroke, (n, 2), bent."""
        return stroke + np.sin(stroke @ self.slope + self.phase) @ self.height


def _waves(rng: np.random.Generator, settings: Trajectories, strength: float) -> _Waves:
    height = rng.normal(0, settings.bend * (2 / 3) ** 0.5, (3, 2))  # the sum of three sines deviates by `bend`
    return _Waves(rng.normal(0, 5, (2, 3)), rng.uniform(0, 2 * np.pi, 3), strength * height)


def _affine(rng: np.random.Generator, settings: Trajectories, strength: float) -> np.ndarray:
    """(2, 2), to be multiplied from the right: slant, then stretch, then turn."""
    wide = np.exp(strength * rng.normal(0, settings.stretch) / 2)
    slant = np.array([[1, 0], [strength * rng.normal(0, settings.slant), 1]])
    return slant @ np.diag([wide, 1 / wide]) @ rotation(strength * rng.normal(0, settings.turn))


def rotation(angle: float) -> np.ndarray:
    """(2, 2): points (n, 2), multiplied by it from the right, are turned by this many radians: clockwise, y down."""
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
