"""The tour and the guide: they lead where they say, and what they say of the drawing is true."""

import json
import re
import shlex
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from model.serving.api import Name
from tests.support.browser import STATE, TWO_FRAMES, example, open_page, wait_until, watched
from tests.support.demo import Demo

ASSETS = Path(__file__).resolve().parents[2] / "assets"
TOUR = json.loads((ASSETS / "data" / "tour.json").read_text(encoding="utf-8"))
STOPS = TOUR["stops"]
CHANGED = {"row", "unit", *TOUR["throughout"], *(key for stop in STOPS for key in stop.get("show", ()))}
ARRAYS = {"verdict": 10, "evidence": 10, "logits": 10, "memory": 128, "added": 128, "cell": 128, "hidden": 128}
ARRAYS |= {"input_gate": 128, "forget_gate": 128, "output_gate": 128, "candidate": 128}
GUIDE = (ASSETS / "guide.html").read_text(encoding="utf-8")
LINKS = re.findall(r"data-to=", GUIDE)
CHAPTERS = re.findall(r'class="chapter" id="([\w-]+)"', GUIDE)


def shown(page: Page, keys: set[str]) -> dict[str, Any]:
    """The named parts of what is shown, from the page's own store."""
    return page.evaluate(f"keys => {STATE}.then(s => Object.fromEntries(keys.map(k => [k, s.now()[k]])))", list(keys))


def put(page: Page, change: dict[str, Any]) -> None:
    page.evaluate(f"change => {STATE}.then(s => s.show(change))", change)


def reading(page: Page) -> dict[str, Any]:
    """The reading that is shown, as (28, n) arrays, with the closest digit, probabilities and the readout's weights."""
    plain = page.evaluate(
        f"names => {STATE}.then(s => s.now()).then(({{reading, network}}) => ({{closest: reading.closest,"
        " probabilities: [...reading.probabilities], readout: [...network.readout],"
        " ...Object.fromEntries(names.map(n => [n, [...reading[n]]]))}))",
        list(ARRAYS),
    )
    arrays = {name: np.array(plain[name]).reshape(28, columns) for name, columns in ARRAYS.items()}
    return {**plain, **arrays, "readout": np.array(plain["readout"]).reshape(128, 10)}


def peak(values: np.ndarray) -> dict[str, int]:
    """The row and the unit at which (28, 128) values are highest."""
    return dict(zip(("row", "unit"), map(int, np.unravel_index(values.argmax(), values.shape)), strict=True))


def places(r: dict[str, Any]) -> dict[str, dict[str, int]]:
    """What each place that the tour and the text name is, worked out anew."""
    d = r["closest"]
    last = r["verdict"].argmax(1) == d
    unit = int((r["hidden"][-1] * r["readout"][:, d]).argmax())
    others = np.delete(np.arange(10), d)
    return {
        "settled-row": {"row": 28 - int(np.argmin(last[::-1])) if not last.all() else 0},
        "most-evidence": {"row": int(r["evidence"][:, d].argmax())},
        "least-evidence": {"row": int(r["evidence"][:, d].argmin())},
        "closest-rival": {"against": int(others[np.array(r["probabilities"])[others].argmax()])},
        "most-forgetful-row": {"row": int(r["forget_gate"].mean(1).argmin())},
        "most-written": peak(abs(r["input_gate"] * r["candidate"])),
        "most-let-go": peak(np.vstack([np.zeros(128), abs(r["cell"][:-1]) * (1 - r["forget_gate"][1:])])),
        "most-withheld": peak(abs(np.tanh(r["cell"])) * (1 - r["output_gate"])),
        "longest-memory": {"unit": int(r["memory"].mean(0).argmax())},
        "most-telling-unit": {"unit": unit},
        "most-telling-place": {"unit": unit, "row": int((r["added"][:, unit] * r["readout"][unit, d]).argmax())},
    }


def boxes(page: Page, *selectors: str) -> list[dict[str, float]]:
    """For each selector the rectangle in the window around all that it selects, once they have come to rest."""
    seen = None
    while True:
        now = page.evaluate(
            "selectors => selectors.map((selector) => {"
            " const all = [...document.querySelectorAll(selector)].map((e) => e.getBoundingClientRect());"
            " return {left: Math.min(...all.map((r) => r.left)), right: Math.max(...all.map((r) => r.right)),"
            " top: Math.min(...all.map((r) => r.top)), bottom: Math.max(...all.map((r) => r.bottom))}; })",
            selectors,
        )
        if now == seen:
            return now
        seen = now
        page.evaluate(TWO_FRAMES)


