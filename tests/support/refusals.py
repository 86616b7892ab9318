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
