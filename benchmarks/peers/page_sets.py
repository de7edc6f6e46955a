"""The pages that all readers read, and what is right for each.

A page's truth has the keys of `readers.Fields`; a field that the page does not state, or that is
not known, is missing from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks import unknown_layouts
from benchmarks.bench_reading import NOW, theme_pages
from tests.support import stock_themes
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.theme import stock

if TYPE_CHECKING:
    from newscrawl.items import Author, Image


@dataclass(frozen=True)
class Page:
    """A page and the true fields of its article."""

    html: str
    url: str
    fields: dict[str, Any]


def _names(authors: list[Author]) -> list[str]:
    return [author.name for author in authors]


def _address(image: Image | None) -> str | None:
    return image.url if image else None


def theme(number: int) -> list[Page]:
    """Return articles of the twin on Alanews' theme."""
    content, made = Content(size=max(2 * number, 50)), []
    for post, url, html in theme_pages(content):
        item = truth.article(post, content, Switches(), fetched_at=NOW, now=NOW)
        assert item is not None
        fields = {
            "headline": item.headline,
            "text": item.body,
            "authors": _names(item.authors),
            "date_published": item.date_published,
            "date_modified": item.date_modified,
            "image": _address(item.image),
            "tags": item.keywords,
            "section": item.section,
        }
        made.append(Page(html.decode(), url, fields))
        if len(made) == number:
            break
    return made


def stock_wordpress(number: int) -> list[Page]:
    """Return as many articles of the twin on each stock theme, with metadata and without."""
    content, made = Content(size=max(4 * number, 50)), []
    for name in stock.THEMES:
        for metadata in stock_themes.METADATA:
            read = stock_themes.pages(name, metadata, content)
            for _, (path, html, true) in zip(range(number), read, strict=False):
                fields = {
                    "headline": true["headline"],
                    "text": true["body"],
                    "authors": _names(true["authors"]),
                    "date_published": true["date_published"],
                    "date_modified": true["date_modified"],
                    "image": _address(true["image"]),
                    "tags": true["keywords"],
                    "section": true["section"],
                }
                made.append(Page(html, stock_themes.ORIGIN + path, fields))
    return made


def unknown(number: int) -> list[Page]:
    """Return pages of each invented layout, as many with metadata as without."""
    made = []
    for family in unknown_layouts.FAMILIES:
        for has_metadata in (True, False):
            for page in unknown_layouts.pages(family, number, has_metadata=has_metadata):
                story = page.story
                fields: dict[str, Any] = {"headline": story.headline, "text": story.text}
                if has_metadata:
                    fields["authors"] = [story.author]
                    fields["date_published"] = story.published.isoformat()
                else:
                    # Many of the layouts print the day alone, and not all name the author.
                    fields["date_published"] = story.published.date().isoformat()
                made.append(Page(page.html, story.url, fields))
    return made
