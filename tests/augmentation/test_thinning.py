import numpy as np
import pytest
from scipy import ndimage

from model.augmentation import thinning

ANYWHERE = np.ones((3, 3), int)
PENS = (1.1, 2.6)


def redrawn(images: np.ndarray, seed: int) -> np.ndarray:
    return thinning.redrawn(images, seed, PENS)


def thinned(mask: np.ndarray) -> np.ndarray:
    return thinning._thin(mask[None]).numpy()[0]


def test_a_bar_becomes_its_middle_line() -> None:
    mask = np.zeros((40, 40), bool)
    mask[5:35, 17:24] = True
    line = thinned(mask)
    rows, columns = np.nonzero(line)
    assert set(columns) <= {19, 20, 21}
    assert (np.bincount(rows, minlength=40)[8:30] == 1).all()


def test_a_line_is_left_alone() -> None:
    mask = np.zeros((20, 20), bool)
    mask[np.arange(4, 16), np.arange(4, 16)] = True
    np.testing.assert_array_equal(thinned(mask), mask)


@pytest.mark.parametrize("index", range(0, 60, 3))
def test_parts_and_holes_stay(mnist, index) -> None:
    image = np.rint(mnist[0][index : index + 1] * 255).astype(np.uint8)
    mask = thinning._mask(image).numpy()
    line = thinning._thin(mask).numpy()[0]
    assert 0 < line.sum() < 0.35 * mask.sum()
    assert not (line & ~mask[0]).any()
    for of, structure in ((lambda m: m, ANYWHERE), (lambda m: ~m, None)):
        assert ndimage.label(of(line), structure)[1] == ndimage.label(of(mask[0]), structure)[1]


def test_redrawn_a_digit_stays_similar_and_is_still_read(mnist, reader) -> None:
    images = np.rint(mnist[0][:200] * 255).astype(np.uint8)
    drawn = redrawn(images, seed=4)
    assert drawn.shape == images.shape
    assert drawn.dtype == np.uint8
    similarity = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(images, drawn, strict=True)]
    assert np.median(similarity) > 0.85
    assert (reader.classify(drawn / np.float32(255)).argmax(1) == mnist[1][:200]).mean() > 0.95


def test_how_many_are_redrawn_at_once_changes_nothing(mnist, monkeypatch) -> None:
    images = np.rint(mnist[0][:40] * 255).astype(np.uint8)
    before = redrawn(images, seed=4)
    monkeypatch.setattr(thinning, "_CHUNK", 3)
    np.testing.assert_array_equal(redrawn(images, seed=4), before)
    assert len(redrawn(images[:0], seed=4)) == 0


def test_the_same_seed_gives_the_same_and_pens_differ(mnist) -> None:
    images = np.rint(mnist[0][:40] * 255).astype(np.uint8)
    drawn = redrawn(images, seed=4)
    np.testing.assert_array_equal(redrawn(images, seed=4), drawn)
    assert (redrawn(images, seed=5) != drawn).any()
    same = redrawn(np.repeat(images[:1], 60, axis=0), seed=1).sum((1, 2), dtype=float)
    assert same.max() > 1.6 * same.min()  # the thickest pen's ink and the thinnest's
