"""The tools for agents: what is said by JSON-RPC, and what the protocol's own client makes of it."""

import json
import re
from typing import Any, Literal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.serving.agents import VERSIONS, Agents
from model.serving.programs import Endpoint
from tests.support.demo import Demo, run_async
from tests.support.drawings import as_points, pen_digits

DIGIT = pen_digits()[3]
STROKES = [stroke.tolist() for stroke in as_points(DIGIT["strokes"])]


def weigh(what: list[float], unit: Literal["kg", "g"] | None = None) -> dict[str, float]:
    """Weigh things. One after the other.

    Args:
        what: things to weigh
        unit: of the answer

    Returns:
        what they weigh
    """
    if not isinstance(what, list):
        raise ValueError("These are no things.")
    return {"weight": len(what)}


AGENTS = Agents([Endpoint(weigh)], prefix="scales_")


def ask(method: str, parameters: Any = None, agents: Agents = AGENTS) -> dict[str, Any]:
    body = {"jsonrpc": "2.0", "id": 7, "method": method} | ({} if parameters is None else {"params": parameters})
    answer = orjson.loads(agents.answer(json.dumps(body).encode()))
    assert (answer.pop("jsonrpc"), answer.pop("id")) == ("2.0", 7)
    return answer


def test_an_agent_and_the_server_agree_on_a_version() -> None:
    for wanted, said in ((VERSIONS[1], VERSIONS[1]), ("1999-01-01", VERSIONS[0]), ([], VERSIONS[0])):
        result = ask("initialize", {"protocolVersion": wanted, "capabilities": {}, "clientInfo": {}})["result"]
        assert result["protocolVersion"] == said
        assert result["capabilities"] == {"tools": {"listChanged": False}}
    assert AGENTS.answer(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}') is None
    assert ask("ping") == {"result": {}}


def test_tools_are_told_with_their_arguments() -> None:
    (tool,) = ask("tools/list")["result"]["tools"]
    assert tool["name"] == "scales_weigh"
    assert tool["description"] == "Weigh things. One after the other. Returns: what they weigh"
    schema = tool["inputSchema"]
    assert schema["required"] == ["what"]
    assert schema["properties"]["what"] == {
        "type": "array", "items": {"type": "number"}, "description": "things to weigh",
    }  # fmt: skip
    assert "unit" in schema["properties"]
    (told,) = json.loads(AGENTS.schema)
    assert told == {**tool, "meta": {"file_data_present": False, "mcp_type": "tool", "endpoint_name": "weigh"}}


def test_a_tool_answers_json() -> None:
    result = ask("tools/call", {"name": "scales_weigh", "arguments": {"what": [1, 2]}})["result"]
    (content,) = result["content"]
    assert content["type"] == "text"
    assert json.loads(content["text"]) == result["structuredContent"] == {"weight": 2}
    assert result["isError"] is False


@pytest.mark.parametrize("arguments", [None, [], {}, {"what": 5}, {"what": [], "wrong": 1}, {"unit": "kg"}])
def test_what_a_tool_refuses_it_refuses_in_a_sentence(arguments) -> None:
    result = ask("tools/call", {"name": "scales_weigh", "arguments": arguments})["result"]
    assert result["isError"] is True
    assert result["content"][0]["text"].endswith(".")


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("tools/call", {"name": "weigh"}),
        ("tools/call", None),
        ("tools/call", {"name": []}),
        ("resources/list", None),
        ("", None),
    ],
)
def test_what_there_is_not_is_an_error(method, parameters) -> None:
    error = ask(method, parameters)["error"]
    assert error["code"] in (-32601, -32602)
    assert error["message"].endswith(".")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"id": 1, "method": "ping"}', b'{"jsonrpc": "2.0", "id": 1}',
     b'[{"jsonrpc": "2.0", "id": 1, "method": "ping"}]', b'{"jsonrpc": "2.0", "id": {}, "method": "ping"}',
     b'{"jsonrpc": "2.0", "id": true, "method": "ping"}', b'{"jsonrpc": "2.0", "id": 1e99, "method": "ping"}'],
)  # fmt: skip
def test_what_is_no_message_is_refused(body) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        AGENTS.answer(body)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
called = st.fixed_dictionaries({}, optional={"name": anything | st.just("scales_weigh"), "arguments": anything})


@given(st.sampled_from(["initialize", "ping", "tools/list", "tools/call", "prompts/get"]), called | anything)
def test_whatever_is_asked_is_answered(method, parameters) -> None:
    assert ask(method, parameters).keys() <= {"result", "error"}


def test_the_protocols_own_client_finds_and_uses_the_tools(demo: Demo) -> None:
    mcp = pytest.importorskip("mcp")
    from mcp.client.streamable_http import streamable_http_client

    async def use() -> None:
        async with (
            streamable_http_client(f"{demo.url}gradio_api/mcp/") as (read, write, _),
            mcp.ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            assert set(tools) == {"read_strokes", "read_picture"}
            assert tools["read_strokes"].inputSchema["properties"]["silence"]["description"]
            used = await session.call_tool("read_strokes", {"strokes": STROKES, "arrays": ["cell"]})
            assert json.loads(used.content[0].text) == used.structuredContent
            assert used.structuredContent["digit"] == DIGIT["digit"]
            assert not used.isError
            refused = await session.call_tool("read_strokes", {"strokes": [[1]]})
            assert refused.isError
            assert re.fullmatch(r"A stroke .*\.", refused.content[0].text)

    run_async(use())
