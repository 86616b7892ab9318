"""The training images: digits from three sources and outliers, mixed in fixed shares into batches."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from model.augmentation import thinning, trajectories
from model.augmentation.allographs import Allographs
from model.augmentation.trajectories import Trajectories
from model.datasets.digits import Digits
from model.datasets.letters import Letter
from model.datasets.pen_digits import PenDigit
from model.networks.dimensions import CLASSES
from model.preprocessing.strokes import PEN
from model.training import outliers
from model.training.outliers import Outliers

OUTLIER = CLASSES
"""The label of what is no digit."""


@dataclass(frozen=True)
class Drawing:
    """How the training images are drawn from strokes."""

    trajectories: Trajectories = field(default_factory=Trajectories)
    allographs: Allographs = field(default_factory=Allographs)
    outliers: Outliers = field(default_factory=Outliers)
    pen: float = PEN  # width in final pixels, for what is not redrawn


class Mixture(NamedTuple):
    """The images of each source."""

    mnist: Digits  # as they are
    thinned: Digits  # MNIST's, redrawn with the page's pen
    redrawn: Digits  # digits written with a pen, redrawn at random
    outliers: Digits  # no digits, all labelled OUTLIER

    def together(self) -> Digits:
        """All of them, one source after the other."""
        return Digits(*map(np.concatenate, zip(*self, strict=True)))

    def batches(self, shares: tuple[int, ...], steps: int, seed: tuple[int, int]) -> np.ndarray:
        """Which images are in each batch, (steps, sum of the shares), as places in `together`.

        shares: how many of a batch are from each source. None of a source comes again before all have come.
        """
        rng = np.random.default_rng(seed)
        dealt, begin = [], 0
        for source, share in zip(self, shares, strict=True):
            count = len(source.labels)
            rounds = max(1, -(-steps * share // count))
            order = np.concatenate([rng.permutation(count) for _ in range(rounds)])
            dealt.append(begin + order[: steps * share].reshape(steps, share))
            begin += count
        return np.concatenate(dealt, axis=1)


def mix(
    mnist: Digits,
    written: list[PenDigit],
    letters: list[Letter],
    redrawings: int,
    drawings: int,
    drawing: Drawing,
    seed: int,
) -> Mixture:
    """Draw all training images. redrawings: of each digit written with a pen. drawings: so many outliers."""
    source = outliers.Source(letters, written)
    images = outliers.pool(source, drawings, seed, drawing.outliers, drawing.trajectories, drawing.pen)
    return Mixture(
        mnist=mnist,
        thinned=Digits(thinning.redrawn(mnist.images, seed, drawing.trajectories.pens), mnist.labels),
        redrawn=trajectories.pool(written, redrawings, seed, drawing.trajectories, drawing.allographs),
        outliers=Digits(images, np.full(drawings, OUTLIER, np.uint8)),
    )
