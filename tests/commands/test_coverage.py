"""`scrapy coverage`: right to the article on the twin, and honest where the site is not."""

from __future__ import annotations

import json
from itertools import pairwise
from shutil import copytree
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.altered_rest import Answer, altered
from tests.support.crawling import crawl
from tests.support.gaps import REASONS, SERIES, Gaps, coverage, figures, make
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from _pytest.mark.structures import ParameterSet

pytestmark = pytest.mark.e2e
NOW = "2026-11-23T12:00:00+01:00"


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=60, now=NOW) as process:
        yield process


@pytest.fixture(scope="module")
def gaps(twin: TwinProcess, tmp_path_factory: pytest.TempPathFactory) -> Gaps:
    return make(twin, tmp_path_factory.mktemp("coverage") / "output", 1)


@pytest.fixture
def site(twin: TwinProcess, gaps: Gaps) -> Iterator[TwinProcess]:  # noqa: ARG001 - made first
    twin.set_faults([])
    twin.reset()
    yield twin
    twin.set_faults([])


def check(data: Mapping[str, Any], gaps: Gaps) -> None:
    """Compare all figures with what was made to be so."""
    expected, total = gaps.expected(), data["total"]
    assert {name: total["reasons"][name] for name in REASONS} == {
        name: expected[name] for name in REASONS
    }
    assert [total[name] for name in ("published", "written")] == [
        expected["published"], expected["written"],
    ]  # fmt: skip
    assert total["missing"] == total["published"] - total["written"] == len(gaps.missing)
    assert total["addresses"] == gaps.missing == sorted(data["explanations"])
    assert total["excluded_by"] == {"robots": expected["excluded"]}
    assert data["unlisted"] == 0
    for section, periods in data["sections"].items():
        expected = gaps.expected(section)
        for name in ("published", "written"):
            assert sum(period[name] for period in periods.values()) == expected[name], section
        for reason in REASONS:
            counted = sum(period["reasons"][reason] for period in periods.values())
            assert counted == expected[reason], (section, reason)
        for period in periods.values():
            assert period["missing"] == len(period["addresses"])
    in_sections = {
        url
        for periods in data["sections"].values()
        for period in periods.values()
        for url in period["addresses"]
    }
    assert in_sections == {*gaps.missing}


def test_each_reason_has_its_figure(site: TwinProcess, gaps: Gaps) -> None:
    data = figures(gaps.output, url=site.url, code=1)
    requested = site.requests()
    assert data["requests"] == len(requested) == 3
    check(data, gaps)
    assert (data["source"], data["notes"]) == ("rest", [])
    hidden, expected = gaps.expected()["protected"], gaps.expected()
    assert data["headline"] == (
        f"alanews: {expected['written']} of {expected['published']} written "
        f"({hidden} more are password-protected)"
    )
    assert all(len(period) == 7 for periods in data["sections"].values() for period in periods)


def test_the_text_has_the_same_figures(site: TwinProcess, gaps: Gaps) -> None:
    done = coverage(gaps.output, url=site.url)
    data = figures(gaps.output, url=site.url, code=1)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == [data["headline"], "source: rest, 3 requests"]
    for url, explanation in data["explanations"].items():
        assert f"  {explanation}: {url}" in lines
    assert any(line.split()[:3] == ["sport", "2026-10", "3"] for line in lines), done.stdout


def test_days_and_a_span(site: TwinProcess, gaps: Gaps) -> None:
    words = ("--days", "--since", "2026-11-20", "--until", "2026-11-23")
    data = figures(gaps.output, *words, url=site.url, code=1)
    content = site.content()
    cards = [content.card(index) for index in range(len(content))]
    days = {card.published.date().isoformat() for card in cards} & {
        "2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23",
    }  # fmt: skip
    assert {day for periods in data["sections"].values() for day in periods} == days
    total = data["total"]
    counted = [card for card in cards if card.published.date().isoformat() in days]
    hidden = total["reasons"]["protected"] + total["reasons"]["gone"]
    assert total["published"] + hidden == len(counted)
    assert (data["since"], data["until"]) == ("2026-11-20", "2026-11-23")


def test_totals_take_a_request_a_section(site: TwinProcess, gaps: Gaps) -> None:
    data = figures(gaps.output, "--totals", url=site.url, code=1)
    assert data["requests"] == len(site.requests()) == 3 + len(data["sections"])
    expected = gaps.expected()
    # A removed page is still in REST's list here, which numbers alone do not tell.
    listed = expected["published"] + expected["gone"]
    total = data["total"]
    assert (total["published"], total["written"]) == (listed, expected["written"])
    assert total["missing"] == listed - expected["written"] == total["reasons"]["unknown"]
    for section, periods in data["sections"].items():
        own = gaps.expected(section)
        assert periods["all"]["published"] == own["published"] + own["gone"]
        assert periods["all"]["written"] is periods["all"]["missing"] is None


