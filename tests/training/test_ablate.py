import numpy as np
import pytest

from model.training import ablate, shipped
from model.training.shipped import Shipped
from tests.support.training import complaint, small_sources


def test_every_writer_is_held_out_once() -> None:
    held_out = [writer for turn in range(ablate.TURNS) for writer in ablate.held_out(turn)]
    assert sorted(held_out) == list(range(1, 31))


def test_every_row_learns_from_batches_of_the_same_size_and_is_another_run(data) -> None:
    assert len({sum(recipe.shares) for recipe in ablate.ROWS.values()}) == 1
    described = [shipped.described(recipe, small_sources(data), 1) for recipe in ablate.ROWS.values()]
    assert all(described[a] != described[b] for a in range(len(described)) for b in range(a))


def test_a_missing_file_is_one_sentence(tmp_path, monkeypatch) -> None:
    missing = tmp_path / "no.npz"
    assert str(missing) in complaint(ablate.main, monkeypatch, "--mnist", missing)


@pytest.mark.thorough
def test_a_row_is_measured(data, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(ablate, "CHALLENGES", dict(list(ablate.CHALLENGES.items())[:2]))
    quick = Shipped(epochs=1, steps=5, shares=(8, 3, 3, 2), redrawings=1, drawings=20, held_out=(1, 2), warm_up=0.5)
    measured = ablate.measured(quick, small_sources(data), tmp_path / "run", seed=1)
    assert len(measured) == 5
    assert all(0 <= value <= 1 for value in measured)
    assert np.isfinite(measured).all()
