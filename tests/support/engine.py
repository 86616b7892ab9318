"""The browser's engine held against Python's reader: both are asked the same, and the page compares."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from model.networks import units, weights
from model.reader import Reader, Reading
from model.serving.reply import network_facts
from model.serving.request import checked, parsed
from tests.support.stand_in import Reply, StandIn

ARRAYS = ("input_gate", "forget_gate", "candidate", "output_gate", "cell", "hidden")
ARRAYS += ("memory", "added", "logits", "verdict", "evidence")

_OPEN = """
  const at = (path) => new URL(path, document.baseURI).href;
  const [{ Reader }, { openWeights }, { openNetwork }] = await Promise.all(
    ["engine/reader.js", "engine/weights.js", "backend/network.js"].map((name) => import(at(`assets/${name}`))));
  const load = async (name, how) => (await fetch(at(`page/${name}`)))[how]();
  const network = openNetwork(await load("network", "json"));
  window.openWeights = openWeights;
  window.engine = new Reader(network, openWeights(await load("weights", "arrayBuffer")));
"""

# Python's answers come as JSON, the numbers of all arrays behind them as float32.
_COMPARE = """
  const { asked, answers, arrays } = await (await fetch("page/questions")).json();
  const right = new Float32Array(await (await fetch("page/numbers")).arrayBuffer());
  const apart = (a, b) => a.reduce((most, value, k) => Math.max(most, Math.abs(value - b[k])), 0);
  const found = { different: [], images: [], worst: {} };
  let start = 0;
  const next = (length) => right.subarray(start, (start += length));
  const said = (read) => read && [read.digit, read.why, read.closest];
  const differs = (a, b) => JSON.stringify(a) !== JSON.stringify(b);
  const note = (name, value) => (found.worst[name] = Math.max(found.worst[name] ?? 0, value));
  asked.forEach((question, k) => {
    let reply, error = null;
    try { reply = engine.read(question); } catch (wrong) { error = wrong.message; }
    const right = answers[k];
    if (differs([error, said(reply?.said), said(reply?.untouched)], [right.error, right.said, right.untouched]))
      found.different.push([k, error, said(reply?.said), said(reply?.untouched)]);
    if (right.error) return;
    if (apart(reply.image, next(784)) > 0) found.images.push(k);
    const all = { ...reply.gates, ...reply.derived };
    for (const name of arrays) note(name, apart(all[name], next(all[name].length)));
    for (const read of [reply.said, reply.untouched]) {
      if (!read) continue;
      note("score", Math.abs(read.score - next(1)[0]));
      note("probabilities", apart(read.probabilities, next(10)));
    }
  });
  return found;
"""


class Compared(NamedTuple):
    """How the engine's answers are compared with Python's."""

    different: list[Any]
    """Questions whose answers or refusals are not the same, and what the engine says."""
    images: list[int]
    """Questions whose images are not the same to the byte."""
    worst: dict[str, float]
    """The largest difference of any number, by array."""

    @property
    def apart(self) -> float:
        """The largest difference of any number."""
        return max(self.worst.values(), default=0.0)


class Engine:
    """The engine on a page; `run` runs the body of an asynchronous function there, as `browsers.Tab.run` does."""

    def __init__(self, reader: Reader, goto: Callable[[str], Any], run: Callable[[str], Any]) -> None:
        self.reader, self.run = reader, run
        self._questions = self._numbers = b""
        self._stand_in = StandIn(
            network=lambda _: Reply(network_facts(reader, units.load()), kind="application/json"),
            weights=lambda _: Reply(weights.packed(weights.load()[0])),
            questions=lambda _: Reply(self._questions, kind="application/json"),
            numbers=lambda _: Reply(self._numbers),
        )
        goto(self._stand_in.url)
        run(_OPEN)

    def compare(self, asked: Sequence[dict[str, Any]]) -> Compared:
        """Ask both."""
        answers, numbers = [], []
        for question in asked:
            answer, arrays = self._answered(question)
            answers.append(answer)
            numbers += arrays
        self._questions = json.dumps({"asked": list(asked), "answers": answers, "arrays": ARRAYS}).encode()
        self._numbers = b"".join(np.asarray(array, "<f4").tobytes() for array in numbers)
        return Compared(**self.run(_COMPARE))

    def _answered(self, question: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
        """What Python says, and all its numbers in the order in which the page compares them."""
        try:
            request = checked(parsed(json.dumps(question).encode()))
            reading = self.reader.read(request.image, request.hold, request.silence)
        except ValueError as error:
            return {"error": str(error), "said": None, "untouched": None}, []
        untouched = self.reader.read(request.image) if request.is_experiment else None
        said = {"error": None, "said": _said(reading), "untouched": untouched and _said(untouched)}
        arrays = {**reading.trace._asdict(), **{name: getattr(reading, name) for name in ARRAYS[6:]}}
        numbers = [reading.image, *(arrays[name] for name in ARRAYS)]
        for read in filter(None, (reading, untouched)):
            numbers += [read.score, read.probabilities]
        return said, numbers

    def close(self) -> None:
        self._stand_in.close()


def _said(reading: Reading) -> list[Any]:
    return [reading.digit, reading.why, reading.closest]
