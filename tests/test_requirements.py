"""What is installed: the pinned versions, and the lock that pins with hashes all that they bring along."""

import importlib.metadata
import re
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "tests" / "requirements.lock"
WORKFLOWS = ROOT / ".github" / "workflows"


def requirements(path: Path) -> list[Requirement]:
    """What a file of requirements asks for, without the hashes."""
    lines = re.sub(r"#.*|--hash=\S+|\\\n", "", path.read_text(encoding="utf-8")).splitlines()
    return [Requirement(line) for line in map(str.strip, lines) if line]


def here(requirement: Requirement, extra: str = "") -> bool:
    """Whether it is asked for on this machine."""
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


LOCKED = {canonicalize_name(locked.name): str(locked.specifier) for locked in requirements(LOCK) if here(locked)}


def test_the_lock_holds_the_versions_that_are_pinned() -> None:
    pinned = [requirement for requirement in requirements(ROOT / "requirements.txt") if here(requirement)]
    assert len(pinned) == 6
    for requirement in pinned:
        assert LOCKED[canonicalize_name(requirement.name)] == str(requirement.specifier)


def test_the_lock_holds_all_that_the_pinned_packages_need() -> None:
    asked = [requirement for requirement in requirements(ROOT / "requirements.txt") if here(requirement)]
    seen = set()
    while asked:
        requirement = asked.pop()
        name = canonicalize_name(requirement.name)
        assert name in LOCKED
        for extra in {"", *requirement.extras} - {extra for other, extra in seen if other == name}:
            seen.add((name, extra))
            needs = map(Requirement, importlib.metadata.requires(name) or [])
            asked += [need for need in needs if here(need, extra)]
    assert len(seen) > 50


def test_everything_in_the_lock_has_one_version_and_its_hashes_and_names_no_host() -> None:
    text = LOCK.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z])", text)[1:]
    assert len(entries) == len(requirements(LOCK))
    for entry in entries:
        form = r"[a-z0-9-]+==[\w.]+( ;.+)? \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+ +# via"
        assert re.match(form, entry), entry[:60]
    assert "://" not in text


def test_the_lock_is_tried_before_a_change_lands_and_audited_by_github() -> None:
    lock = LOCK.relative_to(ROOT).as_posix()
    assert f"--dry-run --require-hashes -r {lock}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    jobs = yaml.safe_load((WORKFLOWS / "audit.yml").read_text(encoding="utf-8"))["jobs"]
    runs = [step["run"] for step in jobs["audit"]["steps"] if "run" in step]
    assert runs[-1].startswith("pip-audit ")
    assert runs[-1].endswith(f" --require-hashes -r {lock}")
    tested = yaml.safe_load((WORKFLOWS / "tests.yml").read_text(encoding="utf-8"))["jobs"]["tests"]["strategy"]
    assert jobs["lock"]["strategy"]["matrix"]["python"] == tested["matrix"]["python"]
