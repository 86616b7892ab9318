"""What a visitor takes away says what the network did: pictures are read back pixel by pixel, numbers in full."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.export.png import MAPS, maps_png, rows_gif, to_csv, to_npz
from model.reader import Reading

COLOURS = json.loads((Path(__file__).parents[2] / "assets" / "data" / "colormaps.json").read_text(encoding="utf-8"))
RANGES = {shown.id: shown.range for shown in MAPS} | {"verdict": (0, 1)}
THEMES = {"light": False, "dark": True}

GATES = ("input_gate", "forget_gate", "output_gate")
SIGNED = ("candidate", "cell", "hidden")
PNG_MAPS = {
    name: (208 + 816 * k, 968 + 476 * row) for row, names in enumerate([GATES, SIGNED]) for k, name in enumerate(names)
}
PNG_VERDICT, PNG_IMAGE = (640, 204), (80, 204)
GIF_MAPS = {
    name: (324 + 420 * column, 96 + 186 * k)
    for column, names in enumerate([GATES, SIGNED])
    for k, name in enumerate(names)
}
UNREAD = {"light": (239, 239, 236), "dark": (35, 37, 40)}
GIF_IMAGE = (28, 96)


@pytest.fixture(scope="module")
def reading(reader, mnist) -> Reading:
    """Of a digit with cells beyond the end of the cell's map."""
    readings = (reader.read(image) for image in mnist[0])
    return next(found for found in readings if np.abs(found.trace.cell).max() > 1.2 * RANGES["cell"][1])


@pytest.fixture(scope="module")
def blank(reader) -> Reading:
    return reader.read(np.zeros((28, 28), np.float32))


@pytest.fixture(scope="module")
def pictures(reading) -> dict[str, bytes]:
    return {theme: maps_png(reading, dark) for theme, dark in THEMES.items()}


@pytest.fixture(scope="module")
def films(reading) -> dict[str, bytes]:
    return {theme: rows_gif(reading, dark) for theme, dark in THEMES.items()}


@pytest.fixture(params=THEMES)
def theme(request) -> str:
    return request.param


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def cells(picture: Image.Image, corner: tuple[int, int], block: tuple[int, int], columns: int) -> np.ndarray:
    """The colour in the middle of each block of a map of 28 rows: (28, columns, 3)."""
    x = corner[0] + block[0] * np.arange(columns) + block[0] // 2
    y = corner[1] + block[1] * np.arange(28) + block[1] // 2
    return np.asarray(picture.convert("RGB"), int)[np.ix_(y, x)]


def expected(values: np.ndarray, theme: str, name: str) -> np.ndarray:
    """The colours of values (rows, columns) of a map, straight from its anchors."""
    low, _ = RANGES[name]
    anchors = COLOURS[theme]["diverging" if low else "sequential"]
    channels = np.array([list(bytes.fromhex(anchor[1:])) for anchor in anchors]).T
    ends = np.linspace(low, -low or 1, len(anchors))
    return np.stack([np.interp(values, ends, channel) for channel in channels], axis=-1)


def test_the_picture_shows_every_value_in_its_colour(reading, pictures, theme) -> None:
    picture = opened(pictures[theme])
    assert (picture.format, picture.size) == ("PNG", (2560, 1888))
    for name, corner in PNG_MAPS.items():
        values = getattr(reading.trace, name)
        # 256 steps: the nearest is less than 3 of 255 away in each channel.
        assert np.abs(cells(picture, corner, (5, 12), 128) - expected(values, theme, name)).max() < 3, name
    shown = cells(picture, PNG_VERDICT, (76, 18), 10)
    assert np.abs(shown - expected(reading.verdict, theme, "verdict")).max() < 3


def test_blocks_are_sharp_and_where_they_should_be(pictures) -> None:
    pixels = np.asarray(opened(pictures["light"]))
    for x, y in PNG_MAPS.values():
        blocks = pixels[y : y + 336, x : x + 640].reshape(28, 12, 128, 5, 3)
        assert (blocks == blocks[:, :1, :, :1]).all()
        assert (pixels[y : y + 336, [x - 1, x + 640]] == 255).all(), "a card's margin"


