"""The recipe of the shipped weights: digits from several sources, and outliers, all distorted at random."""

import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from model.augmentation.elastic import Elastic, distort
from model.datasets import letters, pen_digits, unipen
from model.datasets.digits import Digits
from model.datasets.letters import Letter
from model.datasets.mnist import Mnist
from model.datasets.pen_digits import PenDigit
from model.evaluation.metrics import Measurement, accuracy, auroc, cross_entropy, logits
from model.evaluation.report import of_drawings, of_mnist
from model.networks import lstm, readout, registry
from model.networks.lstm import Weights
from model.networks.weights import half_precision
from model.reader import Reader
from model.training import moments
from model.training.calibration import fit_temperature, least_score, with_outlier_logit
from model.training.card import finish, settings
from model.training.checkpoint import Run
from model.training.curves import draw_curves
from model.training.mixture import Drawing, Mixture, mix


@dataclass(frozen=True)
class Shipped:
    """The recipe's settings, chosen on digits for validation and by writers of pen digits who were held out."""

    epochs: int = 84
    steps: int = 1_200  # batches in an epoch
    shares: tuple[int, int, int, int] = (60, 16, 44, 16)  # of a batch: MNIST, thinned, redrawn, outliers
    redrawings: int = 8  # of each digit written with a pen
    drawings: int = 60_000  # of outliers
    held_out: tuple[int, ...] = ()  # the writers of pen digits who are not learned from, but validated on
    unipen: bool = True  # whether UNIPEN's digits are learned from
    rate: float = 4e-3  # the highest; up to it linearly, down from it to 0 along a cosine
    warm_up: float = 2.0  # epochs
    weight_decay: float = 1e-2  # AdamW: Loshchilov & Hutter 2019, arXiv 1711.05101
    clip: float = 1.0  # the gradient's largest norm
    decay: tuple[float, float] = (0.6, 0.5)  # of distortions: the share of the steps where it begins; the last strength
    averaging: float = 0.999  # a step; the averaged weights are the ones that are validated and kept
    refused: tuple[float, float] = (0.004, 0.006)  # at most, of MNIST's and UNIPEN's validation digits, as outliers
    drawing: Drawing = field(default_factory=Drawing)
    elastic: Elastic = field(default_factory=Elastic)

    def strength(self, epoch: float) -> float:
        """Of the distortions: 1, and from some epoch on linearly less."""
        begin, end = self.decay
        return 1 - (1 - end) * max(0.0, (epoch / self.epochs - begin) / (1 - begin))

    def moments(self) -> list[int]:
        """After how many batches the weights are kept."""
        return moments.of_run(self.epochs, self.steps)


class Sources(NamedTuple):
    """All data that the recipe learns from, validates on and is tested on."""

    mnist: Mnist
    pen_digits: list[PenDigit]  # UCI's
    unipen: unipen.Collection
    letters: list[Letter]


def sources(mnist: Mnist, pen_data: list[PenDigit]) -> Sources:
    """These, and what comes with the project."""
    return Sources(mnist, pen_data, unipen.split(unipen.load()), letters.load())


class Learned(NamedTuple):
    """What a run has learned, before calibration."""

    run: Run
    model: keras.Model  # with the averaged weights
    validation: dict[str, Digits]  # by name in the log: MNIST's, UNIPEN's, and pen digits where writers are held out


