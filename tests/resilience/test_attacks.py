"""Attacks that once got through, each sent to a running demo: none may reach a host, a file or another visitor.

tests/benchmarks/attack.py sends the floods in full, and measures them.
"""

import base64
import json
import os
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.attacks import (
    API,
    flood,
    hanging,
    idle_kinds,
    joining,
    large_picture,
    many_points,
    watching,
)
from tests.support.demo import Demo
from tests.support.drawings import pen_digits, photo
from tests.support.visitor import FIND, GOOD, LIMIT, READ, Visitor

ROOT = Path(__file__).resolve().parents[2]
MARK = "shibboleth"  # of what strangers name

# Run by Python as the server starts: it notes in a file what the process opens, looks up and connects to, and in
# another how many objects its garbage collector passes over, as soon as there are any.
WATCH = """
import gc, os, sys
HOW = os.O_WRONLY | os.O_CREAT | os.O_APPEND
noted, passed_over = (os.open(os.environ["NOTE_IN"] + end, HOW) for end in ("", "-gc"))
WATCHED = {"open", "os.mkdir", "os.rename", "os.remove", "os.listdir", "os.scandir", "shutil.copyfile", "shutil.move",
           "subprocess.Popen", "socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"}
def note(event, args):
    if event in WATCHED:
        said = args[1] if event in ("socket.connect", "socket.sendto") else args[0]
        os.write(noted, f"{event} {said!r}\\n".encode(errors="backslashreplace"))
sys.addaudithook(note)
def collected(phase, info):
    if frozen := gc.get_freeze_count():
        gc.callbacks.remove(collected)
        os.write(passed_over, str(frozen).encode())
gc.callbacks.append(collected)
"""


