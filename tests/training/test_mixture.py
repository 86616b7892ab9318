import numpy as np

from model.datasets import letters
from model.datasets.digits import Digits
from model.datasets.pen_digits import PenDigit
from model.training.mixture import OUTLIER, Drawing, Mixture, mix
from tests.support.drawings import as_points, pen_digits


def few(n: int, label: int) -> Digits:
    return Digits(np.full((n, 28, 28), label, np.uint8), np.full(n, label, np.uint8))


def test_batches_hold_every_source_s_share_and_nothing_twice_too_soon() -> None:
    mixture = Mixture(few(50, 1), few(7, 2), few(20, 3), few(5, OUTLIER))
    together = mixture.together()
    dealt = mixture.batches((5, 2, 2, 1), 10, (3, 0))
    assert dealt.shape == (10, 10)
    for batch in dealt:
        assert together.labels[batch].tolist() == [1] * 5 + [2] * 2 + [3] * 2 + [OUTLIER]
    assert np.bincount(dealt.ravel(), minlength=82)[:50].tolist() == [1] * 50
    assert set(np.bincount(dealt.ravel(), minlength=82)[50:57]) <= {2, 3}
    np.testing.assert_array_equal(mixture.batches((5, 2, 2, 1), 10, (3, 0)), dealt)
    assert (mixture.batches((5, 2, 2, 1), 10, (3, 1)) != dealt).any()


def test_a_mixture_is_of_four_sources(mnist) -> None:
    written = [PenDigit(as_points(d["strokes"]), d["digit"], 1) for d in pen_digits()[:10]]
    digits = Digits(np.rint(mnist[0][:30] * 255).astype(np.uint8), mnist[1][:30].astype(np.uint8))
    mixture = mix(digits, written, letters.load()[:50], redrawings=2, drawings=9, drawing=Drawing(), seed=1)
    assert [len(part.labels) for part in mixture] == [30, 30, 20, 9]
    np.testing.assert_array_equal(mixture.thinned.labels, digits.labels)
    assert (mixture.outliers.labels == OUTLIER).all()
    assert mixture.together().images.shape == (89, 28, 28)
