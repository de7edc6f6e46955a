"""Article pages of any other layout: a redesign, another theme. See decisions 18, 111 and 112."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from newscrawl import dates
from newscrawl.items.draft import DateCandidate
from newscrawl.pages.article_page import language_of_dates
from newscrawl.pages.author_names import authors_of
from newscrawl.pages.backgrounds import lead_background
from newscrawl.pages.body import BodyReader
from newscrawl.pages.breadcrumb_steps import stated_steps
from newscrawl.pages.evidence import Evidence
from newscrawl.pages.head_lines import is_date_or_byline, title_without_site
from newscrawl.pages.shown import shown_text
from newscrawl.pages.shown_elements import KnownElements
from newscrawl.pages.shown_metadata import ShownMetadata
from newscrawl.pages.shown_summary import take_summary
from newscrawl.pages.site_names import SiteNames, title_of
from newscrawl.pages.stated_titles import whole_title
from newscrawl.pages.taken_text import is_head_line
from newscrawl.pages.text_marks import TextMarks
from newscrawl.pages.text_reading import read_text
from newscrawl.pages.titled_lines import folded, headline_element, line_of_title
from newscrawl.pages.wordpress import WordPressArticlePage
from newscrawl.text import count_words, decode_entities
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from lxml.etree import _Element as Element
    from parsel import Selector

    from newscrawl.dates import ItalianDate
    from newscrawl.items import Author, Block, Breadcrumb, RelatedPost

_MIN_WORDS = 20
# Names of publishers' meta tags besides Open Graph's, in order of reliability.
_PUBLISHED_NAMES = (
    "article:published", "datepublished", "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "publish-date", "publish_date", "publication_date",
    "pubdate", "dcterms.created",
    "dcterms.issued", "dc.date.issued", "dcterms.date", "dc.date", "date",
    "og:article:published_time", "article.published", "rnews:datepublished",
)  # fmt: skip
# "/cronaca/la-strada-lungo-il-torrente-4711.html"
_TITLE_FILE = re.compile(r"/\w+(?:-\w+){2,}\.(?:s?html?|aspx?|jsp)(?:\Z|[?#])", re.IGNORECASE)
_ACCOUNTS = frozenset({"admin", "administrator", "amministratore"})
"""Names of accounts that systems state as authors."""
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])[/-](0[1-9]|[12]\d|3[01])(?:/|-|\Z)")
_ITEM_HEADLINES = etree.XPath(
    "//@itemprop[.='headline']/parent::*[not(self::meta)]", smart_strings=False
)
_SENTENCE = re.compile(r"[.!?…:;](?:\W|\Z)")
_MODIFIED_NAMES = ("article:modified", "datemodified", "last-modified", "dcterms.modified")
_MIN_VERSE_WORDS, _MIN_LINE_WORDS = 40, 3
"""Words of a text without punctuation, and of its lines on average: menus have shorter ones."""
_EDGES = " ·|–-:"
_ANY_TIME = datetime(2026, 1, 15, 12, tzinfo=UTC)


class GenericArticlePage(WordPressArticlePage):
    """An article read without the theme's markup.

    Fields come from JSON-LD and meta tags, then from what the page shows; trafilatura finds the
    text. Items have the flag `body_generic`.
    """

    NAME: ClassVar[str] = "GenericArticlePage"
    _summary = ""

    def related(self) -> list[RelatedPost]:
        """Return nothing: without marks of WordPress, any list could be taken for a box."""
        return []

    def is_themed(self) -> bool:
        """Return True: this class reads any page."""
        return True

    def not_article_reason(self) -> str | None:
        """Return why this page is not an article; metadata, address and text decide."""
        reason = super().not_article_reason()
        if reason is not None:
            return reason
        if self.identity.is_post:
            # WordPress says so; its text is in a container of the theme's own.
            return None
        address = self.identity.address
        kind = Kind.ARTICLE if _TITLE_FILE.search(address.url) else address.kind
        evidence = Evidence(self._root, self._jsonld, self._meta, self._url, kind)
        return None if evidence.is_article(self) else "no_article"

    def text(self) -> str:
        """Return the text of the page."""
        self._read_first_part()
        return self._reader.text()

    def marks(self, has_cards: Callable[[Element], bool]) -> TextMarks:
        """Return what is shown with the text; `has_cards` says of an element if it has others'."""
        self._read_first_part()
        marks = TextMarks(
            self._root,
            self._ends,
            headline=self._headline[0],
            parse_date=self._parse_date,
            known=self._known,
            has_cards=has_cards,
        )
        marks.lines = self._head_lines
        return marks

    def append(self, selector: Selector) -> bool:
        """Add the text of the article's next page but for what repeats from page to page."""
        self._read_first_part()
        reader, _ = read_text(selector.root, self._new_reader)
        blocks = [block for block in reader.blocks if block not in self._reader.blocks]
        if not blocks:
            return False
        self._reader.blocks.extend(blocks)
        first = self._reader
        first.images += [image for image in reader.images if image not in first.images]
        first.videos += [video for video in reader.videos if video not in first.videos]
        self._reader.links += reader.links
        self._part_links.read(selector.root)
        return True

    def flags(self) -> list[str]:
        """Return the page's flags and `body_generic`."""
        return [*super().flags(), "body_generic"]

    def headline(self) -> str:
        """Return the title as shown, else from metadata, without the site's name."""
        chosen, source = self._headline
        if chosen:
            self._provenance.note("headline", source)
        for other_source, value in self._stated_headlines:
            if other_source != source and value.casefold() != chosen.casefold():
                self._provenance.disagree("headline", other_source, value)
        return chosen

    def subtitle(self) -> str | None:
        """Return the summary under the headline, which is not the excerpt."""
        if not self._summary:
            return super().subtitle()
        self._provenance.note("subtitle", "visible")
        return self._summary

    def authors(self) -> list[Author]:
        """Return the authors that metadata name, else those shown.

        Metadata that name the site alone give way to people.
        """
        stated = self._byline.authors(self._jsonld, self._meta, self._provenance)
        names = {name.casefold() for name in self._site_names} | _ACCOUNTS
        if stated and any(author.name.casefold() not in names for author in stated):
            return stated
        shown = authors_of(
            (
                (text, self._urls.public(url, self._base) if url else None)
                for text, url in self._shown.authors()
            ),
            names_of_site=[*self._site_names, *self._site.agencies],
        )
        if shown:
            self._provenance.note("authors", "visible")
        return shown or stated

    def dates(self) -> list[DateCandidate]:
        """Return all that is stated about the article's dates, best sources first."""
        candidates = super().dates()
        for field, names in (("published", _PUBLISHED_NAMES), ("modified", _MODIFIED_NAMES)):
            if value := self._meta.first(*names):
                candidates.append(DateCandidate(field, "meta", value))
        if any(date.field == "published" and date.source != "url" for date in candidates):
            return candidates
        shown = self._shown.dates()
        if not shown and (day := _DAY_IN_PATH.search(urlsplit(self.identity.url).path)):
            candidates.append(DateCandidate("published", "url", "/".join(day.groups())))
        # A class alone may be that of the date of another article.
        return [date for date in candidates if date.field != "shown" or not shown] + shown

    def breadcrumbs(self) -> list[Breadcrumb]:
        """Return the breadcrumb that is shown, else that of JSON-LD, without Home."""
        # Of a registered site the menu is known.
        if (shown := super().breadcrumbs()) or self._site.is_registered:
            return shown
        titles = {folded(title) for title in (self._headline[0], title_of(self._root))}
        steps = stated_steps(self._jsonld, self._urls, self._base)
        own = [step for step in steps if folded(step.name) not in titles]
        if own:
            self._provenance.note("breadcrumbs", "jsonld")
        return own

    @cached_property
    def _site_names(self) -> list[str]:
        names = SiteNames(self._root, self._url, self._meta, self._jsonld)
        stated = (self._meta.first("og:title", "twitter:title") or "", title_of(self._root))
        in_titles = (name for title in stated for name in names.in_title(title))
        return [name for name in (self._site.name, *names.stated, *in_titles) if name]

    @cached_property
    def _stated_headlines(self) -> list[tuple[str, str]]:
        """The titles in JSON-LD and meta tags, without the site's name."""
        stated = (
            ("jsonld", self._jsonld.text("headline")),
            ("meta", self._meta.first("og:title", "twitter:title")),
        )
        return [
            (source, title_without_site(value, self._site_names, self._headings))
            for source, value in stated
            if value
        ]

    @cached_property
    def _headings(self) -> list[str]:
        return [shown_text(node) for node in self._root.iter("h1")]

    @cached_property
    def _headline(self) -> tuple[str, str]:
        """The headline and its source."""
        self._read_first_part()
        stated = self._stated_headlines
        bare = ShownMetadata(self._root, self._ends, parse_date=self._parse_date)
        if shown := bare.headline(self._site_names, [value for _, value in stated]):
            # Templates escape twice.
            return decode_entities(shown), "visible"
        title = title_without_site(title_of(self._root), self._site_names, self._headings)
        if stated:
            source, value = stated[0]
            whole = whole_title(value, [*(other for _, other in stated), title])
            return (value, source) if whole == value else (whole, "meta")
        line = line_of_title(self._root, title)
        if line is not None:
            return shown_text(line), "visible"
        marked = [shown_text(node) for node in _ITEM_HEADLINES(self._root)]
        if any(marked):
            return next(filter(None, marked)), "visible"
        return title, "meta"

    @cached_property
    def _shown(self) -> ShownMetadata:
        shown = ShownMetadata(
            self._root,
            self._ends,
            headline=self._headline[0],
            parse_date=self._parse_date,
            known=self._known,
        )
        shown.lines = self._head_lines
        return shown

    @cached_property
    def _known(self) -> KnownElements:
        return KnownElements()

    @cached_property
    def _reading_of_dates(self) -> tuple[ZoneInfo, str]:
        return ZoneInfo(self._site.timezone), language_of_dates(self._root, self._site)

    def _parse_date(self, text: str) -> ItalianDate | None:
        """Return the first date in a text, relative dates counted from any time."""
        zone, language = self._reading_of_dates
        return dates.parse(text, reference=_ANY_TIME, timezone=zone, language=language)

    def _background(self) -> str | None:
        return lead_background(self._root, self._ends[0])

    def _new_reader(self) -> BodyReader:
        return BodyReader(self._urls, self._base)

    def _read_first_part(self) -> None:
        if self._parts_read:
            return
        self._parts_read = 1
        # lxml makes an object for an element each time that nothing refers to the last one.
        self._nodes = [*self._root.iter()]
        self._reader, self._ends = read_text(self._root, self._new_reader)
        if not _is_text(self._reader.text(), self._nodes, self._ends[1]):
            self._reader, self._ends = BodyReader(self._urls, self._base), (None, None)
        headline = headline_element(self._root, self._headline[0]) if self._reader.blocks else None
        if headline is not None:
            self._summary, self._ends = take_summary(
                headline, self._reader.blocks, self._ends, self._root
            )
        titles = [*self._headings, *(value for _, value in self._stated_headlines)]
        titles.append(self._headline[0])
        self._head_lines = _take_head_lines(self._reader.blocks, {*map(str.casefold, titles)})
        if self._reader.blocks:
            self._provenance.note("body", "generic")


