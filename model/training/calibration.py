"""Calibrated probabilities, and an eleventh class by which outliers are refused."""

from collections.abc import Iterable

import numpy as np
import tensorflow as tf


def with_outlier_logit(logits: tf.Tensor) -> tf.Tensor:
    """The ten logits and an eleventh for outliers, which is always 0: (n, 10) to (n, 11).

    So the log-sum-exp of the ten is the log-odds of a digit against an outlier.
    """
    return tf.pad(logits, [[0, 0], [0, 1]])


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The T for which softmax(logits / T) gives the labels the least cross-entropy (Guo et al. 2017, arXiv 1706.04599).

    logits: (n, 10), labels: (n,). The cross-entropy is convex in 1/T, so its slope there is bisected, T in 0.05…20.
    """
    logits = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    wanted = logits[np.arange(len(labels)), labels].mean()
    low, high = 1 / 20, 20.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        share = np.exp(middle * logits)
        share /= share.sum(axis=1, keepdims=True)
        too_sharp = (share * logits).sum(axis=1).mean() > wanted
        low, high = (low, middle) if too_sharp else (middle, high)
    return 1 / middle


def least_score(scores: Iterable[np.ndarray], refused: Iterable[float]) -> float:
    """The highest threshold that refuses no more than its share of each source's digits; lower scores are refused.

    scores: of digits from several sources, (n,) each; refused: for each source the largest share, 0…1.
    """
    pairs = zip(scores, refused, strict=True)
    return min(float(np.sort(of_source)[int(share * len(of_source))]) for of_source, share in pairs)
