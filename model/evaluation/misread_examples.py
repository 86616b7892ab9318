"""Picks what the shipped network misreads, for the page's guide to show.

`python -m model.evaluation.misread_examples` writes `assets/data/mistakes.json` and `corrupted.json`, from test digits
and letters that come with the project. Run it when the shipped weights change.
"""

import base64
import json
import sys
from typing import Any

import numpy as np

from model import atomic
from model.datasets import letters, unipen
from model.datasets.digits import Digits
from model.evaluation.corruptions import KINDS, corrupted
from model.evaluation.robustness import on_pad
from model.preprocessing.normalize import to_float32, to_uint8
from model.preprocessing.strokes import strokes_to_image
from model.reader import Reader, load_reader
from model.tables import DATA

MISTAKES, CORRUPTED = DATA / "mistakes.json", DATA / "corrupted.json"
LOOKED_AT = 250  # digits of each corruption
SHOWN = 8  # kinds of corruption
PARTS = {"digit": 4, "refused": 1, "MNIST": 2, "letter": 2}
"""How many mistakes are shown: digits taken for another, a digit refused, digits of MNIST, letters taken for one."""

_DIGITS = DATA.parents[1] / "tests" / "data" / "mnist-1000.npz"  # of MNIST's test images, those that the project ships
_MNIST = "MNIST (Y. LeCun, C. Cortes, C. J. C. Burges), CC BY-SA 3.0"
_CORRUPTED_FROM = (
    f"Test digits of {_MNIST}, corrupted after MNIST-C (N. Mu, J. Gilmer 2019). The kinds with most wrong answers to "
    f"{LOOKED_AT} digits, and of each the first such digit."
)
_MISTAKES_FROM = f"By writers of UNIPEN (I. Guyon et al.), CC BY 4.0, and of {_MNIST}; none was learned from."
_SIZE, _CORNER = 700, (150, 150)  # of a drawing on the page's pad, which is 1000 by 1000

Example = dict[str, Any]


def corrupted_examples(reader: Reader, digits: Digits) -> Example:
    """What `corrupted.json` holds: of the worst kinds, the first digit each that is taken for another one."""
    worst = []
    for kind in KINDS:
        images = to_uint8(corrupted(digits.ink(), kind))
        wrong = misread(reader, Digits(images, digits.labels))
        if wrong:
            worst.append((len(wrong), _example(reader, kind, images[wrong[0]], digits.labels[wrong[0]])))
    worst.sort(key=lambda each: -each[0])
    return {"source": _CORRUPTED_FROM, "drawings": [drawing for _, drawing in worst[:SHOWN]]}


def mistakes(reader: Reader, printed: Digits) -> Example:
    """What `mistakes.json` holds: digits of UNIPEN and of MNIST, `printed`, and letters, all of them test data."""
    found: dict[str, dict[str, Example]] = {part: {} for part in PARTS}
    for drawn in unipen.split(unipen.load()).unseen:
        example = _drawing(reader, f"{_a(drawn.digit)} {drawn.digit}", str(drawn.digit), drawn.strokes)
        if example["read"] != example["meant"]:  # the first of each digit
            found["refused" if example["read"] == "?" else "digit"].setdefault(example["meant"], example)
    for k in misread(reader, printed):
        example = _example(reader, "of MNIST", printed.images[k], printed.labels[k])
        found["MNIST"].setdefault(example["meant"], example)
    for letter in letters.unseen(letters.load()):
        example = _drawing(reader, f"The letter {letter.letter}", letter.letter, letter.strokes)
        if example["read"] != "?":
            found["letter"].setdefault(example["meant"], example)
    shown = [example for part, count in PARTS.items() for example in list(found[part].values())[:count]]
    return {"source": _MISTAKES_FROM, "drawings": shown}


def misread(reader: Reader, digits: Digits) -> list[int]:
    """Which of the digits are taken for another one."""
    images = digits.ink()
    said = reader.classify(images).argmax(axis=1)
    return np.flatnonzero((said != digits.labels) & (reader.scores(images) >= reader.least_score)).tolist()


def shipped_digits(count: int | None = None) -> Digits:
    """The first of the 1,000 test digits of MNIST that come with the project; without a number, all."""
    with np.load(_DIGITS, allow_pickle=False) as file:
        return Digits(file["images"][:count], file["labels"][:count])


def _example(reader: Reader, kind: str, image: np.ndarray, label: int) -> Example:
    name = f"{_a(label)} {label}{' ' if kind.startswith('of ') else ', '}{kind}"
    read = str(reader.classify(to_float32(image[None])).argmax())
    return {"name": name, "meant": str(label), "read": read, "image": base64.b64encode(image.tobytes()).decode()}


def _drawing(reader: Reader, name: str, meant: str, strokes: list[np.ndarray]) -> Example:
    placed = [stroke.astype(int).ravel().tolist() for stroke in on_pad(strokes, _SIZE, _CORNER)]
    reading = reader.read(strokes_to_image([np.array(stroke, float).reshape(-1, 2) for stroke in placed]))
    return {
        "name": name,
        "meant": meant,
        "read": "?" if reading.digit is None else str(reading.digit),
        "strokes": placed,
    }


def _text(found: Example) -> str:
    """As JSON, a drawing on each line."""
    source = json.dumps(found["source"], ensure_ascii=False)
    drawings = ",\n  ".join(json.dumps(drawing) for drawing in found["drawings"])
    return f'{{\n "source": {source},\n "drawings": [\n  {drawings}\n ]\n}}\n'


def _a(digit: int) -> str:
    return "An" if digit == 8 else "A"


def main() -> None:
    """Write the files; what goes wrong is one sentence."""
    try:
        reader = load_reader()
        files = {
            MISTAKES: mistakes(reader, shipped_digits()),
            CORRUPTED: corrupted_examples(reader, shipped_digits(LOOKED_AT)),
        }
    except (ValueError, FileNotFoundError) as error:
        sys.exit(str(error))
    try:
        atomic.write({path: _text(found).encode() for path, found in files.items()})
    except OSError as error:
        sys.exit(f"Cannot write to {MISTAKES.parent}: {error.strerror}. Make room there, or make it writable.")


if __name__ == "__main__":
    main()
