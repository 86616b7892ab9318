"""Weights on disk: whole or refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from model.networks import weights
from model.networks.lstm import Weights


@pytest.fixture
def some() -> Weights:
    rng = np.random.default_rng(0)
    return Weights(*(rng.normal(size=shape).astype(np.float32) for shape in Weights.shapes()))


@pytest.fixture
def saved(tmp_path: Path, some: Weights) -> Path:
    path = tmp_path / "some.npz"
    weights.save(path, some, {"recipe": "none"})
    return path


def test_what_is_saved_is_loaded(saved, some) -> None:
    loaded, card = weights.load(saved)
    for ours, theirs in zip(some, loaded, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert card["recipe"] == "none"
    assert sorted(path.name for path in saved.parent.iterdir()) == ["some.json", "some.npz"]


def test_the_shipped_card_says_what_the_weights_are() -> None:
    _, card = weights.load()
    assert {"recipe", "settings", "seed", "data", "least_score", "measured", "versions", "sha256"} <= set(card)


def test_missing_weights_are_named(tmp_path, saved) -> None:
    with pytest.raises(FileNotFoundError, match=r"There are no weights at .*nowhere\.npz"):
        weights.load(tmp_path / "nowhere.npz")
    saved.with_suffix(".json").unlink()
    with pytest.raises(FileNotFoundError, match=r"some\.json"):
        weights.load(saved)


def test_a_truncated_file_is_refused(saved) -> None:
    saved.write_bytes(saved.read_bytes()[:-1000])
    with pytest.raises(ValueError, match="damaged"):
        weights.load(saved)


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '"text"'])
def test_a_card_that_is_none_is_refused(saved, text) -> None:
    saved.with_suffix(".json").write_text(text)
    with pytest.raises(ValueError, match="not a weights card"):
        weights.load(saved)


def sealed(path: Path) -> None:
    """Give the card the checksum of what now lies there."""
    card = path.with_suffix(".json")
    card.write_text(json.dumps({"sha256": weights.checksum(path)}))


def test_another_network_is_refused(saved, some) -> None:
    np.savez(saved, **some._replace(readout_bias=np.zeros(11, np.float32))._asdict())
    sealed(saved)
    with pytest.raises(ValueError, match="another network"):
        weights.load(saved)


def test_pickled_objects_are_never_loaded(saved, some) -> None:
    np.savez(saved, **{**some._asdict(), "bias": np.array([{"a": 1}], dtype=object)})
    sealed(saved)
    with pytest.raises(ValueError, match=r"no \.npz of plain arrays"):
        weights.load(saved)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 but no archive", b"\x93NUMPY"])
def test_a_foreign_file_is_refused(saved, content) -> None:
    saved.write_bytes(content)
    sealed(saved)
    with pytest.raises(ValueError, match=r"no \.npz of plain arrays"):
        weights.load(saved)


def test_numbers_that_are_not_finite_are_refused(saved, some) -> None:
    np.savez(saved, **some._replace(bias=np.full(512, np.nan, np.float32))._asdict())
    sealed(saved)
    with pytest.raises(ValueError, match="finite"):
        weights.load(saved)


def test_a_failed_save_leaves_the_old_weights_whole(saved, some, monkeypatch) -> None:
    before = saved.read_bytes()
    monkeypatch.setattr(np, "savez", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        weights.save(saved, some, {})
    assert saved.read_bytes() == before
    weights.load(saved)


def test_what_is_packed_holds_the_very_numbers_that_are_read(some) -> None:
    rounded = weights.half_precision(some)
    packed = weights.packed(rounded)
    assert len(packed) == 2 * sum(array.size for array in some)
    np.testing.assert_array_equal(np.frombuffer(packed, "<f2"), np.concatenate([array.ravel() for array in rounded]))
    for mine, exact in zip(rounded, some, strict=True):
        assert mine.dtype == np.float32
        np.testing.assert_allclose(mine, exact, rtol=2**-11, atol=2**-24)


def test_the_shipped_weights_can_be_packed_and_others_are_refused(some) -> None:
    assert len(weights.packed(weights.load()[0])) == 163_348
    with pytest.raises(ValueError, match="rounded to float16 first"):
        weights.packed(some)
