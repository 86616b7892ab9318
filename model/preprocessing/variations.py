"""The same digit, a little different: what does the network see, and what is it blind to?"""

import numpy as np
from PIL import Image, ImageFilter

VARIATIONS = {
    "shifted": "two pixels to the right and two down",
    "rotated": "turned by 15° to the left",
    "thinner": "with half the ink's width",
}


def varied(image: np.ndarray, how: str) -> np.ndarray:
    """Vary an image, (28, 28) ink in 0…1, after it was centred and scaled. Raises ValueError for an unknown way."""
    if not isinstance(how, str) or how not in VARIATIONS:
        raise ValueError(f"A drawing can be varied in these ways: {', '.join(VARIATIONS)}.")
    picture = Image.fromarray(np.rint(image * 255).astype(np.uint8))
    if how == "shifted":
        picture = picture.rotate(0, translate=(2, 2))
    elif how == "rotated":
        picture = picture.rotate(15, Image.Resampling.BICUBIC)
    else:
        # Four times as large, two pixels off all round: about half of most lines.
        large = picture.resize((112, 112), Image.Resampling.BICUBIC)
        picture = large.filter(ImageFilter.MinFilter(5)).resize((28, 28), Image.Resampling.BOX)
    return np.asarray(picture, np.float32) / 255
