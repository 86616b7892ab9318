"""Measurements of trained weights on data that they were not trained on."""
