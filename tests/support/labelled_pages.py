"""Invented pages of unknown layouts, each labelled as an article or as another kind of page.

Each has a bare variant and one with the metadata that publishers give such a page.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.unknown_layouts import paragraph, sentence, title

if TYPE_CHECKING:
    from collections.abc import Iterator

ORIGIN = "https://www.ilpontile.example"
SITE_NAME = "Il Pontile"
_CHANCE = random.Random(981)  # noqa: S311 - the same pages each time
_DATE = "20 novembre 2026"
_TIME = f"<time datetime='2026-11-20T08:00:00+01:00'>{_DATE}</time>"
_ARTICLE = "<meta property='og:type' content='article'>"
_WEBSITE = "<meta property='og:type' content='website'>"
SHORT = "Il molo resta chiuso oggi e domani per il mare mosso, avverte la capitaneria di porto."
"""A news item of fifteen words."""


_Sample = tuple[str, str, str, str, str]
"""Name, path, headline, elements, and the metadata of the variant that has some."""


@dataclass(frozen=True)
class LabelledPage:
    """A page and what it is."""

    name: str
    html: str
    url: str
    is_article: bool
    has_metadata: bool


def _typed(kind: str, **values: str) -> str:
    stated = {"@context": "https://schema.org", "@type": kind, **values}
    return f"<script type='application/ld+json'>{json.dumps(stated)}</script>"


def _text(number: int = 5) -> str:
    return "".join(f"<p>{paragraph(_CHANCE)}</p>" for _ in range(number))


def _sentences(number: int) -> str:
    return " ".join(sentence(_CHANCE) for _ in range(number))


def _cards(number: int, pattern: str) -> str:
    """Return cards of other articles; the pattern has `{n}`, `{title}` and `{text}`."""
    return "".join(
        pattern.format(n=n, title=title(_CHANCE), text=sentence(_CHANCE)) for n in range(number)
    )


_ARTICLE_CARD = (
    "<article><h2><a href='/cronaca/notizia-di-oggi-{n}/'>{title}</a></h2>"
    f"{_TIME}<p>{{text}}</p></article>"
)
_DIV_CARD = (
    "<div class='item'><h3><a href='/cronaca/notizia-di-oggi-{n}.html'>{title}</a></h3>"
    f"<span class='date'>{_DATE}</span><p>{{text}}</p></div>"
)
_BARE_CARD = (
    "<div class='riga'><a class='tit' href='/n/{n}'>{title}</a><div class='d'>"
    f"{_DATE}</div><div class='abs'>{{text}}</div></div>"
)
_FLAT_CARD = "<h2><a href='/news/{n}'>{title}</a></h2><p>{text} {text}</p>"
_LIST_CARD = f"<li><a href='/2026/11/{{n}}.html'>{{title}}</a> <i>{_DATE}</i><br>{{text}}</li>"
_WHOLE_CARD = (
    "<a class='teaser' href='/storia-{n}'><h3>{title}</h3><p>{text}</p><small>2 ore fa</small></a>"
)


def _frame(heading: str, main: str, head: str, *, has_sidebar: bool) -> str:
    menu = "".join(
        f"<li><a href='/{name.lower()}/'>{name}</a></li>"
        for name in ("Porto", "Cronaca", "Sport", "Cultura", "Meteo", "Contatti", "Abbonati")
    )
    side = ""
    if has_sidebar:
        titles = "".join(f"<li><a href='/n/{n}/'>{title(_CHANCE)}</a></li>" for n in range(6))
        side = f"<div class='colonna-destra'><h4>I più letti</h4><ul>{titles}</ul></div>"
    return (
        f"<!doctype html><html lang='it'><head><meta charset='utf-8'><title>{heading} - {SITE_NAME}"
        f"</title>{head}</head><body><div class='testata'><a href='/'>{SITE_NAME}</a><ul>{menu}"
        "</ul><form action='/cerca'><input type='search' name='q'><button>Cerca</button></form>"
        f"</div>{main}{side}<footer><p>{SITE_NAME} è una testata registrata presso il tribunale. "
        "Tutti i diritti sono riservati.</p><a href='/privacy/'>Privacy</a></footer></body></html>"
    )


def _both(sample: _Sample, *, is_article: bool) -> Iterator[LabelledPage]:
    name, path, heading, main, metadata = sample
    for head in ("", metadata):
        html = _frame(heading, main, head, has_sidebar=len(name) % 2 == 0)
        yield LabelledPage(name, html, ORIGIN + path, is_article, bool(head))


# Articles.

_ARTICLE_PATHS = (
    "/?p=12",
    "/news/12345",
    "/2026/11/la-torre-riapre-al-pubblico.html",
    "/la-torre-riapre",
    "/en/tower-reopens-to-visitors-12",
    "/cronaca/la-torre-riapre-al-pubblico/",
    "/cronaca/2026/11/20/torre.html",
    "/articolo/torre-civica/8841/",
    "/2026/11/20/torre/",
    "/torre-civica-riapre_4711.shtml",
    "/notizie/torre_riapre-202611201030.html",
)
_ARTICLE_LAYOUTS = {
    "date in a div": "<div class='pezzo'><h1>{h}</h1><div class='d'>{d}</div>{t}</div>",
    "byline": "<div id='c'><h1>{h}</h1><div class='meta'>di Anna Berti</div><div>{t}</div></div>",
    "date and byline": "<section><h1>{h}</h1><p class='info'>di Anna Berti | {d}</p>{t}</section>",
    "time element": "<main><h1>{h}</h1>{time}<div class='testo'>{t}</div></main>",
    "date before the headline": "<div class='x'><span class='data'>{d}</span><h1>{h}</h1>{t}</div>",
    "tables": "<table><tr><td><h1>{h}</h1></td></tr><tr><td><font>20/11/2026 - Ugo Lari</font>"
    "</td></tr><tr><td>{t}</td></tr></table>",
    "related cards behind": "<main><h1>{h}</h1><p class='data'>{d}</p>{t}<h3>Altre notizie</h3>"
    "{cards}</main>",
    "comment form": "<div class='art'><h1>{h}</h1><div class='data'>{d}</div>{t}<div "
    "class='comments'><form><input name='n'><input type='email' name='e'>"
    "<textarea name='c'></textarea><button>Invia</button></form></div></div>",
    "linked words": "<article><h1>{h}</h1><span>{d}</span><p><a href='/tag/torre/'>La torre</a> "
    "riapre.</p>{t}</article>",
    "article element": "<article><h1>{h}</h1><em>{d}</em>{t}</article>",
    "English": "<div class='story'><h1>{h}</h1><div>By Anna Berti</div><div>20 November 2026</div>"
    "{t}</div>",
}


def _articles() -> Iterator[_Sample]:
    stated = (_ARTICLE, _typed("NewsArticle", headline="La torre", datePublished="2026-11-20"))
    for number, (name, layout) in enumerate(_ARTICLE_LAYOUTS.items()):
        # Each layout at three addresses.
        for shift in (0, 4, 7):
            path = _ARTICLE_PATHS[(number + shift) % len(_ARTICLE_PATHS)]
            heading = title(_CHANCE)
            main = layout.format(
                h=heading, d=_DATE, time=_TIME, t=_text(), cards=_cards(4, _DIV_CARD)
            )
            yield (f"{name}, {path}", path, heading, main, stated[shift % 2])
    heading = "Il molo è chiuso per il mare mosso"
    for path in ("/porto/il-molo-chiuso-per-mare-mosso/", "/news/4711", "/2026/11/molo.html"):
        main = f"<article><h1>{heading}</h1>{_TIME}<p>{SHORT}</p></article>"
        yield (f"short, {path}", path, heading, main, _ARTICLE)
    for heading, path in (
        ("Privacy violata, il garante multa il comune", "/privacy-violata-multa-al-comune"),
        ("Il contatto con la nave è perduto", "/porto/il-contatto-con-la-nave/"),
        ("Chi siamo noi per dire di no al ponte", "/opinioni/chi-siamo-noi-per-dire-di-no/"),
        ("Ricerca dei dispersi, terzo giorno", "/cronaca/ricerca-dei-dispersi"),
        ("Il login del sindaco rubato da un ladro", "/2026/11/login-rubato.html"),
        ("Archivio storico, riapre la sala", "/cultura/archivio-storico-riapre-la-sala"),
    ):
        main = f"<div class='w'><h1>{heading}</h1><div class='dt'>{_DATE}</div>{_text(3)}</div>"
        yield (heading, path, heading, main, _ARTICLE)
    shops = "".join(
        f"<h2><a href='https://negozio{n}.example/'>Negozio numero {n} del centro</a></h2>"
        f"<p>{paragraph(_CHANCE)}</p>"
        for n in range(4)
    )
    heading = "Quattro negozi da vedere"
    main = f"<div><h1>{heading}</h1><p>di Anna Berti, {_DATE}</p>{_text(1)}{shops}</div>"
    yield ("list of links to shops", "/guide/quattro-negozi", heading, main, _ARTICLE)
    entries = "".join(
        f"<div class='e'><b>1{n}:30</b><p>{_sentences(2)}</p></div>" for n in range(6)
    )
    heading = "Maltempo, la diretta di oggi"
    main = f"<div class='live'><h1>{heading}</h1><div class='data'>{_DATE}</div>{entries}</div>"
    yield (
        "live",
        "/diretta/maltempo-12",
        heading,
        main,
        _typed("LiveBlogPosting", headline=heading),
    )


def _unusual_articles() -> Iterator[_Sample]:
    """Yield the same of articles that share something with other pages."""
    heading = "Riaperta la strada del porto"
    above = f"<div class='su'>{_cards(3, _DIV_CARD)}</div>"
    lines = f"<p class='data'>{_DATE}, ore 10.30</p><p>{_sentences(2)}</p>"
    yield (
        "short text above cards",
        "/news/8812",
        heading,
        (
            f"<div class='n'><h1>{heading}</h1>{lines}</div><div class='altre'>"
            f"{_cards(6, _DIV_CARD)}</div>"
        ),
        _ARTICLE,
    )
    yield (
        "cards above",
        "/porto/riaperta-strada",
        heading,
        f"{above}<div class='n'><h1>{heading}</h1><div class='data'>{_DATE}</div>{_text(4)}</div>",
        _ARTICLE,
    )
    inner = "".join(f"<p>{paragraph(_CHANCE)}</p>{_cards(1, _DIV_CARD)}" for _ in range(5))
    yield (
        "cards between",
        "/porto/riaperta_strada.html",
        heading,
        f"<div><h1>{heading}</h1><span class='autore'>di Anna Berti</span>{inner}</div>",
        _ARTICLE,
    )
    inner = "".join(
        f"<p>{_sentences(2)}</p><p><a href='/n/{n}'>{title(_CHANCE)}</a></p>" for n in range(4)
    )
    yield (
        "links between",
        "/12345",
        heading,
        f"<div><h1>{heading}</h1><p>di Anna Berti - {_DATE}</p>{inner}</div>",
        _ARTICLE,
    )
    yield (
        "headline linked to itself",
        "/storia-del-porto",
        heading,
        f"<div><h1><a href='/storia-del-porto/'>{heading}</a></h1><i>{_DATE}</i>{_text(3)}</div>",
        _ARTICLE,
    )
    yield (
        "logo in a heading",
        "/storia-del-faro",
        heading,
        (
            f"<div><h1><a href='/'>{SITE_NAME}</a></h1></div><div class='p'><h2>{heading}</h2>"
            f"<div class='data'>{_DATE}</div>{_text(3)}</div>"
        ),
        _ARTICLE,
    )
    yield (
        "signature at the end",
        "/la-storia-del-faro",
        heading,
        f"<div><h1>{heading}</h1>{_text(4)}<p class='firma'>di Anna Berti</p></div>",
        _ARTICLE,
    )
    yield (
        "microdata",
        "/s/44121",
        heading,
        (
            f"<div itemscope itemtype='http://schema.org/NewsArticle'><h1>{heading}</h1><span "
            f"itemprop='datePublished' content='2026-11-20'></span>{_text(3)}</div>"
        ),
        _ARTICLE,
    )
    yield (
        "relative date",
        "/notizie/porto-riaperto",
        heading,
        f"<div><h1>{heading}</h1><div class='t'>2 ore fa</div>{_text(3)}</div>",
        _ARTICLE,
    )
    yield (
        "interview",
        "/idee/intervista_44",
        heading,
        f"<div><h1>{heading}</h1><div class='by'>di Ugo Lari</div>"
        + "".join(f"<h3>Che cosa cambia?</h3><p>{_sentences(2)}</p>" for _ in range(4))
        + "</div>",
        _ARTICLE,
    )
    yield (
        "comments with replies",
        "/notizie/porto-8",
        heading,
        f"<div><h1>{heading}</h1><div class='data'>{_DATE}</div>{_text(3)}</div><div "
        "class='commenti'>"
        + "".join(f"<p>{_sentences(1)}</p><a href='#r'>Rispondi</a>" for _ in range(4))
        + "</div>",
        _ARTICLE,
    )


# Other pages.


def _unusual() -> Iterator[_Sample]:
    """Yield name, path, heading, elements and metadata of pages that share much with articles."""
    masthead = "<div class='data'>Domenica 29 novembre 2026</div>"
    heading = "Riaperta la strada del porto"
    lead = (
        f"<div class='apertura'><h1><a href='/porto/riaperta-la-strada/'>{heading}</a></h1>"
        f"<span>{_DATE}</span><p>{_sentences(3)}</p></div>"
    )
    yield "lead story", "/index.html", "Il Pontile", lead + _cards(6, _DIV_CARD), _WEBSITE
    yield (
        "company with the day in the masthead",
        "/onoranze/",
        "Il nostro lavoro",
        f"{masthead}<div class='c'><h1>Il nostro lavoro</h1>{_text(4)}</div>",
        _WEBSITE,
    )
    yield (
        "service of many words",
        "/servizi/trasporto-pubblico",
        "Il trasporto pubblico",
        f"<div class='c'><h1>Il trasporto pubblico</h1>{_text(5)}</div>",
        _WEBSITE,
    )
    yield (
        "two results",
        "/trova/?q=ponte",
        "Ponte",
        f"<div><h1>Ponte</h1>{_cards(2, _DIV_CARD)}</div>",
        _WEBSITE,
    )
    yield (
        "author's life",
        "/autori/berti",
        "Anna Berti",
        (
            f"<div class='author'><h1 class='author-name'>Anna Berti</h1><p class='bio'>"
            f"{_sentences(4)}</p></div>{_cards(4, _LIST_CARD)}"
        ),
        _WEBSITE,
    )
    posts = "".join(
        f"<div class='post'><h2><a href='/blog/{n}'>{title(_CHANCE)}</a></h2><i>{_DATE}</i>"
        f"{_text(3)}</div>"
        for n in range(4)
    )
    yield "blog", "/blog/", "Il blog del porto", f"<h1>Il blog del porto</h1>{posts}", _WEBSITE
    terms = "".join(
        f"<dt><a href='/n/{n}'>{title(_CHANCE)}</a></dt><dd>{_sentences(2)}</dd>" for n in range(5)
    )
    yield (
        "list of terms",
        "/ultime",
        "Ultime notizie",
        f"<div><h1>Ultime notizie</h1><div class='data'>{_DATE}</div><dl>{terms}</dl></div>",
        _WEBSITE,
    )
    more = "".join(
        f"<div class='b'><h3>{title(_CHANCE)}</h3><p>{_sentences(2)}</p><a href='/n/{n}'>Leggi "
        "tutto</a></div>"
        for n in range(5)
    )
    yield (
        "excerpts with a link to more",
        "/porto/notizie-di-oggi-dal-porto/",
        "Dal porto",
        f"<div><h1>Dal porto</h1><p>{_DATE}</p>{more}</div>",
        _WEBSITE,
    )
    rows = "".join(
        f"<tr><td>{_DATE}</td><td><a href='/n/{n}'>{title(_CHANCE)}</a><br>{_sentences(1)}</td>"
        "</tr>"
        for n in range(6)
    )
    yield (
        "table of releases",
        "/comunicati/elenco-dei-comunicati-stampa/",
        "Comunicati",
        f"<div><h1>Comunicati</h1><table>{rows}</table></div>",
        _WEBSITE,
    )
    yield (
        "event in microdata",
        "/eventi/sagra-della-zucca-in-piazza/",
        "Sagra della zucca",
        (
            f"<div itemscope itemtype='https://schema.org/Event'><h1>Sagra della zucca</h1><time "
            f"datetime='2026-12-01'>1 dicembre 2026</time><p>{_sentences(3)}</p></div>"
        ),
        _typed("Event"),
    )
    yield (
        "dated only by a change",
        "/regolamento-dei-commenti",
        "Regolamento dei commenti",
        f"<div><h1>Regolamento dei commenti</h1><p>Aggiornato il {_DATE}</p>{_text(4)}</div>",
        _WEBSITE,
    )


def _lists() -> Iterator[_Sample]:
    """Yield name, path, heading, elements and metadata of pages that are lists."""
    intro = f"<p>{_sentences(3)}</p>"
    collection = _typed("CollectionPage", name="Elenco")
    cards = {
        "article": _ARTICLE_CARD,
        "div": _DIV_CARD,
        "bare": _BARE_CARD,
        "flat": _FLAT_CARD,
        "list": _LIST_CARD,
        "whole": _WHOLE_CARD,
    }
    places = (
        ("home", "/", "Il Pontile", _WEBSITE),
        ("front page of a language", "/it/", "Notizie dal porto", _WEBSITE),
        ("home at a file", "/home.html", "Prima pagina", _WEBSITE),
        ("section", "/cronaca/", "Cronaca", collection),
        (
            "section of several words",
            "/cronaca/cronaca-di-porto-vecchio/",
            "Porto Vecchio",
            _WEBSITE,
        ),
        ("tag", "/argomenti/diga-foranea-nord/", "Diga foranea nord", collection),
        ("search", "/cerca/?q=molo", "Risultati della ricerca: molo", _typed("SearchResultsPage")),
        ("search at a slug", "/ricerca-nel-sito/?testo=molo", "Hai cercato molo", _WEBSITE),
        (
            "archive of a month",
            "/archivio/novembre-2026-tutte-le-notizie/",
            "Novembre 2026",
            _WEBSITE,
        ),
        ("author", "/autori/anna-maria-berti/", "Anna Maria Berti", _typed("ProfilePage")),
    )
    for number, (name, path, heading, metadata) in enumerate(places):
        for shift in (0, 3):
            kind = [*cards][(number + shift) % len(cards)]
            inner = _cards(8, cards[kind])
            inner = f"<ul>{inner}</ul>" if kind == "list" else inner
            main = f"<div class='elenco'><h1>{heading}</h1>{intro if shift else ''}{inner}</div>"
            yield f"{name}, {kind} cards", path, heading, main, metadata
    dated = f"<div class='elenco'><h1>Diga foranea</h1>{intro}{_cards(3, _DIV_CARD)}</div>"
    yield "topic with an introduction", "/temi/diga-foranea-nord/", "Diga", dated, _WEBSITE


_FIELDS = (
    "<form action='/invia' method='post'><label>Nome</label><input name='n'><label>Cognome</label>"
    "<input name='c'><label>Email</label><input type='email' name='e'><label>Messaggio</label>"
    "<textarea name='m'></textarea><button>Invia</button></form>"
)
_SIGN_IN = (
    "<form action='/entra'><label>Email</label><input name='u'><label>Password</label>"
    "<input type='password' name='p'><button>Entra</button></form>"
)


def _legal() -> Iterator[_Sample]:
    """Yield name, path, heading, elements and metadata of pages about the site."""
    changed = f"<p>Ultimo aggiornamento: {_DATE}</p>"
    for heading, path in (
        ("Privacy policy", "/privacy-policy/"),
        ("Informativa sulla privacy", "/informativa-privacy.html"),
        ("Cookie policy", "/it/cookie-policy"),
        ("Note legali", "/info/note-legali/"),
        ("Impressum", "/impressum"),
        ("Termini e condizioni", "/pagine/termini-e-condizioni-di-uso/"),
        ("Chi siamo", "/chi-siamo/"),
        ("La redazione", "/redazione/"),
        ("Contatti", "/it/contatti"),
        ("Pubblicità", "/pubblicita.html"),
        ("About us", "/en/about-us"),
        ("Abbonamenti", "/abbonamenti/"),
    ):
        is_dated = "p" in path
        main = f"<article><h1>{heading}</h1>{changed if is_dated else ''}{_text(4)}</article>"
        # Plugins call static pages articles.
        yield heading, path, heading, main, _ARTICLE


def _services() -> Iterator[_Sample]:
    """Yield the same of forms, shops, forums, errors, pages of pictures."""
    heading = "Scrivi alla redazione"
    main = f"<div><h1>{heading}</h1><p>{_sentences(2)}</p>{_FIELDS}</div>"
    yield "form", "/scrivi-alla-redazione/", heading, main, _typed("ContactPage")
    heading = "Segnala una notizia al giornale"
    yield (
        "form in an article",
        "/servizi/segnala-una-notizia-al-giornale/",
        heading,
        f"<article><h1>{heading}</h1><p>{_sentences(2)}</p>{_FIELDS}</article>",
        _WEBSITE,
    )
    heading = "Accedi"
    for path in ("/login", "/utente/accedi-al-tuo-profilo/"):
        main = f"<div><h1>{heading}</h1><p>{_sentences(1)}</p>{_SIGN_IN}</div>"
        yield f"sign in, {path}", path, heading, main, _WEBSITE
    yield (
        "registration",
        "/utente/crea-un-nuovo-profilo/",
        "Crea un profilo",
        f"<article><h1>Crea un profilo</h1><p>{_sentences(3)}</p>{_SIGN_IN}</article>",
        _WEBSITE,
    )
    pictures = "".join(f"<figure><img src='/f/{n}.jpg'></figure>" for n in range(9))
    for path in ("/foto/festa-del-porto-2026/", "/gallery/4711"):
        main = f"<div><h1>Festa del porto</h1><div class='data'>{_DATE}</div>{pictures}</div>"
        yield f"pictures, {path}", path, "Festa del porto", main, _typed("ImageGallery")
    product = _typed("Product", name="Lampada")
    buy = "<span class='price'>€ 49,00</span><button>Aggiungi al carrello</button>"
    for path, tag in (("/shop/lampada-da-tavolo-blu/", "div"), ("/p/lampada-12", "article")):
        main = f"<{tag}><h1>Lampada da tavolo</h1>{buy}<p>{_sentences(3)}</p></{tag}>"
        yield f"product, {path}", path, "Lampada da tavolo", main, product
    marked = (
        "<div itemscope itemtype='https://schema.org/Product'><h1 itemprop='name'>Sedia di legno"
        f"</h1><p>{_sentences(4)}</p></div>"
    )
    yield "product in microdata", "/negozio/sedia-di-legno-12/", "Sedia", marked, product
    posts = "".join(
        f"<div class='post'><div class='who'>utente{n}</div>{_TIME}<div>{_sentences(2)}</div>"
        "<a href='#r'>Rispondi</a></div>"
        for n in range(6)
    )
    main = f"<div class='thread'><h1>Chi conosce un idraulico</h1>{posts}</div>"
    for path in ("/forum/chi-conosce-un-idraulico.123/", "/community/topic/chi-conosce-uno-8"):
        yield (
            f"thread, {path}",
            path,
            "Chi conosce un idraulico",
            main,
            _typed("DiscussionForumPosting", headline="Chi conosce un idraulico"),
        )
    for number, path in enumerate(("/news/99999", "/cronaca/una-pagina-che-non-esiste-12/")):
        heading = ("Pagina non trovata", "Ops, qualcosa è andato storto")[number]
        lost = "La pagina che stai cercando non esiste o è stata spostata in un altro posto."
        main = f"<article><h1>{heading}</h1><p>{lost} {lost}</p></article>"
        yield f"error, {path}", path, heading, main, _WEBSITE
    rows = "".join(f"<tr><td>Linea {n}</td><td>1{n}:05</td><td>1{n}:45</td></tr>" for n in range(9))
    main = f"<div><h1>Orari dei traghetti</h1><table>{rows}</table></div>"
    yield "timetable", "/servizi/orari-dei-traghetti-oggi/", "Orari", main, _WEBSITE
    questions = "".join(
        f"<h3>Come si fa la cosa numero {n}?</h3><p>{_sentences(2)}</p>" for n in range(5)
    )
    main = f"<div><h1>Domande frequenti</h1>{questions}</div>"
    yield "questions", "/aiuto/domande-frequenti/", "Domande frequenti", main, _typed("FAQPage")


def labelled_pages() -> list[LabelledPage]:
    """Return all pages, the same each time."""
    _CHANCE.seed(981)
    pages: list[LabelledPage] = []
    for sample in (*_articles(), *_unusual_articles()):
        pages += _both(sample, is_article=True)
    for sample in (*_lists(), *_legal(), *_services(), *_unusual()):
        pages += _both(sample, is_article=False)
    return pages
