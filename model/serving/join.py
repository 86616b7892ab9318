"""Joins ES modules into one, and style sheets into one: one request in place of forty.

It follows the form in which this project writes modules and no other: static imports stand first, each name is exported
where it is declared, no cycles. Anything else is a ValueError that names the module. In the joined text every module is
a function of its own, run once, in the order in which the browser would run them, so that no names meet:

    const $$0 = (() => { …; return { a, b }; })();
    const $$1 = (() => { const { a, b: c } = $$0; … })();

What is imported later, by `import("./x.js")`, becomes a file of its own beside it, a part. It holds what is not there
yet when it is imported, and is handed what is, as there must be one `state` on a page. A part may import another later.
"""

import itertools
import json
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_BLANK = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_IMPORT = re.compile(
    r'import\s+(?:\{(?P<names>[^{}]*)\}|\*\s*as\s+(?P<all>[\w$]+)|(?P<data>[\w$]+))\s+from\s+"(?P<path>[^"\n]+)"'
    r'(?P<json>\s+with\s*\{\s*type:\s*"json"\s*\})?\s*;'
)
_NAME = re.compile(r"(?P<theirs>[\w$]+)(?:\s+as\s+(?P<ours>[\w$]+))?")
_EXPORT = re.compile(
    r"^export (?=(?:(?:async )?function\*?|class) (?P<name>[\w$]+)"
    r"|const (?:(?P<const>[\w$]+)\s*=|[\[{](?P<pattern>[^\[\]{}=]*)[\]}]\s*=))",
    re.MULTILINE,
)
_LATER = re.compile(r'\bimport\("(?P<path>\.[^"\n]+)"\)')
_UNKNOWN = re.compile(r"^(?:import|export)\b[^\n]*|\bimport\.meta\b|\bimport\((?!\")[^\n]*", re.MULTILINE)
_AWAIT = re.compile(r"^(?!.*\basync\b)\S.*\bawait\b.*", re.MULTILINE)
# Comments are a third of the text, and their types look like imports. Those after code on its line stay.
_COMMENT = re.compile(r"/\*\*.*?\*/[ \t]*\n?|^[ \t]*//[^\n]*\n", re.MULTILINE | re.DOTALL)
_STYLE_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_TEMPLATE = re.compile(r"`[^`]*`")


@dataclass(frozen=True)
class _Module:
    """A module, parsed."""

    body: str
    """Its text without imports and without the word `export`."""
    imports: list[tuple[str, str]]
    """What it takes, as the left side of a `const`, and the path it takes that from; in order."""
    wanted: list[tuple[str, str]]
    """The names it takes, each with the path."""
    exports: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    """Paths of what it imports later."""


def join_modules(entry: str, files: Mapping[str, str], address: Callable[[str, str], str]) -> str:
    """One module's text that does what `entry` and all it imports do.

    files: texts by path, such as "views/maps.js". The joined text stands where the files' root is. address: is given
    the path and the joined text of each part that is loaded later, and says from where, relative to the joined text.
    Raises ValueError for what cannot be followed.
    """
    modules: dict[str, _Module] = {}
    parts: dict[str, tuple[str, Mapping[str, str]]] = {}  # by path, the address and what is there before
    numbers = itertools.count()

    def named(path: str, there: Mapping[str, str]) -> dict[str, str]:
        """A name for each module that comes with this one."""
        return {each: f"$${next(numbers)}" for each in _in_order(path, files, modules) if each not in there}

    def part(path: str, there: Mapping[str, str]) -> str:
        if path not in parts:
            text = _part(path, files, modules, there, named(path, there), part)
            parts[path] = address(path, text), there
        if parts[path][1].keys() != there.keys():
            raise ValueError(f"{path} is imported later from two parts, which is not followed.")
        return parts[path][0]

    own = named(entry, {})
    lines = [_scope(path, files, modules, own, part) for path in own]
    if parts:
        lines.insert(0, _LOAD)
        lines.append(_handed_on(own))
    return "\n".join(lines)


def module_order(entry: str, files: Mapping[str, str]) -> list[str]:
    """The paths of `entry` and all it imports, in the order in which they run. Raises what `join_modules` raises."""
    return _in_order(entry, files, {})


def join_styles(paths: list[str], files: Mapping[str, str]) -> str:
    """One style sheet in place of several, which stand in one folder; the joined one is to stand there too."""
    if len({posixpath.dirname(path) for path in paths}) > 1:
        raise ValueError("Style sheets that are joined must stand in one folder, or what they name would not be found.")
    for path in paths:
        if "@import" in files[path] or "@charset" in files[path]:
            raise ValueError(f"{path} has an @import or @charset, which is not followed.")
    return "\n".join(_STYLE_COMMENT.sub("", files[path]) for path in paths)


def without_comments(script: str) -> str:
    """A script without those of its comments that begin with /** or fill a line."""
    return _COMMENT.sub("", script)


# A part is a module whose default is a function of the modules that are there; it adds its own to them. It is run once.
_LOAD = """const $$there = {}, $$loaded = {};
const $$load = (path) => import(path).then((part) => ($$loaded[path] ??= part.default($$load, $$there)));
"""


