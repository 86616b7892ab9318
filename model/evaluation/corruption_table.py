"""How many of MNIST's test images are misread when they are corrupted, by kind, and beside a plain convnet."""

from typing import NamedTuple

import keras
import numpy as np

from model.datasets.digits import Digits
from model.evaluation import convnet
from model.evaluation.corruptions import KINDS, corrupted
from model.evaluation.metrics import Measurement, bootstrap, share
from model.preprocessing.normalize import to_float32, to_uint8
from model.reader import Reader

UNCORRUPTED = "none"


class Row(NamedTuple):
    """What becomes of all images, corrupted in one way, or on average over all ways."""

    misread: Measurement
    """The likeliest of the ten digits is another, refused or not: as MNIST-C counts."""
    refused: Measurement
    """The answer is `?`."""
    answered: Measurement
    """Misread and not refused: the answer is another digit."""
    convnet: Measurement | None = None
    """Misread by the convnet, where it was asked."""


def rows(reader: Reader, test: Digits, network: keras.Model | None = None) -> list[Row]:
    """A row for the images as they are, one for each kind of corruption, and the mean of the latter.

    The images go to the network in bytes, uncentred.

    network: of `convnet`, which reads the same images.
    """
    found: list[tuple[np.ndarray, ...]] = []
    names = (UNCORRUPTED, *KINDS)
    for kind in names:
        images = to_float32(to_uint8(test.ink() if kind == UNCORRUPTED else corrupted(test.ink(), kind)))
        misread = reader.classify(images).argmax(axis=1) != test.labels
        refused = reader.scores(images) < reader.least_score
        beside = [convnet.answers(network, images) != test.labels] if network else []
        found.append((misread, refused, misread & ~refused, *beside))
    measured = [Row(*(share(name, hits) for hits in each)) for name, each in zip(names, found, strict=True)]
    # An image is in all kinds, so it is images that are resampled.
    means = [np.mean(column, axis=0) for column in zip(*found[1:], strict=True)]
    mean = (Measurement("mean", float(m.mean()), *bootstrap(np.mean, [m]), len(m)) for m in means)
    return [*measured, Row(*mean)]


def table(measured: list[Row]) -> str:
    """A line for each, with the 95 % interval of what is misread."""
    lines = ["MNIST corrupted   misread     95 % interval  refused  wrong answer  convnet misreads"]
    for misread, refused, answered, beside in measured:
        interval = f"{misread.low:.2%} to {misread.high:.2%}"
        line = f"{misread.name:16s} {misread.value:8.2%} {interval:>17s} {refused.value:8.2%} {answered.value:13.2%}"
        lines.append(f"{line} {beside.value:17.2%}" if beside else line)
    return "\n".join(lines)
