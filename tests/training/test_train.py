"""The command `python -m model.train`."""

import sys

import pytest

from model import train
from model.networks import weights
from model.training import tutorial
from tests.support.training import complaint


def test_one_clear_sentence_for_what_goes_wrong(file, pen_file, tmp_path, monkeypatch) -> None:
    (tmp_path / "in the way").write_text("a file where the folder should be")
    given = ("--mnist", file, "--pen-digits", pen_file)
    said = complaint(train.main, monkeypatch, *given, "--mnist", tmp_path / "no.npz", "--out", tmp_path / "out")
    assert said.startswith(f"There is no file {tmp_path / 'no.npz'}.")
    said = complaint(train.main, monkeypatch, *given, "--pen-digits", tmp_path / "no.tra", "--out", tmp_path / "out")
    assert said.startswith(f"There is no file {tmp_path / 'no.tra'}.")
    said = complaint(train.main, monkeypatch, *given, "--out", tmp_path / "in the way")
    assert said.startswith(f"Cannot write to {tmp_path / 'in the way'}: File exists.")
    assert complaint(train.main, monkeypatch, *given, "--seed", -1) == 2


@pytest.mark.thorough
def test_a_full_disk_at_the_end_is_said_and_made_good(short, file, tmp_path, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tutorial, "Tutorial", lambda: short)
    arguments = ("--recipe", "tutorial", "--mnist", file, "--out", tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(weights, "save", full)
        assert complaint(train.main, patch, *arguments).startswith(
            f"Cannot write to {tmp_path}: No space left on device."
        )
    assert not (tmp_path / "weights.npz").exists()
    monkeypatch.setattr(sys, "argv", ["train", *map(str, arguments)])
    train.main()
    assert weights.load(tmp_path / "weights.npz")[1]["seed"] == train.SEED
