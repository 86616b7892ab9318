import io
import struct

import numpy as np
import pytest
from PIL import ExifTags, Image

from model.preprocessing.picture_files import pixels_alone
from model.preprocessing.pictures import image_of_file
from tests.support.pictures import NOTE_BOMBS, chunk

GRADIENT = Image.linear_gradient("L").resize((60, 40))


def saved(kind: str, mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    GRADIENT.convert(mode).save(file, kind, **options)
    return file.getvalue()


def noted(orientation: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = "a" * 5000
    return exif


def animated(kind: str) -> bytes:
    """Three pictures, of which the first is see-through in places."""
    first = GRADIENT.convert("RGBA")
    first.putalpha(GRADIENT.point(lambda v: 255 * (v > 100)))
    others = [Image.new("RGBA", GRADIENT.size, colour) for colour in ("red", "blue")]
    file = io.BytesIO()
    first.save(file, kind, save_all=True, append_images=others, duration=100, loop=0)
    return file.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


PROFILE = {"icc_profile": bytes(9000)}
FILES = {
    "PNG": saved("PNG", exif=noted(), **PROFILE),
    "gray PNG": saved("PNG", "L"),
    "PNG of few colours, one see-through": saved("PNG", "P", transparency=3),
    "PNG of 16 bits": saved("PNG", "I;16"),
    "animated PNG": animated("PNG"),
    "JPEG": saved("JPEG", exif=noted(), comment=b"a" * 900, dpi=(72, 72), **PROFILE),
    "progressive JPEG": saved("JPEG", progressive=True, exif=noted(3)),
    "CMYK JPEG": saved("JPEG", "CMYK"),
    "WebP": saved("WEBP", exif=noted(), xmp=b"<x/>", **PROFILE),
    "WebP without loss": saved("WEBP", "RGBA", lossless=True, exif=noted(8)),
    "animated WebP": animated("WEBP"),
    "GIF": saved("GIF", "P", comment=b"a" * 900),
    "animated GIF": animated("GIF"),
    "BMP": saved("BMP"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_pixels_are_the_same_and_so_is_how_they_are_turned(name) -> None:
    whole, alone = opened(FILES[name]), opened(pixels_alone(FILES[name]))
    assert (alone.mode, alone.size, alone.has_transparency_data) == (
        whole.mode,
        whole.size,
        whole.has_transparency_data,
    )
    np.testing.assert_array_equal(np.asarray(alone.convert("RGBA")), np.asarray(whole.convert("RGBA")))
    turned = ExifTags.Base.Orientation
    assert alone.getexif().get(turned) == whole.getexif().get(turned)
    assert set(alone.getexif()) <= {turned}
    assert "comment" not in alone.info


@pytest.mark.parametrize("name", NOTE_BOMBS)
def test_what_takes_minutes_or_gigabytes_is_not_looked_at(name) -> None:
    bomb = NOTE_BOMBS[name]()
    assert len(bomb) > 150_000
    alone = pixels_alone(bomb)
    assert len(alone) < 2_000
    assert not alone or len(opened(alone).getexif()) <= 1


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", [1, 3, 4])
def test_the_orientation_is_found_however_it_is_written(order, kind) -> None:
    numbers = struct.pack(order + {1: "B3x", 3: "H2x", 4: "L"}[kind], 8)
    note = b"II*\0" if order == "<" else b"MM\0*"
    note += struct.pack(order + "LHHHL", 8, 2, 0x010F, 2, 1) + b"a\0\0\0"
    note += struct.pack(order + "HHL", 0x0112, kind, 1) + numbers + bytes(4)
    file = saved("PNG")
    at = file.index(b"IDAT") - 4
    turned = pixels_alone(file[:at] + chunk(b"eXIf", note) + file[at:])
    assert opened(turned).getexif() == {0x0112: 8}


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_a_file_that_is_cut_off_is_no_fault(kind) -> None:
    file = saved(kind)
    for end in range(len(file)):
        pixels_alone(file[:end])


@pytest.mark.parametrize("progressive", [False, True])
def test_a_film_behind_a_photo_is_no_fault(progressive) -> None:
    """A phone's moving photo: some of a film's bytes look like a hundred scans more."""
    sheet = Image.new("L", (60, 80), 230)
    sheet.paste(30, (25, 10, 33, 70))
    file = io.BytesIO()
    sheet.save(file, "JPEG", progressive=progressive)
    film = np.random.default_rng(1).bytes(8_000_000)
    assert film.count(b"\xff\xda") > 100
    assert image_of_file(file.getvalue() + film).tobytes() == image_of_file(file.getvalue()).tobytes()


def test_a_png_of_notes_is_not_looked_at() -> None:
    """However small they are: none has as many before its pixels."""
    file = FILES["gray PNG"]
    pixels = file.index(b"IDAT") - 4
    few, many = (file[:pixels] + count * chunk(b"tEXt", b"") + file[pixels:] for count in (100, 6000))
    assert pixels_alone(few)
    assert pixels_alone(many) == b""