def _take_head_lines(blocks: list[Block], titles: Collection[str]) -> list[str]:
    """Take the headline, byline and date, which are fields, out of a text.

    Args:
        blocks: of the text; they are changed.
        titles: of the page, in lower case.

    Returns:
        The lines that were taken but for the titles.
    """
    taken: list[str] = []
    kept: list[Block] = []
    is_head = True
    for block in blocks:
        if is_head and block.type == "paragraph" and "\n" in (block.text or ""):
            taken += _take_first_lines(block, titles)
        text = (block.text or "").strip(_EDGES)
        is_head = is_head and count_words(text) < _MIN_WORDS
        is_title = text.casefold() in titles and (is_head or block.type == "heading")
        is_line = is_head and is_head_line(block)
        if is_line:
            taken.append(text)
        elif not is_title:
            kept.append(block)
    blocks[:] = kept
    return taken


def _take_first_lines(block: Block, titles: Collection[str]) -> list[str]:
    """Take the headline, byline and date out of a paragraph's first lines, and return the lines."""
    lines, taken = (block.text or "").split("\n"), []
    while len(lines) > 1 and (
        lines[0].strip(_EDGES).casefold() in titles or is_date_or_byline(lines[0])
    ):
        taken.append(lines.pop(0))
    block.text = "\n".join(lines)
    return taken


def _is_verse(text: str) -> bool:
    lines = [line for line in text.split("\n") if line]
    return count_words(text) >= max(_MIN_VERSE_WORDS, _MIN_LINE_WORDS * len(lines))


def _is_text(text: str, nodes: list[Element], last: Element | None) -> bool:
    """Return whether a text is more than the head of a page that broke off: its menu, its date.

    A text has sentences, or a colon in its lines, and does not end before the first `h1`. Verses
    may have no punctuation.
    """
    first_heading = next(nodes[0].iter("h1"), None)
    if not _SENTENCE.search(text) and (first_heading is None or not _is_verse(text)):
        return False
    if last is None or first_heading is None:
        return True
    # Tables may hold both in one cell.
    is_within = last in first_heading.iterancestors()
    return is_within or nodes.index(first_heading) < nodes.index(last)
