from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.augmentation import trajectories
from model.augmentation.allographs import Allographs
from model.augmentation.trajectories import Trajectories, redraw
from model.datasets.digits import Digits
from model.datasets.pen_digits import PenDigit
from model.preprocessing.strokes import PEN, strokes_to_image

TRAJECTORIES = Trajectories()
STILL = Trajectories(
    **dict.fromkeys(asdict(TRAJECTORIES), 0.0)
    | {"strength": (1.0, 1.0), "pens": (PEN, PEN), "skip": 1, "grids": (10_000, 10_000)}
)


def seven() -> list[np.ndarray]:
    """A crossed 7: along the top and down; the bar."""
    down = np.stack([np.linspace(60, 20, 20), np.linspace(0, 80, 20)], axis=1)
    return [np.concatenate([[[0.0, 0.0], [30.0, 0.0]], down]), np.array([[15.0, 40.0], [60.0, 40.0]])]


def digits(n: int) -> list[PenDigit]:
    """Sevens and ones by turns."""
    return [PenDigit(seven(), 7, 1) if k % 2 == 0 else PenDigit(seven()[1:], 1, 2) for k in range(n)]


def drawn(seed: int, strokes: list[np.ndarray] | None = None, settings: Trajectories = TRAJECTORIES) -> np.ndarray:
    return redraw(strokes or seven(), np.random.default_rng(seed), settings)


def pool(digits: list[PenDigit], times: int, seed: int) -> Digits:
    return trajectories.pool(digits, times, seed, TRAJECTORIES, Allographs())


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.tuples(*[st.integers(-500, 500)] * 2), min_size=1, max_size=12), min_size=1, max_size=3),
    st.integers(0, 2**31),
)
def test_any_strokes_give_an_image(points, seed) -> None:
    image = drawn(seed, [np.array(stroke, float) for stroke in points])
    assert image.shape == (28, 28)
    assert image.dtype == np.float32
    assert np.isfinite(image).all()
    assert image.min() >= 0
    assert 0 < image.max() <= 1


def test_the_same_seed_repeats_and_another_differs() -> None:
    np.testing.assert_array_equal(drawn(1), drawn(1))
    assert np.abs(drawn(1) - drawn(2)).mean() > 0.02


def test_the_strokes_are_left_as_they_were() -> None:
    strokes = seven()
    drawn(1, strokes)
    for mine, before in zip(strokes, seven(), strict=True):
        np.testing.assert_array_equal(mine, before)


def test_place_and_size_make_no_difference() -> None:
    moved = [stroke * 7 + (300, -90) for stroke in seven()]
    np.testing.assert_allclose(drawn(3, moved), drawn(3), atol=0.02)


def test_with_every_amount_at_nothing_it_is_the_page_s_drawing(monkeypatch) -> None:
    monkeypatch.setattr(trajectories, "_smooth", lambda stroke, passes: stroke)
    assert (
        np.abs(drawn(1, settings=STILL) - strokes_to_image(seven())).mean() < 0.02
    )  # a shift by an eighth of a pixel is rounding


@pytest.mark.parametrize("name", [name for name in asdict(TRAJECTORIES) if name not in ("strength", "hook", "hooked")])
def test_every_amount_counts(name) -> None:
    changed = replace(STILL, **{name: getattr(TRAJECTORIES, name)})
    still = drawn(1, settings=STILL)
    assert max(np.abs(drawn(seed, settings=changed) - still).max() for seed in range(1, 5)) > 0.03


def test_hooks_are_drawn() -> None:
    hooked = replace(STILL, hook=0.2, hooked=1.0)
    assert np.abs(drawn(1, settings=hooked) - drawn(1, settings=STILL)).max() > 0.03


def test_a_strong_redrawing_strays_further_than_a_weak_one() -> None:
    def strays(strength: float) -> float:
        settings = replace(TRAJECTORIES, strength=(strength, strength))
        return np.mean(
            [np.abs(drawn(seed, settings=settings) - strokes_to_image(seven())).mean() for seed in range(60)]
        )

    assert strays(0.0) < 0.8 * strays(0.5) < 0.8 * strays(1.0)


def test_it_stays_similar_to_what_was_written() -> None:
    mean = np.mean([drawn(seed) for seed in range(60)], axis=0)
    assert np.corrcoef(mean.ravel(), strokes_to_image(seven()).ravel())[0, 1] > 0.8


def test_the_pen_is_on_average_about_the_page_s() -> None:
    thin, thick = TRAJECTORIES.pens
    assert thin < PEN < thick
    ink = np.mean([drawn(seed).sum() for seed in range(60)])
    assert 0.7 < ink / strokes_to_image(seven()).sum() < 1.4


def test_a_pool_holds_each_digit_so_many_times() -> None:
    made = pool(digits(4), 3, seed=5)
    np.testing.assert_array_equal(made.labels, [7, 1, 7, 1] * 3)
    assert made.images.shape == (12, 28, 28)
    assert made.images.dtype == np.uint8
    assert made.images.max() > 200
    assert len({image.tobytes() for image in made.images}) == 12
    np.testing.assert_array_equal(pool(digits(4), 3, seed=5).images, made.images)
    assert (pool(digits(4), 3, seed=6).images != made.images).any()


def test_more_redrawings_leave_the_first_as_they_were() -> None:
    np.testing.assert_array_equal(pool(digits(4), 3, seed=5).images[:4], pool(digits(4), 1, seed=5).images)


@pytest.mark.parametrize("degrees", [0, 30, 90, 200])
def test_points_are_rotated_clockwise(degrees) -> None:
    right = np.array([[1.0, 0.0]]) @ trajectories.rotation(np.radians(degrees))
    np.testing.assert_allclose(right, [[np.cos(np.radians(degrees)), np.sin(np.radians(degrees))]], atol=1e-12)
