"""The sizes of what every network here reads and gives. It imports nothing: asking for a number loads no TensorFlow."""

ROWS, PIXELS, UNITS, CLASSES = 28, 28, 128, 10

GATES = ("input_gate", "forget_gate", "output_gate")
"""The gates that `hold` can fix, in the order in which the LSTM takes them."""
