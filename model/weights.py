"""Weights on disk: the arrays as .npz, and beside them a card as .json that says what they are."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from model.network import Weights

SHIPPED = Path(__file__).with_name("shipped.npz")


def save(path: str | Path, weights: Weights, card: dict[str, Any]) -> None:
    """Write the arrays to `path` (.npz) and the card, with their checksum, to the same name with .json.

    Both are written beside and then renamed, so that a full disk leaves what was there whole.
    """
    path = Path(path)
    arrays = Weights(*(np.asarray(a, np.float32) for a in weights))
    beside = path.with_suffix(".npz.part")
    with beside.open("wb") as file:
        np.savez(file, **arrays._asdict())
    card = {**card, "sha256": checksum(beside)}
    card_beside = path.with_suffix(".json.part")
    card_beside.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    beside.replace(path)
    card_beside.replace(path.with_suffix(".json"))


def load(path: str | Path = SHIPPED) -> tuple[Weights, dict[str, Any]]:
    """The weights at `path` and their card.

    Raises FileNotFoundError when either file is missing, ValueError when they are damaged or of another network.
    Nothing is unpickled.
    """
    path = Path(path)
    card_path = path.with_suffix(".json")
    for file in (path, card_path):
        if not file.is_file():
            raise FileNotFoundError(f"There are no weights at {file}. Make some: python -m model.train")
    try:
        card = json.loads(card_path.read_text(encoding="utf-8"))
        expected = card["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{card_path} is not a weights card: it holds no JSON object with a sha256.") from error
    if checksum(path) != expected:
        raise ValueError(f"{path} is damaged or not the file its card describes: the SHA-256 differs. Fetch it again.")
    shapes = Weights.shapes()
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a weights file: it is no .npz of plain arrays.") from error
    found = {name: a.shape for name, a in arrays.items()}
    if found != shapes._asdict():
        raise ValueError(f"{path} holds another network: expected {shapes._asdict()}, found {found}.")
    if not all(a.dtype == np.float32 and np.isfinite(a).all() for a in arrays.values()):
        raise ValueError(f"{path} holds numbers that are not finite float32.")
    return Weights(**arrays), card


def checksum(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
