"""Pagination of section archives, by page number or by requesting more from a block.

See decisions 7, 8 and 26 in docs/decisions.md.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from newscrawl import dates
from newscrawl.pages.listing import Block
from newscrawl.sites.list_addresses import page_address, page_base, page_parameter
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from newscrawl.pages.cards import Card
    from newscrawl.pages.listing import ListingPage, MorePage

MAX_FRUITLESS_PAGES = 2
"""Pages in a row without an article new to the pagination, after which it ends."""
MAX_LISTED = 500
"""Articles that a stored pagination remembers; the run itself remembers all of them."""
PATIENT_PAGES = 20
"""Pages of an archive that are read before its articles; after them, articles come first."""
MAX_UNREAD_PAGES = 10
"""Pages in a row without an article that any run has read, after the first 20: their links are
invented."""
BASE_PAGES = 10_000
"""Pages of one archive that a run reads when the ledger does not know the site yet."""
MIN_IN_A_ROW = 5
"""Known articles that follow each other where the known part of an archive begins."""
COVERED = frozenset({"known", "last_page", "empty_page", "nothing_new"})
"""Reasons for the end after which everything that the archive lists has been seen."""
REPEATED_LIST = "the same list as the page before"
"""Reason for the end where a page was sent in place of the next one."""
NO_NEXT_LINK = "no link to the next page"
"""Reason for the end where the page before names further pages."""
HEAD_LENGTH = 20
"""Entries of an archive's first page that are remembered; a scrolled page has hundreds."""
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class Pagination:
    """How far one archive has been read. Plain data that can be stored as JSON."""

    section: str
    """Slug of the section."""
    url: str
    """Canonical address of the archive's first page."""
    page: int = 1
    """Number of the next page."""
    limit: int | None = None
    """Maximum number of pages."""
    since: date | None = None
    """Articles published before this day are not needed."""
    block: Block | None = None
    """The block to request more from, when the pager has no links."""
    fruitless: int = 0
    """Pages in a row without a new article."""
    listed: list[int] = field(default_factory=list)
    """Keys of the articles seen recently, in the list or the hero."""
    known_head: list[int] = field(default_factory=list)
    """Keys of the articles in the list of the first page."""
    until: list[int] = field(default_factory=list)
    """The known head of an earlier run, below which all articles are known."""
    met: int = 0
    """How many keys of `until` have been seen."""
    in_a_row: int = 0
    """How many of the latest cards are in `until`."""
    is_announced: bool = False
    """Whether the page before this one said that this one exists."""
    last_named: int = 0
    """The highest page number in the pager of the page before; 0 if it has none."""
    page_size: int = 0
    """The most articles that a page's list has had."""
    count_before: int = 0
    """Articles in the list of the page before."""
    list_before: int = 0
    """Key of the list of the page before, as a whole; 0 if it has none."""
    is_second_look: bool = False
    """Whether an earlier run has read this page too, or the one before."""
    max_pages: int = BASE_PAGES
    """Number of the last page that this run may read."""
    read_before: int = 0
    """How many articles the run had read when this page was requested."""
    unread: int = 0
    """Pages in a row without a further article read in between."""
    page_parameter: str = ""
    """Parameter that has a page's number where the path has not: a list of the theme's own."""
    page_base: str = "page"
    """Word before a page's number in the path."""

    def page_url(self, page: int | None = None) -> str:
        """Return the address of a page by its number; by default of the next page."""
        page = page or self.page
        if page == 1:
            return self.url
        return page_address(self.url, page, self.page_base, self.page_parameter)

    def as_json(self) -> dict[str, Any]:
        """Return the pagination as a dict that JSON can encode."""
        return {**asdict(self), "since": self.since.isoformat() if self.since else None}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Pagination:
        """Return the pagination from the result of `as_json`."""
        since, block = data["since"], data["block"]
        known = {entry.name for entry in fields(cls)}
        return cls(
            **{
                **{name: value for name, value in data.items() if name in known},
                "since": date.fromisoformat(since) if since else None,
                "block": Block(**block) if block else None,
            }
        )

    def identity(self) -> str:
        """Return what distinguishes this pagination from others over the same pages."""
        until = key_of(repr(self.until)) if self.until else 0
        return f"{self.section} {self.limit} {self.since} {until:x}"


