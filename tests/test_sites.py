"""A site is a value: another one is extracted, crawled, checked and reported without new code."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from scrapy.settings import Settings

import newscrawl
from newscrawl import sites
from newscrawl.commands import project_sites
from newscrawl.dumps.checking import Check
from newscrawl.dumps.checking.schema_check import schema_faults
from newscrawl.extraction import page_classes
from newscrawl.ledger import location
from newscrawl.sites import ALANEWS, Section, registry
from newscrawl.sites.example import EXAMPLE
from tests.support import dumps
from tests.support.crawling import ROOT
from tests.support.reporting import archive, report
from tests.support.waiting import HANG
from twin import truth
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.sites import Site

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
# The sections of the twin's menu that it has.
TAGO = replace(
    EXAMPLE,
    key="tago",
    name="Il Tago & altri",
    origin="https://www.tago.example",
    hosts=frozenset({"www.tago.example", "tago.example"}),
    timezone="Europe/Lisbon",
    sections=(Section("esteri", "Esteri"), Section("economia", "Economia")),
    archive_paths=("/category/{path}/",),
)
# Its date has an offset, and another page's none.
PAGE = ROOT / "tests" / "data" / "pages" / "hand-disagreements" / "page.html"
NAIVE = ROOT / "tests" / "data" / "pages" / "hand-jnews-naive"
PLACE = "/2025/10/28/esteri/un-titolo-di-prova/"


ONLY_HERE = ("sites", "spiders/alanews.py")
"""Where the site may be named."""
DEFAULTS = {"dates/__init__.py": ["Europe/Rome"], "dates/clock.py": ["Europe/Rome"]}
"""What else names something of it: the documented default of `newscrawl.dates.parse`."""
OF_THE_SITE = re.compile(r"alanews|europe/rome|\brome\b", re.I)
PACKAGE = ROOT / "newscrawl"


def elsewhere() -> dict[str, str]:
    """Return the modules and templates in which nothing may be said of one site."""
    paths = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".html", ".css"}]
    names = {path.relative_to(PACKAGE).as_posix(): path for path in paths}
    return {
        name: path.read_text(encoding="utf-8")
        for name, path in sorted(names.items())
        if not name.startswith(ONLY_HERE)
    }


def test_no_other_module_names_the_site_its_host_or_its_zone() -> None:
    texts = elsewhere()
    assert len(texts) > 100
    said = {name: found for name, text in texts.items() if (found := OF_THE_SITE.findall(text))}
    assert said == DEFAULTS


def test_no_other_module_knows_the_sections() -> None:
    # Others are also words of the format: "video", "sport".
    # "video" is also a kind of block.
    slugs = {section.slug for section in ALANEWS.sections} - {"video"}
    labels = {section.label for section in ALANEWS.sections} - {"Video"}
    said = {
        f"{name}:{node.lineno}: {node.value}"
        for name, text in elsewhere().items()
        if name.endswith(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and node.value in slugs | labels
    }
    assert not said


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test register what it likes."""
    monkeypatch.setattr(registry, "_SITES", dict(registry._SITES))


class TestRegistry:
    def test_a_site_is_found_by_key_and_host(self) -> None:
        assert sites.by_key("tago") is None
        sites.register(TAGO)
        sites.register(TAGO)
        assert sites.by_key("tago") is TAGO
        assert sites.by_host("tago.example") is TAGO
        assert sites.by_host("www.alanews.it") is ALANEWS
        assert sites.by_host("tv.alanews.it") is None

    @pytest.mark.parametrize(
        ("site", "says"),
        [
            (replace(TAGO, key="alanews"), "two different sites have the key 'alanews'"),
            (replace(TAGO, hosts=ALANEWS.hosts), "alanews.it is a host of alanews and of tago"),
            (replace(TAGO, key="Tago 1"), "the key 'Tago 1' must start with a-z or 0-9"),
            (replace(TAGO, timezone="Europe/Tago"), "'Europe/Tago' is not the name of a time zone"),
            (replace(TAGO, timezone="../etc"), "is not the name of a time zone"),
        ],
    )
    def test_what_cannot_be_told_apart_is_refused(self, site: Site, says: str) -> None:
        with pytest.raises(ValueError, match=re.escape(says)):
            sites.register(site)
        assert sites.by_key("alanews") is ALANEWS

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("no.such.module.SITE", "No module named 'no'"),
            ("newscrawl.sites.NOTHING", "newscrawl.sites"),
            ("newscrawl.sites.alanews.resources", "not a newscrawl.sites.Site"),
            ("plain", "plain"),
        ],
    )
    def test_a_wrong_setting_is_told_in_one_line(
        self, name: str, says: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit):
            project_sites.register(Settings({"SITES": [name]}))
        told = capsys.readouterr().err
        assert told.count("\n") == 1
        assert f"SITES names {name!r}" in told
        assert says in told


def extracted(host: str) -> Any:
    return newscrawl.extract(PAGE.read_bytes(), f"https://{host}{PLACE}", fetched_at=NOW)


