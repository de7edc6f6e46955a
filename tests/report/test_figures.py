"""The report's figures: those of the twin's truth, each article once, edits word by word."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.report import (
    agreement,
    capture_lag,
    coverage,
    duplicate_articles,
    edits,
    failures,
    name_counts,
    network,
    svg,
    volume,
)
from newscrawl.report.html_elements import Cell
from newscrawl.report.palette import OTHER, Palette
from newscrawl.report.periods import Scale, Span
from newscrawl.report.run_reports import Run, Runs, runs_of
from tests.support.reporting import archive, articles, dump, gone, report, revised, run_report

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.items import Article
    from newscrawl.report.collection import Archive
    from newscrawl.report.html_elements import Part, Table


@cache
def true_articles() -> list[Article]:
    return articles(120)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Give the archive of the twin's truth."""
    return archive(dump(tmp_path_factory.mktemp("dumps") / "a.jsonl", true_articles()))


def palette(found: Archive) -> Palette:
    return Palette(Counter(entry.section for entry in found.entries.values()))


def rows(table: Table | None) -> dict[Any, list[Any]]:
    """Return a table's rows by their headings."""
    assert table is not None
    plain = [[one.text if isinstance(one, Cell) else one for one in row] for row in table.rows]
    assert all(len(row) == len(table.columns) for row in plain)
    return {row[0]: row[1:] for row in plain}


def table(part: Part, caption: str) -> Table:
    every = [*part.tables, *(chart.table for chart in part.charts if chart.table)]
    (found,) = [one for one in every if one.caption == caption]
    return found


def test_days_and_sections_are_those_of_the_truth(whole: Archive) -> None:
    found = table(volume.part(whole, palette(whole)), "Articles by day and section")
    true = Counter(((one.date_published or "")[:10], one.section) for one in true_articles())
    read = {
        (day, section): count
        for day, (_, *counts) in rows(found).items()
        for section, count in zip(found.columns[2:], counts, strict=True)
        if count
    }
    assert read == true
    assert sum(row[0] for row in rows(found).values()) == len(true_articles())


def test_coverage_is_that_of_the_truth(whole: Archive) -> None:
    part = coverage.part(whole)
    found = rows(table(part, "Field coverage of all articles"))
    for name in ("subtitle", "authors", "keywords", "image", "dateline", "related"):
        have = sum(bool(getattr(one, name)) for one in true_articles())
        assert found[name][:2] == [have, len(true_articles()) - have], name
    timed = sum(one.date_published_precision != "day" for one in true_articles())
    assert found["time of publication"][0] == timed
    by_period = rows(part.charts[0].table)
    assert sum(row[0] for row in by_period.values()) == len(true_articles())


def test_tags_authors_and_links_are_those_of_the_truth(whole: Archive) -> None:
    part = name_counts.part(whole)
    tags = Counter(tag for one in true_articles() for tag in {*one.keywords})
    authors = Counter(author.name for one in true_articles() for author in one.authors)
    assert {name: row[0] for name, row in rows(part.charts[1].table).items()} == authors
    assert {
        name: row[0] for name, row in rows(part.charts[0].table).items()
    }.items() <= tags.items()
    ids = {one.url: one.id for one in true_articles()}
    true = Counter(
        ids[card.url] for one in true_articles() for card in one.related if card.url in ids
    )
    assert network.Links(whole).incoming == true
    drawn = rows(
        table(network.part(whole, palette(whole)), "The articles in most Related Posts boxes")
    )
    assert [row[1] for row in drawn.values()] == sorted(true.values(), reverse=True)[: len(drawn)]


def captured(article: Article, at: str, published: str) -> Article:
    return replace(
        article,
        first_seen_at=at,
        fetched_at=at,
        date_published=published,
        date_published_precision="minute",
        section="Esteri",
    )


