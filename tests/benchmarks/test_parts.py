import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(("script", "kind"), [("bench.py", "part"), ("load.py", "part"), ("ablate.py", "row")])
def test_what_is_no_part_is_said_before_anything_is_measured(script: str, kind: str) -> None:
    for argument, code, said in (("--help", 0, "usage"), ("all", 2, f"There is no {kind} 'all'; there are")):
        command = [sys.executable, Path(__file__).with_name(script), argument]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert ended.returncode == code
        assert said in ended.stdout + ended.stderr
        assert " ms" not in ended.stdout
