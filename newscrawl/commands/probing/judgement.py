"""What a report means: the size of a first crawl, and for each point whether it will work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.commands.probing import archive_look
from newscrawl.commands.probing.site_report import (
    CLOSED,
    FAILS,
    FORBIDDEN,
    MISSING,
    NOT_READ,
    NOTE,
    OPEN,
    UNKNOWN,
    WORKS,
    Estimate,
    SiteReport,
    SourceFound,
    Verdict,
)
from newscrawl.discovery import rest
from newscrawl.outcomes import finish_reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

_CARDS = 10
"""Articles on a page of an archive, where none was seen: WordPress's default."""
_OTHERS = 20
"""Requests of a crawl besides articles and archives."""
_HOUR = 3600


def estimate(report: SiteReport, delay: float) -> Estimate:
    """Return the size of a first crawl.

    Args:
        report: what was seen.
        delay: DOWNLOAD_DELAY, in seconds.
    """
    result = Estimate(delay=max(delay, report.robots.crawl_delay or 0.0))
    result.articles, result.source, result.is_minimum = _articles(report)
    if result.articles is None:
        return result
    cards = max((archive.cards for archive in report.archives), default=0) or _CARDS
    result.requests_by_page = result.articles + -(-result.articles // cards) + _OTHERS
    result.hours_by_page = round(result.requests_by_page * result.delay / _HOUR, 3)
    if report.rest.state == OPEN:
        result.requests_by_rest = -(-result.articles // rest.PER_PAGE) + _OTHERS
        result.hours_by_rest = round(result.requests_by_rest * result.delay / _HOUR, 3)
    return result


def _articles(report: SiteReport) -> tuple[int | None, str, bool]:
    """Return how many articles there are, who says so, and whether there may be more."""
    if report.rest.articles is not None:
        return report.rest.articles, "REST", False
    lists = [one for one in report.sitemaps if not one.is_index]
    sizes = [one.entries for one in lists if one.state == OPEN and one.entries]
    unread = sum(one.state == NOT_READ for one in lists)
    if sizes:
        # Those that were read are the newest, of which the last one is being filled.
        return sum(sizes) + unread * max(sizes), "sitemaps", bool(unread)
    pages = [
        (one.last_page or 1) * one.cards + one.hero
        for one in report.archives
        if one.cards or one.hero
    ]
    if pages:
        return sum(pages), "archives' last pages", len(report.sections) > len(pages)
    return None, UNKNOWN, False


def judge(report: SiteReport) -> None:
    """Fill the report's verdicts and, if a crawl will not work, its `problem`."""
    if report.problem is not None:
        is_reachable = report.connection.is_reachable
        point = "home page" if is_reachable else "reachable"
        point = "articles" if report.platform.name else point
        report.verdicts = [Verdict("reachable", WORKS)] if is_reachable else []
        report.verdicts.append(Verdict(point, FAILS, report.problem))
        return
    report.verdicts = [
        _reachable(report),
        _robots(report),
        _platform(report),
        _sections(report),
        _archives(report),
        _sources("sitemaps", report.sitemaps, "new articles come from other lists"),
        _sources("feeds", report.feeds, "new articles come from other lists"),
        _rest(report),
        _date(report),
        _articles_read(report),
    ]
    report.problem = _problem(report)


def _problem(report: SiteReport) -> str | None:
    """Return why a crawl will not work, in one line; None if it will."""
    url = report.connection.final_url
    if not report.samples:
        return (
            f"{url} shows no articles that newscrawl can find: name the home page of the news "
            "part, or define the sections in a file (docs/adding-a-site.md)"
        )
    problems = [sample.problem for sample in report.samples if sample.problem]
    if len(problems) == len(report.samples):
        what = ", ".join(dict.fromkeys(problems))
        if any("robots" in problem for problem in problems):
            return f"robots.txt forbids the articles of {url}: respect it, or ask the site"
        if any(problem.startswith("blocked") for problem in problems):
            return finish_reasons.error_line(finish_reasons.BLOCKED, f"articles of {url}: {what}")
        return f"no sample article of {url} could be read ({what}): open it in a browser"
    return None


def _reachable(report: SiteReport) -> Verdict:
    connection = report.connection
    notes = []
    if connection.redirects:
        notes.append(f"it leads to {connection.final_url}: use that address")
    if connection.tls == "none":
        notes.append("not encrypted")
    return _verdict("reachable", notes)


def _robots(report: SiteReport) -> Verdict:
    robots, notes = report.robots, []
    if robots.forbids:
        notes.append(f"forbids {_some(robots.forbids)}, which a crawl leaves out")
    if robots.crawl_delay:
        notes.append(f"asks for {robots.crawl_delay:g} s between two requests")
    if robots.rights:
        notes.append("there are statements on rights: read them")
    return _verdict("robots.txt", notes)


def _platform(report: SiteReport) -> Verdict:
    platform, notes = report.platform, []
    if not platform.metadata_plugins:
        notes.append("no metadata plugin was seen")
    if not platform.is_timezone_stated:
        notes.append(f"the time zone {platform.timezone} is assumed: check it")
    return _verdict("platform", notes)


def _sections(report: SiteReport) -> Verdict:
    if not report.sections:
        return Verdict("sections", FAILS, "none found: define them (docs/adding-a-site.md)")
    hidden = [section.slug for section in report.sections if not section.is_in_menu]
    notes = [f"not in the menu: {_some(hidden)}"] if hidden else []
    return _verdict("sections", notes)


def _archives(report: SiteReport) -> Verdict:
    if any(one.style == archive_look.SCRIPTED for one in report.archives):
        return Verdict("archives", NOTE, "a script fills the lists: Chromium is needed")
    unread = [one for one in report.archives if not one.cards and not one.hero]
    if len(unread) == len(report.archives):
        seen = [f"{one.style}" for one in report.archives] or ["none found"]
        return Verdict("archives", FAILS, _some(list(dict.fromkeys(seen))))
    notes = [
        f"page 2: {archive.second_page}"
        for archive in report.archives
        if archive.second_page not in {"", archive_look.WORKS}
    ]
    notes += [f"{one.url} {one.style}" for one in unread]
    return _verdict("archives", notes)


def _sources(name: str, sources: Sequence[SourceFound], otherwise: str) -> Verdict:
    working = [source for source in sources if source.state == OPEN and source.entries]
    if not working:
        states = dict.fromkeys(source.state for source in sources if source.state != OPEN)
        return Verdict(
            name,
            NOTE,
            f"{', '.join(states) or 'no addresses that are surely of articles'}: {otherwise}",
        )
    notes = [] if any(source.newest for source in working) else ["without dates of change"]
    return _verdict(name, notes)


_OF_REST = {
    OPEN: "",
    CLOSED: "closed: changes are found by sitemaps, feeds and archives",
    FORBIDDEN: "robots.txt forbids it: changes are found by sitemaps, feeds and archives",
    MISSING: "there is none: changes are found by sitemaps, feeds and archives",
}


def _rest(report: SiteReport) -> Verdict:
    why = _OF_REST.get(report.rest.state, f"{report.rest.reason}: run again later")
    return _verdict("REST", [why] if why else [])


_OF_DATES = {
    "published": "",
    "modified": "articles show the date of change: publication comes from the metadata",
    "both": "",
    "relative": "dates are relative: exact ones come from the metadata",
    "none": "no date is shown: it comes from the metadata",
}


def _date(report: SiteReport) -> Verdict:
    usable = [sample for sample in report.samples if sample.problem is None]
    if not usable:
        return Verdict("dates", NOTE, "unknown: no article was read")
    if not any(sample.date_published for sample in usable):
        return Verdict("dates", FAILS, "the sample articles have no date of publication")
    shown = report.shown_date
    why = _OF_DATES.get(shown.kind, f"which one is shown is unknown: {shown.why}")
    by_day = [one for one in usable if one.date_published and "T" not in one.date_published]
    notes = [why] if why else []
    notes += ["without a time of day"] if by_day else []
    return _verdict("dates", notes)


def _articles_read(report: SiteReport) -> Verdict:
    failed = [sample for sample in report.samples if sample.problem]
    if not report.samples or len(failed) == len(report.samples):
        return Verdict("articles", FAILS, "no sample article was read")
    notes = [f"{sample.url} is not read: {sample.problem}" for sample in failed]
    if any("body_generic" in sample.flags for sample in report.samples):
        notes.append("an unknown layout: compare a text with the page")
    return _verdict("articles", notes)


def _verdict(point: str, notes: Sequence[str]) -> Verdict:
    return Verdict(point, NOTE, "; ".join(notes)) if notes else Verdict(point, WORKS)


def _some(names: Sequence[str]) -> str:
    rest_of = len(names) - 3
    return ", ".join(names[:3]) + (f" and {rest_of} more" if rest_of > 0 else "")
