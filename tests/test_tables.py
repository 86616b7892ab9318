"""What Python and the page share is written from one place, and its colour maps show values as they are."""

import itertools
import json

import numpy as np
import pytest

from model import tables
from model.colormaps import ACCENTS, COLORMAPS, THEMES
from model.networks.dimensions import GATES
from model.preprocessing.variations import VARIATIONS
from model.reader import Trace

ANCHORS = 33
ROUNDING = 0.004  # what eight bits a channel may change of a lightness from 0 to 1


# Björn Ottosson, "A perceptual color space for image processing", 2020: linear sRGB to cone responses to lightness.
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LIGHTNESS = np.array([0.2104542553, 0.7936177850, -0.0040720468])


@pytest.mark.parametrize("name", tables.tables())
def test_the_page_has_the_tables_as_they_are(name) -> None:
    written = (tables.DATA / f"{name}.json").read_text(encoding="utf-8")
    assert written == tables.text_of(tables.tables()[name]), "python -m model.tables writes it"


def test_the_tables_name_what_there_is() -> None:
    table = json.loads(tables.text_of(tables.tables()["tables"]))
    assert [table[size] for size in ("rows", "pixels", "units", "classes")] == [28, 28, 128, 10]
    assert tuple(gate["id"] for gate in table["gates"]) == GATES
    assert [gate["letter"] for gate in table["gates"]] == ["i", "f", "o"]
    assert [variation["id"] for variation in table["variations"]] == list(VARIATIONS)
    assert sorted(shown.id for shown in tables.MAPS) == sorted(Trace._fields)


def test_no_order_is_called_as_another_was() -> None:
    ids = [name for order in tables.ORDERS for name in (order.id, *order.older)]
    assert len(ids) == len(set(ids))
    assert "likeness" in ids


def lightness(anchors: list[str]) -> np.ndarray:
    """OKLab lightness, 0…1, of colours written #rrggbb."""
    srgb = np.array([list(bytes.fromhex(anchor[1:])) for anchor in anchors]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ TO_CONES.T) @ TO_LIGHTNESS


def test_lightness_of_known_colours() -> None:
    # The published values of black, white and pure red.
    assert lightness(["#000000", "#ffffff", "#ff0000"]) == pytest.approx([0, 1, 0.62796], abs=1e-4)


# Machado, Oliveira & Fernandes 2009, in linear sRGB: without one kind of cone.
WITHOUT = {
    "none missing": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_OKLAB = np.array(
    [TO_LIGHTNESS, [1.9779984951, -2.4285922050, 0.4505937099], [0.0259040371, 0.7827717662, -0.8086757660]]
)


def linear(colour: str) -> np.ndarray:
    srgb = np.array(list(bytes.fromhex(colour[1:]))) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG's ratio."""
    light, dark = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) + 0.05 for colour in (one, other))[::-1]
    return light / dark


@pytest.mark.parametrize("missing", WITHOUT)
@pytest.mark.parametrize("theme", THEMES)
def test_no_two_quantities_have_colours_alike_to_any_eye(theme, missing) -> None:
    seen = {
        symbol: TO_OKLAB @ np.cbrt(TO_CONES @ np.clip(WITHOUT[missing] @ linear(colour), 0, 1))
        for symbol, colour in ACCENTS[theme].items()
    }
    assert sorted(seen) == sorted(shown.symbol for shown in tables.MAPS)
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 0.12, (one, other)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("surface", ["card", "paper"])
def test_the_colour_of_a_quantity_stands_out_as_a_line(theme, surface) -> None:
    for symbol, colour in ACCENTS[theme].items():
        assert contrast(colour, THEMES[theme][surface]) >= 3, symbol


def test_the_style_sheet_has_the_colours_of_the_quantities() -> None:
    sheet = (tables.DATA.parent / "styles" / "cell.css").read_text(encoding="utf-8")
    for shown in json.loads((tables.DATA / "maps.json").read_text(encoding="utf-8")):
        light, dark = shown["accent"]["light"], shown["accent"]["dark"]
        assert f"--{shown['id']}: var(--light, {light}) var(--dark, {dark});" in sheet


@pytest.mark.parametrize("theme", THEMES)
def test_the_sequential_map_rises_in_a_straight_line(theme) -> None:
    measured = lightness(COLORMAPS[theme]["sequential"])
    assert len(measured) == ANCHORS
    assert measured == pytest.approx(np.linspace(0.24, 0.93, ANCHORS), abs=ROUNDING)
    assert (np.diff(measured) > 0).all()


@pytest.mark.parametrize(("theme", "middle", "end"), [("light", 0.975, 0.42), ("dark", 0.2, 0.76)])
def test_the_diverging_map_is_as_light_on_one_side_as_on_the_other(theme, middle, end) -> None:
    measured = lightness(COLORMAPS[theme]["diverging"])
    assert len(measured) == ANCHORS
    assert measured == pytest.approx(measured[::-1], abs=ROUNDING)
    outward = np.linspace(middle, end, ANCHORS // 2 + 1)
    assert measured[ANCHORS // 2 :] == pytest.approx(outward, abs=ROUNDING)
    assert (np.sign(np.diff(measured[ANCHORS // 2 :])) == np.sign(end - middle)).all()


@pytest.mark.parametrize("theme", THEMES)
def test_the_middle_of_the_diverging_map_leans_to_neither_sign(theme) -> None:
    red, green, blue = bytes.fromhex(COLORMAPS[theme]["diverging"][ANCHORS // 2][1:])
    assert red == green == blue


def test_the_style_sheet_has_the_same_colours_around_the_maps() -> None:
    sheets = "\n".join(path.read_text(encoding="utf-8") for path in (tables.DATA.parent / "styles").glob("*.css"))
    for name in ("paper", "card", "line", "text", "soft", "accent"):
        light, dark = (THEMES[theme][name] for theme in THEMES)
        assert f"--{name}: var(--light, {light}) var(--dark, {dark});" in sheets
