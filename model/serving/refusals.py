"""What is not answered, and why: a status, and a sentence for people."""

FAULT = "Something went wrong on the server. It has been noted there."


class RefusedError(Exception):
    """A request that is not answered. What is wrong with its content is a ValueError, with a sentence, instead."""

    def __init__(self, status: int, sentence: str) -> None:
        """Hold both."""
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def busy() -> RefusedError:
    """More is asked than can be worked on."""
    return RefusedError(503, "The server is busy. Try again in a moment.")
