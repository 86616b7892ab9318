import re
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import evaluate, picture_to_image, strokes_to_image
from model.datasets import letters, pen_digits
from model.datasets.mnist import Digits
from model.evaluation import confusion
from model.evaluation.robustness import on_pad, picture, turned
from model.networks import lstm, weights
from tests.support.drawings import as_points, pen_digits


def test_wilson_by_the_book() -> None:
    # 95 % for 81 of 263: Newcombe 1998, doi 10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E
    assert evaluate.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert evaluate.wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)


@given(st.integers(1, 10_000), st.data())
def test_wilson_holds_the_share(n, data) -> None:
    right = data.draw(st.integers(0, n))
    low, high = evaluate.wilson(right, n)
    assert 0 <= low <= right / n + 1e-12
    assert right / n - 1e-12 <= high <= 1


def sure(confidence: float, said: list[int]) -> np.ndarray:
    probabilities = np.full((len(said), 10), (1 - confidence) / 9)
    probabilities[np.arange(len(said)), said] = confidence
    return probabilities


def test_calibration_error_is_the_gap() -> None:
    labels = np.array([1, 1, 1, 2])
    assert evaluate.calibration_error(sure(0.75, [1, 1, 1, 1]), labels) == pytest.approx(0)
    assert evaluate.calibration_error(sure(1.0, [1, 1, 1, 1]), labels) == pytest.approx(0.25)
    # Two bins, wrong either way: the gaps are added, not cancelled.
    both = np.concatenate([sure(0.5, [1, 1]), sure(1.0, [3, 3])])
    assert evaluate.calibration_error(both, np.array([1, 1, 3, 0])) == pytest.approx(0.5)


def test_confusion_has_labels_down_and_answers_across() -> None:
    counts = confusion.confusion(np.array([7, 7, 1]), np.array([1, 1, 1]))
    assert counts[1, 7] == 2
    assert counts[1, 1] == 1
    assert counts.sum() == 3


def test_the_table_counts_recall_and_precision() -> None:
    lines = confusion.table(confusion.confusion(np.array([0, 0, 1, 0]), np.array([0, 0, 0, 1]))).splitlines()
    assert lines[1].split() == ["0", "3", "2", "66.67%", "66.67%"]
    assert lines[2].split() == ["1", "1", "0", "0.00%", "0.00%"]
    assert lines[3].split() == ["2", "0", "0", "–", "–"]


@pytest.mark.parametrize("wrong", [0, 3, 30])
def test_pictures_with_any_number_of_mistakes(tmp_path, wrong) -> None:
    labels = np.arange(30) % 10
    said = np.where(np.arange(30) < wrong, (labels + 1) % 10, labels)
    digits = Digits(np.zeros((30, 28, 28), np.uint8), labels)
    confusion.draw_mistakes(digits, sure(0.9, said), tmp_path / "mistakes.png")
    confusion.draw_confusion(confusion.confusion(said, labels), tmp_path / "confusion.png")
    for name in ("mistakes.png", "confusion.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def test_auroc_counts_pairs_and_ties_by_half() -> None:
    assert evaluate.auroc(np.array([2.0, 3.0]), np.array([0.0, 1.0])) == 1
    assert evaluate.auroc(np.array([0.0]), np.array([1.0, 2.0])) == 0
    assert evaluate.auroc(np.array([1.0, 3.0]), np.array([1.0, 2.0])) == (0.5 + 0 + 1 + 1) / 4


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20), st.lists(st.floats(-50, 50), min_size=1, max_size=20))
def test_auroc_by_the_definition(digits, others) -> None:
    a, b = np.array(digits)[:, None], np.array(others)
    assert evaluate.auroc(a[:, 0], b) == pytest.approx(((a > b) + 0.5 * (a == b)).mean())


def test_the_score_is_the_log_sum_exp_of_any_logits() -> None:
    logits = np.array([[0.0] * 10, [1000.0] + [0.0] * 9, [-1000.0] * 10])
    np.testing.assert_allclose(evaluate.score(logits), [np.log(10), 1000, np.log(10) - 1000])


def test_a_bootstrap_of_a_mean_is_its_interval() -> None:
    sample = np.random.default_rng(1).normal(0.3, 0.1, 400)
    low, high = evaluate.bootstrap(np.mean, [sample])
    assert low == pytest.approx(sample.mean() - 0.196 / 20, abs=0.002)
    assert high == pytest.approx(sample.mean() + 0.196 / 20, abs=0.002)


