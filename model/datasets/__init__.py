"""Digits and letters to learn from and to test on."""
