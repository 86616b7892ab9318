"""From a drawing or a picture to what the network reads: 28 × 28, ink = 1, as MNIST was made.

LeCun, Cortes & Burges, "The MNIST database": the digit, its aspect kept, is fitted into 20 × 20 pixels with
anti-aliasing, and placed in 28 × 28 so that its centre of mass is the centre of the field.
"""

from collections.abc import Iterable

import numpy as np
from PIL import Image, ImageDraw, ImageOps

SIDE, BOX = 28, 20
FINE = 8  # work at eight times the final resolution, then average: that is the anti-aliasing
PEN = 1.6  # width of a drawn line, in final pixels: thinner than most of MNIST's, so that small loops stay open

MAX_POINTS = 20_000
MAX_COORDINATE = 1e6
MAX_PIXELS = 50_000_000
MAX_ASPECT = 50

_WORKING_SIDE = 256  # a picture is looked at no finer than this
_LEAST_CONTRAST = 24  # of 255: what stands out less than this is paper, not ink
_LEAST_STROKE = 0.08  # of the longest stroke: a stroke smaller than this is a dot
_NEAR = 0.15  # of the longest stroke: a dot this near to the rest belongs to it
_LEAST_SPECK = 0.02  # of all ink: a patch smaller than this is dirt
_PART = 0.2  # of all ink: what is less is a serif, a dot or a loose end, not a mark of its own
_SLANTS = (0.0, 0.2, 0.4, -0.2)  # columns a row, to the right towards the top: how handwriting leans
_CLEAR = 0.9  # ink in a column of final pixels: less is the edges of lines, not a line that crosses it
_LINE_WIDTHS = (1.4, 2.2)  # final pixels: lines of a picture are made to lie between, about as wide as the pen's


def strokes_to_image(strokes: Iterable[np.ndarray]) -> np.ndarray:
    """Draw pen strokes as the network reads them.

    strokes: one (n, 2) array of points a stroke, x right and y down, in any unit: where the digit was drawn and how
    large makes no difference. A stray dot far from the rest is left out. Returns (28, 28) float32 in 0…1, ink = 1.
    Raises ValueError, with a sentence for people, when there are no points, too many, or not numbers.
    """
    strokes = [_checked(stroke) for stroke in strokes]
    strokes = [stroke for stroke in strokes if len(stroke)]
    count = sum(map(len, strokes))
    if count == 0:
        raise ValueError("There is nothing to read: the drawing has no points.")
    if count > MAX_POINTS:
        raise ValueError(f"The drawing has {count:,} points; at most {MAX_POINTS:,} can be read.")
    return draw(_without_dots(strokes), [PEN] * len(strokes))


def draw(strokes: list[np.ndarray], pens: list[float | np.ndarray]) -> np.ndarray:
    """Draw checked strokes, each with its pen: a width in final pixels, or (n,) of them, one a point.

    Returns (28, 28) float32 in 0…1, ink = 1.
    """
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    extent = (high - low).max()
    room = BOX - np.mean([np.mean(pen) for pen in pens])
    scale = room / extent if extent > 1e-9 else 0.0  # a single dot stays a dot
    margin = SIDE - BOX  # room for shifting the centre of mass, on every side
    sheet = SIDE + 2 * margin

    canvas = Image.new("L", (sheet * FINE, sheet * FINE))
    paper = ImageDraw.Draw(canvas)
    for stroke, pen in zip(strokes, pens, strict=False):
        fitted = ((stroke - (low + high) / 2) * scale + sheet / 2) * FINE
        keep = _apart(fitted, FINE / 2)
        line = [tuple(p) for p in fitted[keep].tolist()]
        widths = (np.broadcast_to(pen, len(stroke))[keep] * FINE).tolist()
        paper.line(line, fill=255, width=round(min(widths)))
        for (x, y), width in zip(line, widths, strict=True):  # round ends and joints
            radius = width / 2
            paper.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return _centred(canvas)


