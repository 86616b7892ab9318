import numpy as np

from model.evaluation.unit_survey import survey
from model.networks import units


def test_a_survey_finds_similar_units_and_what_drives_each(reader, mnist) -> None:
    images = mnist[0][:320]
    found = survey(reader, images)
    assert sorted(found.similarity) == list(range(128))
    hidden = reader.trace(images).hidden
    correlation = np.corrcoef(hidden.reshape(-1, 128).T)
    order = found.similarity.astype(int)
    neighbours = correlation[order[1:], order[:-1]].mean()
    assert neighbours > correlation.mean() + 0.2
    peaks = hidden[:300].max(axis=1)
    np.testing.assert_array_equal(peaks[found.best[:, 0], np.arange(128)], peaks.max(axis=0))
    troughs = hidden[:300].min(axis=1)
    np.testing.assert_array_equal(troughs[found.least[:, 0], np.arange(128)], troughs.min(axis=0))
    np.testing.assert_array_equal(found.bank, np.rint(images[:300] * 255))
    assert str(found.sha256) == reader.card["sha256"]
    shipped = units.load()
    assert all(a.shape == b.shape and a.dtype == b.dtype for a, b in zip(shipped, found, strict=True))
