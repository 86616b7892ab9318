import numpy as np
import pytest

from model import picture_to_image
from model.evaluation.affine import Affine, placed, resampled, varied

RNG = np.random.default_rng
STILL = Affine(turn=0, shear=0, stretch=0)
Y, X = np.mgrid[:40, :40] - 19.5


def moments(image: np.ndarray) -> np.ndarray:
    """The matrix of the second moments about the centre of mass, row and column."""
    places = np.stack([Y.ravel(), X.ravel()])
    return np.cov(places, aweights=image.ravel(), bias=True)


def test_nothing_varied_is_the_image_in_a_larger_field(mnist) -> None:
    np.testing.assert_allclose(varied(mnist[0][:5], RNG(0), STILL), np.pad(mnist[0][:5], [(0, 0), (6, 6), (6, 6)]))


def test_resampled_takes_each_pixel_from_where_it_is_told(mnist) -> None:
    images = mnist[0][:3]
    quarter = np.tile([[0.0, 1.0], [-1.0, 0.0]], (3, 1, 1))
    np.testing.assert_allclose(resampled(images, quarter, np.zeros((3, 2))), np.rot90(images, 1, (1, 2)), atol=1e-5)
    moved = resampled(images, np.tile(np.eye(2), (3, 1, 1)), np.tile([2.0, -3.0], (3, 1)))
    np.testing.assert_allclose(moved[:, :26, 3:], images[:, 2:, :25], atol=1e-6)


@pytest.mark.parametrize("only", ["turn", "shear", "stretch"])
def test_each_goes_as_far_as_it_may_and_no_further(only) -> None:
    bars = np.zeros((200, 28, 28), np.float32)
    bars[:, 6:22, 13:15] = 1
    before = moments(np.pad(bars[0], 6))
    found = [moments(image) for image in varied(bars, RNG(1), Affine(**{**vars(STILL), only: vars(Affine())[only]}))]
    if only == "turn":
        amounts = [np.degrees(np.arctan2(2 * m[0, 1], m[0, 0] - m[1, 1]) / 2) / 20 for m in found]
    elif only == "shear":
        amounts = [m[0, 1] / m[0, 0] / 0.2 for m in found]
    else:
        amounts = [(np.sqrt(m[0, 0] / before[0, 0]) - 1) / 0.2 for m in found]
        wide = [np.sqrt(m[1, 1] / before[1, 1]) for m in found]
        assert abs(np.corrcoef(amounts, wide)[0, 1]) < 0.3  # each side for itself
    assert -1.1 < min(amounts) < -0.8
    assert 0.8 < max(amounts) < 1.1


def test_placed_anywhere_with_all_the_ink(mnist) -> None:
    images = varied(mnist[0][:100], RNG(0), Affine())
    for side, lost in ((28, 2e-3), (40, 1e-5)):  # a few are larger than 28
        found = placed(images, RNG(0), side)
        assert found.shape == (100, side, side)
        np.testing.assert_allclose(found.sum((1, 2)), images.sum((1, 2)), rtol=lost)
        firsts = np.array([[image.any(axis=axis).argmax() for axis in (0, 1)] for image in found])
        assert firsts.min() == 0
        assert firsts.std(axis=0).min() > 2


def test_what_is_larger_than_the_field_stands_in_its_middle() -> None:
    np.testing.assert_array_equal(placed(np.ones((1, 40, 40), np.float32), RNG(0), 28), np.ones((1, 28, 28)))
    blank = placed(np.zeros((1, 40, 40), np.float32), RNG(0), 28)
    np.testing.assert_array_equal(blank, np.zeros((1, 28, 28)))


def test_of_images_in_a_larger_field_the_digit_is_found_as_in_a_picture(reader, mnist) -> None:
    """Light ink on black, its lines as wide as the narrowest closing: what it is divided by is the paper alone."""
    images, labels = mnist[0][:400], mnist[1][:400]
    pictures = placed(varied(images, RNG(0), Affine()), RNG(0), 40).clip(0, 1)
    found = np.stack([picture_to_image(picture) for picture in pictures])
    assert (reader.classify(found).argmax(1) != labels).mean() < 0.025
