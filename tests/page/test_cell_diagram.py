"""The cell, drawn: its numbers and colours are the maps', its parts light them, and its gates can be held from it."""

import itertools
import re

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.support.browser import GATES, choose, example, number, pixels, point, settled, watched
from tests.support.demo import Demo
from tests.support.drawings import first_of

PARTS = {
    "cell-before": ("cell", 1),
    "forget": ("forget_gate", 0),
    "input": ("input_gate", 0),
    "candidate": ("candidate", 0),
    "cell": ("cell", 0),
    "output": ("output_gate", 0),
    "hidden": ("hidden", 0),
    "hidden-before": ("hidden", 1),
}
HELD = {"forget": "forget_gate", "input": "input_gate", "output": "output_gate"}


def part(page: Page, name: str) -> Locator:
    return page.locator(f"#cell-diagram [data-part='{name}']")


def numbers(page: Page) -> dict[str, float]:
    return {name: number(part(page, name).locator(".value").text_content()) for name in PARTS}


def on_the_maps(page: Page) -> dict[str, float]:
    """The values in focus, as the maps write them."""
    return {name: number(page.text_content(f".inside [data-map={name}] output")) for name in GATES}


def rgb(pixel: int) -> str:
    return f"rgb({pixel & 255} {pixel >> 8 & 255} {pixel >> 16 & 255})"


def what_if(page: Page, name: str) -> Locator:
    """Open what a gate of the diagram opens."""
    part(page, name).locator(".box").click()
    return page.locator("#cell-diagram [role=dialog]")


def check_numbers_and_colours(page: Page, row: int, column: int) -> None:
    if row:
        choose(page, "cell", row - 1, column)
        before = on_the_maps(page)
        colours_before = {name: rgb(int(pixels(page, f"#{name}")[row - 1, column])) for name in GATES}
    choose(page, "cell", row, column)
    shown, here = numbers(page), on_the_maps(page)
    unit = re.search(r"unit (\d+)", page.text_content("#cursor-text"))[1]
    assert page.text_content("#cell-title small") == f"unit {unit}, row {row + 1}"
    for name, (shown_map, back) in PARTS.items():
        fill = part(page, name).locator(".box").get_attribute("fill")
        if back and not row:
            assert shown[name] == 0
            continue
        assert shown[name] == (before if back else here)[shown_map], name
        colour = colours_before[shown_map] if back else rgb(int(pixels(page, f"#{shown_map}")[row, column]))
        assert fill == colour, name
    read = pixels(page, "#what-it-reads")[row] >> 24 & 255
    ink = page.locator("#cell-diagram .pixels rect:not(.paper)").evaluate_all(
        "all => all.map((one) => Number(one.getAttribute('fill-opacity')))"
    )
    np.testing.assert_allclose(ink, read / 255, atol=0.006)


def test_the_numbers_and_colours_are_those_of_the_maps(four: Page) -> None:
    for row, column in ((0, 3), (13, 77), (27, 127)):
        check_numbers_and_colours(four, row, column)


def test_the_numbers_live_while_the_pen_is_down_and_while_it_reads(page: Page) -> None:
    choose(page, "cell", 14, 60)
    blank = numbers(page)
    box = page.locator("#sketch-pad canvas").bounding_box()
    seen = [blank]
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    for x, y in ((0.3, 0.3), (0.7, 0.4), (0.4, 0.7), (0.6, 0.9)):  # each makes another shape, and not only a larger one
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        settled(page)
        seen.append(numbers(page))
        here = on_the_maps(page)
        assert all(seen[-1][name] == here[map_] for name, (map_, back) in PARTS.items() if not back)
    page.mouse.up()
    assert len({tuple(one.values()) for one in seen}) > 3
    page.locator("#row").fill("20")
    page.mouse.move(0, 0)
    assert page.text_content("#cell-title small").endswith("row 21")
    assert numbers(page) != seen[-1]


