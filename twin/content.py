"""All posts of the twin's site, generated from a seed and never stored."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache, cached_property
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload
from urllib.parse import unquote

from twin import body_layout, card_data, edge_cases, face_posts, faces, schedule
from twin.addresses import slugify, url_category
from twin.dating import ROME
from twin.model import CARD_FIELDS, Card, Post, Switches
from twin.near_duplicates import NearDuplicates
from twin.reference_article import reference_article
from twin.required_posts import RequiredPost, required_posts
from twin.sections import ASSURED_POSTS, MIX, SECTIONS, members
from twin.site_changes import SiteChanges
from twin.text_generator import TextGenerator

if TYPE_CHECKING:
    from twin.body_layout import Linked
    from twin.site_changes import Successor

C = TypeVar("C", bound=Card)
SMALLEST = max(50, len(required_posts()) + len(ASSURED_POSTS))
"""Posts of the smallest twin."""
_KEPT_CARDS = 20_000
_KEPT_POSTS = 1_000
_REDRAWS = 5
"""After so many attempts a title may repeat, with "-2" at its slug."""


class Lists(NamedTuple):
    """What lists of posts are made of; groups hold the posts' indexes, newest first."""

    categories: dict[str, array[int]]
    """By the slugs that posts name themselves: a parent has not its children's posts."""
    tags: dict[str, array[int]]
    """By slug, the oldest tag first; authors likewise."""
    authors: dict[str, array[int]]
    published: list[datetime]
    """By index."""
    modified: list[datetime]


