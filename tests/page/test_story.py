"""What the sentences below the answer say is so: of made-up readings whose facts are known, and of real digits."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

import model
from model.networks.dimensions import CLASSES, ROWS
from model.reader import Reader, Reading
from tests.support.browser import draw, open_page, settled
from tests.support.demo import Demo
from tests.support.drawings import as_points, beside, no_digits, pen_digits
from tests.support.stand_in import StandIn

ASSETS = Path(__file__).resolve().parents[2] / "assets"
NEEDED = 0.5


@pytest.fixture(scope="module")
def told(visitor: BrowserContext) -> Iterator[Page]:
    stand_in = StandIn()
    page = visitor.new_page()
    page.goto(stand_in.url)
    page.evaluate("""async () => {
      const { facts, story } = await import("/assets/engine/story.js");
      const typed = (given) => Object.fromEntries(Object.entries(given).map(([name, value]) =>
        [name, Array.isArray(value) ? Float32Array.from(value) : value]));
      window.facts = (given) => facts(typed(given));
      window.story = (given, network) => story(given && typed(given), network);
    }""")
    yield page
    page.close()
    stand_in.close()


def made_up(named: list[tuple[int, float]], **other: Any) -> dict[str, Any]:
    """A reading whose verdict names at each row a digit with a probability; the others share the rest evenly.

    Ink begins at row 5; what speaks for the last digit named are 1 at rows 20 to 23, 0.5 at row 10 and −2 at row 15.
    """
    verdict = np.array([[p if k == digit else (1 - p) / 9 for k in range(CLASSES)] for digit, p in named])
    evidence = np.zeros((ROWS, CLASSES))
    closest = named[-1][0]
    evidence[20:24, closest], evidence[10, closest], evidence[15, closest] = 1, 0.5, -2
    image = np.zeros((ROWS, ROWS))
    image[5:24, 14] = 1
    flat = {"verdict": verdict, "evidence": evidence, "image": image, "probabilities": verdict[-1]}
    plain = {"digit": closest, "why": None, "closest": closest, "score": 4.3}
    return {**plain, **{name: array.ravel().tolist() for name, array in flat.items()}, **other}


BLANK = [(8, 0.2)] * 5  # above the ink
WAVERING = [*BLANK, *[(1, 0.3)] * 6, *[(7, 0.4)] * 3, (1, 0.5), *[(9, 0.35)] * 3, *[(4, 0.75)] * 2, *[(4, 0.9)] * 8]


def sentences(page: Page, reading: dict[str, Any] | None, needed: float | None = NEEDED) -> list[str]:
    phrases = page.evaluate("given => story(...given)", [reading, needed and {"leastScore": needed}])
    return ["".join(phrase["text"] for phrase in sentence).replace("\xa0", " ") for sentence in phrases]


def links(page: Page, reading: dict[str, Any]) -> dict[str, dict[str, Any]]:
    phrases = page.evaluate("given => story(...given).flat()", [reading, {"leastScore": NEEDED}])
    return {phrase["text"].replace("\xa0", " "): phrase["focus"] for phrase in phrases if "focus" in phrase}


def test_what_wavered_and_was_settled(told: Page) -> None:
    assert sentences(told, made_up(WAVERING)) == [
        "It wavered between 1, 7 and 9 until row 18, which said 9 with 35 %.",
        "Row 19 settled it: 4 rose from 7 % to 75 %; rows 21–23 bring half of the evidence for 4, +3.0.",
        "Score 4.3, needed 0.5: it is a digit; given that, 4 with 90 %, then 0 with 1 %.",
    ]
    assert links(told, made_up(WAVERING)) == {
        "1": {"row": 14},  # where it was named with the highest probability
        "7": {"row": 11},
        "9": {"row": 15},
        "row 18": {"row": 17},
        "Row 19": {"row": 18},
        "rows 21–23": {"row": 20, "digit": None, "against": None},
        "Score 4.3, needed 0.5": {"row": 27},
        "then 0 with 1 %": {"digit": None, "against": 0},
    }


def test_what_was_settled_before_it_became_likely(told: Page) -> None:
    named = [(1, 0.3)] * 10 + [(2, 0.3)] * 3 + [(2, 0.95)] * 15
    course, decision, _ = sentences(told, made_up(named))
    assert course == "It said something else until row 10, which said 1 with 30 %."
    assert decision == (
        "From row 11 on it said 2; row 14 did most, from 30 % to 95 %; "
        "rows 21–23 bring half of the evidence for 2, +3.0."
    )


def test_what_was_clear_from_the_first_ink(told: Page) -> None:
    course, decision, certainty = sentences(told, made_up([(3, 0.2)] * 5 + [(3, 0.9995)] * 23))
    assert course == "From row 6 on, where the ink begins, it said 3."
    assert decision.startswith("Row 6 did most for 3, from 20 % to 99.9 %; ")
    assert certainty.endswith("given that, 3 with 99.9 %, then 0 with under 0.1 %.")


def test_of_many_digits_the_three_named_most_often(told: Page) -> None:
    named = [(0, 0.2)] * 7 + [(1, 0.2)] * 4 + [(2, 0.2)] + [(3, 0.2)] * 3 + [(4, 0.2)] + [(5, 0.9)] * 12
    course, *_ = sentences(told, made_up(named))
    assert course == "It wavered mostly between 0, 1 and 3 until row 16, which said 4 with 20 %."


def test_a_digit_named_late_and_most_often_is_not_left_out(told: Page) -> None:
    named = [(9, 0.2)] * 7 + [(2, 0.2)] * 2 + [(1, 0.2)] * 2 + [(7, 0.2)] * 8 + [(0, 0.9)] * 9
    course, *_ = sentences(told, made_up(named))
    assert course == "It wavered mostly between 9, 2 and 7 until row 19, which said 7 with 20 %."


def test_one_row_may_bring_half_of_the_evidence(told: Page) -> None:
    evidence = np.zeros((ROWS, CLASSES))
    evidence[[8, 12, 20], 4] = 5, 1, 2
    _, decision, _ = sentences(told, made_up(WAVERING, evidence=evidence.ravel().tolist()))
    assert decision.endswith("; row 9 brings half of the evidence for 4, +5.0.")


def test_a_network_that_says_the_same_at_every_row(told: Page) -> None:
    """As with all units silenced: no row brings anything."""
    reading = made_up([(1, 0.2)] * ROWS, evidence=[0] * ROWS * CLASSES)
    assert len(sentences(told, reading)) == 2
    assert sentences(told, reading)[0] == "From row 6 on, where the ink begins, it said 1."


@pytest.mark.parametrize(
    ("why", "because"),
    [("other", "too little for any digit."), ("several", "too little for one digit, and marks stand side by side.")],
)
def test_why_there_is_no_answer_and_what_is_closest(told: Page, why: str, because: str) -> None:
    said = sentences(told, made_up(WAVERING, digit=None, why=why, score=-3.21))
    assert said[:2] == [f"Score −3.2, needed 0.5: {because}", "Were it one, 4 with 90 %, then 0 with 1 %."]
    assert said[2].startswith("It wavered between 1, 7 and 9 until row 18")


def test_of_a_blank_pad_nothing_is_told_and_without_the_network_no_threshold(told: Page) -> None:
    assert sentences(told, None) == []
    assert sentences(told, made_up(WAVERING, digit=None, why="blank", closest=None)) == []
    assert sentences(told, made_up(WAVERING), needed=None)[2].startswith("Score 4.3: it is a digit;")


def facts_of(reading: Reading) -> dict[str, Any]:
    """The facts, worked out anew."""
    k, p, says = reading.closest, reading.verdict, reading.verdict.argmax(1)
    ink = int(reading.image.any(1).argmax())
    settled = ROWS - int((says[::-1] == k).argmin()) if (says != k).any() else 0
    before = says[ink:settled].tolist()
    named = [
        {"digit": d, "rows": before.count(d), "row": max(
            (r for r in range(ink, settled) if says[r] == d), key=lambda r: (p[r, d], -r))}
        for d in dict.fromkeys(before)
    ]  # fmt: skip
    rise = np.diff(p[:, k])[max(ink, 1) - 1 :]
    row = int(rise.argmax()) + max(ink, 1)
    gains = np.maximum(reading.evidence[:, k], 0).astype(float)
    runs = [(b - a, -gains[a:b].sum(), a) for a in range(ROWS) for b in range(a + 1, ROWS + 1)]
    length, sum_, first = min(run for run in runs if -run[1] >= gains.sum() / 2)
    others = np.where(np.arange(CLASSES) == k, -1, reading.probabilities)
    return {
        "ink": ink,
        "settled": settled,
        "named": named,
        "last": {"digit": before[-1], "probability": p[settled - 1].max()} if before else None,
        "rise": {"row": row, "before": p[row - 1, k], "after": p[row, k]},
        "bulk": {"first": first, "last": first + length - 1, "sum": -sum_,
                 "row": first + int(gains[first : first + length].argmax())},
        "next": {"digit": int(others.argmax()), "probability": others.max()},
    }  # fmt: skip


def flat(facts: Any) -> Any:
    """Nested facts as one flat dictionary, for approximate comparison."""
    if isinstance(facts, dict):
        facts = facts.items()
    elif isinstance(facts, list):
        facts = enumerate(facts)
    else:
        return {"": facts}
    return {f"{key}.{name}": value for key, part in facts for name, value in flat(part).items()}


def given(reading: Reading) -> dict[str, Any]:
    arrays = {
        name: getattr(reading, name).ravel().tolist() for name in ("verdict", "evidence", "image", "probabilities")
    }
    return {**arrays, "digit": reading.digit, "why": reading.why, "closest": reading.closest, "score": reading.score}


@pytest.mark.thorough
def test_the_facts_of_what_people_wrote(told: Page, reader: Reader) -> None:
    drawings = [digit["strokes"] for digit in pen_digits()] + [*no_digits().values(), beside(1, 4)]
    for strokes in drawings:
        reading = reader.read(model.strokes_to_image(as_points(strokes)))
        found = told.evaluate("given => facts(given)", given(reading))
        assert flat(found) == pytest.approx(flat(facts_of(reading)), rel=1e-4, abs=1e-6)
        said = " ".join(sentences(told, given(reading), reader.least_score))
        assert f"Score {reading.score:.1f}, needed {reader.least_score:.1f}".replace("-", "−") in said
        assert len(said) < 300
        assert ("given that" in said) == (reading.digit is not None)


def test_the_page_tells_it_once_the_pen_rests_and_its_phrases_lead_there(four: Page) -> None:
    story = four.locator("#story")
    expect(story).to_contain_text("it is a digit; given that, 4 with")
    expect(story).not_to_have_class(re.compile("waiting"))
    row = story.locator("button", has_text=re.compile(r"^[Rr]ow \d+$")).last
    wanted = int(row.text_content().split()[1]) - 1
    row.click()
    expect(four.locator("#row")).to_have_value(str(wanted))
    story.locator("button").last.press("Enter")
    against = four.locator("#evidence-against")
    expect(against).not_to_have_value("")
    four.click("#clear")
    expect(story).to_be_empty()


def test_a_letter_is_told_why_it_has_no_answer(page: Page) -> None:
    draw(page, no_digits()["an A"])
    settled(page)
    expect(page.locator("#story")).to_contain_text("too little for any digit. Were it one,")


@pytest.mark.thorough
def test_nothing_moves_when_it_is_told(demo: Demo, browser: Browser) -> None:
    for width, height in ((1280, 720), (390, 844)):
        page = browser.new_page(viewport={"width": width, "height": height})
        open_page(page, demo.url)
        places = """() => [...document.querySelectorAll(".screen .frame, #sketch-pad, .player, .bars")]
          .map((e) => e.getBoundingClientRect().top)"""
        page.wait_for_timeout(600)
        before = page.evaluate(places)
        for digit in (1, 8):
            page.evaluate(f"document.querySelectorAll('#examples button')[{digit}].click()")
            page.wait_for_timeout(600)
            expect(page.locator("#story")).to_contain_text("it is a digit")
            assert page.evaluate(places) == before
        page.close()


@pytest.mark.parametrize("file", ["mistakes", "corrupted"])
def test_what_is_misread_is_misread_as_the_guide_says(reader: Reader, file: str) -> None:
    for drawing in json.loads((ASSETS / "data" / f"{file}.json").read_text(encoding="utf-8"))["drawings"]:
        if "image" in drawing:
            image = np.frombuffer(base64.b64decode(drawing["image"]), np.uint8).reshape(28, 28) / np.float32(255)
        else:
            image = model.strokes_to_image(as_points(drawing["strokes"]))
        reading = reader.read(image)
        assert str("?" if reading.digit is None else reading.digit) == drawing["read"], drawing["name"]
        assert drawing["read"] != drawing["meant"] or reading.probabilities.max() < 0.6, drawing["name"]
