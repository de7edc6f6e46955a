"""The comparison of a site's list with the ledger's rows, by itself."""

from __future__ import annotations

from typing import Any

import pytest

from newscrawl.outcomes.series_comparison import (
    SeriesComparison,
    SeriesRecord,
    SeriesUrl,
    WrittenArticle,
    judge,
)
from newscrawl.outcomes.site_coverage import (
    REASONS,
    Figures,
    SiteCoverage,
    SitePost,
    headline,
    sections_in_order,
)

ORIGIN = "https://www.example.it"
HASH = "example:0123456789abcdef"


def url_of(name: str) -> str:
    return f"{ORIGIN}/esteri/{name}/"


def post(number: int | None = 1, name: str = "uno", **others: Any) -> SitePost:
    return SitePost(number, url_of(name), ("esteri",), "2026-11-23", is_protected=False, **others)


def row(name: str = "uno", result: str = "", **others: Any) -> SeriesUrl:
    return SeriesUrl(url_of(name), **{"is_waiting": False, "result": result, **others})


def record(*rows: SeriesUrl, **articles: str) -> SeriesRecord:
    """Return a record with rows, and written articles: name of the address to id."""
    written = {number: WrittenArticle(number, url_of(name)) for name, number in articles.items()}
    by_url = {article.url: article.id for article in written.values()}
    return SeriesRecord("example", written, by_url, {entry.url: entry for entry in rows})


def compared(posts: list[SitePost], known: SeriesRecord, *, stated: bool = True) -> SiteCoverage:
    def locate(url: str, _: int | None) -> SitePost | None:
        return None if "elsewhere" in url else SitePost(None, url, ("esteri",), "2026-10-01")

    series = SeriesComparison(known, ORIGIN, locate, lambda day: day[:7] if day else "unknown")
    return series.with_list(posts, states_protection=stated)


@pytest.mark.parametrize(
    ("known", "reason", "rule"),
    [
        (record(uno="example:1"), "", ""),
        (record(due="example:1"), "", ""),
        (record(uno=HASH), "", ""),
        (record(uno="example:99"), "unknown", ""),
        (record(row(is_done=True), uno="example:99"), "not yet fetched", ""),
        (record(row(result=f"alias: {HASH}", is_done=True), tre=HASH), "", ""),
        (record(), "unknown", ""),
        (record(row(is_waiting=True)), "not yet fetched", ""),
        (record(row(result="HTTP 503", is_waiting=True)), "failed", ""),
        (record(row(result="blocked captcha", status=403)), "failed", ""),
        (record(row(result="HTTP 404", status=404)), "gone", ""),
        (record(row(result="rejected: no_body")), "rejected", ""),
        (record(row(result="robots")), "excluded", "robots"),
        (record(row(result="section")), "excluded", "section"),
        (record(row(result="dates:2026-11-18")), "outside the span", ""),
        (record(row(result="not_article: home_page")), "excluded", "not_article: home_page"),
        (record(row(result="other_article: example:9")), "excluded", "other_article"),
        (record(row(result="not_article: password_protected")), "not yet fetched", ""),
    ],
)
def test_each_state_of_the_ledger_is_one_reason(
    known: SeriesRecord, reason: str, rule: str
) -> None:
    verdict = judge(post(), known, ORIGIN)
    assert (verdict.reason, verdict.rule) == (reason, rule)
    assert bool(verdict.explanation) == bool(reason)


def test_an_address_with_the_number_is_that_of_the_post() -> None:
    known = SeriesRecord("example", urls={
        f"{ORIGIN}/?p=1": SeriesUrl(f"{ORIGIN}/?p=1", is_waiting=True)})  # fmt: skip
    assert judge(post(), known, ORIGIN).reason == "not yet fetched"


def test_a_protected_post_is_not_published_written_or_not() -> None:
    hidden = SitePost(1, url_of("uno"), ("esteri",), "2026-11-23", is_protected=True)
    coverage = compared([hidden, post(2, "due")], record(uno="example:1", due="example:2"))
    assert (coverage.total.published, coverage.total.written, coverage.total.missing) == (1, 1, 0)
    assert coverage.total.reasons == {"protected": 1}


