import numpy as np
import pytest

from model import strokes_to_image
from model.augmentation.allographs import PLAIN, Allographs, another
from model.datasets.pen_digits import PenDigit

ALLOGRAPHS = Allographs()
TURN = np.linspace(0, 2 * np.pi, 40)
ZERO = PenDigit([np.stack([300 + 30 * np.sin(TURN), 100 + 50 * np.cos(TURN)], axis=1)], 0, 1)
ONE = PenDigit([np.array([[0.0, 0.0], [0.0, 90.0]])], 1, 1)
SEVEN = PenDigit([np.array([[0.0, 0.0], [50.0, 0.0], [20.0, 90.0]])], 7, 1)
FIVE = PenDigit(
    [np.array([[5.0, 10.0], [0.0, 40.0], [50.0, 70.0], [0.0, 100.0]]), np.array([[5.0, 9.0], [60.0, 5.0]])], 5, 1
)
THREE = PenDigit([np.array([[0.0, 0.0], [50.0, 25.0], [0.0, 50.0], [50.0, 75.0], [0.0, 100.0]])], 3, 1)
TWO = PenDigit(THREE.strokes, 2, 1)
OTHERS = [PenDigit(THREE.strokes, digit, 1) for digit in (4, 6, 8, 9)]


def many(digit: PenDigit) -> list[list[np.ndarray]]:
    return [another(digit, np.random.default_rng(k), ALLOGRAPHS) for k in range(1000)]


def share(drawings: list[list[np.ndarray]], digit: PenDigit) -> float:
    """Of drawings that are not the digit as it was written."""
    return np.mean([d is not digit.strokes for d in drawings])


def test_how_often_a_digit_takes_another_form() -> None:
    assert share(many(ZERO), ZERO) == pytest.approx(
        ALLOGRAPHS.slashed + ALLOGRAPHS.dotted + ALLOGRAPHS.open_zero, abs=0.06
    )
    assert share(many(ONE), ONE) == pytest.approx(ALLOGRAPHS.flagged + ALLOGRAPHS.footed, abs=0.06)
    assert share(many(SEVEN), SEVEN) == pytest.approx(ALLOGRAPHS.loose_seven + ALLOGRAPHS.footed, abs=0.05)
    assert share(many(FIVE), FIVE) == pytest.approx(ALLOGRAPHS.loose_five, abs=0.06)
    nines = ALLOGRAPHS.flat_nine + ALLOGRAPHS.footed
    often = [ALLOGRAPHS.open_four, ALLOGRAPHS.looped_six, ALLOGRAPHS.open_eight, nines]
    assert [share(many(digit), digit) for digit in OTHERS] == pytest.approx(often, abs=0.05)
    assert share(many(THREE), THREE) == pytest.approx(ALLOGRAPHS.looped_three, abs=0.04)
    assert share(many(TWO), TWO) == 0


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
    assert 55 < min(lengths) < 80 < 160 < max(lengths) < 205


def test_a_dot_lies_in_the_zero() -> None:
    dots = [d[1] for d in many(ZERO) if len(d) == 2 and len(d[1]) > 2]
    assert dots
    for dot in dots:
        assert np.abs(dot - [300, 100]).max() < 25


def flagged_ones() -> list[list[np.ndarray]]:
    """They have a height of 1, the one that was written 90."""
    return [d for d in many(ONE) if np.concatenate(d).max() < 2]


def test_a_flag_hangs_from_the_top_of_the_one_and_a_base_is_below_it() -> None:
    ones = flagged_ones()
    based = [d for d in ones if len(d) == 2]
    assert len(based) / len(ones) == pytest.approx(ALLOGRAPHS.based, abs=0.12)
    flags = np.array([d[0][0] for d in ones])
    assert all(d[0][1:].tolist() == [[0, 0], [0, 1]] for d in ones)
    assert (flags[:, 0] < 0).all()
    assert (flags[:, 1] >= 0).all()
    angles, lengths = np.arctan2(-flags[:, 0], flags[:, 1]), np.hypot(*flags.T)
    assert lengths[angles > ALLOGRAPHS.flag_angles[1]].max() < 0.33  # a longer one would make a 7
    assert angles[lengths > ALLOGRAPHS.flag_lengths[1]].max() < 0.46
    assert (angles > ALLOGRAPHS.flag_angles[1]).mean() == pytest.approx(ALLOGRAPHS.short_flags, abs=0.1)
    assert (lengths > ALLOGRAPHS.flag_lengths[1]).mean() == pytest.approx(ALLOGRAPHS.long_flags, abs=0.08)
    for left, right in (d[1] for d in based):
        assert left[0] < 0 < right[0]
        assert left[1] == right[1] == 1


