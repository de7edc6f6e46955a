"""Pages that a site, or whoever guards it, gives in place of its own, with status 200."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

CHALLENGE, CAPTCHA, COOKIE_WALL, LOGIN = "challenge", "captcha", "cookie_wall", "login"
KINDS = (CHALLENGE, CAPTCHA, COOKIE_WALL, LOGIN)
"""What such a page can be."""

# Body classes that WordPress gives to pages of the site itself.
_OWN = frozenset(
    {"single", "archive", "category", "tag", "author", "home", "blog", "search", "page", "error404"}
)
_MOST_LINKS, _MOST_TEXT = 25, 3_000
"""A page of the site has more; these bounds are those of the longest walls seen, doubled."""
_WAIT = re.compile(
    r"(?:just a moment|un momento|one moment, please|please wait|attendere prego"
    r"|attention required|access denied|accesso negato|checking your browser"
    r"|verifica (?:che tu sia|di sicurezza)|security check|controllo di sicurezza"
    r"|human verification|pardon our interruption|are you (?:a )?(?:human|robot)"
    r"|robot check|ddos-guard|sucuri website firewall)",
    re.I,
)
_COOKIES = re.compile(r"\bcookies?\b|\bconsen(?:so|t)\b|\bprivacy\b", re.I)
_ACCEPT = re.compile(
    r"\b(?:accett\w+|acconsent\w+|rifiut\w+|accept\w*|agree|consent|reject)\b", re.I
)
_GUARDS = etree.XPath(
    "boolean(//*[@id='challenge-form' or @id='challenge-running' or @id='challenge-stage'"
    " or @id='cf-error-details' or @id='cf-wrapper' or @id='px-captcha'"
    " or @id='sec-if-cpt-container' or @id='ddg-captcha']"
    "|//script[contains(@src,'_Incapsula_Resource') or contains(@src,'captcha-delivery.com')]"
    "|//iframe[contains(@src,'_Incapsula_Resource') or contains(@src,'captcha-delivery.com')])"
)
_CAPTCHA = etree.XPath(
    "boolean(//*[contains(@class,'g-recaptcha') or contains(@class,'h-captcha')"
    " or contains(@class,'cf-turnstile') or @id='captcha-form' or @name='captcha'])"
)
# WordPress asks for the password of a single post in a form of its own.
_PASSWORD = etree.XPath(
    "boolean(//form[not(contains(@class,'post-password'))]//input[@type='password'])"
)
_BUTTONS = etree.XPath("//button|//a|//input[@type='submit' or @type='button']")
_LINKS = etree.XPath("count(//a[@href])")
_HEADINGS = etree.XPath("//title|//h1|//h2")
_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "head"})


def kind_of(root: Element) -> str | None:
    """Return what a page is that is none of the site's own, None for any other page.

    A page that has the site's own marks, many links or much text is never one: banners,
    login boxes and CAPTCHAs of comment forms stand on pages of the site too.
    """
    body = root.find("body")
    if body is None or _OWN & {*(body.get("class") or "").split()} or _LINKS(root) > _MOST_LINKS:
        return None
    text = _text(body)
    if len(text) > _MOST_TEXT:
        return None
    headings = [fold("".join(one.itertext())) for one in _HEADINGS(root)]
    if _GUARDS(root) or any(_WAIT.match(heading) for heading in headings):
        return CHALLENGE
    if _CAPTCHA(root):
        return CAPTCHA
    if _PASSWORD(root):
        return LOGIN
    speaks_of_cookies = any(_COOKIES.search(heading) for heading in headings)
    if speaks_of_cookies and any(_ACCEPT.search(label) for label in _labels(root)):
        return COOKIE_WALL
    return None


def _labels(root: Element) -> Iterator[str]:
    for one in _BUTTONS(root):
        yield (one.get("value") or "") if one.tag == "input" else "".join(one.itertext())


def _text(body: Element) -> str:
    """Return a page's words, as far as they are needed to see that they are many."""
    found, length = [], 0
    for event, one in etree.iterwalk(body, events=("start", "comment")):
        words = one.tail or ""
        if event == "start" and one.tag not in _SILENT:
            words = f"{one.text or ''} {words}"
        folded = fold(words)
        length += len(folded)
        found.append(folded)
        if length > _MOST_TEXT:
            break
    return " ".join(found)
