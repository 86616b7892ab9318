"""How agents reach the endpoints of `api.py`: as tools, by the Model Context Protocol over HTTP.

Every POST is one JSON-RPC request with its answer, so nothing is kept between two: no sessions, no open streams.
https://modelcontextprotocol.io/specification/2025-06-18 says what is asked and answered.
"""

import inspect
from collections.abc import Sequence
from typing import Any

import orjson
from gradio.utils import get_function_description
from gradio_client.utils import python_type_to_json_schema

from model.serving.programs import Endpoint
from model.serving.request import parsed

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")  # of the protocol, the newest first

_NO_METHOD, _WRONG_PARAMETERS = -32601, -32602  # JSON-RPC's numbers


class Agents:
    """Answers agents with these endpoints."""

    def __init__(self, endpoints: Sequence[Endpoint], prefix: str = "") -> None:
        """Offer each as a tool. prefix: before their names, by which agents tell one server's from another's."""
        self._endpoints = {prefix + endpoint.name: endpoint for endpoint in endpoints}
        self.tools = [_tool(name, endpoint) for name, endpoint in self._endpoints.items()]
        """What there is, as `tools/list` says it."""

    @property
    def schema(self) -> bytes:
        """The same as Hugging Face asks for it, without the protocol."""
        told = {"file_data_present": False, "mcp_type": "tool"}
        return orjson.dumps(
            [{**tool, "meta": {**told, "endpoint_name": self._endpoints[tool["name"]].name}} for tool in self.tools]
        )

    def answer(self, body: bytes) -> bytes | None:
        """The answer to one message; None to one that wants none. Raises ValueError for what is no message."""
        asked = parsed(body)
        if not isinstance(asked, dict) or asked.get("jsonrpc") != "2.0" or not isinstance(asked.get("method"), str):
            raise ValueError("A message to the tools is one JSON-RPC 2.0 request.")
        if "id" not in asked:  # a notification
            return None
        if type(asked["id"]) not in (str, int):  # a truth value is none
            raise ValueError("The id of a JSON-RPC request is a text or a whole number.")
        parameters = asked.get("params")
        said = self._said(asked["method"], parameters if isinstance(parameters, dict) else {})
        return orjson.dumps({"jsonrpc": "2.0", "id": asked["id"], **said})

    def _said(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        if method == "initialize":
            wanted = parameters.get("protocolVersion")
            return {
                "result": {
                    "protocolVersion": wanted if wanted in VERSIONS else VERSIONS[0],
                    "capabilities": {"tools": {"listChanged": False}},
                    "serverInfo": {"name": "Gatescope", "version": "1"},
                }
            }
        if method == "ping":
            return {"result": {}}
        if method == "tools/list":
            return {"result": {"tools": self.tools}}
        if method == "tools/call":
            return self._called(parameters)
        return _refused(_NO_METHOD, "There are no such methods; there are initialize, ping, tools/list, tools/call.")

    def _called(self, parameters: dict[str, Any]) -> dict[str, Any]:
        name = parameters.get("name")
        endpoint = self._endpoints.get(name) if isinstance(name, str) else None
        if endpoint is None:
            return _refused(_WRONG_PARAMETERS, f"There is no such tool; there are {', '.join(self._endpoints)}.")
        try:
            answer = endpoint.answer(parameters.get("arguments"))
        except ValueError as error:
            return {"result": {"content": [{"type": "text", "text": str(error)}], "isError": True}}
        content = [{"type": "text", "text": answer.decode()}]
        return {"result": {"content": content, "structuredContent": orjson.Fragment(answer), "isError": False}}


def _tool(name: str, endpoint: Endpoint) -> dict[str, Any]:
    description, words, returns = get_function_description(endpoint.read)
    given = inspect.signature(endpoint.read).parameters
    return {
        "name": name,
        "description": f"{description} Returns: {', '.join(returns)}",
        "inputSchema": {
            "type": "object",
            "properties": {
                argument: {**python_type_to_json_schema(given[argument].annotation), "description": words[argument]}
                for argument in endpoint.arguments
            },
            "required": [name for name, argument in given.items() if argument.default is argument.empty],
        },
    }


def _refused(number: int, sentence: str) -> dict[str, Any]:
    return {"error": {"code": number, "message": sentence}}
