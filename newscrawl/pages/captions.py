"""The words under pictures, tables and players: captions and credits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.pages.shown import shown_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.sites import Site

_SEPARATOR = re.compile(r"\s+[|/]\s+|\s*\|\s*")
_CREDIT_PREFIX = re.compile(
    r"\A(?:(?:photo credits?|credit photo|foto|photo|credits?|crediti|fonte|ph)\b|[©@]|\(c\))"
    r"[\s:.]*(?:di\s)?",
    re.IGNORECASE,
)
# "Credits:" has no other use; "Foto:" may begin a caption.
_CREDIT_LABEL = re.compile(
    r"(?i:(?:photo\s)?credits?|credit\sphoto)\s*:"
    r"|(?i:crediti)\s*:\s*[A-ZÀ-Þ@©][\w.'’-]*(?:[\s/|,–]+(?:[A-ZÀ-Þ@©][\w.'’-]*|-|d[aei]l?|della|e|foto))*\Z"
    r"|(?i:foto|photo|ph)[.:]+\s*"
    r"[A-ZÀ-Þ][\w.'’-]+\s[A-ZÀ-Þ][\w.'’-]+\Z"
)
_AGENCY_AND_PERSON = re.compile(r"[\w.]+/[A-ZÀ-Þ][\w.'’-]+(?:\s[A-ZÀ-Þ][\w.'’-]+)*")
_CREDIT_MARK = re.compile(r"\s+[-–—]\s+|\s+(?=[(©])")
_MAX_CREDIT = 200
"""Characters of the longest credit that a mark sets apart from a caption."""
_NAME_BREAK = re.compile(r"[/,|]|\s[-–—]\s")
_CAPTION_CLASS = re.compile(r"(?:^|\s)(?:wp-caption-(?:text|dd)|[\w-]*gallery-caption)(?:\s|$)")
_FIGURE_CAPTION = re.compile(r"(?:^|[\s_-])(?:caption|didascalia)(?:[_-]?text)?(?:\s|$)", re.I)
_ACCOUNT = re.compile(
    r"(?:(?:foto|photo|fonte|source|via|credits?|ph)\b[\s:.]*)?(?:da\s|dal\sprofilo\s)?"
    r"(?:(?:X|Twitter|Instagram|IG|Facebook|FB|TikTok|Telegram|YouTube|Threads|Bluesky"
    r"|LinkedIn|Truth(?:\sSocial)?)[\s/:|–-]*)?@[\w.]+"
    r"(?:[\s/|–-]*(?:su\s)?(?:X|Twitter|Instagram|Facebook|TikTok|Telegram|YouTube))?",
    re.I,
)


def caption_line(frame: Element) -> str:
    """Return the line under a picture in a text; empty without one."""
    element = caption_element(frame)
    return shown_text(element)


def caption_element(frame: Element) -> Element | None:
    """Return the element with the words under a picture, a table or a player."""
    for element in frame.iterdescendants("figcaption", "p", "dd", "div", "span"):
        classes = element.get("class") or ""
        if element.tag == "figcaption" or _CAPTION_CLASS.search(classes):
            return element
    if frame.tag == "figure":
        for element in frame.iterdescendants("p", "div", "span", "small", "em"):
            if _FIGURE_CAPTION.search(element.get("class") or ""):
                return element
    return None


def is_caption(element: Element) -> bool:
    """Return whether an element is marked as the words under a picture."""
    return _CAPTION_CLASS.search(element.get("class") or "") is not None


def caption_and_credit(line: str, site: Site) -> tuple[str | None, str | None]:
    """Return caption and credit from the single line that the theme prints under a picture.

    The publisher writes "caption | credit", an agency's name alone, or a caption alone.

    >>> from newscrawl.sites.example import EXAMPLE
    >>> caption_and_credit("Donald Trump | Shutterstock - example", EXAMPLE)
    ('Donald Trump', 'Shutterstock - example')
    >>> caption_and_credit("Photo credit: EPA/Anna Rossi", EXAMPLE)
    (None, 'Photo credit: EPA/Anna Rossi')
    >>> caption_and_credit("Foto Ansa", EXAMPLE)
    (None, 'Foto Ansa')
    """
    if not line:
        return None, None
    if _ACCOUNT.fullmatch(line):
        return None, line
    parts = _SEPARATOR.split(line)
    if len(parts) > 1 and not _is_credit(line, site):
        return " | ".join(parts[:-1]).strip() or None, parts[-1].strip() or None
    if _is_credit(line, site):
        return None, line
    for mark in _CREDIT_MARK.finditer(line, max(0, len(line) - _MAX_CREDIT)):
        if _is_credit(credit := line[mark.end() :], site):
            words = line[: mark.start()]
            if _CREDIT_PREFIX.sub("", words).strip():
                return words, credit.strip("() .")
            return None, line
    return line, None


def _is_credit(line: str, site: Site) -> bool:
    line = line.strip("() ")
    bare = _CREDIT_PREFIX.sub("", line).strip(" .")
    names = [name.strip().casefold() for name in _NAME_BREAK.split(bare)]
    is_agency = [name in site.agencies for name in names]
    # "Photo credit: EPA/Anna Rossi" is labelled as a credit: an agency, then a person.
    is_labelled = bare != line.strip(" .")
    return bool(bare) and (
        all(is_agency)
        or (is_labelled and is_agency[0])
        or (is_agency[0] and _AGENCY_AND_PERSON.fullmatch(bare) is not None)
        or (is_labelled and _CREDIT_LABEL.match(line) is not None)
    )
