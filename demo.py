"""Gatescope: draw a digit, and see what every gate of an LSTM does with each of its 28 rows.

`python demo.py` serves the page. The network is in model/, what the browser gets is in assets/.
"""

import importlib.util
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported

import gradio as gr

import model
from model.networks import units
from model.serving import options, reply, request
from model.serving.api import Api
from model.serving.middleware import HEAVY_AT_ONCE, App, Call, Guard
from model.serving.page import Page, read_assets
from model.serving.programs import direct, for_gradio
from model.serving.readings import Readings

ASSETS = Path(__file__).resolve().parent / "assets"
JSON = "application/json"
MAX_QUEUED = 100  # calls that programs have waiting at Gradio

settings = options.from_command_line() if __name__ == "__main__" else options.Options()
reader = model.load_reader()
survey = units.load()
workers = ThreadPoolExecutor(HEAVY_AT_ONCE)
endpoints = [Api(reader).read_strokes, Api(reader).read_picture]


def read(body: bytes) -> request.Request:
    """Take a request to read a drawing apart: `POST page/read`."""
    return request.checked(request.parsed(body))


def find(body: bytes) -> bytes:
    """Find the digit in a picture: `POST page/find`."""
    return orjson.dumps({"image": request.found(request.parsed(body))})


page = Page(
    read_assets(ASSETS),
    {"page/network": reply.network_facts(reader, survey), "page/units": reply.unit_facts(survey)},
    settings.address,
)
calls = {
    "page/read": Call(read, "application/octet-stream", quick=True, finish=Readings(reader).answer),
    "page/find": Call(find, JSON),
    **{f"gradio_api/{way}/{e.__name__}": Call(direct(e), JSON) for way in ("run", "api") for e in endpoints},
}


class Demo(gr.Server):
    """Our page, and Gradio's ways for programs behind the same guard."""

    def build_middleware_stack(self) -> App:
        """Put the guard outside all that Gradio adds, so that no answer goes out without it."""
        return Guard(super().build_middleware_stack(), page, calls, settings.headers(page.inline), workers)

    def configure_app(self, blocks: gr.Blocks) -> None:
        """Bound the queue of the Blocks that Gradio makes at launch."""
        super().configure_app(blocks)
        blocks._queue.max_size = MAX_QUEUED


demo = Demo(title="Gatescope", openapi_url=None, docs_url=None, redoc_url=None)
for endpoint in endpoints:
    # Not queued: one POST has its answer, from whichever of several processes it reaches.
    demo.api(for_gradio(endpoint, workers), name=endpoint.__name__, queue=False)

if __name__ == "__main__":
    demo.launch(
        ssr_mode=False,
        mcp_server=importlib.util.find_spec("mcp") is not None,  # it comes with gradio[mcp]
    )
