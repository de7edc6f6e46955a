"""What a site shows inside its article template in place of an article's text.

That the article does not exist, or a wall. The template proves nothing then: classes, post id and
date are those of any article. A text of a few words that says so is the evidence; an article about
such pages says more. See decision 144 in docs/decisions.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.block_page import (
    ACCEPT,
    CAPTCHA,
    CHALLENGE,
    COOKIE_WALL,
    COOKIES,
    LOGIN,
    WAIT,
    has_bot_protection,
)
from newscrawl.pages.shown import shown_text, whole_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from newscrawl.items.draft import DateCandidate
    from newscrawl.pages.identity import PageIdentity
    from newscrawl.pages.structured import JsonLd

MAX_WORDS = 200
"""Words of the longest substitutes; longer texts are not searched."""
_FEW_WORDS, _SOME_WORDS, _MANY_WORDS = 20, 50, 120
_OPENING = 160
"""Characters at the beginning of a text in which a substitute says what it is."""
_REGRET = (
    r"(?:(?:oops|ops|ooops|sorry|spiacenti|siamo spiacenti|ci dispiace|attenzione"
    r"|errore(?: 404)?|error(?: 404)?|404|désolée?|lo sentimos|es tut uns leid|leider)\W+"
    r"(?:ma |but |mais |pero )?)*"
)
_THING = (
    r"(?:page|post|article|content|link|story|pagina|post|articolo|contenuto|notizia|risorsa"
    r"|página|artículo|contenido|seite|artikel|beitrag|artigo|conteúdo)"
)
_ASKED = (
    r"(?:\W+(?:che (?:stai cercando|stavi cercando|cerchi|cercavi|hai richiesto|hai cercato)"
    r"|richiest[ao]|cercat[ao]|(?:that )?you(?:'re| are| were|’re)? (?:looking for"
    r"|requested|trying to (?:view|reach|access))|requested|que (?:vous (?:recherchez|cherchez)"
    r"|buscas?|procura)|demandée?|solicitad[ao]|sie suchen))"
)
"""What only a reader can have done: no article begins so about a page of others."""
_ABSENT = (
    r"\W+(?:non (?:è (?:stat[ao] )?(?:più )?(?:trovat[ao]|disponibile|presente|reperibile)"
    r"|esiste(?: più)?|si trova(?: più)?|trovat[ao]|disponibile)"
    r"|(?:was|were|is|has been|could|can|does|did)?"
    r"\W*(?:no longer|not|n[o’']t|cannot|can[’']t|removed|deleted)[^.!?]{0,12}"
    r"(?:be found|found|exists?|available|here)?\b"
    r"|(?:n['’](?:existe|est) (?:pas|plus)|(?:est )?introuvable|non trouvée?"
    r"|no (?:existe|encontrad[ao]|está disponible|se (?:ha )?encontr)"
    r"|não (?:encontrad[ao]|existe|foi)"
    r"|(?:wurde |existiert |konnte |ist )?(?:leider )?nicht (?:gefunden|mehr|verfügbar))"
    r"|(?:è|é) stat[ao] (?:rimoss[ao]|cancellat[ao]|eliminat[ao]))"
)
_END = r"(?:\s+(?:o|oppure|or|ou|oder)\b[^.!?]{0,60})?\s*(?:[.!?…]|$)"
"""The end of the sentence: one that goes on is about something else."""
_OTHER_WORDS = (
    r"it (?:looks like|seems)(?: like)? (?:nothing was found|we can[’']t find)[^.!?]{0,40}"
    r"|nothing (?:was )?found|nessun risultato(?: trovato)?|nothing to see here"
    r"|page introuvable|seite nicht gefunden|404 not found"
)
_ARTICLE = r"(?:(?:l[aeo]|il|l['’]|the|this|quest[ao]|die|el|[ao])\W*)?"
_NOT_FOUND = re.compile(
    rf"{_REGRET}(?:{_ARTICLE}{_THING}(?:{_ASKED}{_ABSENT}|{_ABSENT}{_END})|(?:{_OTHER_WORDS}){_END})",
    re.I,
)
_NOTICE = re.compile(
    rf"{_REGRET}(?:(?:stai per essere|verrai|sarai|you (?:are being|will be))[^.!?]{{0,20}} "
    r"(?:re(?:in)?dirizzat|redirect)"
    r"|se non (?:vieni|sei stat[oa]|verrai|si viene)[^.!?]{0,20} re(?:in)?dirizzat"
    r"|if you are not (?:automatically )?(?:re)?directed|(?:the document|this page) has moved"
    r"|you don[’']t have permission to access"
    r"|(?:the server|this service|service) (?:is )?temporarily (?:unable|unavailable)"
    r"|request unsuccessful\W|stiamo lavorando per (?:voi|te|migliorare)"
    r"|(?:il |questo |the |this )?(?:nostro |our )?(?:sito|site|website) (?:è |is )?"
    r"(?:temporaneamente |temporarily |currently )?"
    r"(?:in manutenzione|(?:under|down for)[^.!?]{0,20} maintenance)\s*(?:[.!?:]|$)"
    r"|(?:per|to) (?:visualizzare|vedere|utilizzare|view|use|see)[^.!?]{0,60}"
    r"(?:abilitar|attivar|enabl)\w*[^.!?]{0,20}javascript"
    r"|(?:please |devi )?(?:abilita(?:re)?|attiva(?:re)?|enable) javascript"
    r"|(?:il tuo|your) browser (?:non è|is not|is out|is no longer))",
    re.I,
)
"""What a server, or a page that leads to another, says to its reader."""
_NOTICE_TITLE = re.compile(
    r"(?:re(?:in)?dirizzamento(?: in corso)?|redirecting"
    r"|(?:30[12378] )?(?:moved permanently|found))\W*",
    re.I,
)
_OF_READER = re.compile(rf"{_REGRET}{_ARTICLE}{_THING}{_ASKED}", re.I)
_REST = re.compile(
    r"\W*(?:$|[.!?…]|[-–—|]\s|(?:before|prima|while|mentre|for a|per qualche|we|stiamo)\b)", re.I
)
_BE_HUMAN = (
    r"(?:(?:dimostra|conferma|verifica)(?:re)? (?:di|che) (?:non )?(?:essere|sei|siete|tu sia)"
    r"|verifichiamo che (?:tu )?(?:non )?(?:sia|sei)|non sono|i['’]?a?m not"
    r"|(?:verify|prove|confirm)(?: that)? you['’]? ?a?re(?: not)?)"
    r" (?:un |una |un['’]|a )?(?:essere )?(?:uman[oa]|human|robot|bot\b|persona)"
    r"|(?:completa|risolvi|inserisci|complete|solve|enter)[^.!?]{0,20}captcha"
)
_TO_GO_ON = r"(?:(?:per (?:continuare|proseguire|accedere|leggere)|to continue)[^.!?]{0,30}?\W)?"
_HUMAN = re.compile(rf"{_TO_GO_ON}(?:{_BE_HUMAN})", re.I)
_SIGN_IN = re.compile(
    r"(?:per (?:continuare|leggere|proseguire|accedere)[^.!?]{0,60})?"
    r"(?:accedi|effettua (?:l['’]accesso|il login)|login|log in|sign in|entra|registrati|iscriviti"
    r"|area riservata|devi (?:accedere|effettuare)|(?:you must|please) (?:log|sign) in)\b",
    re.I,
)
_CONSENT = re.compile(
    r"abbiamo rilevato[^.!?]{0,40}ad ?-?block|(?:disattiva|disabilita)[^.!?]{0,30}ad ?-?block"
    r"|per (?:continuare|leggere|proseguire)[^.!?]{0,60}accett\w+ (?:tutti )?i cookie"
    r"|(?:accetta|devi accettare) (?:tutti )?i cookie per",
    re.I,
)
_SUBSCRIBERS = re.compile(
    r"(?:quest[oa] )?(?:contenuto|articolo|pagina) (?:è )?riservat[oa] agli? abbonat"
    r"|(?:abbonati|iscriviti) per (?:continuare|leggere)|per (?:continuare a )?leggere[^.!?]{0,40}"
    r"(?:abbonati|abbonarti|devi essere abbonato)",
    re.I,
)
_CAPTCHAS = etree.XPath(
    "boolean(descendant::*/@class[contains(.,'g-recaptcha') or contains(.,'h-captcha')"
    " or contains(.,'cf-turnstile')]|descendant::*/@id[.='captcha-form']"
    "|descendant::*/@name[contains(.,'captcha')]|descendant::*/@src[contains(.,'captcha')])"
)
_PASSWORDS = etree.XPath(
    "boolean(.//form[not(contains(@class,'post-password'))]//input[@type='password'])"
)
_BUTTONS = etree.XPath(".//button|.//a|.//input[@type='submit' or @type='button']")
_NO_INDEX = etree.XPath("boolean(/html/head/meta[@name='robots' and contains(@content,'noindex')])")


class SubstituteText:
    """A short text of an article's page, and whether it stands in place of the article.

    Args:
        root: the page.
        content: the element of the text, or of the whole article where that is not known.
        text: the text as it was read.
        words: how many words it has, at most `MAX_WORDS`.
    """

    def __init__(self, root: Element, content: Element, text: str, words: int) -> None:
        self._root = root
        self._content = content
        self._titles = [shown_text(element) for element in root.iter("title", "h1")]
        self._opening = fold(text)[:_OPENING]
        self._words = words

    def kind(
        self, identity: PageIdentity, jsonld: JsonLd, dates: Callable[[], list[DateCandidate]]
    ) -> str | None:
        """Return what is in place of the article's text: `not_found`, or a kind of wall; else None.

        Args:
            identity: what the page states about itself.
            jsonld: its JSON-LD, which may state that the article is not free.
            dates: returns the dates that it states.
        """
        if self.is_not_found(
            has_not_found_title=identity.has_not_found_title,
            is_dated=lambda: any(date.field == "published" for date in dates()),
        ):
            return "not_found"
        if self._words < _SOME_WORDS and self._is_notice():
            return "no_article"
        return self.wall(is_paid=jsonld.is_accessible_for_free() is False)

    def _is_notice(self) -> bool:
        is_titled = any(map(_NOTICE_TITLE.fullmatch, self._titles))
        # The site's name may stand before it.
        find = _NOTICE.search if self._words < _FEW_WORDS else _NOTICE.match
        return is_titled or find(self._opening) is not None

    def is_not_found(self, *, has_not_found_title: bool, is_dated: Callable[[], bool]) -> bool:
        """Return whether the page says that its article does not exist.

        Args:
            has_not_found_title: whether its title or first heading says so.
            is_dated: whether it states a date of publication; asked last.
        """
        says_so = _NOT_FOUND.match(self._opening) is not None
        if has_not_found_title:
            return self._words < (_MANY_WORDS if says_so or not is_dated() else _FEW_WORDS)
        if not says_so or self._words < _FEW_WORDS:
            return says_so
        if self._words < _SOME_WORDS and _OF_READER.match(self._opening):
            return True
        return self._words < _MANY_WORDS and (bool(_NO_INDEX(self._root)) or not is_dated())

    def wall(self, *, is_paid: bool) -> str | None:
        """Return the kind of a wall: one of `block_page.KINDS`; None if the page is not a wall.

        Args:
            is_paid: whether the publisher states that the article is not free: a form to sign in
                is then below a teaser, if there is any other text.
        """
        if self._is_challenge():
            return CHALLENGE
        if self._is_captcha():
            return CAPTCHA
        is_subscribers = self._words < _FEW_WORDS and _SUBSCRIBERS.match(self._opening)
        is_without_teaser = self._words < _FEW_WORDS and _SIGN_IN.match(self._opening)
        if self._is_sign_in() and (is_without_teaser or not is_paid):
            return LOGIN
        if is_subscribers and not is_paid:
            return LOGIN
        if self._words < _FEW_WORDS and _CONSENT.match(self._opening):
            return COOKIE_WALL
        is_about_cookies = COOKIES.search(self._opening) is not None
        if is_about_cookies and any(ACCEPT.search(label) for label in self._labels()):
            return COOKIE_WALL
        return None

    def _is_captcha(self) -> bool:
        if self._words >= _SOME_WORDS:
            return False
        if _HUMAN.match(self._opening):
            return True
        is_asked = self._words < _FEW_WORDS or _HUMAN.search(self._opening) is not None
        return is_asked and bool(_CAPTCHAS(self._content))

    def _is_challenge(self) -> bool:
        if self._words >= _SOME_WORDS:
            return False
        if any(_says_only(WAIT, text) for text in (*self._titles, self._opening)):
            return True
        return has_bot_protection(self._root)

    def _is_sign_in(self) -> bool:
        if self._words >= _MANY_WORDS or not _PASSWORDS(self._content):
            return False
        stated = (*self._titles, self._opening)
        return self._words < _FEW_WORDS or any(_SIGN_IN.match(text) for text in stated)

    def _labels(self) -> list[str]:
        return [
            button.get("value") or "" if button.tag == "input" else fold(whole_text(button))
            for button in _BUTTONS(self._content)
        ]


def _says_only(pattern: re.Pattern[str], text: str) -> bool:
    """Return whether a text says this and nothing else in its sentence, as headlines do not."""
    match = pattern.match(text)
    return match is not None and _REST.match(text, match.end()) is not None
