"""Weights on disk: the arrays as .npz, and beside them a card as .json that says what they are."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from model import atomic
from model.networks import registry
from model.networks.lstm import Weights


def save(path: str | Path, weights: Weights, card: dict[str, Any]) -> None:
    """Write the arrays to `path` (.npz) and the card, with their checksum, to the same name with .json.

    If this is interrupted, either the old weights or the new ones can be loaded. Raises OSError when the files
    cannot be written.
    """
    path = Path(path)
    _finish(path)
    arrays = Weights(*(np.asarray(a, np.float32) for a in weights))
    file = io.BytesIO()
    np.savez(file, **arrays._asdict())
    card = {**card, "sha256": hashlib.sha256(file.getvalue()).hexdigest()}
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    atomic.write({path.with_suffix(".json"): text.encode(), path: file.getvalue()})


def load(path: str | Path = registry.SHIPPED.weights) -> tuple[Weights, dict[str, Any]]:
    """The weights at `path` and their card.

    Raises FileNotFoundError when either file is missing, ValueError when they are damaged or of another network.
    Nothing is unpickled.
    """
    path = Path(path)
    card_path = path.with_suffix(".json")
    places = [place for place in (path, atomic.beside(path)) if place.is_file()]
    if not (places and card_path.is_file()):
        missing = card_path if places else path
        raise FileNotFoundError(f"There are no weights at {missing}. Make some: python -m model.train")
    try:
        card = json.loads(card_path.read_text(encoding="utf-8"))
        expected = card["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{card_path} is not a weights card: it holds no JSON object with a sha256.") from error
    # A kill between the two renames of `save` leaves the weights that the card describes beside the old ones.
    described = [place for place in places if checksum(place) == expected]
    if not described:
        raise ValueError(f"{path} is damaged or not the file its card describes: the SHA-256 differs. Fetch it again.")
    shapes = Weights.shapes()
    try:
        with np.load(described[0], allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a weights file: it is no .npz of plain arrays.") from error
    found = {name: a.shape for name, a in arrays.items()}
    if found != shapes._asdict():
        raise ValueError(f"{path} holds another network: expected {shapes._asdict()}, found {found}.")
    if not all(a.dtype == np.float32 and np.isfinite(a).all() for a in arrays.values()):
        raise ValueError(f"{path} holds numbers that are not finite float32.")
    return Weights(**arrays), card


def half_precision(weights: Weights) -> Weights:
    """Each number rounded to the nearest float16, as float32: so `packed` holds the very same ones."""
    return Weights(*(np.asarray(array, np.float32).astype(np.float16).astype(np.float32) for array in weights))


def packed(weights: Weights) -> bytes:
    """The arrays one after another as float16, little-endian: `assets/engine/weights.js` takes them apart.

    Raises ValueError for weights of which a number is no float16: the browser would read with other ones.
    """
    if not all(np.array_equal(*pair) for pair in zip(weights, half_precision(weights), strict=True)):
        raise ValueError("Weights that are packed must be rounded to float16 first.")
    return b"".join(np.asarray(array, "<f2").tobytes() for array in weights)


def _finish(path: Path) -> None:
    """Complete a save that was killed between its two renames; the next would overwrite what the card describes."""
    card_path, unfinished = path.with_suffix(".json"), atomic.beside(path)
    if unfinished.is_file() and card_path.is_file() and checksum(unfinished).encode() in card_path.read_bytes():
        unfinished.replace(path)


def checksum(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
