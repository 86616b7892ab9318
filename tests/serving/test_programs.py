"""Gradio's addresses and forms for programs, answered without Gradio."""

import json
import re
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.serving import turns
from model.serving.programs import Endpoint, Programs, is_plain
from model.serving.refusals import FAULT, RefusedError
from model.serving.turns import Turns, small
from tests.support.demo import run_async


def add(left: int, right: int = 1) -> dict[str, int]:
    """Add two numbers."""
    if not isinstance(left, int) or not isinstance(right, int):
        raise ValueError("These are no numbers.")
    return {"sum": left + right}


def fail(left: str) -> None:
    raise RuntimeError(left)


ENDPOINTS = [Endpoint(add, quick=small), Endpoint(fail)]


async def post(programs: Programs, name: str, asked: Any) -> Any:
    """What is answered to a POST, from JSON to JSON."""
    call = programs.calls[f"gradio_api/{name}"]
    said = call.answer(json.dumps(asked).encode())
    return orjson.loads(await call.finish(said) if call.finish else said)


async def sent(programs: Programs, name: str, **query: str) -> str:
    """All that is sent to a GET."""
    return b"".join([part async for part in programs.events(f"gradio_api/{name}", query)]).decode()


def messages(events: str) -> list[dict[str, Any]]:
    return [json.loads(event.removeprefix("data: ")) for event in events.strip().split("\n\n")]


@pytest.fixture
def programs() -> Programs:
    return Programs(ENDPOINTS, Turns())


def test_one_post_has_its_answer(programs) -> None:
    for way in ("run", "api"):
        reply = run_async(post(programs, f"{way}/add", {"data": [2, 3], "session_hash": "a"}))
        assert reply["data"] == [{"sum": 5}]
        assert not reply["is_generating"]


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("call/add", {"data": [2, 3]}),
        ("call/v2/add", {"left": 2, "right": 3}),
        ("call/v2/add", {"right": 3, "left": 2}),
    ],
)
def test_a_call_is_answered_when_it_is_fetched(programs, name, asked) -> None:
    async def both() -> None:
        event = (await post(programs, name, asked))["event_id"]
        assert await sent(programs, f"call/add/{event}") == 'event: complete\ndata: [{"sum":5}]\n\n'
        with pytest.raises(RefusedError) as refused:
            programs.events(f"gradio_api/call/add/{event}", {})
        assert refused.value.status == 404

    run_async(both())


def test_a_call_that_is_fetched_twice_at_once_is_answered_once(programs) -> None:
    async def both() -> list[str]:
        event = (await post(programs, "call/add", {"data": [2]}))["event_id"]
        twice = [programs.events(f"gradio_api/call/add/{event}", {}) for _ in range(2)]
        return [(await anext(events)).decode() for events in twice]

    first, second = run_async(both())
    assert first == 'event: complete\ndata: [{"sum":3}]\n\n'
    assert second.startswith("event: error\n")


def test_a_session_is_answered_in_order_and_what_it_asks_meanwhile_too(programs) -> None:
    async def all_of_it() -> tuple[list[str], list[dict[str, Any]]]:
        ask = {"fn_index": 0, "session_hash": "a"}
        events = [(await post(programs, "queue/join", {**ask, "data": [k]}))["event_id"] for k in (1, 2)]
        await post(programs, "queue/join", {**ask, "data": [7], "session_hash": "b"})
        stream = programs.events("gradio_api/queue/data", {"session_hash": "a"})
        parts = [await anext(stream) for _ in range(3)]
        events.append((await post(programs, "queue/join", {**ask, "data": ["no"]}))["event_id"])
        parts += [part async for part in stream]
        return events, messages(b"".join(parts).decode())

    events, said = run_async(all_of_it())
    assert [message["msg"] for message in said] == ["process_starts", "process_completed"] * 3 + ["close_stream"]
    assert [message["event_id"] for message in said[1::2]] == events
    assert [message["success"] for message in said[1::2]] == [True, True, False]
    assert [message["output"].get("data") for message in said[1::2]] == [[{"sum": 2}], [{"sum": 3}], None]
    assert said[-2]["output"]["error"] == "These are no numbers."


def test_a_call_of_no_session_is_nobodys(programs) -> None:
    async def asks() -> None:
        await post(programs, "call/add", {"data": [1]})
        for query in ({}, {"session_hash": ""}, {"session_hash": "None"}):
            with pytest.raises(RefusedError):
                programs.events("gradio_api/queue/data", query)

    run_async(asks())