def test_lag_tells_new_articles_from_an_archive_read_later(tmp_path: Path) -> None:
    a, b, c, d, e = true_articles()[:5]
    lines = [
        captured(a, "2026-11-23T10:00:00Z", "2026-11-20T10:00:00+01:00"),
        captured(b, "2026-11-23T12:00:00Z", "2026-11-23T12:58:00+01:00"),
        captured(c, "2026-11-23T12:00:00Z", "2026-11-23T12:50:00+01:00"),
        # Captured late in the evening in London, on the next day in Italy.
        captured(d, "2026-11-23T23:30:00Z", "2026-11-23T23:30:00+01:00"),
        captured(e, "2026-11-23T12:00:00Z", "2026-11-23T18:00:00+01:00"),
    ]
    found = archive(dump(tmp_path / "a.jsonl", lines))
    lags = [*capture_lag.lags(found)]
    assert [one.seconds for one in lags if one.fresh] == [120, 600, 3600, -18_000]
    part = capture_lag.part(found, palette(found), lags)
    assert "1 article dated later than the capture, not counted here." in part.notes
    assert rows(table(part, "Lag by section")) == {
        "Esteri": [3, "10 min", "1 h 0 min", 1, "3 d 1 h", "3 d 1 h"]
    }
    assert rows(table(part, "Lag by day of capture")) == {
        "2026-11-24": [1, "1 h 0 min", "1 h 0 min"],
        "2026-11-23": [2, "2 min", "10 min"],
    }


def test_an_article_counts_once_whatever_the_order_and_number_of_its_lines(tmp_path: Path) -> None:
    first, other = true_articles()[0], true_articles()[1]
    second = revised(first, headline=f"{first.headline}, oggi")
    third = revised(second, headline="Tutt’altro", section="Sport")
    third = replace(third, fetched_at="2026-11-26T08:00:00Z")
    # Of another series, captured later, the same revision.
    again = replace(second, fetched_at="2026-11-25T20:00:00Z")
    lines = [third, first, again, other, second, first]
    for number, order in enumerate((lines, lines[::-1])):
        found = archive(dump(tmp_path / f"{number}.jsonl", order))
        assert len(found.entries) == 2
        assert found.entries[first.id].headline == "Tutt’altro"
        told = [
            (one.before and one.before.headline, one.after.headline)
            for one in edits.revisions(found)
        ]
        assert told == [
            (first.headline, second.headline),
            (second.headline, third.headline),
        ]
        counts = rows(table(edits.part(found), "Fields that revisions changed"))
        assert counts == {"headline": [2]}


def test_an_edit_whose_earlier_words_are_elsewhere_is_counted(tmp_path: Path) -> None:
    later = revised(true_articles()[0], headline="Nuovo")
    part = edits.part(archive(dump(tmp_path / "a.jsonl", [later])))
    assert "1 changed headline whose earlier text is not in these dumps." in part.notes
    assert part.edits == []


def test_removed_articles_stay_counted_and_are_named(tmp_path: Path) -> None:
    first, other = true_articles()[0], true_articles()[1]
    found = archive(
        dump(tmp_path / "a.jsonl", [gone(first), first, other, gone(true_articles()[2])])
    )
    assert {*found.entries} == {first.id, other.id}
    named = rows(table(edits.part(found), "Articles that the site removed, the latest first"))
    assert named == {
        first.headline: ["2026-11-25 10:00"],
        true_articles()[2].id: ["2026-11-25 10:00"],
    }
    back = revised(revised(first))
    back = replace(back, fetched_at="2026-11-26T00:00:00Z")
    assert first.id not in archive(dump(tmp_path / "b.jsonl", [first, gone(first), back])).removed


def test_the_latest_capture_counts_across_series(tmp_path: Path) -> None:
    edited = revised(revised(true_articles()[0]), headline="Terza versione")
    later = replace(true_articles()[0], headline="Letto dopo", fetched_at="2026-11-27T00:00:00Z")
    for number, order in enumerate(([edited, later], [later, edited])):
        entries = archive(dump(tmp_path / f"{number}.jsonl", order)).entries
        assert entries[edited.id].headline == "Letto dopo"


def test_duplicates_name_what_they_are_like(tmp_path: Path) -> None:
    first, second, third = true_articles()[:3]
    lines = [
        first,
        replace(second, duplicate_of=first.id, similarity=1.0),
        replace(third, duplicate_of="alanews:999999", similarity=0.7),
    ]
    found = archive(dump(tmp_path / "a.jsonl", lines))
    part = duplicate_articles.part(found, palette(found), Runs())
    named = rows(table(part, "Duplicates, the latest first"))
    assert {name: row[1:] for name, row in named.items()} == {
        second.headline: [first.headline, "1.00"],
        third.headline: ["alanews:999999", "0.70"],
    }


