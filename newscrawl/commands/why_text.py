"""The history of an address as text: plain for files, in colours for a terminal."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from newscrawl.commands.ledger_text import minute
from newscrawl.discovery import EXPLICIT
from newscrawl.formatting import display_path, printable_path
from newscrawl.ledger.admin.address_history import IN_DUMPS, Finding, Visit, WrittenLine
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from newscrawl.ledger.admin.address_history import (
        AddressHistory,
        AddressState,
        KnownArticle,
        SeriesHistory,
    )

_LABEL, _TIME = 10, 20
_WIDTH = 80
_STYLES = {
    "written": "green",
    "unchanged": "green",
    "read": "green",
    "failed": "red",
    "blocked": "red",
    "missing": "red",
    "gone": "magenta",
}


def styled(history: AddressHistory) -> Text:
    """Return the history of an address in colours; print it with `soft_wrap`."""
    from rich.text import Text

    text = Text()
    text.append(f"{fold(history.url)}\n", "bold")
    if not history.is_known:
        text.append("the ledger does not know this address\n", "yellow")
    for label, line in history.meaning:
        # A command is copied as one line.
        is_command = line.startswith("scrapy ")
        _append(text, label, [line] if is_command else _wrapped(line, _LABEL + 4))
    for article in history.articles:
        _append(text, "article", _article(article))
        if article.url != history.url:
            _append(text, "address", [fold(article.url)])
        others = [url for url in article.other_urls if url != history.url]
        if others:
            _append(text, "also at", [fold(url) for url in others])
    for series in history.series:
        text.append("\n")
        _heading(text, fold(series.spider), fold(series.summary))
        _events(text, series, history.url)
        _states(text, series)
    return text


def render(history: AddressHistory) -> str:
    """Return the same as plain text without control characters."""
    return styled(history).plain


def _heading(text: Text, spider: str, summary: str) -> None:
    style = "green" if summary.startswith(IN_DUMPS) else "yellow"
    first, *more = _wrapped(f"{spider}: {summary}", 2)
    text.append(spider, "bold").append(f"{first.removeprefix(spider)}\n", style)
    for line in more:
        text.append(f"  {line}\n", style)


def _article(article: KnownArticle) -> list[str]:
    facts = [fold(article.id)]
    if article.published:
        facts.append(f"published {minute(article.published)}")
    facts.append(f"first read {minute(article.first_seen_at)}")
    if article.versions > 1:
        facts.append(f"{article.versions:,} versions of its text")
    if article.is_gone:
        facts.append("gone")
    elif article.missing_since:
        facts.append(f"missing since {minute(article.missing_since)}")
    if article.duplicate_of:
        alike = "exact" if article.similarity == 1 else "near"
        facts.append(f"{alike} duplicate of {fold(article.duplicate_of)}")
    return _wrapped(", ".join(facts), _LABEL + 4)


def _events(text: Text, series: SeriesHistory, url: str) -> None:
    if not any(isinstance(event, Visit | Finding) for event in series.events):
        _without_history(text, series)
    requests = {(event.run, event.at) for event in series.events if isinstance(event, Visit)}
    for event in series.events:
        style = ""
        if isinstance(event, Finding):
            lines = _finding(event)
        elif isinstance(event, Visit):
            status = f"HTTP {event.status}" if event.status else "no response"
            lines = _wrapped(
                f"run {event.run}, {status}: {fold(_without_status(event))}", _TIME + 4
            )
            style = _STYLES.get(event.outcome, "yellow")
        else:
            lines = [*_line(event)]
        if not isinstance(event, WrittenLine) and event.url != url:
            lines.append(f"at {fold(event.url)}")
        is_of_request = isinstance(event, WrittenLine) and (event.run, event.at) in requests
        label = "" if is_of_request else _second(event.at)
        _append(text, label, lines, _TIME, style)


def _without_status(event: Visit) -> str:
    """Return the explanation of a visit, which need not repeat the HTTP status."""
    status = f"HTTP {event.status}"
    return event.explanation.removesuffix(f": {status}").replace(f"gone: {status}, ", "gone: ")


def _finding(event: Finding) -> list[str]:
    is_named = event.channel == EXPLICIT
    words = "named by the argument urls" if is_named else f"found by {event.channel}"
    return [words, f"on {fold(event.page)}"] if event.page else [words]


def _line(event: WrittenLine) -> Iterator[str]:
    path = printable_path(display_path(event.dump)) if event.dump else ""
    if event.line is not None:
        yield f"line {event.line:,} of {path}"
    else:
        yield f"line {f'in {path}' if path else 'not in a dump'}: {fold(event.problem)}"
    facts = [fold(event.article), f"revision {event.revision}"]
    facts += [f"edition {event.edition}"] if event.edition > 1 else []
    facts += ["status gone"] if event.status == "gone" else []
    if event.changed_fields:
        facts.append(f"changed: {', '.join(map(fold, event.changed_fields))}")
    yield from _wrapped(", ".join(facts), _TIME + 4)


def _without_history(text: Text, series: SeriesHistory) -> None:
    """Add what the queue knows of addresses from before the ledger kept a history."""
    for state in series.addresses:
        words = f"found by {', '.join(state.channels) or 'a channel that is not recorded'}"
        _append(text, _second(state.found_at), [words], _TIME)
        if state.fetched_at:
            status = f"HTTP {state.status}" if state.status else "no response"
            words = f"last request, {status}: {fold(state.explanation)}"
            _append(text, _second(state.fetched_at), _wrapped(words, _TIME + 4), _TIME)
    if series.addresses:
        note = "earlier requests were made by a newscrawl that kept no history"
        _append(text, "", [note], _TIME, "dim")


def _states(text: Text, series: SeriesHistory) -> None:
    for state in series.addresses:
        _append(text, "next", _next(state, is_named=len(series.addresses) > 1))
    if not series.addresses:
        _append(text, "next", ["this spider has reached its article by another address"])
    runs = [f"{run.run}, started {_second(run.started)}: {fold(run.reason)}" for run in series.runs]
    if runs:
        _append(text, "runs", runs)


def _next(state: AddressState, *, is_named: bool) -> list[str]:
    lines = _wrapped(fold(state.next), _LABEL + 4)
    return [f"{fold(state.url)}:", *lines] if is_named else lines


def _second(time: str) -> str:
    return f"{time[:10]} {time[11:19]}Z"


def _wrapped(text: str, indent: int) -> list[str]:
    return textwrap.wrap(text, _WIDTH - indent, break_long_words=False, break_on_hyphens=False) or [
        ""
    ]


def _append(text: Text, label: str, lines: list[str], width: int = _LABEL, style: str = "") -> None:
    for number, line in enumerate(lines):
        text.append(f"  {'' if number else label:<{width}}  ", "dim")
        text.append(f"{line}\n", style)
