import subprocess
import sys

import pytest

from tests.support.demo import ROOT


@pytest.mark.parametrize(
    ("module", "kind"),
    [("tests.benchmarks.speed", "part"), ("tests.benchmarks.load", "part"), ("model.training.ablate", "row")],
)
def test_what_is_no_part_is_said_before_anything_is_measured(module: str, kind: str) -> None:
    for argument, code, said in (("--help", 0, "usage"), ("all", 2, f"There is no {kind} 'all'; there are")):
        command = [sys.executable, "-m", module, argument]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)
        assert ended.returncode == code
        assert said in ended.stdout + ended.stderr
        assert " ms" not in ended.stdout
