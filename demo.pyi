"""Gatescope: draw a digit, and see what every gate of an LSTM does with each of its 28 rows.

`python demo.py` serves the page. The network is in model/, what the browser gets is in assets/.
"""

import os
from pathlib import Path
from typing import Any

import gradio as gr

import model
from model.wire import answer

HERE = Path(__file__).resolve().parent
ASSETS = HERE / "assets"

os.chdir(HERE)  # the page asks for its modules by the path assets/…, which Gradio looks up from the current folder
gr.set_static_paths([ASSETS])

reader = model.load_reader()


async def read(request: Any) -> dict[str, Any]:
    """Answer the page. On the event loop, not in a thread: it takes about as long as a change of threads."""
    return answer(reader, request)

from gradio.events import Dependency

class Instrument(gr.HTML):
    """The whole page: a sketch pad and the views of what the network makes of the drawing."""

    def __init__(self, **kwargs: Any) -> None:
        """Compose it from assets/."""
        super().__init__(
            html_template=(ASSETS / "page.html").read_text(encoding="utf-8"),
            js_on_load=(
                'import(new URL("gradio_api/file=assets/main.js", document.baseURI))'
                ".then((page) => page.start(element, server.read))"
            ),
            apply_default_css=False,
            server_functions=[read],
            **kwargs,
        )

    def api_info(self) -> dict[str, Any]:
        """Gradio asks every component; this one has no value."""
        return {"type": "string"}
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component


with gr.Blocks(title="Gatescope", analytics_enabled=False, fill_width=True) as demo:
    Instrument()

if __name__ == "__main__":
    demo.launch(
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        css_paths=ASSETS / "style.css",
        favicon_path=ASSETS / "icon.png",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        app_kwargs={"max_body_size": 2_000_000},
    )