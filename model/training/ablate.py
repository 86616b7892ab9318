"""Measure what each part of the shipped recipe contributes: `python -m model.training.ablate [ROW …]`.

Short runs that differ in one part, three of each: every time ten others of the 30 writers of pen digits are held out.
The table has the means on validation data: MNIST's first 5,000 training images, the pen digits of those ten writers,
UNIPEN's digits, the challenge set, each of it redrawn 40 times, and the letters. Test data are not used.
"""

import argparse
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from model.augmentation.allographs import PLAIN
from model.augmentation.trajectories import Trajectories
from model.datasets import mnist, pen_digits
from model.evaluation import challenge_set
from model.evaluation.challenge_set import CHALLENGES
from model.training.card import SEED
from model.training.mixture import Drawing
from model.training.shipped import Shipped, Sources, learn, sources

WHOLE = Shipped(epochs=3, redrawings=4, drawings=10_000)
TURNS = 3  # until every writer of pen digits has been held out
ROWS = {
    "the whole recipe": WHOLE,
    "without UNIPEN's digits": replace(WHOLE, unipen=False),
    "without MNIST redrawn": replace(WHOLE, shares=(76, 0, 44, 16)),
    "without allographs": replace(WHOLE, drawing=Drawing(allographs=PLAIN)),
    "with lines as wide as in MNIST": replace(
        WHOLE, drawing=Drawing(trajectories=Trajectories(pens=(1.5, 3.4)), pen=2.4)
    ),
    "without digits written with a pen": replace(WHOLE, shares=(98, 22, 0, 16)),
    "without outliers": replace(WHOLE, shares=(68, 18, 50, 0)),
    "with full distortions to the end": replace(WHOLE, decay=(0.6, 1.0)),
    "MNIST alone": replace(WHOLE, shares=(136, 0, 0, 0)),
}


def main() -> None:
    """Run the rows and print the table."""
    parser = argparse.ArgumentParser(prog="python -m model.training.ablate", description=__doc__.split("\n\n")[0])
    parser.add_argument("rows", nargs="*", type=_row, metavar="ROW", help=" | ".join(ROWS))
    parser.add_argument("--mnist", type=Path, metavar="PATH", help="mnist.npz; without it, Keras fetches it")
    parser.add_argument("--pen-digits", type=Path, metavar="PATH", help="pendigits-orig.tra; without it, UCI's")
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path("runs/ablate"), help="where the runs go")
    parser.add_argument("--epochs", type=int, default=WHOLE.epochs, help=f"of each run ({WHOLE.epochs})")
    args = parser.parse_args()
    try:
        data = sources(mnist.load(args.mnist), pen_digits.load(args.pen_digits))
    except (ValueError, FileNotFoundError) as error:
        sys.exit(str(error))
    table = ["| recipe | MNIST | pen digits | UNIPEN | challenge set | letters, AUROC |", "| --- " * 6 + "|"]
    for name in args.rows or ROWS:
        recipe, folder = replace(ROWS[name], epochs=args.epochs), args.out / name.replace(" ", "-")
        turns = [measured(replace(recipe, held_out=held_out(k)), data, folder, SEED + k) for k in range(TURNS)]
        *shares, separated = np.mean(turns, axis=0)
        table.append(f"| {name} | {' | '.join(f'{share:.2%}' for share in shares)} | {separated:.4f} |")
    print("\n".join(table))


def held_out(turn: int) -> tuple[int, ...]:
    """The writers of pen digits who are held out in this turn."""
    return tuple(range(1 + turn, 31, TURNS))


def measured(recipe: Shipped, data: Sources, folder: Path, seed: int) -> tuple[float, ...]:
    """Of one run: the accuracy on MNIST, pen digits, UNIPEN and the challenge set, and the AUROC of letters."""
    shutil.rmtree(folder, ignore_errors=True)
    run, model, _ = learn(recipe, data, folder, seed)
    last = dict(zip(run.columns, run.rows[-1], strict=True))

    def accuracy(name: str) -> float:
        images = challenge_set.redrawn(name, 40, Trajectories())
        return (model(images).numpy().argmax(1) == challenge_set.digit(name)).mean()

    challenges = float(np.mean([accuracy(name) for name in CHALLENGES]))
    accuracies = (last[f"{name}_accuracy"] for name in ("validation", "pen_validation", "unipen_validation"))
    return (*accuracies, challenges, last["letters_auroc"])


def _row(name: str) -> str:
    # No `choices`, which before Python 3.12 refuse to be left out.
    if name not in ROWS:
        raise argparse.ArgumentTypeError(f"There is no row {name!r}; there are {', '.join(ROWS)}.")
    return name


if __name__ == "__main__":
    main()
