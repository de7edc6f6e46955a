"""Article pages of any layout: what metadata, the address and the site's definition state.

Classes that know a page's markup add what is shown. See decision 18 in docs/decisions.md.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from newscrawl.items import Article
from newscrawl.items.draft import DateCandidate, Draft
from newscrawl.pages.base_url import document_base
from newscrawl.pages.body import BodyReader
from newscrawl.pages.breadcrumb_steps import read_steps
from newscrawl.pages.byline import Byline
from newscrawl.pages.identity import PageIdentity
from newscrawl.pages.lead_media import LeadMedia
from newscrawl.pages.page_links import PartLinks
from newscrawl.pages.provenance import Provenance
from newscrawl.pages.publication import language_of, publisher_of, stated_language
from newscrawl.pages.section_labels import SectionNames, read_sections
from newscrawl.pages.site_names import SiteNames
from newscrawl.pages.stated_rights import stated_rights, with_statements
from newscrawl.pages.stated_titles import stated_titles
from newscrawl.pages.structured import JsonLd, Meta, stated_tags
from newscrawl.pages.substitute_text import SubstituteText
from newscrawl.pages.tag_index import TagIndex
from newscrawl.pages.truncation import FLAG
from newscrawl.text import count_words, digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lxml.etree import _Element as Element
    from parsel import Selector

    from newscrawl.items import Author, Breadcrumb, Publisher, RelatedPost
    from newscrawl.rights.signals import Statements
    from newscrawl.sites import Site
    from newscrawl.urls import SiteUrls

    Headers = Mapping[str, Sequence[str]]


URL_CONFLICT = "url_conflict"
"""Flag of an article whose canonical link or JSON-LD names another article's address."""


