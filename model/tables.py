"""Facts that Python and the page share: `python -m model.tables` writes them for the page, to assets/data/."""

import json
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from model.colormaps import ACCENTS, COLORMAPS, THEMES
from model.networks.dimensions import CLASSES, GATES, PIXELS, ROWS, UNITS
from model.preprocessing import desk, fields, ink, normalize, paper, pictures, segmentation, strokes, variations
from model.preprocessing.variations import VARIATIONS

DATA = Path(__file__).resolve().parents[1] / "assets" / "data"

ROW_TICKS = (0, 6, 13, 20, 27)
"""Rows that pictures number, counted from 0; people read them from 1."""

UNIT_TICKS = (0, 32, 64, 96, 127)
"""Columns of a map below which pictures write a number, counted from 0: the unit's, or its place in another order."""


class Map(NamedTuple):
    """One of the pictures of 28 rows × 128 units."""

    id: str
    """The array of `Trace` that it shows."""
    title: str
    symbol: str
    """As in the equations."""
    does: str
    """In plain words."""
    tip: str
    """A sentence more."""
    colours: str
    """A colour map, "sequential" or "diverging"."""
    range: tuple[int, int]
    """The values at the two ends of the colours."""


MAPS = (
    Map(
        "input_gate",
        "Input gate",
        "i",
        "how much of this row to write",
        "Also called the write gate. 0 writes nothing into the cell, 1 writes the whole candidate.",
        "sequential",
        (0, 1),
    ),
    Map(
        "forget_gate",
        "Forget gate",
        "f",
        "how much memory to keep",
        "Also called the keep gate. 1 keeps the cell as it was, 0 wipes it.",
        "sequential",
        (0, 1),
    ),
    Map(
        "output_gate",
        "Output gate",
        "o",
        "how much memory to show",
        "Also called the read gate. 0 hides the cell, 1 shows it to the readout and to the next row.",
        "sequential",
        (0, 1),
    ),
    Map(
        "candidate",
        "Candidate",
        "g",
        "what would be written",
        "What this row, and the hidden state before it, propose to add to the cell.",
        "diverging",
        (-1, 1),
    ),
    Map(
        "cell",
        "Cell",
        "c",
        "the memory itself",
        "What was kept plus what was written: c = f·c′ + i·g. It has no bounds; "
        "the few values beyond ±4 take the end's colour.",
        "diverging",
        (-4, 4),
    ),
    Map(
        "hidden",
        "Hidden",
        "h",
        "what the unit says",
        "The cell, squashed and let through by the output gate: h = o·tanh(c). The readout sees only this.",
        "diverging",
        (-1, 1),
    ),
)


class Order(NamedTuple):
    """An order in which the maps can show the units."""

    id: str
    name: str
    tip: str
    older: tuple[str, ...] = ()
    """Ids that links made earlier may use for it."""


ORDERS = (
    Order("index", "index", "As they are numbered. The numbers mean nothing."),
    Order("peak", "when they peak", "By the row at which the hidden state is largest, early rows first."),
    Order(
        "evidence",
        "evidence for this digit",
        "By what each unit adds to the logit of the digit, the most first.",
    ),
    Order(
        "similarity",
        "similarity",
        "Units that rise and fall together over many digits stand together. Columns keep their place while you draw.",
        ("likeness",),
    ),
)


def tables() -> dict[str, Any]:
    """What each file in assets/data/ holds that is written from here, by its name."""
    symbols = {shown.id: shown.symbol for shown in MAPS}
    return {
        "tables": {
            "rows": ROWS,
            "pixels": PIXELS,
            "units": UNITS,
            "classes": CLASSES,
            "rowTicks": ROW_TICKS,
            "unitTicks": UNIT_TICKS,
            "gates": [{"id": gate, "letter": symbols[gate], "name": gate.replace("_", " ")} for gate in GATES],
            "themes": THEMES,
            "orders": [order._asdict() for order in ORDERS],
            "variations": [
                {"id": name, "name": name, "tip": f"{how[0].upper()}{how[1:]}."} for name, how in VARIATIONS.items()
            ],
        },
        "maps": [
            {**shown._asdict(), "accent": {theme: colours[shown.symbol] for theme, colours in ACCENTS.items()}}
            for shown in MAPS
        ],
        "colormaps": COLORMAPS,
        "pictures": {
            "workingSide": pictures.WORKING_SIDE,
            "lineWidths": pictures.LINE_WIDTHS,
            "maxAspect": pictures.MAX_ASPECT,
            "nothing": pictures.NOTHING,
            "desk": _constants(desk),
            "fields": _constants(fields),
            "ink": _constants(ink),
            "paper": _constants(paper),
        },
        "preprocessing": {
            "box": normalize.BOX,
            "fine": normalize.FINE,
            "sheet": normalize.SHEET,
            "pen": strokes.PEN,
            "penSteps": strokes.PEN_STEPS,
            "maxPoints": strokes.MAX_POINTS,
            "maxStrokes": strokes.MAX_STROKES,
            "maxCoordinate": strokes.MAX_COORDINATE,
            "leastStroke": strokes.LEAST_STROKE,
            "near": strokes.NEAR,
            "mostStray": strokes.MOST_STRAY,
            "leastExtent": strokes.LEAST_EXTENT,
            "longest": strokes.LONGEST,
            "part": segmentation.PART,
            "slants": segmentation.SLANTS,
            "slantSteps": segmentation.SLANT_STEPS,
            "clear": segmentation.CLEAR,
            "variations": {
                "shift": variations.SHIFT,
                "turn": variations.TURN,
                "large": variations.LARGE,
                "thinned": variations.THINNED,
                "steps": variations.STEPS,
            },
        },
    }


def _constants(module: ModuleType) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if name.isupper()}


def text_of(table: Any) -> str:
    """The text of a file."""
    return json.dumps(table, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for name, table in tables().items():
        (DATA / f"{name}.json").write_text(text_of(table), encoding="utf-8")
        print(DATA / f"{name}.json")
