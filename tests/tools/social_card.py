"""Draw the picture that messengers show of the page, `.venv/bin/python -m tests.tools.social_card`.

It is a reading by the shipped weights: a hand-drawn digit, its 28 rows, and the six maps. Writes it to assets/,
and beside it the icons for home screens, which are the small one made large; of one a system may cut off the rim.
"""

import base64
import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor
from playwright.sync_api import sync_playwright

import model
from model.colormaps import COLORMAPS
from model.networks import units
from model.tables import MAPS, Map
from tests.support.browser import open_browser
from tests.support.drawings import as_points, pen_digits

ASSETS = Path(__file__).resolve().parents[2] / "assets"
WIDTH, HEIGHT = 1200, 630
TOUCH, LARGE = 192, 512  # pixels of the icons for home screens
INNER = 320  # pixels of the large one that stay when its rim is cut off
CHOSEN = (5, 1)  # digit, and which of the drawings of it in tests/data
FOCUS = 16  # the row that is marked, from 0
COLOURS = COLORMAPS["dark"]

PAGE = """
<style>
  body {{ margin: 0; width: {width}px; height: {height}px; box-sizing: border-box; padding: 44px 48px; color: #ececec;
    background: radial-gradient(circle at 18% 30%, #23262c, #131416 62%); display: grid; gap: 0 44px;
    grid-template-columns: 296px 1fr; font: 19px/1.3 Inter, "Segoe UI", "DejaVu Sans", sans-serif; }}
  h1 {{ margin: 0; font-size: 46px; line-height: 1.05; letter-spacing: -0.02em; }}
  p {{ margin: 12px 0 0; color: #b9bdc4; font-size: 20px; }}
  aside {{ display: flex; flex-direction: column; }}
  img {{ display: block; width: 100%; height: 100%; image-rendering: pixelated; border-radius: 4px; }}
  .ink {{ position: relative; width: 240px; height: 240px; margin-top: auto; }}
  .ink img {{ border-radius: 10px; }}
  .says {{ display: flex; align-items: end; gap: 14px; margin-top: 18px; color: #b9bdc4; }}
  .says b {{ font-size: 66px; line-height: 0.8; color: #fff; }}
  main {{ display: grid; grid-template-columns: repeat(3, 1fr); grid-template-rows: repeat(2, 1fr); gap: 22px 18px; }}
  figure {{ margin: 0; display: grid; grid-template-rows: auto 1fr; gap: 7px; min-height: 0; }}
  figcaption {{ font-weight: 600; }}
  figcaption i {{ color: #a3a7ae; font-weight: 400; margin-left: 4px; }}
  figure div {{ position: relative; min-height: 0; }}
  figure img {{ position: absolute; }}
  .row {{ position: absolute; left: -3px; right: -3px; border: 2px solid #fff; border-radius: 3px; z-index: 1;
    top: calc({focus} / 28 * 100% - 2px); height: calc(100% / 28); box-shadow: 0 0 0 1px #0008; }}
</style>
<aside>
  <div><h1>Gatescope</h1><p>Draw a digit. See what every gate of an LSTM does at every row.</p></div>
  <div class="ink"><img src="{ink}" /><div class="row"></div></div>
  <div class="says"><b>{digit}</b><span>{sure} sure,<br />after 28 rows</span></div>
</aside>
<main>{maps}</main>
"""


def address(pixels: np.ndarray) -> str:
    """A picture, (height, width, 3) uint8, as an address that holds it."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def coloured(values: np.ndarray, colours: list[str], low: float, high: float) -> np.ndarray:
    """Values as colours, (…, 3) uint8."""
    anchors = np.array([ImageColor.getrgb(colour) for colour in colours], float)
    place = np.clip((values - low) / (high - low), 0, 1) * (len(anchors) - 1)
    channels = [np.interp(place, np.arange(len(anchors)), channel) for channel in anchors.T]
    return np.rint(np.stack(channels, axis=-1)).astype(np.uint8)


def figure(each: Map, values: np.ndarray) -> str:
    """One map with its name."""
    picture = address(coloured(values, COLOURS[each.colours], *each.range))
    title = f"<figcaption>{each.title}<i>{each.symbol}</i></figcaption>"
    return f'<figure>{title}<div><img src="{picture}" /><div class="row"></div></div></figure>'


def main() -> None:
    """Draw both."""
    digit, which = CHOSEN
    drawing = [drawing for drawing in pen_digits() if drawing["digit"] == digit][which]
    reading = model.load_reader().read(model.strokes_to_image(as_points(drawing["strokes"])))
    order = units.load().similarity
    ink = coloured(reading.image, ["#1b1d20", "#ffffff"], 0, 1)
    page = PAGE.format(
        width=WIDTH,
        height=HEIGHT,
        focus=FOCUS,
        ink=address(ink),
        digit=reading.digit,
        sure=f"{100 * min(reading.probabilities.max(), 0.999):.1f} %",
        maps="".join(figure(each, getattr(reading.trace, each.id)[:, order]) for each in MAPS),
    )
    with sync_playwright() as playwright:
        browser = open_browser(playwright)
        window = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        window.set_content(page)
        shot = Image.open(io.BytesIO(window.screenshot())).convert("RGB")
        browser.close()
    shot.save(ASSETS / "social-card.png", optimize=True)
    icons()


def icons() -> None:
    """Draw those for home screens."""
    icon = Image.open(ASSETS / "icon.png")

    def large(side: int) -> Image.Image:
        return icon.resize((side, side), Image.Resampling.NEAREST)

    large(TOUCH).save(ASSETS / "touch-icon.png", optimize=True)
    large(LARGE).save(ASSETS / "large-icon.png", optimize=True)
    maskable = Image.new("RGB", (LARGE, LARGE), icon.getpixel((0, 0)))
    maskable.paste(large(INNER), ((LARGE - INNER) // 2,) * 2)
    maskable.save(ASSETS / "maskable-icon.png", optimize=True)


if __name__ == "__main__":
    main()
