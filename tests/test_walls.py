"""The walls between the folders of model/, read from the imports: what serves a visitor, what learns, common ground."""

import ast
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

import model

ROOT = Path(__file__).resolve().parent.parent
LEARNING = (
    "model.datasets",
    "model.augmentation",
    "model.training",
    "model.evaluation",
    "model.train",
    "model.evaluate",
)
SERVING = ("demo", "model.serving")


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name_of(path): path for path in [ROOT / "demo.py", *sorted((ROOT / "model").rglob("*.py"))]}


def within(module: str, folders: tuple[str, ...]) -> bool:
    return any(module == folder or module.startswith(f"{folder}.") for folder in folders)


def is_for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def imported(tree: ast.AST) -> Iterator[str]:
    """The names that a file imports, in functions too, with what is imported from each: `a.b.c` for c from a.b."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports here are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif not is_for_type_checkers(node):
            yield from imported(node)


def modules(name: str) -> set[str]:
    """The project's modules that are run to import this name: `a.b.c` runs a, a.b, and a.b.c where it is a module."""
    parts = name.split(".")
    if parts[0] == "model" and len(parts) == 2 and parts[1] in model.__all__:
        return {"model", model._MODULES[parts[1]]}
    prefixes = [".".join(parts[: k + 1]) for k in range(len(parts))]
    return {prefix for prefix in prefixes if prefix in FILES}


IMPORTS = {
    name: {module for found in imported(ast.parse(path.read_text(encoding="utf-8"))) for module in modules(found)}
    for name, path in FILES.items()
}


def way(start: str, forbidden: tuple[str, ...]) -> str:
    """The shortest way by imports from a module to a forbidden one, or nothing."""
    ways, seen = deque([[start]]), {start}
    while ways:
        steps = ways.popleft()
        if within(steps[-1], forbidden):
            return " → ".join(steps)
        new = IMPORTS[steps[-1]] - seen
        seen |= new
        ways.extend([*steps, module] for module in sorted(new))
    return ""


@pytest.mark.parametrize("module", [name for name in FILES if not within(name, LEARNING)])
def test_nothing_that_serves_imports_what_learns(module) -> None:
    assert way(module, LEARNING) == ""


@pytest.mark.parametrize("module", [name for name in FILES if within(name, LEARNING)])
def test_nothing_that_learns_imports_what_serves(module) -> None:
    assert way(module, SERVING) == ""


def test_the_imports_are_found() -> None:
    """A wall that sees no imports would hold whatever is built."""
    assert way("model.train", ("model.datasets",)) == "model.train → model.datasets"
    assert way("model.evaluate", ("model.reader",)) == "model.evaluate → model.reader"
    assert way("model.training.tutorial", ("model.preprocessing.pictures",)).startswith("model.training.tutorial → ")
    assert "model.reader" in modules("model.load_reader")
    assert list(imported(ast.parse("def f():\n    import a.b\n    from c import d"))) == ["a.b", "c.d"]
    assert list(imported(ast.parse("if TYPE_CHECKING:\n    import a"))) == []


def test_nothing_of_the_model_imports_tests() -> None:
    for name, path in FILES.items():
        found = [other for other in imported(ast.parse(path.read_text(encoding="utf-8"))) if within(other, ("tests",))]
        assert found == [], name


def test_the_dimensions_import_nothing() -> None:
    assert list(imported(ast.parse(FILES["model.networks.dimensions"].read_text(encoding="utf-8")))) == []


def loaded_by(statement: str) -> set[str]:
    """The packages that are loaded in a fresh Python after a statement."""
    command = [sys.executable, "-c", f"{statement}; import sys; print(*{{name.split('.')[0] for name in sys.modules}})"]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())


@pytest.mark.parametrize(
    "module", ["networks.dimensions", "networks.registry", "networks.units", "preprocessing.pictures"]
)
def test_asking_for_a_number_or_a_picture_loads_no_keras(module) -> None:
    assert not loaded_by(f"import model.{module}") & {"tensorflow", "keras", "scipy", "gradio"}


@pytest.mark.thorough
def test_the_public_names_are_loaded_when_they_are_used() -> None:
    assert "tensorflow" not in loaded_by("import model; model.strokes_to_image")
    assert "tensorflow" in loaded_by("import model; model.load_reader")


def test_the_public_names_are_there() -> None:
    assert set(model.__all__) == set(model._MODULES)
    assert set(model.__all__) <= set(dir(model))
    for name in model.__all__:
        assert getattr(model, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        model.nothing  # noqa: B018