def test_pointing_at_a_part_lights_its_map_its_term_and_itself(four: Page) -> None:
    choose(four, "cell", 13, 40)
    for name, (shown_map, back) in PARTS.items():
        part(four, name).locator(".box").hover()
        lit = [one for one in GATES if four.locator(f"#{one} .cell-mark").is_visible()]
        assert lit == [shown_map]
        mark, canvas = (four.locator(f"#{shown_map} {one}").bounding_box() for one in (".cell-mark", "canvas"))
        assert mark["y"] - canvas["y"] == pytest.approx(canvas["height"] * (13 - back) / 28, abs=1.5)
        terms = four.locator(".update .term.lit").evaluate_all(
            "all => all.map((t) => [t.dataset.map, t.dataset.before])"
        )
        if (shown_map, back) != ("hidden", 1):  # in no term of the update
            assert {tuple(term) for term in terms} == {(shown_map, str(back))}
        assert "lit" in part(four, name).get_attribute("class")
        four.mouse.move(0, 0)
        assert four.locator(".inside .cell-mark:visible").count() == 0
        assert four.locator("#cell-diagram .lit").count() == 0


def test_pointing_at_a_map_or_a_term_lights_the_part(four: Page) -> None:
    point(four, "candidate", 5, 50)
    assert four.locator("#cell-diagram .lit").evaluate_all("all => all.map((p) => p.dataset.part)") == ["candidate"]
    four.locator(".update .term[data-map=cell][data-before='1']").hover()
    assert four.locator("#cell-diagram .lit").evaluate_all("all => all.map((p) => p.dataset.part)") == ["cell-before"]


def test_the_arrow_keys_go_from_part_to_part_and_enter_asks_what_if(four: Page) -> None:
    assert four.locator("#cell-diagram [tabindex='0']").count() == 1
    part(four, "cell-before").focus()
    for name in list(PARTS)[1:]:
        four.keyboard.press("ArrowRight")
        expect(part(four, name)).to_be_focused()
        assert four.locator(f"#{PARTS[name][0]} .cell-mark").is_visible()
    four.keyboard.press("Home")
    expect(part(four, "cell-before")).to_be_focused()
    four.keyboard.press("Enter")
    assert four.locator("[role=dialog]").count() == 0, "the memory itself is not held"
    four.keyboard.press("ArrowRight")
    four.keyboard.press("Enter")
    dialog = four.get_by_role("dialog", name="What if: forget gate")
    expect(dialog.get_by_role("button", name="free")).to_be_focused()
    four.keyboard.press("Tab")
    four.keyboard.press("Enter")  # 0
    settled(four)
    assert len(np.unique(pixels(four, "#forget_gate"))) == 1
    assert part(four, "forget").get_attribute("aria-expanded") == "true"
    four.keyboard.press("Escape")
    assert four.locator("[role=dialog]").count() == 0
    expect(part(four, "forget")).to_be_focused()
    assert part(four, "forget").get_attribute("aria-label") == "forget gate: 0.00, held"


def check_holding(four: Page, name: str, gate: str) -> None:
    choose(four, "cell", 13, 40)
    free = pixels(four, f"#{gate}")
    unit = int(re.search(r"unit (\d+)", four.text_content("#cell-title small"))[1])
    dialog = what_if(four, name)
    assert dialog.locator("output").text_content() == "free"
    dialog.get_by_role("button", name="1", exact=True).click()
    settled(four)
    assert len(np.unique(pixels(four, f"#{gate}"))) == 1
    assert numbers(four)[name] == 1
    assert "untouched" in four.text_content(".untouched")
    dialog.get_by_role("button", name="unit", exact=True).click()
    settled(four)
    held = pixels(four, f"#{gate}")
    assert [k for k in range(128) if len(np.unique(held[:, k])) == 1] == [40]
    # Forget gates are rounded together with those of later rows: here and there a colour is the next.
    assert (np.delete(held[0], 40) != np.delete(free[0], 40)).sum() <= 3
    assert dialog.locator(".unit-number").input_value() == str(unit)
    dialog.locator("[type=range]").fill("0.35")
    dialog.locator(".from").fill("11")
    four.keyboard.press("Enter")
    dialog.locator(".to").fill("20")
    four.keyboard.press("Enter")
    settled(four)
    assert numbers(four)[name] == 0.35
    held = pixels(four, f"#{gate}")
    assert len(np.unique(held[10:20, 40])) == 1
    assert (held[:10] != free[:10]).sum() <= 30
    # The view of all what-ifs shows the same.
    control = four.locator(f".what-if .gate-control[data-map={gate}]")
    values = control.locator("input").evaluate_all("all => all.map((input) => Number(input.value))")
    assert values == [0.35, 11, 20, unit]
    four.wait_for_timeout(450)
    assert f"hold={gate[0]}-0.35-10-19-{unit}" in four.evaluate("location.hash")
    dialog.get_by_role("button", name="free").click()
    settled(four)
    np.testing.assert_array_equal(pixels(four, f"#{gate}"), free)
    four.keyboard.press("Escape")


