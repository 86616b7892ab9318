"""What is seen while drawing: `python -m tests.benchmarks.viewports`.

For each viewport what share of each part's area stands in the window, in percent, with the page at its top, where the
pad is. On a phone five of the six maps are small; that counts as seen. Without `--url` it starts `demo.py`.
"""

import argparse

from playwright.sync_api import BrowserContext, sync_playwright

from tests.support.browser import GATES, open_browser
from tests.support.demo import Demo

DESKTOPS = ((1180, 700), (1280, 720), (1366, 657), (1440, 900), (1920, 1080))
TABLETS = ((820, 1180),)
PHONES = ((360, 640), (390, 844), (640, 360), (844, 390))

PARTS = {
    "pad": "#sketch-pad",
    "answer": "#prediction .answer",
    "bars": "#prediction .bars",
    "input": "#what-it-reads",
    "verdict": "#verdict",
    "evidence": "#evidence",
    "cell": "#cell-diagram",
    **{name: f"#{name}" for name in GATES},
}
"""What is looked for, by the name in the table."""

SHARES = """(parts) => Object.fromEntries(Object.entries(parts).map(([name, selector]) => {
    const part = document.querySelector(selector);
    const all = part?.getBoundingClientRect();
    if (!all?.width || !all.height) return [name, 0];
    let {left, top, right, bottom} = all;
    const cut = (box) => {
        left = Math.max(left, box.left); right = Math.min(right, box.right);
        top = Math.max(top, box.top); bottom = Math.min(bottom, box.bottom);
    };
    cut({left: 0, top: 0, right: innerWidth, bottom: innerHeight});
    for (let e = part.parentElement; e !== document.body; e = e.parentElement) {
        const {overflow, display} = getComputedStyle(e);
        if (overflow !== "visible" && display !== "contents") cut(e.getBoundingClientRect());
    }
    return [name, Math.max(0, right - left) * Math.max(0, bottom - top) / (all.width * all.height)];
}))"""


def shares(context: BrowserContext, url: str, width: int, height: int) -> dict[str, float]:
    """What share of each part is in the window, 0…1."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.goto(url)
    page.wait_for_selector("body[data-started]")
    page.wait_for_selector('#prediction:not([data-digit=""])')
    seen = page.evaluate(SHARES, PARTS)
    page.close()
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("--url", help="of a demo that runs already")
    url = parser.parse_args().url
    demo = None if url else Demo()
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        print("viewport".ljust(10), *(name.removesuffix("_gate").rjust(9) for name in PARTS), sep="")
        for sizes, touch in ((DESKTOPS, False), (TABLETS + PHONES, True)):
            context = browser.new_context(has_touch=touch, is_mobile=touch)
            for width, height in sizes:
                seen = shares(context, url or demo.url, width, height)
                print(f"{width}×{height}".ljust(10), *(f"{100 * share:8.0f}%" for share in seen.values()), sep="")
        browser.close()
    if demo:
        demo.kill()


if __name__ == "__main__":
    main()
