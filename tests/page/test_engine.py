"""The browser's mathematics against Python's reader: the same given the same gates, nearly so given them in 16 bits."""

import asyncio
import base64
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import BrowserContext, Page

import model
from model.networks import units
from model.networks.dimensions import CLASSES, ROWS, UNITS
from model.reader import Reader, Reading
from model.serving.readings import Readings
from model.serving.reply import network_facts
from model.serving.request import Request, checked
from tests.support.demo import run_async
from tests.support.drawings import as_points, pen_digits
from tests.support.replies import reading_bytes
from tests.support.stand_in import StandIn

GATES = ("input_gate", "forget_gate", "candidate", "output_gate")
MAPS = (*GATES, "cell", "hidden", "memory", "added")
BY_CLASS = ("logits", "verdict", "evidence")
SHORT, FULL = 29_552, 118_928  # bytes

# The modules under test, and helpers: bytes come as base64, and arrays go back so, as float32.
SETUP = """async (facts) => {
  const names = ["lstm", "readout", "attribution", "landmarks"];
  const modules = await Promise.all(names.map((name) => import(`/assets/engine/${name}.js`)));
  names.forEach((name, k) => (window[name] = modules[k]));
  const { decode, readingOf } = await import("/assets/backend/decode.js");
  const { openNetwork } = await import("/assets/backend/network.js");
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
  const floats = (text) => new Float32Array(bytes(text));
  const text = (values) => {
    const { buffer, byteOffset, byteLength } = Float32Array.from(values);
    return btoa(Array.from(new Uint8Array(buffer, byteOffset, byteLength), (b) => String.fromCharCode(b)).join(""));
  };
  const network = openNetwork(facts);
  Object.assign(window, { decode, readingOf, bytes, floats, text, network });
}"""


class Case(NamedTuple):
    """A reading by Python, and what the page asked for it."""

    reading: Reading
    asked: dict[str, Any]


@pytest.fixture(scope="module")
def served(readings: Readings, cases: list[Case]) -> list[bytes]:
    """What the server answers in each case, at 16 bits a gate value."""

    async def answers(requests: list[Request]) -> list[bytes]:
        return await asyncio.gather(*map(readings.answer, requests))

    def request(case: Case) -> Request:
        image = np.rint(case.reading.image * 255).astype(np.uint8).tobytes()
        return checked({"image": base64_of(image), **case.asked})

    return run_async(answers(list(map(request, cases))))


@pytest.fixture(scope="module")
def engine(visitor: BrowserContext, reader: Reader) -> Iterator[Page]:
    stand_in = StandIn()
    page = visitor.new_page()
    page.goto(stand_in.url)
    page.evaluate(SETUP, json.loads(network_facts(reader, units.load())))
    yield page
    page.close()
    stand_in.close()


@pytest.fixture(scope="module")
def cases(reader: Reader) -> list[Case]:
    """A blank pad, and 60 digits, each as it is and with gates held, units silenced or both."""
    rng = np.random.default_rng(14)
    blank = reader.read(np.zeros((28, 28), np.float32))
    cases = [Case(blank, {})]
    for k, digit in enumerate(pen_digits()):
        image = model.strokes_to_image(as_points(digit["strokes"]))
        hold = {}
        for gate in rng.choice(["input_gate", "forget_gate", "output_gate"], rng.integers(1, 3), replace=False):
            first, last = sorted(rng.integers(ROWS, size=2).tolist())
            unit = [int(rng.integers(UNITS))] if rng.random() < 0.4 else []
            hold[str(gate)] = [int(rng.integers(21)) / 20, first, last, *unit]
        silence = sorted(rng.choice(UNITS, 12, replace=False).tolist())
        experiments = ({"hold": hold}, {"silence": silence}, {"hold": hold, "silence": silence})
        for asked in ({}, experiments[k % 3]):
            held = {gate: np.full((ROWS, UNITS), np.nan, np.float32) for gate in asked.get("hold", {})}
            for gate, values in held.items():
                value, first, last, *unit = hold[gate]
                values[(slice(first, last + 1), *unit)] = value
            cases.append(Case(reader.read(image, held, asked.get("silence", ())), asked))
    return cases


