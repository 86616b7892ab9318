"""What the page is answered: few bytes, and what it derives from them is what the server read."""

import base64
import hashlib
import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from model import Reader, Reading, strokes_to_image
from model.networks import units, weights
from model.serving.reply import network_facts, unit_facts
from model.serving.request import Request, checked
from tests.support.demo import run_async
from tests.support.drawings import as_points, pen_digits

DIGIT = pen_digits()[3]
STROKES = DIGIT["strokes"]

MAPS = ("input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden", "memory", "added")
BY_CLASS = ("logits", "verdict", "evidence")
SHARES = ("memory", "verdict")  # which the page shows as per cent


def arrays_of(reading: Reading) -> dict[str, np.ndarray]:
    return {name: getattr(reading.trace, name, getattr(reading, name, None)) for name in (*MAPS, *BY_CLASS)}


def taken_apart(reply: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What is in a reply, as its description says, and its arrays by name; gates of 16 bits as float64."""
    form, digit, why, has_untouched, other_digit, other_why, nothing = struct.unpack_from("<BbBBbBH", reply)
    numbers = np.frombuffer(reply, "<f4", 22, 8)
    said = {
        **{"form": form, "digit": digit, "why": why, "score": numbers[0], "probabilities": numbers[1:11]},
        **{"has_untouched": has_untouched, "untouched": (other_digit, other_why), "nothing": nothing},
        **{"untouched_score": numbers[11], "untouched_probabilities": numbers[12:]},
        "image": np.frombuffer(reply, np.uint8, 784, 96).reshape(28, 28),
    }
    if form == 1:
        gates = np.frombuffer(reply, "<u2", 3 * 3584, 880).reshape(3, 28, 128) / 65535
        candidate = np.frombuffer(reply, "<i2", 3584, 880 + 6 * 3584).reshape(28, 128) / 32767
        names = ("input_gate", "forget_gate", "output_gate")
        return said, {**dict(zip(names, gates, strict=True)), "candidate": candidate}
    shapes = {**dict.fromkeys(MAPS, (28, 128)), **dict.fromkeys(BY_CLASS, (28, 10))}
    flat = np.frombuffer(reply, "<f4", offset=880)
    ends = np.cumsum([np.prod(shape) for shape in shapes.values()])
    parts = np.split(flat, ends)
    assert parts.pop().size == 0
    return said, {name: part.reshape(shape) for (name, shape), part in zip(shapes.items(), parts, strict=True)}


def derived(gates: dict[str, np.ndarray], reader: Reader, silence: tuple[int, ...] = ()) -> dict[str, np.ndarray]:
    """Everything else, from the gates and the candidate, as the page does it in float64."""
    i, f, g, o = (gates[name].astype(float) for name in ("input_gate", "forget_gate", "candidate", "output_gate"))
    heard = np.ones(128)
    heard[list(silence)] = 0
    c, cell = np.zeros(128), []
    for row in range(28):
        c = f[row] * c + i[row] * g[row]
        cell.append(c)
    hidden = o * np.tanh(cell) * heard
    memory = np.ones((28, 128))
    for row in range(26, -1, -1):
        memory[row] = memory[row + 1] * f[row + 1]
    added = o[-1] * heard * np.diff(np.tanh(np.cumsum(memory * i * g, 0)), axis=0, prepend=0)
    readout = reader.readout.astype(float)
    logits = hidden @ readout + reader.readout_bias
    exponentials = np.exp(logits - logits.max(1, keepdims=True))
    return {
        **gates,
        **{"cell": np.array(cell), "hidden": hidden, "memory": memory, "added": added, "evidence": added @ readout},
        **{"logits": logits, "verdict": exponentials / exponentials.sum(1, keepdims=True)},
    }


def shown(array: np.ndarray, name: str) -> np.ndarray:
    """The numbers as the page writes them, in units of the last digit: two decimals, or per cent with one."""
    return np.floor(array.astype(float) * (1000 if name in SHARES else 100) + 0.5)


@pytest.fixture(scope="module")
def answer(readings) -> Callable[[Request], bytes]:
    return lambda request: run_async(readings.answer(request))


def test_the_page_shows_the_servers_numbers(reader, answer, mnist) -> None:
    drawn = [strokes_to_image(as_points(digit["strokes"])) for digit in pen_digits()]
    count, differ = dict.fromkeys((*MAPS, *BY_CLASS), 0), dict.fromkeys((*MAPS, *BY_CLASS), 0)
    for image in (*mnist[0][:400], *drawn):
        reading, reply = reader.read(image), answer(Request(image, {}, [], full=False))
        assert len(reply) <= 30_000
        page, server = derived(taken_apart(reply)[1], reader), arrays_of(reading)
        for name in count:
            off = np.abs(shown(page[name], name) - shown(server[name], name))
            assert off.max() <= 1
            count[name] += off.size
            differ[name] += np.count_nonzero(off)
    for name in count:
        print(f"{name:12} {differ[name] / count[name]:.4%} differ")
    print(f"{'together':12} {sum(differ.values()) / sum(count.values()):.4%} differ")
    assert sum(differ.values()) <= 0.001 * sum(count.values())
    assert max(differ[name] / count[name] for name in count) <= 0.003


@pytest.mark.parametrize(
    ("hold", "silence"),
    [
        ({"forget_gate": [1, 0, 27]}, []),
        ({"forget_gate": [0, 9, 13], "output_gate": [0.3, 0, 27]}, [3, 5]),
        ({"input_gate": [0, 0, 27]}, []),
        ({}, list(range(128))),
    ],
)
def test_what_is_derived_of_an_experiment_is_near_too(reader, answer, hold, silence) -> None:
    request = checked({"strokes": STROKES, "hold": hold, "silence": silence})
    reading = reader.read(request.image, request.hold, silence)
    gates = taken_apart(answer(request))[1]
    page = derived(gates, reader, silence)
    for name, array in arrays_of(reading).items():
        np.testing.assert_allclose(page[name], array, atol=2e-3 if name in BY_CLASS else 2e-4, err_msg=name)


def test_the_reply_says_what_was_read(reader, answer) -> None:
    request = checked({"strokes": STROKES})
    reading = reader.read(request.image)
    reply = answer(request)
    said, _ = taken_apart(reply)
    assert len(reply) == 29_552
    assert (said["form"], said["digit"], said["why"]) == (1, reading.digit, 0) == (1, DIGIT["digit"], 0)
    np.testing.assert_allclose(said["score"], reading.score, atol=1e-5)
    np.testing.assert_allclose(said["probabilities"], reading.probabilities, atol=1e-6)
    np.testing.assert_array_equal(said["image"], np.rint(reading.image * 255))
    assert (said["has_untouched"], said["untouched"], said["nothing"], said["untouched_score"]) == (0, (-1, 0), 0, 0)
    assert not said["untouched_probabilities"].any()


def test_a_full_reply_is_the_reading_itself(reader, answer) -> None:
    request = checked({"strokes": STROKES, "silence": [7], "full": True})
    said, arrays = taken_apart(answer(request))
    assert said["form"] == 2
    for name, array in arrays_of(reader.read(request.image, silence=[7])).items():
        np.testing.assert_array_equal(arrays[name], array, err_msg=name)


def test_an_experiment_is_answered_with_what_it_reads_untouched(reader, answer) -> None:
    drawn = {"strokes": STROKES}
    said, gates = taken_apart(answer(checked({**drawn, "hold": {"input_gate": [0, 14, 27]}})))
    plain = reader.read(checked(drawn).image)
    assert (said["has_untouched"], said["untouched"]) == (1, (plain.digit, 0))
    np.testing.assert_allclose(said["untouched_score"], plain.score, atol=1e-5)
    np.testing.assert_allclose(said["untouched_probabilities"], plain.probabilities, atol=1e-6)
    assert not gates["input_gate"][14:].any()
    assert gates["input_gate"][:14].any()


@pytest.mark.parametrize(
    ("strokes", "why"),
    [
        ([], 1),
        ([[100, 200, 120, 800], [600, 200, 610, 800]], 2),
        ([[200, 150, 800, 850], [800, 150, 200, 850]], 3),
    ],
)
def test_the_reply_says_why_there_is_no_digit(answer, strokes, why) -> None:
    said, _ = taken_apart(answer(checked({"strokes": strokes})))
    assert (said["digit"], said["why"]) == (-1, why)
    said, _ = taken_apart(answer(checked({"strokes": strokes, "hold": {"forget_gate": [0.9, 3, 3]}})))
    assert said["untouched"] == (-1, why)


def test_what_the_page_knows_of_the_network_is_exact(reader) -> None:
    facts = json.loads(network_facts(reader, units.load()))
    card = weights.load()[1]
    known = ["name", "sha256", "weights", "temperature", "least_score", "readout", "bias", "similarity"]
    assert list(facts) == known
    assert facts["weights"] == hashlib.sha256(weights.packed(reader.weights)).hexdigest()
    assert facts["name"] == "LSTM, 128 units"
    assert all(facts[name] == card[name] for name in ("sha256", "temperature", "least_score"))
    readout = np.frombuffer(base64.b64decode(facts["readout"]), "<f4").reshape(128, 10)
    np.testing.assert_array_equal(readout, reader.readout)
    np.testing.assert_array_equal(np.float32(facts["bias"]), reader.readout_bias)
    assert sorted(facts["similarity"]) == list(range(128))


def test_what_the_page_knows_of_the_units_is_the_survey() -> None:
    survey = units.load()
    facts = json.loads(unit_facts(survey))
    assert base64.b64decode(facts["bank"]) == survey.bank.tobytes()
    assert facts["best"] == survey.best.tolist()
    assert facts["least"] == survey.least.tolist()
    assert np.shape(facts["best"]) == (128, 10)
