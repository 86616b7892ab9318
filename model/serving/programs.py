"""How programs reach the endpoints of `api.py`: by Gradio's ways, and by one POST that passes Gradio by."""

import functools
import inspect
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import gradio as gr
import orjson

from model.serving.request import parsed

FAULT = "Something went wrong on the server. It has been noted there."

_log = logging.getLogger(__name__)


def for_gradio(endpoint: Callable[..., Any], workers: Executor) -> Callable[..., Any]:
    """The endpoint as Gradio calls it from threads of its own: worked on by the workers that the page has too.

    What it refuses reaches programs as its sentence, and the log not at all.
    """

    @functools.wraps(endpoint)
    def answered(*args: Any) -> Any:
        try:
            return workers.submit(endpoint, *args).result()
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            _log.exception("%s failed.", endpoint.__name__)
            raise gr.Error(FAULT, print_exception=False) from error

    return answered


def direct(endpoint: Callable[..., Any]) -> Callable[[bytes], bytes]:
    """What answers a POST to Gradio's `run/…`: `{"data": [arguments in their order]}` to `{"data": [answer]}`.

    It raises ValueError, with a sentence for people. Gradio's own takes the body apart before anyone can look at it,
    and fetches what it names.
    """
    names = list(inspect.signature(endpoint).parameters)
    wanted = f'{endpoint.__name__} takes {{"data": [{", ".join(names)}]}}, in this order, null for one left out.'

    def answer(body: bytes) -> bytes:
        began = time.perf_counter()
        asked = parsed(body)
        data = asked.get("data") if isinstance(asked, dict) else None
        if not isinstance(data, list) or not 1 <= len(data) <= len(names):
            raise ValueError(wanted)
        said = endpoint(*data)
        took = time.perf_counter() - began
        return orjson.dumps({"data": [said], "is_generating": False, "duration": took, "average_duration": took})

    return answer
