"""What the page asks and what it is answered, as plain JSON.

A request names a drawing, and may name experiments on the network or on the drawing:

    {"strokes": [[x, y, x, y, …], …]}       pen strokes, or
    {"image": base64 of 784 bytes}          28 × 28, ink = 255, as `find` returns it
    "hold": {"forget_gate": [1.0, 0, 27]}   a value, and the first and last row at which the gate is held to it
    "silence": [3, 17]                      units to silence
    "vary": "rotated"                       one of model.preprocessing.variations.VARIATIONS

Every answer is `{"ok": True, …}`, or `{"ok": False, "error": a sentence for people}`.
"""

import base64
import binascii
import io
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from model.export.png import maps_png, rows_gif, to_csv, to_npz
from model.networks.dimensions import GATES, ROWS
from model.networks.units import Units
from model.preprocessing.normalize import SIDE
from model.preprocessing.pictures import picture_to_image
from model.preprocessing.strokes import MAX_POINTS, strokes_to_image
from model.preprocessing.variations import varied
from model.reader import Reader, Reading

MAX_STROKES = 1_000
MAX_PIXELS = 8_000_000  # of a visitor's picture: to decode more would take too long
PICTURE_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")

READING_FIELDS = {"strokes", "image", "hold", "silence", "vary"}

FILES: dict[str, Callable[[Reading, bool], bytes]] = {
    "png": maps_png,
    "gif": rows_gif,
    "npz": lambda reading, _: to_npz(reading),
    "csv": lambda reading, _: to_csv(reading).encode(),
}

Answer = dict[str, Any]


def answers(handle: Callable[..., Answer]) -> Callable[..., Answer]:
    """Turn what a handler returns or refuses into an answer."""

    def handled(*args: Any) -> Answer:
        try:
            return {"ok": True, **handle(*args)}
        except ValueError as error:
            return {"ok": False, "error": str(error)}

    return handled


@answers
def answer(reader: Reader, request: Any) -> Answer:
    """Read a drawing: its digit or why there is none, all arrays, and what it says without the experiment."""
    _check_fields(request, READING_FIELDS)
    reading, untouched = read_request(reader, request)
    return {
        **_said(reading),
        "arrays": packed(reading),
        "untouched": untouched and {**_said(untouched), "probabilities": untouched.probabilities.tolist()},
    }


@answers
def find(request: Any) -> Answer:
    """Find the digit in a picture file, `{"picture": base64}`: `{"image": base64 of 784 bytes}`."""
    _check_fields(request, {"picture"})
    return {"image": found(request)}


@answers
def known(reader: Reader, units: Units) -> Answer:
    """What does not change with the drawing: the readout's weights, and what is known of the units."""
    return {
        "readout": _float16(reader.readout),
        "likeness": units.similarity.tolist(),
        "best": units.best.tolist(),
        "bank": base64.b64encode(units.bank.tobytes()).decode("ascii"),
    }


@answers
def take(reader: Reader, request: Any) -> Answer:
    """Make a file of a reading: the request of `answer`, with "kind" (a key of FILES) and "dark"."""
    _check_fields(request, {*READING_FIELDS, "kind", "dark"})
    kind = _field(request, "kind", str, "a kind of file")
    if kind not in FILES:
        raise ValueError(f"A reading can be taken away as {', '.join(FILES)}.")
    dark = _field(request, "dark", bool, "true or false for dark", False)
    reading, _ = read_request(reader, request)
    data = FILES[kind](reading, dark)
    shown = "blank" if reading.why == "blank" else "no-digit" if reading.digit is None else reading.digit
    return {"name": f"gatescope-{shown}.{kind}", "data": base64.b64encode(data).decode("ascii")}


def found(request: Any) -> str:
    """The image that `find` answers with. Raises ValueError, with a sentence for people."""
    image = image_of_file(_base64(_field(request, "picture", str, "a picture")))
    return base64.b64encode(np.rint(image * 255).astype(np.uint8).tobytes()).decode("ascii")


def image_of_file(data: bytes, most: int = MAX_PIXELS) -> np.ndarray:
    """The digit in a picture file of at most so many pixels: (28, 28) float32 in 0…1, ink = 1.

    Raises ValueError, with a sentence for people.
    """
    image = picture_to_image(_picture(data, most))
    if not image.any():
        raise ValueError("Nothing in this picture stands out from its paper. Try one digit, dark on light, alone.")
    return image


def read_request(reader: Reader, request: Any) -> tuple[Reading, Reading | None]:
    """The reading a request asks for, and, with an experiment on the network, the reading without it."""
    image = _image(request)
    hold, silence = _hold(request), _silence(request)
    return reader.read(image, hold, silence), reader.read(image) if hold or silence else None


