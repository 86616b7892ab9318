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
from model.training.calibration import fit_temperature, least_score
from model.training.checkpoint import Run
from model.training.shipped import Shipped
from tests.support.training import bars, log, small_pen_digits, small_sources, without_seconds

QUICK_SETTINGS = {
    "epochs": 3,
    "steps": 30,
    "shares": (16, 6, 5, 3),
    "redrawings": 2,
    "drawings": 60,
    "held_out": (3, 17, 23, 24),
    "rate": 1e-2,
    "warm_up": 1,
    "averaging": 0.9,
}
QUICK = Shipped(**QUICK_SETTINGS)


@pytest.fixture(scope="module")
def whole(data, tmp_path_factory) -> Path:
    """The folder of an undisturbed quick run."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    shipped.train(QUICK, small_sources(data), folder, seed=5)
    return folder


def test_the_recipe_is_described_as_the_shipped_card_says(data) -> None:
    """So the shipped weights are those of this recipe."""
    card = json.loads(registry.SHIPPED.weights.with_suffix(".json").read_text(encoding="utf-8"))
    found = json.loads(json.dumps(shipped.described(Shipped(), small_sources(data), card["seed"])))
    own = {"data", "data_sha256", "pen_data_sha256", "unipen_sha256"}  # of the data here, which are not MNIST
    for key in found.keys() - own:
        assert found[key] == card[key], key
    assert own < set(card)


def test_a_run_leaves_weights_card_log_and_curves(whole, data) -> None:
    learned, card = weights.load(whole / "weights.npz")
    assert card["recipe"] == "shipped"
    assert card["command"] == "python -m model.train --recipe shipped --seed 5"
    assert card["settings"]["epochs"] == 3
    assert card["settings"]["elastic"]["shift"] > 0
    assert card["seed"] == 5
    assert card["data_sha256"] == data.fingerprint()
    assert 0 < card["temperature"] < 20
    assert np.isfinite(card["least_score"])
    for name, figure in card["measured"].items():
        assert 0 <= figure["low"] <= figure["high"] <= 1
        if "calibration error" not in name:  # beside it stands that of another network
            assert figure["low"] - 1e-9 <= figure["value"] <= figure["high"] + 1e-9
    assert card["measured"]["MNIST test images, right"]["n"] == len(data.test.labels)
    assert card["pen_data_sha256"] == pen_digits.fingerprint(small_pen_digits())
    assert card["trajectories"]["turn"] > 0
    assert set(card["versions"]) == {"tensorflow", "keras", "numpy"}
    rows = log(whole)
    assert rows[0] == [
        *("epoch", "rate", "loss", "validation_loss", "validation_accuracy"),
        *("unipen_validation_loss", "unipen_validation_accuracy"),
        *("pen_validation_loss", "pen_validation_accuracy", "letters_auroc", "seconds"),
    ]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert float(rows[3][4]) == pytest.approx(card["validation_accuracy"])
    assert float(rows[3][6]) == pytest.approx(card["unipen_validation_accuracy"])
    assert float(rows[3][8]) == pytest.approx(card["pen_validation_accuracy"])
    assert 0 <= float(rows[3][9]) <= 1
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
    written = [
        small_sources().unipen.validation,
        [digit for digit in small_pen_digits() if digit.writer in QUICK.held_out],
    ]
    all_three = [data.split()[1], *map(pen_digits.plain, written)]
    by_source = [model(digits.ink()).numpy() for digits in all_three]
    labels = np.concatenate([digits.labels for digits in all_three])
    assert fit_temperature(np.concatenate(by_source), labels) == pytest.approx(1, abs=1e-3)
    scores = [readout.score(found).numpy() for found in by_source[:2]]
    assert least_score(scores, QUICK.refused) == pytest.approx(card["least_score"], abs=1e-3)


@pytest.mark.thorough
def test_killed_three_times_it_ends_the_same(whole, data, tmp_path, capsys) -> None:
    """While it draws what to learn from, in the second epoch, and when only the weights are left to write."""
    folder = tmp_path / "killed"
    script = f"""
        from pathlib import Path
        from model.training import shipped
        from tests.support.training import small_sources
        shipped.train(shipped.Shipped(**{QUICK_SETTINGS}), small_sources(), Path({str(folder)!r}), seed=5)
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
    shipped.train(QUICK, small_sources(data), folder, seed=5)
    assert "Going on after epoch 3." in capsys.readouterr().out
    for a, b in zip(weights.load(whole / "weights.npz")[0], weights.load(folder / "weights.npz")[0], strict=True):
        np.testing.assert_array_equal(a, b)
    assert without_seconds(log(folder)) == without_seconds(log(whole))
    assert log(folder) == begun


