"""What the README says to Spaces, to GitHub and to programmers is so."""

import importlib.metadata
import json
import re
import tomllib
from pathlib import Path

import matplotlib
import pytest
import yaml

from model import Reading

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
_, FRONT, TEXT = re.split(r"^---\n", README, maxsplit=2, flags=re.M)
SETTINGS = yaml.safe_load(FRONT)
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
PINNED = dict(re.findall(r"^([\w-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.M))
BLOCKS = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)


def test_spaces_is_told_all_it_needs() -> None:
    assert set(SETTINGS) == {
        "title", "emoji", "colorFrom", "colorTo", "sdk", "sdk_version", "python_version", "app_file",
        "fullWidth", "suggested_hardware", "short_description", "thumbnail", "tags", "license",
    }  # fmt: skip
    assert 0 < len(SETTINGS["title"]) <= 60
    assert 0 < len(SETTINGS["short_description"]) <= 60
    assert {SETTINGS["colorFrom"], SETTINGS["colorTo"]} <= COLOURS
    assert re.fullmatch(r"[^\w\s]{1,2}", SETTINGS["emoji"])
    assert SETTINGS["sdk"] == "gradio"
    assert (ROOT / SETTINGS["app_file"]).is_file()
    assert SETTINGS["fullWidth"] is True
    assert SETTINGS["suggested_hardware"] == "cpu-basic"
    assert all(re.fullmatch(r"[a-z-]+", tag) for tag in SETTINGS["tags"])
    assert SETTINGS["thumbnail"].startswith("https://huggingface.co/spaces/YOU/")
    assert (ROOT / SETTINGS["thumbnail"].partition("/main/")[2]).is_file()
    assert SETTINGS["license"] == "mit"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT")


def test_spaces_installs_the_gradio_that_was_tested() -> None:
    assert SETTINGS["sdk_version"] == PINNED["gradio"] == importlib.metadata.version("gradio")


def test_spaces_runs_a_python_that_is_tested() -> None:
    version = SETTINGS["python_version"]
    assert isinstance(version, str), "3.10 without quotes is 3.1"
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8"))
    tested = workflow["jobs"]["tests"]["strategy"]["matrix"]["python"]
    assert version in tested
    first, last = re.search(r"Python (3\.\d+) to (3\.\d+)", TEXT).groups()
    assert [tested[0], tested[-1]] == [first, last]
    ruff = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]
    assert ruff["target-version"] == f"py{first.replace('.', '')}"


def test_github_runs_the_test_command_and_nothing_else() -> None:
    (command,) = re.findall(r"^```\n(python3 tests/run\.py)\n```", TEXT, re.M)
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8"))
    assert [step["run"] for step in workflow["jobs"]["tests"]["steps"] if "run" in step] == [command]


def test_github_pages_get_what_the_command_writes() -> None:
    (command,) = re.findall(r"^\.venv/bin/python (-m model\.site) SITE$", TEXT, re.M)
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["pages"]["steps"]
    assert any(f"{command} site" in step.get("run", "") for step in steps)
    assert [step["with"]["path"] for step in steps if "upload-pages-artifact" in step.get("uses", "")] == ["site"]


def test_every_file_the_readme_names_is_there() -> None:
    for name in re.findall(r"`((?:model|assets|tests)/[\w./-]+)`", TEXT):
        assert (ROOT / name).exists(), name


@pytest.fixture
def headless(monkeypatch) -> None:
    matplotlib.use("Agg")


@pytest.mark.usefixtures("headless")
def test_the_readmes_python_runs() -> None:
    from matplotlib import pyplot

    pyplot.close("all")
    names: dict[str, object] = {}
    for block in BLOCKS:
        exec(block, names)
    assert isinstance(names["reading"], Reading)
    assert names["reading"].digit == 4
    (picture,) = pyplot.gca().get_images()
    assert picture.get_array().shape == (28, 128)
    assert len(BLOCKS[0].strip().splitlines()) <= 10
    pyplot.close("all")


def cells(text: str, rows: str) -> list[list[str]]:
    """The rows of the Markdown table that begins with such a heading, without the marks."""
    table = text[text.index(rows) :].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_figures_are_those_that_the_card_of_the_weights_has() -> None:
    card = json.loads((ROOT / "model" / "networks" / "pretrained" / "shipped.json").read_text(encoding="utf-8"))
    measured = list(card["measured"].values())
    told = cells((ROOT / "model" / "training" / "README.md").read_text(encoding="utf-8"), "| on | measured |")
    told = [row for row in told if "of these writers" not in row[0] and "of each of" not in row[0]][: len(measured)]
    for row, was in zip(told, measured, strict=True):
        digits = len(row[1].split()[0].partition(".")[2])
        figure = f"{was['value']:.4f}" if "AUROC" in was["name"] else f"{100 * was['value']:.{digits}f} %"
        assert row[1] == figure, row[0]
    named = {name: f"{100 * one['value']:.2f} %" for name, one in card["measured"].items()}
    accuracy = TEXT[TEXT.index("## Accuracy") : TEXT.index("## Deploying")]
    guide = (ROOT / "assets" / "guide.html").read_text(encoding="utf-8")
    for name in ("MNIST test images, right", "digits by unseen writers, right"):
        assert named[name] in accuracy
    table = dict(re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', guide))
    assert table["MNIST's 10,000 test images, right"] == named["MNIST test images, right"]
    assert table["calibration error there"] == named["MNIST test images, calibration error"]
    assert table["1,277 digits by six unseen writers, right"] == named["digits by unseen writers, right"]
    assert table["502 letters by unseen writers, taken for a digit"] == named["letters taken for a digit"]
    assert table["MNIST's test images, refused"] == named["MNIST test images, refused"]
