from dataclasses import asdict, replace

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from model.augmentation.elastic import Elastic, distort

ELASTIC = Elastic()
STILL = Elastic(**dict.fromkeys(asdict(ELASTIC), 0.0) | {"knots": 5})


def blot(n: int = 8) -> np.ndarray:
    """A filled square in the middle of each image."""
    images = np.zeros((n, 28, 28), np.float32)
    images[:, 9:19, 10:18] = 1
    return images


@settings(deadline=None, max_examples=25)
@given(n=st.integers(1, 9), seed=st.integers(0, 2**31 - 1), ink=st.sampled_from([0.0, 1e-30, 0.3, 1.0]))
def test_stays_an_image(n, seed, ink) -> None:
    out = distort(tf.fill((n, 28, 28), ink), tf.constant([seed, 7]), ELASTIC)
    assert out.shape == (n, 28, 28)
    assert out.dtype == tf.float32
    out = out.numpy()
    assert np.isfinite(out).all()
    assert out.min() >= 0
    assert out.max() <= 1


def test_no_ink_stays_no_ink() -> None:
    assert not distort(tf.zeros((5, 28, 28)), tf.constant([1, 2]), ELASTIC).numpy().any()


def test_the_same_seed_repeats_and_another_differs() -> None:
    a, b, c = (distort(blot(), tf.constant(s), ELASTIC).numpy() for s in ([1, 2], [1, 2], [1, 3]))
    np.testing.assert_array_equal(a, b)
    assert np.abs(a - c).mean() > 0.005


def test_each_image_is_distorted_its_own_way() -> None:
    out = distort(blot(), tf.constant([4, 2]), ELASTIC).numpy()
    assert min(np.abs(out[0] - other).mean() for other in out[1:]) > 0.005


def test_stays_near_its_place_and_size() -> None:
    out = distort(blot(200), tf.constant([4, 2]), ELASTIC).numpy()
    rows, columns = np.indices((28, 28))
    mass = out.sum((1, 2))
    centre = np.stack([(out * rows).sum((1, 2)), (out * columns).sum((1, 2))]) / mass
    assert np.abs(centre - 13.5).max() < 5
    assert np.abs(centre.mean(1) - 13.5).max() < 0.4  # no drift to one side
    assert (mass / 80).min() > 0.4
    assert (mass / 80).max() < 2.5


def test_without_strength_nothing_changes() -> None:
    out = distort(blot(), tf.constant([4, 2]), ELASTIC, 0.0).numpy()
    np.testing.assert_allclose(out, blot(), atol=1e-3)
    full, half = (
        np.abs(distort(blot(50), tf.constant([4, 2]), ELASTIC, s).numpy() - blot(50)).mean() for s in (1.0, 0.5)
    )
    assert 0.3 * full < half < 0.8 * full


def test_with_every_amount_at_nothing_it_changes_nothing() -> None:
    images = np.random.default_rng(1).random((4, 28, 28), np.float32)
    np.testing.assert_allclose(distort(images, tf.constant([1, 1]), STILL), images, atol=1e-5)


@pytest.mark.parametrize("name", [name for name in asdict(ELASTIC) if name != "knots"])
def test_every_amount_counts(name) -> None:
    images = 0.8 * blot()
    settings = replace(STILL, **{name: getattr(ELASTIC, name)})
    assert np.abs(distort(images, tf.constant([1, 1]), settings) - images).max() > 0.01


def test_compiled_it_does_the_same_whichever_knots_it_is_asked_for_first() -> None:
    settings = replace(STILL, wobble=0.8, knots=4)
    compiled = tf.function(lambda images: distort(images, tf.constant([1, 1]), settings))(blot())
    np.testing.assert_allclose(compiled, distort(blot(), tf.constant([1, 1]), settings), atol=1e-6)


@pytest.mark.parametrize(("name", "sign"), [("thicken", 1), ("thin", -1)])
def test_the_pen_is_thicker_or_thinner(name, sign) -> None:
    change = distort(blot(), tf.constant([1, 1]), replace(STILL, **{name: 0.5})).numpy().sum((1, 2)) - 80
    assert (sign * change > 1).all()
