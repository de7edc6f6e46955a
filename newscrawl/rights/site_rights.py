"""What a site states on rights outside its pages: robots.txt, tdmrep.json, licences, feeds."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.rights import content_signals, content_usage, policy, rsl, tdmrep
from newscrawl.rights.content_usage import UsageRules
from newscrawl.rights.feed_reading import FeedReading
from newscrawl.rights.signals import (
    AIPREF_ROBOTS,
    CONTENT_SIGNAL,
    PAGE,
    RSL_FEED,
    RSL_ROBOTS,
    SITE,
    TDMREP_FILE,
    Statements,
    absolute,
    unique,
)
from newscrawl.rights.tdmrep import Reservations
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from newscrawl.items import Rights, Signal
    from newscrawl.rights.rsl import Content

_MAX_LICENCES = 20
"""RSL documents that one robots.txt may name."""
_MAX_FEED_ITEMS = 10_000
_SOURCES = {
    content_usage.NAME: AIPREF_ROBOTS,
    content_signals.NAME: CONTENT_SIGNAL,
    rsl.NAME: RSL_ROBOTS,
}


class RobotsRights:
    """The lines on rights of one robots.txt that apply to us."""

    def __init__(
        self, lines: Iterable[tuple[str, str]], allows: Callable[[str], bool] = lambda _: True
    ) -> None:
        """Take the lines.

        Args:
            lines: name, value without comment.
            allows: returns whether an address may be fetched.
        """
        self._allows = allows
        values: dict[str, list[str]] = {name: [] for name in _SOURCES}
        for name, value in lines:
            values[name.lower()].append(value)
        self._usage = UsageRules(values[content_usage.NAME])
        statements = Statements()
        content_signals.read(values[content_signals.NAME], statements)
        for value in values[rsl.NAME]:
            address = absolute(value)
            if address is None or len(statements.documents) >= _MAX_LICENCES:
                statements.ignore(RSL_ROBOTS)
                continue
            statements.add(RSL_ROBOTS, SITE, "license", address, value)
            statements.documents.append((address, RSL_ROBOTS))
        self.signals = statements.signals
        """Those that apply to every page."""
        self.documents = [*dict.fromkeys(address for address, _ in statements.documents)]
        self.ignored = [*statements.ignored, *self._usage.ignored]

    def read(self, url: str, statements: Statements) -> None:
        """Add what the lines state about the page at an address."""
        # Nothing is stated of what may not be fetched (draft-ietf-aipref-attach-05, 3).
        if self._usage.is_stated and self._allows(url):
            self._usage.read(url, statements)
        statements.signals += self.signals


_NOTHING = RobotsRights(())


class SiteRights:
    """What a run knows of a site's statements on rights, and the policy in force."""

    def __init__(self, policy_name: str = policy.RECORD) -> None:
        self.policy = policy_name
        self.reservations = Reservations()
        self.licences: dict[str, list[Content]] = {}
        """Contents of RSL documents by address; empty for one that could not be read."""
        self._robots: dict[str, RobotsRights] = {}
        self._feeds: OrderedDict[str, list[Signal]] = OrderedDict()
        self._feed_readings: list[FeedReading] = []
        self._unread_feeds: set[str] = set()
        self.has_feed_terms = False
        """Whether the ledger may know of a feed that states something, or could not be read."""
        self._ignored: list[str] = []

    @property
    def is_respected(self) -> bool:
        """Whether pages are kept back that publishers keep back."""
        return self.policy == policy.RESPECT

    def add_robots(
        self,
        host: str,
        lines: Iterable[tuple[str, str]],
        others: Iterable[str] = (),
        allows: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """Take the lines of a host's robots.txt.

        Args:
            host: with its port, in lower case.
            lines: name in lower case, value without comment.
            others: names of the lines for other crawlers.
            allows: returns whether an address of the host may be fetched.
        """
        self._robots[host] = robots = RobotsRights(lines, allows)
        self._ignored += robots.ignored
        self._ignored += [_SOURCES[name] for name in others]

    def add_reservations(self, text: str) -> None:
        """Take the site's tdmrep.json."""
        self.reservations = Reservations.parse(text)
        self._ignored += [TDMREP_FILE] * self.reservations.ignored

    def add_licence(self, address: str, status: int, body: bytes, source: str) -> None:
        """Take the answer to a request for an RSL document.

        Raises:
            ValueError: it is not one.
        """
        if status != 200:
            raise ValueError(f"HTTP {status}")
        self.licences[address] = contents = rsl.parse(body)
        self._ignored += [source] * sum(content.ignored for content in contents)

    def add_feed(self, feed: str, items: Mapping[str, Sequence[Content]]) -> None:
        """Take what a feed states.

        Args:
            feed: its canonical address.
            items: the contents of each item, by the canonical address of its page.
        """
        reading = FeedReading(key_of(feed))
        for url, contents in items.items():
            statements = Statements()
            rsl.read(contents, RSL_FEED, PAGE, [url], statements)
            self._ignored += [RSL_FEED] * sum(content.ignored for content in contents)
            reading.signals[key_of(url)] = statements.signals
            if statements.signals:
                self.has_feed_terms = True
                self._feeds[url] = statements.signals
                if len(self._feeds) > _MAX_FEED_ITEMS:
                    self._feeds.popitem(last=False)
        self._unread_feeds.discard(feed)
        self._feed_readings.append(reading)

    def miss_feed(self, feed: str) -> None:
        """Record that a feed could not be read now, so that what it states is not known."""
        self._unread_feeds.add(feed)
        self.has_feed_terms = True
        self._feed_readings.append(FeedReading(key_of(feed), is_unread=True))

    def take_feed_readings(self) -> list[FeedReading]:
        """Return the readings of feeds since the last call, for the ledger."""
        readings, self._feed_readings = self._feed_readings, []
        return readings

    @property
    def awaits_feed(self) -> bool:
        """Whether nothing may be written, as this run could not read a feed."""
        return self.is_respected and bool(self._unread_feeds)

    def add_terms(
        self, rights: Rights, documents: Iterable[tuple[str, str]], urls: Sequence[str]
    ) -> None:
        """Add the terms of the RSL documents that a page or its response names.

        Args:
            rights: of the page.
            documents: addresses, each with its source.
            urls: addresses of the page.
        """
        statements = Statements()
        for address, source in documents:
            rsl.read(self.licences.get(address, ()), source, PAGE, urls, statements)
        if statements.signals:
            rights.signals = unique([*rights.signals, *statements.signals])

    def documents(self) -> list[str]:
        """Return the addresses of the RSL documents that robots.txt names."""
        return [address for robots in self._robots.values() for address in robots.documents]

    def take_ignored(self) -> list[str]:
        """Return the sources of what was not recorded since the last call."""
        ignored, self._ignored = self._ignored, []
        return ignored

    def signals_of(self, url: str, fetched: str) -> list[Signal]:
        """Return what the site states about a page.

        Args:
            url: its canonical address.
            fetched: the address that it is fetched from.
        """
        robots = self._robots.get(urlsplit(fetched).netloc.lower(), _NOTHING)
        statements, urls = Statements(), (url, fetched)
        self.reservations.read(fetched, statements)
        robots.read(fetched, statements)
        for address in robots.documents:
            rsl.read(self.licences.get(address, ()), RSL_ROBOTS, SITE, urls, statements)
        return statements.signals

    def forbids(self, url: str, fetched: str) -> bool:
        """Return whether a page must not be fetched under the policy in force."""
        return self.is_respected and policy.is_reserved(self.signals_of(url, fetched))

    def complete(
        self, rights: Rights, url: str, fetched: str, of_feeds: Iterable[Signal] = ()
    ) -> None:
        """Add what the site states about a page to what the page itself states.

        Args:
            rights: of the page.
            url: its canonical address.
            fetched: the address that it is fetched from.
            of_feeds: what feeds state of it that other runs or workers have read.
        """
        of_site = self.signals_of(url, fetched)
        of_feed = [*self._feeds.get(url, ()), *of_feeds]
        if of_site or of_feed:
            rights.signals = unique([*of_site, *rights.signals, *of_feed])
            rights.tdm_reserved, rights.tdm_policy = tdmrep.outcome(rights.signals)
