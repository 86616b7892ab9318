"""What the page asks and what it is answered."""

import base64
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from model import strokes_to_image
from model.evaluation import unit_survey
from model.networks import weights
from model.preprocessing.variations import VARIATIONS, varied
from model.serving.page import FILES, answer, find, known, take
from tests.support.drawings import as_points, pen_digits, photo

DIGIT = pen_digits()[3]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(
            st.sampled_from(["strokes", "image", "hold", "silence", "vary", "picture", "input_gate"]), inner
        )
    ),
    max_leaves=20,
)


def test_the_answer_is_the_reading(reader) -> None:
    reply = answer(reader, {"strokes": DIGIT["strokes"]})
    reading = reader.read(strokes_to_image(as_points(DIGIT["strokes"])))
    assert reply["ok"] is True
    assert reply["digit"] == reading.digit
    flat = np.frombuffer(base64.b64decode(reply["arrays"]), "<f2").astype(float)
    parts = [*reading.trace, reading.memory, reading.added, reading.logits, reading.verdict, reading.evidence]
    parts += [reading.probabilities, reading.image]
    assert len(flat) == sum(part.size for part in parts) == 8 * 28 * 128 + 3 * 280 + 10 + 784
    assert reply["untouched"] is None
    np.testing.assert_allclose(flat, np.concatenate([part.ravel() for part in parts]), rtol=1e-3, atol=1e-4)
    json.dumps(reply)


@pytest.mark.parametrize("strokes", [[], [[]], [[], []]])
def test_an_empty_pad_is_a_blank_page(reader, strokes) -> None:
    reply = answer(reader, {"strokes": strokes})
    assert reply["ok"] is True
    assert reply["digit"] is None


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (None, "holds no list of strokes"),
        ([], "holds no list of strokes"),
        ({}, "holds no list of strokes"),
        ({"strokes": "all"}, "holds no list of strokes"),
        ({"strokes": [[1, 2, 3]]}, "a list x, y"),
        ({"strokes": [{"x": 1}]}, "a list x, y"),
        ({"strokes": [["1", "2"]]}, "numbers only"),
        ({"strokes": [[True, False]]}, "numbers only"),
        ({"strokes": [[None, 1]]}, "numbers only"),
        ({"strokes": [[[1, 2], [3, 4]]]}, "numbers only"),
        ({"strokes": [[float("nan"), 1]]}, "finite"),
        ({"strokes": [[1e308, 1]]}, "beyond"),
        ({"strokes": [[10**400, 1]]}, "too large"),
        ({"strokes": [[0] * 50_000]}, "at most 20,000"),
        ({"strokes": [[0, 0] * 9_000] * 3}, "27,000 points"),
        ({"strokes": [[0, 0]] * 1_001}, "1,001 strokes"),
        ({"image": 3}, "holds no image"),
        ({"image": "?"}, "not base64"),
        ({"image": "AAAA"}, "must be 784 bytes"),
        ({"strokes": [], "vary": "bigger"}, "in these ways: shifted, rotated, thinner"),
        ({"strokes": [], "vary": ["rotated"]}, "in these ways"),
        ({"strokes": [], "hold": 1}, "holds no object of gates"),
        ({"strokes": [], "hold": {"cell": [1, 0, 27]}}, "no gate 'cell'"),
        ({"strokes": [], "hold": {"input_gate": 1}}, "[value from 0 to 1, first row, last row]"),
        ({"strokes": [], "hold": {"input_gate": [1.5, 0, 27]}}, "[value from 0 to 1, first row, last row]"),
        ({"strokes": [], "hold": {"input_gate": [float("nan"), 0, 27]}}, "[value from 0 to 1, first row, last row]"),
        ({"strokes": [], "hold": {"input_gate": [1, 5, 4]}}, "0 to 27, in this order"),
        ({"strokes": [], "hold": {"input_gate": [1, 0, 28]}}, "0 to 27, in this order"),
        ({"strokes": [], "hold": {"input_gate": [1, 0.5, 3]}}, "0 to 27, in this order"),
        ({"strokes": [], "silence": 5}, "holds no list of units"),
        ({"strokes": [], "silence": [True]}, "whole numbers"),
        ({"strokes": [], "silence": [128]}, "0 to 127"),
    ],
)
def test_a_request_that_is_none_gets_a_sentence(reader, request_, sentence) -> None:
    reply = answer(reader, request_)
    assert reply["ok"] is False
    assert sentence in reply["error"]


@settings(max_examples=300, deadline=None)
@given(request_=anything)
def test_any_request_gets_an_answer(reader, request_) -> None:
    for reply in (answer(reader, request_), find(request_)):
        assert reply["ok"] is True or (reply["ok"] is False and reply["error"].endswith("."))


