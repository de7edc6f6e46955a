"""The normal form of statements on rights: one signal for each statement and use."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newscrawl.items import Signal
from newscrawl.sites.host_names import web_address
from newscrawl.text import fold, without_credentials

if TYPE_CHECKING:
    from collections.abc import Iterable

ALLOW, DENY = "allow", "deny"
SITE, PAGE = "site", "page"
"""Scopes: a line of robots.txt without a path, and one page for every crawler."""
TOKEN = "newscrawl"  # noqa: S105 - the product token of RFC 9309, 2.2.1
PAGE_FOR = "page for "
"""How the scope begins of a statement that names a crawler; its token follows in lower case."""
OURS = frozenset({SITE, PAGE, f"{PAGE_FOR}{TOKEN}"})
MAX_RAW = 500
"""Characters of a statement that are kept."""
MAX_SIGNALS = 200
"""Signals of one page; further ones are counted as ignored."""
_MAX_VALUE = 2_000
_MAX_CACHED = 1_000
"""Characters."""

ROBOTS_HEADER, ROBOTS_HTML = "robots/header", "robots/html"
TDMREP_FILE, TDMREP_HEADER = "tdmrep/well-known", "tdmrep/header"
TDMREP_HTML = "tdmrep/html"
AIPREF_ROBOTS, AIPREF_HEADER = "aipref/robots.txt", "aipref/header"
CONTENT_SIGNAL = "content-signal/robots.txt"
RSL_ROBOTS, RSL_HEADER = "rsl/robots.txt", "rsl/header"
RSL_HTML, RSL_FEED = "rsl/html", "rsl/feed"
LICENSE_HEADER, LICENSE_HTML = "license/header", "license/html"
SCHEMA_ORG = "schema.org/jsonld"


class Statements:
    """Collects signals, each once, and the sources of what was read and not recorded."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []
        self._added: set[tuple[str, ...]] = set()
        self.ignored: list[str] = []
        """The source of each statement that is unknown, malformed or addressed to others."""
        self.robots: list[str] = []
        """Rules for robots addressed to all and to us, each once, meta tags before headers."""
        self.documents: list[tuple[str, str]] = []
        """Addresses of RSL documents of the page itself, each with its source."""

    def add(self, source: str, scope: str, use: str, value: str, raw: str) -> None:
        """Add a signal; equal ones are added once."""
        # Each rule of a statement is a signal with the same text.
        kept = _kept(raw) if len(raw) <= _MAX_CACHED else _kept.__wrapped__(raw)
        key = (source, scope[:MAX_RAW], use, value, kept)
        if key in self._added:
            return
        if len(self.signals) >= MAX_SIGNALS:
            self.ignore(source)
            return
        self._added.add(key)
        self.signals.append(Signal(*key))

    def merge(self, other: Statements) -> None:
        """Add all that other statements have, each once."""
        for signal in other.signals:
            self.add(signal.source, signal.scope, signal.use, signal.value, signal.raw)
        self.ignored += other.ignored
        self.robots += [rule for rule in other.robots if rule not in self.robots]
        self.documents += [named for named in other.documents if named not in self.documents]

    def ignore(self, source: str) -> None:
        """Count a statement that is not recorded."""
        self.ignored.append(source)


@lru_cache(maxsize=16)
def _kept(raw: str) -> str:
    """Return what is kept of a statement as written."""
    return without_credentials(fold(raw))[:MAX_RAW]


def is_ours(signal: Signal) -> bool:
    """Return whether a signal is addressed to all crawlers or to us; patterns are."""
    return not signal.scope.startswith(PAGE_FOR) or signal.scope in OURS


def unique(signals: Iterable[Signal]) -> list[Signal]:
    """Return signals without repetitions, at most as many as a page may have."""
    kept: list[Signal] = []
    for signal in signals:
        if signal not in kept and len(kept) < MAX_SIGNALS:
            kept.append(signal)
    return kept


def absolute(address: str, base: str | None = None) -> str | None:
    """Return an absolute web address without blanks and credentials; None for any other text.

    >>> absolute("/tdm.json", "https://www.example.it/a/"), absolute("CC BY 4.0"), absolute("/a")
    ('https://www.example.it/tdm.json', None, None)
    """
    address = address.strip()
    if not address or len(address) > _MAX_VALUE or any(map(str.isspace, address)):
        return None
    try:
        return web_address(urljoin(base, address) if base else address)
    except ValueError:
        return None
