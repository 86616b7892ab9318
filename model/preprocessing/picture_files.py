"""What of a picture file is decoded: its pixels and how it is to be turned, and nothing else that it holds.

Pillow reads a file's notes one by one, in Python, and keeps them all: profiles, comments, what a camera tells. A small
file can hold half a million of them, or thousands that each point to the whole of it. Such a file takes minutes, or
more memory than there is, before a single pixel is seen.
"""

import re
import struct
import zlib

_MOST_NOTES = 5_000  # pieces of a file before its pixels: no camera and no program makes so many

_PNG = b"\x89PNG\r\n\x1a\n"
_KEPT_CHUNKS = (b"IHDR", b"PLTE", b"tRNS")  # of a PNG, besides its pixels
_MARKER = re.compile(rb"\xff([\x01-\xfe])")  # of a JPEG's segments; what stands between them is passed over
_NO_SEGMENT = (0x01, *range(0xD0, 0xDA))  # markers by themselves
_SCAN = 0xDA
_END = b"\xff\xd9"
_NOTES = (*range(0xE1, 0xEE), 0xEF, 0xFE)  # segments that say nothing of pixels; E0 and EE say what their colours mean
_GIF_PIECE = re.compile(rb"[!,;]")  # how a note, an image and the end begin
_CONTROL = 0xF9  # the note of a GIF that says what is see-through
_EXIF, _ORIENTATION = b"Exif\0\0", 0x0112
_NUMBERS = {1: "B", 3: "H", 4: "L"}  # whole numbers, by EXIF's kinds


def pixels_alone(data: bytes) -> bytes:
    """The file without its notes but one: how it is to be turned, written anew. What is damaged stays damaged.

    data: a file of any kind. Returns nothing when it has no pixels, or more notes before them than any picture.
    """
    try:
        if data.startswith(_PNG):
            return _png(data)
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data.startswith(b"GIF8"):
            return _gif(data)
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            return _webp(data)
    except (IndexError, struct.error):  # it ends before its pixels
        return b""
    return data


def _png(data: bytes) -> bytes:
    """Of an animation the picture that stands for it. However its pixels are cut up, they become one piece."""
    kept: dict[bytes, bytes] = {}
    pixels: list[bytes] = []
    at, notes = len(_PNG), 0
    while at + 12 <= len(data):
        notes += not pixels
        if notes > _MOST_NOTES:
            return b""
        (length,) = struct.unpack_from(">L", data, at)
        name, end = data[at + 4 : at + 8], at + 12 + length
        if name == b"IEND":
            break
        if name == b"IDAT":
            pixels.append(data[at + 8 : end - 4])
        elif name in _KEPT_CHUNKS and not pixels:
            kept.setdefault(name, data[at:end])
        elif name == b"eXIf" and name not in kept:
            kept[name] = _chunk(name, _turned(data[at + 8 : end - 4]))
        at = end
    if not pixels:
        return b""
    return _PNG + b"".join([*kept.values(), _chunk(b"IDAT", b"".join(pixels)), _chunk(b"IEND", b"")])


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + name + content + struct.pack(">L", zlib.crc32(name + content))


def _jpeg(data: bytes) -> bytes:
    kept, turned = [], b""
    at = 2
    for _ in range(_MOST_NOTES):
        found = _MARKER.search(data, at)
        if found is None:
            return b""
        marker, at = found[1][0], found.end()
        if marker == _SCAN:
            end = data.find(_END, at)  # a phone's moving photo has a film behind it
            return b"".join([data[:2], turned, *kept, data[at - 2 : None if end < 0 else end + len(_END)]])
        if marker in _NO_SEGMENT:
            continue
        (length,) = struct.unpack_from(">H", data, at)
        content = data[at + 2 : at + length]
        if marker == 0xE1 and content.startswith(_EXIF) and not turned:
            note = _EXIF + _turned(content)
            turned = b"\xff\xe1" + struct.pack(">H", len(note) + 2) + note
        elif marker not in _NOTES:
            kept.append(data[at - 2 : at + length])
        at += length
    return b""


def _gif(data: bytes) -> bytes:
    """Of an animation the first picture, and what comes after it, which nobody reads."""
    at = 13 + (6 << (data[10] & 7) if data[10] & 0x80 else 0)  # behind the colours
    head, control = data[:at], b""
    notes = 0
    while found := _GIF_PIECE.search(data, at):
        first = found.start()
        if found[0] == b",":
            return head + control + data[first:]
        if found[0] == b";":
            return b""
        at = first + 2
        while data[at]:
            at += 1 + data[at]
            notes += 1
        at += 1
        notes += 1
        if notes > _MOST_NOTES:
            return b""
        if data[first + 1] == _CONTROL:
            control = data[first:at]
    return b""


def _webp(data: bytes) -> bytes:
    kept = []
    at = 12
    for _ in range(_MOST_NOTES):
        if at + 8 > len(data):
            content = b"WEBP" + b"".join(kept)
            return b"RIFF" + struct.pack("<L", len(content)) + content
        (length,) = struct.unpack_from("<L", data, at + 4)
        end = at + 8 + length + length % 2
        if data[at : at + 4] == b"EXIF":
            note = _turned(data[at + 8 : at + 8 + length])
            kept.append(b"EXIF" + struct.pack("<L", len(note)) + note)
        else:
            kept.append(data[at:end])
        at = end
    return b""


def _turned(note: bytes) -> bytes:
    """What a camera noted, as EXIF, but for how the picture is to be turned; nothing when it does not say that."""
    note = note.removeprefix(_EXIF)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(note[:4])
    if order is None:
        return b""
    try:
        (first,) = struct.unpack_from(order + "L", note, 4)
        (count,) = struct.unpack_from(order + "H", note, first)
        for k in range(count):
            at = first + 2 + 12 * k
            tag, kind = struct.unpack_from(order + "HH", note, at)
            if tag == _ORIENTATION and kind in _NUMBERS:
                (orientation,) = struct.unpack_from(order + _NUMBERS[kind], note, at + 8)
                return struct.pack("<2sHLHHHLLL", b"II", 42, 8, 1, _ORIENTATION, 4, 1, orientation, 0)
    except struct.error:  # damaged: it harms no pixel
        pass
    return b""