class Noted:
    """What a server did that its visitors cannot see, line by line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = 0

    def passed_over(self) -> int:
        """Objects that the garbage collector passes over."""
        return int(self._path.with_name(f"{self._path.name}-gc").read_text() or 0)

    def since_last_asked(self) -> list[str]:
        lines = self._path.read_text(encoding="utf-8").splitlines()
        new, self._seen = lines[self._seen :], len(lines)
        return new


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> Iterator[tuple[Demo, Noted, Path]]:
    """A demo, what it does besides answering, and what it wrote to its terminal."""
    folder = tmp_path_factory.mktemp("watched")
    (folder / "sitecustomize.py").write_text(WATCH)
    said = folder / "said"
    with said.open("wb") as terminal:
        path = os.pathsep.join([str(folder), str(ROOT)])
        demo = Demo(terminal, PYTHONPATH=path, NOTE_IN=str(folder / "noted"), PYTHONUNBUFFERED="1")
    try:
        visitor = Visitor(demo)
        visitor.find({"picture": base64.b64encode(photo(pen_digits()[3])).decode()})  # loads what pictures need
        noted = Noted(folder / "noted")
        assert any(line.startswith("open ") for line in noted.since_last_asked())
        yield demo, noted, said
    finally:
        demo.kill()


@pytest.fixture(scope="session")
def visitor(demo: Demo) -> Visitor:
    return Visitor(demo)


def slowest(demo: Demo) -> float:
    """Seconds that an honest reading may take while an attack goes on; on a machine that is busy, those of 300."""
    visitor = Visitor(demo)
    return max(LIMIT, 300 * min(visitor.read(GOOD).seconds for _ in range(5)))


def named_files(address: str, path: str) -> list[Any]:
    """What names a file or a host, in all the forms that Gradio knows."""
    files: list[Any] = []
    for where in (address, f"http://{MARK}.invalid/a.png", path, f"file://{path}", f"{MARK}.png"):
        meta = {"meta": {"_type": "gradio.FileData"}}
        files += [
            where,
            {"path": where, **meta},
            {"path": where, "url": where, "orig_name": where, "is_stream": True, **meta},
            {"url": where, **meta},
            {"video": {"path": where, **meta}},
            {"image": {"path": where}, "annotations": [{"path": where, **meta}]},
        ]
    return [*files, "data:image/png;base64," + base64.b64encode(MARK.encode()).decode(), {"__type__": "stream"}]


def bodies(file: Any) -> Iterator[dict[str, Any]]:
    """Requests of every kind that hold it, as deep as Gradio looks."""
    rest = {"fn_index": 1, "session_hash": MARK, "event_id": MARK, "api_name": "/read_picture", "trigger_id": 1}
    deep: Any = file
    for _ in range(30):
        deep = [deep]
    for data in (
        [file, None, None, None],
        [[[file]], {"a": file}, [file], [file]],
        {"a": [file]},
        [deep],
        [[file] * 50],
    ):
        yield {"data": data, "event_data": file, **rest}
    for strokes in (file, [file], [[file]], [[[file, file]]]):
        yield {"strokes": strokes, "hold": {"input_gate": file}, "silence": [file], "arrays": [file]}
    yield {"picture": file, "hold": file, "silence": file, "arrays": file}
    tool = {"arguments": {"picture": file, "strokes": [file], "hold": {"input_gate": file}}}
    for name in ("read_picture", "read_strokes", MARK):
        yield {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, **tool}}
    for method in ("resources/read", "prompts/get", "initialize", "completion/complete"):
        yield {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"uri": file, "name": file}}


def addresses(visitor: Visitor) -> set[str]:
    """Every address that the page, Gradio's config, its info and its OpenAPI document name, and what else it has."""
    page = visitor.ask("GET", "/").body.decode()
    info = json.loads(visitor.ask("GET", f"{API}info").body)
    openapi = json.loads(visitor.ask("GET", f"{API}openapi.json").body)
    config = json.loads(visitor.ask("GET", "/config").body)
    assert config["api_prefix"] + "/" == API
    names = set(info["named_endpoints"]) | {f"/{each['api_name']}" for each in config["dependencies"]}
    assert names == {"/read_strokes", "/read_picture"}
    found = {"/" + name.split("?")[0] for name in re.findall(r'(?:href|src)="([^":#]*)', page)} | {READ, FIND}
    found |= {path.replace("{event_id}", "0") for path in openapi["paths"]}
    found |= {f"{API}{way}{name}" for way in ("run", "api", "call", "call/v2") for name in names}
    gradios = ["queue/join", "queue/data", "cancel", "reset", "upload", "component_server", "process_recording"]
    gradios += ["info", "startup-events"]
    gradios += ["heartbeat/a", "stream/a", *(f"mcp/{name}" for name in ("", "http", "sse", "messages/", "schema"))]
    return found | {API + name for name in gradios} | {"/config", "/login", "/monitoring", "/static/a", "/theme.css"}


def test_nothing_that_is_named_is_looked_up_fetched_read_or_written(watched, tmp_path) -> None:
    demo, noted, _ = watched
    visitor = Visitor(demo)
    secret = tmp_path / MARK
    secret.write_text(MARK)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        own_port = listening.getsockname()[1]
        files = named_files(f"http://127.0.0.1:{own_port}/{MARK}", str(secret))
        asked = [json.dumps(body).encode() for file in files for body in bodies(file)]
        many = json.dumps({"data": files * 20, "fn_index": 1, "session_hash": MARK}).encode()
        forged = dict.fromkeys(("X_Forwarded_Host", "X_Gradio_Server", "Origin", "Host"), f"{MARK}.invalid")
        noted.since_last_asked()
        for path in sorted(addresses(visitor)):
            own = asked if path.startswith(API) or path.startswith("/page") else asked[:5]
            for body in [*own[:: 1 if "read_picture" in path or "mcp" in path else 7], many]:
                reply = visitor.ask(
                    "POST", path, body, Content_Type="application/json", Referer=f"http://{MARK}.invalid/"
                )
                assert reply.status < 500
                if event := reply.status == 200 and json.loads(reply.body or b"{}").get("event_id"):
                    visitor.ask("GET", f"{API}call/read_picture/{event}")
            for query in (f"deep_link={MARK}", f"session_hash={MARK}&path={secret}&url=http://{MARK}.invalid/"):
                assert visitor.ask("GET", f"{path}?{query}", **forged).status < 500
        assert visitor.is_served()
        did = noted.since_last_asked()
        listening.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listening.accept()
    assert [line for line in did if MARK in line or str(own_port) in line] == []
    # What is left is Python's own, as it imports what it had no need of before.
    own = tuple(
        f"{event} {str(folder)!r}"[:-1]
        for event in ("open", "os.listdir", "os.scandir")
        for folder in (sys.prefix, sys.base_prefix, ROOT)
    )
    assert [line for line in did if not line.startswith(own)] == []