def test_an_experiment_is_answered_with_the_untouched_reading_beside(reader) -> None:
    drawn = {"strokes": DIGIT["strokes"]}
    reply = answer(reader, {**drawn, "hold": {"input_gate": [0, 14, 27]}, "silence": [3, 5]})
    plain = reader.read(strokes_to_image(as_points(DIGIT["strokes"])))
    assert reply["untouched"]["digit"] == plain.digit
    np.testing.assert_allclose(reply["untouched"]["probabilities"], plain.probabilities)
    flat = np.frombuffer(base64.b64decode(reply["arrays"]), "<f2")
    input_gate, hidden = flat[:3584].reshape(28, 128), flat[5 * 3584 : 6 * 3584].reshape(28, 128)
    assert (input_gate[14:] == 0).all()
    assert input_gate[:14].all()
    assert (hidden[:, [3, 5]] == 0).all()


@pytest.mark.parametrize("how", VARIATIONS)
def test_a_varied_drawing_is_another_image(reader, how) -> None:
    image = strokes_to_image(as_points(DIGIT["strokes"]))
    other = varied(image, how)
    assert other.shape == (28, 28)
    assert other.dtype == np.float32
    assert 0 <= other.min() <= other.max() <= 1
    assert np.abs(other - image).max() > 0.3
    assert other.sum() < 0.75 * image.sum() if how == "thinner" else other.sum() == pytest.approx(image.sum(), rel=0.1)
    reply = answer(reader, {"strokes": DIGIT["strokes"], "vary": how})
    seen = np.frombuffer(base64.b64decode(reply["arrays"]), "<f2")[-784:].reshape(28, 28)
    np.testing.assert_allclose(seen, other, atol=1e-3)


def png(picture: Image.Image) -> dict[str, str]:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return {"picture": base64.b64encode(file.getvalue()).decode()}


def test_a_digit_is_found_in_a_picture_and_read(reader) -> None:
    found = find({"picture": base64.b64encode(photo(DIGIT)).decode()})
    assert found["ok"] is True
    assert answer(reader, {"image": found["image"]})["digit"] == DIGIT["digit"]


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (png(Image.new("L", (90, 90), 200)), "Nothing in this picture stands out"),
        (png(Image.new("L", (2000, 10))), "too long and thin"),
        ({"picture": base64.b64encode(b"no picture at all").decode()}, "no picture that can be read"),
        ({"picture": base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()}, "no picture that can be read"),
        ({"picture": "not base64!"}, "not base64"),
        ({"picture": 7}, "holds no picture"),
        ({}, "holds no picture"),
        (None, "holds no picture"),
    ],
)
def test_what_is_no_picture_gets_a_sentence(request_, sentence) -> None:
    reply = find(request_)
    assert reply["ok"] is False
    assert sentence in reply["error"]


def test_what_is_known_of_the_units_is_of_the_shipped_weights(reader) -> None:
    survey = unit_survey.load()
    assert str(survey.sha256) == weights.load()[1]["sha256"], "run python -m model.units"
    assert sorted(survey.likeness.tolist()) == list(range(128))
    reply = known(reader, survey)
    assert len(base64.b64decode(reply["bank"])) == 300 * 784
    assert np.shape(reply["best"]) == (128, 10)
    assert max(map(max, reply["best"])) < 300
    readout = np.frombuffer(base64.b64decode(reply["readout"]), "<f2").reshape(128, 10)
    np.testing.assert_allclose(readout, reader.readout, rtol=1e-3)


def test_neighbours_are_alike(reader, mnist) -> None:
    hidden = np.concatenate([reader.read(image).trace.hidden for image in mnist[0][:200]])
    correlation = np.corrcoef(hidden.T)
    order = unit_survey.load().likeness
    assert correlation[order[:-1], order[1:]].mean() > correlation.mean() + 0.2


def test_the_digits_that_drive_a_unit_do(reader) -> None:
    survey = unit_survey.load()
    peaks = np.stack([reader.read(image).trace.hidden.max(0) for image in survey.bank / 255])
    for unit in (0, 18, 127):
        worst = peaks[survey.best[unit], unit].min()
        assert worst >= np.sort(peaks[:, unit])[-10] - 1e-5


@pytest.mark.parametrize("kind", FILES)
def test_a_reading_is_taken_away_as_it_is_shown(reader, kind) -> None:
    request = {"strokes": DIGIT["strokes"], "silence": [7], "kind": kind, "dark": True}
    reply = take(reader, request)
    assert reply["name"] == f"gatescope-{DIGIT['digit']}.{kind}"
    data = base64.b64decode(reply["data"])
    assert data == FILES[kind](reader.read(strokes_to_image(as_points(DIGIT["strokes"])), silence=[7]), True)


@pytest.mark.parametrize("kind", ["exe", "", None, 3, ["png"]])
def test_what_is_no_kind_of_file_gets_a_sentence(reader, kind) -> None:
    reply = take(reader, {"strokes": [], "kind": kind})
    assert reply["ok"] is False
    assert "kind of file" in reply["error"] or "png, gif, npz, csv" in reply["error"]
