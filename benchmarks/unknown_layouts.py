"""Invented articles on pages of layouts that are not the theme's, with what is right for each.

Each family of layouts is a function that prints one article; a set is a family with or without
metadata. The same seed gives the same pages.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html import escape

ORIGIN = "https://www.lavalle.example"
SITE_NAME = "La Valle Notizie"
_ROME = timezone(timedelta(hours=1))
_MONTHS = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
    "settembre", "ottobre", "novembre", "dicembre",
)  # fmt: skip
_WHO = (
    "la giunta", "il sindaco Ettore Malavolti", "la consigliera Lidia Sartorelli", "il comitato",
    "l’assessora Bruna Tonin", "la cooperativa dei pescatori", "il preside del liceo",
    "la protezione civile", "il consorzio di bonifica", "un gruppo di residenti",
    "la soprintendenza", "il capocantiere", "la direttrice del museo", "il parroco di Borgonuovo",
)  # fmt: skip
_DID = (
    "ha approvato", "ha presentato", "ha rinviato", "ha discusso a lungo", "ha difeso",
    "ha criticato", "ha chiesto di rivedere", "ha illustrato ai cittadini", "ha sospeso",
    "ha finanziato in parte", "ha promesso di completare", "ha affidato a una ditta esterna",
)  # fmt: skip
_WHAT = (
    "il piano per la nuova strada lungo il torrente", "il restauro della torre civica",
    "la riapertura della scuola di musica", "il progetto della passerella sul canale",
    "la mensa per gli alunni delle frazioni", "il calendario delle feste d’autunno",
    "la bonifica dell’ex fornace", "la pista ciclabile verso il lago", "il mercato coperto",
    "l’orario estivo della biblioteca", "la raccolta dei rifiuti nel centro storico",
)  # fmt: skip
_TAIL = (
    "con lavori che cominceranno in primavera e dureranno quasi due anni",
    "dopo una seduta terminata poco prima di mezzanotte", "senza nascondere i dubbi sui costi",
    "in attesa del parere dei revisori dei conti", "grazie a un contributo della regione",
    "mentre in piazza si raccoglievano le firme", "come previsto dall’accordo di marzo",
    "nonostante la pioggia che ha bloccato per ore la statale",
    "con il voto contrario di tre consiglieri", "per una spesa di circa 240 mila euro",
)  # fmt: skip
_NAMES = ("Anna Berti", "Lucilla Fornasari", "Ugo Lari", "Marta De Santis", "Pietro Zanon")
_SECTIONS = ("Cronaca", "Politica", "Cultura", "Sport", "Economia")
_DISH = ("farina di castagne", "zucca", "burro", "latte intero", "miele", "noci", "sale fino")


@dataclass(frozen=True)
class Part:
    """One block of an article: paragraph, heading, list, quote or table."""

    kind: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """An invented article."""

    headline: str
    author: str
    section: str
    published: datetime
    parts: tuple[Part, ...]
    chance: random.Random = field(compare=False)

    @property
    def url(self) -> str:
        """Address, which states no day."""
        slug = "-".join(word for word in self.headline.lower().split() if word.isascii())
        return f"{ORIGIN}/{self.section.lower()}/{slug}-{self.published:%j%H%M}/"

    @property
    def text(self) -> str:
        """The whole text, a line for each block."""
        return "\n".join(text for part in self.parts for text in part.texts)

    def day(self, pattern: str = "{day} {month} {year}") -> str:
        """Return the day of publication in Italian."""
        moment = self.published
        return pattern.format(day=moment.day, month=_MONTHS[moment.month - 1], year=moment.year)


@dataclass(frozen=True)
class Page:
    """A page of a set and its article."""

    html: str
    story: Story


Layout = Callable[[Story], str]


def sentence(chance: random.Random) -> str:
    """Return one sentence."""
    words = f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_WHAT)}, "
    text = words + chance.choice(_TAIL) + "."
    return text[0].upper() + text[1:]


def paragraph(chance: random.Random) -> str:
    """Return one to four sentences."""
    return " ".join(sentence(chance) for _ in range(chance.randint(1, 4)))


def title(chance: random.Random) -> str:
    """Return a headline."""
    text = f"{chance.choice(_WHO)} {chance.choice(_DID)} {chance.choice(_WHAT)}"
    return text[0].upper() + text[1:]


def _story(chance: random.Random, kinds: str) -> Story:
    makers: dict[str, Callable[[], Part]] = {
        "p": lambda: Part("paragraph", (paragraph(chance),)),
        "h": lambda: Part("heading", (f"Che cosa cambia per {chance.choice(_WHAT)}",)),
        "l": lambda: Part("list", tuple(sentence(chance) for _ in range(chance.randint(2, 5)))),
        "i": lambda: Part("list", tuple(f"{chance.randint(2, 9) * 50} g di {d}" for d in _DISH)),
        "q": lambda: Part("quote", (f"«{sentence(chance)}»",)),
        "t": lambda: Part(
            "table", tuple(f"{name} {chance.randint(100, 999)}" for name in ("Nord", "Sud", "Est"))
        ),
    }  # fmt: skip
    moment = datetime(2026, 1, 1, 6, tzinfo=_ROME) + timedelta(
        days=chance.randint(0, 80), minutes=chance.randint(0, 900)
    )
    return Story(
        headline=title(chance),
        author=chance.choice(_NAMES),
        section=chance.choice(_SECTIONS),
        published=moment,
        parts=tuple(makers[kind]() for kind in kinds),
        chance=chance,
    )


# What is around the text.


def _links(story: Story, number: int) -> str:
    return "".join(
        f"<li><a href='/n/{n}/'>{escape(title(story.chance))}</a></li>" for n in range(number)
    )


def _menu(number: int = 12) -> str:
    names = [*_SECTIONS, "Meteo", "Necrologi", "Abbonamenti", "Contatti", "Archivio", "Video"]
    entries = "".join(f"<li><a href='/{n.lower()}/'>{n}</a></li>" for n in names[:number])
    return f"<ul>{entries}</ul>"


def _card(story: Story) -> str:
    return (
        f"<div class='card'><a href='/a/'><img src='/i/1.jpg' alt=''></a><h4><a href='/a/'>"
        f"{escape(title(story.chance))}</a></h4><p>{escape(sentence(story.chance))}</p></div>"
    )


def _related(story: Story, name: str = "related-posts") -> str:
    cards = "".join(_card(story) for _ in range(3))
    return f"<div class='{name}'><h3>Articoli correlati</h3>{cards}</div>"


def _newsletter(name: str = "newsletter-box") -> str:
    return (
        f"<div class='{name}'><h3>Iscriviti alla newsletter</h3><p>Ricevi ogni mattina le notizie "
        "più importanti della valle direttamente nella tua casella di posta.</p><form action='/n'>"
        "<input type='email' name='e'><button>Iscriviti</button></form></div>"
    )


def _share(name: str = "share-bar") -> str:
    return (
        f"<div class='{name}'><span>Condividi</span><a href='https://social.example/f'>Facebook</a>"
        "<a href='https://social.example/x'>X</a><a "
        "href='https://social.example/w'>WhatsApp</a></div>"
    )


def _comments(story: Story) -> str:
    entries = "".join(
        f"<li class='comment'><b>lettore{n}</b><p>{escape(sentence(story.chance))}</p></li>"
        for n in range(4)
    )
    return (
        f"<section id='comments' class='comments'><h3>4 commenti</h3><ol>{entries}</ol></section>"
    )


def _cookie() -> str:
    return (
        "<div id='cookie-banner' class='cookie-consent'><p>Noi e terze parti selezionate usiamo i "
        "cookie per finalità tecniche e, con il tuo consenso, per altre finalità come "
        "indicato nella "
        "informativa.</p><button>Accetta</button><button>Rifiuta</button></div>"
    )


def _footer() -> str:
    return (
        "<footer><p>La Valle Notizie è una testata registrata, iscritta al registro della "
        "stampa del "
        "tribunale. Tutti i diritti sono riservati agli autori.</p>"
        "<ul><li><a href='/p/'>Privacy"
        "</a></li><li><a href='/c/'>Cookie</a></li></ul></footer>"
    )


# The text, in several markups.


def _html(part: Part, paragraph_tag: str = "p") -> str:
    texts = [escape(text) for text in part.texts]
    if part.kind == "heading":
        return f"<h2>{texts[0]}</h2>"
    if part.kind == "list":
        return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"
    if part.kind == "quote":
        return f"<blockquote><p>{texts[0]}</p></blockquote>"
    if part.kind == "table":
        rows = (text.rsplit(" ", 1) for text in texts)
        return (
            "<table>" + "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows) + "</table>"
        )
    return f"<{paragraph_tag}>{texts[0]}</{paragraph_tag}>"


def _body(story: Story) -> str:
    return "".join(map(_html, story.parts))


def _time(story: Story) -> str:
    return f"<time datetime='{story.published.isoformat()}'>{story.day()}</time>"


def article_tag(story: Story) -> str:
    """HTML5's own elements."""
    return (
        f"<header><a "
        f"href='/'>{SITE_NAME}</a><nav>{_menu()}</nav></header><main><article><header>"
        f"<h1>{escape(story.headline)}</h1><p>di <a rel='author' "
        f"href='/autori/1/'>{story.author}</a> "
        f"{_time(story)}</p></header>{_body(story)}{_share()}</article></main>"
        f"<aside>{_related(story)}</aside>{_footer()}"
    )


