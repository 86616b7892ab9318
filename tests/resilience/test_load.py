"""Many people drawing at once. tests/benchmarks/load.py does it for longer."""

from tests.benchmarks.load import crowd, pen_moves
from tests.support.demo import run_async


def test_each_of_a_crowd_is_answered_about_their_own_drawing(demo, reader) -> None:
    digits = pen_moves(reader)
    drawers = run_async(crowd(demo.port, 30, 3, digits))
    served = [len(drawer.times) for drawer in drawers]
    assert sum(drawer.lost for drawer in drawers) == sum(drawer.wrong for drawer in drawers) == 0
    assert min(served) >= 0.6 * max(served) > 1


def test_a_crowd_that_wants_too_much_is_served_evenly(demo, reader) -> None:
    digits = pen_moves(reader)
    drawers = run_async(crowd(demo.port, 100, 3, digits, rate=1000))
    served = [len(drawer.times) for drawer in drawers]
    assert sum(drawer.lost for drawer in drawers) == sum(drawer.wrong for drawer in drawers) == 0
    assert min(served) >= 0.6 * max(served) > 1
    assert min(drawer.skipped for drawer in drawers) > 0  # the newest drawing went next, not each in turn
