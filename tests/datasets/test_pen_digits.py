import gzip
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.datasets import pen_digits
from model.preprocessing.strokes import strokes_to_image

# Two digits in the form of UCI's file: a 7 of two strokes by writer 3, a 1 of one by writer 28.
TEXT = """\
.INCLUDE        some.doc

.LEXICON "0" "1" "2" "3" "4" "5" "6" "7" "8" "9"
.HIERARCHY      DIGIT

.SEGMENT DIGIT    0-1 ? "7"
.COMMENT 7 3  224
.PEN_DOWN
 100  300
 200  300
 120  -5
.PEN_UP
.DT 100
.PEN_DOWN
 110  200
 180  200
.PEN_UP
.DT 100

.SEGMENT DIGIT    2 ? "1"
.COMMENT 1 28  5
.PEN_DOWN
 50  90
.PEN_UP
.DT 100
"""


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "pens.tra"
    path.write_text(TEXT)
    return path


def test_reads_strokes_digit_and_writer_with_y_down(file) -> None:
    seven, one = pen_digits.load(file)
    assert (seven.digit, seven.writer, one.digit, one.writer) == (7, 3, 1, 28)
    np.testing.assert_array_equal(seven.strokes[0], [[100, -300], [200, -300], [120, 5]])
    np.testing.assert_array_equal(seven.strokes[1], [[110, -200], [180, -200]])
    np.testing.assert_array_equal(one.strokes[0], [[50, -90]])
    assert seven.strokes[0].dtype == np.float64


def test_without_a_path_uci_s_archive_is_fetched(file, monkeypatch) -> None:
    asked = []

    def fetch(name: str, origin: str) -> str:
        asked.append((name, origin))
        return str(file)

    monkeypatch.setattr("keras.utils.get_file", fetch)
    assert len(pen_digits.load()) == 2
    assert asked == [("pendigits-orig.tra.Z", pen_digits.SOURCE)]
    assert pen_digits.SOURCE.endswith(".tra.Z")


def test_without_a_network_it_says_what_to_give(monkeypatch) -> None:
    def offline(*_: str) -> None:
        raise Exception("URL fetch failure")

    monkeypatch.setattr("keras.utils.get_file", offline)
    with pytest.raises(FileNotFoundError, match=r"URL fetch failure.*--pen-digits PATH"):
        pen_digits.load()


def compressed(text: str) -> bytes:
    """Text as Unix's `compress` writes it (.Z), in its simplest form: every code 9 bits, and each stands for a byte.

    The 9 bits last until the table of strings has 512 entries, which a code to clear it (256) puts off. The codes
    come in groups of eight, and a group is filled up when the table is cleared.
    """
    out = bytearray(b"\x1f\x9d\x90")
    content = text.encode()
    for at in range(0, len(content), 200):
        codes = [*content[at : at + 200], 256]
        codes += [0] * (-len(codes) % 8)
        number = sum(code << 9 * k for k, code in enumerate(codes))
        out += number.to_bytes(9 * len(codes) // 8, "little")
    return bytes(out)


def test_a_compressed_file_is_expanded(tmp_path) -> None:
    path = tmp_path / "pens.tra.Z"
    path.write_bytes(compressed(TEXT))
    assert subprocess.run(["gzip", "-dc", path], capture_output=True, check=True).stdout.decode() == TEXT
    assert pen_digits.fingerprint(pen_digits.load(path)) == pen_digits.fingerprint(pen_digits.parse(TEXT, "text"))


def test_a_damaged_compressed_file_is_said(tmp_path) -> None:
    path = tmp_path / "pens.tra.Z"
    path.write_bytes(b"\x1f\x9d\xff" + bytes(range(200)))
    with pytest.raises(ValueError, match="damaged: gzip cannot expand it"):
        pen_digits.load(path)


def test_a_compressed_file_where_there_is_no_gzip_is_said(tmp_path, monkeypatch) -> None:
    path = tmp_path / "pens.tra.Z"
    path.write_bytes(compressed(TEXT))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ValueError, match="no gzip here"):
        pen_digits.load(path)


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(FileNotFoundError, match=re.escape(str(tmp_path / "no.tra"))):
        pen_digits.load(tmp_path / "no.tra")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", gzip.compress(b"text", mtime=0), "é".encode()])
