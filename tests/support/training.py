"""Small data to learn from, and what a run leaves."""

import csv
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from model.datasets import letters, mnist
from model.datasets.digits import Digits
from model.datasets.mnist import Mnist
from model.datasets.pen_digits import PenDigit
from model.datasets.unipen import Collection
from model.training.shipped import Sources


def bars(n: int, seed: int) -> Digits:
    """Digits that are easy to tell apart: an upright bar, the further right the larger. One label in ten is chance."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, n).astype(np.uint8)
    columns = np.arange(28) - (2.3 + 2.6 * labels)[:, None]
    images = np.zeros((n, 28, 28), np.uint8)
    images[:, 4:24] = np.where(np.abs(columns) < 1.5, 250, 0)[:, None]
    labels = np.where(rng.random(n) < 0.1, rng.integers(0, 10, n), labels).astype(np.uint8)
    return Digits(images, labels)


def small_mnist() -> Mnist:
    """1,000 bars to learn from, and what MNIST has besides."""
    return Mnist(bars(mnist.VALIDATION + 1000, 1), bars(300, 2))


def save_mnist(path: Path, data: Mnist) -> None:
    names = ("x_train", "y_train", "x_test", "y_test")
    np.savez(path, **dict(zip(names, (*data.train, *data.test), strict=True)))


def small_pen_digits() -> list[PenDigit]:
    """A digit by each of 30 writers: the upright bars again, drawn as they would be beside a line to the left."""
    left = np.array([[0.0, 0.0], [0.0, 100.0]])
    return [PenDigit([left, left + np.array([10 + 9 * (k % 10), 0])], k % 10, k + 1) for k in range(30)]


def small_sources(data: Mnist | None = None) -> Sources:
    """Small data of every kind, but the letters, which are the real ones."""
    written = small_pen_digits()
    return Sources(
        data or small_mnist(), written, Collection(written[:10], written[10:20], written[20:]), letters.load()
    )


def unipen() -> str:
    """The small pen digits as the text of a file."""
    lines = []
    for strokes, digit, writer in small_pen_digits():
        lines += [f'.SEGMENT DIGIT 0 ? "{digit}"', f".COMMENT {digit} {writer} 0"]
        for stroke in strokes:
            lines += [".PEN_DOWN", *(f"{x:.0f} {-y:.0f}" for x, y in stroke), ".PEN_UP"]
    return "\n".join(lines)


def log(folder: Path) -> list[list[str]]:
    """The rows of a run's log, the first with the names of the columns."""
    with (folder / "log.csv").open(newline="") as lines:
        return list(csv.reader(lines))


def without_seconds(rows: list[list[str]]) -> list[list[str]]:
    assert rows[0][-1] == "seconds"
    return [row[:-1] for row in rows]


def complaint(command: Callable[[], None], monkeypatch: pytest.MonkeyPatch, *arguments: object) -> str:
    """What a command says at its end when something goes wrong with these arguments."""
    monkeypatch.setattr(sys, "argv", ["command", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        command()
    return stop.value.code
