"""The PNG: every value in its colour, and nothing left unsaid about what was read by what."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from model import Reading, strokes_to_image
from model.colormaps import COLORMAPS, THEMES
from model.tables import MAPS
from tests.export.conftest import ADDRESS, held
from tests.support.drawings import as_points, pen_digits

WIDE = {"size": (1920, 1080), "maps": (114, 592, 3, 607, 242), "cell": (4, 6), "verdict": (1083, 204, 32, 11)}
TALL = {"size": (1080, 1920), "maps": (118, 1190, 2, 494, 234), "cell": (3, 6), "verdict": (118, 726, 36, 13)}
IMAGES = {"png": (721, 204, 11), "tall": (632, 282, 13)}
LAYOUTS = {"png": WIDE, "tall": TALL}
HOLD = {"forget_gate": [0.9, 0, 27], "input_gate": [0.25, 3, 9]}
SHUFFLED = np.random.default_rng(5).permutation(128)


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return strokes_to_image(as_points(pen_digits()[3]["strokes"]))


@pytest.fixture(scope="module")
def reading(reader, image) -> Reading:
    return reader.read(image)


@pytest.fixture(scope="module")
def touched(reader, image) -> Reading:
    return reader.read(image, held(**{gate: tuple(how) for gate, how in HOLD.items()}), [3, 17, 18])


def opened(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), int)


def cells(pixels: np.ndarray, corner: tuple[int, int], cell: tuple[int, int], columns: int) -> np.ndarray:
    """The colours in the middle of each cell of a map of 28 rows: (28, columns, 3)."""
    x = corner[0] + cell[0] * np.arange(columns) + cell[0] // 2
    y = corner[1] + cell[1] * np.arange(28) + cell[1] // 2
    return pixels[np.ix_(y, x)]


def corner_of(layout: dict, k: int) -> tuple[int, int]:
    x, y, across, step_x, step_y = layout["maps"]
    return x + step_x * (k % across), y + step_y * (k // across)


def colours(values: np.ndarray, theme: str, colours: str, reach: tuple[float, float]) -> np.ndarray:
    """The colours of values, straight from the anchors."""
    anchors = COLORMAPS[theme][colours]
    channels = np.array([list(bytes.fromhex(anchor[1:])) for anchor in anchors]).T
    ends = np.linspace(*reach, len(anchors))
    return np.stack([np.interp(values, ends, channel) for channel in channels], axis=-1)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", LAYOUTS)
def test_the_picture_shows_every_value_in_its_colour(make, reading, kind, theme) -> None:
    layout = LAYOUTS[kind]
    shown = {"dark": theme == "dark", "order": "similarity", "columns": SHUFFLED.tolist()}
    name, data = make(reading, kind, **shown)
    assert name == ("gatescope-3.png" if kind == "png" else "gatescope-3-tall.png")
    pixels = opened(data)
    assert pixels.shape == (*layout["size"][::-1], 3)
    for k, shown in enumerate(MAPS):
        values = getattr(reading.trace, shown.id)[:, SHUFFLED]
        seen = cells(pixels, corner_of(layout, k), layout["cell"], 128)
        # 256 steps: the nearest is less than 3 of 255 away in each channel.
        assert np.abs(seen - colours(values, theme, shown.colours, shown.range)).max() < 3, shown.id
    x, y, *cell = layout["verdict"]
    seen = cells(pixels, (x, y), tuple(cell), 10)
    assert np.abs(seen - colours(reading.verdict, theme, "sequential", (0, 1))).max() < 3
    x, y, side = IMAGES[kind]
    card, ink = (np.array(list(bytes.fromhex(THEMES[theme][name][1:]))) for name in ("card", "ink"))
    assert np.abs(cells(pixels, (x, y), (side, side), 28) - (card + (ink - card) * reading.image[..., None])).max() <= 2
    assert np.abs(pixels[0, 0] - list(bytes.fromhex(THEMES[theme]["paper"][1:]))).max() == 0


def test_the_maps_of_the_difference_are_those_of_the_difference(make, reader, reading, image) -> None:
    other = reader.read(image.T)
    pixels = opened(make(other, "png", pinned=reading)[1])
    for k, shown in enumerate(MAPS):
        values = getattr(other.trace, shown.id) - getattr(reading.trace, shown.id)
        seen = cells(pixels, corner_of(WIDE, k), WIDE["cell"], 128)
        far = shown.range[1] - shown.range[0]  # as on the page
        assert np.abs(seen - colours(values, "light", "diverging", (-far, far))).max() < 3, shown.id


def test_one_line_says_what_was_read_by_what(call, make, touched, reading) -> None:
    asked = {"hold": HOLD, "silence": [3, 17, 18], "vary": "rotated"}
    shown = {"asked": asked, "untouched": reading, "order": "similarity", "network": {"name": "GRU, 64 units"}}
    line = call(touched, "about", "oneLine", **shown)
    sure = f"{min(99.9, 100 * touched.probabilities.max()):.1f}%"
    for words in (
        f"a {touched.digit}, {sure}",
        "GRU, 64 units",
        "forget gate held at 0.9 in rows 1–28",
        "input gate held at 0.25 in rows 4–10",
        "units 3, 17–18 silenced",
        "drawing rotated: turned by 15° to the left",
        "untouched it reads 3, 99.9%",
        "ordered by similarity",
        ADDRESS,
    ):
        assert words in line
    picture = Image.open(io.BytesIO(make(touched, "png", **shown)[1]))
    assert picture.text["Description"] == line


def test_the_line_of_an_untouched_reading_names_no_change(call, reading) -> None:
    line = call(reading, "about", "oneLine")
    assert line == f"Read as a 3, 99.9% sure. Read by LSTM, 128 units. Maps: rows down, units across. {ADDRESS}"


@pytest.mark.parametrize(("kind", "line"), [("png", slice(90, 160)), ("tall", slice(120, 230))])
def test_a_held_gate_is_written_on_the_picture_and_beside_its_map(make, reading, kind, line) -> None:
    layout = LAYOUTS[kind]
    plain = opened(make(reading, kind)[1])
    changed = opened(make(reading, kind, asked={"hold": HOLD, "silence": [3, 17]})[1])
    different = (plain != changed).any(axis=-1)
    accent = (changed == list(bytes.fromhex(THEMES["light"]["accent"][1:]))).all(axis=-1)
    assert accent[line].sum() > 500
    for k, shown in enumerate(MAPS):
        x, y = corner_of(layout, k)
        title = np.s_[y - 40 : y - 6, x : x + 128 * layout["cell"][0]]
        is_named = shown.id in HOLD or shown.id == "hidden"
        assert different[title].any() == is_named, shown.id
        assert (accent[title].sum() > 20) == is_named, shown.id
    # Beside the map of the input gate, rows 4 to 10 are marked.
    x, y = corner_of(layout, 0)
    beside = accent[y : y + 28 * 6, x + 128 * layout["cell"][0] + 3]
    assert np.flatnonzero(beside.reshape(28, 6).all(axis=1)).tolist() == list(range(3, 10))
    # Above that of the hidden state, the silenced units.
    x, y = corner_of(layout, 5)
    above = accent[y - 3, x : x + 128 * layout["cell"][0]].reshape(128, -1).all(axis=1)
    assert np.flatnonzero(above).tolist() == [3, 17]


# Notes where all that is written on a canvas stands.
RECORD = """() => {
    const { fillText } = CanvasRenderingContext2D.prototype;
    globalThis.written = [];
    CanvasRenderingContext2D.prototype.fillText = function (words, x, y) {
        const box = this.measureText(words);
        const { width, height } = this.canvas;
        const [left, right] = [x - box.actualBoundingBoxLeft, x + box.actualBoundingBoxRight];
        const size = parseFloat(this.font.match(/[\\d.]+px/)[0]);
        written.push({ words, left, right, top: y - box.fontBoundingBoxAscent, bottom: y, size, width, height });
        return fillText.call(this, words, x, y);
    };
}"""


@pytest.mark.parametrize("kind", ["png", "tall", "gif"])
def test_no_text_is_clipped_or_too_small_to_read(make, modules: Page, reader, reading, image, kind) -> None:
    everything = {
        "asked": {
            "hold": {"input_gate": [0.25, 3, 9], "forget_gate": [0.83, 0, 27], "output_gate": [0.07, 11, 22]},
            "silence": list(range(0, 128, 2)),
            "vary": "shifted",
        },
        "untouched": reading,
        "pinned": reading,
        "address": f"https://huggingface.example/spaces/somebody/gatescope/#draw={'abc-' * 400}",
        "digit": 9,
        "against": 3,
        "order": "evidence",
    }
    several = reader.read(np.hstack([image[:, ::2], image[:, ::2]]))
    modules.evaluate(RECORD)
    if kind != "gif":
        make(reader.read(image * 0), kind, asked={"strokes": []})
        make(several, kind)
    make(several, kind, **everything)
    written = modules.evaluate("written")
    modules.reload()
    assert len(written) > 200
    for text in written:
        assert text["left"] >= 8, text
        assert text["right"] <= text["width"] - 8, text
        assert text["top"] >= 0, text
        assert text["bottom"] <= text["height"] - 6, text
        assert text["size"] >= 9, text
    words = " ".join(text["words"] for text in written)
    for wanted in (
        "0.83 in rows 1–28",
        "124, 126 silenced",
        "two pixels to the right",
        "More than one digit",
    ):
        assert wanted in words
    for shown in MAPS:
        assert shown.title in words
    assert all(str(tick) in words.split() for tick in (1, 7, 14, 21, 28, 0, 32, 64, 96, 127))