class Content(Sequence[Post]):
    """The posts of one site: index 0 is the newest.

    A post is known by its serial number, from which its words come: the required posts have
    the first ones. `size` counts all posts up to `schedule.EPOCH`, `fresh` those on top of what
    is usual on its last day; those later than `now` do not exist yet. `face` names the site.
    """

    def __init__(  # noqa: PLR0913 - what a site is made from
        self,
        *,
        seed: int = 1,
        size: int = 300,
        now: datetime | None = None,
        rewrites: bool = False,
        changes: SiteChanges | None = None,
        fresh: int = 0,
        face: str = faces.DEFAULT,
    ) -> None:
        if size < SMALLEST + fresh:
            raise ValueError(f"size must be at least {SMALLEST + fresh}, not {size}")
        self.seed = seed
        self.size = size
        self.fresh = fresh
        self.face = face
        self.zone = faces.face(face).zone
        self.changes = changes or SiteChanges()
        self.now = self.changes.now or now or schedule.EPOCH
        if face != faces.DEFAULT:
            self.now = self.now.astimezone(self.zone)
        self.near_duplicates = NearDuplicates(self) if rewrites else None
        self._required = required_posts()
        first = len(self._required)
        moments = [post.published for post in self._required]
        moments += schedule.times(seed, first, size - first, fresh)
        times = [(moment.timestamp(), serial) for serial, moment in enumerate(moments)]
        times.sort()
        self._ids = array("q", schedule.ids(seed, size))
        end = bisect_right(times, (self.now.timestamp(), size))
        del times[end:]
        self._times = array("d", (t for t, _ in times))
        self._serials = array("q", (serial for _, serial in times))
        self._size = end
        self._slugs: list[str] = []
        # How often a title was drawn again because another post had it.
        self._redrawn: dict[int, int] = {}
        self._by_slug: dict[str, int] = {}
        self._place_of_required = {s: p for p, s in enumerate(self._serials) if s < first}
        self._cards: OrderedDict[int, Card] = OrderedDict()
        self._kept: OrderedDict[int, Post] = OrderedDict()
        for place in range(end):
            self._add_slug(place)
        self._apply_changes()

    def _apply_changes(self) -> None:
        """Find the places that stand there, in order of publication, and their slugs."""
        changes, end = self.changes, self._size
        gone = changes.deleted
        shown = [place for place in range(end) if self._id(place) not in gone]
        if changes.published or changes.successors:
            shown.sort(key=lambda place: (self._published(place), place))
        self._shown = array("l", shown)
        self._shown_times = array("d", map(self._published, shown))
        self._shown_at = array("l", [-1]) * end
        for at, place in enumerate(shown):
            self._shown_at[place] = at
        for post_id, slug in changes.slugs.items():
            renamed = self._place_of(post_id)
            if renamed is not None:
                self._by_slug.pop(self._slugs[renamed], None)
                self._slugs[renamed] = slug
                self._by_slug[slug] = renamed

    def _successor(self, place: int) -> Successor | None:
        """Return the new post that took the address of the one generated for a place."""
        return self.changes.successor(self._ids[place]) if self.changes.successors else None

    def _id(self, place: int) -> int:
        successor = self._successor(place)
        return successor.id if successor else self._ids[place]

    def _published(self, place: int) -> float:
        if not (self.changes.published or self.changes.successors):
            return self._times[place]
        usual = datetime.fromtimestamp(self._times[place], ROME)
        return self.changes.publication(self._id(place), usual).timestamp()

    def _place_of(self, post_id: int) -> int | None:
        first = self.changes.first_id(post_id)
        place = bisect_left(self._ids, first, 0, self._size)
        if place == self._size or self._id(place) != post_id:
            return None
        return place

    def __len__(self) -> int:
        return len(self._shown)

    @overload
    def __getitem__(self, index: int) -> Post: ...
    @overload
    def __getitem__(self, index: slice) -> list[Post]: ...
    def __getitem__(self, index: int | slice) -> Post | list[Post]:
        if isinstance(index, slice):
            return [self.post(i) for i in range(*index.indices(len(self)))]
        # A range checks indexes as a list does.
        return self.post(range(len(self))[index])

    def changed(self) -> Content:
        """Return the site after its changes."""
        return Content(
            seed=self.seed,
            size=self.size,
            now=self.now,
            rewrites=self.near_duplicates is not None,
            changes=self.changes,
            fresh=self.fresh,
            face=self.face,
        )

    # A place counts all from the oldest, an index those that stand there from the newest.

    def _place(self, index: int) -> int:
        return self._shown[len(self._shown) - 1 - index]

    def _index(self, place: int) -> int | None:
        at = self._shown_at[place]
        return len(self._shown) - 1 - at if at >= 0 else None

    def _required_post(self, serial: int) -> RequiredPost | None:
        return self._required[serial] if serial < len(self._required) else None

    def _section(self, serial: int) -> str:
        if required := self._required_post(serial):
            return required.section
        number = serial - len(self._required)
        if number < len(ASSURED_POSTS):
            return ASSURED_POSTS[number]
        return MIX[int(Random(self.seed * 104_729 + serial).random() * len(MIX))]

    def _edge_cases(self, serial: int, section: str) -> frozenset[str]:
        if required := self._required_post(serial):
            return required.edge_cases
        return edge_cases.draw(section, Random(self.seed * 15_485_863 + serial))

    def _generator(self, place: int) -> TextGenerator:
        serial = self._serials[place]
        moment = datetime.fromtimestamp(self._times[place], ROME)
        generator = TextGenerator(self.seed, serial, self._section(serial), moment)
        for _ in range(self._redrawn.get(place, 0)):
            generator.redraw_title()
        if required := self._required_post(serial):
            generator.title = required.title or generator.title
            if "reference-article" in required.edge_cases:
                generator.title = reference_article().title
        return generator

    def _add_slug(self, place: int) -> None:
        serial = self._serials[place]
        cases = self._edge_cases(serial, self._section(serial))
        generator = self._generator(place)
        wanted = card_data.slug_of(generator.title, cases)
        if required := self._required_post(serial):
            wanted = required.slug or wanted
        else:
            while wanted in self._by_slug and self._redrawn.get(place, 0) < _REDRAWS:
                self._redrawn[place] = self._redrawn.get(place, 0) + 1
                generator.redraw_title()
                wanted = card_data.slug_of(generator.title, cases)
        slug, number = wanted, 2
        while slug in self._by_slug:
            slug, number = f"{wanted}-{number}", number + 1
        self._by_slug[slug] = place
        self._slugs.append(slug)

    def card(self, index: int) -> Card:
        """Return all of a post but its text."""
        return self._card_at(self._place(index))

    def _card_at(self, place: int) -> Card:
        card = self._cards.get(place)
        if card is None:
            card = self._local(self.changes.card(self._current_card(place)))
            self._cards[place] = card
            if len(self._cards) > _KEPT_CARDS:
                self._cards.popitem(last=False)
        return card

    def _local(self, card: C) -> C:
        return card if self.face == faces.DEFAULT else face_posts.local(card, self.zone)

    def _current_card(self, place: int) -> Card:
        """Return a place's card before edits: the generated post's, or its successor's."""
        card = self._card(place, self._generator(place))
        successor = self._successor(place)
        if successor is None:
            return card
        moment = self.changes.publication(successor.id, card.published)
        generator = self._successor_generator(place, successor)
        facts = card_data.PostFacts(
            id=successor.id, slug=card.slug, modified=moment, section=self._section_of(place),
            edge_cases=frozenset(),
        )  # fmt: skip
        made = card_data.card(generator, facts)
        return replace(made, published=moment, url_category=url_category(card))

    def _successor_generator(self, place: int, successor: Successor) -> TextGenerator:
        moment = self.changes.publication(
            successor.id, datetime.fromtimestamp(self._times[place], ROME)
        )
        return TextGenerator(self.seed, successor.id, self._section_of(place), moment)

    def _section_of(self, place: int) -> str:
        return self._section(self._serials[place])

    def _card(self, place: int, generator: TextGenerator) -> Card:
        serial = self._serials[place]
        section = self._section(serial)
        cases = self._edge_cases(serial, section)
        published = generator.published
        changed = schedule.modified(published, cases, Random(self.seed * 271 + serial))
        return card_data.card(
            generator,
            card_data.PostFacts(
                id=self._ids[place],
                slug=self._slugs[place],
                modified=changed if changed <= self.now else published,
                section=section,
                edge_cases=cases,
                required=self._required_post(serial),
            ),
        )

    def post(self, index: int) -> Post:
        """Return a post with its text."""
        place = self._place(index)
        post = self._kept.get(place)
        if post is None:
            successor = self._successor(place)
            made = self._post(place) if successor is None else self._new_post(place, successor)
            post = self._kept[place] = self._local(self.changes.post(made))
            if len(self._kept) > _KEPT_POSTS:
                self._kept.popitem(last=False)
        return post

    def _post(self, place: int) -> Post:
        serial = self._serials[place]
        generator = self._generator(place)
        card = self._card(place, generator)
        values = {name: getattr(card, name) for name in CARD_FIELDS}
        required = self._required_post(serial)
        if required and required.same_text_as is not None:
            pages = self._post(self._place_of_required[required.same_text_as]).pages
        elif "reference-article" in card.edge_cases:
            pages = reference_article().pages
        else:
            nodes = body_layout.BodyLayout(
                generator, card.edge_cases, lambda steps: self._linked(place, steps)
            ).nodes()
            if self.near_duplicates:
                nodes = self.near_duplicates.nodes(generator, serial, nodes)
            pages = body_layout.paged(nodes, card.edge_cases)
        return Post(pages=pages, **values)

    def _new_post(self, place: int, successor: Successor) -> Post:
        """Return the post that took a removed one's address; its words are its own."""
        card = self._current_card(place)
        generator = self._successor_generator(place, successor)
        layout = body_layout.BodyLayout(generator, card.edge_cases, lambda _: None)
        values = {name: getattr(card, name) for name in CARD_FIELDS}
        return Post(pages=body_layout.paged(layout.nodes(), card.edge_cases), **values)

    def _linked(self, place: int, steps: int) -> Linked | None:
        """Return an older post, so that a link never depends on what comes later."""
        if place - steps < 0:
            return None
        # As it was then: an edit of the older post leaves this one's text alone.
        card = self._card(place - steps, self._generator(place - steps))
        return card.id, card.title

    def serial(self, index: int) -> int:
        """Return the serial number of a post; the required posts have the first ones."""
        return self._serials[self._place(index)]

    @property
    def posts(self) -> Sequence[Post]:
        """All posts, newest first; each is generated when requested."""
        return self

    def index_of(self, post_id: int) -> int | None:
        """Return a post's index by its WordPress id."""
        place = self._place_of(post_id)
        return None if place is None else self._index(place)

    def has_known(self, post_id: int) -> bool:
        """Return whether there is a post with this id, or was one before it was removed."""
        return self._place_of(post_id) is not None

    def by_id(self, post_id: int) -> Card | None:
        """Return a card by its post id."""
        index = self.index_of(post_id)
        return None if index is None else self.card(index)

    def by_slug(self, slug: str) -> int | None:
        """Return the index of the post with this slug, percent-escaped as WordPress does."""
        place = self._by_slug.get(slug)
        if place is None and "%" in slug:
            place = self._by_slug.get(slug.lower())
        return None if place is None else self._index(place)

    def by_path(self, path: str) -> int | None:
        """Return the index of the post whose slug ends a path, escaped or not."""
        last = path.strip("/").rpartition("/")[2]
        index = self.by_slug(last)
        if index is None and (not last.isascii() or "%" in last):
            plain = unquote(last)
            escaped = "".join(
                c if c.isascii() else "".join(f"%{b:02x}" for b in c.encode()) for c in plain
            )
            index = self.by_slug(escaped)
        return index

    @cached_property
    def _by_category(self) -> dict[str, array[int]]:
        own = self.lists.categories
        families = ((c.slug, (own.get(slug, ()) for slug in members(c.slug))) for c in SECTIONS)
        return {slug: array("l", sorted(set(chain(*groups)))) for slug, groups in families}

    def category(self, slug: str) -> Sequence[int]:
        """Return the indexes of a category's posts and its children's, newest first."""
        return self._by_category[slug]

    @cached_property
    def lists(self) -> Lists:
        """What lists of posts are made of, from one pass over all cards, which is slow."""
        groups: list[dict[str, array[int]]] = [defaultdict(lambda: array("l")) for _ in range(3)]
        categories, tags, authors = groups
        published, modified, slug_of = [], [], cache(slugify)
        for index in reversed(range(len(self))):
            card = self.card(index)
            published.append(card.published)
            modified.append(card.modified)
            for slug in card.categories:
                categories[slug].append(index)
            for slug in dict.fromkeys(map(slug_of, card.tags)):
                tags[slug].append(index)
            for person in card.authors:
                authors[person.slug].append(index)
        for group in chain(*(named.values() for named in groups)):
            group.reverse()
        return Lists(categories, tags, authors, published[::-1], modified[::-1])

    def tag(self, slug: str) -> Sequence[int]:
        """Return the indexes of the posts with a tag, newest first; empty for an unknown one."""
        return self.lists.tags.get(slug, ())

    def author(self, slug: str) -> Sequence[int]:
        """Return the indexes of an author's posts, newest first."""
        return self.lists.authors.get(slug, ())

    def day(self, day: date) -> Sequence[int]:
        """Return the indexes of the posts of a day in the site's zone, newest first."""
        start = datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp()
        following = date.fromordinal(day.toordinal() + 1)
        end = datetime(following.year, following.month, following.day, tzinfo=self.zone).timestamp()
        first, last = (bisect_left(self._shown_times, moment) for moment in (start, end))
        return range(len(self) - last, len(self) - first)

    def neighbours(self, index: int) -> tuple[Card | None, Card | None]:
        """Return the post before and the one after, in time."""
        older = self.card(index + 1) if index + 1 < len(self) else None
        return older, self.card(index - 1) if index else None

    def related(self, post: Card, switches: Switches, number: int) -> list[Card]:
        """Return the newest posts that share a category (or a tag) with a post, without it."""
        if switches.related == "off":
            return []
        if switches.related == "tag":
            lists = [self.tag(slugify(name)) for name in post.tags]
        else:
            lists = [self.category(slug) for slug in post.categories]
        newest = sorted({index for group in lists for index in group[: number + 1]})
        cards = (self.card(index) for index in newest)
        return [card for card in cards if card.id != post.id][:number]
