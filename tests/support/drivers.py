"""Firefox and WebKit, driven without anything but Python: by WebDriver BiDi and by WebDriver."""

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.demo import free_port

PATIENCE = 60  # seconds for a browser to come up
_MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"


class Firefox:
    """Firefox by WebDriver BiDi, over its own socket."""

    name = "Firefox"

    @staticmethod
    def missing() -> str | None:
        """Why it cannot be driven here; None when it can."""
        return None if shutil.which("firefox-esr") or shutil.which("firefox") else "There is no Firefox here."

    def __init__(self) -> None:
        """Start it, without a window."""
        from websockets.asyncio.client import connect

        self._profile = tempfile.TemporaryDirectory()
        port = free_port()
        path = shutil.which("firefox-esr") or shutil.which("firefox")
        command = [path, "--headless", "--no-remote", "--profile", self._profile.name]
        self._process = subprocess.Popen([*command, "--remote-debugging-port", str(port)], stderr=subprocess.DEVNULL)
        self._loop = asyncio.new_event_loop()
        self._asked = 0

        async def connected() -> Any:
            for _ in range(10 * PATIENCE):
                try:
                    return await connect(f"ws://127.0.0.1:{port}/session", max_size=None)
                except OSError:
                    await asyncio.sleep(0.1)
            raise TimeoutError("Firefox did not come up.")

        self._socket = self._loop.run_until_complete(connected())
        self._ask("session.new", {"capabilities": {}})
        self._page = self._ask("browsingContext.getTree", {})["contexts"][0]["context"]
        self._ask("browsingContext.setViewport", {"context": self._page, "viewport": {"width": 1280, "height": 720}})

    def goto(self, url: str) -> None:
        """Open an address, and wait until it is loaded."""
        self._ask("browsingContext.navigate", {"context": self._page, "url": url, "wait": "complete"})

    def run(self, script: str) -> Any:
        """What a function's body returns, as far as JSON can hold it."""
        words = f"(async () => JSON.stringify((await (async () => {{ {script} }})()) ?? null))()"
        params = {"expression": words, "target": {"context": self._page}, "awaitPromise": True}
        answer = self._ask("script.evaluate", params)
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    def drag(self, places: Sequence[tuple[float, float]]) -> None:
        """Press the mouse at the first place, move it through the others, and let go."""
        actions = [{"type": "pointer", "id": "mouse", "actions": _drag(places)}]
        self._ask("input.performActions", {"context": self._page, "actions": actions})

    def close(self) -> None:
        """End it."""
        self._loop.run_until_complete(self._socket.close())
        self._loop.close()
        self._process.kill()
        self._process.wait()
        self._profile.cleanup()

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._asked += 1

        async def asked() -> Any:
            await self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
            while True:  # events come in between
                answer = json.loads(await self._socket.recv())
                if answer.get("id") == self._asked:
                    return answer

        answer = self._loop.run_until_complete(asyncio.wait_for(asked(), PATIENCE))
        assert "result" in answer, answer
        return answer["result"]


class WebKit:
    """WebKit's MiniBrowser by WebDriver."""

    name = "WebKit"

    @staticmethod
    def missing() -> str | None:
        """Why it cannot be driven here; None when it can."""
        if not shutil.which("WebKitWebDriver") or not list(Path("/").glob(_MINI_BROWSERS[1:])):
            return "There is no WebKitWebDriver with its MiniBrowser here."
        return None if shutil.which("xvfb-run") else "There is no xvfb-run here, and WebKit needs a screen."

    def __init__(self) -> None:
        """Start it on a screen that nobody sees."""
        port = free_port()
        command = ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24", "WebKitWebDriver", f"--port={port}"]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
        self._url = f"http://127.0.0.1:{port}"
        browser = {"binary": str(next(Path("/").glob(_MINI_BROWSERS[1:]))), "args": ["--automation"]}
        for _ in range(10 * PATIENCE):
            try:
                self._ask("GET", "/status")
                break
            except OSError:
                time.sleep(0.1)
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": browser}}}
        self._url += f"/session/{self._ask('POST', '/session', wanted)['sessionId']}"
        self._ask("POST", "/window/rect", {"width": 1280, "height": 800})

    def goto(self, url: str) -> None:
        """Open an address, and wait until it is loaded."""
        self._ask("POST", "/url", {"url": url})

    def run(self, script: str) -> Any:
        """What a function's body returns, as far as JSON can hold it."""
        words = f"const done = arguments[0]; (async () => {{ {script} }})().then((value) => done(value ?? null));"
        return self._ask("POST", "/execute/async", {"script": words, "args": []})

    def drag(self, places: Sequence[tuple[float, float]]) -> None:
        """Press the mouse at the first place, move it through the others, and let go."""
        actions = [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": _drag(places)}]
        self._ask("POST", "/actions", {"actions": actions})

    def close(self) -> None:
        """End it."""
        try:
            self._ask("DELETE", "")
        finally:
            self._process.terminate()
            self._process.wait()

    def _ask(self, method: str, path: str, content: Any = None) -> Any:
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self._url + path, data, {"content-type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            return json.load(reply)["value"]


def _drag(places: Sequence[tuple[float, float]]) -> list[dict[str, Any]]:
    moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 10} for x, y in places]
    return [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
