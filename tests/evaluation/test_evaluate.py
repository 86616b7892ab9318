"""The command `python -m model.evaluate`, and the figures that it reports."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from model import evaluate
from model.datasets import letters, pen_digits
from model.evaluation.report import of_drawings
from model.networks import lstm, weights
from tests.support.training import complaint


def lines_by_30_writers(path: Path) -> Path:
    """A file of pen digits: one by each of 30 writers, all upright lines."""
    lines = []
    for writer in range(1, 31):
        digit = writer % 10
        lines += [f'.SEGMENT DIGIT 0 ? "{digit}"', f".COMMENT {digit} {writer} 0"]
        lines += [".PEN_DOWN", "0 0", "5 99", ".PEN_UP"]
    path.write_text("\n".join(lines))
    return path


def test_what_is_looked_at_is_all_unseen(reader, tmp_path) -> None:
    unseen = pen_digits.split(pen_digits.load(lines_by_30_writers(tmp_path / "p.tra")), pen_digits.UNSEEN)
    figures = {figure.name: figure for figure in of_drawings(reader, unseen, letters.load()[:40])}
    assert figures["pen digits by unseen writers, right"].value == 0  # a line is a 1; they wrote 5…9, 0
    assert all(0 <= figure.low <= figure.value + 1e-9 <= figure.high + 2e-9 <= 1 + 3e-9 for figure in figures.values())
    assert figures["letters taken for a digit"].n == 40
    assert sum(name.startswith("same answer") for name in figures) == 4


def test_from_the_command_line(tmp_path, monkeypatch, capsys) -> None:
    rng = np.random.default_rng(2)
    images, labels = rng.integers(0, 256, (40, 28, 28), np.uint8), (np.arange(40) % 10).astype(np.uint8)
    np.savez(tmp_path / "m.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    learned = lstm.Weights(*(np.zeros(s, np.float32) for s in lstm.Weights.shapes()))
    learned.readout_bias[3] = 5  # says 3 to everything
    weights.save(tmp_path / "w.npz", learned, {})
    written = ("--pen-digits", lines_by_30_writers(tmp_path / "p.tra"))
    arguments = ("--weights", tmp_path / "w.npz", "--mnist", tmp_path / "m.npz", "--out", tmp_path / "out", *written)
    monkeypatch.setattr(sys, "argv", ["evaluate", *map(str, arguments)])
    evaluate.main()
    printed = capsys.readouterr().out
    assert re.search(r"\nMNIST test images, right +10\.00% ", printed)
    assert "\n    3      4      4  100.00%     10.00%\n" in printed
    certain = np.exp(5) / (np.exp(5) + 9)
    assert re.search(rf"\nMNIST test images, calibration error +{certain - 0.1:.2%} ", printed)
    assert re.search(r"\npen digits by unseen writers, right +0\.00% ", printed)  # they wrote 5 to 9 and 0
    for name in ("mistakes", "confusion"):
        assert (tmp_path / "out" / f"{name}.png").exists()
        assert (tmp_path / "out" / f"{name}-pen.png").exists()


@pytest.mark.parametrize("missing", ["--mnist", "--weights", "--pen-digits"])
def test_a_missing_file_is_one_sentence(tmp_path, monkeypatch, missing) -> None:
    images, labels = np.zeros((3, 28, 28), np.uint8), np.zeros(3, np.uint8)
    np.savez(tmp_path / "m.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    arguments = ["--mnist", tmp_path / "m.npz", "--weights", tmp_path / "w.npz", "--out", tmp_path]
    arguments += ["--pen-digits", lines_by_30_writers(tmp_path / "p.tra")]
    arguments[arguments.index(missing) + 1] = tmp_path / "no.npz"
    assert str(tmp_path / "no.npz") in complaint(evaluate.main, monkeypatch, *arguments)
