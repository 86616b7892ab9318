"""Gatescope: an LSTM that reads handwritten digits row by row, and shows what every gate did."""

from model.image import picture_to_image, strokes_to_image
from model.reader import Reader, Reading, Trace, load_reader

__all__ = ["Reader", "Reading", "Trace", "load_reader", "picture_to_image", "strokes_to_image"]