def test_what_is_no_text_is_refused(tmp_path, content) -> None:
    (tmp_path / "pens.tra").write_bytes(content)
    with pytest.raises(ValueError, match="not plain text"):
        pen_digits.load(tmp_path / "pens.tra")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (TEXT, "", "^text holds no pen digits"),
        (TEXT, "hello world\n", "line 1: 'hello world' belongs to no stroke"),
        ('? "7"', '? "x"', 'line 6: a segment should be a DIGIT and end with "0" to "9"'),
        ('? "7"', '? "77"', "line 6: a segment should be"),
        ("SEGMENT DIGIT    0-1", "SEGMENT LETTER  0-1", "line 6: a segment should be"),
        ('.SEGMENT DIGIT    2 ? "1"', ".SEGMENT", "line 20: a segment should be"),
        (".COMMENT 7 3  224", ".COMMENT 8 3  224", "line 7: the comment says 8 where the segment says 7"),
        (".COMMENT 7 3  224", ".COMMENT 7 3", "line 7: expected .COMMENT 7 and the numbers of writer and sample"),
        (".COMMENT 7 3  224", ".COMMENT 7 me 224", "line 7: expected .COMMENT 7"),
        (".COMMENT 7 3  224\n", "", "line 7: a stroke begins before it is said which digit it is"),
        (".COMMENT 1 28  5\n.PEN_DOWN\n 50  90\n.PEN_UP\n", "", "^text ends too early: a 1 has no .COMMENT"),
        (" 200  300\n", " 200\n", "line 10: expected a point, x and y, or .PEN_UP, not '200'"),
        (" 200  300\n", " 200 300 1\n", "line 10: expected a point"),
        (" 200  300\n", " 200 3e2\n", "line 10: expected a point"),
        (" 200  300\n", " 200 nan\n", "line 10: expected a point"),
        (" 200  300\n", " 200 9999999999\n", "line 10: expected a point"),
        (" 120  -5\n.PEN_UP\n", " 120  -5\n", "line 12: expected a point, x and y, or .PEN_UP, not '.DT 100'"),
        (" 50  90\n", "", "line 23: the pen goes up without having drawn a point"),
        (".PEN_DOWN\n 50  90\n", "", "line 22: the pen goes up"),
        (".PEN_DOWN\n 50  90\n", " 50  90\n", "line 22: '50 90' belongs to no stroke"),
        (".PEN_DOWN\n 50  90\n.PEN_UP\n", "", "^text ends too early: a 1 has no strokes"),
        ("90\n.PEN_UP\n.DT 100\n", "90\n", "^text ends too early: the pen never goes up"),
    ],
)
def test_malformed_text_is_one_sentence(old, new, sentence) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(ValueError, match=sentence) as refused:
        pen_digits.parse(TEXT.replace(old, new), "text")
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


@settings(deadline=None)
@given(st.data())
def test_a_cut_text_is_refused_or_gives_fewer(data) -> None:
    whole = pen_digits.parse(TEXT, "text")
    try:
        found = pen_digits.parse(TEXT[: data.draw(st.integers(0, len(TEXT)))], "text")
    except ValueError:
        return
    assert [digit.digit for digit in found] == [digit.digit for digit in whole][: len(found)]


def test_digits_are_told_apart_by_writer() -> None:
    digits = pen_digits.parse(TEXT, "text")
    assert [digit.writer for digit in pen_digits.split(digits, range(1, 19))] == [3]
    assert [digit.writer for digit in pen_digits.split(digits, range(25, 31))] == [28]
    with pytest.raises(ValueError, match="no pen digits by the writers 19 to 24"):
        pen_digits.split(digits, range(19, 25))


def test_the_fingerprint_tells_data_apart() -> None:
    texts = [TEXT, TEXT.replace(" 200  300", " 200  301"), TEXT.replace("1 28  5", "1 27  5")]
    prints = [pen_digits.fingerprint(pen_digits.parse(text, "text")) for text in texts]
    assert len(set(prints)) == 3
    assert prints[0] == pen_digits.fingerprint(pen_digits.parse(TEXT, "elsewhere"))


def test_plain_is_the_page_s_drawing() -> None:
    digits = pen_digits.parse(TEXT, "text")
    made = pen_digits.plain(digits)
    np.testing.assert_array_equal(made.labels, [7, 1])
    np.testing.assert_allclose(made.ink()[0], strokes_to_image(digits[0].strokes), atol=0.5 / 255 + 1e-6)
