"""The address holds what is shown, shows it to anyone, and is followed when it changes."""

import random
import re
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import (
    GATES,
    Held,
    choose,
    draw,
    example,
    open_page,
    pixels,
    says,
    settled,
    watched,
)
from tests.support.demo import Demo
from tests.support.drawings import first_of

# Copied from the page as it was when the orders had their first names.
OLDER_DRAWING = (
    "#draw=.93.51-9.0-d.0-4.0-4-5.8-4.r-4.13-5.1c-9.1l-4.1p.0.1l.4.1l.e.v.y.l.18-4.1c-m.1q-z.22-18.22-1g.23-1h.22-1c.1p-z"
    ".1h-z.18-h.13"
)
OLDER = (
    f"{OLDER_DRAWING}&row=13&unit=77&digit=3&against=8&order=likeness&vary=rotated"
    "&silence=3_17_40-60&hold=i-0-14-27_f-0.35-0-27_o-1-0-27"
)


def hash_of(page: Page) -> str:
    page.wait_for_timeout(450)  # the address follows when the page is at rest
    return page.evaluate("location.hash")


def test_a_copied_address_shows_the_same_to_anyone(four: Page, url: str, browser: Browser) -> None:
    choose(four, "cell", 13, 77)
    four.click("[data-order=evidence]")
    four.click("fieldset:has(legend:text('input gate')) button[data-value='0']")
    four.locator("[aria-label='input gate: rows']").fill("15")
    four.keyboard.press("Enter")
    four.fill("#silence", "5-9")
    four.keyboard.press("Enter")
    four.wait_for_timeout(800)
    settled(four)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    with watched(context, url) as other:
        other.goto("about:blank")
        open_page(other, four.url)
        assert other.input_value("#silence") == "5–9"
        other.wait_for_timeout(800)
        settled(other)
        for shown in (*(f"#{name}" for name in GATES), "#verdict", "#what-it-reads", "#sketch-pad"):
            np.testing.assert_array_equal(pixels(other, shown), pixels(four, shown), err_msg=shown)
        for part in ("#cursor-text", ".number", ".untouched", "#evidence-note", "#row-text"):
            assert other.text_content(part) == four.text_content(part)
    context.close()


@pytest.mark.parametrize(
    "address",
    [
        "#draw=zzz&row=99&unit=x&order=foo&hold=f-9-0-3",
        "#image=AAAA&silence=400",
        f"#silence={'_'.join(['3'] * 129)}",
        "#%",
        f"#draw={'.5.5-5-5' * 50_000}",  # longer than any that the page writes
    ],
)
def test_an_address_that_says_nonsense_is_the_plain_page(page: Page, url: str, address: str) -> None:
    page.goto("about:blank")
    open_page(page, url + address)
    assert page.input_value("#silence") == ""
    says(page, "4")


MARKUP = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
ODD = [
    "&".join(
        f"{word}={quote(MARKUP)}" for word in ("draw", "digit", "order", "vary", "silence", "hold", "map", "pinned")
    ),
    "__proto__=x&constructor=y&hold=__proto__-1-0-27&vary=constructor&map=toString",
    "order=__proto__&digit=__proto__&row=constructor&unit=hasOwnProperty",
    "pinned=__proto__*x**draw*.5.5.9.9**hold*__proto__",
    "hold=f-1-0-27-_i---_o-0.5-27-0_f-00-1-1&silence=-_,_127-0&row=9e1",
    f"row={'9' * 400}&unit={'0' * 100_000}5&hold=f-0.{'1' * 9_000}-0-27",
    f"image={'_' * 1046}&pinned=image*{'-' * 1046}&difference=1&overlay=1",
    f"draw={'_'.join(['.5.5.1.1'] * 1_001)}",
    f"pinned={'**'.join(f'{np.base_repr(k, 36)}*x' for k in range(49_000))}",
    f"silence={'_'.join(['0-127'] * 50_000)}",
]


