"""Modules joined into one: in the browser they do what they did apart, and what cannot be joined is named."""

import json
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from model.serving.join import join_modules, join_styles, module_order, without_comments

ASSETS = Path(__file__).resolve().parents[2] / "assets"

MODULES = {
    "main.js": """
/** The first. @type {import("./state/state.js").Nothing} */

import { add as plus, log } from "./state/state.js"; // and more
import * as all from "./views/all.js";
import table from "./data/table.json" with { type: "json" };
import { first, second } from "./views/taken.js";

const add = (/** @type {import("./x.js").T} */ text) => plus(text);
add("main");
add(all.name());
add(table.word);
add(first + second);
window.later = async () => {
  add(await (await import("./export/gif.js")).make());
  add(await (await import("./export/gif.js")).make());
  return log.join(" ");
};
""",
    "state/state.js": """
export const log = [];
export function add(text) {
  log.push(text);
}
""",
    "views/all.js": """
import { add } from "../state/state.js";

// export nothing of this
const own = "all";
add(`${own} runs`);
export function name() {
  return own;
}
export class Part {}
export async function slow() {
  return await 1;
}
""",
    "views/taken.js": """
import { log } from "../state/state.js";
import table from "../data/table.json" with { type: "json" };

export const { a: first, second } = { a: `${log.length}`, second: table.word };
""",
    "export/gif.js": """
import { add } from "../state/state.js";
import { colour } from "./colour.js";

add("gif runs");
export async function make() {
  const { frame } = await import("./frame.js");
  return `a ${colour} gif of ${frame(colour)}`;
}
""",
    "export/colour.js": """
import { add } from "../state/state.js";

add("colour runs");
export const colour = "red";
""",
    "export/frame.js": """
import { add } from "../state/state.js";
import { colour } from "./colour.js";

add("frame runs");
export const frame = (wanted) => `a ${colour === wanted} frame`;
""",
    "data/table.json": '{"word": "ta`b${1}le"}',
}


def joined(files: Mapping[str, str], entry: str = "main.js") -> dict[str, str]:
    """The joined text by the name `entry`, and the parts that load later by theirs."""
    parts: dict[str, str] = {}

    def address(path: str, text: str) -> str:
        parts[path] = text
        return f"./{path}?v=1"

    parts[entry] = join_modules(entry, files, address)
    return parts


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[Mapping[str, str]], str]]:
    """Serves files, runs main.js in a page, and gives what its `later()` says."""
    served: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.split("?")[0].removeprefix("/")
            text = served.get(name, '<script type="module" src="main.js"></script>').encode()
            kind = {"js": "text/javascript", "json": "application/json"}.get(name.rpartition(".")[2], "text/html")
            self.send_response(200)
            self.send_header("content-type", kind)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()

        def run(files: Mapping[str, str]) -> str:
            served.clear()
            served.update(files)
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            page.wait_for_function("!!window.later")
            return page.evaluate("later()")

        yield run
        page.close()
        server.shutdown()


def test_joined_modules_do_what_they_did_apart(opened) -> None:
    apart, together = opened(MODULES), opened(joined(MODULES))
    gif = "a red gif of a true frame"
    runs = "colour runs gif runs frame runs"
    assert together == apart == f"all runs main all ta`b${{1}}le 1ta`b${{1}}le {runs} {gif} {gif}"


def test_a_part_holds_only_what_is_not_there_when_it_is_imported() -> None:
    held = {name: [path for path in MODULES if f"// {path}\n" in text] for name, text in joined(MODULES).items()}
    assert held["export/gif.js"] == ["export/gif.js", "export/colour.js"]
    assert held["export/frame.js"] == ["export/frame.js"]


def test_a_part_of_two_parts_is_not_followed() -> None:
    files = {**MODULES, "main.js": 'const a = () => [import("./export/gif.js"), import("./export/frame.js")];\n'}
    with pytest.raises(ValueError, match=r"frame\.js is imported later from two parts"):
        joined(files)


