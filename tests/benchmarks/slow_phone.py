"""The first visit on a slow phone, emulated in Chromium: `python -m tests.benchmarks.slow_phone`.

1.6 Mbit/s down, 0.75 up, 150 ms a request, the processor 4 × slower, 390 × 844, nothing cached. Times are from the
start of the navigation to the first paint with content; to the first stroke that leaves ink on the pad; to that
stroke's reading on the screen. Then the pen goes on, and readings a second are counted. Without `--url` it
starts `demo.py`; with `--site` it serves a folder that `python -m model.site` wrote, compressed.
"""

import argparse
import statistics
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import open_browser
from tests.support.demo import Demo
from tests.support.files import FileServer

LINE = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}  # ms, bytes/s
SLOWER = 4
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
DRAWING = 6  # seconds of going on, for readings a second

# The stroke is a line down the left side, where the digit that the page opens with has no ink: it reads as a 1.
X, TOP, BOTTOM = 0.12, 0.2, 0.8

WATCH = """
window.seen = {};
const look = () => {
  const canvas = document.querySelector("#sketch-pad canvas");
  if (canvas?.width && seen.ink === undefined) {
    const [x, y] = [X * canvas.width, 0.5 * canvas.height].map(Math.round);
    if (canvas.getContext("2d").getImageData(x, y, 1, 1).data[3] > 0) seen.ink = performance.now();
  }
  const digit = document.querySelector("#prediction")?.dataset.digit;
  if (seen.ink !== undefined && digit === "1") seen.read ??= performance.now();
  setTimeout(look, 15);
};
look();
""".replace("X *", f"{X} *")


def visit(browser: Browser, url: str) -> dict[str, float]:
    """One first visit. Seconds, requests, kilobytes on the line, and readings a second."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    link = context.new_cdp_session(page)
    for domain in ("Network", "Page"):
        link.send(f"{domain}.enable")
    link.send("Network.emulateNetworkConditions", LINE)
    link.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    link.send("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
    sizes: list[float] = []
    link.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    page.goto(url, wait_until="commit")
    pad = first_ink(page)
    for place in (TOP, BOTTOM):
        page.mouse.move(pad["x"] + X * pad["width"], pad["y"] + place * pad["height"])
    page.mouse.up()
    while page.evaluate("seen.read === undefined"):  # not wait_for_function, which the page's security policy forbids
        page.wait_for_timeout(20)
    found = page.evaluate("seen")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    requests, kilobytes = len(sizes), sum(sizes) / 1000
    rate = readings_a_second(page, pad)
    context.close()
    return {
        "first paint, s": paint / 1000,
        "a stroke leaves ink, s": found["ink"] / 1000,
        "its reading is painted, s": found["read"] / 1000,
        "requests until then": requests,
        "KB until then": kilobytes,
        "readings a second while drawing": rate,
    }


def box_of_pad(page: Page) -> dict[str, float]:
    """Where the pad is, as soon as it is anywhere."""
    canvas = page.locator("#sketch-pad canvas")
    canvas.wait_for()
    return canvas.bounding_box()


def first_ink(page: Page) -> dict[str, float]:
    """Put the pen down again and again, until it leaves ink, and leave it there. Returns where the pad is."""
    while True:
        pad = box_of_pad(page)
        page.mouse.move(pad["x"] + X * pad["width"], pad["y"] + 0.5 * pad["height"])
        page.mouse.down()
        page.wait_for_timeout(20)  # what was taken is on the canvas by the next look
        if page.evaluate("seen.ink !== undefined"):
            return pad
        page.mouse.up()


def readings_a_second(page: Page, pad: dict[str, float]) -> float:
    """Go on drawing, up and down, and count what is painted."""
    revision = "Number(document.querySelector('#prediction').dataset.revision)"
    page.mouse.move(pad["x"] + 0.3 * pad["width"], pad["y"] + 0.5 * pad["height"])
    page.mouse.down()
    begun, first = page.evaluate(f"[performance.now(), {revision}]")
    k = 0
    while page.evaluate("performance.now()") < begun + 1000 * DRAWING:
        k += 1
        place = 0.5 + 0.3 * (-1) ** k
        page.mouse.move(pad["x"] + (0.3 + 0.4 * (k % 40) / 40) * pad["width"], pad["y"] + place * pad["height"])
        page.wait_for_timeout(30)
    ended, last = page.evaluate(f"[performance.now(), {revision}]")
    page.mouse.up()
    return 1000 * (last - first) / (ended - begun)


def measure(url: str, runs: int) -> dict[str, list[float]]:
    """So many first visits, a line of figures for each measured thing."""
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        visits = [visit(browser, url) for _ in range(runs)]
        browser.close()
    return {name: [one[name] for one in visits] for name in visits[0]}


def main() -> None:
    """Print the median of several visits, with the least and the most."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a page that is served already")
    parser.add_argument("--site", type=Path, help="the folder of a site of files")
    parser.add_argument("--runs", type=int, default=5, help="visits (5)")
    args: Any = parser.parse_args()
    with ExitStack() as ends:
        url = args.url
        if args.site:
            site = FileServer(args.site)
            ends.callback(site.stop)
            url = site.url
        elif not url:
            demo = Demo()
            ends.callback(demo.kill)
            url = demo.url
        for name, values in measure(url, args.runs).items():
            print(f"{name:34s} {statistics.median(values):8.2f}   {min(values):.2f} to {max(values):.2f}")


if __name__ == "__main__":
    main()