def picture_to_image(picture: Image.Image | np.ndarray) -> np.ndarray:
    """Find the digit in a picture: a photo, a scan, an export of a drawing; ink on light or dark.

    picture: a PIL image of any mode, or an array (h, w), (h, w, 3) or (h, w, 4), uint8 or floats in 0…1.
    Returns (28, 28) float32 in 0…1, ink = 1; all zeros when nothing stands out from the paper.
    Raises ValueError, with a sentence for people, when it is no picture, too large or far too long.
    """
    gray = _gray(picture)
    ink = _without_specks(_ink(gray))
    box = Image.fromarray(ink).point(lambda v: 255 * (v > 127)).getbbox()
    if box is None:
        return np.zeros((SIDE, SIDE), np.float32)
    digit = _fitted(Image.fromarray(ink).crop(box))
    return _centred(_fitted(_with_normal_lines(digit)))


def parts_side_by_side(image: np.ndarray) -> int:
    """How many marks stand side by side, a gap between them, upright or slanting, and each a fair share of the ink.

    image: (28, 28), ink = 1. A digit is one, even one in pieces as long as they overlap from left to right.
    """
    y, x = np.nonzero(image)
    ink = image[y, x]
    most = 0
    for slant in _SLANTS:
        place = np.rint(x + slant * y).astype(int)
        columns = np.bincount(place - place.min(initial=0), ink)
        columns[columns < _CLEAR] = 0  # the edges of a gap are no marks: a dot is all edge
        marks = np.split(columns, np.flatnonzero(columns == 0))
        most = max(most, sum(int(mark.sum() > _PART * ink.sum()) for mark in marks))
    return most


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
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    keep = np.diff(along // spacing, prepend=-1) > 0
    keep[-1] = True
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


def _gray(picture: Image.Image | np.ndarray) -> np.ndarray:
    """The picture as (h, w) float32 luminance in 0…255, upright, opaque, and no larger than is useful."""
    if not isinstance(picture, Image.Image):
        picture = _from_array(np.asarray(picture))
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise ValueError(f"The picture has {width * height:,} pixels; at most {MAX_PIXELS:,} can be read.")
    if min(width, height) == 0 or max(width, height) > MAX_ASPECT * min(width, height):
        raise ValueError(f"A picture of {width} × {height} pixels is too long and thin to hold a digit.")
    picture = ImageOps.exif_transpose(picture)
    # Shrunk before anything else is done to it: a large picture would take a hundred times its size in memory.
    if picture.has_transparency_data:
        picture = _on_contrasting_paper(_shrunk(picture.convert("RGBA")))
    elif picture.mode.startswith("I"):  # 16 bits a pixel, as some scanners write
        picture = Image.fromarray((np.asarray(_shrunk(picture), np.float32) / 257).clip(0, 255).astype(np.uint8))
    else:
        picture = _shrunk(picture.convert("L"))
    return np.asarray(picture.convert("L"), np.float32)


def _shrunk(picture: Image.Image) -> Image.Image:
    if max(picture.size) <= _WORKING_SIDE:
        return picture
    return ImageOps.contain(picture, (_WORKING_SIDE, _WORKING_SIDE), Image.Resampling.BOX)


def _from_array(array: np.ndarray) -> Image.Image:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)) or array.size == 0:
        raise ValueError(f"A picture must be an array (h, w), (h, w, 3) or (h, w, 4); this one is {array.shape}.")
    if np.issubdtype(array.dtype, np.floating):
        if not np.isfinite(array).all() or array.min() < 0 or array.max() > 1:
            raise ValueError("A picture of floats must hold numbers from 0 to 1.")
        array = np.rint(array * 255).astype(np.uint8)
    elif array.dtype == bool:
        array = array.astype(np.uint8) * 255
    elif array.dtype != np.uint8:
        raise ValueError(f"A picture must be of uint8, or of floats from 0 to 1; this one is {array.dtype}.")
    return Image.fromarray(array)


def _on_contrasting_paper(picture: Image.Image) -> Image.Image:
    """Put a see-through picture on white when what it shows is dark, on black when it is light."""
    pixels = np.asarray(picture, np.float32)
    opacity = pixels[..., 3].sum()
    brightness = (pixels[..., :3].mean(2) * pixels[..., 3]).sum() / opacity if opacity else 0.0
    paper = Image.new("RGBA", picture.size, "white" if brightness < 128 else "black")
    return Image.alpha_composite(paper, picture)


