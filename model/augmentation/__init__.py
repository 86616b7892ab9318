"""Digits changed at random, so that the network learns more hands than it is given."""
