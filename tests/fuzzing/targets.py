"""What is fuzzed: each target reads bytes and fails where its reader breaks a promise."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import newscrawl
from newscrawl import dates
from newscrawl.dates.dateline import find_dateline
from newscrawl.dates.updated import split_updated
from newscrawl.discovery import feed, feed_items, post_list, sitemap
from newscrawl.dumps.checking.article_rules import faults_of_article
from newscrawl.dumps.checking.schema_check import schema_faults
from newscrawl.pages import jsonld_source
from newscrawl.pages.rest_article import RestArticle, not_article_reason
from newscrawl.pages.rest_records import Lists, PostRecord, RecordError, decode
from newscrawl.rights import content_usage, page_rights, robots_txt, rsl, tdmrep
from newscrawl.rights.content_signals import read as read_content_signals
from newscrawl.sites.alanews import ALANEWS
from newscrawl.urls import urls_of
from tests.fuzzing.archive_targets import wacz, warc

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.rights.signals import Statements

_NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
_URLS = urls_of(ALANEWS)
_ORIGIN = ALANEWS.origin
_PAGE = f"{_ORIGIN}/2026/11/20/esteri/un-titolo-qui/"
_LANGUAGES = ("it", "en", "de", "fr", "es")


def _check_reason(error: Exception) -> None:
    assert str(error).strip(), f"{type(error).__name__} without a reason"


def page(data: bytes) -> None:
    """An article is one that a dump may hold, and one line of JSON."""
    article = newscrawl.extract(data, _PAGE, fetched_at=_NOW)
    if article is None:
        return
    line = json.dumps(asdict(article), ensure_ascii=False).encode()
    record = json.loads(line)
    assert not [*schema_faults(record)], [*schema_faults(record)]
    assert not [*faults_of_article(article)], [*faults_of_article(article)]


def date(data: bytes) -> None:
    """A date has the precision that it states, and reading it again gives the same."""
    language = _LANGUAGES[data[0] % len(_LANGUAGES)] if data else "it"
    text = data[1:].decode("utf-8", "replace")
    parsed = dates.parse(text, reference=_NOW, language=language)
    assert parsed == dates.parse(text, reference=_NOW, language=language)
    if parsed is not None:
        again = dates.parse(parsed.isoformat(), reference=_NOW, language=language)
        assert again is not None, parsed
        assert again.isoformat() == parsed.isoformat(), (parsed, again)
    find_dateline(text, reference=_NOW)
    published, _ = split_updated(text)
    assert published == published.strip()


def url(data: bytes) -> None:
    """The canonical form of an address is canonical; a public one is a web address."""
    text = data.decode("utf-8", "replace")
    for base in (None, _PAGE):
        canonical = _URLS.canonical(text, base)
        assert _URLS.canonical(canonical) == canonical, canonical
        public = _URLS.public(text, base)
        assert public is None or public.startswith(("http://", "https://")), public


def jsonld(data: bytes) -> None:
    """JSON-LD is a list of values, whatever surrounds it."""
    values = jsonld_source.decode(data.decode("utf-8", "replace"))
    json.dumps(values)


def feed_file(data: bytes) -> None:
    """A feed is read, or refused with a reason; its entries are articles of the site."""
    for reader in (feed.read, feed_items.read):
        try:
            reader(data, f"{_ORIGIN}/feed/", _URLS)
        except ValueError as error:
            _check_reason(error)


def sitemap_file(data: bytes) -> None:
    """A sitemap is read, or refused with a reason."""
    try:
        sitemap.read(data, f"{_ORIGIN}/post-sitemap.xml", _URLS)
    except ValueError as error:
        _check_reason(error)


def rest(data: bytes) -> None:
    """A REST list is read, or refused with a reason; a record gives an article or a reason."""
    try:
        post_list.read(data, _URLS)
    except ValueError as error:
        _check_reason(error)
    try:
        records, problems = decode(data, PostRecord)
    except RecordError as error:
        _check_reason(error)
        return
    assert all(str(problem) for problem in problems)
    for record in records:
        if not_article_reason(record, _URLS) is None:
            RestArticle(record, Lists(), _URLS).draft()


def robots(data: bytes) -> None:
    """robots.txt is read; it always allows itself, and its delay is a number of seconds."""
    rules = robots_txt.parse(data)
    assert rules.crawl_delay is None or 0 < rules.crawl_delay < float("inf")
    assert rules.allows(f"{_ORIGIN}/robots.txt")
    for address in (_PAGE, f"{_ORIGIN}/", f"{_ORIGIN}/{data[:80].decode('latin-1')}"):
        rules.allows(address)


def rights(data: bytes) -> None:
    """Statements in every place are read; each is recorded in the normal form, or ignored."""
    text = data.decode("utf-8", "replace")
    lines = text.split("\n")
    names = (*page_rights.HEADERS, "robots", "googlebot", "newscrawl")
    stated = dict.fromkeys(names, lines)
    statements = page_rights.read_page(
        _PAGE, headers=stated, metas=stated, links=[(text, ""), (text, "application/rsl+xml")]
    )
    tdmrep.Reservations.parse(text).read(_PAGE, statements)
    content_usage.UsageRules(lines).read(_PAGE, statements)
    read_content_signals(lines, statements)
    try:
        rsl.read(rsl.parse(data), "rsl/html", "page", [_PAGE], statements)
    except ValueError as error:
        _check_reason(error)
    _check_rights(statements)


def _check_rights(statements: Statements) -> None:
    stated = page_rights.rights_of(statements)
    assert stated.tdm_policy is None or stated.tdm_reserved is not False
    for signal in stated.signals:
        assert len(signal.raw) <= 500
        assert signal.use
        assert signal.value
        assert signal.source.count("/") == 1


TARGETS: dict[str, Callable[[bytes], None]] = {
    "page": page,
    "date": date,
    "url": url,
    "jsonld": jsonld,
    "feed": feed_file,
    "sitemap": sitemap_file,
    "rest": rest,
    "robots": robots,
    "rights": rights,
    "warc": warc,
    "wacz": wacz,
}
