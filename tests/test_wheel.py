"""The wheel: whole, and at work in any folder, beside other people's Scrapy projects."""

from __future__ import annotations

import json
import re
import shlex
import socket
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from newscrawl.export import FORMATS
from newscrawl.version import __version__
from tests.support.crawling import ROOT
from tests.support.installed import (
    Typed,
    build_wheel,
    given_to_other_user,
    install,
    other_user,
    unpacked,
)
from tests.support.waiting import wait_for
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e
SOAK = pytest.mark.soak
NO_PROJECT = "this folder is not part of a Scrapy project (there is no scrapy.cfg): type "
PROGRAMS = ("newscrawl", "scrapy", "scrapyd", "scrapyd-client")
SPIDER = """
import scrapy

class Mine(scrapy.Spider):
    name = "mine"

    async def start(self):
        print("my own spider runs")
        return
        yield
"""
COMMAND = """
from scrapy.commands import ScrapyCommand

class Command(ScrapyCommand):
    requires_crawler_process = False

    def short_desc(self):
        return "My own report"

    def run(self, args, opts):
        print("my own report", *args)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def typed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Typed:
    where = tmp_path_factory.mktemp("typed") / "Rassegna stampa è qui"
    where.mkdir()
    return unpacked(wheel, tmp_path_factory.mktemp("site-packages"), where)


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as opened:
        held = {*opened.namelist()}
        info = next(name.partition("/")[0] for name in held if ".dist-info/" in name)
        metadata = opened.read(f"{info}/METADATA").decode()
        entry_points = opened.read(f"{info}/entry_points.txt").decode()
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "newscrawl").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"newscrawl/report/templates/page.css", "newscrawl/sites/alanews.toml"} <= {*package}
    assert {name for name in held if not name.startswith(f"{info}/")} == package
    assert "newscrawl = newscrawl.cli:main" in entry_points
    for extra in ("archive", "export", "report", "deploy"):
        assert f"Provides-Extra: {extra}\n" in metadata
    assert 'Requires-Dist: scrapyd==1.6.0; extra == "deploy"' in metadata


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("craw", "unknown command 'craw': did you mean crawl?"),
        pytest.param("--nolgo", "unknown option '--nolgo': newscrawl -h lists", marks=SOAK),
        pytest.param("genspider mine example.org", "genspider changes the modules", marks=SOAK),
        pytest.param("crawl", "name a section: newscrawl crawl cronaca", marks=SOAK),
        pytest.param("crawl estero", "unknown section 'estero': did you mean esteri", marks=SOAK),
        pytest.param("validate", "name the dumps: newscrawl validate output/", marks=SOAK),
        pytest.param("export", "name a format: --to parquet, csv, sqlite, duckdb", marks=SOAK),
        pytest.param("ledger wyh", "unknown ", marks=SOAK),
    ],
)
def test_what_is_typed_wrong_is_answered_in_one_line(line: str, text: str, typed: Typed) -> None:
    assert typed.refused("newscrawl", *line.split()).startswith(text)
    assert not [*typed.folder.iterdir()]


def test_the_program_says_what_it_can_do(typed: Typed) -> None:
    text = typed.good("newscrawl", "-h")
    assert text.startswith("usage: newscrawl COMMAND [options] [arguments]\n")
    for name in ("crawl", "export", "ledger", "list", "report", "runs", "shell", "validate"):
        assert f"\n  {name} " in text
    assert "scrapy " not in text


@SOAK
def test_each_help_names_the_program(typed: Typed) -> None:
    text = typed.good("newscrawl", "--help")
    assert text == typed.good("newscrawl") == typed.good("newscrawl", "help")
    for name in re.findall(r"^  (\w+) ", text, re.M):
        assert f"newscrawl {name} " in typed.good("newscrawl", name, "-h"), name
    assert typed.good("newscrawl", "--version") == f"newscrawl {__version__}\n"


@pytest.mark.parametrize(
    "line",
    [
        "crawl esteri -a 'since=2026-11-01'",
        pytest.param("ledger why https://example.org/", marks=SOAK),
        pytest.param("list", marks=SOAK),
    ],
)
def test_scrapy_without_a_project_points_to_the_program(line: str, typed: Typed) -> None:
    words = shlex.split(line)
    assert typed.refused("scrapy", *words) == f"{NO_PROJECT}newscrawl {shlex.join(words)}"


@SOAK
def test_scrapy_without_a_project_has_its_own_commands(typed: Typed) -> None:
    unknown = typed("scrapy", "crwal")
    assert (unknown.returncode, unknown.stderr) == (2, "")
    assert "Unknown command: crwal" in unknown.stdout
    assert "\n  newscrawl " in typed.good("scrapy")
    assert typed.good("scrapy", "shell", "-c", "1 + 1").endswith("2\n")
    assert typed.good("scrapy", "settings", "--get", "BOT_NAME") == "scrapybot\n"
    told = typed.refused("scrapy", "newscrawl", "runs")
    assert told == "newscrawl is a program: type newscrawl runs"


def test_another_project_has_its_own_crawl(typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = other\n", encoding="utf-8")
    (tmp_path / "other.py").write_text('SPIDER_MODULES = ["mine"]\n', encoding="utf-8")
    (tmp_path / "mine.py").write_text(SPIDER, encoding="utf-8")
    ran = typed("scrapy", "crawl", "mine", "--nolog", cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "my own spider runs\n", "")


@SOAK
def test_another_project_has_its_own_commands(typed: Typed, tmp_path: Path) -> None:
    assert typed("scrapy", "startproject", "other", str(tmp_path)).returncode == 0
    assert typed("scrapy", "genspider", "mine", "example.org", cwd=tmp_path).returncode == 0
    assert typed("scrapy", "list", cwd=tmp_path / "other").stdout == "mine\n"
    # `report` is a command of newscrawl, which this project does not have.
    assert "Unknown command: report" in typed("scrapy", "report", cwd=tmp_path).stdout
    commands = tmp_path / "other" / "commands"
    commands.mkdir()
    (commands / "__init__.py").touch()
    (commands / "report.py").write_text(COMMAND, encoding="utf-8")
    with (tmp_path / "other" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write('COMMANDS_MODULE = "other.commands"\n')
    assert typed("scrapy", "report", "x", cwd=tmp_path).stdout == "my own report x\n"


def files(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return each file and folder below a folder, with its size and when it was changed."""
    stats = {path: path.lstat() for path in folder.rglob("*")}
    return {path: (stat.st_size, stat.st_mtime_ns) for path, stat in stats.items()}


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a folder that other users can enter, unlike pytest's."""
    with TemporaryDirectory(prefix="newscrawl-installed-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@SOAK
def test_an_installed_package_works_for_another_user(wheel: Path, place: Path) -> None:
    environment, home = place / "venv", given_to_other_user(place / "home")
    install(environment, str(wheel))
    programs = {name: [str(environment / "bin" / name)] for name in PROGRAMS}
    typed = Typed(
        given_to_other_user(place / "Rassegna stampa è qui"), programs,
        {"HOME": str(home), "TMPDIR": str(home)}, other_user(),
    )  # fmt: skip
    before = files(environment)
    crawl_and_look(typed)
    extras = missing_extras(typed)
    assert files(environment) == before
    # What the messages say is what is typed.
    for line in extras:
        assert line[:2] == ["pip", "install"]
        install(environment, *line[2:])
    before = files(environment)
    for shape in FORMATS:
        typed.good("newscrawl", "export", "--to", shape, "output", "-o", f"sport.{shape}")
    typed.good("newscrawl", "report")
    assert (typed.folder / "output" / "report.html").stat().st_size > 10_000
    assert files(environment) == before
    assert [*home.iterdir()] == []
    exports = {f"sport.{shape}" for shape in FORMATS}
    assert {path.name for path in typed.folder.iterdir()} == {"output", *exports}
    install(environment, "newscrawl[deploy]")
    crawl_with_scrapyd(typed, given_to_other_user(place / "planned"))


def crawl_and_look(typed: Typed) -> None:
    """Type the commands that need no extra, against a twin that runs from the checkout."""
    with TwinProcess(size=60) as twin:
        address = f"site_url={twin.url}"
        options = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
        crawled = typed.good("newscrawl", "crawl", "sport", "-a", address, *options)
        assert crawled.startswith("sport: ")
        assert "Sitemap:" in typed.good("newscrawl", "fetch", "--nolog", f"{twin.url}/robots.txt")
        line = ("shell", "--nolog", f"{twin.url}/", "-c", "response.status")
        assert typed.good("newscrawl", *line).strip() == "200"
        (dump,) = (typed.folder / "output" / "sport").glob("*T*Z.jsonl")
        article = json.loads(dump.read_bytes().splitlines()[0])
        asked = ("ledger", "why", article["url"], "-a", address)
        assert dump.name in typed.good("newscrawl", *asked)
        assert "sport" in typed.good("newscrawl", "ledger", "-a", address)
    assert " right" in typed.good("newscrawl", "validate", "output")
    assert "sport" in typed.good("newscrawl", "runs")
    assert "esteri\n" in typed.good("newscrawl", "list")
    typed.good("newscrawl", "check", "esteri")
    typed.good("newscrawl", "bench", "-s", "CLOSESPIDER_PAGECOUNT=2", *options)
    assert typed.refused("scrapy", "runs") == f"{NO_PROJECT}newscrawl runs"


def missing_extras(typed: Typed) -> list[list[str]]:
    """Type the commands that need an extra; return what they say must be typed first."""
    told = {typed.refused("newscrawl", "report", code=1)}
    for shape in {*FORMATS} - {"csv"}:
        line = ("export", "--to", shape, "output", "-o", f"sport.{shape}")
        told.add(typed.refused("newscrawl", *line, code=1))
    said = {text.partition(" is not installed: ")[2] for text in told}
    assert said == {"pip install 'newscrawl[report]'", "pip install 'newscrawl[export]'"}
    return [shlex.split(text) for text in sorted(said)]


def crawl_with_scrapyd(typed: Typed, folder: Path) -> None:
    """Schedule a crawl of the installed package, with the scrapy.cfg of docs/installing.md."""
    page = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```\n(\[settings\]\n.*?)^```", page, re.M | re.S)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    assert ":6800\n" in text
    (folder / "scrapy.cfg").write_text(text.replace("6800", port), encoding="utf-8")
    conf = f"[scrapyd]\nhttp_port = {port}\npoll_interval = 0.2\n"
    (folder / "scrapyd.conf").write_text(conf, encoding="utf-8")
    how = typed.how(folder)
    with (
        TwinProcess(size=60) as twin,
        (folder / "scrapyd.log").open("wb") as log,
        subprocess.Popen(
            [*typed.programs["scrapyd"], "--pidfile="], stdout=log, stderr=log, **how
        ) as scrapyd,
    ):
        try:
            ask = ("scrapyd-client", "spiders", "-p", "newscrawl")
            wait_for(lambda: "sport" in typed(*ask, cwd=folder).stdout, "Scrapyd")
            words = [f"site_url={twin.url}", "pages=1", "setting=DOWNLOAD_DELAY=0"]
            line = ("schedule", "-p", "newscrawl", "sport", *(f"--arg={word}" for word in words))
            assert typed("scrapyd-client", *line, cwd=folder).returncode == 0
            wait_for(lambda: any(folder.glob("output/sport/*.run.json")), "the end of the crawl")
            assert " finished " in typed("newscrawl", "runs", cwd=folder).stdout
        finally:
            scrapyd.terminate()
