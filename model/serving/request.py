"""The page's requests, parsed and checked. Whatever is wrong with it is a ValueError, with a sentence for people.

A request names a drawing, and may name experiments on the network or on the drawing:

    {"strokes": [[x, y, x, y, …], …]}       pen strokes, or
    {"image": base64 of 784 bytes}          28 × 28, ink = 255, as `find` returns it
    "hold": {"forget_gate": [1.0, 0, 27]}   a value, and the first and last row at which the gate is held to it;
                                            a fourth number names the one unit whose gate it is, else all are held
    "silence": [3, 17]                      units to silence
    "vary": "rotated"                       one of model.preprocessing.variations.VARIATIONS
    "full": true                            answer with float32 arrays
"""

import base64
import binascii
from itertools import accumulate, chain, pairwise
from typing import Any, NamedTuple

import numpy as np
import orjson

from model.networks.dimensions import GATES, ROWS, UNITS
from model.preprocessing.normalize import SIDE, to_float32, to_uint8
from model.preprocessing.pictures import image_of_file
from model.preprocessing.strokes import MAX_POINTS, MAX_STROKES, strokes_to_image
from model.preprocessing.variations import varied

MAX_PARTS = 100_000  # lists, objects and their members: more than the largest drawing has, in anybody's form
MAX_PIXELS = 8_000_000  # of a visitor's picture: to decode more would take too long

_FIELDS = {"strokes", "image", "hold", "silence", "vary", "full"}


class Request(NamedTuple):
    """What is to be read, and how: arguments of `Reader.read`, and the form of the answer."""

    image: np.ndarray
    """(28, 28) float32 in 0…1, ink = 1."""
    hold: dict[str, np.ndarray]
    """For each gate held, (28,) or, when it is that of one unit, (28, 128) float32; NaN where it is free."""
    silence: list[int]
    """Units to silence."""
    full: bool
    """Whether the answer holds all arrays, as float32."""

    @property
    def is_experiment(self) -> bool:
        """Whether the network is changed; a variation changes the drawing alone."""
        return bool(self.hold or self.silence)


def parsed(body: bytes) -> Any:
    """What a body holds as JSON. NaN, infinities and numbers beyond float64 are none.

    What holds more than any request does is not taken apart: that takes fifty times its size in memory, and as long as
    it lasts nobody else is served.
    """
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_PARTS:
        raise ValueError(f"The request holds more than {MAX_PARTS:,} lists and numbers, more than any drawing.")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ValueError("The request is not JSON.") from error


def checked(request: Any) -> Request:
    """The request to read a drawing, from JSON already parsed."""
    _check_fields(request, _FIELDS)
    image = _image(request)
    full = _field(request, "full", bool, "true or false for full", False)
    return Request(image, _hold(request), _silence(request), full)


def found(request: Any) -> str:
    """The digit in a picture file, `{"picture": base64 of it}`: base64 of 784 bytes, ink = 255."""
    _check_fields(request, {"picture"})
    image = image_of_file(_base64(_field(request, "picture", str, "a picture")), MAX_PIXELS)
    return base64.b64encode(to_uint8(image)).decode("ascii")


def _image(request: Any) -> np.ndarray:
    if isinstance(request, dict) and "image" in request:
        data = _base64(_field(request, "image", str, "an image"))
        if len(data) != SIDE * SIDE:
            raise ValueError(f"An image must be {SIDE * SIDE} bytes; this one is {len(data):,}.")
        image = to_float32(np.frombuffer(data, np.uint8).reshape(SIDE, SIDE))
    else:
        strokes = _strokes(_field(request, "strokes", list, "a list of strokes"))
        image = strokes_to_image(strokes) if strokes else np.zeros((SIDE, SIDE), np.float32)
    how = request.get("vary")
    return image if how is None else varied(image, how)


def _strokes(strokes: list) -> list[np.ndarray]:
    if len(strokes) > MAX_STROKES:
        raise ValueError(f"The drawing has {len(strokes):,} strokes; at most {MAX_STROKES:,} can be read.")
    strokes = [stroke for stroke in strokes if stroke != []]
    if not all(
        isinstance(stroke, list) and len(stroke) % 2 == 0 and len(stroke) <= 2 * MAX_POINTS for stroke in strokes
    ):
        raise ValueError(f"A stroke must be a list x, y, x, y, … of at most {MAX_POINTS:,} points.")
    numbers = list(chain.from_iterable(strokes))
    if not _are_numbers(numbers):
        raise ValueError("A stroke must hold numbers only.")
    try:
        points = np.array(numbers, np.float64).reshape(-1, 2)  # of all at once: one by one takes ten times as long
    except OverflowError as error:  # a whole number beyond all floats
        raise ValueError("A stroke holds a number that is too large.") from error
    ends = [0, *accumulate(len(stroke) // 2 for stroke in strokes)]
    return [points[first:end] for first, end in pairwise(ends)]


def _hold(request: dict) -> dict[str, np.ndarray]:
    held = {}
    for gate, how in _field(request, "hold", dict, "an object of gates to hold", {}).items():
        if gate not in GATES:
            raise ValueError(f"There is no gate {gate[:40]!r} to hold; there are {', '.join(GATES)}.")
        if not (isinstance(how, list) and len(how) in (3, 4) and _are_numbers(how) and 0 <= how[0] <= 1):
            raise ValueError(f"Hold the {gate} as [value from 0 to 1, first row, last row], and maybe its unit last.")
        value, first, last, *unit = how
        if not (type(first) is type(last) is int and 0 <= first <= last < ROWS):
            raise ValueError(f"Hold the {gate} from one row to another, 0 to {ROWS - 1}, in this order.")
        if unit and not (type(unit[0]) is int and 0 <= unit[0] < UNITS):
            raise ValueError(f"Hold the {gate} of one unit, a whole number from 0 to {UNITS - 1}, or of all.")
        held[gate] = np.full((ROWS, UNITS) if unit else ROWS, np.nan, np.float32)
        held[gate][(slice(first, last + 1), *unit)] = value
    return held


def _silence(request: dict) -> list[int]:
    units = _field(request, "silence", list, "a list of units to silence", [])
    if not all(type(unit) is int for unit in units):
        raise ValueError("Units to silence are whole numbers.")
    return units


def _check_fields(request: Any, known: set[str]) -> None:
    """Refuse unknown fields: a misspelt experiment would otherwise be ignored."""
    unknown = [name for name in request if name not in known] if isinstance(request, dict) else []
    if unknown:
        raise ValueError(f"There is no field {unknown[0][:40]!r}; there are {', '.join(sorted(known))}.")


def _field(request: Any, name: str, kind: type, words: str, default: Any = None) -> Any:
    value = request.get(name, default) if isinstance(request, dict) else None
    if not isinstance(value, kind):
        raise ValueError(f"The request holds no {words.removeprefix('a ').removeprefix('an ')}.")
    return value


def _are_numbers(values: list) -> bool:
    # Not by NumPy, which takes text and truth values for numbers.
    return set(map(type, values)) <= {int, float}


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("The request holds data that is not base64.") from error
