"""Digits that people wrote, as strokes and as photos."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

DATA = Path(__file__).resolve().parents[1] / "data"


def pen_digits() -> list[dict[str, Any]]:
    """60 digits as six people wrote them, `{"digit": …, "strokes": [[x, y, x, y, …], …]}` on a 1000 × 1000 pad."""
    return json.loads((DATA / "digits.json").read_text(encoding="utf-8"))["digits"]


def first_of(digit: int) -> list[list[float]]:
    """The strokes of the first of `pen_digits` that is this digit."""
    return next(entry["strokes"] for entry in pen_digits() if entry["digit"] == digit)


def beside(*digits: int) -> list[list[float]]:
    """Strokes of digits side by side, a gap between them."""
    share = 1 / len(digits)
    return [
        [0.75 * share * value + (1000 * share * place if k % 2 == 0 else 300) for k, value in enumerate(stroke)]
        for place, digit in enumerate(digits)
        for stroke in first_of(digit)
    ]


def no_digits() -> dict[str, list[list[float]]]:
    """Drawings that are no digit, by their names."""
    turn = np.linspace(0, 2 * np.pi, 120)
    return {
        "a scribble": [np.stack([500 + 350 * np.sin(7 * turn), 500 + 350 * np.cos(5 * turn)], 1).ravel().tolist()],
        "an A": [[200, 850, 500, 150, 800, 850], [320, 580, 680, 580]],
        "an X": [[200, 150, 800, 850], [800, 150, 200, 850]],
        "a dash": [[200, 500, 800, 500]],
        "a dot": [[500, 500]],
    }


def as_points(strokes: list[list[float]]) -> list[np.ndarray]:
    return [np.array(stroke, float).reshape(-1, 2) for stroke in strokes]


def photo(digit: dict[str, Any]) -> bytes:
    """A digit of `pen_digits` as a photo of it might be: a PNG file, dark on light."""
    picture = Image.new("L", (300, 200), 230)
    for stroke in as_points(digit["strokes"]):
        ImageDraw.Draw(picture).line([tuple(p) for p in (stroke / 5 + (60, 0)).tolist()], 40, 9)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
