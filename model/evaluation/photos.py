"""Made-up photos of a digit on paper or a board: how it was lit, what else is on the paper, how the camera took it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from model.augmentation.trajectories import rotation

Mark = list[np.ndarray] | np.ndarray
"""What was written: strokes, (n, 2) each, x right and y down; or an image, (28, 28) uint8, ink = 255."""

Range = tuple[float, float]

_SIDES = (360, 640)  # of a photo's shorter side, in pixels; the longer is 4/3 of it
_ROOM = 1.6  # the sheet of paper, in longer sides of the photo: it ends outside the photo
_FINE = 2  # marks are drawn so much larger, then averaged

BLACK, BLUE, RED, GREEN, PURPLE = (30, 30, 34), (28, 52, 140), (190, 32, 40), (20, 120, 60), (104, 44, 140)


@dataclass(frozen=True)
class Conditions:
    """What a photo is like. A range is where a number is drawn from; light is a share of the full light."""

    papers: tuple[tuple[int, int, int], ...] = ((250, 249, 246), (238, 236, 228), (246, 240, 222))
    inks: tuple[tuple[int, int, int], ...] = (BLACK, BLUE)
    cover: Range = (0.8, 1.0)  # how much of the paper's light the ink takes
    pen: Range = (0.035, 0.09)  # width of the line, in sizes of the digit
    size: Range = (0.3, 0.72)  # of the digit's longer side, in the photo's shorter sides
    rough: Range = (0.0, 0.0)  # how uneven the ink lies, as pencil and chalk do
    grain: Range = (0.004, 0.01)  # of the paper, standard deviation in shares of its brightness
    desks: tuple[tuple[int, int, int], ...] = ()  # what the paper lies on; without it the paper fills the photo
    sheet: Range = (0.4, 0.6)  # half of such a paper's width and height, in those of the photo
    askew: float = 12.0  # degrees that it is turned on its desk, either way
    wood: Range = (0.0, 0.0)  # how uneven the desk is, as wood is across its grain
    lines: str = ""  # "ruled" or "squared"
    line_cover: Range = (0.2, 0.55)
    through: Range = (0.0, 0.0)  # how much writing on the other side takes of the paper's light
    erased: Range = (0.0, 0.0)  # what is left of writing that was rubbed or wiped away
    smears: Range = (0.0, 0.0)  # how much of the paper's light rubbing took; below 0: added, as chalk's dust does
    fall: Range = (0.75, 0.95)  # light at the dimmest edge of the photo
    shadow: Range = (1.0, 1.0)  # light in a hard shadow
    corners: Range = (1.0, 1.0)  # light in the corners, as a lens's vignette has it
    gloss: Range = (0.0, 0.0)  # light that glossy spots add
    exposure: Range = (0.85, 1.0)
    turn: float = 3.0  # degrees, either way
    tilt: float = 0.04  # how much larger one edge is than the opposite, at most
    blur: Range = (0.002, 0.005)  # standard deviation, in sizes of the digit
    noise: Range = (1.0, 3.0)  # standard deviation, of 255
    quality: tuple[int, int] = (80, 95)  # of the JPEG


_PLAIN = Conditions()
_DESKS = ((38, 38, 42), (74, 54, 40), (112, 116, 120), (160, 130, 96), (196, 190, 182))
_CHALK = replace(
    _PLAIN,
    papers=((42, 62, 52), (52, 54, 56), (36, 48, 44)),
    inks=((240, 240, 236), (236, 224, 150)),
    cover=(0.6, 0.95),
    pen=(0.05, 0.12),
    rough=(0.2, 0.5),
    grain=(0.02, 0.05),
    erased=(0.04, 0.12),
    smears=(-0.1, -0.03),
)

KINDS: dict[str, Conditions] = {
    "plain paper": _PLAIN,
    "uneven light": replace(_PLAIN, fall=(0.3, 0.55)),
    "hard shadow": replace(_PLAIN, shadow=(0.4, 0.7)),
    "vignette": replace(_PLAIN, corners=(0.25, 0.6)),
    "paper's grain": replace(_PLAIN, grain=(0.02, 0.05), papers=((214, 196, 164), (226, 222, 212), (200, 190, 170))),
    "show-through": replace(_PLAIN, through=(0.08, 0.25)),
    "ruled": replace(_PLAIN, lines="ruled"),
    "squared": replace(_PLAIN, lines="squared"),
    "erasures": replace(_PLAIN, erased=(0.06, 0.18), smears=(0.03, 0.1), inks=(BLACK,), cover=(0.55, 0.8)),
    "coloured pens": replace(_PLAIN, inks=(RED, GREEN, BLUE, PURPLE), cover=(0.7, 0.95)),
    "pencil": replace(_PLAIN, inks=((70, 70, 74),), cover=(0.35, 0.65), rough=(0.1, 0.3), pen=(0.03, 0.07)),
    "chalk on a blackboard": _CHALK,
    "whiteboard": replace(
        _PLAIN,
        papers=((240, 243, 245), (232, 236, 238)),
        inks=((24, 24, 30), (24, 60, 170), (205, 30, 40), (16, 130, 80)),
        pen=(0.08, 0.18),
        grain=(0.0, 0.003),
        erased=(0.02, 0.08),
        smears=(0.01, 0.05),
        gloss=(0.25, 0.7),
        fall=(0.55, 0.8),
    ),
    "tilt": replace(_PLAIN, turn=12.0, tilt=0.35),
    "blur": replace(_PLAIN, blur=(0.015, 0.035)),
    "JPEG": replace(_PLAIN, quality=(5, 15)),
    "night": replace(_PLAIN, exposure=(0.2, 0.5), noise=(10.0, 22.0), fall=(0.5, 0.8)),
    "chalk in a shadow": replace(_CHALK, shadow=(0.4, 0.7)),
    "a sheet on a desk": replace(_PLAIN, desks=_DESKS, size=(0.25, 0.5)),
    "a small sheet on a desk": replace(
        _PLAIN, desks=_DESKS, wood=(0.0, 0.12), sheet=(0.22, 0.4), askew=20.0, size=(0.18, 0.32)
    ),
}
"""By name. Each is plain paper, taken by a fair camera in good light, but for what the name says."""

EVERYTHING = "several at once"
NAMES = (*KINDS, EVERYTHING)

EMPTY = ("plain paper", "uneven light", "hard shadow", "vignette", "paper's grain", "ruled", "squared", "night")
"""Kinds of photo that are also taken of paper with nothing written on it."""

_ALONE = (
    *("plain paper", "chalk on a blackboard", "chalk in a shadow", "whiteboard"),
    *("a sheet on a desk", "a small sheet on a desk", "night"),
)
_OTHERS = 6  # marks on the other side, or rubbed away
_TOGETHER = 4  # kinds that are joined when several come at once
_LEAST_COVER = 0.5  # of ink then: what is fainter cannot be made out by people either


class Sheet(NamedTuple):
    """How the photo lies on the sheet of paper, both in pixels of the photo."""

    size: tuple[int, int]  # of the photo: width, height
    side: int  # of the sheet, which is square
    matrix: np.ndarray  # (3, 3), from places in the photo to places on the sheet (homogeneous)


def conditions(name: str, rng: np.random.Generator) -> Conditions:
    """Those of a kind; several at once are drawn anew each time."""
    if name != EVERYTHING:
        return KINDS[name]
    papers = [kind for kind in KINDS if kind not in _ALONE]  # boards are no paper, and night has a light of its own
    joined = _PLAIN
    for kind in rng.choice(papers, _TOGETHER, replace=False):
        changed = {f.name: v for f in fields(Conditions) if (v := getattr(KINDS[kind], f.name)) != f.default}
        joined = replace(joined, **changed)
    return replace(joined, cover=tuple(max(_LEAST_COVER, cover) for cover in joined.cover))


def photo(name: str, marks: list[Mark], others: list[Mark], rng: np.random.Generator) -> Image.Image:
    """A photo of this kind, RGB. marks: side by side in its middle; one, several or none. others: written elsewhere."""
    c = conditions(name, rng)
    sheet = _sheet(c, rng)
    shorter = min(sheet.size)
    size = rng.uniform(*c.size) * shorter
    if len(marks) > 1:
        size = 0.75 * shorter / len(marks)
    middle = sheet.side / 2 + rng.uniform(-0.1, 0.1, 2) * (shorter if len(marks) < 2 else 0.2 * shorter)
    shifts = (np.arange(len(marks)) - (len(marks) - 1) / 2) * 1.15 * size
    places = [middle + np.array([shift, 0]) for shift in shifts]
    ink = _written(sheet, [(mark, place, size) for mark, place in zip(marks, places, strict=True)], c, rng)
    if c.rough[1]:
        speckle = _cloud(ink.shape, rng, 1.5) * 0.7 + _cloud(ink.shape, rng, 6) * 0.5
        ink = (ink * (1 - rng.uniform(*c.rough) * (0.6 + speckle))).clip(0, 1)
    paper = np.array(c.papers[rng.integers(len(c.papers))], float) / 255
    colour = np.array(c.inks[rng.integers(len(c.inks))], float) / 255
    bare = (1 + _grain(ink.shape, rng, rng.uniform(*c.grain)))[..., None] * paper
    if c.lines:
        line_colour = np.array([(0.45, 0.55, 0.8), (0.5, 0.5, 0.55), (0.75, 0.45, 0.45)][rng.integers(3)])
        bare = _mixed(bare, line_colour * 0.6, _lines(sheet, c.lines, size, rng) * rng.uniform(*c.line_cover))
    if c.through[1]:
        spread = [(_mirrored(mark), place, 0.9 * size) for mark, place in _around(sheet, others, rng)]
        faint = Image.fromarray((255 * _written(sheet, spread, c, rng)).astype(np.uint8))
        faint = np.asarray(faint.filter(ImageFilter.GaussianBlur(0.012 * size)), float) / 255
        bare = _mixed(bare, colour, faint * rng.uniform(*c.through))
    if c.erased[1]:
        spread = [(mark, place, 0.9 * size) for mark, place in _around(sheet, others, rng)]
        bare = _mixed(bare, colour, _written(sheet, spread, c, rng) * rng.uniform(*c.erased))
        smear = np.clip(_cloud(ink.shape, rng, 0.25 * size), 0, 1)
        bare = bare * (1 - rng.uniform(*c.smears) * smear[..., None])
    scene = _mixed(bare, colour, ink * rng.uniform(*c.cover))
    if c.desks:
        desk = np.array(c.desks[rng.integers(len(c.desks))], float) / 255
        scene = _mixed(_wood(len(ink), rng, c.wood)[..., None] * desk, scene, _paper(sheet, middle, c, rng))
    return _taken(scene * _light(sheet.size, c, rng)[..., None], c, size, rng)


def photos(
    name: str, digits: list[tuple[Mark, int]], count: int, seed: int, together: int = 1
) -> Iterator[tuple[Image.Image, int]]:
    """So many photos of a kind, each with the label of its (first) digit. together: digits beside one another in it."""
    for k in range(count):
        rng = np.random.default_rng([seed, NAMES.index(name), together, k])
        chosen = [digits[i] for i in rng.choice(len(digits), together + _OTHERS, replace=False)]
        marks, others = [mark for mark, _ in chosen[:together]], [mark for mark, _ in chosen[together:]]
        yield photo(name, marks, others, rng), chosen[0][1]


def empty(count: int, seed: int) -> Iterator[Image.Image]:
    """So many photos of paper with nothing written on it, in the conditions of EMPTY by turns."""
    for k in range(count):
        yield photo(EMPTY[k % len(EMPTY)], [], [], np.random.default_rng([seed, len(NAMES), k]))


def _mixed(under: np.ndarray, colour: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """A colour laid over what is under it, (h, w, 3). cover: (h, w), 0…1."""
    return under + (colour - under) * cover[..., None]


def _sheet(c: Conditions, rng: np.random.Generator) -> Sheet:
    shorter = int(rng.integers(*_SIDES))
    size = (shorter * 4 // 3, shorter) if rng.random() < 0.5 else (shorter, shorter * 4 // 3)
    side = round(_ROOM * max(size))
    to_middle = np.array([[1, 0, -size[0] / 2], [0, 1, -size[1] / 2], [0, 0, 1.0]])
    turned = np.eye(3)
    turned[:2, :2] = rotation(np.radians(rng.uniform(-c.turn, c.turn)))
    tilted = np.eye(3)
    tilted[2, :2] = rng.uniform(-c.tilt, c.tilt, 2) / np.array(size)
    to_sheet = np.array([[1, 0, side / 2], [0, 1, side / 2], [0, 0, 1.0]])
    return Sheet(size, side, to_sheet @ tilted @ turned @ to_middle)


def _seen(sheet: Sheet, layer: Image.Image) -> np.ndarray:
    """A layer of the sheet as the photo shows it, (h, w) in 0…1."""
    scale = np.diag([layer.width / sheet.side, layer.height / sheet.side, 1.0])
    matrix = scale @ sheet.matrix
    data = (matrix / matrix[2, 2]).ravel()[:8].tolist()
    return np.asarray(layer.transform(sheet.size, Image.Transform.PERSPECTIVE, data, Image.Resampling.BILINEAR)) / 255


def _written(
    sheet: Sheet, spread: list[tuple[Mark, np.ndarray, float]], c: Conditions, rng: np.random.Generator
) -> np.ndarray:
    """Marks, each with its middle and size, as the photo shows them: (h, w) in 0…1."""
    layer = Image.new("L", (sheet.side * _FINE,) * 2)
    paper = ImageDraw.Draw(layer)
    pen = rng.uniform(*c.pen)
    for mark, place, size in spread:
        if isinstance(mark, list):
            _draw_strokes(paper, mark, place * _FINE, size * _FINE, pen * size * _FINE)
        else:
            image = _enlarged(mark, size * _FINE)
            corner = np.rint(place * _FINE - np.array(image.size) / 2).astype(int).tolist()
            layer.paste(255, corner, image)
    return _seen(sheet, layer.reduce(_FINE))


def _draw_strokes(paper: ImageDraw.ImageDraw, strokes: Mark, place: np.ndarray, size: float, width: float) -> None:
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    scale = (size - width) / max((high - low).max(), 1e-9)
    reach = max(width, _FINE) / 2
    for stroke in strokes:
        line = [tuple(p) for p in ((stroke - (low + high) / 2) * scale + place).tolist()]
        paper.line(line, 255, round(2 * reach))
        for x, y in line:
            paper.ellipse((x - reach, y - reach, x + reach, y + reach), 255)


def _enlarged(image: np.ndarray, size: float) -> Image.Image:
    """An image as a felt pen might have drawn it: its pixels are not seen, its edges are sharp."""
    cropped = Image.fromarray(image)
    cropped = cropped.crop(cropped.getbbox())
    scale = size / max(cropped.size)
    large = cropped.resize([max(1, round(side * scale)) for side in cropped.size], Image.Resampling.BICUBIC)
    return large.filter(ImageFilter.GaussianBlur(0.3 * scale)).point(lambda v: max(0, min(255, (v - 100) * 5)))


def _mirrored(mark: Mark) -> Mark:
    return [stroke * (-1, 1) for stroke in mark] if isinstance(mark, list) else mark[:, ::-1]


def _around(sheet: Sheet, others: list[Mark], rng: np.random.Generator) -> Iterator[tuple[Mark, np.ndarray]]:
    """Other marks strewn over the part of the sheet that is seen."""
    for other in others:
        yield other, sheet.side / 2 + rng.uniform(-0.6, 0.6, 2) * sheet.size


def _lines(sheet: Sheet, kind: str, size: float, rng: np.random.Generator) -> np.ndarray:
    """Ruled or squared paper's lines as the photo shows them: (h, w) in 0…1."""
    layer = Image.new("L", (sheet.side * _FINE,) * 2)
    paper = ImageDraw.Draw(layer)
    step = _FINE * size * (rng.uniform(0.35, 1.0) if kind == "ruled" else rng.uniform(0.2, 0.6))
    width = max(1, round(step * rng.uniform(0.025, 0.06)))
    for at in np.arange(rng.uniform(0, step), layer.width, step):
        paper.line((0, at, layer.width, at), 255, width)
        if kind == "squared":
            paper.line((at, 0, at, layer.width), 255, width)
    if kind == "ruled" and rng.random() < 0.4:  # the margin
        at = layer.width * rng.uniform(0.25, 0.35)
        paper.line((at, 0, at, layer.width), 255, width)
    return _seen(sheet, layer.reduce(_FINE))