def test_a_gate_is_held_right_there_at_some_rows_for_one_unit_or_all(four: Page) -> None:
    for name, gate in HELD.items():
        check_holding(four, name, gate)


def test_rows_and_unit_chosen_while_a_gate_is_free_hold_when_it_is_held(four: Page) -> None:
    free = pixels(four, "#input_gate")
    control = four.locator(".what-if .gate-control[data-map=input_gate]")
    control.locator(".from").fill("25")
    four.keyboard.press("Enter")
    control.locator(".unit-number").fill("300")
    four.keyboard.press("Enter")
    assert control.locator(".unit-number").input_value() == "127"
    settled(four)
    np.testing.assert_array_equal(pixels(four, "#input_gate"), free)
    control.get_by_role("button", name="0", exact=True).click()
    settled(four)
    four.wait_for_timeout(450)
    assert "hold=i-0-24-27-127" in four.evaluate("location.hash")


def test_what_is_held_or_silenced_is_marked_and_named(four: Page) -> None:
    choose(four, "cell", 13, 40)
    dialog = what_if(four, "hidden")
    dialog.get_by_role("button", name="Silence unit").click()
    settled(four)
    assert part(four, "hidden").get_attribute("aria-label") == "hidden state: 0.00, silent"
    assert part(four, "hidden").locator(".more").text_content() == "silent"
    dialog.get_by_role("button", name="speak").click()
    settled(four)
    assert part(four, "hidden").locator(".more").text_content() == ""
    dialog = what_if(four, "forget")
    dialog.get_by_role("button", name="1", exact=True).click()
    dialog.locator(".from").fill("15")
    four.keyboard.press("Enter")
    settled(four)
    assert part(four, "forget").locator(".more").text_content() == "", "row 14 is free"
    four.locator("#row").fill("14")
    assert part(four, "forget").locator(".more").text_content() == "held"


def test_the_card_goes_when_something_else_is_pressed(four: Page) -> None:
    what_if(four, "output")
    what_if(four, "input")
    assert four.locator("[role=dialog]").count() == 1
    assert four.get_by_role("dialog", name="What if: input gate").is_visible()
    part(four, "input").locator(".box").click()
    assert four.locator("[role=dialog]").count() == 0
    what_if(four, "output")
    four.locator("#sketch-pad canvas").click()
    assert four.locator("[role=dialog]").count() == 0


def test_a_finger_holds_a_gate(handheld: BrowserContext, demo: Demo) -> None:
    with watched(handheld, demo.url, strokes=first_of(4)) as page:
        for width, height in ((390, 844), (360, 640), (640, 360), (820, 1180)):
            page.set_viewport_size({"width": width, "height": height})
            part(page, "forget").scroll_into_view_if_needed()
            part(page, "forget").locator(".box").tap()
            dialog = page.locator("[role=dialog]")
            box = dialog.bounding_box()
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width
            for control in dialog.locator("button, input[type=range]").all():
                assert control.bounding_box()["height"] >= 43.5
            for touch in page.locator("#cell-diagram .touch").all():
                assert min(touch.bounding_box()["width"], touch.bounding_box()["height"]) >= 43.5
            assert len(np.unique(pixels(page, "#forget_gate"))) > 1
            dialog.get_by_role("button", name="0", exact=True).tap()
            settled(page)
            assert len(np.unique(pixels(page, "#forget_gate"))) == 1
            dialog.get_by_role("button", name="free").tap()
            settled(page)
            dialog.get_by_role("button", name="Done").tap()
            assert dialog.count() == 0


