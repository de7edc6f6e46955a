"""Article pages of the JNews theme (6 to 11), with any settings.

See decision 1 in docs/decisions.md.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from lxml import etree

from newscrawl import dates
from newscrawl.items import Article, Author, Breadcrumb, Publisher, RelatedPost, Rights
from newscrawl.items.draft import DateCandidate, Draft
from newscrawl.pages.base_url import document_base
from newscrawl.pages.body import BodyReader
from newscrawl.pages.byline import Byline
from newscrawl.pages.cards import read_cards
from newscrawl.pages.identity import PageIdentity
from newscrawl.pages.lead_media import LeadMedia
from newscrawl.pages.page_links import PartLinks
from newscrawl.pages.provenance import Provenance
from newscrawl.pages.section_labels import SectionNames, read_sections
from newscrawl.pages.shown import shown_text
from newscrawl.pages.structured import JsonLd, Meta, separate
from newscrawl.pages.tdm import stated_rights
from newscrawl.pages.theme_elements import ThemeElements
from newscrawl.pages.truncation import FLAG
from newscrawl.text import count_words, digest, fold, strip_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element
    from parsel import Selector

    from newscrawl.pages.cards import Card
    from newscrawl.urls import SiteUrls


def _xpath(expression: str) -> etree.XPath:
    return etree.XPath(expression, smart_strings=False)


# A page rendered in a browser may hold further articles below the first.
HEADLINE = ("h1", "jeg_post_title")
SUBTITLE = ("h2", "jeg_post_subtitle")
FOOTER = _xpath(
    "/html/body/div/div[@id='footer' or contains(@class,'footer-holder')]//p"
    "|/html/body/div[@id='jeg_off_canvas']//p|//footer"
)


class JNewsArticlePage:
    """One article on a page of the theme; `draft()` returns its content."""

    NAME: ClassVar[str] = "JNewsArticlePage"

    def __init__(
        self,
        selector: Selector,
        url: str,
        urls: SiteUrls,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._root: Element = selector.root
        self._url = url
        self._urls = urls
        self._site = urls.site
        self._headers = headers or {}
        self._provenance = Provenance()
        self._base = document_base(self._root, url)
        self._reader = BodyReader(urls, self._base)
        self._parts_read = 0

    @cached_property
    def _elements(self) -> ThemeElements:
        return ThemeElements(self._root)

    @property
    def _content(self) -> Element | None:
        return self._elements["content"]

    @cached_property
    def _byline(self) -> Byline:
        element = self._elements["byline"]
        if element is None:
            element = self._elements["custom_byline"]
        return Byline(element, self._urls, self._base)

    @cached_property
    def _jsonld(self) -> JsonLd:
        return JsonLd(self._root, self.identity.stated_urls)

    @cached_property
    def _meta(self) -> Meta:
        return Meta(self._root)

    @cached_property
    def identity(self) -> PageIdentity:
        """What the page states about itself: canonical URL, post id, format."""
        return PageIdentity(self._root, self._url, self._urls, self._meta)

    def is_themed(self) -> bool:
        """Return whether the page is a single post with the theme's article container."""
        return self._content is not None and self.identity.is_single

    def not_article_reason(self) -> str | None:
        """Return why this page is not an article, None when it may be one."""
        return self.identity.not_article_reason()

    def word_count(self) -> int:
        """Return how many words of the article are on this page."""
        self._read_first_part()
        return count_words(self._reader.text())

    @cached_property
    def _part_links(self) -> PartLinks:
        return PartLinks(self._elements.scope, self.identity.url, self._urls, self._base)

    def parts(self) -> list[str]:
        """Return the canonical URLs of an article's further pages, in order."""
        return self._part_links.addresses()

    def append(self, selector: Selector) -> bool:
        """Add the text of the article's next page; return False when it has none."""
        self._read_first_part()
        elements = ThemeElements(selector.root)
        if elements["content"] is None:
            return False
        self._reader.read(elements["content"])
        self._part_links.read(elements.scope)
        return True

    def draft(self) -> Draft:
        """Return the article as this page states it, its dates still unresolved."""
        self._read_first_part()
        reader, lead = self._reader, LeadMedia(self._elements, self._urls, self._base)
        headline, subtitle, body = self.headline(), self.subtitle(), reader.text()
        breadcrumbs = self.breadcrumbs()
        section, sections = self.sections(breadcrumbs)
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
            rights=self.rights(),
            flags=self.flags(),
            provenance=self._provenance.sources,
            disagreements=self._provenance.disagreements,
        )
        if body:
            self._provenance.sources.setdefault("body", "visible")
        return Draft(article, self.dates(), timezone=self._site.timezone)

    def _read_first_part(self) -> None:
        if self._parts_read == 0 and self._content is not None:
            self._reader.read(self._content)
            self._parts_read = 1

    def headline(self) -> str:
        """Return the title as shown, else from metadata."""
        shown = shown_text(self._elements.with_class(*HEADLINE))
        stated = [
            ("jsonld", self._jsonld.text("headline")),
            ("meta", self._meta.title(self._site.name)),
        ]
        any_title = None if shown else shown_text(next(self._elements.scope.iter("h1"), None))
        chosen = ""
        for source, value in [("visible", shown), *stated, ("visible", any_title)]:
            if value and not chosen:
                chosen = value
                self._provenance.note("headline", source)
            elif value and value.casefold() != chosen.casefold():
                self._provenance.disagree("headline", source, value)
        return chosen

    def subtitle(self) -> str | None:
        """Return the summary under the headline, which is not the excerpt."""
        element = self._elements.with_class(*SUBTITLE)
        text = strip_tags("".join(element.itertext())) if element is not None else ""
        if text:
            self._provenance.note("subtitle", "visible")
        return text or None

    def authors(self) -> list[Author]:
        """Return the byline's authors, else those of the metadata."""
        return self._byline.authors(self._jsonld, self._meta, self._provenance)

    def dates(self) -> list[DateCandidate]:
        """Return all that is stated about the article's dates, best sources first."""
        return _date_candidates(self._jsonld, self._meta, self.identity.day, self._byline.date())

    def breadcrumbs(self) -> list[Breadcrumb]:
        """Return the breadcrumb without Home."""
        container = self._elements["breadcrumbs"]
        links = [
            Breadcrumb(name, self._urls.public(anchor.get("href") or "", self._base))
            for anchor in (container.iter("a") if container is not None else ())
            if (name := shown_text(anchor))
        ]
        home = f"{self._site.origin}/"
        steps = [step for step in links if step.url != home and step.name.casefold() != "home"]
        if steps:
            self._provenance.note("breadcrumbs", "visible")
        return steps

    def sections(self, breadcrumbs: list[Breadcrumb]) -> tuple[str | None, list[str]]:
        """Return the main section and all sections."""
        names = SectionNames(
            breadcrumbs=[crumb.name for crumb in breadcrumbs],
            labels=self._byline.labels(),
            jsonld=self._jsonld.texts("articleSection"),
            meta=self._meta.every("article:section"),
            slugs=self.identity.slugs,
        )
        return read_sections(names, self._site, self._provenance)

    def keywords(self) -> list[str]:
        """Return the tags, from their anchors: the theme prints them without a separator."""
        shown = _tags(self._elements["tags"])
        for source, names in (
            ("visible", shown),
            ("jsonld", self._jsonld.texts("keywords")),
            ("meta", [fold(tag) for tag in separate(self._meta.every("article:tag")) if fold(tag)]),
        ):
            if names:
                self._provenance.note("keywords", source)
                return names
        return []

    def related(self) -> list[RelatedPost]:
        """Return the posts of the Related Posts box, dates as written."""
        box = self._elements["related"]
        cards = read_cards(box, self._urls, self._base) if box is not None else []
        if cards:
            self._provenance.note("related", "visible")
        return [_related_post(position, card) for position, card in enumerate(cards, 1)]

    def language(self) -> str:
        """Return the page's language, else the site's."""
        stated = fold(self._root.get("lang")).replace("_", "-").split("-")[0].lower()
        stated = stated if stated.isascii() and stated.isalpha() and 2 <= len(stated) <= 8 else ""
        self._provenance.note("language", "visible" if stated else "site")
        return stated or self._site.language

    def is_accessible_for_free(self) -> bool | None:
        """Return whether the article is free to read, which only JSON-LD states."""
        value = self._jsonld.is_accessible_for_free()
        if value is not None:
            self._provenance.note("is_accessible_for_free", "jsonld")
        return value

    def publisher(self) -> Publisher:
        """Return the publication, with the court registration in the footer."""
        registration = next(
            (
                text
                for node in FOOTER(self._root)
                if "tribunale" in "".join(node.itertext()).lower()
                and (text := self.identity.registration(shown_text(node)))
            ),
            None,
        )
        return Publisher(self._site.name, f"{self._site.origin}/", registration)

    def rights(self) -> Rights:
        """Return what the page and its response reserve; the response has priority."""
        return stated_rights(self._headers, self._meta)

    def flags(self) -> list[str]:
        """Return the flags of the page itself."""
        flags = ["sponsored"] if self._elements["sponsor"] is not None else []
        return (
            [*flags, FLAG] if self._reader.is_cut or self._part_links.cannot_be_followed else flags
        )


def _related_post(position: int, card: Card) -> RelatedPost:
    """Return a card's post; a relative date is rounded, the day in the address is not."""
    day, date = card.address.day, card.date
    date = day if day and date and dates.is_relative(date) else date
    return RelatedPost(position, card.address.url, card.title, card.label, date, card.image_alt)


def _tags(container: Element | None) -> list[str]:
    tags = container.iter("a") if container is not None else ()
    texts = (text for tag in tags if tag.get("rel") == "tag" and (text := shown_text(tag)))
    return [*dict.fromkeys(texts)]


def _date_candidates(
    jsonld: JsonLd, meta: Meta, day: str | None, shown: str | None
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
    if day:
        candidates.append(DateCandidate("published", "url", day))
    if shown:
        candidates.append(DateCandidate("shown", "visible", shown))
    return candidates