def div_soup(story: Story) -> str:
    """Nested divs with names that say nothing, paragraphs as divs."""
    text = "".join(f"<div class='x7'>{_html(part, 'div')}</div>" for part in story.parts)
    return (
        f"<div class='a1'><div class='b'>{_menu()}</div><div class='c2'><div class='k'><h1>"
        f"{escape(story.headline)}</h1></div><div class='d9'>Pubblicato il {story.day()} alle "
        f"{story.published:%H:%M}</div><div class='f'><div class='g'>{text}</div></div></div><div "
        f"class='h3'><ul>{_links(story, 6)}</ul></div></div><div class='z'>© 2026 {SITE_NAME}</div>"
    )


def nested_tables(story: Story) -> str:
    """A layout of tables within tables."""
    return (
        f"<table width='100%'><tr><td colspan='3'>{SITE_NAME}</td></tr><tr><td width='160'>"
        f"{_menu()}</td><td><table><tr><td><h1>{escape(story.headline)}</h1></td></tr><tr><td>"
        f"<font size='1'>{story.published:%d/%m/%Y} - {story.author}</font></td></tr><tr><td>"
        f"{_body(story)}</td></tr></table></td><td "
        f"width='200'><ul>{_links(story, 8)}</ul></td></tr>"
        f"<tr><td colspan='3'>Redazione e contatti - tutti i diritti riservati</td></tr></table>"
    )


