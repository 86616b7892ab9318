"""Each corruption does to an image what its name says."""

from collections.abc import Callable

import numpy as np
import pytest

from model.evaluation.corruptions import KINDS, Severities, corrupted

BLANK = np.zeros((20, 28, 28), np.float32)
BAR = BLANK.copy()  # an upright bar in the middle, two pixels wide and 16 tall
BAR[:, 6:22, 13:15] = 1
Y, X = np.mgrid[:28, :28]
DISC = np.tile((np.hypot(Y - 13.5, X - 13.5) < 8).astype(np.float32), (4, 1, 1))


def centre(images: np.ndarray) -> np.ndarray:
    """The centre of mass, (n, 2), row and column from the middle."""
    return np.stack([(images * (axis - 13.5)).sum((1, 2)) / images.sum((1, 2)) for axis in (Y, X)], axis=1)


def spread(images: np.ndarray) -> np.ndarray:
    """The matrix of the second moments about the centre of mass, (n, 2, 2)."""
    places = np.stack([Y, X], axis=-1) - 13.5 - centre(images)[:, None, None]
    return np.einsum("nyx,nyxi,nyxj->nij", images, places, places) / images.sum((1, 2))[:, None, None]


def lean(images: np.ndarray) -> np.ndarray:
    """How far the longest axis is from the upright, (n,) radians."""
    moments = spread(images)
    return np.arctan2(2 * moments[:, 0, 1], moments[:, 0, 0] - moments[:, 1, 1]) / 2


def roughness(images: np.ndarray) -> np.ndarray:
    return np.abs(np.diff(images, axis=1)).sum((1, 2)) + np.abs(np.diff(images, axis=2)).sum((1, 2))


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_stays_one_and_is_changed_the_same_way_each_time(mnist, kind) -> None:
    images = mnist[0][:20]
    before = images.copy()
    found = corrupted(images, kind)
    np.testing.assert_array_equal(images, before)
    assert (found.shape, found.dtype) == ((20, 28, 28), np.float32)
    assert found.min() >= 0
    assert found.max() <= 1
    assert (np.abs(found - images).sum((1, 2)) > 5).all()
    np.testing.assert_array_equal(corrupted(images, kind), found)


def test_there_are_fifteen() -> None:
    assert len(KINDS) == 15


def shot_noise(images: np.ndarray, found: np.ndarray) -> None:
    assert not found[images == 0].any()
    np.testing.assert_allclose(found * 3, np.rint(found * 3), atol=1e-5)
    assert 0.3 < found[images == 1].std() / np.sqrt(1 / 3) < 0.7  # Poisson's, less what is cut off at full ink


def impulse_noise(images: np.ndarray, found: np.ndarray) -> None:
    hit = found != images
    assert set(np.unique(found[hit])) == {0, 1}
    assert (found[images == 0] == 1).mean() == pytest.approx(0.17 / 2, abs=0.01)
    assert (found[images == 1] == 0).mean() == pytest.approx(0.17 / 2, abs=0.03)


def glass_blur(images: np.ndarray, found: np.ndarray) -> None:
    assert found.sum((1, 2)) == pytest.approx(images.sum((1, 2)), rel=0.02)
    assert (roughness(found) < 0.95 * roughness(images)).all()
    assert roughness(found).mean() < 0.7 * roughness(images).mean()


def motion_blur(images: np.ndarray, found: np.ndarray) -> None:
    assert found.sum((1, 2)) == pytest.approx(images.sum((1, 2)), rel=0.1)
    grown = spread(found) - spread(images)
    assert (grown[:, 1, 1] > 1).all()
    assert grown[:, 1, 1].mean() > 2 * grown[:, 0, 0].mean()  # nearer to level than to upright


def brightness(images: np.ndarray, found: np.ndarray) -> None:
    np.testing.assert_allclose(found, np.minimum(images + 0.5, 1))


def translate(images: np.ndarray, found: np.ndarray) -> None:
    moved = centre(found) - centre(images)
    assert np.median(np.abs(moved)) == pytest.approx(3, abs=0.01)
    assert np.abs(moved).ravel() == pytest.approx(3, abs=1)  # a little ink may leave
    assert len({tuple(np.sign(way)) for way in moved}) == 4


