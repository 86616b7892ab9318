"""The command `python -m model.evaluate`, and the figures that it reports."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from model import Reader, evaluate
from model.datasets import letters, pen_digits, unipen
from model.datasets.digits import Digits
from model.evaluation import convnet
from model.evaluation.report import of_affine, of_drawings, of_further, of_writers
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
    unseen = pen_digits.split(pen_digits.load(lines_by_30_writers(tmp_path / "p.tra")), range(25, 31))
    figures = {figure.name: figure for figure in of_drawings(reader, unseen, letters.load()[:40])}
    assert figures["digits by unseen writers, right"].value == 0  # a line is a 1; they wrote 5…9, 0
    del figures["digits by unseen writers, calibration error"]  # beside it stands that of another network
    assert all(0 <= figure.low <= figure.value + 1e-9 <= figure.high + 2e-9 <= 1 + 3e-9 for figure in figures.values())
    assert figures["letters taken for a digit"].n == 40
    assert sum(name.startswith("same answer") for name in figures) == 4


def test_digits_that_were_learned_from_are_said_to_be(tmp_path) -> None:
    digits = pen_digits.load(lines_by_30_writers(tmp_path / "p.tra"))
    learned = lstm.Weights(*(np.zeros(shape, np.float32) for shape in lstm.Weights.shapes()))
    theirs, others = (
        Reader(learned, {"pen_data_sha256": pen_digits.fingerprint(those)}) for those in (digits, digits[1:])
    )
    assert of_further(theirs, digits)[0].name == "pen digits that were learned from, right"
    assert of_further(others, digits)[0].name == "further pen digits, right"


def test_writers_are_measured_each_by_himself(reader, tmp_path) -> None:
    unseen = pen_digits.split(pen_digits.load(lines_by_30_writers(tmp_path / "p.tra")), range(25, 31))
    ones = [digit._replace(digit=1) for digit in unseen if digit.writer == 27]  # what a line is
    others, *figures = of_writers(reader, [*unseen, *ones])
    assert (others.value, others.n) == (pytest.approx(1 / 7), 6)
    assert others.low < 0.05, "one writer of six has all that is right"
    assert 0.3 < others.high < 0.5
    assert [figure.name[-9:-7] for figure in figures][-1] == "27"
    assert [figure.value for figure in figures] == [0, 0, 0, 0, 0, 0.5]
    assert [figure.n for figure in figures] == [1, 1, 1, 1, 1, 2]
    assert figures[-1].low < 0.5 < figures[-1].high


def test_digits_moved_about_are_read_in_the_field_and_as_pictures(reader, mnist) -> None:
    figures = of_affine(reader, Digits(np.rint(mnist[0][:60] * 255).astype(np.uint8), mnist[1][:60]))
    assert [figure.n for figure in figures] == [60] * 3
    in_the_middle, in_the_field, as_pictures = (figure.value for figure in figures)
    assert in_the_middle < 0.1
    assert as_pictures < 0.15  # there they are centred again
    assert in_the_field >= in_the_middle


def test_from_the_command_line(tmp_path, monkeypatch, capsys) -> None:
    few = unipen.load()[::100]
    monkeypatch.setattr(unipen, "load", lambda: few)
    rng = np.random.default_rng(2)
    images, labels = rng.integers(0, 256, (40, 28, 28), np.uint8), (np.arange(40) % 10).astype(np.uint8)
    np.savez(tmp_path / "m.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    learned = lstm.Weights(*(np.zeros(s, np.float32) for s in lstm.Weights.shapes()))
    learned.readout_bias[3] = 5  # says 3 to everything
    weights.save(tmp_path / "w.npz", learned, {})
    written = ("--pen-digits", lines_by_30_writers(tmp_path / "p.tra"), "--photos", 1)
    arguments = ("--weights", tmp_path / "w.npz", "--mnist", tmp_path / "m.npz", "--out", tmp_path / "out", *written)
    monkeypatch.setattr(sys, "argv", ["evaluate", "--convnet", *map(str, arguments)])
    monkeypatch.setattr(convnet, "trained", lambda learn: learn)
    monkeypatch.setattr(convnet, "answers", lambda learn, images: learn.labels)  # as many, and all right
    evaluate.main()
    printed = capsys.readouterr().out
    assert re.search(r"\nMNIST test images, right +10\.00% ", printed)
    assert "\n    3      4      4  100.00%     10.00%\n" in printed
    certain = np.exp(5) / (np.exp(5) + 9)
    assert re.search(rf"\nMNIST test images, calibration error +{certain - 0.1:.2%} ", printed)
    assert re.search(r"\nfurther pen digits, right +10\.00% ", printed)  # three threes of thirty
    unseen = unipen.split(few).unseen
    threes = [digit.digit == 3 for digit in unseen]
    assert re.search(rf"\ndigits by unseen writers, right +{np.mean(threes):.2%} ", printed)
    assert len(re.findall(r"\ndigits by writer \d+, right ", printed)) == len({digit.writer for digit in unseen})
    assert re.search(r"\nMNIST turned, sheared, stretched, misread +90\.00% ", printed)
    assert re.search(r"\nzigzag +90\.00% +[\d.]+% to [\d.]+% +0\.00% +90\.00% +0\.00%\n", printed)
    assert re.search(r"\nphotos, hard shadow +[\d.]+% .* of 1\n", printed)
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


def test_no_photos_at_all_are_refused_before_anything_is_measured(monkeypatch, capsys) -> None:
    assert complaint(evaluate.main, monkeypatch, "--mnist", "no.npz", "--photos", 0) == 2
    assert "give --photos a number from 1 on" in capsys.readouterr().err
