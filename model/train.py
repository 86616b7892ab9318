"""Make the weights: `python -m model.train`.

Two recipes. `shipped` makes the weights that come with the project. `tutorial` is the classic LSTM tutorial of
TensorFlow 1 to the letter, for comparison. Stopped at any moment, the same command goes on from the last finished
epoch and on the same machine ends with the same weights, bit for bit, as if it had never been stopped.
"""

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from model import letters, mnist, network, others, pendigits, redraw
from model import weights as weights_file
from model.distort import amounts, distort
from model.evaluate import Figure, auroc, of_mnist, of_people, score
from model.material import gather
from model.mnist import Digits, Mnist
from model.network import CLASSES, PIXELS, ROWS, UNITS, Weights
from model.pendigits import PenDigit
from model.reader import Reader
from model.run import Run

SEED = 1997


@dataclass(frozen=True)
class Shipped:
    """The recipe of the shipped weights. Chosen on validation images, with writers 19–24 unseen (`writers=18`)."""

    epochs: int = 78
    steps: int = 1_200  # batches in an epoch
    shares: tuple[int, int, int, int] = (62, 22, 32, 12)  # of a batch: MNIST, drawn anew, pen digits, no digits
    redrawings: int = 15  # of each pen digit
    drawings: int = 60_000  # that are no digit
    writers: int = 22  # whose pen digits are learned from, 1 to this
    rate: float = 4e-3  # the highest; up to it linearly, down from it to 0 along a cosine
    warm_up: float = 2.0  # epochs
    weight_decay: float = 1e-2  # AdamW: Loshchilov & Hutter 2019, arXiv 1711.05101
    clip: float = 1.0  # the gradient's largest norm
    smoothing: float = 0.05  # of the labels
    calm: tuple[float, float] = (0.6, 0.5)  # from this share of the steps on, distortions shrink, to this share of them
    averaging: float = 0.999  # a step; the averaged weights are the ones that are validated and kept
    refused: float = 0.004  # the share of the validation digits that may be taken for no digit

    def strength(self, epoch: float) -> float:
        """Of the distortions: 1, and towards the end less."""
        begin, end = self.calm
        return 1 - (1 - end) * max(0.0, (epoch / self.epochs - begin) / (1 - begin))


@dataclass(frozen=True)
class Tutorial:
    """The classic tutorial's settings."""

    steps: int = 999
    batch: int = 100
    rate: float = 1e-3
    epsilon: float = 1e-8
    show: int = 10  # steps between lines


def train_shipped(recipe: Shipped, data: Mnist, pens: list[PenDigit], folder: Path, seed: int) -> None:
    """Learn, calibrate, and look at what was kept for the end.

    Leaves weights.npz, its card, log.csv and curves.png in the folder.
    """
    run, averaged, validation = learn(recipe, data, pens, folder, seed)
    by_source = [_logits(averaged, digits.images) for digits in validation]
    temperature = fit_temperature(np.concatenate(by_source), np.concatenate([digits.labels for digits in validation]))
    learned = Weights(*(v.numpy() for v in averaged.trainable_variables))
    learned = learned._replace(
        readout_kernel=learned.readout_kernel / temperature, readout_bias=learned.readout_bias / temperature
    )
    found = {
        "temperature": temperature,
        "least_score": float(min(np.quantile(score(z / temperature), recipe.refused) for z in by_source)),
        "validation_accuracy": run.rows[-1][4],
        "pen_validation_accuracy": run.rows[-1][6],
    }

    def look(reader: Reader) -> list[Figure]:
        unseen = pendigits.split(pens, pendigits.UNSEEN)
        return [*of_mnist(reader, data.test), *of_people(reader, unseen, letters.unseen(letters.load()))]

    _finish(run, learned, found, look)
    _draw_curves(run)
    print("To ship these weights:")
    for kind in ("npz", "json"):
        print(f"cp {folder}/weights.{kind} model/shipped.{kind}")


