"""Rules of this repository that no linter knows (CONTRIBUTING.md says them in words)."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
import subprocess
import sys
import textwrap
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware

from tests.support.crawling import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = ROOT / "newscrawl"
MAX_LINES, MAX_FUNCTION, MAX_CLASS = 450, 60, 250
MAX_ENTRIES, MAX_LEDGER_ENTRIES = 33, 12
# Written apart, so that this file keeps its own rule.
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
PURE = ("items", "dates", "pages", "rights", "extraction", "text.py", "urls.py")
IMPURE = {"scrapy", "twisted", "asyncio", "requests", "socket", "subprocess", "time"}
CRAWLING = ("newscrawl.spiders", "newscrawl.pipelines", "newscrawl.middlewares", "newscrawl.ledger")
# Python's own from 3.14 on, and what stands in for it before.
ZSTD = {"compression"} if sys.version_info < (3, 14) else {"backports"}
SOURCE_ENDINGS = {".py", ".toml", ".cfg", ".md", ".txt", ".yml", ".yaml", ".sh", ""}
SKIPPED_FOLDERS = {"output", "build", "dist", "data"}


def source_files() -> list[Path]:
    """Return the files that people write, without caches, dumps and saved pages."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        at = Path(folder)
        folders[:] = [
            name
            for name in folders
            if name not in SKIPPED_FOLDERS and (name == ".ci" or name[0] not in "._")
        ]
        found += [at / name for name in names if (at / name).suffix in SOURCE_ENDINGS]
    return sorted(found)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    """Return the full names of the modules that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: imports are absolute here"
            found.add(node.module or "")
    return found


def requirements(path: Path) -> dict[str, str]:
    """Return the pinned packages of a requirements file: normalised name to version."""
    found = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        if text and not text.startswith(("#", "-r ")):
            match = re.fullmatch(r"([\w.-]+)==([\w.]+)(?: ; python_version < \"[\d.]+\")?", text)
            assert match, f"{path.name}: {text!r} is not NAME==VERSION"
            found[normal(match[1])] = match[2]
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
TWIN_MODULES = sorted((ROOT / "twin").rglob("*.py"))


def test_there_is_something_to_check() -> None:
    expected = {
        PACKAGE / "settings.py",
        PACKAGE / "items" / "article.py",
        PACKAGE / "pages" / "jnews.py",
    }
    assert expected <= {*MODULES}


def test_modules_functions_and_classes_can_be_read_in_one_go() -> None:
    long = []
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        sizes = {"": (text.count("\n"), MAX_LINES)}
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if path.name == "article.py" and node.name == "Article":
                    # A list of fields, each with what it means.
                    continue
                most = MAX_CLASS if isinstance(node, ast.ClassDef) else MAX_FUNCTION
                sizes[f":{node.name}"] = ((node.end_lineno or 0) - node.lineno + 1, most)
        long += [
            f"{name_of(path)}{name}: {lines} lines, at most {most}"
            for name, (lines, most) in sizes.items()
            if lines > most
        ]
    assert not long


def entries(folder: Path) -> set[str]:
    """Return what stands directly in a folder of the package, py.typed aside."""
    names = {path.name for path in folder.iterdir()} - {"__pycache__", "py.typed"}
    return {name for name in names if not name.startswith(".")}


def test_the_architecture_can_be_seen_in_the_list_of_folders() -> None:
    assert len(entries(PACKAGE)) <= MAX_ENTRIES
    assert len(entries(PACKAGE / "ledger")) <= MAX_LEDGER_ENTRIES


def test_a_module_name_stands_for_one_thing() -> None:
    # A command has the name that a person types; a site's facts and its spiders that of the site.
    named_by_others = {PACKAGE / "commands", PACKAGE / "spiders" / "alanews.py"}
    for modules in (MODULES, TWIN_MODULES):
        places: dict[str, list[str]] = {}
        for path in modules:
            if path.stem.startswith("__") or {path, path.parent} & named_by_others:
                continue
            places.setdefault(path.stem, []).append(name_of(path))
        assert not [several for several in places.values() if len(several) > 1]


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def import_graph(modules: Iterable[Path]) -> dict[str, set[str]]:
    """Return which of some modules each of them imports, wherever in it."""
    names = {dotted(path): path for path in modules}
    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        graph[name] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                graph[name] |= {alias.name for alias in node.names} & names.keys()
            elif isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    submodule = f"{node.module}.{alias.name}"
                    target = submodule if submodule in names else node.module
                    graph[name] |= {target} & names.keys()
    return graph


def cycle_in(graph: dict[str, set[str]]) -> list[str]:
    """Return the nodes that lie on a cycle, or lead to one; none where there is no cycle."""
    left = {node: set(targets) for node, targets in graph.items()}
    while free := [node for node, targets in left.items() if not targets & left.keys()]:
        for node in free:
            del left[node]
    return sorted(left)


def folder_of(module: str) -> str:
    """Return the folder of the package in which a module lies, else the module."""
    return ".".join(module.split(".")[:2])


def folder_graph(graph: dict[str, set[str]]) -> dict[str, set[str]]:
    folders: dict[str, set[str]] = {}
    for module, targets in graph.items():
        folder = folder_of(module)
        folders.setdefault(folder, set()).update(map(folder_of, targets))
        folders[folder].discard(folder)
    return folders


def test_imports_go_one_way() -> None:
    package, twin = import_graph(MODULES), import_graph(TWIN_MODULES)
    assert len(package) > 100
    assert "newscrawl.pages.wordpress" in package["newscrawl.pages.generic"]
    assert not cycle_in(package)
    assert not cycle_in(twin)
    assert not cycle_in(folder_graph(package)), "folders that import each other"


def test_a_cycle_of_imports_is_found() -> None:
    assert cycle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]
    graph = {"newscrawl.pages.a": {"newscrawl.urls"}, "newscrawl.urls": {"newscrawl.pages.b"}}
    assert cycle_in(folder_graph(graph)) == ["newscrawl.pages", "newscrawl.urls"]


def test_a_run_is_known_by_its_context_not_by_its_spider() -> None:
    allowed = {PACKAGE / "spiders", PACKAGE / "commands"}
    assert not [
        name_of(path)
        for path in MODULES
        if not allowed & {path.parent, path.parent.parent}
        and any(name.startswith("newscrawl.spiders") for name in imports(path))
    ]
    asking = re.compile(r"\b(?:get|has|set)attr\(\s*(?:self\.)?_?(?:crawler\.)?spider\b")
    assert not [name_of(path) for path in MODULES if asking.search(path.read_text("utf-8"))]


def test_counters_are_named_in_one_module() -> None:
    typed = re.compile(r"\b(?:inc|set|max|min|get)_value\(\s*f?[\"'](?!\{)")
    assert not [name_of(path) for path in MODULES if typed.search(path.read_text("utf-8"))]


def test_modules_are_called_by_what_they_know() -> None:
    vague = {"util", "utils", "helpers", "misc", "common"}
    assert not [name_of(path) for path in MODULES if vague & {path.stem, path.parent.name}]


def test_pure_code_imports_no_crawler() -> None:
    guilty = [
        f"{name_of(path)}: {name}"
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0] in PURE
        for name in sorted(imports(path))
        if name.split(".")[0] in IMPURE or name.startswith(CRAWLING)
    ]
    assert not guilty, "pages, dates, texts and URLs are pure functions of what they are given"


_INTERNALS = PACKAGE / "scrapy_internals.py"
_FOREIGN = {
    "itemadapter", "parsel", "playwright", "protego", "rich", "scrapy", "scrapy_playwright",
    "scrapyd", "spidermon", "twisted", "w3lib",
}  # fmt: skip

# Documented in spite of their names: of named tuples, and the class of lxml's elements.
_PUBLIC = {"_asdict", "_replace", "_Element"}


def is_private(name: str) -> bool:
    if name in _PUBLIC:
        return False
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def private_uses(text: str) -> list[str]:
    """Return where a module reaches for a private name of something else than `self` or `cls`."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            own = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
            # What a base class of a package keeps private is looked for below.
            found += [] if own else [f"{node.lineno}: {ast.unparse(node)}"]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            paths = [f"{module}.{alias.name}".strip(".") for alias in node.names]
            found += [
                f"{node.lineno}: {path}"
                for path in paths
                if path.split(".")[0] in _FOREIGN and any(map(is_private, path.split(".")))
            ]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            named = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            values = [entry.value for entry in node.args if isinstance(entry, ast.Constant)]
            words = [value for value in values if isinstance(value, str)]
            if named in {"getattr", "hasattr", "setattr", "delattr", "attrgetter", "methodcaller"}:
                found += [f"{node.lineno}: {word}" for word in words if is_private(word)]
    return found


