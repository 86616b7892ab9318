"""The page's talk with the server: two requests at once, answers in any order, refused, cut, damaged or none at all."""

import base64
import json
import queue
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Page

from model import strokes_to_image
from model.networks import units
from model.networks.weights import packed
from model.reader import Reader, Reading
from model.serving.reply import network_facts, unit_facts
from tests.support.drawings import as_points, pen_digits, photo
from tests.support.pictures import png
from tests.support.replies import reading_bytes
from tests.support.stand_in import Reply, StandIn

AWAY = "The server does not answer. Your drawing is kept; trying again…"
BUSY = "The server is busy. Your drawing is kept; trying again…"

PICTURE = base64.b64encode(photo(pen_digits()[4])).decode()

# A drawing linked to the server; what is painted goes into `painted`, as the score, which tells the answers apart.
SETUP = """async () => {
  window.state = await import("/assets/state/state.js");
  window.backend = {
    ...(await import("/assets/backend/facts.js")), ...(await import("/assets/backend/link.js")),
  };
  const { Drawing } = await import("/assets/state/drawing.js");
  window.painted = [];
  window.readings = [];
  window.by = () => readings.at(-1)?.by;
  window.away = () => state.now().away;
  window.drawing = new Drawing(() => read());
  const read = backend.link(drawing, ({ reading, untouched }) => {
    painted.push(reading.score);
    readings.push({ ...reading, untouched });
  });
  window.read = read;
  window.trouble = () => state.now().trouble;
}"""


class Held:
    """A request that waits for its answer."""

    def __init__(self, asked: Any) -> None:
        self.asked = asked
        self._answer: queue.Queue[Reply] = queue.Queue()

    def answer(self, reply: Reply) -> None:
        self._answer.put(reply)

    def wait(self) -> Reply:
        return self._answer.get(timeout=60)


class Server(StandIn):
    """Tells the facts; requests to read wait in `held` until a test answers them, or `read` is put in their place."""

    def __init__(self, reader: Reader, reading: Reading) -> None:
        self.network = Reply(network_facts(reader, units.load()), kind="application/json")
        self.units = Reply(unit_facts(units.load()), kind="application/json")
        self.held: queue.Queue[Held] = queue.Queue()
        self._short, self._full = (reading_bytes(reading, full=full) for full in (False, True))
        self.weights = Reply(packed(reader.weights))
        facts = {"network.json": self.network, "units.json": self.units, "weights.bin": self.weights}
        super().__init__(read=self._hold, **{name: lambda _, reply=reply: reply for name, reply in facts.items()})

    def _hold(self, asked: Any) -> Reply:
        held = Held(asked)
        self.held.put(held)
        return held.wait()

    def next(self) -> Held:
        return self.held.get(timeout=10)

    def reading(self, score: float, full: bool = False) -> Reply:
        """A reading of this score."""
        whole = self._full if full else self._short
        return Reply(whole[:8] + struct.pack("<f", score) + whole[12:])

    def is_quiet(self, seconds: float = 0.4) -> bool:
        """Whether nothing is asked for a while."""
        try:
            self.held.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


@pytest.fixture(scope="module")
def four(reader: Reader) -> Reading:
    return reader.read(strokes_to_image(as_points(pen_digits()[4]["strokes"])))


@pytest.fixture
def server(reader: Reader, four: Reading) -> Iterator[Server]:
    server = Server(reader, four)
    yield server
    server.close()


@pytest.fixture
def tab(server: Server, visitor: BrowserContext) -> Iterator[Page]:
    """A page with a drawing that is linked to the server. Fails the test on a script's error."""
    page = visitor.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(server.url)
    page.evaluate(SETUP)
    yield page
    page.close()
    assert wrong == []


def begins(tab: Page, number: int) -> None:
    """Put the pen down on the pad, at a place of this number, far enough from the others to be no jitter."""
    tab.evaluate("number => drawing.begin(100 * number, 0)", number)


def newest(held: Held) -> int:
    """The number of the newest stroke in what is asked."""
    return held.asked["strokes"][-1][0] // 100


def until(tab: Page, condition: str, within: float = 10) -> None:
    tab.wait_for_function(condition, timeout=1000 * within)


def painted(tab: Page) -> list[float]:
    return tab.evaluate("painted")