def test_where_the_list_does_not_say_it_the_page_does() -> None:
    listed = SitePost(None, url_of("uno"))
    known = record(
        row(result="not_article: password_protected"),
        row("due", result="not_article: password_protected"),
    )
    coverage = compared([listed], known, stated=False)
    assert coverage.total.reasons == {"protected": 2}
    assert coverage.total.published == 0


def test_a_post_in_several_sections_counts_once_in_the_total() -> None:
    several = SitePost(1, url_of("uno"), ("esteri", "sport"), "2026-11-23", is_protected=False)
    coverage = compared([several, several], record())
    assert coverage.total.as_json()["missing"] == 1
    assert {name: [*periods] for name, periods in coverage.sections.items()} == {
        "esteri": ["2026-11"], "sport": ["2026-11"],
    }  # fmt: skip
    assert coverage.explanations == {url_of("uno"): "the ledger does not know this address"}


def test_what_the_site_has_removed_is_gone_or_not_listed() -> None:
    known = record(
        row("perso", "HTTP 410", status=410),
        row("elsewhere", "HTTP 404", status=404),
        row("typed", "HTTP 404", status=404, is_linked=False),
        tolto="example:3", via="example:4", uno="example:1",
    )  # fmt: skip
    known.articles["example:3"] = WrittenArticle("example:3", url_of("tolto"), is_gone=True)
    coverage = compared([post()], known)
    assert coverage.total.reasons == {"gone": 2}
    assert (coverage.total.published, coverage.total.written, coverage.unlisted) == (1, 1, 1)
    assert coverage.total.addresses == []


def test_figures_that_are_not_known_are_null() -> None:
    coverage = compared([post(), post(2, "due")], record(uno="example:1"))
    coverage.hide_published()
    data = coverage.total.as_json()
    assert (data["published"], data["written"], data["missing"]) == (None, 1, None)
    assert data["addresses"] == [url_of("due")]
    assert [*data["reasons"]] == [*REASONS]
    assert headline("esteri", coverage.total) == "esteri: 1 written, published: unknown"


def test_totals_leave_out_what_asks_for_a_password() -> None:
    known = record(row("uno", "not_article: password_protected"), uno="example:1", due="example:2")
    located = {url_of("uno"): ("esteri",), url_of("due"): ("esteri",)}
    series = SeriesComparison(
        known, ORIGIN, lambda url, _: SitePost(None, url, located[url]), lambda _: "all"
    )
    coverage = series.with_totals({"": 3, "esteri": 3, "sport": None})
    assert coverage.total.as_json() | {"reasons": {}} == {
        "published": 2, "written": 1, "missing": 1, "reasons": {}, "excluded_by": {},
        "addresses": [],
    }  # fmt: skip
    assert coverage.total.reasons["unknown"] == 1
    esteri, sport = (coverage.sections[name]["all"] for name in ("esteri", "sport"))
    assert (esteri.published, esteri.missing, sport.published) == (2, None, None)
    assert series.with_totals({"": 2, "esteri": 2}, "esteri").sections["esteri"]["all"].missing == 0


def test_the_headline_counts_protected_ones_in_words() -> None:
    figures = Figures(written=2)
    figures.reasons["protected"] = 1
    assert headline("x", figures) == "x: 2 of 2 written (1 more is password-protected)"
    figures.stated, figures.is_written_known = 1_200, False
    assert headline("x", figures).startswith("x: 1,200 published, written: unknown")


def test_sections_are_in_the_order_of_the_menu() -> None:
    given = {"b": {"2026-11": Figures(), "2025-01": Figures()}, "z": {}, "a": {}, "y": {}}
    ordered = sections_in_order(given, ["a", "b", "c"])
    assert [*ordered] == ["a", "b", "y", "z"]
    assert [*ordered["b"]] == ["2025-01", "2026-11"]