def test_nothing_that_an_address_holds_is_taken_for_markup_or_for_more_than_it_is(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    told = "[document.scripts.length, document.images.length, ...Object.keys(Object.prototype)]"
    before = page.evaluate(told)
    page.evaluate(
        """() => { // how often an address's words are looked through for one
            const { set } = URLSearchParams.prototype;
            globalThis.looked = 0;
            URLSearchParams.prototype.set = function (...all) { looked += this.size; return set.apply(this, all); };
        }"""
    )
    for odd in ODD:
        page.evaluate("address => { location.hash = address }", odd)
        page.wait_for_timeout(100)
        assert page.evaluate(told) == before
        assert page.evaluate("looked") < 100_000
    page.evaluate("location.hash = ''")
    says(page, "4")


def shows_the_older_link(page: Page) -> None:
    assert page.input_value("#row") == "13"
    assert page.text_content(".number") == "Unit 77"
    assert (page.input_value("#evidence-for"), page.input_value("#evidence-against")) == ("3", "8")
    for button in ("[data-order=similarity]", "[data-vary=rotated]"):
        assert page.get_attribute(button, "aria-pressed") == "true"
    assert page.input_value("#silence") == "3, 17, 40–60"
    assert held_gates(page) == [[0, 15, 28], [0.35, 1, 28], [1, 1, 28]]
    assert hash_of(page) == OLDER.replace("likeness", "similarity")


def held_gates(page: Page) -> list[list[float]]:
    """Value, first and last row of each gate held, and the unit where it is that of one."""
    return page.locator(".what-if .gate-control.held").evaluate_all(
        """all => all.map((one) => [...one.querySelectorAll(
          one.querySelector('[data-one="1"][aria-pressed=true]') ? "input" : "input:not(.unit-number)")]
          .map((input) => Number(input.value)))"""
    )


@pytest.mark.site
def test_a_gate_held_for_one_unit_is_in_the_address(page: Page, url: str) -> None:
    address = "#unit=5&hold=i-1-0-27_f-0.35-2-9-18_o-0-0-27-127"
    page.goto("about:blank")
    open_page(page, url + address)
    settled(page)
    assert held_gates(page) == [[1, 1, 28], [0.35, 3, 10, 18], [0, 1, 28, 127]]
    assert address.split("&")[1] in hash_of(page)
    page.evaluate("location.hash = '#hold=f-1-0-27-128'")
    expect(page.locator(".gate-control.held")).to_have_count(0)


def test_an_older_link_still_opens(page: Page, url: str) -> None:
    page.goto("about:blank")
    open_page(page, url + OLDER)
    settled(page)
    shows_the_older_link(page)


@pytest.mark.thorough
@pytest.mark.parametrize("late", ["read", "network.json", "units.json"])
def test_the_parts_of_an_address_may_stand_in_any_order_and_what_they_need_come_in_any(
    visitor: BrowserContext, demo: Demo, late: str
) -> None:
    parts = OLDER.removeprefix("#").split("&")
    random.Random(late).shuffle(parts)
    with watched(visitor, demo.url) as page:
        page.goto("about:blank")
        held = Held(page, re.compile(f"/page/{late}$"))
        page.goto(f"{demo.url}#{'&'.join(parts)}")
        page.wait_for_selector("body[data-started]")
        held.wait()
        page.wait_for_timeout(1000)  # all the rest has come
        held.let_go()
        page.wait_for_selector('#prediction:not([data-digit=""])')
        settled(page)
        expect(page.locator(".unit")).not_to_be_empty()
        shows_the_older_link(page)


def test_an_older_link_with_a_picture_still_opens(page: Page, url: str) -> None:
    ink = np.zeros((28, 28), np.uint8)
    ink[4:24, 13:15] = 255
    picture = page.evaluate("(bytes) => btoa(String.fromCharCode(...bytes))", ink.ravel().tolist())
    address = "#image=" + picture.translate(str.maketrans("+/", "-_", "="))
    page.goto("about:blank")
    open_page(page, url + address)
    says(page, "1")
    np.testing.assert_array_equal(pixels(page, "#what-it-reads") >> 24 & 255, ink)
    assert hash_of(page) == address + "&order=index"


def test_a_second_link_in_the_same_tab_is_followed_and_so_are_back_and_forward(page: Page) -> None:
    draw(page, first_of(7))
    page.locator("#row").fill("20")
    first = hash_of(page)
    page.evaluate(f"location.hash = '{OLDER}'")
    expect(page.locator("#row")).to_have_value("13")
    expect(page.locator("#silence")).to_have_value("3, 17, 40–60")
    page.evaluate("location.hash = '#row=5'")  # neither drawing nor experiment
    expect(page.locator("#row")).to_have_value("5")
    expect(page.locator("#silence")).to_have_value("")
    expect(page.locator(".hint")).to_have_text("Now draw your own, right over it")
    says(page, "4")
    page.go_back()
    expect(page.locator("#row")).to_have_value("13")
    page.go_back()
    expect(page.locator("#row")).to_have_value("20")
    says(page, "7")
    assert hash_of(page) == first
    page.go_forward()
    expect(page.locator("#row")).to_have_value("13")


def test_a_link_that_is_about_to_be_followed_is_not_written_over(page: Page) -> None:
    row = page.evaluate(
        """async () => {
            location.hash = "#row=5";
            document.querySelector("#share").click(); // writes the address of what is shown
            await new Promise((done) => setTimeout(done, 100));
            return document.querySelector("#row").value;
        }"""
    )
    assert row == "5"


def test_a_link_to_a_part_of_the_page_changes_nothing(page: Page) -> None:
    example(page, 8)
    page.locator("#row").fill("3")
    hash_of(page)
    page.evaluate("location.hash = '#guide'")
    page.wait_for_timeout(200)
    assert page.input_value("#row") == "3"
    says(page, "8")


@pytest.mark.parametrize(
    "order", ["similarity", *(pytest.param(order, marks=pytest.mark.thorough) for order in ("evidence", "peak"))]
)
def test_a_link_with_a_class_and_an_order_waits_for_the_first_reading(
    visitor: BrowserContext, demo: Demo, order: str
) -> None:
    """The network may be known before the first reading is."""
    with watched(visitor, demo.url) as page:
        page.goto("about:blank")
        held = Held(page)
        page.goto(f"{demo.url}{OLDER_DRAWING}&digit=3&order={order}")
        page.wait_for_selector("body[data-started]")
        expect(page.locator(".readout output").first).not_to_be_empty()  # the network is there
        page.click("text=Silence the ten units")
        assert page.input_value("#silence") == ""
        held.let_go()
        page.wait_for_selector('#prediction:not([data-digit=""])')
        assert page.get_attribute(f"[data-order={order}]", "aria-pressed") == "true"


def test_the_button_copies_the_address_of_what_is_shown(page: Page, visitor: BrowserContext, demo: Demo) -> None:
    visitor.grant_permissions(["clipboard-read", "clipboard-write"], origin=demo.url)
    page.click("#examples button >> nth=3")
    page.click("#share")  # before the address bar has followed
    expect(page.locator("#share")).to_have_text("Link copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{demo.url}#draw=.")
    assert copied == page.url


def test_the_address_is_written_before_the_page_is_put_away(page: Page) -> None:
    draw(page, [[300, 250, 310, 750]])
    assert page.evaluate("() => { dispatchEvent(new Event('pagehide')); return location.hash; }").startswith("#draw=.")


@pytest.mark.site
def test_a_page_that_is_loaded_again_shows_what_it_showed(page: Page) -> None:
    """A blank pad too, and the visitor's own experiment is not said to have come with a link."""
    page.click("text=Never forget")
    expect(page.locator("#state-strip")).to_contain_text("Forget gate held at 1")
    assert hash_of(page).startswith("#draw=&")
    page.wait_for_timeout(400)
    page.reload()
    page.wait_for_selector("body[data-started]")
    expect(page.locator("#state-strip")).to_contain_text("Forget gate held at 1")
    expect(page.locator("#state-strip")).not_to_contain_text("From the link")
    settled(page)
    says(page, "")
    page.click("#examples button >> nth=3")
    expect(page.locator("#prediction")).not_to_have_attribute("data-digit", "")
