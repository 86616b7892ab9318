"""The figures that are reported of weights: accuracy, calibration, refusals and robustness on test data."""

import numpy as np

from model.datasets import letters, pen_digits
from model.datasets.digits import Digits
from model.datasets.letters import Letter
from model.datasets.pen_digits import PenDigit
from model.evaluation.metrics import Measurement, auroc, bootstrap, calibration_error, share
from model.evaluation.robustness import same_answers
from model.preprocessing.normalize import to_float32
from model.reader import Reader


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
        *_of_digits("pen digits by unseen writers", reader, images, digits.labels),
        Measurement("letters told from them, AUROC", separation, *interval, len(unseen_letters)),
        share("letters taken for a digit", letter_scores >= reader.least_score),
        *same_answers(reader, unseen, images),
    ]


def _of_digits(name: str, reader: Reader, images: np.ndarray, labels: np.ndarray) -> list[Measurement]:
    probabilities, scores = reader.classify(images), reader.scores(images)
    error = calibration_error(probabilities, labels)
    interval = bootstrap(lambda k: calibration_error(probabilities[k], labels[k]), [np.arange(len(labels))])
    return [
        share(f"{name}, right", probabilities.argmax(axis=1) == labels),
        Measurement(f"{name}, calibration error", error, *interval, len(labels)),
        share(f"{name}, refused", scores < reader.least_score),
    ]