@dataclass(frozen=True, slots=True)
class Step:
    """The result of reading one page of an archive."""

    cards: list[Card]
    next_pagination: Pagination | None
    """The pagination of the next page; None at the end."""
    ended: str | None = None
    """Why the pagination has ended."""
    is_broken: bool = False
    """Whether it ended before its end: a later run reads on at the same page."""
    change_markers: dict[str, int] = field(default_factory=dict)
    """Canonical URL to a fingerprint of the article's card."""
    known_head: list[int] = field(default_factory=list)
    """Keys of the articles in the list of the first page."""
    is_doubtful: bool = False
    """Whether its end is one that a fault can look like: a later run reads this page again."""


def with_progress(pagination: Pagination, read_articles: int) -> Pagination:
    """Return the pagination with the pages since an article was last read.

    Args:
        pagination: how far the archive has been read.
        read_articles: how many articles the run has read.
    """
    is_patient = pagination.page <= PATIENT_PAGES
    has_grown = read_articles > pagination.read_before
    return replace(
        pagination,
        read_before=read_articles,
        unread=0 if is_patient or has_grown else pagination.unread + 1,
    )


def unread_articles(pagination: Pagination) -> list[int]:
    """Return the keys of the articles of the last pages, where none of them was read.

    If an earlier run has read one of them, or another worker of this one, the links to those
    pages are not invented. Empty before so many pages that the pagination would end.
    """
    if pagination.unread < MAX_UNREAD_PAGES:
        return []
    return pagination.listed[-MAX_UNREAD_PAGES * max(pagination.page_size, 1) :]


def first_step(
    page: ListingPage, pagination: Pagination, reference: datetime, seen: Container[int] = ()
) -> Step:
    """Return the articles on a page of an archive and how to continue.

    The hero is on every page and the list starts after it. Without it page 1 would lose the
    newest articles; on later pages it does not show progress.

    Args:
        page: the page.
        pagination: how far the archive had been read before.
        reference: the time now, from which dates such as "2 ore fa" count; aware.
        seen: keys of the articles that this run has seen in the archive.
    """
    hero, cards = page.hero(), page.cards()
    next_url = page.next_url()
    block = page.block() if next_url is None else None
    is_doubtful = False
    if page.is_empty and next_url is None and hero and pagination.page >= pagination.last_named > 0:
        # The pager counts the hero's articles too: the last page that it names may have none left.
        # It has none for sure if the list of the page before was not full.
        is_full = pagination.count_before >= pagination.page_size
        is_doubtful = pagination.is_announced and is_full and not pagination.is_second_look
        pagination = replace(pagination, is_announced=False)
    # A block is there on the last page too.
    is_announced = next_url is not None
    # A list without a known pager: continue by number until nothing is new.
    has_next = is_announced or block is not None or not page.has_pager()
    now = reference.astimezone(page.zone)
    following = replace(
        pagination,
        block=block,
        is_announced=is_announced,
        page_parameter=page_parameter(next_url) if next_url else pagination.page_parameter,
        page_base=(page_base(next_url) if next_url else "") or pagination.page_base,
        last_named=page.last_number(),
        page_size=max(pagination.page_size, len(cards)),
        count_before=len(cards),
        list_before=key_of("\n".join(card.address.url for card in cards)),
    )
    step = _step(pagination, following, hero, cards, now, has_next=has_next, seen=seen)
    if _repeats_list(pagination, following):
        step = stopped(step, REPEATED_LIST, is_broken=True)
    return replace(step, is_doubtful=is_doubtful)


