"""Reads an article from WordPress's REST record of its post.

What only the page states (Related Posts, the theme's subtitle, the paywall's signal, the page's
opt-outs) is null. See "Articles from REST" in docs/decisions.md.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.items import FROM_REST, Article, Author, Image, Publisher
from newscrawl.items.draft import DateCandidate, Draft
from newscrawl.pages import captions, media
from newscrawl.pages.body import BodyReader
from newscrawl.pages.identity import PROTECTED
from newscrawl.pages.nesting import limit_nesting
from newscrawl.pages.page_size import excess
from newscrawl.pages.rest_records import POST_TYPE, PUBLISHED
from newscrawl.pages.truncation import FLAG
from newscrawl.text import count_words, digest, fold, strip_tags
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.pages.rest_records import Lists, PostRecord, TermRecord
    from newscrawl.sites import Section, Site
    from newscrawl.urls import SiteUrls

NAME = "RestPost"
"""Reader in an article's `extractor`."""
SOURCE = "rest"
_FORMATS = frozenset({"video", "gallery"})


def article_id(record: PostRecord, site: Site) -> str:
    """Return the id of a post's article."""
    return f"{site.key}:{record.id}"


def not_article_reason(record: PostRecord, urls: SiteUrls) -> str | None:
    """Return why a post is not an article that everybody can read; None when it is one."""
    if record.type != POST_TYPE:
        return "other_type"
    if record.status != PUBLISHED:
        return "not_published"
    if record.content.protected:
        return PROTECTED
    if urls.understand(record.link).kind is Kind.FOREIGN:
        return "another_site"
    return None


