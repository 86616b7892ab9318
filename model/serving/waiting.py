"""Calls that programs make with one request and fetch with another: kept for a limited time, up to a number and a size.

What is kept is the question. It is answered when it is fetched, so that what nobody fetches costs next to nothing.
"""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from model.serving.refusals import RefusedError

MAX_CALLS = 200
MAX_BYTES = 20_000_000  # of all of them together
MAX_AGE = 60  # seconds until a call that nobody fetches is forgotten


@dataclass(eq=False)
class Made:
    """A call that has been made, and not answered yet."""

    session: str | None
    """Who made it, as Gradio's clients name themselves; None when it is fetched by its own name alone."""
    answer: Callable[[bytes], bytes]
    """What makes JSON of the body, and refuses it by ValueError."""
    body: bytes
    quick: Callable[[bytes], bool]
    """Whether that takes about as long as a change of threads, by the body."""
    event: str = field(default_factory=lambda: uuid.uuid4().hex)
    """The name under which it is fetched."""
    at: float = field(default_factory=time.monotonic)
    fetched: bool = False
    """Whether it is being answered."""


class Waiting:
    """The calls that have been made, until they are answered. To be used from within one event loop."""

    def __init__(self) -> None:
        """Start with none."""
        self._made: dict[str, Made] = {}

    def add(self, made: Made) -> None:
        """Keep a call. Raises RefusedError when there is no more room."""
        self._forget_old()
        size = sum(len(other.body) for other in self._made.values()) + len(made.body)
        if len(self._made) >= MAX_CALLS or size > MAX_BYTES:
            raise RefusedError(503, "Too many calls wait to be fetched. Fetch yours, or try again in a minute.")
        self._made[made.event] = made

    def get(self, event: str) -> Made | None:
        """The call of this name that nobody has fetched yet."""
        self._forget_old()
        made = self._made.get(event)
        return made if made and not made.fetched else None

    def first(self, session: str) -> Made | None:
        """The oldest call of a session that nobody has fetched yet."""
        self._forget_old()
        return next((made for made in self._made.values() if made.session == session and not made.fetched), None)

    @contextmanager
    def fetching(self, made: Made) -> Iterator[None]:
        """Keep its room while it is answered, then forget it."""
        made.fetched = True
        try:
            yield
        finally:
            self.forget(made)

    def forget(self, made: Made) -> None:
        """Keep it no longer."""
        self._made.pop(made.event, None)

    def _forget_old(self) -> None:
        oldest = time.monotonic() - MAX_AGE
        for made in [made for made in self._made.values() if made.at < oldest and not made.fetched]:
            self.forget(made)