def _repeats_list(pagination: Pagination, following: Pagination) -> bool:
    """Return whether a page lists exactly what the one before did, without being the end.

    Behind the last page of another theme's list it is the end, once it was so at a second look.
    """
    is_full = pagination.count_before >= pagination.page_size > 0
    may_be_end = not pagination.is_announced and pagination.is_second_look
    return is_full and following.list_before == pagination.list_before and not may_be_end


def next_step(
    page: MorePage, pagination: Pagination, reference: datetime, seen: Container[int] = ()
) -> Step:
    """Return the articles that a block's response adds and how to continue."""
    now = reference.astimezone(page.zone)
    # Its reply says itself that nothing is left.
    pagination = replace(pagination, is_announced=False)
    following = replace(pagination, is_announced=page.has_next)
    return _step(pagination, following, [], page.cards(), now, has_next=page.has_next, seen=seen)


def stopped(step: Step, reason: str, *, is_broken: bool = False) -> Step:
    """Return a step that ends its pagination, because the list is incomplete.

    A step that has reached the known head keeps that as its reason.
    """
    if step.ended == "known":
        return step
    return replace(step, next_pagination=None, ended=reason, is_broken=is_broken)


def is_enough(page: ListingPage, pagination: Pagination, reference: datetime) -> bool:
    """Return whether a growing list has all articles that a pagination needs."""
    cards = page.cards()
    now = reference.astimezone(page.zone)
    if pagination.until and _KnownPart(replace(pagination, met=0, in_a_row=0), now).begins(cards):
        return True
    latest = cards[-HEAD_LENGTH:]
    return (
        pagination.since is not None and bool(latest) and _all_before(latest, pagination.since, now)
    )


def without_block(pagination: Pagination) -> Pagination:
    """Return the same pagination by page numbers, which work in every mode of the theme."""
    return replace(pagination, block=None)


def _step(  # noqa: PLR0913 - the content of a page, and how it continues
    pagination: Pagination,
    following: Pagination,
    hero: Sequence[Card],
    cards: Sequence[Card],
    now: datetime,
    *,
    has_next: bool,
    seen: Container[int],
) -> Step:
    listed = set(pagination.listed)
    keys = [key_of(card.address.url) for card in cards]
    is_new = any(key not in listed and key not in seen for key in keys)
    new_cards = [card for card in [*hero, *cards] if key_of(card.address.url) not in listed]
    new_keys = [key_of(card.address.url) for card in new_cards]
    known_part = _KnownPart(pagination, now)
    has_known = known_part.begins(cards)
    following = replace(
        following,
        page=pagination.page + 1,
        fruitless=0 if is_new else pagination.fruitless + 1,
        listed=[*pagination.listed, *new_keys][-MAX_LISTED:],
        known_head=_known_head(pagination, cards, now),
        met=known_part.met,
        in_a_row=known_part.in_a_row,
    )
    ended, is_broken = None, False
    if not cards:
        is_broken = pagination.is_announced
        ended = "no_list" if is_broken else "empty_page"
    elif has_known:
        ended = "known"
    elif not has_next:
        # Once, the pager of the page before is believed rather than a page without a link.
        is_broken = pagination.last_named > pagination.page and not pagination.is_second_look
        ended = NO_NEXT_LINK if is_broken else "last_page"
    elif following.fruitless >= MAX_FRUITLESS_PAGES:
        ended = "nothing_new"
    elif pagination.limit is not None and pagination.page >= pagination.limit:
        ended = "page_limit"
    elif pagination.since is not None and _all_before(cards, pagination.since, now):
        ended = "before_since"
    elif following.unread >= MAX_UNREAD_PAGES:
        ended, is_broken = "nothing_readable", True
    elif pagination.page >= pagination.max_pages:
        ended, is_broken = "page_budget", True
    return Step(
        new_cards,
        None if ended else following,
        ended,
        is_broken,
        # Where a hero shows no day, its marker would differ from that of the list.
        _change_markers([*(card for card in hero if _has_year(card)), *cards], now),
        following.known_head,
    )