def _paper(sheet: Sheet, middle: np.ndarray, c: Conditions, rng: np.random.Generator) -> np.ndarray:
    """Where a smaller sheet lies that ends within the photo, as the photo shows it: (h, w) in 0…1. middle: of it."""
    layer = Image.new("L", (sheet.side * _FINE,) * 2)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * rng.uniform(*c.sheet, 2) * sheet.size
    turn = rotation(np.radians(rng.uniform(-c.askew, c.askew)))
    ImageDraw.Draw(layer).polygon([tuple(_FINE * (middle + corner @ turn)) for corner in corners], 255)
    return _seen(sheet, layer.reduce(_FINE))


def _wood(height: int, rng: np.random.Generator, strength: Range) -> np.ndarray:
    """How bright each line of a desk is, about 1: (height, 1)."""
    if not strength[1]:
        return np.ones((height, 1))
    return 1 + rng.uniform(*strength) * (_cloud((height, 1), rng, 4) + _cloud((height, 1), rng, 15))


def _cloud(shape: tuple[int, ...], rng: np.random.Generator, scale: float) -> np.ndarray:
    """Smooth noise, about −1…1, of spots so many pixels wide."""
    h, w = (max(2, round(side / scale) + 1) for side in shape)
    coarse = Image.fromarray(rng.normal(0, 0.5, (h, w)).astype(np.float32))
    return np.asarray(coarse.resize(shape[::-1], Image.Resampling.BICUBIC), float)


