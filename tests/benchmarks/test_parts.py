import runpy
import warnings

import pytest

from tests.support.training import complaint


@pytest.mark.parametrize(
    ("module", "kind"),
    [("tests.benchmarks.speed", "part"), ("tests.benchmarks.load", "part"), ("model.training.ablate", "row")],
)
def test_what_is_no_part_is_said_before_anything_is_measured(module: str, kind: str, monkeypatch, capsys) -> None:
    def command() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # that another test has imported it
            runpy.run_module(module, run_name="__main__")

    for argument, code, said in (("--help", 0, "usage"), ("all", 2, f"There is no {kind} 'all'; there are")):
        assert complaint(command, monkeypatch, argument) == code
        printed = capsys.readouterr()
        assert said in printed.out + printed.err
        assert " ms" not in printed.out