def test_failures_come_from_run_reports_and_else_from_the_rejected(tmp_path: Path) -> None:
    told = dump(tmp_path / "esteri" / "2026-11-23T10-00-00Z.jsonl", true_articles()[:1])
    run_report(
        told.with_suffix(".run.json"),
        rejected={"no_body": 2}, not_fetched={"404": 5}, failed={"ValueError": 1}, blocked=3,
        failed_urls=["https://www.alanews.it/x/"], outside={"section": 9}, exit_code=16,
        monitors=[{"name": "coverage", "status": "failed", "message": "image 3%"}],
        stats={"blocked/captcha": 2, "item_scraped_count": 1}, a_key_of_a_later_version=1,
    )  # fmt: skip
    line = '{"url": "https://www.alanews.it/y/", "reasons": ["no_body"], "rejected_at": null}\n'
    told.with_suffix(".rejected.jsonl").write_text(line * 2)
    silent = dump(tmp_path / "sport" / "2026-11-23T10-00-00Z.jsonl", true_articles()[1:2])
    silent.with_suffix(".rejected.jsonl").write_text(line.replace("no_body", "no_headline"))
    # A run that wrote nothing has a report alone.
    (tmp_path / "calcio").mkdir()
    run_report(tmp_path / "calcio" / "2026-11-23T10-00-00Z.run.json", not_fetched={"404": 1})
    runs = runs_of([told, silent], [tmp_path], lambda error: pytest.fail(str(error)))
    part = failures.part(runs, 0, UTC)
    assert rows(table(part, "Failures by reason")) == {
        "404": ["page not fetched", 6],
        "captcha": ["page blocked", 2],
        "blocked": ["page blocked", 1],
        "no_body": ["article not written", 2],
        "ValueError": ["page not read", 1],
        "no_headline": ["article not written", 1],
    }
    assert failures.total(runs) == 13
    assert rows(table(part, "Left out correctly")) == {
        "section": ["outside of the section or days", 9]
    }
    assert [row[-1] for row in rows(table(part, "Runs, the latest first")).values()] == [11, 1]
    assert table(part, "Monitors that did not pass").rows[0][1:3] == ["coverage", "failed"]
    assert part.notes[0].startswith("1 dump without a report")
    beside = runs_of([told], [], lambda error: pytest.fail(str(error)))
    assert [run.spider for run in beside.reports] == ["esteri"]


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("Accordo a Tokyo", "Intesa a Tokyo", "[-Accordo-] {+Intesa+} a Tokyo"),
        ("L’intesa di Parigi", "L’accordo di Parigi", "L’[-intesa-] {+accordo+} di Parigi"),
        ("Uno due", "Uno due tre", "Uno due {+tre+}"),
        ("Uno due tre", "Due tre", "[-Uno due-] {+Due+} tre"),
        ("Fine", "Fine!", "Fine{+!+}"),
        ("a a a", "a a", "a a [-a-]"),
        ("", "Nuovo", "{+Nuovo+}"),
    ],
)
def test_changed_words_are_marked(before: str, after: str, marked: str) -> None:
    signs = {"del": "[-%s-]", "ins": "{+%s+}", "": "%s"}
    text = "".join(signs[mark] % text for mark, text in edits.changes(before, after))
    assert text.strip() == marked


@given(st.text(max_size=40), st.text(max_size=40))
def test_marked_words_are_those_of_both_texts(before: str, after: str) -> None:
    pieces = edits.changes(before, after)
    for text, other in ((before, "ins"), (after, "del")):
        kept = "".join(word for mark, word in pieces if mark != other)
        assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("days", "scale"), [(1, "DAY"), (92, "DAY"), (93, "WEEK"), (921, "MONTH"), (4401, "YEAR")]
)
def test_the_longer_the_time_the_coarser_the_drawing(days: int, scale: str) -> None:
    last = date(2026, 11, 23)
    span = Span.of([last - timedelta(days=back) for back in (0, days - 1)])
    assert span is not None
    assert span.scale is Scale[scale]
    drawn = [*span.periods()]
    assert len(drawn) <= 160
    assert drawn[0] <= last - timedelta(days=days - 1)
    assert drawn[-1] <= last < span.scale.end(drawn[-1])


