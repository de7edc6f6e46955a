"""Spider arguments, the same for `scrapy crawl -a` and for a Scrapyd schedule."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawl.discovery import CHANNELS, CHEAP, FOR_SPANS
from newscrawl.discovery.related import POLICIES
from newscrawl.sites.host_names import web_address
from newscrawl.text import AT, shown
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.urls import SiteUrls

RENDER = ("auto", "never", "always")
WRITE = "write"
KNOWN = ("skip", WRITE)
PAGE, REST = "page", "rest"
SOURCES = (PAGE, REST)
NEWEST, OLDEST = "newest", "oldest"
ORDERS = (NEWEST, OLDEST)
_OF_ALL = (
    "since", "until", "pages", "related", "discover", "render", "urls", "known", "source", "order",
)  # fmt: skip
_OF_PAGES = ("pages", "related", "discover", "render", "urls")
"""Arguments without a meaning where articles are read from REST."""
NAMES = ("site_url", *_OF_ALL)
"""Arguments of each spider."""
SITE_NAMES = ("site_url", "site", "section", *_OF_ALL)
"""Arguments of a spider whose site they name: `wordpress`."""
# Scrapyd passes these to every spider.
IGNORED = frozenset({"_job", "_version", "name"})
MAX_FILE = 16 << 20
"""Bytes of the largest file of addresses."""
_AUTHORITY_END = re.compile(r"[/\\?#]")
_SLUG = re.compile(r"[\w%-]{1,80}")


class ArgumentError(ValueError):
    """A spider argument that cannot be used; its text is one line for the user."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a run, validated."""

    site_url: str | None = None
    since: date | None = None
    until: date | None = None
    pages: int | None = None
    related: str = "section"
    discover: tuple[str, ...] = CHEAP
    render: str = "auto"
    urls: tuple[str, ...] = ()
    url_lines: tuple[int, ...] = ()
    """The lines of `urls` in the file that has them; empty where they were typed."""
    known: str = "skip"
    source: str = PAGE
    order: str = NEWEST
    site: str | None = None
    section: str | None = None

    @classmethod
    def parse(cls, given: Mapping[str, object], names: tuple[str, ...] = NAMES) -> Arguments:
        """Return the arguments parsed from `given`, name to text.

        `names` are the arguments that the spider has.

        Raises:
            ArgumentError: a name or value that cannot be used.
        """
        values = {name: str(value).strip() for name, value in given.items() if name not in IGNORED}
        for name in values:
            if name not in names:
                raise ArgumentError(f"unknown argument {shown(name)}{_hint(name, names)}")
        for name, value in values.items():
            if not value:
                # Of a variable that is not set, for example: the live site would be crawled.
                raise ArgumentError(f"{name}= is empty: give it a value, or leave it out")
        since, until = _day(values, "since"), _day(values, "until")
        if since and until and since > until:
            raise ArgumentError(f"since={since} is after until={until}")
        source = _choice(values, "source", SOURCES)
        order = _choice(values, "order", ORDERS)
        for name in _OF_PAGES:
            if source == REST and name in values:
                raise ArgumentError(
                    f"{name}= is about pages, and source=rest reads none: leave out one of them"
                )
        urls, url_lines = _urls(values.get("urls"))
        return cls(
            site_url=_site_url(values.get("site_url")),
            since=since,
            until=until,
            pages=_count(values, "pages"),
            related=_choice(values, "related", POLICIES),
            discover=_channels(
                values.get("discover"), by_month=bool(since or until or order == OLDEST)
            ),
            render=_choice(values, "render", RENDER),
            urls=urls,
            url_lines=url_lines,
            known=_choice(values, "known", KNOWN),
            source=source,
            order=order,
            site=values.get("site"),
            section=_slug(values.get("section")),
        )

    def check_urls(self, addresses: SiteUrls) -> None:
        """Check that `urls` names addresses of the site only.

        Raises:
            ArgumentError: it names others; the text says how many, and the first of them.
        """
        others = [
            f"the address on line {self.url_lines[index]:,}" if self.url_lines else shown(url)
            for index, url in enumerate(self.urls)
            if addresses.understand(url).kind is Kind.FOREIGN
        ]
        if not others:
            return
        hosts = " or ".join(addresses.host_names())
        if len(self.urls) == 1:
            raise ArgumentError(f"urls: {others[0]} is not an address of {hosts}")
        are = "is not an address" if len(others) == 1 else "are not addresses"
        raise ArgumentError(
            f"urls: {len(others):,} of {len(self.urls):,} {are} of {hosts}, the first is "
            f"{others[0]}: remove what is not of the site"
        )