def page_builder(story: Story) -> str:
    """Rows, columns and modules of a page builder, one for each part."""
    modules = "".join(
        "<div class='fl-module fl-module-rich-text'><div class='fl-module-content fl-node-content'>"
        f"<div class='fl-rich-text'>{_html(part)}</div></div></div>"
        for part in story.parts
    )
    return (
        f"<div class='fl-row'><div class='fl-col'>{_menu()}</div></div><div class='fl-row "
        f"fl-row-fixed-width'><div class='fl-col-group'><div class='fl-col'><div class='fl-module "
        f"fl-module-heading'><h1 class='fl-heading'>{escape(story.headline)}</h1></div><div class="
        f"'fl-module fl-module-info'><span "
        f"class='fl-post-info-date'>{story.day()}</span><span class="
        f"'fl-post-info-author'>di {story.author}</span></div>{modules}</div><div class='fl-col "
        f"fl-col-small'>{_newsletter('fl-module fl-module-subscribe-form')}"
        f"{''.join(_card(story) for _ in range(4))}</div></div></div>{_footer()}"
    )


def live_blog(story: Story) -> str:
    """Entries with an hour each, below a summary."""
    first, *rest = story.parts
    entries = "".join(
        f"<div class='entry' id='e{n}'><time "
        f"datetime='{(story.published + timedelta(hours=n + 1)).isoformat()}'>"
        f"{(story.published + timedelta(hours=n + 1)):%H:%M}</time>{_html(part)}</div>"
        for n, part in enumerate(rest)
    )
    return (
        f"<nav>{_menu()}</nav><main><article><h1>{escape(story.headline)}</h1><div "
        f"class='info'>"
        f"<span class='date'>{story.day()}, ore {story.published:%H.%M}</span></div><div "
        f"class='live'>"
        f"{_html(first)}{entries}</div></article></main>{_comments(story)}{_footer()}"
    )


def recipe_lists(story: Story) -> str:
    """Most of the text in lists."""
    return (
        f"<div id='page'><div id='menu'>{_menu()}</div><div id='content'><h1>"
        f"{escape(story.headline)}</h1><div class='meta'>{story.author}, "
        f"{story.day()}</div><div class="
        f"'recipe'>{_body(story)}</div>{_share('social-links')}"
        f"{_related(story, 'more-recipes')}</div>"
        f"</div>{_footer()}"
    )


