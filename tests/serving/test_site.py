"""The site of files as it is written: whole, relative, of one version, and never over something else."""

import base64
import hashlib
import json
import re
import sys
from pathlib import Path

import pytest
import yaml

import model
import model.site
from model.serving.page import read_assets
from model.serving.site import build, files

ROOT = Path(__file__).resolve().parents[2]
ASSETS = read_assets(ROOT / "assets")
FACTS = {"page/network.json": b"{}", "page/units.json": b"{}", "page/weights.bin": bytes(9)}
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    return files(ASSETS, FACTS, README)


def kept(site: dict[str, bytes]) -> dict[str, str]:
    """What its service worker keeps: hashes by names."""
    return json.loads(re.match(r"const SITE = (.*);\n", site["service-worker.js"].decode())[1])["files"]


def test_every_file_that_is_named_is_there_and_every_address_is_relative(written) -> None:
    page = written["index.html"].decode()
    for tag, name in re.findall(r'<(\w+) [^>]*\b(?:href|src)="([^"]*)"', page):
        assert name.startswith(("#", "https://")) if tag == "a" else name in written, name
    for name, data in written.items():
        if name.endswith(".js"):
            for part in re.findall(r'\$\$load\("\./([^"]*)"\)', data.decode()):
                assert f"assets/joined/{part}" in written, part
    manifest = json.loads(written["manifest.webmanifest"])
    assert {icon["src"] for icon in manifest["icons"]} <= written.keys()
    assert manifest["scope"] == manifest["start_url"] == "./"
    assert not any(name.endswith((".css", ".py")) or name == "assets/main.js" for name in written)


def test_what_is_joined_is_known_by_its_name(written) -> None:
    """A page of one version that asks a server of another for its parts gets nothing, rather than another's."""
    joined = {name: data for name, data in written.items() if name.startswith("assets/joined/")}
    assert len(joined) > 2
    assert all(re.search(r"-[0-9a-f]{16}\.js$", name) for name in joined)
    assert not any(b".js?v=" in data for data in [*joined.values(), written["index.html"]])
    other = files({**ASSETS, "main.js": ASSETS["main.js"] + b"\nwindow.changed = true;\n"}, FACTS, README)
    (mine, theirs) = (next(name for name in site if "/main-" in name) for site in (written, other))
    assert mine != theirs
    assert version(written) != version(other)


def version(site: dict[str, bytes]) -> str:
    return re.search(r'data-version="([0-9a-f]{8})"', site["index.html"].decode())[1]


def test_the_service_worker_keeps_all_that_a_visitor_needs_and_knows_it_by_its_hash(written) -> None:
    listed = kept(written)
    assert written.keys() - listed.keys() == {
        "service-worker.js", "README.md", "favicon.ico", "assets/social-card.png"
    }  # fmt: skip
    for name, digest in listed.items():
        assert hashlib.sha256(written[name]).hexdigest() == digest, name


def test_the_policy_stands_first_in_the_page_and_knows_what_stands_in_it(written) -> None:
    page = written["index.html"].decode()
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert page.index("Content-Security-Policy") < min(page.index(f"<{tag}") for tag in ("link", "script", "style"))
    for kind in ("script", "style"):
        (text,) = re.findall(f"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert "frame-ancestors" not in policy, "it has no meaning there"
    assert "unsafe" not in policy


def test_it_says_that_the_browser_reads_and_where_programs_are_answered_instead(written) -> None:
    page = written["index.html"].decode()
    assert '<html data-reads="browser"' in page
    assert "data-reads" not in ASSETS["index.html"].decode()
    assert page.count('id="api"') == 1
    assert "demo.py" in page
    assert "gradio_api" not in page
    assert "<!-- " not in page


def test_a_space_is_told_that_it_is_static_and_nothing_that_only_a_server_needs(written) -> None:
    settings = yaml.safe_load(written["README.md"].decode().split("---\n")[1])
    whole = yaml.safe_load(README.split("---\n")[1])
    assert settings["sdk"] == "static"
    assert whole.keys() - settings.keys() == {"sdk_version", "python_version", "app_file", "suggested_hardware"}
    assert settings["thumbnail"].partition("/main/")[2] in written
    assert "mcp-server" not in settings["tags"]


def test_link_previews_name_the_address() -> None:
    page = files(ASSETS, FACTS, README, "https://example.org/gatescope/")["index.html"].decode()
    assert '<meta property="og:image" content="https://example.org/gatescope/assets/social-card.png?v=' in page


def test_it_is_written_again_over_an_earlier_one_and_leaves_nothing_of_it(tmp_path, written) -> None:
    out = tmp_path / "site"
    build(out, {**ASSETS, "main.js": ASSETS["main.js"] + b"\nwindow.changed = true;\n"}, FACTS, README)
    (out / ".git").mkdir()
    (out / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    build(out, ASSETS, FACTS, README)
    found = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert found.pop(".git/HEAD")
    assert found == written


@pytest.mark.parametrize("other", ["notes.txt", "assets/mine.png"])
def test_a_folder_that_holds_something_else_is_refused(tmp_path, other) -> None:
    for earlier in (False, True):
        out = tmp_path / str(earlier)
        if earlier:
            build(out, ASSETS, FACTS, README)
        (out / other).parent.mkdir(parents=True, exist_ok=True)
        (out / other).write_bytes(b"mine")
        with pytest.raises(ValueError, match=f"holds something else, such as {other}"):
            build(out, ASSETS, FACTS, README)
        assert (out / other).read_bytes() == b"mine"


def test_the_command_refuses_in_a_sentence_before_it_loads_anything(tmp_path, monkeypatch, capsys) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    monkeypatch.setattr(sys, "argv", ["site", str(tmp_path)])
    monkeypatch.setattr(model, "load_reader", lambda: pytest.fail("it loads the network"))
    with pytest.raises(SystemExit):
        model.site.main()
    assert "holds something else" in capsys.readouterr().err


def test_what_cannot_be_joined_is_no_site(tmp_path) -> None:
    with pytest.raises(ValueError, match="cannot be joined"):
        build(tmp_path / "site", {**ASSETS, "main.js": b"export default 1;"}, FACTS, README)
    assert not (tmp_path / "site").exists()
