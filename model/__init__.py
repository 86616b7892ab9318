"""Gatescope: an LSTM that reads digits row by row, and shows its work."""
