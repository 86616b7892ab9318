"""Each row of the security table in `model/serving/README.md` is shown by the tests that it names."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "model" / "serving" / "README.md").read_text(encoding="utf-8")
(TABLE,) = re.findall(r"^\| what \| limit \|.*\n\| --- .*\n((?:\|.*\n)+)", README, re.M)
ROWS = dict(re.findall(r"^\| ([^|]+) \|.*\| ([^|]+) \|$", TABLE, re.M))
FILES = {
    path.stem.removeprefix("test_"): re.findall(r"^(?:async )?def test_(\w+)", path.read_text(encoding="utf-8"), re.M)
    for folder in ("resilience", "serving", "preprocessing")
    for path in (ROOT / "tests" / folder).glob("test_*.py")
}


@pytest.mark.parametrize("what", ROWS)
def test_the_tests_that_show_it_are_there(what) -> None:
    for shown in ROWS[what].split("; "):
        file, names = re.fullmatch(r"`(\w+)`: (.+)", shown).groups()
        for name in names.split(", "):
            words = re.sub(r"\W+", "_", name.lower().replace("'", ""))
            assert any(f"_{words}_" in f"_{test}_" for test in FILES[file]), name


def test_the_table_is_whole_and_pointed_to() -> None:
    assert len(ROWS) == len(TABLE.splitlines()) > 15
    assert "model/serving/README.md" in (ROOT / "README.md").read_text(encoding="utf-8")
