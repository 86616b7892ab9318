"""The page as it is served: put together, compressed, kept by browsers, and told of by messengers."""

import base64
import gzip
import hashlib
import re
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Route

from model.serving.page import Page, read_assets
from tests.support.browser import address, open_page, settled
from tests.support.demo import Demo
from tests.support.drawings import pen_digits

ROOT = Path(__file__).resolve().parents[2]
ASSETS = read_assets(ROOT / "assets")
YEAR = b"public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def served() -> Page:
    return Page(ASSETS, {"page/network.json": b'{"name": "LSTM"}'})


def got(page: Page, name: str, query: bytes = b"", **asked: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body; what is asked by header, with _ for -."""
    headers = {key.replace("_", "-").encode(): value.encode() for key, value in asked.items()}
    status, answered, body = page.answer(name, query, headers)
    return status, {key.decode(): value.decode() for key, value in answered}, body


def index(page: Page) -> str:
    return got(page, "")[2].decode()


def named(page: str) -> list[tuple[str, str]]:
    """The files that a page asks for: names and what stands behind "?"."""
    found = re.findall(r'(?:href|src)="((?:assets|page)/[^"?]*)\??([^"]*)"', page)
    return [(name, query) for name, query in found if name != "page/read"]


def test_every_file_of_assets_can_be_had(served) -> None:
    for name, data in ASSETS.items():
        status, headers, body = got(served, f"assets/{name}")
        assert (status, body) == (200, data)
        assert headers["cache-control"] == "no-cache"
    kinds = {name.rpartition(".")[2]: got(served, f"assets/{name}")[1]["content-type"] for name in ASSETS}
    assert kinds["js"].startswith("text/javascript")
    assert kinds["css"].startswith("text/css")
    assert kinds["json"] == "application/json"
    assert served.answer("demo.py", b"", {}) is None


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("br; q=0.0", None),
        ("identity", None),
        ("", None),
    ],
)
def test_text_is_compressed_as_the_browser_likes(served, accepted, encoding) -> None:
    _, headers, body = got(served, "assets/main.js", accept_encoding=accepted)
    assert headers.get("content-encoding") == encoding
    assert headers["vary"] == "accept-encoding"
    undo = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding, bytes)
    assert undo(body) == ASSETS["main.js"]
    assert encoding is None or len(body) < len(ASSETS["main.js"]) / 1.5


def test_of_a_header_no_more_is_looked_at_than_browsers_say(served) -> None:
    """Each comma costs: with the longest header that HTTP lets through, as much as ten readings."""
    etag = got(served, "")[1]["etag"]
    assert got(served, "", accept_encoding="," * 400 + "br", if_none_match="," * 400 + etag)[0] == 200
    assert "content-encoding" in got(served, "", accept_encoding="," * 400 + "br")[1]
    assert got(served, "", if_none_match="," * 400 + etag)[0] == 304
    assert "content-encoding" not in got(served, "", accept_encoding="," * 30_000 + "br")[1]
    assert got(served, "", if_none_match="," * 30_000 + etag)[0] == 200


def test_what_is_compressed_already_is_not_compressed_again(served) -> None:
    _, headers, _ = got(served, "assets/icon.png", accept_encoding="br")
    assert "content-encoding" not in headers
    assert "vary" not in headers


def test_what_a_browser_has_is_not_sent_again(served) -> None:
    for accepted in ("", "br", "gzip"):
        etag = got(served, "", accept_encoding=accepted)[1]["etag"]
        for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            status, headers, body = got(served, "", accept_encoding=accepted, if_none_match=known)
            assert (status, body, headers["etag"]) == (304, b"", etag)
        assert got(served, "", accept_encoding=accepted, if_none_match='"other"')[0] == 200
    tags = {got(served, "", accept_encoding=accepted)[1]["etag"] for accepted in ("", "br", "gzip")}
    assert len(tags) == 3


def test_files_whose_address_holds_their_hash_are_kept_for_a_year(served) -> None:
    files = dict(named(index(served)))
    assert files["assets/joined/main.js"]
    assert files["assets/icon.png"], "browsers ask for it again whenever the address has changed"
    for name, query in files.items():
        status, headers, body = got(served, name, query.encode())
        assert status == 200, name
        if query:
            assert query == "v=" + hashlib.sha256(body).hexdigest()[:16]
            assert headers["cache-control"].encode() == YEAR
        for wrong in (b"v=0123456789abcdef", b"v=", b"x"):
            if name.startswith("assets/joined/") and wrong != b"x":
                assert served.answer(name, wrong, {}) is None, "parts of two versions must not meet"
            else:
                assert got(served, name, wrong)[1]["cache-control"] == "no-cache"


def test_a_change_of_a_module_changes_the_address_of_what_it_is_joined_into(served) -> None:
    changed = Page({**ASSETS, "main.js": ASSETS["main.js"] + b"\nwindow.changed = true;\n"}, {})
    assert dict(named(index(changed)))["assets/joined/main.js"] != dict(named(index(served)))["assets/joined/main.js"]


def test_one_request_a_kind_and_the_first_ones_at_once(served) -> None:
    page = index(served)
    assert 'rel="stylesheet"' not in page
    assert len(re.findall(r"<script[^>]*\bsrc=", page)) == 1
    (script,) = re.findall(r'<script type="module" src="([^"]*)"', page)
    assert f'<link rel="modulepreload" href="{script}" />' in page
    assert '<link rel="modulepreload" href="assets/joined/screen.js?v=' in page
    assert '<link rel="preload" href="page/network.json" as="fetch" crossorigin />' in page
    assert "Training and limits" in page
    assert "<!-- " not in page


def test_apart_every_module_is_named_at_once() -> None:
    page = index(Page(ASSETS, {}, joined=False))
    modules = {name for name in ASSETS if name.endswith(".js") and name != "boot.js"}
    preloaded = set(re.findall(r'rel="modulepreload" href="assets/([^"]*)"', page))
    assert {"main.js", "state/state.js", "screen.js", "views/maps.js"} <= preloaded <= modules
    assert 'src="assets/main.js"' in page
    assert len(re.findall(r'rel="stylesheet"', page)) == sum(name.endswith(".css") for name in ASSETS)


def test_what_cannot_be_joined_is_served_apart_and_said(caplog) -> None:
    page = index(Page({**ASSETS, "main.js": b"export default 1;"}, {}))
    assert 'src="assets/main.js"' in page
    assert "main.js holds what cannot be joined" in caplog.text


@pytest.mark.parametrize("kind", ["script", "style"])
def test_what_stands_in_the_page_is_known_to_its_policy_by_its_hash(served, kind) -> None:
    (text,) = re.findall(f"<{kind}>(.*?)</{kind}>", index(served), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert served.inline[kind] == [f"'sha256-{digest}'"]


def test_nothing_in_the_page_has_a_style_or_a_handler_of_its_own(served) -> None:
    assert not re.search(r"<[^>]*\s(style|on\w+)=", index(served))


def test_messengers_find_a_picture_where_the_address_is_known() -> None:
    said = tags(index(Page(ASSETS, {}, "https://example.org/gatescope/")))
    assert said["og:url"] == "https://example.org/gatescope/"
    image, _, query = said["og:image"].partition("?")
    assert image == "https://example.org/gatescope/assets/social-card.png"
    assert query == "v=" + hashlib.sha256(ASSETS["social-card.png"]).hexdigest()[:16]
    assert said["twitter:card"] == "summary_large_image"
    assert said["og:title"]
    assert said["og:description"] == said["description"]
    assert said["og:type"] == "website"


def test_and_none_where_it_is_not() -> None:
    said = tags(index(Page(ASSETS, {})))
    assert not {"og:url", "og:image", "og:image:width", "og:image:height"} & said.keys()
    assert {"og:title", "og:description", "og:type", "twitter:card", "description", "theme-color"} <= said.keys()
    assert 'rel="apple-touch-icon"' in index(Page(ASSETS, {}))


def tags(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]*)" content="([^"]*)"', page))


def test_the_card_is_of_the_size_that_is_said() -> None:
    data = ASSETS["social-card.png"]
    assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (1200, 630)
    assert len(data) < 250_000


def import_apart(route: Route) -> None:
    """In place of the joined script, one that imports the modules as they are."""
    route.fulfill(content_type="text/javascript", body='import "../main.js";')


@pytest.mark.thorough
def test_the_page_does_the_same_joined_and_apart(demo: Demo, browser: Browser) -> None:
    """Of a drawing from a link: points drawn by the mouse are not the same twice."""
    link = f"{demo.url}#{address(pen_digits()[3]['strokes'])}row=20"
    seen = []
    for apart in (False, True):
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url.removeprefix(demo.url)))
        if apart:
            page.route("**/assets/joined/main.js*", import_apart)
        open_page(page, link)
        settled(page)
        page.wait_for_load_state("networkidle")
        assert ("assets/state/state.js" in asked) is apart
        pictures = page.evaluate("[...document.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL())")
        seen.append((page.inner_text("#prediction .bars"), pictures, page.url))
        context.close()
    assert seen[0] == seen[1]


@pytest.mark.parametrize("script", ["main", "screen", "below"])
def test_a_page_whose_script_is_missing_says_so(demo: Demo, visitor: BrowserContext, script: str) -> None:
    page = visitor.new_page()
    page.route(f"**/assets/joined/{script}.js*", lambda route: route.abort())
    page.goto(demo.url)
    page.wait_for_selector("#status:not([hidden])")
    assert "load it again" in page.inner_text("#status")
    page.close()


def test_a_browser_without_scripts_is_told_what_it_needs(demo: Demo, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(demo.url)
    assert "JavaScript" in page.inner_text("noscript")
    context.close()


def test_a_first_visit_takes_few_requests_and_few_bytes(demo: Demo, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    link = context.new_cdp_session(page)
    link.send("Network.enable")
    sizes: list[int] = []
    link.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    with page.expect_response("**/page/weights.bin"):  # at rest, so that the browser can go on without the server
        open_page(page, demo.url)
    page.wait_for_load_state("networkidle")
    context.close()
    assert len(sizes) <= 14
    assert sum(sizes) < 200_000 + 164_000


@given(st.binary(max_size=40), st.dictionaries(st.sampled_from([b"accept-encoding", b"if-none-match"]), st.binary()))
def test_any_header_is_answered(served, query, asked) -> None:
    assert served.answer("", query, asked)[0] in (200, 304)
