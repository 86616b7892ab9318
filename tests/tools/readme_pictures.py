"""Make the README's pictures from the running page: `python -m tests.tools.readme_pictures`."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.support.browser import draw, open_browser, open_page
from tests.support.demo import Demo
from tests.support.drawings import as_points, pen_digits

ROOT = Path(__file__).resolve().parents[2]
SIZE = {"width": 1440, "height": 900}
SMALL = (800, 500)
THREE = next(digit["strokes"] for digit in pen_digits() if digit["digit"] == 3)


def still(page: Page) -> None:
    """The page with a digit on it."""
    draw(page, THREE)
    page.mouse.move(0, 0)
    page.wait_for_timeout(1200)
    page.screenshot(path=ROOT / ".github" / "page.png")


def moving(page: Page) -> None:
    """The pen draws, the page follows, and then the rows are read."""
    frames, times = [], []

    def frame(milliseconds: int) -> None:
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").resize(SMALL, Image.Resampling.LANCZOS)
        frames.append(picture.quantize(96, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE))
        times.append(milliseconds)

    box = page.locator("#sketch-pad canvas").bounding_box()
    for stroke in as_points(THREE):
        places = (stroke / 1000 * (box["width"], box["height"]) + (box["x"], box["y"])).tolist()
        page.mouse.move(*places[0])
        page.mouse.down()
        for k, place in enumerate(places[1:]):
            page.mouse.move(*place)
            if k % 5 == 0:
                page.wait_for_timeout(60)
                frame(90)
        page.mouse.up()
    page.wait_for_timeout(200)
    frame(900)
    for row in range(1, 28, 3):
        page.locator("#row").fill(str(row))
        frame(160)
    times[-1] = 1800
    frames[0].save(
        ROOT / ".github" / "page.gif", save_all=True, append_images=frames[1:], duration=times, loop=0, optimize=True
    )


def main() -> None:
    """Both pictures, of a page of its own each."""
    demo = Demo()
    try:
        with sync_playwright() as playwright:
            browser = open_browser(playwright)
            for make in (still, moving):
                page = browser.new_page(viewport=SIZE)
                open_page(page, demo.url)
                page.click("#clear")
                page.wait_for_timeout(300)
                make(page)
            browser.close()
    finally:
        demo.kill()


if __name__ == "__main__":
    main()
