"""The data sets: digits and letters to train and to test on."""