def _grain(shape: tuple[int, ...], rng: np.random.Generator, strength: float) -> np.ndarray:
    return strength * (_cloud(shape, rng, 1) + _cloud(shape, rng, 3) + _cloud(shape, rng, 12))


def _light(size: tuple[int, int], c: Conditions, rng: np.random.Generator) -> np.ndarray:
    """The light that falls on each pixel and reaches the camera, (h, w)."""
    w, h = size
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    along = (x * np.cos(angle) + y * np.sin(angle)) / np.sqrt(2)
    light = 1 - (1 - rng.uniform(*c.fall)) * (0.5 + 0.5 * along) ** rng.uniform(0.8, 2)
    light *= 1 - (1 - rng.uniform(*c.corners)) * ((x * x + y * y) / 2) ** rng.uniform(1, 2)
    if c.shadow[0] < 1:
        light *= 1 - (1 - rng.uniform(*c.shadow)) * _shadow(x, y, rng)
    if c.gloss[1]:
        for _ in range(rng.integers(1, 4)):
            px, py = rng.uniform(-1, 1, 2)
            spot = np.exp(-(((x - px) / rng.uniform(0.1, 0.4)) ** 2 + ((y - py) / rng.uniform(0.1, 0.4)) ** 2) * 2)
            light += rng.uniform(*c.gloss) * np.clip(1.5 * spot, 0, 1)
    return light