def scale(images: np.ndarray, found: np.ndarray) -> None:
    assert found.sum((1, 2)) == pytest.approx(0.7**2 * images.sum((1, 2)), rel=0.1)
    assert np.trace(spread(found), 0, 1, 2) == pytest.approx(0.7**2 * np.trace(spread(images), 0, 1, 2), rel=0.1)


def stripe(images: np.ndarray, found: np.ndarray) -> None:
    np.testing.assert_array_equal(found[:, :, 7:21], images[:, :, 7:21])
    for side in (slice(0, 7), slice(21, 28)):
        np.testing.assert_allclose(found[:, :, side], 1 - images[:, :, side])


def fog(images: np.ndarray, found: np.ndarray) -> None:
    paper = found[images == 0]
    assert paper.mean() > 0.2
    assert paper.std() > 0.05
    assert (np.ptp(found, axis=(1, 2)) < np.ptp(images, axis=(1, 2))).all()


def spatter(images: np.ndarray, found: np.ndarray) -> None:
    mud = Severities().spatter_ink
    assert 0.02 < (found[images == 0] > 0.8 * mud).mean() < 0.3
    assert found[images == 0].max() <= mud + 1e-6
    assert (found[images == 1] < 0.5).any()  # it covers ink


@pytest.mark.parametrize(
    "check", [shot_noise, impulse_noise, glass_blur, motion_blur, brightness, translate, scale, stripe, fog, spatter]
)
def test_what_it_does_to_digits(mnist, check: Callable[[np.ndarray, np.ndarray], None]) -> None:
    check(mnist[0][:60], corrupted(mnist[0][:60], check.__name__.replace("_", " ")))


def test_a_bar_is_turned_either_way() -> None:
    leaning = lean(corrupted(BAR, "rotate"))
    assert np.abs(leaning) == pytest.approx(0.4, abs=0.02)
    assert len(set(np.sign(leaning))) == 2


def test_a_sheared_bar_leans_either_way() -> None:
    ends = [centre(corrupted(BAR, "shear") * (row == Y)) for row in (8, 19)]
    assert np.abs(ends[1] - ends[0])[:, 1] == pytest.approx(11 * np.sin(0.4), abs=0.1)


def test_the_dots_of_a_line_stand_in_every_other_pair_of_columns() -> None:
    lines = corrupted(BLANK, "dotted line")
    inked = lines.max(axis=1) > 0.5
    np.testing.assert_array_equal(inked, np.tile(np.arange(28) // 2 % 2 == 1, (20, 1)) & (np.arange(28) < 27))
    rows = lines.argmax(axis=1)[:, 2::4].astype(float)
    assert np.abs(np.diff(rows, 2)).max() <= 2  # straight, to the pixel


def test_a_zigzag_goes_up_and_down_across_the_image() -> None:
    lines = corrupted(BLANK, "zigzag")
    inside = [line for line in lines if line[3:-3].max(axis=0)[3:24].min() > 0.3]
    assert len(inside) > 5
    for line in inside:
        rows = line.argmax(axis=0)[3:24].astype(float)
        slopes = np.sign(np.diff(rows))
        turns = np.count_nonzero(np.diff(slopes[slopes != 0]))
        assert 3 <= turns <= 7
    assert (lines.sum(axis=(1, 2)) > 5).all()


def test_of_a_disc_only_its_edge_is_left() -> None:
    edges = corrupted(DISC, "canny edges")
    assert set(np.unique(edges)) == {0, 1}
    away = np.abs(np.hypot(Y - 13.5, X - 13.5) - 8)
    assert away[edges[0] == 1].max() < 1.3
    assert 35 < edges[0].sum() < 75  # about 2 π 8: a pixel wide


def test_faint_edges_are_edges_only_where_a_strong_one_leads_to_them() -> None:
    faint = np.zeros((2, 28, 28), np.float32)
    faint[:, 4:24, 10:18] = 0.045  # Sobel's gradient at its sides is between the two thresholds
    faint[1, 12:24, 10:18] *= np.geomspace(1, 20, 12)[:, None]
    alone, led_to = corrupted(faint, "canny edges")
    assert not alone.any()
    assert led_to[6:10].any(axis=1).all()