def train(recipe: Shipped, data: Sources, folder: Path, seed: int) -> None:
    """Learn, round to float16, calibrate, and measure on the test data.

    Leaves weights.npz, its card, moments.npz, log.csv and curves.png in the folder.
    """
    run, model, validation = learn(recipe, data, folder, seed)
    labels = np.concatenate([digits.labels for digits in validation.values()])
    learned = half_precision(Weights(*(v.numpy() for v in model.trainable_variables)))
    temperature = fit_temperature(np.concatenate(_logits(model, learned, validation)), labels)
    learned = learned._replace(
        readout_kernel=learned.readout_kernel / temperature, readout_bias=learned.readout_bias / temperature
    )
    learned = half_precision(learned)
    validated = _logits(model, learned, validation)
    mnist_scores, unipen_scores, *_ = (readout.score(said).numpy() for said in validated)
    found = {
        "temperature": temperature,
        "least_score": least_score((mnist_scores, unipen_scores), recipe.refused),
        **{
            f"{name}_accuracy": accuracy(said, digits.labels)
            for (name, digits), said in zip(validation.items(), validated, strict=True)
        },
    }

    def measure(reader: Reader) -> list[Measurement]:
        drawings = of_drawings(reader, data.unipen.unseen, letters.unseen(data.letters))
        return [*of_mnist(reader, data.mnist.test), *drawings]

    finish(run, learned, found, measure)
    moments.gather(folder, recipe.moments())
    draw_curves(run)
    print("To ship these weights:")
    for suffix in (".npz", ".json"):
        print(f"cp {folder / 'weights'}{suffix} {registry.SHIPPED.weights.with_suffix(suffix)}")
    print(f"cp {folder / 'moments.npz'} {registry.SHIPPED.weights.with_name('shipped-moments.npz')}")
    print("python -m model.evaluation.unit_survey")
    print("python -m model.evaluation.misread_examples")


def _logits(model: keras.Model, weights: Weights, validation: dict[str, Digits]) -> list[np.ndarray]:
    """What these weights give for each of the validation digits."""
    model.set_weights(weights)
    return [logits(model, digits.images) for digits in validation.values()]


def learn(recipe: Shipped, data: Sources, folder: Path, seed: int) -> Learned:
    """Learn from training images of all sources; the folder keeps every finished epoch, and some moments."""
    mnist_digits, mnist_validation = data.mnist.split()
    validation = {"validation": mnist_validation, "unipen_validation": pen_digits.plain(data.unipen.validation)}
    if recipe.held_out:
        validation["pen_validation"] = pen_digits.plain(pen_digits.split(data.pen_digits, recipe.held_out))
    keras.utils.set_random_seed(seed)
    learner = _Learner(recipe)
    run = Run(folder, described(recipe, data, seed), learner.variables(), _columns(validation))
    if run.epoch:
        print(f"Going on after epoch {run.epoch}.")
    else:
        moments.keep(folder, 0, Weights(*(variable.numpy() for variable in learner.model.trainable_variables)))
    if run.epoch == recipe.epochs:
        return Learned(run, learner.averaged, validation)
    written = [digit for digit in data.pen_digits if digit.writer not in recipe.held_out]
    print("Drawing the training images takes a few minutes.", flush=True)
    mixture = mix(
        mnist_digits,
        written + (data.unipen.learned if recipe.unipen else []),
        letters.learned(data.letters),
        recipe.redrawings,
        recipe.drawings,
        recipe.drawing,
        seed,
    )
    outliers = letters.plain(letters.validation(data.letters))
    images, labels = map(tf.constant, mixture.together())
    for epoch in range(run.epoch, recipe.epochs):
        print(f"Epoch {epoch + 1}/{recipe.epochs}")
        began = time.perf_counter()
        rate = float(learner.optimizer.learning_rate)
        loss = _epoch(recipe, learner, mixture, images, labels, seed, epoch, folder)
        validated = _validate(learner.averaged, validation, outliers)
        run.finish_epoch([(epoch + 1, rate, loss, *validated, time.perf_counter() - began)])
        shown = list(zip(run.columns, run.rows[-1], strict=True))[3:]
        print(", ".join(f"{name.replace('_', ' ')} {value:.4f}" for name, value in shown), flush=True)
    return Learned(run, learner.averaged, validation)


def described(recipe: Shipped, data: Sources, seed: int) -> dict[str, Any]:
    """All that decides the result of a run, as its card has it."""
    own = asdict(recipe)
    drawing = own.pop("drawing")
    held_out = f", but {', '.join(map(str, recipe.held_out))} for validation" if recipe.held_out else ""
    return {
        **settings("shipped", own, data.mnist, seed),
        "pen_data": f"UCI's pen digits: all writers learned from{held_out}",
        "pen_data_sha256": pen_digits.fingerprint(data.pen_digits),
        "unipen": "UNIPEN's digits: by six writers of eight learned from, by one for validation, by one for the test; "
        "in the latter two nobody who is learned from under another number",
        "unipen_sha256": pen_digits.fingerprint([digit for part in data.unipen for digit in part]),
        "letters": "UNIPEN's letters: by six writers of ten learned from, by one for validation, by three for the test",
        **drawing,
    }


