import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import evaluate, network, weights
from model.mnist import Digits


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
    counts = evaluate.confusion(np.array([7, 7, 1]), np.array([1, 1, 1]))
    assert counts[1, 7] == 2
    assert counts[1, 1] == 1
    assert counts.sum() == 3


def test_the_table_counts_recall_and_precision() -> None:
    lines = evaluate.table(evaluate.confusion(np.array([0, 0, 1, 0]), np.array([0, 0, 0, 1]))).splitlines()
    assert lines[1].split() == ["0", "3", "2", "66.67%", "66.67%"]
    assert lines[2].split() == ["1", "1", "0", "0.00%", "0.00%"]
    assert lines[3].split() == ["2", "0", "0", "–", "–"]


@pytest.mark.parametrize("wrong", [0, 3, 30])
def test_pictures_with_any_number_of_mistakes(tmp_path, wrong) -> None:
    labels = np.arange(30) % 10
    said = np.where(np.arange(30) < wrong, (labels + 1) % 10, labels)
    digits = Digits(np.zeros((30, 28, 28), np.uint8), labels)
    evaluate.draw_mistakes(digits, sure(0.9, said), tmp_path / "mistakes.png")
    evaluate.draw_confusion(evaluate.confusion(said, labels), tmp_path / "confusion.png")
    for name in ("mistakes.png", "confusion.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def pens(path: Path) -> Path:
    """A file of pen digits: one by each of 30 writers, all upright lines; 0…9 in turn."""
    lines = []
    for writer in range(1, 31):
        digit = writer % 10
        lines += [
            f'.SEGMENT DIGIT 0 ? "{digit}"',
            f".COMMENT {digit} {writer} 0",
            ".PEN_DOWN",
            "0 0",
            "5 99",
            ".PEN_UP",
        ]
    path.write_text("\n".join(lines))
    return path


def test_from_the_command_line(tmp_path, monkeypatch, capsys) -> None:
    draw = np.random.default_rng(2)
    images, labels = draw.integers(0, 256, (40, 28, 28), np.uint8), (np.arange(40) % 10).astype(np.uint8)
    np.savez(tmp_path / "m.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    learned = network.Weights(*(np.zeros(s, np.float32) for s in network.Weights.shapes()))
    learned.readout_bias[3] = 5  # says 3 to everything
    weights.save(tmp_path / "w.npz", learned, {})
    pen_digits = ("--pen-digits", pens(tmp_path / "p.tra"))
    arguments = ("--weights", tmp_path / "w.npz", "--mnist", tmp_path / "m.npz", "--out", tmp_path / "out", *pen_digits)
    monkeypatch.setattr(sys, "argv", ["evaluate", *map(str, arguments)])
    evaluate.main()
    printed = capsys.readouterr().out
    assert "4 of 40 test images right: 10.00%" in printed
    assert "\n    3      4      4  100.00%     10.00%\n" in printed
    certain = np.exp(5) / (np.exp(5) + 9)
    assert f"15 bins: {certain - 0.1:.4f}" in printed
    assert "0 of 6 pen digits by unseen writers right: 0.00%" in printed  # they wrote 5 to 9 and 0
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
