"""What the recipes share: what a run is made of, how it is judged, and what it leaves."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from model.datasets import mnist
from model.datasets.mnist import Mnist
from model.evaluate import Figure
from model.networks import weights
from model.networks.lstm import Weights
from model.reader import Reader
from model.training.checkpoint import Run


def settings(name: str, recipe: Any, data: Mnist, seed: int) -> dict[str, Any]:
    """All that decides what a run gives. recipe: a dataclass of its settings."""
    return {
        "recipe": name,
        "settings": asdict(recipe),
        "seed": seed,
        "data": f"MNIST: {len(data.train.labels)} training images, the first {mnist.VALIDATION} for validation, "
        f"and {len(data.test.labels)} test images",
        "data_sha256": data.fingerprint(),
    }


def finish(run: Run, learned: Weights, found: dict[str, Any], look: Callable[[Reader], list[Figure]]) -> None:
    """Look at what was kept for the end, for the first and only time, and write the weights and their card."""
    figures = look(Reader(learned, found))
    for figure in figures:
        print(figure.line())
    card = {
        "command": f"python -m model.train --recipe {run.settings['recipe']} --seed {run.settings['seed']}",
        **run.settings,
        **found,
        "measured": {figure.name: figure._asdict() for figure in figures},
        "training_seconds": round(run.column("seconds").sum()),
        "versions": {"tensorflow": tf.__version__, "keras": keras.__version__, "numpy": np.__version__},
    }
    weights.save(run.folder / "weights.npz", learned, card)


def logits(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """(n, 10) of (n, 28, 28) uint8, a thousand images at a time."""
    images = images.astype(np.float32) / 255
    return np.concatenate([model(images[k : k + 1000]).numpy() for k in range(0, len(images), 1000)])


def accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    """The share that is right. logits: (n, 10), labels: (n,)."""
    return float((logits.argmax(1) == labels).mean())


def cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    """The mean over all, in nats. logits: (n, 10), labels: (n,)."""
    return float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels.astype(np.int32), logits)))


def draw_curves(run: Run) -> None:
    """curves.png: the log's losses, and beside them its errors, over its first column."""
    from matplotlib.figure import Figure  # nothing else here needs it, and it takes a second to import

    across = run.columns[0]
    figure = Figure(figsize=(10, 3.5), layout="constrained")
    for axes, kind, title in zip(figure.subplots(1, 2), ("loss", "accuracy"), ("loss", "1 − accuracy"), strict=True):
        for name in run.columns:
            if name.endswith(kind):
                values = run.column(name)
                label = name.removesuffix(kind).replace("_", " ").strip() or "training"
                axes.plot(run.column(across), 1 - values if kind == "accuracy" else values, label=label)
        # Logarithmic, because all that matters happens close to 0. A minibatch without an error leaves a gap.
        axes.set(title=title, xlabel=across, yscale="log")
        axes.grid(alpha=0.3, which="both")
        axes.legend()
    figure.savefig(run.folder / "curves.png", dpi=120)
