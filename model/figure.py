"""A reading as a figure, by matplotlib: what was read, what the network says of it, and all six maps."""

import io
import textwrap

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from model.colormaps import COLORMAPS, THEMES
from model.networks.dimensions import CLASSES, GATES, ROWS, UNITS
from model.reader import Reading
from model.tables import MAPS, ROW_TICKS, UNIT_TICKS

_SIZE = (16, 9)  # inches; at 120 dots an inch 1920 × 1080


class ReadingFigure(Figure):
    """A figure that notebooks show, whatever backend they have."""

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        self.savefig(file, format="png")
        return file.getvalue()


def percent(share: float) -> str:
    """Never 100 % for what is not certain, as on the page."""
    return f"{min(100 * share, 99.9):.1f}%"


def sentence(reading: Reading) -> str:
    """What the network says, for people."""
    if reading.why == "blank":
        return "Nothing is drawn."
    if reading.digit is None:
        what = "More than one digit" if reading.why == "several" else "Not a digit, as far as it can tell"
        return f"{what}; closest: {reading.closest}."
    return f"{reading.digit}, {percent(reading.probabilities[reading.digit])} sure."


def experiment(reading: Reading) -> str:
    """What was changed about the network for this reading, for people; empty when nothing was."""
    changes = []
    for gate, values in zip(GATES, reading.hold.swapaxes(0, 1), strict=True):
        held = ~np.isnan(values)
        if held.any():
            low, high = values[held].min(), values[held].max()
            at = f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
            rows, units = (np.flatnonzero(held.any(axis)) for axis in (1, 0))
            whose = "" if len(units) == UNITS else f" of {_named('unit', units)}"
            changes.append(f"{gate.replace('_', ' ')}{whose} held at {at} in {_named('row', rows + 1)}")
    if reading.silence:
        changes.append(f"{_named('unit', np.array(reading.silence))} silenced")
    return "; ".join(changes)


def figure(reading: Reading, dark: bool = False) -> Figure:
    """The figure, 16 × 9 inches. Its file is 1920 × 1080 pixels unless `savefig` is told another `dpi`."""
    theme = THEMES["dark" if dark else "light"]
    maps = {
        name: LinearSegmentedColormap.from_list(name, anchors)
        for name, anchors in COLORMAPS["dark" if dark else "light"].items()
    }
    drawn = ReadingFigure(_SIZE, dpi=120, facecolor=theme["paper"])
    drawn.text(0.03, 0.945, sentence(reading), size=22, weight="bold", color=theme["text"])
    changed = experiment(reading)
    what = f"An LSTM of {UNITS} units. Maps: {ROWS} rows down, read from the top; {UNITS} units across"
    words = f"{what}. Changed: {changed}." if changed else f"{what}."
    small = len(words) > 180
    lines = textwrap.wrap(words, 235 if small else 180)
    look = {"size": 9 if small else 11, "color": theme["accent" if changed else "soft"]}
    drawn.text(0.03, 0.93, "\n".join(lines), va="top", **look)

    def place(left: float, bottom: float, width: float, height: float, title: str, more: str = "") -> Axes:
        axes = drawn.add_axes((left, bottom, width, height), facecolor=theme["card"])
        axes.tick_params(colors=theme["soft"], labelsize=8, length=3, color=theme["line"])
        axes.spines[:].set_color(theme["line"])
        axes.set_title(title, loc="left", size=11, weight="bold", color=theme["text"])
        axes.set_title(more, loc="right", size=9, color=theme["soft"])
        return axes

    def by_row(axes: Axes) -> None:
        axes.set_yticks(ROW_TICKS, [row + 1 for row in ROW_TICKS])

    def scale(axes: Axes, shown: object, ends: tuple[int, int]) -> None:
        left, bottom, width, height = axes.get_position().bounds
        beside = drawn.add_axes((left + width + 0.004, bottom, 0.005, height))
        bar = drawn.colorbar(shown, cax=beside, ticks=ends)
        bar.outline.set_edgecolor(theme["line"])
        beside.tick_params(colors=theme["soft"], labelsize=8, length=0)
        beside.set_yticklabels([str(end).replace("-", "−") for end in ends])

    axes = place(0.03, 0.575, 0.158, 0.28, "What it reads", "28 × 28")
    ink = LinearSegmentedColormap.from_list("ink", [theme["card"], theme["ink"]])
    axes.imshow(reading.image, cmap=ink, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    axes.set_xticks([])
    by_row(axes)

    axes = place(0.22, 0.575, 0.25, 0.28, "Verdict, row by row", "readout after each row")
    shown = axes.imshow(
        reading.verdict, cmap=maps["sequential"], vmin=0, vmax=1, aspect="auto", interpolation="nearest"
    )
    axes.set_xticks(range(CLASSES))
    by_row(axes)
    scale(axes, shown, (0, 1))

    closest = reading.closest
    axes = place(
        0.53, 0.575, 0.17, 0.28, "Evidence", "" if closest is None else f"what each row adds to logit {closest}"
    )
    added = np.zeros(ROWS) if closest is None else reading.evidence[:, closest]
    reach = 1.06 * np.abs(added).max() or 1
    ends = maps["diverging"]([0.08, 0.92])
    axes.barh(range(ROWS), added, 0.86, color=[ends[int(value > 0)] for value in added])
    axes.axvline(0, color=theme["soft"], linewidth=0.8)
    axes.set(xlim=(-reach, reach), ylim=(ROWS - 0.5, -0.5))
    axes.locator_params(axis="x", nbins=5)
    by_row(axes)

    axes = place(0.735, 0.575, 0.235, 0.28, "Prediction", f"after row {ROWS}")
    shares = np.zeros(CLASSES) if closest is None else reading.probabilities
    for digit, share in enumerate(shares):
        best = digit == reading.digit
        axes.barh(digit, share, 0.7, color=theme["accent" if best else "soft"], alpha=1 if best else 0.5)
        if closest is not None:
            look = {"weight": "bold" if best else "normal", "color": theme["text" if best else "soft"]}
            axes.text(1.03, digit, percent(share), size=9, va="center", clip_on=False, **look)
    axes.set(xlim=(0, 1.22), ylim=(CLASSES - 0.5, -0.5))
    axes.set_xticks([0, 0.5, 1])
    axes.set_yticks(range(CLASSES))

    for k, kind in enumerate(MAPS):
        axes = place(
            0.03 + 0.325 * (k % 3), 0.31 - 0.255 * (k // 3), 0.275, 0.19, f"{kind.title}  ${kind.symbol}$", kind.does
        )
        low, high = kind.range
        values = getattr(reading.trace, kind.id)
        shown = axes.imshow(
            values, cmap=maps[kind.colours], vmin=low, vmax=high, aspect="auto", interpolation="nearest"
        )
        axes.set_xticks(UNIT_TICKS)
        by_row(axes)
        scale(axes, shown, kind.range)
    return drawn


def _named(what: str, numbers: np.ndarray) -> str:
    """Rising whole numbers as "rows 1–14, 20", one alone as "row 3"."""
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    words = ", ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
    return f"{what if len(numbers) == 1 else f'{what}s'} {words}"
