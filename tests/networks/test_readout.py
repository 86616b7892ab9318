import numpy as np

from model.networks.readout import score


def test_the_score_is_the_log_sum_exp_of_any_logits() -> None:
    logits = np.array([[0.0] * 10, [1000.0] + [0.0] * 9, [-1000.0] * 10])
    np.testing.assert_allclose(score(logits), [np.log(10), 1000, np.log(10) - 1000])
