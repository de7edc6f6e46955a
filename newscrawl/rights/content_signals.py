"""Reads Content-Signal, a line of robots.txt (Cloudflare, September 2025; no standard).

Source: contentsignals.org; developers.cloudflare.com, "Managed robots.txt".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.rights.signals import ALLOW, CONTENT_SIGNAL, DENY, SITE
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.rights.signals import Statements

NAME = "content-signal"
"""Of the line, in lower case."""
_VALUES = {"yes": ALLOW, "no": DENY}
_USES = {
    "search": ("search", _VALUES),
    "ai-input": ("ai-input", _VALUES),
    "ai-train": ("train", _VALUES),
    # Since August 2026, may change.
    "use": ("ai-level", {name: name for name in ("immediate", "reference", "full")}),
}
"""Signals to use and values, as of November 2026."""
_MAX_SIGNALS = 100


def read(lines: Iterable[str], statements: Statements) -> None:
    """Add what the values of the lines of our group state; several lines add up."""
    for line in lines:
        for text in line.lower().split(",", _MAX_SIGNALS):
            name, _, stated = (fold(part) for part in text.partition("="))
            use, values = _USES.get(name, ("", {}))
            if stated in values:
                statements.add(CONTENT_SIGNAL, SITE, use, values[stated], line)
            elif name:
                statements.ignore(CONTENT_SIGNAL)
