"""The results of a crawl in numbers, and as aligned text, in colours for a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.text import Text

from newscrawl.formatting import duration, in_brackets, percent, printable_path, wrapped
from newscrawl.ledger.host_state import BACKOFF, RETRY_AFTER
from newscrawl.outcomes import audit_figures, counters
from newscrawl.outcomes.finish_reasons import is_good
from newscrawl.outcomes.series_figures import phrases
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

SHARES = (
    "headline",
    "subtitle",
    "authors",
    "section",
    "image",
    "body",
    "keywords",
    "related",
)
"""Fields whose share is shown; the date has its own row."""

MAX_URLS = 5
"""How many addresses of unreadable pages are named."""

_STYLES = {
    "failed": "red",
    "not stored": "red",
    "incomplete": "red",
    "drift": "red",
    "dump": "bold",
}

_NOT_ERRORS = (".IgnoreRequest", ".RefusedRequest", ".BrowserError", ".HostPausedError")


@dataclass(frozen=True, slots=True)
class Summary:
    """The results of one crawl in numbers; mappings are reasons or names with their counts."""

    spider: str
    reason: str
    """Scrapy's finish reason."""
    seconds: float = 0.0
    articles: int = 0
    sections: Mapping[str, int] = field(default_factory=dict)
    coverage: Mapping[str, int] = field(default_factory=dict)
    """Articles that have the field; `date_published/day` are those without a time."""
    duplicates: Mapping[str, int] = field(default_factory=dict)
    rejected: Mapping[str, int] = field(default_factory=dict)
    rejected_articles: int = 0
    """One article may be rejected for several reasons."""
    outside: Mapping[str, int] = field(default_factory=dict)
    not_articles: Mapping[str, int] = field(default_factory=dict)
    not_fetched: Mapping[str, int] = field(default_factory=dict)
    """Addresses of articles that could not be fetched, after all tries."""
    withheld: Mapping[str, int] = field(default_factory=dict)
    """Articles that were read and not kept, by the use that their publisher reserves."""
    blocked: Mapping[str, int] = field(default_factory=dict)
    """Block pages, by kind."""
    parts_missing: int = 0
    """Articles of several pages of which one is missing."""
    requests: int = 0
    statuses: Mapping[str, int] = field(default_factory=dict)
    """Responses by class: `2xx`, `3xx` ..."""
    waits: Mapping[str, float] = field(default_factory=dict)
    """Seconds for which the site was left alone, by cause: `retry_after`, `backoff` ..."""
    wait_limits: tuple[float, float] | None = None
    """WAIT_MAX and RETRY_AFTER_MAX, in seconds; None if they are not shown."""
    retries: int = 0
    gave_up: int = 0
    """Requests that failed after the last retry."""
    unanswered: Mapping[str, int] = field(default_factory=dict)
    """Requests without a response, by kind of error; each try counts."""
    failed: int = 0
    """Pages that were fetched and could not be read."""
    failed_kinds: Mapping[str, int] = field(default_factory=dict)
    failed_urls: tuple[str, ...] = ()
    log_errors: int = 0
    unstored: int = 0
    """Feeds that could not be stored."""
    revised: int = 0
    """Articles written again, because their content changed."""
    gone: int = 0
    """Articles found removed."""
    completeness: Mapping[str, Any] | None = None
    """How much of what its series has seen is written; None if the ledger has not counted it."""
    known: Mapping[str, int] = field(default_factory=dict)
    """Articles read of which no line was due, by reason."""
    browser_pages: int = 0
    """Pages opened in the browser."""
    browser_skipped: Mapping[str, int] = field(default_factory=dict)
    """Pages that need a script and were not opened, by reason."""
    browser_failed: Mapping[str, int] = field(default_factory=dict)
    earlier: tuple[int, str] = (0, "")
    """The number of lines in the series' earlier dumps, and the path of the last dump."""
    audit: tuple[str, ...] = ()
    """How far pages and the second witness agree, in words."""
    drift: tuple[str, ...] = ()
    """What the site no longer gives, each in one line."""
    files: tuple[tuple[str, str], ...] = ()
    """Labels and paths: ("dump", "output/esteri/….jsonl") ..."""

    @property
    def clean(self) -> bool:
        """Whether the crawl ended by itself and every page could be read."""
        return is_good(self.reason) and not (self.failed or self.gave_up or self.unstored)


