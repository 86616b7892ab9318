"""Fifteen corruptions of MNIST, after MNIST-C (Mu & Gilmer 2019, arXiv 1906.02337).

Each takes images, (n, 28, 28) float32 ink in 0…1, and gives the same corrupted. They are written anew, with the
severities that the paper's authors released (`google-research/mnist-c`), and other random numbers: errors on them are
near those on the paper's files, not the same.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from model.evaluation.affine import resampled
from model.networks.dimensions import PIXELS, ROWS


@dataclass(frozen=True)
class Severities:
    """How much of each, as MNIST-C has it. Lengths are in pixels, amounts of ink from 0 to 1."""

    photons: float = 3.0  # of full ink, in shot noise
    impulses: float = 0.17  # the share of pixels
    glass_sigma: float = 0.7  # of the blur before and after
    glass_rounds: int = 2  # of swapping neighbours
    motion_length: int = 20
    motion_sigma: float = 3.0
    motion_angle: float = np.pi / 4  # at most, either way from level
    shear: float = 0.4  # radians, by which the upright leans
    scale: float = 0.7  # of the size
    rotate: float = 0.4  # radians
    brightness: float = 0.5  # ink added everywhere
    translate: float = 3.0  # sideways and up or down
    stripe: int = 7  # columns at either side
    fog: float = 3.0  # its density
    fog_decay: float = 1.4  # of its detail, an octave
    spatter: tuple[float, float, float] = (0.65, 0.3, 1.0)  # mean, deviation and blur of the liquid
    spatter_level: float = 0.65  # above which the liquid stays
    spatter_edge: float = 1.5  # blur of its edge
    spatter_ink: float = 63 / 255
    line: float = 2.3  # how far from its middle a line has faded, up and down
    dots: int = 2  # columns of a dot, and of a gap
    zigzag: float = 2.0  # half the length and the height of one zig
    zigzag_lean: int = 5  # rows that it may rise or fall
    canny_sigma: float = 1.0
    canny_low: float = 0.1  # Sobel's gradient above which an edge goes on,
    canny_high: float = 0.2  # and above which one begins


def shot_noise(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """Ink counted as few photons would: Poisson noise."""
    return np.minimum(rng.poisson(images * severity.photons) / severity.photons, 1)


def impulse_noise(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """Salt and pepper: some pixels become full ink or paper."""
    hit = rng.random(images.shape) < severity.impulses
    return np.where(hit, rng.integers(0, 2, images.shape), images)


def glass_blur(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """As through frosted glass: blurred, neighbouring pixels swapped at random, blurred again."""
    images = _blurred(images, severity.glass_sigma)
    which = np.arange(len(images))
    for _ in range(severity.glass_rounds):
        for row in range(ROWS - 1, 1, -1):
            for column in range(PIXELS - 1, 1, -1):
                up, left = rng.integers(0, 2, (2, len(images))) * rng.integers(0, 2, len(images))  # half stay
                here, there = (which, row, column), (which, row - up, column - left)
                images[here], images[there] = images[there], images[here].copy()
    return _blurred(images, severity.glass_sigma)


def motion_blur(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """Drawn out along a line at random, fading as half a Gaussian does."""
    steps = np.arange(severity.motion_length + 1)
    weights = np.exp(-(steps**2) / (2 * severity.motion_sigma**2))
    angles = rng.uniform(-severity.motion_angle, severity.motion_angle, len(images))
    reach = severity.motion_length
    padded = np.pad(images, [(0, 0), (reach, reach), (reach, reach)], mode="edge")
    which, rows, columns = np.ogrid[: len(images), :ROWS, :PIXELS]
    blurred = np.zeros_like(images)
    for step, weight in zip(steps, weights / weights.sum(), strict=True):
        down, across = (np.rint(step * part).astype(int)[:, None, None] for part in (np.sin(angles), np.cos(angles)))
        blurred += weight * padded[which, rows + reach + down, columns + reach + across]
    return blurred


def shear(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """The upright leans to one side or the other."""
    angles = severity.shear * _signs(rng, len(images))
    return _mapped(images, np.cos(angles), np.zeros(len(images)), -np.sin(angles), np.ones(len(images)))


def scale(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """Smaller."""
    none, factor = np.zeros(len(images)), np.full(len(images), 1 / severity.scale)
    return _mapped(images, factor, none, none, factor)


def rotate(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """Turned, one way or the other."""
    angles = severity.rotate * _signs(rng, len(images))
    return _mapped(images, np.cos(angles), np.sin(angles), -np.sin(angles), np.cos(angles))


def brightness(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """The paper no longer blank, and the ink too full to tell its shades: MNIST's ink is light."""
    return np.minimum(images + severity.brightness, 1)


