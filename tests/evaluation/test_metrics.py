import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.evaluation import metrics
from tests.support.probabilities import sure


def test_wilson_by_the_book() -> None:
    # 95 % for 81 of 263: Newcombe 1998, doi 10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E
    assert metrics.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert metrics.wilson(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)


@given(st.integers(1, 10_000), st.data())
def test_wilson_holds_the_share(n, data) -> None:
    right = data.draw(st.integers(0, n))
    low, high = metrics.wilson(right, n)
    assert 0 <= low <= right / n + 1e-12
    assert right / n - 1e-12 <= high <= 1


def test_calibration_error_is_the_gap() -> None:
    labels = np.array([1, 1, 1, 2])
    assert metrics.calibration_error(sure(0.75, [1, 1, 1, 1]), labels) == pytest.approx(0)
    assert metrics.calibration_error(sure(1.0, [1, 1, 1, 1]), labels) == pytest.approx(0.25)
    # Two bins, wrong either way: the gaps are added, not cancelled.
    both = np.concatenate([sure(0.5, [1, 1]), sure(1.0, [3, 3])])
    assert metrics.calibration_error(both, np.array([1, 1, 3, 0])) == pytest.approx(0.5)


def test_auroc_counts_pairs_and_ties_by_half() -> None:
    assert metrics.auroc(np.array([2.0, 3.0]), np.array([0.0, 1.0])) == 1
    assert metrics.auroc(np.array([0.0]), np.array([1.0, 2.0])) == 0
    assert metrics.auroc(np.array([1.0, 3.0]), np.array([1.0, 2.0])) == (0.5 + 0 + 1 + 1) / 4


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20), st.lists(st.floats(-50, 50), min_size=1, max_size=20))
def test_auroc_by_the_definition(digits, others) -> None:
    a, b = np.array(digits)[:, None], np.array(others)
    assert metrics.auroc(a[:, 0], b) == pytest.approx(((a > b) + 0.5 * (a == b)).mean())


def test_a_bootstrap_of_a_mean_is_its_interval() -> None:
    sample = np.random.default_rng(1).normal(0.3, 0.1, 400)
    low, high = metrics.bootstrap(np.mean, [sample])
    assert low == pytest.approx(sample.mean() - 0.196 / 20, abs=0.002)
    assert high == pytest.approx(sample.mean() + 0.196 / 20, abs=0.002)


def test_the_error_of_a_calibrated_network_lies_where_it_is_said_to_and_another_does_not() -> None:
    rng = np.random.default_rng(1)
    confidence = np.concatenate([rng.uniform(0.6, 1, 200), np.full(1000, 0.999)])
    probabilities = np.zeros((1200, 10))
    probabilities[:, 0], probabilities[:, 1] = confidence, 1 - confidence
    low, high = metrics.calibrated_error(probabilities)
    errors = [metrics.calibration_error(probabilities, (rng.random(1200) > confidence).astype(int)) for _ in range(200)]
    assert 0.9 < np.mean([low <= error <= high for error in errors]) < 0.99
    too_sure = (rng.random(1200) > confidence - 0.05).astype(int)
    assert metrics.calibration_error(probabilities, too_sure) > high > low > 0
