"""From strokes or a picture to the 28 × 28 pixels that the network reads."""
