import contextlib
import io
import re
from pathlib import Path

import numpy as np
import pytest

from model.networks import lstm, weights
from model.training import tutorial
from model.training.checkpoint import Run
from model.training.tutorial import Tutorial
from tests.support.training import log, without_seconds


@pytest.fixture(scope="module")
def undisturbed(short, data, tmp_path_factory) -> tuple[Path, str]:
    """The folder of an undisturbed run, and what it printed."""
    folder = tmp_path_factory.mktemp("runs") / "tutorial"
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        tutorial.train(short, data, folder, seed=3)
    return folder, printed.getvalue()


def test_the_tutorial_prints_as_the_tutorial_did(undisturbed) -> None:
    folder, printed = undisturbed
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


def test_a_folder_holds_one_run(undisturbed, short, data) -> None:
    with pytest.raises(ValueError, match="other settings or data"):
        tutorial.train(short, data, undisturbed[0], seed=5)


def test_a_run_that_is_over_says_the_same_again(undisturbed, short, data, capsys) -> None:
    folder, printed = undisturbed
    before = log(folder)
    tutorial.train(short, data, folder, seed=3)
    assert capsys.readouterr().out == printed
    assert log(folder) == before


@pytest.mark.thorough
def test_the_tutorial_goes_on_from_the_finished_epoch(undisturbed, short, data, tmp_path, monkeypatch, capsys) -> None:
    folder, printed = undisturbed
    finish = Run.finish_epoch

    def finish_and_stop(self: Run, rows: list[tuple[float, ...]]) -> None:
        finish(self, rows)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Run, "finish_epoch", finish_and_stop)
        with pytest.raises(KeyboardInterrupt):
            tutorial.train(short, data, tmp_path, seed=3)
    assert [row[0] for row in log(tmp_path)] == ["iteration", "500", "1000"]
    capsys.readouterr()
    tutorial.train(short, data, tmp_path, seed=3)
    assert capsys.readouterr().out == printed
    assert without_seconds(log(tmp_path)) == without_seconds(log(folder))
    for a, b in zip(*(weights.load(f / "weights.npz")[0] for f in (folder, tmp_path)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_batch_too_large_is_said(data, tmp_path) -> None:
    with pytest.raises(ValueError, match="fewer than one batch"):
        tutorial.train(Tutorial(batch=1001), data, tmp_path, seed=1)


def test_the_tutorial_is_the_classic_one() -> None:
    assert Tutorial() == Tutorial(steps=999, batch=100, rate=0.001, epsilon=1e-8, show=10)


def test_the_tutorial_starts_as_tensorflow_1_did() -> None:
    model = lstm.build()
    tutorial._start_as_tensorflow_1_did(model)
    kernel, recurrent, bias, readout, readout_bias = model.get_weights()
    limit = (6 / (28 + 128 + 512)) ** 0.5
    for part in (kernel, recurrent):
        assert 0.98 * limit < np.abs(part).max() <= limit
    np.testing.assert_array_equal(bias, np.repeat([0, 1, 0, 0], 128))
    assert readout.std() == pytest.approx(1, abs=0.1)
    assert 0.3 < readout_bias.std() < 2
