"""How robust the answers are when the same drawing comes in another form: moved, scaled, turned, as a picture."""

import numpy as np
from PIL import Image, ImageDraw

from model.augmentation.trajectories import rotation
from model.datasets.pen_digits import PenDigit
from model.evaluation.metrics import Measurement, share
from model.preprocessing.pictures import picture_to_image
from model.preprocessing.strokes import strokes_to_image
from model.reader import Reader

PEN = 0.1
"""The page's pen on the page's pad: so wide is a line in a digit that fills most of the pad, in sizes of the digit."""

_FINE = 2  # drawn so much larger, then averaged


def same_answers(reader: Reader, pen_digits: list[PenDigit], images: np.ndarray) -> list[Measurement]:
    """How often the answer to an altered drawing is that to the original; refusing is an answer too.

    images: (n, 28, 28) ink in 0…1, the drawings as they are.
    """

    def answers(images: np.ndarray) -> np.ndarray:
        refused = reader.scores(images) < reader.least_score
        return np.where(refused, -1, reader.classify(images).argmax(axis=1))

    expected = answers(images)
    rng = np.random.default_rng(0)
    alterations = {
        "moved and scaled 0.3–3 × on the pad": lambda s: strokes_to_image(
            on_pad(s, 300 * 3 ** rng.uniform(-1, 1), tuple(rng.uniform(0, 100, 2)))
        ),
        "turned by up to 10° either way": lambda s: strokes_to_image(turned(s, rng.uniform(-10, 10))),
        "as a picture, scaled 0.3–3 ×": lambda s: picture_to_image(picture(s, 150 * 3 ** rng.uniform(-1, 1), 1)),
        "as a picture, line 0.5–3 × as wide": lambda s: picture_to_image(
            picture(s, 150, np.exp(rng.uniform(np.log(0.5), np.log(3))))
        ),
    }
    return [
        share(f"same answer {name}", answers(np.stack([altered(d.strokes) for d in pen_digits])) == expected)
        for name, altered in alterations.items()
    ]


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
    return [stroke @ rotation(np.radians(degrees)) for stroke in strokes]


def on_pad(strokes: list[np.ndarray], size: float, corner: tuple[float, float]) -> list[np.ndarray]:
    """The strokes as the page would send them, drawn at this size with this upper left corner: in whole numbers."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    scale = size / max((high - low).max(), 1e-9)
    return [np.rint((stroke - low) * scale + corner) for stroke in strokes]
