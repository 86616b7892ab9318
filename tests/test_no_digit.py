"""When the reader says that there is no digit, and why."""

import numpy as np
import pytest

from model import Reader, strokes_to_image
from model.networks import weights
from tests.support.drawings import as_points, beside, first_of, no_digits

OTHERS = no_digits()


def image_of(strokes: list[list[float]]) -> np.ndarray:
    return strokes_to_image(as_points(strokes))


def test_the_score_is_the_log_of_the_sum_of_the_exponentials(reader, mnist) -> None:
    images = mnist[0][:300]
    scores = reader.scores(images)
    assert scores.shape == (300,)
    assert scores.dtype == np.float32
    for image, score in zip(images[:20], scores, strict=False):
        reading = reader.read(image)
        logits = reading.logits[-1].astype(np.longdouble)
        assert reading.score == pytest.approx(float(np.log(np.exp(logits).sum())), abs=1e-5)
        assert reading.score == pytest.approx(score, abs=1e-4)
    assert reader.scores(images[:0]).shape == (0,)


def test_large_logits_do_not_overflow_the_score() -> None:
    arrays, _ = weights.load()
    sure = Reader(arrays._replace(readout_kernel=1e4 * arrays.readout_kernel))
    reading = sure.read(image_of(first_of(3)))
    assert np.isfinite(reading.score)
    assert reading.score == pytest.approx(reading.logits[-1].max(), rel=1e-5)


def test_what_scores_too_little_is_no_digit(reader) -> None:
    for digit in range(10):
        reading = reader.read(image_of(first_of(digit)))
        assert (reading.digit, reading.why, reading.closest) == (digit, None, digit)
    for name, strokes in {**OTHERS, "two": beside(2, 5)}.items():
        reading = reader.read(image_of(strokes))
        assert reading.digit is None
        assert reading.why == ("several" if name == "two" else "other"), name
        assert reading.closest == reading.probabilities.argmax()
        assert reading.probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_without_a_threshold_only_a_blank_is_no_digit() -> None:
    gullible = Reader(weights.load()[0])
    for strokes in (*OTHERS.values(), beside(2, 5)):
        reading = gullible.read(image_of(strokes))
        assert (reading.digit, reading.why) == (reading.probabilities.argmax(), None)
    blank = gullible.read(np.zeros((28, 28), np.float32))
    assert (blank.digit, blank.why, blank.closest) == (None, "blank", None)


def test_the_rule_holds_in_an_experiment(reader) -> None:
    image = image_of(first_of(3))
    dumb, heard = reader.read(image, silence=range(128)).score, reader.read(image).score
    assert dumb < heard
    between = Reader(weights.load()[0], {"least_score": (dumb + heard) / 2})
    assert between.read(image).digit == 3
    silenced = between.read(image, silence=range(128))
    assert (silenced.digit, silenced.why) == (None, "other")
