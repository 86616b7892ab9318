from dataclasses import asdict

import numpy as np
import pytest

from model.augmentation.trajectories import Trajectories, redraw
from model.datasets import letters
from model.datasets.pen_digits import PenDigit
from model.preprocessing.strokes import PEN
from model.training import outliers
from model.training.outliers import SHAPES, Outliers, Source
from tests.support.drawings import as_points, pen_digits


@pytest.fixture(scope="module")
def source() -> Source:
    digits = [PenDigit(as_points(d["strokes"]), d["digit"], 1) for d in pen_digits()]
    return Source(letters.load()[:50], digits)


def pool(source: Source, count: int, seed: int, settings: Outliers | None = None) -> np.ndarray:
    return outliers.pool(source, count, seed, settings or Outliers(), Trajectories(), PEN)


def test_a_pool_repeats_and_is_of_many_kinds(source) -> None:
    made = pool(source, 60, seed=3)
    assert made.shape == (60, 28, 28)
    assert made.dtype == np.uint8
    assert (made.max((1, 2)) > 100).all()
    assert len({image.tobytes() for image in made}) == 60
    np.testing.assert_array_equal(pool(source, 60, seed=3), made)
    assert sum(asdict(Outliers()).values()) == pytest.approx(1)


@pytest.mark.parametrize("kind", asdict(Outliers()))
def test_every_kind_can_be_drawn(source, kind) -> None:
    alone = Outliers(**dict.fromkeys(asdict(Outliers()), 0.0) | {kind: 1.0})
    assert pool(source, 12, seed=1, settings=alone).any((1, 2)).all()


def test_every_shape_can_be_drawn() -> None:
    for strokes in SHAPES.values():
        assert redraw(strokes, np.random.default_rng(0), Trajectories()).sum() > 10


def test_several_stand_side_by_side(source) -> None:
    for seed in range(20):
        strokes = outliers.several(source.digits[:2], np.random.default_rng(seed))
        first = sum(len(stroke) for stroke in source.digits[0].strokes)
        points = np.concatenate(strokes)
        assert points[:first, 0].max() < points[first:, 0].min()


def test_a_dash_lies_rather_than_stands() -> None:
    for seed in range(40):
        for stroke in outliers.mark(np.random.default_rng(seed)):
            width, height = np.ptp(stroke, axis=0)
            assert height <= 1.3 * width or max(width, height) < 0.2  # or it is a dot
