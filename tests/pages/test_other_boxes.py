"""Boxes on pages of unknown layouts that are not the text by what they hold, and text like them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from newscrawl import extract

if TYPE_CHECKING:
    from newscrawl.items import Article

HERE = "https://www.lagoverde.example/cronaca/il-ponte-vecchio-riapre-dopo-anni.html"
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TITLE = "Il ponte vecchio riapre dopo tre anni di lavori"
LINES = [
    "Il ponte vecchio di Valdoria riapre oggi al traffico dopo tre anni di lavori e due rinvii.",
    "La sindaca Lucia Ferri ha tagliato il nastro davanti a qualche centinaio di cittadini.",
    "I tecnici della provincia hanno rifatto le pile, la pavimentazione e il marciapiede.",
    "Restano da montare i lampioni, che secondo il comune arriveranno entro la primavera.",
]
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
HALVES = ["".join(f"<p>{line}</p>" for line in half) for half in (LINES[:2], LINES[2:])]
HEAD = f"<h1>{TITLE}</h1><p class='meta'>di Anna Berti | 20 novembre 2026</p>"
OPINIONS = [
    "Finalmente, dopo tutti quei mesi di coda sulla statale non se ne poteva davvero più.",
    "Speriamo che duri, perché il precedente intervento era stato annunciato allo stesso modo.",
    "Vorrei sapere quanto è costata ogni singola pila, e chi controlla le fatture della ditta.",
    "Bello il marciapiede nuovo, ma le biciclette devono ancora scendere sulla carreggiata.",
    "Mio nonno lavorava al cantiere del ponte negli anni sessanta e ne parlava ogni domenica.",
]
PARTNERS = (
    "Noi e i nostri 837 partner archiviamo informazioni sul dispositivo, quali i cookie, e "
    "trattiamo dati personali per annunci personalizzati e ricerche sul pubblico. Puoi rifiutare o "
    "revocare il consenso in qualsiasi momento dal pannello delle preferenze. "
)
COMPANY = (
    "Lago Verde S.r.l., via Roma 1, capitale sociale 10.000 euro interamente versato, partita IVA "
    "01234567890. I contenuti di questo sito non possono essere riprodotti senza autorizzazione. "
)


def read(body: str, *, head: str = "", title: str = TITLE, url: str = HERE) -> Article:
    html = f"<!doctype html><html lang='it'><head><title>{title}</title>{head}</head>{body}</html>"
    found = extract(html, url, fetched_at=NOW)
    assert found is not None
    return found


def lines(body: str, **named: str) -> list[str]:
    return read(body, **named).body.split("\n\n")


COMMENTS = "".join(
    f"<div class='_x'><b>Lettore {n}</b> <i>2{n} novembre 2026</i><p>{text}</p>"
    f"<a href='#r{n}'>Rispondi</a></div>"
    for n, text in enumerate(OPINIONS * 2)
)
LIKES = "".join(
    f"<div class='_3'><a href='https://social.example/{n}'>Utente {n}</a><div><span>{text}</span>"
    f"</div><div>Mi piace · {n} sett</div></div>"
    for n, text in enumerate(OPINIONS * 2)
)


@pytest.mark.parametrize(
    "box",
    [
        f"<section><h3>Commenti</h3>{COMMENTS}</section>",
        f"<div id='commenti'>{COMMENTS}</div>",
        f"<div class='fb-comments'>{LIKES}</div>",
        f"<div class='q'><p>{COMPANY * 4}</p></div>",
        f"<div class='iub'><div><p>{PARTNERS * 4}</p></div><button>Accetta</button></div>",
    ],
)
def test_what_is_longer_than_the_text_behind_it_is_left_out(box: str) -> None:
    found = read(f"<body><main><article>{HEAD}{TEXT}</article>{box}</main></body>")
    assert found.body.split("\n\n") == LINES
    assert found.date_published == "2026-11-20"
    assert lines(f"<body><div>{HEAD}<div>{TEXT}</div>{box}</div></body>") == LINES


def test_a_notice_before_the_text_is_left_out() -> None:
    notice = f"<div class='iub'><p>{PARTNERS * 6}</p><button>Accetta</button></div>"
    assert lines(f"<body>{notice}<main><article>{HEAD}{TEXT}</article></main></body>") == LINES


@pytest.mark.parametrize("name", ["fb-comments-on", "testo-commento-1"])
def test_a_text_in_an_element_named_after_comments_is_kept(name: str) -> None:
    assert lines(f"<body><main>{HEAD}<div class='{name}'>{TEXT}</div></main></body>") == LINES


def test_a_text_about_cookies_and_companies_is_kept() -> None:
    text = TEXT + f"<p>{PARTNERS}</p><p>{COMPANY}</p>"
    body = f"<body><main><article>{HEAD}<div>{text}</div></article></main></body>"
    assert len(lines(body)) == len(LINES) + 2


DATED = "".join(
    f"<div class='r'><span>{n} novembre 2026</span> <a href='/n/{n}'>{text[:50]}</a></div>"
    for n, text in enumerate(OPINIONS, 3)
)
DATED_LINES = "".join(
    f"<p><a href='/n/{n}'>{text[:50]}</a><br><small>{n} novembre 2026</small></p>"
    for n, text in enumerate(OPINIONS, 3)
)


@pytest.mark.parametrize("column", [DATED, DATED_LINES])
def test_a_column_of_links_and_dates_is_not_text(column: str) -> None:
    own = f"<div class='l'><h1>{TITLE}</h1><div>20 novembre 2026</div>{TEXT}</div>"
    for body in (f"<div class='c'>{column}</div>{own}", f"{own}<div class='c'>{column}</div>"):
        found = read(f"<body><main>{body}</main></body>")
        assert found.body.split("\n\n") == LINES
        assert found.date_published == "2026-11-20"


def test_dates_with_words_are_text() -> None:
    stages = "".join(
        f"<li>{n} novembre 2026, <a href='/n/{n}'>la consegna</a> del cantiere numero {n}</li>"
        for n in range(3, 7)
    )
    assert "del cantiere numero 4" in read(f"<body><main>{HEAD}{TEXT}<ul>{stages}</ul></main>").body


HEADINGS = ["Che cosa cambia per gli abitanti", "Quanto è costato il cantiere", "Chi paga i lavori"]
SECTIONS = "".join(
    f"<h2 id='s{n}'>{heading}</h2><p>{LINES[n]}</p>" for n, heading in enumerate(HEADINGS)
)


@pytest.mark.parametrize("label", ["<p>Indice</p>", "<strong>Indice dei contenuti</strong>", ""])
def test_a_table_of_contents_is_not_text(label: str) -> None:
    entries = "".join(f"<li><a href='#s{n}'>{text}</a></li>" for n, text in enumerate(HEADINGS))
    toc = f"<div class='k'>{label}<ol>{entries}</ol></div>"
    found = lines(f"<body><main><article>{HEAD}<p>{LINES[3]}</p>{toc}{SECTIONS}</article></main>")
    assert found[:3] == [LINES[3], HEADINGS[0], LINES[0]]


EXCERPTS = "".join(
    f"<li><a href='/n/{n}'>{text[:40]}</a><p>{OPINIONS[n + 2]}</p></li>"
    for n, text in enumerate(OPINIONS[:2])
)
BOXES = [
    f"<aside><h4>Sullo stesso tema</h4><ul>{EXCERPTS}</ul></aside>",
    f"<div><b>Leggi anche</b><p><a href='/n/1'>{OPINIONS[0][:40]}</a><br>{OPINIONS[1]}</p></div>",
    (
        "<div class='css-b2'><strong>La newsletter del mattino</strong><p>Ogni giorno le notizie "
        "scelte da noi.</p><a href='/newsletter'>Iscriviti gratis</a></div>"
    ),
]


@pytest.mark.parametrize("box", BOXES)
def test_boxes_of_others_within_the_text_are_left_out(box: str) -> None:
    body = f"<body><main><article>{HEAD}{HALVES[0]}{box}{HALVES[1]}</article></main></body>"
    assert lines(body) == LINES


@pytest.mark.parametrize(
    "box",
    [
        f"<div><p>{OPINIONS[0]} <a href='/n/1'>Il progetto del ponte nuovo</a>.</p></div>",
        f"<div><p>{OPINIONS[0]} La <a href='/n/1'>newsletter</a> del comune lo spiega.</p></div>",
    ],
)
def test_boxes_of_the_article_within_the_text_are_kept(box: str) -> None:
    body = f"<body><main><article>{HEAD}{HALVES[0]}{box}{HALVES[1]}</article></main></body>"
    assert OPINIONS[0] in read(body).body


PROFILE = "Giornalista professionista, scrive di cronaca e territorio. Ha pubblicato due libri."


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='k'><img src='/a.jpg' alt=''><h4>Anna Berti</h4><p>{PROFILE}</p></div>",
        f"<div class='k'><div><a href='/autori/1'>Anna Berti</a><p>{PROFILE}</p></div></div>",
    ],
)
def test_what_is_said_of_the_author_behind_the_text_is_left_out(box: str) -> None:
    body = f"<body><main><article>{HEAD}{TEXT}{box}</article></main></body>"
    assert lines(body) == LINES
    other = lines(body.replace("Anna Berti", "Carlo Neri").replace("di Carlo", "di Ugo"))
    assert other[-1] == PROFILE


def test_a_text_in_several_articles_is_read_whole() -> None:
    parts = "".join(
        f"<article><h2>{heading}</h2><p>{LINES[n + 1]}</p><p>{OPINIONS[n]}</p></article>"
        for n, heading in enumerate(HEADINGS)
    )
    first = f"<article>{HEAD}<p>{LINES[0]}</p></article>"
    found = lines(f"<body><main>{first}{parts}</main></body>")
    assert found == [
        LINES[0],
        *(text for n in range(3) for text in (HEADINGS[n], LINES[n + 1], OPINIONS[n])),
    ]


def test_verses_without_punctuation_are_a_text() -> None:
    verses = [line.strip(".").replace(",", "") for line in (*LINES, *OPINIONS)]
    found = read(f"<body><main><article>{HEAD}<div>{'<br>'.join(verses)}</div></article></main>")
    assert found.body.split() == " ".join(verses).split()


def test_dates_and_text_in_custom_elements_are_read() -> None:
    found = read(
        f"<body><app-root><article-page><article-header><h1>{TITLE}</h1><article-date>20 novembre "
        f"2026</article-date></article-header><article-body>{TEXT}</article-body></article-page>"
        "</app-root></body>"
    )
    assert found.date_published == "2026-11-20"
    assert found.body.split("\n\n") == LINES


def test_a_menu_in_a_cell_before_the_text_is_not_text() -> None:
    rows = "".join(f"<tr><td></td><td>{line}</td></tr>" for line in LINES)
    found = read(
        "<body><table><tr><td><a href='/a'>Cronaca</a><br><a href='/b'>Sport</a></td><td><h1>"
        f"{TITLE}</h1></td></tr><tr><td></td><td><font size=1>20 novembre 2026</font></td></tr>"
        f"{rows}</table></body>"
    )
    assert found.body.split() == " ".join(LINES).split()
    assert found.date_published == "2026-11-20"


def test_the_longest_shown_part_of_the_title_is_the_headline() -> None:
    body = (
        f"<body><center>Lago Verde Notizie</center><center><font size=5><b>{TITLE}</b></font><br>"
        f"<font size=1>20 novembre 2026</font></center><hr>{TEXT}</body>"
    )
    assert read(body, title=f"{TITLE} - Lago Verde Notizie").headline == TITLE


@pytest.mark.parametrize(
    "marked",
    [
        (
            "<span property='author' typeof='Person'><span property='name'>Anna Berti</span></span>"
            "<meta property='datePublished' content='2026-11-20T10:30:00+01:00'>"
        ),
        (
            "<div itemprop='author'><link itemprop='url' href='/1'><meta itemprop='name' content="
            "'Anna Berti'></div><time itemprop='datePublished' content='2026-11-20T10:30:00+01:00'>"
            "</time>"
        ),
        (
            "<span property='dc:date dc:created' content='2026-11-20T10:30:00+01:00'>Inviato da "
            "<span class='username'>Anna Berti</span></span>"
        ),
        (
            "<span class='author'>Anna Berti</span> <abbr class='published' title="
            "'2026-11-20T10:30:00+01:00'>20 novembre 2026</abbr>"
        ),
    ],
    ids=["RDFa", "microdata in meta", "Dublin Core", "hAtom"],
)
def test_authors_and_dates_in_markup_alone_are_read(marked: str) -> None:
    found = read(
        f"<body><div vocab='https://schema.org/' typeof='NewsArticle'><h1 property='headline'>"
        f"{TITLE}</h1>{marked}<div property='articleBody'>{TEXT}</div></div></body>"
    )
    assert found.date_published == "2026-11-20T10:30:00+01:00"
    assert [author.name for author in found.authors] == ["Anna Berti"]


@pytest.mark.parametrize(
    ("line", "language", "names"),
    [
        ("20 novembre 2026 di Anna Berti", "it", ["Anna Berti"]),
        ("20 novembre 2026 di sera", "it", []),
        ("Door Anna Berti | 20 november 2026", "nl", ["Anna Berti"]),
        ("Por Anna Berti | 20 de novembro de 2026", "pt", ["Anna Berti"]),
    ],
)
def test_bylines_next_to_dates_are_read(line: str, language: str, names: list[str]) -> None:
    html = (
        f"<!doctype html><html lang='{language}'><head><title>{TITLE}</title></head><body><main>"
        f"<article><h1>{TITLE}</h1><p>{line}</p>{TEXT}</article></main></body></html>"
    )
    found = extract(html, HERE, fetched_at=NOW)
    assert found is not None
    assert [author.name for author in found.authors] == names
    assert found.date_published == "2026-11-20"


def test_a_page_without_text_is_not_an_article() -> None:
    html = (
        f"<!doctype html><title>{TITLE}</title><body><div><div></div></div><h1>{TITLE}</h1></body>"
    )
    assert extract(html, HERE, fetched_at=NOW) is None
