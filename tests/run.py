"""Set everything up in .venv and run the tests: `python3 tests/run.py`, with words for pytest behind it if need be.

`--thorough` runs the slow ones too, which pytest leaves out by default (the marker `thorough` in pyproject.toml), and
has Hypothesis try thousands of examples where it tries hundreds.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PACKAGE_MANAGERS = {  # what installs a Chromium where Playwright's own cannot be fetched
    "apt-get": ["sh", "-c", "apt-get update && apt-get install -y chromium"],
    "dnf": ["dnf", "install", "-y", "chromium"],
    "pacman": ["pacman", "-S", "--noconfirm", "chromium"],
    "brew": ["brew", "install", "--cask", "chromium"],
}


def run(*command: object) -> bool:
    """Run a command in the project's folder; whether it went well."""
    print("$", *command, flush=True)
    return subprocess.run([str(word) for word in command], cwd=ROOT).returncode == 0


def have_browser() -> bool:
    """Whether there is a Chromium that the tests will find."""
    own = "from playwright.sync_api import sync_playwright as s; p = s().start(); print(p.chromium.executable_path)"
    path = subprocess.run([PYTHON, "-c", own], capture_output=True, text=True).stdout.strip()
    return Path(path).is_file() or any(map(shutil.which, ("chromium", "google-chrome")))


def pytest_words(words: list[str]) -> list[str]:
    """What is said to pytest for what was said here."""
    rest = [word for word in words if word != "--thorough"]
    return [*(["-m", "", "--hypothesis-profile=thorough"] if "--thorough" in words else []), *rest]


def main() -> int:
    """Returns 0 when all is well."""
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    if not run(PYTHON, "-m", "pip", "install", "--quiet", "-r", "tests/requirements.txt"):
        return 1
    if not have_browser() and not run(PYTHON, "-m", "playwright", "install", "--with-deps", "chromium"):
        for manager, command in PACKAGE_MANAGERS.items():
            if shutil.which(manager) and run(*command):
                break
    return int(
        not (
            run(PYTHON, "-m", "ruff", "check", ".")
            and run(PYTHON, "-m", "ruff", "format", "--check", ".")
            and run(PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", *pytest_words(sys.argv[1:]))
        )
    )


if __name__ == "__main__":
    sys.exit(main())