def test_two_requests_at_once_and_the_newest_drawing_next(server: Server, tab: Page) -> None:
    begins(tab, 1)
    first = server.next()
    begins(tab, 2)
    second = server.next()
    assert (newest(first), newest(second)) == (1, 2)
    for number in (3, 4, 5):
        begins(tab, number)
    assert server.is_quiet()
    first.answer(server.reading(1))
    third = server.next()
    assert newest(third) == 5
    second.answer(server.reading(2))
    until(tab, "painted.length === 2")
    third.answer(server.reading(5))
    until(tab, "painted.length === 3")
    assert painted(tab) == [1, 2, 5]
    assert server.is_quiet()


def test_changes_of_one_moment_are_one_request(server: Server, tab: Page) -> None:
    tab.evaluate("() => { drawing.extend([[99, 9]], drawing.begin(1, 0)); read(); read(); }")
    only = server.next()
    assert only.asked == {"strokes": [[1, 0, 99, 9]]}
    only.answer(server.reading(1))
    until(tab, "painted.length === 1")
    assert server.is_quiet()


def newer_first(server: Server, tab: Page) -> None:
    """Draw twice; the second answer comes before the first."""
    begins(tab, 1)
    first = server.next()
    begins(tab, 2)
    server.next().answer(server.reading(2))
    until(tab, "painted.length === 1")
    first.answer(server.reading(1))


def test_an_older_answer_does_not_paint_over_a_newer(server: Server, tab: Page) -> None:
    newer_first(server, tab)
    begins(tab, 3)
    server.next().answer(server.reading(3))
    until(tab, "painted.length === 2")
    assert painted(tab) == [2, 3]


def test_what_was_cleared_never_comes_back(server: Server, tab: Page) -> None:
    begins(tab, 1)
    first = server.next()
    begins(tab, 2)
    second = server.next()
    tab.evaluate("drawing.clear()")
    second.answer(server.reading(2))
    first.answer(server.reading(1))
    blank = server.next()
    assert blank.asked == {"strokes": []}
    assert painted(tab) == []
    blank.answer(server.reading(0))
    until(tab, "painted.length === 1")
    assert painted(tab) == [0]


def test_what_is_drawn_before_the_network_is_known_is_kept_and_read(server: Server, visitor: BrowserContext) -> None:
    gate = threading.Event()
    spoilt = iter([Reply.of({}), Reply(b'{"readout": "AAA', kind="application/json"), Reply(b"Bad Gateway", 502)])

    def network(_: Any) -> Reply:
        gate.wait(30)
        return next(spoilt, server.network)

    server.calls["network.json"] = network
    tab = visitor.new_page()
    tab.goto(server.url)
    tab.evaluate(SETUP)
    begins(tab, 1)
    server.next().answer(server.reading(1))
    begins(tab, 2)
    server.next().answer(server.reading(2))
    begins(tab, 3)
    assert server.is_quiet(), "two answers wait already"
    assert painted(tab) == []
    gate.set()
    server.next().answer(server.reading(3))
    until(tab, "painted.at(-1) === 3")
    assert painted(tab) == sorted(painted(tab))
    assert tab.evaluate("drawing.drawn.strokes.length") == 3
    assert len(server.posted("network.json")) == 4
    assert tab.evaluate("trouble()") == ""
    tab.close()


def test_a_refusal_is_said_and_not_asked_again_until_something_changes(server: Server, tab: Page) -> None:
    sentence = "The drawing has 1,001 strokes; at most 1,000 can be read."
    begins(tab, 1)
    server.next().answer(Reply.of({"error": sentence}, 400))
    until(tab, "trouble()")
    assert tab.evaluate("trouble()") == sentence
    assert server.is_quiet(1.5)
    begins(tab, 2)
    server.next().answer(server.reading(2))
    until(tab, "painted.length === 1")
    assert tab.evaluate("trouble()") == ""


@pytest.mark.parametrize("status", [pytest.param(408, marks=pytest.mark.thorough), 429, 503])
def test_a_busy_server_is_asked_again_and_it_is_said(server: Server, tab: Page, status: int) -> None:
    begins(tab, 1)
    for _ in range(2):
        server.next().answer(Reply.of({"error": "Too many people are drawing at once."}, status))
        until(tab, "trouble()")
        # After a 408 on a connection used before Chromium asks again by itself, and says nothing of it.
        assert tab.evaluate("trouble()") in ((BUSY, AWAY) if status == 408 else (BUSY,))
    server.next().answer(server.reading(1))
    until(tab, "painted.length === 1")
    assert tab.evaluate("trouble()") == ""


