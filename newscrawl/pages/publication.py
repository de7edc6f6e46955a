"""The publication of a page: its publisher and its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.items import Publisher
from newscrawl.pages.identity import PageIdentity
from newscrawl.pages.shown import shown_text, whole_text
from newscrawl.pages.structured import scalars, types
from newscrawl.text import decode_entities, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from newscrawl.pages.structured import JsonLd, Meta
    from newscrawl.sites import Site

_PUBLISHERS = (frozenset({"newsmediaorganization"}), frozenset({"website"}))
"""Types of schema.org whose names are a publication's, the surest first."""


def publisher_of(site: Site, jsonld: JsonLd, meta: Meta, footers: Iterable[Element]) -> Publisher:
    """Return the publication, with the court registration in a footer.

    Of a site that is not registered, the page states the name.
    """
    texts = (
        PageIdentity.registration(shown_text(footer))
        for footer in footers
        if "trib" in whole_text(footer).lower()
    )
    registration = next(filter(None, texts), None)
    stated = None
    if not site.is_registered:
        names = (name for name, _ in jsonld.people("publisher"))
        stated = meta.first("og:site_name") or next(names, None) or _stated_name(jsonld)
    return Publisher(stated or site.name, f"{site.origin}/", registration)


def _stated_name(jsonld: JsonLd) -> str | None:
    """Return the name that JSON-LD give the site or its publisher, apart from an article."""
    for kinds in _PUBLISHERS:
        for node in jsonld.objects:
            name = next(scalars(node.get("name")), None) if types(node) & kinds else None
            if isinstance(name, str) and (text := fold(decode_entities(name))):
                return text
    return None


def stated_language(root: Element) -> str | None:
    """Return the primary subtag of the page's `lang`, None when it is not a BCP 47 tag."""
    return _primary_subtag(root.get("lang") or root.get("xml:lang"))


def language_of(root: Element, site: Site, meta: Meta, jsonld: JsonLd) -> tuple[str, str]:
    """Return the language that a page states, else the site's, and the source."""
    if stated := stated_language(root):
        return stated, "visible"
    if stated := _primary_subtag(jsonld.text("inLanguage")):
        return stated, "jsonld"
    if stated := _primary_subtag(meta.first("og:locale")):
        return stated, "meta"
    return site.language, "site"


def _primary_subtag(language: str | None) -> str | None:
    tag = fold(language).replace("_", "-").split("-")[0].lower()
    return tag if tag.isascii() and tag.isalpha() and 2 <= len(tag) <= 8 else None
