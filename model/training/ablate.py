"""What each part of the shipped recipe brings: `python tests/ablate.py`, with names of rows for these alone.

Short runs that differ in one part, four of each: every time six others of the first 24 writers are not learned from.
The table has the means, on validation digits: MNIST's first 5,000 training images, the pen digits of those six writers,
the hands of tests/hands.py, 40 times each, and the letters of the writers to choose by. The test digits are not looked
at.
"""

import argparse
import shutil
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from model.datasets import mnist, pen_digits
from model.datasets.mnist import Mnist
from model.datasets.pen_digits import PenDigit
from model.evaluation.challenge_set import HANDS, digit, wavering
from model.train import SEED
from model.training.shipped import Shipped, learn
from tests.support.parts import add_names

WHOLE = Shipped(epochs=3, writers=18, redrawings=4, drawings=10_000)
TURNS = 4  # until every one of the first 24 writers has been held back
ROWS = {
    "the whole recipe": WHOLE,
    "without MNIST drawn anew": replace(WHOLE, shares=(78, 0, 38, 12)),
    "without other habits": WHOLE,
    "with lines as wide as in MNIST": WHOLE,
    "without pen digits": replace(WHOLE, shares=(94, 22, 0, 12)),
    "without what is no digit": replace(WHOLE, shares=(70, 24, 34, 0)),
    "with full distortions to the end": replace(WHOLE, calm=(0.6, 1.0)),
    "MNIST alone": replace(WHOLE, shares=(128, 0, 0, 0)),
}
CHANGED = {
    "without other habits": (patch.multiple(allographs, SLASHED=0.0, DOTTED=0.0, FLAGGED=0.0),),
    "with lines as wide as in MNIST": (
        patch.object(strokes, "PEN", 2.4),
        patch.object(trajectories, "PENS", (1.5, 3.4)),
    ),
}


def main() -> None:
    """Run the rows and print the table."""
    parser = argparse.ArgumentParser(prog="python tests/ablate.py", description=__doc__.split("\n\n")[0])
    add_names(parser, "row", ROWS)
    parser.add_argument("--mnist", type=Path, metavar="PATH")
    parser.add_argument("--pen-digits", type=Path, metavar="PATH")
    parser.add_argument("--out", type=Path, metavar="DIR", default=ROOT / "runs" / "ablate")
    args = parser.parse_args()
    data, pens = mnist.load(args.mnist), pen_digits.load(args.pen_digits)
    table = ["| recipe | MNIST | pen digits | other hands | letters told apart, AUROC |", "| --- " * 5 + "|"]
    for name in args.rows or ROWS:
        with ExitStack() as changes:
            for change in CHANGED.get(name, ()):
                changes.enter_context(change)
            found = [
                figures(ROWS[name], data, turned(pens, turn), args.out / name.replace(" ", "-"), SEED + turn)
                for turn in range(TURNS)
            ]
        right = np.mean(found, axis=0)
        table.append(f"| {name} | {right[0]:.2%} | {right[1]:.2%} | {right[2]:.2%} | {right[3]:.4f} |")
    print("\n".join(table))


def turned(pens: list[PenDigit], turn: int) -> list[PenDigit]:
    """The same digits, the first 24 writers numbered anew: those after 18 are others every turn."""
    return [pen._replace(writer=(pen.writer - 1 + 6 * turn) % 24 + 1) if pen.writer <= 24 else pen for pen in pens]


def figures(recipe: Shipped, data: Mnist, pens: list[PenDigit], folder: Path, seed: int) -> tuple[float, ...]:
    """Of one run: the shares of MNIST, of the pen digits and of other hands read rightly, and the letters' AUROC."""
    shutil.rmtree(folder, ignore_errors=True)
    run, averaged, _ = learn(recipe, data, pens, folder, seed)
    last = dict(zip(run.columns, run.rows[-1], strict=True))
    hands = np.mean([(averaged(wavering(name, 40)).numpy().argmax(1) == digit(name)).mean() for name in HANDS])
    return last["validation_accuracy"], last["pen_validation_accuracy"], hands, last["letters_auroc"]


if __name__ == "__main__":
    main()
