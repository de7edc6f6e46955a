"""Recognises what is between an article's paragraphs without being part of it.

See decision 11 in docs/decisions.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from newscrawl.items import Link

# Boxes of the theme and its plugins within the text (JNews 6 to 11, from saved pages).
_BOX_CLASSES = re.compile(
    r"(?:^|\s)(?:jeg_ad\b|jeg_ad_|ads-wrapper|adsbygoogle|jnews_inline_related_post|jeg_post_tags|"
    r"jeg_pagelinks|post-nav-links|page-links|post-page-numbers|jeg_post_source|jeg_post_via|jeg_share|share-float|jeg_postblock|"
    r"jnews_related_post|jeg_prevnext_post|jeg_authorbox|jnews_author_box|jeg_newsletter|"
    r"ez-toc|toc_container|lwptoc|kk-star-ratings|post-ratings|rmp-|wp-caption-text|"
    r"sharedaddy|jp-relatedposts|yarpp|newsletter|mc4wp|cookie|screen-reader-text|"
    r"post-password-form|jeg_comments|module-overlay|jnews_popup|tptn_counter)"
)
_BOX_IDS = frozenset({"ez-toc-container", "toc_container", "respond", "comments"})
_READ_ALSO = re.compile(
    r"\A[\W_]{0,3}(?:(?:leggi|vedi|guarda|ascolta)\s(?:anche|pure)"
    r"|(?:ti )?potrebbe interessar(?:ti|e)(?: anche)?)\b",
    re.IGNORECASE,
)


def is_boilerplate(element: Element) -> bool:
    """Return whether an element is an advertisement, a widget or a box of other articles."""
    names = element.get("class")
    if names and _BOX_CLASSES.search(names):
        return True
    return element.get("id") in _BOX_IDS


def is_read_also(text: str, links: Sequence[Link]) -> bool:
    """Return whether a paragraph is only "Leggi anche:" and the text of its links.

    >>> from newscrawl.items import Link
    >>> is_read_also("Leggi anche: Un titolo", [Link("https://www.example.it/a/", "Un titolo")])
    True
    >>> is_read_also("Leggi anche il testo", [Link("https://www.example.it/a/", "testo")])
    False
    """
    match = _READ_ALSO.match(text) if links else None
    if match is None:
        return False
    link_text = " ".join(link.text for link in links)
    if link_text == text:
        return True
    before, separator, after = text[match.end() :].partition(link_text)
    return bool(separator) and not after.strip(" .") and not any(map(str.isalnum, before))