class RestArticle:
    """One post; `draft()` returns its article."""

    def __init__(self, record: PostRecord, lists: Lists, urls: SiteUrls) -> None:
        """Take a post, what it refers to, and the site's addresses."""
        self._record = record
        self._lists = lists
        self._urls = urls
        self._site = urls.site
        self._provenance: dict[str, str] = {}

    @cached_property
    def _content(self) -> bytes:
        return self._record.content.rendered.encode("utf-8", "replace").replace(b"\x00", b"")

    @cached_property
    def excess(self) -> str | None:
        """Why the post's text is too large to be read; None if it is not."""
        return excess(self._content)

    def draft(self) -> Draft:
        """Return the article as its record states it, its dates still unresolved."""
        record, site = self._record, self._site
        url = self._urls.canonical(record.link)
        reader = BodyReader(self._urls, record.link)
        if self.excess:
            reader.is_cut = True
        elif (root := _parsed(self._content)) is not None:
            reader.read(root)
        headline, body = strip_tags(record.title.rendered), reader.text()
        section, sections = self._sections()
        article = Article(
            id=article_id(record, site),
            site=site.key,
            url=url,
            headline=headline,
            authors=self._authors(),
            section=section,
            sections=sections,
            keywords=self._keywords(),
            image=self._image(),
            images=reader.images,
            videos=reader.videos,
            body=body,
            blocks=reader.blocks,
            links=reader.links,
            language=site.language,
            word_count=count_words(body),
            format=record.format if record.format in _FORMATS else "standard",
            publisher=Publisher(site.name, f"{site.origin}/", None),
            content_hash=digest(headline, None, body),
            flags=self._flags(reader),
            provenance=self._provenance,
        )
        for name in ("headline", "body"):
            if getattr(article, name):
                self._provenance[name] = SOURCE
        self._provenance["language"] = "site"
        return Draft(article, self._dates(), timezone=site.timezone, language=site.language)

    def _flags(self, reader: BodyReader) -> list[str]:
        flags = [FROM_REST]
        if self._record.is_sponsored:
            flags.append("sponsored")
        return [*flags, FLAG] if reader.is_cut else flags

    def _dates(self) -> list[DateCandidate]:
        record = self._record
        return [
            *_candidates("published", record.date_gmt, record.date),
            *_candidates("modified", record.modified_gmt, record.modified),
        ]

    def _authors(self) -> list[Author]:
        user = self._lists.users.get(self._record.author)
        name = fold(strip_tags(user.name)) if user else ""
        if user is None or not name:
            return []
        self._provenance["authors"] = SOURCE
        return [Author(name, self._urls.public(user.link) if user.link else None)]

    def _keywords(self) -> list[str]:
        tags = (self._lists.tags.get(number) for number in self._record.tags)
        names = [*dict.fromkeys(tag.label for tag in tags if tag and tag.label)]
        if names:
            self._provenance["keywords"] = SOURCE
        return names

    def _sections(self) -> tuple[str | None, list[str]]:
        """Return the main section if REST states it, and all, parents before children."""
        chains = [self._chain(number) for number in self._record.categories]
        labels = [*dict.fromkeys(self._label(term) for chain in chains for term in chain)]
        if not labels:
            return None, []
        self._provenance["sections"] = SOURCE
        main = self._main([chain[-1] for chain in chains if chain], chains)
        if main is None:
            return None, labels
        self._provenance["section"] = SOURCE
        return self._label(main), labels

    def _main(self, terms: list[TermRecord], chains: list[list[TermRecord]]) -> TermRecord | None:
        """Return the category that the theme stores as the main one, else the only lowest one."""
        primary = self._lists.categories.get(self._record.primary_category)
        if primary is not None and primary in terms:
            return primary
        above = {term.id for chain in chains for term in chain[:-1]}
        lowest = [term for term in terms if term.id not in above]
        return lowest[0] if len(lowest) == 1 else None

    def _chain(self, number: int) -> list[TermRecord]:
        """Return a category below those above it; empty if it is not known."""
        chain: list[TermRecord] = []
        term = self._lists.categories.get(number)
        while term is not None and term not in chain:
            chain.append(term)
            term = self._lists.categories.get(term.parent)
        return chain[::-1]

    def _label(self, term: TermRecord) -> str:
        """Return a category's name as the menu has it, else its own."""
        section = section_of(term, self._urls)
        return section.label if section else term.label or term.slug

    def _image(self) -> Image | None:
        picture = self._lists.media.get(self._record.featured_media)
        if picture is None or media.is_placeholder(picture.source_url):
            return None
        url = media.absolute(picture.source_url, self._urls, self._record.link)
        if url is None:
            return None
        self._provenance["image"] = SOURCE
        line, alt = strip_tags(picture.caption.rendered), fold(picture.alt_text) or None
        caption, credit = captions.caption_and_credit(line, self._site)
        # With a credit alone, the alternative text is the caption, as on pages: decision 12.
        caption = caption or (alt if credit else None)
        return Image(url, caption, credit, alt, picture.pixels("width"), picture.pixels("height"))


def section_of(term: TermRecord, urls: SiteUrls) -> Section | None:
    """Return the site's section that a category is; None if it is not in the menu."""
    archive = urls.canonical(term.link) if term.link else ""
    for section in urls.site.sections:
        if section.slug == term.slug or (section.url and section.url == archive):
            return section
    return None


def _candidates(event: str, in_utc: str | None, local: str | None) -> list[DateCandidate]:
    """Return a date's candidates: in UTC, and in local time where the former is not a date."""
    if in_utc and not in_utc.startswith("0000"):
        return [DateCandidate(event, SOURCE, in_utc, is_utc=True)]
    if event == "published" and local and not local.startswith("0000"):
        return [DateCandidate(event, SOURCE, local)]
    return []


def _parsed(content: bytes) -> Element | None:
    """Return the body of a document with a text alone; None for an empty text."""
    if not content.strip():
        return None
    parser = etree.HTMLParser(recover=True, encoding="utf-8", huge_tree=True)
    root = etree.fromstring(b"<html><body>" + content + b"</body></html>", parser)
    limit_nesting(root)
    return root.find("body")
