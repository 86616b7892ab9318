"""An honest visitor in a process of its own, who draws while others do worse: `python -m tests.support.honest PORT`.

Has a drawing read again and again, each time on a new connection, until its standard input is closed. Then it says how
long each reading took, as JSON.
"""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.support.visitor import GOOD, READ, Visitor

ROOT = Path(__file__).resolve().parents[2]
EVERY = 0.05  # seconds


class Honest:
    """Starts the visitor; `times` are its seconds once it has been stopped, and `lost` its readings that failed."""

    def __init__(self, port: int) -> None:
        command = [sys.executable, "-m", "tests.support.honest", str(port)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._process.stdout.readline()  # it is ready
        self.times: list[float] = []
        self.lost = 0

    def stop(self) -> None:
        said, _ = self._process.communicate()
        told = json.loads(said)
        self.times, self.lost = sorted(told["times"]), told["lost"]
        assert self.times, "nothing was read"

    @property
    def p95(self) -> float:
        return self.times[int(0.95 * len(self.times))]

    @property
    def worst(self) -> float:
        return self.times[-1]


def main() -> None:
    visitor = Visitor(int(sys.argv[1]))
    body = json.dumps(GOOD).encode()
    stopped = threading.Event()
    threading.Thread(target=lambda: (os.read(0, 1), stopped.set()), daemon=True).start()
    print("ready", flush=True)
    times, lost = [], 0
    while not stopped.wait(EVERY):
        began = time.perf_counter()
        try:
            right = visitor.post(body, READ).body == visitor.right
        except OSError:
            right = False
        times.append(time.perf_counter() - began)
        lost += not right
    print(json.dumps({"times": times, "lost": lost}))


if __name__ == "__main__":
    main()
