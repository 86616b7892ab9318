"""Measure weights on test data that they were not trained on: `python -m model.evaluate`.

That is MNIST's 10,000 test images, and UNIPEN's digits and letters by writers who were held out.
"""

import argparse
import sys
from pathlib import Path

from model.datasets import letters, mnist, pen_digits, unipen
from model.evaluation import convnet, corruption_table
from model.evaluation.confusion import confusion, draw_confusion, draw_mistakes, table
from model.evaluation.report import of_affine, of_drawings, of_further, of_mnist, of_photos, of_writers
from model.networks.registry import SHIPPED
from model.reader import load_reader


def main() -> None:
    """Print the figures and draw the pictures; an error is one sentence."""
    parser = argparse.ArgumentParser(prog="python -m model.evaluate", description=__doc__.split("\n\n")[0])
    parser.add_argument("--weights", metavar="PATH", default=SHIPPED.name, help="an .npz with its card, or a name")
    parser.add_argument("--mnist", type=Path, metavar="PATH", help="mnist.npz; without it, Keras fetches it")
    parser.add_argument("--pen-digits", type=Path, metavar="PATH", help="further pen digits, as UCI's test file")
    parser.add_argument("--convnet", action="store_true", help="train Keras's plain convnet too, to compare with")
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path("runs/evaluate"), help="where the pictures go")
    parser.add_argument("--photos", type=int, metavar="N", default=100, help="made-up photos of each kind (100)")
    args = parser.parse_args()
    if args.photos < 1:
        parser.error("At least one photo of each kind is measured: give --photos a number from 1 on.")
    try:
        learn, test = mnist.load(args.mnist)
        unseen = unipen.split(unipen.load()).unseen
        further = pen_digits.load(args.pen_digits) if args.pen_digits else []
        reader = load_reader(args.weights)
    except (ValueError, FileNotFoundError) as error:
        sys.exit(str(error))
    print(f"{'':48s} {'measured':>8s}   95 % interval")
    written = [(digit.strokes, digit.digit) for digit in unseen]
    printed = list(zip(test.images, test.labels.tolist(), strict=True))[: len(written)]
    for measurement in [
        *of_mnist(reader, test),
        *of_drawings(reader, unseen, letters.unseen(letters.load())),
        *of_writers(reader, unseen),
        *(of_further(reader, further) if further else []),
        *of_affine(reader, test),
        *of_photos(reader, written + printed, args.photos),
    ]:
        print(measurement.line())
    beside = convnet.trained(learn) if args.convnet else None
    print(f"\n{corruption_table.table(corruption_table.rows(reader, test, beside))}")
    for suffix, digits in {"": test, "-pen": pen_digits.plain(unseen)}.items():
        probabilities = reader.classify(digits.ink())
        counts = confusion(probabilities.argmax(axis=1), digits.labels)
        pictures = args.out / f"confusion{suffix}.png", args.out / f"mistakes{suffix}.png"
        try:
            args.out.mkdir(parents=True, exist_ok=True)
            draw_confusion(counts, pictures[0])
            draw_mistakes(digits, probabilities, pictures[1])
        except OSError as error:
            sys.exit(f"Cannot write to {args.out}: {error.strerror or error}. Choose another folder with --out.")
        print(f"\n{table(counts)}\nPictures: {pictures[0]}, {pictures[1]}")


if __name__ == "__main__":
    main()