def test_a_cancelled_call_is_not_answered(programs) -> None:
    async def cancels() -> None:
        asked = await post(programs, "queue/join", {"fn_index": 0, "session_hash": "a", "data": [1]})
        for event in (asked["event_id"], "unknown", 5, None):
            assert await post(programs, "cancel", {"event_id": event}) == {"success": True}
        with pytest.raises(RefusedError):
            programs.events("gradio_api/queue/data", {"session_hash": "a"})

    run_async(cancels())


@pytest.mark.parametrize(
    ("name", "asked", "sentence"),
    [
        ("run/add", {"data": []}, r'add takes {"data": [left, right]}'),
        ("run/add", {"data": [1, 2, 3]}, r'add takes {"data": [left, right]}'),
        ("run/add", [], r'add takes {"data": [left, right]}'),
        ("run/add", {"data": ["a"]}, "These are no numbers."),
        ("call/add", {"left": 1}, r'add takes {"data": [left, right]}'),
        ("call/v2/add", [1], "add takes an object"),
        ("queue/join", {"data": [1], "fn_index": 0}, "a session_hash"),
        ("queue/join", {"data": [1], "fn_index": 0, "session_hash": "a" * 101}, "a session_hash"),
        ("queue/join", {"data": [1], "fn_index": True, "session_hash": "a"}, "a fn_index from 0 to 1"),
        ("queue/join", {"data": [1], "fn_index": 2, "session_hash": "a"}, "a fn_index from 0 to 1"),
        ("queue/join", {"data": [1], "fn_index": -1, "session_hash": "a"}, "a fn_index from 0 to 1"),
        ("queue/join", {"data": {}, "fn_index": 1, "session_hash": "a"}, r'fail takes {"data": [left]}'),
        ("queue/join", None, "a session_hash"),
    ],
)
def test_what_is_no_question_is_refused_at_once(programs, name, asked, sentence) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        run_async(post(programs, name, asked))


@pytest.mark.parametrize("asked", [{"right": 1}, {"left": 1, "wrong": 2}, {}])
def test_arguments_that_there_are_not_are_named_when_it_is_fetched(programs, asked) -> None:
    async def both() -> str:
        return await sent(programs, f"call/add/{(await post(programs, 'call/v2/add', asked))['event_id']}")

    assert "add takes an object with left, and if need be right." in run_async(both())


def test_a_fault_of_ours_is_told_as_one(programs, caplog) -> None:
    async def both() -> str:
        return await sent(
            programs, f"call/fail/{(await post(programs, 'call/fail', {'data': ['secret']}))['event_id']}"
        )

    events = run_async(both())
    assert events.startswith("event: error\n")
    assert FAULT in events
    assert "RuntimeError" in caplog.text
    assert "secret" not in events + caplog.text


def test_who_waits_too_long_for_a_turn_is_told(programs, monkeypatch) -> None:
    monkeypatch.setattr(turns, "MAX_WAIT", 0.05)

    async def waits() -> str:
        event = (await post(programs, "call/fail", {"data": [1]}))["event_id"]
        async with programs._turns.turn():  # all that there are
            return await sent(programs, f"call/fail/{event}")

    assert "The server is busy." in run_async(waits())


def test_other_addresses_are_not_its_own(programs) -> None:
    for name in ("gradio_api/queue", "gradio_api/call/add", "gradio_api/call/add/1/2", "page/read", ""):
        assert programs.events(name, {}) is None
    with pytest.raises(RefusedError):
        programs.events("gradio_api/call/v2/add/1", {})


asked = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["left", "data"]), inner, max_size=3),
    max_leaves=8,
)
fields = {"data": asked, "fn_index": asked, "session_hash": asked, "event_id": asked, "left": asked, "right": asked}
ways = [f"{way}/add" for way in ("run", "api", "call", "call/v2")] + ["queue/join", "cancel"]


@given(st.sampled_from(ways), st.fixed_dictionaries({}, optional=fields) | asked)
def test_whatever_is_asked_is_answered_or_refused_in_a_sentence(name, asked) -> None:
    programs = Programs(ENDPOINTS, Turns())

    async def ask() -> str:
        try:
            answer = await post(programs, name, asked)
        except ValueError as error:
            return str(error)
        if "event_id" not in answer or name.startswith("queue"):
            return "."
        return await sent(programs, f"call/add/{answer['event_id']}")

    said = run_async(ask())
    assert said.startswith("event: ") or said.endswith(".")


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        (b'{"data": [[[[1, 2]]], null, null, null]}', True),
        (b'{"strokes": [[[1, 2]]]}', True),
        (b'{"data": [[[[1, 2]]], null, null, ["cell"]]}', False),
        (b'{"data": [[[[1, 2]]], {"input_gate": 1}]}', False),
        (b'{"data": [' + b"1," * turns.SMALL + b"1]}", False),
    ],
)
def test_what_takes_long_to_write_waits_its_turn(body, plain) -> None:
    assert is_plain(body) is plain
