import contextlib
import csv
import io
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from model import train
from model.augmentation import trajectories
from model.datasets import mnist, pen_digits
from model.datasets.mnist import Digits, Mnist
from model.datasets.pen_digits import PenDigit
from model.evaluate import score
from model.networks import lstm, weights
from model.training import shipped
from model.training import tutorial as tutorial_recipe
from model.training.checkpoint import Run
from model.training.shipped import Shipped
from model.training.tutorial import Tutorial

QUICK = Shipped(
    epochs=3, steps=30, shares=(16, 6, 5, 3), redrawings=2, drawings=60, writers=22, rate=1e-2, warm_up=1, averaging=0.9
)
SHORT = Tutorial(steps=15, batch=100, show=5)  # an epoch and a half of the 1,000 images below


def bars(n: int, seed: int) -> Digits:
    """Digits that are easy to tell apart: an upright bar, the further right the larger. One label in ten is chance."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, 10, n).astype(np.uint8)
    columns = np.arange(28) - (2.3 + 2.6 * labels)[:, None]
    images = np.zeros((n, 28, 28), np.uint8)
    images[:, 4:24] = np.where(np.abs(columns) < 1.5, 250, 0)[:, None]
    labels = np.where(draw.random(n) < 0.1, draw.integers(0, 10, n), labels).astype(np.uint8)
    return Digits(images, labels)


def pens() -> list[PenDigit]:
    """A digit by each of 30 writers: the upright bars again, drawn as they would be beside a line to the left."""
    left = np.array([[0.0, 0.0], [0.0, 100.0]])
    return [PenDigit([left, left + np.array([10 + 9 * (k % 10), 0])], k % 10, k + 1) for k in range(30)]


def unipen() -> str:
    """The same as the text of a file."""
    lines = []
    for strokes, digit, writer in pens():
        lines += [f'.SEGMENT DIGIT 0 ? "{digit}"', f".COMMENT {digit} {writer} 0"]
        for stroke in strokes:
            lines += [".PEN_DOWN", *(f"{x:.0f} {-y:.0f}" for x, y in stroke), ".PEN_UP"]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def data() -> Mnist:
    return Mnist(bars(mnist.VALIDATION + 1000, 1), bars(300, 2))


@pytest.fixture(scope="module")
def file(data, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("data") / "m.npz"
    np.savez(path, **dict(zip(("x_train", "y_train", "x_test", "y_test"), (*data.train, *data.test), strict=True)))
    return path


@pytest.fixture(scope="module")
def pen_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("data") / "p.tra"
    path.write_text(unipen())
    return path


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory) -> Path:
    """The folder of an undisturbed quick run."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    shipped.train(QUICK, data, pens(), folder, seed=5)
    return folder


@pytest.fixture(scope="module")
def tutorial(data, tmp_path_factory) -> tuple[Path, str]:
    """The folder of an undisturbed run of the tutorial, and what it printed."""
    folder = tmp_path_factory.mktemp("runs") / "tutorial"
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        tutorial_recipe.train(SHORT, data, folder, seed=3)
    return folder, printed.getvalue()


def log(folder: Path) -> list[list[str]]:
    with (folder / "log.csv").open(newline="") as lines:
        return list(csv.reader(lines))


def without_seconds(rows: list[list[str]]) -> list[list[str]]:
    assert rows[0][-1] == "seconds"
    return [row[:-1] for row in rows]


