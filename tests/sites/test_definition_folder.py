"""Folders of sites' files: found by name, and registered for the commands that read dumps."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from scrapy.settings import Settings

from newscrawl import sites
from newscrawl.commands import project_sites
from newscrawl.sites import registry
from newscrawl.sites.definition_file import DefinitionError
from newscrawl.sites.definition_folder import MAX_FILES, load_folder, locate
from newscrawl.sites.definition_text import dumps
from newscrawl.sites.example import EXAMPLE
from tests.support.crawling import ROOT
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test register what it likes."""
    monkeypatch.setattr(registry, "_SITES", dict(registry._SITES))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sites"
    folder.mkdir()
    (folder / "example.toml").write_text(dumps(EXAMPLE), encoding="utf-8")
    # An editor's lock, and a note.
    (folder / ".#example.toml").symlink_to("nobody@nowhere")
    (folder / "README.md").write_text("Sites", encoding="utf-8")
    return folder


class TestLocate:
    def test_the_first_folder_that_has_it(self, folder: Path, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.mkdir()
        (other / "example.toml").touch()
        (other / "127.0.0.1-8001.toml").touch()
        assert locate("example", [tmp_path / "no", folder, other]) == folder / "example.toml"
        assert locate("127.0.0.1-8001", [folder, other]) == other / "127.0.0.1-8001.toml"

    @pytest.mark.parametrize(
        "name",
        ["exampel", "example.toml", "EXAMPLE", "x", "", "../sites/example", "a\0\n", "y" * 999],
    )
    def test_a_name_that_is_not_there(self, name: str, folder: Path, tmp_path: Path) -> None:
        with pytest.raises(DefinitionError) as caught:
            locate(name, [folder, tmp_path / "no"])
        message = str(caught.value)
        shown = name if len(name) <= 80 else f"{name[:80]}…"
        assert message.startswith(f"there is no definition {shown!r} of a site")
        close = ": did you mean example? " if len(name) in {7, 12} and name.islower() else ". "
        assert close in message
        looked = (
            f"Folders: {folder}, {tmp_path / 'no'} (no such folder). Definitions there: example"
        )
        assert message.endswith(looked)
        assert message.isprintable()


class TestFolder:
    def test_more_files_than_allowed(self, tmp_path: Path) -> None:
        for number in range(MAX_FILES + 1):
            (tmp_path / f"{number}.toml").touch()
        with pytest.raises(DefinitionError, match="more than 1,000 definitions"):
            [*load_folder(tmp_path)]

    def test_each_is_registered(self, folder: Path) -> None:
        project_sites.register(Settings({"SITES_DIR": str(folder)}))
        assert sites.by_key("example") == EXAMPLE
        assert sites.by_host("www.example.it") == EXAMPLE

    @pytest.mark.parametrize("path", ["", None, "/no/such/folder"])
    def test_no_folder_is_no_sites(self, path: str | None) -> None:
        project_sites.register(Settings({"SITES_DIR": path}))
        assert sites.by_key("example") is None

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ('"Example"', "Example", ", line 5: this is not valid TOML"),
            ('key = "example"', 'key = "alanews"', ": two different sites have the key 'alanews'"),
            ("", "\nagencys = []\n", "sections[2].agencys is not an entry of a section"),
        ],
    )
    def test_a_wrong_one_is_named_in_one_line(
        self, old: str, new: str, says: str, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = folder / "example.toml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")
        with pytest.raises(SystemExit) as caught:
            project_sites.register(Settings({"SITES_DIR": str(folder)}))
        assert caught.value.code == 2
        message = capsys.readouterr().err
        assert re.match(rf"newscrawl: {re.escape(str(path))}", message)
        assert says in message
        assert message.count("\n") == 1

    def test_a_file_in_its_place(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "sites").touch()
        with pytest.raises(SystemExit):
            project_sites.register(Settings({"SITES_DIR": str(tmp_path / "sites")}))
        assert "sites cannot be read: Not a directory" in capsys.readouterr().err


@pytest.mark.parametrize("folder_of", ["environment", "working directory"])
def test_commands_that_read_dumps_use_the_folder(
    folder_of: str, folder: Path, tmp_path: Path
) -> None:
    (folder / "example.toml").write_text("x", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if "SCRAP" not in name}
    if folder_of == "environment":
        environment["NEWSCRAWL_SITES_DIR"] = str(folder)
        working = tmp_path / "work"
        working.mkdir()
    else:
        working = tmp_path
    done = subprocess.run(
        [sys.executable, "-m", "newscrawl.cli", "validate", "."],
        cwd=working,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 2
    assert "example.toml, line 1: this is not valid TOML" in done.stderr
