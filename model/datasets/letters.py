"""Letters: 2,000 handwritten letters that look like no digit, as pen strokes, by 459 writers.

UNIPEN, train_r01_v07 (Guyon et al. 1994), CC BY 4.0. They are in letters.npz beside this file.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from model.datasets import packed
from model.preprocessing.normalize import to_uint8
from model.preprocessing.strokes import strokes_to_image

FILE = Path(__file__).with_name("letters.npz")


class Letter(NamedTuple):
    """One letter as it was written."""

    strokes: list[np.ndarray]  # (n, 2) each, x right and y down
    letter: str
    writer: int  # 0…458


def load() -> list[Letter]:
    """All letters, in the order of the file."""
    strokes, arrays = packed.read(FILE, "letter_end")
    parts = zip(strokes, arrays["letter"], arrays["writer"], strict=True)
    return [Letter(drawn, chr(name), int(writer)) for drawn, name, writer in parts]


def learned(letters: list[Letter]) -> list[Letter]:
    """The training letters: those by six writers of ten."""
    return [letter for letter in letters if letter.writer % 10 in (0, 1, 2, 3, 4, 6)]


def validation(letters: list[Letter]) -> list[Letter]:
    """The validation letters: those by one writer of ten."""
    return [letter for letter in letters if letter.writer % 10 == 8]


def unseen(letters: list[Letter]) -> list[Letter]:
    """The test letters: those by three writers of ten, used neither for training nor for validation."""
    return [letter for letter in letters if letter.writer % 10 in (5, 7, 9)]


def plain(letters: list[Letter]) -> np.ndarray:
    """Each letter as it was written, drawn by the page's pen: (n, 28, 28) uint8, ink = 255."""
    return to_uint8(np.stack([strokes_to_image(letter.strokes) for letter in letters]))
