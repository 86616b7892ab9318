"""How good the weights are on digits they have not learned from: `python -m model.evaluate`.

These are MNIST's 10,000 test images and the pen digits of writers who were kept aside.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from model import load_reader, mnist, pendigits, redraw, weights
from model.mnist import Digits
from model.network import CLASSES

BINS = 15
"""So many bins of confidence, equally wide, for the calibration error (Guo et al. 2017, arXiv 1706.04599)."""

MISTAKES = 24
"""So many pictures of the most wrongly sure."""


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


def confusion(said: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(10, 10) counts: a row for each label, a column for each digit it was said to be."""
    counts = np.zeros((CLASSES, CLASSES), int)
    np.add.at(counts, (labels, said), 1)
    return counts


def table(counts: np.ndarray) -> str:
    """A line for each digit of the confusion matrix: how many, how many right, recall, precision."""
    lines = ["digit  count  right   recall  precision"]
    for digit in range(CLASSES):
        right, count, said = counts[digit, digit], counts[digit].sum(), counts[:, digit].sum()
        recall = f"{right / count:.2%}" if count else "–"
        precision = f"{right / said:.2%}" if said else "–"
        lines.append(f"{digit:5d}  {count:5d}  {right:5d}  {recall:>7s}  {precision:>9s}")
    return "\n".join(lines)


def draw_confusion(counts: np.ndarray, path: Path) -> None:
    """The confusion matrix as a picture. Colour is for the mistakes alone; every number is written out."""
    from matplotlib.figure import Figure  # takes a second to import, and the arithmetic here does without

    mistakes = counts * (1 - np.eye(CLASSES, dtype=int))
    figure = Figure(figsize=(6.4, 6), layout="constrained")
    axes = figure.subplots()
    axes.imshow(mistakes, cmap="Blues", vmin=0, vmax=max(1, mistakes.max()) * 1.2)
    for label in range(CLASSES):
        for said in range(CLASSES):
            count = counts[label, said]
            if count:
                colour = "white" if mistakes[label, said] > 0.7 * mistakes.max() else "black"
                axes.text(said, label, str(count), ha="center", va="center", color=colour)
    axes.set(xticks=range(CLASSES), yticks=range(CLASSES), xlabel="said to be", ylabel="label")
    axes.set_title(f"{np.trace(counts)} of {counts.sum()} right; the darker, the more mistakes")
    figure.savefig(path, dpi=120)


def draw_mistakes(digits: Digits, probabilities: np.ndarray, path: Path) -> None:
    """The images that were read wrong with the most confidence, each with its label and what was said how surely."""
    from matplotlib.figure import Figure

    said, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(said != digits.labels)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:MISTAKES]
    figure = Figure(figsize=(12, 7.5), layout="constrained")
    figure.suptitle(f"The {len(worst)} most wrongly sure of {len(wrong)} mistakes")
    for axes in (grid := figure.subplots(4, MISTAKES // 4)).flat:
        axes.axis("off")
    for axes, k in zip(grid.flat, worst, strict=False):
        axes.imshow(digits.images[k], cmap="gray_r", vmin=0, vmax=255)
        axes.set_title(f"{digits.labels[k]}, said {said[k]} ({confidence[k]:.0%})")
    figure.savefig(path, dpi=120)


def report(name: str, digits: Digits, probabilities: np.ndarray) -> str:
    """All figures of one set of digits in words. probabilities: (n, 10), what was said of them."""
    said, n = probabilities.argmax(axis=1), len(digits.labels)
    right = int((said == digits.labels).sum())
    low, high = wilson(right, n)
    return "\n".join(
        [
            f"{right} of {n} {name} right: {right / n:.2%} (95 % interval {low:.2%} to {high:.2%})",
            f"Expected calibration error, {BINS} bins: {calibration_error(probabilities, digits.labels):.4f}",
            table(confusion(said, digits.labels)),
        ]
    )


def main() -> None:
    """Print the figures and draw the pictures; what goes wrong is one sentence."""
    parser = argparse.ArgumentParser(prog="python -m model.evaluate", description=__doc__)
    parser.add_argument("--weights", type=Path, metavar="PATH", default=weights.SHIPPED, help="an .npz with its card")
    parser.add_argument("--mnist", type=Path, metavar="PATH", help="mnist.npz; without it, Keras fetches it")
    parser.add_argument("--pen-digits", type=Path, metavar="PATH", help="pendigits-orig.tra; without it, UCI's")
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path("runs/evaluate"), help="where the pictures go")
    args = parser.parse_args()
    try:
        pens = pendigits.split(pendigits.load(args.pen_digits), pendigits.UNSEEN)
        tests = {
            "test images": (mnist.load(args.mnist).test, ""),
            "pen digits by unseen writers": (redraw.plain(pens), "-pen"),
        }
        reader = load_reader(args.weights)
    except (ValueError, FileNotFoundError) as error:
        sys.exit(str(error))
    for name, (digits, suffix) in tests.items():
        probabilities = reader.classify(digits.ink())
        print(report(name, digits, probabilities))
        pictures = args.out / f"confusion{suffix}.png", args.out / f"mistakes{suffix}.png"
        try:
            args.out.mkdir(parents=True, exist_ok=True)
            draw_confusion(confusion(probabilities.argmax(axis=1), digits.labels), pictures[0])
            draw_mistakes(digits, probabilities, pictures[1])
        except OSError as error:
            sys.exit(f"Cannot write to {args.out}: {error.strerror or error}. Choose another folder with --out.")
        print(f"Pictures: {pictures[0]}, {pictures[1]}\n")


if __name__ == "__main__":
    main()
