"""Scrapy's own commands in this project: as in any other, without a ledger and output files."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.support import preloaded
from twin import truth
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from subprocess import CompletedProcess

pytestmark = pytest.mark.e2e
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=50) as process:
        yield process


def scrapy(output: Path, *arguments: str) -> CompletedProcess[str]:
    return preloaded.run(arguments, {**os.environ, "NEWSCRAWL_OUTPUT": str(output)})


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (("shell", "{url}/", "-c", "response.status"), "200"),
        (("shell", "{url}/", "--spider=esteri", "-c", "response.status"), "200"),
        (("shell", "-c", "1 + 1"), "2"),
        (("fetch", "{url}/robots.txt"), "Sitemap:"),
        (("fetch", "--spider=esteri", "{url}/robots.txt"), "Sitemap:"),
        (("parse", "{url}/", "--spider=esteri"), "# Requests"),
        (("check",), ""),
        (("check", "esteri"), ""),
        (("settings", "--get", "BOT_NAME"), "newscrawl"),
        (("list",), "esteri"),
        (("bench", "-s", "CLOSESPIDER_PAGECOUNT=2", *FAST), ""),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_a_command_works_and_leaves_nothing(
    line: tuple[str, ...], says: str, twin: TwinProcess, tmp_path: Path
) -> None:
    done = scrapy(tmp_path, *(part.replace("{url}", twin.url) for part in line))
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert says in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_article_is_parsed_through_the_pipelines(twin: TwinProcess, tmp_path: Path) -> None:
    post = next(post for post in twin.content().posts if len(post.pages) > 1 and not post.locked)
    address = twin.url + truth.url(post, Switches()).removeprefix("https://www.alanews.it")
    line = ("parse", address, "--spider=esteri", "-c", "parse_article", "--pipelines", *FAST)
    done = scrapy(tmp_path, *line, "-a", f"site_url={twin.url}", "--nocolour")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert f"alanews:{post.id}" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_what_is_fetched_is_all_that_is_printed(twin: TwinProcess, tmp_path: Path) -> None:
    done = scrapy(tmp_path, "fetch", "--nolog", "--spider=esteri", f"{twin.url}/robots.txt")
    assert done.stdout.startswith("User-agent:")
    assert "articles in" not in done.stdout


PLAIN = """
import scrapy

class Plain(scrapy.Spider):
    name = "plain"
    allowed_domains = ["127.0.0.1"]

    def __init__(self, url, **more):
        super().__init__(**more)
        self.start_urls = [url]

    def parse(self, response):
        yield {"url": response.url}
        for address in ("/feed/", "/feed/", "//localhost/"):
            yield response.follow(address, self.parse_more)

    def parse_more(self, response):
        pass
"""


def test_a_plain_spider_runs_with_scrapys_own_queue(twin: TwinProcess, tmp_path: Path) -> None:
    spider, feed, output = tmp_path / "plain.py", tmp_path / "items.json", tmp_path / "output"
    spider.write_text(PLAIN, encoding="utf-8")
    line = ("runspider", str(spider), "-a", f"url={twin.url}/", "-O", str(feed), *FAST)
    done = scrapy(output, *line)
    assert done.returncode == 0, done.stderr
    assert "Filtered offsite request" in done.stderr or "offsite/filtered" in done.stderr
    assert "'dupefilter/filtered': 1" in done.stderr
    assert json.loads(feed.read_bytes())[0] == {"url": f"{twin.url}/"}
    assert not output.exists()
