"""What a faultless crawler must read: the exact item of every post, under the switches.

Derived from the model alone, never from a page, and without the crawler's own code.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from newscrawl.items import Article, Publisher, RelatedPost, Rights, Signal
from twin import addresses, dating, expected_page, expected_text, faces, site_constants
from twin.expected_text import fold
from twin.model import EMBARGO, PROTECTED
from twin.sections import belongs

if TYPE_CHECKING:
    from datetime import datetime

    from twin.content import Content
    from twin.model import Card, Post, Switches

UNSURE_IN_REDESIGN = frozenset(
    {
        "body", "blocks", "images", "videos", "links", "dateline", "word_count", "content_hash",
        "provenance", "duplicate_of", "similarity",
    }
)  # fmt: skip
"""Fields of another layout that depend on how the text is found there; do not compare them."""
UNSURE_ON_STOCK = frozenset(
    {
        "is_accessible_for_free", "disagreements", "provenance", "related",
        "date_published_raw", "date_published_source", "date_modified_raw", "date_modified_source",
    }
)  # fmt: skip
"""Fields on a stock theme that depend on which of several places is read."""
VARYING = frozenset({"discovered_via", "extractor", "duplicate_of", "similarity"})
"""Fields that depend on the run, not on the page."""

_COMPARED_WORDS = 20
"""Shorter texts are never called duplicates."""


def article_id(post: Card) -> str:
    """Return the id that an item of this post has."""
    return f"alanews:{post.id}"


_DAY = re.compile(r"/(\d{4})/(\d{2})/(\d{2})/")


def claimed_id(
    post: Card, content: Content, switches: Switches, origin: str = site_constants.LIVE
) -> str:
    """Return the id of an item; a page that shows another post's id is known by its address."""
    if post.id not in content.changes.posing:
        return article_id(post)
    return f"alanews:{sha256(url(post, switches, origin).encode()).hexdigest()[:16]}"


def url(post: Card, switches: Switches, origin: str = site_constants.LIVE) -> str:
    """Return a post's canonical URL, by default on the live site."""
    return origin + addresses.path(post, switches)


def title(post: Card, switches: Switches) -> str:
    """Return a post's title as cards and pages show it."""
    prefix = f"{faces.of(switches).words.protected}: " if PROTECTED in post.edge_cases else ""
    return fold(prefix + post.title)


def _related(
    post: Post, content: Content, switches: Switches, fetched_at: datetime, now: datetime
) -> list[RelatedPost]:
    related: list[RelatedPost] = []
    for position, card in enumerate(content.related(post, switches, site_constants.RELATED), 1):
        path = addresses.linked_path(card, switches)
        shown, _ = dating.read(card, switches, printed=now, fetched=fetched_at, on_card=True)
        # "4 days ago" is rounded; an address with its day is exact.
        day = _DAY.match(path) if switches.visible_date == "ago" and shown.value else None
        related.append(
            RelatedPost(
                position=position,
                url=site_constants.LIVE + path,
                headline=title(card, switches),
                section=faces.of(switches).by_key[card.categories[0]].name,
                date_published="-".join(day.groups()) if day else shown.value,
                image_alt=fold(card.picture.alt) or None if card.picture else None,
            )
        )
    return related


def _rights(switches: Switches, *, free: bool | None) -> Rights:
    reserved = switches.tdm != "off"
    policy, robots = site_constants.TDM_POLICY, site_constants.robots(switches)
    stated = [rule.partition(":") for rule in robots.split(", ")]
    signals = [
        Signal("robots/html", "page", use, value or "allow", robots) for use, _, value in stated
    ]
    if reserved:
        rule = {"location": "/*", "tdm-reservation": 1, "tdm-policy": policy}
        source, scope, raw = {
            "wellknown": ("tdmrep/well-known", "/*", json.dumps(rule)),
            "header": ("tdmrep/header", "page", ""),
            "meta": ("tdmrep/html", "page", ""),
        }[switches.tdm]
        tdm = [Signal(source, scope, "tdm", "deny", raw or "1")]
        tdm.append(Signal(source, scope, "policy", policy, raw or policy))
        signals = [*tdm, *signals] if raw else [*signals, *tdm]
    if free is not None:
        access, raw = ("free", "true") if free else ("paid", "false")
        signals.append(Signal("schema.org/jsonld", "page", "access", access, raw))
    return Rights(
        tdm_reserved=True if reserved else None,
        tdm_policy=site_constants.TDM_POLICY if reserved else None,
        robots=robots,
        signals=signals,
    )


