"""Set everything up in .venv and run the tests: `python3 tests/run.py`, with words for pytest behind it if need be.

`--thorough` runs the slow ones too, which pytest leaves out by default (the marker `thorough` in pyproject.toml), and
has Hypothesis try thousands of examples where it tries dozens.
"""

import os
import shutil
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PACKAGE_MANAGERS = {  # what installs a Chromium where Playwright's own cannot be fetched
    "apt-get": ["sh", "-c", "apt-get update && apt-get install -y --no-install-recommends chromium fonts-liberation"],
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


def install_browser() -> None:
    """Install a Chromium where there is none."""
    if have_browser() or run(PYTHON, "-m", "playwright", "install", "--with-deps", "chromium"):
        return
    for manager, command in PACKAGE_MANAGERS.items():
        if shutil.which(manager) and run(*command):
            return


def install() -> bool:
    """Install all that the tests need; whether it went well."""
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--no-compile")  # Python compiles what is imported
    pins = (ROOT / "tests" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    # Playwright comes first: it installs a browser while pip installs the rest.
    if not run(*pip, next(pin for pin in pins if pin.startswith("playwright=="))):
        return False
    with ThreadPoolExecutor() as pool:
        browser = pool.submit(install_browser)
        went_well = run(*pip, "-r", "tests/requirements.txt")
        browser.result()
    return went_well


def pytest_words(words: list[str]) -> list[str]:
    """What is said to pytest for what was said here."""
    rest = [word for word in words if word != "--thorough"]
    return [*(["-m", "", "--hypothesis-profile=thorough"] if "--thorough" in words else []), *rest]


def main() -> int:
    """Returns 0 when all is well."""
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    return int(
        not (
            install()
            and run(PYTHON, "-m", "ruff", "check", ".")
            and run(PYTHON, "-m", "ruff", "format", "--check", ".")
            and run(PYTHON, "-m", "pytest", "-n", "2", "--dist", "worksteal", *pytest_words(sys.argv[1:]))
        )
    )


if __name__ == "__main__":
    sys.exit(main())
