"""Allographs, other forms of the same digit: a 0 with a slash, a 1 with a flag, an open 4 or 8, a 5 whose bar is loose.

They are rare in MNIST and among the digits learned from, and common among people who will draw on the page.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.datasets.packed import Strokes
from model.datasets.pen_digits import PenDigit

Point = tuple[float, float]
Span = tuple[float, float]


@dataclass(frozen=True)
class Allographs:
    """How often each form is drawn, and how it varies. Angles in radians, lengths as said."""

    slashed: float = 0.25  # how often a 0 gets a slash
    dotted: float = 0.05  # how often a 0 gets a dot
    open_zero: float = 0.10  # how often a 0 is a turn whose ends do not meet, overlap or run on, tall or wide
    slash_angles: Span = (0.0, 1.57)  # from upright, to the right towards the top
    backward: float = 0.25  # how often the slash falls to the right
    slash_lengths: Span = (0.6, 2.0)  # in heights or widths of the 0, whichever is larger
    flagged: float = 0.4  # how often a 1 is one with a flag
    flag_angles: Span = (0.35, 1.1)  # between flag and stem; more, and it looks like a 7
    flag_lengths: Span = (0.15, 0.6)  # in lengths of the stem
    short_flags: float = 0.2  # how often a flag is short, and then at any angle up to a right one
    long_flags: float = 0.1  # how often it is nearly as long as the stem, and beside it
    based: float = 0.3  # how often a 1 with a flag gets a base as well
    base_lengths: Span = (0.3, 0.9)  # in lengths of the stem
    looped_three: float = 0.06  # how often a 3 ends in a loop whose line runs on to the right
    open_four: float = 0.15  # how often a 4 is one of two strokes that do not touch at the top, or not at all
    loose_five: float = 0.3  # how often the bar of a 5 of two strokes hangs in the air
    looped_six: float = 0.08  # how often a 6 ends in a loop that leans on its stem, or in a box
    loose_seven: float = 0.06  # how often a 7 is a bar, a stem apart from it, and at random a bar across
    open_eight: float = 0.12  # how often an 8 is left open at the top, or drawn as two hooks
    flat_nine: float = 0.06  # how often the loop of a 9 is a flat one, on a slanting stem
    footed: float = 0.12  # how often a 1, 7 or 9 ends in a tick upwards
    foot_lengths: Span = (0.08, 0.4)  # in heights of the digit


PLAIN = Allographs(
    slashed=0.0,
    dotted=0.0,
    open_zero=0.0,
    flagged=0.0,
    looped_three=0.0,
    open_four=0.0,
    loose_five=0.0,
    looped_six=0.0,
    loose_seven=0.0,
    open_eight=0.0,
    flat_nine=0.0,
    footed=0.0,
)
"""Every digit as it was written."""


def another(digit: PenDigit, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """The strokes of this digit, at random in another of its forms: (n, 2) each, x right and y down."""
    chance = rng.random()
    for often, form in _forms(digit, settings):
        if chance < often:
            return form(digit.strokes, rng, settings)
        chance -= often
    return digit.strokes


Form = Callable[[Strokes, np.random.Generator, Allographs], Strokes]


def _forms(digit: PenDigit, settings: Allographs) -> list[tuple[float, Form]]:
    """The other forms that this digit may take, each with how often it does."""
    loose_five = settings.loose_five if len(digit.strokes) == 2 else 0.0
    return {
        0: [(settings.slashed, _slashed), (settings.dotted, _dotted), (settings.open_zero, _open_zero)],
        1: [(settings.flagged, _flagged), (settings.footed, _footed)],
        3: [(settings.looped_three, _looped_three)],
        4: [(settings.open_four, _open_four)],
        5: [(loose_five, _loose_five)],
        6: [(settings.looped_six, _looped_six)],
        7: [(settings.loose_seven, _loose_seven), (settings.footed, _footed)],
        8: [(settings.open_eight, _open_eight)],
        9: [(settings.flat_nine, _flat_nine), (settings.footed, _footed)],
    }.get(digit.digit, [])


def _slashed(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    centre, size = _middle(strokes)
    angle = rng.uniform(*settings.slash_angles)
    half = rng.uniform(*settings.slash_lengths) / 2 * size * np.array([np.sin(angle), -np.cos(angle)])
    if rng.random() < settings.backward:
        half[0] = -half[0]
    return [*strokes, centre + rng.normal(0, 0.04, 2) * size + np.array([half, -half])]


def _dotted(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    centre, size = _middle(strokes)
    return [*strokes, centre + rng.normal(0, 0.04, (5, 2)) * size]


def _open_zero(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """More or less than one turn, with the radius growing a little: with less of it left inside, it would be a 6."""
    wide = np.exp(rng.uniform(-0.7, 0.75))
    lying = wide > 1.2
    turns, start = rng.uniform(0.8 if lying else 0.85, 1.25), rng.uniform(0, 2 * np.pi)
    angle = start + np.linspace(0, 2 * np.pi * turns, 40) * rng.choice([-1, 1])
    radius = np.linspace(rng.uniform(0.65 if lying else 0.75, 1), 1, 40)
    zero = np.stack([wide * radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    if rng.random() < 0.25:  # the pen runs on, straight
        zero = np.concatenate([zero, zero[-1:] + (zero[-1] - zero[-2]) * rng.uniform(1, 6)])
    if lying:
        zero[:, 1] -= rng.uniform(-0.1, 0.5) * zero[:, 0]  # rises to the right
    return [zero]


def _flagged(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """A 1 of height 1: flag and stem in one stroke, and at random a base."""
    angle, length = rng.uniform(*settings.flag_angles), rng.uniform(*settings.flag_lengths)
    kind = rng.random()
    if kind < settings.short_flags:
        angle, length = rng.uniform(settings.flag_angles[1], np.pi / 2), rng.uniform(0.1, 0.32)
    elif kind < settings.short_flags + settings.long_flags:
        angle, length = rng.uniform(0.2, 0.45), rng.uniform(settings.flag_lengths[1], 0.95)
    flag = length * np.array([-np.sin(angle), np.cos(angle)])
    one = [np.array([flag, [0.0, 0.0], [0.0, 1.0]])]
    if rng.random() < settings.based:
        left, right = rng.uniform(*settings.base_lengths) * np.array([-0.5, 0.5]) + rng.normal(0, 0.05)
        one.append(np.array([[left, 1.0], [right, 1.0]]))
    return one


def _footed(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """With a tick upwards at the end of the longest stroke, as the pen leaves it."""
    longest = max(range(len(strokes)), key=lambda k: np.hypot(*np.diff(strokes[k], axis=0).T).sum())
    stroke, (_, size) = strokes[longest], _middle(strokes)
    if stroke[-1, 1] < stroke[0, 1]:  # drawn upwards
        stroke = stroke[::-1]
    angle = rng.uniform(0.5, 1.25)  # above the horizontal: a flat one makes an L or a 2
    tick = rng.uniform(*settings.foot_lengths) * size * np.array([np.cos(angle), -np.sin(angle)])
    return [*strokes[:longest], np.concatenate([stroke, stroke[-1:] + tick]), *strokes[longest + 1 :]]


def _looped_three(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """The lower bow turns back at the left, and crosses itself on the way to the right."""
    waist, right, low = rng.uniform(0.38, 0.5), rng.uniform(0.6, 0.85), rng.uniform(0.62, 0.72)
    upper = [(0.3, rng.uniform(0.0, 0.12)), (0.5, -0.02), (right, 0.12), (rng.uniform(0.2, 0.4), waist)]
    bow = [(right, low), (0.9 * right, 0.85), (0.35, 1.0), (rng.uniform(-0.1, 0.1), 1.0), (0.05, 0.92)]
    end = rng.uniform(0.7, 1.3)
    return [_rounded(_line(*upper, *bow, (0.5 * right, 0.8), (end, rng.uniform(0.45, 0.8))), 2)]


def _open_four(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """A bent stroke, and a stem to the right of it that it may or may not reach."""
    height, right = rng.uniform(0.4, 0.9), rng.uniform(0.4, 0.95)
    gap = rng.choice([0.0, rng.uniform(0.03, 0.25)])
    bend = _line((rng.uniform(0.05, 0.4), 0), (0, height), (right - gap, height + rng.normal(0, 0.06)))
    top, foot = rng.uniform(-0.1, height - 0.1), rng.uniform(max(0.95, height + 0.08), 1.2)
    stem = _line((right + rng.normal(0, 0.05), top), (right + rng.normal(-0.05, 0.08), foot))
    return [_rounded(bend, rng.integers(0, 3)), stem]


def _loose_five(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """The upper of its two strokes, the bar, moved away and resized."""
    bar, body = sorted(strokes, key=lambda stroke: stroke[:, 1].mean())
    _, size = _middle(strokes)
    away = size * np.array([rng.normal(0.08, 0.14), -rng.uniform(0, 0.3)])
    return [body, bar.mean(0) + away + (bar - bar.mean(0)) * rng.uniform(0.4, 1.1)]


def _looped_six(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """A stem, and a loop that rises beside it and falls back; or a stem and a box."""
    if rng.random() < 0.4:
        top, right, corner = rng.uniform(0.4, 0.65), rng.uniform(0.45, 0.8), rng.uniform(0, 0.12)
        box = [(corner, 1), (right, 1), (right + rng.normal(0, 0.04), top), (rng.uniform(-0.02, 0.2), top)]
        return [_rounded(_line((rng.uniform(0, 0.45), 0), (0, 0.6), *box), rng.integers(0, 3))]
    peak, right = rng.uniform(0.25, 0.6), rng.uniform(0.6, 1.0)
    up = [(rng.uniform(0.1, 0.25), 1), (0.6 * right, (peak + 1) / 2), (right, peak), (0.85 * right, peak - 0.03)]
    down = [(0.55 * right, (peak + 1) / 2), (rng.uniform(0.5, 0.8) * right, rng.uniform(0.85, 1.05))]
    return [_rounded(_line((rng.uniform(0.05, 0.4), 0), (0, 0.65), *up, *down), 3)]


def _loose_seven(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """A bar, a stem apart from it, and at random a bar across. A stem under the bar's middle would make a T."""
    right = rng.uniform(0.5, 0.9)
    stem = _line((rng.uniform(0.85, 1.05) * right, rng.uniform(0.05, 0.35)), (rng.uniform(0.2, 0.9) * right, 1))
    seven = [_line((0, rng.normal(0, 0.04)), (right, 0)), stem]
    if rng.random() < 0.6:
        height, middle, half = rng.uniform(0.45, 0.7), stem[:, 0].mean(), rng.uniform(0.15, 0.4)
        seven.append(_line((middle - half, height), (middle + half, height + rng.normal(-0.03, 0.05))))
    return seven


