"""Lines of robots.txt that no parser of Scrapy gives: pace, sitemaps, statements on rights."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

_RIGHTS = ("content-usage", "content-signal", "license")
_MAX_LINES = 20_000
_MAX_VALUE = 300


@dataclass(slots=True)
class RobotsLines:
    """What a robots.txt says to one crawler besides what it forbids."""

    crawl_delay: float | None = None
    """In seconds, of the crawler's own group, else of `*`."""
    sitemaps: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    """`Content-Usage: …`, `Content-Signal: …`, `License: …`, as written."""


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
            agents = [*(agents if is_open else []), value.lower()]
            is_open = True
        elif key == "sitemap":
            result.sitemaps.append(value)
        else:
            is_open = False
            for token in agents:
                groups.setdefault(token, []).append((name, value))
    own = groups.get(agent.lower()) or groups.get("*", [])
    for name, value in [*groups.get("", []), *own]:
        key = name.lower()
        if key in _RIGHTS and f"{name}: {value}" not in result.rights:
            result.rights.append(f"{name}: {value}")
        elif key == "crawl-delay":
            result.crawl_delay = _seconds(value) or result.crawl_delay
    return result


def _seconds(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number > 0 else None
