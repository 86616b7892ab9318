import numpy as np

from model import strokes_to_image
from model.datasets import letters


def test_there_are_2000_letters_and_none_looks_like_a_digit_s_name() -> None:
    written = letters.load()
    assert len(written) == 2000
    assert not {letter.letter for letter in written} & set("0OoIl1ZzSsBbGgqjQ")
    assert all(len(stroke) for letter in written for stroke in letter.strokes)


def test_no_writer_of_letters_is_on_two_sides() -> None:
    written = letters.load()
    sides = [
        {letter.writer for letter in part(written)} for part in (letters.learned, letters.validation, letters.unseen)
    ]
    assert not sides[0] & sides[1]
    assert not sides[2] & (sides[0] | sides[1])
    assert sum(len(part(written)) for part in (letters.learned, letters.validation, letters.unseen)) == 2000


def test_letters_stand_upright() -> None:
    # An A is narrow at its top, an E has its stem at the left.
    drawn = {
        name: np.mean([strokes_to_image(x.strokes) for x in letters.load() if x.letter == name], 0) for name in "AE"
    }
    assert drawn["A"][4:10].sum() < drawn["A"][14:20].sum()
    assert drawn["E"][:, :14].sum() > 1.1 * drawn["E"][:, 14:].sum()


def test_plain_is_the_page_s_drawing() -> None:
    some = letters.load()[:3]
    made = letters.plain(some)
    assert made.dtype == np.uint8
    np.testing.assert_allclose(made[0] / 255, strokes_to_image(some[0].strokes), atol=0.5 / 255 + 1e-6)
