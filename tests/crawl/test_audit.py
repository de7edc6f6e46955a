"""What is read from pages is compared with REST records, else with the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.dumps import DumpError, expand
from tests.support.crawling import Crawl, crawl
from twin import truth
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = pytest.mark.e2e
REST, FEED = "/wp-json/wp/v2/", "/feed/"
FIELDS = {
    *("headline", "authors", "date_published", "date_modified", "section", "sections"),
    *("keywords", "image", "body"),
}
OF_FEED = {"headline", "authors", "date_published", "keywords", "body"}
CLOSED = {"kind": "status", "value": 401, "on": "rest"}
AUTHOR = r"(?s)(jeg_meta_author.*?<a[^>]*>)[^<]+ => \1Altra Persona"
CORE_AUTHOR = r'(rel="author"[^>]*>|/author/[^>]*>)[^<]+ => \1Altra Persona'
HOUR = r'("datePublished":"[^"]+)\+00:00 => \1+01:00'
CORE_HOUR = r'(entry-date published" datetime="[^"]+)\+0\d:00 => \1+03:00'
PARAGRAPH = r"(?s)(<p>[^<]{80,}</p>.*?)<p>[^<]{80,}</p> => \1"


def audited(
    twin: TwinProcess,
    output: Path,
    *,
    spider: str = "wordpress",
    settings: dict[str, str] | None = None,
    faults: Sequence[dict[str, Any]] = (),
    **arguments: object,
) -> tuple[Crawl, dict[str, Any]]:
    """Crawl the twin with the audit; return the crawl and the figures in its last report."""
    twin.reset()
    twin.set_faults([*faults])
    done = crawl(
        spider,
        output,
        settings={
            "AUDIT_ENABLED": "True", "RECHECK_AGES": "", "RETRY_TIMES": "0", **(settings or {}),
        },
        arguments={"site_url": twin.url, **arguments},
        series=truth.site_key(twin.url) if spider == "wordpress" else None,
    )  # fmt: skip
    assert done.reports, done.stderr[-3000:]
    return done, done.reports[-1]["audit"]


def rewriting(value: str) -> dict[str, Any]:
    return {"kind": "rewrite", "on": "article", "value": value}


def requests_of_audit(twin: TwinProcess) -> list[str]:
    return [path for _, path, _ in twin.requests() if "include=" in path]


def disagreeing(audit: dict[str, Any]) -> dict[str, int]:
    counts = {name: one["compared"] - one["agreed"] for name, one in audit["fields"].items()}
    return {name: count for name, count in counts.items() if count}


@pytest.mark.parametrize(
    ("face", "size"),
    [
        ("jnews", 60),
        ("classic", 60),
        *(pytest.param(f, 300, marks=pytest.mark.soak) for f in ("jnews", "classic", "block")),
    ],
)
def test_a_site_without_defects_agrees_with_its_records(
    face: str, size: int, tmp_path: Path
) -> None:
    with TwinProcess(size=size, switches={"face": face}) as twin:
        done, audit = audited(twin, tmp_path)
        assert done.code == 0, done.stderr[-3000:]
        assert audit["witness"] == "rest"
        assert audit["articles"] == len(done.articles) >= size * 0.95
        assert audit["fields"].keys() == FIELDS
        assert disagreeing(audit) == {}
        assert (audit["disagreements"], done.disagreements) == (0, [])
        for name in FIELDS - {"section", "image"}:
            assert audit["fields"][name]["compared"] == len(done.articles)
        assert f"{len(done.articles)} articles agree with rest in 100% of" in done.stdout
        # Posts, categories, users, media, and as many requests of tags as they have hundreds.
        assert len(requests_of_audit(twin)) <= 6 * -(-size // 100)
        posts = [path for path in requests_of_audit(twin) if "/posts?" in path]
        assert len(posts) == -(-len(done.articles) // 100)
        again, audit = audited(twin, tmp_path)
        assert again.reports[-1]["reason"] == "nothing_new"
        assert requests_of_audit(twin) == []
        assert (audit["articles"], audit["witness"]) == (0, None)


@pytest.mark.parametrize(
    ("face", "defect", "fields"),
    [
        ("jnews", AUTHOR, {"authors"}),
        ("jnews", HOUR, {"date_published"}),
        ("jnews", PARAGRAPH, {"body"}),
        pytest.param("classic", CORE_AUTHOR, {"authors"}, marks=pytest.mark.soak),
        pytest.param("classic", CORE_HOUR, {"date_published"}, marks=pytest.mark.soak),
        ("classic", PARAGRAPH, {"body"}),
    ],
)
def test_a_defect_of_the_theme_is_found_in_each_article(
    face: str, defect: str, fields: set[str], tmp_path: Path
) -> None:
    with TwinProcess(size=60, switches={"face": face}) as twin:
        sound, _ = audited(twin, tmp_path / "sound")
        done, audit = audited(twin, tmp_path / "defect", faults=[rewriting(defect)])
    wrong = {
        (item["id"], field)
        for before, item in zip(by_id(sound), by_id(done), strict=True)
        for field in ("authors", "date_published", "body")
        if item[field] != before[field]
    }
    assert len(wrong) > 40
    assert {(line["id"], line["field"]) for line in done.disagreements} == wrong
    assert {*disagreeing(audit)} == fields
    assert audit["disagreements"] == len(wrong)
    for line in done.disagreements:
        assert line["page"] != line["witness"]
        assert line["witness"]
        assert line["source"] == "rest"
    # The monitor fails, and nothing else does.
    assert done.reports[-1]["reason"] == "monitors_failed"
    failed = [m["name"] for m in done.reports[-1]["monitors"] if m["status"] != "passed"]
    assert failed == ["audit"]
    assert done.reports[-1]["files"]["audit"].endswith(".audit.jsonl")


def by_id(done: Crawl) -> list[dict[str, Any]]:
    return sorted(done.articles, key=lambda item: str(item["id"]))


def test_a_wrong_time_zone_is_no_edit(tmp_path: Path) -> None:
    shift = r'("date(?:Published|Modified)":"[^"]+)\+00:00 => \1+01:00'
    with TwinProcess(size=60) as twin:
        _, audit = audited(twin, tmp_path, spider="esteri", faults=[rewriting(shift)])
    count = audit["articles"]
    assert count > 5
    assert disagreeing(audit) == {"date_published": count, "date_modified": count}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (CLOSED, "REST: HTTP 401"),
        ({"kind": "robots_lines", "value": "Disallow: /wp-json/"}, "REST: forbidden by robots.txt"),
        pytest.param(
            {"kind": "other_page", "value": "/", "on": "rest"},
            "REST: it is a web page",
            marks=pytest.mark.soak,
        ),
    ],
)
def test_the_feed_where_rest_is_closed(fault: dict[str, Any], reason: str, tmp_path: Path) -> None:
    with TwinProcess(size=60) as twin:
        done, audit = audited(twin, tmp_path, spider="alanews", faults=[fault, rewriting(AUTHOR)])
        feeds = [path for _, path, _ in twin.requests() if path == FEED]
    assert (audit["witness"], audit["reason"]) == ("feed", reason)
    assert audit["articles"] >= 18
    assert audit["fields"].keys() == OF_FEED
    assert disagreeing(audit) == {"authors": audit["articles"]}
    assert {line["source"] for line in done.disagreements} == {"feed"}
    # One as a source of the crawl, one for the audit.
    assert len(feeds) == 2


def test_the_feed_of_a_section(tmp_path: Path) -> None:
    with TwinProcess(size=150) as twin:
        done, audit = audited(
            twin, tmp_path, spider="cronaca", faults=[CLOSED, rewriting(PARAGRAPH)]
        )
    assert audit["articles"] > 10, done.stderr[-2000:]
    assert {*disagreeing(audit)} == {"body"}


@pytest.mark.parametrize(
    ("faults", "reason"),
    [
        ([{"kind": "status", "value": 500, "path": "include="}], "rest: HTTP 500"),
        (
            [{"kind": "status", "value": 429, "retry_after": "900", "path": "/posts.*include="}],
            "rest: HTTP 429, the site asks to wait",
        ),
        (
            [{"kind": "truncate", "value": 0.5, "path": "/tags.*include="}],
            "rest: REST list of tags: it is not JSON",
        ),
        (
            [CLOSED, {"kind": "status", "value": 404, "on": "feed"}],
            "REST: HTTP 401; feed: HTTP 404",
        ),
    ],
    ids=["500", "wait", "cut", "neither"],
)
def test_an_audit_that_fails_is_named_and_ends_no_run(
    faults: list[dict[str, Any]], reason: str, tmp_path: Path
) -> None:
    with TwinProcess(size=50) as twin:
        done, audit = audited(twin, tmp_path, spider="alanews", faults=faults)
    assert done.code == 0, done.stderr[-3000:]
    assert done.reports[-1]["reason"] == "finished"
    assert audit["articles"] == 0
    assert audit["reason"].startswith(reason)
    assert reason.rpartition(": ")[2] in done.stdout.replace("\n              ", " ")


def test_fewer_posts_a_request_where_a_hundred_are_too_much(tmp_path: Path) -> None:
    with TwinProcess(size=60) as twin:
        large = r"include=(?:\d+,){20}"
        fault = {"kind": "status", "value": 500, "path": f"/posts.*{large}"}
        done, audit = audited(twin, tmp_path, spider="alanews", faults=[fault])
    assert (done.code, audit["articles"]) == (0, len(done.articles))


def test_an_edit_in_between_is_no_disagreement(tmp_path: Path) -> None:
    # The page has the seconds of another change than the record.
    other = rewriting(r'("dateModified":"[^"]+):\d\d\+ => \1:59+')
    with TwinProcess(size=60) as twin:
        _, audit = audited(twin, tmp_path, spider="esteri", faults=[other, rewriting(PARAGRAPH)])
    assert audit["articles"] == 0
    assert audit["left_out"]["edited"] > 5
    assert audit["disagreements"] == 0


def test_it_can_be_switched_off_and_is_not_made_of_rest_alone(tmp_path: Path) -> None:
    with TwinProcess(size=50) as twin:
        _, audit = audited(twin, tmp_path, spider="esteri", settings={"AUDIT_ENABLED": "False"})
        assert audit["reason"] == "AUDIT_ENABLED is off"
        assert requests_of_audit(twin) == []
        done, audit = audited(twin, tmp_path, spider="alanews", source="rest")
        assert done.articles
        assert (audit["articles"], audit["witness"]) == (0, None)
        assert [path for path in requests_of_audit(twin) if "/posts?" in path] == []


def test_a_run_that_a_limit_ends_says_that_nothing_was_compared(tmp_path: Path) -> None:
    with TwinProcess(size=60) as twin:
        done, audit = audited(
            twin, tmp_path, spider="alanews", settings={"CLOSESPIDER_ITEMCOUNT": "20"}
        )
        assert done.reports[-1]["reason"] == "closespider_itemcount"
        assert audit["reason"] == "the run ended before"
        assert requests_of_audit(twin) == []


def test_the_file_of_an_audit_is_no_dump(tmp_path: Path) -> None:
    with TwinProcess(size=50) as twin:
        done, _ = audited(twin, tmp_path, spider="alanews", faults=[rewriting(AUTHOR)])
        (file,) = done.folder.glob("*.audit.jsonl")
        assert expand(done.folder) == done.dumps
        with pytest.raises(DumpError, match="has the disagreements of an audit, not articles"):
            expand(file)
        # The ledger does not take it for a dump that it has not written.
        again, _ = audited(twin, tmp_path, spider="alanews")
        assert again.code == 0, again.stderr[-2000:]
        assert list(done.folder.glob(".*")) == []
