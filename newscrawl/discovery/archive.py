"""Pagination of section archives, by page number or by requesting more from a block.

See decisions 7, 8 and 26 in docs/decisions.md.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from newscrawl import dates
from newscrawl.pages.listing import Block
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.pages.cards import Card
    from newscrawl.pages.listing import ListingPage, MorePage

MAX_FRUITLESS_PAGES = 2
"""Pages in a row without an article new to the pagination, after which it ends."""
MAX_LISTED = 500
"""Articles that a pagination remembers: a site that repeats pages does so immediately."""
COVERED = frozenset({"known", "last_page", "empty_page", "nothing_new"})
"""Reasons for the end after which everything that the archive lists has been seen."""
HEAD_LENGTH = 20
"""Entries of an archive's first page that are remembered; a scrolled page has hundreds."""
_PAGE = re.compile(r"/page/\d+/\Z")
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

    def page_url(self, page: int | None = None) -> str:
        """Return the address of a page by its number; by default of the next page."""
        page = page or self.page
        return self.url if page == 1 else f"{self.url}page/{page}/"

    def as_json(self) -> dict[str, Any]:
        """Return the pagination as a dict that JSON can encode."""
        return {**asdict(self), "since": self.since.isoformat() if self.since else None}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Pagination:
        """Return the pagination from the result of `as_json`."""
        since, block = data["since"], data["block"]
        return cls(
            **{
                **data,
                "since": date.fromisoformat(since) if since else None,
                "block": Block(**block) if block else None,
            }
        )

    def identity(self) -> str:
        """Return what distinguishes this pagination from others over the same pages."""
        return f"{self.section} {self.limit} {self.since}"


@dataclass(frozen=True, slots=True)
class Step:
    """The result of reading one page of an archive."""

    cards: list[Card]
    next_pagination: Pagination | None
    """The pagination of the next page; None at the end."""
    ended: str | None = None
    """Why the pagination has ended."""
    change_markers: dict[str, int] = field(default_factory=dict)
    """Canonical URL to a fingerprint of the article's card."""
    known_head: list[int] = field(default_factory=list)
    """Keys of the articles in the list of the first page."""


def first_step(page: ListingPage, pagination: Pagination, reference: datetime) -> Step:
    """Return the articles on a page of an archive and how to continue.

    The hero is on every page and the list starts after it. Without it page 1 would lose the
    newest articles; on later pages it does not show progress.
    """
    hero, cards = page.hero(), page.cards()
    next_url = page.next_url()
    block = page.block() if next_url is None else None
    # Another theme's list has no known pager: continue by number until nothing is new.
    has_next = next_url is not None or block is not None or not page.is_themed()
    now = reference.astimezone(page.zone)
    return _step(pagination, hero, cards, now, next_block=block, has_next=has_next)


def next_step(page: MorePage, pagination: Pagination, reference: datetime) -> Step:
    """Return the articles that a block's response adds and how to continue."""
    now = reference.astimezone(page.zone)
    return _step(
        pagination, [], page.cards(), now, next_block=pagination.block, has_next=page.has_next
    )


def stopped(step: Step, reason: str) -> Step:
    """Return a step that ends its pagination, because the list is incomplete.

    A step that has reached the known head keeps that as its reason.
    """
    return step if step.ended == "known" else replace(step, next_pagination=None, ended=reason)


def is_enough(page: ListingPage, pagination: Pagination, reference: datetime) -> bool:
    """Return whether a growing list has all articles that a pagination needs."""
    cards = page.cards()
    met = len({*pagination.until} & {key_of(card.address.url) for card in cards})
    if pagination.until and 2 * met >= len(pagination.until):
        return True
    latest = cards[-HEAD_LENGTH:]
    return (
        pagination.since is not None
        and bool(latest)
        and _all_before(latest, pagination.since, reference.astimezone(page.zone))
    )


