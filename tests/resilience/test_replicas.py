"""Two processes behind nginx, configured as `model/serving/README.md` says. Needs nginx, else it is skipped."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser import open_page
from tests.support.demo import Demo, free_port
from tests.support.drawings import as_points, pen_digits

pytestmark = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")

README = (Path(__file__).resolve().parents[2] / "model" / "serving" / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def processes() -> Iterator[list[Demo]]:
    with ThreadPoolExecutor() as pool:
        demos = list(pool.map(lambda _: Demo(), range(2)))
    yield demos
    for demo in demos:
        demo.kill()


@pytest.fixture(scope="module")
def proxy(processes, tmp_path_factory) -> Iterator[str]:
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    site = re.search(r"```nginx\n(.*?)```", README, re.DOTALL)[1]
    for named, used in zip((7860, 7861, 7862), (port, *(demo.port for demo in processes)), strict=True):
        assert f":{named}" in site
        site = site.replace(f":{named}", f":{used}")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {temporary} {site} }}", encoding="utf-8"
    )
    nginx = subprocess.Popen(["nginx", "-p", folder, "-e", folder / "errors", "-c", folder / "nginx.conf"])
    yield f"http://127.0.0.1:{port}/"
    nginx.terminate()
    nginx.wait()


def test_one_of_two_dies_mid_drawing_and_nothing_is_lost(processes, proxy, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    calls: list[int] = []
    page.on("response", lambda reply: reply.url.endswith("page/read") and calls.append(reply.status))
    open_page(page, proxy)
    page.click("#clear")
    page.wait_for_selector('#prediction[data-digit=""]')
    box = page.locator("#sketch-pad canvas").bounding_box()
    for dies, digit in ((0, 3), (1, 7)):
        drawn = (entry["strokes"] for entry in pen_digits() if entry["digit"] == digit)
        (stroke,) = as_points(next(strokes for strokes in drawn if len(strokes) == 1))
        places = stroke / 1000 * (box["width"], box["height"]) + (box["x"], box["y"])
        calls.clear()
        page.mouse.move(*places[0])
        page.mouse.down()
        for k, place in enumerate(places):
            page.mouse.move(*place)
            page.wait_for_timeout(30)
            if k == len(places) // 2:
                processes[dies].kill()
        page.mouse.up()
        expect(page.locator("#prediction")).to_have_attribute("data-digit", str(digit), timeout=20_000)
        expect(page.locator("#status")).to_be_hidden()
        assert len(calls) > 10
        assert set(calls) == {200}
        processes[dies].start()
        page.click("#clear")
        page.wait_for_selector('#prediction[data-digit=""]')
    page.close()
