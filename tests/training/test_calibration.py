import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from model.networks.readout import score
from model.training.calibration import fit_temperature, least_score, with_outlier_logit


def test_the_log_sum_exp_is_the_log_odds_of_a_digit() -> None:
    logits = np.random.default_rng(0).normal(size=(4, 10)).astype(np.float32)
    digit_or_none = tf.nn.softmax(with_outlier_logit(logits)).numpy()
    odds = digit_or_none[:, :10].sum(1) / digit_or_none[:, 10]
    np.testing.assert_allclose(np.log(odds), score(logits), rtol=1e-5)


@settings(deadline=None, max_examples=50)
@given(st.floats(0.1, 10), st.integers(0, 1000))
def test_the_temperature_undoes_sharpening(sharper, seed) -> None:
    rng = np.random.default_rng(seed)
    logits = 2 * rng.standard_normal((500, 10))
    gumbel = rng.gumbel(size=logits.shape)
    labels = (logits + gumbel).argmax(1)  # labels drawn from softmax(logits): T = 1 up to chance
    own = fit_temperature(logits, labels)
    assert 0.7 < own < 1.4
    assert fit_temperature(logits * sharper, labels) == pytest.approx(own * sharper, rel=1e-3)


def test_the_temperature_is_the_best_one() -> None:
    rng = np.random.default_rng(1)
    logits, labels = 3 * rng.standard_normal((200, 10)), rng.integers(0, 10, 200)
    logits[np.arange(200), labels] += 3
    best = fit_temperature(logits, labels)

    def loss(temperature: float) -> float:
        return float(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits / temperature).numpy().sum())

    assert loss(best) < min(loss(best * 1.03), loss(best / 1.03))


@given(st.lists(st.integers(-50, 50), min_size=1), st.lists(st.integers(-50, 50), min_size=1), st.floats(0, 0.9))
def test_no_more_are_refused_than_may_be_and_no_higher_score_would_do(one, other, share) -> None:
    shares = (share, 0.5 * share)
    scores = (np.array(one, float), np.array(other, float))
    least = least_score(scores, shares)
    assert all((of_source < least).sum() <= few * len(of_source) for of_source, few in zip(scores, shares, strict=True))
    higher = least + 1  # whole numbers
    assert any((of_source < higher).sum() > few * len(of_source) for of_source, few in zip(scores, shares, strict=True))