def arrays(reading: Reading) -> dict[str, np.ndarray]:
    by_class = {name: getattr(reading, name) for name in BY_CLASS}
    return {**reading.trace._asdict(), "memory": reading.memory, "added": reading.added, **by_class}


def base64_of(data: bytes | np.ndarray) -> str:
    return base64.b64encode(data if isinstance(data, bytes) else data.astype("<f4").tobytes()).decode()


def floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4")


def derived(engine: Page, answer: bytes, asked: dict[str, Any]) -> dict[str, np.ndarray]:
    """All arrays of a reading as the page makes them of the short answer."""
    script = """([answer, asked]) => Object.fromEntries(
      Object.entries(readingOf(decode(bytes(answer)), asked, network))
        .filter(([, value]) => value instanceof Float32Array).map(([name, values]) => [name, text(values)]))"""
    found = engine.evaluate(script, [base64_of(answer), asked])
    return {name: floats(values) for name, values in found.items()}


def test_given_the_same_gates_each_function_gives_what_python_gives(engine: Page, cases: list[Case]) -> None:
    script = """([given, silence]) => {
      const r = Object.fromEntries(Object.entries(given).map(([name, values]) => [name, floats(values)]));
      const made = {
        ...lstm.unroll(r, silence),
        memory: attribution.memory(r.forget_gate),
        added: attribution.whatRowsAdd(r, r.memory, silence),
        logits: readout.logits(r.hidden, network),
        verdict: readout.softmax(r.logits),
        evidence: attribution.evidence(r.added, network),
        score: [readout.logSumExp(r.logits, 270)],
      };
      return Object.fromEntries(Object.entries(made).map(([name, values]) => [name, text(values)]));
    }"""
    for reading, asked in cases:
        given = arrays(reading)
        packed = {name: base64_of(array) for name, array in given.items()}
        made = engine.evaluate(script, [packed, asked.get("silence", [])])
        for name, values in made.items():
            right = [reading.score] if name == "score" else given[name].ravel()
            np.testing.assert_allclose(floats(values), right, rtol=1e-5, atol=5e-6, err_msg=name)
        assert not floats(made["hidden"]).reshape(ROWS, UNITS)[:, asked.get("silence", [])].any()


def test_given_16_bits_a_gate_all_arrays_are_as_python_s_to_three_decimals(
    engine: Page, cases: list[Case], served: list[bytes]
) -> None:
    # A pass over eight adds in another order than one over one, which an image in doubt makes more of.
    within = dict.fromkeys(GATES, 2 / 32767) | {"memory": 2e-4, "verdict": 1e-4, "image": 1e-7, "probabilities": 5e-6}
    for case, answer in zip(cases, served, strict=True):
        right = {**arrays(case.reading), "image": case.reading.image, "probabilities": case.reading.probabilities}
        found = derived(engine, answer, case.asked)
        assert found.keys() == right.keys()
        for name, array in right.items():
            np.testing.assert_allclose(found[name], array.ravel(), rtol=0, atol=within.get(name, 1e-3), err_msg=name)
        for gate, (value, first, last, *unit) in case.asked.get("hold", {}).items():
            assert (found[gate].reshape(ROWS, UNITS)[(slice(first, last + 1), *unit)] == np.float32(value)).all()


def test_what_rows_add_sums_to_the_last_hidden_state_and_its_evidence_to_the_logits(
    engine: Page, cases: list[Case], served: list[bytes], reader: Reader
) -> None:
    for case, answer in zip(cases, served, strict=True):
        found = derived(engine, answer, case.asked)
        added, hidden = (found[name].reshape(ROWS, UNITS) for name in ("added", "hidden"))
        np.testing.assert_allclose(added.sum(0), hidden[-1], atol=2e-6)
        evidence, logits = (found[name].reshape(ROWS, CLASSES) for name in ("evidence", "logits"))
        np.testing.assert_allclose(evidence.sum(0) + reader.readout_bias, logits[-1], atol=2e-5)


