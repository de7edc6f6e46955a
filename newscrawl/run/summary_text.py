"""A summary as aligned text: plain for files, in colours for a terminal."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from newscrawl.finish_reasons import is_good
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newscrawl.run.summary import Summary

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

_WIDTH = 66
_STYLES = {"failed": "red", "not stored": "red", "incomplete": "red", "dump": "bold"}
_MINUTE, _HOUR = 60, 3600
_BEFORE_FIGURE = re.compile(r" (?=[<\d])")


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


def unfolded(place: str) -> str:
    """Return a path without control characters; with two spaces it is another than with one."""
    return "".join(char for char in place if char.isprintable())


def percent(part: int, whole: int) -> str:
    """Return a share that says 100% only of all, and 0% only of none.

    >>> percent(999, 1000), percent(1, 1000), percent(0, 7), percent(7, 7)
    ('99%', '<1%', '0%', '100%')
    """
    share = 100 * part // whole if whole else 0
    return "<1%" if part and not share else f"{share}%"


def duration(seconds: float) -> str:
    """Return a span of time in words.

    >>> duration(3.21), duration(125), duration(7384)
    ('3.2 s', '2 min 5 s', '2 h 3 min')
    """
    if seconds < _MINUTE:
        return f"{seconds:.1f} s"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min {int(seconds % _MINUTE)} s"
    return f"{int(seconds // _HOUR)} h {int(seconds % _HOUR // _MINUTE)} min"


def shown(path: str | Path) -> str:
    """Return `path` as a person in the working directory would type it."""
    absolute = Path(path).absolute()
    here = Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute)


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


def parts(counts: Mapping[str, int]) -> str:
    """Return counts in brackets; nothing where there are none.

    >>> parts({"section": 1200, "robots": 3})
    ' (section 1,200, robots 3)'
    """
    words = ", ".join(f"{fold(name) or '(none)'} {count:,}" for name, count in counts.items())
    return f" ({words})" if words else ""


def wrapped(phrases: list[str]) -> list[str]:
    """Return phrases, parted by commas, in lines that leave room for a label in 80 columns."""
    # textwrap leaves no-break spaces alone: a name and its figure stay on one line.
    text = _BEFORE_FIGURE.sub("\u00a0", ", ".join(phrases))
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\u00a0", " ") for line in lines]
