"""What people draw, in all the ways that digits are written."""

import numpy as np
import pytest

from model import Reader, strokes_to_image
from model.evaluation.challenge_set import HANDS, digit, wavering


@pytest.mark.parametrize("name", HANDS)
def test_every_hand_is_read(reader: Reader, name: str) -> None:
    reading = reader.read(strokes_to_image(HANDS[name]))
    assert (reading.digit, reading.why) == (digit(name), None)


def test_every_hand_is_read_when_it_wavers(reader: Reader) -> None:
    right, taken = {}, {}
    for name in HANDS:
        images = wavering(name, 40)
        right[name] = (reader.classify(images).argmax(1) == digit(name)).mean()
        taken[name] = (reader.scores(images) >= reader.least_score).mean()
    for shares in (right, taken):
        worst = min(shares, key=shares.get)
        assert shares[worst] >= 0.9, f"{worst}: {shares[worst]:.0%}"
        assert np.mean(list(shares.values())) >= 0.995
