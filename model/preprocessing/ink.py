"""Which pixels of a grey picture are ink: by their contrast with the paper beside them, as lit as they are.

A picture's paper is bright and dark by light, shadow and lens, in steps as sharp as a pen's. But shadows are wide and
lines of a pen narrow: a morphological closing (Serra 1982) wider than the line leaves shadows as they are and fills the
line, so what lies below it is ink (the black top-hat transform). Dividing by it undoes the light. The closing is by an
octagon, which is about equally wide in every direction; a square is 1.4 times as wide along its diagonals, and fills
slanting shadows that are wider than it. Ruled lines are found by the Hough (1962) transform and erased, as staff lines
are from sheet music, except where something crosses them or something darker lies on them.

It works with whole numbers, and on floats only with + − × ÷, roots and rounding down, in the same order, so that
`assets/engine/ink.js` gives the same bytes.
"""

from typing import NamedTuple

import numpy as np

from model.preprocessing.fields import Array, border, closed, edges, otsu, quantile, shape_of, smoothed
from model.preprocessing.paper import LEAST_PHOTO, exact_paper, paper_at_border, was_taken

FULL = 1023  # contrast of ink that reflects nothing
WIDTHS = (37, 75, 150, 300)  # of the closing, in thousandths of the picture's longer side: narrow lines first
WIDEST = 400  # the same, besides, where the border is paper all around: no shadow comes from beyond to be filled

LEAST_CONTRAST = 92  # of FULL: what stands out less than this is paper, not ink
LEAST_NOISE = 3  # in medians of all contrasts, which are mostly the paper's
LEAST_LIGHT = 64  # of 255: how bright a picture's brightest pixels are taken to be at least
BLACK = 8  # of 255: so bright is black paper taken to be
LEAST_EXTENT = 0.1  # of the picture's longer side: less is no digit but a fragment of a wider line
LEAST_DOTS = 400  # of FULL: the contrast of dots that may be a digit together
FEWEST_DOTS = 3
DOTS_NOISE = 6  # the same in medians of all contrasts
LARGEST_GROWTH = 1.06  # from one width to the next: what grows more is not seen whole
WHOLE = 0.4  # of the width: lines as narrow as this are seen whole …
THICKER = 1.15  # … unless they are so much thicker with the next width
LEAST_BESIDE = 0.25  # of it: so large is another digit that is seen only now, since its lines are wider
FAR_STRONGER = 3  # halves of the contrast before: what stands out so much more is the ink

AROUND = (6, 24)  # parts of the picture's longer side: how far about each pixel, widely and nearly, it is looked
LEAST_SKEWNESS = 0.9  # of light ink, about one of the two, where no paper is known
PAPER_COUNTS = 2  # times, where it is: what differs from it may be thick ink, of which little differs from what is near
NEAR_COUNTS = 4  # times there: what is near tells a line from a sheet of paper on a desk
LEAST_TOGETHER = 0.4  # of light ink there, so counted: of the paper, widely and nearly
LEAST_RISES = 78  # per cent of where ink ends: there it brightens; a digit's 87 to 99, a shadow's 48 to 71

EDGE = 2  # pixels: so far the soft edge of ink reaches
LEAST_SPECK = 0.01  # of all ink: a patch smaller than this is dirt
LEAST_PATCH = 0.25  # of the largest patch: what is larger than this is no dirt, but one of many dots
LEAST_SOLID = 0.95  # as `Shape` has it: a straight band's
LONG = 2  # times its shorter side: so long may a picture be that was cropped to a 1
LEAST_INNER = 0.15  # of what runs off the picture: of so much ink within it, the other is the desk or a shadow

STEEPEST = 0.36  # a ruled line's slope, either way
LEAST_LINE = 0.75  # of a line's way through the picture that is seen of it
NARROW = 0.02  # of the picture's longer side: beside a ruled line there is paper at this distance
THICKEST = 35  # thousandths of the picture's longer side: what is thicker is no ruled line
LEAST_DARKER = 23  # tenths of a ruled line's darkness: what is darker was written on it
MOST_LINES = 60


