import numpy as np
import pytest

from model import strokes_to_image
from model.augmentation.allographs import Allographs, another
from model.datasets.pen_digits import PenDigit

ALLOGRAPHS = Allographs()
TURN = np.linspace(0, 2 * np.pi, 40)
ZERO = PenDigit([np.stack([300 + 30 * np.sin(TURN), 100 + 50 * np.cos(TURN)], axis=1)], 0, 1)
ONE = PenDigit([np.array([[0.0, 0.0], [0.0, 90.0]])], 1, 1)
SEVEN = PenDigit([np.array([[0.0, 0.0], [50.0, 0.0], [20.0, 90.0]])], 7, 1)


def many(digit: PenDigit) -> list[list[np.ndarray]]:
    return [another(digit, np.random.default_rng(k), ALLOGRAPHS) for k in range(400)]


def share(drawings: list[list[np.ndarray]], digit: PenDigit) -> float:
    """Of drawings that are not the digit as it was written."""
    return np.mean([len(d) != len(digit.strokes) or d[0] is not digit.strokes[0] for d in drawings])


def test_how_often_a_digit_takes_another_form() -> None:
    assert share(many(ZERO), ZERO) == pytest.approx(ALLOGRAPHS.slashed + ALLOGRAPHS.dotted, abs=0.06)
    assert share(many(ONE), ONE) == pytest.approx(ALLOGRAPHS.flagged, abs=0.06)
    assert share(many(SEVEN), SEVEN) == 0


def test_a_slash_crosses_the_zero_and_rises_to_the_right_as_a_rule() -> None:
    slashes = [d[1] for d in many(ZERO) if len(d) == 2 and len(d[1]) == 2]
    assert len(slashes) > 40
    backward = np.mean([upper[0] < lower[0] for upper, lower in slashes])
    assert backward == pytest.approx(ALLOGRAPHS.backward, abs=0.12)
    for (one, top), (other, bottom) in slashes:
        assert top < bottom
        assert (one + other) / 2 == pytest.approx(300, abs=20)
        assert (top + bottom) / 2 == pytest.approx(100, abs=20)
    lengths = [np.hypot(*np.diff(slash, axis=0)[0]) for slash in slashes]
    assert 55 < min(lengths) < 80 < 120 < max(lengths) < 155


def test_a_dot_lies_in_the_zero() -> None:
    dots = [d[1] for d in many(ZERO) if len(d) == 2 and len(d[1]) > 2]
    assert dots
    for dot in dots:
        assert np.abs(dot - [300, 100]).max() < 25


def test_a_flag_hangs_from_the_top_of_the_one_and_a_base_is_below_it() -> None:
    ones = [d for d in many(ONE) if d[0] is not ONE.strokes[0]]
    based = [d for d in ones if len(d) == 2]
    assert len(based) / len(ones) == pytest.approx(ALLOGRAPHS.based, abs=0.12)
    for flag, top, foot in (d[0] for d in ones):
        assert (top.tolist(), foot.tolist()) == ([0, 0], [0, 1])
        assert flag[0] < 0 < flag[1] < 0.5
        assert np.arctan2(-flag[0], flag[1]) < ALLOGRAPHS.flag_angles[1] + 0.01
    for left, right in (d[1] for d in based):
        assert left[0] < 0 < right[0]
        assert left[1] == right[1] == 1


def test_the_same_seed_repeats_and_what_was_written_stays() -> None:
    before = ZERO.strokes[0].copy()
    for a, b in zip(many(ZERO), many(ZERO), strict=True):
        for mine, again in zip(a, b, strict=True):
            np.testing.assert_array_equal(mine, again)
    np.testing.assert_array_equal(ZERO.strokes[0], before)


def test_all_of_them_can_be_drawn() -> None:
    for digit in (ZERO, ONE):
        for strokes in many(digit)[:60]:
            assert strokes_to_image(strokes).max() > 0.8  # a line may lie between two columns


def test_what_never_happens_never_happens() -> None:
    never = Allographs(slashed=0.0, dotted=0.0, flagged=0.0)
    for digit in (ZERO, ONE):
        assert all(another(digit, np.random.default_rng(k), never) is digit.strokes for k in range(50))