def _slug(value: str | None) -> str | None:
    if value is None or _SLUG.fullmatch(value):
        return value and value.lower()
    raise ArgumentError(
        f"section={shown(value)} is not the short name of a section: write it as in the address "
        "of its archive, for example sport"
    )


def _site_url(value: str | None) -> str | None:
    if value is None:
        return None
    if has_credentials(value):
        raise ArgumentError(
            "site_url= has a user name or a password, which would be in logs and reports: give the "
            "address without them"
        )
    if not is_web_address(value) or any(character in value for character in "?#"):
        raise ArgumentError(
            f"site_url={shown(value)} is not a web address: write it as https://www.example.it "
            "or http://127.0.0.1:8000"
        )
    return value.rstrip("/")


def has_credentials(url: str) -> bool:
    """Return whether there is a user name or a password before the host.

    Where the host is cannot be said of what is not an address: all of it counts.
    """
    is_before_host = "@" in _AUTHORITY_END.split(url.partition("://")[2], maxsplit=1)[0]
    return is_before_host or (bool(AT.search(url)) and not is_web_address(url))


def is_web_address(value: str) -> bool:
    """Return whether a text is an http address with a valid host and port."""
    return "\\" not in value and web_address(value) is not None


def _day(values: Mapping[str, str], name: str) -> date | None:
    value = values.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ArgumentError(
            f"{name}={shown(value)} is not an ISO date: write it as 2026-11-23"
        ) from None


def _count(values: Mapping[str, str], name: str) -> int | None:
    value = values.get(name)
    if value is None:
        return None
    if not value.isascii() or not value.isdecimal() or not int(value[:9]) > 0 or len(value) > 9:
        raise ArgumentError(f"{name}={shown(value)} is not a number of pages: write 1 or more")
    return int(value)


def _choice(values: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    value = values.get(name, choices[0])
    if value not in choices:
        raise ArgumentError(
            f"{name}={shown(value)} is not one of {', '.join(choices)}{_hint(value, choices)}"
        )
    return value


def _channels(value: str | None, *, by_month: bool) -> tuple[str, ...]:
    if value is None:
        return FOR_SPANS if by_month else CHEAP
    names = [name.strip() for name in value.split(",") if name.strip()]
    for name in names:
        if name not in CHANNELS:
            raise ArgumentError(
                f"discover={shown(name)} is not one of {', '.join(CHANNELS)}{_hint(name, CHANNELS)}"
            )
    if not names:
        raise ArgumentError(f"discover names no channel: choose among {', '.join(CHANNELS)}")
    return tuple(name for name in CHANNELS if name in names)


def _urls(value: str | None) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the addresses that `urls` names, and their lines where it names a file.

    What is in a file is never quoted: it may be another one than the user meant.
    """
    if value is None:
        return (), ()
    is_file = not value.startswith(("http://", "https://"))
    lines = _lines_of(value) if is_file else value.split(",")
    numbers: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        url = line.strip()
        if not url or url.startswith("#"):
            continue
        place = f"line {number:,} of urls={shown(value)}" if is_file else "urls: an address"
        if has_credentials(url):
            raise ArgumentError(f"{place} has a user name or a password: remove them")
        if not is_web_address(url):
            place = place if is_file else f"urls: {shown(url)}"
            raise ArgumentError(f"{place} is not a web address")
        numbers.setdefault(url, number)
    if not numbers:
        raise ArgumentError(f"urls={shown(value)} names no address")
    return tuple(numbers), tuple(numbers.values()) if is_file else ()


def _lines_of(name: str) -> list[str]:
    """Return the lines of a file of addresses.

    Raises:
        ArgumentError: it is not a regular file, cannot be read, is too large, or is not a text.
    """
    problem = f"urls={shown(name)} is neither a web address nor a readable file"
    try:
        # A device or a pipe would be waited for, and may have no end.
        if not (path := Path(name)).is_file():
            path.stat()
            kind = "Is a directory" if path.is_dir() else "not a regular file"
            raise ArgumentError(f"{problem}: {kind}")
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            content = file.read(MAX_FILE + 1)
        text = content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        if isinstance(error, ArgumentError):
            raise
        reason = getattr(error, "strerror", None) or "not a text file in UTF-8"
        raise ArgumentError(f"{problem}: {reason}") from None
    if len(content) > MAX_FILE:
        raise ArgumentError(
            f"urls={shown(name)} has more than {MAX_FILE >> 20} MiB: divide it into several files"
        )
    return text.splitlines()


def _hint(value: str, choices: tuple[str, ...]) -> str:
    matches = difflib.get_close_matches(value, choices, n=1)
    return f" (did you mean {matches[0]}?)" if matches else f": choose among {', '.join(choices)}"