def translate(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """Moved along both axes."""
    shifts = severity.translate * np.stack([_signs(rng, len(images)), _signs(rng, len(images))], axis=1)
    return resampled(images, np.tile(np.eye(2), (len(images), 1, 1)), shifts)


def stripe(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """Ink and paper exchanged in a stripe at either side."""
    sides = np.r_[: severity.stripe, PIXELS - severity.stripe : PIXELS]
    images = images.copy()
    images[:, :, sides] = 1 - images[:, :, sides]
    return images


def fog(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """Clouds added, and the whole dimmed to the ink that there was."""
    full = images.max(axis=(1, 2), keepdims=True)
    clouds = np.concatenate([_clouds(rng, len(part), severity.fog_decay) for part in _parts(images)])
    return np.clip((images + severity.fog * clouds) * full / (full + severity.fog), 0, 1)


def spatter(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """Blots of mud, half as dark as ink, cover what is below."""
    mean, deviation, blur = severity.spatter
    liquid = _blurred(rng.normal(mean, deviation, images.shape), blur)
    cover = _blurred((liquid > severity.spatter_level).astype(np.float64), severity.spatter_edge)
    cover[cover < 0.8] = 0
    return np.clip(images * (1 - cover) + severity.spatter_ink * cover, 0, 1)


def dotted_line(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """A dotted straight line from side to side."""
    left, right = rng.integers(0, ROWS - 1, (2, len(images))).astype(float)
    ends = np.full(len(images), PIXELS - 1.0)
    line = _line(0 * ends, left, ends, right, severity.line)
    line[:, :, np.arange(PIXELS) // severity.dots % 2 == 0] = 0
    return np.clip(images + line, 0, 1)


def zigzag(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """A zigzag from side to side, level or nearly so."""
    first, last = 2.0, PIXELS - 3.0
    left = rng.integers(0, ROWS - 1, len(images))
    angles = np.arctan(rng.integers(-severity.zigzag_lean, severity.zigzag_lean, len(images)) / (last - first))
    a = severity.zigzag
    along = np.r_[0.0, np.arange(a, last - first, 2 * a), last - first]
    across = np.r_[0.0, a * (-1.0) ** np.arange(len(along) - 2), 0.0]
    columns = first + along * np.cos(angles)[:, None] - across * np.sin(angles)[:, None]  # (n, corners)
    rows = left[:, None] + along * np.sin(angles)[:, None] + across * np.cos(angles)[:, None]
    for k in range(len(along) - 1):
        images = images + _line(columns[:, k], rows[:, k], columns[:, k + 1], rows[:, k + 1], severity.line)
    return np.clip(images, 0, 1)


def canny_edges(images: np.ndarray, rng: np.random.Generator, severity: Severities) -> np.ndarray:
    """Only the edges of the ink, a pixel wide (Canny 1986, doi 10.1109/TPAMI.1986.4767851)."""
    smooth = ndimage.gaussian_filter(
        images.astype(np.float64), (0, severity.canny_sigma, severity.canny_sigma), mode="constant"
    )
    down, across = _sobel(smooth, 1, 2), _sobel(smooth, 2, 1)
    slope = np.hypot(down, across)
    steepest = np.maximum(slope, 1e-9)
    places = np.indices(images.shape, float)
    step = np.stack([0 * slope, down / steepest, across / steepest])  # one pixel up the slope
    ridge = np.ones(images.shape, bool)
    for side in (1, -1):
        ridge &= slope >= ndimage.map_coordinates(slope, places + side * step, order=1)
    edges = ridge & (slope > severity.canny_low)
    neighbours = np.zeros((3, 3, 3))
    neighbours[1] = 1  # in the same image
    labels, count = ndimage.label(edges, neighbours)
    strong = np.zeros(count + 1, bool)
    strong[labels[edges & (slope > severity.canny_high)]] = True
    return (strong[labels] & edges).astype(np.float32)


KINDS: dict[str, Callable[[np.ndarray, np.random.Generator, Severities], np.ndarray]] = {
    kind.__name__.replace("_", " "): kind
    for kind in (
        shot_noise,
        impulse_noise,
        glass_blur,
        motion_blur,
        shear,
        scale,
        rotate,
        brightness,
        translate,
        stripe,
        fog,
        spatter,
        dotted_line,
        zigzag,
        canny_edges,
    )
}
"""The fifteen, in MNIST-C's order, by their names for people."""


def corrupted(images: np.ndarray, kind: str, severity: Severities = Severities()) -> np.ndarray:
    """Images corrupted in one way, the same at every call: (n, 28, 28) float32 ink in 0…1 to the same."""
    rng = np.random.default_rng(list(KINDS).index(kind))
    return KINDS[kind](images, rng, severity).astype(np.float32)


_FOG_SIDE = 256  # of the clouds, of which a corner is taken


def _clouds(rng: np.random.Generator, count: int, decay: float) -> np.ndarray:
    """Random clouds, (count, 28, 28) in 0…1: diamond-square (Fournier, Fussell & Carpenter 1982).

    Round as a torus, so that there are no edges.
    """
    clouds = np.zeros((count, _FOG_SIDE, _FOG_SIDE), np.float32)
    step, wobble = _FOG_SIDE, 1.0
    while step > 1:
        half = step // 2
        corners = clouds[:, ::step, ::step]
        pairs = corners + np.roll(corners, -1, 1)
        middles = _wobbled(pairs + np.roll(pairs, -1, 2), rng, wobble)
        tops = middles + np.roll(middles, 1, 1) + corners + np.roll(corners, -1, 2)
        clouds[:, half::step, half::step] = middles
        clouds[:, ::step, half::step] = _wobbled(tops, rng, wobble)
        clouds[:, half::step, ::step] = _wobbled(middles + np.roll(middles, 1, 2) + pairs, rng, wobble)
        step, wobble = half, wobble / decay**2
    clouds -= clouds.min(axis=(1, 2), keepdims=True)
    return clouds[:, :ROWS, :PIXELS] / clouds.max(axis=(1, 2), keepdims=True)


def _wobbled(sums: np.ndarray, rng: np.random.Generator, wobble: float) -> np.ndarray:
    """The mean of four points, of which this is the sum, and a little up or down."""
    return sums / 4 + wobble * (2 * rng.random(sums.shape, np.float32) - 1)


def _parts(images: np.ndarray) -> list[np.ndarray]:
    """A hundred images at a time, since their clouds take 26 MB."""
    return [images[k : k + 100] for k in range(0, len(images), 100)]


def _line(x0: np.ndarray, y0: np.ndarray, x1: np.ndarray, y1: np.ndarray, reach: float) -> np.ndarray:
    """Lines from columns x0 and rows y0 to x1 and y1, (n,) each, x0 < x1: (n, 28, 28) ink.

    They fade up and down from their middle, as 1 + log(1 - distance / reach), and end upright.
    """
    x0, y0, x1, y1 = (end[:, None, None] for end in (x0, y0, x1, y1))
    rows, columns = np.arange(ROWS)[:, None], np.arange(PIXELS)
    apart = np.abs(rows - (y0 + (y1 - y0) / (x1 - x0) * (columns - x0)))
    ink = np.maximum(1 + np.log(1 - np.minimum(apart / reach, 1 - 1e-9)), 0)
    return np.where((columns >= np.floor(x0)) & (columns < np.ceil(x1)), ink, 0)


def _blurred(images: np.ndarray, sigma: float) -> np.ndarray:
    return ndimage.gaussian_filter(images, (0, sigma, sigma), mode="nearest")


def _sobel(images: np.ndarray, along: int, across: int) -> np.ndarray:
    """Sobel's derivative along one axis, smoothed across. `ndimage.sobel` would smooth from image to image too."""
    return ndimage.correlate1d(ndimage.correlate1d(images, [-1, 0, 1], along), [1, 2, 1], across)


def _mapped(images: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Resampled by matrices of these entries, (n,) each, row by row."""
    return resampled(images, np.stack([a, b, c, d], axis=1).reshape(-1, 2, 2), np.zeros((len(images), 2)))


def _signs(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.choice([-1.0, 1.0], count)
