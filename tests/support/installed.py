"""The package as a wheel and as an installation, for commands typed outside the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from tests.support.crawling import ROOT
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from pathlib import Path

_SOURCES = ("LICENSE", "README.md", "pyproject.toml", "setup.py")
_BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
_NOT_PASSED_ON = ("SCRAP", "NEWSCRAWL", "PYTHON", "VIRTUAL_ENV", "HOME", "XDG", "TMPDIR")
_NOBODY = 65534
"""A user without any rights of its own; only root can start a process as that user."""


def build_wheel(folder: Path) -> Path:
    """Build the wheel in a folder from a copy of the sources, so that nothing is left in them."""
    source, built = folder / "source", folder / "built"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "newscrawl", source / "newscrawl", ignore=ignored)
    # Packages of the checkout that a too wide pattern in pyproject.toml would add.
    for name in ("twin", "tests", "benchmarks", "deploy"):
        shutil.copytree(ROOT / name, source / name, ignore=ignored)
    for path in (*(ROOT / name for name in _SOURCES), *ROOT.glob("requirements*.txt")):
        shutil.copy(path, source)
    built.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, str(built)],
        cwd=source, capture_output=True, text=True, check=False, timeout=HANG,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (wheel,) = built.glob("*.whl")
    return wheel


def install(folder: Path, *names: str) -> None:
    """Install packages with pip into the virtual environment of a folder; make it if need be."""
    program = folder / "bin" / "python"
    lines = [[str(program), "-m", "pip", "install", "--quiet", *names]]
    if not program.exists():
        lines.insert(0, [_python(), "-m", "venv", str(folder)])
    for line in lines:
        done = subprocess.run(
            line, cwd=folder.parent, capture_output=True, text=True, check=False, timeout=HANG
        )
        assert done.returncode == 0, done.stderr


def _python() -> str:
    """Return an interpreter that the user of `other_user` can start too."""
    for path in (sys.executable, "/usr/bin/python3"):
        code = "import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))"
        with suppress(OSError):
            if not subprocess.run([path, "-c", code], check=False, **other_user()).returncode:
                return path
    return sys.executable


def other_user() -> dict[str, Any]:
    """Return arguments of `subprocess.run` that make root another user, who may change nothing."""
    return {} if os.geteuid() else {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}


def given_to_other_user(folder: Path) -> Path:
    """Make a folder that belongs to the user of `other_user`."""
    folder.mkdir()
    if not os.geteuid():
        os.chown(folder, _NOBODY, _NOBODY)
    return folder


@dataclass
class Typed:
    """Commands typed in a folder outside the checkout, in an environment of their own."""

    folder: Path
    """Where they are typed."""
    programs: dict[str, list[str]]
    """Program to the arguments that start it."""
    environment: dict[str, str]
    options: dict[str, Any] = field(default_factory=dict)
    """Further arguments of `subprocess.run`."""

    def __call__(self, *line: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Type a line and return how it ended."""
        program, *arguments = line
        return subprocess.run(
            [*self.programs[program], *arguments], **self.how(cwd), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=HANG,
        )  # fmt: skip

    def how(self, cwd: Path | None = None) -> dict[str, Any]:
        """Return the arguments of `subprocess.Popen` that say where and as whom a line is run."""
        inherited = os.environ.items()
        own = {name: text for name, text in inherited if not name.startswith(_NOT_PASSED_ON)}
        return {"cwd": cwd or self.folder, "env": {**own, **self.environment}, **self.options}

    def good(self, *line: str) -> str:
        """Type a line that must succeed; return what it prints."""
        done = self(*line)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *line: str, code: int = 2) -> str:
        """Type a line that must fail with one line and nothing else; return that line."""
        done = self(*line)
        assert (done.returncode, done.stdout) == (code, ""), done.stdout + done.stderr
        assert done.stderr.startswith("newscrawl: ")
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr.removeprefix("newscrawl: ").strip()


def unpacked(wheel: Path, folder: Path, where: Path) -> Typed:
    """Unpack a wheel as pip does, beside the libraries of the tests' environment."""
    with ZipFile(wheel) as opened:
        opened.extractall(folder)
    environment = {"PYTHONPATH": str(folder), "HOME": str(where)}
    # A console script has its own name as first argument.
    script = "import sys; sys.argv[0] = '/bin/newscrawl'; from newscrawl.cli import main; main()"
    programs = {
        "newscrawl": [sys.executable, "-c", script],
        "scrapy": [sys.executable, "-m", "scrapy"],
    }
    return Typed(where, programs, environment)
