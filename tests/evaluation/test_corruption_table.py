import re

import numpy as np
import pytest

from model.datasets.digits import Digits
from model.evaluation import corruption_table
from model.evaluation.corruptions import KINDS, corrupted
from model.preprocessing.normalize import to_uint8


class SaysZero:
    """In place of a convnet."""

    def predict(self, images: np.ndarray, *_: object, **__: object) -> np.ndarray:
        assert images.shape[1:] == (28, 28, 1)
        return np.tile(np.eye(10)[0], (len(images), 1))


@pytest.fixture(scope="module")
def digits(mnist) -> Digits:
    images, labels = mnist
    return Digits(to_uint8(images[:60]), labels[:60])


@pytest.fixture(scope="module")
def rows(reader, digits) -> list[corruption_table.Row]:
    return corruption_table.rows(reader, digits, SaysZero())


def test_a_row_for_each_kind_and_their_mean(rows, digits) -> None:
    clean, *kinds, mean = rows
    assert clean.misread.name == corruption_table.UNCORRUPTED
    assert [row.misread.name for row in kinds] == list(KINDS)
    for column in corruption_table.Row._fields:
        values = [getattr(row, column).value for row in kinds]
        figure = getattr(mean, column)
        assert figure.value == pytest.approx(np.mean(values))
        assert figure.low <= figure.value <= figure.high
    for row in kinds:
        assert row.misread.value - row.refused.value <= row.answered.value + 1e-9 <= row.misread.value + 2e-9
        assert row.convnet.value == pytest.approx((digits.labels != 0).mean())


def test_the_figures_are_those_of_the_corrupted_images(rows, reader, digits) -> None:
    images = np.rint(corrupted(digits.ink(), "zigzag") * 255) / np.float32(255)
    readings = [reader.read(image) for image in images]
    row = next(row for row in rows if row.misread.name == "zigzag")
    assert row.refused.value == pytest.approx(np.mean([reading.digit is None for reading in readings]))
    wrong = [reading.closest != label for reading, label in zip(readings, digits.labels, strict=True)]
    assert row.misread.value == pytest.approx(np.mean(wrong))
    assert 0 < row.misread.value < 1


def test_the_table_has_a_column_more_beside_a_convnet(rows) -> None:
    lines = corruption_table.table(rows).splitlines()
    assert len(lines) == 18
    assert all(len(re.findall(r"\d %|\d%", line)) == 6 for line in lines[1:])
    assert lines[-1].startswith("mean ")
    alone = corruption_table.table([row._replace(convnet=None) for row in rows]).splitlines()
    assert all(len(re.findall(r"\d%", line)) == 5 for line in alone[1:])
