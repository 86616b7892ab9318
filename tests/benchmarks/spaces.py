"""Try the page as Hugging Face Spaces runs it: `python -m tests.benchmarks.spaces --python python3.12`.

That is the Python that the README names for Spaces; another works too, and the output says so. A fresh environment gets
exactly what a Space installs, or `--environment` names one that has it already. The page starts from a checkout that
nobody can write to, as a user who is not root and has an empty home, with the variables that a Space sets; and twice
more under a path, which a proxy takes off and does not. Chromium draws a digit through it, messengers find the card,
and an agent finds its tools. Then the site of files is written, and looked at as a static Space shows it: in a frame of
another host, with all headers that a Space may set, and with storage denied. It prints the size of the environment and
how long everything took.
"""

import argparse
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support.browser import draw, open_browser, open_page
from tests.support.drawings import pen_digits
from tests.support.space import FRAMED, NO_STORAGE, open_space

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "/spaces/gatescope"
HOST = "someone-gatescope.hf.space"
PATIENCE = 180  # seconds for the page to come up
NOBODY = 65534
BESIDES = '"gradio[oauth,mcp]=={sdk_version}" "uvicorn>=0.14.0" "websockets>=10.4" spaces'  # what a Space adds


def front_matter() -> dict[str, str]:
    """The README's settings for Spaces."""
    return yaml.safe_load((ROOT / "README.md").read_text(encoding="utf-8").split("---\n")[1])


def say(what: str, since: float) -> None:
    """Print what was done, and how long it took."""
    print(f"{what:58} {time.perf_counter() - since:7.1f} s", flush=True)


def install(base: str, folder: Path, settings: dict[str, str]) -> Path:
    """A new environment with what a Space installs. Returns its Python."""
    began = time.perf_counter()
    subprocess.run([base, "-m", "venv", folder], check=True)
    python = folder / "bin" / "python"
    besides = [word.strip('"') for word in BESIDES.format(**settings).split()]
    pip = [python, "-m", "pip", "install", "--quiet", "--no-warn-script-location"]
    subprocess.run([*pip, "-r", ROOT / "requirements.txt", *besides], check=True)
    subprocess.run([python, "-m", "pip", "check"], check=True)
    size = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    say(f"installed, {size / 1e6:,.0f} MB", began)
    return python


def check_out(folder: Path) -> Path:
    """What git has of the project, without write permission for anyone."""
    folder.mkdir()
    files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, files.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    for path in (folder, *folder.rglob("*")):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222 | 0o555 * path.is_dir() | 0o444)
    return folder


@contextmanager
def running(python: Path, checkout: Path, home: Path, port: int, **more: str) -> Iterator[None]:
    """The page as a Space runs it, from its start until it answers and then until the block ends."""
    home.mkdir()
    as_nobody = {}
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
        as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    settings = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "TMPDIR": str(home),
        "SPACE_ID": "someone/gatescope",
        "SPACE_HOST": HOST,
        "SYSTEM": "spaces",
        "GRADIO_SERVER_NAME": "0.0.0.0",
        "GRADIO_SERVER_PORT": str(port),
        **more,
    }
    began = time.perf_counter()
    server = subprocess.Popen([python, "demo.py"], cwd=checkout, env=settings, **as_nobody)
    try:
        while time.perf_counter() - began < PATIENCE:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                break
            except OSError:
                if server.poll() is not None:
                    raise RuntimeError("demo.py ended before it served a page") from None
                time.sleep(0.1)
        say("from the start of demo.py until it serves the page", began)
        yield
        if server.poll() is not None:
            raise RuntimeError("demo.py ended while it was used")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


class Proxy(BaseHTTPRequestHandler):
    """Passes on what is asked for under PREFIX, and takes that off or leaves it, as proxies in front of a page do."""

    port = 0
    takes_off = True

    def pass_on(self) -> None:
        """Answer with what the page answers."""
        with suppress(ConnectionError):  # the browser has gone
            self._pass_on()

    def _pass_on(self) -> None:
        if not self.path.startswith(PREFIX):
            self.send_error(404)
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("accept-encoding",)}
        headers["X-Forwarded-Host"] = self.headers["Host"]
        path = self.path.removeprefix(PREFIX) or "/" if self.takes_off else self.path
        url = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(url, body or None, headers, method=self.command)
        try:
            reply = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                if name.lower() not in ("transfer-encoding", "connection", "date", "server"):
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            while part := reply.read1(65536):
                self.wfile.write(part)
                self.wfile.flush()

    do_GET = do_POST = do_HEAD = pass_on  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def behind_prefix(port: int, takes_off: bool) -> Iterator[str]:
    """The page's address behind a proxy that has it under a path."""
    handler = type("Handler", (Proxy,), {"port": port, "takes_off": takes_off})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_port}{PREFIX}/"
        proxy.shutdown()