def article(  # noqa: PLR0913 - what an item is made from
    post: Post,
    content: Content,
    switches: Switches,
    *,
    fetched_at: datetime,
    now: datetime,
    origin: str | None = None,
) -> Article | None:
    """Return the item that a faultless crawler makes of a post; None when it is not an article.

    Args:
        post: the post.
        content: the site it stands on, for links and Related Posts.
        switches: how the site prints it.
        fetched_at: the reader's clock.
        now: the site's clock when it printed the page.
        origin: scheme and host of the site, which name it; by default the live site's.
    """
    if post.locked:
        return None
    is_stock = switches.layout in expected_page.STOCK
    page = (expected_page.StockPage if is_stock else expected_page.ExpectedPage)(post, switches)
    text = expected_text.read(post, content, switches)
    when = expected_page.dates(post, switches, fetched_at=fetched_at, now=now)
    headline, subtitle, body = page.headline(), page.subtitle(), text.body
    breadcrumbs = page.breadcrumbs()
    section, sections = page.sections(breadcrumbs)
    related = _related(post, content, switches, fetched_at, now) if page.themed else []
    if switches.layout in ("builder", "classic"):
        cards = enumerate(content.related(post, switches, site_constants.STOCK_RELATED), 1)
        related = [RelatedPost(n, url(c, switches), title(c, switches)) for n, c in cards]
    dateline = text.dateline
    moment = fetched_at.astimezone(dating.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    flags = [*when.flags, *([] if page.themed or is_stock else ["body_generic"])]
    if post.sponsor and page.themed:
        flags.append("sponsored")
    if post.id in content.changes.posing:
        flags.append("id_conflict")
    page.note("language", "visible")
    page.note("body", "visible" if page.themed or is_stock else "generic")
    if related:
        page.note("related", "visible")
    if dateline:
        page.note("dateline", "visible")
    item = Article(
        id=claimed_id(post, content, switches, origin or site_constants.LIVE),
        site="alanews",
        url=url(post, switches),
        headline=headline,
        subtitle=subtitle,
        authors=page.authors(),
        section=section,
        sections=sections,
        breadcrumbs=breadcrumbs,
        keywords=page.keywords(),
        dateline=dateline,
        image=page.image(),
        images=page.gallery() + text.images,
        videos=page.films() + text.videos,
        body=body,
        blocks=text.blocks,
        links=text.links,
        related=related,
        language=page.face.language,
        word_count=expected_text.count_words(body),
        format=post.format if page.themed or is_stock else "standard",
        is_accessible_for_free=page.free(),
        publisher=Publisher(page.face.name, f"{site_constants.LIVE}/", page.face.registration),
        disagreements=page.disagreements + when.disagreements,
        first_seen_at=moment,
        fetched_at=moment,
        content_hash=sha256(f"{headline}\n{subtitle or ''}\n{body}".encode()).hexdigest(),
        rights=_rights(switches, free=page.free()),
        flags=sorted(flags),
    )
    for name, date in (("date_published", when.published), ("date_modified", when.modified)):
        if date:
            page.note(name, date.source)
            setattr(item, name, date.value)
            setattr(item, f"{name}_precision", date.precision)
            setattr(item, f"{name}_raw", date.raw)
            setattr(item, f"{name}_source", date.source)
    item.provenance = dict(sorted(page.provenance.items()))
    return item if origin is None else served(item, origin)


def site_key(origin: str) -> str:
    """Return the key of the site at an address that is not registered.

    >>> site_key("http://127.0.0.1:8001"), site_key("https://www.example.it")
    ('127.0.0.1-8001', 'example.it')
    """
    return origin.partition("//")[2].removeprefix("www.").replace(":", "-")


def served(item: Article, origin: str) -> Article:
    """Return an item as it is at the address where its site is served."""
    moved: Article = _moved(item, origin)
    key = site_key(origin)
    return replace(moved, id=f"{key}:{item.id.partition(':')[2]}", site=key)


def _moved(value: Any, origin: str) -> Any:
    if isinstance(value, str):
        return value.replace(site_constants.LIVE, origin)
    if isinstance(value, list):
        return [_moved(entry, origin) for entry in value]
    if is_dataclass(value) and not isinstance(value, type):
        values = {f.name: _moved(getattr(value, f.name), origin) for f in fields(value)}
        return replace(value, **values)
    return value


def expected(  # noqa: PLR0913 - what an item is made from
    content: Content,
    switches: Switches,
    section: str | None = None,
    *,
    fetched_at: datetime | None = None,
    now: datetime | None = None,
    origin: str | None = None,
) -> dict[str, Article]:
    """Return all items of a section, children included, or of the whole site, by id."""
    clock = now or content.now
    items: dict[str, Article] = {}
    for index in range(len(content)) if section is None else content.category(section):
        item = article(
            content.post(index), content, switches,
            fetched_at=fetched_at or clock, now=clock, origin=origin,
        )  # fmt: skip
        if item is not None:
            items[item.id] = item
    return items


def in_section(post: Card, section: str) -> bool:
    """Return whether a section's spider must yield this post, whatever its page shows."""
    return belongs(post.categories, section)


def not_articles(content: Content, switches: Switches) -> dict[str, str]:
    """Return addresses of posts that are not articles, with the reason."""
    return {
        addresses.path(card, switches): PROTECTED if PROTECTED in card.edge_cases else EMBARGO
        for card in map(content.card, range(len(content)))
        if card.locked
    }


def duplicates(articles: dict[str, Article]) -> list[frozenset[str]]:
    """Return the groups of ids that share one text; which of them comes first is the run's."""
    groups: dict[str, set[str]] = defaultdict(set)
    for item in articles.values():
        if item.word_count >= _COMPARED_WORDS:
            groups[item.body].add(item.id)
    return [frozenset(group) for group in groups.values() if len(group) > 1]
