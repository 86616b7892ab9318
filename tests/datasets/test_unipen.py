import itertools

import numpy as np

from model import strokes_to_image
from model.datasets import unipen


def test_the_digits_are_whole_and_108_were_dropped() -> None:
    digits = unipen.load()
    assert len(digits) == 9330 - 108
    assert {digit.digit for digit in digits} == set(range(10))
    assert {digit.writer for digit in digits} == set(range(66))
    points = np.concatenate([stroke for digit in digits for stroke in digit.strokes])
    assert (points.min(), points.max()) == (0, 255)
    with np.load(unipen.FILE, allow_pickle=False) as file:
        assert np.bincount(file["dropped"]).tolist() == [9222, 4, 104]


def test_every_digit_plays_one_part_and_no_writer_two() -> None:
    """Nor does anyone who has two numbers in UNIPEN: some of their drawings are there twice."""
    parts = unipen.split(unipen.load())
    assert list(map(len, parts)) == [6935, 759, 1277]
    writers = [{digit.writer for digit in part} for part in parts]
    assert [len(who) for who in writers] == [50, 6, 6]
    assert len(set.union(*writers)) == 62
    drawings = [{b"|".join(stroke.tobytes() for stroke in digit.strokes) for digit in part} for part in parts]
    for one, other in itertools.combinations(drawings, 2):
        assert not one & other


def test_the_digits_stand_upright() -> None:
    # A 7 has its bar at the top, a 6 its loop at the bottom.
    drawn = {
        digit: np.mean([strokes_to_image(x.strokes) for x in unipen.load() if x.digit == digit][::9], 0)
        for digit in (6, 7)
    }
    assert drawn[7][4:10].sum() > 1.2 * drawn[7][18:24].sum()
    assert drawn[6][4:10].sum() < 0.7 * drawn[6][18:24].sum()