def collect(
    stats: Mapping[str, Any],
    spider: str,
    *,
    failed_urls: Iterable[str] = (),
    files: tuple[tuple[str, str], ...] = (),
    wait_limits: tuple[float, float] | None = None,
) -> Summary:
    """Return the summary of a run's final `stats`.

    `failed_urls` are added to those under `pages/failed/urls`; `wait_limits` are WAIT_MAX and
    RETRY_AFTER_MAX.
    """
    statuses: dict[str, int] = {}
    for status, count in _group(stats, counters.STATUSES).items():
        statuses[f"{status[:1]}xx"] = statuses.get(f"{status[:1]}xx", 0) + count
    failed_kinds = _group(stats, counters.FAILED_BY)
    return Summary(
        spider=spider,
        reason=str(stats.get(counters.FINISH_REASON, "unknown")),
        seconds=float(stats.get(counters.ELAPSED) or 0),
        articles=stats.get(counters.WRITTEN, 0),
        sections=_group(stats, counters.ARTICLES_BY_SECTION),
        coverage=_group(stats, counters.COVERAGE),
        duplicates=_group(stats, counters.DUPLICATES),
        rejected=_group(stats, counters.REJECTED),
        rejected_articles=stats.get(counters.REJECTED_ARTICLES, 0),
        outside=_group(stats, counters.OUTSIDE),
        not_articles=_group(stats, counters.NOT_ARTICLE),
        not_fetched=_group(stats, counters.NOT_FETCHED),
        withheld=_group(stats, counters.WITHHELD),
        blocked=_group(stats, counters.BLOCKED),
        parts_missing=stats.get(counters.PARTS_FAILED, 0),
        requests=counters.requests_sent(stats),
        statuses=dict(sorted(statuses.items())),
        waits=_seconds_by_cause(stats),
        wait_limits=wait_limits,
        retries=stats.get(counters.RETRIES, 0),
        gave_up=stats.get(counters.RETRIES_EXHAUSTED, 0),
        unanswered=_unanswered(stats),
        # Scrapy alone counts an exception that the spider did not catch.
        failed=stats.get(counters.FAILED) or stats.get(counters.SPIDER_EXCEPTIONS, 0),
        failed_kinds=failed_kinds
        or _group(stats, counters.SPIDER_EXCEPTIONS_BY, leave_out=("count",)),
        failed_urls=tuple(dict.fromkeys([*stats.get(counters.FAILED_URLS, ()), *failed_urls])),
        log_errors=stats.get(counters.LOG_ERRORS, 0) + stats.get(counters.LOG_CRITICALS, 0),
        unstored=sum(_group(stats, counters.FEEDS_NOT_STORED).values()),
        revised=stats.get(counters.REVISED, 0),
        gone=stats.get(counters.GONE, 0),
        completeness=stats.get(counters.COMPLETENESS),
        known=_group(stats, counters.KNOWN),
        browser_pages=stats.get(counters.BROWSER_PAGES, 0),
        browser_skipped=_group(stats, counters.BROWSER_SKIPPED_BY),
        browser_failed=_group(stats, counters.BROWSER_FAILED),
        earlier=(stats.get(counters.LEDGER_LINES, 0), _last_dump(stats)),
        audit=tuple(audit_figures.in_words(audit_figures.of_stats(stats))),
        drift=tuple(stats.get(counters.DRIFT, ())),
        files=files,
    )


def _seconds_by_cause(stats: Mapping[str, Any]) -> dict[str, float]:
    waits = {key: float(value) for key, value in stats.items() if key.startswith(counters.WAIT)}
    return {key.removeprefix(counters.WAIT): seconds for key, seconds in sorted(waits.items())}


def _last_dump(stats: Mapping[str, Any]) -> str:
    dumps: list[str] = stats.get(counters.LEDGER_DUMPS, [])
    return str(dumps[-1]) if dumps else ""


def _unanswered(stats: Mapping[str, Any]) -> dict[str, int]:
    """Return the errors of requests, by the last word of their type's name."""
    return {
        # "twisted.internet.error.TimeoutError"; a request that is refused here is not an error.
        kind.rsplit(".", 1)[-1]: count
        for kind, count in _group(stats, counters.EXCEPTIONS).items()
        if not kind.endswith(_NOT_ERRORS)
    }


def _group(
    stats: Mapping[str, Any], prefix: str, *, leave_out: tuple[str, ...] = ()
) -> dict[str, int]:
    """Return the stats that start with `prefix`, without it, the largest first."""
    counts = {
        key.removeprefix(prefix): value
        for key, value in stats.items()
        if key.startswith(prefix) and isinstance(value, int)
    }
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return {key: value for key, value in ranked if key not in leave_out}