def test_each_module_is_there_once_in_the_order_in_which_it_runs() -> None:
    order = ["state/state.js", "views/all.js", "data/table.json", "views/taken.js", "main.js"]
    assert module_order("main.js", MODULES) == order
    text = joined(MODULES)["main.js"]
    places = [text.index(f"// {name}") for name in order if name.endswith(".js")]
    assert places == sorted(places)
    assert text.count("gif runs") == 0
    assert text.count("ta`b") == 1


def test_comments_go_and_code_stays() -> None:
    text = join_modules("a.js", {"a.js": '/** @see {x} */\n// y\nconst a = "// z"; /** w */ a();\n'}, lambda *_: "")
    assert [word in text for word in ("@see", "// y", '"// z"', "w */", "a();")] == [False, False, True, False, True]


REFUSED = {
    'import a from "./b.js";': "default export",
    'import { a } from "b";': "no file of the page",
    'import { a } from "./c.js";': "not there",
    'import { c } from "./b.js";': "exports no such name",
    'import "./b.js";': "cannot be joined",
    'import { a } from "./d.json" with { type: "json" };\nimport { b } from "./d.json";': "JSON",
    "export default 1;": "cannot be joined",
    "export let a = 1;": "cannot be joined",
    "const a = 1;\nexport { a };": "cannot be joined",
    'export * from "./b.js";': "cannot be joined",
    "const a = await 1;": "cannot be joined",
    "export const a = await fetch('b');": "cannot be joined",
    "const a = import.meta.url;": "cannot be joined",
    "const a = (b) => import(b);": "cannot be joined",
    "const a = `\n// b\n`;": "comment seems to begin",
    'import { b } from "./e.js";\nexport const a = 1;': "cycle",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_joined_is_named(text) -> None:
    files = {
        "views/a.js": text,
        "views/b.js": "export const a = 1;",
        "views/d.json": "{}",
        "views/e.js": 'import { a } from "./a.js";\nexport const b = 1;',
    }
    with pytest.raises(ValueError, match=REFUSED[text]) as refused:
        joined(files, "views/a.js")
    assert "views/" in str(refused.value)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), max_size=4, unique=True), min_size=1, max_size=10))
def test_any_graph_of_modules_is_joined(graph) -> None:
    """Module k imports those of its list; without a cycle each stands once, after what it imports."""
    files = {
        f"{k}.js": "".join(f'import {{ a as a{m} }} from "./{m}.js";\n' for m in wanted) + "export const a = 1;\n"
        for k, wanted in enumerate(graph)
    }
    try:
        text = joined(files, "0.js")["0.js"]
    except ValueError:  # a cycle, or a module that is not there
        return
    order = module_order("0.js", files)
    assert len(set(order)) == len(order) == text.count("=> { // ")
    for path in order:
        for wanted in graph[int(path[:-3])]:
            assert order.index(f"{wanted}.js") < order.index(path)


def test_all_that_the_page_ships_is_joined() -> None:
    files = {
        path.relative_to(ASSETS).as_posix(): path.read_text(encoding="utf-8")
        for path in ASSETS.rglob("*.js*")
        if path.name != "boot.js" and path.parent.name != "site"
    }
    text = "".join(joined(files).values())
    for name, content in files.items():
        if name.endswith(".js"):
            only_types = not without_comments(content).strip()
            assert only_types or f"// {name}\n" in text, f"nothing imports {name}"
        else:
            assert json.dumps(json.loads(content), ensure_ascii=False, separators=(",", ":")) in text
    for path in filter(lambda name: name.endswith(".js"), files):
        join_modules(path, files, lambda *_: "")


def test_style_sheets_are_joined_in_order() -> None:
    files = {
        "styles/a.css": "/* A */\na { b: c }\n",
        "styles/d.css": "d { e: f }\n",
        "g.css": "",
        "styles/h.css": "@import 'x';",
    }
    assert join_styles(["styles/a.css", "styles/d.css"], files) == "a { b: c }\n\nd { e: f }\n"
    for wrong in (["styles/a.css", "g.css"], ["styles/h.css"]):
        with pytest.raises(ValueError, match=r"joined|followed"):
            join_styles(wrong, files)
