"""The endpoints for programs: as functions, through `gradio_client`, and by plain HTTP."""

import base64
import json
import re
import shlex
import urllib.error
import urllib.request
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image

from model import strokes_to_image
from model.serving.api import Api, Name
from tests.support.demo import Demo
from tests.support.drawings import as_points, pen_digits, photo

README = Path(__file__).resolve().parents[2] / "README.md"
DIGIT = pen_digits()[3]
POINTS = as_points(DIGIT["strokes"])
STROKES = [stroke.tolist() for stroke in POINTS]
PICTURE = base64.b64encode(photo(DIGIT)).decode()


@pytest.fixture(scope="module")
def api(reader) -> Api:
    return Api(reader)


@pytest.fixture(scope="module")
def client(demo: Demo) -> Client:
    return Client(demo.url, verbose=False)


def post(url: str, data: list) -> tuple[int, dict]:
    request = urllib.request.Request(url, json.dumps({"data": data}).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_the_answer_is_the_reading(api, reader) -> None:
    answer = api.read_strokes(STROKES, arrays=list(get_args(Name)))
    reading = reader.read(strokes_to_image(POINTS))
    assert answer["digit"] == reading.digit == DIGIT["digit"]
    np.testing.assert_allclose(answer["probabilities"], reading.probabilities, atol=1e-6)
    everything = {**vars(reading), **reading.trace._asdict()}
    for name, values in answer["arrays"].items():
        np.testing.assert_allclose(values, everything[name], atol=1e-6)
    arrays = {name for name, value in everything.items() if isinstance(value, np.ndarray)}
    assert set(answer["arrays"]) == arrays - {"probabilities", "hold"}
    assert answer["untouched"] is None
    assert json.loads(json.dumps(answer)) == answer


def test_nothing_drawn_is_no_digit(api) -> None:
    assert api.read_strokes([])["digit"] is None


@pytest.mark.parametrize(
    ("hold", "same"),
    [
        ({"input_gate": 0.25}, {"input_gate": 0.25}),
        ({"input_gate": [0, 14, 27]}, {"input_gate": np.repeat([np.nan, 0], 14)}),
        ({"input_gate": [1, 0, 27, 18]}, {"input_gate": np.where(np.arange(128) == 18, [[1]] * 28, np.nan)}),
        ({}, None),
    ],
)
def test_gates_are_held_and_units_silenced(api, reader, hold, same) -> None:
    answer = api.read_strokes(STROKES, hold, [3, 5], ["input_gate", "hidden"])
    reading = reader.read(strokes_to_image(POINTS), same, [3, 5])
    np.testing.assert_allclose(answer["arrays"]["input_gate"], reading.trace.input_gate, atol=1e-6)
    np.testing.assert_allclose(answer["arrays"]["hidden"], reading.trace.hidden, atol=1e-6)
    assert answer["untouched"]["digit"] == DIGIT["digit"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"strokes": "all"}, "holds no list of strokes"),
        ({"strokes": [[1, 2, 3, 4]]}, "a list of points, each of them [x, y]"),
        ({"strokes": [[[1, 2, 3]]]}, "a list of points, each of them [x, y]"),
        ({"strokes": [{"x": 1}]}, "a list of points, each of them [x, y]"),
        ({"strokes": [[["1", "2"]]]}, "numbers only"),
        ({"strokes": [[[float("nan"), 0]]]}, "finite"),
        ({"strokes": [], "hold": {"cell": 1}}, "no gate 'cell'"),
        ({"strokes": [], "hold": {"input_gate": 1.5}}, "value from 0 to 1"),
        ({"strokes": [], "hold": {"input_gate": [1, 0, 27, 128]}}, "of one unit, a whole number from 0 to 127"),
        ({"strokes": [], "hold": {"input_gate": [1, 0, 27, "18"]}}, "value from 0 to 1"),
        ({"strokes": [], "hold": 1}, "no object of gates"),
        ({"strokes": [], "silence": [128]}, "0 to 127"),
        ({"strokes": [], "silence": 0}, "no list of units"),
        ({"strokes": [], "arrays": ["gate"]}, "a list of image, logits"),
        ({"strokes": [], "arrays": [["cell"]]}, "a list of image, logits"),
        ({"strokes": [], "arrays": "cell"}, "a list of image, logits"),
        ({"strokes": [], "arrays": ["cell"] * 13}, "each once"),
        ({"strokes": [[]] * 1001}, "at most 1,000"),
    ],
)
def test_what_is_no_question_gets_a_sentence(api, arguments, sentence) -> None:
    with pytest.raises(ValueError, match=sentence.replace("[", r"\[")):
        api.read_strokes(**arguments)


def test_a_path_is_no_picture(api, tmp_path) -> None:
    Image.new("L", (28, 28), 255).save(tmp_path / "four.png")
    for path in (tmp_path / "four.png", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1/"):
        with pytest.raises(ValueError, match=r"not base64|no picture that can be read"):
            api.read_picture(str(path))


def test_a_client_reads_strokes_and_pictures(client) -> None:
    answer = client.predict(
        strokes=STROKES, hold={"forget_gate": 1}, silence=[3], arrays=["forget_gate"], api_name="/read_strokes"
    )
    assert np.shape(answer["arrays"]["forget_gate"]) == (28, 128)
    assert np.all(np.array(answer["arrays"]["forget_gate"]) == 1)
    assert answer["untouched"]["digit"] == DIGIT["digit"]
    assert client.predict(picture=PICTURE, api_name="/read_picture")["digit"] == DIGIT["digit"]
    with pytest.raises(AppError, match="Hold the output_gate as"):
        client.predict(strokes=[], hold={"output_gate": 2}, api_name="/read_strokes")


def test_a_client_is_told_the_types_of_all_arguments_and_results(client) -> None:
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(endpoints) == {"/read_strokes", "/read_picture"}
    for endpoint in endpoints.values():
        assert "handwritten digit" in endpoint["description"]
        assert all(name in endpoint["description"] for name in get_args(Name))
        assert "counted from 0" in endpoint["description"]
        first, *others = endpoint["parameters"]
        assert first["parameter_name"] in ("strokes", "picture")
        assert [other["parameter_name"] for other in others] == ["hold", "silence", "arrays"]
        assert all(other["parameter_has_default"] for other in others)
        (result,) = endpoint["returns"]
        assert set(result["type"]["properties"]) == {"digit", "why", "probabilities", "arrays", "untouched"}


def test_plain_http_reads_in_one_request(demo) -> None:
    for name, drawing in {"read_strokes": STROKES, "read_picture": PICTURE}.items():
        status, reply = post(f"{demo.url}gradio_api/run/{name}", [drawing, None, None, None])
        assert status == 200
        assert reply["data"][0]["digit"] == DIGIT["digit"]
    _, reply = post(f"{demo.url}gradio_api/run/read_picture", ["?", None, None, None])
    assert reply["error"] == "The request holds data that is not base64."


def test_the_readmes_curl_line_is_answered(demo) -> None:
    (line,) = re.findall(r"^curl .*", README.read_text(encoding="utf-8"), re.M)
    _, url, *_, body = shlex.split(line)
    _, reply = post(url.replace("http://127.0.0.1:7860/", demo.url), json.loads(body)["data"])
    assert reply["data"][0]["digit"] == 4
    assert list(reply["data"][0]["arrays"]) == ["cell"]
