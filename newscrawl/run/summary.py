"""The outcome of a crawl in numbers, and as aligned text, in colours for a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.text import Text

from newscrawl.finish_reasons import is_good
from newscrawl.formatting import duration, parts, percent, unfolded, wrapped
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
"""The fields told as a share; the date has a row of its own."""

MAX_URLS = 5
"""At most so many addresses of unreadable pages are named."""

_STYLES = {"failed": "red", "not stored": "red", "incomplete": "red", "dump": "bold"}


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of one crawl, in numbers; a mapping is reason or name to count."""

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
    blocked: Mapping[str, int] = field(default_factory=dict)
    """Pages that were none of the site's, by kind."""
    parts_missing: int = 0
    """Articles of several pages that lack one."""
    requests: int = 0
    statuses: Mapping[str, int] = field(default_factory=dict)
    """Responses by class: `2xx`, `3xx` ..."""
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
    known: Mapping[str, int] = field(default_factory=dict)
    """Articles looked at of which no line was due, and why."""
    browser_pages: int = 0
    """Pages opened in the browser."""
    browser_skipped: Mapping[str, int] = field(default_factory=dict)
    """Pages that a script would have filled and that were not opened, and why."""
    browser_failed: Mapping[str, int] = field(default_factory=dict)
    earlier: tuple[int, str] = (0, "")
    """How many lines the series' earlier dumps have, and where the last one is."""
    files: tuple[tuple[str, str], ...] = ()
    """What is where: ("dump", "output/esteri/….jsonl") ..."""

    @property
    def clean(self) -> bool:
        """Whether the crawl came to its own end and every page could be read."""
        return is_good(self.reason) and not (self.failed or self.gave_up or self.unstored)


def collect(
    stats: Mapping[str, Any],
    spider: str,
    *,
    failed_urls: Iterable[str] = (),
    files: tuple[tuple[str, str], ...] = (),
) -> Summary:
    """Return the summary that a run's final `stats` tell.

    `failed_urls` are added to those under `pages/failed/urls`.
    """
    statuses: dict[str, int] = {}
    for status, count in _group(stats, "downloader/response_status_count/").items():
        statuses[f"{status[:1]}xx"] = statuses.get(f"{status[:1]}xx", 0) + count
    failed_kinds = _group(stats, "pages/failed/")
    return Summary(
        spider=spider,
        reason=str(stats.get("finish_reason", "unknown")),
        seconds=float(stats.get("elapsed_time_seconds") or 0),
        articles=stats.get("articles/written", 0),
        sections=_group(stats, "articles/section/"),
        coverage=_group(stats, "coverage/"),
        duplicates=_group(stats, "duplicates/"),
        rejected=_group(stats, "rejected/"),
        rejected_articles=stats.get("item_dropped_reasons_count/RejectedItem", 0),
        outside=_group(stats, "outside/"),
        not_articles=_group(stats, "not_article/"),
        not_fetched=_group(stats, "not_fetched/"),
        blocked=_group(stats, "blocked/"),
        parts_missing=stats.get("parts/failed", 0),
        requests=stats.get("downloader/request_count", 0),
        statuses=dict(sorted(statuses.items())),
        retries=stats.get("retry/count", 0),
        gave_up=stats.get("retry/max_reached", 0),
        unanswered={
            # "twisted.internet.error.TimeoutError"; a request that we refused is no error.
            kind.rsplit(".", 1)[-1]: count
            for kind, count in _group(stats, "downloader/exception_type_count/").items()
            if not kind.endswith((".IgnoreRequest", ".BrowserError"))
        },
        # An exception that no code of ours caught is counted by Scrapy alone.
        failed=stats.get("pages/failed") or stats.get("spider_exceptions/count", 0),
        failed_kinds=failed_kinds or _group(stats, "spider_exceptions/", leave_out=("count",)),
        failed_urls=tuple(dict.fromkeys([*stats.get("pages/failed/urls", ()), *failed_urls])),
        log_errors=stats.get("log_count/ERROR", 0) + stats.get("log_count/CRITICAL", 0),
        unstored=sum(_group(stats, "feedexport/failed_count/").values()),
        revised=stats.get("articles/revised", 0),
        gone=stats.get("articles/gone", 0),
        known=_group(stats, "known/"),
        browser_pages=stats.get("browser/pages", 0),
        browser_skipped=_group(stats, "browser/skipped/"),
        browser_failed=_group(stats, "browser/failed/"),
        earlier=(
            stats.get("ledger/lines", 0),
            str(next(reversed(stats.get("ledger/dumps", [])), "")),
        ),
        files=files,
    )


