"""The recipe of the shipped weights: what people draw, from several sources, and what is no digit."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from model.augmentation import allographs, trajectories
from model.augmentation.elastic import amounts, distort
from model.datasets import letters, pen_digits
from model.datasets.mnist import Digits, Mnist
from model.datasets.pen_digits import PenDigit
from model.evaluate import Figure, auroc, of_mnist, of_people, score
from model.networks import lstm
from model.networks.lstm import Weights
from model.reader import Reader
from model.training import outliers
from model.training.card import accuracy, cross_entropy, draw_curves, finish, logits, settings
from model.training.checkpoint import Run
from model.training.mixture import gather


@dataclass(frozen=True)
class Shipped:
    """The recipe of the shipped weights. Chosen on pen digits of the first 24 writers, some of them held back."""

    epochs: int = 88
    steps: int = 1_200  # batches in an epoch
    shares: tuple[int, int, int, int] = (56, 22, 38, 12)  # of a batch: MNIST, drawn anew, pen digits, no digits
    redrawings: int = 15  # of each pen digit
    drawings: int = 60_000  # that are no digit
    writers: int = 24  # whose pen digits are learned from, 1 to this; those between and the test's are for validation
    rate: float = 4e-3  # the highest; up to it linearly, down from it to 0 along a cosine
    warm_up: float = 2.0  # epochs
    weight_decay: float = 1e-2  # AdamW: Loshchilov & Hutter 2019, arXiv 1711.05101
    clip: float = 1.0  # the gradient's largest norm
    calm: tuple[float, float] = (0.6, 0.5)  # from this share of the steps on, distortions shrink, to this share of them
    averaging: float = 0.999  # a step; the averaged weights are the ones that are validated and kept
    refused: float = 0.002  # the share of the validation digits that may be taken for no digit

    def strength(self, epoch: float) -> float:
        """Of the distortions: 1, and towards the end less."""
        begin, end = self.calm
        return 1 - (1 - end) * max(0.0, (epoch / self.epochs - begin) / (1 - begin))


def train(recipe: Shipped, data: Mnist, pens: list[PenDigit], folder: Path, seed: int) -> None:
    """Learn, calibrate, and look at what was kept for the end.

    Leaves weights.npz, its card, log.csv and curves.png in the folder.
    """
    run, averaged, validation = learn(recipe, data, pens, folder, seed)
    by_source = [logits(averaged, digits.images) for digits in validation.values()]
    labels = np.concatenate([digits.labels for digits in validation.values()])
    temperature = fit_temperature(np.concatenate(by_source), labels)
    learned = Weights(*(v.numpy() for v in averaged.trainable_variables))
    learned = learned._replace(
        readout_kernel=learned.readout_kernel / temperature, readout_bias=learned.readout_bias / temperature
    )
    found = {
        "temperature": temperature,
        "least_score": float(min(np.quantile(score(z / temperature), recipe.refused) for z in by_source)),
        **{f"{name}_accuracy": float(run.column(f"{name}_accuracy")[-1]) for name in validation},
    }

    def look(reader: Reader) -> list[Figure]:
        unseen = pen_digits.split(pens, pen_digits.UNSEEN)
        return [*of_mnist(reader, data.test), *of_people(reader, unseen, letters.unseen(letters.load()))]

    finish(run, learned, found, look)
    draw_curves(run)
    print("To ship these weights:")
    for kind in ("npz", "json"):
        print(f"cp {folder}/weights.{kind} model/shipped.{kind}")


def learn(
    recipe: Shipped, data: Mnist, pens: list[PenDigit], folder: Path, seed: int
) -> tuple[Run, keras.Model, dict[str, Digits]]:
    """Learn from digits of several sources and from what is no digit, all distorted at random.

    Returns the run, the network with the averaged weights, and the validation digits by their name in the log:
    MNIST's, and the pen's where some writers are held back for them.
    """
    held_back = range(recipe.writers + 1, pen_digits.UNSEEN[0])
    mnist_digits, mnist_validation = data.split()
    validation = {"validation": mnist_validation}
    if held_back:
        validation["pen_validation"] = trajectories.plain(pen_digits.split(pens, held_back))
    keras.utils.set_random_seed(seed)
    learner = lstm.build()
    averaged = lstm.build()
    optimizer = keras.optimizers.AdamW(
        keras.optimizers.schedules.CosineDecay(
            0.0,
            decay_steps=round((recipe.epochs - recipe.warm_up) * recipe.steps),
            warmup_target=recipe.rate,
            warmup_steps=round(recipe.warm_up * recipe.steps),
        ),
        weight_decay=recipe.weight_decay,
        global_clipnorm=recipe.clip,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    optimizer.build(learner.trainable_variables)
    judge = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function(jit_compile=True)
    def step(images: tf.Tensor, labels: tf.Tensor, seed: tf.Tensor, strength: tf.Tensor) -> tf.Tensor:
        """One batch: its loss."""
        images = distort(tf.cast(images, tf.float32) / 255, seed, strength)
        with tf.GradientTape() as tape:
            loss = judge(labels, eleven(learner(images, training=True)))
        optimizer.apply(tape.gradient(loss, learner.trainable_variables), learner.trainable_variables)
        # At first the plain mean of all steps, so that the random start does not linger in it.
        share = tf.maximum(1 - recipe.averaging, 1 / tf.cast(optimizer.iterations, tf.float32))
        for mean, value in zip(averaged.trainable_variables, learner.trainable_variables, strict=True):
            mean.assign(mean + share * (value - mean))
        return loss

    run = Run(
        folder,
        {
            **settings("shipped", recipe, data, seed),
            "pen_data": f"UCI's pen digits: writers 1 to {recipe.writers} learned from, "
            + (f"{_span(held_back)} for validation, " if held_back else "")
            + f"{_span(pen_digits.UNSEEN)} for the test",
            "pen_data_sha256": pen_digits.fingerprint(pens),
            "letters": "UNIPEN's letters: by four writers of ten learned from, by one for validation, by five for the "
            "test",
            "redrawing": trajectories.amounts(),
            "habits": allographs.amounts(),
            "others": outliers.KINDS,
            "distortions": amounts(),
        },
        learner.trainable_variables + averaged.trainable_variables + optimizer.variables,
        (
            *("epoch", "rate", "loss"),
            *(f"{name}_{kind}" for name in validation for kind in ("loss", "accuracy")),
            *("letters_auroc", "seconds"),
        ),
    )
    if run.epoch:
        print(f"Going on after epoch {run.epoch}.")
    written = letters.load()
    print("Drawing what to learn from takes a few minutes.", flush=True)
    material = gather(
        mnist_digits,
        pen_digits.split(pens, range(1, recipe.writers + 1)),
        letters.learned(written),
        recipe.redrawings,
        recipe.drawings,
        seed,
    )
    no_digits = outliers.plain(letters.validation(written))
    images, labels = map(tf.constant, material.together())
    for epoch in range(run.epoch, recipe.epochs):
        print(f"Epoch {epoch + 1}/{recipe.epochs}")
        began = time.perf_counter()
        rate = float(optimizer.learning_rate)
        losses = 0.0
        bar = _progress_bar(recipe.steps)
        for k, batch in enumerate(material.deal(recipe.shares, recipe.steps, (seed, epoch))):
            step_seed = tf.random.fold_in(tf.random.fold_in([seed, 0], epoch), k)
            strength = tf.constant(recipe.strength(epoch + k / recipe.steps))
            losses += float(step(tf.gather(images, batch), tf.gather(labels, batch), step_seed, strength))
            bar.update(k + 1, [("loss", losses / (k + 1))])
        row = [epoch + 1, rate, losses / recipe.steps]
        for digits in validation.values():
            said = logits(averaged, digits.images)
            row += [cross_entropy(said, digits.labels), accuracy(said, digits.labels)]
        # From pen digits where there are some, for they are drawn as the letters are.
        row.append(auroc(score(said), score(logits(averaged, no_digits))))
        row.append(time.perf_counter() - began)
        run.finish_epoch([tuple(row)])
        shown = zip(run.columns[3:], row[3:], strict=True)
        print(", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in shown), flush=True)
    return run, averaged, validation


def eleven(logits: tf.Tensor) -> tf.Tensor:
    """The ten logits and an eleventh, 0, for what is no digit: (n, 10) to (n, 11).

    So the log-sum-exp of the ten is the log-odds of a digit against none.
    """
    return tf.pad(logits, [[0, 0], [0, 1]])


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The T for which softmax(logits / T) gives the labels the least cross-entropy (Guo et al. 2017, arXiv 1706.04599).

    logits: (n, 10), labels: (n,). The cross-entropy is convex in 1/T, so its slope there is bisected, T in 0.05…20.
    """
    logits = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    wanted = logits[np.arange(len(labels)), labels].mean()
    low, high = 1 / 20, 20.0
    for _ in range(60):
        middle = (low * high) ** 0.5
        share = np.exp(middle * logits)
        share /= share.sum(axis=1, keepdims=True)
        too_sharp = (share * logits).sum(axis=1).mean() > wanted
        low, high = (low, middle) if too_sharp else (middle, high)
    return 1 / middle


def _span(writers: range) -> str:
    return f"{writers[0]} to {writers[-1]}"


def _progress_bar(steps: int) -> keras.utils.Progbar:
    """Live in a terminal; in a file, one line at the end."""
    return keras.utils.Progbar(steps, verbose=1 if sys.stdout.isatty() else 2, stateful_metrics=["loss"])
