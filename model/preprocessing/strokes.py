"""From pen strokes to what the network reads: drawn with a round pen, fitted and centred as `normalize` says."""

from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw

from model.preprocessing.normalize import BOX, FINE, SHEET, centred

PEN = 1.6  # width of a drawn line, in final pixels: thinner than most of MNIST's, so that small loops stay open

MAX_POINTS = 20_000
MAX_COORDINATE = 1e6

_LEAST_STROKE = 0.08  # of the longest stroke: a stroke smaller than this is a dot
_NEAR = 0.15  # of the longest stroke: a dot this near to the rest belongs to it


def strokes_to_image(strokes: Iterable[np.ndarray], pen: float = PEN) -> np.ndarray:
    """Draw pen strokes as the network reads them.

    strokes: one (n, 2) array of points a stroke, x right and y down, in any unit: where the digit was drawn and how
    large makes no difference. A stray dot far from the rest is left out. pen: the line's width in pixels of the result.
    Returns (28, 28) float32 in 0…1, ink = 1. Raises ValueError, with a sentence for people, when there are no points,
    too many, or not numbers.
    """
    strokes = [_checked(stroke) for stroke in strokes]
    strokes = [stroke for stroke in strokes if len(stroke)]
    count = sum(map(len, strokes))
    if count == 0:
        raise ValueError("There is nothing to read: the drawing has no points.")
    if count > MAX_POINTS:
        raise ValueError(f"The drawing has {count:,} points; at most {MAX_POINTS:,} can be read.")
    strokes = _without_dots(strokes)
    return draw_strokes(strokes, [float(pen)] * len(strokes))


def draw_strokes(strokes: list[np.ndarray], pens: list[float | np.ndarray]) -> np.ndarray:
    """Draw checked strokes, each with its pen: a width in final pixels, or (n,) of them, one a point.

    Returns (28, 28) float32 in 0…1, ink = 1.
    """
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    extent = (high - low).max()
    room = BOX - np.mean([pen if isinstance(pen, float) else pen.mean() for pen in pens])
    scale = room / extent if extent > 1e-9 else 0.0  # a single dot stays a dot

    canvas = Image.new("L", (SHEET * FINE, SHEET * FINE))
    paper = ImageDraw.Draw(canvas)
    for stroke, pen in zip(strokes, pens, strict=True):
        fitted = ((stroke - (low + high) / 2) * scale + SHEET / 2) * FINE
        keep = _apart(fitted, FINE / 2)
        line = fitted[keep]
        widths = (np.array([pen]) if isinstance(pen, float) else pen[keep]) * FINE
        paper.line(line.ravel().tolist(), fill=255, width=round(widths.min()))
        radii = widths[:, None] / 2
        for box in np.concatenate([line - radii, line + radii], 1).tolist():  # round ends and joints
            paper.ellipse(box, fill=255)
    return centred(canvas)


def _checked(stroke: np.ndarray) -> np.ndarray:
    try:
        points = np.asarray(stroke, np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("A stroke must be a list of points, each two numbers: x and y.") from error
    if points.size == 0:
        return points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"A stroke must be an array of shape (n, 2), one point a row; this one is {points.shape}.")
    if not np.isfinite(points).all():
        raise ValueError("A stroke holds a coordinate that is not a finite number.")
    if np.abs(points).max() > MAX_COORDINATE:
        raise ValueError(f"A stroke holds a coordinate beyond ±{MAX_COORDINATE:,.0f}.")
    return points


def _apart(points: np.ndarray, spacing: float) -> np.ndarray:
    """Which points to keep, (n,) bool: those closer than `spacing` along the line cost time and change no pixel."""
    steps = points[1:] - points[:-1]
    marks = np.hypot(steps[:, 0], steps[:, 1]).cumsum() // spacing  # how often it was passed, from the second point on
    keep = np.ones(len(points), bool)
    keep[1:-1] = marks[:-1] > np.concatenate([[0.0], marks[:-2]])
    return keep


def _without_dots(strokes: list[np.ndarray]) -> list[np.ndarray]:
    """Leave out the stray dots: strokes far smaller than the drawing that touch nothing else of it."""
    if len(strokes) == 1:
        return strokes
    low = np.array([stroke.min(0) for stroke in strokes])
    high = np.array([stroke.max(0) for stroke in strokes])
    sizes = (high - low).max(1)
    dots = sizes < _LEAST_STROKE * sizes.max()
    if not dots.any():
        return strokes
    rest = np.concatenate([stroke for stroke, dot in zip(strokes, dots, strict=True) if not dot])
    middles = (low + high) / 2
    return [
        stroke
        for stroke, dot, middle in zip(strokes, dots, middles, strict=True)
        if not dot or np.hypot(*(rest - middle).T).min() < _NEAR * sizes.max()
    ]