def test_a_section_is_compared_with_its_own_series(
    site: TwinProcess, gaps: Gaps, tmp_path: Path
) -> None:
    done = crawl("sport", tmp_path, site_url=site.url, settings={"RECHECK_AGES": ""})
    assert done.code == 0, done.stderr
    data = figures(tmp_path, "sport", url=site.url, code=0)
    expected = gaps.expected("sport")
    assert data["total"]["written"] == data["total"]["published"] == len(done.articles)
    assert len(done.articles) + data["total"]["reasons"]["protected"] == (
        expected["published"] + expected["protected"] + expected["gone"]
    )
    assert [*data["sections"]] == ["sport"]
    totals = figures(tmp_path, "sport", "--totals", url=site.url, code=0)
    assert totals["total"]["published"] == totals["total"]["written"] == len(done.articles)
    assert totals["requests"] == 3
    site.set_faults([{"kind": "status", "value": 404, "on": "rest"}])
    data = figures(tmp_path, "sport", url=site.url, code=0)
    assert data["source"] == "sitemap"
    assert data["total"]["published"] is data["total"]["missing"] is None
    assert data["total"]["written"] == len(done.articles)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"kind": "status", "value": 401, "on": "rest"}, "HTTP 401"),
        ({"kind": "robots_lines", "value": "Disallow: /wp-json/"}, "robots.txt forbids it"),
        ({"kind": "soft404", "on": "rest"}, "is not a list of posts: it is a web page"),
        pytest.param(
            {"kind": "status", "value": 403, "on": "rest"}, "HTTP 403", marks=pytest.mark.soak
        ),
        pytest.param(
            {"kind": "empty", "on": "rest"}, "is not a list of posts", marks=pytest.mark.soak
        ),
    ],
    ids=["401", "robots", "html", "403", "empty"],
)
def test_without_rest_the_sitemaps_are_read(
    site: TwinProcess, gaps: Gaps, fault: Mapping[str, Any], why: str
) -> None:
    site.set_faults([fault])
    data = figures(gaps.output, url=site.url, code=1)
    assert data["source"] == "sitemap"
    assert any(note.startswith("REST is not used: ") and why in note for note in data["notes"])
    total, expected = data["total"], gaps.expected()
    # The sitemap does not say which articles need a password: of those, runs have met all.
    assert (total["published"], total["written"]) == (expected["published"], expected["written"])
    assert total["addresses"] == gaps.missing
    assert [*data["sections"]] == ["unknown"]
    assert "source: sitemap" in coverage(gaps.output, url=site.url).stdout


def test_a_crawl_delay_above_the_bound_ends_the_comparison(site: TwinProcess, gaps: Gaps) -> None:
    site.set_faults([{"kind": "robots_lines", "value": "Crawl-delay: 120"}])
    site.reset()
    done = coverage(gaps.output, url=site.url)
    assert done.returncode == 2
    assert "Crawl-delay 120 s is above CRAWL_DELAY_MAX 60 s" in done.stderr
    assert [path for _, path, _ in site.requests()] == ["/robots.txt"]


def test_the_budget_of_the_day_counts(site: TwinProcess, gaps: Gaps, tmp_path: Path) -> None:
    output = tmp_path / "output"
    copytree(gaps.output, output)
    site.reset()
    first = coverage(output, url=site.url)
    count = len(site.requests())
    assert first.returncode == 1
    site.reset()
    limit = count + 3
    done = coverage(output, "-s", f"DAILY_MAX_REQUESTS={limit}", url=site.url)
    assert done.returncode == 2
    assert f"DAILY_MAX_REQUESTS {limit:,} is used up today" in done.stderr
    assert len(site.requests()) <= 3
    site.reset()
    again = coverage(output, "-s", f"DAILY_MAX_REQUESTS={limit}", url=site.url)
    assert (again.returncode, len(site.requests())) == (2, 0)


def test_without_rest_and_sitemaps_the_archives_are_taken(site: TwinProcess, gaps: Gaps) -> None:
    closed = [{"kind": "status", "value": 404, "on": area} for area in ("rest", "sitemap")]
    site.set_faults(closed)
    data = figures(gaps.output, url=site.url, code=1)
    assert data["source"] == "archive"
    assert any("sitemaps are not used" in note for note in data["notes"])
    # Those of the newest articles have not been read since.
    known = [url for url in gaps.missing if url not in gaps.by_reason["unknown"]]
    assert data["total"]["addresses"] == known


