"""From a picture to what the network reads: a photo, a scan, an export of a drawing; ink on light or dark."""

import io
import re

import numpy as np
from PIL import ExifTags, Image, ImageOps

from model.preprocessing.normalize import BOX, FINE, SHEET, SIDE, centred, to_uint8
from model.preprocessing.picture_files import pixels_alone

PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")

MAX_PIXELS = 50_000_000
MAX_ASPECT = 50

_NO_PICTURE = "This is no picture that can be read. Take a PNG, JPEG, WebP, GIF or BMP file."
_MOST_SCANS = 100  # of a JPEG: each may be 20 bytes, and all pixels are gone over for it
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # by the orientation that EXIF knows

_WORKING_SIDE = 256  # a picture is looked at no finer than this
_LEAST_CONTRAST = 24  # of 255: what stands out less than this is paper, not ink
_LEAST_SPECK = 0.02  # of all ink: a patch smaller than this is dirt
_LEAST_PATCH = 0.25  # of the largest patch: what is larger than this is no dirt, but one of many dots
_LINE_WIDTHS = (1.4, 2.2)  # final pixels: lines of a picture are made to lie between, about as wide as the pen's


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
    return centred(_fitted(_with_normal_lines(digit)))


def image_of_file(data: bytes, max_pixels: int = MAX_PIXELS) -> np.ndarray:
    """The digit in a picture file of at most so many pixels: (28, 28) float32 in 0…1, ink = 1.

    data: a PNG, JPEG, WebP, GIF or BMP file. Raises ValueError, with a sentence for people, when it is none, too large,
    or nothing in it stands out.
    """
    image = picture_to_image(_opened(data, max_pixels))
    if not image.any():
        raise ValueError("Nothing in this picture stands out from its paper. Try one digit, dark on light, alone.")
    return image


def _opened(data: bytes, max_pixels: int) -> Image.Image:
    """The picture in a file, of which no pixel is read yet."""
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > _MOST_SCANS:
        raise ValueError(_NO_PICTURE)
    try:
        picture = Image.open(io.BytesIO(pixels_alone(data)), formats=PICTURE_FORMATS)
        count = picture.width * picture.height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        count = int(re.findall(r"\d+", str(error))[0])  # Pillow says how many, but in words alone
    except Exception as error:  # damaged files make Pillow raise all sorts
        raise ValueError(_NO_PICTURE) from error
    _check_size(count, max_pixels)
    if any(tile.codec_name == "bmp_rle" for tile in picture.tile):
        raise ValueError("A BMP file that is compressed cannot be read. Save it as PNG.")
    return picture


def _check_size(count: int, most: int) -> None:
    if count > most:
        raise ValueError(f"The picture is too large: it has {count:,} pixels; at most {most:,} can be read.")


def _gray(picture: Image.Image | np.ndarray) -> np.ndarray:
    """The picture as (h, w) float32 luminance in 0…255, upright, opaque, and no larger than is useful."""
    if not isinstance(picture, Image.Image):
        picture = _from_array(picture)
    width, height = picture.size
    _check_size(width * height, MAX_PIXELS)
    if min(width, height) == 0 or max(width, height) > MAX_ASPECT * min(width, height):
        raise ValueError(f"A picture of {width} × {height} pixels is too long and thin to hold a digit.")
    try:
        picture.load()
    except Exception as error:
        raise ValueError(_NO_PICTURE) from error
    # Shrunk before anything else is done to it: a large picture would take a hundred times its size in memory.
    turn = _turn(picture)
    try:
        if picture.has_transparency_data:
            picture = _on_contrasting_paper(_shrunk(_as("RGBA", picture)))
        elif picture.mode.startswith("I"):  # 16 bits a pixel, as some scanners write
            picture = Image.fromarray((np.asarray(_shrunk(picture), np.float32) / 257).clip(0, 255).astype(np.uint8))
        else:
            picture = _shrunk(_as("L", picture))
    except ValueError as error:
        raise ValueError(f"A picture whose pixels are {picture.mode} cannot be read. Try RGB.") from error
    picture = _as("L", picture)
    return np.asarray(picture if turn is None else picture.transpose(turn), np.float32)


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """How a camera says that its picture is to be turned or mirrored."""
    try:
        return _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # a damaged note harms no pixel
        return None


def _as(mode: str, picture: Image.Image) -> Image.Image:
    """The picture with such pixels; itself, not a copy of it, when it has them already."""
    return picture if picture.mode == mode else picture.convert(mode)


def _shrunk(picture: Image.Image) -> Image.Image:
    if max(picture.size) <= _WORKING_SIDE:
        return picture
    return ImageOps.contain(picture, (_WORKING_SIDE, _WORKING_SIDE), Image.Resampling.BOX)


def _from_array(array: np.ndarray) -> Image.Image:
    try:
        array = np.asarray(array)
    except (TypeError, ValueError) as error:  # lists of unequal lengths
        raise ValueError("A picture must be an array (h, w), (h, w, 3) or (h, w, 4).") from error
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)) or array.size == 0:
        raise ValueError(f"A picture must be an array (h, w), (h, w, 3) or (h, w, 4); this one is {array.shape}.")
    _check_size(array.shape[0] * array.shape[1], MAX_PIXELS)
    if np.issubdtype(array.dtype, np.floating):
        if not np.isfinite(array).all() or array.min() < 0 or array.max() > 1:
            raise ValueError("A picture of floats must hold numbers from 0 to 1.")
        array = to_uint8(array)
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
    sizes[0] = 0  # what is no patch
    small = sizes < min(_LEAST_SPECK * sizes.sum(), _LEAST_PATCH * sizes.max())
    small[0] = False
    return np.where(small[patches], 0, ink).astype(np.uint8)


def _fitted(ink: Image.Image) -> Image.Image:
    """Crop to the ink and scale its longer side to the box, at working resolution, with room around."""
    box = ink.point(lambda v: 255 * (v > 127)).getbbox()
    ink = ink.crop(box) if box else ink
    scale = BOX * FINE / max(ink.size)
    size = [max(1, round(side * scale)) for side in ink.size]
    sheet = Image.new("L", (SHEET * FINE,) * 2)
    sheet.paste(ink.resize(size, Image.Resampling.BICUBIC), [(sheet.width - side) // 2 for side in size])
    return sheet


def _with_normal_lines(ink: Image.Image) -> Image.Image:
    """Thicken hair lines and thin marker lines, at working resolution, by the same amount on every side."""
    from scipy import ndimage

    pixels = np.asarray(ink)
    mask = pixels > min(127, pixels.max() // 2)  # small dots fade when they are fitted
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
