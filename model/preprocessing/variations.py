"""Variations of an image, to see what the network is sensitive to and what it is not.

They are computed with whole numbers, so that `assets/engine/variations.js` gives the same bytes.
"""

import numpy as np

from model.networks.dimensions import PIXELS, ROWS
from model.preprocessing.normalize import to_float32, to_uint8

VARIATIONS = {
    "shifted": "two pixels to the right and two down",
    "rotated": "turned by 15° to the left",
    "thinner": "with half the ink's width",
}
"""By name: what each does, for people."""

SHIFT = 2  # pixels to the right and down
TURN = (63_303, 16_962)  # cosine and sine of 15°, of 65,536
LARGE = 4  # times as large a line is thinned …
THINNED = 2  # … by so many pixels there, on both sides: about half of most lines
STEPS = 16  # a pixel is sampled at such parts of it

_ONE = 65_536


def varied(image: np.ndarray, how: str) -> np.ndarray:
    """Vary an image, (28, 28) ink in 0…1, after it was centred and scaled; `how` is a name of VARIATIONS.

    Returns (28, 28) float32, multiples of 1/255. Raises ValueError, with a sentence for people, for an unknown one.
    """
    if not isinstance(how, str) or how not in VARIATIONS:
        raise ValueError(f"A drawing can be varied in these ways: {', '.join(VARIATIONS)}.")
    change = {"shifted": _shifted, "rotated": _rotated, "thinner": _thinner}[how]
    return to_float32(change(to_uint8(image)).astype(np.uint8))


def _shifted(pixels: np.ndarray) -> np.ndarray:
    return np.pad(pixels, ((SHIFT, 0), (SHIFT, 0)))[:ROWS, :PIXELS]


def _rotated(pixels: np.ndarray) -> np.ndarray:
    """Each pixel is what lies where it came from: about the middle, turned back."""
    cosine, sine = TURN
    y, x = 2 * np.mgrid[:ROWS, :PIXELS] - np.array([ROWS - 1, PIXELS - 1])[:, None, None]  # half pixels from the middle
    part = 2 * _ONE // STEPS
    from_x = (cosine * x - sine * y + (PIXELS - 1) * _ONE + part // 2) // part
    from_y = (sine * x + cosine * y + (ROWS - 1) * _ONE + part // 2) // part
    return _sampled(pixels, from_x, from_y)


def _thinner(pixels: np.ndarray) -> np.ndarray:
    """Made large, the lightest around each place taken, and made small again."""
    places = (np.arange(LARGE * PIXELS) * 2 + 1 - LARGE) * STEPS // (2 * LARGE)
    weights = np.zeros((len(places), PIXELS + 4))
    for k, weight in enumerate(_cubic(places % STEPS)):
        weights[np.arange(len(places)), places // STEPS + k + 1] = weight
    weights = weights[:, 2:-2]
    large = np.pad(_rounded(weights @ pixels @ weights.T), THINNED)  # exact: far below 2 ** 53
    for axis in (0, 1):
        large = np.lib.stride_tricks.sliding_window_view(large, 2 * THINNED + 1, axis).min(-1)
    return (large.reshape(ROWS, LARGE, PIXELS, LARGE).sum((1, 3)) + LARGE * LARGE // 2) // (LARGE * LARGE)


def _sampled(pixels: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pixels between pixels, by cubic convolution (Keys 1981, doi 10.1109/TASSP.1981.1163711); paper beyond the edges.

    x, y: places in parts of a pixel, 0 in the middle of the first one, whole numbers.
    """
    around = np.pad(pixels.astype(np.int64), PIXELS)
    columns, rows = x // STEPS + PIXELS, y // STEPS + PIXELS
    of_x, of_y = _cubic(x % STEPS), _cubic(y % STEPS)
    return _rounded(sum(of_y[j] * of_x[k] * around[rows + j - 1, columns + k - 1] for j in range(4) for k in range(4)))


def _cubic(t: np.ndarray) -> tuple[np.ndarray, ...]:
    """The weights of the pixel before, the one there and the two after, together 2 · 16³. t: sixteenths from there."""
    s = STEPS
    return (
        -t * (t - s) ** 2,
        3 * t**3 - 5 * s * t**2 + 2 * s**3,
        -3 * t**3 + 4 * s * t**2 + s**2 * t,
        t**3 - s * t**2,
    )


def _rounded(sums: np.ndarray) -> np.ndarray:
    """Bytes of sums that were weighted along both axes."""
    one = (2 * STEPS**3) ** 2
    return ((sums + one // 2) // one).clip(0, 255)