def _handed_on(names: Mapping[str, str]) -> str:
    return f"Object.assign($$there, {{ {', '.join(names.values())} }});\n"


def _part(
    path: str,
    files: Mapping[str, str],
    modules: dict[str, _Module],
    there: Mapping[str, str],
    own: Mapping[str, str],
    part: Callable[[str, Mapping[str, str]], str],
) -> str:
    names = {**there, **own}
    used = sorted({there[each] for one in own if one in modules for _, each in modules[one].imports if each in there})
    lines = [_scope(each, files, modules, names, part) for each in own]
    return (
        f"export default ($$load, $$there) => {{\nconst {{ {', '.join(used)} }} = $$there;\n"
        + "\n".join(lines)
        + f"{_handed_on(own)}return {names[path]};\n}};\n"
    )


def _in_order(entry: str, files: Mapping[str, str], modules: dict[str, _Module]) -> list[str]:
    """The paths of a module and all it imports, each after what it imports. Parses what is new in `modules`."""
    done: list[str] = []
    open_: list[str] = []

    def visit(path: str, by: str) -> None:
        if path in done:
            return
        if path in open_:
            raise ValueError(
                f"{' imports '.join([*open_[open_.index(path) :], path])}: a cycle, which is not followed."
            )
        if path not in files:
            raise ValueError(f"{by} imports {path}, which is not there.")
        if path.endswith(".js"):
            open_.append(path)
            if path not in modules:
                modules[path] = _taken_apart(path, files[path])
            for _, other in modules[path].imports:
                visit(other, path)
            for name, other in modules[path].wanted:
                if other in modules and name not in modules[other].exports:
                    raise ValueError(f"{path} imports {name} from {other}, which exports no such name.")
            open_.pop()
        done.append(path)

    visit(entry, "The page")
    return done


def _taken_apart(path: str, text: str) -> _Module:
    at = _BLANK.match(text).end()
    module = _Module("", [], [])
    while found := _IMPORT.match(text, at):
        other = _resolved(path, found["path"])
        if found["data"] and not found["json"]:
            raise ValueError(f"{path} imports a default export, which is not followed.")
        if other.endswith(".json") != bool(found["json"]):
            raise ValueError(f'{path} imports {other}: JSON, and only JSON, is imported with {{ type: "json" }}.')
        module.imports.append((_left_side(path, found, other, module), other))
        at = _BLANK.match(text, found.end()).end()
    rest = text[at:]
    for found in _EXPORT.finditer(rest):
        module.exports.extend(_exported(found))
    body = _EXPORT.sub("", rest)
    if any(_COMMENT.search(text[0]) for text in _TEMPLATE.finditer(body)):
        raise ValueError(f"{path} holds a text in which a comment seems to begin.")
    body = without_comments(body)
    if unknown := _UNKNOWN.search(body) or _AWAIT.search(body):
        raise ValueError(f"{path} holds what cannot be joined: {unknown[0].strip()[:80]}")
    module.later.extend(_resolved(path, found["path"]) for found in _LATER.finditer(body))
    return _Module(body, module.imports, module.wanted, module.exports, module.later)


def _left_side(path: str, found: re.Match, other: str, module: _Module) -> str:
    if found["names"] is None:
        return found["all"] or found["data"]
    pairs = []
    for name in filter(None, (part.strip() for part in found["names"].split(","))):
        if not (named := _NAME.fullmatch(name)):
            raise ValueError(f"{path} imports {name!r}, which is not followed.")
        module.wanted.append((named["theirs"], other))
        pairs.append(f"{named['theirs']}: {named['ours']}" if named["ours"] else named["theirs"])
    return f"{{ {', '.join(pairs)} }}"


def _exported(found: re.Match) -> list[str]:
    if found["pattern"] is None:
        return [found["name"] or found["const"]]
    parts = (part.strip().removeprefix("...") for part in found["pattern"].split(","))
    return [part.split(":")[-1].strip() for part in parts if part]


def _resolved(path: str, other: str) -> str:
    if not other.startswith("."):
        raise ValueError(f"{path} imports {other!r}, which is no file of the page.")
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), other))


def _scope(
    path: str,
    files: Mapping[str, str],
    modules: Mapping[str, _Module],
    names: Mapping[str, str],
    part: Callable[[str, Mapping[str, str]], str],
) -> str:
    """A module as the function that it becomes, run once. names: of all modules that are there when it has run."""
    if path.endswith(".json"):
        return (
            f"const {names[path]} = {json.dumps(json.loads(files[path]), ensure_ascii=False, separators=(',', ':'))};"
        )
    module = modules[path]
    taken = "".join(f"const {left} = {names[other]};\n" for left, other in module.imports)
    body = _LATER.sub(lambda found: f"$$load({json.dumps(part(_resolved(path, found['path']), names))})", module.body)
    given = f"return {{ {', '.join(module.exports)} }};\n" if module.exports else ""
    return f"const {names[path]} = (() => {{ // {path}\n{taken}{body.rstrip()}\n{given}}})();\n"
