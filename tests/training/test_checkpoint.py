from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from model.training.checkpoint import Run


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


def test_a_folder_is_taken_from_the_start(tmp_path) -> None:
    """Two runs side by side would each write over the other's checkpoint, and neither say so."""
    variable = tf.Variable([1.0])
    fresh(tmp_path, variable)
    with pytest.raises(ValueError, match="other settings"):
        Run(tmp_path, {"a": 2}, [variable], ("epoch", "value"))
    assert fresh(tmp_path, variable).epoch == 0
