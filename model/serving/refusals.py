"""Refusals: a status of HTTP, and a sentence for people."""

FAULT = "Something went wrong on the server. It has been noted there."


class RefusedError(Exception):
    """A request that is not answered. What is wrong with its content is a ValueError, with a sentence, instead."""

    def __init__(self, status: int, sentence: str) -> None:
        """Keep the status and the sentence."""
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def busy() -> RefusedError:
    """The server is at its limits."""
    return RefusedError(503, "The server is busy. Try again in a moment.")
