"""A whole crawl against Scrapy that parses nothing and against the usual Scrapy project."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from benchmarks.bench_crawl import FAST, FLOOR, ROOT, run
from benchmarks.peers.scoring import COLUMNS, is_right, score
from newscrawl.dumps.files import is_dump
from twin import truth
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newscrawl.items import Article

COMPARED = ("headline", "text", "authors", "day")
"""What must be right of an article: what the usual project reads too."""
_SPIDER = Path(__file__).with_name("usual_spider.py")
MORE_LINKS = 65
"""Links that are added to each page, so that an article's has 170 on average."""


def _footer(number: int) -> str:
    links = "".join(
        f'<li class="menu-item"><a href="/tag/comune-{n}/">Notizie dal comune {n}</a></li>'
        for n in range(number)
    )
    return f'<ul class="jeg_menu_footer">{links}</ul>'


def more_links(number: int = MORE_LINKS) -> list[dict[str, object]]:
    """Return the twin's faults that print so many further links at the foot of each page."""
    mark = '<div class="jeg_footer_content">'
    return [{"kind": "rewrite", "value": f"{mark} => {mark}{_footer(number)}"}]


@dataclass
class Found:
    """What a crawler wrote, against what the site has."""

    expected: int
    right: int = 0
    """Articles with one line that is right in all that is compared."""
    missing: int = 0
    further: int = 0
    """Lines that are a second one of an article, or of what is not an article."""
    columns: dict[str, float] = field(default_factory=dict)
    """Share of the written articles that are right, by column."""


@dataclass
class CrawlResult:
    """A crawler's least cost over the rounds, and what it found."""

    milliseconds: float
    """CPU milliseconds of the process for each request, start included."""
    requests: int
    found: Found | None = None


@dataclass
class Comparison:
    """The crawlers on one twin."""

    size: int
    links: float
    """Links of an article's page, on average."""
    kilobytes: float
    results: dict[str, CrawlResult] = field(default_factory=dict)


def of_dump(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a line of newscrawl's dump as readers name them."""
    image = line["image"]
    return {
        "url": line["url"],
        "headline": line["headline"],
        "text": line["body"],
        "authors": [author["name"] for author in line["authors"]],
        "date_published": line["date_published"],
        "image": image["url"] if image else None,
        "tags": line["keywords"],
    }


def of_article(item: Article) -> dict[str, Any]:
    """Return the true fields of an article as readers name them."""
    return {
        "headline": item.headline,
        "text": item.body,
        "authors": [author.name for author in item.authors],
        "date_published": item.date_published,
        "image": item.image.url if item.image else None,
        "tags": item.keywords,
    }


def found(lines: Iterable[dict[str, Any]], articles: Iterable[Article]) -> Found:
    """Compare lines, as readers name their fields, with the articles of the site."""
    true = {urlsplit(item.url).path: of_article(item) for item in articles}
    written: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        written[urlsplit(line["url"]).path].append(line)
    result = Found(len(true), missing=len(true.keys() - written.keys()))
    columns = defaultdict(list)
    for path, several in written.items():
        result.further += len(several) - (path in true)
        if path not in true:
            continue
        shares = score(several[0], true[path])
        for column, share in shares.items():
            columns[column].append(share)
        result.right += len(several) == 1 and is_right(shares, COMPARED)
    result.columns = {name: fmean(columns[name]) for name in COLUMNS if columns[name]}
    return result


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def _options(settings: Mapping[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]


def newscrawl_command(url: str, *arguments: str) -> list[str]:
    """Return the command of a crawl of the whole site without delay."""
    line = [sys.executable, "-m", "scrapy", "crawl", "alanews", "-a", f"site_url={url}"]
    for argument in arguments:
        line += ["-a", argument]
    return line + _options(FAST)


def _usual_command(url: str, dump: Path) -> list[str]:
    line = [sys.executable, "-m", "scrapy", "runspider", str(_SPIDER), "-a", f"site_url={url}"]
    return [*line, "-O", str(dump), *_options({"DOWNLOAD_DELAY": "0", "LOG_LEVEL": "WARNING"})]


def dumped(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of all dumps of a crawl of the whole site."""
    dumps = [path for path in sorted((folder / "alanews").glob("*.jsonl")) if is_dump(path)]
    return [of_dump(line) for path in dumps for line in _lines(path)]


def measured(twin: TwinProcess, line: list[str], output: Path, at: Path) -> CrawlResult:
    """Run a command in the folder `at`; return its cost."""
    twin.reset()
    seconds = run(line, str(output), at)
    requests = len(twin.requests())
    return CrawlResult(seconds / requests * 1000, requests)


def _keep(results: dict[str, CrawlResult], name: str, result: CrawlResult) -> None:
    best = results.setdefault(name, result)
    best.milliseconds = min(best.milliseconds, result.milliseconds)


def compare(size: int, rounds: int, faults: list[dict[str, object]]) -> Comparison:
    """Crawl a twin of `size` articles with all crawlers in turns."""
    with (
        TwinProcess(size=size, faults=faults) as twin,
        tempfile.TemporaryDirectory(prefix="bench-peers-") as name,
    ):
        folder = Path(name)
        articles = truth.expected(twin.content(), Switches()).values()
        results: dict[str, CrawlResult] = {}
        for turn in range(rounds):
            output, dump = folder / str(turn), folder / f"usual-{turn}.jsonl"
            _keep(results, "newscrawl", measured(twin, newscrawl_command(twin.url), output, ROOT))
            listed = folder / "paths.txt"
            listed.write_text("\n".join(path for _, path, _ in twin.requests()), encoding="utf-8")
            floor = [sys.executable, "-c", FLOOR, twin.url, str(listed)]
            _keep(results, "Scrapy, nothing parsed", measured(twin, floor, folder, folder))
            _keep(
                results,
                "usual Scrapy project",
                measured(twin, _usual_command(twin.url, dump), folder, folder),
            )
        results["newscrawl"].found = found(dumped(output), articles)
        results["usual Scrapy project"].found = found(_lines(dump), articles)
        sizes = list(_pages(twin, [urlsplit(item.url).path for item in articles][:50]))
    links, kilobytes = (fmean(values) for values in zip(*sizes, strict=True))
    return Comparison(size, links, kilobytes, results)


def _pages(twin: TwinProcess, paths: list[str]) -> Iterable[tuple[int, float]]:
    """Yield the links and kilobytes of some pages."""
    for path in paths:
        with urlopen(twin.url + path) as response:  # noqa: S310 - the twin's own address
            html = response.read()
        yield html.count(b"<a "), len(html) / 1000
