"""The report of a probe as text."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from newscrawl.commands.probing.article_look import is_optional
from newscrawl.commands.probing.site_report import FAILS, NOT_READ, NOTE, OPEN, UNKNOWN, WORKS
from newscrawl.formatting import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newscrawl.commands.probing.site_report import Sample, SiteReport, SourceFound

_LABEL, _WIDTH = 13, 100
_MAX_SECTIONS, _MAX_SOURCES, _MAX_FORBIDDEN = 40, 4, 6
_MARKS = {WORKS: "+", NOTE: "~", FAILS: "-"}


def lines(report: SiteReport) -> Iterator[str]:
    """Yield the lines of a report: what was seen, then whether each point works."""
    yield f"{report.url}: {report.requests} requests"
    yield ""
    yield from _connection(report)
    if report.platform.name:
        yield from _platform(report)
    if report.sections or report.archives:
        yield from _sections(report)
    yield from _archives(report)
    yield from _sources("sitemaps", report.sitemaps)
    yield from _sources("feeds", report.feeds)
    if report.rest.state != UNKNOWN:
        yield from _rest(report)
    if report.samples:
        yield from _dates(report)
        for number, sample in enumerate(report.samples, 1):
            yield from _sample(f"article {number}", sample)
    if report.samples or report.estimate.articles:
        yield from _estimate(report)
    yield ""
    width = max(len(verdict.point) for verdict in report.verdicts)
    for verdict in report.verdicts:
        # The problem of the report is printed after it.
        why = "" if verdict.why == report.problem else verdict.why
        text = f"{verdict.verdict}: {why}" if why else verdict.verdict
        head = f"{_MARKS[verdict.verdict]} {verdict.point:<{width}}  "
        yield from _wrapped(head, text)


def _wrapped(head: str, text: str) -> list[str]:
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [head.rstrip()]


def _row(label: str, *texts: str) -> Iterator[str]:
    for text in texts:
        yield from _wrapped(f"{label:<{_LABEL}}", text)
        label = ""


def _connection(report: SiteReport) -> Iterator[str]:
    connection, robots = report.connection, report.robots
    state = "yes" if connection.is_reachable else "no"
    tls = {"valid": ", TLS certificate valid", "none": ", not encrypted"}.get(connection.tls, "")
    yield from _row("reachable", f"{state}{tls}")
    if connection.redirects:
        yield from _row("redirects", " > ".join([*connection.redirects, connection.final_url]))
    if robots.status is None:
        return
    forbids = robots.forbids[:_MAX_FORBIDDEN]
    more = len(robots.forbids) - len(forbids)
    listed = ", ".join(forbids) + (f" and {more} more" if more > 0 else "")
    pace = f"Crawl-delay {robots.crawl_delay:g} s" if robots.crawl_delay else "no Crawl-delay"
    status = "" if robots.status == 200 else f"HTTP {robots.status}; "
    yield from _row("robots.txt", f"{status}forbids us {listed or 'nothing we would request'}; "
                    f"{pace}; {_count(len(robots.sitemaps), 'sitemap')} named")  # fmt: skip
    yield from _row("rights", *(robots.rights or ["no statement seen"]))


def _platform(report: SiteReport) -> Iterator[str]:
    platform = report.platform
    made_by = ", ".join(platform.generators) or (
        "WordPress" if platform.is_wordpress else "not WordPress"
    )
    plugins = ", ".join(platform.metadata_plugins) or "none seen"
    yield from _row("platform", f"{made_by}; theme {', '.join(platform.themes) or 'unknown'}; "
                    f"metadata plugin {plugins}")  # fmt: skip
    zone = f"{platform.timezone} ({'stated' if platform.is_timezone_stated else 'assumed'})"
    language = f", language {platform.language}" if platform.language else ""
    yield from _row("site", f"{platform.name}{language}, time zone {zone}")


def _sections(report: SiteReport) -> Iterator[str]:
    shown = report.sections[:_MAX_SECTIONS]
    names = [
        section.slug
        + ("" if section.articles is None else f" {section.articles:,}")
        + ("" if section.is_in_menu else " (not in the menu)")
        for section in shown
    ]
    if len(report.sections) > len(shown):
        names.append(f"and {len(report.sections) - len(shown)} more")
    example = next((one.archive for one in report.sections if one.archive), None)
    where = f"; archives such as {_path(example)}" if example else ""
    yield from _row("sections", ", ".join(names) + where if names else "none found")


def _archives(report: SiteReport) -> Iterator[str]:
    rows = []
    for archive in report.archives:
        parts = [archive.style, _count(archive.cards, "card")]
        parts += [f"{archive.hero} above the list"] if archive.hero else []
        parts += [f"last page {archive.last_page}"] if archive.last_page else []
        parts += [f"page 2 {archive.second_page}"] if archive.second_page else []
        parts += [f'date "{archive.date}"'] if archive.date else []
        rows.append(f"{_path(archive.url)}: {', '.join(parts)}")
    yield from _row("archives", *rows)


def _sources(label: str, sources: Sequence[SourceFound]) -> Iterator[str]:
    rows = []
    for source in sources[:_MAX_SOURCES]:
        path = _path(source.url)
        if source.state == NOT_READ:
            rows.append(f"{path}: {NOT_READ}")
            continue
        if source.state != OPEN:
            reason = f" ({source.reason})" if source.reason else ""
            rows.append(f"{path}: {source.state}{reason[:120]}")
            continue
        noun = "sitemap" if source.is_index else "article"
        newest = f", newest {source.newest}" if source.newest else ", no dates"
        rows.append(f"{path}: {_count(source.entries, noun)}{newest}")
    if len(sources) > _MAX_SOURCES:
        rows.append(f"and {len(sources) - _MAX_SOURCES:,} more")
    yield from _row(label, *rows)


def _rest(report: SiteReport) -> Iterator[str]:
    rest = report.rest
    size = f", {_count(rest.articles, 'article')}" if rest.articles is not None else ""
    reason = f" ({rest.reason[:120]})" if rest.reason else ""
    yield from _row("REST", f"{rest.state}{size}{reason}")


def _dates(report: SiteReport) -> Iterator[str]:
    shown = report.shown_date
    example = f' "{shown.example}"' if shown.example else ""
    why = f" ({shown.why})" if shown.why else ""
    yield from _row("date shown", f"{shown.kind}{example}{why}; on cards: {shown.on_cards}")
    yield from _row(
        "addresses",
        *(
            f"{one.shape} ({one.articles}, such as {_path(one.example)})"
            for one in report.permalinks
        ),
    )
    if not report.old_permalinks.startswith("does not apply"):
        yield from _row("without day", report.old_permalinks)


def _sample(label: str, sample: Sample) -> Iterator[str]:
    if sample.problem is not None:
        yield from _row(label, _path(sample.url), f"not read: {sample.problem}")
        return
    by_source: dict[str, list[str]] = {}
    for name, source in sample.fields.items():
        by_source.setdefault(source, []).append(name)
    fields = "; ".join(f"{source}: {', '.join(names)}" for source, names in by_source.items())
    missing = [name for name in sample.missing if not is_optional(name)]
    others = [name for name in sample.missing if is_optional(name)]
    lacks = ", ".join(missing) or "nothing"
    if others:
        lacks += f" (and what many articles lack: {', '.join(others)})"
    yield from _row(
        label,
        _path(sample.url),
        f'"{sample.headline}", {sample.word_count:,} words, by {sample.page_class}',
        f"published {sample.date_published or 'unknown'}, "
        f"changed {sample.date_modified or 'not stated'}",
        fields,
        f"missing: {lacks}",
    )
    if sample.videos:
        yield from _row("", f"videos: {', '.join(sample.videos)}")


def _estimate(report: SiteReport) -> Iterator[str]:
    size = report.estimate
    if size.articles is None:
        yield from _row("first crawl", "size unknown")
        return
    least = "at least " if size.is_minimum else ""
    rows = [f"{least}{_count(size.articles, 'article')} by {size.source}"]
    for name, requests in (("page", size.requests_by_page), ("REST", size.requests_by_rest)):
        if requests is not None:
            rows.append(
                f"by {name}: {requests:,} requests, {duration(requests * size.delay)} at "
                f"{size.delay:g} s between two"
            )
    yield from _row("first crawl", *rows)


def _path(url: str) -> str:
    """Return an address without its host."""
    return "/" + url.partition("://")[2].partition("/")[2]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