SPOILT: dict[str, Callable[[Reply], Reply]] = {
    "a byte short": lambda whole: whole._replace(body=whole.body[:-1]),
    "cut": lambda whole: whole._replace(body=whole.body[:9000], cut=len(whole.body) - 9000),
    "cut before it begins": lambda whole: whole._replace(body=b"", cut=len(whole.body)),
    "empty": lambda whole: whole._replace(body=b""),
    "of another kind": lambda whole: whole._replace(body=b"\x07" + whole.body[1:]),
    "a page to log in": lambda _: Reply(b"<p>Log in to this network</p>", kind="text/html"),
    "not found, a page": lambda _: Reply(b"Not Found", 404, "text/html"),
    "not found, of a proxy": lambda _: Reply.of({"detail": "Not Found"}, 404),
    "an error of the server": lambda _: Reply.of({"error": "Internal Server Error"}, 500),
    "null": lambda _: Reply(b"null", 400, "application/json"),
}
OFTEN = {"a byte short", "cut", "a page to log in", "an error of the server", "null"}


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(spoil, id=name, marks=[] if name in OFTEN else pytest.mark.thorough)
        for name, spoil in SPOILT.items()
    ],
)
def test_what_is_no_answer_is_asked_for_again(server: Server, tab: Page, spoil: Callable[[Reply], Reply]) -> None:
    begins(tab, 1)
    server.next().answer(spoil(server.reading(1)))
    until(tab, "trouble()")
    assert tab.evaluate("trouble()") == AWAY
    again = server.next()
    assert newest(again) == 1
    again.answer(server.reading(1))
    until(tab, "painted.length === 1")
    assert tab.evaluate("trouble()") == ""


def test_an_answer_that_does_not_come_is_given_up_after_six_seconds(server: Server, browser: Browser) -> None:
    tab = browser.new_page()
    tab.clock.install()
    tab.goto(server.url)
    tab.evaluate(SETUP)
    begins(tab, 1)
    late = server.next()
    tab.clock.run_for(5_000)
    assert tab.evaluate("trouble()") == ""
    tab.clock.run_for(1_100)
    until(tab, "trouble()")
    assert tab.evaluate("trouble()") == AWAY
    tab.clock.run_for(400)
    again = server.next()
    late.answer(server.reading(7))  # too late to be looked at
    again.answer(server.reading(1))
    until(tab, "painted.length === 1")
    assert painted(tab) == [1]
    tab.close()


def test_the_requests_carry_the_experiments_and_the_reading_says_what_was_silenced(
    server: Server, tab: Page, reader: Reader, four: Reading
) -> None:
    silence, hold = [3, 17], {"forget_gate": [0.3, 2, 9]}
    tab.evaluate(
        "([silence, hold]) => { state.show({ silence, hold, vary: 'rotated' }); drawing.begin(1, 0); }", [silence, hold]
    )
    held = server.next()
    assert held.asked == {"strokes": [[1, 0]], "silence": silence, "hold": hold, "vary": "rotated"}
    tab.evaluate("state.show({ silence: [], hold: {} })")
    rows = np.full(28, np.nan, np.float32)
    rows[2:10] = 0.3
    reading = reader.read(four.image, {"forget_gate": rows}, silence)
    held.answer(Reply(reading_bytes(reading, four)))
    until(tab, "readings.length === 1")
    said = tab.evaluate("""() => {
      const { silence, hidden, forget_gate, digit, why, closest, score, untouched } = readings[0];
      return { silence, digit, why, closest, score, untouched: untouched.digit, held: forget_gate[2 * 128 + 5],
        silenced: Math.max(...hidden.filter((_, at) => silence.includes(at % 128)).map(Math.abs)) };
    }""")
    assert said == {
        "silence": silence,
        "digit": reading.digit,
        "why": reading.why,
        "closest": reading.closest,
        "score": pytest.approx(reading.score),
        "untouched": four.digit,
        "held": np.float32(0.3),
        "silenced": 0,
    }