def packed(reading: Reading) -> str:
    """All arrays end to end as little-endian float16, in base64: `assets/reading.js` takes them apart.

    Half precision keeps three digits, which is what the page shows, in half the bytes.
    """
    arrays = [*reading.trace, reading.memory, reading.added, reading.logits, reading.verdict, reading.evidence]
    return _float16(np.concatenate([array.ravel() for array in (*arrays, reading.probabilities, reading.image)]))


def _said(reading: Reading) -> Answer:
    return {"digit": reading.digit, "why": reading.why, "closest": reading.closest}


def _float16(array: np.ndarray) -> str:
    return base64.b64encode(array.astype("<f2").tobytes()).decode("ascii")


def _image(request: Any) -> np.ndarray:
    if isinstance(request, dict) and "image" in request:
        data = _base64(_field(request, "image", str, "an image"))
        if len(data) != SIDE * SIDE:
            raise ValueError(f"An image must be {SIDE * SIDE} bytes; this one is {len(data):,}.")
        image = (np.frombuffer(data, np.uint8).reshape(SIDE, SIDE) / 255).astype(np.float32)
    else:
        strokes = _strokes(_field(request, "strokes", list, "a list of strokes"))
        image = strokes_to_image(strokes) if strokes else np.zeros((SIDE, SIDE), np.float32)
    how = request.get("vary")
    return image if how is None else varied(image, how)


def _picture(data: bytes, most: int) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data), formats=PICTURE_FORMATS)  # reads no pixel yet
        count = picture.width * picture.height
        if count <= most:
            return ImageOps.exif_transpose(picture)
    except Exception as error:  # damaged files make Pillow raise all sorts
        raise ValueError("This is no picture that can be read. Take a PNG, JPEG, WebP, GIF or BMP file.") from error
    raise ValueError(f"The picture has {count:,} pixels; at most {most:,} can be read.")


def _strokes(strokes: list) -> list[np.ndarray]:
    if len(strokes) > MAX_STROKES:
        raise ValueError(f"The drawing has {len(strokes):,} strokes; at most {MAX_STROKES:,} can be read.")
    return [_stroke(stroke) for stroke in strokes if stroke != []]


def _stroke(numbers: Any) -> np.ndarray:
    if not isinstance(numbers, list) or len(numbers) % 2 or len(numbers) > 2 * MAX_POINTS:
        raise ValueError(f"A stroke must be a list x, y, x, y, … of at most {MAX_POINTS:,} points.")
    if not all(map(_is_number, numbers)):
        raise ValueError("A stroke must hold numbers only.")
    try:
        return np.array(numbers, np.float64).reshape(-1, 2)
    except OverflowError as error:  # a whole number beyond all floats
        raise ValueError("A stroke holds a number that is too large.") from error


def _hold(request: dict) -> dict[str, np.ndarray]:
    held = {}
    for gate, how in _field(request, "hold", dict, "an object of gates to hold", {}).items():
        if gate not in GATES:
            raise ValueError(f"There is no gate {gate[:40]!r} to hold; there are {', '.join(GATES)}.")
        if not (isinstance(how, list) and len(how) == 3 and all(map(_is_number, how)) and 0 <= how[0] <= 1):
            raise ValueError(f"Hold the {gate} as [value from 0 to 1, first row, last row].")
        value, first, last = how
        if not (type(first) is type(last) is int and 0 <= first <= last < ROWS):
            raise ValueError(f"Hold the {gate} from one row to another, 0 to {ROWS - 1}, in this order.")
        held[gate] = np.full(ROWS, np.nan, np.float32)
        held[gate][first : last + 1] = value
    return held


def _silence(request: dict) -> list[int]:
    units = _field(request, "silence", list, "a list of units to silence", [])
    if not all(type(unit) is int for unit in units):
        raise ValueError("Units to silence are whole numbers.")
    return units


def _check_fields(request: Any, known: set[str]) -> None:
    """A misspelt experiment would otherwise be none."""
    unknown = [name for name in request if name not in known] if isinstance(request, dict) else []
    if unknown:
        raise ValueError(f"There is no field {unknown[0][:40]!r}; there are {', '.join(sorted(known))}.")


def _field(request: Any, name: str, kind: type, words: str, default: Any = None) -> Any:
    value = request.get(name, default) if isinstance(request, dict) else None
    if not isinstance(value, kind):
        raise ValueError(f"The request holds no {words.removeprefix('a ').removeprefix('an ')}.")
    return value


def _is_number(value: Any) -> bool:
    # Not by NumPy, which takes text and truth values for numbers.
    return type(value) in (int, float)


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("The request holds data that is not base64.") from error
