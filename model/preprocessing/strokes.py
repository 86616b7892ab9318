"""From pen strokes to what the network reads: drawn with a round pen, fitted and centred as `normalize` says.

`assets/engine/strokes.js` draws the same, to the byte: with whole numbers, and on floats only with + − × ÷ √ and floor,
in the same order, each of which has one right result.
"""

from collections.abc import Iterable
from math import isqrt

import numpy as np

from model.preprocessing.normalize import BOX, FINE, SHEET, centred

PEN = 1.6  # width of a drawn line, in final pixels: thinner than most of MNIST's, so that small loops stay open

MAX_STROKES = 1_000
MAX_POINTS = 20_000
MAX_COORDINATE = 1e6

LEAST_STROKE = 0.08  # of the longest stroke: a stroke smaller than this is a dot
NEAR = 0.15  # of the longest stroke: a dot this near to the rest belongs to it
MOST_STRAY = 30  # dots: more than that are no accident
LEAST_EXTENT = 1e-9  # a drawing no larger than this is a single dot
LONGEST = 200  # of all lines together, in sides of the box: enough ink to fill it more than ten times
PEN_STEPS = 10  # a pixel: a pen's width is rounded to a tenth


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
    return draw_strokes(strokes, float(pen))


def draw_strokes(strokes: list[np.ndarray], pens: float | list[np.ndarray]) -> np.ndarray:
    """Draw checked strokes, (n, 2) each: at every sample of their lines a disc is stamped.

    pens: widths in final pixels; one for all, or (n,) for each stroke, one a point.
    Returns (28, 28) float32 in 0…1, multiples of 1/255, ink = 1.
    """
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    extent = (high - low).max()
    widths = None if isinstance(pens, float) else np.concatenate(pens)
    room = BOX - (pens if widths is None else widths.mean())
    scale = room * FINE / extent if extent > LEAST_EXTENT else 0.0
    x, y = ((points - (low + high) / 2) * scale + SHEET * FINE / 2).T.copy()
    counts, along = _samples(x, y, np.cumsum([len(stroke) for stroke in strokes]) - 1)
    columns, rows = (_between(axis, counts, along).astype(np.int64) for axis in (x, y))  # none is negative: so floor
    tenths = np.floor((pens if widths is None else _between(widths, counts, along)) * PEN_STEPS + 0.5)
    return centred(_stamped(columns, rows, tenths.astype(np.int64)))


def _samples(x: np.ndarray, y: np.ndarray, lasts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Samples of lines, less than 1 apart: how many from each point on, (n,), and how far to the next, 0…1, (m,).

    lasts: the last points of strokes, from which no line goes on. Beyond LONGEST only points themselves are samples.
    """
    dx, dy = np.diff(x, append=0), np.diff(y, append=0)
    dx[lasts] = dy[lasts] = 0
    counts = np.sqrt(_squares(dx, dy)).astype(np.int64) + 1
    counts[counts.cumsum() > LONGEST * BOX * FINE] = 1
    firsts = counts.cumsum() - counts
    return counts, (np.arange(counts.sum()) - np.repeat(firsts, counts)) / np.repeat(counts, counts)


def _between(values: np.ndarray, counts: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Values at samples, (m,), of those at points, (n,)."""
    return np.repeat(values, counts) + np.repeat(np.diff(values, append=0), counts) * along


def _stamped(x: np.ndarray, y: np.ndarray, tenths: np.ndarray) -> np.ndarray:
    """A sheet around discs, 255 where any covers the middle of a pixel: (h, w) uint8.

    x, y: the pixels in which the discs' middles lie, (m,). tenths: the discs' widths, in tenths of a final pixel, (m,),
    or one for all.
    """
    reach = int(tenths.max()) * FINE // (2 * PEN_STEPS)
    x, y = x - (x.min() - reach), y - (y.min() - reach)
    width, height = int(x.max()) + reach + 1, int(y.max()) + reach + 1
    at = y * width + x
    sheet = np.zeros(width * height, np.uint8)
    for pen in np.unique(tenths).tolist():
        marks = np.zeros_like(sheet)
        marks[at[tenths == pen] if tenths.ndim else at] = 255
        _dilate(sheet, marks, width, pen)
    return sheet.reshape(height, width)


def _dilate(sheet: np.ndarray, marks: np.ndarray, width: int, tenths: int) -> None:
    """Stamp a disc at every mark, at all at once: that takes as long for many as for one.

    sheet, marks: (h · w,), with room around for the disc, so that none runs from one row into the next.
    """
    steps = 2 * PEN_STEPS
    reach = tenths * FINE // steps
    halves = [isqrt((tenths * FINE) ** 2 - (steps * down) ** 2) // steps for down in range(reach + 1)]
    wide = marks.copy()  # each mark prolonged by `half` to both sides
    for half in range(reach + 1):
        if half:
            wide[half:] |= marks[:-half]
            wide[:-half] |= marks[half:]
        for down in (down for down in range(reach + 1) if halves[down] == half):
            shift = down * width
            sheet[shift:] |= wide[: len(wide) - shift]
            sheet[: len(wide) - shift] |= wide[shift:]


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


def _without_dots(strokes: list[np.ndarray]) -> list[np.ndarray]:
    """Leave out the stray dots: strokes far smaller than the drawing that touch nothing else of it."""
    if len(strokes) == 1:
        return strokes
    points, firsts = np.concatenate(strokes), np.cumsum([0, *map(len, strokes[:-1])])
    low, high = np.minimum.reduceat(points, firsts), np.maximum.reduceat(points, firsts)
    sizes = (high - low).max(1)
    dots = sizes < LEAST_STROKE * sizes.max()
    if not 0 < dots.sum() <= MOST_STRAY:
        return strokes
    x, y = np.concatenate([stroke for stroke, dot in zip(strokes, dots, strict=True) if not dot]).T.copy()
    middles = (low + high) / 2
    near = NEAR * sizes.max()
    return [
        stroke
        for stroke, dot, middle in zip(strokes, dots, middles.tolist(), strict=True)
        if not dot or _squares(x - middle[0], y - middle[1]).min() < near * near
    ]


def _squares(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Squares of distances."""
    return x * x + y * y
