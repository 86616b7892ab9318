"""What the page asks and what it is answered, as plain JSON."""

import base64
from typing import Any

import numpy as np

from model.image import MAX_POINTS, SIDE, strokes_to_image
from model.reader import Reader, Reading

MAX_STROKES = 1_000


def answer(reader: Reader, request: Any) -> dict[str, Any]:
    """Read what a page sent: `{"strokes": [[x, y, x, y, …], …]}`.

    Returns `{"ok": True, "digit": …, "arrays": …}`, or `{"ok": False, "error": a sentence for people}`.
    """
    try:
        strokes = _strokes(request)
        image = strokes_to_image(strokes) if strokes else np.zeros((SIDE, SIDE), np.float32)
        reading = reader.read(image)
    except ValueError as error:
        return {"ok": False, "error": str(error)}
    return {"ok": True, "digit": reading.digit, "arrays": _packed(reading)}


def _strokes(request: Any) -> list[np.ndarray]:
    """The strokes of a request, each (n, 2). Raises ValueError when it holds anything else."""
    if not isinstance(request, dict) or not isinstance(request.get("strokes"), list):
        raise ValueError("The request holds no list of strokes.")
    strokes = request["strokes"]
    if len(strokes) > MAX_STROKES:
        raise ValueError(f"The drawing has {len(strokes):,} strokes; at most {MAX_STROKES:,} can be read.")
    return [_stroke(stroke) for stroke in strokes if stroke != []]


def _stroke(numbers: Any) -> np.ndarray:
    if not isinstance(numbers, list) or len(numbers) % 2 or len(numbers) > 2 * MAX_POINTS:
        raise ValueError(f"A stroke must be a list x, y, x, y, … of at most {MAX_POINTS:,} points.")
    # By hand, since NumPy would take text and truth values for numbers.
    if not all(type(number) in (int, float) for number in numbers):
        raise ValueError("A stroke must hold numbers only.")
    try:
        return np.array(numbers, np.float64).reshape(-1, 2)
    except OverflowError as error:  # a whole number beyond all floats
        raise ValueError("A stroke holds a number that is too large.") from error


def _packed(reading: Reading) -> str:
    """All arrays end to end as little-endian float16, in base64: `assets/reading.js` takes them apart.

    Half precision keeps three digits, which is what the page shows, in half the bytes.
    """
    arrays = (*reading.trace, reading.logits, reading.verdict, reading.evidence, reading.probabilities, reading.image)
    flat = np.concatenate([array.ravel() for array in arrays]).astype("<f2")
    return base64.b64encode(flat.tobytes()).decode("ascii")