def private_names(text: str) -> set[str]:
    """Return the private names that a class defines or uses of itself."""
    names = set()
    for node in ast.walk(ast.parse(textwrap.dedent(text))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"self", "cls"}:
            names.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return {name for name in names if is_private(name)}


def shared_with_bases(owner: type) -> set[str]:
    """Return the private names that a class shares with the packages' classes it derives from."""
    bases = [base for base in owner.__mro__ if base.__module__.split(".")[0] in _FOREIGN]
    own = private_names(inspect.getsource(owner)) if bases else set[str]()
    return {name for base in bases for name in own & private_names(inspect.getsource(base))}


def test_what_packages_keep_private_is_used_in_one_module() -> None:
    paths = [path for path in [*MODULES, *(ROOT / "deploy").glob("*.py")] if path != _INTERNALS]
    guilty = {name_of(path): private_uses(path.read_text(encoding="utf-8")) for path in paths}
    assert {name: uses for name, uses in guilty.items() if uses} == {}
    # The rule sees what it is for.
    assert private_uses(_INTERNALS.read_text(encoding="utf-8"))
    sample = """
from scrapy.utils.defer import _schedule_coro
import playwright._impl._errors
engine._slot
getattr(engine, "_start", None)
super()._parse_robots(response)
self._own
"""
    assert [use.partition(":")[0] for use in private_uses(sample)] == ["2", "3", "4", "5", "6"]


