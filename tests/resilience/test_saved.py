"""What is on the disk is whole, whatever becomes of the process that writes it and of the disk."""

import contextlib
import errno
import itertools
import multiprocessing
import os
import re
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from model import atomic, train
from model.evaluation import unit_survey
from model.networks import weights
from model.networks.lstm import Weights
from model.training import tutorial
from model.training.checkpoint import Run
from tests.support.training import complaint

EPOCHS = 400

FORKS = multiprocessing.get_context("fork")  # what is killed has imported everything, and starts in milliseconds


class Variable:
    """What a run keeps, without TensorFlow, which does not outlive a fork."""

    def __init__(self) -> None:
        self.value = np.zeros(100_000)

    def numpy(self) -> np.ndarray:
        return self.value

    def assign(self, value: np.ndarray) -> None:
        self.value = value


def learn(folder: Path) -> Variable:
    """A run in which every epoch depends on all before it, and on its own number."""
    variable = Variable()
    run = Run(folder, {"seed": 5}, [variable], ("epoch", "mean"))
    for epoch in range(run.epoch, EPOCHS):
        noise = np.random.default_rng((5, epoch)).standard_normal(100_000)
        variable.assign(0.9 * variable.numpy() + noise)
        run.finish_epoch([(epoch, variable.numpy().mean())])
    return variable


def some(kind: int) -> Weights:
    return Weights(*(np.full(shape, kind, np.float32) for shape in Weights.shapes()))


def save_without_end(path: Path) -> None:
    for kind in range(10**9):
        weights.save(path, some(kind), {"kind": kind})


def killed(work: Callable[..., object], *arguments: object, after: float) -> bool:
    """Do it in a process of its own and kill that after so many seconds; whether it was in time to be killed."""
    process = FORKS.Process(target=work, args=arguments)
    process.start()
    process.join(after)
    process.kill()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


@pytest.mark.thorough
def test_killed_again_and_again_a_run_ends_the_same(tmp_path) -> None:
    expected = learn(tmp_path / "whole")
    folder, rng = tmp_path / "killed", np.random.default_rng(1)
    epochs, amid, longest = [0], 0, 0.05
    while killed(learn, folder, after=rng.uniform(0, longest)):
        longest *= 1.05  # or a slow machine would never get anywhere
        amid += any(folder.glob("*.part"))  # killed while it wrote
        epochs.append(Run(folder, {"seed": 5}, [Variable()], ("epoch", "mean")).epoch)
    assert len(set(epochs)) > 3
    assert amid > 0
    assert epochs == sorted(epochs)
    np.testing.assert_array_equal(learn(folder).numpy(), expected.numpy())
    assert (folder / "log.csv").read_bytes() == (tmp_path / "whole" / "log.csv").read_bytes()


def test_killed_while_it_saves_the_weights_are_the_old_or_the_new(tmp_path) -> None:
    path, rng = tmp_path / "w.npz", np.random.default_rng(2)
    weights.save(path, some(0), {"kind": 0})
    kinds = []
    for _ in range(12):
        assert killed(save_without_end, path, after=rng.uniform(0, 0.2))
        arrays, card = weights.load(path)
        assert all((array == card["kind"]).all() for array in arrays)
        kinds.append(card["kind"])
    assert len(set(kinds)) > 1


@pytest.mark.parametrize("renames", [0, 1])
@pytest.mark.parametrize("before", [True, False])
def test_killed_before_either_rename_the_pair_is_whole(tmp_path, monkeypatch, before, renames) -> None:
    path, replace = tmp_path / "w.npz", Path.replace
    if before:
        weights.save(path, some(1), {"kind": 1})
    left = iter([replace] * renames)

    def replace_some(self: Path, target: Path) -> Path:
        return next(left)(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace_some)
        with pytest.raises(StopIteration):
            weights.save(path, some(2), {"kind": 2})
    if not (before or renames):
        with pytest.raises(FileNotFoundError):
            weights.load(path)
        return
    arrays, card = weights.load(path)
    assert card["kind"] == (2 if renames else 1)
    assert all((array == card["kind"]).all() for array in arrays)
    weights.save(path, some(3), {"kind": 3})
    assert weights.load(path)[1]["kind"] == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["w.json", "w.npz"]


def save_some_steps(path: Path, kind: int, steps: int) -> None:
    """Save, but be killed right after the step with this number: a file opened, brought to the disk or renamed."""
    numbers = itertools.count()

    def counted(step: Callable[..., object]) -> Callable[..., object]:
        def stepped(*arguments: object, **options: object) -> object:
            result = step(*arguments, **options)
            if next(numbers) == steps:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return stepped

    Path.open, os.fsync, Path.replace = counted(Path.open), counted(os.fsync), counted(Path.replace)
    weights.save(path, some(kind), {"kind": kind})


