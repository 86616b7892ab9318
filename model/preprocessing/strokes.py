"""From pen strokes to what the network reads: drawn with a round pen, fitted and centred as `normalize` says."""

from collections.abc import Iterable
from itertools import accumulate, chain

import numpy as np
from PIL import Image, ImageDraw

from model.preprocessing.normalize import BOX, FINE, SHEET, centred

PEN = 1.6  # width of a drawn line, in final pixels: thinner than most of MNIST's, so that small loops stay open

MAX_POINTS = 20_000
MAX_COORDINATE = 1e6

_LEAST_STROKE = 0.08  # of the longest stroke: a stroke smaller than this is a dot
_NEAR = 0.15  # of the longest stroke: a dot this near to the rest belongs to it
_MOST_STRAY = 30  # dots: more than that are no accident
_LONGEST = 200  # of all lines together, in sides of the box: enough ink to fill it more than ten times


def strokes_to_image(strokes: Iterable[np.ndarray], pen: float = PEN) -> np.ndarray:
    """Draw pen strokes as the network reads them.

    strokes: one (n, 2) array of points a stroke, x right and y down, in any unit: where the digit was drawn and how
    large makes no difference. A stray dot far from the rest is left out. pen: the line's width in pixels of the result.
    Returns (28, 28) float32 in 0…1, ink = 1. Raises ValueError, with a sentence for people, when there are no points,
    too many, or not numbers, and for a pen that cannot draw.
    """
    if not (isinstance(pen, int | float | np.number) and 0 < pen < BOX):
        raise ValueError(f"A pen must be wider than 0 and narrower than {BOX} pixels.")
    strokes = [points for points in map(_points, strokes) if len(points)]
    count = sum(map(len, strokes))
    if count == 0:
        raise ValueError("There is nothing to read: the drawing has no points.")
    if count > MAX_POINTS:
        raise ValueError(f"The drawing has {count:,} points; at most {MAX_POINTS:,} can be read.")
    points = np.concatenate(strokes)
    if not np.isfinite(points).all():
        raise ValueError("A stroke holds a coordinate that is not a finite number.")
    if np.abs(points).max() > MAX_COORDINATE:
        raise ValueError(f"A stroke holds a coordinate beyond ±{MAX_COORDINATE:,.0f}.")
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
    fitted = ((points - (low + high) / 2) * scale + SHEET / 2) * FINE

    # All strokes at once: NumPy takes about as long for a thousand as for one.
    counts = [len(stroke) for stroke in strokes]
    keep = _apart(fitted, counts, FINE / 2)
    line = fitted[keep]
    ends = keep.cumsum()[np.cumsum(counts) - 1].tolist()
    widths = [
        [pen] * count if isinstance(pen, float) else pen.tolist() for pen, count in zip(pens, counts, strict=True)
    ]
    radii = np.array(list(chain.from_iterable(widths)))[keep] * FINE / 2
    firsts = [0, *ends[:-1]]
    thin = np.minimum.reduceat(2 * radii, firsts).tolist()

    canvas = Image.new("L", (SHEET * FINE, SHEET * FINE))
    paper = ImageDraw.Draw(canvas)
    numbers = line.ravel().tolist()
    inked = _within(line, firsts, _LONGEST * BOX * FINE)
    for first, end, width in zip(firsts, ends, thin, strict=True):
        if first + 1 < min(end, inked):
            paper.line(numbers[2 * first : 2 * min(end, inked)], fill=255, width=round(width))
    # Round ends and joints, each once. Pillow draws them from whole pixels to whole pixels: four of 16 bits are a key.
    boxes = np.concatenate([line - radii[:, None], line + radii[:, None]], 1).astype(np.int16)
    for box in np.unique(boxes.view(np.int64)).view(np.int16).reshape(-1, 4).tolist():
        paper.ellipse(box, fill=255)
    return centred(canvas)


def _points(stroke: np.ndarray) -> np.ndarray:
    try:
        points = np.asarray(stroke, np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("A stroke must be a list of points, each two numbers: x and y.") from error
    if points.size == 0:
        return points.reshape(0, 2)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"A stroke must be an array of shape (n, 2), one point a row; this one is {points.shape}.")
    return points


def _steps(points: np.ndarray) -> np.ndarray:
    """How far it is from each point to the next, (n - 1,)."""
    steps = points[1:] - points[:-1]
    return np.hypot(steps[:, 0], steps[:, 1])


def _within(points: np.ndarray, firsts: list[int], length: float) -> int:
    """How many points lines go through until they are so long. firsts: where strokes begin, to which no line goes."""
    steps = _steps(points)
    steps[np.array(firsts[1:], int) - 1] = 0
    return int(np.searchsorted(steps.cumsum(), length)) + 1


def _apart(points: np.ndarray, counts: list[int], spacing: float) -> np.ndarray:
    """Which points of strokes to keep, (n,) bool: those closer than `spacing` along the line cost time alone.

    points: of all strokes. counts: of points in each. The ends of strokes are kept.
    """
    steps = _steps(points).tolist()
    along = []  # how far it is to each point from its stroke's first
    for count in counts:
        first = len(along)
        along += [0.0, *accumulate(steps[first : first + count - 1])]
    keep = np.diff(np.array(along) // spacing, prepend=0) > 0  # a multiple of the spacing was passed
    ends = np.cumsum(counts)
    keep[ends - 1] = keep[ends - counts] = True
    return keep


def _without_dots(strokes: list[np.ndarray]) -> list[np.ndarray]:
    """Leave out the stray dots: strokes far smaller than the drawing that touch nothing else of it."""
    if len(strokes) == 1:
        return strokes
    points, firsts = np.concatenate(strokes), np.cumsum([0, *map(len, strokes[:-1])])
    low, high = np.minimum.reduceat(points, firsts), np.maximum.reduceat(points, firsts)
    sizes = (high - low).max(1)
    dots = sizes < _LEAST_STROKE * sizes.max()
    if not 0 < dots.sum() <= _MOST_STRAY:
        return strokes
    x, y = np.concatenate([stroke for stroke, dot in zip(strokes, dots, strict=True) if not dot]).T.copy()
    middles = (low + high) / 2
    return [
        stroke
        for stroke, dot, middle in zip(strokes, dots, middles, strict=True)
        if not dot or np.hypot(x - middle[0], y - middle[1]).min() < _NEAR * sizes.max()
    ]
