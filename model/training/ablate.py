"""Measure what each part of the shipped recipe contributes: `python -m model.training.ablate [ROW …]`.

Short runs that differ in one part, four of each: every time six others of the first 24 writers are held out. The table
has the means on validation data: MNIST's first 5,000 training images, the pen digits of those six writers, the
challenge set, each of it redrawn 40 times, and the letters for validation. Test data are not used.

"""

import argparse
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.augmentation.allographs import Allographs
from model.augmentation.trajectories import Trajectories
from model.datasets import mnist, pen_digits
from model.datasets.mnist import Mnist
from model.datasets.pen_digits import PenDigit
from model.evaluation import challenge_set
from model.evaluation.challenge_set import CHALLENGES
from model.training.card import SEED
from model.training.mixture import Drawing
from model.training.shipped import Shipped, learn

WHOLE = Shipped(epochs=3, writers=18, redrawings=4, drawings=10_000)
TURNS = 4  # until every one of the first 24 writers has been held out
ROWS = {
    "the whole recipe": WHOLE,
    "without MNIST redrawn": replace(WHOLE, shares=(78, 0, 38, 12)),
    "without allographs": replace(WHOLE, drawing=Drawing(allographs=Allographs(slashed=0.0, dotted=0.0, flagged=0.0))),
    "with lines as wide as in MNIST": replace(
        WHOLE, drawing=Drawing(trajectories=Trajectories(pens=(1.5, 3.4)), pen=2.4)
    ),
    "without pen digits": replace(WHOLE, shares=(94, 22, 0, 12)),
    "without outliers": replace(WHOLE, shares=(70, 24, 34, 0)),
    "with full distortions to the end": replace(WHOLE, decay=(0.6, 1.0)),
    "MNIST alone": replace(WHOLE, shares=(128, 0, 0, 0)),
}


def main() -> None:
    """Run the rows and print the table."""
    parser = argparse.ArgumentParser(prog="python -m model.training.ablate", description=__doc__.split("\n\n")[0])
    parser.add_argument("rows", nargs="*", type=_row, metavar="ROW", help=" | ".join(ROWS))
    parser.add_argument("--mnist", type=Path, metavar="PATH", help="mnist.npz; without it, Keras fetches it")
    parser.add_argument("--pen-digits", type=Path, metavar="PATH", help="pendigits-orig.tra; without it, UCI's")
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path("runs/ablate"), help="where the runs go")
    args = parser.parse_args()
    data, pen_data = mnist.load(args.mnist), pen_digits.load(args.pen_digits)
    table = ["| recipe | MNIST | pen digits | challenge set | letters, AUROC |", "| --- " * 5 + "|"]
    for name in args.rows or ROWS:
        folder = args.out / name.replace(" ", "-")
        turns = [measured(ROWS[name], data, rotated(pen_data, k), folder, SEED + k) for k in range(TURNS)]
        mean = np.mean(turns, axis=0)
        table.append(f"| {name} | {mean[0]:.2%} | {mean[1]:.2%} | {mean[2]:.2%} | {mean[3]:.4f} |")
    print("\n".join(table))


def rotated(digits: list[PenDigit], turn: int) -> list[PenDigit]:
    """The same digits, the first 24 writers renumbered: those from 19 to 24 are others every turn."""
    return [d._replace(writer=(d.writer - 1 + 6 * turn) % 24 + 1) if d.writer <= 24 else d for d in digits]


def measured(recipe: Shipped, data: Mnist, pen_data: list[PenDigit], folder: Path, seed: int) -> tuple[float, ...]:
    """Of one run: the accuracy on MNIST, on pen digits and on the challenge set, and the AUROC of letters."""
    shutil.rmtree(folder, ignore_errors=True)
    run, model, _ = learn(recipe, data, pen_data, folder, seed)
    last = dict(zip(run.columns, run.rows[-1], strict=True))

    def accuracy(name: str) -> float:
        images = challenge_set.redrawn(name, 40, recipe.drawing.trajectories)
        return (model(images).numpy().argmax(1) == challenge_set.digit(name)).mean()

    challenges = float(np.mean([accuracy(name) for name in CHALLENGES]))
    return last["validation_accuracy"], last["pen_validation_accuracy"], challenges, last["letters_auroc"]


def _row(name: str) -> str:
    # No `choices`, which before Python 3.12 refuse to be left out.
    if name not in ROWS:
        raise argparse.ArgumentTypeError(f"There is no row {name!r}; there are {', '.join(ROWS)}.")
    return name


if __name__ == "__main__":
    main()
