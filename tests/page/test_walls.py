"""What the page's modules may know of one another, read from their import lines."""

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

ASSETS = Path(__file__).resolve().parents[2] / "assets"
MODULES = {path.relative_to(ASSETS).as_posix(): path.read_text("utf-8") for path in sorted(ASSETS.rglob("*.js"))}

MAY_IMPORT = {
    "engine": {"engine", "data"},
    "components": {"components", "engine", "data"},
    "state": {"state", "engine", "data"},
    "backend": {"backend", "state", "engine", "data"},
    "export": {"export", "components", "engine", "data", "state/unit-list.js"},
    "views": {"state", "components", "engine", "export", "data"},  # and no other view
    "main.js": {"backend", "views", "state", "components", "engine", "data", "screen.js"},
    "screen.js": {"views", "state", "components", "engine", "data", "below.js"},
    "below.js": {"views", "state", "components", "engine", "data"},
    "boot.js": set(),
    "site": set(),
}

# Types in comments do not count: they are gone when the module runs.
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*?$", re.DOTALL | re.MULTILINE)
IMPORT = re.compile(r"""\b(?:import|from)\s*\(?\s*["'](\.[^"']+)["']""")


def breaches(modules: Mapping[str, str]) -> set[str]:
    """Imports that `MAY_IMPORT` does not allow, as "views/x.js: backend/y.js"."""
    return {
        f"{path}: {wanted}"
        for path, text in modules.items()
        for name in IMPORT.findall(COMMENT.sub("", text))
        if (wanted := posixpath.normpath(posixpath.join(posixpath.dirname(path), name)))
        and not {wanted, wanted.split("/")[0]} & MAY_IMPORT[path.split("/")[0]]
    }


def test_every_module_stays_within_its_walls() -> None:
    assert {path.split("/")[0] for path in MODULES} <= MAY_IMPORT.keys()
    assert breaches(MODULES) == set()


@pytest.mark.parametrize(
    ("path", "line", "wanted"),
    [
        ("components/heatmap.js", 'import { show } from "../state/state.js";', "state/state.js"),
        ("components/heatmap.js", 'import { maps } from "../views/maps.js";', "views/maps.js"),
        ("components/heatmap.js", 'import { link } from "../backend/remote.js";', "backend/remote.js"),
        ("views/unit.js", 'import { verdict } from "./verdict.js";', "views/verdict.js"),
        ("views/unit.js", 'import {\n  link,\n} from "../backend/remote.js";', "backend/remote.js"),
        ("views/unit.js", 'const { link } = await import("../backend/remote.js");', "backend/remote.js"),
        ("engine/lstm.js", 'import * as state from "../state/state.js";', "state/state.js"),
        ("engine/lstm.js", 'import { Heatmap } from "../components/heatmap.js";', "components/heatmap.js"),
        ("backend/remote.js", 'import { status } from "../views/status.js";', "views/status.js"),
        ("state/state.js", 'import "../main.js";', "main.js"),
        ("state/state.js", 'import { link } from "../backend/remote.js";', "backend/remote.js"),
        ("export/png.js", 'export { now } from "../state/state.js";', "state/state.js"),
    ],
)
def test_a_hole_in_a_wall_is_found(path: str, line: str, wanted: str) -> None:
    assert breaches({**MODULES, path: f"{line}\n{MODULES.get(path, '')}"}) == {f"{path}: {wanted}"}


def test_only_the_composition_root_knows_who_reads() -> None:
    knows = {path for path, text in MODULES.items() if re.search(r'from "\S*backend/', COMMENT.sub("", text))}
    assert knows == {"main.js"}


def test_a_type_in_a_comment_is_no_import() -> None:
    assert breaches({"engine/lstm.js": '/** @type {import("../state/state.js").Shown} */\nconst a = 1;'}) == set()
