"""Firefox and WebKit: drawing, what-if, sharing and taking away work there too."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.demo import Demo
from tests.support.drawings import as_points, first_of
from tests.support.drivers import Firefox, WebKit

pytestmark = pytest.mark.thorough

DIGIT = "return document.querySelector('#prediction').dataset.digit"


@pytest.fixture(params=[Firefox, WebKit], ids=lambda driver: driver.name)
def driver(request: pytest.FixtureRequest) -> Iterator[Firefox | WebKit]:
    if why := request.param.missing():
        pytest.skip(why)
    driver = request.param()
    yield driver
    driver.close()


def until(driver: Firefox | WebKit, script: str, wanted: Any) -> None:
    """Wait until it returns that."""
    for _ in range(200):
        if (found := driver.run(script)) == wanted:
            return
        time.sleep(0.1)
    raise AssertionError(f"{script}: {found!r} instead of {wanted!r}")


def test_drawing_what_if_sharing_and_taking_away(demo: Demo, driver: Firefox | WebKit) -> None:
    driver.goto(demo.url)
    until(driver, "return 'started' in document.body.dataset", True)
    driver.run("""window.wrong = [];
      addEventListener("error", (event) => wrong.push(event.message));
      addEventListener("unhandledrejection", (event) => wrong.push(String(event.reason)));
      addEventListener("securitypolicyviolation", (event) => wrong.push(event.violatedDirective));
      document.querySelector("#clear").click()""")
    until(driver, DIGIT, "")

    box = "const r = document.querySelector('#sketch-pad canvas').getBoundingClientRect(); "
    left, top, side = driver.run(box + "return [r.left, r.top, r.width]")
    for stroke in as_points(first_of(4)):
        driver.drag([(left + x * side / 1000, top + y * side / 1000) for x, y in stroke])
    until(driver, DIGIT, "4")
    until(driver, "return document.querySelector('#story').textContent.includes('4 with')", True)
    maps = "return [...document.querySelectorAll('.inside .frame canvas')].map((c) => c.getContext('2d')"
    inked = driver.run(maps + ".getImageData(0, 0, 128, 28).data.some((value) => value > 0))")
    assert inked == [True] * 6

    press = "[...document.querySelectorAll('.what-if button')].find((b) => b.textContent === 'Never forget').click()"
    driver.run(press)
    until(driver, "return document.querySelector('#state-strip').textContent.includes('held at 1')", True)
    until(driver, "return !document.querySelector('.untouched').hidden", True)
    driver.run("document.querySelector('#share').click()")
    until(driver, "return location.hash.includes('draw=') && location.hash.includes('hold=f-1-0-27')", True)

    driver.run("""window.files = [];
      const made = URL.createObjectURL;
      URL.createObjectURL = (file) => { files.push(file.size); return made.call(URL, file); };
      for (const kind of ["png", "csv", "npz"]) document.querySelector(`[data-kind=${kind}]`).click()""")
    until(driver, "return files.filter((size) => size > 10_000).length", 3)
    assert driver.run("return wrong") == []

    address = driver.run("return location.href")
    driver.goto("about:blank")
    driver.goto(address)
    until(driver, "return document.querySelector('#state-strip').textContent.startsWith('From the link:')", True)
