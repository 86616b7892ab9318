"""The page's own calls: `read` a drawing, `find` the digit in a picture file."""

from typing import Any

from model.reader import Reader
from model.serving import reply, request


def read(reader: Reader, asked: Any) -> bytes:
    """Read a drawing. Raises ValueError, with a sentence for people."""
    return reply.answer(reader, request.checked(asked))


def find(asked: Any) -> dict[str, str]:
    """Find the digit in a picture file. Raises ValueError, with a sentence for people."""
    return {"image": request.found(asked)}