def test_nothing_that_is_sent_is_logged_and_a_refusal_is_a_line_at_most(watched) -> None:
    demo, _, said = watched
    visitor = Visitor(demo)
    before = said.stat().st_size
    visitor.read({"strokes": [[1, 2, MARK]]})
    visitor.find({"picture": MARK})
    large = json.dumps({"data": [[[[MARK] * 2] * 100_000]]}).encode()
    for path in ("run/read_strokes", "run/read_picture", "call/read_strokes", "queue/join", "cancel", "mcp/"):
        for body in (large, b'{"data": ["%s"]}' % MARK.encode(), MARK.encode(), b'{"%s": NaN}' % MARK.encode()):
            visitor.post(body, API + path)
    for path in (f"/?{MARK}", f"/{MARK}", f"{API}call/{MARK}/1", f"{API}queue/data?session_hash={MARK}"):
        visitor.ask("GET", path, User_Agent=MARK, Cookie=MARK, X_Forwarded_For="192.0.2.7")
    with socket.create_connection(("127.0.0.1", demo.port)) as rubbish:
        rubbish.sendall(f"{MARK}\r\n\r\n".encode())
        rubbish.recv(1000)
    assert visitor.is_served()
    written = said.read_text(encoding="utf-8")
    assert "Running on" in written
    assert said.stat().st_size - before < 500
    for word in (MARK, "192.0.2.7", "Traceback"):
        assert word not in written


def test_what_is_loaded_for_good_is_not_looked_through_again(watched) -> None:
    """Else the garbage collector, which stops everyone, would now and then go through all of TensorFlow."""
    demo, noted, _ = watched
    visitor = Visitor(demo)
    for _ in range(500):
        visitor.read(GOOD)
        if noted.passed_over():
            break
    assert noted.passed_over() > 100_000


def test_the_commonest_mistakes_of_programs_get_a_sentence(visitor) -> None:
    stroke = [[4, 0], [1, 6], [7, 6]]
    wrong = {
        "run/read_strokes": [{"data": []}, {"data": [1, 2, 3, 4, 5]}, {"data": None}, {"data": [stroke]}, {}, []],
        "call/read_strokes": [{"data": []}, {"strokes": [stroke]}],
        "queue/join": [{"data": [[stroke]]}, {"data": [[stroke]], "fn_index": 5, "session_hash": "a"}],
    }
    for path, asked in wrong.items():
        for body in asked:
            reply = visitor.post(json.dumps(body).encode(), API + path)
            assert reply.status == 400
            assert re.fullmatch(r"[A-Z].*\.", json.loads(reply.body)["error"]) or "takes" in reply.body.decode()
    event = json.loads(visitor.post(json.dumps({"data": [5]}).encode(), f"{API}call/read_strokes").body)["event_id"]
    events = visitor.ask("GET", f"{API}call/read_strokes/{event}").body.decode()
    assert events.startswith("event: error\n")
    assert json.loads(events.split("data: ")[1])["error"] == "The request holds no list of strokes."


