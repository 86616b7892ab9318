"""Gatescope: draw a digit, and see what every gate of an LSTM does with each of its 28 rows.

`python demo.py` serves the page. The network is in model/, what the browser gets is in assets/.
"""

import functools
import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

import model
from model.evaluation import unit_survey
from model.serving import middleware, page
from model.serving.api import Api

HERE = Path(__file__).resolve().parent
ASSETS = HERE / "assets"

os.chdir(HERE)  # the page asks for its modules by the path assets/…, which Gradio looks up from the current folder
gr.set_static_paths([ASSETS])

START = """
import(new URL("gradio_api/file=assets/main.js", document.baseURI))
    .then((page) => page.start(element, server))
    .catch((error) => {
        const status = element.querySelector("#status");
        status.hidden = false;
        status.textContent = "The page did not load whole. Please load it again.";
        throw error;
    });
"""

reader = model.load_reader()
survey = unit_survey.load()
api = Api(reader)


def read(request: Any) -> dict[str, Any]:
    """Read a drawing."""
    return page.answer(reader, request)


def find(request: Any) -> dict[str, Any]:
    """Find the digit in a picture file."""
    return page.find(request)


def take(request: Any) -> dict[str, Any]:
    """Make a file of a reading."""
    return page.take(reader, request)


def known(_: Any) -> dict[str, Any]:
    """Tell what does not change with the drawing."""
    return page.known(reader, survey)


def refusing(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, but what it refuses reaches programs as its sentence, and the log not at all."""

    @functools.wraps(endpoint)
    def answered(*args: Any) -> Any:
        try:
            return endpoint(*args)
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return answered


def template() -> str:
    """Give the page with its text. Gradio looks in it for braces and backticks to fill in, so it has none."""
    page, text = ((ASSETS / name).read_text(encoding="utf-8") for name in ("page.html", "how.html"))
    return page.replace("<!-- how.html -->", text)


FUNCTIONS = {"read": read, "find": find, "take": take, "known": known}

with gr.Blocks(title="Gatescope", analytics_enabled=False, fill_width=True) as demo:
    # One component holds the page, since all its views share one state. A plain gr.HTML, since Gradio writes a stub
    # file beside a subclass, which a read-only checkout would not let it.
    page = gr.HTML(
        html_template=template(),
        js_on_load=START,
        apply_default_css=False,
        server_functions=list(FUNCTIONS.values()),
    )
    # Not queued: one POST has its answer, from whichever of several processes it reaches.
    for endpoint in (api.read_strokes, api.read_picture):
        gr.api(refusing(endpoint), queue=False)

demo.space_id = None  # or on Spaces Gradio's page would fetch a banner and its fonts from other hosts

if __name__ == "__main__":
    demo.launch(
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        head="".join(
            f'<link rel="stylesheet" href="gradio_api/file=assets/{name}">' for name in ("style.css", "explain.css")
        ),
        favicon_path=ASSETS / "icon.png",
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        mcp_server=importlib.util.find_spec("mcp") is not None,  # it comes with gradio[mcp]
        app_kwargs={
            "max_body_size": middleware.MAX_BODY,
            "middleware": [
                Middleware(middleware.Guard, FUNCTIONS, {"read", "known"}, page._id)
            ],
        },
    )
