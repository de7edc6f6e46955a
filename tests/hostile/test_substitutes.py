"""Rows 17 and 18 of the hostile web: pages in an article's place, in the article's own template."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from newscrawl.outcomes import finish_reasons
from tests.support import measured
from tests.support.altered_pages import altered, with_text
from tests.support.crawling import crawl
from tests.support.front import answer
from tests.support.measured import MEMORY
from twin import truth
from twin.block_pages import block_pages
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.support.front import Front
    from twin.model import Post

pytestmark = pytest.mark.e2e
SIZE = 100
SPIDER = "esteri"
BLOCKED, PARTIAL = (
    finish_reasons.code(reason) for reason in (finish_reasons.BLOCKED, finish_reasons.PARTIAL)
)
_LONG = (
    "<p>La pagina che cerchi non è stata trovata: e non lo sarà più, perché il portale dei comuni "
    "chiude stanotte, dopo undici anni.</p>"
) + "<p>Lo ha deciso il consiglio, con otto voti a favore, al termine di una lunga seduta.</p>" * 12


@cache
def content() -> Content:
    return Content(seed=1, size=SIZE)


def posts() -> list[Post]:
    """Return the section's articles of one page, but for the reference article."""
    every = [content().post(index) for index in content().category(SPIDER)]
    return [
        post
        for post in every
        if len(post.pages) == 1 and not {"reference-article", "protected"} & post.edge_cases
    ]


def ids(without: Sequence[Post] = ()) -> set[str]:
    expected = truth.expected(content(), Switches(), SPIDER)
    return {*expected} - {truth.article_id(post) for post in without}


NOT_FOUND = {
    "title and text": (
        (
            "<p>Ci dispiace, la pagina che stai cercando non esiste più. Potrebbe essere stata "
            "spostata o eliminata. Torna alla pagina principale, usa la ricerca in alto oppure "
            "scegli una delle sezioni del menu per continuare a leggere le notizie di oggi.</p>"
        ),
        "Pagina non trovata",
    ),
    "text alone": ("<p>La pagina richiesta non è stata trovata.</p>", None),
    "404": ("<p>Torna alla home.</p>", "Errore 404"),
    "content": ("<p>Questo contenuto non è più disponibile.</p>", None),
    "core": ("<p>It looks like nothing was found at this location.</p>", "Page not found"),
    "English": ("<p>Oops! The page you are looking for could not be found.</p>", None),
    "French": ("<p>Désolé, la page demandée est introuvable.</p>", "Page introuvable"),
}
"""The text in the article's template, and the title in place of the article's."""


def test_row_17_a_soft_404_in_the_template_of_an_article(front: Front, tmp_path: Path) -> None:
    victims = dict(zip(NOT_FOUND, posts(), strict=False))
    assert len(victims) == len(NOT_FOUND)
    for name, post in victims.items():
        html, title = NOT_FOUND[name]
        front.answers[f"/{post.slug}/$"] = altered(front, with_text(html, title=title))
    settings = {"DOUBTFUL_MAX_SHARE": "1"}
    run = measured.crawl(SPIDER, tmp_path, site_url=front.url, settings=settings)
    assert {line["id"] for line in run.articles} == ids([*victims.values()])
    assert run.stderr.count("Not an article (not_found)") == len(victims)
    assert (run.code, run.peak < MEMORY) == (0, True)
    assert run.reports[-1]["not_articles"] == {"not_found": len(victims)}


def test_row_17_an_article_about_such_pages_is_read(front: Front, tmp_path: Path) -> None:
    """Its title is that of an error, or it has few words, or it begins like an error."""
    titles = {
        "Pagina non trovata": _LONG,
        "404 migranti sbarcati a Lampedusa": "<p>È quanto riferisce la guardia costiera.</p>",
        "Contenuto non disponibile: il caso": _LONG,
        "Un titolo": "<p>La pagina dei reclami non è mai stata trovata dai cittadini.</p>",
    }
    for (title, html), post in zip(titles.items(), posts(), strict=False):
        front.answers[f"/{post.slug}/$"] = altered(front, with_text(html, title=title))
    run = crawl(SPIDER, tmp_path, site_url=front.url)
    assert (run.code, {line["id"] for line in run.articles}) == (0, ids())
    assert {*titles} <= {line["headline"] for line in run.articles}


BRIEFS = [
    "La notizia non è stata confermata dal Cremlino, che rinvia ogni commento a lunedì.",
    "Nessun risultato al vertice: dopo nove ore le delegazioni hanno lasciato la sede.",
    "Il post è stato rimosso da Facebook dopo due ore, ma le frasi hanno fatto il giro del mondo.",
    "La pagina non è stata trovata nel dossier, dicono gli inquirenti.",
    "La polizia conferma il fermo di una persona per l’incendio di ieri notte al mercato.",
    "Il governo conferma: una persona è morta nel crollo del ponte.",
    "Accesso negato ai giornalisti nello stadio di Bari.",
    "Abbonati in piazza contro il caro treni: in mille alla stazione di Padova.",
]
"""What ordinary short articles begin with."""


def test_row_17_short_articles_are_read(front: Front, tmp_path: Path) -> None:
    for post, text in zip(posts(), BRIEFS, strict=False):
        title = text[:40] if text.startswith("Accesso") else None
        front.answers[f"/{post.slug}/$"] = altered(front, with_text(f"<p>{text}</p>", title=title))
    run = crawl(SPIDER, tmp_path, site_url=front.url)
    assert (run.code, {line["id"] for line in run.articles}) == (0, ids())
    assert {line["body"] for line in run.articles} >= {*BRIEFS[: len(posts())]}


