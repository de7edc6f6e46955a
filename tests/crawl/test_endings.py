"""A run that could not read the site says why, with a code of its own."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from newscrawl.sites import ALANEWS
from tests.support.twin_crawls import counted_ids, crawl_twin, expected_ids
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e
SIZE = 60
PARTIAL, FORBIDDEN, SECTION, BLOCKED, MOVED, RATE_LIMITED = 16, 11, 12, 18, 23, 24
ROBOTS = 17
PAGES = r"^/(?!robots\.txt|\.well-known)"


ENDINGS: dict[str, tuple[dict[str, Any], int, str]] = {
    "202": ({"kind": "status", "value": 202, "path": PAGES}, BLOCKED, "http_202"),
    "304": ({"kind": "status", "value": 304, "path": PAGES}, PARTIAL, "HTTP 304"),
    "maintenance": (
        {"kind": "maintenance", "status": 200, "path": PAGES}, PARTIAL, "home page not read",
    ),
    "maintenance_503": ({"kind": "maintenance", "path": PAGES}, RATE_LIMITED, "HTTP 503"),
    "429": (
        {"kind": "status", "value": 429, "retry_after": "1", "path": PAGES}, RATE_LIMITED,
        "HTTP 429",
    ),
    "503": (
        {"kind": "status", "value": 503, "retry_after": "date:1", "path": PAGES}, RATE_LIMITED,
        "HTTP 503",
    ),
    # Its robots.txt leads to a private address too.
    "site_moved": ({"kind": "moved"}, ROBOTS, "address_blocked: localhost"),
    "home_moved": ({"kind": "moved", "on": "home"}, MOVED, "localhost"),
    "cookie": ({"kind": "cookie_loop", "on": "home"}, PARTIAL, "max redirections reached"),
    "archive_503": ({"kind": "status", "value": 503, "on": "archive"}, PARTIAL, "HTTP 503"),
    "archive_521": ({"kind": "status", "value": 521, "on": "archive"}, PARTIAL, "HTTP 521"),
    "archive_empty": ({"kind": "empty", "on": "archive"}, PARTIAL, "archive of esteri"),
    "archive_database": (
        {"kind": "database_error", "status": 200, "on": "archive"}, PARTIAL, "archive of esteri",
    ),
    "archive_forbidden": (
        {"kind": "robots_lines", "on": "robots", "value": "Disallow: /category/"}, FORBIDDEN,
        "robots.txt",
    ),
    "forbidden": ({"kind": "robots_lines", "on": "robots"}, FORBIDDEN, "robots.txt"),
    "archive_404": ({"kind": "status", "value": 404, "on": "archive"}, SECTION, "no archive"),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDINGS)
def test_a_run_says_why_it_could_not_read_the_site(
    name: str, twin: TwinProcess, tmp_path: Path
) -> None:
    fault, code, reason = ENDINGS[name]
    twin.set_faults([fault])
    first = crawl_twin(twin, tmp_path, "esteri")
    (line,) = [text for text in first.stderr.splitlines() if text.startswith("newscrawl: ")]
    assert (first.code, reason in line) == (code, True), line
    twin.set_faults([])
    second = crawl_twin(twin, tmp_path, "esteri")
    assert (second.code, counted_ids(second)) == (0, expected_ids(twin, "esteri")), second.stderr[
        -300:
    ]


def test_a_home_page_that_needs_a_cookie_is_named_and_the_archive_is_read(
    twin: TwinProcess, tmp_path: Path
) -> None:
    twin.set_faults([{"kind": "cookie_loop", "value": "until_sent", "on": "home"}])
    done = crawl_twin(twin, tmp_path, "esteri")
    assert (done.code, counted_ids(done)) == (PARTIAL, expected_ids(twin, "esteri"))
    assert "home page: max redirections reached" in done.stderr


@pytest.mark.parametrize(
    "discover", ["sitemap", pytest.param("menu,sitemap", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize("kind", ["sitemap_lines", "sitemap_nested"])
def test_all_sitemaps_are_read(kind: str, discover: str, twin: TwinProcess, tmp_path: Path) -> None:
    twin.set_faults([{"kind": kind}])
    # One page of each archive shows some articles only: the others come from the sitemaps.
    done = crawl_twin(twin, tmp_path, "alanews", discover=discover, related="off")
    assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "alanews")), done.stderr[-300:]
    read = {path for _, path, status in twin.requests() if "sitemap" in path and status == 200}
    assert len(read) >= 3
    report = json.loads(next(done.folder.glob("*.run.json")).read_bytes())
    named = {
        urlsplit(source["url"]).path: (source["requests"], source["outcome"], source["reason"])
        for source in report["sources"]
        if source["channel"] == "sitemap" and source["outcome"] != "excluded"
    }
    assert named == dict.fromkeys(read, (1, "read", None))
    by_channel = Counter(source["channel"] for source in report["sources"])
    assert by_channel["archive"] == len(ALANEWS.sections)
    assert sum(source["articles"] for source in report["sources"]) >= len(counted_ids(done))


def test_a_source_that_is_not_read_is_named_with_its_reason(
    twin: TwinProcess, tmp_path: Path
) -> None:
    twin.set_faults([{"kind": "status", "value": 500, "on": "sitemap"}])
    done = crawl_twin(twin, tmp_path, "alanews", related="off")
    report = json.loads(next(done.folder.glob("*.run.json")).read_bytes())
    outcomes = {
        (source["outcome"], source["reason"])
        for source in report["sources"]
        if source["channel"] == "sitemap"
    }
    assert (done.code, outcomes) == (PARTIAL, {("failed", "HTTP 500")})


@pytest.mark.soak
def test_rest_without_totals_is_read_to_its_end(tmp_path: Path) -> None:
    with TwinProcess(size=250) as twin:
        twin.set_faults([{"kind": "drop_headers", "on": "rest"}])
        done = crawl_twin(twin, tmp_path, "alanews", discover="menu,rest", related="off")
        assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "alanews")), done.stderr[
            -300:
        ]
        lists = [path for _, path, _ in twin.requests() if "/wp/v2/posts" in path]
        # The last of them is empty; then what has changed meanwhile.
        assert len(lists) == 5


@pytest.mark.soak
def test_the_position_in_rest_moves_over_what_was_read_only(tmp_path: Path) -> None:
    with TwinProcess(size=250) as twin:
        twin.set_faults([{"kind": "status", "value": 500, "on": "rest", "path": "modified_before"}])
        first = crawl_twin(twin, tmp_path, "alanews", discover="menu,rest", related="off")
        assert first.code == PARTIAL
        assert len(first.articles) < sum(expected_ids(twin, "alanews").values())
        twin.set_faults([])
        second = crawl_twin(twin, tmp_path, "alanews", discover="menu,rest", related="off")
        assert (second.code, counted_ids(second)) == (0, expected_ids(twin, "alanews"))
