"""What is refused is refused in a sentence."""

import re
from collections.abc import Callable
from typing import Any


def given_or_refused(function: Callable[..., Any], *args: Any) -> Any:
    """What the function gives; None when it refuses with a sentence for people. Fails on every other error."""
    try:
        return function(*args)
    except ValueError as error:
        sentence = str(error)
    assert re.fullmatch(r"[A-Z].*\.", sentence), sentence
    return None


REFUSED_REQUESTS = [
    (None, "holds no list of strokes"),
    ([], "holds no list of strokes"),
    ({}, "holds no list of strokes"),
    ({"strokes": "all"}, "holds no list of strokes"),
    ({"strokes": [[1, 2, 3]]}, "a list x, y"),
    ({"strokes": [{"x": 1}]}, "a list x, y"),
    ({"strokes": [["1", "2"]]}, "numbers only"),
    ({"strokes": [[True, False]]}, "numbers only"),
    ({"strokes": [[None, 1]]}, "numbers only"),
    ({"strokes": [[[1, 2], [3, 4]]]}, "numbers only"),
    ({"strokes": [[float("nan"), 1]]}, "finite"),
    ({"strokes": [[1e308, 1]]}, "beyond"),
    ({"strokes": [[10**400, 1]]}, "too large"),
    ({"strokes": [[0] * 50_000]}, "at most 20,000"),
    ({"strokes": [[0, 0] * 9_000] * 3}, "27,000 points"),
    ({"strokes": [[0, 0]] * 1_001}, "1,001 strokes"),
    ({"image": 3}, "holds no image"),
    ({"image": "?"}, "not base64"),
    ({"image": "AAAA"}, "must be 784 bytes"),
    ({"strokes": [], "vary": "bigger"}, "in these ways: shifted, rotated, thinner"),
    ({"strokes": [], "vary": ["rotated"]}, "in these ways"),
    ({"strokes": [], "hold": 1}, "holds no object of gates"),
    ({"strokes": [], "hold": {"cell": [1, 0, 27]}}, "no gate 'cell'"),
    ({"strokes": [], "hold": {"input_gate": 1}}, "[value from 0 to 1, first row, last row]"),
    ({"strokes": [], "hold": {"input_gate": [1.5, 0, 27]}}, "[value from 0 to 1, first row, last row]"),
    ({"strokes": [], "hold": {"input_gate": [float("nan"), 0, 27]}}, "[value from 0 to 1, first row, last row]"),
    ({"strokes": [], "hold": {"input_gate": [1, 5, 4]}}, "0 to 27, in this order"),
    ({"strokes": [], "hold": {"input_gate": [1, 0, 28]}}, "0 to 27, in this order"),
    ({"strokes": [], "hold": {"input_gate": [1, 0.5, 3]}}, "0 to 27, in this order"),
    ({"strokes": [], "hold": {"input_gate": [1, 0, 27, 128]}}, "of one unit, a whole number from 0 to 127"),
    ({"strokes": [], "hold": {"input_gate": [1, 0, 27, -1]}}, "of one unit, a whole number from 0 to 127"),
    ({"strokes": [], "hold": {"input_gate": [1, 0, 27, 1.5]}}, "of one unit, a whole number from 0 to 127"),
    ({"strokes": [], "hold": {"input_gate": [1, 0, 27, None]}}, "and maybe its unit last"),
    ({"strokes": [], "hold": {"input_gate": [1, 0, 27, 3, 4]}}, "and maybe its unit last"),
    ({"strokes": [], "silence": 5}, "holds no list of units"),
    ({"strokes": [], "silence": [True]}, "whole numbers"),
    ({"strokes": [], "silence": [128]}, "0 to 127"),
    ({"strokes": [], "full": 1}, "no true or false for full"),
    ({"strokes": [], "full": None}, "no true or false for full"),
    ({"strokes": [], "silenced": [3]}, "no field 'silenced'"),
]
"""What is no request to read a drawing, and what the refusal says."""
