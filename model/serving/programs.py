"""How programs reach the endpoints of `api.py`: Gradio's addresses and forms, answered without Gradio.

Gradio's own takes a body apart before anyone can look at it, fetches what it names, keeps answers that nobody fetches,
and writes to the log what it could not make sense of.

    POST gradio_api/run/NAME (or api/NAME)   {"data": [arguments in their order]} to {"data": [answer]}
    POST gradio_api/call/NAME                the same to {"event_id": …}; call/v2/NAME takes {argument: value}
    GET  gradio_api/call/NAME/EVENT          the answer, as an event
    POST gradio_api/queue/join               {"data": …, "fn_index": …, "session_hash": …} to {"event_id": …}
    GET  gradio_api/queue/data?session_hash= the answers to all that a session has asked, as events
    POST gradio_api/cancel                   {"event_id": …} is not asked any more
"""

import inspect
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from model.serving.middleware import Call, Events, log_fault
from model.serving.refusals import FAULT, RefusedError
from model.serving.request import parsed
from model.serving.turns import Turns, never, small
from model.serving.waiting import Made, Waiting

_FETCHED = re.compile(r"gradio_api/call/(?:v2/)?\w{1,100}/(\w{1,100})")


@dataclass(frozen=True)
class Endpoint:
    """A function that programs may call. It refuses by ValueError, with a sentence for people."""

    read: Callable[..., Any]
    quick: Callable[[bytes], bool] = never
    """Whether it takes about as long as a change of threads, by the body of the request."""

    @property
    def name(self) -> str:
        """As programs call it."""
        return self.read.__name__

    @cached_property
    def arguments(self) -> list[str]:
        """Their names, in order; all but the first may be left out."""
        return list(inspect.signature(self.read).parameters)

    def in_order(self, body: bytes) -> bytes:
        """JSON of the answer to `{"data": [arguments]}`."""
        return orjson.dumps(self.read(*self._data(parsed(body))))

    def by_name(self, body: bytes) -> bytes:
        """JSON of the answer to `{argument: value}`."""
        return self.answer(parsed(body))

    def answer(self, asked: Any) -> bytes:
        """JSON of the answer to arguments by their names, from JSON already parsed."""
        if not isinstance(asked, dict) or self.arguments[0] not in asked or not asked.keys() <= set(self.arguments):
            first, *others = self.arguments
            raise ValueError(f"{self.name} takes an object with {first}, and if need be {', '.join(others)}.")
        return orjson.dumps(self.read(**asked))

    def run(self, body: bytes) -> bytes:
        """The whole answer of `run/NAME`."""
        began = time.perf_counter()
        return _output(self.in_order(body), began)

    def check_order(self, body: bytes) -> bytes:
        """The body, when it asks with arguments in their order."""
        self._data(parsed(body))
        return body

    def _data(self, asked: Any) -> list[Any]:
        data = asked.get("data") if isinstance(asked, dict) else None
        if not isinstance(data, list) or not 1 <= len(data) <= len(self.arguments):
            raise ValueError(
                f'{self.name} takes {{"data": [{", ".join(self.arguments)}]}}, in this order, null for one left out.'
            )
        return data


def is_plain(body: bytes) -> bool:
    """Whether a request is small and names nothing: no arrays, which take longer to write than to compute."""
    return small(body) and body.count(b'"') <= 2  # those of "data", or of the first argument


