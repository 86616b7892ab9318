"""What the network says by its logits."""

import tensorflow as tf


def score(logits: tf.Tensor) -> tf.Tensor:
    """How much speaks for a digit at all: the log-sum-exp of logits, (…, 10) to (…).

    Low for outliers (Liu et al. 2020, arXiv 2010.03759).
    """
    return tf.reduce_logsumexp(logits, axis=-1)