class Found(NamedTuple):
    """Ink that was found with a closing of one width."""

    ink: Array  # (h, w) int64, 0…255
    extent: int  # of the largest patch, in pixels
    mask: Array  # (h, w) bool: more ink than paper
    strength: int  # the mean contrast there
    patches: int  # how many they are


def find_ink(gray: Array) -> Array:
    """How much each pixel of a picture is ink, (h, w) uint8. gray: (h, w) uint8; ink dark on light, or light on dark.

    All zeros where nothing stands out.
    """
    gray = gray.astype(np.int64)
    side = max(gray.shape)
    paper = exact = exact_paper(gray)
    if exact is None:
        paper = paper_at_border(gray)
    smooth = 16 * gray if exact is not None or side < LEAST_PHOTO else smoothed(gray)
    paper = None if paper is None else 16 * paper
    is_taken = was_taken(gray)
    if _is_light(smooth, side, paper, is_taken):
        brightest = max(int(np.sort(smooth, axis=None)[smooth.size * 99 // 100]), 16 * LEAST_LIGHT)
        smooth, paper = -smooth, None if paper is None else -paper
    else:
        brightest = 0
    ruled = None
    before = dotted = None  # what was found with the width before, when it may be a digit; or a digit in dots
    narrower = 0  # the width before
    widths = WIDTHS if paper is None else (*WIDTHS, WIDEST)
    for width in sorted({max(3, side * width // 1000 | 1) for width in widths}):
        below = closed(smooth, width, paper) - smooth
        contrast = _contrast(below, smooth, brightest, is_taken)
        if ruled is None:
            ruled = _ruled(contrast)
            noise = quantile(np.bincount(contrast.ravel()), 50)
            least_dots = FULL if _are_ruled(ruled) else max(LEAST_DOTS, DOTS_NOISE * noise)
        found = _found(contrast, smooth, below, ruled, is_taken)
        if before is not None and not _grows(before, found, narrower):
            break
        before, narrower = (found if found.extent >= LEAST_EXTENT * side else None), width
        if dotted is None and found.patches >= FEWEST_DOTS and found.strength >= least_dots:
            runs_off = is_taken and border(found.mask).any()  # as the corners of a shadow do
            dotted = found if not runs_off and _extent(found.mask) >= LEAST_EXTENT * side else None
    chosen = before or dotted
    return (np.zeros_like(gray) if chosen is None else chosen.ink).astype(np.uint8)


def _is_light(smooth: Array, side: int, paper: int | None, is_taken: bool) -> bool:
    """Whether the ink is light: it is the few pixels that differ much from the paper, and from all that is about them.

    In a photo a shadow differs much from the paper too, and a sheet of paper from the desk that is along the border,
    but neither from what is about it.
    """
    of_paper = 0.0 if paper is None else _skewness(smooth - paper)
    if paper is not None and not is_taken:
        return of_paper > 0
    widely, nearly = (_skewness(smooth - _mean_around(smooth, max(2, side // part))) for part in AROUND)
    if paper is None:
        return max(widely, nearly) > LEAST_SKEWNESS
    return PAPER_COUNTS * of_paper + widely + NEAR_COUNTS * nearly > LEAST_TOGETHER


def _contrast(below: Array, smooth: Array, brightest: int, is_taken: bool) -> Array:
    """How far the ink is from the paper beside it, 0…FULL, the same in a shadow as in the light.

    Dark ink: the share of the paper's light that it takes. Light ink (`brightest` of it is not 0, and all else is
    negative): the share of the brightest that it adds; in a photo more where the paper is darker than most, and less
    where it is brighter.
    """
    if not brightest:
        return (below * FULL // (below + smooth + 16)).clip(max=FULL)
    if not is_taken:
        return (below * FULL // brightest).clip(max=FULL)
    paper = 16 * BLACK - smooth - below
    usual = int(np.sort(paper, axis=None)[paper.size * 3 // 4])
    return (below * FULL * usual // (brightest * paper)).clip(max=FULL)


def _mean_around(values: Array, reach: int) -> Array:
    """The mean, rounded down, over the square that reaches so far all around, as far as it lies in the picture."""
    h, w = values.shape
    sums = np.zeros((h + 1, w + 1), np.int64)
    sums[1:, 1:] = values.cumsum(0).cumsum(1)
    top, bottom = ((np.arange(h) + shift).clip(0, h)[:, None] for shift in (-reach, reach + 1))
    left, right = ((np.arange(w) + shift).clip(0, w) for shift in (-reach, reach + 1))
    total = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return total // ((bottom - top) * (right - left))


def _skewness(differences: Array) -> float:
    squares, cubes = int((differences**2).sum()), int((differences**3).sum())
    variance = max(squares / differences.size, 1.0)
    return cubes / differences.size / (variance * float(np.sqrt(variance)))


def _levels(contrast: Array) -> tuple[int, int] | None:
    """The contrasts at which ink begins and is full; None when nothing stands out.

    What stands out is parted in two (Otsu 1979): ink, and what is fainter, such as writing on the paper's other side.
    """
    counts = np.bincount(contrast.ravel(), minlength=FULL + 1)
    noise = quantile(counts, 50)
    least = max(LEAST_CONTRAST, LEAST_NOISE * noise)
    counts[: least + 1] = 0
    if counts.sum() < 4:
        return None
    counts[: otsu(counts)] = 0
    full = quantile(counts, 60)
    return max(min(max(least // 2, full // 4), full // 2), 2 * noise), full


def _found(contrast: Array, smooth: Array, below: Array, ruled: list[list[tuple[int, float]]], is_taken: bool) -> Found:
    """The ink of this contrast. smooth: how bright each pixel is; below: how much darker than the paper."""
    levels = _levels(contrast)
    if levels is None:
        return Found(np.zeros_like(contrast), 0, np.zeros(contrast.shape, bool), 0, 0)
    low, full = levels
    ink = ((contrast - low) * 255 // max(full - low, 1)).clip(0, 255)
    side = max(ink.shape)
    if _are_ruled(ruled):
        ink = np.where(_of_lines(ink, contrast, ruled, side), 0, ink)
    ink, extent, count = _without_dirt(ink, smooth, below, is_taken)
    mask = ink > 127
    strength = int(contrast[mask].sum()) // max(int(mask.sum()), 1)
    return Found(ink, extent, mask, strength, count)


def line_width(mask: Array) -> float:
    """The mean width of the lines in a mask, in pixels: twice their area, by the length of their edges."""
    edge = np.count_nonzero(mask[1:] != mask[:-1]) + np.count_nonzero(mask[:, 1:] != mask[:, :-1])
    return 2 * int(mask.sum()) / (max(edge, 1) * np.pi / 4)  # π/4: a slanting edge crosses more sides than it is long


def _grows(before: Found, found: Found, narrower: int) -> bool:
    """Whether what was found before is seen larger now, or something far stronger, or another digit beside it.

    Then that is the ink. What grows off the picture is no digit, but a shadow; and what grows at lines that were seen
    whole already is a shadow's corner. narrower: the width of the closing before.
    """
    from scipy import ndimage

    if 2 * found.strength > FAR_STRONGER * before.strength:
        return True
    patches, count = ndimage.label(found.mask, np.ones((3, 3)))
    sizes = np.bincount(patches.ravel(), minlength=count + 1)
    same, along = np.zeros(count + 1, bool), np.zeros(count + 1, bool)
    same[patches[before.mask]] = True
    along[border(patches)] = True
    same[0], sizes[0] = False, 0
    if (same & along).any() and not border(before.mask).any():
        return False
    size, lines = int(before.mask.sum()), line_width(before.mask)
    are_whole = lines <= WHOLE * narrower and line_width(found.mask) < THICKER * lines
    beside = sizes[~same & ~along].max(initial=0)
    return bool((not are_whole and sizes[same].sum() > LARGEST_GROWTH * size) or beside > LEAST_BESIDE * size)


def _extent(mask: Array) -> int:
    """The longer side of the box around it."""
    rows, columns = (np.flatnonzero(mask.any(axis)) for axis in (1, 0))
    return int(max(rows[-1] - rows[0], columns[-1] - columns[0])) + 1 if rows.size else 0


def _without_dirt(ink: Array, smooth: Array, below: Array, is_taken: bool) -> tuple[Array, int, int]:
    """Blank the patches that are too small; of what may be a photo also those that are shadows or run off it.

    Also returns how large the largest of the others is, and how many they are.
    """
    from scipy import ndimage

    mask = ink > 127
    patches, count = ndimage.label(mask, np.ones((3, 3)))
    if count == 0:
        return np.zeros_like(ink), 0, 0
    side = max(ink.shape)
    sizes = np.bincount(patches.ravel(), minlength=count + 1)
    sizes[0] = 0  # what is no patch
    extents = np.array([0, *(max(y.stop - y.start, x.stop - x.start) for y, x in ndimage.find_objects(patches))])
    along = np.bincount(border(patches), minlength=count + 1)  # the picture's border
    dirt = np.zeros(count + 1, bool)
    if side >= LEAST_PHOTO:
        reach = max(1, int(NARROW * side + 0.5))
        ends, rises = _ends(patches, count, mask, smooth, below, reach)
        ends += reach * along * is_taken  # an export may be cropped to its ink
        dirt = (100 * rises < LEAST_RISES * ends) & (2 * extents >= LEAST_EXTENT * side)
        if is_taken and side < LONG * min(ink.shape):
            dirt |= _are_bands(patches, sizes, reach)
        sizes[dirt] = 0
        inner = np.where((along == 0) & ~dirt, sizes, 0)
        if inner.max() > LEAST_INNER * sizes.max() and extents[inner > 0].max() >= LEAST_EXTENT * side:
            dirt |= along > 0
    dirt |= sizes < min(LEAST_SPECK * sizes.sum(), LEAST_PATCH * sizes.max())
    kept = ~dirt
    kept[0] = False
    near = ndimage.maximum_filter(kept[patches], 2 * EDGE + 1, mode="constant")
    return np.where(near, ink, 0), int((extents * kept).max()), int(kept.sum())


def _are_bands(patches: Array, sizes: Array, reach: int) -> Array:
    """Which patches are straight bands from one side of the picture to another, as shadows are: (count + 1,) bool.

    reach: pixels; what comes so near to a side runs off it.
    """
    sides = (patches[:reach], patches[-reach:], patches[:, :reach], patches[:, -reach:])
    touched = sum((np.bincount(side.ravel(), minlength=len(sizes)) > 0).astype(int) for side in sides)
    bands = np.zeros(len(sizes), bool)
    for patch in np.flatnonzero((touched > 1) & (sizes > 0)):
        bands[patch] = shape_of(patches == patch).solid >= LEAST_SOLID
    return bands


def _ends(patches: Array, count: int, mask: Array, smooth: Array, below: Array, reach: int) -> tuple[Array, Array]:
    """How often each patch ends within so many pixels, and how often it grows brighter there, both (count + 1,)."""
    ends, rises = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    for within, beyond, end in edges(mask, reach):
        of = patches[within][end]
        rise = smooth[beyond][end] - smooth[within][end]
        ends += np.bincount(of, minlength=count + 1)
        rises += np.bincount(of[4 * rise >= below[within][end]], minlength=count + 1)
    return ends, rises


def _ruled(contrast: Array) -> list[list[tuple[int, float]]]:
    """The ruled lines from left to right, and those from top to bottom."""
    levels = _levels(contrast)
    if levels is None:
        return [[], []]
    noise = quantile(np.bincount(contrast.ravel()), 50)
    least = max(3 * levels[1] // 10, LEAST_CONTRAST * 6 // 10, 3 * noise // 2)
    return [_lines(contrast, least), _lines(contrast.T, least)]


def _are_ruled(lines: list[list[tuple[int, float]]]) -> bool:
    """Whether they are a paper's lines: two that cross may be a 7."""
    return max(map(len, lines)) > 1


def _lines(contrast: Array, least: int) -> list[tuple[int, float]]:
    """Lines from left to right, each its height in the middle and its slope, down. least: contrast of them."""
    h, w = contrast.shape
    beside = max(2, int(NARROW * max(h, w) + 0.5))
    around = np.pad(contrast, ((beside, beside), (0, 0)), "edge")
    below, above = around[2 * beside :], around[: -2 * beside]
    ridge = (contrast > least) & (contrast >= around[beside - 1 : beside - 1 + h])
    ridge &= contrast > around[beside + 1 : beside + 1 + h]
    y, x = np.nonzero(ridge & (10 * below < 6 * contrast) & (10 * above < 6 * contrast))
    if len(y) < LEAST_LINE * w / 2:
        return []
    steps = int(STEEPEST * w / 2)
    slopes = np.arange(-steps, steps + 1) * 2 / w
    heights = np.arange(-w, h + w)
    seen = np.zeros((len(slopes), len(heights)))  # the share of each line that is seen
    for k, slope in enumerate(slopes):
        places = np.floor(y - slope * (x - w / 2) + 0.5).astype(np.int64) + w
        length = _length_within(heights, slope, h, w)
        counts = np.bincount(places, minlength=len(heights))
        counts[:-1] += counts[1:].copy()  # between two rows, as a line may be
        seen[k] = np.where(length >= w / 2, counts / np.maximum(length, 1), 0)
    found = []
    while len(found) < MOST_LINES:
        k, place = np.unravel_index(seen.argmax(), seen.shape)
        if seen[k, place] < LEAST_LINE:
            break
        found.append((int(heights[place]), float(slopes[k])))
        away = np.abs(heights - heights[place]) + np.abs(slopes - slopes[k])[:, None] * w / 2
        seen[away < max(5, 3 * w / 100)] = 0
    return found


def _length_within(heights: Array, slope: float, h: int, w: int) -> Array:
    """How many columns of the picture the lines of these heights and this slope cross."""
    if slope == 0:
        return np.where((heights >= 0) & (heights < h), w, 0)
    ends = np.sort([-heights / slope, (h - 1 - heights) / slope], axis=0).clip(-w / 2, w / 2)
    return ends[1] - ends[0]


def _of_lines(ink: Array, contrast: Array, ruled: list[list[tuple[int, float]]], side: int) -> Array:
    """What to erase of all ruled lines, (h, w) bool."""
    along, across = np.zeros((2, *ink.shape), bool)
    for _ in range(2):  # where two lines cross, each is in the other's way until that is gone
        along, across = (
            along | _of_lines_along(np.where(across, 0, ink), contrast, ruled[0], side),
            across | _of_lines_along(np.where(along, 0, ink).T, contrast.T, ruled[1], side).T,
        )
    return along | across


def _of_lines_along(ink: Array, contrast: Array, lines: list[tuple[int, float]], side: int) -> Array:
    """What to erase of lines from left to right: where ink is no thicker than they are, nor much darker."""
    if not lines:
        return np.zeros(ink.shape, bool)
    h, w = ink.shape
    mask = ink > 51
    rows = np.arange(h)[:, None]
    top = np.maximum.accumulate(np.where(mask, -1, rows), axis=0) + 1  # of the run of ink that each pixel is in
    end = np.minimum.accumulate(np.where(mask, h, rows)[::-1], axis=0)[::-1]
    runs = np.where(mask, end - top, 0)
    runs_erased = np.zeros(ink.shape, bool)  # at the top of each
    x = np.arange(w)
    for height, slope in lines:
        y = np.floor(height + slope * (x - w / 2) + 0.5).astype(np.int64) + np.arange(-2, 4)[:, None]
        inside = (y >= 0) & (y < h)
        y = y.clip(0, h - 1)
        near = np.where(inside, runs[y, x], 0)  # (6, w): about the line
        thickest = near.max(0)
        some = np.sort(thickest[thickest > 0])
        if some.size == 0 or 1000 * some[some.size // 2] > THICKEST * side:
            continue
        darkness = np.where(inside, contrast[y, x], 0).sum(0)  # of the whole line, between whichever rows it lies
        usual = np.sort(darkness[inside.any(0)])
        plain = 10 * darkness <= LEAST_DARKER * usual[usual.size // 2]
        plain &= 10 * thickest <= 16 * some[some.size // 2] + 20
        row, column = np.nonzero((near > 0) & plain)
        runs_erased[top[y[row, column], column], column] = True
    return mask & runs_erased[top.clip(max=h - 1), x]
