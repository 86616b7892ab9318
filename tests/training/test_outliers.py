import numpy as np
import pytest

from model import strokes_to_image
from model.augmentation import trajectories
from model.datasets import letters
from model.datasets.mnist import Digits
from model.datasets.pen_digits import PenDigit
from model.training import outliers
from model.training.mixture import NONE, Material, gather
from model.training.outliers import SHAPES, Others
from tests.support.drawings import as_points, pen_digits


@pytest.fixture(scope="module")
def source() -> Others:
    digits = [PenDigit(as_points(d["strokes"]), d["digit"], 1) for d in pen_digits()]
    return Others(letters.load()[:50], digits)


def test_there_are_2000_letters_and_none_looks_like_a_digit_s_name() -> None:
    written = letters.load()
    assert len(written) == 2000
    assert not {letter.letter for letter in written} & set("0OoIl1ZzSsBbGgqjQ")
    assert all(len(stroke) for letter in written for stroke in letter.strokes)


def test_no_writer_of_letters_is_on_two_sides() -> None:
    written = letters.load()
    sides = [
        {letter.writer for letter in part(written)} for part in (letters.learned, letters.validation, letters.unseen)
    ]
    assert not sides[0] & sides[1]
    assert not sides[2] & (sides[0] | sides[1])
    assert sum(len(part(written)) for part in (letters.learned, letters.validation, letters.unseen)) == 2000


def test_letters_stand_upright() -> None:
    # An A is narrow at its top, an E has its stem at the left.
    drawn = {
        name: np.mean([strokes_to_image(x.strokes) for x in letters.load() if x.letter == name], 0) for name in "AE"
    }
    assert drawn["A"][4:10].sum() < drawn["A"][14:20].sum()
    assert drawn["E"][:, :14].sum() > 1.1 * drawn["E"][:, 14:].sum()


def test_a_pool_repeats_and_is_of_many_kinds(source) -> None:
    made = outliers.pool(source, 60, seed=3)
    assert made.shape == (60, 28, 28)
    assert made.dtype == np.uint8
    assert (made.max((1, 2)) > 100).all()
    assert len({image.tobytes() for image in made}) == 60
    np.testing.assert_array_equal(outliers.pool(source, 60, seed=3), made)
    assert sum(outliers.KINDS.values()) == pytest.approx(1)


def test_every_kind_can_be_drawn(source, monkeypatch) -> None:
    for kind in outliers.KINDS:
        monkeypatch.setattr(outliers, "KINDS", {kind: 1.0})
        assert outliers.pool(source, 12, seed=1).any((1, 2)).all()


def test_every_shape_can_be_drawn() -> None:
    for strokes in SHAPES.values():
        assert trajectories.redraw(strokes, np.random.default_rng(0)).sum() > 10


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


def few(n: int, label: int) -> Digits:
    return Digits(np.full((n, 28, 28), label, np.uint8), np.full(n, label, np.uint8))


def test_batches_hold_every_source_s_share_and_nothing_twice_too_soon() -> None:
    material = Material(few(50, 1), few(7, 2), few(20, 3), few(5, NONE))
    together = material.together()
    dealt = material.deal((5, 2, 2, 1), 10, (3, 0))
    assert dealt.shape == (10, 10)
    for batch in dealt:
        assert together.labels[batch].tolist() == [1] * 5 + [2] * 2 + [3] * 2 + [NONE]
    assert np.bincount(dealt.ravel(), minlength=82)[:50].tolist() == [1] * 50
    assert set(np.bincount(dealt.ravel(), minlength=82)[50:57]) <= {2, 3}
    np.testing.assert_array_equal(material.deal((5, 2, 2, 1), 10, (3, 0)), dealt)
    assert (material.deal((5, 2, 2, 1), 10, (3, 1)) != dealt).any()


def test_material_is_of_four_sources(source, mnist) -> None:
    digits = Digits(np.rint(mnist[0][:30] * 255).astype(np.uint8), mnist[1][:30].astype(np.uint8))
    material = gather(digits, source.digits[:10], source.letters, redrawings=2, drawings=9, seed=1)
    assert [len(part.labels) for part in material] == [30, 30, 20, 9]
    np.testing.assert_array_equal(material.drawn.labels, digits.labels)
    assert (material.others.labels == NONE).all()
    assert material.together().images.shape == (89, 28, 28)