class Programs:
    """All of these addresses, over the endpoints in the order in which Gradio numbers them."""

    def __init__(self, endpoints: Sequence[Endpoint], turns: Turns) -> None:
        """Serve these endpoints; heavy calls wait for a turn."""
        self._endpoints = endpoints
        self._turns = turns
        self._waiting = Waiting()
        self.calls: Mapping[str, Call] = {
            "gradio_api/queue/join": Call(self._joined, quick=small, finish=self._made),
            "gradio_api/cancel": Call(parsed, quick=small, finish=self._cancelled),
            **{
                f"gradio_api/{way}/{endpoint.name}": call
                for endpoint in endpoints
                for way, call in {
                    "run": Call(endpoint.run, quick=endpoint.quick),
                    "api": Call(endpoint.run, quick=endpoint.quick),
                    "call": Call(self._called(endpoint), quick=small, finish=self._made),
                    "call/v2": Call(self._called_by_name(endpoint), quick=small, finish=self._made),
                }.items()
            },
        }
        """What answers a POST, by address."""

    def events(self, name: str, query: Mapping[str, str]) -> Events | None:
        """What is sent bit by bit to who asks for this address by GET; None when there is none of this name.

        Raises RefusedError when nothing has been asked that could be answered there.
        """
        if found := _FETCHED.fullmatch(name):
            if made := self._waiting.get(found[1]):
                return self._fetched(made)
        elif name == "gradio_api/queue/data":
            session = query.get("session_hash")
            if session and self._waiting.first(session):
                return self._all_of(session)
        else:
            return None
        raise RefusedError(404, "There is no such call here: it has been fetched, or nobody came for it in time.")

    def _called(self, endpoint: Endpoint) -> Callable[[bytes], Made]:
        return lambda body: Made(None, endpoint.in_order, endpoint.check_order(body), endpoint.quick)

    def _called_by_name(self, endpoint: Endpoint) -> Callable[[bytes], Made]:
        def made(body: bytes) -> Made:
            if not isinstance(parsed(body), dict):
                raise ValueError(f"{endpoint.name} takes an object with its arguments.")
            return Made(None, endpoint.by_name, body, endpoint.quick)

        return made

    def _joined(self, body: bytes) -> Made:
        asked = parsed(body)
        asked = asked if isinstance(asked, dict) else {}
        number, session = asked.get("fn_index"), asked.get("session_hash")
        if not isinstance(session, str) or not 1 <= len(session) <= 100:
            raise ValueError("The queue takes a session_hash of 1 to 100 characters.")
        if type(number) is not int or not 0 <= number < len(self._endpoints):
            raise ValueError(f"The queue takes a fn_index from 0 to {len(self._endpoints) - 1}.")
        endpoint = self._endpoints[number]
        return Made(session, endpoint.in_order, endpoint.check_order(body), endpoint.quick)

    async def _made(self, made: Made) -> bytes:
        self._waiting.add(made)
        return orjson.dumps({"event_id": made.event})

    async def _cancelled(self, asked: Any) -> bytes:
        event = asked.get("event_id") if isinstance(asked, dict) else None
        if isinstance(event, str) and (made := self._waiting.get(event)):
            self._waiting.forget(made)
        return orjson.dumps({"success": True})

    async def _fetched(self, made: Made) -> AsyncIterator[bytes]:
        """The events of one call, as curl shows them."""
        answer, sentence = await self._answer(made)
        if sentence is None:
            yield b"event: complete\ndata: [" + answer + b"]\n\n"
        else:
            yield b"event: error\ndata: " + orjson.dumps(_error(sentence)) + b"\n\n"

    async def _all_of(self, session: str) -> AsyncIterator[bytes]:
        """The events of a session, as Gradio's clients read them: of what is asked meanwhile too."""
        while made := self._waiting.first(session):
            began = time.perf_counter()
            yield _message({"msg": "process_starts", "event_id": made.event, "eta": None})
            answer, sentence = await self._answer(made)
            output = orjson.dumps(_error(sentence)) if sentence else _output(answer, began)
            done = {"msg": "process_completed", "event_id": made.event, "success": sentence is None, "title": None}
            yield _message({**done, "output": orjson.Fragment(output)})
        yield _message({"msg": "close_stream", "event_id": None})

    async def _answer(self, made: Made) -> tuple[bytes, str | None]:
        """JSON of the answer, or a sentence why there is none."""
        if made.fetched:
            return b"", "This call has been fetched already."
        with self._waiting.fetching(made):
            try:
                return await self._turns.work(made.answer, made.body, made.quick), None
            except (ValueError, RefusedError) as error:
                return b"", str(error)
            except Exception as error:
                log_fault(error)
                return b"", FAULT


def _output(answer: bytes, began: float) -> bytes:
    took = time.perf_counter() - began
    said = {"data": [orjson.Fragment(answer)], "is_generating": False, "duration": took, "average_duration": took}
    return orjson.dumps(said)


def _error(sentence: str) -> dict[str, Any]:
    return {"error": sentence, "visible": True, "duration": 10, "title": "Error"}


def _message(message: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(message) + b"\n\n"
