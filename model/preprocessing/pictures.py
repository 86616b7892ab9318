"""From a picture to what the network reads: a photo, a scan, an export of a drawing; ink on light or dark.

`assets/engine/pictures.js` gives the same bytes of the same pixels.
"""

import io
import re

import numpy as np
from PIL import ExifTags, Image

from model.preprocessing.desk import without_desk
from model.preprocessing.ink import find_ink, line_width
from model.preprocessing.normalize import BOX, FINE, SHEET, SIDE, centred, to_uint8
from model.preprocessing.picture_files import pixels_alone

PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")

MAX_PIXELS = 50_000_000
MAX_ASPECT = 50

NOTHING = "Nothing in this picture stands out from its paper. Try one digit, dark on light, alone."
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

WORKING_SIDE = 256  # a picture is looked at no finer than this
LINE_WIDTHS = (1.4, 2.6)  # final pixels: lines of a picture are made to lie between, about as wide as the pen's


def picture_to_image(picture: Image.Image | np.ndarray) -> np.ndarray:
    """Find the digit in a picture: a photo, a scan, an export of a drawing; ink on light or dark.

    picture: a PIL image of any mode, or an array (h, w), (h, w, 3) or (h, w, 4), uint8 or floats in 0…1.
    Returns (28, 28) float32 in 0…1, ink = 1; all zeros when nothing stands out from the paper.
    Raises ValueError, with a sentence for people, when it is no picture, too large or far too long.
    """
    ink = find_ink(without_desk(_gray(picture)))
    if not (ink > 127).any():
        return np.zeros((SIDE, SIDE), np.float32)
    return centred(_fitted(_with_normal_lines(_fitted(Image.fromarray(ink)))))


def image_of_file(data: bytes, max_pixels: int = MAX_PIXELS) -> np.ndarray:
    """The digit in a picture file of at most so many pixels: (28, 28) float32 in 0…1, ink = 1.

    data: a PNG, JPEG, WebP, GIF or BMP file. Raises ValueError, with a sentence for people, when it is none, too large,
    or nothing in it stands out.
    """
    image = picture_to_image(_opened(data, max_pixels))
    if not image.any():
        raise ValueError(NOTHING)
    return image


def _opened(data: bytes, max_pixels: int) -> Image.Image:
    """The picture in a file, of which no pixel is read yet."""
    data = pixels_alone(data)
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > _MOST_SCANS:
        raise ValueError(_NO_PICTURE)
    try:
        picture = Image.open(io.BytesIO(data), formats=PICTURE_FORMATS)
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
    """The picture as (h, w) uint8 luminance in 0…255, upright, opaque, and no larger than is useful."""
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
            picture = _as("RGBA", picture)
            opaque = picture.getchannel("A").getextrema()[0] == 255
            picture = _shrunk(_as("L", picture)) if opaque else _on_contrasting_paper(_shrunk(picture))
        elif picture.mode.startswith("I"):  # 16 bits a pixel, as some scanners write
            picture = Image.fromarray((np.asarray(_shrunk(picture), np.float32) / 257).clip(0, 255).astype(np.uint8))
        else:
            picture = _shrunk(_as("L", picture))
    except ValueError as error:
        raise ValueError(f"A picture whose pixels are {picture.mode} cannot be read. Try RGB.") from error
    picture = _as("L", picture)
    return np.asarray(picture if turn is None else picture.transpose(turn))


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
    longer = max(picture.size)
    if longer <= WORKING_SIDE:
        return picture
    size = [max(1, (2 * side * WORKING_SIDE + longer) // (2 * longer)) for side in picture.size]
    return picture.resize(size, Image.Resampling.BOX)


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


def _fitted(ink: Image.Image) -> Image.Image:
    """Crop to the ink and scale its longer side to the box, at working resolution, with room around."""
    box = ink.point(lambda v: 255 * (v > 127)).getbbox()
    ink = ink.crop(box) if box else ink
    scale = BOX * FINE / max(ink.size)
    size = [max(1, int(side * scale + 0.5)) for side in ink.size]
    sheet = Image.new("L", (SHEET * FINE,) * 2)
    sheet.paste(ink.resize(size, Image.Resampling.BICUBIC), [(sheet.width - side) // 2 for side in size])
    return sheet


def _with_normal_lines(ink: Image.Image) -> Image.Image:
    """Thicken hair lines and thin marker lines, at working resolution, by the same amount on every side."""
    from scipy import ndimage

    pixels = np.asarray(ink)
    mask = pixels > min(127, pixels.max() // 2)  # small dots fade when they are fitted
    width = line_width(mask) / FINE
    wanted = np.clip(width, *LINE_WIDTHS)
    if wanted == width:
        return ink
    # The digit will be fitted anew, and with it the line: so it is made the wanted width less what that adds.
    outwards = (wanted * (BOX - width) / (BOX - wanted) - width) / 2 * FINE
    inside, outside = ndimage.distance_transform_edt(mask), ndimage.distance_transform_edt(~mask)
    outwards = max(outwards, 1.5 - inside.max())  # something is left of the thickest place
    return Image.fromarray((255 * np.clip(inside - outside + outwards + 0.5, 0, 1)).astype(np.uint8))
