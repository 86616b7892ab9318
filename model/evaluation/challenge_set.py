"""A challenge set: 61 forms of digits from handwriting around the world, made up here and not learned from."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from model.augmentation.trajectories import Trajectories, redraw

Point = tuple[float, float]

_STEPS = 12  # from one point that is given to the next


def curve(*given: Point) -> np.ndarray:
    """A line of the pen, (n, 2): smooth through the points (Catmull & Rom 1974), a corner where one comes twice."""
    runs = [[given[0]]]
    for before, point in pairwise(given):
        if point == before:
            runs.append([point])
        else:
            runs[-1].append(point)
    return np.concatenate([_smooth(np.array(run)) for run in runs])


def _smooth(run: np.ndarray) -> np.ndarray:
    run = np.concatenate([2 * run[:1] - run[1:2], run, 2 * run[-1:] - run[-2:-1]])
    t = np.linspace(0, 1, _STEPS)[:, None]
    parts = []
    for a, b, c, d in zip(run, run[1:], run[2:], run[3:], strict=False):
        parts.append(b + t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * b - a - 3 * c + d))) / 2)
    return np.concatenate(parts)


def ring(x: float, y: float, wide: float, tall: float, start: float, end: float) -> list[Point]:
    """Points around an ellipse with these half-axes, from one angle to another: degrees clockwise from the right."""
    angles = np.radians(np.linspace(start, end, 16))
    return [(x + wide * np.cos(a), y + tall * np.sin(a)) for a in angles]


_OVAL = curve(*ring(0.5, 0.5, 0.33, 0.5, -80, 285))

CHALLENGES: dict[str, list[np.ndarray]] = {
    "0, oval": [_OVAL],
    "0, round": [curve(*ring(0.5, 0.5, 0.5, 0.5, -90, 270))],
    "0, narrow": [curve(*ring(0.5, 0.5, 0.2, 0.5, -90, 270))],
    "0, slashed": [_OVAL, curve((0.8, 0.05), (0.2, 0.95))],
    "0, slashed long": [_OVAL, curve((0.95, -0.1), (0.05, 1.1))],
    "0, dotted": [_OVAL, curve(*ring(0.5, 0.5, 0.04, 0.04, 0, 360))],
    "0, open top": [curve(*ring(0.5, 0.5, 0.33, 0.5, -50, 235))],
    "0, overlapping": [curve(*ring(0.5, 0.5, 0.35, 0.5, -120, 290))],
    "0, loop at top": [curve(*ring(0.5, 0.55, 0.33, 0.45, -60, 270), (0.62, 0.02), (0.72, 0.18))],
    "1, bar": [curve((0.5, 0), (0.5, 1))],
    "1, slanted": [curve((0.65, 0), (0.35, 1))],
    "1, flag": [curve((0.25, 0.25), (0.55, 0), (0.55, 0), (0.55, 1))],
    "1, long flag": [curve((0.1, 0.45), (0.55, 0), (0.55, 0), (0.55, 1))],
    "1, flag and base": [curve((0.25, 0.25), (0.5, 0), (0.5, 0), (0.5, 1)), curve((0.2, 1), (0.8, 1))],
    "1, long flag and base": [curve((0.12, 0.4), (0.5, 0), (0.5, 0), (0.5, 1)), curve((0.15, 1), (0.85, 1))],
    "1, base one stroke": [curve((0.25, 0.25), (0.5, 0), (0.5, 0), (0.5, 1), (0.5, 1), (0.2, 1), (0.2, 1), (0.8, 1))],
    "1, base no flag": [curve((0.5, 0), (0.5, 1)), curve((0.2, 1), (0.8, 1))],
    "1, serif top and base": [curve((0.3, 0.12), (0.5, 0), (0.5, 0), (0.5, 1)), curve((0.3, 1), (0.7, 1))],
    "2, plain": [curve((0.15, 0.25), (0.3, 0.03), (0.6, 0), (0.8, 0.2), (0.7, 0.5), (0.15, 1), (0.15, 1), (0.85, 1))],
    "2, loop": [
        curve(
            (0.15, 0.25),
            (0.35, 0.02),
            (0.65, 0.03),
            (0.75, 0.3),
            (0.5, 0.7),
            (0.2, 0.95),
            (0.12, 0.85),
            (0.25, 0.78),
            (0.5, 0.92),
            (0.9, 0.98),
        )
    ],
    "2, swan": [
        curve(
            (0.2, 0.2), (0.45, 0), (0.75, 0.15), (0.7, 0.45), (0.4, 0.8), (0.1, 1), (0.35, 0.9), (0.6, 0.97), (0.9, 0.9)
        )
    ],
    "2, angular": [curve((0.15, 0), (0.8, 0), (0.8, 0), (0.15, 1), (0.15, 1), (0.85, 1))],
    "2, z-like round": [curve((0.1, 0.15), (0.4, 0), (0.8, 0.08), (0.75, 0.3), (0.12, 1), (0.12, 1), (0.9, 0.97))],
    "3, round": [
        curve(
            (0.15, 0.15),
            (0.45, 0),
            (0.75, 0.2),
            (0.6, 0.43),
            (0.4, 0.47),
            (0.4, 0.47),
            (0.65, 0.52),
            (0.82, 0.75),
            (0.5, 1),
            (0.15, 0.87),
        )
    ],
    "3, flat top": [
        curve((0.15, 0), (0.8, 0), (0.8, 0), (0.42, 0.4), (0.42, 0.4), (0.75, 0.5), (0.8, 0.8), (0.5, 1), (0.12, 0.88))
    ],
    "3, loop middle": [
        curve(
            (0.15, 0.12),
            (0.5, 0),
            (0.75, 0.2),
            (0.55, 0.45),
            (0.38, 0.52),
            (0.45, 0.4),
            (0.7, 0.52),
            (0.8, 0.8),
            (0.45, 1),
            (0.12, 0.88),
        )
    ],
    "3, shallow": [
        curve(
            (0.25, 0.05), (0.6, 0.05), (0.65, 0.3), (0.45, 0.47), (0.45, 0.47), (0.72, 0.6), (0.65, 0.92), (0.2, 0.97)
        )
    ],
    "4, open": [curve((0.25, 0), (0.15, 0.55), (0.15, 0.55), (0.85, 0.55)), curve((0.65, 0.15), (0.6, 1))],
    "4, open deep": [curve((0.2, 0), (0.18, 0.5), (0.4, 0.6), (0.85, 0.5)), curve((0.75, 0), (0.7, 1))],
    "4, closed": [curve((0.6, 0), (0.1, 0.65), (0.1, 0.65), (0.9, 0.65)), curve((0.62, 0), (0.62, 1))],
    "4, one stroke": [curve((0.85, 0.62), (0.1, 0.62), (0.1, 0.62), (0.62, 0), (0.62, 0), (0.62, 1))],
    "4, lightning": [curve((0.45, 0), (0.12, 0.6), (0.12, 0.6), (0.9, 0.58)), curve((0.7, 0.3), (0.5, 1))],
    "4, square open": [curve((0.15, 0), (0.15, 0.5), (0.15, 0.5), (0.8, 0.5)), curve((0.8, 0), (0.8, 1))],
    "4, rounded open": [curve((0.15, 0), (0.15, 0.35), (0.35, 0.5), (0.8, 0.4)), curve((0.8, 0), (0.78, 1))],
    "5, two strokes": [
        curve((0.2, 0), (0.18, 0.42), (0.5, 0.38), (0.8, 0.65), (0.55, 0.98), (0.12, 0.9)),
        curve((0.2, 0), (0.8, 0)),
    ],
    "5, one stroke": [
        curve(
            (0.8, 0), (0.25, 0), (0.25, 0), (0.2, 0.42), (0.2, 0.42), (0.55, 0.38), (0.8, 0.68), (0.5, 1), (0.12, 0.88)
        )
    ],
    "5, S-like": [
        curve((0.78, 0.05), (0.4, 0.02), (0.25, 0.25), (0.45, 0.42), (0.72, 0.6), (0.65, 0.9), (0.3, 1), (0.12, 0.88))
    ],
    "5, gap": [
        curve((0.25, 0.12), (0.2, 0.45), (0.55, 0.42), (0.78, 0.7), (0.5, 1), (0.15, 0.9)),
        curve((0.3, 0), (0.9, -0.02)),
    ],
    "5, flat hat": [
        curve((0.25, 0), (0.25, 0.45), (0.25, 0.45), (0.6, 0.45), (0.78, 0.7), (0.55, 1), (0.15, 0.95)),
        curve((0.25, 0), (0.9, 0)),
    ],
    "6, plain": [curve((0.7, 0), (0.3, 0.35), (0.2, 0.75), (0.5, 1), (0.78, 0.78), (0.6, 0.52), (0.25, 0.68))],
    "6, curl": [
        curve((0.75, 0.12), (0.5, 0), (0.25, 0.3), (0.18, 0.7), (0.45, 1), (0.78, 0.8), (0.6, 0.55), (0.22, 0.7))
    ],
    "6, straight": [curve((0.55, 0), (0.2, 0.7), (0.45, 1), (0.75, 0.8), (0.5, 0.6), (0.22, 0.72))],
    "6, small loop": [curve((0.6, 0), (0.3, 0.4), (0.25, 0.85), (0.45, 1), (0.58, 0.85), (0.45, 0.72), (0.28, 0.85))],
    "7, plain": [curve((0.12, 0), (0.85, 0), (0.85, 0), (0.35, 1))],
    "7, crossed": [curve((0.12, 0), (0.85, 0), (0.85, 0), (0.35, 1)), curve((0.3, 0.5), (0.8, 0.5))],
    "7, crossed serif": [
        curve((0.12, 0.18), (0.12, 0), (0.12, 0), (0.85, 0), (0.85, 0), (0.4, 1)),
        curve((0.28, 0.5), (0.85, 0.48)),
    ],
    "7, serif": [curve((0.12, 0.2), (0.14, 0), (0.14, 0), (0.85, 0), (0.85, 0), (0.45, 1))],
    "7, curved": [curve((0.1, 0.08), (0.4, 0.05), (0.85, 0), (0.55, 0.45), (0.4, 1))],
    "7, crossed curved": [
        curve((0.1, 0.1), (0.45, 0.05), (0.85, 0), (0.6, 0.4), (0.45, 1)),
        curve((0.3, 0.55), (0.85, 0.45)),
    ],
    "7, upright": [curve((0.2, 0), (0.75, 0), (0.75, 0), (0.7, 1))],
    "8, one stroke": [
        curve(
            (0.7, 0.12),
            (0.45, 0),
            (0.25, 0.22),
            (0.5, 0.46),
            (0.75, 0.72),
            (0.5, 1),
            (0.22, 0.78),
            (0.5, 0.48),
            (0.75, 0.25),
            (0.68, 0.08),
        )
    ],
    "8, two circles": [curve(*ring(0.5, 0.24, 0.24, 0.24, 90, 450)), curve(*ring(0.5, 0.74, 0.3, 0.26, -90, 270))],
    "8, open top": [
        curve(
            (0.8, 0.02),
            (0.45, 0.05),
            (0.28, 0.25),
            (0.5, 0.46),
            (0.75, 0.75),
            (0.5, 1),
            (0.22, 0.78),
            (0.45, 0.5),
            (0.78, 0.15),
        )
    ],
    "8, slanted narrow": [
        curve(
            (0.75, 0.08),
            (0.5, 0.05),
            (0.4, 0.28),
            (0.52, 0.5),
            (0.55, 0.8),
            (0.35, 1),
            (0.22, 0.82),
            (0.45, 0.5),
            (0.75, 0.2),
        )
    ],
    "9, straight tail": [curve(*ring(0.45, 0.28, 0.28, 0.27, -20, -340), (0.73, 0.2), (0.73, 0.2), (0.7, 1))],
    "9, hook": [
        curve(*ring(0.48, 0.28, 0.28, 0.27, -20, -340), (0.76, 0.25), (0.76, 0.25), (0.74, 0.75), (0.5, 1), (0.2, 0.9))
    ],
    "9, big hook": [
        curve(*ring(0.5, 0.25, 0.25, 0.25, -20, -340), (0.75, 0.3), (0.75, 0.3), (0.76, 0.7), (0.45, 1), (0.12, 0.78))
    ],
    "9, curved tail": [
        curve((0.75, 0.2), (0.5, 0), (0.22, 0.25), (0.45, 0.5), (0.75, 0.25), (0.75, 0.25), (0.68, 0.65), (0.35, 1))
    ],
    "9, two strokes": [curve(*ring(0.4, 0.28, 0.27, 0.27, -20, 340)), curve((0.68, 0.05), (0.66, 1))],
    "9, slanted": [curve(*ring(0.5, 0.25, 0.25, 0.24, 0, -350), (0.75, 0.25), (0.75, 0.25), (0.4, 1))],
    "9, g-like": [
        curve(*ring(0.48, 0.25, 0.26, 0.25, -10, -350), (0.74, 0.2), (0.74, 0.2), (0.72, 0.85), (0.4, 1), (0.25, 0.8))
    ],
}
"""By name, which begins with the digit: its strokes, (n, 2) each, x right and y down, about 1 tall."""


def digit(name: str) -> int:
    """The digit that a name stands for."""
    return int(name[0])


def redrawn(name: str, times: int, settings: Trajectories) -> np.ndarray:
    """Redrawn at random `times` times, at medium strength: (times, 28, 28) float32, ink = 1."""
    rng = np.random.default_rng(1)
    settings = replace(settings, strength=(0.5, 0.5))
    return np.stack([redraw(CHALLENGES[name], rng, settings) for _ in range(times)])