def test_classes_share_no_private_name_with_what_they_derive_from() -> None:
    guilty: dict[str, set[str]] = {}
    for path in MODULES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        if path == _INTERNALS or parts[-1] == "__main__":
            continue
        name = ".".join(parts).removesuffix(".__init__")
        classes = [
            entry
            for entry in vars(importlib.import_module(name)).values()
            if isinstance(entry, type) and entry.__module__ == name
        ]
        guilty |= {entry.__qualname__: shared_with_bases(entry) for entry in classes}
    assert {name: shared for name, shared in guilty.items() if shared} == {}
    assert len(guilty) > len(MODULES) / 2

    class Overrides(RobotsTxtMiddleware):
        def _robots_error(self, exc: Exception, netloc: str) -> None:
            self._stats.inc_value(netloc)

    assert shared_with_bases(Overrides) == {"_robots_error", "_stats"}


def test_discovery_reads_no_articles() -> None:
    folder = PACKAGE / "discovery"
    assert not [
        name_of(path)
        for path in folder.glob("*.py")
        if {"newscrawl.pages.jnews", "newscrawl.pages.article_page"} & imports(path)
    ]


def test_sql_lives_in_the_ledger_only() -> None:
    assert not [
        name_of(path)
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0] != "ledger"
        and {name.split(".")[0] for name in imports(path)} & {"sqlalchemy", "sqlite3", "psycopg"}
    ]


def test_each_of_these_costs_more_than_the_rest_of_a_page() -> None:
    costly = re.compile(r"\b(LinkExtractor|LxmlLinkExtractor|ItemLoader)\b")
    assert not [
        name_of(path) for path in MODULES if costly.search(path.read_text(encoding="utf-8"))
    ]


def test_only_settings_read_the_environment() -> None:
    # The program `newscrawl` sets a variable, by which Scrapy finds the settings.
    reading = re.compile(r"\b(os\.environ|os\.getenv|getenv|environ)\b(?!\[\"\w+\"\] = )")
    assert not [
        name_of(path)
        for path in MODULES
        if path != PACKAGE / "settings.py" and reading.search(path.read_text(encoding="utf-8"))
    ]


