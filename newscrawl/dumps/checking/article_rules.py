"""Rules of a single article beyond the JSON Schema."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newscrawl.items import ARTICLE_FIELDS, Article
from newscrawl.items.parts import text_of
from newscrawl.sites import by_key
from newscrawl.text import count_words, digest, fold
from newscrawl.urls import urls_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.urls import SiteUrls

    Fault = tuple[str, str]
    """The field and the message."""

_FIELDS = frozenset(ARTICLE_FIELDS)
_FIRST_YEAR = 1990
_DAY = timedelta(days=1)
_CLAIMED_LATER = timedelta(hours=1)
"""Two runs that read an article at the same time may record it in the other order."""


def faults_of_article(article: Article) -> Iterator[Fault]:
    """Return the faults of an article that fits the JSON Schema."""
    fetched_at = _datetime(article.fetched_at)
    site = by_key(article.site)
    if site is not None:
        yield from _addresses(article, urls_of(site))
    if not article.id.startswith(f"{article.site}:"):
        yield "id", f"does not begin with the site's key, {article.site}:"
    if article.duplicate_of == article.id:
        yield "duplicate_of", "is the article itself"
    if (first := _datetime(article.first_seen_at)) - fetched_at > _CLAIMED_LATER:
        yield "first_seen_at", f"is {first - fetched_at} after fetched_at"
    yield from _dates(article, fetched_at, ZoneInfo(site.timezone) if site else None)
    yield from _names(article)
    yield from _history(article)
    if article.status == "live":
        yield from _text(article)


def _addresses(article: Article, urls: SiteUrls) -> Iterator[Fault]:
    pairs = [("url", article.url)]
    pairs += [(f"related[{i}].url", post.url) for i, post in enumerate(article.related)]
    for name, url in pairs:
        canonical = urls.canonical(url)
        if url != canonical:
            yield name, f"is not canonical, the canonical URL is {canonical}"


def _text(article: Article) -> Iterator[Fault]:
    expected = digest(article.headline, article.subtitle, article.body)
    if article.content_hash != expected:
        yield "content_hash", f"is not the hash of headline, subtitle and body, {expected}"
    for name in ("headline", "subtitle"):
        text = getattr(article, name)
        if text is not None and text != fold(text):
            yield name, "has white space or control characters that must be folded"
    if article.body != text_of(article.blocks):
        yield "body", "is not the text of blocks"
    if article.word_count != (count := count_words(article.body)):
        yield "word_count", f"is {article.word_count}, but body has {count} words"
    if article.section is not None and article.section not in article.sections:
        yield "section", "is not one of sections"
    for index, post in enumerate(article.related, 1):
        if post.position != index:
            yield f"related[{index - 1}].position", f"is {post.position}, but it is card {index}"


def _dates(article: Article, fetched_at: datetime, zone: ZoneInfo | None) -> Iterator[Fault]:
    for name in ("date_published", "date_modified"):
        if (stated := getattr(article, name)) is not None:
            yield from _date(name, stated, fetched_at, zone)
        source = getattr(article, f"{name}_source")
        if article.provenance.get(name) != source:
            yield f"{name}_source", "differs from provenance"
    for index, post in enumerate(article.related):
        if post.date_published is not None:
            name = f"related[{index}].date_published"
            yield from _date(name, post.date_published, fetched_at, zone)


def _date(name: str, stated: str, fetched_at: datetime, zone: ZoneInfo | None) -> Iterator[Fault]:
    try:
        value = date.fromisoformat(stated) if len(stated) == 10 else datetime.fromisoformat(stated)
    except ValueError:
        yield name, f"is {stated}, which does not exist"
        return
    latest = fetched_at + _DAY
    if isinstance(value, datetime):
        # The local offset of an unknown site is not known.
        if zone and (local := value.astimezone(zone).isoformat()) != stated:
            yield name, f"is {stated}, which in {zone.key} is {local}"
        is_later = value > latest
    else:
        is_later = value > latest.date()
    if is_later:
        yield name, f"is {stated}, more than a day after fetched_at"
    if value.year < _FIRST_YEAR:
        yield name, f"is {stated}, before {_FIRST_YEAR}"


def _names(article: Article) -> Iterator[Fault]:
    field_names = {
        "provenance": article.provenance,
        "changed_fields": article.changed_fields,
        "disagreements": [disagreement.field for disagreement in article.disagreements],
    }
    for name, fields in field_names.items():
        for field in fields:
            if field not in _FIELDS:
                yield name, f"names {field}, which is not a field of an article"


def _history(article: Article) -> Iterator[Fault]:
    is_same = article.content_hash == article.previous_hash
    if article.status == "gone" and not is_same:
        yield "content_hash", "is not previous_hash, which a removal does not change"
    elif article.status == "live" and is_same and "status" not in article.changed_fields:
        yield "previous_hash", "is content_hash: nothing changed"


def _datetime(stated: str | None) -> datetime:
    assert stated is not None
    return datetime.fromisoformat(stated)
