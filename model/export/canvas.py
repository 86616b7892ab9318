"""A picture being drawn in the page's colours: text, boxes, bars, heatmaps and their scales."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from model.export import style
from model.networks.dimensions import ROWS


@dataclass(frozen=True)
class Theme:
    """Colours as the page's style sheet names them, #rrggbb."""

    paper: str
    card: str
    line: str
    text: str
    soft: str
    ink: str
    accent: str


LIGHT = Theme("#fafaf8", "#ffffff", "#e4e4df", "#1b1c1e", "#5f6268", "#000000", "#2f56d4")
DARK = Theme("#131416", "#1b1d20", "#33363b", "#ececec", "#a3a7ae", "#f0f0f0", "#8aa5ff")

_ROW_TICKS = (0, 6, 13, 20, 27)
_FADED = 0.72  # how far the page pulls rows that are yet to be read towards the card's colour


class Sheet:
    """Places and sizes are in pixels, text stands on its baseline."""

    def __init__(self, width: int, height: int, dark: bool) -> None:
        """An empty sheet of the theme's paper."""
        self.theme = DARK if dark else LIGHT
        self.maps = {name: style.table(name, dark) for name in ("sequential", "diverging")}
        self.picture = Image.new("RGB", (width, height), self.theme.paper)
        self._pen = ImageDraw.Draw(self.picture)

    def text(
        self, x: float, y: float, words: str, size: float, colour: str, anchor: str = "ls", bold: bool = False
    ) -> float:
        """Write words; returns where they end when they begin at `x`.

        Pillow's own font needs no file, but has one weight and lacks the true minus sign, dashes, × and arrows. A
        stroke makes it bold, and a minus sign is drawn.
        """
        font = ImageFont.load_default(size)
        if words.startswith("−"):
            minus = round(size * 0.6)
            left = x - minus - font.getlength(words[1:]) if anchor == "rs" else x
            self.box(round(left), round(y - size * 0.37), round(size * 0.48), max(1, round(size / 14)), colour)
            words, x = words[1:], x if anchor == "rs" else x + minus
        self._pen.text((x, y), words, colour, font, anchor, stroke_width=size / 44 if bold else 0)
        return x + font.getlength(words)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle, its edges on whole pixels; nothing when it is too narrow to have two."""
        left, top, right, bottom = round(x), round(y), round(x + width), round(y + height)
        if right > left:
            self._pen.rectangle((left, top, right - 1, bottom - 1), colour)

    def frame(self, x: int, y: int, width: int, height: int, colour: str, thick: int) -> None:
        """An empty rectangle, its line inside."""
        self._pen.rectangle((x, y, x + width - 1, y + height - 1), outline=colour, width=thick)

    def card(self, x: int, y: int, width: int, height: int) -> None:
        """A card as on the page, at twice its size."""
        corners = (x, y, x + width - 1, y + height - 1)
        self._pen.rounded_rectangle(corners, 20, self.theme.card, self.theme.line, width=2)

    def heatmap(
        self, x: int, y: int, values: np.ndarray, name: str, reach: tuple[float, float], block: tuple[int, int]
    ) -> None:
        """Values (rows, columns) in the colours of the map `name` from reach[0] to reach[1], each a block (w, h)."""
        self._blocks(x, y, style.coloured(values, self.maps[name], *reach), block)

    def ink(self, x: int, y: int, image: np.ndarray, block: tuple[int, int], read: int = ROWS) -> None:
        """A (28, 28) image, ink = 1, each pixel a block (w, h); rows from `read` on are faded."""
        shown = mixed(self.field, self.theme.ink, image)
        shown[read:] = mixed(shown[read:], self.theme.card, np.float32(_FADED))
        self._blocks(x, y, shown, block)

    @property
    def field(self) -> np.ndarray:
        """(3,) uint8: what the image is drawn on."""
        return mixed(self.theme.card, self.theme.paper, np.float32(0.6))

    def scale(self, right: float, y: float, name: str, reach: tuple[int, int], length: int, size: float) -> None:
        """The colours of the map `name`, `length` wide, between the values they stand for."""
        low, high = (str(end).replace("-", "−") for end in reach)
        gap, thick = round(size / 2), round(size * 0.66)
        self.text(right, y, high, size, self.theme.soft, "rs")
        left = round(right - ImageFont.load_default(size).getlength(high)) - gap - length
        shown = self.maps[name][np.linspace(0, 255, length).astype(int)]
        self._blocks(left, round(y - size * 0.36 - thick / 2), shown[None], (1, thick))
        self.text(left - gap, y, low, size, self.theme.soft, "rs")

    def row_ticks(self, middle: float, y: float, height: float, size: float) -> None:
        """The numbers of some of 28 rows of that height."""
        for row in _ROW_TICKS:
            self.text(middle, y + (row + 0.5) * height, str(row + 1), size, self.theme.soft, "mm")

    def bars(
        self, x: float, y: float, width: float, height: float, size: float, shares: np.ndarray | None, grey: bool
    ) -> None:
        """Ten digits down, each `height` apart, a bar for its share (10,) in 0…1 and the percentage; empty for None.

        grey: none of the ten is meant.
        """
        theme = self.theme
        start, end = x + 1.6 * size, x + width - 4.2 * size
        for digit in range(10):
            middle = y + (digit + 0.5) * height
            best = not grey and digit == shares.argmax()
            colour = theme.soft if grey else theme.text
            self.text(x, middle + size * 0.36, str(digit), size, colour, "ls", best)
            self.box(start - round(size / 7), middle - size * 0.42, round(size / 7), size * 0.84, theme.line)
            if shares is None:
                continue
            quiet = mixed(theme.line, theme.soft if grey else theme.accent, np.float32(0.55))
            fill = theme.accent if best else hexadecimal(quiet)
            self.box(start, middle - size * 0.42, (end - start) * shares[digit], size * 0.84, fill)
            self.text(x + width, middle + size * 0.36, percent(shares[digit]), size, colour, "rs", best)

    def _blocks(self, x: int, y: int, shown: np.ndarray, block: tuple[int, int]) -> None:
        width, height = block
        self.picture.paste(Image.fromarray(shown.repeat(height, axis=0).repeat(width, axis=1)), (x, y))


def percent(share: float) -> str:
    """Never 100 % for what is not certain, as on the page."""
    return f"{min(100 * share, 99.9):.1f}%"


def mixed(ground: str | np.ndarray, over: str | np.ndarray, share: np.ndarray) -> np.ndarray:
    """Colours (…, 3) uint8: `share`, (…) in 0…1, of the one over the rest of the other."""
    ground, over = (
        np.array(ImageColor.getrgb(colour) if isinstance(colour, str) else colour, np.float32)
        for colour in (ground, over)
    )
    return np.rint(ground + (over - ground) * share[..., None]).astype(np.uint8)


def hexadecimal(colour: np.ndarray) -> str:
    """A colour (3,) uint8 as #rrggbb."""
    return f"#{colour.tobytes().hex()}"
