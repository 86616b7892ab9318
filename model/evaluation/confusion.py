"""The confusion matrix, and pictures of the most confident mistakes."""

from pathlib import Path

import numpy as np

from model.datasets.digits import Digits
from model.networks.dimensions import CLASSES

SHOWN = 24
"""How many of the most confident mistakes are shown."""


def confusion(predicted: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(10, 10) counts: a row for each label, a column for each predicted digit."""
    counts = np.zeros((CLASSES, CLASSES), int)
    np.add.at(counts, (labels, predicted), 1)
    return counts


def table(counts: np.ndarray) -> str:
    """A line for each digit of the confusion matrix: how many, how many right, recall, precision."""
    lines = ["digit  count  right   recall  precision"]
    for digit in range(CLASSES):
        right, count, predicted = counts[digit, digit], counts[digit].sum(), counts[:, digit].sum()
        recall = f"{right / count:.2%}" if count else "–"
        precision = f"{right / predicted:.2%}" if predicted else "–"
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
        for predicted in range(CLASSES):
            count = counts[label, predicted]
            if count:
                colour = "white" if mistakes[label, predicted] > 0.7 * mistakes.max() else "black"
                axes.text(predicted, label, str(count), ha="center", va="center", color=colour)
    axes.set(xticks=range(CLASSES), yticks=range(CLASSES), xlabel="said to be", ylabel="label")
    axes.set_title(f"{np.trace(counts)} of {counts.sum()} right; the darker, the more mistakes")
    figure.savefig(path, dpi=120)


def draw_mistakes(digits: Digits, probabilities: np.ndarray, path: Path) -> None:
    """The most confident mistakes, each image with its label, the prediction and its confidence."""
    from matplotlib.figure import Figure

    predicted, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(predicted != digits.labels)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:SHOWN]
    figure = Figure(figsize=(12, 7.5), layout="constrained")
    figure.suptitle(f"The {len(worst)} most confident of {len(wrong)} mistakes")
    for axes in (grid := figure.subplots(4, SHOWN // 4)).flat:
        axes.axis("off")
    for axes, k in zip(grid.flat, worst, strict=False):
        axes.imshow(digits.images[k], cmap="gray_r", vmin=0, vmax=255)
        axes.set_title(f"{digits.labels[k]}, said {predicted[k]} ({confidence[k]:.0%})")
    figure.savefig(path, dpi=120)