# The places of all numbers, letters and signs, and of the boxes that numbers stand in, on the screen.
PLACES = """all => all.map((one) => {
  const { left, top, right, bottom } = one.getBoundingClientRect();
  return [left, top, right, bottom];
})"""


def test_numbers_are_readable_and_never_overlap(four: Page) -> None:
    for gate in ("forget gate", "input gate"):
        four.click(f".what-if fieldset:has(legend:text('{gate}')) button[data-value='1']")
    settled(four)
    for width in (300, 380, 560):
        four.evaluate(
            "(w) => Object.assign(document.querySelector('#cell-diagram').style, { width: `${w}px`, flex: 'none' })",
            width,
        )
        widest = 0
        for row, column in itertools.product((0, 9, 18, 27), (0, 62, 124)):
            point(four, "cell", row, column)
            texts = four.locator("#cell-diagram .value").evaluate_all(PLACES)
            boxes = four.locator("#cell-diagram .box").evaluate_all(PLACES)
            for (left, top, right, bottom), box in zip(texts, boxes, strict=True):
                assert box[0] < left < right < box[2]
                assert box[1] < top + 2 < bottom - 2 < box[3] + 2
                widest = max(widest, (right - left) / (box[2] - box[0]))
        assert widest > 0.6, "a long number was among them"
        sizes = four.locator("#cell-diagram .value").evaluate_all(
            "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().a)"
        )
        assert min(sizes) >= 11
        everything = four.locator("#cell-diagram :is(.box, .signs circle, .signs rect)").evaluate_all(PLACES)
        for one, other in itertools.combinations(everything, 2):
            apart = one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
            assert apart, (one, other)


@pytest.mark.thorough
def test_numbers_are_readable_on_every_colour(four: Page) -> None:
    for scheme, row in itertools.product(("light", "dark"), range(0, 28, 5)):
        four.emulate_media(color_scheme=scheme)
        choose(four, "cell", row, 4 * row)
        for fill, ink in four.locator("#cell-diagram .part").evaluate_all(
            "all => all.map((p) => ['.box', '.words'].map((c) => p.querySelector(c).getAttribute('fill')))"
        ):
            r, g, b = (int(value) / 255 for value in re.findall(r"\d+", fill))
            linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (r, g, b)]
            luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
            contrast = 1.05 / (luminance + 0.05) if ink == "#ffffff" else (luminance + 0.05) / 0.05
            assert contrast >= 4.5


def test_in_forced_colours_boxes_lines_and_numbers_stay(four: Page) -> None:
    four.emulate_media(forced_colors="active")
    looks = four.locator("#cell-diagram .part").evaluate_all(
        """all => all.map((one) => {
          const [box, number] = [".box", ".value"].map((name) => getComputedStyle(one.querySelector(name)));
          return [box.fill, box.stroke, number.fill];
        })"""
    )
    for fill, stroke, ink in looks:
        assert fill != stroke
        assert fill != ink


def test_a_quantity_has_one_colour_wherever_it_is_named(four: Page) -> None:
    for name in GATES:
        places = [
            f".inside figure[data-map={name}] figcaption b i",
            f".formula .quantity[data-map={name}]",
            f".update .term[data-map={name}]",
        ]
        if name in HELD.values():
            places.append(f".what-if .gate-control[data-map={name}] .quantity")
        colours = {
            four.locator(place).first.evaluate("one => getComputedStyle(one).borderBottomColor") for place in places
        }
        box = four.locator(f"#cell-diagram .part[data-map={name}] .box").first
        colours.add(box.evaluate("one => getComputedStyle(one).stroke"))
        assert len(colours) == 1, name


def test_a_reading_costs_the_diagram_next_to_nothing(page: Page) -> None:
    """All that a reading changes in it is attributes and text of what is there."""
    page.evaluate(
        """() => {
          window.grown = 0;
          new MutationObserver((changes) => changes.forEach(({ type, target }) => {
            if (type === "childList" && !target.matches(".value, .more")) grown += 1;
          })).observe(document.querySelector("#cell-diagram"), { childList: true, subtree: true });
        }"""
    )
    example(page, 7)
    example(page, 2)
    assert page.evaluate("grown") == 0
