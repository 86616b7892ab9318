"""The guide's corrupted digits are those that the command would pick now."""

import base64
import json

import numpy as np

from model.evaluation import corrupted_examples


def test_the_file_is_as_the_command_writes_it(reader, tmp_path, monkeypatch) -> None:
    written = json.loads(corrupted_examples.FILE.read_text(encoding="utf-8"))
    monkeypatch.setattr(corrupted_examples, "FILE", tmp_path / "corrupted.json")
    monkeypatch.setattr(corrupted_examples, "load_reader", lambda: reader)
    corrupted_examples.main()
    now = json.loads((tmp_path / "corrupted.json").read_text(encoding="utf-8"))
    assert written["source"] == now["source"]
    for one, other in zip(written["drawings"], now["drawings"], strict=True):
        images = [np.frombuffer(base64.b64decode(each.pop("image")), np.uint8).astype(int) for each in (one, other)]
        assert one == other, "python -m model.evaluation.corrupted_examples writes it"
        assert np.abs(images[0] - images[1]).max() <= 1  # another processor may round otherwise


def test_no_more_are_shown_than_are_looked_at() -> None:
    written = json.loads(corrupted_examples.FILE.read_text(encoding="utf-8"))
    assert len(written["drawings"]) == corrupted_examples.SHOWN
    assert corrupted_examples.FILE.stat().st_size < 12_000
    assert all(drawing["read"] != drawing["meant"] for drawing in written["drawings"])
