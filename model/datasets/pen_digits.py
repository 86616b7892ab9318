"""Pen digits: 7,494 digits that 30 people wrote on a tablet, as pen strokes.

Alimoglu & Alpaydin, "Pen-Based Recognition of Handwritten Digits", UCI Machine Learning Repository,
doi 10.24432/C5MG6K, CC BY 4.0: the original training file, in UNIPEN's text form (Guyon et al. 1994).
"""

import hashlib
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from model.datasets.digits import Digits
from model.networks.dimensions import CLASSES
from model.preprocessing.normalize import to_uint8
from model.preprocessing.strokes import MAX_COORDINATE, strokes_to_image

SOURCE = "https://archive.ics.uci.edu/ml/machine-learning-databases/pendigits/pendigits-orig.tra.Z"

_COMPRESSED = b"\x1f\x9d"  # how a file of Unix's `compress` begins, .Z


class PenDigit(NamedTuple):
    """One digit as it was written."""

    strokes: list[np.ndarray]  # (n, 2) float64 each: x right and y down, in the data set's own unit
    digit: int  # 0…9
    writer: int  # the data set's number: 1 to 30 in UCI's training file, 0 to 65 in UNIPEN's


def load(path: str | Path | None = None) -> list[PenDigit]:
    """The pen digits of a file in the order of the file; without a path, as Keras fetches it from UCI and keeps it.

    The file may be plain or compressed (.Z). Raises FileNotFoundError when there is none or it cannot be fetched,
    ValueError when it is damaged or holds something else.
    """
    if path is None:
        try:
            path = keras.utils.get_file("pendigits-orig.tra.Z", SOURCE)
        except Exception as error:  # Keras raises plain Exceptions
            raise FileNotFoundError(
                f"The pen digits could not be fetched from UCI ({error}). Give them with --pen-digits PATH."
            ) from error
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}. Leave --pen-digits out and they are fetched from UCI.")
    content = path.read_bytes()
    if content.startswith(_COMPRESSED):
        content = _expanded(path)
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} holds no pen digits: it is not plain text.") from error
    return parse(text, str(path))


def parse(text: str, source: str) -> list[PenDigit]:
    """The digits in UNIPEN text, as UCI's file has it; `source` names it in errors.

    A digit begins with `.SEGMENT DIGIT … "its digit"`, then `.COMMENT digit writer sample`, then for each stroke a
    `.PEN_DOWN`, a line `x y` a point, y up, and `.PEN_UP`. Raises ValueError for anything else.
    """
    unipen = _Unipen()
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        try:
            unipen.take(line.split())
        except ValueError as error:
            raise ValueError(f"{source}, line {number}: {error}.") from error
    try:
        unipen.end_digit()
    except ValueError as error:
        raise ValueError(f"{source} ends too early: {error}.") from error
    if not unipen.digits:
        raise ValueError(f"{source} holds no pen digits: there is no .SEGMENT DIGIT in it.")
    return unipen.digits


def split(digits: list[PenDigit], writers: Iterable[int]) -> list[PenDigit]:
    """Those of the digits that these writers wrote. Raises ValueError when there are none."""
    theirs = [digit for digit in digits if digit.writer in set(writers)]
    if not theirs:
        raise ValueError(f"There are no pen digits by the writers {min(writers)} to {max(writers)}: give UCI's file.")
    return theirs


def plain(digits: list[PenDigit]) -> Digits:
    """Each digit as it was written, drawn by the page's pen."""
    return labelled([strokes_to_image(digit.strokes) for digit in digits], digits)


def labelled(images: list[np.ndarray], digits: list[PenDigit]) -> Digits:
    """Drawings of these digits, one each, (28, 28) ink in 0…1, with their labels."""
    return Digits(to_uint8(np.stack(images)), np.array([digit.digit for digit in digits], np.uint8))


def fingerprint(digits: list[PenDigit]) -> str:
    """SHA-256 over all points, digits and writers, in hexadecimal."""
    digest = hashlib.sha256()
    for strokes, digit, writer in digits:
        digest.update(f"{digit} {writer} {[len(stroke) for stroke in strokes]}".encode())
        for stroke in strokes:
            digest.update(np.ascontiguousarray(stroke))
    return digest.hexdigest()


class _Unipen:
    """The state of the parser. Every error is a ValueError, its sentence without the full stop."""

    def __init__(self) -> None:
        self.digits: list[PenDigit] = []
        self.label: int | None = None  # of a segment whose writer is still to come
        self.points: list[tuple[int, int]] | None = None  # of the current stroke

    def take(self, words: list[str]) -> None:
        """Parse the next line."""
        if not words:
            return
        keyword, rest = words[0], words[1:]
        if keyword == ".PEN_UP":
            self.end_stroke()
        elif self.points is not None:
            self.points.append(_point(words))
        elif keyword == ".SEGMENT":
            self.end_digit()
            self.label = _label(rest)
        elif keyword == ".COMMENT" and self.label is not None:
            digit, writer, _ = _numbers(rest, 3, f"expected .COMMENT {self.label} and the numbers of writer and sample")
            if digit != self.label:
                raise ValueError(f"the comment says {digit} where the segment says {self.label}")
            self.digits.append(PenDigit([], digit, writer))
            self.label = None
        elif keyword == ".PEN_DOWN":
            if self.label is not None or not self.digits:
                raise ValueError("a stroke begins before it is said which digit it is and who wrote it")
            self.points = []
        elif not keyword.startswith("."):
            raise ValueError(f"{' '.join(words)[:40]!r} belongs to no stroke")

    def end_stroke(self) -> None:
        """End the current stroke."""
        if not self.points:
            raise ValueError("the pen goes up without having drawn a point")
        self.digits[-1].strokes.append(np.array(self.points, float))
        self.points = None

    def end_digit(self) -> None:
        """End the current digit."""
        if self.points is not None:
            raise ValueError("the pen never goes up")
        if self.label is not None:
            raise ValueError(f"a {self.label} has no .COMMENT with its writer")
        if self.digits and not self.digits[-1].strokes:
            raise ValueError(f"a {self.digits[-1].digit} has no strokes")


def _label(words: list[str]) -> int:
    """The digit in `DIGIT 12-13 ? "8"`."""
    shown = words[-1].strip('"') if words else ""
    if words[:1] != ["DIGIT"] or not (shown.isdecimal() and int(shown) < CLASSES):
        raise ValueError('a segment should be a DIGIT and end with "0" to "9"')
    return int(shown)


def _point(words: list[str]) -> tuple[int, int]:
    """The point of a line, y turned to point down."""
    x, y = _numbers(words, 2, "expected a point, x and y, or .PEN_UP")
    return x, -y


def _numbers(words: list[str], count: int, sentence: str) -> list[int]:
    """So many whole numbers, and no more."""
    try:
        numbers = [int(word) for word in words]
    except ValueError:
        numbers = []
    if len(numbers) != count or max(map(abs, numbers)) > MAX_COORDINATE:
        raise ValueError(f"{sentence}, not {' '.join(words)[:40]!r}")
    return numbers


def _expanded(path: Path) -> bytes:
    """A .Z file, decompressed."""
    try:
        return subprocess.run(["gzip", "-dc", path], capture_output=True, check=True).stdout
    except FileNotFoundError as error:
        raise ValueError(f"{path} is compressed, and there is no gzip here to expand it: give it expanded.") from error
    except subprocess.CalledProcessError as error:
        raise ValueError(f"{path} is damaged: gzip cannot expand it. Fetch it again.") from error