def test_nothing_is_left_for_later() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in source_files()}
    assert len(texts) > len(MODULES)
    assert not [name_of(path) for path, text in texts.items() if UNFINISHED.search(text)], (
        "say it in an issue, or do it"
    )
    unmade = "NotImplemented" + "Error"
    assert not [name_of(path) for path in MODULES if unmade in texts[path]]


def test_each_setting_says_why() -> None:
    path = PACKAGE / "settings.py"
    lines = path.read_text(encoding="utf-8").splitlines()
    silent = []
    for node in ast.parse("\n".join(lines)).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            above, own = lines[node.lineno - 2], lines[node.lineno - 1 : node.end_lineno]
            # A line of dashes opens a group; it is no reason.
            said = re.match(r"# (?!---)", above) or any(re.search(r"# \w", text) for text in own)
            if name.isupper() and not name.startswith("_") and not said:
                silent.append(f"{name} (line {node.lineno})")
    assert not silent, "a comment above each setting gives Scrapy's default and the reason"


OWN = {"newscrawl", "twin", "tests", "benchmarks", "deploy"}
"""Folders of the repository that Python finds."""


def undeclared(paths: Iterable[Path], declared: Iterable[str]) -> set[str]:
    """Return the foreign modules that files import and no declared package brings."""
    used = {name.split(".")[0] for path in paths for name in imports(path)}
    foreign = used - {*sys.stdlib_module_names} - OWN - ZSTD
    distributions = packages_distributions()
    known = set(declared)
    return {
        module
        for module in foreign
        if not known & {normal(name) for name in distributions.get(module, [module])}
    }


_NO_EXTRAS = {"dev", "deploy", "fuzz"}


def extras() -> dict[str, dict[str, str]]:
    """Return the packages of each extra, which a package of ours by its name may import."""
    files = {path.stem.partition("-")[2]: path for path in ROOT.glob("requirements-*.txt")}
    return {name: requirements(path) for name, path in files.items() if name not in _NO_EXTRAS}


def test_requirements_are_pinned_and_complete() -> None:
    run = requirements(ROOT / "requirements.txt")
    deploying = requirements(ROOT / "requirements-deploy.txt")
    development = requirements(ROOT / "requirements-dev.txt")
    known = {**run, **deploying, **development, **requirements(ROOT / "requirements-fuzz.txt")}
    assert not undeclared([ROOT / "setup.py", *(ROOT / "deploy").glob("*.py")], run | deploying)
    for extra, packages in extras().items():
        own = {path for path in MODULES if path.parent == PACKAGE / extra}
        assert own
        assert not undeclared(own, run | packages)
        known |= packages
    crawling = [path for path in MODULES if path.parent.name not in extras()]
    assert not undeclared([*crawling, *(ROOT / "twin").rglob("*.py")], run)
    others = [path for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    assert not undeclared(others, known)


def test_requirements_do_not_repeat_each_other() -> None:
    extra_files = (f"requirements-{extra}.txt" for extra in extras())
    files = ["requirements.txt", "requirements-deploy.txt", *extra_files]
    every = [*files, "requirements-dev.txt", "requirements-fuzz.txt"]
    versions: dict[str, set[str]] = {}
    for file in every:
        for name, version in requirements(ROOT / file).items():
            versions.setdefault(name, set()).add(f"{file.partition('.')[0]} {version}")
    # Extras may need the same, and each is complete by itself.
    own = {f"requirements-{extra}" for extra in extras()}
    assert not {
        name: places
        for name, places in versions.items()
        if len(places) > 1
        and (
            {place.partition(" ")[0] for place in places} - own
            or len({place.partition(" ")[2] for place in places}) > 1
        )
    }
    development = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")
    assert all(f"-r {file}\n" in development for file in files)


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^make test\b", script, re.M)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_make_alone_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    shown = subprocess.run(
        ["make", "--no-print-directory"],  # noqa: S607 - whichever make there is
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    phony = re.search(r"^\.PHONY: (help .*)$", makefile, re.M)
    assert phony
    assert re.findall(r"^  ([\w-]+)", shown, re.M) == phony[1].split()