def check_stop(page: Page, stop: dict[str, Any]) -> None:
    """The part is in the window, lit, and the card, in the window too, does not cover it."""
    expect(page.locator(".tour-card h2")).to_have_text(stop["title"])
    expect(page.locator(".tour-card > div > p")).to_have_text(stop["text"])
    part, light, card = boxes(page, stop["light"], ".tour-light", ".tour-card")
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    if part["bottom"] - part["top"] + card["bottom"] - card["top"] > height - 30 and card["right"] - card["left"] > 600:
        part["bottom"] = light["bottom"] - 6  # too large to be shown whole beside the words: its upper part is lit
        assert light["bottom"] - light["top"] > 0.5 * height
    for box in (part, card):
        assert box["left"] >= 0, stop
        assert box["right"] <= width, stop
        assert box["top"] >= 0, stop
        assert box["bottom"] <= height, stop
    for side in part:
        assert abs(light[side] - part[side]) == pytest.approx(6, abs=1), stop
    apart = (
        card["left"] >= part["right"]
        or card["right"] <= part["left"]
        or card["top"] >= part["bottom"]
        or card["bottom"] <= part["top"]
    )
    assert apart, stop


@pytest.fixture
def page(demo: Demo, visitor: BrowserContext) -> Iterator[Page]:
    """The page with a blank pad, whose state these tests look into."""
    with watched(visitor, demo.url, apart=True) as page:
        yield page


@pytest.fixture(scope="module")
def tab(demo: Demo, visitor: BrowserContext) -> Iterator[tuple[Page, dict[str, Any]]]:
    """A page for one who asked for less motion, and what it shows at first."""
    with watched(visitor, demo.url, apart=True) as page:
        page.emulate_media(reduced_motion="reduce")
        yield page, shown(page, {*CHANGED, "map", "overlay", "difference", "pinned", "vary", "placed", "pointed"})


@pytest.fixture
def calm(tab: tuple[Page, dict[str, Any]]) -> Page:
    """That page with a four on it, put back to what it shows at first."""
    page, first = tab
    page.keyboard.press("Escape")
    page.evaluate("scrollTo(0, 0)")
    put(page, first)
    example(page, 4)
    return page


def test_the_tour_goes_on_with_next_and_shows_what_it_says(calm: Page) -> None:
    put(calm, {"row": 3, "playing": True})
    calm.click("#tour")
    for k, stop in enumerate(STOPS):
        expect(calm.locator(".steps span")).to_have_text(f"{k + 1} of {len(STOPS)}")
        check_stop(calm, stop)
        wanted = {**TOUR["throughout"], **stop.get("show", {})}
        if "find" in stop:
            wanted |= places(reading(calm))[stop["find"]]
        if wanted["playing"]:
            del wanted["row"], wanted["readTo"]  # it runs
        assert shown(calm, set(wanted)) == wanted, stop
        if stop is not STOPS[-1]:
            calm.click("text='Next'")
    expect(calm.locator("#sketch-pad")).to_be_in_viewport(ratio=1)  # now draw
    calm.click("text='Done'")
    expect(calm.locator(".tour-card, .tour-light")).to_have_count(0)
    assert shown(calm, {"row", "playing"}) == {"row": 27, "playing": False}  # what played is played out


@pytest.mark.parametrize(
    "size",
    [
        (390, 844),
        (1180, 700),
        *(pytest.param(size, marks=pytest.mark.thorough) for size in ((360, 640), (640, 360), (820, 1180))),
        pytest.param((1366, 657), marks=pytest.mark.thorough),
    ],
)
def test_the_tour_fits_every_screen(
    demo: Demo, visitor: BrowserContext, handheld: BrowserContext, size: tuple[int, int]
) -> None:
    page = (handheld if size[0] < 1000 else visitor).new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(reduced_motion="reduce")
    open_page(page, demo.url)
    page.click("#tour")
    for stop in STOPS:
        check_stop(page, stop)
        page.locator(".steps button").last.click()
    expect(page.locator(".tour-card, .tour-light")).to_have_count(0)
    page.close()