def learn(
    recipe: Shipped, data: Mnist, pens: list[PenDigit], folder: Path, seed: int
) -> tuple[Run, keras.Model, tuple[Digits, Digits]]:
    """Learn from digits of several sources and from what is no digit, all distorted at random.

    Returns the run, the network with the averaged weights, and the validation digits: MNIST's and the pen's.
    """
    mnist_digits, validation = data.split()
    written = letters.load()
    print("Drawing what to learn from takes a few minutes.", flush=True)
    material = gather(
        mnist_digits,
        pendigits.split(pens, range(1, recipe.writers + 1)),
        letters.learned(written),
        recipe.redrawings,
        recipe.drawings,
        seed,
    )
    held_back = range(recipe.writers + 1, pendigits.UNSEEN[0])
    pen_validation = redraw.plain(pendigits.split(pens, held_back))
    no_digits = others.plain(letters.validation(written))
    images, labels = map(tf.constant, material.together())

    keras.utils.set_random_seed(seed)
    learner = network.build()
    averaged = network.build()
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
    judge = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.smoothing)

    @tf.function(jit_compile=True)
    def step(images: tf.Tensor, labels: tf.Tensor, seed: tf.Tensor, strength: tf.Tensor) -> tf.Tensor:
        """One batch: its loss."""
        images = distort(tf.cast(images, tf.float32) / 255, seed, strength)
        with tf.GradientTape() as tape:
            loss = judge(tf.one_hot(labels, CLASSES + 1), eleven(learner(images, training=True)))
        optimizer.apply(tape.gradient(loss, learner.trainable_variables), learner.trainable_variables)
        # At first the plain mean of all steps, so that the random start does not linger in it.
        share = tf.maximum(1 - recipe.averaging, 1 / tf.cast(optimizer.iterations, tf.float32))
        for mean, value in zip(averaged.trainable_variables, learner.trainable_variables, strict=True):
            mean.assign(mean + share * (value - mean))
        return loss

    run = Run(
        folder,
        {
            **_settings("shipped", recipe, data, seed),
            "pen_data": f"UCI's pen digits: writers 1 to {recipe.writers} learned from, {_span(held_back)} for "
            f"validation, {_span(pendigits.UNSEEN)} for the test",
            "pen_data_sha256": pendigits.fingerprint(pens),
            "letters": "UNIPEN's letters: by four writers of ten learned from, by one for validation, by five for the "
            "test",
            "redrawing": redraw.amounts(),
            "others": others.KINDS,
            "distortions": amounts(),
        },
        learner.trainable_variables + averaged.trainable_variables + optimizer.variables,
        (
            *("epoch", "rate", "loss", "validation_loss", "validation_accuracy"),
            *("pen_validation_loss", "pen_validation_accuracy", "letters_auroc", "seconds"),
        ),
    )
    if run.epoch:
        print(f"Going on after epoch {run.epoch}.")
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
        for digits in (validation, pen_validation):
            logits = _logits(averaged, digits.images)
            row += [_cross_entropy(logits, digits.labels), _accuracy(logits, digits.labels)]
        row.append(auroc(score(logits), score(_logits(averaged, no_digits))))  # the pen digits' logits: also drawn
        row.append(time.perf_counter() - began)
        run.finish_epoch([tuple(row)])
        print(
            "validation loss {3:.4f}, accuracy {4:.2%}; of pen digits {5:.4f}, {6:.2%}; letters told apart {7:.4f}; "
            "{8:.1f} s".format(*row),
            flush=True,
        )
    return run, averaged, (validation, pen_validation)


def eleven(logits: tf.Tensor) -> tf.Tensor:
    """The ten logits and an eleventh, 0, for what is no digit: (n, 10) to (n, 11).

    So the log-sum-exp of the ten is the log-odds of a digit against none.
    """
    return tf.pad(logits, [[0, 0], [0, 1]])


