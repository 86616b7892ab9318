"""What a visitor can take away from a reading: a picture for slides, an animation, and the numbers."""

import csv
import io
import json
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from model.export.canvas import Sheet, hexadecimal, mixed, percent
from model.networks.dimensions import CLASSES, ROWS, UNITS
from model.reader import Reading, Trace

FRAME_MS, LAST_FRAME_MS = 110, 2_500

_CLEAR = 255  # the place in the palette that stands for no colour
_UNIT_TICKS = (0, 32, 64, 96, 127)


class _Map(NamedTuple):
    """A map as `assets/maps.json` describes it, for the page and for this."""

    id: str
    title: str
    symbol: str
    does: str
    tip: str
    colours: str
    range: tuple[int, int]


MAPS = [
    _Map(**{**described, "range": tuple(described["range"])})
    for described in json.loads(
        (Path(__file__).parents[2] / "assets" / "data" / "maps.json").read_text(encoding="utf-8")
    )
]


def maps_png(reading: Reading, dark: bool) -> bytes:
    """One labelled picture of a reading, for slides: PNG, 2560 × 1888, sharp when shown at half its size."""
    sheet = Sheet(2560, 1888, dark)
    _headline(sheet, reading, 48, 2512, 86, 44)
    _rows_card(sheet, reading, 48, 120)
    _prediction_card(sheet, reading, 1464, 120)
    _maps_card(sheet, reading, 48, 800)
    file = io.BytesIO()
    sheet.picture.save(file, "PNG", dpi=(192, 192))
    return file.getvalue()