def _open_eight(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """A stroke whose end does not come back to its beginning, or a hook that stands in another."""
    if rng.random() < 0.3:
        upper = [(0.15, rng.uniform(0, 0.2)), (0.2, 0.4), (0.75, 0.35), (0.85, rng.uniform(0, 0.12)), (0.45, -0.05)]
        lower = [(0.3, rng.uniform(0.45, 0.6)), (0.0, 0.95), (0.75, 1.02), (0.9, 0.6), (0.55, 0.45)]
        return [_rounded(_line(*hook), 2) for hook in (upper, lower)]
    begin, end = rng.uniform(0.3, 0.85), rng.uniform(0.05, 0.42)
    down = [(begin, rng.uniform(0, 0.1)), (0.25, rng.uniform(0.05, 0.2)), (0.3, 0.42), (0.85, 0.6), (0.8, 0.95)]
    up = [(0.45, 1.03), (0.1, 0.92), (0.2, 0.65), (0.55 + 0.5 * (0.45 - end), end)]
    eight = _rounded(_line(*down, *up), 3)
    return [eight * [rng.choice([-1, 1], p=[0.25, 0.75]), 1]]


def _flat_nine(strokes: Strokes, rng: np.random.Generator, settings: Allographs) -> Strokes:
    """A loop wider than high, closed at the right, and from there a stem down to the left; at random a tick."""
    high, right = rng.uniform(0.12, 0.32), rng.uniform(0.4, 0.7)
    loop = [(right, 0.02), (0.6 * right, -0.04), (0.0, 0.3 * high), (0.05, 0.8 * high), (0.5 * right, high)]
    foot = rng.uniform(0.0, 0.9) * right
    stem = [(right, 0.5 * high), (1.02 * right, 0.0), (right, 0.15), ((right + foot) / 2, 0.6), (foot, 1.0)]
    if rng.random() < 0.3:
        stem.append((foot + rng.uniform(0.03, 0.15), rng.uniform(0.88, 0.96)))
    return [_rounded(_line(*loop, *stem), 2)]


def _middle(strokes: Strokes) -> tuple[np.ndarray, float]:
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    return (low + high) / 2, (high - low).max()


def _line(*points: Point) -> np.ndarray:
    return np.array(points, float)


def _rounded(line: np.ndarray, times: int) -> np.ndarray:
    """Its corners cut so many times, the ends kept (Chaikin 1974, doi 10.1016/0146-664X(74)90028-8)."""
    for _ in range(times):
        inner = np.stack([0.75 * line[:-1] + 0.25 * line[1:], 0.25 * line[:-1] + 0.75 * line[1:]], axis=1)
        line = np.concatenate([line[:1], inner.reshape(-1, 2), line[-1:]])
    return line