def test_the_picture_shows_the_image(reading, pictures, theme) -> None:
    shown = cells(opened(pictures[theme]), PNG_IMAGE, (18, 18), 28).mean(axis=-1)
    share = (shown - shown[0, 0]) / (shown[reading.image == reading.image.max()].mean() - shown[0, 0])
    assert share * reading.image.max() == pytest.approx(reading.image, abs=0.01)


def test_themes_differ(pictures, films) -> None:
    light, dark = (np.asarray(opened(pictures[theme]), int) for theme in THEMES)
    assert light[0, 0].min() > 240
    assert dark[0, 0].max() < 30
    assert films["light"] != films["dark"]


def test_the_animation_fills_the_maps_row_by_row(reading, films, theme) -> None:
    data = films[theme]
    assert len(data) < 1_000_000
    film = opened(data)
    assert (film.format, film.n_frames, film.info["loop"]) == ("GIF", 28, 0)
    durations = []
    for row in range(28):
        film.seek(row)
        durations.append(film.info["duration"])
        for name, corner in GIF_MAPS.items():
            shown = cells(film, corner, (3, 5), 128)
            filled = np.abs(shown - expected(getattr(reading.trace, name), theme, name)).max(axis=(1, 2))
            # A GIF has 256 colours for everything, so that a map is shown in fewer steps.
            assert filled[: row + 1].max() < 14, name
            assert np.abs(shown[row + 1 :] - UNREAD[theme]).max(initial=0) < 4, name
    assert durations[:-1] == [110] * 27
    assert durations[-1] > 1_000


def test_the_animation_fades_rows_to_come_and_marks_the_current_one(reading, films) -> None:
    film = opened(films["light"])
    film.seek(13)
    halfway = film.convert("RGB")
    film.seek(27)
    whole = film.convert("RGB")
    now, end = (cells(frame, GIF_IMAGE, (9, 9), 28).mean(axis=-1) for frame in (halfway, whole))
    assert now[:14] == pytest.approx(end[:14])
    inked = reading.image[14:] > 0.5
    assert inked.any()
    assert (now[14:][inked] > end[14:][inked] + 50).all()
    red, _, blue = halfway.getpixel((GIF_IMAGE[0], GIF_IMAGE[1] + 13 * 9))
    assert blue > red + 100


def test_the_arrays_come_back_as_they_were(reading) -> None:
    with np.load(io.BytesIO(to_npz(reading)), allow_pickle=False) as file:
        arrays = dict(file)
    assert int(arrays.pop("digit")) == reading.digit
    wanted = {**vars(reading), **reading.trace._asdict()}
    del wanted["trace"], wanted["digit"], wanted["why"]
    assert str(arrays.pop("why")) == ""
    assert arrays.keys() == wanted.keys()
    for name, array in wanted.items():
        assert arrays[name].dtype == np.float32
        np.testing.assert_array_equal(arrays[name], np.float32(array), err_msg=name)


def test_the_table_holds_the_trace(reading) -> None:
    text = to_csv(reading)
    assert text.count("\n") == 3_585
    header, *lines = csv.reader(io.StringIO(text))
    assert ",".join(header) == "row,unit,input_gate,forget_gate,candidate,output_gate,cell,hidden"
    table = np.array(lines, float)
    np.testing.assert_array_equal(table[:, 0], np.repeat(np.arange(1, 29), 128))
    np.testing.assert_array_equal(table[:, 1], np.tile(np.arange(128), 28))
    for name, column in zip(header[2:], table[:, 2:].T, strict=True):
        np.testing.assert_allclose(column.reshape(28, 128), getattr(reading.trace, name), rtol=5e-6, err_msg=name)


def test_a_blank_reading_can_be_taken_too(blank) -> None:
    assert blank.digit is None
    assert opened(maps_png(blank, True)).size == (2560, 1888)
    assert opened(rows_gif(blank, False)).n_frames == 28
    assert to_csv(blank).count("\n") == 3_585
    with np.load(io.BytesIO(to_npz(blank)), allow_pickle=False) as file:
        assert file["digit"] == -1