def quotes(story: Story) -> str:
    """Quotations and pull quotes between the paragraphs."""
    return (
        f"<header>{_menu(6)}</header><section "
        f"class='story'><h1>{escape(story.headline)}</h1>"
        f"<div class='byline'>Di {story.author}</div><div "
        f"class='published'>{story.day()}</div><div "
        f"class='story-body'>{_body(story)}</div>"
        f"</section>{_related(story, 'box-correlati')}{_footer()}"
    )


def headings_bare_text(story: Story) -> str:
    """Sections of a heading and text without an element of its own."""
    parts = []
    for part in story.parts:
        is_bare = part.kind == "paragraph"
        parts.append(f"<a href='#'></a>{escape(part.texts[0])}" if is_bare else _html(part))
    return (
        f"<header>{_menu()}</header><main><article><h1>{escape(story.headline)}</h1>"
        f"<p class='dt'><span>{story.day()}</span></p><div class='article-body'><section>"
        f"{'</section><section>'.join(parts)}</section></div></article></main>{_footer()}"
    )


def br_paragraphs(story: Story) -> str:
    """Paragraphs apart by two line breaks, lines by one."""
    texts = [
        "<br>".join(map(escape, part.texts))
        if part.kind != "heading"
        else f"<b>{escape(part.texts[0])}</b>"
        for part in story.parts
    ]
    return (
        f"<div class='top'>{_menu()}</div><div class='main'><h1>{escape(story.headline)}</h1>"
        f"<div class='small'>{story.author} | {story.day()}</div><div class='txt'>"
        f"{'<br><br>'.join(texts)}</div>{_share('soc')}</div><div class='right'><ul>"
        f"{_links(story, 10)}</ul></div>"
    )


def sidebars(story: Story) -> str:
    """Long menus and sidebars on both sides."""
    side = "".join(
        f"<div class='item'><h5>{n}</h5><ul>{_links(story, 7)}</ul></div>" for n in "ABC"
    )
    return (
        f"<div class='nav-top'>{_menu()}{_menu()}{_menu()}</div><div "
        f"class='left-col'>"
        f"{side}</div><div class='center-col'><div "
        f"class='titolo'><h1>{escape(story.headline)}</h1></div>"
        f"<div class='data'>{story.day()}</div><div "
        f"class='testo'>{_body(story)}</div></div><div class="
        f"'right-col'>{side}{''.join(_card(story) for _ in range(5))}</div>{_footer()}"
    )


def related_boxes(story: Story) -> str:
    """Boxes of other articles, forms and share bars within the text."""
    boxes = [
        "<p>Leggi anche: <a href='/altro/'>" + escape(title(story.chance)) + "</a></p>",
        _related(story, "inline-box"),
        _newsletter("nl-form"),
        _share("condividi"),
    ]
    pieces = []
    for number, part in enumerate(story.parts):
        pieces.append(_html(part))
        if number < len(story.parts) - 1:
            pieces.append(boxes[number % len(boxes)])
    return (
        f"<nav>{_menu()}</nav><article "
        f"class='post'><h1>{escape(story.headline)}</h1><div class="
        f"'post-meta'>{_time(story)} <span class='autore'>di {story.author}</span></div><div class="
        f"'post-text'>{''.join(pieces)}</div>{_related(story)}</article>{_comments(story)}{_footer()}"
    )


def adverts(story: Story) -> str:
    """Bare text behind advertisements."""
    pieces = []
    for number, part in enumerate(story.parts):
        is_bare = part.kind == "paragraph" and number % 2 == 1
        pieces.append(escape(part.texts[0]) if is_bare else _html(part))
    advert = "<div class='banner'><div class='gptslot' id='gpt1'></div></div>\n"
    return (
        f"{_cookie()}<header>{_menu()}</header><main><article>"
        f"<h1>{escape(story.headline)}</h1>"
        f"<p class='info-art'>{story.day('{day} {month} {year}')} - di {story.author}</p><div "
        f"class="
        f"'article-body'>{advert.join(pieces)}</div></article></main>{_footer()}"
    )


def banners_comments(story: Story) -> str:
    """A consent notice before, readers' comments behind the text."""
    return (
        f"{_cookie()}<div id='header'>{_menu()}</div><div id='main'><div class='detail'><h1>"
        f"{escape(story.headline)}</h1><div class='detail-info'><span class='detail-date'>"
        f"{story.published:%d.%m.%Y} {story.published:%H:%M}</span></div><div class='detail-text'>"
        f"{_body(story)}</div></div>{_comments(story)}{_newsletter()}</div>{_footer()}"
    )