def _group(
    stats: Mapping[str, Any], prefix: str, *, leave_out: tuple[str, ...] = ()
) -> dict[str, int]:
    """Return the counters under `prefix` without it, the largest first."""
    found = {
        key.removeprefix(prefix): value
        for key, value in stats.items()
        if key.startswith(prefix) and isinstance(value, int)
    }
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return {key: value for key, value in ranked if key not in leave_out}


def rows(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    """Yield each row's label and its lines; rows that would say nothing are left out."""
    yield from _counted("sections", summary.sections)
    yield from _coverage(summary)
    yield from _counted("duplicates", summary.duplicates, is_always=bool(summary.articles))
    yield from _counted(
        "rejected",
        summary.rejected,
        total=summary.rejected_articles,
        is_always=bool(summary.articles),
    )
    revisions = {"revised": summary.revised, "gone": summary.gone}
    yield from _counted("changed", {name: n for name, n in revisions.items() if n})
    yield from _counted("known", summary.known)
    yield from _counted("outside", summary.outside)
    yield from _counted("no article", summary.not_articles)
    requests = [f"{summary.requests:,}{parts(summary.statuses)}"]
    requests += [f"{summary.retries:,} retried"] if summary.retries else []
    requests += [f"{summary.gave_up:,} given up"] if summary.gave_up else []
    yield "requests", wrapped(requests)
    yield from _browser(summary)
    yield from _counted("no answer", summary.unanswered)
    yield from _counted("not fetched", summary.not_fetched)
    yield from _counted("blocked", summary.blocked)
    yield from _failures(summary)
    lines, place = summary.earlier
    if is_good(summary.reason) and not summary.articles and lines:
        articles = "1 article is" if lines == 1 else f"{lines:,} articles are"
        folder = place.rpartition("/")[0]
        yield "nothing new", [f"{articles} known, in {folder}", "-a known=write writes all again"]
    for label, place in summary.files:
        yield label, [unfolded(place)]


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

    A grid of rich's cuts what is wider than the terminal, and a cut path cannot be copied.
    """
    text = Text()
    text.append(f"{title(summary)}\n", "bold green" if summary.clean else "bold yellow")
    for label, lines in rows(summary):
        for name, line in zip([label, *[""] * len(lines)], lines, strict=False):
            text.append(f"  {name:<12}", "dim").append(f"{line}\n", _STYLES.get(label, ""))
    return text


def _coverage(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    whole = summary.articles
    if not whole:
        return
    shares = [f"{name} {percent(summary.coverage.get(name, 0), whole)}" for name in SHARES]
    yield "fields", wrapped(shares)
    dated = summary.coverage.get("date_published", 0)
    day = summary.coverage.get("date_published/day", 0)
    precision = f"with time {percent(dated - day, whole)}, day only {percent(day, whole)}"
    yield "date", [f"{percent(dated, whole)} ({precision})"]


def _browser(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    told = ["1 page" if summary.browser_pages == 1 else f"{summary.browser_pages:,} pages"]
    for word, counts in (("skipped", summary.browser_skipped), ("failed", summary.browser_failed)):
        if counts:
            told.append(f"{sum(counts.values()):,} {word}{parts(counts)}")
    if summary.browser_pages or len(told) > 1:
        yield "browser", wrapped(told)


def _failures(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    if summary.parts_missing:
        yield "incomplete", [f"{summary.parts_missing:,} lack a further page"]
    if summary.failed:
        pages = "1 page" if summary.failed == 1 else f"{summary.failed:,} pages"
        urls = [fold(url) for url in summary.failed_urls[:MAX_URLS]]
        more = summary.failed - len(urls)
        rest = [f"and {more:,} more: see the log"] if urls and more > 0 else []
        cause = parts(summary.failed_kinds)
        yield "failed", [f"{pages} could not be read{cause}", *urls, *rest]
    if summary.unstored:
        yield "not stored", [f"{summary.unstored:,} of the dumps: the log says why"]
    if summary.log_errors:
        yield "log errors", [f"{summary.log_errors:,}"]


def _counted(
    label: str, counts: Mapping[str, int], *, total: int = 0, is_always: bool = False
) -> Iterator[tuple[str, list[str]]]:
    if counts or is_always:
        yield label, wrapped([f"{total or sum(counts.values()):,}{parts(counts)}"])
