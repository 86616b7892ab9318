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
