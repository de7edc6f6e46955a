"""Section archives: page after page, by page number or by asking a block for more."""

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
"""Pages in a row with nothing new, in this walk, after which an archive is over."""
MAX_LISTED = 500
"""Articles of a walk that are remembered: a site that repeats its pages does so at once."""
COVERED = frozenset({"known", "last_page", "empty_page", "nothing_new"})
"""Ends of a walk after which all that the archive lists has been seen."""
HEAD_LENGTH = 20
"""Entries of an archive's first page that are remembered; one that was scrolled has hundreds."""
_PAGE = re.compile(r"/page/\d+/\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(slots=True)
class Pagination:
    """How far one archive has been read. Plain data, so that it can be kept."""

    section: str
    """Slug of the section."""
    url: str
    """Canonical address of the archive's first page."""
    page: int = 1
    """Number of the page to be read next."""
    limit: int | None = None
    """At most so many pages."""
    since: date | None = None
    """No article published before this day is wanted."""
    block: Block | None = None
    """What to ask for more, when the pager has no links."""
    fruitless: int = 0
    listed: list[int] = field(default_factory=list)
    """Keys of the articles that this walk has seen of late, in the list or the hero."""
    known_head: list[int] = field(default_factory=list)
    """Keys of the articles in the list of the first page."""
    until: list[int] = field(default_factory=list)
    """Such keys of an earlier walk, below which all is known."""
    met: int = 0
    """How many of those this walk has seen."""

    def numbered(self, page: int | None = None) -> str:
        """Return the address of a page by its number."""
        page = page or self.page
        return self.url if page == 1 else f"{self.url}page/{page}/"

    def as_json(self) -> dict[str, Any]:
        """Return the walk as JSON can hold it."""
        return {**asdict(self), "since": self.since.isoformat() if self.since else None}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Pagination:
        """Return the walk that `as_json` gave."""
        since, block = data["since"], data["block"]
        return cls(
            **{
                **data,
                "since": date.fromisoformat(since) if since else None,
                "block": Block(**block) if block else None,
            }
        )

    def name(self) -> str:
        """Return what tells this walk from others over the same pages."""
        return f"{self.section} {self.limit} {self.since}"


@dataclass(frozen=True, slots=True)
class Step:
    """What one page of an archive gave."""

    cards: list[Card]
    follow: Pagination | None
    """The walk to go on with; None at its end."""
    ended: str | None = None
    """Why the walk is over."""
    change_markers: dict[str, int] = field(default_factory=dict)
    """Canonical URL to a fingerprint of what the list shows of the article."""
    known_head: list[int] = field(default_factory=list)
    """Keys of the articles in the list of the walk's first page."""


def first_step(page: ListingPage, pagination: Pagination, reference: datetime) -> Step:
    """Return the articles on a page of an archive and how to go on.

    The hero stands on every page and the list is offset past it, so that page 1 without
    the hero would lose the newest articles; later it says nothing about progress.
    """
    hero, cards = page.hero(), page.cards()
    linked = page.next_url()
    block = page.block() if linked is None else None
    # Of another theme's list only the numbers are known: on until nothing new comes.
    going_on = linked is not None or block is not None or not page.is_themed()
    now = reference.astimezone(page.zone)
    return _step(pagination, hero, cards, now, next_block=block, going_on=going_on)


def next_step(page: MorePage, pagination: Pagination, reference: datetime) -> Step:
    """Return the articles that a block's reply adds and how to go on."""
    now = reference.astimezone(page.zone)
    return _step(
        pagination, [], page.cards(), now, next_block=pagination.block, going_on=page.has_next
    )


def stopped(step: Step, why: str) -> Step:
    """Return a step that ends its walk because not all of the list was to be had.

    One that has met what it was after has ended for that.
    """
    return step if step.ended == "known" else replace(step, follow=None, ended=why)


def is_enough(page: ListingPage, pagination: Pagination, reference: datetime) -> bool:
    """Return whether a list that grows holds all that a walk is after."""
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
    """Return the form, URL-encoded, that asks the walk's block for its next page.

    Raises:
        ValueError: the walk has no block.
    """
    if pagination.block is None:
        raise ValueError(f"the archive {pagination.url} has no block to ask")
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
    """Return the same walk by page numbers: they work in every mode of the theme."""
    return replace(pagination, block=None)


def _step(  # noqa: PLR0913 - what a page gave, and how it says to go on
    pagination: Pagination,
    hero: Sequence[Card],
    cards: Sequence[Card],
    now: datetime,
    *,
    next_block: Block | None,
    going_on: bool,
) -> Step:
    seen = set(pagination.listed)
    keys = [key_of(card.address.url) for card in cards]
    is_new = any(key not in seen for key in keys)
    found = [card for card in [*hero, *cards] if key_of(card.address.url) not in seen]
    listed = [*pagination.listed, *(key_of(card.address.url) for card in found)][-MAX_LISTED:]
    met = pagination.met + len({*keys} & {*pagination.until} - seen)
    follow = replace(
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
        # Half of them: single ones may have been deleted, or published anew.
        ended = "known"
    elif not going_on:
        ended = "last_page"
    elif follow.fruitless >= MAX_FRUITLESS_PAGES:
        ended = "nothing_new"
    elif pagination.limit is not None and pagination.page >= pagination.limit:
        ended = "page_limit"
    elif pagination.since is not None and _all_before(cards, pagination.since, now):
        ended = "before_since"
    else:
        return Step(found, follow, None, change_markers, follow.known_head)
    return Step(found, None, ended, change_markers, follow.known_head)


def youngest(cards: Sequence[Card]) -> datetime | None:
    """Return the beginning of the last day that addresses of cards name, in UTC."""
    days = [card.address.day for card in cards if card.address.day]
    return datetime.strptime(max(days), "%Y/%m/%d").replace(tzinfo=UTC) if days else None


def _change_markers(cards: Sequence[Card], now: datetime) -> dict[str, int]:
    """Return what tells an edited article by its card: its title and the day it shows.

    A date without a year ("2 ore fa") changes by itself and tells nothing.
    """
    found: dict[str, int] = {}
    for card in cards:
        has_year = card.date and _YEAR.search(card.date)
        day = _shown_day(card, now) if has_year else None
        found[card.address.url] = key_of(f"{card.title}\n{day or ''}")
    return found


def _all_before(cards: Sequence[Card], since: date, now: datetime) -> bool:
    """Return whether each card shows a day before `since`.

    A card's date is never before its publication, and lists are in order of publication:
    then all that follows is older too. One card would not do, as an update moves its date.
    """
    return all((day := _shown_day(card, now)) is not None and day < since for card in cards)


def _shown_day(card: Card, now: datetime) -> date | None:
    """Return the day that a card shows, read at `now`, which is in the site's time zone."""
    shown = dates.parse(card.date, reference=now, timezone=now.tzinfo or UTC) if card.date else None
    if shown is None:
        return None
    return shown.value.date() if isinstance(shown.value, datetime) else shown.value


def _as_form(name: str, value: Any) -> list[tuple[str, str]]:
    """Return a value as jQuery writes it into a form."""
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
    """Return an archive's first page.

    >>> archive_root("https://www.example.it/category/esteri/page/3/")
    'https://www.example.it/category/esteri/'
    """
    return _PAGE.sub("/", url)
