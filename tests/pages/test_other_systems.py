"""Pages of other systems than WordPress: headline, summary, date and address, and what they are."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl import extract
from tests.support.cost import at_most

if TYPE_CHECKING:
    from newscrawl.items import Article

SITE = "https://www.lagoverde.example"
HERE = f"{SITE}/cronaca/il-ponte-vecchio-riapre/"
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TITLE = "Il ponte vecchio riapre dopo tre anni di lavori"
SUMMARY = "Nove milioni di euro e due rinvii: ecco come è stato rifatto il simbolo della città"
LINES = [
    "Il ponte vecchio di Valdoria riapre oggi al traffico dopo tre anni di lavori e due rinvii.",
    "La sindaca Lucia Ferri ha tagliato il nastro davanti a qualche centinaio di cittadini.",
    "I tecnici della provincia hanno rifatto le pile, la pavimentazione e il marciapiede.",
    "Restano da montare i lampioni, che secondo il comune arriveranno entro la primavera.",
]
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
META = "<p class='meta'>di Anna Berti | 20 novembre 2026</p>"
STORY = f"<article><h1>{TITLE}</h1>{META}{TEXT}</article>"
OG = "<meta property='og:type' content='article'>"


def typed(kind: str, **values: Any) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': kind, **values})}</script>"


def read(main: str, url: str = HERE, head: str = "", title: str = TITLE) -> Article | None:
    html = (
        f"<!doctype html><html><head><title>{title} - Lago Verde</title>{head}</head><body>"
        f"<header><a href='/'>Lago Verde</a></header><main>{main}</main></body></html>"
    )
    return extract(html, url, fetched_at=NOW)


def article(*arguments: Any, **named: Any) -> Article:
    found = read(*arguments, **named)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "layout",
    [
        f"<h2>{TITLE}</h2>{META}{TEXT}",
        f"<div><h1>&nbsp;</h1><h3>{TITLE}</h3>{META}{TEXT}</div>",
        f"<div class='a'><p class='t'>{TITLE}</p>{META}<div>{TEXT}</div></div>",
        (
            f"<table><tr><td><font size=5><b>{TITLE}</b></font><br><font size=1>di Anna Berti - "
            f"20/11/2026</font><br><br>{'<br><br>'.join(LINES)}</td></tr></table>"
        ),
        (
            f"<div><b>{TITLE}</b><br>di Anna Berti | 20 novembre 2026<br><br>"
            f"{'<br><br>'.join(LINES)}</div>"
        ),
        (
            f"<table><tr><td><h1>{TITLE}</h1><font size=1>di Anna Berti - 20/11/2026</font><br><br>"
            f"{'<br><br>'.join(LINES)}</td></tr></table>"
        ),
    ],
)
def test_a_headline_may_stand_in_any_element(layout: str) -> None:
    found = article(layout)
    assert (found.headline, found.date_published) == (TITLE, "2026-11-20")
    assert [author.name for author in found.authors] == ["Anna Berti"]
    assert found.body == "\n\n".join(LINES)


def test_a_line_that_is_not_the_title_is_not_a_headline() -> None:
    assert read(f"<h2>I lavori della provincia</h2>{META}{TEXT}") is None


@pytest.mark.parametrize(
    ("heading", "stated", "expected"),
    [
        (f"<h1><span>Valdoria</span> {TITLE}</h1>", TITLE, TITLE),
        (f"<h1>{TITLE}<a href='#x'>¶</a></h1>", TITLE, TITLE),
        ("<h1>L&amp;#8217;ex sindaco &amp;amp; il ponte</h1>", "x", "L’ex sindaco & il ponte"),
        ("", "Il ponte vecchio riapre dopo…", TITLE),
        ("", f"{TITLE} ~ Lago Verde", TITLE),
        ("", f"Lago Verde › {TITLE}", TITLE),
        # Neither a label nor cut off.
        (f"<h1>A Valdoria {TITLE}</h1>", "x", f"A Valdoria {TITLE}"),
        ("", "Il ponte vecchio riapre", "Il ponte vecchio riapre"),
    ],
)
def test_a_headline_is_whole_and_nothing_else(heading: str, stated: str, expected: str) -> None:
    head = f"{OG}<meta property='og:title' content='{stated}'>"
    head += "<meta property='og:site_name' content='Lago Verde'>"
    found = article(f"<article>{heading}{META}{TEXT}</article>", head=head)
    assert found.headline == expected


@pytest.mark.parametrize(
    "markup",
    ["<p class='gh-article-excerpt'>{}</p>", "<h3 class='subtitle'>{}</h3>",
     "<div class='sommario'><p>{}</p></div>", "<h2 itemprop='alternativeHeadline'>{}</h2>",
     "<h2>{}</h2>"],
)  # fmt: skip
@pytest.mark.parametrize("frame", ["{}", "<header>{}</header>"])
def test_the_summary_is_not_part_of_the_text(markup: str, frame: str) -> None:
    top = frame.format(f"<h1>{TITLE}</h1>{markup.format(SUMMARY)}{META}")
    found = article(f"<article>{top}<div>{TEXT}</div></article>")
    assert (found.subtitle, found.body) == (SUMMARY, "\n\n".join(LINES))


def test_a_line_above_the_headline_is_not_part_of_the_text() -> None:
    kicker = "<p class='occhiello'>Valdoria, finisce la lunga attesa dei cittadini</p>"
    assert article(STORY.replace("<h1>", f"{kicker}<h1>")).body == "\n\n".join(LINES)


@pytest.mark.parametrize(
    "main",
    [
        STORY.replace("<p>", "<h2>Il taglio del nastro in piazza</h2><p>", 1),
        f"<article><h1>{TITLE}</h1>{META}<div class='summary'>{TEXT}</div></article>",
        f"<article><h1>{TITLE}</h1>{META}<p class='summary'>{LINES[0]}</p></article>",
    ],
)
def test_a_text_is_not_a_summary(main: str) -> None:
    found = article(main, head=OG)
    assert found.subtitle is None
    assert LINES[0] in found.body


def test_dates_in_a_column_before_the_article_are_not_its_own() -> None:
    column = "".join(
        f"<div><a href='/n/{n}'>Titolo di un altro articolo numero {n}</a> "
        f"<span class='date'>1{n} ottobre 2026</span></div>"
        for n in range(6)
    )
    own = f"<div><h1>{TITLE}</h1><div>di Anna Berti</div><div>20 novembre 2026</div>{TEXT}</div>"
    main = f"<div><div class='col-sx'><h3>I più letti</h3>{column}</div>{own}</div>"
    html = f"<html><head><title>{TITLE}</title></head><body>{main}</body></html>"
    found = extract(html, HERE, fetched_at=NOW)
    assert found is not None
    assert found.date_published == "2026-11-20"


@pytest.mark.parametrize(
    ("lang", "line", "expected"),
    [
        ("it", "Inviato da Anna Berti il 20/11/2026", "2026-11-20"),
        ("it", "Autore: Anna Berti, 20 novembre 2026", "2026-11-20"),
        ("de", "Von Anna Berti, 20. November 2026, 10:30 Uhr", "2026-11-20T10:30:00+01:00"),
        ("fr", "Par Anna Berti, publié le 20 novembre 2026", "2026-11-20"),
        ("es", "Por Anna Berti | 20/11/2026", "2026-11-20"),
    ],
)
def test_bylines_of_other_systems_and_languages(lang: str, line: str, expected: str) -> None:
    html = (
        f"<html lang='{lang}'><head><title>{TITLE}</title></head><body><article><h1>{TITLE}</h1>"
        f"<p>{line}</p>{TEXT}</article></body></html>"
    )
    found = extract(html, HERE, fetched_at=NOW)
    assert found is not None
    assert [author.name for author in found.authors] == ["Anna Berti"]
    assert found.date_published == expected
    assert line not in found.body


@pytest.mark.parametrize(
    "path",
    ["/node/15", "/n/7", "/notizie/locali/123", "/it/news/12/", "/sport/calcio/123",
     "/edizione/45/articolo/3"],
)  # fmt: skip
def test_a_number_at_the_end_of_a_path_names_a_document(path: str) -> None:
    assert article(STORY, SITE + path, OG).url == SITE + path


def test_a_number_behind_a_title_is_that_of_a_page() -> None:
    assert article(STORY, f"{HERE}2/", OG).url == HERE
    assert read(STORY, f"{SITE}/sport/2/", OG) is None


def test_one_article_has_one_address_with_and_without_www() -> None:
    head = f"<link rel='canonical' href='{HERE}'>"
    assert article(STORY, HERE.replace("www.", ""), head).id == article(STORY, HERE, head).id


def test_json_ld_and_metadata_beside_the_article() -> None:
    steps = [("Home", f"{SITE}/"), ("Cronaca", f"{SITE}/cronaca/"), (TITLE, HERE)]
    elements = [{"position": n, "name": name, "item": url} for n, (name, url) in enumerate(steps)]
    head = typed("BreadcrumbList", itemListElement=elements[::-1])
    head += typed("WebSite", name="Lago Verde") + "<meta property='og:locale' content='de_DE'>"
    found = article(STORY, head=head)
    assert [step.name for step in found.breadcrumbs] == ["Cronaca"]
    assert found.publisher
    assert (found.section, found.publisher.name, found.language) == ("Cronaca", "Lago Verde", "de")


def test_the_day_in_a_path_counts_wherever_it_stands() -> None:
    bare = STORY.replace(META, "")
    found = article(bare, f"{SITE}/cronaca/2026/11/20/il-ponte-vecchio-riapre/", OG)
    assert (found.date_published, found.date_published_source) == ("2026-11-20", "url")


@pytest.mark.parametrize(
    "form",
    ["<form><input name='u'><input type='password' name='p'><button>Accedi</button></form>",
     "<div><h2>Usiamo i cookie</h2><button>Accetta tutti</button></div>",
     "<form><textarea></textarea><div class='g-recaptcha'></div></form>"],
)  # fmt: skip
def test_a_form_next_to_a_short_article_is_not_a_wall(form: str) -> None:
    assert article(form + STORY).headline == TITLE


@pytest.mark.parametrize(
    "text",
    ["Se non vieni reindirizzato automaticamente, <a href='/x'>clicca qui</a> per proseguire.",
     "You don't have permission to access this resource on this server.",
     "Stiamo lavorando per voi: il sito tornerà disponibile tra poche ore.",
     "Per visualizzare questo sito è necessario abilitare JavaScript nel browser."],
)  # fmt: skip
def test_a_notice_is_not_an_article(text: str) -> None:
    assert read(f"<p>{text}</p>", head=OG) is None
    assert read(STORY.replace(LINES[3], text), head=OG) is not None


@pytest.mark.parametrize(
    ("heading", "path", "head"),
    [
        ("Anna Berti", "/autori/anna-berti/", OG),
        (
            "Fiera di maggio",
            "/eventi/fiera-di-maggio/",
            OG + typed("Event", name="Fiera di maggio"),
        ),
        ("Redattore web", "/lavoro/redattore-12/", OG + typed("JobPosting", title="Redattore web")),
        ("Un filo di discussione", "/viewtopic.php?t=12", ""),
        ("Codice etico", "/codice-etico/", OG),
    ],
)
def test_pages_about_something_else_are_not_articles(heading: str, path: str, head: str) -> None:
    assert read(STORY.replace(TITLE, heading), SITE + path, head, heading) is None


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("/autori/il-ponte-vecchio-riapre/", OG),
        ("/cronaca/il-ponte-vecchio-riapre/", OG + typed("Event", name="Festa del ponte vecchio")),
        ("/x/", typed("NewsArticle", headline=TITLE) + typed("Product", name=TITLE)),
    ],
)
def test_an_article_about_them_is_one(path: str, head: str) -> None:
    assert article(STORY, SITE + path, head).headline == TITLE


@pytest.mark.parametrize("name", [" - Lago Verde", " | Lago Verde", " :: Lago Verde"])
def test_a_title_that_repeats_the_name_of_the_site_takes_little_time(name: str) -> None:
    page = f"<article><h2>Cronaca</h2>{META}{TEXT}</article>"
    assert article(page, title=TITLE + name * 3, head=OG).headline == TITLE
    for number in (1_200, 20_000):
        title = TITLE + name * number
        head = f"{OG}<meta property='og:title' content='{title}'>"
        with at_most(2):
            assert read(page, title=title, head=head) is not None


@pytest.mark.parametrize(
    "run", ["© ", "<time>1 ottobre 2025</time>", "<time>1 ottobre 2025</time> <br>", "a - "]
)
@pytest.mark.parametrize("before", ["<h1>", f"<h1>{TITLE}</h1>{META}<p>", f"<h1>{TITLE}</h1>"])
def test_what_is_repeated_takes_little_time(run: str, before: str) -> None:
    with at_most(4):
        read(f"<article>{before}{run * (40_000 // len(run))}{TEXT}</article>")


@pytest.mark.parametrize(
    "line", ["© Il Faro 2026", "© Riproduzione riservata", "— Pubblicità —", "©© Stampa"]
)
def test_a_label_between_signs_is_not_text(line: str) -> None:
    found = article(f"<article><h1>{TITLE}</h1>{META}{TEXT}<p>{line}</p></article>")
    assert found.body == "\n\n".join(LINES)