def lying_total(answer: Answer) -> None:
    answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"] = "7", "1"


def too_many(answer: Answer) -> None:
    answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"] = "9000", "90"


def without_headers(answer: Answer) -> None:
    answer.headers = {"Content-Type": "application/json"}


def notices(answer: Answer) -> None:
    notice = b"<br />\n<b>Notice</b>: Undefined index: a[0] in <b>/x.php</b> on line <b>3</b>\n"
    answer.body = notice + answer.body


def cut(answer: Answer) -> None:
    if answer.query["per_page"] == "100":
        answer.body = answer.body[: len(answer.body) * 2 // 3]


def capped(answer: Answer) -> None:
    assert answer.query["per_page"] == "100"


def refusing(answer: Answer) -> None:
    if int(answer.query["per_page"]) > 50:
        reason = "per_page must be between 1 (inclusive) and 50 (inclusive)"
        data = {"status": 400, "params": {"per_page": reason}}
        body = {"code": "rest_invalid_param", "message": "Invalid parameter(s)", "data": data}
        answer.status, answer.body = 400, json.dumps(body).encode()


def other_records(answer: Answer) -> None:
    if answer.status == 200 and (records := answer.records):
        sample = {**records[0], "id": 9_000_001}
        draft = {**sample, "status": "draft", "date_gmt": "0000-00-00T00:00:00"}
        page = {**sample, "id": 9_000_002, "type": "page"}
        answer.set_records([*records, draft, page, None, {"id": "x"}])


def _long(alter: Callable[[Answer], None], note: str) -> ParameterSet:
    return pytest.param(alter, note, marks=pytest.mark.soak)


@pytest.mark.parametrize(
    ("alter", "note"),
    [
        (lying_total, "X-WP-Total says 7, the list has {count}: the list counts"),
        _long(too_many, "X-WP-Total says 9,000, the list has {count}: the list counts"),
        _long(without_headers, "REST states no total: the posts of its list are counted"),
        (notices, "REST's answers have something before the JSON, which is skipped"),
        (cut, "page 1 of REST's list is read in parts: its end is missing"),
        (capped, "REST lists 10 posts a request, not 100"),
        _long(refusing, "REST refuses 100 posts a request: 50 are requested"),
        (
            other_records,
            "not published posts in REST's list, left out: 1 of kind draft, 1 of kind page",
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_wrong_with_the_list_is_named_and_the_rest_is_used(
    site: TwinProcess, gaps: Gaps, alter: Callable[[Answer], None], note: str
) -> None:
    query = (lambda given: {**given, "per_page": "10"}) if alter is capped else dict
    with altered(site.url, alter, query) as server:
        data = figures(gaps.output, url=server.url, code=1)
    assert note.format(count=len(gaps.content)) in data["notes"]
    check(data, gaps)


def always_cut(answer: Answer) -> None:
    answer.body = answer.body[: len(answer.body) * 2 // 3]


def repeating(answer: Answer) -> None:
    answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"] = "60", "6"


@pytest.mark.parametrize("alter", [always_cut, repeating])
def test_figures_of_a_list_with_gaps_are_unknown(
    site: TwinProcess, gaps: Gaps, alter: Callable[[Answer], None]
) -> None:
    def first_ten(given: dict[str, str]) -> dict[str, str]:
        return {**given, "per_page": "10", "page": "1"}

    with altered(site.url, alter, first_ten if alter is repeating else dict) as server:
        done = coverage(gaps.output, "--json", url=server.url)
    data = json.loads(done.stdout)
    assert data["notes"]
    total = data["total"]
    assert total["published"] is total["missing"] is None
    assert 0 < total["written"] < gaps.expected()["written"]
    assert {*total["addresses"]} <= {*gaps.missing}
    assert "published: unknown" in data["headline"]


def test_an_article_at_another_address_still_counts(tmp_path: Path) -> None:
    with TwinProcess(size=50, now=NOW) as twin:
        assert crawl(SERIES, tmp_path, site_url=twin.url).code == 0
        before = figures(tmp_path, url=twin.url, code=0)["total"]
        content = twin.content()
        moved, replaced = [
            card for card in map(content.card, range(5, 20)) if not card.edge_cases & {"protected"}
        ][:2]
        twin.rename(moved.id, "un-altro-indirizzo-per-la-notizia")
        after = figures(tmp_path, url=twin.url, code=0)
        assert after["total"] == before
        new = twin.replace(replaced.id, replaced.published)
        data = figures(tmp_path, url=twin.url, code=1)
        assert data["total"]["missing"] == 1
        assert (data["total"]["written"], data["unlisted"]) == (before["written"] - 1, 1)
        assert new != replaced.id
        assert [*data["explanations"].values()] == ["read when another article had this address"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["esterii"], "unknown spider 'esterii': did you mean esteri?"),
        (["esteri", "sport"], "scrapy coverage takes one spider: 'esteri sport' are several"),
        (["--since", "yesterday"], "since='yesterday' is not an ISO date: write it as 2026-11-23"),
        (["--since", "2026-11-23", "--until", "2026-11-01"],
         "since=2026-11-23 is after until=2026-11-01"),
        (["--totals", "--days"], "--totals gives no figures of days: leave out one of them"),
        (["-a", "pages=2"], "scrapy coverage does not take -a pages="),
        (["-a", "pages"], "-a is followed by NAME=VALUE, such as site_url=http://127.0.0.1:8000"),
        (["wordpress"], "name the site: -a site_url=https://www.example.it"),
        (["--wrong"], "unknown option '--wrong': scrapy coverage -h lists them"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_mistake_in_what_was_typed_is_one_line(
    tmp_path: Path, words: list[str], message: str
) -> None:
    done = coverage(tmp_path, *words)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"newscrawl: {message}\n")


def test_what_cannot_be_compared_is_one_line(gaps: Gaps, tmp_path: Path) -> None:
    for output, words, message in (
        (tmp_path, [], "there is no ledger at "),
        (gaps.output, ["esteri"], "has nothing of esteri yet: run its crawl first"),
        (gaps.output, [], "the site cannot be reached (http://127.0.0.1:9/robots.txt: "),
    ):
        done = coverage(output, *words, url="http://127.0.0.1:9")
        (line,) = done.stderr.splitlines()
        assert (done.returncode, done.stdout) == (2, "")
        assert message in line
    # The connection was closed, which removes SQLite's log.
    assert not [*gaps.output.glob("*-wal")]


def test_requests_keep_the_pace_of_the_crawls_on_the_ledger(site: TwinProcess, gaps: Gaps) -> None:
    host = site.url.partition("//")[2]
    settings = ("DOWNLOAD_DELAY=0.3", "RANDOMIZE_DOWNLOAD_DELAY=False", "RETRY_TIMES=0")
    before = {path.name for path in gaps.output.glob("*.sqlite*")}
    began = len(site.times())
    assert coverage(gaps.output, url=site.url, settings=settings).returncode == 1
    times = [start for start, _ in site.times()[began:]]
    gaps_between = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps_between) == 2
    assert min(gaps_between) > 0.25
    # The time at which the next request of any crawl may be sent.
    turns = [path for path in gaps.output.glob("ledger.*.turn") if host[-5:] in path.name]
    assert [float(path.read_text().split()[0]) > 0 for path in turns] == [True]
    assert {path.name for path in gaps.output.glob("*.sqlite*")} == before
    assert not (gaps.output / "coverage").exists()


def test_any_site_by_its_address(tmp_path: Path) -> None:
    with TwinProcess(size=60, now=NOW, switches={"face": "block"}) as twin:
        done = crawl("wordpress", tmp_path, site_url=twin.url, series=_key(twin.url))
        assert done.code == 0, done.stderr
        data = figures(tmp_path, "wordpress", url=twin.url, code=0)
        assert data["series"] == _key(twin.url)
        assert data["total"]["written"] == data["total"]["published"] == len(done.articles)
        section = next(iter(data["sections"]))
        other = coverage(tmp_path, "-a", f"section={section}", url=twin.url)
        assert other.returncode == 2
        assert f"has nothing of {_key(twin.url)}.{section} yet" in other.stderr


def _key(url: str) -> str:
    return url.partition("//")[2].replace(":", "-")


@pytest.mark.soak
def test_five_thousand_articles_with_forty_missing(tmp_path: Path) -> None:
    with TwinProcess(size=5_000, now=NOW) as twin:
        gaps = make(twin, tmp_path / "output", 5)
        assert sum(map(len, gaps.by_reason.values())) == 40
        twin.reset()
        data = figures(gaps.output, url=twin.url, code=1)
        # 40 for 3,000: 100 a request, robots.txt, the categories, the page after the last.
        assert len(twin.requests()) == data["requests"] <= 53
        check(data, gaps)
