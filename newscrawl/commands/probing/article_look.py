"""Looks at articles: shapes of addresses, fields with their sources, the date that is shown."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from newscrawl import dates
from newscrawl.commands.probing.site_report import UNKNOWN, Permalink, Sample, ShownDate
from newscrawl.extraction.dating import resolve_dates
from newscrawl.extraction.read import ArticlePage, NeedsBrowser, NotArticle, read
from newscrawl.items.article import COUNTED_FIELDS, rejection_reasons
from newscrawl.middlewares.reserved import header_lines
from newscrawl.sites.permalinks import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.commands.probing.probe_requests import Answer, Requests
    from newscrawl.discovery.entries import Entry
    from newscrawl.pages.cards import Card
    from newscrawl.sites import Site
    from newscrawl.urls import Address, SiteUrls

SAMPLES = 2
_ENDING = re.compile(r"\.[a-z]{3,5}\Z")
_MAX_SHAPES = 4
_OPTIONAL = frozenset({"images", "links", "videos", "related", "breadcrumbs", "dateline"})
"""Fields that many articles lack."""


def permalinks(addresses: Iterable[Address], site: Site) -> list[Permalink]:
    """Return the shapes of articles' addresses, the most frequent first."""
    shapes: dict[str, dict[str, None]] = {}
    for address in addresses:
        shapes.setdefault(_shape(address, site), {})[address.url] = None
    counted = sorted(shapes.items(), key=lambda item: -len(item[1]))
    return [Permalink(shape, len(urls), next(iter(urls))) for shape, urls in counted[:_MAX_SHAPES]]


def _shape(address: Address, site: Site) -> str:
    """Return the shape of an address as WordPress's permalink settings write it."""
    if address.post_id is not None:
        return PLAIN
    path = urlsplit(address.url.removeprefix(site.origin)).path
    end = "/" if path.endswith("/") else ""
    segments = [segment for segment in path.split("/") if segment]
    parts = ["%year%", "%monthnum%", "%day%"] if address.day else []
    own = segments[len(parts) :]
    if own and own[-1].isdecimal():
        return "/" + "/".join([*own[:-1], "%post_id%"]) + end
    parts += ["%category%"] if len(own) > 1 else []
    ending = _ENDING.search(path)
    return "/" + "/".join([*parts, "%postname%"]) + (ending[0] if ending else end)


def choose(
    posts: Sequence[Entry], listed: Sequence[Entry], cards: Sequence[Card], site: Site
) -> list[str]:
    """Return the addresses of two articles to read.

    The first was changed on a later day than it was published, so that the shown date can be told
    apart; the second is of another shape, or of another section.
    """
    on_cards = {card.address.url for card in cards}
    changed = [entry.address for entry in [*posts, *listed] if _is_changed(entry, site)]
    changed.sort(key=lambda address: address.url not in on_cards)
    entries = [entry.address for entry in [*posts, *listed]]
    every = [*changed, *(card.address for card in cards), *entries]
    if not every:
        return []
    first = every[0]
    others = [one for one in [*(card.address for card in reversed(cards)), *reversed(entries)]
              if one.url != first.url]  # fmt: skip
    second = next((one for one in others if _shape(one, site) != _shape(first, site)), None)
    second = second or next((one for one in others if one.sections != first.sections), None)
    chosen = [first, second or next(iter(others), first)]
    return [*dict.fromkeys(address.url for address in chosen)][:SAMPLES]


def _is_changed(entry: Entry, site: Site) -> bool:
    """Return whether an entry states a change on a later day than that of publication."""
    if entry.modified is None:
        return False
    zone = ZoneInfo(site.timezone)
    modified = entry.modified.astimezone(zone).date()
    if entry.published is not None:
        return modified > entry.published.astimezone(zone).date()
    day = entry.address.day
    return day is not None and modified > date.fromisoformat(day.replace("/", "-"))


def read_sample(url: str, answer: Answer, urls: SiteUrls, fetched_at: datetime) -> Sample:
    """Return an article as a crawl would read it, or why it would not."""
    page = answer.page
    if page is None:
        return Sample(url, answer.reason)
    headers = header_lines(page)
    result = read(page.selector, page.url, urls, headers=headers)
    if isinstance(result, NotArticle):
        return Sample(url, result.reason)
    if isinstance(result, NeedsBrowser):
        return Sample(url, f"needs a browser: {result.gap}")
    assert isinstance(result, ArticlePage)
    draft = result.draft(fetched_at, is_whole=not result.page.parts())
    shown = next((one.raw for one in draft.dates if one.field == "shown"), None)
    marked = {one.field: one.raw for one in draft.dates if one.source == "visible"}
    article = resolve_dates(draft)
    reasons = rejection_reasons(article)
    values = {name: getattr(article, name) for name in COUNTED_FIELDS}
    return Sample(
        url=article.url or url,
        problem=", ".join(reasons) or None,
        headline=article.headline,
        page_class=result.page.NAME,
        fields={name: article.provenance.get(name, "page")
                for name, value in values.items() if value},
        missing=[name for name, value in values.items() if not value],
        shown_date=shown,
        marked_dates={name: raw for name, raw in marked.items() if name != "shown"},
        date_published=article.date_published,
        date_modified=article.date_modified,
        word_count=article.word_count,
        videos=[str(video.url or "") for video in article.videos],
        flags=article.flags,
    )  # fmt: skip