def test_the_tour_ends_where_the_page_is_for_a_projector(calm: Page) -> None:
    calm.click("#tour")
    calm.keyboard.press("p")
    expect(calm.locator(".tour-card, .tour-light")).to_have_count(0)
    expect(calm.locator("#present")).to_have_attribute("aria-pressed", "true")
    calm.keyboard.press("p")


def test_the_tour_goes_by_keys_and_puts_everything_back(calm: Page) -> None:
    mine = {"row": 9, "unit": 77, "digit": 3, "against": 8, "order": "peak", "hold": {"input_gate": [0.5, 3, 9]}}
    put(calm, {**mine, "silence": [5], "playing": False})
    before = shown(calm, CHANGED)
    title = calm.locator(".tour-card h2")
    calm.focus("#tour")
    calm.keyboard.press("Enter")
    assert calm.evaluate("document.activeElement.closest('.tour-card') !== null")
    calm.keyboard.press("ArrowLeft")
    expect(title).to_have_text(STOPS[0]["title"])
    for stop in STOPS[1:]:
        calm.keyboard.press("ArrowRight")
        expect(title).to_have_text(stop["title"])
    assert shown(calm, CHANGED) != before
    calm.keyboard.press("ArrowRight")
    expect(title).to_have_text(STOPS[-1]["title"])
    for stop in STOPS[-2:-4:-1]:
        calm.keyboard.press("ArrowLeft")
        expect(title).to_have_text(stop["title"])
    assert shown(calm, {"order"}) == {"order": "peak"}
    calm.keyboard.press("Escape")
    expect(calm.locator(".tour-card, .tour-light")).to_have_count(0)
    assert shown(calm, CHANGED) == before
    assert calm.evaluate("document.activeElement.id") == "tour"
    calm.keyboard.press("ArrowRight")
    assert shown(calm, CHANGED) == before


def test_a_link_that_is_opened_during_the_tour_stays(calm: Page) -> None:
    calm.click("#tour")
    calm.evaluate("location.hash = '#hold=o-1-0-27&row=5&unit=7'")
    expect(calm.locator(".tour-card, .tour-light")).to_have_count(0)
    assert shown(calm, {"row", "unit"}) == {"row": 5, "unit": 7}
    expect(calm.locator("#state-strip")).to_contain_text("Output gate held at 1")


def test_a_slider_keeps_its_arrows_during_the_tour(calm: Page) -> None:
    calm.click("#tour")
    calm.keyboard.press("ArrowRight")
    row = shown(calm, {"row"})["row"]
    calm.focus("#row")
    calm.keyboard.press("ArrowRight")
    assert shown(calm, {"row"})["row"] == row + 1
    expect(calm.locator(".tour-card h2")).to_have_text(STOPS[1]["title"])


