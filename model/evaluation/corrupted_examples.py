"""Picks corrupted digits that the shipped network misreads, for the page's guide to show.

`python -m model.evaluation.corrupted_examples` writes `assets/data/corrupted.json`. Run it when the shipped weights
change.
"""

import base64
import sys
from typing import Any

import numpy as np

from model import atomic
from model.datasets.digits import Digits
from model.evaluation.corruptions import KINDS, corrupted
from model.preprocessing.normalize import to_float32, to_uint8
from model.reader import Reader, load_reader
from model.tables import DATA, text_of

FILE = DATA / "corrupted.json"
LOOKED_AT = 250  # digits
SHOWN = 8  # kinds of corruption

_DIGITS = DATA.parents[1] / "tests" / "data" / "mnist-1000.npz"  # of MNIST's test images, those that the project ships
_SOURCE = (
    "Test digits of MNIST (Y. LeCun, C. Cortes, C. J. C. Burges), CC BY-SA 3.0, corrupted after MNIST-C (N. Mu, "
    f"J. Gilmer 2019). The kinds with most wrong answers to {LOOKED_AT} digits, and of each the first such digit."
)


def examples(reader: Reader, digits: Digits) -> dict[str, Any]:
    """What the file holds: of the worst kinds, the first digit each that is taken for another one."""
    worst = []
    for kind in KINDS:
        images = to_uint8(corrupted(digits.ink(), kind))
        inked = to_float32(images)
        said = reader.classify(inked).argmax(axis=1)
        wrong = np.flatnonzero((said != digits.labels) & (reader.scores(inked) >= reader.least_score))
        if len(wrong):
            k = wrong[0]
            drawing = {
                "name": f"{'An' if digits.labels[k] == 8 else 'A'} {digits.labels[k]}, {kind}",
                "meant": str(digits.labels[k]),
                "read": str(said[k]),
                "image": base64.b64encode(images[k].tobytes()).decode(),
            }
            worst.append((len(wrong), drawing))
    worst.sort(key=lambda each: -each[0])
    return {"source": _SOURCE, "drawings": [drawing for _, drawing in worst[:SHOWN]]}


def shipped_digits(count: int) -> Digits:
    """The first of the 1,000 test digits of MNIST that come with the project."""
    with np.load(_DIGITS, allow_pickle=False) as file:
        return Digits(file["images"][:count], file["labels"][:count])


def main() -> None:
    """Write the file; what goes wrong is one sentence."""
    try:
        found = examples(load_reader(), shipped_digits(LOOKED_AT))
    except (ValueError, FileNotFoundError) as error:
        sys.exit(str(error))
    try:
        atomic.write({FILE: text_of(found).encode()})
    except OSError as error:
        sys.exit(f"Cannot write to {FILE.parent}: {error.strerror}. Make room there, or make it writable.")


if __name__ == "__main__":
    main()