class _KnownPart:
    """Finds where the part of an archive begins that an earlier run has read.

    It begins where articles of the known head follow each other, at least half of it in all:
    some may have been deleted or published again since. Pinned articles do not count, as new
    ones come after them.
    """

    def __init__(self, pagination: Pagination, now: datetime) -> None:
        self._until = {*pagination.until}
        self._listed = {*pagination.listed}
        self._now = now
        self.met = pagination.met
        self.in_a_row = pagination.in_a_row

    def begins(self, cards: Sequence[Card]) -> bool:
        """Add the cards of the next page; return whether the known part has begun."""
        if not self._until:
            return False
        enough = min(MIN_IN_A_ROW, (len(self._until) + 1) // 2)
        has_begun, last_day = False, None
        for card, day, is_pinned in _dated(cards, self._now):
            key = key_of(card.address.url)
            if is_pinned or key in self._listed:
                continue
            if key in self._until:
                self.met += 1
                self.in_a_row += 1
                last_day = day or last_day
                has_begun = has_begun or (
                    self.in_a_row >= enough and 2 * self.met >= len(self._until)
                )
            elif not has_begun or (day and last_day and day > last_day):
                # Newer than what came before: that was pinned.
                self.in_a_row, has_begun = 0, False
        return has_begun


def _dated(cards: Sequence[Card], now: datetime) -> Iterator[tuple[Card, date | None, bool]]:
    """Yield each card, the day that it shows and whether it is pinned.

    A list is in order of publication: an article older than the last ones of the page is
    pinned. Two of them, as an edit moves the day that some sites show.
    """
    days = [_shown_day(card, now) for card in cards]
    last_days = [day for day in days[-2:] if day]
    oldest = min(last_days) if len(last_days) == 2 else None
    for card, day in zip(cards, days, strict=True):
        yield card, day, card.is_sticky or bool(day and oldest and day < oldest)


def _known_head(pagination: Pagination, cards: Sequence[Card], now: datetime) -> list[int]:
    """Return the keys of the newest articles; from further pages where most of page 1 is pinned."""
    if pagination.page > 1 and len(pagination.known_head) >= MIN_IN_A_ROW:
        return pagination.known_head
    keys = [key_of(card.address.url) for card, _, is_pinned in _dated(cards, now) if not is_pinned]
    return [*dict.fromkeys([*pagination.known_head, *keys])][:HEAD_LENGTH]


def newest_day(cards: Sequence[Card]) -> datetime | None:
    """Return the start of the latest day in the addresses of cards, in UTC."""
    days = [card.address.day for card in cards if card.address.day]
    return datetime.strptime(max(days), "%Y/%m/%d").replace(tzinfo=UTC) if days else None


def _change_markers(cards: Sequence[Card], now: datetime) -> dict[str, int]:
    """Return fingerprints of cards, of title and shown day, by canonical URL.

    A date without a year ("2 ore fa") changes without an edit and is left out.
    """
    markers: dict[str, int] = {}
    for card in cards:
        day = _shown_day(card, now) if _has_year(card) else None
        markers[card.address.url] = key_of(f"{card.title}\n{day or ''}")
    return markers


def _has_year(card: Card) -> bool:
    return bool(card.date and _YEAR.search(card.date))


def _all_before(cards: Sequence[Card], since: date, now: datetime) -> bool:
    """Return whether each card shows a day before `since`.

    A card's date is never before its publication, and lists are in order of publication:
    if all are older, so are all further ones. One card is not enough: an update moves its date.
    """
    return all((day := _shown_day(card, now)) is not None and day < since for card in cards)


def _shown_day(card: Card, now: datetime) -> date | None:
    """Return the day that a card shows, relative to `now` in the site's time zone."""
    zone, language = now.tzinfo or UTC, card.language
    shown = dates.parse(card.date or "", reference=now, timezone=zone, language=language)
    value = shown.value if shown else None
    return value.date() if isinstance(value, datetime) else value
