"""What all recipes write about a run: its settings and data, how it was measured, and its weights with their card."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from model.datasets import mnist
from model.datasets.mnist import Mnist
from model.evaluation.metrics import Measurement
from model.networks import weights
from model.networks.lstm import Weights
from model.reader import Reader
from model.training.checkpoint import Run

SEED = 1997
"""Of a run for which no other is given."""


def settings(name: str, recipe: dict[str, Any], data: Mnist, seed: int) -> dict[str, Any]:
    """All that decides the result of a run, as its card has it. recipe: the recipe's own settings."""
    return {
        "recipe": name,
        "settings": recipe,
        "seed": seed,
        "data": f"MNIST: {len(data.train.labels)} training images, the first {mnist.VALIDATION} for validation, "
        f"and {len(data.test.labels)} test images",
        "data_sha256": data.fingerprint(),
    }


def finish(run: Run, learned: Weights, found: dict[str, Any], measure: Callable[[Reader], list[Measurement]]) -> None:
    """Measure on the test data, once all is learned and set, and write the weights and their card.

    found: what else the card says. measure: it is given a reader with the weights.
    """
    measurements = measure(Reader(learned, found))
    for measurement in measurements:
        print(measurement.line())
    card = {
        "command": f"python -m model.train --recipe {run.settings['recipe']} --seed {run.settings['seed']}",
        **run.settings,
        **found,
        "measured": {measurement.name: measurement._asdict() for measurement in measurements},
        "training_seconds": round(run.column("seconds").sum()),
        "versions": {"tensorflow": tf.__version__, "keras": keras.__version__, "numpy": np.__version__},
    }
    weights.save(run.folder / "weights.npz", learned, card)