def test_the_interval_of_a_calibration_error_holds_it_even_when_it_is_none() -> None:
    probabilities = np.zeros((1200, 10))
    probabilities[:, 0] = np.repeat([0.65, 0.75, 0.85, 0.95], 300)
    probabilities[:, 1] = 1 - probabilities[:, 0]
    labels = np.concatenate([np.repeat([0, 1], [right, 300 - right]) for right in (195, 225, 255, 285)])

    def error(places: np.ndarray) -> float:
        return evaluate.calibration_error(probabilities[places], labels[places])

    assert error(np.arange(1200)) == pytest.approx(0)
    low, high = evaluate.bootstrap(error, [np.arange(1200)])
    assert low == 0
    assert 0.002 < high < 0.03


@pytest.mark.parametrize("scale", [0.3, 1, 3])
def test_a_drawing_comes_through_as_a_picture(scale, reader) -> None:
    for digit in pen_digits()[:10]:
        strokes = as_points(digit["strokes"])
        as_picture = picture_to_image(picture(strokes, 150 * scale, 1))
        likeness = np.corrcoef(as_picture.ravel(), strokes_to_image(strokes).ravel())[0, 1]
        assert likeness > 0.85


def test_a_picture_s_line_is_as_wide_as_asked() -> None:
    line = [np.array([[0.0, 0.0], [0.0, 1.0]])]
    thin, thick = (255 - np.asarray(picture(line, 200, pen), float) for pen in (1, 2))
    assert thick.sum() / thin.sum() == pytest.approx(2, rel=0.15)
    assert (thin > 127).any(axis=1).sum() == pytest.approx(200 + 20, abs=3)


def test_turned_is_clockwise_and_keeps_lengths() -> None:
    (stroke,) = turned([np.array([[1.0, 0.0], [0.0, 2.0]])], 90)
    np.testing.assert_allclose(stroke, [[0, 1], [-2, 0]], atol=1e-12)


def test_on_the_pad_the_points_are_whole_numbers() -> None:
    (stroke,) = on_pad([np.array([[3.0, 4.0], [4.0, 6.0]])], 301, (10, 20))
    np.testing.assert_array_equal(stroke, [[10, 20], [160, 321]])


def pens(path: Path) -> Path:
    """A file of pen digits: one by each of 30 writers, all upright lines; 0…9 in turn."""
    lines = []
    for writer in range(1, 31):
        digit = writer % 10
        lines += [f'.SEGMENT DIGIT 0 ? "{digit}"', f".COMMENT {digit} {writer} 0"]
        lines += [".PEN_DOWN", "0 0", "5 99", ".PEN_UP"]
    path.write_text("\n".join(lines))
    return path


def test_what_is_looked_at_is_all_unseen(reader, tmp_path) -> None:
    unseen = pen_digits.split(pen_digits.load(pens(tmp_path / "p.tra")), pen_digits.UNSEEN)
    figures = {figure.name: figure for figure in evaluate.of_people(reader, unseen, letters.load()[:40])}
    assert figures["pen digits by unseen writers, right"].value == 0  # a line is a 1; they wrote 5…9, 0
    assert all(0 <= figure.low <= figure.value + 1e-9 <= figure.high + 2e-9 <= 1 + 3e-9 for figure in figures.values())
    assert figures["letters taken for a digit"].n == 40
    assert sum(name.startswith("same answer") for name in figures) == 4


def test_from_the_command_line(tmp_path, monkeypatch, capsys) -> None:
    draw = np.random.default_rng(2)
    images, labels = draw.integers(0, 256, (40, 28, 28), np.uint8), (np.arange(40) % 10).astype(np.uint8)
    np.savez(tmp_path / "m.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    learned = lstm.Weights(*(np.zeros(s, np.float32) for s in lstm.Weights.shapes()))
    learned.readout_bias[3] = 5  # says 3 to everything
    weights.save(tmp_path / "w.npz", learned, {})
    pen_digits = ("--pen-digits", pens(tmp_path / "p.tra"))
    arguments = ("--weights", tmp_path / "w.npz", "--mnist", tmp_path / "m.npz", "--out", tmp_path / "out", *pen_digits)
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
    arguments += ["--pen-digits", pens(tmp_path / "p.tra")]
    arguments[arguments.index(missing) + 1] = tmp_path / "no.npz"
    monkeypatch.setattr(sys, "argv", ["evaluate", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        evaluate.main()
    assert str(tmp_path / "no.npz") in stop.value.code