def form_of(pagination: Pagination) -> str:
    """Return the URL-encoded form that requests the next page of the pagination's block.

    Raises:
        ValueError: the pagination has no block.
    """
    if pagination.block is None:
        raise ValueError(f"the archive {pagination.url} has no block to request")
    fields: list[tuple[str, str]] = [
        ("action", f"jnews_module_ajax_{pagination.block.name}"),
        ("module", "true"),
        ("data[filter]", "0"),
        ("data[filter_type]", "all"),
        ("data[current_page]", str(pagination.page)),
    ]
    for key, value in pagination.block.attributes.items():
        fields.extend(_as_form(f"data[attribute][{key}]", value))
    return urlencode(fields)


def without_block(pagination: Pagination) -> Pagination:
    """Return the same pagination by page numbers, which work in every mode of the theme."""
    return replace(pagination, block=None)


def _step(  # noqa: PLR0913 - the content of a page, and how it continues
    pagination: Pagination,
    hero: Sequence[Card],
    cards: Sequence[Card],
    now: datetime,
    *,
    next_block: Block | None,
    has_next: bool,
) -> Step:
    seen = set(pagination.listed)
    keys = [key_of(card.address.url) for card in cards]
    is_new = any(key not in seen for key in keys)
    new_cards = [card for card in [*hero, *cards] if key_of(card.address.url) not in seen]
    new_keys = [key_of(card.address.url) for card in new_cards]
    listed = [*pagination.listed, *new_keys][-MAX_LISTED:]
    met = pagination.met + len({*keys} & {*pagination.until} - seen)
    following = replace(
        pagination,
        page=pagination.page + 1,
        block=next_block,
        fruitless=0 if is_new else pagination.fruitless + 1,
        listed=listed,
        known_head=keys[:HEAD_LENGTH] if pagination.page == 1 else pagination.known_head,
        met=met,
    )
    change_markers = _change_markers(cards, now)
    if not cards:
        ended = "empty_page"
    elif pagination.until and 2 * met >= len(pagination.until):
        # Half of them: some may have been deleted, or published again.
        ended = "known"
    elif not has_next:
        ended = "last_page"
    elif following.fruitless >= MAX_FRUITLESS_PAGES:
        ended = "nothing_new"
    elif pagination.limit is not None and pagination.page >= pagination.limit:
        ended = "page_limit"
    elif pagination.since is not None and _all_before(cards, pagination.since, now):
        ended = "before_since"
    else:
        return Step(new_cards, following, None, change_markers, following.known_head)
    return Step(new_cards, None, ended, change_markers, following.known_head)


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
        has_year = card.date and _YEAR.search(card.date)
        day = _shown_day(card, now) if has_year else None
        markers[card.address.url] = key_of(f"{card.title}\n{day or ''}")
    return markers


def _all_before(cards: Sequence[Card], since: date, now: datetime) -> bool:
    """Return whether each card shows a day before `since`.

    A card's date is never before its publication, and lists are in order of publication:
    if all are older, so are all further ones. One card is not enough: an update moves its date.
    """
    return all((day := _shown_day(card, now)) is not None and day < since for card in cards)


def _shown_day(card: Card, now: datetime) -> date | None:
    """Return the day that a card shows, relative to `now` in the site's time zone."""
    shown = dates.parse(card.date, reference=now, timezone=now.tzinfo or UTC) if card.date else None
    if shown is None:
        return None
    return shown.value.date() if isinstance(shown.value, datetime) else shown.value


def _as_form(name: str, value: Any) -> list[tuple[str, str]]:
    """Return a value as form fields, as jQuery serializes it."""
    if isinstance(value, bool):
        return [(name, "true" if value else "false")]
    if value is None:
        return [(name, "")]
    if isinstance(value, list):
        return [
            pair
            for index, entry in enumerate(value)
            for pair in _as_form(
                f"{name}[{index if isinstance(entry, (list, dict)) else ''}]", entry
            )
        ]
    if isinstance(value, dict):
        return [pair for key, entry in value.items() for pair in _as_form(f"{name}[{key}]", entry)]
    return [(name, str(value))]


def archive_root(url: str) -> str:
    """Return the address of an archive's first page.

    >>> archive_root("https://www.example.it/category/esteri/page/3/")
    'https://www.example.it/category/esteri/'
    """
    return _PAGE.sub("/", url)