def rows_gif(reading: Reading, dark: bool) -> bytes:
    """The reading row by row, over and over: GIF, 1156 × 636, 28 frames."""
    sheet = Sheet(1156, 636, dark)
    theme = sheet.theme
    _headline(sheet, reading, 28, 1128, 48, 24)
    image, bars = (28, 96), (28, 388)
    maps = {shown: (324 + 420 * (k // 3), 96 + 186 * (k % 3)) for k, shown in enumerate(MAPS)}
    sheet.text(image[0], image[1] - 10, "What the network reads", 17, theme.text, bold=True)
    for shown, (x, y) in maps.items():
        _map_title(sheet, shown, x, y - 10, 17)
        sheet.scale(x + 3 * UNITS, y - 10, shown.colours, shown.range, 64, 13)
        sheet.box(x, y, 3 * UNITS, 5 * ROWS, hexadecimal(_unread(sheet)))
    palette = _palette(sheet)
    frames = []
    for row in range(ROWS):
        for shown, (x, y) in maps.items():
            values = getattr(reading.trace, shown.id)[row : row + 1]
            sheet.heatmap(x, y + 5 * row, values, shown.colours, shown.range, (3, 5))
        x, y = image
        sheet.ink(x, y, reading.image, (9, 9), read=row + 1)
        sheet.frame(x, y + 9 * row, 9 * ROWS, 9, theme.accent, 1)
        x, y = bars
        sheet.box(x, y - 30, 9 * ROWS + 4, 250, theme.paper)
        end = sheet.text(x, y - 10, "Verdict", 17, theme.text, bold=True)
        sheet.text(end + 7, y - 10, f"after row {row + 1}", 13, theme.soft)
        shares = None if reading.why == "blank" else reading.verdict[row]
        sheet.bars(x, y, 9 * ROWS, 22, 14, shares, grey=reading.digit is None)
        frames.append(np.asarray(sheet.picture.quantize(palette=palette, dither=Image.Dither.NONE)))
    file = io.BytesIO()
    durations = [FRAME_MS] * (ROWS - 1) + [LAST_FRAME_MS]
    first, *later = (Image.fromarray(frame, "P") for frame in _changes(frames))
    for frame in (first, *later):
        frame.putpalette(palette.getpalette())
    shown = {"duration": durations, "loop": 0, "transparency": _CLEAR, "disposal": 1}
    first.save(file, "GIF", save_all=True, append_images=later, optimize=False, **shown)
    return file.getvalue()


def to_npz(reading: Reading) -> bytes:
    """Every array of the reading under its name, those of its trace too, `score`, `digit`, −1 for none, and `why`."""
    arrays = {**vars(reading), **reading.trace._asdict()}
    del arrays["trace"]
    arrays["digit"] = np.int64(-1 if reading.digit is None else reading.digit)
    arrays["score"] = np.float32(reading.score)
    arrays["why"] = np.str_(reading.why or "")
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def to_csv(reading: Reading) -> str:
    """The trace, one line for every unit at every row: rows count from 1 and units from 0, as on the page."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["row", "unit", *Trace._fields])
    for row, unit in np.ndindex(ROWS, UNITS):
        writer.writerow([row + 1, unit, *(f"{values[row, unit]:.6g}" for values in reading.trace)])
    return file.getvalue()


def _headline(sheet: Sheet, reading: Reading, left: int, right: int, y: int, size: int) -> None:
    sheet.text(left, y, "Gatescope", size, sheet.theme.text, bold=True)
    if reading.why == "blank":
        words = "Nothing is drawn."
    elif reading.digit is None:
        words = f"An LSTM of {UNITS} units takes this for no digit; the closest is {reading.closest}."
    else:
        sure = percent(reading.probabilities[reading.digit])
        words = f"An LSTM of {UNITS} units reads {_article(reading.digit)} {reading.digit}, {sure} sure."
    sheet.text(right, y, words, round(size * 0.7), sheet.theme.soft, "rs")


def _article(digit: int) -> str:
    return "an" if digit == 8 else "a"


def _heading(sheet: Sheet, x: int, y: int, words: str, more: str) -> None:
    end = sheet.text(x, y, words, 28, sheet.theme.text, bold=True)
    sheet.text(end + 14, y, more, 24, sheet.theme.soft)


def _map_title(sheet: Sheet, shown: _Map, x: int, y: int, size: int) -> None:
    end = sheet.text(x, y, shown.title, size, sheet.theme.text, bold=True)
    sheet.text(end + size * 0.4, y, shown.symbol, size, sheet.theme.soft)


def _rows_card(sheet: Sheet, reading: Reading, x: int, y: int) -> None:
    """The image and the verdict side by side, so that their rows are in line."""
    tall, wide = 18, 76
    sheet.card(x, y, 1384, 648)
    left, top, below = x + 32, y + 84, y + 84 + ROWS * tall + 34
    _heading(sheet, left, y + 54, "What the network reads", "28 by 28")
    sheet.ink(left, top, reading.image, (tall, tall))
    sheet.text(left, below, "one row at a time, top to bottom", 24, sheet.theme.soft)
    sheet.row_ticks(left + ROWS * tall + 28, top, tall, 22)
    left += ROWS * tall + 56
    _heading(sheet, left, y + 54, "Verdict, row by row", "P(digit | rows so far)")
    sheet.scale(left + CLASSES * wide, y + 54, "sequential", (0, 1), 128, 24)
    sheet.heatmap(left, top, reading.verdict, "sequential", (0, 1), (wide, tall))
    for digit in range(CLASSES):
        best = digit == reading.digit
        colour = sheet.theme.text if best else sheet.theme.soft
        sheet.text(left + (digit + 0.5) * wide, below, str(digit), 24, colour, "ms", best)


def _prediction_card(sheet: Sheet, reading: Reading, x: int, y: int) -> None:
    sheet.card(x, y, 1048, 648)
    _heading(sheet, x + 32, y + 54, "Prediction", "after row 28")
    grey = reading.digit is None
    if reading.why == "blank":
        sheet.text(x + 172, y + 352, "nothing drawn", 28, sheet.theme.soft, "ms")
        sheet.bars(x + 320, y + 84, 696, 50.4, 26, None, grey)
        return
    sheet.text(x + 172, y + 410, "?" if grey else str(reading.digit), 280, sheet.theme.text, "ms", bold=True)
    below = f"closest: {reading.closest}" if grey else f"{percent(reading.probabilities[reading.digit])} sure"
    sheet.text(x + 172, y + 480, below, 28, sheet.theme.soft, "ms")
    sheet.bars(x + 320, y + 84, 696, 50.4, 26, reading.probabilities, grey)


def _maps_card(sheet: Sheet, reading: Reading, x: int, y: int) -> None:
    sheet.card(x, y, 2464, 1040)
    _heading(sheet, x + 32, y + 54, "Inside the LSTM", f"{ROWS} rows down, {UNITS} units across")
    for k, shown in enumerate(MAPS):
        left, top = x + 32 + 816 * (k % 3), y + 168 + 476 * (k // 3)
        _map_title(sheet, shown, left, top - 52, 28)
        sheet.text(left, top - 18, shown.does, 24, sheet.theme.soft)
        sheet.scale(left + 768, top - 18, shown.colours, shown.range, 128, 24)
        sheet.ink(left, top, reading.image, (3, 12))
        sheet.row_ticks(left + 106, top, 12, 20)
        values = getattr(reading.trace, shown.id)
        sheet.heatmap(left + 128, top, values, shown.colours, shown.range, (5, 12))
        for unit in _UNIT_TICKS:
            middle = left + 128 + 5 * unit + 2
            sheet.box(middle - 1, top + 12 * ROWS + 4, 2, 8, sheet.theme.soft)
            sheet.text(middle, top + 12 * ROWS + 36, str(unit), 20, sheet.theme.soft, "ms")


def _changes(frames: list[np.ndarray]) -> list[np.ndarray]:
    """The frames, each clear where it is as the one before: that is quick to pack, and a fifth of the size."""
    later = [np.where(after == before, np.uint8(_CLEAR), after) for before, after in pairwise(frames)]
    return [frames[0], *later]


def _unread(sheet: Sheet) -> np.ndarray:
    """(3,) uint8: what a map shows where no row has been read yet."""
    # Pillow rounds colours down to multiples of four before it looks for them in a palette.
    return mixed(sheet.theme.paper, sheet.theme.line, np.float32(0.5)) // 4 * 4


def _palette(sheet: Sheet) -> Image.Image:
    """At most 255 colours for the frames: one is left for what a frame does not change."""
    theme = sheet.theme
    sample = np.linspace(0, 255, 88).astype(int)
    ramps = [
        sheet.maps["sequential"][sample],
        sheet.maps["diverging"][sample],
        mixed(theme.paper, theme.ink, np.linspace(0, 1, 60)),
        mixed(theme.paper, theme.text, np.linspace(0, 1, 4)),
        mixed(theme.paper, theme.soft, np.linspace(0, 1, 4)),
        mixed(theme.line, theme.accent, np.array([0, 0.55, 1])),
        _unread(sheet)[None],
        sheet.field[None],
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.concatenate(ramps).tobytes())
    return palette