class TestExtraction:
    def test_the_host_says_which_site(self) -> None:
        sites.register(TAGO)
        html = PAGE.read_text(encoding="utf-8").replace("www.alanews.it", "www.tago.example")
        article = newscrawl.extract(html, f"{TAGO.origin}{PLACE}", fetched_at=NOW)
        own = newscrawl.extract(PAGE.read_bytes(), f"{ALANEWS.origin}{PLACE}", fetched_at=NOW)
        assert article is not None
        assert own is not None
        assert (article.site, own.site) == ("tago", "alanews")
        assert article.id.partition(":")[0] == "tago"
        assert article.url.startswith("https://www.tago.example/")
        assert article.publisher is not None
        assert article.publisher.name == "Il Tago & altri"
        assert own.date_published == "2026-04-10T18:00:00+02:00"
        assert article.date_published == "2026-04-10T17:00:00+01:00"

    def test_a_time_without_offset_is_the_sites_own(self) -> None:
        sites.register(TAGO)
        html = (NAIVE / "page.html").read_bytes()
        article = newscrawl.extract(html, f"{TAGO.origin}/esteri/a-b-c-d/", fetched_at=NOW)
        assert article is not None
        assert article.date_published_raw == "2026-07-08 00:25:10"
        assert article.date_published == "2026-07-08T00:25:10+01:00"

    @pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
    def test_a_host_of_this_machine_serves_the_default_site(self, host: str) -> None:
        assert extracted(host).site == sites.DEFAULT.key

    @pytest.mark.parametrize(
        ("host", "key", "origin"),
        [
            ("www.tago.example", "tago.example", "https://www.tago.example"),
            ("[2001:db8::1]", "2001-db8-1", "https://[2001:db8::1]"),
            ("TAGO.example:443", "tago.example", "https://tago.example"),
            ("tv.alanews.it", "tv.alanews.it", "https://tv.alanews.it"),
            ("tago.example:8001", "tago.example-8001", "https://tago.example:8001"),
            ("www.perchè.example", "xn--perch-8ra.example", "https://www.xn--perch-8ra.example"),
        ],
    )
    def test_any_other_host_is_a_site_of_its_own(self, host: str, key: str, origin: str) -> None:
        article = extracted(host)
        assert article.site == key
        assert article.id.partition(":")[0] == key
        assert article.url == f"{origin}{PLACE}"
        assert article.publisher.url == f"{origin}/"
        assert not [*schema_faults(asdict(article))]

    def test_a_site_names_its_page_classes(self) -> None:
        sites.register(replace(TAGO, article_page=TAGO.generic_page))
        article = extracted("www.tago.example")
        assert article.extractor.endswith(" GenericArticlePage")

    @pytest.mark.parametrize("name", ["newscrawl.pages.menu.Nothing", "MenuPage", ""])
    def test_a_page_class_that_is_not_there_is_named(self, name: str) -> None:
        with pytest.raises(ImportError, match=re.escape(f"{name!r} is not the dotted name")):
            page_classes.load(name)


@pytest.mark.parametrize(
    ("site", "url", "expected"),
    [
        (ALANEWS, ALANEWS.origin, ("ledger.sqlite", "alanews")),
        (ALANEWS, "http://127.0.0.1:80", ("ledger-loopback.sqlite", "alanews at loopback")),
        (TAGO, TAGO.origin, ("ledger-tago.sqlite", "tago")),
        (TAGO, "http://[::1]:80", ("ledger-tago-loopback.sqlite", "tago at loopback")),
        (TAGO, "https://b.example", ("ledger-tago-b.example.sqlite", "tago at b.example")),
    ],
)
def test_each_site_has_a_ledger_of_its_own(
    site: Site, url: str, expected: tuple[str, str], tmp_path: Path
) -> None:
    settings = {"LEDGER_URL": "", "OUTPUT_DIR": str(tmp_path)}
    ledger, name = location.of_run(settings, url, site)
    assert (str(ledger.database), name) == (str(tmp_path / expected[0]), expected[1])


def of_tago(stated: str) -> Any:
    """Return a line of the other site that states a date of publication."""
    article = dumps.first()
    moved = replace(article, id="tago:7", site="tago", url=f"{TAGO.origin}{PLACE}", related=[])
    precision = "second" if "T" in stated else "day"
    return replace(moved, date_published=stated, date_published_precision=precision)


class TestValidate:
    def faults(self, path: Path, *articles: Any) -> list[str]:
        dump = dumps.write(path / "tago" / "2026-11-23T09-00-00Z.jsonl", articles)
        return [f"{fault.field}: {fault.what}" for fault in Check().run([dump])]

    def test_a_line_is_checked_by_its_own_site(self, tmp_path: Path) -> None:
        sites.register(TAGO)
        assert not self.faults(tmp_path, of_tago("2025-10-28T14:30:00+00:00"))
        stated, local = "2025-10-28T14:30:00+01:00", "2025-10-28T13:30:00+00:00"
        assert self.faults(tmp_path, of_tago(stated)) == [
            f"date_published: is {stated}, which in Europe/Lisbon is {local}"
        ]
        foreign = replace(of_tago("2025-10-28"), url=f"{TAGO.origin}/A/Titolo-di-prova/")
        assert self.faults(tmp_path, foreign) == [
            f"url: is not canonical, the canonical URL is {TAGO.origin}/a/titolo-di-prova/"
        ]

    def test_lines_of_an_unknown_site_are_valid(self, tmp_path: Path) -> None:
        assert not self.faults(tmp_path, of_tago("2025-10-28T14:30:00+05:00"))


