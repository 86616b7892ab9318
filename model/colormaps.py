"""The colours of every picture, of the page and of Python.

A colour map is 33 colours at equal steps, lowest value first; between them, linear. They are laid out in OKLCH
(Ottosson 2020), so that equal steps in value are equal steps in lightness, and avoid red against green, for
colour-blind eyes.
"""

# fmt: off
_SEQUENTIAL = [
    "#280253", "#270e5b", "#261961", "#242368", "#222c6d", "#1f3571", "#1b3e75", "#184679",
    "#144e7c", "#105680", "#0a5e83", "#046687", "#006e89", "#00768c", "#057d8e", "#0f8590",
    "#198c91", "#239492", "#2d9b92", "#37a392", "#41aa92", "#4ab290", "#54b98d", "#5ec189",
    "#6bc883", "#7bce7c", "#8cd474", "#9eda6b", "#b1de61", "#c5e258", "#d9e650", "#ece94c",
    "#ffeb4e",
]

_DIVERGING_LIGHT = [
    "#004e8f", "#0c579b", "#1361aa", "#166bba", "#2176c8", "#3281d1", "#458cd7", "#5797dc",
    "#69a2e0", "#7bace4", "#8db7e7", "#9fc2e9", "#b2ccea", "#c5d7eb", "#d8e1eb", "#e9ecef",
    "#f7f7f7", "#efeae9", "#ebdcda", "#eaccca", "#e9bdb9", "#e6aea9", "#e39f9a", "#df908b",
    "#da817c", "#d4726d", "#cd6460", "#c65552", "#be4745", "#b43839", "#aa282d", "#a01722",
    "#940018",
]

_DIVERGING_DARK = [
    "#73b5ff", "#64aaf7", "#519ff2", "#3f94eb", "#3389df", "#2f7ece", "#2b74bd", "#296aac",
    "#28609a", "#275688", "#264c75", "#254363", "#243951", "#223040", "#20272f", "#1c1e21",
    "#161616", "#211d1d", "#2e2322", "#3f2827", "#4f2d2b", "#60322f", "#703734", "#813c39",
    "#92413e", "#a24643", "#b34c49", "#c35350", "#d35a57", "#e2625f", "#ed6e6a", "#f67c77",
    "#ff8a84",
]
# fmt: on

COLORMAPS: dict[str, dict[str, list[str]]] = {
    "light": {"sequential": _SEQUENTIAL, "diverging": _DIVERGING_LIGHT},
    "dark": {"sequential": _SEQUENTIAL, "diverging": _DIVERGING_DARK},
}
"""The anchors, #rrggbb, by theme and name: the middle of a diverging map is close to the theme's card."""

ACCENTS = {
    "light": {"i": "#0f9e9c", "f": "#bd230e", "o": "#0756c9", "g": "#cb7d00", "c": "#852973", "h": "#1b1c1e"},
    "dark": {"i": "#00a67d", "f": "#ff5516", "o": "#70c5ff", "g": "#f5c542", "c": "#b763d4", "h": "#ececec"},
}
"""A colour for each quantity of the equations, wherever it is named or drawn as a line.

They start from Okabe & Ito's (2008) and were moved apart, so that with full colour vision and without any one kind of
cone no two are alike, and each stands out from the theme's card. The style sheet has them as `--input_gate` and so on.
"""

THEMES = {
    "light": {
        "paper": "#fafaf8",
        "card": "#ffffff",
        "line": "#e4e4df",
        "text": "#1b1c1e",
        "soft": "#5f6268",
        "ink": "#000000",
        "accent": "#2f56d4",
    },
    "dark": {
        "paper": "#131416",
        "card": "#1b1d20",
        "line": "#33363b",
        "text": "#ececec",
        "soft": "#a3a7ae",
        "ink": "#f0f0f0",
        "accent": "#8aa5ff",
    },
}
"""What surrounds the maps. The page's style sheet has the same colours under the same names, but for `ink`."""