def is_optional(name: str) -> bool:
    """Return whether many articles lack a field."""
    return name in _OPTIONAL


class DateComparison:
    """Compares shown dates with what REST, or else the metadata, say of an article."""

    def __init__(self, posts: Iterable[Entry], site: Site) -> None:
        self._zone = ZoneInfo(site.timezone)
        self._now = datetime.now(UTC)
        self._language = site.language
        self._stated: dict[str, tuple[datetime | None, datetime | None]] = {
            entry.address.url: (entry.published, entry.modified) for entry in posts
        }

    def shown(self, samples: Sequence[Sample], cards: Sequence[Card]) -> ShownDate:
        """Return which date the theme shows, by samples and the cards that lead to them."""
        result = ShownDate()
        for sample in samples:
            stated = (_aware(sample.date_published), _aware(sample.date_modified))
            self._stated.setdefault(sample.url, stated)
        kinds = [(self._kind(sample.url, sample.shown_date), sample) for sample in samples]
        known = [pair for pair in kinds if pair[0] not in {UNKNOWN, "none"}]
        usable = [sample for sample in samples if sample.problem is None]
        if known:
            result.kind, sample = known[0]
            result.example = sample.shown_date
            result.why = self._why(sample)
        elif marked := next((one.marked_dates for one in usable if one.marked_dates), None):
            result.kind = "both" if len({*marked.values()}) > 1 else next(iter(marked))
            result.example = next(iter(marked.values()))
            result.why = "as elements for dates mark it"
        elif usable and all(sample.shown_date is None for sample in usable):
            result.kind, result.why = "none", "the sample articles show no date"
        elif usable:
            result.example = usable[0].shown_date
            result.why = "no sample was changed on a later day, so both dates look the same"
        on_cards = Counter(
            kind
            for card in cards
            if (kind := self._kind(card.address.url, card.date)) not in {UNKNOWN, "none"}
        )
        if on_cards:
            result.on_cards = on_cards.most_common(1)[0][0]
        elif cards and not any(card.date for card in cards):
            result.on_cards = "none"
        return result

    def _why(self, sample: Sample) -> str:
        published, modified = self._stated[sample.url]
        words = [
            f"{name} {moment.astimezone(self._zone):%d/%m/%Y}"
            for name, moment in (("published", published), ("modified", modified))
            if moment
        ]
        return ", ".join(words)

    def _kind(self, url: str, raw: str | None) -> str:
        """Return which of an article's dates a text is."""
        if raw is None:
            return "none"
        if dates.is_relative(raw):
            return "relative"
        first, second = dates.split_updated(raw)
        if second:
            return "both" if first else "modified"
        shown = dates.parse(
            first, reference=self._now, timezone=self._zone, language=self._language
        )
        published, modified = self._stated.get(url, (None, None))
        if shown is None or published is None or modified is None:
            return UNKNOWN
        value, has_time = shown.value, isinstance(shown.value, datetime)
        texts = [
            f"{moment.astimezone(self._zone):{'%Y%m%d%H%M' if has_time else '%Y%m%d'}}"
            for moment in (published, modified)
        ]
        text = f"{value:{'%Y%m%d%H%M' if has_time else '%Y%m%d'}}"
        if texts[0] == texts[1] or text not in texts:
            return UNKNOWN
        return "published" if text == texts[0] else "modified"


def _aware(text: str | None) -> datetime | None:
    moment = datetime.fromisoformat(text) if text else None
    return moment if moment is not None and moment.tzinfo else None


async def old_permalinks(requests: Requests, urls: SiteUrls, articles: Sequence[str]) -> str:
    """Return what the address of an article answers without the day that is in it."""
    for url in articles:
        address = urls.understand(url)
        if address.day is None or not address.sections:
            continue
        path = address.url.removeprefix(urls.site.origin).removeprefix(f"/{address.day}")
        answer = await requests.send(urls.fetchable(f"{urls.site.origin}{path}"))
        if answer.response is None:
            return f"{path} answers {answer.reason}"
        leads_to = urls.canonical(answer.response.url)
        if leads_to == address.url:
            return "redirect to the address with the day"
        return f"{path} answers 200" if not answer.response.meta.get("redirect_urls") else (
            f"{path} redirects to {leads_to}")  # fmt: skip
    return "does not apply: no day and category in addresses"