def _shadow(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Where a hard shadow lies, (h, w) in 0…1: an edge, a band, a corner or round like a head."""
    angle = rng.uniform(0, 2 * np.pi)
    across = x * np.cos(angle) + y * np.sin(angle) - rng.uniform(-0.5, 0.5)  # how far beyond the edge
    match rng.integers(4):
        case 1:
            across = rng.uniform(0.2, 0.5) - np.abs(across)
        case 2:
            across = np.minimum(across, x * np.sin(angle) - y * np.cos(angle) - rng.uniform(-0.5, 0.5))
        case 3:
            across = rng.uniform(0.4, 0.9) - np.hypot(x - rng.uniform(-0.7, 0.7), y - rng.uniform(-0.7, 0.7))
    return np.clip(across / rng.uniform(0.005, 0.04) + 0.5, 0, 1)


def _taken(scene: np.ndarray, c: Conditions, size: float, rng: np.random.Generator) -> Image.Image:
    """The photo of a scene, (h, w, 3) in 0…1."""
    pixels = (255 * (scene * rng.uniform(*c.exposure)).clip(0, 1)).astype(np.uint8)
    blurred = Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(rng.uniform(*c.blur) * size))
    noise = rng.uniform(*c.noise)
    pixels = np.asarray(blurred, np.float32)
    pixels = pixels + noise * rng.standard_normal((*pixels.shape[:2], 1), np.float32)
    pixels += 0.5 * noise * rng.standard_normal(pixels.shape, np.float32)
    file = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=int(rng.integers(*c.quality)))
    return Image.open(file).convert("RGB")
