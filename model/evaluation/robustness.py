"""A drawing as another program or another hand would give it: as a picture, larger, thicker, turned."""

import numpy as np
from PIL import Image, ImageDraw

PEN = 0.1
"""The page's pen on the page's pad: so wide is a line in a digit that fills most of the pad, in sizes of the digit."""

_FINE = 2  # drawn so much larger, then averaged


def picture(strokes: list[np.ndarray], size: float, pen: float) -> Image.Image:
    """A picture of the strokes, dark on light, 8 bits a pixel.

    size: of the drawing's longer side, in pixels; the picture has a margin of at least half that all around. pen: width
    of the line in the page's pens.
    """
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    width = max(1.0, PEN * pen * size)
    side = round(2 * size + 2 * width)
    scale = size / max((high - low).max(), 1e-9)
    image = Image.new("L", (side * _FINE, side * _FINE), 255)
    paper = ImageDraw.Draw(image)
    reach = width * _FINE / 2
    for stroke in strokes:
        line = [tuple(p) for p in (((stroke - (low + high) / 2) * scale + side / 2) * _FINE).tolist()]
        paper.line(line, fill=0, width=round(2 * reach))
        for x, y in line:
            paper.ellipse((x - reach, y - reach, x + reach, y + reach), fill=0)
    return image.reduce(_FINE)


def turned(strokes: list[np.ndarray], degrees: float) -> list[np.ndarray]:
    """The strokes turned, clockwise on a pad whose y points down."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return [stroke @ turn for stroke in strokes]


def on_pad(strokes: list[np.ndarray], size: float, corner: tuple[float, float]) -> list[np.ndarray]:
    """The strokes as the page would send them, drawn at this size with this upper left corner: in whole numbers."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    scale = size / max((high - low).max(), 1e-9)
    return [np.rint((stroke - low) * scale + corner) for stroke in strokes]