@pytest.mark.thorough
def test_killed_after_any_step_and_again_in_the_next_save_the_weights_are_whole(tmp_path) -> None:
    path, pairs = tmp_path / "w.npz", 0
    for first in itertools.count():
        for second in itertools.count():
            weights.save(path, some(1), {"kind": 1})
            if not killed(save_some_steps, path, 2, first, after=60):
                assert pairs > 30
                return
            before = weights.load(path)[1]["kind"]
            amid = killed(save_some_steps, path, 3, second, after=60)
            arrays, card = weights.load(path)
            assert card["kind"] in ({before, 3} if amid else {3})
            assert all((array == card["kind"]).all() for array in arrays)
            pairs += 1
            if not amid:
                break


def test_what_cannot_be_saved_after_a_kill_leaves_the_weights_that_the_card_describes(tmp_path, monkeypatch) -> None:
    path = tmp_path / "w.npz"
    for steps in itertools.count():
        weights.save(path, some(1), {"kind": 1})
        if not killed(save_some_steps, path, 2, steps, after=60):
            return
        before = weights.load(path)[1]["kind"]
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", Mock(side_effect=OSError("full")))
            with pytest.raises(OSError, match="full"):
                weights.save(path, some(3), {"kind": 3})
        assert weights.load(path)[1]["kind"] == before


@pytest.fixture
def disk(tmp_path) -> Iterator[Path]:
    """A folder that is a disk of its own, of 600 KB; not for everyone to make."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(place)]
    if os.name != "posix" or os.geteuid() != 0 or subprocess.run(words, stderr=subprocess.DEVNULL).returncode:
        yield place
        return
    yield place
    subprocess.run(["umount", str(place)], check=True)


@contextlib.contextmanager
def full(disk: Path) -> Iterator[str]:
    """While there is room in the folder for one set of weights and no more: what the system then says."""
    if disk.is_mount():
        yield os.strerror(errno.ENOSPC)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        yield os.strerror(errno.EFBIG)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def read_only(disk: Path) -> Iterator[str]:
    """While nothing can be written in the folder: what the system then says."""
    if disk.is_mount():
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        yield os.strerror(errno.EROFS)
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    elif os.geteuid() == 0:
        pytest.skip("Root may write everywhere, and can mount nothing here.")
    else:
        disk.chmod(0o555)
        yield os.strerror(errno.EACCES)
        disk.chmod(0o755)


@pytest.mark.parametrize("trouble", [full, read_only])
def test_what_cannot_be_saved_leaves_the_old_weights_whole(disk, trouble) -> None:
    path = disk / "w.npz"
    weights.save(path, some(1), {"kind": 1})
    with trouble(disk) as words, pytest.raises(OSError, match=re.escape(words)):
        weights.save(path, some(2), {"kind": 2})
    assert weights.load(path)[1]["kind"] == 1
    assert sorted(file.name for file in disk.iterdir()) == ["w.json", "w.npz"]


@pytest.fixture(scope="module")
def images(tmp_path_factory) -> Path:
    """6,000 images in a file like MNIST's."""
    path = tmp_path_factory.mktemp("data") / "m.npz"
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 255, (6_000, 28, 28), np.uint8), rng.integers(0, 10, 6_000, np.uint8)
    np.savez(path, x_train=x, y_train=y, x_test=x[:100], y_test=y[:100])
    return path


@pytest.mark.parametrize("trouble", [full, read_only])
def test_training_that_cannot_be_saved_ends_with_one_sentence(disk, images, trouble, monkeypatch, capsys) -> None:
    path = disk / "weights.npz"
    weights.save(path, some(1), {"kind": 1})
    quick = tutorial.Tutorial(steps=10, batch=100, show=5)
    monkeypatch.setattr(tutorial, "Tutorial", lambda: quick)
    with trouble(disk) as words:
        said = complaint(train.main, monkeypatch, "--recipe", "tutorial", "--mnist", images, "--out", disk)
    assert said.startswith(f"Cannot write to {disk}: {words}. Make room there, or make it writable, and the same")
    assert "\n" not in said
    assert weights.load(path)[1]["kind"] == 1
    assert "Iter" not in capsys.readouterr().out, "it can be known before the first epoch"
    assert sorted(file.name for file in disk.iterdir()) == ["weights.json", "weights.npz"]


@pytest.mark.thorough
def test_a_survey_that_cannot_be_saved_leaves_the_old_one(disk, images, monkeypatch) -> None:
    (disk / "units.npz").write_bytes(b"the old one")
    with read_only(disk) as words:
        said = complaint(unit_survey.main, monkeypatch, "--mnist", images, "--out", disk / "units.npz")
    assert said.startswith(f"Cannot write to {disk}: {words}.")
    assert (disk / "units.npz").read_bytes() == b"the old one"


def test_files_are_written_all_or_none(tmp_path) -> None:
    (tmp_path / "b.part").mkdir()  # in the way
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(OSError, match="directory"):
        atomic.write({tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert (tmp_path / "a").read_bytes() == b"old"
    assert not (tmp_path / "a.part").exists()
