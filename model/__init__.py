"""Gatescope: an LSTM that reads handwritten digits row by row, and shows what every gate did."""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors only; it must be set before TensorFlow is imported

if TYPE_CHECKING:
    from model.preprocessing.pictures import picture_to_image
    from model.preprocessing.strokes import strokes_to_image
    from model.reader import Reader, Reading, Trace, load_reader

__all__ = ["Reader", "Reading", "Trace", "load_reader", "picture_to_image", "strokes_to_image"]

_MODULES = {
    "Reader": "model.reader",
    "Reading": "model.reader",
    "Trace": "model.reader",
    "load_reader": "model.reader",
    "picture_to_image": "model.preprocessing.pictures",
    "strokes_to_image": "model.preprocessing.strokes",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `model.networks.dimensions` loads without Keras."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
