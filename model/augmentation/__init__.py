"""Random changes to digits, so that the network learns more handwriting than the data sets hold."""