def use(browser: Browser, url: str) -> None:
    """Draw a digit on the page and wait until it is read."""
    began = time.perf_counter()
    digit = pen_digits()[3]
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: request.url.startswith((url, "data:", "blob:")) or wrong.append(request.url))
    page.set_default_timeout(60_000)
    open_page(page, url)
    page.click("#clear")
    draw(page, digit["strokes"])
    expect(page.locator("#prediction")).to_have_attribute("data-digit", str(digit["digit"]), timeout=20_000)
    page.close()
    assert not wrong, wrong
    say(f"a digit drawn and read at {url}", began)


def preview(url: str) -> None:
    """Look for the card as a messenger does: in what is served, without a script."""
    with urllib.request.urlopen(url, timeout=10) as reply:
        page = reply.read().decode()
    (card,) = re.findall(r'<meta property="og:image" content="([^"]*)"', page)
    assert card.startswith(f"https://{HOST}/"), card
    with urllib.request.urlopen(card.replace(f"https://{HOST}/", url), timeout=10) as reply:
        assert reply.headers["content-type"] == "image/png"


def find_tools(url: str) -> None:
    """Ask as an agent does (MCP): for the tools, and for one to be used."""
    began = time.perf_counter()
    strokes = [[[4, 0], [1, 6], [7, 6]], [[6, 3], [5, 10]]]

    def ask(method: str, **params: object) -> dict:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        request = urllib.request.Request(f"{url}gradio_api/mcp/", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.loads(re.search(r"^data: (.*)$", reply.read().decode(), re.M)[1])["result"]

    tools = {tool["name"]: tool for tool in ask("tools/list")["tools"]}
    named = [name for name in tools if name.endswith(("read_strokes", "read_picture"))]
    assert len(named) == len(tools) == 2, list(tools)
    name = next(name for name in named if name.endswith("read_strokes"))
    assert tools[name]["inputSchema"]["properties"]["silence"]["description"]
    used = ask("tools/call", name=name, arguments={"strokes": strokes})
    assert json.loads(used["content"][0]["text"])["digit"] == 4, used
    refused = ask("tools/call", name=name, arguments={"strokes": [[1]]})
    assert refused["isError"], refused
    say(f"an agent found {', '.join(sorted(tools))}", began)


def static_space(browser: Browser, python: Path, checkout: Path, folder: Path) -> None:
    """Write the site of files, and have an example read in it as a static Space shows it."""
    began = time.perf_counter()
    site = folder / "site"
    env = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    subprocess.run([python, "-m", "model.site", site], cwd=checkout, env=env, check=True, stdout=subprocess.DEVNULL)
    sizes = [path.stat().st_size for path in site.rglob("*") if path.is_file()]
    say(f"a site of {len(sizes)} files, {sum(sizes) / 1e6:.1f} MB, written", began)
    for what, sandbox in (("in a frame", FRAMED), ("in a frame without storage", NO_STORAGE)):
        began = time.perf_counter()
        context = browser.new_context(viewport={"width": 1440, "height": 900}, service_workers="block")
        _, frame = open_space(context, site, sandbox)
        frame.wait_for_selector("#prediction[data-by=browser]")
        frame.click("#examples button >> nth=7")
        expect(frame.locator("#prediction")).to_have_attribute("data-digit", "7", timeout=20_000)
        context.close()
        say(f"an example read {what}", began)


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="the Python that a Space would run it with")
    parser.add_argument("--environment", type=Path, help="a Python that has everything already: nothing is installed")
    parser.add_argument("--port", type=int, default=7860)
    args = parser.parse_args()
    settings = front_matter()
    asked = "import sys; print('%d.%d' % sys.version_info[:2])"
    python = args.environment.absolute() if args.environment else args.python
    version = subprocess.run([python, "-c", asked], check=True, capture_output=True, text=True).stdout.strip()
    if version != settings["python_version"]:
        print(f"A Space runs it with Python {settings['python_version']}; this is {version}.")
    here = f"http://127.0.0.1:{args.port}/"
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        folder, browser = Path(made), open_browser(playwright)
        folder.chmod(0o755)  # for the user that the page runs as
        if not args.environment:
            python = install(args.python, folder / "environment", settings)
        checkout = check_out(folder / "checkout")
        with running(python, checkout, folder / "home", args.port):
            use(browser, here)
            preview(here)
            find_tools(here)
        with running(python, checkout, folder / "home-behind", args.port, GRADIO_ROOT_PATH=PREFIX):
            for takes_off in (True, False):
                with behind_prefix(args.port, takes_off) as url:
                    use(browser, url)
                    find_tools(url)
        static_space(browser, python, checkout, folder)
        browser.close()


if __name__ == "__main__":
    main()
