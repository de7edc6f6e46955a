"""A site that is redesigned between runs: the run names what it lost, and misses no article."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.crawling import Crawl, crawl
from twin import schedule, truth
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e
THEME = "JNewsArticlePage"
REST = {"REST_DISCOVERY_ENABLED": "True"}


class ChangingSite:
    """A twin that is served anew at the same port, later and with other switches."""

    def __init__(self, twin: TwinProcess, output: Path, spider: str = "alanews") -> None:
        self.twin, self.output, self.spider = twin, output, spider
        self.ending: tuple[int, str] | None = None
        """Exit code and finish reason of the last run."""

    def serve(self, days: float, **switches: str) -> None:
        """Serve the site as it is so many days before the last post."""
        self.twin.stop()
        self.twin.port = int(self.twin.url.rpartition(":")[2])
        self.twin.now, self.twin.switches = schedule.EPOCH - timedelta(days=days), switches
        self.twin.start()

    def crawl(self, **settings: str) -> Crawl:
        """Crawl it by all channels, and check that each article is written."""
        usual = {"RECHECK_AGES": "", "RETRY_TIMES": "0", "FULL_DISCOVERY_INTERVAL": "0"}
        arguments: dict[str, object] = {"site_url": self.twin.url}
        done = crawl(self.spider, self.output, settings=usual | settings, arguments=arguments)
        self.ending = done.code, done.reports[-1]["reason"]
        section = None if self.spider == "alanews" else self.spider
        expected = truth.expected(self.twin.content(), Switches(), section)
        assert {item["id"] for item in done.articles} == {*expected}, done.stderr[-3000:]
        return done

    def named(self, **settings: str) -> list[tuple[str, str]]:
        """Crawl it and return kind and name of what the run names; the summary has each once."""
        done = self.crawl(**settings)
        entries = done.reports[-1]["drift"]
        for entry in entries:
            assert done.stdout.count(entry["message"]) == 1, done.stdout
        assert ("\n  drift  " in done.stdout) is bool(entries)
        failed = {one["name"] for one in monitors(done) if one["status"] == "failed"}
        assert ("drift" in failed) is bool(entries)
        return [(entry["kind"], entry["name"]) for entry in entries]


def monitors(done: Crawl) -> list[dict[str, Any]]:
    return list(done.reports[-1]["monitors"])


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """Return a site of so many posts, as it is three weeks before its last post."""
    size = getattr(request, "param", 50)
    with TwinProcess(size=size, now=schedule.EPOCH - timedelta(days=21)) as twin:
        yield ChangingSite(twin, tmp_path)


def test_a_sitemap_that_is_gone(site: ChangingSite) -> None:
    assert site.named() == []
    site.serve(14)
    assert site.named() == []
    site.serve(7)
    gone = {"kind": "status", "value": 404, "on": "sitemap"}
    site.twin.set_faults([gone])
    assert site.named() == [("channel", "sitemap")]
    # It is not requested for a week now.
    done = site.crawl(FAIL_ON_DRIFT="True")
    assert (done.code, done.reports[-1]["reason"]) == (25, "drift")
    assert "no longer gives what it gave: channel sitemap: HTTP 404" in done.stderr
    assert [report["exit_code"] for report in done.reports] == [0, 0, 0, 25]


@pytest.mark.parametrize("site", [80], indirect=True)
@pytest.mark.parametrize(
    "layout", ["redesign", *(pytest.param(n, marks=pytest.mark.soak) for n in ("classic", "block"))]
)
def test_another_theme(site: ChangingSite, layout: str) -> None:
    assert site.named() == []
    site.serve(0, layout=layout)
    assert site.named(FAIL_ON_DRIFT="True") == [("page_class", THEME)]
    # The monitor `coverage` fails too.
    assert site.ending == (25, "drift")


def test_a_renamed_menu(site: ChangingSite) -> None:
    assert site.named() == []
    site.serve(14)
    assert site.named() == []
    site.serve(7, menu="stale")
    assert site.named() == [("channel", "menu")]


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "value": 401, "on": "rest"},
        pytest.param(
            {"kind": "robots_lines", "value": "Disallow: /wp-json/"}, marks=pytest.mark.soak
        ),
        pytest.param({"kind": "other_page", "value": "/", "on": "rest"}, marks=pytest.mark.soak),
    ],
)
def test_rest_that_is_closed(site: ChangingSite, fault: dict[str, Any]) -> None:
    assert site.named(**REST) == []
    site.serve(14)
    assert site.named(**REST) == []
    site.serve(7)
    site.twin.set_faults([fault])
    assert site.named(**REST) == [("channel", "rest")]


@pytest.mark.soak
@pytest.mark.parametrize(
    ("fault", "expected", "ending"),
    [
        (
            {"kind": "rewrite", "on": "feed", "value": "(?s)<item>.*</item> => "},
            ("channel", "feed"),
            (25, "drift"),
        ),
        (
            {"kind": "status", "value": 404, "path": r"/esteri/(\?|$)"},
            ("section", "Esteri"),
            (12, "section_missing"),
        ),
        (
            {"kind": "other_page", "value": "/wp-json/", "on": "home"},
            ("channel", "menu"),
            (16, "partial"),
        ),
    ],
)
def test_a_feed_an_archive_and_a_home_page_that_are_lost(
    site: ChangingSite, fault: dict[str, Any], expected: tuple[str, str], ending: tuple[int, str]
) -> None:
    assert site.named() == []
    site.serve(14)
    assert site.named() == []
    site.serve(7)
    site.twin.set_faults([fault])
    assert site.named(FAIL_ON_DRIFT="True") == [expected]
    assert site.ending == ending


@pytest.mark.soak
@pytest.mark.parametrize("site", [150], indirect=True)
@pytest.mark.parametrize(
    ("rewrite", "expected"),
    [
        ("jeg_post_subtitle => x", ("field", f"{THEME}.subtitle")),
        (r"(?s)(jeg_meta_author.*?<a[^>]*>)[^<]+ => \1Altra Persona", ("witness", "authors")),
    ],
)
def test_a_selector_and_a_value_that_are_no_longer_right(
    site: ChangingSite, rewrite: str, expected: tuple[str, str]
) -> None:
    assert site.named(AUDIT_ENABLED="True") == []
    site.serve(0)
    site.twin.set_faults([{"kind": "rewrite", "on": "article", "value": rewrite}])
    assert site.named(AUDIT_ENABLED="True") == [expected]


@pytest.mark.soak
@pytest.mark.parametrize("site", [150, 400], indirect=True)
@pytest.mark.parametrize(
    ("spider", "settings"),
    [("alanews", {}), ("alanews", REST | {"AUDIT_ENABLED": "True"}), ("esteri", {})],
)
def test_ten_runs_over_a_growing_site_name_nothing(
    site: ChangingSite, spider: str, settings: dict[str, str]
) -> None:
    site.spider = spider
    # The eighth finds nothing new, and the ninth what came in a quiet week.
    for days in (21, 18, 15, 12, 10, 8, 7, 7, 0.2, 0):
        site.serve(days)
        assert site.named(**settings) == []


@pytest.mark.soak
@pytest.mark.parametrize("face", ["jnews", "classic", "block"])
def test_another_site_whose_class_is_its_own(tmp_path: Path, face: str) -> None:
    now = schedule.EPOCH - timedelta(days=21)
    with TwinProcess(size=120, switches={"face": face}, now=now) as twin:
        site = ChangingSite(twin, tmp_path)
        for days in (21, 10, 5, 0):
            site.serve(days, face=face)
            done = crawl(
                "wordpress", tmp_path, site_url=twin.url, series=truth.site_key(twin.url),
                settings={"RECHECK_AGES": "", **REST, "FULL_DISCOVERY_INTERVAL": "0"},
            )  # fmt: skip
            assert done.reports[-1]["drift"] == []
