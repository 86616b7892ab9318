"""What the guide shows as misread is what the command would pick now."""

import base64
import json

import numpy as np
import pytest

from model.evaluation import misread_examples
from model.evaluation.misread_examples import CORRUPTED, MISTAKES

COMMAND = "python -m model.evaluation.misread_examples writes it"


@pytest.fixture(scope="module")
def now(reader) -> dict[str, dict]:
    digits = misread_examples.shipped_digits()
    first = misread_examples.shipped_digits(misread_examples.LOOKED_AT)
    return {
        MISTAKES: misread_examples.mistakes(reader, digits),
        CORRUPTED: misread_examples.corrupted_examples(reader, first),
    }


@pytest.mark.parametrize("path", [MISTAKES, CORRUPTED], ids=lambda path: path.stem)
def test_the_file_is_as_the_command_writes_it(now, path) -> None:
    written = json.loads(path.read_text(encoding="utf-8"))
    assert written["source"] == now[path]["source"]
    for one, other in zip(written["drawings"], now[path]["drawings"], strict=True):
        one, other = dict(one), dict(other)
        if "image" in one:  # another processor may round otherwise
            images = [np.frombuffer(base64.b64decode(each.pop("image")), np.uint8).astype(int) for each in (one, other)]
            assert np.abs(images[0] - images[1]).max() <= 1
        assert one == other, COMMAND


def test_the_command_writes_both(now, reader, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(misread_examples, "load_reader", lambda: reader)
    monkeypatch.setattr(misread_examples, "mistakes", lambda *_: now[MISTAKES])
    monkeypatch.setattr(misread_examples, "corrupted_examples", lambda *_: now[CORRUPTED])
    for name in ("MISTAKES", "CORRUPTED"):
        monkeypatch.setattr(misread_examples, name, tmp_path / f"{name}.json")
    misread_examples.main()
    assert json.loads((tmp_path / "MISTAKES.json").read_text(encoding="utf-8")) == now[MISTAKES]
    assert json.loads((tmp_path / "CORRUPTED.json").read_text(encoding="utf-8")) == now[CORRUPTED]


def test_no_more_are_shown_than_are_looked_at() -> None:
    written = {path: json.loads(path.read_text(encoding="utf-8"))["drawings"] for path in (MISTAKES, CORRUPTED)}
    assert len(written[CORRUPTED]) == misread_examples.SHOWN
    assert 7 <= len(written[MISTAKES]) <= sum(misread_examples.PARTS.values())
    assert all(path.stat().st_size < 12_000 for path in written)
    assert all(drawing["read"] != drawing["meant"] for drawings in written.values() for drawing in drawings)