def test_one_article_of_long_ago_does_not_make_years_of_days() -> None:
    days = [date(2026, 11, 1 + number % 20) for number in range(200)]
    span = Span.of([date(1998, 1, 1), *days])
    assert span == Span(Scale.DAY, date(2026, 11, 1), date(2026, 11, 20))
    assert Span.of([]) is None


@given(st.lists(st.dates(), min_size=1, max_size=20))
def test_no_date_is_too_early_or_too_late(days: list[date]) -> None:
    span = Span.of(days)
    assert span is not None
    assert span.first <= max(days)
    assert len([*span.periods()]) < 10_001


def test_more_sections_than_colours_share_one() -> None:
    many = Palette({f"s{number}": 20 - number for number in range(12)})
    assert [*many.colours][-1] == OTHER
    assert (many.name("s0"), many.name("s11")) == ("s0", OTHER)
    assert len({*many.colours.values()}) == len(many.colours) == 9


def test_a_site_of_a_thousand_sections_makes_no_table_of_a_thousand_columns(tmp_path: Path) -> None:
    lines = [
        replace(one, section=f"s{number % 50:02}") for number, one in enumerate(true_articles())
    ]
    found = archive(dump(tmp_path / "a.jsonl", lines))
    counts = found.sections(30)
    assert len(counts) == 31
    assert (counts.total(), counts["s00"], counts["s49"]) == (len(true_articles()), 3, 0)
    assert Counter(entry.section for entry in found.entries.values()) == counts


def test_agreement_with_the_second_witness_by_field_period_and_run() -> None:
    def run(day: int, agreed: int) -> Run:
        fields = {"authors": {"compared": 50, "agreed": agreed}}
        audit = {"witness": "rest", "articles": 50, "fields": fields}
        started = f"2026-11-{day:02}T10:00:00Z"
        return Run("1.2", f"esteri/{day}", "esteri", started_at=started, audit=audit)

    older = Run("1.1", "esteri/1", "esteri", started_at="2026-11-01T10:00:00Z")
    page_part = agreement.part(Runs([run(3, 50), run(2, 20), run(2, 50), older]), UTC)
    whole, by_run = page_part.tables
    assert whole.caption == "Agreement in 150 articles"
    assert [*map(str, whole.rows[0][1:])] == ["150", "30", "80.0%"]
    assert [row[4] for row in by_run.rows] == ["100%", "40.0%", "100%"]
    (chart,) = page_part.charts
    assert chart.table is not None
    assert [(row[1], row[2]) for row in chart.table.rows] == [(50, "100%"), (100, "70.0%")]
    shades = {value["shade"] for value in chart.draw(600)["data"]["values"]}
    assert shades == {"all agree", "more disagree"}
    assert agreement.part(Runs([older]), UTC).notes == ["No run has compared articles."]


def test_nothing_but_shapes_is_left_of_a_drawing() -> None:
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" onload="a"'
        ' width="5" viewBox="0 0 5 5"><script>a</script><style>a</style><image x:href="//e/f"/>'
        '<a x:href="javascript:a"><path d="M1.23456,0"/></a><foreignObject/><!-- a -->'
        '<defs><clipPath id="c"><rect style="a" width="3"/></clipPath></defs>'
        '<g clip-path="url(#c)" onclick="a" fill="var(--c1)" opacity="1"><text>&lt;b></text></g>'
        "</svg>"
    )
    assert svg.clean(text, "n") == (
        '<svg viewBox="0 0 5 5" aria-hidden="true" focusable="false">'
        '<defs><clipPath id="n-c"><rect width="3"/></clipPath></defs>'
        '<g clip-path="url(#n-c)" fill="var(--c1)"><text>&lt;b&gt;</text></g></svg>'
    )


def test_a_report_of_nothing_but_a_failed_run_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "esteri"
    folder.mkdir()
    run_report(folder / "2026-11-23T10-00-00Z.run.json", reason="site_unreachable", exit_code=10)
    assert report(tmp_path) == 0
    assert "site_unreachable" in (tmp_path / "report.html").read_text(encoding="utf-8")