def train_tutorial(recipe: Tutorial, data: Mnist, folder: Path, seed: int) -> None:
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
    learner = network.build()
    _start_as_tensorflow_1_did(learner)
    optimizer = keras.optimizers.Adam(recipe.rate, epsilon=recipe.epsilon)
    optimizer.build(learner.trainable_variables)

    def judge(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))

    @tf.function(jit_compile=True)
    def step(images: tf.Tensor, labels: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            loss = judge(labels, learner(images, training=True))
        optimizer.apply(tape.gradient(loss, learner.trainable_variables), learner.trainable_variables)

    @tf.function(jit_compile=True)
    def look(images: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        logits = learner(images)
        return judge(labels, logits), tf.reduce_mean(tf.cast(tf.argmax(logits, 1, tf.int32) == labels, tf.float32))

    def show(row: tuple[float, ...]) -> None:
        iteration, loss, accuracy, _ = row
        print(f"Iter {iteration:.0f}, Minibatch Loss= {loss:.6f}, Training Accuracy= {accuracy:.5f}", flush=True)

    run = Run(
        folder,
        _settings("tutorial", recipe, data, seed),
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
                loss, accuracy = look(images[batch], labels[batch])
                seconds, began = time.perf_counter() - began, time.perf_counter()
                rows.append((done * recipe.batch, float(loss), float(accuracy), seconds))
                show(rows[-1])
        run.finish_epoch(rows)
    print("Optimization Finished!")
    first = Digits(data.test.images[:128], data.test.labels[:128])
    print("Testing Accuracy:", _accuracy(_logits(learner, first.images), first.labels))
    learned = Weights(*(v.numpy() for v in learner.trainable_variables))
    _finish(run, learned, {}, lambda reader: of_mnist(reader, data.test))
    _draw_curves(run)


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


def _start_as_tensorflow_1_did(model: keras.Model) -> None:
    """Draw the weights anew: the cell's as BasicLSTMCell's, the readout's as tf.random_normal's."""
    # One glorot-uniform kernel for the input and the hidden state together.
    joint = keras.initializers.GlorotUniform()((PIXELS + UNITS, 4 * UNITS))
    forget = np.repeat(np.float32([0, 1, 0, 0]), UNITS)  # it added 1 to the forget gate, whose own bias began at 0
    normal = keras.initializers.RandomNormal(stddev=1.0)
    readout = keras.initializers.RandomNormal(stddev=1.0)((UNITS, CLASSES))
    model.set_weights([joint[:PIXELS], joint[PIXELS:], forget, readout, normal((CLASSES,))])


def _settings(name: str, recipe: Shipped | Tutorial, data: Mnist, seed: int) -> dict[str, Any]:
    """All that decides what a run gives."""
    return {
        "recipe": name,
        "settings": asdict(recipe),
        "seed": seed,
        "data": f"MNIST: {len(data.train.labels)} training images, the first {mnist.VALIDATION} for validation, "
        f"and {len(data.test.labels)} test images",
        "data_sha256": data.fingerprint(),
    }


def _span(writers: range) -> str:
    return f"{writers[0]} to {writers[-1]}"


def _finish(run: Run, learned: Weights, found: dict[str, Any], look: Callable[[Reader], list[Figure]]) -> None:
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
    weights_file.save(run.folder / "weights.npz", learned, card)


def _logits(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """(n, 10) of (n, 28, 28) uint8, a thousand images at a time."""
    images = images.astype(np.float32) / 255
    return np.concatenate([model(images[k : k + 1000]).numpy() for k in range(0, len(images), 1000)])


def _accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    return float((logits.argmax(1) == labels).mean())


def _cross_entropy(logits: np.ndarray, labels: np.ndarray) -> float:
    return float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels.astype(np.int32), logits)))


def _progress_bar(steps: int) -> keras.utils.Progbar:
    """Live in a terminal; in a file, one line at the end."""
    return keras.utils.Progbar(steps, verbose=1 if sys.stdout.isatty() else 2, stateful_metrics=["loss"])


def _draw_curves(run: Run) -> None:
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


def main() -> None:
    """Train as the command line says; what goes wrong is one sentence."""
    parser = argparse.ArgumentParser(prog="python -m model.train", description=__doc__.split("\n\n")[0])
    parser.add_argument("--recipe", choices=("tutorial", "shipped"), default="shipped")
    parser.add_argument("--mnist", type=Path, metavar="PATH", help="mnist.npz; without it, Keras fetches it")
    parser.add_argument("--pen-digits", type=Path, metavar="PATH", help="pendigits-orig.tra; without it, UCI's")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, metavar="DIR", help="where it all goes (runs/RECIPE)")
    args = parser.parse_args()
    if not 0 <= args.seed < 2**31:
        parser.error("--seed takes a whole number from 0 to 2147483647.")
    folder = args.out or Path("runs") / args.recipe
    try:
        data = mnist.load(args.mnist)
        pens = pendigits.load(args.pen_digits) if args.recipe == "shipped" else []
    except (ValueError, FileNotFoundError) as error:
        sys.exit(str(error))
    try:
        if args.recipe == "shipped":
            train_shipped(Shipped(), data, pens, folder, args.seed)
        else:
            train_tutorial(Tutorial(), data, folder, args.seed)
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on from the last finished epoch.")
    except ValueError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(
            f"Cannot write to {folder}: {error.strerror or error}. Make room there, or make it writable, and the same "
            "command goes on from the last finished epoch; or choose another folder with --out."
        )


if __name__ == "__main__":
    main()
