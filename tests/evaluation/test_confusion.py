import numpy as np
import pytest

from model.datasets.digits import Digits
from model.evaluation import confusion
from tests.support.probabilities import sure


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
