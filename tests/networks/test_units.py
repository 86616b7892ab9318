"""What is shipped about the units is true of the shipped network."""

import numpy as np

from model.networks import units


def test_neighbours_are_similar(reader, mnist) -> None:
    correlation = np.corrcoef(reader.trace(mnist[0][:200]).hidden.reshape(-1, 128).T)
    order = units.load().similarity
    assert correlation[order[:-1], order[1:]].mean() > correlation.mean() + 0.2


def test_the_digits_that_drive_a_unit_do(reader) -> None:
    survey = units.load()
    hidden = reader.trace(survey.bank / 255).hidden
    peaks, troughs = hidden.max(1), hidden.min(1)
    for unit in (0, 18, 127):
        assert peaks[survey.best[unit], unit].min() >= np.sort(peaks[:, unit])[-10] - 1e-5
        assert troughs[survey.least[unit], unit].max() <= np.sort(troughs[:, unit])[9] + 1e-5