def test_at_most_two_shown_numbers_in_a_thousand_differ_from_the_server_s_and_by_one_in_the_last_digit(
    engine: Page, cases: list[Case], served: list[bytes]
) -> None:
    """All that the page can show of a reading, as it writes it, from the short answer and from the full one."""
    script = """([answers, asked]) => {
      const [mine, theirs] = answers.map((answer) => {
        const reading = readingOf(decode(bytes(answer)), asked, network);
        const { evidence, logits, memory, closest } = reading;
        const sum = (values) => values.reduce((total, value) => total + value, 0);
        const digits = [...Array(10).keys()];
        const rows = [...Array(28).keys()];
        const total = digits.map((k) => sum(rows.map((row) => evidence[10 * row + k])));
        const byUnit = digits.flatMap((k) =>
          [...Array(128).keys()].map((unit) => attribution.unitEvidence({ reading, network }, unit, k)));
        const less = digits.flatMap((k) => [...(attribution.rowEvidence({ reading, digit: 3, against: k }))]);
        const mean = rows.map((row) => sum([...memory.subarray(128 * row, 128 * (row + 1))]) / 128);
        const two = { ...Object.fromEntries(MAPS.map((name) => [name, [...reading[name]]])), logits: [...logits],
          evidence: [...evidence], less, total, bias: total.map((value, k) => logits[270 + k] - value), byUnit };
        const percent = { verdict: [...reading.verdict], probabilities: [...reading.probabilities], mean };
        const written = (shown, write) => Object.entries(shown).map(([name, values]) => [name, values.map(write)]);
        return Object.fromEntries([
          ...written(two, (value) => 100 * Number(value.toFixed(2))),
          ...written(percent, (value) => 10 * Number((100 * value).toFixed(1))),
        ]);
      });
      return Object.fromEntries(Object.entries(mine).map(([name, values]) => {
        const apart = values.map((value, k) => Math.round(Math.abs(value - theirs[name][k])));
        return [name, [apart.filter(Boolean).length, apart.length, Math.max(...apart)]];
      }));
    }""".replace("MAPS", json.dumps(MAPS))
    counts: dict[str, np.ndarray] = {}
    for (reading, asked), answer in zip(cases, served, strict=True):
        answers = [base64_of(answer), base64_of(reading_bytes(reading, full=True))]
        for name, (differ, shown, most) in engine.evaluate(script, [answers, asked]).items():
            assert most <= 1, name
            counts[name] = counts.get(name, 0) + np.array([differ, shown])
    differ, shown = sum(counts.values())
    assert differ / shown <= 0.002, counts
    for name, (some, of) in counts.items():
        assert some / of <= 0.01, (name, some, of)


def test_the_full_answer_gives_the_server_s_own_numbers(engine: Page, cases: list[Case]) -> None:
    script = """([answer, asked]) => {
      const reading = readingOf(decode(bytes(answer)), asked, null);
      return [Object.fromEntries(Object.entries(reading).filter(([, value]) => value instanceof Float32Array)
        .map(([name, values]) => [name, text(values)])), reading.silence];
    }"""
    for reading, asked in cases[::7]:
        found, silence = engine.evaluate(script, [base64_of(reading_bytes(reading, full=True)), asked])
        assert silence == asked.get("silence", [])
        for name, array in arrays(reading).items():
            np.testing.assert_array_equal(floats(found[name]), array.ravel(), err_msg=name)


