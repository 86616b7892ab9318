"""The figures that are reported of weights: accuracy, calibration, refusals and robustness on test data."""

import numpy as np
from PIL import Image

from model.datasets import letters, pen_digits
from model.datasets.digits import Digits
from model.datasets.letters import Letter
from model.datasets.pen_digits import PenDigit
from model.evaluation.affine import Affine, placed, varied
from model.evaluation.metrics import Measurement, auroc, bootstrap, calibrated_error, calibration_error, share
from model.evaluation.photos import EVERYTHING, NAMES, Mark, empty, photos
from model.evaluation.robustness import same_answers
from model.networks.dimensions import ROWS
from model.preprocessing.normalize import to_float32
from model.preprocessing.pictures import picture_to_image
from model.reader import Reader, Reading

_PICTURES = 2_000  # of the test images: finding the digit in a picture takes longer than reading it


def of_mnist(reader: Reader, test: Digits) -> list[Measurement]:
    """Figures on MNIST's test images."""
    return _of_digits("MNIST test images", reader, test.ink(), test.labels)


def of_drawings(reader: Reader, unseen: list[PenDigit], unseen_letters: list[Letter]) -> list[Measurement]:
    """Figures on drawings: digits by unseen writers, the same digits altered, and letters by unseen writers."""
    digits = pen_digits.plain(unseen)
    images = digits.ink()
    digit_scores = reader.scores(images)
    letter_scores = reader.scores(to_float32(letters.plain(unseen_letters)))
    separation = auroc(digit_scores, letter_scores)
    interval = bootstrap(auroc, [digit_scores, letter_scores])
    return [
        *_of_digits("digits by unseen writers", reader, images, digits.labels),
        Measurement("letters told from them, AUROC", separation, *interval, len(unseen_letters)),
        share("letters taken for a digit", letter_scores >= reader.least_score),
        *same_answers(reader, unseen, images),
    ]


def of_writers(reader: Reader, unseen: list[PenDigit]) -> list[Measurement]:
    """How many digits of each unseen writer are right, the worst read first; before them how many of all are.

    The interval of the latter is for other writers: these are resampled, each with all digits.
    """
    digits, writers = pen_digits.plain(unseen), np.array([digit.writer for digit in unseen])
    right = reader.classify(digits.ink()).argmax(axis=1) == digits.labels
    each = [share(f"digits by writer {writer}, right", right[writers == writer]) for writer in np.unique(writers)]
    counts = np.array([(writer.value * writer.n, writer.n) for writer in each])
    interval = bootstrap(lambda some: some[:, 0].sum() / some[:, 1].sum(), [counts])
    others = Measurement("digits by unseen writers, right, of others", float(right.mean()), *interval, len(each))
    return [others, *sorted(each, key=lambda measurement: measurement.value)]


def of_further(reader: Reader, digits: list[PenDigit]) -> list[Measurement]:
    """Figures on a file of pen digits, as UCI's; those that the network learned from are said to be so."""
    learned = pen_digits.fingerprint(digits) == reader.card.get("pen_data_sha256")
    images = pen_digits.plain(digits)
    name = "pen digits that were learned from" if learned else "further pen digits"
    return _of_digits(name, reader, images.ink(), images.labels)


def of_affine(reader: Reader, test: Digits) -> list[Measurement]:
    """How many of MNIST's test images are misread when they are turned, sheared, stretched and moved, as affNIST's are.

    First in the middle, then anywhere in the network's own 28 × 28, then anywhere in affNIST's 40 × 40: that is read as
    an upload is, which finds, scales and centres the digit.
    """
    settings, rng = Affine(), np.random.default_rng(0)
    images = varied(test.ink(), rng, settings)
    margin = (settings.field - ROWS) // 2
    pictures = placed(images[:_PICTURES], rng, settings.field)
    inputs = {
        "turned, sheared, stretched": images[:, margin:-margin, margin:-margin],
        "so and moved in 28 × 28": placed(images, rng, ROWS),
        "so and moved, as a picture": np.stack([picture_to_image(picture) for picture in pictures]),
    }
    return [
        share(f"MNIST {how}, misread", reader.classify(found).argmax(axis=1) != test.labels[: len(found)])
        for how, found in inputs.items()
    ]


def of_photos(reader: Reader, digits: list[tuple[Mark, int]], count: int = 100, seed: int = 1) -> list[Measurement]:
    """Figures on so many made-up photos of each kind, of digits with their labels; and on those of no or several."""
    right = {
        name: np.array([_answer(reader, photo).digit == label for photo, label in photos(name, digits, count, seed)])
        for name in NAMES
    }
    blank = [_answer(reader, photo) for photo in empty(count, seed)]
    several = [
        _answer(reader, photo)
        for together in (2, 3)
        for name in ("plain paper", "hard shadow", "ruled", EVERYTHING)
        for photo, _ in photos(name, digits, -(-count // 8), seed, together)
    ]
    return [
        *(share(f"photos, {name}", hits) for name, hits in right.items()),
        share("photos, all together", np.concatenate(list(right.values()))),
        share("photos of empty paper, taken for a digit", np.array([reading.digit is not None for reading in blank])),
        share("photos of two or three digits, called several", np.array([r.why == "several" for r in several])),
        share("photos of two or three digits, taken for one", np.array([r.digit is not None for r in several])),
    ]


def _answer(reader: Reader, photo: Image.Image) -> Reading:
    return reader.read(picture_to_image(photo))


def _of_digits(name: str, reader: Reader, images: np.ndarray, labels: np.ndarray) -> list[Measurement]:
    probabilities, scores = reader.classify(images), reader.scores(images)
    right, refused = probabilities.argmax(axis=1) == labels, scores < reader.least_score
    error = calibration_error(probabilities, labels)
    return [
        share(f"{name}, right", right),
        share(f"{name}, right and not refused", right & ~refused),
        Measurement(f"{name}, calibration error", error, *calibrated_error(probabilities), len(labels)),
        share(f"{name}, refused", refused),
    ]
