"""What the network learns from: digits from three sources and what is no digit, dealt out in batches."""

from typing import NamedTuple

import numpy as np

from model.augmentation import thinning, trajectories
from model.datasets.letters import Letter
from model.datasets.mnist import Digits
from model.datasets.pen_digits import PenDigit
from model.networks.dimensions import CLASSES
from model.training import outliers
from model.training.outliers import Others

NONE = CLASSES
"""The label of what is no digit."""


class Material(NamedTuple):
    """The images of each source."""

    mnist: Digits  # as they are
    drawn: Digits  # MNIST's, drawn anew with the page's pen
    pens: Digits  # pen digits, redrawn
    others: Digits  # no digits, all labelled NONE

    def together(self) -> Digits:
        """All of them, one source after the other."""
        return Digits(*map(np.concatenate, zip(*self, strict=True)))

    def deal(self, shares: tuple[int, ...], steps: int, seed: tuple[int, int]) -> np.ndarray:
        """Which images are in each batch, (steps, sum of the shares), as places in `together`.

        shares: how many of a batch are from each source. None of a source comes again before all have come.
        """
        draw = np.random.default_rng(seed)
        dealt, begin = [], 0
        for source, share in zip(self, shares, strict=True):
            count = len(source.labels)
            rounds = max(1, -(-steps * share // count))
            order = np.concatenate([draw.permutation(count) for _ in range(rounds)])
            dealt.append(begin + order[: steps * share].reshape(steps, share))
            begin += count
        return np.concatenate(dealt, axis=1)


def gather(
    mnist: Digits, pens: list[PenDigit], written: list[Letter], redrawings: int, drawings: int, seed: int
) -> Material:
    """Draw all that is learned from. redrawings: of each pen digit. drawings: so many that are no digit."""
    return Material(
        mnist=mnist,
        drawn=Digits(thinning.redrawn(mnist.images, seed), mnist.labels),
        pens=trajectories.pool(pens, redrawings, seed),
        others=Digits(outliers.pool(Others(written, pens), drawings, seed), np.full(drawings, NONE, np.uint8)),
    )
