"""The page's colour maps, for pictures made here: `assets/colours.json` holds them for both."""

import json
from pathlib import Path

import numpy as np

_STEPS = 256
_FILE = Path(__file__).parents[2] / "assets" / "data" / "colormaps.json"


def table(name: str, dark: bool) -> np.ndarray:
    """The map "sequential" or "diverging" as (256, 3) uint8, lowest value first."""
    anchors = json.loads(_FILE.read_text(encoding="utf-8"))["dark" if dark else "light"][name]
    channels = np.array([list(bytes.fromhex(anchor[1:])) for anchor in anchors]).T
    at = np.linspace(0, len(anchors) - 1, _STEPS)
    steps = [np.interp(at, np.arange(len(anchors)), channel) for channel in channels]
    return _rounded(np.stack(steps, axis=-1)).astype(np.uint8)


def coloured(values: np.ndarray, table: np.ndarray, low: float, high: float) -> np.ndarray:
    """Colours, (…, 3) uint8, of values (…): `low` and `high` are the table's ends, and so is all beyond them."""
    steps = _rounded((np.asarray(values, np.float64) - low) * ((len(table) - 1) / (high - low)))
    return table[steps.clip(0, len(table) - 1).astype(int)]


def _rounded(values: np.ndarray) -> np.ndarray:
    """Halves up, as the page's JavaScript rounds."""
    return np.floor(values + 0.5)
