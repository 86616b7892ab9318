"""Train the weights: `python -m model.train`.

Two recipes. `shipped` makes the weights that come with the project. `tutorial` reproduces the classic LSTM tutorial of
TensorFlow 1, for comparison. Stopped at any moment, the same command goes on from the last finished
epoch and on the same machine ends with the same weights, bit for bit, as if it had never been stopped.
"""

import argparse
import sys
from pathlib import Path

from model.datasets import mnist, pen_digits
from model.training import shipped, tutorial
from model.training.card import SEED


def main() -> None:
    """Train as the command line says; an error is one sentence."""
    parser = argparse.ArgumentParser(prog="python -m model.train", description=__doc__.split("\n\n")[0])
    parser.add_argument("--recipe", choices=("tutorial", "shipped"), default="shipped")
    parser.add_argument("--mnist", type=Path, metavar="PATH", help="mnist.npz; without it, Keras fetches it")
    parser.add_argument("--pen-digits", type=Path, metavar="PATH", help="pendigits-orig.tra; without it, UCI's")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, metavar="DIR", help="where it all goes (runs/RECIPE)")
    args = parser.parse_args()
    if not 0 <= args.seed < 2**31:
        parser.error("--seed takes a whole number from 0 to 2147483647.")
    folder = args.out or Path("runs") / args.recipe
    try:
        data = mnist.load(args.mnist)
        pen_data = pen_digits.load(args.pen_digits) if args.recipe == "shipped" else []
    except (ValueError, FileNotFoundError) as error:
        sys.exit(str(error))
    try:
        if args.recipe == "shipped":
            shipped.train(shipped.Shipped(), shipped.sources(data, pen_data), folder, args.seed)
        else:
            tutorial.train(tutorial.Tutorial(), data, folder, args.seed)
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on from the last finished epoch.")
    except ValueError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(
            f"Cannot write to {folder}: {error.strerror or error}. Make room there, or make it writable, and the same "
            "command goes on from the last finished epoch; or choose another folder with --out."
        )


if __name__ == "__main__":
    main()
