"""A reading as a figure: what it shows is what was read."""

import io
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

from model import strokes_to_image
from model.colormaps import COLORMAPS
from model.figure import experiment, sentence
from model.tables import MAPS
from tests.support.demo import ROOT
from tests.support.drawings import as_points, pen_digits


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return strokes_to_image(as_points(pen_digits()[3]["strokes"]))


def titled(figure: Figure, title: str) -> Axes:
    return next(axes for axes in figure.axes if axes.get_title("left").startswith(title))


@pytest.mark.parametrize("dark", [False, True])
def test_the_figure_shows_the_reading(reader, image, dark) -> None:
    reading = reader.read(image)
    figure = reading.figure(dark)
    for kind in MAPS:
        axes = titled(figure, kind.title)
        (shown,) = axes.images
        np.testing.assert_array_equal(shown.get_array(), getattr(reading.trace, kind.id))
        assert shown.get_clim() == kind.range
        assert [label.get_text() for label in axes.get_yticklabels()] == ["1", "7", "14", "21", "28"]
        assert list(axes.get_xticks()) == [0, 32, 64, 96, 127]
        ends = COLORMAPS["dark" if dark else "light"][kind.colours]
        assert [to_hex(shown.cmap(end)) for end in (0.0, 1.0)] == [ends[0], ends[-1]]
    np.testing.assert_array_equal(titled(figure, "Verdict").images[0].get_array(), reading.verdict)
    np.testing.assert_array_equal(titled(figure, "What it reads").images[0].get_array(), reading.image)
    bars = [bar.get_width() for bar in titled(figure, "Evidence").patches]
    assert bars == pytest.approx(reading.evidence[:, reading.digit])
    bars = [bar.get_width() for bar in titled(figure, "Prediction").patches]
    assert bars == pytest.approx(reading.probabilities)
    assert figure.texts[0].get_text() == sentence(reading)
    assert Image.open(io.BytesIO(figure._repr_png_())).size == (1920, 1080)


def test_no_text_of_the_figure_is_cut_off(reader, image) -> None:
    held = np.linspace(0, 1, 28)
    everything = {"input_gate": held, "forget_gate": held, "output_gate": held}
    readings = [reader.read(image, everything, range(0, 128, 2)), reader.read(image * 0), reader.read(image.T)]
    for figure in (reading.figure() for reading in readings):
        figure.draw_without_rendering()
        for text in figure.texts:
            box = text.get_window_extent()
            assert box.x1 <= 1920 * 0.98
            assert box.y0 >= titled(figure, "Verdict").get_window_extent().y1 + 20


def test_the_figure_names_what_was_changed_about_the_network(reader, image) -> None:
    late = np.r_[np.full(14, np.nan), np.zeros(14)]
    reading = reader.read(image, {"forget_gate": 1, "input_gate": late}, [19, 17, 3, 18])
    said = "input gate held at 0 in rows 15–28; forget gate held at 1 in rows 1–28; units 3, 17–19 silenced"
    assert experiment(reading) == said
    assert said in reading.figure().texts[1].get_text().replace("\n", " ")
    one = np.full((28, 128), np.nan)
    one[2:5, 18] = 0.5
    assert experiment(reader.read(image, {"output_gate": one}, [3])) == (
        "output gate of unit 18 held at 0.5 in rows 3–5; unit 3 silenced"
    )
    assert experiment(reader.read(image)) == ""
    assert "Changed" not in reader.read(image).figure().texts[1].get_text()


def test_what_is_no_digit_has_a_figure_too(reader, image) -> None:
    blank = reader.read(image * 0)
    assert blank.figure().texts[0].get_text() == "Nothing is drawn."
    several = reader.read(np.hstack([image[:, ::2], image[:, ::2]]))
    assert several.digit is None
    assert several.figure().texts[0].get_text().endswith(f"closest: {several.closest}.")


def test_a_reader_draws_nothing_until_it_is_asked() -> None:
    # Keras may have imported matplotlib itself.
    code = "import sys, model; assert 'model.figure' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
