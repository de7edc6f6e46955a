"""Lines of robots.txt that no parser of Scrapy gives: pace, sitemaps, statements on rights."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

_RIGHTS = ("content-usage", "content-signal", "license")
_RULES = frozenset({"allow", "disallow", "crawl-delay", *_RIGHTS})
"""Lines after which a user agent opens another group; unknown ones do not (RFC 9309, 2.2.4)."""
_TOKEN = re.compile(r"\*|[A-Za-z_-]+")
_MAX_LINES = 20_000
_MAX_VALUE = 2_000


@dataclass(slots=True)
class RobotsLines:
    """What a robots.txt says to one crawler besides what it forbids."""

    crawl_delay: float | None = None
    """In seconds, of the crawler's own group, else of `*`."""
    sitemaps: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    """`Content-Usage: …`, `Content-Signal: …`, `License: …`, as written."""
    rights_lines: list[tuple[str, str]] = field(default_factory=list)
    """The same: name in lower case, value without comment."""
    rights_of_others: list[str] = field(default_factory=list)
    """Names, in lower case, of such lines in the groups of other crawlers."""


def read(text: str, agent: str) -> RobotsLines:
    r"""Return what a robots.txt says to the crawler whose token is `agent`.

    >>> text = "User-agent: *\nCrawl-delay: 5\n\nUser-agent: newscrawl\nCrawl-delay: 2"
    >>> read(text, "newscrawl").crawl_delay, read(text, "other").crawl_delay
    (2.0, 5.0)
    >>> read("Content-Signal: ai-train=no # all", "newscrawl").rights
    ['Content-Signal: ai-train=no']
    """
    result, agents, is_open = RobotsLines(), [""], False
    groups: dict[str, list[tuple[str, str]]] = {}
    for line in text.splitlines()[:_MAX_LINES]:
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip(), value.strip()[:_MAX_VALUE]
        key = name.lower()
        if not colon:
            continue
        if key == "user-agent":
            agents = [*(agents if is_open else []), _token_of(value)]
            is_open = True
            groups.setdefault(agents[-1], [])
        elif key == "sitemap":
            result.sitemaps.append(value)
        elif key in _RULES:
            # The first rule closes the list of user agents.
            is_open = False
            for token in agents:
                groups.setdefault(token, []).append((name, value))
    outside = groups.pop("", [])
    own = groups.pop(agent.lower(), None)
    # The group of all is ours only where there is none of our own (2.2.1).
    everyone = groups.pop("*", [])
    own, others = (everyone, []) if own is None else (own, everyone)
    for name, value in [*outside, *own]:
        if name.lower() == "crawl-delay":
            result.crawl_delay = _seconds(value) or result.crawl_delay
    _note_rights(result, outside, own)
    for lines in (others, *groups.values()):
        result.rights_of_others += [name.lower() for name, _ in lines if name.lower() in _RIGHTS]
    return result


def _token_of(value: str) -> str:
    """Return the product token of a user agent's line in lower case."""
    match = _TOKEN.match(value)
    return match[0].lower() if match else value.lower()


def _note_rights(
    result: RobotsLines, outside: list[tuple[str, str]], own: list[tuple[str, str]]
) -> None:
    """Note the statements on rights; licences of our group replace those outside (RSL, 4.4)."""
    has_licence = any(name.lower() == "license" for name, _ in own)
    for name, value in [*outside, *own]:
        key = name.lower()
        is_replaced = key == "license" and has_licence and (name, value) not in own
        if key not in _RIGHTS or is_replaced or (key, value) in result.rights_lines:
            continue
        result.rights.append(f"{name}: {value}")
        result.rights_lines.append((key, value))


def _seconds(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None