class TestReport:
    def test_several_sites_are_all_in_the_heading(self, tmp_path: Path) -> None:
        sites.register(TAGO)
        late = "2026-11-23T23:30:00"
        written = [
            replace(dumps.first(), date_published=f"{late}+01:00"),
            of_tago(f"{late}+00:00"),
        ]
        dump = dumps.write(tmp_path / "all" / "2026-11-23T09-00-00Z.jsonl", written)
        entries = archive(dump).entries
        zones = {name: str(entry.zone) for name, entry in entries.items()}
        assert zones == {"alanews:7": "Europe/Rome", "tago:7": "Europe/Lisbon"}
        assert {str(entry.published) for entry in entries.values()} == {"2026-11-23"}
        assert report(tmp_path) == 0
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert "<h1>Alanews, Il Tago &amp; altri: articles in the dumps</h1>" in page
        assert "UTC time, as the times of runs" in page

    def test_a_site_that_is_not_known_is_called_by_its_key(self, tmp_path: Path) -> None:
        stated = of_tago("2026-11-23T23:30:00+05:00")
        dumps.write(tmp_path / "tago" / "2026-11-23T09-00-00Z.jsonl", [stated])
        assert report(tmp_path) == 0
        page = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert "<title>tago dumps: 1 articles</title>" in page
        assert "<h1>tago: articles in the dumps</h1>" in page
        assert "UTC time, as all days and times here" in page


PROJECT = {
    "scrapy.cfg": "[settings]\ndefault = tago.settings\n",
    "tago/__init__.py": "",
    "tago/settings.py": (
        "from newscrawl.settings import *\n"
        'SPIDER_MODULES = ["tago.spiders"]\n'
        'SITES = ["tests.test_sites.TAGO"]\n'
    ),
    "tago/spiders.py": (
        "from newscrawl.spiders.section import SectionSpider\n"
        "from tests.test_sites import TAGO\n\n\n"
        "class MundoSpider(SectionSpider):\n"
        '    name = "esteri"\n'
        "    site = TAGO\n"
    ),
}
"""A project of its own with another site, as somebody who uses this package writes it."""


def scrapy(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    # Another test of this process may have chosen the settings of this project.
    own = {name: value for name, value in os.environ.items() if name != "SCRAPY_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=folder,
        env={**own, "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


@pytest.mark.soak
@pytest.mark.e2e
def test_another_project_crawls_checks_and_reports_its_own_site(tmp_path: Path) -> None:
    for name, text in PROJECT.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with TwinProcess(size=60) as twin:
        options = ["-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"]
        site_url = f"site_url={twin.url}"
        run = scrapy(tmp_path, "crawl", "esteri", *options, "-a", site_url)
        assert run.returncode == 0, run.stderr
        expected = truth.expected(twin.content(), Switches())
    output = tmp_path / "output"
    assert {path.name for path in output.glob("*.sqlite")} == {"ledger-tago-loopback.sqlite"}
    lines = [
        json.loads(line)
        for path in (output / "esteri").glob("*Z.jsonl")
        for line in path.read_bytes().splitlines()
    ]
    assert len(lines) > 5
    instants = {
        article.id.partition(":")[2]: article.date_published for article in expected.values()
    }
    for line in lines:
        assert line["site"] == "tago"
        assert line["id"].startswith("tago:")
        assert line["url"].startswith("https://www.tago.example/")
        assert line["publisher"]["name"] == "Il Tago & altri"
    timed = [line for line in lines if line["date_published_precision"] == "second"]
    assert timed
    for line in timed:
        stated = datetime.fromisoformat(line["date_published"])
        assert stated.astimezone(LISBON).isoformat() == line["date_published"]
        wanted = instants[line["id"].partition(":")[2]]
        assert wanted is not None
        assert stated == datetime.fromisoformat(wanted)
    checked = scrapy(tmp_path, "validate", "output")
    assert checked.returncode == 0, checked.stdout
    status = scrapy(tmp_path, "ledger", "status", "--json", "-a", site_url)
    assert status.returncode == 0, status.stderr
    assert [series["name"] for series in json.loads(status.stdout)["series"]] == ["esteri"]
    assert "https://www.tago.example/…/" in scrapy(tmp_path, "ledger", "forget").stderr
    made = scrapy(tmp_path, "report")
    assert made.returncode == 0, made.stderr
    page = (output / "report.html").read_text(encoding="utf-8")
    assert "<h1>Il Tago &amp; altri: articles in the dumps</h1>" in page
    assert "Europe/Lisbon time, as all days and times here" in page
    assert "Alanews" not in re.sub(r"<(?:a|p|li)\b.*", "", page)
