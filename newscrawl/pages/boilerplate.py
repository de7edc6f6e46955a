"""Recognises what is between an article's paragraphs without being part of it.

See decision 11 in docs/decisions.md.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newscrawl.items import Link
from newscrawl.pages.invitation import is_invitation
from newscrawl.pages.shown import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

# Boxes of the theme and of widespread plugins within the text, by how a class name begins.
_BOX_CLASSES = re.compile(
    r"(?:^|\s)(?:"
    # JNews 6 to 11, from saved pages.
    r"jeg_ad\b|jeg_ad_|ads-wrapper|adsbygoogle|jnews_inline_related_post|jeg_post_tags|"
    r"jeg_pagelinks|post-nav-links|page-links|post-page-numbers|jeg_post_source|jeg_post_via|"
    r"jeg_share|share-float|jeg_postblock|jnews_related_post|jeg_prevnext_post|jnews_prev_next|"
    r"jeg_authorbox|jnews_author_box|jeg_newsletter|jeg_comments|jnews_comment|module-overlay|"
    r"jnews_popup|jeg_sidebar|jeg_footer|footer-holder|"
    # Sharing.
    r"addtoany_|a2a_|sharedaddy|sd-sharing|ssba|simplesocial|sfsi|heateor|the_champ|essb_|mashsb|"
    r"swp_|social-?share|social_share|share-buttons|share_buttons|sharethis|st-inline-share|"
    r"addthis|shareaholic|juiz_sps|dpsp-|novashare|scriptlesssocial|wp-socializer|"
    r"wp-block-social-link|wp-block-outermost-social-sharing|fb-like|fb-share|fb-save|fb-page|"
    r"printfriendly|"
    # Other articles and lists of the site.
    r"jp-relatedposts|crp_related|yarpp|rpwwt|relpost|related[-_]?(?:posts?|articles?|news|content)"
    r"|wp_rp|IRPP_|irp-|read-?also|leggi-?anche|also-?read|inline-related|taboola|outbrain|OUTBRAIN|"
    r"trc_|mgid|rc-widget|zergnet|wp-block-latest-|wp-block-query|wp-block-post-template|"
    r"wp-block-rss|wp-block-archives|wp-block-categories|wp-block-tag-cloud|wp-block-page-list|"
    r"wp-block-calendar|wp-block-search|wp-block-loginout|wp-block-post-(?:author|navigation|"
    r"comments|terms|date)|wp-block-comments|wp-block-jetpack-(?:related|subscri|like)|"
    r"wp-block-navigation|slideshowlink|ngg-slideshow-link|"
    r"elementor-(?:widget-)?(?:share-b|posts\b|archive-posts|loop-(?:grid|carousel)|post-navigation"
    r"|author-box)|iubenda-cs-|wp-block-read-more|wp-block-newsletter|"
    # Counters, ratings.
    r"post-views|wpp-|tptn_counter|kk-star-ratings|post-ratings|rmp-|wp-?ulike|yasr-|gdrts-|"
    r"rt-reading-time|bsf-rt|wtr-time|reading-time|"
    # Authors.
    r"saboxplugin|author[-_]?box|author-bio|about[-_]author|m-a-box|pp-multiple-authors|abh_box|"
    r"ts-fab-|wp-biographia|wp-author-box|"
    # Newsletters and forms.
    r"newsletter|tnp\b|tnp-|mc4wp|mc_embed|mailpoet|mailerlite|ml-embedded|ml-form|sib-form|"
    r"sib_signup|hustle-|convertkit|formkit-|wpforms|wpcf7|gform_|nf-form|frm_forms|"
    r"jetpack_subscription|elementor-form|sign-?up\b|(?:sign-?up|subscribe|subscription|optin)[-_](?:box|"
    r"form|widget|block|banner|cta)|paywall[-_](?:box|message|notice|banner|overlay|prompt|cta|form)|"
    r"wp-polls|aawp|"
    r"pum\b|popmake|post-password-form|"
    # Tables of contents, breadcrumbs, buttons of files.
    r"ez-toc|toc_container|lwptoc|simpletoc|yoast-(?:table-of-contents|breadcrumbs)|aioseo-toc|"
    r"uagb-toc|kb-table-of-content|wp-block-(?:table-of-contents|rank-math-toc|yoast-seo-)|"
    r"rank-math-(?:toc|breadcrumb)|wp-block-file__(?:button|embed)|"
    # Captions are read with their pictures, notices of consent tools not at all.
    r"wp-caption-text|gallery-caption|tiled-gallery-caption|wp-caption-dd|"
    r"cookie-(?:notice|law|bar|banner|consent|policy|box)|cookie_|cookieconsent-optout|"
    r"cmplz-blocked-content-notice|cmplz-accept|video-placeholder|_brlbs-|brlbs-cmpnt-cb-|"
    r"iub-prior|screen-reader-text|elementor-toc)"
)
_OTHER_ARTICLES = re.compile(
    r"related|relpost|postblock|crp_|yarpp|rpwwt|wp_rp|irp-|read-?also|leggi-?anche|also-?read"
    r"|taboola|outbrain|wp-block-(?:latest-|query|post-template|rss)",
    re.IGNORECASE,
)
_BOX_IDS = frozenset({"ez-toc-container", "toc_container", "respond", "comments"})
_LABEL = re.compile(
    r"[\W_]{0,6}(?:"
    r"(?:(?:ti\sè\spiaciut|(?:se\s)?(?:ti|vi)\s(?:è\spiaciut|interess)|sull['’](?:stesso\s)?argomento"
    r"|sul\stema|a\s(?:tal\s|questo\s)?proposito)[^.!?:]{0,40}[?,:]?\s)?"
    r"(?:leggi|vedi|guarda|ascolta|scopri)\s(?:anche|pure|inoltre|ancora)"
    r"(?:\s(?:l['’]articolo|l['’]approfondimento|gli\sarticoli|qui|quest[oi](?:\sarticol[oi])?"
    r"|altr[eio](?:\s\w+)?|su\s\w+(?:\.\w+)?)(?=\W*\Z|\s*[:»>→–—-]))?"
    r"|(?:ti\s|vi\s)?(?:potrebbe(?:ro)?|può|possono)\s(?:anche\s)?interessar(?:e|ti|vi)(?:\s(?:leggere\s)?anche)?"
    r"|articol[oi]\scorrelat[oi]|notizi[ae]\scorrelat[ae]|post\scorrelati|contenuti\scorrelati"
    r"|(?:ti\s|vi\s)?potrebbe(?:ro)?\s(?:anche\s)?piacer(?:ti|vi)(?:\sanche)?"
    r"|potrest[ei]\sleggere\sanche|(?:ti|vi)\sconsigliamo(?:\s(?:anche|di\sleggere))*(?=\W*\Z|\s*[:»>→–—-])"
    r"|leggi\s(?:gli|le)\saltr[ei]\s(?:articoli|notizie)(?:\ssu)?"
    r"|da\sleggere\sanche|sullo\sstesso\s(?:tema|argomento)|per\sapprofondire"
    r"|read\s(?:also|more|next)|see\salso|related(?:\s(?:articles?|posts?|news))?(?=\W*\Z|\s*:)"
    r"|(?P<short>(?:tags?|argomenti)(?=\s*:)|approfondisci|approfondiment[oi]|correlat[ie]|altre\snotizie|continua\sa\sleggere"
    r"|non\sperder(?:e|ti|vi|telo)|(?:l['’]|(?:leggi\s)?il\snostro\s)approfondimento|rivedi|altri\sarticoli(?=\s*:)"
    r"|per\ssaperne\sdi\spiù|consigliat[ie]\sper\s(?:te|voi)|sull['’]argomento|segui\sla\sdiretta"
    r"|vai\sall(?:['’]articolo|a\snotizia)|leggi\sl['’](?:intervista|approfondimento|analisi)"
    r"|(?:leggi|scopri)\s(?:di\spiù|qui|l['’]articolo(?:\s(?:completo|integrale))?|gli\sarticoli|tutto"
    r"|la\snotizia|altr[ei]\s(?:articoli|notizie)(?:\ssu)?)|da\s(?:leggere|non\sperdere)"
    r"|(?:leggi|guarda(?:\s(?:il\svideo|le\sfoto))?)(?=\s*[:|»>→]))"
    # Styles may set a label apart from the title behind it.
    r")(?:\b|(?=(?-i:[A-ZÀ-Ý])))",
    re.IGNORECASE,
)
# With an object they make a sentence: "Non perdere la mostra", "Segui la diretta su Rai 1".
_VERBS = frozenset({"non perdere", "rivedi", "segui la diretta"})
_BOX_TITLE = re.compile(
    r"(?:le\s|gli\s|i\s)?(?:ultim[ei]\s(?:notizie|news|articoli|post)"
    r"|(?:articoli|notizie|post)\s(?:recenti|simili)|altri\sarticoli|più\slett[ei]|in\sevidenza"
    r"|(?:latest|recent)\s(?:news|posts|articles))\W*",
    re.IGNORECASE,
)
_ADVERT = re.compile(
    r"\W*(?:pubblicità|advertisement|ad[sv]?|annunci[oi](?:\sgoogle)?|(?:contenuto\s)?sponsorizzato"
    r"|(?:annuncio|messaggio|spazio|contenuto|inserzione|informazione)\s(?:pubblicitari[oa]|promozionale)"
    r"|inserzione|messaggio\selettorale(?:\sa\spagamento)?"
    r"|(?:(?:l['’])?articolo\s)?(?:continua|prosegue)(?:\s(?:a\sleggere|la\slettura))?\s(?:dopo|sotto)"
    r"\s(?:la\spubblicità|l['’]annuncio)|scorri\sper\scontinuare(?:\s(?:a\sleggere|la\slettura))?"
    r"|condividi(?:\s(?:quest[oa]|l['’]|il|la)\s?(?:articolo|post|notizia|pagina))?"
    r"(?:\s(?:su|con)\s(?:facebook|x|twitter|whatsapp|telegram|linkedin|(?:i\s)?(?:social|tuoi\samici)))?"
    r")\W*",
    re.IGNORECASE,
)
_RIGHTS = re.compile(
    r"\W*(?:(?:copyright|tutti\si\sdiritti\sriservati)\W+)?riproduzione\s(?:riservata|vietata)"
    r"(?:[\W_]+copyright\b[^.!?]{0,40})?\W*"
    r"|(?:copyright\W{0,3}|©\s?|\(c\)\s?)\d{4}\b(?:[-–]\d{2,4}\b)?"
    # A name, not the words of a sentence.
    r"(?=[^.!?:]{0,30}\.?\Z)(?:[^\w.!?:]+(?:(?-i:[A-ZÀ-Þ0-9])[\w'’&]*+|(?:by|di|de[il]|della|e|and|the|la|il"
    r"|tutti|i|diritti|riservati|all|rights|reserved|s\.?[pr]\.?[al]\.?|srl[su]?|www|it|com)(?!\w)))*\W*",
    re.IGNORECASE,
)
# Of a plugin that is gone; "[caption id=1]Il molo[/caption]" has words of its own.
_SHORTCODE = re.compile(r"\[/?[a-z][\w-]*(?:\s+[\w-]+=[^\[\]]+)?/?\]")
_MAX_ADVERT, _MAX_SHORTCODE = 60, 300
_ENDS_LABEL = re.compile(r"\s*(?:[:|»>→–—-]|\Z)")
# Behind the link of "Leggi anche": "(1 novembre 2026)", "– Il Faro", "| VIDEO".
_BEHIND_LINK = re.compile(
    r"\s*(?:[(\[][^()\[\]]{1,40}[)\]]"
    r"|(?:,\s|\s?[–—|•·]\s?|\s-\s)(?:(?i:(?:di\s|del\s|il\s|le\s|la\s|guarda\s(?:il|le|la)\s)?"
    r"(?:video|foto|gallery|fotogallery|immagini|diretta|audio|podcast)\b[^.!?]{0,20})"
    r"|[A-ZÀ-Ý0-9][\w.'’/]*(?:\s[\w.'’/]+){0,3}))[\s.»>→]*"
)
_BETWEEN_LINKS = re.compile(r"[\W_]*(?:(?:e|ed|o|oppure|and)\b[\W_]*)?", re.IGNORECASE)


@lru_cache(maxsize=5_000)
def _is_box_class(names: str) -> bool:
    return _BOX_CLASSES.search(names) is not None


def is_boilerplate(element: Element) -> bool:
    """Return whether an element is an advertisement, a widget or a box of other articles."""
    names = element.get("class")
    if names and _is_box_class(names):
        return True
    return element.get("id") in _BOX_IDS


def is_other_articles(element: Element) -> bool:
    """Return whether a box that is boilerplate shows other articles."""
    return _is_class_of_others(element.get("class") or "")


@lru_cache(maxsize=5_000)
def _is_class_of_others(names: str) -> bool:
    return _OTHER_ARTICLES.search(names) is not None


def is_read_also(text: str, links: Sequence[Link]) -> bool:
    """Return whether a line is only "Leggi anche:" and the text of its links.

    >>> from newscrawl.items import Link
    >>> is_read_also("Leggi anche: Un titolo", [Link("https://www.example.it/a/", "Un titolo")])
    True
    >>> is_read_also("Leggi anche il testo", [Link("https://www.example.it/a/", "testo")])
    False
    """
    match = _LABEL.match(text) if links else None
    if match is None:
        return False
    if len(links) == 1 and links[0].text.strip() == text.strip(" .:»>→"):
        # "Approfondimento sul porto" is a title.
        return match["short"] is None or _ENDS_LABEL.match(text, match.end()) is not None
    behind = text[match.end() :]
    if behind.lstrip()[:1].islower() and (match["short"] or "").casefold() in _VERBS:
        return False
    return _is_covered(behind, links, _BEHIND_LINK)


def is_read_also_label(text: str) -> bool:
    """Return whether a line consists of "Leggi anche" or a label like it.

    >>> is_read_also_label("LEGGI ANCHE:"), is_read_also_label("Vedi anche alla voce mare")
    (True, False)
    """
    match = _LABEL.match(text)
    return match is not None and not any(map(str.isalnum, text[match.end() :]))


def is_box_title(text: str) -> bool:
    """Return whether a line above a box of other articles is the box's title.

    >>> is_box_title("Ultime notizie"), is_box_title("Le ultime notizie dal fronte")
    (True, False)
    """
    return _BOX_TITLE.fullmatch(text) is not None or is_read_also_label(text)


def is_notice(text: str) -> bool:
    """Return whether a paragraph says only that an advertisement is there, or whose the text is.

    A shortcode that WordPress left as it is counts as well.

    >>> is_notice("- Pubblicità -"), is_notice("La pubblicità torna in tv.")
    (True, False)
    """
    if text.startswith("["):
        is_code = len(text) < _MAX_SHORTCODE and _SHORTCODE.fullmatch(text) is not None
        return is_code and ("=" in text or "/" in text)
    return len(text) < _MAX_ADVERT and bool(_ADVERT.fullmatch(text) or _RIGHTS.fullmatch(text))


def leads_to_others(text: str, elements: Iterable[Element]) -> bool:
    """Return whether a line is only "Leggi anche", or an invitation to follow the site.

    "Leggi anche" may be without the links in `elements`.
    """
    if is_read_also_label(text):
        return True
    anchors = (anchor for element in elements for anchor in element.iter("a"))
    links = [Link("", shown_text(anchor)) for anchor in anchors]
    return is_read_also(text, links) or is_invitation(text, links)


def without_read_also(text: str, links: Sequence[Link]) -> str:
    r"""Return a paragraph without its lines that only lead to other articles.

    >>> from newscrawl.items import Link
    >>> link = Link("https://www.example.it/a/", "Un titolo")
    >>> without_read_also("La gara parte.\nLeggi anche: Un titolo", [link])
    'La gara parte.'
    """
    lines: list[str] = []
    is_below_label = False
    for line in text.split("\n"):
        linked = [link for link in links if link.text in line]
        is_label = is_read_also_label(line)
        if is_label or is_read_also(line, linked) or is_invitation(line, linked):
            is_below_label = is_label
        elif not (is_below_label and is_links_only(line, linked)):
            is_below_label = False
            lines.append(line)
    return "\n".join(lines)


def is_linked_entry(text: str, links: Sequence[Link]) -> bool:
    """Return whether an entry of a list has no words but a link's, and a date or source behind.

    >>> from newscrawl.items import Link
    >>> is_linked_entry("Un titolo (1 marzo)", [Link("https://www.example.it/a/", "Un titolo")])
    True
    """
    return bool(links) and _is_covered(text, links, _BEHIND_LINK)


def is_links_only(text: str, links: Sequence[Link]) -> bool:
    """Return whether a line has no words but those of its links."""
    return bool(links) and _is_covered(text, links)


def _is_covered(text: str, links: Sequence[Link], behind: re.Pattern[str] | None = None) -> bool:
    """Return whether `text` is links alone, with no words between but "e", "o" and signs.

    What is behind the last one may match `behind`.
    """
    is_any = False
    for link in links:
        before, separator, after = text.partition(link.text)
        if not separator:
            continue
        if not _BETWEEN_LINKS.fullmatch(before):
            return False
        text, is_any = after, True
    is_end = not any(map(str.isalnum, text)) or (behind and behind.fullmatch(text))
    return is_any and bool(is_end)