WALLS = {
    "challenge": (
        "<p>Checking your browser before accessing the site. Please wait a few seconds.</p>",
        "Just a moment...",
    ),
    "captcha": (
        (
            "<p>Per continuare dimostra di essere umano.</p><form><div class='g-recaptcha' "
            "data-sitekey='x'></div><button>Continua</button></form>"
        ),
        None,
    ),
    "cookie_wall": (
        (
            "<p>Per leggere questo articolo devi accettare i cookie. Noi e i nostri partner usiamo "
            "cookie per mostrare pubblicità personalizzata.</p><button>Accetta tutto</button>"
            "<button>Rifiuta e abbonati</button>"
        ),
        None,
    ),
    "login": (
        (
            "<p>Accedi per continuare a leggere.</p><form action='/login'><input name='utente'>"
            "<input type='password' name='parola'><button>Accedi</button></form>"
        ),
        None,
    ),
}


WITHOUT_BUTTONS = {
    "cookie_wall": (
        "Abbiamo rilevato un ad blocker. Per continuare a leggere accetta i cookie oppure abbonati."
    ),
    "login": "Questo contenuto è riservato agli abbonati. Abbonati per continuare a leggere.",
    "captcha": "Conferma di non essere un robot per proseguire.",
}


def test_row_18_a_wall_without_buttons(front: Front, tmp_path: Path) -> None:
    victims = dict(zip(WITHOUT_BUTTONS, posts(), strict=False))
    for kind, post in victims.items():
        text = f"<p>{WITHOUT_BUTTONS[kind]}</p>"
        front.answers[f"/{post.slug}/$"] = altered(front, with_text(text))
    run = crawl(SPIDER, tmp_path, site_url=front.url, settings={"BLOCKED_MAX_SHARE": "0.9"})
    assert {line["id"] for line in run.articles} == ids([*victims.values()])
    assert run.reports[-1]["blocked"] == len(WITHOUT_BUTTONS)


def test_row_18_a_wall_in_the_template_of_an_article(front: Front, tmp_path: Path) -> None:
    victims = dict(zip(WALLS, posts(), strict=False))
    for kind, post in victims.items():
        html, title = WALLS[kind]
        front.answers[f"/{post.slug}/$"] = altered(front, with_text(html, title=title))
    settings = {"BLOCKED_MAX_SHARE": "0.9"}
    run = measured.crawl(SPIDER, tmp_path, site_url=front.url, settings=settings)
    assert {line["id"] for line in run.articles} == ids([*victims.values()])
    for kind in WALLS:
        assert f"Blocked ({kind})" in run.stderr
    assert run.reports[-1]["blocked"] == len(WALLS)
    assert (run.code, run.peak < MEMORY) == (PARTIAL, True)
    # Nothing of it is final: the next run reads them.
    front.answers.clear()
    again = crawl(SPIDER, tmp_path, site_url=front.url)
    assert (again.code, {line["id"] for line in again.articles}) == (0, ids())


@pytest.mark.parametrize("kind", WALLS)
def test_row_18_walls_in_all_articles_end_the_run(kind: str, front: Front, tmp_path: Path) -> None:
    html, title = WALLS[kind]
    front.answers[r"^/20\d\d/"] = altered(front, with_text(html, title=title))
    run = crawl("alanews", tmp_path, site_url=front.url)
    assert (run.code, run.articles) == (BLOCKED, [])
    # Ten in a row are enough.
    asked = [path for path in front.paths if path.startswith("/20")]
    assert len(asked) < SIZE // 2
    assert kind in run.stderr


@pytest.mark.parametrize("kind", block_pages())
def test_row_18_a_wall_in_place_of_a_page(kind: str, front: Front, tmp_path: Path) -> None:
    victim = posts()[0]
    front.answers[f"/{victim.slug}/$"] = answer(block_pages()[kind])
    run = crawl(SPIDER, tmp_path, site_url=front.url)
    assert {line["id"] for line in run.articles} == ids([victim])
    assert f"Blocked ({kind})" in run.stderr
    assert run.reports[-1]["blocked"] == 1


def test_row_18_what_looks_like_a_wall_in_an_article_is_read(front: Front, tmp_path: Path) -> None:
    """A login box below a teaser, a newsletter's form, a blocked embed, a title about cookies."""
    text = "<p>Il consiglio si è riunito ieri sera e ha approvato il bilancio.</p>" * 9
    login = (
        "<p>Accedi per continuare</p><form><input type='password' name='p'><button>Accedi</button>"
        "</form>"
    )
    embed = "<div>Per vedere il video accetta i cookie</div><button>Accetta</button>"
    captcha = "<form><input name='email'><div class='g-recaptcha'></div></form>"
    bodies = [text + login, text + embed, text + captcha, f"<p>Cookie, nuove regole.</p>{text}"]
    titles = [None, None, None, "Cookie: accettarli o no? Le nuove regole"]
    for html, title, post in zip(bodies, titles, posts(), strict=False):
        front.answers[f"/{post.slug}/$"] = altered(front, with_text(html, title=title))
    run = crawl(SPIDER, tmp_path, site_url=front.url)
    assert (run.code, {line["id"] for line in run.articles}) == (0, ids())
