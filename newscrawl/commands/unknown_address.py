"""What it means that a ledger does not know an address, in labelled lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.commands.ledger_text import minute
from newscrawl.items.channel_table import TABLE
from newscrawl.text import fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newscrawl.items.channel_table import ChannelRow
    from newscrawl.ledger.admin.address_history import RunOfAddress
    from newscrawl.urls import Address

_MAY_BE_ARTICLES = {Kind.ARTICLE, Kind.PAGE}
_FORMS = {
    Kind.PAGE: "a page, which may be an article",
    Kind.ARCHIVE: "an archive",
    Kind.DAY: "the archive of a day, month or year",
    Kind.TAG: "the archive of a tag",
    Kind.AUTHOR: "the archive of an author",
    Kind.HOME: "the home page",
    Kind.FEED: "a feed",
    Kind.FILE: "a file",
    Kind.EMBED: "an embedded form of a page",
    Kind.SERVICE: "an address of WordPress itself, such as a search",
    Kind.TRAP: "a crawler trap: it repeats the content of other pages",
}
_CHANNELS = {
    "archive": "the section's archive",
    "related": "the Related Posts of another article",
    "sitemap": "a sitemap",
    "feed": "a feed",
    "rest": "WordPress REST",
    "month": "a month archive",
}
"""What leads to an article; the home page's menu leads to archives."""


def meaning(
    address: Address, last_runs: Mapping[str, RunOfAddress], crawl: str
) -> list[tuple[str, str]]:
    """Return the label and the text of each line.

    Args:
        address: the address.
        last_runs: spider to its last run.
        crawl: the spider to request it with, and the arguments that this ledger needs.
    """
    if address.kind not in _MAY_BE_ARTICLES:
        return [
            ("form", f"{_FORMS[address.kind]}, not an article's address"),
            ("meaning", "a run may read it for its links; it is never written to a dump"),
        ]
    return [
        ("form", _form(address)),
        ("meaning", "none of the channels below has led to it in any run: never requested"),
        *_runs(last_runs),
        *_channels(),
        ("days", "a run with since or until does not record what a list dates outside them"),
        (
            "robots.txt",
            "does not hide it: what it forbids is recorded as excluded once it is found",
        ),
        ("next", f"scrapy crawl {crawl} -a urls={address.url}"),
        ("", "requests it whatever lists it, and shows how the site answers"),
    ]


def _form(address: Address) -> str:
    if address.kind is not Kind.ARTICLE:
        return _FORMS[address.kind]
    day = f" of {address.day.replace('/', '-')}" if address.day else ""
    section = f", section {'/'.join(address.sections)}" if address.sections else ""
    return f"an article{day}{section}"


def _runs(last_runs: Mapping[str, RunOfAddress]) -> Iterator[tuple[str, str]]:
    label = "last runs"
    for name, run in last_runs.items():
        yield label, f"{fold(name)}, started {minute(run.started)}: {fold(run.reason)}"
        label = ""
    if not last_runs:
        yield label, "none: no spider has run on this ledger"


def _channels() -> Iterator[tuple[str, str]]:
    label = "channels"
    for row in TABLE:
        if row.name in _CHANNELS:
            yield label, f"{row.name:<8} {_CHANNELS[row.name]}{_condition(row)}"
            label = ""


def _condition(row: ChannelRow) -> str:
    if row.is_default or row.reader is None:
        return ""
    spans = "since, until, " if row.is_for_spans else ""
    return f" (only with {spans}discover={row.name})"