def test_a_reading_says_what_was_asked_not_what_was_drawn_since(server: Server, tab: Page) -> None:
    tab.evaluate("() => { window.stroke = drawing.begin(100, 0); drawing.extend([[500, 0]], stroke); }")
    held = server.next()
    tab.evaluate("drawing.extend([[500, 500]], stroke)")
    held.answer(server.reading(1))
    until(tab, "readings.length === 1")
    assert tab.evaluate("readings[0].asked") == held.asked


def test_all_is_asked_relative_to_the_page(server: Server, tab: Page) -> None:
    tab.evaluate("""() => {
      const base = document.createElement("base");
      base.href = "/under/a/path/?word=1";
      document.head.append(base);
    }""")
    tab.evaluate("backend.loadNetwork()")  # which linking asked for, with the address of before
    server.asked.clear()
    begins(tab, 1)
    server.next().answer(server.reading(1))
    tab.evaluate("backend.loadUnits()")
    assert [path for path, _ in server.asked] == [f"/under/a/path/page/{name}" for name in ("read", "units.json")]


def test_what_does_not_change_is_loaded_once_and_shown(server: Server, tab: Page, reader: Reader) -> None:
    tab.evaluate("Promise.all([1, 2, 3].flatMap(() => [backend.loadNetwork(), backend.loadUnits()]))")
    assert (len(server.posted("network.json")), len(server.posted("units.json"))) == (1, 1)
    shown = tab.evaluate("""() => {
      const { network, units } = state.now();
      return { ...network, readout: [...network.readout], bias: [...network.bias], similarity: [...network.similarity],
        best: units.best, least: units.least, bank: units.bank.length };
    }""")
    survey = units.load()
    assert shown["name"] == "LSTM, 128 units"
    assert shown["sha256"] == reader.card["sha256"]
    assert (shown["temperature"], shown["leastScore"]) == (reader.card["temperature"], reader.least_score)
    np.testing.assert_array_equal(np.float32(shown["readout"]), reader.readout.ravel())
    np.testing.assert_array_equal(np.float32(shown["bias"]), reader.readout_bias)
    assert sorted(shown["similarity"]) == list(range(128))
    assert shown["best"] == survey.best.tolist()
    assert shown["least"] == survey.least.tolist()
    assert shown["bank"] == survey.bank.size


def test_damaged_facts_of_the_units_are_asked_for_again_and_not_taken_from_the_cache(server: Server, tab: Page) -> None:
    facts = json.loads(server.units.body)
    spoilt = iter([{**facts, "bank": facts["bank"][:80]}, {**facts, "best": facts["best"][1:]}])

    def damaged(_: Any) -> Reply:
        found = next(spoilt, None)
        return Reply.of(found)._replace(keep=3600) if found else server.units

    server.calls["units.json"] = damaged
    tab.evaluate("() => { backend.loadUnits(); }")
    until(tab, "state.now().units")
    assert len(server.posted("units.json")) == 3


def test_a_reading_in_full_holds_the_server_s_own_numbers(server: Server, tab: Page, four: Reading) -> None:
    asked = {"strokes": [[1, 2]], "silence": [5]}
    server.calls["read"] = lambda _: server.reading(1, full=True)
    found = tab.evaluate(
        "(asked) => backend.readInFull(asked).then((r) => ({ ...r, cell: [...r.cell], evidence: [...r.evidence] }))",
        asked,
    )
    assert server.posted("read") == [{**asked, "full": True}]
    assert found["silence"] == [5]
    np.testing.assert_array_equal(np.float32(found["cell"]), four.trace.cell.ravel())
    np.testing.assert_array_equal(np.float32(found["evidence"]), four.evidence.ravel())


FAILS = "([name, asked]) => backend[name](asked).then(() => 'no error', (error) => error.message)"


@pytest.mark.parametrize(
    ("name", "again"), [("readInFull", "Try the download again."), ("find", "Try the picture again in a moment.")]
)
def test_what_is_asked_once_fails_with_a_sentence(server: Server, tab: Page, name: str, again: str) -> None:
    asked = "AAAA" if name == "find" else {"strokes": []}
    for reply, sentence in (
        (Reply.of({"error": "Nothing in this picture stands out."}, 400), "Nothing in this picture stands out."),
        (Reply.of({"error": "Later."}, 503), f"The server is busy. {again}"),
        (Reply(b"", 502), f"The server does not answer. {again}"),
        (server.reading(1), f"The server does not answer. {again}"),  # the gates alone, and no image
        (Reply.of({"image": 5}), f"The server does not answer. {again}"),
    ):
        server.calls["read"] = server.calls["find"] = lambda _, reply=reply: reply
        assert tab.evaluate(FAILS, [name, asked]) == sentence


