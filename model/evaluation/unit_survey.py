"""Surveys the units of the shipped network: which are similar, and which digits drive each one highest and lowest.

`python -m model.evaluation.unit_survey [--mnist PATH]` writes `model/networks/pretrained/shipped-units.npz`. Run it
when the shipped weights change.
"""

import argparse
import io
import sys
from pathlib import Path

import numpy as np

from model import atomic
from model.datasets.mnist import load as load_mnist
from model.networks import registry
from model.networks.dimensions import UNITS
from model.networks.units import Units
from model.preprocessing.normalize import to_uint8
from model.reader import Reader, load_reader

SURVEYED = 2_000  # validation digits over which similarity is measured
BANK = 300  # of these, the ones that are kept to be shown
SHOWN = 10  # digits shown for a unit


def survey(reader: Reader, images: np.ndarray) -> Units:
    """Survey every unit while it reads images, (n, 28, 28) ink in 0…1.

    Units are similar when their hidden states rise and fall together, over all rows of all images: average linkage on
    1 − correlation, leaves in the order of Bar-Joseph, Gifford & Jaakkola 2001.
    """
    from scipy.cluster import hierarchy  # here and not above, since the demo never surveys
    from scipy.spatial import distance

    hidden = reader.trace(images).hidden  # (n, 28, 128)
    apart = distance.pdist(hidden.reshape(-1, UNITS).T, "correlation")
    tree = hierarchy.linkage(apart, "average", optimal_ordering=True)
    kept = hidden[:BANK]
    return Units(
        similarity=hierarchy.leaves_list(tree).astype(np.uint8),
        best=_first(-kept.max(axis=1)),
        least=_first(kept.min(axis=1)),
        bank=to_uint8(images[:BANK]),
        sha256=np.array(reader.card["sha256"]),
    )


def _first(keys: np.ndarray) -> np.ndarray:
    """For each unit the digits of the bank with the lowest keys, (300, 128), lowest first: (128, 10)."""
    return np.argsort(keys, axis=0, kind="stable")[:SHOWN].T.astype(np.uint16)


def main() -> None:
    """Survey the shipped weights; an error is one sentence."""
    parser = argparse.ArgumentParser(prog="python -m model.evaluation.unit_survey", description=main.__doc__)
    parser.add_argument("--mnist", type=Path, metavar="PATH", help="mnist.npz; without it, Keras fetches it")
    parser.add_argument("--out", type=Path, metavar="PATH", default=registry.SHIPPED.units, help="the .npz to write")
    args = parser.parse_args()
    try:
        _, validation = load_mnist(args.mnist).split()
        reader = load_reader()
    except (ValueError, FileNotFoundError) as error:
        sys.exit(str(error))
    file = io.BytesIO()
    np.savez_compressed(file, **survey(reader, validation.ink()[:SURVEYED])._asdict())
    try:
        atomic.write({args.out: file.getvalue()})
    except OSError as error:
        sys.exit(f"Cannot write to {args.out.parent}: {error.strerror}. Make room there, or make it writable.")


if __name__ == "__main__":
    main()
