"""Measures of how good a classifier is, each with its 95 % interval where it is reported."""

from collections.abc import Callable
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from model.preprocessing.normalize import to_float32

BINS = 15
"""Bins of confidence, equally wide, for the calibration error (Guo et al. 2017, arXiv 1706.04599)."""


class Measurement(NamedTuple):
    """One measured figure."""

    name: str
    value: float  # a share, 0…1
    low: float  # its 95 % interval; of a calibration error, that of what a perfectly calibrated network has
    high: float
    n: int  # the size of the sample

    def line(self) -> str:
        """A line of a table."""
        return f"{self.name:48s} {self.value:8.2%}   {self.low:.2%} to {self.high:.2%}   of {self.n:,}"


def share(name: str, hits: np.ndarray) -> Measurement:
    """The share of hits, (n,) bool, with Wilson's interval."""
    count = int(hits.sum())
    return Measurement(name, count / len(hits), *wilson(count, len(hits)), len(hits))


def logits(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """What the model gives for images, (n, 28, 28) uint8: (n, 10), computed a thousand images at a time."""
    images = to_float32(images)
    return np.concatenate([model(images[k : k + 1000]).numpy() for k in range(0, len(images), 1000)])


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    """The share that is right. logits: (n, 10), labels: (n,)."""
    return float((logits.argmax(1) == labels).mean())


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    """The mean over all, in nats. logits: (n, 10), labels: (n,)."""
    return float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels.astype(np.int32), logits)))


def calibration_error(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The expected calibration error, 0…1: how far, on average, confidence is from the share that is right.

    probabilities: (n, 10), labels: (n,).
    """
    return _calibration_error(probabilities.max(axis=1), probabilities.argmax(axis=1) == labels)


def calibrated_error(probabilities: np.ndarray, times: int = 500) -> tuple[float, float]:
    """Where the calibration error of a perfectly calibrated network lies in 95 % of samples like this: low and high.

    It is hardly ever 0: in every bin some more or fewer are right than expected. Simulated: each answer is right by
    chance, with its confidence as the probability. probabilities: (n, 10).
    """
    rng, confidence = np.random.default_rng(0), probabilities.max(axis=1)
    seen = [_calibration_error(confidence, rng.random(len(confidence)) < confidence) for _ in range(times)]
    low, high = np.quantile(seen, [0.025, 0.975])
    return float(low), float(high)


def _calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    which = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return float(np.abs(np.bincount(which, confidence - right, BINS)).sum() / len(right))


def auroc(digits: np.ndarray, outliers: np.ndarray) -> float:
    """The area under the ROC curve of scores, (n,) each: how often a digit's is above an outlier's, 0.5 by chance."""
    above = np.searchsorted(np.sort(outliers), digits, "left") + np.searchsorted(np.sort(outliers), digits, "right")
    return float(above.mean() / 2 / len(outliers))


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share, `right` of `n` (Wilson 1927, doi 10.2307/2276774)."""
    z = 1.959964
    middle = (right + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * (right * (n - right) / n + z * z / 4) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def bootstrap(measure: Callable[..., float], samples: list[np.ndarray], times: int = 500) -> tuple[float, float]:
    """The 95 % interval of a measure, 0…1, of samples, each resampled with replacement (Efron 1979).

    The interval is the quantiles of how far resamples deviate from their mean, laid around the measure of the samples.
    """
    rng = np.random.default_rng(0)
    seen = [measure(*(sample[rng.integers(len(sample), size=len(sample))] for sample in samples)) for _ in range(times)]
    low, high = np.quantile(seen, [0.025, 0.975]) - np.mean(seen) + measure(*samples)
    return max(0.0, float(low)), min(1.0, float(high))
