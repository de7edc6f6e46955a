"""Detects block pages: what a site or its bot protection serves in place of a page, status 200."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.shown import whole_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

CHALLENGE, CAPTCHA, COOKIE_WALL, LOGIN = "challenge", "captcha", "cookie_wall", "login"
KINDS = (CHALLENGE, CAPTCHA, COOKIE_WALL, LOGIN)
"""The kinds of block pages."""
_REFUSALS = frozenset({202, 401, 403, 429})
"""202 is how bot protections ask for a script to run."""
_CHECKED = frozenset({200, 202, 403, 429, 503})

# Body classes of WordPress, which only pages of the site itself have.
_OWN_CLASSES = frozenset(
    {"single", "archive", "category", "tag", "author", "home", "blog", "search", "page", "error404"}
)
_MAX_LINKS, _MAX_TEXT = 25, 3_000
"""Twice those of the longest block pages seen; a page of the site has more."""
WAIT = re.compile(
    r"(?:just a moment|un momento|one moment, please|please wait|attendere prego"
    r"|attention required|access denied|accesso negato|checking your browser"
    r"|verifica (?:che tu sia|di sicurezza)|security check|controllo di sicurezza"
    r"|human verification|pardon our interruption|are you (?:a )?(?:human|robot)"
    r"|robot check|ddos-guard|sucuri website firewall)",
    re.I,
)
COOKIES = re.compile(r"\bcookies?\b|\bconsen(?:so|t)\b|\bprivacy\b", re.I)
ACCEPT = re.compile(
    r"\b(?:accett\w+|acconsent\w+|rifiut\w+|accept\w*|agree|consent|reject)\b", re.I
)
_LONG, _MIN_PARAGRAPHS = 80, 3
"""Characters and number of paragraphs that block pages do not have."""
_ABOUT_ACCESS = re.compile(
    r"\b(?:cookies?|consenso|consent|privacy|captcha|robot|account|password|abbona\w+|registra\w+|browser"
    r"|security|sicurezza della connessione|login|log in|sign in|accedi)\b",
    re.I,
)
_IDS = etree.XPath("//@id", smart_strings=False)
_OF_BOT_PROTECTION = frozenset(
    {
        *("challenge-form", "challenge-running", "challenge-stage", "cf-error-details"),
        *("cf-wrapper", "px-captcha", "sec-if-cpt-container", "ddg-captcha"),
    }
)
_CHALLENGE_FILE = "contains(@src,'_Incapsula_Resource') or contains(@src,'captcha-delivery.com')"
_BOT_PROTECTION = etree.XPath(f"boolean(//script[{_CHALLENGE_FILE}]|//iframe[{_CHALLENGE_FILE}])")
_CAPTCHA = etree.XPath(
    "boolean(//@class[contains(.,'g-recaptcha') or contains(.,'h-captcha')"
    " or contains(.,'cf-turnstile')]|//@id[.='captcha-form']|//@name[.='captcha'])"
)
# WordPress asks for the password of a single post in a form of its own.
_PASSWORD = etree.XPath(
    "boolean(//form[not(contains(@class,'post-password'))]//input[@type='password'])"
)
_BUTTONS = etree.XPath("//button|//a|//input[@type='submit' or @type='button']")
_LINKS = etree.XPath("count(//a/@href)")
_HEADINGS = etree.XPath("//title|//h1|//h2")
_WITHOUT_TEXT = frozenset({"script", "style", "noscript", "template", "svg", "head"})


def has_bot_protection(root: Element) -> bool:
    """Return whether a page has the elements of a bot protection's challenge."""
    return not _OF_BOT_PROTECTION.isdisjoint(_IDS(root)) or bool(_BOT_PROTECTION(root))


def block_kind(root: Element) -> str | None:
    """Return the kind of a block page, None for any other page.

    A page with the site's own classes, many links or much text is never a block page: the
    site's pages have banners, login boxes and CAPTCHAs of comment forms too.
    """
    body = next(root.iterchildren("body"), None)
    if (
        body is None
        or not _OWN_CLASSES.isdisjoint((body.get("class") or "").split())
        or _LINKS(root) > _MAX_LINKS
    ):
        return None
    text = _text(body)
    if len(text) > _MAX_TEXT:
        return None
    headings = [fold(whole_text(heading)) for heading in _HEADINGS(root)]
    if has_bot_protection(root) or any(WAIT.match(heading) for heading in headings):
        return CHALLENGE
    if _has_paragraphs(root):
        return None
    if _CAPTCHA(root):
        return CAPTCHA
    if _PASSWORD(root):
        return LOGIN
    mentions_cookies = any(COOKIES.search(heading) for heading in headings)
    if mentions_cookies and any(ACCEPT.search(label) for label in _labels(root)):
        return COOKIE_WALL
    return None


def _has_paragraphs(root: Element) -> bool:
    """Return whether a page has the text of a short article next to its forms."""
    texts = (fold(whole_text(paragraph)) for paragraph in root.iter("p"))
    long = (text for text in texts if len(text) >= _LONG and not _ABOUT_ACCESS.search(text))
    return next(islice(long, _MIN_PARAGRAPHS - 1, None), None) is not None


def response_kind(status: int, root: Element | None) -> str | None:
    """Return how a response shows a block: a kind of page or `http_403`; None if it does not.

    Args:
        status: of the response.
        root: of its page; None for anything else than HTML.
    """
    # A page without elements has a root without `iter`.
    if (
        root is not None
        and status in _CHECKED
        and hasattr(root, "iter")
        and (kind := block_kind(root))
    ):
        return kind
    return f"http_{status}" if status in _REFUSALS else None


def _labels(root: Element) -> Iterator[str]:
    for button in _BUTTONS(root):
        is_input = button.tag == "input"
        yield (button.get("value") or "") if is_input else whole_text(button)


def _text(body: Element) -> str:
    """Return a page's text, up to the length that shows it to be long."""
    texts, length = [], 0
    for event, element in etree.iterwalk(body, events=("start", "comment")):
        text = element.tail or ""
        if event == "start" and element.tag not in _WITHOUT_TEXT:
            text = f"{element.text or ''} {text}"
        folded = fold(text)
        length += len(folded)
        texts.append(folded)
        if length > _MAX_TEXT:
            break
    return " ".join(texts)
