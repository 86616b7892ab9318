"""A plain convolutional network to compare with: Keras's documentation, "Simple MNIST convnet" (Chollet 2015)."""

import keras
import numpy as np
from keras import layers

from model.datasets.digits import Digits
from model.networks.dimensions import CLASSES, PIXELS, ROWS

EPOCHS = 5
"""Of training. The documentation has 15, which take three times as long and change little."""

_BATCH = 128  # as the documentation has it


def trained(learn: Digits, epochs: int = EPOCHS) -> keras.Model:
    """Built and trained on these images as the documentation says: (n, 28, 28, 1) to (n, 10) probabilities."""
    keras.utils.set_random_seed(1)
    network = keras.Sequential(
        [
            keras.Input((ROWS, PIXELS, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    network.compile("adam", "sparse_categorical_crossentropy")
    network.fit(learn.ink()[..., None], learn.labels, _BATCH, epochs, verbose=0)
    return network


def answers(network: keras.Model, images: np.ndarray) -> np.ndarray:
    """The digit it reads in each of n images, (n, 28, 28) ink in 0…1: (n,)."""
    return network.predict(images[..., None], 1000, verbose=0).argmax(axis=1)
