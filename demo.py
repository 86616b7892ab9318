"""Gatescope: draw a digit, and see what every gate of an LSTM does with each of its 28 rows.

`python demo.py` serves the page. The network is in model/, what the browser gets is in assets/.
"""

import gc
import os
from pathlib import Path

import orjson

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported

import gradio as gr

import model
from model.networks import units
from model.serving import options, reply, request
from model.serving.agents import Agents
from model.serving.api import Api
from model.serving.connection import guard_connections
from model.serving.middleware import App, Call, Guard
from model.serving.page import Page, read_assets
from model.serving.programs import Endpoint, Programs, is_plain
from model.serving.readings import Readings
from model.serving.turns import Turns, never, small

ASSETS = Path(__file__).resolve().parent / "assets"

settings = options.from_command_line() if __name__ == "__main__" else options.Options()
reader = model.load_reader()
turns = Turns()
readings = Readings(reader)
api = Api(reader)
endpoints = [Endpoint(api.read_strokes, quick=is_plain), Endpoint(api.read_picture)]
programs = Programs(endpoints, turns)
agents = Agents(endpoints, settings.tool_prefix)


def read(body: bytes) -> request.Request:
    """Parse and check a request to read a drawing: `POST page/read`."""
    return request.checked(request.parsed(body))


async def answer(asked: request.Request) -> bytes:
    """The reading that is asked for; one in full takes several times as long, and so waits for a turn."""
    if asked.full:
        return await turns.work(lambda _: readings.in_full(asked), b"", never)
    return await readings.answer(asked)


def find(body: bytes) -> bytes:
    """Find the digit in a picture: `POST page/find`."""
    return orjson.dumps({"image": request.found(request.parsed(body))})


page = Page(
    read_assets(ASSETS),
    {
        **reply.facts(reader, units.load()),
        "gradio_api/mcp/schema": agents.schema,
    },
    settings.address,
)
calls = {
    "page/read": Call(read, "application/octet-stream", quick=small, finish=answer),
    "page/find": Call(find),
    "gradio_api/mcp": Call(agents.answer, as_event=True),
    "gradio_api/mcp/http": Call(agents.answer, as_event=True),
    **programs.calls,
}


class Demo(gr.Server):
    """Our page and endpoints behind the guard; Gradio only describes them."""

    def build_middleware_stack(self) -> App:
        """Put the guard outermost, so that every answer passes through it."""
        headers = settings.headers(page.inline)
        return Guard(super().build_middleware_stack(), page, calls, headers, turns, programs.events)

    def configure_app(self, blocks: gr.Blocks) -> None:
        """Have the Blocks that Gradio makes at launch announce the tools, which `agents` serves."""
        super().configure_app(blocks)
        blocks.mcp_server = blocks.config["mcp_server"] = True


demo = Demo(title="Gatescope", openapi_url=None, docs_url=None, redoc_url=None)
for endpoint in endpoints:
    demo.api(endpoint.read, name=endpoint.name, queue=False)

if __name__ == "__main__":
    demo.launch(ssr_mode=False, mcp_server=False, prevent_thread_lock=True)
    gc.freeze()  # or Python looks through all of TensorFlow now and then, and everyone waits a quarter of a second
    blocks = demo.get_blocks()
    guard_connections(blocks.server.config, settings.headers())
    blocks.block_thread()
