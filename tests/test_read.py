"""Reading a picture file on the command line."""

from pathlib import Path

import pytest
from PIL import Image

from model import read
from tests.support.drawings import pen_digits, photo

DIGIT = pen_digits()[3]


def test_the_picture_of_a_digit_is_read_on_the_command_line(tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "four.png").write_bytes(photo(DIGIT))
    monkeypatch.setattr("sys.argv", ["read", str(tmp_path / "four.png")])
    read.main()
    said = capsys.readouterr().out
    assert said.startswith(f"{DIGIT['digit']}, 9")
    assert "% sure.\n" in said
    assert Image.open(tmp_path / "four-maps.png").size == (1920, 1080)


@pytest.mark.parametrize(
    ("file", "out", "sentence"),
    [
        ("missing.png", "maps.png", "missing.png: No such file or directory."),
        ("text.png", "maps.png", "This is no picture that can be read."),
        ("blank.png", "maps.png", "Nothing in this picture stands out"),
        ("digit.png", "missing/maps.png", "maps.png: No such file or directory."),
    ],
)
def test_the_command_line_says_in_a_sentence_what_is_wrong(tmp_path, monkeypatch, file, out, sentence) -> None:
    (tmp_path / "text.png").write_text("a four")
    Image.new("L", (90, 90), 200).save(tmp_path / "blank.png")
    (tmp_path / "digit.png").write_bytes(photo(DIGIT))
    monkeypatch.setattr("sys.argv", ["read", str(tmp_path / file), "--out", str(tmp_path / out)])
    with pytest.raises(SystemExit, match=sentence):
        read.main()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_named(tmp_path, monkeypatch) -> None:
    (tmp_path / "digit.png").write_bytes(photo(DIGIT))
    monkeypatch.setattr("sys.argv", ["read", str(tmp_path / "digit.png"), "--out", "/dev/full"])
    with pytest.raises(SystemExit, match=r"^/dev/full: No space left on device.$"):
        read.main()
