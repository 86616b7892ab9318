"""Variations of an image, to see what the network is sensitive to and what it is not."""

import numpy as np
from PIL import Image, ImageFilter

from model.networks.dimensions import PIXELS, ROWS
from model.preprocessing.normalize import to_float32, to_uint8

VARIATIONS = {
    "shifted": "two pixels to the right and two down",
    "rotated": "turned by 15° to the left",
    "thinner": "with half the ink's width",
}
"""By name: what each does, for people."""


def varied(image: np.ndarray, how: str) -> np.ndarray:
    """Vary an image, (28, 28) ink in 0…1, after it was centred and scaled; `how` is a name of VARIATIONS.

    Raises ValueError, with a sentence for people, for an unknown one.
    """
    if not isinstance(how, str) or how not in VARIATIONS:
        raise ValueError(f"A drawing can be varied in these ways: {', '.join(VARIATIONS)}.")
    picture = Image.fromarray(to_uint8(image))
    if how == "shifted":
        picture = picture.rotate(0, translate=(2, 2))
    elif how == "rotated":
        picture = picture.rotate(15, Image.Resampling.BICUBIC)
    else:
        # Four times as large, two pixels off all round: about half of most lines.
        large = picture.resize((4 * PIXELS, 4 * ROWS), Image.Resampling.BICUBIC)
        picture = large.filter(ImageFilter.MinFilter(5)).resize((PIXELS, ROWS), Image.Resampling.BOX)
    return to_float32(np.asarray(picture))
