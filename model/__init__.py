"""Gatescope: an LSTM that reads handwritten digits row by row, and shows what every gate did."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors only; it must be set before TensorFlow is imported

from model.preprocessing.strokes import picture_to_image, strokes_to_image
from model.reader import Reader, Reading, Trace, load_reader

__all__ = ["Reader", "Reading", "Trace", "load_reader", "picture_to_image", "strokes_to_image"]
