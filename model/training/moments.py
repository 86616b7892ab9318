"""The weights of a run at some twenty moments, densest early: for a look at how a network learned."""

import io
from pathlib import Path

import numpy as np

from model import atomic
from model.networks.lstm import Weights

_BATCHES = (0, 1, 2, 5, 10, 20, 50, 100, 200, 500)
_EPOCHS = (1, 2, 3, 5, 8, 13, 21, 34, 55)


def of_run(epochs: int, steps: int) -> list[int]:
    """After how many batches the weights are kept, in a run of so many epochs of so many steps."""
    batches = {*_BATCHES, *(epoch * steps for epoch in _EPOCHS)}
    return [*sorted(batch for batch in batches if batch < epochs * steps), epochs * steps]


def keep(folder: Path, batches: int, weights: Weights) -> None:
    """Write the weights after so many batches, as float16. Raises OSError when they cannot be written."""
    place = _place(folder, batches)
    place.parent.mkdir(exist_ok=True)
    file = io.BytesIO()
    np.savez(file, **{name: np.asarray(array, np.float16) for name, array in weights._asdict().items()})
    atomic.write({place: file.getvalue()})


def gather(folder: Path, kept: list[int]) -> None:
    """Write moments.npz: `batches` (m,), and each of the weights' arrays as (m, …) float16, one moment after another.

    Raises OSError when a moment is missing or the file cannot be written.
    """
    arrays: dict[str, list[np.ndarray]] = {name: [] for name in Weights._fields}
    for batches in kept:
        with np.load(_place(folder, batches), allow_pickle=False) as file:
            for name, found in arrays.items():
                found.append(file[name])
    file = io.BytesIO()
    np.savez_compressed(file, batches=np.array(kept), **{name: np.stack(found) for name, found in arrays.items()})
    atomic.write({folder / "moments.npz": file.getvalue()})


def _place(folder: Path, batches: int) -> Path:
    return folder / "moments" / f"{batches:06d}.npz"