def test_a_run_leaves_weights_card_log_and_curves(whole, data) -> None:
    learned, card = weights.load(whole / "weights.npz")
    assert card["recipe"] == "shipped"
    assert card["command"] == "python -m model.train --recipe shipped --seed 5"
    assert card["settings"]["epochs"] == 3
    assert card["distortions"]["shift"] > 0
    assert card["seed"] == 5
    assert card["data_sha256"] == data.fingerprint()
    assert 0 < card["temperature"] < 20
    assert np.isfinite(card["least_score"])
    for figure in card["measured"].values():
        assert figure["low"] <= figure["value"] + 1e-9
        assert figure["value"] <= figure["high"] + 1e-9
    assert card["measured"]["MNIST test images, right"]["n"] == len(data.test.labels)
    assert card["pen_data_sha256"] == pen_digits.fingerprint(pens())
    assert card["redrawing"]["turn"] > 0
    assert set(card["versions"]) == {"tensorflow", "keras", "numpy"}
    rows = log(whole)
    assert rows[0] == [
        *("epoch", "rate", "loss", "validation_loss", "validation_accuracy"),
        *("pen_validation_loss", "pen_validation_accuracy", "letters_auroc", "seconds"),
    ]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert float(rows[3][4]) == pytest.approx(card["validation_accuracy"])
    assert float(rows[3][6]) == pytest.approx(card["pen_validation_accuracy"])
    assert 0 <= float(rows[3][7]) <= 1
    assert (whole / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert all(np.isfinite(a).all() for a in learned)


def test_it_learns(whole) -> None:
    rows = log(whole)
    assert float(rows[3][3]) < float(rows[1][3]) < np.log(10) + 0.1
    assert float(rows[3][2]) < float(rows[1][2])


def test_the_kept_weights_are_calibrated(whole, data) -> None:
    learned, card = weights.load(whole / "weights.npz")
    model = lstm.build()
    model.set_weights(learned)
    both = (data.split()[1], trajectories.plain(pen_digits.split(pens(), range(QUICK.writers + 1, 25))))
    by_source = [model(digits.ink()).numpy() for digits in both]
    labels = np.concatenate([digits.labels for digits in both])
    assert shipped.fit_temperature(np.concatenate(by_source), labels) == pytest.approx(1, abs=1e-3)
    # No more of either source are refused than the recipe allows.
    for logits in by_source:
        refused = (score(logits) < card["least_score"] - 1e-5).sum()
        assert refused <= QUICK.refused * len(logits) + 1


def test_killed_three_times_it_ends_the_same(whole, data, file, pen_file, tmp_path, capsys) -> None:
    """While it draws what to learn from, in the second epoch, and when only the weights are left to write."""
    folder = tmp_path / "killed"
    script = f"""
        from pathlib import Path
        from model.datasets import mnist, pen_digits
        from model.training import shipped
        pens = pen_digits.load({str(pen_file)!r})
        shipped.train(shipped.{QUICK}, mnist.load({str(file)!r}), pens, Path({str(folder)!r}), seed=5)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    for epochs in (0, 1, 3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert any(line.startswith(b"Drawing what to learn from") for line in process.stdout)
            deadline = time.monotonic() + 100
            while epochs and not ((folder / "log.csv").exists() and len(log(folder)) > epochs):
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.005)
            time.sleep(0.05)
            os.kill(process.pid, signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert not (folder / "weights.npz").exists()
    begun = log(folder)
    shipped.train(QUICK, data, pens(), folder, seed=5)
    assert "Going on after epoch 3." in capsys.readouterr().out
    for a, b in zip(weights.load(whole / "weights.npz")[0], weights.load(folder / "weights.npz")[0], strict=True):
        np.testing.assert_array_equal(a, b)
    assert without_seconds(log(folder)) == without_seconds(log(whole))
    assert log(folder) == begun


def test_a_folder_holds_one_run(whole, data) -> None:
    with pytest.raises(ValueError, match="other settings or data"):
        shipped.train(QUICK, data, pens(), whole, seed=6)
    with pytest.raises(ValueError, match="other settings or data"):
        tutorial_recipe.train(SHORT, data, whole, seed=5)


@pytest.mark.parametrize("writers", [18, 22, 24])
def test_what_the_writers_kept_aside_wrote_is_not_learned_from(data, tmp_path, monkeypatch, writers) -> None:
    redrawn = []

    def pool(digits: list[PenDigit], times: int, seed: int) -> None:
        redrawn.extend(digit.writer for digit in digits)
        raise KeyboardInterrupt

    monkeypatch.setattr(trajectories, "pool", pool)
    with pytest.raises(KeyboardInterrupt):
        shipped.train(replace(QUICK, writers=writers), data, pens(), tmp_path, seed=5)
    assert redrawn == list(range(1, writers + 1))


def test_all_writers_but_the_test_s_can_be_learned_from(data, tmp_path) -> None:
    recipe = replace(QUICK, epochs=2, writers=24)
    shipped.train(recipe, data, pens(), tmp_path, seed=5)
    learned, card = weights.load(tmp_path / "weights.npz")
    assert card["pen_data"].endswith("writers 1 to 24 learned from, 25 to 30 for the test")
    assert log(tmp_path)[0] == [
        *("epoch", "rate", "loss", "validation_loss", "validation_accuracy", "letters_auroc", "seconds")
    ]
    assert float(log(tmp_path)[2][4]) == pytest.approx(card["validation_accuracy"])
    assert "pen_validation_accuracy" not in card
    # The temperature and the threshold are then MNIST's alone.
    model = lstm.build()
    model.set_weights(learned)
    digits = data.split()[1]
    logits = model(digits.ink()).numpy()
    assert shipped.fit_temperature(logits, digits.labels) == pytest.approx(1, abs=1e-3)
    assert np.quantile(score(logits), QUICK.refused) == pytest.approx(card["least_score"], abs=1e-3)


def test_the_test_digits_of_both_kinds_change_nothing_that_is_learned(whole, data, tmp_path) -> None:
    other = [PenDigit(p.strokes[:1], 3, p.writer) if p.writer in pen_digits.UNSEEN else p for p in pens()]
    shipped.train(QUICK, Mnist(data.train, bars(200, 9)), other, tmp_path, seed=5)
    for a, b in zip(weights.load(whole / "weights.npz")[0], weights.load(tmp_path / "weights.npz")[0], strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_batch_too_large_is_said(data, tmp_path) -> None:
    with pytest.raises(ValueError, match="fewer than one batch"):
        tutorial_recipe.train(Tutorial(batch=1001), data, tmp_path, seed=1)


def test_distortions_shrink_towards_the_end() -> None:
    recipe = Shipped(epochs=10, calm=(0.6, 0.5))
    assert [recipe.strength(epoch) for epoch in (0, 6, 8, 10)] == pytest.approx([1, 1, 0.75, 0.5])


def test_no_digit_has_the_logit_0() -> None:
    logits = np.random.default_rng(0).normal(size=(4, 10)).astype(np.float32)
    digit_or_none = tf.nn.softmax(shipped.eleven(logits)).numpy()
    odds = digit_or_none[:, :10].sum(1) / digit_or_none[:, 10]
    np.testing.assert_allclose(np.log(odds), score(logits), rtol=1e-5)


def test_the_tutorial_prints_as_the_tutorial_did(tutorial) -> None:
    folder, printed = tutorial
    lines = printed.splitlines()
    assert lines[:4] == [
        "Train Images: (1000, 784)",
        "Train Labels: (1000, 10)",
        "Test Images: (300, 784)",
        "Test Labels: (300, 10)",
    ]
    form = r"Iter (\d+), Minibatch Loss= (\d+\.\d{6}), Training Accuracy= ([01]\.\d{5})"
    shown = [re.fullmatch(form, line) for line in lines[4:7]]
    assert [match[1] for match in shown] == ["500", "1000", "1500"]
    assert lines[7] == "Optimization Finished!"
    accuracy = re.fullmatch(r"Testing Accuracy: ([01]\.\d+)", lines[8])
    assert float(accuracy[1]) * 128 == pytest.approx(round(float(accuracy[1]) * 128))
    assert re.fullmatch(r"MNIST test images, right +\d+\.\d\d% .* of 300", lines[9])

    assert weights.load(folder / "weights.npz")[1]["recipe"] == "tutorial"


def test_a_run_that_is_over_says_the_same_again(tutorial, data, capsys) -> None:
    folder, printed = tutorial
    before = log(folder)
    tutorial_recipe.train(SHORT, data, folder, seed=3)
    assert capsys.readouterr().out == printed
    assert log(folder) == before


def test_the_tutorial_goes_on_from_the_finished_epoch(tutorial, data, tmp_path, monkeypatch, capsys) -> None:
    folder, printed = tutorial
    finish = Run.finish_epoch

    def finish_and_stop(self: Run, rows: list[tuple[float, ...]]) -> None:
        finish(self, rows)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Run, "finish_epoch", finish_and_stop)
        with pytest.raises(KeyboardInterrupt):
            tutorial_recipe.train(SHORT, data, tmp_path, seed=3)
    assert [row[0] for row in log(tmp_path)] == ["iteration", "500", "1000"]
    capsys.readouterr()
    tutorial_recipe.train(SHORT, data, tmp_path, seed=3)
    assert capsys.readouterr().out == printed
    assert without_seconds(log(tmp_path)) == without_seconds(log(folder))
    for a, b in zip(*(weights.load(f / "weights.npz")[0] for f in (folder, tmp_path)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_the_tutorial_is_the_classic_one() -> None:
    assert Tutorial() == Tutorial(steps=999, batch=100, rate=0.001, epsilon=1e-8, show=10)


def test_the_tutorial_starts_as_tensorflow_1_did() -> None:
    model = lstm.build()
    tutorial_recipe._start_as_tensorflow_1_did(model)
    kernel, recurrent, bias, readout, readout_bias = model.get_weights()
    limit = (6 / (28 + 128 + 512)) ** 0.5
    for part in (kernel, recurrent):
        assert 0.98 * limit < np.abs(part).max() <= limit
    np.testing.assert_array_equal(bias, np.repeat([0, 1, 0, 0], 128))
    assert readout.std() == pytest.approx(1, abs=0.1)
    assert 0.3 < readout_bias.std() < 2


@settings(deadline=None, max_examples=50)
@given(st.floats(0.1, 10), st.integers(0, 1000))
def test_the_temperature_undoes_sharpening(sharper, seed) -> None:
    draw = np.random.default_rng(seed)
    logits = 2 * draw.standard_normal((500, 10))
    gumbel = draw.gumbel(size=logits.shape)
    labels = (logits + gumbel).argmax(1)  # labels drawn from softmax(logits): T = 1 up to chance
    own = shipped.fit_temperature(logits, labels)
    assert 0.7 < own < 1.4
    assert shipped.fit_temperature(logits * sharper, labels) == pytest.approx(own * sharper, rel=1e-3)


def test_the_temperature_is_the_best_one() -> None:
    draw = np.random.default_rng(1)
    logits, labels = 3 * draw.standard_normal((200, 10)), draw.integers(0, 10, 200)
    logits[np.arange(200), labels] += 3
    best = shipped.fit_temperature(logits, labels)

    def loss(temperature: float) -> float:
        return float(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits / temperature).numpy().sum())

    assert loss(best) < min(loss(best * 1.03), loss(best / 1.03))


def complaint(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> str:
    """What the command says at its end when these arguments go wrong."""
    monkeypatch.setattr(sys, "argv", ["train", *map(str, arguments)])
    with pytest.raises(SystemExit) as stop:
        train.main()
    return stop.value.code


def test_one_clear_sentence_for_what_goes_wrong(file, pen_file, tmp_path, monkeypatch) -> None:
    (tmp_path / "in the way").write_text("a file where the folder should be")
    given = ("--mnist", file, "--pen-digits", pen_file)
    said = complaint(monkeypatch, *given, "--mnist", tmp_path / "no.npz", "--out", tmp_path / "out")
    assert said.startswith(f"There is no file {tmp_path / 'no.npz'}.")
    said = complaint(monkeypatch, *given, "--pen-digits", tmp_path / "no.tra", "--out", tmp_path / "out")
    assert said.startswith(f"There is no file {tmp_path / 'no.tra'}.")
    said = complaint(monkeypatch, *given, "--out", tmp_path / "in the way")
    assert said.startswith(f"Cannot write to {tmp_path / 'in the way'}: File exists.")
    assert complaint(monkeypatch, *given, "--seed", -1) == 2


def test_a_full_disk_at_the_end_is_said_and_made_good(tutorial, file, tmp_path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tutorial_recipe, "Tutorial", lambda: SHORT)
    arguments = ("--recipe", "tutorial", "--mnist", file, "--out", tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(weights, "save", full)
        assert complaint(patch, *arguments).startswith(f"Cannot write to {tmp_path}: No space left on device.")
    assert not (tmp_path / "weights.npz").exists()
    monkeypatch.setattr(sys, "argv", ["train", *map(str, arguments)])
    train.main()
    assert weights.load(tmp_path / "weights.npz")[1]["seed"] == train.SEED
    assert [row[1] for row in log(tmp_path)] != [row[1] for row in log(tutorial[0])]  # another seed, another run


def fresh(folder: Path, variable: tf.Variable) -> Run:
    return Run(folder, {"a": 1}, [variable], ("epoch", "value"))


def test_a_disk_that_fills_up_loses_nothing(tmp_path, monkeypatch) -> None:
    variable = tf.Variable([1.0])
    ours = fresh(tmp_path, variable)
    ours.finish_epoch([(1, 0.5)])

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    variable.assign([2.0])
    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", full)
        with pytest.raises(OSError, match="No space"):
            ours.finish_epoch([(2, 0.25)])
    again = fresh(tmp_path, variable)
    assert (again.epoch, again.rows, variable.numpy().tolist()) == (1, [(1, 0.5)], [1.0])


def test_killed_between_checkpoint_and_log_the_log_is_made_good(tmp_path) -> None:
    variable = tf.Variable([1.0])
    ours = fresh(tmp_path, variable)
    ours.finish_epoch([(1, 0.5)])
    before = (tmp_path / "log.csv").read_bytes()
    ours.finish_epoch([(2, 0.25)])
    after = (tmp_path / "log.csv").read_bytes()
    (tmp_path / "log.csv").write_bytes(before)
    fresh(tmp_path, variable)
    assert (tmp_path / "log.csv").read_bytes() == after == b"epoch,value\r\n1,0.5\r\n2,0.25\r\n"


def test_a_damaged_checkpoint_is_said(tmp_path) -> None:
    variable = tf.Variable([1.0])
    fresh(tmp_path, variable).finish_epoch([(1, 0.5)])
    path = tmp_path / "checkpoint.npz"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ValueError, match="is damaged"):
        fresh(tmp_path, variable)