class _Learner:
    """The network that learns, the running average of its weights, and the optimizer."""

    def __init__(self, recipe: Shipped) -> None:
        self.recipe = recipe
        self.model = lstm.build()
        self.averaged = lstm.build()
        self.optimizer = keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(
                0.0,
                decay_steps=round((recipe.epochs - recipe.warm_up) * recipe.steps),
                warmup_target=recipe.rate,
                warmup_steps=round(recipe.warm_up * recipe.steps),
            ),
            weight_decay=recipe.weight_decay,
            global_clipnorm=recipe.clip,
        )
        self.optimizer.exclude_from_weight_decay(var_names=["bias"])
        self.optimizer.build(self.model.trainable_variables)
        self.cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def variables(self) -> list[keras.Variable]:
        """All that changes while it learns."""
        return self.model.trainable_variables + self.averaged.trainable_variables + self.optimizer.variables

    @tf.function(jit_compile=True)
    def step(self, images: tf.Tensor, labels: tf.Tensor, seed: tf.Tensor, strength: tf.Tensor) -> tf.Tensor:
        """Learn from one batch, (n, 28, 28) uint8 and (n,) uint8, distorted at random. Returns its loss."""
        images = distort(tf.cast(images, tf.float32) / 255, seed, self.recipe.elastic, strength)
        variables = self.model.trainable_variables
        with tf.GradientTape() as tape:
            loss = self.cross_entropy(labels, with_outlier_logit(self.model(images, training=True)))
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        # At first the plain mean of all steps, so that the random start does not linger in it.
        share = tf.maximum(1 - self.recipe.averaging, 1 / tf.cast(self.optimizer.iterations, tf.float32))
        for mean, value in zip(self.averaged.trainable_variables, variables, strict=True):
            mean.assign(mean + share * (value - mean))
        return loss


def _epoch(
    recipe: Shipped,
    learner: _Learner,
    mixture: Mixture,
    images: tf.Tensor,
    labels: tf.Tensor,
    seed: int,
    epoch: int,
    folder: Path,
) -> float:
    """Learn for one epoch; the mean loss of its batches. images, labels: those of the mixture, together."""
    losses, kept = 0.0, recipe.moments()
    bar = _progress_bar(recipe.steps)
    for k, batch in enumerate(mixture.batches(recipe.shares, recipe.steps, (seed, epoch))):
        step_seed = tf.random.fold_in(tf.random.fold_in([seed, 0], epoch), k)
        strength = tf.constant(recipe.strength(epoch + k / recipe.steps))
        losses += float(learner.step(tf.gather(images, batch), tf.gather(labels, batch), step_seed, strength))
        bar.update(k + 1, [("loss", losses / (k + 1))])
        if (batches := epoch * recipe.steps + k + 1) in kept:
            moments.keep(folder, batches, Weights(*(v.numpy() for v in learner.averaged.trainable_variables)))
    return losses / recipe.steps


def _columns(validation: dict[str, Digits]) -> tuple[str, ...]:
    """Of the log."""
    validated = [f"{name}_{kind}" for name in validation for kind in ("loss", "accuracy")]
    return ("epoch", "rate", "loss", *validated, "letters_auroc", "seconds")


def _validate(model: keras.Model, validation: dict[str, Digits], outliers: np.ndarray) -> list[float]:
    """Loss and accuracy on each of the validation digits, and the AUROC of outliers, (n, 28, 28) uint8."""
    measured = []
    for digits in validation.values():
        found = logits(model, digits.images)
        measured += [cross_entropy(found, digits.labels), accuracy(found, digits.labels)]
    # The last are digits that were drawn as the letters are.
    return [*measured, auroc(*(readout.score(z).numpy() for z in (found, logits(model, outliers))))]


def _progress_bar(steps: int) -> keras.utils.Progbar:
    """Live in a terminal; in a file, one line at the end."""
    return keras.utils.Progbar(steps, verbose=1 if sys.stdout.isatty() else 2, stateful_metrics=["loss"])
