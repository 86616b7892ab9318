"""The recipe of the classic LSTM tutorial of TensorFlow 1, reproduced for comparison."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from model.datasets.digits import Digits
from model.datasets.mnist import Mnist
from model.evaluation.metrics import accuracy, logits
from model.evaluation.report import of_mnist
from model.networks import lstm
from model.networks.dimensions import CLASSES, PIXELS, ROWS, UNITS
from model.networks.lstm import Weights
from model.training.card import finish, settings
from model.training.checkpoint import Run
from model.training.curves import draw_curves


@dataclass(frozen=True)
class Tutorial:
    """The classic tutorial's settings."""

    steps: int = 999
    batch: int = 100
    rate: float = 1e-3
    epsilon: float = 1e-8
    show: int = 10  # steps between lines


def train(recipe: Tutorial, data: Mnist, folder: Path, seed: int) -> None:
    """Train as the classic tutorial did, and leave weights.npz, its card, log.csv and curves.png in the folder."""
    learn, _ = data.split()
    images, labels = learn.ink(), learn.labels.astype(np.int32)
    print(f"Train Images: {(len(images), ROWS * PIXELS)}")
    print(f"Train Labels: {(len(labels), CLASSES)}")
    print(f"Test Images: {(len(data.test.labels), ROWS * PIXELS)}")
    print(f"Test Labels: {(len(data.test.labels), CLASSES)}", flush=True)
    an_epoch = len(labels) // recipe.batch
    if not an_epoch:
        raise ValueError(f"There are {len(labels)} images to learn from, fewer than one batch of {recipe.batch}.")

    keras.utils.set_random_seed(seed)
    learner = lstm.build()
    _start_as_tensorflow_1_did(learner)
    optimizer = keras.optimizers.Adam(recipe.rate, epsilon=recipe.epsilon)
    optimizer.build(learner.trainable_variables)

    def loss_of(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))

    @tf.function(jit_compile=True)
    def step(images: tf.Tensor, labels: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            loss = loss_of(labels, learner(images, training=True))
        optimizer.apply(tape.gradient(loss, learner.trainable_variables), learner.trainable_variables)

    @tf.function(jit_compile=True)
    def evaluated(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        found = learner(images)
        return loss_of(labels, found), tf.reduce_mean(tf.cast(tf.argmax(found, 1, tf.int32) == labels, tf.float32))

    def show(row: tuple[float, ...]) -> None:
        iteration, loss, right, _ = row
        print(f"Iter {iteration:.0f}, Minibatch Loss= {loss:.6f}, Training Accuracy= {right:.5f}", flush=True)

    run = Run(
        folder,
        settings("tutorial", asdict(recipe), data, seed),
        learner.trainable_variables + optimizer.variables,
        ("iteration", "loss", "accuracy", "seconds"),
    )
    for row in run.rows:
        show(row)
    for epoch in range(run.epoch, -(-recipe.steps // an_epoch)):
        began = time.perf_counter()
        rows = []
        order = np.random.default_rng((seed, epoch)).permutation(len(labels))
        for k in range(min(an_epoch, recipe.steps - epoch * an_epoch)):
            batch = order[k * recipe.batch : (k + 1) * recipe.batch]
            step(images[batch], labels[batch])
            done = epoch * an_epoch + k + 1
            if done % recipe.show == 0:
                loss, right = evaluated(images[batch], labels[batch])
                seconds, began = time.perf_counter() - began, time.perf_counter()
                rows.append((done * recipe.batch, float(loss), float(right), seconds))
                show(rows[-1])
        run.finish_epoch(rows)
    print("Optimization Finished!")
    first = Digits(data.test.images[:128], data.test.labels[:128])
    print("Testing Accuracy:", accuracy(logits(learner, first.images), first.labels))
    learned = Weights(*(v.numpy() for v in learner.trainable_variables))
    finish(run, learned, {}, lambda reader: of_mnist(reader, data.test))
    draw_curves(run)


def _start_as_tensorflow_1_did(model: keras.Model) -> None:
    """Initialise the weights: the cell's as BasicLSTMCell did, the readout's by tf.random_normal."""
    # One glorot-uniform kernel for the input and the hidden state together.
    joint = keras.initializers.GlorotUniform()((PIXELS + UNITS, 4 * UNITS))
    forget = np.repeat(np.float32([0, 1, 0, 0]), UNITS)  # it added 1 to the forget gate, whose own bias began at 0
    normal = keras.initializers.RandomNormal(stddev=1.0)
    readout = keras.initializers.RandomNormal(stddev=1.0)((UNITS, CLASSES))
    model.set_weights([joint[:PIXELS], joint[PIXELS:], forget, readout, normal((CLASSES,))])
