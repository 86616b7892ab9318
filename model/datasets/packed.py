"""Handwriting in an .npz: pen strokes packed into four plain arrays."""

from pathlib import Path

import numpy as np

Strokes = list[np.ndarray]  # (n, 2) float64 each, x right and y down


def read(path: Path, ends: str) -> tuple[list[Strokes], dict[str, np.ndarray]]:
    """The strokes of each drawing in the file, and its other arrays. Nothing is unpickled.

    The file has `points` (n, 2), `stroke_end` (m,), where in the points each stroke ends, and an array that `ends`
    names, where in the strokes each drawing ends.
    """
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    points, stroke_end, drawing_end = (arrays.pop(name) for name in ("points", "stroke_end", ends))
    strokes = np.split(points.astype(float), stroke_end[:-1])
    starts = [0, *drawing_end[:-1]]
    return [strokes[start:end] for start, end in zip(starts, drawing_end, strict=True)], arrays
