"""A photo of a sheet of paper that lies on a darker desk: only the sheet may hold ink.

The sheet is the brightest part (Otsu 1979) when what is written on it is filled by a closing. Light may part paper in
two as well. But a sheet is convex and not round, where it ends it does so at once, and there is desk around most of it.
Light that falls off ends softly, and a hard shadow runs off the photo, as does the lit paper beside it.

It works with whole numbers as `ink.py` does; `assets/engine/desk.js` gives the same bytes.
"""

import numpy as np

from model.preprocessing.fields import Array, border, closed, edges, otsu, shape_of, smoothed, twice_hull
from model.preprocessing.paper import LEAST_PHOTO, was_taken

FILL = 100  # thousandths of the picture's longer side: so wide a line of a pen is filled
LEAST_AREA = 8  # per cent of the picture
MOST_BORDER = 20  # per cent of the picture's border that a sheet takes
LEAST_CONVEX = 96  # per cent of its convex hull; of chalk whose loops are filled at most 95
MOST_SOLID = 1.03  # as `Shape` has it: more is round
MOST_LONG = 12  # the same: about three times as long as wide
REACH = 12  # thousandths of the picture's longer side: so far from within the sheet to beyond its edge
LEAST_SHARP = 60  # per cent of where it ends: there half of the difference is seen so near
INSET = 3  # pixels: so far within its edges the sheet is all paper


def without_desk(gray: Array) -> Array:
    """The sheet alone, (h', w') uint8, paper where the desk was beside it; the picture when there is none.

    gray: (h, w) uint8.
    """
    if max(gray.shape) < LEAST_PHOTO or not was_taken(gray):
        return gray
    side = max(gray.shape)
    paper = closed(smoothed(gray.astype(np.int64)), side * FILL // 1000 | 1, None)
    sheet = _brightest(paper)
    if not _is_sheet(sheet, paper, max(2, (REACH * side + 500) // 1000)):
        return gray
    alone = _filled(gray, paper, sheet)
    alone = _filled(alone.T, paper.T, sheet.T).T
    box = []
    for size, axis in zip(gray.shape, (1, 0), strict=True):
        places = np.flatnonzero(sheet.any(axis))
        first, last = int(places[0]), int(places[-1])
        box.append(slice(first + INSET * (first > 0), last + 1 - INSET * (last < size - 1)))
    return alone[tuple(box)]


def _filled(gray: Array, paper: Array, sheet: Array) -> Array:
    """With the paper at the ends of the sheet in each row instead of what is beside them."""
    h, w = gray.shape
    first, last = sheet.argmax(1), w - 1 - sheet[:, ::-1].argmax(1)
    middle = (first + last) // 2
    first = np.where(first > 0, np.minimum(first + INSET, middle), 0)
    last = np.where(last < w - 1, np.maximum(last - INSET, middle), w - 1)
    place, row = np.arange(w), np.arange(h)
    before, behind = ((paper[row, ends] // 16).astype(np.uint8)[:, None] for ends in (first, last))
    return np.where(place < first[:, None], before, np.where(place > last[:, None], behind, gray))


def _brightest(paper: Array) -> Array:
    """The largest patch of the brighter of two classes, (h, w) bool."""
    from scipy import ndimage

    levels = paper // 16
    patches, count = ndimage.label(levels >= otsu(np.bincount(levels.ravel(), minlength=256)), np.ones((3, 3)))
    sizes = np.bincount(patches.ravel(), minlength=count + 1)
    sizes[0] = 0
    return (patches == sizes.argmax()) & (patches > 0)


def _is_sheet(sheet: Array, paper: Array, reach: int) -> bool:
    """Whether it has the size, the shape and the edges of a sheet. reach: pixels across an edge."""
    area = int(sheet.sum())
    if 100 * area < LEAST_AREA * sheet.size or area == sheet.size:
        return False
    if 100 * int(border(sheet).sum()) > MOST_BORDER * len(border(sheet)):
        return False
    shape = shape_of(sheet)
    if shape.solid > MOST_SOLID or shape.long > MOST_LONG or 200 * area < LEAST_CONVEX * twice_hull(sheet):
        return False
    bright = int(paper[sheet].sum()) // area
    dark = int(paper[~sheet].sum()) // (sheet.size - area)
    ends = sharp = 0
    for within, beyond, end in edges(sheet, reach):
        ends += int(end.sum())
        sharp += int((2 * (paper[within] - paper[beyond])[end] >= bright - dark).sum())
    return 100 * sharp >= LEAST_SHARP * ends