def test_a_digit_is_found_in_a_picture(server: Server, tab: Page) -> None:
    image = base64.b64encode(bytes(784)).decode()
    server.calls["find"] = lambda _: Reply.of({"image": image})
    assert tab.evaluate("backend.find('AAAA')") == {"image": image}
    assert server.posted("find") == [{"picture": "AAAA"}]


@pytest.mark.thorough
def test_on_a_slow_line_four_readings_a_second_come_through(server: Server, tab: Page) -> None:
    server.calls["read"] = lambda asked: server.reading(len(asked["strokes"][-1]))
    tab.evaluate("backend.loadNetwork()")
    line = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
    tab.context.new_cdp_session(tab).send("Network.emulateNetworkConditions", line)
    script = """async () => {
      const stroke = drawing.begin(0, 0);
      const begun = performance.now();
      let step = 0;
      while (performance.now() - begun < 4000) {
        drawing.extend([[step++ % 1000, (37 * step) % 1000]], stroke);
        await new Promise(requestAnimationFrame);
      }
      return painted.slice();
    }"""
    found = tab.evaluate(script)
    assert len(found) >= 4 * 4
    assert found == sorted(found)


def with_engine(server: Server, tab: Page) -> None:
    """A drawing that the server has read, on a page that has loaded what it needs to read by itself."""
    begins(tab, 1)
    server.next().answer(server.reading(1))
    until(tab, "by() === 'server'")
    tab.evaluate("backend.loadRest().then(() => {})")


def test_what_no_reading_needs_is_loaded_when_the_last_answers_come_in_another_order(server: Server, tab: Page) -> None:
    newer_first(server, tab)
    until(tab, "state.now().units !== null")


@pytest.mark.parametrize(("status", "why"), [(503, "busy"), (502, "away")])
def test_the_browser_goes_on_while_the_server_does_not_answer_and_gives_back(
    server: Server, tab: Page, status: int, why: str
) -> None:
    with_engine(server, tab)
    begins(tab, 2)
    server.next().answer(Reply(b"", status))
    until(tab, "by() === 'browser'")
    assert tab.evaluate("away()") == why
    assert tab.evaluate("trouble()") == ""
    assert tab.evaluate("readings.at(-1).asked.strokes.length") == 2
    again = server.next()
    begins(tab, 3)  # while the server is asked again, it is read here all the same
    until(tab, "readings.at(-1).asked.strokes.length === 3")
    assert tab.evaluate("by()") == "browser"
    again.answer(server.reading(2))
    last = server.next()
    assert newest(last) == 3
    assert tab.evaluate("away()") == ""
    last.answer(server.reading(3))
    until(tab, "by() === 'server'")
    assert tab.evaluate("readings.at(-1).score") == 3
    assert server.is_quiet()


def test_the_browser_goes_on_when_an_answer_takes_longer_than_a_second(server: Server, tab: Page) -> None:
    with_engine(server, tab)
    begins(tab, 2)
    slow = server.next()
    assert tab.evaluate("() => new Promise((done) => setTimeout(() => done(by()), 800))") == "server"
    until(tab, "by() === 'browser'", within=1)
    assert tab.evaluate("away()") == "slow"
    begins(tab, 3)
    until(tab, "readings.at(-1).asked.strokes.length === 3")
    slow.answer(server.reading(2))  # late: it neither shows nor counts as back
    quick = server.next()
    assert tab.evaluate("[by(), away()]") == ["browser", "slow"]
    quick.answer(server.reading(3))
    until(tab, "by() === 'server'")
    assert tab.evaluate("away()") == ""


def test_a_refusal_of_the_browser_s_own_is_said(server: Server, tab: Page) -> None:
    with_engine(server, tab)
    begins(tab, 2)
    server.next().answer(Reply(b"", 502))
    until(tab, "away()")
    server.next()
    tab.evaluate("drawing.replace({ strokes: Array.from({ length: 1001 }, () => [1, 1, 900, 900]) })")
    until(tab, "trouble()")
    assert tab.evaluate("trouble()") == "The drawing has 1,001 strokes; at most 1,000 can be read."
    begins(tab, 3)
    tab.evaluate("drawing.undo()")