def rows(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    """Yield each row's label and lines; empty rows are left out."""
    yield from _counted("sections", summary.sections)
    yield from _coverage(summary)
    if summary.articles and summary.audit:
        yield "audit", wrapped([*summary.audit])
    yield from _counted("duplicates", summary.duplicates, is_always=bool(summary.articles))
    yield from _counted(
        "rejected",
        summary.rejected,
        total=summary.rejected_articles,
        is_always=bool(summary.articles),
    )
    revisions = {"revised": summary.revised, "gone": summary.gone}
    yield from _counted("changed", {name: count for name, count in revisions.items() if count})
    yield from _counted("known", summary.known)
    yield from _counted("outside", summary.outside)
    yield from _counted("no article", summary.not_articles)
    requests = [f"{summary.requests:,}{in_brackets(summary.statuses)}"]
    requests += [f"{summary.retries:,} retried"] if summary.retries else []
    requests += [f"{summary.gave_up:,} given up"] if summary.gave_up else []
    yield "requests", wrapped(requests)
    yield from _waits(summary)
    yield from _browser(summary)
    yield from _counted("no answer", summary.unanswered)
    yield from _counted("not fetched", summary.not_fetched)
    yield from _counted("withheld", summary.withheld)
    yield from _counted("blocked", summary.blocked)
    yield from _failures(summary)
    lines, path = summary.earlier
    if is_good(summary.reason) and not summary.articles and lines:
        articles = "1 article is" if lines == 1 else f"{lines:,} articles are"
        folder = path.rpartition("/")[0]
        yield "nothing new", [f"{articles} known, in {folder}", "-a known=write writes all again"]
    if summary.drift:
        yield "drift", [fold(text) for text in summary.drift]
    if summary.completeness is not None:
        first, *others = phrases(summary.completeness)
        yield "coverage", [first, *wrapped(others)]
    for label, path in summary.files:
        yield label, [printable_path(path)]


def title(summary: Summary) -> str:
    """Return the summary's first line."""
    articles = "1 article" if summary.articles == 1 else f"{summary.articles:,} articles"
    reason = fold(summary.reason)
    return f"{summary.spider}: {articles} in {duration(summary.seconds)} ({reason})"


def render(summary: Summary) -> str:
    """Return the summary as aligned plain text without control characters."""
    return styled(summary).plain


def styled(summary: Summary) -> Text:
    """Return the same text in colours; print it with `soft_wrap`.

    A grid of rich truncates what is wider than the terminal, and a truncated path is of no use.
    """
    text = Text()
    text.append(f"{title(summary)}\n", "bold green" if summary.clean else "bold yellow")
    for label, lines in rows(summary):
        for name, line in zip([label, *[""] * len(lines)], lines, strict=False):
            text.append(f"  {name:<12}", "dim").append(f"{line}\n", _STYLES.get(label, ""))
    return text


def _coverage(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    total = summary.articles
    if not total:
        return
    shares = [f"{name} {percent(summary.coverage.get(name, 0), total)}" for name in SHARES]
    yield "fields", wrapped(shares)
    dated = summary.coverage.get("date_published", 0)
    day = summary.coverage.get("date_published/day", 0)
    precision = f"with time {percent(dated - day, total)}, day only {percent(day, total)}"
    yield "date", [f"{percent(dated, total)} ({precision})"]


_CAUSES = {
    RETRY_AFTER: "as Retry-After asked",
    BACKOFF: "after 429 or 503 without Retry-After",
    counters.CRAWL_DELAY: "for the Crawl-delay",
}


def _waits(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    """Yield for how long the run has waited, and at most would."""
    if not summary.waits:
        return
    texts = [
        f"{duration(seconds)} {_CAUSES.get(cause, cause)}"
        for cause, seconds in summary.waits.items()
    ]
    if summary.wait_limits and summary.waits.keys() & {RETRY_AFTER, BACKOFF}:
        in_all, believed = map(duration, summary.wait_limits)
        texts.append(f"at most {in_all} in a run (WAIT_MAX)")
        texts.append(f"Retry-After believed up to {believed} (RETRY_AFTER_MAX)")
    yield "waited", wrapped(texts)


def _browser(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    texts = ["1 page" if summary.browser_pages == 1 else f"{summary.browser_pages:,} pages"]
    for outcome, counts in (
        ("skipped", summary.browser_skipped),
        ("failed", summary.browser_failed),
    ):
        if counts:
            texts.append(f"{sum(counts.values()):,} {outcome}{in_brackets(counts)}")
    if summary.browser_pages or len(texts) > 1:
        yield "browser", wrapped(texts)


def _failures(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    if summary.parts_missing:
        yield "incomplete", [f"{summary.parts_missing:,} without a further page"]
    if summary.failed:
        pages = "1 page" if summary.failed == 1 else f"{summary.failed:,} pages"
        urls = [fold(url) for url in summary.failed_urls[:MAX_URLS]]
        more = summary.failed - len(urls)
        rest = [f"and {more:,} more: see the log"] if urls and more > 0 else []
        cause = in_brackets(summary.failed_kinds)
        yield "failed", [f"{pages} could not be read{cause}", *urls, *rest]
    if summary.unstored:
        yield "not stored", [f"{summary.unstored:,} of the dumps: the log says why"]
    if summary.log_errors:
        yield "log errors", [f"{summary.log_errors:,}"]


def _counted(
    label: str, counts: Mapping[str, int], *, total: int = 0, is_always: bool = False
) -> Iterator[tuple[str, list[str]]]:
    if counts or is_always:
        yield label, wrapped([f"{total or sum(counts.values()):,}{in_brackets(counts)}"])
