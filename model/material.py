"""What the network learns from: digits from three sources and what is no digit, dealt out in batches."""

from typing import NamedTuple

import numpy as np

from model import others, redraw, skeleton
from model.letters import Letter
from model.mnist import Digits
from model.network import CLASSES
from model.others import Others
from model.pendigits import PenDigit

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
        drawn=Digits(skeleton.redrawn(mnist.images, seed), mnist.labels),
        pens=redraw.pool(pens, redrawings, seed),
        others=Digits(others.pool(Others(written, pens), drawings, seed), np.full(drawings, NONE, np.uint8)),
    )