@pytest.mark.thorough
def test_the_tour_of_a_blank_pad_follows_what_is_then_drawn(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.click("#tour")
    for stop in STOPS[1:]:
        expect(page.locator(".tour-card .note")).to_be_visible()
        page.click("text='Next'")
        check_stop(page, stop)
    for _ in STOPS[2:]:
        page.click("text='Back'")
    page.evaluate("document.querySelectorAll('#examples button')[7].click()")
    expect(page.locator("#prediction")).to_have_attribute("data-digit", "7")
    expect(page.locator(".tour-card .note")).to_be_hidden()
    assert shown(page, {"row"}) == places(reading(page))["settled-row"]


@pytest.mark.thorough
def test_every_link_of_the_text_shows_what_it_says(calm: Page) -> None:
    links = calm.locator("#guide [data-to]")
    assert links.count() == len(LINKS) > 8
    led_back = 0
    for k in range(links.count()):
        link = links.nth(k)
        put(calm, {"row": 0, "unit": 0, "digit": 1, "against": 2, "order": "index", "hold": {}, "playing": True})
        expect(calm.locator("#prediction")).to_have_attribute("data-digit", "4")
        wanted = {"playing": False, **json.loads(link.get_attribute("data-show") or "{}")}
        if find := link.get_attribute("data-find"):
            wanted |= places(reading(calm))[find]
        assert len(wanted) > 1
        link.click()
        assert shown(calm, set(wanted)) == wanted, link.text_content()
        (part,) = boxes(calm, f".gatescope {link.get_attribute('data-to')}")
        assert 0 <= part["top"] < 600, link.text_content()
        at = link.bounding_box()["y"]
        if not 0 <= at <= 900 - 40:
            calm.click("text='Back to the text'")
            expect(link).to_be_in_viewport()
            led_back += 1
        assert link.evaluate("link => link === document.activeElement")
        expect(calm.locator(".how-back")).to_have_count(0)
    assert led_back > 8


def test_what_a_link_of_the_text_shows_is_said(calm: Page) -> None:
    calm.evaluate("""() => {
      window.heard = [];
      const spoken = document.querySelector(".spoken");
      new MutationObserver(() => heard.push(spoken.textContent)).observe(spoken, { childList: true });
    }""")
    calm.click("#guide [data-find='settled-row']")
    row = places(reading(calm))["settled-row"]["row"]
    wait_until(calm, "heard.some((text) => text.startsWith('Shown'))")
    (said,) = [text for text in calm.evaluate("heard") if text.startswith("Shown")]
    assert re.match(rf"Shown: row {row + 1}, unit \d+; order: ", said)


def test_links_that_look_for_something_rest_while_there_is_nothing(page: Page) -> None:
    finding = page.locator("#guide [data-find]")
    assert finding.evaluate_all("all => all.map((link) => link.disabled)") == [True] * finding.count()
    page.click("#examples button >> nth=4")
    expect(finding.first).to_be_enabled()


def test_held_at_one_half_the_cell_forgets_as_the_text_says(calm: Page) -> None:
    calm.click("text='hold the forget gate at 0.5'")
    expect(calm.locator(".untouched")).to_be_visible()
    memory = reading(calm)["memory"]
    assert memory == pytest.approx(np.repeat(0.5 ** np.arange(27, -1, -1)[:, None], 128, 1), abs=1e-4)
    calm.click("text='set it free'")
    expect(calm.locator(".untouched")).to_be_hidden()


def test_the_header_leads_to_the_text(page: Page) -> None:
    page.click("#examples button >> nth=4")
    wait_until(page, "location.hash.includes('draw=.')")
    address = page.url
    top = "document.querySelector('#guide').getBoundingClientRect().top"
    page.emulate_media(reduced_motion="reduce")
    page.click("#how-link")
    assert 0 <= page.evaluate(top) < 450  # at once
    page.evaluate("scrollTo(0, 0)")
    page.emulate_media(reduced_motion="no-preference")
    page.click("#how-link")
    assert page.evaluate(top) > 450  # on its way
    expect(page.locator("#guide-title")).to_be_in_viewport()
    assert 0 <= boxes(page, "#guide")[0]["top"] < 450
    assert page.evaluate("document.activeElement.id") == "guide-title"
    assert page.url == address


@pytest.mark.served
def test_the_header_leads_to_what_programs_ask_and_they_are_answered(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.click("#api-link")
    expect(page.locator("#api-title")).to_be_in_viewport()
    assert page.evaluate("document.activeElement.id") == "api-title"
    python, curl = page.locator("#api pre").all_inner_texts()
    asked: dict[str, Any] = {}
    exec(python.replace("\n\nClient", "\n\nanswer = Client"), asked)
    assert asked["answer"]["digit"] is not None
    assert list(asked["answer"]["arrays"]) == ["cell", "evidence"]
    command = shlex.split(curl)
    body, url = command[command.index("-d") + 1], command[-1]
    request = urllib.request.Request(url, body.encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as reply:
        assert json.load(reply)["data"][0]["digit"] == 4


def test_links_to_files_of_the_repository_lead_there_once_it_is_known_where_it_is(page: Page) -> None:
    links = page.locator("#guide [data-source]")
    assert links.evaluate_all("all => all.map((link) => link.href)") == [""] * links.count()
    source = "https://example.org/gatescope/blob/main/"
    page.add_init_script(
        f"""addEventListener("DOMContentLoaded", () => document.head.append(
            Object.assign(document.createElement("meta"), {{ name: "source", content: "{source}" }})));"""
    )
    page.reload()
    page.wait_for_selector("body[data-started]")
    for link in links.all():
        assert link.evaluate("link => link.href") == source + link.get_attribute("data-source")


def test_each_chapter_can_be_gone_to_and_has_a_live_figure(calm: Page) -> None:
    names = ["rows", "gates", "memory", "evidence", "what-if", "training"]
    assert [f"chapter-{name}" for name in names] == CHAPTERS
    for chapter in CHAPTERS:
        calm.click(f".chapters a[href='#{chapter}']")
        assert calm.evaluate("document.activeElement.id") == f"{chapter}-title"
        text, figure = boxes(calm, f"#{chapter} .text", f"#{chapter} .figures")
        assert text["right"] - text["left"] <= 640
        assert figure["left"] > text["right"]
        assert figure["top"] < 300
        lines = calm.locator(f"#{chapter} .text > p").first.evaluate(
            "e => [getComputedStyle(e).fontSize, getComputedStyle(e).lineHeight]"
        )
        assert lines == ["17px", "27px"]


def test_the_figures_answer_to_the_drawing(calm: Page) -> None:
    """Row, sums and score, against the reading that is shown."""
    put(calm, {"row": 13})
    expect(calm.locator("#row-figure-title span")).to_have_text("Row 14 comes in")
    r = reading(calm)
    best = int(r["verdict"][13].argmax())
    expect(calm.locator(".row-figure .note")).to_contain_text(
        f"it would say {best} with {100 * r['verdict'][13].max():.1f}%"
    )
    rival = places(r)["closest-rival"]["against"]
    expect(calm.locator("#sums-title")).to_have_text(f"The shares for 4 and {rival} add up")
    last = [f"{r['logits'][27, k]:.2f}".replace("-", "−") for k in (4, rival)]
    expect(calm.locator(".sums .note")).to_contain_text(f"to the logits, {last[0]} and {last[1]}.")
    score = f"{np.logaddexp.reduce(r['logits'][27]):.1f}"
    expect(calm.locator(".score .note")).to_contain_text(f"Its score is {score}, ")
    calm.locator(".row-figure input").fill("4")
    assert shown(calm, {"row"}) == {"row": 4}


def test_a_mistake_to_try_is_read_as_it_says(page: Page) -> None:
    for figure, tried in ((".mistakes", (1, 4, 6)), (".corrupted", (1,))):
        buttons = page.locator(f"{figure} button")
        assert buttons.count() > 6
        for k in tried:
            words = buttons.nth(k).text_content()
            buttons.nth(k).click()
            wanted = "?" if "refused" in words else words[-1]
            expect(page.locator("#prediction")).to_have_attribute("data-digit", wanted)


def test_the_figures_the_guide_names_are_those_that_were_measured() -> None:
    measured = (ASSETS.parent / "model" / "training" / "README.md").read_text(encoding="utf-8")
    training = GUIDE[GUIDE.index('id="chapter-training"') :]
    named = re.findall(r"[\d,.]*\d %", training)
    assert len(named) >= 6
    for figure in named:
        assert figure in measured, figure
    for count in re.findall(r"\d+,\d{3}", training):
        assert count in {*re.findall(r"\d+,\d{3}", measured), "81,674"}


def test_the_guide_names_every_array_that_programs_can_have() -> None:
    api = GUIDE[GUIDE.index('id="api"') :]
    named = {word for term in re.findall(r"<dt>([\w ]+)</dt>", api) for word in term.split()}
    assert named >= set(get_args(Name)) | {
        "strokes",
        "hold",
        "silence",
        "arrays",
        "digit",
        "why",
        "probabilities",
        "untouched",
    }


def test_sigma_of_one_and_what_it_leaves() -> None:
    gate = 1 / (1 + np.exp(-1))
    assert (round(gate, 2), round(gate**10, 2), round(0.5**10, 3), round(gate**27, 4)) == (0.73, 0.04, 0.001, 0.0002)
    assert 100 * 0.5**27 < 1e-6


def test_what_scripts_fill_has_its_place_before_they_come(demo: Demo, browser: Browser) -> None:
    high = []
    for scripts in (False, True):
        page = browser.new_page(viewport={"width": 1440, "height": 900}, java_script_enabled=scripts)
        if scripts:
            open_page(page, demo.url)
            page.wait_for_selector(".drives svg, .drives canvas")
        else:
            page.goto(demo.url)
        page.evaluate("document.querySelectorAll('.chapter').forEach((e) => (e.style.contentVisibility = 'visible'))")
        high.append(page.evaluate("[...document.querySelectorAll('.chapter')].map((e) => e.offsetHeight)"))
        page.close()
    assert high[0] == pytest.approx(high[1], abs=2)