def _ink(gray: np.ndarray) -> np.ndarray:
    """How much each pixel stands out from the paper, (h, w) uint8. The paper may be light or dark, and shaded."""
    difference = gray - _paper(gray)
    dark, light = np.maximum(-difference, 0), np.maximum(difference, 0)
    # The paper is what most of the picture is, so the ink is on the side with the stronger outliers.
    ink = dark if (dark**2).sum() >= (light**2).sum() else light
    strong = ink[ink > _LEAST_CONTRAST]
    if strong.size == 0:
        return np.zeros(gray.shape, np.uint8)
    full = np.percentile(strong, 80)
    least = min(max(_LEAST_CONTRAST / 2, full / 4), full / 2)
    return (255 * np.clip((ink - least) / (full - least), 0, 1)).astype(np.uint8)


def _paper(gray: np.ndarray) -> np.ndarray:
    """The paper's brightness: a smooth surface of second order, fitted to the pixels that are not ink."""
    h, w = gray.shape
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
    basis = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1).reshape(-1, 6)
    values = gray.ravel()
    # Start from the commonest brightness, then let in what lies near the surface found so far.
    surface = np.full_like(values, np.median(values))
    for _ in range(6):
        distance = np.abs(values - surface)
        near = distance <= max(2.5 * np.median(distance), _LEAST_CONTRAST / 2)
        if near.sum() < 6:
            break
        coefficients, *_ = np.linalg.lstsq(basis[near], values[near], rcond=None)
        surface = basis @ coefficients
    return surface.reshape(h, w).clip(values.min(), values.max())


def _without_specks(ink: np.ndarray) -> np.ndarray:
    """Blank the patches of ink too small to belong to the digit."""
    from scipy import ndimage  # here, since it takes half a second that only pictures need

    mask = ink > 127
    patches, _ = ndimage.label(mask, structure=np.ones((3, 3)))
    sizes = np.bincount(patches.ravel())
    small = sizes < _LEAST_SPECK * mask.sum()
    small[0] = False
    return np.where(small[patches], 0, ink).astype(np.uint8)


def _fitted(ink: Image.Image) -> Image.Image:
    """Crop to the ink and scale its longer side to the box, at working resolution, with room around."""
    box = ink.point(lambda v: 255 * (v > 127)).getbbox()
    ink = ink.crop(box) if box else ink
    scale = BOX * FINE / max(ink.size)
    size = [max(1, round(side * scale)) for side in ink.size]
    sheet = Image.new("L", ((SIDE + 2 * (SIDE - BOX)) * FINE,) * 2)
    sheet.paste(ink.resize(size, Image.Resampling.BICUBIC), [(sheet.width - side) // 2 for side in size])
    return sheet


def _with_normal_lines(ink: Image.Image) -> Image.Image:
    """Thicken hair lines and thin marker lines, at working resolution, by the same amount on every side."""
    from scipy import ndimage

    mask = np.asarray(ink) > 127
    edge = np.count_nonzero(mask[1:] != mask[:-1]) + np.count_nonzero(mask[:, 1:] != mask[:, :-1])
    width = 2 * mask.sum() / (edge * np.pi / 4) / FINE  # π/4: a slanting edge crosses more pixel sides than it is long
    wanted = np.clip(width, *_LINE_WIDTHS)
    if wanted == width:
        return ink
    # The digit will be fitted anew, and with it the line: so it is made the wanted width less what that adds.
    outwards = (wanted * (BOX - width) / (BOX - wanted) - width) / 2 * FINE
    inside, outside = ndimage.distance_transform_edt(mask), ndimage.distance_transform_edt(~mask)
    outwards = max(outwards, 1.5 - inside.max())  # something is left of the thickest place
    return Image.fromarray((255 * np.clip(inside - outside + outwards + 0.5, 0, 1)).astype(np.uint8))


def _centred(sheet: Image.Image) -> np.ndarray:
    """Cut 28 × 28 out of the sheet, the centre of mass in the middle, and average down."""
    fine = np.asarray(sheet, np.float32)
    total = fine.sum()
    corner = []
    for axis in (1, 0):
        middle = (fine.sum(1 - axis) @ (np.arange(fine.shape[axis]) + 0.5)) / total
        corner.append(round(middle - SIDE * FINE / 2))
    # Ink never leaves the field: a lone far mark pulls the centre of mass only as far as its box allows.
    left, top, right, bottom = sheet.getbbox()
    x = int(np.clip(corner[0], right - SIDE * FINE, left))
    y = int(np.clip(corner[1], bottom - SIDE * FINE, top))
    return np.asarray(sheet.crop((x, y, x + SIDE * FINE, y + SIDE * FINE)).reduce(FINE), np.float32) / 255
