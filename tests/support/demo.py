"""The demo in a process of its own."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]


def run_async(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run it in a thread of its own: in this one Playwright's browser may keep an event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Demo:
    """`demo.py` in a process of its own."""

    def __init__(self, terminal: IO[bytes] | None = None, **env: str) -> None:
        """Start it; terminal: a file for what it writes there. env: of its environment."""
        self.terminal = terminal
        self.env = env
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.start()

    def start(self) -> None:
        env = {**os.environ, "GRADIO_SERVER_PORT": str(self.port), **self.env}
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "demo.py"], env=env, cwd=ROOT / "tests", stdout=self.terminal, stderr=self.terminal
        )
        for _ in range(1800):
            try:
                urllib.request.urlopen(self.url, timeout=5).close()
                return
            except OSError:
                assert self.process.poll() is None, "demo.py ended before it served a page"
                time.sleep(0.1)
        self.kill()
        raise TimeoutError("demo.py did not come up in 3 minutes")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