def microdata(story: Story) -> str:
    """schema.org's names on the elements."""
    return (
        f"<header>{_menu()}</header><div itemscope "
        f"itemtype='https://schema.org/NewsArticle'><h1 "
        f"itemprop='headline'>{escape(story.headline)}</h1><span itemprop='author' itemscope><span "
        f"itemprop='name'>{story.author}</span></span><meta itemprop='datePublished' content="
        f"'{story.published.isoformat()}'><div itemprop='articleBody'>{_body(story)}</div></div>"
        f"<div class='sidebar'><ul>{_links(story, 9)}</ul></div>{_footer()}"
    )


def split_body(story: Story) -> str:
    """The text in two containers, with a box between, and a logo as first heading."""
    half = max(len(story.parts) // 2, 1)
    first = "".join(map(_html, story.parts[:half]))
    second = "".join(map(_html, story.parts[half:]))
    return (
        f"<div class='testata'><h1>{SITE_NAME}</h1>{_menu()}</div><div class='pezzo'><h1>"
        f"{escape(story.headline)}</h1><div class='riga'><em>{story.author}</em> "
        f"<i>{story.day()}</i>"
        f"</div><div class='corpo-articolo'>{first}</div>{_related(story, 'box-interno')}<div "
        f"class="
        f"'corpo-articolo'>{second}</div></div>{_footer()}"
    )


FAMILIES: dict[str, tuple[Layout, str]] = {
    "article tag": (article_tag, "pphpqpp"),
    "div soup": (div_soup, "pppppp"),
    "nested tables": (nested_tables, "pphppp"),
    "page builder": (page_builder, "pphplpp"),
    "live blog": (live_blog, "pppppppp"),
    "recipe lists": (recipe_lists, "phihlp"),
    "quotes": (quotes, "pqpqpqp"),
    "headings, bare text": (headings_bare_text, "hphphp"),
    "line breaks": (br_paragraphs, "pphpp"),
    "menus, sidebars": (sidebars, "pphpptp"),
    "related boxes": (related_boxes, "pppppp"),
    "adverts, bare text": (adverts, "pppppp"),
    "consent, comments": (banners_comments, "pphppp"),
    "microdata": (microdata, "pplpp"),
    "split body": (split_body, "pppppp"),
    "short news": (article_tag, "pp"),
}


def _head(story: Story, *, has_metadata: bool) -> str:
    head = f"<meta charset='utf-8'><title>{escape(story.headline)} - {SITE_NAME}</title>"
    if not has_metadata:
        return head
    stated = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "datePublished": story.published.isoformat(),
        "author": {"@type": "Person", "name": story.author},
    }
    return (
        f"{head}<meta property='og:type' content='article'><meta property='og:site_name' content="
        f"'{SITE_NAME}'><meta property='og:title' content='{escape(story.headline)} - {SITE_NAME}'>"
        f"<script type='application/ld+json'>{json.dumps(stated)}</script>"
    )


def _frame() -> tuple[str, str, str]:
    """Return styles and scripts, a menu, and links at the foot, as large as news sites'."""
    rules = "".join(f".c{n}{{margin:{n}px;color:#{n:06x};display:block}}" for n in range(250))
    calls = "".join(f"window.q=window.q||[];q.push(['slot',{n},'home/top']);" for n in range(250))
    head = f"<style>{rules}</style><script>{calls}</script>"
    sections = "".join(
        f"<li><a href='/{name.lower()}/'>{name}</a><ul>"
        + "".join(f"<li><a href='/{name.lower()}/{n}/'>{name} {n}</a></li>" for n in range(9))
        + "</ul></li>"
        for name in _SECTIONS
    )
    places = "".join(f"<li><a href='/comuni/{n}/'>Comune {n}</a></li>" for n in range(60))
    return (
        head,
        f"<nav class='mega-menu'><ul>{sections}</ul></nav>",
        f"<div class='footer-links'><ul>{places}</ul></div><script>{calls}</script>",
    )


def pages(family: str, number: int, *, has_metadata: bool, seed: int = 1) -> list[Page]:
    """Return so many pages of one set."""
    layout, kinds = FAMILIES[family]
    made = []
    frame = _frame()
    for position in range(number):
        story = _story(random.Random(f"{family} {seed} {position}"), kinds)  # noqa: S311 - the same pages each time  # noqa: S311 - the same pages each time
        head = _head(story, has_metadata=has_metadata)
        html = (
            f"<!doctype html><html lang='it'><head>{head}{frame[0]}</head><body>{frame[1]}"
            f"{layout(story)}{frame[2]}</body></html>"
        )
        made.append(Page(html, story))
    return made
