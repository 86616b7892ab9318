"""The GIF, as another program reads it: the answer comes row by row."""

import base64
import io
import itertools

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from model import Reading, strokes_to_image
from model.colormaps import THEMES
from model.tables import MAPS
from tests.export.conftest import held
from tests.export.test_pictures import cells, colours
from tests.support.drawings import as_points, pen_digits

CORNERS = [(60 + 434 * (k % 3), 422 + 166 * (k // 3)) for k in range(6)]
IMAGE, SIDE = (494, 134), 8
EVIDENCE = np.s_[134 : 134 + 28 * 8, 1036 : 1036 + 276]
LINE = np.s_[60:102, 32:1312]
TITLE = np.s_[20:60, 32:1100]
DIGIT = np.s_[134:330, 32:220]


@pytest.fixture(scope="module")
def reading(reader) -> Reading:
    return reader.read(strokes_to_image(as_points(pen_digits()[3]["strokes"])))


def frames(data: bytes) -> list[np.ndarray]:
    film = Image.open(io.BytesIO(data))
    shown = []
    for k in range(film.n_frames):
        film.seek(k)
        shown.append(np.asarray(film.convert("RGB"), np.int16))
    return shown


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.thorough)])
def test_the_animation_fills_the_maps_row_by_row(make, reading, theme) -> None:
    name, data = make(reading, "gif", dark=theme == "dark")
    assert name == "gatescope-3.gif"
    assert len(data) < 1_000_000
    film = Image.open(io.BytesIO(data))
    assert (film.format, film.size, film.n_frames, film.info["loop"]) == ("GIF", (1344, 756), 28, 0)
    shown = frames(data)
    for row, frame in enumerate(shown):
        for corner, kind in zip(CORNERS, MAPS, strict=True):
            seen = cells(frame, corner, (3, 4), 128)
            wanted = colours(getattr(reading.trace, kind.id), theme, kind.colours, kind.range)
            # A GIF has 256 colours for everything, so that a map is shown in fewer steps.
            assert np.abs(seen - wanted)[: row + 1].max() < 7, kind.id
            assert len(np.unique(seen[row + 1 :].reshape(-1, 3), axis=0)) <= 1, kind.id
    card, ink = (np.array(list(bytes.fromhex(THEMES[theme][name][1:]))) for name in ("card", "ink"))
    image = card + (ink - card) * reading.image[..., None]
    assert np.abs(cells(shown[-1], IMAGE, (SIDE, SIDE), 28) - image).max() < 7


def test_the_answer_is_not_given_away_before_the_last_row(make, reading) -> None:
    shown = frames(make(reading, "gif", untouched=reading, asked={"silence": [3]})[1])
    first, last = shown[0], shown[-1]
    for part in (TITLE, DIGIT, EVIDENCE):
        assert (first[part] != last[part]).any()
    assert np.ptp(cells(first, IMAGE, (SIDE, SIDE), 28)[1:], axis=(0, 1)).max() == 0, "rows that are yet to come"
    for earlier, later in itertools.pairwise(shown[:-1]):
        np.testing.assert_array_equal(earlier[EVIDENCE], later[EVIDENCE])
        np.testing.assert_array_equal(earlier[LINE], later[LINE])
    assert (shown[-2][LINE] != last[LINE]).any(), "what is read untouched comes last"
    titles = {frame[TITLE].tobytes() for frame in shown}
    assert len(titles) == 28, "the answer so far changes with each row"


def test_it_runs_as_fast_as_was_chosen_and_rests_at_the_end(make, reading) -> None:
    pace = 125  # which is no whole number of the hundredths of a second that GIF counts in
    film = Image.open(io.BytesIO(make(reading, "gif", {"pace": pace})[1]))
    durations = []
    for k in range(film.n_frames):
        film.seek(k)
        durations.append(film.info["duration"])
    assert sum(durations[:27]) == pytest.approx(27 * pace, abs=5)
    assert max(durations[:27]) - min(durations[:27]) <= 10
    assert durations[-1] == 4000


def test_a_held_gate_stands_on_every_frame(make, reader, reading) -> None:
    touched = reader.read(reading.image, held(forget_gate=(0.83, 0, 27)))
    asked = {"hold": {"forget_gate": [0.83, 0, 27]}}
    data = make(touched, "gif", asked=asked, untouched=reading)[1]
    accent = list(bytes.fromhex(THEMES["light"]["accent"][1:]))
    for frame in frames(data):
        x, y = CORNERS[1]
        assert (frame[y - 26 : y - 6, x : x + 384] == accent).all(axis=-1).sum() > 20
        assert (frame[LINE] == accent).all(axis=-1).sum() > 200
    assert "forget gate held at 0.83 in rows 1–28" in Image.open(io.BytesIO(data)).info["comment"].decode()


@pytest.mark.thorough
def test_what_is_no_digit_is_animated_too(make, reader, reading) -> None:
    other = reader.read(np.hstack([reading.image[:, ::2], reading.image[:, ::2]]))
    assert other.digit is None
    name, data = make(other, "gif")
    assert name == "gatescope-no-digit.gif"
    assert len(frames(data)) == 28


WRITE = """async ({ size: [width, height], palette, frames }) => {
    const { GifWriter } = await import("/export/gif-writer.js");
    const writer = new GifWriter(width, height, palette, "noise");
    const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    for (const frame of frames) writer.add(new Uint32Array(bytes(frame).buffer), 7);
    return btoa(Array.from(writer.end(), (byte) => String.fromCharCode(byte)).join(""));
}"""


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (301, 217)])
def test_any_picture_of_the_palettes_colours_comes_back_as_it_was(modules: Page, size) -> None:
    """Noise makes the longest codes, and every kind of rectangle to change."""
    rng = np.random.default_rng(3)
    palette = 0xFF000000 | rng.choice(1 << 24, 255, replace=False).astype(np.uint32)
    width, height = size
    pictures = [palette[rng.integers(0, 255, (height, width))]]
    for _ in range(5):
        left, right = sorted(rng.integers(0, width + 1, 2))
        top, bottom = sorted(rng.integers(0, height + 1, 2))
        later = pictures[-1].copy()
        later[top:bottom, left:right] = palette[rng.integers(0, 3)]  # a box of one colour, or of no size
        pictures.append(later)
    sent = [base64.b64encode(picture.astype("<u4").tobytes()).decode() for picture in pictures]
    data = modules.evaluate(WRITE, {"size": size, "palette": palette.tolist(), "frames": sent})
    film = Image.open(io.BytesIO(base64.b64decode(data)))
    shown = []
    for k in range(film.n_frames):
        film.seek(k)
        shown.append(np.asarray(film.convert("RGB"), np.uint32))
    for picture, seen in zip(pictures, shown, strict=True):
        np.testing.assert_array_equal(seen @ np.array([1, 1 << 8, 1 << 16], np.uint32), picture & 0xFFFFFF)
