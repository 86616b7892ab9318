"""Firefox and WebKit: drawing, what-if, sharing and taking away work as in Chromium, with a server and without."""

from collections.abc import Iterator

import pytest

from tests.support.browsers import Tab, missing, open_page, open_tab, until
from tests.support.drawings import as_points, first_of

pytestmark = pytest.mark.thorough

DIGIT = "return document.querySelector('#prediction').dataset.digit"
PAD = "const box = document.querySelector('#sketch-pad canvas').getBoundingClientRect();"
WATCH = """window.wrong = [];
addEventListener("error", (event) => wrong.push(event.message));
addEventListener("unhandledrejection", (event) => wrong.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => wrong.push(event.violatedDirective));"""


@pytest.fixture(params=["firefox", "webkit"])
def tab(request: pytest.FixtureRequest) -> Iterator[Tab]:
    if why := missing(request.param):
        pytest.skip(why)
    with open_tab(request.param) as tab:
        yield tab


def test_drawing_what_if_sharing_and_taking_away(url: str, target: str, tab: Tab) -> None:
    open_page(tab, url)
    tab.run(WATCH + "document.querySelector('#clear').click()")
    until(tab, DIGIT, "")

    left, top, side = tab.run(PAD + "return [box.left, box.top, box.width]")
    for stroke in as_points(first_of(4)):
        tab.drag([(left + x * side / 1000, top + y * side / 1000) for x, y in stroke])
    until(tab, DIGIT, "4")
    until(tab, "return document.querySelector('#prediction').dataset.by", "browser" if target == "site" else "server")
    until(tab, "return document.querySelector('#story').textContent.includes('4 with')")
    colours = """return [...document.querySelectorAll(".inside .frame canvas")].map((canvas) =>
      new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, 128, 28).data.buffer)).size > 50)"""
    assert tab.run(colours) == [True] * 6

    tab.run("[...document.querySelectorAll('.what-if button')].find((b) => b.textContent === 'Never forget').click()")
    until(tab, "return document.querySelector('#state-strip').textContent.includes('held at 1')")
    until(tab, "return !document.querySelector('.untouched').hidden")
    tab.run("document.querySelector('#share').click()")
    until(tab, "return location.hash.includes('draw=.') && location.hash.includes('hold=f-1-0-27')")

    tab.run("""window.files = [];
      const made = URL.createObjectURL;
      URL.createObjectURL = (file) => { files.push(file.size); return made.call(URL, file); };
      for (const kind of ["png", "csv", "npz"]) document.querySelector(`[data-kind=${kind}]`).click()""")
    until(tab, "return files.filter((size) => size > 10_000).length", 3)
    assert tab.run("return wrong") == []

    address = tab.run("return location.href")
    tab.goto("about:blank")
    open_page(tab, address)
    until(tab, "return document.querySelector('#state-strip').textContent.startsWith('From the link:')")
    assert tab.run("return !document.querySelector('.untouched').hidden")
