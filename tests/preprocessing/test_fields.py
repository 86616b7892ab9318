"""The shape of a patch: its hull is SciPy's, and a band, an ellipse and a bent line are told apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.spatial import ConvexHull

from model.preprocessing.fields import shape_of, twice_hull


@given(arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=24), elements=st.booleans()).filter(np.any))
def test_the_hull_of_any_patch_is_scipys(patch) -> None:
    y, x = np.nonzero(patch)
    corners = np.concatenate([np.stack([x + right, y + down], 1) for right in (0, 1) for down in (0, 1)])
    assert twice_hull(patch) == pytest.approx(2 * ConvexHull(corners).volume)


def test_what_is_straight_round_or_bent_is_known_by_its_moments() -> None:
    y, x = np.mgrid[-60:61, -80:81]
    slanting = (abs(x - y / 2) < 15) & (abs(y) < 50)
    ellipse = (x / 70) ** 2 + (y / 40) ** 2 < 1
    bent = ((abs(x) < 70) & (abs(y) < 50)) & ~((x > -40) & (y > -20))
    assert shape_of(slanting).solid == pytest.approx(1, abs=0.01)
    assert shape_of(ellipse).solid == pytest.approx(np.pi / 3, abs=0.01)
    assert shape_of(bent).solid < 0.8
    for times in (1, 2, 3):
        bar = (abs(x) < 20 * times) & (abs(y) < 20)
        assert shape_of(bar).long == pytest.approx(times**2 + 2 + times**-2, rel=0.1)
