"""Picture files made by hand."""

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image


def chunk(name: bytes, data: bytes) -> bytes:
    """A part of a PNG file."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *more: bytes, bits: int = 8, colour: int = 0, rows: int | None = None) -> bytes:
    """A black picture, made without holding it in memory. colour: 0 gray, 2 RGB, 6 RGBA."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width * bits * {0: 1, 2: 3, 6: 4}[colour] + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def segment(marker: int, content: bytes) -> bytes:
    """A part of a JPEG file."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def gif(*notes: bytes) -> bytes:
    """A small GIF with these notes before its pixels."""
    file = _black("GIF")
    at = file.index(b",", 13 + 3 * 2)
    return file[:at] + b"".join(notes) + file[at:]


def jpeg(*segments: bytes) -> bytes:
    """A small JPEG that begins with these."""
    file = _black("JPEG")
    return file[:2] + b"".join(segments) + file[2:]


def webp(exif: bytes) -> bytes:
    """A small WebP with such a note."""
    return _black("WEBP", exif=exif)


def _black(kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.new("L", (64, 64)).save(file, kind, **options)
    return file.getvalue()


def _each_holds_all(size: int, count: int) -> bytes:
    """EXIF of so many entries, each of which holds all of it."""
    entries = b"".join(struct.pack("<HHLL", 0x8000 + k, 7, size - 8, 8) for k in range(count))
    return (b"II*\0\x08\0\0\0" + struct.pack("<H", count) + entries).ljust(size, b"\0")


_exif = _each_holds_all(200_000, 8_000)
NOTE_BOMBS: dict[str, Callable[[], bytes]] = {
    "a PNG that takes 1.6 GB": lambda: png(64, 64, chunk(b"eXIf", _exif)),
    "a WebP that takes 1.6 GB": lambda: webp(_exif),
    "a JPEG that takes 1.6 GB": lambda: jpeg(
        *(segment(0xE1, b"Exif\0\0" + _exif[at : at + 50_000]) for at in range(0, len(_exif), 50_000))
    ),
    "100,000 notes of nothing in a PNG": lambda: png(64, 64, *[chunk(b"aaAa", b"")] * 100_000),
    "300,000 notes of nothing in a JPEG": lambda: jpeg(*[segment(0xFE, b"")] * 300_000),
    "a JPEG's EXIF in 70,000 pieces": lambda: jpeg(*[segment(0xE1, b"Exif\0\0" + bytes(10))] * 70_000),
    "a GIF's comment in 700,000 pieces": lambda: gif(b"!\xfe", b"\1a" * 700_000, b"\0"),
    "150,000 notes in a GIF": lambda: gif(*[b"!\xf9\4\0\0\0\0\0"] * 150_000),
}
"""Files whose notes, not their pixels, are what takes time or memory; all of them black."""