class BaseArticlePage:
    """One article on a page; `draft()` returns its content."""

    NAME: ClassVar[str] = "BaseArticlePage"

    def __init__(
        self, selector: Selector, url: str, urls: SiteUrls, *, headers: Headers | None = None
    ) -> None:
        """Take what `newscrawl.extraction.read.open_page` is given."""
        self._root: Element = selector.root
        self._url = url
        self._urls, self._site = urls, urls.site
        self._headers = headers or {}
        self._base = document_base(self._root, url)
        self._reader = BodyReader(urls, self._base)
        self._provenance, self._parts_read = Provenance(), 0

    @property
    def _scope(self) -> Element:
        """The element of the article, with headline and byline."""
        return self._root

    @property
    def _content(self) -> Element | None:
        """The container of the text."""
        return None

    @cached_property
    def _byline(self) -> Byline:
        return Byline(None, self._urls, self._base)

    @property
    def _lead(self) -> LeadMedia:
        return LeadMedia({}, self._urls, self._base)

    @cached_property
    def _tags(self) -> TagIndex:
        return TagIndex(self._root)

    @cached_property
    def _jsonld(self) -> JsonLd:
        return JsonLd(self._root, self.identity.stated_urls, self._tags)

    @cached_property
    def _meta(self) -> Meta:
        return Meta(self._root, self._tags)

    @cached_property
    def identity(self) -> PageIdentity:
        """What the page states about itself: canonical URL, post id, format."""
        return PageIdentity(self._root, self._url, self._urls, self._meta, self._tags)

    def is_themed(self) -> bool:
        """Return whether the page has the markup that this class reads."""
        return True

    def not_article_reason(self) -> str | None:
        """Return why this page is not an article, None when it may be one."""
        return self.identity.not_article_reason()

    def word_count(self) -> int:
        """Return how many words of the article are on this page."""
        self._read_first_part()
        return count_words(self._reader.text())

    @cached_property
    def _part_links(self) -> PartLinks:
        return PartLinks(self._scope, self.identity.url, self._urls, self._base)

    def substitute(self) -> str | None:
        """Return what is in place of the text, as `substitute_text.SubstituteText.kind` does."""
        content = self._content if self._content is not None else self._scope
        text = SubstituteText(self._root, content, self._reader.text(), self.word_count())
        return text.kind(self.identity, self._jsonld, self.dates)

    def parts(self) -> list[str]:
        """Return the canonical URLs of an article's further pages, in order."""
        return self._part_links.addresses()

    def append(self, selector: Selector) -> bool:
        """Add the text of the article's next page; return False when it has none."""
        self._read_first_part()
        scope, content = self._part_of(selector.root)
        if content is None:
            return False
        self._reader.read(content)
        self._part_links.read(scope)
        return True

    def _part_of(self, root: Element) -> tuple[Element, Element | None]:
        """Return the article's element and its text's container on a further page."""
        return root, None

    def draft(self) -> Draft:
        """Return the article as this page states it, its dates still unresolved."""
        self._read_first_part()
        reader, lead = self._reader, self._lead
        headline, subtitle, body = self.headline(), self.subtitle(), reader.text()
        section, sections = self.sections(breadcrumbs := self.breadcrumbs())
        image = lead.image(self._meta, self._jsonld, self._provenance.note)
        article = Article(
            id=self.identity.id,
            site=self._site.key,
            url=self.identity.url,
            headline=headline,
            subtitle=subtitle,
            authors=self.authors(),
            section=section,
            sections=sections,
            breadcrumbs=breadcrumbs,
            keywords=self.keywords(),
            image=image,
            images=[*lead.gallery(), *reader.images],
            videos=[*lead.videos(), *reader.videos],
            body=body,
            blocks=reader.blocks,
            links=reader.links,
            related=self.related(),
            language=self.language(),
            word_count=count_words(body),
            format=self.identity.format,
            is_accessible_for_free=self.is_accessible_for_free(),
            publisher=self.publisher(),
            content_hash=digest(headline, subtitle, body),
            flags=self.flags(),
            provenance=self._provenance.sources,
            disagreements=self._provenance.disagreements,
        )
        if body:
            self._provenance.sources.setdefault("body", "visible")
        dating = _reading_of_dates(self._root, self._site)
        return with_statements(Draft(article, self.dates(), **dating), self.statements)

    def _read_first_part(self) -> None:
        if self._parts_read:
            return
        self._parts_read = 1
        if self._content is not None:
            self._reader.read(self._content)
            self._clean(self._reader)

    def _clean(self, reader: BodyReader) -> None:
        """Take out of the first part what is not the article's text."""

    def headline(self) -> str:
        """Return the title as shown, else from metadata."""
        titles = [*self._titles.items()]
        if not self._titles["visible"]:
            names = SiteNames(self._root, self._url, self._meta, self._jsonld, self._site.name)
            titles = stated_titles(names, titles, next(self._scope.iter("h1"), None))
        return self._provenance.choose("headline", titles)

    @cached_property
    def _titles(self) -> dict[str, str | None]:
        """The article's title by source, the most reliable first."""
        return {
            "visible": self._shown_headline(),
            "jsonld": self._jsonld.text("headline"),
            "meta": self._meta.title(self._site.name),
        }

    def _shown_headline(self) -> str:
        """Return the title where the page marks it as the article's, else an empty text."""
        return ""

    def subtitle(self) -> str | None:
        """Return the summary under the headline, which is not the excerpt."""
        if text := self._shown_subtitle():
            self._provenance.note("subtitle", "visible")
        return text or None

    def _shown_subtitle(self) -> str:
        return ""

    def authors(self) -> list[Author]:
        """Return the byline's authors, else those of the metadata."""
        return self._byline.authors(self._jsonld, self._meta, self._provenance)

    def dates(self) -> list[DateCandidate]:
        """Return all that is stated about the article's dates, best sources first."""
        return _date_candidates(self._jsonld, self._meta, self._byline, self.identity.day)

    def breadcrumbs(self) -> list[Breadcrumb]:
        """Return the breadcrumb without Home."""
        links, own = self._breadcrumb_links(), self.identity.url
        if steps := read_steps(links, self._urls, self._base, own):
            self._provenance.note("breadcrumbs", "visible")
        return steps

    def _breadcrumb_links(self) -> Iterable[Element]:
        return ()

    def sections(self, breadcrumbs: list[Breadcrumb]) -> tuple[str | None, list[str]]:
        """Return the main section and all sections; the headline is not one, wherever stated."""
        titles = (*self._titles.values(), self._meta.first("og:title", "twitter:title"))
        names = SectionNames(
            breadcrumbs=tuple([crumb.name for crumb in breadcrumbs]),
            labels=tuple(self._byline.labels()),
            jsonld=tuple(self._jsonld.texts("articleSection")),
            meta=tuple(self._meta.every("article:section")),
            slugs=self.identity.slugs,
        ).without(title for title in titles if title)
        return read_sections(names, self._site, self._provenance)

    def keywords(self) -> list[str]:
        """Return the tags, from their anchors where the page shows them."""
        names, source = self._shown_tags(), "visible"
        if not names:
            names, source = stated_tags(self._jsonld, self._meta)
        if names:
            self._provenance.note("keywords", source)
        return names

    def _shown_tags(self) -> list[str]:
        return []

    def related(self) -> list[RelatedPost]:
        """Return the posts of the Related Posts box, dates as written; one more than are kept."""
        return []

    def language(self) -> str:
        """Return the page's language, else the site's."""
        language, source = language_of(self._root, self._site, self._meta, self._jsonld)
        self._provenance.note("language", source)
        return language

    def is_accessible_for_free(self) -> bool | None:
        """Return whether the article is free to read, which only JSON-LD states."""
        if (value := self._jsonld.is_accessible_for_free()) is not None:
            self._provenance.note("is_accessible_for_free", "jsonld")
        return value

    def publisher(self) -> Publisher:
        """Return the publication, with the court registration in the footer."""
        return publisher_of(self._site, self._jsonld, self._meta, self._footers())

    def _footers(self) -> list[Element]:
        """Return the elements that may hold the court registration."""
        return self._tags.footers

    @cached_property
    def statements(self) -> Statements:
        """What the page and its response state on rights; further pages may be added."""
        return stated_rights(self._tags, self._url, self._headers, self._meta, self._jsonld)

    def flags(self) -> list[str]:
        """Return the flags of the page itself."""
        is_cut = self._reader.is_cut or self._part_links.cannot_be_followed
        has_conflict = self.identity.has_url_conflict or self._jsonld.refused
        return [name for name, is_so in ((FLAG, is_cut), (URL_CONFLICT, has_conflict)) if is_so]


def _date_candidates(
    jsonld: JsonLd, meta: Meta, byline: Byline, day: str | None
) -> list[DateCandidate]:
    candidates = [
        DateCandidate(name, "jsonld", value)
        for name, key in (("published", "datePublished"), ("modified", "dateModified"))
        for value in jsonld.dates(key)
    ]
    if value := meta.first("article:published_time"):
        candidates.append(DateCandidate("published", "meta", value))
    if value := meta.first("article:modified_time", "og:updated_time"):
        candidates.append(DateCandidate("modified", "meta", value))
    candidates += byline.marked_dates()
    if day:
        candidates.append(DateCandidate("published", "url", day))
    if shown := byline.date():
        candidates.append(DateCandidate("shown", "visible", shown))
    return candidates


def _reading_of_dates(root: Element, site: Site) -> dict[str, Any]:
    """Return what a draft says about how its dates are to be read."""
    language = language_of_dates(root, site)
    return {"timezone": site.timezone, "language": language, "shown_date": site.shown_date}


def language_of_dates(root: Element, site: Site) -> str:
    """Return the language in which a page shows dates: the site's, where that is known."""
    stated = None if site.is_registered else stated_language(root)
    return stated or site.language
