"""Gatescope: draw a digit, and see what every gate of an LSTM does with each of its 28 rows.

`python demo.py` serves the page. The network is in model/, what the browser gets is in assets/.
"""

import functools
import importlib.util
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # Gradio looks at it when it is imported

import gradio as gr

import model
from model.networks import units
from model.networks.weights import load
from model.serving import middleware, reply, request
from model.serving.api import Api
from model.serving.page import Page, read_assets

reader = model.load_reader()
survey = units.load()
api = Api(reader)


def read(body: bytes) -> bytes:
    """Answer `page/read`."""
    asked = middleware.parsed(body)
    full = asked.pop("full", False) if isinstance(asked, dict) else False
    request._check_fields(asked, request.READING_FIELDS)
    return reply.packed(*request.read_request(reader, asked), full is True)


def find(body: bytes) -> bytes:
    """Answer `page/find`."""
    asked = middleware.parsed(body)
    request._check_fields(asked, {"picture"})
    return json.dumps({"image": request.found(asked)}).encode()


def refusing(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, but what it refuses reaches programs as its sentence, and the log not at all."""

    @functools.wraps(endpoint)
    def answered(*args: Any) -> Any:
        try:
            return endpoint(*args)
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return answered


PAGE = Page(
    read_assets(Path(__file__).resolve().parent / "assets"),
    {
        "page/network": reply.network_facts(reader, load()[0].readout_bias, survey),
        "page/units": reply.unit_facts(survey),
    },
)
CALLS = {
    "page/read": middleware.Call(read, "application/octet-stream", quick=True),
    "page/find": middleware.Call(find, "application/json", quick=False),
}


class Demo(gr.Server):
    """Gradio's API for programs behind our own page."""

    def build_middleware_stack(self) -> middleware.App:
        """Ours stands outermost, so that every answer has passed it."""
        return middleware.Guard(super().build_middleware_stack(), PAGE, CALLS)


demo = Demo(title="Gatescope", docs_url=None, redoc_url=None, openapi_url=None)
for endpoint in (api.read_strokes, api.read_picture):
    # Not queued: one POST has its answer, from whichever of several processes it reaches.
    demo.api(refusing(endpoint), name=endpoint.__name__, queue=False)

if __name__ == "__main__":
    demo.launch(
        ssr_mode=False,
        mcp_server=importlib.util.find_spec("mcp") is not None,  # it comes with gradio[mcp]
    )