def test_a_folder_holds_one_run(whole, data) -> None:
    with pytest.raises(ValueError, match="other settings or data"):
        shipped.train(QUICK, small_sources(data), whole, seed=6)


@pytest.mark.parametrize("held_out", [(), (2, 30)])
def test_what_the_held_out_writers_wrote_is_not_learned_from(data, tmp_path, monkeypatch, held_out) -> None:
    redrawn = []

    def pool(digits: list[PenDigit], *_: object) -> None:
        redrawn.extend(digit.writer for digit in digits)
        raise KeyboardInterrupt

    monkeypatch.setattr(trajectories, "pool", pool)
    monkeypatch.setattr(thinning, "redrawn", lambda images, *_: images)
    sources = small_sources(data)
    with pytest.raises(KeyboardInterrupt):
        shipped.train(replace(QUICK, held_out=held_out), sources, tmp_path, seed=5)
    learned = [digit.writer for digit in sources.unipen.learned]
    assert redrawn == [writer for writer in range(1, 31) if writer not in held_out] + learned


@pytest.mark.thorough
def test_all_writers_can_be_learned_from(data, tmp_path) -> None:
    recipe = replace(QUICK, epochs=2, steps=10, held_out=())
    shipped.train(recipe, small_sources(data), tmp_path, seed=5)
    card = weights.load(tmp_path / "weights.npz")[1]
    assert card["pen_data"] == "UCI's pen digits: all writers learned from"
    assert "pen_validation_accuracy" not in card
    assert float(log(tmp_path)[2][6]) == pytest.approx(card["unipen_validation_accuracy"])


def test_a_run_keeps_its_weights_at_some_moments(whole) -> None:
    """The first is the untrained network's, the last what was rounded and calibrated then."""
    with np.load(whole / "moments.npz") as file:
        kept = {name: file[name] for name in file.files}
    assert kept.pop("batches").tolist() == [0, 1, 2, 5, 10, 20, 30, 50, 60, 90]
    learned, card = weights.load(whole / "weights.npz")
    forget = slice(128, 256)
    assert (kept["bias"][0][forget] == 1).all()  # so an LSTM begins
    assert {array.dtype for array in kept.values()} == {np.dtype(np.float16)}
    for name, array in learned._asdict().items():
        divided = card["temperature"] if name.startswith("readout") else 1
        np.testing.assert_allclose(kept[name][-1] / divided, array, rtol=2e-3, atol=1e-5)
        assert (kept[name][0] != kept[name][3]).any()


def test_there_are_some_twenty_moments_in_a_whole_run() -> None:
    assert Shipped().moments()[:4] == [0, 1, 2, 5]
    assert len(Shipped().moments()) == 20
    assert Shipped().moments()[-1] == Shipped().epochs * Shipped().steps


@pytest.mark.thorough
def test_stopped_and_with_other_test_digits_of_both_kinds_it_ends_the_same(
    whole, data, tmp_path, monkeypatch, capsys
) -> None:
    sources = small_sources(data)
    other = [PenDigit(p.strokes[:1], 3, p.writer) for p in sources.unipen.unseen]
    changed = sources._replace(mnist=Mnist(data.train, bars(200, 9)), unipen=sources.unipen._replace(unseen=other))
    finish = Run.finish_epoch

    def finish_and_stop(self: Run, rows: list[tuple[float, ...]]) -> None:
        finish(self, rows)
        raise KeyboardInterrupt

    def train() -> None:
        shipped.train(QUICK, changed, tmp_path, seed=5)

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
