"""Texts, names and pictures that come near a rule for what is left out, and stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl import extract
from newscrawl.pages.author_names import names_in
from newscrawl.pages.captions import caption_and_credit
from newscrawl.pages.head_lines import is_date_or_byline
from newscrawl.pages.site_pages import is_about_site, is_of_author
from newscrawl.pages.stand_ins import is_stand_in
from newscrawl.sites import ALANEWS

if TYPE_CHECKING:
    from newscrawl.items import Article

NOW = datetime(2026, 11, 27, tzinfo=UTC)
TITLE = "La regata dei due fari"
LINES = [
    "La regata parte dal molo nuovo e gira intorno ai due fari prima di rientrare in porto.",
    "Gli equipaggi iscritti sono diciotto e tre arrivano da oltre confine, dice il comitato.",
    "Il comitato ricorda che la partenza può slittare in caso di vento forte sulla diga.",
]
TEXT = "".join(f"<p>{line}</p>" for line in LINES)
META = "<p class='meta'>di Anna Berti | 20 novembre 2026</p>"
VALLE = "https://www.lavalle.example"
UPLOADS = "https://www.alanews.it/wp-content/uploads/2026/11/"


def typed(kind: str, **values: Any) -> str:
    return f"<script type='application/ld+json'>{json.dumps({'@type': kind, **values})}</script>"


def read(main: str, path: str = "/cronaca/la-regata/", head: str = "") -> Article | None:
    page = (
        f"<!doctype html><html lang=it><head><title>{TITLE} - La Valle</title>{head}</head><body>"
        f"<header><a href='/'>La Valle</a></header><main>{main}</main></body></html>"
    )
    return extract(page, VALLE + path, fetched_at=NOW)


def story(text: str = TEXT, under: str = META) -> str:
    return f"<article><h1>{TITLE}</h1>{under}{text}</article>"


def unknown(text: str = TEXT, under: str = META, path: str = "/cronaca/la-regata/") -> Article:
    found = read(story(text, under), path)
    assert found is not None
    return found


def themed(text: str = TEXT, *, head: str = "", feat: str = "", h1: bool = True) -> Article:
    title = f"<h1 class='jeg_post_title'>{TITLE}</h1>" if h1 else ""
    found = extract(
        f"<html lang='it-IT'><head>{head}</head><body class='post-template-default single "
        f"single-post postid-71 wp-theme-jnews'><div class='jeg_main'>{title}{feat}"
        "<div class='jeg_meta_date'><a>20 Novembre 2026</a></div>"
        f"<div class='entry-content'><div class='content-inner'>{text}</div></div></div></body>",
        "https://www.alanews.it/2026/11/20/esteri/la-regata-dei-due-fari/",
        fetched_at=NOW,
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    "line",
    [
        "Copyright 2026, la riforma è legge.",
        "Copyright 2019 addio, arriva la nuova legge",
        "© 2026 è l'anno della svolta",
        "Per saperne di più il Comune apre uno sportello.",
        "Non perdere la calma, dicono i medici.",
        "Ti consigliamo di bere molta acqua, dice il medico.",
        "Iscriviti entro il 30 novembre al corso di vela.",
        "Sostieni la ricerca con una donazione.",
        "Condividi il viaggio con un amico",
        "Annunci: Rai cambia tutto",
    ],
)
def test_sentences_with_the_words_of_notices_are_text(line: str) -> None:
    body = themed(f"<p>{LINES[0]}</p><p>{line}</p><p>{LINES[1]}</p>").body
    assert body == f"{LINES[0]}\n\n{line}\n\n{LINES[1]}"


@pytest.mark.parametrize(
    "line",
    [
        "© 2026 Alanews",
        "© 2024-2026 Il Faro di Roma Srl",
        "Copyright 2026 - Tutti i diritti riservati",
        "(c) 2025 Alanews srl",
    ],
)
def test_notices_of_rights_are_left_out(line: str) -> None:
    assert themed(f"<p>{LINES[0]}</p><p>{line}</p>").body == LINES[0]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Non perdere {}", "la mostra di Caravaggio"),
        ("Segui la diretta {}", "su Rai 1"),
        ("Rivedi {}", "la partita"),
    ],
)
def test_verbs_with_a_linked_object_are_text(line: str, text: str) -> None:
    link = f"<a href='https://museo.example/'>{text}</a>"
    assert themed(f"<p>{LINES[0]}</p><p>{line.format(link)}</p>").body.endswith(line.format(text))
    link = link.replace(text, text.capitalize())
    assert themed(f"<p>{LINES[0]}</p><p>{line.format(': ' + link)}</p>").body == LINES[0]


def test_an_account_is_not_a_form_that_shares_the_page() -> None:
    account = "<a href='https://twitter.com/intent/user?screen_name=sindaco'>@sindaco</a>"
    assert themed(f"<p>{LINES[0]}</p><p>{account}</p>").body == f"{LINES[0]}\n\n@sindaco"


def test_a_caption_before_other_words_of_a_figure_is_not_text() -> None:
    figure = (
        f"<figure><img src='{UPLOADS}a.jpg'><p class='caption'>Il molo</p><p>Dopo.</p></figure>"
    )
    found = themed(f"<p>{LINES[0]}</p>{figure}")
    assert (found.body, found.images[0].caption) == (f"{LINES[0]}\n\nDopo.", "Il molo")


@pytest.mark.parametrize(
    ("line", "is_line"),
    [
        ("di Avv. Mario Rossi", True),
        ("di Prof. Ugo Lari | 20 novembre 2026", True),
        ("di Anna Berti, 20 novembre 2026 alle 8 e mezza", True),
        ("28.10.2025 alle 8 e mezza", True),
        ("Veröffentlicht am 20. November 2026", True),
        ("Di sera", False),
        ("Da mezzogiorno alle 8", False),
        ("Dalle 14 alle 16", False),
        ("3 a 2", False),
        ("A 20 anni", False),
    ],
)
def test_lines_of_words_around_dates_need_a_date_or_a_name(line: str, *, is_line: bool) -> None:
    assert is_date_or_byline(line) is is_line


def test_a_date_next_to_a_title_of_the_author_is_read() -> None:
    found = unknown(under="<p class='meta'>di Prof. Ugo Lari | 20 novembre 2026</p>")
    assert ([author.name for author in found.authors], found.date_published) == (
        ["Ugo Lari"],
        "2026-11-20",
    )


@pytest.mark.parametrize("line", ["Da Paolo Rossi", "A cura della redazione", "Firma Mario Draghi"])
def test_the_byline_under_the_headline_comes_first(line: str) -> None:
    found = unknown(f"<p>{LINES[0]}</p><p>{line}</p><p>{LINES[1]}</p><p>{LINES[2]}</p>")
    assert [author.name for author in found.authors] == ["Anna Berti"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("(red)", []),
        ("(di Anna Berti)", ["Anna Berti"]),
        ("(Roma)", ["Roma"]),
        ("Il Direttore Generale Anna Berti", ["Anna Berti"]),
    ],
)
def test_marks_and_roles_around_names(text: str, names: list[str]) -> None:
    assert list(names_in(text)) == names


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Crediti: le banche stringono", ("Crediti: le banche stringono", None)),
        ("Crediti: Anna Berti e Ugo Lari", (None, "Crediti: Anna Berti e Ugo Lari")),
        ("Crediti: Comune di Roma", (None, "Crediti: Comune di Roma")),
    ],
)
def test_captions_about_loans_are_not_credits(line: str, expected: tuple[str, str]) -> None:
    assert caption_and_credit(line, ALANEWS) == expected


@pytest.mark.parametrize(
    ("file", "is_logo"),
    [
        ("logo-x.jpg", False),
        ("apple-logo.jpg", False),
        ("nuovo-logo-twitter.jpg", False),
        ("logo-facebook-1200x630.jpg", False),
        ("logo-alanews-facebook.jpg", True),
        ("facebook-default.jpg", True),
        ("apple-touch-icon.png", True),
        ("logo@2x.png", True),
        ("logo600x60.png", True),
    ],
)
def test_logos_of_companies_are_pictures(file: str, *, is_logo: bool) -> None:
    assert is_stand_in(f"{UPLOADS}{file}", ALANEWS) is is_logo


@pytest.mark.parametrize("file", ["logo.png", "avatar.jpg", "icon.png", "blank.jpg"])
def test_a_picture_with_a_caption_is_the_lead_image(file: str) -> None:
    frame = (
        f"<a href='{UPLOADS}{file}'><div class='thumbnail-container'><img src='{UPLOADS}{file}'>"
    )
    frame = f"<div class='jeg_featured featured_image'>{frame}</div></a>{{}}</div>"
    caption = "<p class='wp-caption-text'>Il film di Cameron (Ansa)</p>"
    image = themed(feat=frame.format(caption)).image
    assert image is not None
    assert (image.url, image.caption) == (f"{UPLOADS}{file}", "Il film di Cameron")
    assert themed(feat=frame.format("")).image is None


@pytest.mark.parametrize("file", ["placeholder.png", "no-image.jpg", "default-alanews.jpg"])
def test_a_picture_for_a_missing_one_is_not_the_lead_image(file: str) -> None:
    assert is_stand_in(f"{UPLOADS}{file}", ALANEWS, is_captioned=True)


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("Esteri, Trump", "Esteri"),
        ("Esteri > Usa", "Esteri > Usa"),
        ("Cronaca/Roma", "Cronaca/Roma"),
    ],
)
def test_only_lists_with_commas_have_tags(section: str, expected: str) -> None:
    head = f"<meta property='article:section' content='{section}'>"
    assert themed(head=head).sections[0] == expected


@pytest.mark.parametrize(
    ("title", "stated"),
    [
        ("Alanews: dieci anni - Alanews", "Alanews: dieci anni"),
        ("Alanews: dieci anni - Alanews", "Alanews: dieci anni - Alanews"),
    ],
)
def test_a_headline_that_begins_with_the_sites_name(title: str, stated: str) -> None:
    head = f"<title>{title}</title><meta property='og:title' content='{stated}'>"
    assert themed(head=head, h1=False).headline == "Alanews: dieci anni"


SUMMARY = "Diciotto equipaggi in gara, tre da oltre confine"


def test_a_subheading_behind_a_paragraph_stays_in_the_text() -> None:
    lines = [f"{LINES[0]} Lo dice il comitato.", SUMMARY, *LINES[1:]]
    text = f"<p>{lines[0]}</p><h2 class='subtitle'>{SUMMARY}</h2><p>{LINES[1]}</p><p>{LINES[2]}</p>"
    assert unknown(text).body == "\n\n".join(lines)


def test_a_paragraph_that_repeats_the_summary_stays_in_the_text() -> None:
    found = unknown(under=f"<h2>{LINES[0]}</h2>{META}")
    assert (found.subtitle, found.body) == (LINES[0], "\n\n".join(LINES))


def test_a_box_with_a_heading_is_not_the_summary() -> None:
    box = f"<div class='summary-box'><h3>In breve</h3><p>{SUMMARY}</p></div>"
    assert unknown(under=META + box).subtitle is None


@pytest.mark.parametrize(
    "thing",
    [
        typed("Product", name="La regata"),
        typed("Event", name="La regata dei due"),
        typed("SportsEvent", name="La regata"),
    ],
)
def test_an_article_about_what_its_headline_begins_with(thing: str) -> None:
    assert read(story(), head="<meta property='og:type' content='article'>" + thing) is not None


def test_an_article_in_the_part_of_the_desk() -> None:
    path = f"{VALLE}/redazione/la-regata-dei-due-fari"
    assert not is_of_author(path, [TITLE])
    assert is_of_author(f"{VALLE}/firme/nando-dalla-chiesa", ["Nando dalla Chiesa"])


@pytest.mark.parametrize(
    ("heading", "is_about"),
    [
        ("Informativa ai sensi della legge: che cosa cambia", False),
        ("Informativa sul trattamento dei rifiuti a Roma", False),
        ("Informativa ai sensi dell'art. 13 del Regolamento UE 2016/679", True),
        ("Informativa sul trattamento dei dati personali", True),
    ],
)
def test_articles_about_notices(heading: str, *, is_about: bool) -> None:
    assert is_about_site(f"{VALLE}/cronaca/una-pagina-di-prova-qui/", [heading]) is is_about


def test_a_numbered_article_of_a_section() -> None:
    found = unknown(path="/cronaca/123456", under="")
    assert (found.url, found.section) == (f"{VALLE}/cronaca/123456", "Cronaca")
