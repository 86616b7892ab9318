"""NPZ and CSV: every number as it was, and what it is of."""

import csv
import io
import zipfile

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from model import Reading, strokes_to_image
from tests.export.conftest import ADDRESS, held
from tests.support.drawings import as_points, pen_digits

HOLD = {"forget_gate": [0.9, 0, 27], "input_gate": [0.25, 3, 9]}
ASKED = {"hold": HOLD, "silence": [3, 17, 18], "vary": "rotated"}


@pytest.fixture(scope="module")
def touched(reader) -> Reading:
    image = strokes_to_image(as_points(pen_digits()[3]["strokes"]))
    return reader.read(image, held(**{gate: tuple(how) for gate, how in HOLD.items()}), [3, 17, 18])


def arrays_of(data: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return dict(file)


def same_numbers(arrays: dict[str, np.ndarray], reading: Reading) -> None:
    """All arrays of the reading, to the last bit."""
    wanted = {**vars(reading), **reading.trace._asdict()}
    for name in ("trace", "digit", "why", "hold", "silence"):
        del wanted[name]
    for name, array in wanted.items():
        assert arrays[name].dtype == np.float32, name
        np.testing.assert_array_equal(arrays[name], np.float32(array), err_msg=name)


def test_the_arrays_come_back_as_they_were(make, touched) -> None:
    name, data = make(touched, "npz", asked=ASKED)
    assert name == f"gatescope-{touched.digit}.npz"
    arrays = arrays_of(data)
    same_numbers(arrays, touched)
    assert int(arrays["digit"]) == touched.digit
    assert str(arrays["why"]) == ""
    np.testing.assert_array_equal(arrays["hold"], touched.hold)
    assert arrays["silence"].tolist() == [3, 17, 18]
    np.testing.assert_array_equal(arrays["strokes"], [[100, 200], [300, 400], [50, 60]])
    assert arrays["stroke_end"].tolist() == [2, 3]
    assert str(arrays["variation"]) == "rotated"
    assert str(arrays["network"]) == "LSTM, 128 units"
    assert str(arrays["sha256"]) == "5ha"
    assert float(arrays["temperature"]) == 1.25
    assert float(arrays["least_score"]) == 0.75
    about = str(arrays["about"])
    for words in ("counted from 0", "the server's float32", ADDRESS, "held at 0.9", "Temperature 1.25"):
        assert words in about


def test_a_gate_held_for_one_unit_is_so_in_both_files(make, touched) -> None:
    asked = {"hold": {"output_gate": [0.5, 2, 4, 18]}}
    arrays = arrays_of(make(touched, "npz", asked=asked)[1])
    held = np.full((28, 3, 128), np.nan)
    held[2:5, 2, 18] = 0.5
    np.testing.assert_array_equal(arrays["hold"], held)
    assert "output gate of unit 18 held at 0.5 in rows 3–5" in str(arrays["about"])
    assert "output gate of unit 18 0.5 in rows 3 to 5" in make(touched, "csv", asked=asked)[1].decode("ascii")


def test_what_was_drawn_in_no_strokes_has_empty_ones(make, reader) -> None:
    blank = reader.read(np.zeros((28, 28), np.float32))
    name, data = make(blank, "npz", asked={"strokes": []})
    assert name == "gatescope-blank.npz"
    arrays = arrays_of(data)
    assert arrays["strokes"].shape == (0, 2)
    assert arrays["stroke_end"].shape == arrays["silence"].shape == (0,)
    assert np.isnan(arrays["hold"]).all()
    assert int(arrays["digit"]) == -1
    assert str(arrays["why"]) == "blank"
    assert str(arrays["variation"]) == ""


def test_the_file_is_whole_with_and_without_compression(make, modules: Page, touched) -> None:
    packed = make(touched, "npz")[1]
    modules.evaluate("globalThis.CompressionStream = undefined")
    try:
        stored = make(touched, "npz")[1]
    finally:
        modules.reload()
    assert len(packed) < len(stored)
    for data, kind in ((packed, zipfile.ZIP_DEFLATED), (stored, zipfile.ZIP_STORED)):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            assert file.testzip() is None
            assert file.getinfo("hidden.npy").compress_type == kind
    same_numbers(arrays_of(stored), touched)


def test_the_table_holds_the_trace(make, touched) -> None:
    name, data = make(touched, "csv", asked=ASKED)
    assert name == f"gatescope-{touched.digit}.csv"
    lines = data.decode("ascii").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    header, *table = csv.reader(lines[len(comments) :])
    assert ",".join(header) == "row,unit,input_gate,forget_gate,candidate,output_gate,cell,hidden"
    numbers = np.array(table, float)
    np.testing.assert_array_equal(numbers[:, 0], np.repeat(np.arange(1, 29), 128))
    np.testing.assert_array_equal(numbers[:, 1], np.tile(np.arange(128), 28))
    for name, column in zip(header[2:], numbers[:, 2:].T, strict=True):
        np.testing.assert_array_equal(np.float32(column).reshape(28, 128), getattr(touched.trace, name), err_msg=name)
    text = "\n".join(comments)
    for words in (
        "Rows are counted from 1 and units from 0",
        "forget gate 0.9 in rows 1 to 28",
        "input gate 0.25 in rows 4 to 10",
        "output gate free",
        "Silence: 3 17 18.",
        "Variation: rotated.",
        "100 200 300 400; 50 60",
        "SHA-256 of its weights 5ha",
        "Temperature 1.25.",
        "A score below 0.75",
        "the server's float32",
        ADDRESS,
    ):
        assert words in text


@pytest.mark.parametrize("kind", ["npz", "csv"])
def test_a_file_of_what_was_sent_before_says_so(make, touched, kind) -> None:
    data = make(touched, kind, exact=False)[1]
    text = data.decode("ascii") if kind == "csv" else str(arrays_of(data)["about"])
    assert "The server was away" in text
    assert "16 bits" in text
    assert "the server's float32" not in text


@pytest.mark.parametrize("kind", ["npz", "csv", "png"])
def test_a_file_of_what_the_browser_read_says_so(make, touched, kind) -> None:
    data = make(touched, kind, by="browser")[1]
    if kind == "png":
        said, words = Image.open(io.BytesIO(data)).text["Description"], "Read by LSTM, 128 units in the browser"
    else:
        said, words = data.decode("ascii") if kind == "csv" else str(arrays_of(data)["about"]), "the browser's float32"
    assert words in said
    assert "server" not in said