def test_row_evidence_is_of_the_digit_asked_for_less_the_one_against_it(engine: Page, cases: list[Case]) -> None:
    script = """([answer, digit, against]) => {
      const reading = readingOf(decode(bytes(answer)), {}, null);
      const rows = attribution.rowEvidence({ reading, digit, against });
      return rows && text(rows);
    }"""
    blank, four = cases[0].reading, cases[1 + 2 * 4].reading
    assert engine.evaluate(script, [base64_of(reading_bytes(blank, full=True)), None, None]) is None
    answer = base64_of(reading_bytes(four, full=True))
    for digit, against in ((None, None), (7, None), (7, 2), (None, 2)):
        right = four.evidence[:, four.closest if digit is None else digit]
        right = right - (0 if against is None else four.evidence[:, against])
        np.testing.assert_array_equal(floats(engine.evaluate(script, [answer, digit, against])), right)


def test_landmarks_are_where_python_finds_them(engine: Page, cases: list[Case], reader: Reader) -> None:
    script = """([answer, names]) => {
      const shown = { reading: readingOf(decode(bytes(answer)), {}, null), network };
      return names.map((name) => landmarks.found(name, shown));
    }"""
    for reading, _ in cases[1::12]:
        trace, k = reading.trace, reading.closest
        by_unit = trace.hidden[-1] * reader.readout[:, k]
        unit = int(by_unit.argmax())
        withheld = np.abs(np.tanh(trace.cell)) * (1 - trace.output_gate)
        right = {
            "most-evidence": {"row": int(reading.evidence[:, k].argmax())},
            "least-evidence": {"row": int(reading.evidence[:, k].argmin())},
            "closest-rival": {"against": int(np.argsort(-reading.probabilities)[1])},
            "most-forgetful-row": {"row": int(trace.forget_gate.sum(1).argmin())},
            "longest-memory": {"unit": int(reading.memory.sum(0).argmax())},
            "most-withheld": dict(zip(("row", "unit"), map(int, divmod(withheld.argmax(), UNITS)), strict=True)),
            "most-telling-unit": {"unit": unit},
            "most-telling-place": {
                "unit": unit,
                "row": int((reading.added[:, unit] * reader.readout[unit, k]).argmax()),
            },
        }
        settled = np.nonzero(reading.verdict.argmax(1) != k)[0]
        right["settled-row"] = {"row": int(settled.max(initial=-1)) + 1}
        answer = base64_of(reading_bytes(reading, full=True))
        assert engine.evaluate(script, [answer, list(right)]) == list(right.values())
    blank = base64_of(reading_bytes(cases[0].reading, full=True))
    assert engine.evaluate(script, [blank, ["most-evidence"]]) == [None]


def test_what_was_read_is_told_apart(engine: Page, cases: list[Case], reader: Reader) -> None:
    script = """([answer, asked]) => {
      const { said, untouched } = decode(bytes(answer));
      const plain = (said) => said && { ...said, probabilities: [...said.probabilities] };
      return [plain(said), plain(untouched)];
    }"""
    scribble = reader.read(np.random.default_rng(3).random((28, 28), np.float32))
    assert scribble.why is not None
    for reading, untouched in ((cases[0].reading, None), (cases[4].reading, scribble), (scribble, cases[3].reading)):
        for full in (False, True):
            found = engine.evaluate(script, [base64_of(reading_bytes(reading, untouched, full)), {}])
            for said, right in zip(found, (reading, untouched), strict=True):
                if right is None:
                    assert said is None
                    continue
                assert (said["digit"], said["why"], said["closest"]) == (right.digit, right.why, right.closest)
                assert np.float32(said["score"]) == np.float32(right.score)
                np.testing.assert_array_equal(np.float32(said["probabilities"]), right.probabilities)


