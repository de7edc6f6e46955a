"""Rules of this repository that no linter knows (CONTRIBUTING.md says them in words)."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.crawling import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

PACKAGE = ROOT / "newscrawl"
MAX_LINES = 450
# Written apart, so that this file keeps its own rule.
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
PURE = ("items", "dates", "pages", "extraction", "text.py", "urls.py", "similarity.py")
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


def test_there_is_something_to_check() -> None:
    expected = {
        PACKAGE / "settings.py",
        PACKAGE / "items" / "article.py",
        PACKAGE / "pages" / "jnews.py",
    }
    assert expected <= {*MODULES}


def test_modules_can_be_read_in_one_go() -> None:
    lines = {path: path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    long = [f"{name_of(path)}: {count}" for path, count in lines.items() if count > MAX_LINES]
    assert not long, f"more than {MAX_LINES} lines: split it by what it knows"


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


def test_discovery_reads_no_articles() -> None:
    folder = PACKAGE / "discovery"
    assert not [
        name_of(path) for path in folder.glob("*.py") if "newscrawl.pages.jnews" in imports(path)
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
    reading = re.compile(r"\b(os\.environ|os\.getenv|getenv|environ)\b")
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


def undeclared(paths: Iterable[Path], declared: Iterable[str]) -> set[str]:
    """Return the foreign modules that files import and no declared package brings."""
    used = {name.split(".")[0] for path in paths for name in imports(path)}
    foreign = used - {*sys.stdlib_module_names, "newscrawl", "twin", "tests", "benchmarks"} - ZSTD
    distributions = packages_distributions()
    known = set(declared)
    return {
        module
        for module in foreign
        if not known & {normal(name) for name in distributions.get(module, [module])}
    }


_NO_EXTRAS = {"dev", "deploy"}


def extras() -> dict[str, dict[str, str]]:
    """Return the packages of each extra, which a package of ours by its name may import."""
    files = {path.stem.partition("-")[2]: path for path in ROOT.glob("requirements-*.txt")}
    return {name: requirements(path) for name, path in files.items() if name not in _NO_EXTRAS}


def test_requirements_are_pinned_and_complete() -> None:
    run = requirements(ROOT / "requirements.txt")
    deploying = requirements(ROOT / "requirements-deploy.txt")
    development = requirements(ROOT / "requirements-dev.txt")
    known = {**run, **deploying, **development}
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
    every = [*files, "requirements-dev.txt"]
    packages = [name for file in every for name in requirements(ROOT / file)]
    assert len(packages) == len({*packages})
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
