"""What programs ask and what they are answered: the words and forms of `Reader.read`, in lists and numbers."""

from typing import Any, Literal, TypedDict, get_args

import numpy as np

from model.networks.dimensions import ROWS
from model.preprocessing.strokes import MAX_STROKES
from model.reader import Reader, Reading
from model.serving.request import checked, found

Strokes = list[list[list[float]]]
Hold = dict[str, float | list[float]]
Name = Literal[
    "image", "logits", "verdict", "evidence", "memory", "added",
    "input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden",
]  # fmt: skip
Rows = list[list[float]]


class Untouched(TypedDict):
    """What the network says without the experiment on it."""

    digit: int | None
    why: str | None
    probabilities: list[float]  # 10


class Answer(TypedDict):
    """What the network made of one drawing. Numbers are rounded to six decimals."""

    digit: int | None  # None: then `why` says why not
    why: str | None  # "blank", "several" marks side by side, or "other": not a digit
    probabilities: list[float]  # 10, after the last row
    arrays: dict[str, Rows]  # those asked for, as in `model.Reading`: 28 rows each, row 0 at the top of the image
    untouched: Untouched | None  # None without an experiment


class Api:
    """The two ways to have a drawing read. Gradio tells programmers their types, and agents their docstrings."""

    def __init__(self, reader: Reader) -> None:
        """Answer with this reader."""
        self._reader = reader

    def read_strokes(
        self,
        strokes: Strokes,
        hold: Hold | None = None,
        silence: list[int] | None = None,
        arrays: list[Name] | None = None,
    ) -> Answer:
        """Read a handwritten digit from pen strokes with an LSTM, row by row of 28 × 28 pixels.

        Arrays have 28 rows, counted from 0: image; logits, the readout after each row; verdict, its softmax; evidence,
        what each row adds to each last logit; memory, how much of what each row wrote is left at the end; added, what
        each row adds to the last hidden state; input_gate, forget_gate, candidate, output_gate, cell, hidden.

        Args:
            strokes: a list of points [x, y] for each stroke; x to the right, y down, in any unit, anywhere
            hold: gates to fix: {"forget_gate": 1}; at some rows 0 to 27 [value, first, last]; of one unit [..., unit]
            silence: units, 0 to 127, whose hidden output is put to 0
            arrays: names of what to give of how it read, as listed above; none when left out

        Returns:
            digit or null, why not (blank, several, other), 10 probabilities, arrays asked for, what it says untouched
        """
        if isinstance(strokes, list) and len(strokes) <= MAX_STROKES:  # the others are refused as the page's are
            strokes = [_flat(stroke) for stroke in strokes]
        return self._answer({"strokes": strokes}, hold, silence, arrays)

    def read_picture(
        self,
        picture: str,
        hold: Hold | None = None,
        silence: list[int] | None = None,
        arrays: list[Name] | None = None,
    ) -> Answer:
        """Read a handwritten digit from a picture with an LSTM, row by row of 28 × 28 pixels.

        Arrays have 28 rows, counted from 0: image; logits, the readout after each row; verdict, its softmax; evidence,
        what each row adds to each last logit; memory, how much of what each row wrote is left at the end; added, what
        each row adds to the last hidden state; input_gate, forget_gate, candidate, output_gate, cell, hidden.

        Args:
            picture: a PNG, JPEG, WebP, GIF or BMP file in base64; one digit, dark on light or light on dark
            hold: gates to fix: {"forget_gate": 1}; at some rows 0 to 27 [value, first, last]; of one unit [..., unit]
            silence: units, 0 to 127, whose hidden output is put to 0
            arrays: names of what to give of how it read, as listed above; none when left out

        Returns:
            digit or null, why not (blank, several, other), 10 probabilities, arrays asked for, what it says untouched
        """
        return self._answer({"image": found({"picture": picture})}, hold, silence, arrays)

    def _answer(self, drawing: dict[str, Any], hold: Any, silence: Any, arrays: Any) -> Answer:
        known = get_args(Name)
        names = [] if arrays is None else arrays
        if not isinstance(names, list) or len(names) > len(known) or not all(name in known for name in names):
            raise ValueError(f"The arrays to give are a list of {', '.join(known)}, each once.")
        request = {**drawing, "hold": _by_rows(hold), "silence": [] if silence is None else silence}
        image, held, silenced, _ = asked = checked(request)
        reading = self._reader.read(image, held, silenced)
        untouched = self._reader.read(image) if asked.is_experiment else None
        return {
            **_said(reading),
            "arrays": {name: _rounded(_array(reading, name)) for name in names},
            "untouched": untouched and _said(untouched),
        }


def _flat(stroke: Any) -> list[Any]:
    if not isinstance(stroke, list) or not all(isinstance(point, list) and len(point) == 2 for point in stroke):
        raise ValueError("A stroke must be a list of points, each of them [x, y].")
    return [number for point in stroke for number in point]


def _by_rows(hold: Any) -> Any:
    """The gates as the page's requests have them: one held at a number is held there from the first row to the last."""
    if hold is None:
        return {}
    if not isinstance(hold, dict):
        return hold
    return {gate: how if isinstance(how, list) else [how, 0, ROWS - 1] for gate, how in hold.items()}


def _said(reading: Reading) -> Any:
    return {"digit": reading.digit, "why": reading.why, "probabilities": _rounded(reading.probabilities)}


def _array(reading: Reading, name: str) -> np.ndarray:
    return getattr(reading.trace if name in reading.trace._fields else reading, name)


def _rounded(array: np.ndarray) -> list[Any]:
    return np.round(array.astype(np.float64), 6).tolist()