@pytest.mark.parametrize("digit", [ONE, SEVEN])
def test_a_foot_is_a_tick_upwards_at_the_end(digit) -> None:
    written = digit.strokes[0]
    footed = [d[0] for d in many(digit) if len(d[0]) == len(written) + 1 and (d[0][:-1] == written).all()]
    assert len(footed) > 20
    for stroke in footed:
        right, up = (stroke[-1] - stroke[-2]) * [1, -1]
        assert right > 0 < up
        assert 0.08 * 90 <= np.hypot(right, up) <= 0.4 * 90


def test_a_loose_bar_hangs_above_where_it_was() -> None:
    bars = [d[1] for d in many(FIVE) if d[0] is FIVE.strokes[0] and d[1] is not FIVE.strokes[1]]
    assert len(bars) > 60
    assert max(bar[:, 1].mean() for bar in bars) <= 7
    assert min(bar[:, 1].mean() for bar in bars) < -10


def test_the_stem_of_an_open_four_is_to_the_right_of_its_bend() -> None:
    fours = [d for d in many(OTHERS[0]) if len(d) == 2]
    gaps = [stem[:, 0].min() - bend[:, 0].max() for bend, stem in fours]
    assert max(gaps) > 0.1
    assert np.mean(np.abs(gaps) < 0.15) > 0.4
    assert all(stem[-1, 1] > bend[:, 1].max() for bend, stem in fours)


def test_a_lying_zero_rises_to_the_right_as_a_rule() -> None:
    turns = [d[0] for d in many(ZERO) if len(d) == 1 and d[0] is not ZERO.strokes[0]]
    lying = [turn for turn in turns if np.ptp(turn[:, 0]) > 1.3 * np.ptp(turn[:, 1])]
    assert len(lying) > 15
    rises = [turn[turn[:, 0].argmax(), 1] < turn[turn[:, 0].argmin(), 1] for turn in lying]
    assert np.mean(rises) > 0.6


def test_a_looped_three_runs_on_to_the_right_of_its_waist() -> None:
    threes = [d[0] for d in many(THREE) if d is not THREE.strokes]
    for three in threes:
        back = three[three[:, 1].argmax() :]  # from the foot on
        assert back[:, 0].min() < 0.2
        assert back[-1, 0] > 0.65
        assert back[-1, 1] < 0.85


def test_the_loop_of_a_flat_nine_is_wider_than_high() -> None:
    nines = [d[0] for d in many(OTHERS[3]) if len(d[0]) > 12]
    assert len(nines) > 30
    for nine in nines:
        loop = nine[nine[:, 1] < 0.34]
        assert np.ptp(loop[:, 0]) > 0.35
        assert 0.95 < nine[:, 1].max() <= 1


def test_an_open_eight_does_not_close() -> None:
    eights = [d[0] for d in many(OTHERS[2]) if len(d) == 1 and d[0] is not THREE.strokes[0]]
    assert eights
    assert min(np.hypot(*(eight[0] - eight[-1])) for eight in eights) > 0.03


def test_the_same_seed_repeats_and_what_was_written_stays() -> None:
    before = ZERO.strokes[0].copy()
    for a, b in zip(many(ZERO), many(ZERO), strict=True):
        for mine, again in zip(a, b, strict=True):
            np.testing.assert_array_equal(mine, again)
    np.testing.assert_array_equal(ZERO.strokes[0], before)


def test_all_of_them_can_be_drawn() -> None:
    for digit in (ZERO, ONE, THREE, SEVEN, FIVE, *OTHERS):
        for strokes in many(digit)[:60]:
            assert strokes_to_image(strokes).max() > 0.8  # a line may lie between two columns


def test_what_never_happens_never_happens() -> None:
    for digit in (ZERO, ONE, THREE, SEVEN, FIVE, *OTHERS):
        assert all(another(digit, np.random.default_rng(k), PLAIN) is digit.strokes for k in range(50))
