"""The browser's engine beside Python's reader: how fast, and whether both say the same.

`python -m tests.benchmarks.engine --mnist PATH --pen-digits PATH` measures in Chromium, Firefox and WebKit, or in those
that are named. Nothing else should be running. `--count 0` leaves the comparison out, which takes minutes.
"""

import argparse
import base64
import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

import model
from model.datasets import mnist, pen_digits
from model.networks.dimensions import GATES, ROWS, UNITS
from model.preprocessing.variations import VARIATIONS
from tests.benchmarks.speed import milliseconds
from tests.support import drawings
from tests.support.browsers import BROWSERS, open_tab
from tests.support.engine import Engine
from tests.support.parts import add_names

AT_ONCE = 40  # questions on their way to the page
SLOWER = 4
KINDS = ("plain", "tiny", "huge", "dense", "dotted", "wild")

TIME = """
  const asked = %s;
  const times = [];
  for (let round = 0; round < 6; round++)
    for (const strokes of asked) {
      const begun = performance.now();
      for (let k = 0; k < 4; k++) engine.read({ strokes }); // the clocks of some browsers are coarse
      if (round) times.push((performance.now() - begun) / 4);
    }
  times.sort((a, b) => a - b);
  return [0.5, 0.95].map((share) => times[Math.floor(share * times.length)]);
"""


def questions(count: int, args: argparse.Namespace, rng: np.random.Generator) -> Iterator[tuple[str, list[Any]]]:
    """What both are asked, by kind: images and drawings of test data, some with experiments, and drawings altered."""
    images = mnist.load(args.mnist).test.images[:count]
    yield "MNIST test images", [{"image": base64.b64encode(image.tobytes()).decode()} for image in images]
    digits = pen_digits.load(args.pen_digits)
    strokes = [digits[k].strokes for k in rng.permutation(len(digits))[:count]]
    yield "pen drawings", [{"strokes": flat(each)} for each in strokes]
    yield "… with experiments", [{"strokes": flat(each), **experiment(rng)} for each in strokes[: count // 4]]
    for kind in KINDS:
        yield f"… {kind}", [{"strokes": flat(altered(each, kind, rng))} for each in strokes[: count // 4]]


def flat(strokes: list[np.ndarray]) -> list[list[float]]:
    """As the page sends them."""
    return [stroke.ravel().tolist() for stroke in strokes]


def experiment(rng: np.random.Generator) -> dict[str, Any]:
    """Gates held, units silenced, the drawing varied."""
    first, last = sorted(rng.integers(ROWS, size=2).tolist())
    unit = rng.integers(UNITS, size=rng.integers(2)).tolist()
    return {
        "hold": {str(rng.choice(GATES)): [rng.random(), first, last, *unit]},
        "silence": rng.choice(UNITS, rng.integers(12), replace=False).tolist(),
        "vary": str(rng.choice(list(VARIATIONS))),
    }


def altered(strokes: list[np.ndarray], kind: str, rng: np.random.Generator) -> list[np.ndarray]:
    """The drawing in another form, or with something beside it."""
    if kind == "tiny":
        return [stroke * 10 ** rng.uniform(-12, -2) + rng.uniform(-100, 100, 2) for stroke in strokes]
    if kind == "huge":
        size = max(np.abs(stroke).max() for stroke in strokes)
        return [stroke / size * 10 ** rng.uniform(3, 5.99) for stroke in strokes]
    if kind == "dense":
        return [np.concatenate([np.linspace(a, b, 20) for a, b in pairwise([*s, s[-1]])]) for s in strokes]
    if kind == "dotted":
        return [*strokes, *rng.uniform(-300, 900, (rng.integers(1, 60), 1, 2))]
    if kind == "wild":
        return [rng.normal(0, 10 ** rng.uniform(-3, 5), (rng.integers(1, 99), 2)) for _ in range(rng.integers(1, 9))]
    return strokes


def compare(engine: Engine, name: str, asked: list[Any]) -> None:
    """Ask both, and print how far they differ."""
    found = [engine.compare(asked[start : start + AT_ONCE]) for start in range(0, len(asked), AT_ONCE)]
    different, images = (sum(len(getattr(part, field)) for part in found) for field in ("different", "images"))
    apart = max(part.apart for part in found)
    print(f"  {name:20} {len(asked):6,} asked   {different} other answers, {images} other images, {apart:.1e} apart")


def main() -> None:
    """Print a block for each browser, and the reader's own time."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.engine", description=__doc__.split("\n\n")[0])
    add_names(parser, "browser", BROWSERS)
    parser.add_argument("--mnist", type=Path, metavar="PATH", help="mnist.npz; without it, Keras fetches it")
    parser.add_argument("--pen-digits", type=Path, metavar="PATH", help="pendigits-orig.tra; without it, UCI's")
    parser.add_argument("--count", type=int, metavar="N", default=2000, help="of each source to compare")
    args = parser.parse_args()
    reader = model.load_reader()
    strokes = [digit["strokes"] for digit in drawings.pen_digits()[:20]]
    points = drawings.as_points(strokes[4])
    took = milliseconds(lambda: reader.read(model.strokes_to_image(points)))
    print(f"{'Python, strokes_to_image and read':40} p50 {took:6.2f} ms")
    for name in args.browsers or BROWSERS:
        with open_tab(name) as tab:
            engine = Engine(reader, tab.goto, tab.run)
            p50, p95 = tab.run(TIME % json.dumps(strokes))
            print(f"{f'{name}, a reading':40} p50 {p50:6.2f} ms, p95 {p95:6.2f} ms")
            if name == "chromium":
                link = tab.page.context.new_cdp_session(tab.page)
                link.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
                p50, p95 = tab.run(TIME % json.dumps(strokes))
                print(f"{f'… the processor {SLOWER} × slower':40} p50 {p50:6.2f} ms, p95 {p95:6.2f} ms")
                link.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            if args.count:
                for kind, asked in questions(args.count, args, np.random.default_rng(1)):
                    compare(engine, kind, asked)
            engine.close()


if __name__ == "__main__":
    main()
