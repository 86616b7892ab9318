"""The shipped weights on the challenge set: many forms of digits, none of them learned from."""

import numpy as np
import pytest

from model import Reader, strokes_to_image
from model.augmentation.trajectories import Trajectories
from model.evaluation.challenge_set import CHALLENGES, digit, redrawn


@pytest.mark.parametrize("name", CHALLENGES)
def test_every_form_is_read(reader: Reader, name: str) -> None:
    reading = reader.read(strokes_to_image(CHALLENGES[name]))
    assert (reading.digit, reading.why) == (digit(name), None)


def test_every_form_is_read_when_it_is_redrawn(reader: Reader) -> None:
    right, taken = {}, {}
    for name in CHALLENGES:
        images = redrawn(name, 40, Trajectories())
        right[name] = (reader.classify(images).argmax(1) == digit(name)).mean()
        taken[name] = (reader.scores(images) >= reader.least_score).mean()
    for shares in (right, taken):
        worst = min(shares, key=shares.get)
        assert shares[worst] >= 0.9, f"{worst}: {shares[worst]:.0%}"
        assert np.mean(list(shares.values())) >= 0.995
