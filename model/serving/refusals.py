"""Refusals: a status of HTTP, and a sentence for people."""

from collections.abc import Sequence

FAULT = "Something went wrong on the server. It has been noted there."


class RefusedError(Exception):
    """A request that is not answered. What is wrong with its content is a ValueError, with a sentence, instead."""

    def __init__(self, status: int, sentence: str, methods: Sequence[str] = ()) -> None:
        """Keep the status and the sentence. methods: those that the address takes, where it is asked by another."""
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.methods = methods


def busy() -> RefusedError:
    """The server is at its limits."""
    return RefusedError(503, "The server is busy. Try again in a moment.")