def test_large_pictures_are_worked_on_a_few_at_a_time(demo) -> None:
    picture = base64.b64encode(large_picture()).decode()
    body = json.dumps({"data": [picture, None, None, None]}).encode()
    with watching(demo) as seen:
        statuses = flood(demo.port, f"{API}run/read_picture", body, 20)
    assert set(statuses) <= {200, 503}
    assert statuses[200] > 0
    assert seen.peak < seen.before + 400
    assert seen.honest.p95 < slowest(demo)
    assert seen.honest.lost == 0


def test_what_takes_much_more_when_it_is_parsed_waits_its_turn(demo) -> None:
    for path in ("run/read_strokes", "call/read_strokes", "mcp/"):
        with watching(demo) as seen:
            statuses = flood(demo.port, API + path, many_points(), 10)
        assert set(statuses) <= {200, 400, 503}
        assert seen.peak < seen.before + 400, path
        assert seen.honest.p95 < slowest(demo)
        assert seen.honest.lost == 0


def test_calls_that_nobody_fetches_take_next_to_nothing_and_are_bounded(visitor, demo) -> None:
    with watching(demo) as seen:
        statuses = flood(demo.port, f"{API}queue/join", joining(), 400)
        assert set(statuses) == {200, 503}
        assert statuses[503] > 100
        refused = visitor.post(joining(), f"{API}queue/join")
        assert (refused.status, json.loads(refused.body)["error"].endswith(".")) == (503, True)
    assert seen.after < seen.before + 50
    assert seen.honest.worst < slowest(demo)
    assert visitor.ask("GET", f"{API}queue/data?session_hash=attack").body.count(b"process_completed") == statuses[200]
    assert visitor.post(joining(), f"{API}queue/join").status == 200  # what was fetched has made room
    visitor.ask("GET", f"{API}queue/data?session_hash=attack")


def test_large_calls_that_nobody_fetches_are_few(visitor, demo) -> None:
    large = b'[["' + b"a" * 1_900_000 + b'"],null,null,null]'
    with watching(demo) as seen:
        statuses = flood(demo.port, f"{API}queue/join", joining(large), 20)
    assert statuses == {200: 10, 503: 10}
    assert seen.after < seen.before + 150
    assert seen.peak < seen.before + 300
    assert seen.honest.worst < slowest(demo)
    assert b"list of points" in visitor.ask("GET", f"{API}queue/data?session_hash=attack").body


OFTEN = {"nothing", "queue/data", "mcp/sse", "half a body to /gradio_api/run/read_strokes", "half a body to /page/read"}


@pytest.mark.parametrize(
    "kind", [kind if kind in OFTEN else pytest.param(kind, marks=pytest.mark.thorough) for kind in idle_kinds()]
)
def test_idle_connections_shut_nobody_out(visitor, demo, kind) -> None:
    patience = slowest(demo)
    with hanging(demo.port, idle_kinds()[kind], 600):  # more than may have arrived at once
        replies = [visitor.read(GOOD) for _ in range(5)]
        assert all(reply.body == visitor.right for reply in replies)
        assert max(reply.seconds for reply in replies) < patience
        picture = base64.b64encode(photo(pen_digits()[3])).decode()
        reply = visitor.post(json.dumps({"data": [picture]}).encode(), f"{API}run/read_picture")
        assert json.loads(reply.body)["data"][0]["digit"] == pen_digits()[3]["digit"]


def test_what_is_no_http_is_refused_with_all_headers(demo) -> None:
    for said in (b"\x16\x03\x01\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"a" * 70_000):
        with socket.create_connection(("127.0.0.1", demo.port), 10) as connection:
            connection.sendall(said)
            answer = connection.recv(10_000).decode()
        assert answer.startswith("HTTP/1.1 400 ")
        assert json.loads(answer.partition("\r\n\r\n")[2])["error"].endswith(".")
        for name in ("content-security-policy: default-src 'self'", "x-content-type-options: nosniff"):
            assert name in answer.lower()
