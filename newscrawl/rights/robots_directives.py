"""Reads robots meta tags and X-Robots-Tag headers.

Source: developers.google.com, "Robots meta tag, data-nosnippet, and X-Robots-Tag specifications";
Bing's `nocache`; developer.mozilla.org, "X-Robots-Tag".
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from newscrawl.rights.signals import (
    ALLOW,
    DENY,
    PAGE,
    PAGE_FOR,
    ROBOTS_HEADER,
    ROBOTS_HTML,
    TOKEN,
)
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.rights.signals import Statements

EVERY_CRAWLER = "robots"
"""Name of the meta tag that addresses all."""
_CRAWLERS = frozenset({EVERY_CRAWLER, TOKEN, "googlebot-news"})
_SIMPLE: dict[str, tuple[tuple[str, str], ...]] = {
    "all": (("index", ALLOW), ("follow", ALLOW)),
    "none": (("index", DENY), ("follow", DENY)),
    "index": (("index", ALLOW),),
    "noindex": (("index", DENY),),
    "follow": (("follow", ALLOW),),
    "nofollow": (("follow", DENY),),
    "noarchive": (("archive", DENY),),
    "nocache": (("archive", DENY),),
    "nosnippet": (("snippet", DENY),),
    "notranslate": (("translate", DENY),),
    "noimageindex": (("image-index", DENY),),
    "noai": (("ai", DENY),),
    "noimageai": (("image-ai", DENY),),
}
_VALUED = {
    "max-snippet": re.compile(r"-?\d{1,9}"),
    "max-image-preview": re.compile(r"none|standard|large"),
    "max-video-preview": re.compile(r"-?\d{1,9}"),
}
_UNTIL = "unavailable_after"
_RULES = frozenset({*_VALUED, _UNTIL})
"""Rules with a colon, which are not tokens of crawlers."""
_ADDRESSEE = re.compile(r"\s*([A-Za-z0-9][\w.-]{0,63})\s*:")
_MAX_RULES = 100
_MAX_CACHED = 1_000
"""Characters."""
# Thursday, 25-Jun-20 15:00:00 GMT (RFC 850)
_RFC_850 = re.compile(r"(?:[a-z]+, *)?(\d{1,2})-([a-z]{3})-(\d\d) (.+)", re.IGNORECASE)


@lru_cache(maxsize=1_000)
def is_crawler(name: str) -> bool:
    """Return whether the name of a meta tag, in lower case, addresses crawlers.

    >>> is_crawler("robots"), is_crawler("bingbot"), is_crawler("description")
    (True, True, False)
    """
    return name in _CRAWLERS or name.endswith("bot")


def read_meta(name: str, contents: Iterable[str], statements: Statements) -> None:
    """Add what the meta tags of one name state; the name is in lower case."""
    token = None if name == EVERY_CRAWLER else name
    for content in contents:
        _read(ROBOTS_HTML, token, content, content, statements)


def read_headers(lines: Iterable[str], statements: Statements) -> None:
    """Add what the field lines of X-Robots-Tag state."""
    for line in lines:
        match = _ADDRESSEE.match(line)
        if match is None or match[1].lower() in _RULES:
            _read(ROBOTS_HEADER, None, line, line, statements)
        else:
            _read(ROBOTS_HEADER, match[1].lower(), line[match.end() :], line, statements)


def _read(source: str, token: str | None, rules: str, raw: str, statements: Statements) -> None:
    scope = PAGE if token is None else f"{PAGE_FOR}{token}"
    # The pages of a site have the same.
    parse = _parsed if len(rules) <= _MAX_CACHED else _parsed.__wrapped__
    for rule, uses in parse(rules.lower()):
        if not uses:
            statements.ignore(source)
            continue
        for use, value in uses:
            statements.add(source, scope, use, value, raw)
        if token in {None, TOKEN} and rule not in statements.robots:
            statements.robots.append(rule)


@lru_cache(maxsize=64)
def _parsed(rules: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the rules of a comma list in lower case, each with its uses and values."""
    return tuple((rule, _uses(rule, date)) for rule, date in _separate(rules))


def _separate(rules: str) -> Iterable[tuple[str, datetime | None]]:
    """Yield the rules of a comma list, folded; a date may have a comma of its own."""
    pieces = [fold(piece) for piece in rules.split(",", _MAX_RULES)]
    position = 0
    while position < len(pieces):
        rule, date = pieces[position], None
        position += 1
        if rule.startswith(f"{_UNTIL}:"):
            date = _moment(rule.partition(":")[2])
            if date is None and position < len(pieces):
                joined = f"{rule}, {pieces[position]}"
                if (date := _moment(joined.partition(":")[2])) is not None:
                    rule, position = joined, position + 1
        if rule:
            yield rule, date


def _uses(rule: str, date: datetime | None) -> tuple[tuple[str, str], ...]:
    """Return uses and values of a rule; nothing for an unknown or malformed one."""
    if rule in _SIMPLE:
        return _SIMPLE[rule]
    name, _, value = (part.strip() for part in rule.partition(":"))
    if name == _UNTIL and date is not None:
        is_day = re.fullmatch(r"\d{4}-\d\d-\d\d", value)
        return ((("available-until"), value if is_day else f"{date:%Y-%m-%dT%H:%M:%SZ}"),)
    pattern = _VALUED.get(name)
    return ((name, value),) if pattern is not None and pattern.fullmatch(value) else ()


def _moment(text: str) -> datetime | None:
    """Return a time of RFC 822, RFC 850 or ISO 8601 in UTC, where it states no zone too.

    >>> _moment("Thursday, 25-Jun-20 15:00:00 GMT").isoformat()
    '2020-06-25T15:00:00+00:00'
    """
    text = fold(text)[:60]
    if match := _RFC_850.fullmatch(text):
        century = "20" if match[3] < "70" else "19"
        text = f"{match[1]} {match[2]} {century}{match[3]} {match[4]}"
    for parse in (_iso, parsedate_to_datetime):
        try:
            value = parse(text)
            value = value.replace(tzinfo=UTC) if value.tzinfo is None else value
            return value.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text.upper())
