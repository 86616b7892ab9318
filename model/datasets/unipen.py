"""UNIPEN digits: 9,330 handwritten digits as pen strokes, by 66 writers of five donors.

UNIPEN, train_r01_v07, category 1a (Guyon et al. 1994), CC BY 4.0. They are in unipen.npz beside this file: each scaled
to 255 along its longer side and rounded, without the points that lie on a straight line to within 0.8 of that.
"""

from pathlib import Path
from typing import NamedTuple

from model.datasets import packed
from model.datasets.pen_digits import PenDigit

FILE = Path(__file__).with_name("unipen.npz")

KEPT, WRONG_LABEL, NOT_ONE = range(3)
"""What the array `dropped` says of a digit: it was kept; it shows another; it is only a part of one, or several."""


class Collection(NamedTuple):
    """The digits by the part they play; nobody has written in two of them."""

    learned: list[PenDigit]
    validation: list[PenDigit]
    unseen: list[PenDigit]


def load() -> list[PenDigit]:
    """The digits that were kept, in the order of the file, their writers numbered from 0 to 65.

    Dropped are 108: four show another digit than their label says, eleven are several, the others a part of one. The
    network that shipped before, which had learned from none of them, misread or refused 294; which of these nobody
    would read as their label was then decided by eye.
    """
    strokes, arrays = packed.read(FILE, "digit_end")
    parts = zip(strokes, arrays["digit"], arrays["writer"], arrays["dropped"], strict=True)
    return [PenDigit(drawn, int(digit), int(writer)) for drawn, digit, writer, dropped in parts if dropped == KEPT]


def split(digits: list[PenDigit]) -> Collection:
    """Those to learn from, by six writers of eight; for validation, by one; and for the test, by one.

    UNIPEN has some people under several numbers, and some of their drawings more than once, the same to the byte. Who
    shares one with an earlier part is left out: of validation two numbers with 115 digits, of the test two with 136.
    """
    learned, validation, unseen = (
        [digit for digit in digits if digit.writer % 8 in places] for places in (range(6), (6,), (7,))
    )
    return Collection(learned, _strangers(validation, learned), _strangers(unseen, learned + validation))


def _strangers(digits: list[PenDigit], known: list[PenDigit]) -> list[PenDigit]:
    """The digits of those writers who share no drawing with the known ones."""
    drawn = {_drawing(digit) for digit in known}
    others = {digit.writer for digit in digits if _drawing(digit) in drawn}
    return [digit for digit in digits if digit.writer not in others]


def _drawing(digit: PenDigit) -> tuple[bytes, ...]:
    return tuple(stroke.tobytes() for stroke in digit.strokes)