def test_weights_that_are_damaged_are_asked_for_again_and_never_read_with(server: Server, tab: Page) -> None:
    whole = server.weights
    spoilt = iter([whole.body[:-2], b"\0" * len(whole.body), whole.body[2:]])

    def weights(_: Any) -> Reply:
        body = next(spoilt, None)
        return whole if body is None else Reply(body, keep=3600)

    server.calls["weights.bin"] = weights
    with_engine(server, tab)
    assert len(server.posted("weights.bin")) == 4
    assert tab.evaluate("trouble()") == ""


def test_a_file_and_a_picture_go_to_the_browser_when_the_server_is_away(server: Server, tab: Page) -> None:
    with_engine(server, tab)
    server.calls["read"] = server.calls["find"] = lambda _: Reply(b"", 502)
    full = "backend.readInFull({ strokes: [[1, 2, 500, 700]] }).then(({ by, cell }) => [by, cell.length])"
    assert tab.evaluate(full) == ["browser", 28 * 128]
    (image,) = tab.evaluate(f"backend.find('{PICTURE}')").values()
    assert len(base64.b64decode(image)) == 784
    assert "stands out" in tab.evaluate(FAILS, ["find", base64.b64encode(png(9, 9)).decode()])


SCHEDULE = """async (steps) => {
  // The server is played here: every request waits in `out` until a step answers it. A version is a change's number.
  const out = [];
  let [version, cleared, most] = [0, 0, 0];
  const wrong = [];
  window.fetch = (_, { signal }) => new Promise((resolve, reject) => {
    out.push({ version, resolve, reject });
    if (out.length > 2) wrong.push(`${out.length} at once`);
  });
  const turn = () => new Promise((done) => setTimeout(done));
  const { Drawing } = await import("/assets/state/drawing.js");
  const drawing = new Drawing(() => { version += 1; read(); });
  let last = "";
  const read = backend.link(drawing, ({ reading: { score, by } }) => {
    if (by === "browser") score = version; // it reads the newest
    if (by === last ? score <= most : score < most) wrong.push(`${score} over ${most}`);
    if (score < cleared) wrong.push(`${score} after it was cleared at ${cleared}`);
    most = score;
    last = by;
  });
  const answer = (which, how) => {
    const [request] = out.splice(which % out.length, 1);
    if (how === "fail") return request.reject(new TypeError());
    if (how === "busy") return request.resolve(Response.json({ error: "Later." }, { status: 503 }));
    if (how === "refuse") return request.resolve(Response.json({ error: "No." }, { status: 400 }));
    const bytes = window.whole.slice(0);
    new DataView(bytes).setFloat32(8, request.version, true);
    request.resolve(new Response(bytes));
  };
  for (const [how, which] of steps) {
    if (how === "draw") drawing.begin(version, 0);
    else if (how === "clear" && !drawing.blank) { cleared = version + 1; drawing.clear(); }
    else if (how === "online") dispatchEvent(new Event("online"));
    else if (out.length) answer(which, how);
    await turn();
  }
  drawing.begin(0, 0);
  for (let k = 0; k < 9; k++) {
    while (out.length) { answer(0, "read"); await turn(); await turn(); await turn(); }
    dispatchEvent(new Event("online"));
    await turn();
  }
  if (most !== version) wrong.push(`at rest it shows ${most} of ${version}`);
  if (state.now().trouble) wrong.push(state.now().trouble);
  if (state.now().away || last !== "server") wrong.push(`${last} reads in the end`);
  return wrong;
}"""
STEP = st.tuples(
    st.sampled_from(["draw", "draw", "clear", "read", "fail", "busy", "refuse", "online"]), st.integers(0, 1)
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=25))
def test_whatever_the_order_the_newest_drawing_is_what_is_shown_in_the_end(
    server: Server, tab: Page, steps: list[tuple[str, int]]
) -> None:
    if not tab.evaluate("'whole' in window"):
        tab.evaluate("backend.loadNetwork()")
        tab.evaluate(
            "(text) => { window.whole = Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer; }",
            base64.b64encode(server.reading(0).body).decode(),
        )
    assert tab.evaluate(SCHEDULE, steps) == []
