"""The first screen: all of it is seen while drawing, it answers to fingers, and it can be shown on a projector."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.benchmarks.viewports import DESKTOPS, PHONES, TABLETS, shares
from tests.support.browser import (
    GATES,
    STATE,
    address,
    choose,
    draw,
    example,
    open_page,
    point,
    says,
    serve_apart,
    settled,
)
from tests.support.demo import Demo
from tests.support.drawings import first_of


@pytest.mark.parametrize("size", DESKTOPS)
def test_all_of_it_is_seen_without_scrolling(demo: Demo, visitor: BrowserContext, size: tuple[int, int]) -> None:
    check_all_is_seen(shares(visitor, demo.url, *size))


@pytest.mark.parametrize("size", TABLETS)
def test_all_of_it_is_seen_on_a_tablet(demo: Demo, handheld: BrowserContext, size: tuple[int, int]) -> None:
    check_all_is_seen(shares(handheld, demo.url, *size))


def check_all_is_seen(seen: dict[str, float]) -> None:
    assert {name for name, share in seen.items() if share < 0.999} == set()


@pytest.mark.parametrize("size", PHONES)
def test_on_a_phone_pad_answer_input_and_all_six_maps_are_seen(
    demo: Demo, handheld: BrowserContext, size: tuple[int, int]
) -> None:
    seen = shares(handheld, demo.url, *size)
    wanted = {"pad", "answer", "bars", "input", *GATES}
    assert {name for name in wanted if seen[name] < 0.999} == set()


@pytest.mark.parametrize("size", [(640, 360), (683, 328), (720, 450)])
def test_at_twice_the_size_the_pad_fits_beside_the_maps(
    demo: Demo, visitor: BrowserContext, size: tuple[int, int]
) -> None:
    seen = shares(visitor, demo.url, *size)
    assert {name for name in ("pad", "answer", "hidden") if seen[name] < 0.999} == set()


COVERED = """(names) => {
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  const said = box("#status");
  return names.filter((name) => {
    const part = box(name);
    return part.left < said.right && said.left < part.right && part.top < said.bottom && said.top < part.bottom;
  });
}"""
PLACES = """[...document.querySelectorAll("nav a, nav button, main .card, main canvas, #row")].map((part) =>
  JSON.stringify(part.getBoundingClientRect()))"""


@pytest.mark.parametrize(
    "size",
    [
        (1280, 720),
        (390, 844),
        *(pytest.param(size, marks=pytest.mark.thorough) for size in ((1440, 900), *TABLETS, (844, 390))),
    ],
)
def test_what_is_said_covers_none_of_pad_answer_and_maps_and_moves_nothing(
    demo: Demo, visitor: BrowserContext, size: tuple[int, int]
) -> None:
    page = visitor.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    serve_apart(page)
    open_page(page, demo.url)
    for change in ("{}", "{ hold: { forget_gate: [1, 0, 27] } }"):
        page.evaluate(f"{STATE}.then(({{ show }}) => show({{ away: '', ...{change} }}))")
        settled(page)
        before = page.evaluate(PLACES)
        page.evaluate(f"{STATE}.then(({{ show }}) => show({{ away: 'away' }}))")
        expect(page.locator("#status")).to_be_visible()
        assert page.evaluate(PLACES) == before
        assert page.evaluate(COVERED, ["#sketch-pad", "#prediction", *(f"#{name}" for name in GATES)]) == []
    page.click("#state-strip button", trial=True)
    page.evaluate("scrollTo(0, 400)")
    expect(page.locator("#status")).to_be_in_viewport()
    page.close()


@pytest.fixture
def phone(demo: Demo, handheld: BrowserContext) -> Iterator[Page]:
    page = handheld.new_page()
    open_page(page, demo.url)
    yield page
    page.close()


def test_on_a_phone_a_tap_swaps_the_large_map(phone: Page) -> None:
    sizes = {name: phone.locator(f"#{name} canvas").bounding_box() for name in GATES}
    assert max(sizes, key=lambda name: sizes[name]["width"]) == "hidden"
    image = phone.locator("#what-it-reads").bounding_box()
    assert image["y"] == pytest.approx(sizes["hidden"]["y"], abs=2)
    assert image["height"] == pytest.approx(sizes["hidden"]["height"], abs=2)
    phone.tap("figure:has(#forget_gate) .swap")
    now = {name: phone.locator(f"#{name} canvas").bounding_box() for name in GATES}
    assert max(now, key=lambda name: now[name]["width"]) == "forget_gate"
    assert now["hidden"]["width"] < 100


def test_on_a_phone_the_examples_are_gone_when_the_pen_comes(phone: Page) -> None:
    """They lie over the lower half of the pad, where a dot would choose one."""
    opener, examples = phone.locator("#examples-open"), phone.locator("#examples")
    opener.tap()
    expect(examples).to_be_visible()
    draw(phone, [[300, 100, 320, 180]])
    expect(examples).to_be_hidden()
    opener.press("Enter")
    phone.locator("#examples button").first.focus()
    phone.keyboard.press("Escape")
    expect(examples).to_be_hidden()
    expect(opener).to_be_focused()
    opener.press("Enter")
    phone.locator("#examples button").nth(7).press("Enter")
    expect(examples).to_be_hidden()
    expect(opener).to_be_focused()
    says(phone, "7")


def finger(session: CDPSession, *places: tuple[float, float]) -> None:
    """One that is put down at the first place, goes on to the others, and is lifted."""
    for k, (x, y) in enumerate(places):
        session.send(
            "Input.dispatchTouchEvent",
            {"type": "touchMove" if k else "touchStart", "touchPoints": [{"x": x, "y": y}]},
        )
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_scrolls_over_a_map_taps_and_drags_sideways(phone: Page) -> None:
    session = phone.context.new_cdp_session(phone)
    cursor = phone.locator("#cursor-text")
    box = phone.locator("#hidden canvas").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = cursor.text_content()
    finger(session, *((x, y - 12 * k) for k in range(12)))
    phone.wait_for_timeout(300)
    assert phone.evaluate("scrollY") > 40
    assert cursor.text_content() == before
    phone.evaluate("scrollTo(0, 0)")
    finger(session, (x, y))
    assert cursor.text_content() != before
    tapped = cursor.text_content()
    finger(session, *((x + 8 * k, y) for k in range(10)))
    dragged = cursor.text_content()
    assert dragged.split(" · ")[0] == tapped.split(" · ")[0]
    assert dragged.split(" · ")[1] != tapped.split(" · ")[1]
    assert phone.evaluate("scrollY") == 0


def units_named(page: Page) -> set[str]:
    """The unit in every heading and button that names one."""
    return {
        page.text_content("#cursor-text").split("unit ")[1],
        page.text_content(".unit .number").split("Unit ")[1],
        page.text_content("#update-title span").split("unit ")[1],
        page.text_content("#silence-unit").split("unit ")[1].split(" ")[0],
        page.text_content("#cell-title small").split("unit ")[1].split(",")[0],
    }


def test_all_headings_name_the_same_unit_after_a_drag_and_after_a_brush(four: Page) -> None:
    for brush in (False, True):
        if brush:
            four.click("#brush")
        point(four, "cell", 9, 30)
        four.mouse.down()
        point(four, "cell", 12, 70)
        assert units_named(four) == {"70"}
        four.mouse.up()
        four.mouse.move(0, 0)
        settled(four)
        assert units_named(four) == {"70"}


def test_ticks_name_rows_and_units(four: Page) -> None:
    for name in GATES:
        figure = four.locator("figure", has=four.locator(f"#{name}"))
        assert figure.locator(".row-ticks li").all_text_contents() == ["1", "7", "14", "21", "28"]
        assert figure.locator(".unit-ticks li").all_text_contents() == ["0", "32", "64", "96", "127"]
        assert figure.locator(".unit-ticks li").first.get_attribute("data-counts") == "unit"
    four.click("[data-order=similarity]")
    expect(four.locator("figure:has(#cell) .unit-ticks li").first).to_have_attribute("data-counts", "place")


def test_the_scale_of_the_evidence_holds_still(four: Page) -> None:
    axis = four.locator(".axis li").all_text_contents()
    assert len(axis) == 4
    assert "0" in axis
    four.mouse.move(0, 0)
    for digit in (1, 9, 7):
        example(four, digit)
        low, *_, high = (float(text.replace("−", "-")) for text in four.locator(".axis li").all_text_contents())
        assert high >= float(axis[-1])
        assert low == -high / 2


def test_nothing_moves_while_reading(four: Page) -> None:
    tops = """[...document.querySelectorAll(".card, .frame, #row")].map((e) => e.getBoundingClientRect().top)"""
    before = four.evaluate(tops)
    four.evaluate("document.querySelectorAll('.experiments button')[0].click()")
    settled(four)
    four.evaluate("scrollTo(0, 0)")
    assert four.evaluate(tops)[:12] == before[:12]
    for row in (3, 14, 22):
        four.locator("#row").fill(str(row))
        assert four.evaluate(tops)[:12] == before[:12]


def test_presenting_is_larger_and_leaves_what_a_lecturer_points_at(four: Page) -> None:
    high = four.locator("#sketch-pad").bounding_box()["height"]
    four.keyboard.press("p")
    for part in ("#sketch-pad", "#prediction", "#cell-diagram", *(f"#{name}" for name in GATES)):
        assert four.locator(part).is_visible(), part
    for part in ("#guide", "#away", "#verdict"):
        assert four.locator(part).is_hidden(), part
    assert four.locator("#sketch-pad").bounding_box()["height"] > 1.3 * high
    assert four.evaluate("document.documentElement.scrollHeight") <= 900
    four.click("#single")
    assert [name for name in GATES if four.locator(f"#{name}").is_visible()] == ["hidden"]
    four.click("#present")
    assert four.locator("#guide").is_visible()
    assert four.locator("#verdict").is_visible()


@pytest.mark.parametrize("size", [(1366, 657), (1280, 720), (1000, 700)])
def test_of_the_answer_nothing_is_cut_on_a_low_projector(four: Page, size: tuple[int, int]) -> None:
    """Refused, and with what was read untouched: more words than these it never has."""
    four.click("fieldset:has(legend:text('output gate')) button[data-value='1']")
    settled(four)
    four.set_viewport_size({"width": size[0], "height": size[1]})
    four.keyboard.press("p")
    room = four.locator(".says").bounding_box()
    for part in (".answer strong", ".answer span", ".untouched", ".bars li >> nth=9"):
        box = four.locator(f".says {part}").bounding_box()
        assert box["y"] + box["height"] <= room["y"] + room["height"], part


@pytest.mark.parametrize("size", [(900, 700), (844, 390)])
def test_where_there_is_no_room_to_present_it_is_not_offered(four: Page, size: tuple[int, int]) -> None:
    four.set_viewport_size({"width": size[0], "height": size[1]})
    expect(four.locator("#present")).to_be_hidden()
    four.keyboard.press("p")
    assert not four.evaluate("document.body.classList.contains('presenting')")


def test_the_way_back_to_the_text_is_not_offered_where_there_is_no_text(four: Page) -> None:
    four.locator("#guide [data-to]").first.click()
    expect(four.locator(".how-back")).to_be_visible()
    four.keyboard.press("p")
    expect(four.locator("#guide")).to_be_hidden()
    expect(four.locator(".how-back")).to_be_hidden()


def test_a_key_that_is_kept_down_counts_once(four: Page) -> None:
    for _ in range(4):
        four.keyboard.down("p")
    four.keyboard.up("p")
    expect(four.locator("#present")).to_have_attribute("aria-pressed", "true")


def test_back_after_an_inner_link_stays_on_the_page(four: Page) -> None:
    choose(four, "cell", 9, 77)
    four.click("#how-link")
    four.wait_for_timeout(800)
    example(four, 7)
    four.go_back()
    four.wait_for_timeout(500)
    says(four, "7")
    assert four.text_content("#cursor-text") == "row 10 · unit 77"


def test_back_over_several_inner_links_keeps_what_was_drawn_between_them(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    open_page(page, demo.url)
    page.click("#how-link")
    page.wait_for_timeout(500)
    example(page, 7)
    page.click("nav a >> nth=0")
    page.wait_for_timeout(500)
    for _ in range(2):
        page.go_back()
        page.wait_for_timeout(500)
        says(page, "7")
    page.close()


def test_back_from_another_link_brings_back_the_drawing_before_it(four: Page) -> None:
    four.click("#how-link")
    four.wait_for_timeout(500)
    example(four, 7)
    four.wait_for_timeout(500)
    four.evaluate("(link) => (location.hash = link)", address(first_of(3)))
    says(four, "3")
    four.go_back()
    says(four, "7")
    four.go_back()  # within the page again
    four.wait_for_timeout(500)
    says(four, "7")


def test_the_units_are_ordered_by_similarity_from_the_start(demo: Demo, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    open_page(page, demo.url)
    expect(page.locator("[data-order=similarity]")).to_have_attribute("aria-pressed", "true")
    similar = page.evaluate("fetch('page/network.json').then((reply) => reply.json())")["similarity"]
    point(page, "cell", 9, 64)
    assert page.text_content("#cursor-text") == f"row 10 · unit {similar[64]}"
    page.close()
