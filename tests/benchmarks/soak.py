"""Ten minutes of honest and hostile visitors together: `python -m tests.benchmarks.soak`, or `--minutes 2` of it.

Prints once a minute how much memory the server takes and how long honest readings took. In the end its memory must be
within 30 MB of what it was after the first minute, in which everything is asked for once and what Python and TensorFlow
keep for later settles; no honest reading may be lost or take a second.
"""

import argparse
import base64
import json
import random
import time

from tests.support.attacks import API, flood, hanging, idle_kinds, joining, large_picture, many_points, watching
from tests.support.demo import Demo
from tests.support.drawings import pen_digits, photo
from tests.support.visitor import FIND, GOOD, READ

MORE = 30  # MB that may be taken more in the end
SLOWEST = 1.0  # seconds


def hostile(demo: Demo, rng: random.Random) -> None:
    """One attack, drawn at random."""
    picture = base64.b64encode(large_picture()).decode()
    good = base64.b64encode(photo(pen_digits()[3])).decode()
    bodies = {
        f"{API}run/read_picture": ({"data": [picture]}, 10),
        FIND: ({"picture": good}, 40),
        READ: ({**GOOD, "full": True}, 100),
        f"{API}call/read_picture": ({"data": [good]}, 100),
        f"{API}run/read_strokes": ({"data": [{"path": "/etc/passwd"}]}, 200),
        f"{API}mcp/": ({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, 200),
    }
    kind = rng.choice([*bodies, "joins", "points", "idle", "config"])
    if kind in bodies:
        asked, count = bodies[kind]
        flood(demo.port, kind, json.dumps(asked).encode(), count)
    elif kind == "joins":
        flood(demo.port, f"{API}queue/join", joining(), 400)
    elif kind == "points":
        flood(demo.port, f"{API}run/read_strokes", many_points(), 10)
    elif kind == "idle":
        with hanging(demo.port, rng.choice(list(idle_kinds().values())), 300):
            time.sleep(2)
    else:
        flood(demo.port, f"/{kind}", b"", 100, "GET")


def minute(demo: Demo, rng: random.Random) -> float:
    """MB that the server holds after a minute of it."""
    with watching(demo) as seen:
        end = time.perf_counter() + 60
        while time.perf_counter() < end:
            hostile(demo, rng)
    print(seen, flush=True)
    assert seen.honest.lost == 0
    assert seen.honest.worst < SLOWEST
    return seen.after


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=10, help="how long, after the first minute")
    minutes = parser.parse_args().minutes
    rng, demo = random.Random(1), Demo()
    try:
        before = minute(demo, rng)
        for _ in range(minutes):
            after = minute(demo, rng)
        print(f"memory {before:.0f} MB after the first minute, {after:.0f} MB in the end")
        assert after < before + MORE
    finally:
        demo.kill()


if __name__ == "__main__":
    main()
