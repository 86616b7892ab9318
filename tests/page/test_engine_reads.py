"""The browser's engine against Python's reader: the same image to the byte, the same answer, the same maps."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import BrowserContext

from model.networks.dimensions import GATES, ROWS, UNITS
from model.preprocessing.variations import VARIATIONS
from model.reader import Reader
from tests.support.drawings import beside, no_digits, pen_digits
from tests.support.engine import Engine
from tests.support.refusals import REFUSED_REQUESTS

NEAR = 1e-4


@pytest.fixture(scope="module")
def engine(visitor: BrowserContext, reader: Reader) -> Iterator[Engine]:
    page = visitor.new_page()
    engine = Engine(reader, page.goto, lambda script: page.evaluate(f"async () => {{ {script} }}"))
    yield engine
    page.close()
    engine.close()


def test_mnists_digits_are_read_as_python_reads_them(engine, mnist) -> None:
    images = np.rint(mnist[0][:150] * 255).astype(np.uint8)
    found = engine.compare([{"image": base64.b64encode(image.tobytes()).decode()} for image in images])
    assert (found.different, found.images) == ([], [])
    assert found.apart < NEAR, found.worst


def test_digits_that_people_wrote_are_drawn_and_read_as_python_does(engine) -> None:
    rng = np.random.default_rng(17)
    asked = [{"strokes": strokes} for strokes in (*no_digits().values(), beside(2, 5), beside(1, 1), [])]
    for digit in pen_digits():
        scale, place = 10 ** rng.uniform(-6, 2), rng.uniform(-1000, 1000)
        asked += [
            {"strokes": digit["strokes"]},
            {"strokes": [[value * scale + place for value in stroke] for stroke in digit["strokes"]]},
            {"strokes": digit["strokes"], "vary": str(rng.choice(list(VARIATIONS)))},
        ]
    found = engine.compare(asked)
    assert (found.different, found.images) == ([], [])
    assert found.apart < NEAR, found.worst


def test_drawings_of_many_points_and_dots_are_the_same_to_the_byte(engine) -> None:
    rng = np.random.default_rng(18)
    scrawl = rng.integers(0, 1000, 8_000).tolist()
    dots = [[*map(float, place)] for place in rng.integers(0, 1000, (999, 2))]
    far = [[x + 3_000, y] for x, y in dots]
    digit = pen_digits()[0]["strokes"]
    asked = [[scrawl], dots, [*digit, *far[:30]], [*digit, *far[:31]], [*digit, *dots[:20]], [[5.5, 5.5] * 9_000]]
    found = engine.compare([{"strokes": strokes} for strokes in asked])
    assert (found.different, found.images) == ([], [])


numbers = st.floats(-1e6, 1e6) | st.integers(-1000, 1000) | st.floats(-1, 1)
points = st.lists(st.tuples(numbers, numbers), max_size=12).map(lambda places: [n for place in places for n in place])
walks = st.lists(st.tuples(st.integers(-30, 30), st.integers(-30, 30)), min_size=1, max_size=30).map(
    lambda steps: np.cumsum(steps, axis=0).ravel().tolist()
)
written = st.sampled_from([digit["strokes"] for digit in pen_digits()])
drawings = written | st.lists(points | walks, max_size=6)
rows = st.tuples(st.integers(0, ROWS - 1), st.integers(0, ROWS - 1)).map(sorted)
held = st.tuples(st.floats(0, 1), rows, st.lists(st.integers(0, UNITS - 1), max_size=1)).map(
    lambda parts: [parts[0], *parts[1], *parts[2]]
)
questions = st.fixed_dictionaries(
    {"strokes": drawings},
    optional={
        "hold": st.dictionaries(st.sampled_from(GATES), held, max_size=3),
        "silence": st.lists(st.integers(0, UNITS - 1), max_size=9),
        "vary": st.sampled_from(list(VARIATIONS)),
    },
)
once = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@once
@given(questions)
def test_whatever_is_drawn_and_changed_is_read_as_python_reads_it(engine, question) -> None:
    found = engine.compare([question])
    assert (found.different, found.images) == ([], [])
    assert found.apart < NEAR, found.worst


# What is nearly a question. No 1.0, which is 1 in the browser's JSON.
oddments = st.none() | st.booleans() | st.integers(-2, 130) | st.just(0.5) | st.text("abc", max_size=3)
oddities = oddments | st.lists(oddments, max_size=5) | st.dictionaries(st.text("abc", max_size=3), oddments, max_size=2)
image = st.binary(max_size=800).map(lambda data: base64.b64encode(data).decode()) | st.text("aA1+/=-", max_size=9)
wrong = st.fixed_dictionaries(
    {"strokes": oddities | st.lists(points | oddities, max_size=3) | st.just([[2e6, 1]]) | st.just([[]] * 1001)},
    optional={
        "image": oddities | image | st.binary(min_size=784, max_size=784).map(lambda d: base64.b64encode(d).decode()),
        "hold": oddities | st.dictionaries(st.sampled_from([*GATES, "cell"]), oddities, max_size=2),
        "silence": oddities,
        "vary": oddities,
        "full": oddities,
        "hold_": oddities,
    },
)


@once
@given(st.lists(wrong, min_size=1, max_size=9))
def test_what_is_refused_is_refused_in_the_same_words(engine, asked) -> None:
    found = engine.compare(asked)
    assert (found.different, found.images) == ([], [])


def test_what_the_server_refuses_is_refused_in_the_same_words(engine) -> None:
    asked = [request for request, _ in REFUSED_REQUESTS if isinstance(request, dict) and writable(request)]
    found = engine.compare(asked)
    assert len(asked) > 20
    assert found.different == []


def writable(request: dict[str, Any]) -> bool:
    """Whether JSON in the browser knows all its numbers."""
    return not re.search(r"NaN|\d{300}", json.dumps(request))


def test_weights_of_another_length_are_none(engine) -> None:
    script = """return [0, 163346, 163347, 163350, 326696].map((length) => {
      try { return openWeights(new ArrayBuffer(length)).kernel.length; } catch (error) { return error.message; } });"""
    assert engine.run(script) == [
        f"{length} bytes of weights, not 163348" for length in (0, 163346, 163347, 163350, 326696)
    ]
    nan = "const file = new ArrayBuffer(163348); new Uint16Array(file).fill(0x7e00); openWeights(file)"
    assert "not finite" in engine.run(f"try {{ {nan} }} catch (error) {{ return error.message; }}")


def test_the_weights_are_the_ones_that_python_reads_with(engine, reader) -> None:
    found = json.loads(engine.run("return JSON.stringify(Object.values(engine.weights).map((array) => [...array]))"))
    for mine, theirs in zip(found, reader.weights, strict=True):
        np.testing.assert_array_equal(np.float32(mine), theirs.numpy().ravel())


def test_a_reading_takes_less_than_a_frame(engine) -> None:
    script = f"""const asked = {{ strokes: {json.dumps(pen_digits()[4]["strokes"])} }};
      let least = Infinity; // of many, since the machine may be busy with something else
      for (let k = 0; k < 60; k++) {{
        const begun = performance.now();
        engine.read(asked);
        least = Math.min(least, performance.now() - begun);
      }}
      return least;"""
    assert engine.run(script) < 1000 / 60
