import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.augmentation import thinning, trajectories
from model.datasets import pen_digits
from model.datasets.mnist import Mnist
from model.datasets.pen_digits import PenDigit
from model.networks import lstm, readout, registry, weights
from model.training import shipped
from model.training.calibration import fit_temperature
from model.training.checkpoint import Run
from model.training.mixture import Drawing
from model.training.shipped import Shipped
from tests.support.training import bars, log, small_pen_digits, without_seconds

QUICK_SETTINGS = {
    "epochs": 3,
    "steps": 30,
    "shares": (16, 6, 5, 3),
    "redrawings": 2,
    "drawings": 60,
    "writers": 22,
    "rate": 1e-2,
    "warm_up": 1,
    "averaging": 0.9,
}
QUICK = Shipped(**QUICK_SETTINGS)


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory) -> Path:
    """The folder of an undisturbed quick run."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    shipped.train(QUICK, data, small_pen_digits(), folder, seed=5)
    return folder


def test_the_recipe_is_described_as_the_shipped_card_says(data) -> None:
    """So the shipped weights are those of this recipe, and a card's keys change only with its weights."""
    card = json.loads(registry.SHIPPED.weights.with_suffix(".json").read_text(encoding="utf-8"))
    found = json.loads(json.dumps(shipped.described(Shipped(), data, small_pen_digits(), card["seed"])))
    own = {"data", "data_sha256", "pen_data_sha256"}  # of the data here, which are not MNIST
    for key in found.keys() - own:
        assert found[key] == card[key], key
    assert own < set(card)


def test_a_pen_of_another_width_is_described(data) -> None:
    wide = replace(QUICK, drawing=Drawing(pen=2.4))
    described = [shipped.described(recipe, data, small_pen_digits(), 1)["settings"] for recipe in (QUICK, wide)]
    assert described[1] == {**described[0], "pen": 2.4}


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
    assert card["pen_data_sha256"] == pen_digits.fingerprint(small_pen_digits())
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
    assert len(weights.packed(learned)) == 2 * sum(array.size for array in learned)
    model = lstm.build()
    model.set_weights(learned)
    both = (data.split()[1], pen_digits.plain(pen_digits.split(small_pen_digits(), range(QUICK.writers + 1, 25))))
    by_source = [model(digits.ink()).numpy() for digits in both]
    labels = np.concatenate([digits.labels for digits in both])
    assert fit_temperature(np.concatenate(by_source), labels) == pytest.approx(1, abs=1e-3)
    # No more of either source are refused than the recipe allows.
    for logits in by_source:
        refused = (readout.score(logits).numpy() < card["least_score"] - 1e-5).sum()
        assert refused <= QUICK.refused * len(logits) + 1


@pytest.mark.thorough
def test_killed_three_times_it_ends_the_same(whole, data, file, pen_file, tmp_path, capsys) -> None:
    """While it draws what to learn from, in the second epoch, and when only the weights are left to write."""
    folder = tmp_path / "killed"
    script = f"""
        from pathlib import Path
        from model.datasets import mnist, pen_digits
        from model.training import shipped
        recipe = shipped.Shipped(**{QUICK_SETTINGS})
        pen_data = pen_digits.load({str(pen_file)!r})
        shipped.train(recipe, mnist.load({str(file)!r}), pen_data, Path({str(folder)!r}), seed=5)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    for epochs in (0, 1, 3):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert any(line.startswith(b"Drawing the training images") for line in process.stdout)
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
    shipped.train(QUICK, data, small_pen_digits(), folder, seed=5)
    assert "Going on after epoch 3." in capsys.readouterr().out
    for a, b in zip(weights.load(whole / "weights.npz")[0], weights.load(folder / "weights.npz")[0], strict=True):
        np.testing.assert_array_equal(a, b)
    assert without_seconds(log(folder)) == without_seconds(log(whole))
    assert log(folder) == begun


def test_a_folder_holds_one_run(whole, data) -> None:
    with pytest.raises(ValueError, match="other settings or data"):
        shipped.train(QUICK, data, small_pen_digits(), whole, seed=6)


@pytest.mark.parametrize("writers", [18, 24])
def test_what_the_held_out_writers_wrote_is_not_learned_from(data, tmp_path, monkeypatch, writers) -> None:
    redrawn = []

    def pool(digits: list[PenDigit], *_: object) -> None:
        redrawn.extend(digit.writer for digit in digits)
        raise KeyboardInterrupt

    monkeypatch.setattr(trajectories, "pool", pool)
    monkeypatch.setattr(thinning, "redrawn", lambda images, *_: images)
    with pytest.raises(KeyboardInterrupt):
        shipped.train(replace(QUICK, writers=writers), data, small_pen_digits(), tmp_path, seed=5)
    assert redrawn == list(range(1, writers + 1))


@pytest.mark.thorough
def test_all_writers_but_the_test_s_can_be_learned_from(data, tmp_path) -> None:
    recipe = replace(QUICK, epochs=2, steps=10, writers=24)
    shipped.train(recipe, data, small_pen_digits(), tmp_path, seed=5)
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
    assert fit_temperature(logits, digits.labels) == pytest.approx(1, abs=1e-3)
    assert np.quantile(readout.score(logits), QUICK.refused) == pytest.approx(card["least_score"], abs=1e-3)


@pytest.mark.thorough
def test_stopped_and_with_other_test_digits_of_both_kinds_it_ends_the_same(
    whole, data, tmp_path, monkeypatch, capsys
) -> None:
    other = [PenDigit(p.strokes[:1], 3, p.writer) if p.writer in pen_digits.UNSEEN else p for p in small_pen_digits()]
    finish = Run.finish_epoch

    def finish_and_stop(self: Run, rows: list[tuple[float, ...]]) -> None:
        finish(self, rows)
        raise KeyboardInterrupt

    def train() -> None:
        shipped.train(QUICK, Mnist(data.train, bars(200, 9)), other, tmp_path, seed=5)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "finish_epoch", finish_and_stop)
        with pytest.raises(KeyboardInterrupt):
            train()
    train()
    assert "Going on after epoch 1." in capsys.readouterr().out
    assert without_seconds(log(tmp_path)) == without_seconds(log(whole))
    for a, b in zip(weights.load(whole / "weights.npz")[0], weights.load(tmp_path / "weights.npz")[0], strict=True):
        np.testing.assert_array_equal(a, b)


def test_distortions_decay_towards_the_end() -> None:
    recipe = Shipped(epochs=10, decay=(0.6, 0.5))
    assert [recipe.strength(epoch) for epoch in (0, 6, 8, 10)] == pytest.approx([1, 1, 0.75, 0.5])
