import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.augmentation import trajectories as redrawing
from model.augmentation.trajectories import plain, pool, redraw
from model.datasets.pen_digits import PenDigit
from model.preprocessing.strokes import PEN, strokes_to_image


def seven() -> list[np.ndarray]:
    """A crossed 7: along the top and down; the bar."""
    down = np.stack([np.linspace(60, 20, 20), np.linspace(0, 80, 20)], axis=1)
    return [np.concatenate([[[0.0, 0.0], [30.0, 0.0]], down]), np.array([[15.0, 40.0], [60.0, 40.0]])]


def digits(n: int) -> list[PenDigit]:
    """Sevens and ones by turns."""
    return [PenDigit(seven(), 7, 1) if k % 2 == 0 else PenDigit(seven()[1:], 1, 2) for k in range(n)]


def drawn(seed: int, strokes: list[np.ndarray] | None = None) -> np.ndarray:
    return redraw(strokes or seven(), np.random.default_rng(seed))


def still(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in redrawing.amounts():
        monkeypatch.setattr(redrawing, name.upper(), 0.0)
    monkeypatch.setattr(redrawing, "STRENGTH", (1.0, 1.0))
    monkeypatch.setattr(redrawing, "PENS", (PEN, PEN))
    monkeypatch.setattr(redrawing, "SKIP", 1)
    monkeypatch.setattr(redrawing, "GRIDS", (10_000, 10_000))


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


def test_the_same_draw_repeats_and_another_differs() -> None:
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
    still(monkeypatch)
    monkeypatch.setattr(redrawing, "_smooth", lambda stroke, passes: stroke)
    assert np.abs(drawn(1) - strokes_to_image(seven())).mean() < 0.02  # a shift by an eighth of a pixel is rounding


@pytest.mark.parametrize(
    "name",
    [
        *("TURN", "SLANT", "STRETCH", "BEND", "PART", "PART_SIZE"),
        *("TREMBLE", "ENDS", "PENS", "HURRY", "SKIP", "GRIDS"),
    ],
)
def test_every_amount_counts(monkeypatch, name) -> None:
    amount = getattr(redrawing, name)
    still(monkeypatch)
    before = drawn(1)
    monkeypatch.setattr(redrawing, name, amount)
    assert np.abs(drawn(1) - before).max() > 0.03


def test_hooks_are_drawn(monkeypatch) -> None:
    still(monkeypatch)
    before = drawn(1)
    monkeypatch.setattr(redrawing, "HOOK", 0.2)
    monkeypatch.setattr(redrawing, "HOOKED", 1.0)
    assert np.abs(drawn(1) - before).max() > 0.03


def test_a_strong_redrawing_strays_further_than_a_weak_one(monkeypatch) -> None:
    def strays(strength: float) -> float:
        monkeypatch.setattr(redrawing, "STRENGTH", (strength, strength))
        return np.mean([np.abs(drawn(seed) - strokes_to_image(seven())).mean() for seed in range(60)])

    assert strays(0.0) < 0.8 * strays(0.5) < 0.8 * strays(1.0)


def test_it_stays_much_like_what_was_written() -> None:
    def likeness(a: np.ndarray, b: np.ndarray) -> float:
        return np.corrcoef(a.ravel(), b.ravel())[0, 1]

    mean = np.mean([drawn(seed) for seed in range(60)], axis=0)
    assert likeness(mean, strokes_to_image(seven())) > 0.8


def test_the_pen_is_on_average_about_the_page_s() -> None:
    thin, thick = redrawing.PENS
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


def test_plain_is_the_page_s_drawing() -> None:
    made = plain(digits(2))
    np.testing.assert_array_equal(made.labels, [7, 1])
    np.testing.assert_allclose(made.ink()[0], strokes_to_image(seven()), atol=0.5 / 255 + 1e-6)


def test_the_amounts_are_told_by_name() -> None:
    told = redrawing.amounts()
    assert told["turn"] == redrawing.TURN
    assert told["pens"] == redrawing.PENS
    assert set(told) == {name.lower() for name in vars(redrawing) if name.isupper()}
