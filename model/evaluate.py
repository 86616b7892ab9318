"""How good the weights are on what they have not learned from: `python -m model.evaluate`.

That is MNIST's 10,000 test images, and pen digits and letters by writers who were kept aside.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from model import picture_to_image, strokes_to_image
from model.augmentation.trajectories import plain
from model.datasets import letters, mnist, pen_digits
from model.datasets.letters import Letter
from model.datasets.mnist import Digits
from model.datasets.pen_digits import PenDigit
from model.evaluation.confusion import confusion, draw_confusion, draw_mistakes, table
from model.evaluation.robustness import on_pad, picture, turned
from model.networks import registry
from model.reader import Reader, load_reader
from model.training import outliers

BINS = 15
"""So many bins of confidence, equally wide, for the calibration error (Guo et al. 2017, arXiv 1706.04599)."""


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of which `right` of `n` were seen (Wilson 1927, doi 10.2307/2276774)."""
    z = 1.959964
    middle = (right + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * (right * (n - right) / n + z * z / 4) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def calibration_error(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The expected calibration error, 0…1: how far, on average, confidence is from the share that is right.

    probabilities: (n, 10), labels: (n,).
    """
    confidence = probabilities.max(axis=1)
    surplus = confidence - (probabilities.argmax(axis=1) == labels)
    which = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return float(np.abs(np.bincount(which, surplus, BINS)).sum() / len(labels))


def score(logits: np.ndarray) -> np.ndarray:
    """How surely each is a digit at all, (n, 10) to (n,): the log-sum-exp (Liu et al. 2020, arXiv 2010.03759)."""
    highest = logits.max(axis=1)
    return highest + np.log(np.exp(logits - highest[:, None]).sum(axis=1))


def auroc(digits: np.ndarray, others: np.ndarray) -> float:
    """How often the score of a digit is above that of something else: 1 always, 0.5 by chance. Both (n,)."""
    above = np.searchsorted(np.sort(others), digits, "left") + np.searchsorted(np.sort(others), digits, "right")
    return float(above.mean() / 2 / len(others))


class Figure(NamedTuple):
    """One thing that was measured."""

    name: str
    value: float  # a share, 0…1
    low: float  # its 95 % interval
    high: float
    n: int  # how many were looked at

    def line(self) -> str:
        """A line of a table."""
        return f"{self.name:48s} {self.value:8.2%}   {self.low:.2%} to {self.high:.2%}   of {self.n:,}"


def of_mnist(reader: Reader, test: Digits) -> list[Figure]:
    """How the reader does on MNIST's test images."""
    return _of_digits("MNIST test images", reader, test.ink(), test.labels)


def of_people(reader: Reader, pens: list[PenDigit], written: list[Letter]) -> list[Figure]:
    """How it does on what people draw: digits by unseen writers, drawn otherwise too, and letters by unseen writers."""
    images, labels = plain(pens).ink(), np.array([digit.digit for digit in pens])
    no_digits = outliers.plain(written).astype(np.float32) / 255
    digit_scores, letter_scores = reader.scores(images), reader.scores(no_digits)
    apart = bootstrap(auroc, [digit_scores, letter_scores])
    return [
        *_of_digits("pen digits by unseen writers", reader, images, labels),
        Figure("letters told from them, AUROC", auroc(digit_scores, letter_scores), *apart, len(written)),
        _share("letters taken for a digit", letter_scores >= reader.least_score),
        *_drawn_otherwise(reader, pens, images),
    ]


def _of_digits(name: str, reader: Reader, images: np.ndarray, labels: np.ndarray) -> list[Figure]:
    probabilities, scores = reader.classify(images), reader.scores(images)
    error = calibration_error(probabilities, labels)
    return [
        _share(f"{name}, right", probabilities.argmax(axis=1) == labels),
        Figure(
            f"{name}, calibration error",
            error,
            *bootstrap(lambda k: calibration_error(probabilities[k], labels[k]), [np.arange(len(labels))]),
            len(labels),
        ),
        _share(f"{name}, refused", scores < reader.least_score),
    ]


def _drawn_otherwise(reader: Reader, pens: list[PenDigit], images: np.ndarray) -> list[Figure]:
    """How often the answer is the same when the drawing comes otherwise: moved, scaled, turned, as a picture."""

    def answers(images: np.ndarray) -> np.ndarray:
        refused = reader.scores(images) < reader.least_score
        return np.where(refused, -1, reader.classify(images).argmax(axis=1))

    said = answers(images)
    draw = np.random.default_rng(0)
    strokes = [digit.strokes for digit in pens]
    otherwise = {
        "moved and scaled 0.3–3 × on the pad": lambda s: strokes_to_image(
            on_pad(s, 300 * 3 ** draw.uniform(-1, 1), tuple(draw.uniform(0, 100, 2)))
        ),
        "turned by up to 10° either way": lambda s: strokes_to_image(turned(s, draw.uniform(-10, 10))),
        "as a picture, scaled 0.3–3 ×": lambda s: picture_to_image(picture(s, 150 * 3 ** draw.uniform(-1, 1), 1)),
        "as a picture, line 0.5–3 × as wide": lambda s: picture_to_image(
            picture(s, 150, np.exp(draw.uniform(np.log(0.5), np.log(3))))
        ),
    }
    return [
        _share(f"same answer {name}", answers(np.stack([redrawn(s) for s in strokes])) == said)
        for name, redrawn in otherwise.items()
    ]


def _share(name: str, hits: np.ndarray) -> Figure:
    count = int(hits.sum())
    return Figure(name, count / len(hits), *wilson(count, len(hits)), len(hits))


def bootstrap(figure: Callable[..., float], samples: list[np.ndarray], times: int = 500) -> tuple[float, float]:
    """The 95 % interval of a figure, 0…1, of samples, each drawn again and again from itself (Efron 1979).

    Such draws err more than the samples: a calibration error of few mistakes comes out too large. So it is how far
    they stray from their mean that is laid around the figure.
    """
    draw = np.random.default_rng(0)
    seen = [figure(*(sample[draw.integers(len(sample), size=len(sample))] for sample in samples)) for _ in range(times)]
    low, high = np.quantile(seen, [0.025, 0.975]) - np.mean(seen) + figure(*samples)
    return max(0.0, float(low)), min(1.0, float(high))


def main() -> None:
    """Print the figures and draw the pictures; what goes wrong is one sentence."""
    parser = argparse.ArgumentParser(prog="python -m model.evaluate", description=__doc__.split("\n\n")[0])
    parser.add_argument(
        "--weights", type=Path, metavar="PATH", default=registry.SHIPPED.weights, help="an .npz with its card"
    )
    parser.add_argument("--mnist", type=Path, metavar="PATH", help="mnist.npz; without it, Keras fetches it")
    parser.add_argument("--pen-digits", type=Path, metavar="PATH", help="pendigits-orig.tra; without it, UCI's")
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path("runs/evaluate"), help="where the pictures go")
    args = parser.parse_args()
    try:
        test = mnist.load(args.mnist).test
        pens = pen_digits.split(pen_digits.load(args.pen_digits), pen_digits.UNSEEN)
        reader = load_reader(args.weights)
    except (ValueError, FileNotFoundError) as error:
        sys.exit(str(error))
    print(f"{'':48s} {'measured':>8s}   95 % interval")
    for figure in [*of_mnist(reader, test), *of_people(reader, pens, letters.unseen(letters.load()))]:
        print(figure.line())
    for suffix, digits in {"": test, "-pen": plain(pens)}.items():
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
