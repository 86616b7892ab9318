"""The page's own calls: `read` a drawing, `find` the digit in a picture file."""

from typing import Any

from model.serving import request
from model.serving.readings import Readings


async def read(readings: Readings, asked: Any) -> bytes:
    """Read a drawing. Raises ValueError, with a sentence for people."""
    return await readings.answer(request.checked(asked))


def find(asked: Any) -> dict[str, str]:
    """Find the digit in a picture file. Raises ValueError, with a sentence for people."""
    return {"image": request.found(asked)}
