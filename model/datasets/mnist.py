"""MNIST: 60,000 training and 10,000 test digits, 28 by 28 (LeCun, Cortes & Burges, http://yann.lecun.com/exdb/mnist)."""

import hashlib
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from model.datasets.digits import Digits
from model.networks.dimensions import CLASSES, PIXELS, ROWS

VALIDATION = 5_000
"""So many of the first training images are held back to choose by, as in the classic tutorial's `input_data`."""


class Mnist(NamedTuple):
    """The whole data set, checked."""

    train: Digits
    test: Digits

    def split(self) -> tuple[Digits, Digits]:
        """The training images to learn from (55,000 of the real 60,000) and those to validate on (the first 5,000).

        Raises ValueError when nothing would be left to learn from.
        """
        if len(self.train.labels) <= VALIDATION:
            raise ValueError(
                f"The data hold {len(self.train.labels)} training images, and the first {VALIDATION} are for "
                "validation: give a file with more."
            )
        learn = Digits(*(a[VALIDATION:] for a in self.train))
        validation = Digits(*(a[:VALIDATION] for a in self.train))
        return learn, validation

    def fingerprint(self) -> str:
        """SHA-256 over all four arrays, in hexadecimal: the same digits in the same order give the same one."""
        digest = hashlib.sha256()
        for array in (*self.train, *self.test):
            digest.update(np.ascontiguousarray(array))
        return digest.hexdigest()


def load(path: str | Path | None = None) -> Mnist:
    """MNIST from an .npz of x_train, y_train, x_test and y_test; without a path, as Keras fetches and keeps it.

    Raises FileNotFoundError when there is no such file or it cannot be fetched, ValueError when it is damaged or holds
    something else. Nothing is unpickled.
    """
    if path is None:
        try:
            (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
        except Exception as error:  # Keras raises plain Exceptions
            raise FileNotFoundError(f"Keras could not fetch MNIST ({error}). Give it with --mnist PATH.") from error
        arrays = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}
        source = "Keras's mnist.npz"
    else:
        arrays = _read(Path(path))
        source = str(path)
    return Mnist(
        train=_checked(arrays, "train", source),
        test=_checked(arrays, "test", source),
    )


def _read(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}. Leave --mnist out and Keras fetches MNIST.")
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except Exception as error:  # a damaged zip or header raises a dozen kinds, down to tokenize.TokenError
        raise ValueError(f"{path} cannot be read as an .npz of plain arrays: fetch mnist.npz again.") from error


def _checked(arrays: dict[str, np.ndarray], part: str, source: str) -> Digits:
    """One part of the data as Digits, or a ValueError that says what is wrong with it."""
    x, y = f"x_{part}", f"y_{part}"
    missing = [name for name in (x, y) if name not in arrays]
    if missing:
        raise ValueError(
            f"{source} has no array {' nor '.join(missing)}: MNIST has x_train, y_train, x_test and y_test."
        )
    images, labels = arrays[x], arrays[y]
    if images.dtype != np.uint8 or images.ndim != 3 or images.shape[1:] != (ROWS, PIXELS) or not len(images):
        raise ValueError(
            f"{source}: {x} should be (n, {ROWS}, {PIXELS}) uint8 with n ≥ 1, and is {images.shape} {images.dtype}."
        )
    if labels.shape != images.shape[:1] or not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"{source}: {y} should be {len(images)} whole numbers, one for each image, "
            f"and is {labels.shape} {labels.dtype}."
        )
    if labels.min() < 0 or labels.max() >= CLASSES:
        raise ValueError(f"{source}: {y} should be labels 0…9, and goes from {labels.min()} to {labels.max()}.")
    return Digits(images, labels.astype(np.uint8))