DECODED = """(answer) => {
  let reply;
  try {
    reply = decode(bytes(answer));
  } catch (error) {
    return error instanceof RangeError ? "refused" : `${error}`;
  }
  const { said, image, gates, derived } = reply;
  const arrays = [said.probabilities, image, ...Object.values(gates), ...Object.values(derived ?? {})];
  const sizes = arrays.map((values) => values.length);
  return { sizes, digit: said.digit, finite: said.probabilities.every(Number.isFinite) };
}"""
SIZES = [CLASSES, 784, *4 * [ROWS * UNITS]]
ALL_SIZES = [*SIZES, *4 * [ROWS * UNITS], *3 * [ROWS * CLASSES]]


@pytest.mark.parametrize("full", [False, True])
def test_an_answer_cut_or_prolonged_anywhere_is_refused(engine: Page, cases: list[Case], full: bool) -> None:
    whole = reading_bytes(cases[1].reading, cases[2].reading, full)
    assert len(whole) == (FULL if full else SHORT)
    assert engine.evaluate(DECODED, base64_of(whole))["sizes"] == (ALL_SIZES if full else SIZES)
    for length in (0, 1, 7, 8, 95, 96, 880, 881, len(whole) // 2, len(whole) - 4, len(whole) - 1):
        assert engine.evaluate(DECODED, base64_of(whole[:length])) == "refused"
    for more in (b"\0", b"\0" * 4, whole):
        assert engine.evaluate(DECODED, base64_of(whole + more)) == "refused"
    other = bytes([1 if full else 2]) + whole[1:]
    assert engine.evaluate(DECODED, base64_of(other)) == "refused"


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=st.binary(max_size=96), length=st.sampled_from([None, SHORT, FULL]), fill=st.integers(0, 255))
def test_random_bytes_are_never_a_reading_of_another_size(
    engine: Page, head: bytes, length: int | None, fill: int
) -> None:
    answer = head if length is None else head.ljust(length, bytes([fill]))
    found = engine.evaluate(DECODED, base64_of(answer))
    if found == "refused":
        return
    assert length is not None
    assert found["sizes"] == (SIZES if length == SHORT else ALL_SIZES)
    assert head[:1] == (b"\1" if length == SHORT else b"\2")
    assert found["digit"] is None or 0 <= found["digit"] < CLASSES
    assert found["finite"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 95), byte=st.integers(0, 255))
def test_a_damaged_head_is_refused_or_of_the_right_size(engine: Page, cases: list[Case], at: int, byte: int) -> None:
    whole = bytearray(reading_bytes(cases[1].reading, cases[2].reading))
    whole[at] = byte
    found = engine.evaluate(DECODED, base64_of(bytes(whole)))
    assert found == "refused" or (found["sizes"] == SIZES and found["finite"])


@pytest.mark.parametrize(
    "damage",
    [
        {"readout": "AAAA"},
        {"readout": base64_of(np.full(UNITS * CLASSES, np.nan))},
        {"bias": [0.0] * 9},
        {"bias": None},
        {"similarity": [0] * UNITS},
        {"similarity": list(range(UNITS - 1))},
    ],
)
def test_damaged_facts_of_the_network_are_refused(engine: Page, reader: Reader, damage: dict[str, Any]) -> None:
    facts = json.loads(network_facts(reader, units.load()))
    script = """async (facts) => {
      const { openNetwork } = await import("/assets/backend/network.js");
      try { return openNetwork(facts).readout.length; } catch { return "refused"; }
    }"""
    assert engine.evaluate(script, facts) == UNITS * CLASSES
    assert engine.evaluate(script, {**facts, **damage}) == "refused"


def test_a_reading_is_derived_within_two_milliseconds(engine: Page, cases: list[Case]) -> None:
    script = """([answer, asked]) => {
      const received = bytes(answer);
      const times = Array.from({ length: 60 }, () => {
        const begun = performance.now();
        readingOf(decode(received), asked, network);
        return performance.now() - begun;
      });
      return times.sort((a, b) => a - b)[30];
    }"""
    reading, asked = cases[8]
    assert engine.evaluate(script, [base64_of(reading_bytes(reading)), asked]) <= 2
