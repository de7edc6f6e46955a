"""Further kinds of pages: what stands next to a link, a date or a title, and parked markup."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from newscrawl import extract
from tests.pages.test_page_variants import (
    FIRST,
    GIF,
    HERE,
    JSONLD,
    LAYOUTS,
    LINK,
    PICTURE,
    PLAYER,
    READ_AT,
    SECOND,
    TEXT,
    THIRD,
    TITLE,
    around,
    read,
    unknown,
    wordpress,
)

if TYPE_CHECKING:
    from tests.pages.test_page_variants import Layout

TELEGRAM = "https://t.me/ilfaro"
CONSENT = base64.b64encode(f'<iframe src="{PLAYER}"></iframe>'.encode()).decode()


@LAYOUTS
@pytest.mark.parametrize(
    "behind",
    [
        " (1 novembre 2026)",
        " - 1 novembre 2026",
        " (Ansa)",
        " – Il Faro",
        " – il video",
        " | VIDEO",
    ],
)
def test_what_stands_behind_the_link_of_read_also_is_not_text(layout: Layout, behind: str) -> None:
    assert read(layout(around(f"<p>Leggi anche: {LINK}{behind}</p>"))).body == TEXT


@LAYOUTS
@pytest.mark.parametrize(
    "markup",
    [
        f"<p><a href='{TELEGRAM}'>Iscriviti al canale Telegram</a></p>",
        f"<p>Iscriviti al nostro <a href='{TELEGRAM}'>canale Telegram</a></p>",
        f"<p>Segui il nostro canale WhatsApp: <a href='{TELEGRAM}'>clicca qui</a></p>",
        f"<p>Seguici anche su <a href='{TELEGRAM}'>Google News</a>!</p>",
        f"<p>Segui Il Faro su <a href='{TELEGRAM}'>Facebook</a> e <a href='{TELEGRAM}'>X</a></p>",
        f"<p>Clicca <a href='{TELEGRAM}'>qui</a> per iscriverti al canale Telegram</p>",
        f"<h3>Seguici su <a href='{TELEGRAM}'>Telegram</a></h3>",
        f"<p>Condividi su: <a href='{TELEGRAM}'>Facebook</a> <a href='{TELEGRAM}'>X</a></p>",
        "<p>Tag: <a rel='tag' href='/tag/vela/'>vela</a>, <a rel='tag' href='/tag/a/'>mare</a></p>",
        "<p>© Riproduzione riservata</p>",
        "<p>[adrotate banner='3']</p>",
        "<blockquote class='bluesky-embed'><p>La regata</p>— <a href='/p'>Porto</a></blockquote>",
        "<blockquote class='mastodon-embed'><a href='/@a/1'>Post di Anna</a></blockquote>",
        "<blockquote class='text-post-media'><a href='/@a/1'>Vedi su Threads</a></blockquote>",
        "<blockquote class='reddit-embed-bq'><a href='/r/1'>La regata</a><br> by u/a</blockquote>",
        "<p><em>RIPRODUZIONE RISERVATA © Copyright Il Faro</em></p>",
        f"<p><a href='{HERE}newsletter/'>Iscriviti alla nostra newsletter</a></p>",
        "<div class='paywall-box'><h3>Abbonati</h3><p>Il resto è per gli abbonati.</p></div>",
        "<div class='aawp'><a href='/dp/B0'>Cima nautica</a><p>Cima lunga venti metri.</p></div>",
        "<div class='wp-polls'><form><p><strong>Qual è la tua barca?</strong></p></form></div>",
        "<div class='signup'><h3>La newsletter</h3><form><input type='email'></form></div>",
    ],
)
def test_invitations_are_not_text(layout: Layout, markup: str) -> None:
    assert read(layout(around(markup))).body == TEXT


@LAYOUTS
@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (
            f"<p>Leggi anche: {LINK} - non perdere la gara di domani.</p>",
            "Leggi anche: Il nuovo ponte mobile - non perdere la gara di domani.",
        ),
        (
            f"<p>Iscriviti al canale, dice su <a href='{TELEGRAM}'>Telegram</a>, e avrai.</p>",
            "Iscriviti al canale, dice su Telegram, e avrai.",
        ),
        (
            f"<p><a href='{TELEGRAM}'>Il canale Telegram della regata</a></p>",
            "Il canale Telegram della regata",
        ),
        ("<p>[Il molo]</p>", "[Il molo]"),
        ("<p>Seguici, ha detto il capitano.</p>", "Seguici, ha detto il capitano."),
    ],
)
def test_sentences_on_channels_are_text(layout: Layout, markup: str, text: str) -> None:
    assert read(layout(around(markup))).body == f"{FIRST}\n\n{text}\n\n{SECOND}\n\n{THIRD}"


@pytest.mark.parametrize(
    "line",
    [
        "<span class='date'>20 novembre 2026</span> <span class='time'>14:30</span>",
        "<div><div class='date'>20 novembre 2026</div><div class='time'>14:30</div></div>",
        "<p><span class='data'>20 novembre 2026</span><span class='ora'>ore 14:30</span></p>",
        "<p><span class='date'>20 novembre 2026</span> | <span class='time'>14:30</span></p>",
        "<p><time datetime='2026-11-20'>20 novembre 2026</time> alle 14:30</p>",
        "<ul class='meta'><li>20 novembre 2026</li><li>14:30</li></ul>",
        "<p><span class='ora'>14:30</span> <span class='data'>20 novembre 2026</span></p>",
    ],
)
def test_an_hour_may_have_an_element_of_its_own(line: str) -> None:
    article = read(unknown(around(""), head="", line=line))
    assert article.date_published == "2026-11-20T14:30:00+01:00"


@LAYOUTS
@pytest.mark.parametrize(
    "markup",
    [
        (
            "<div class='elementor-widget elementor-widget-video' data-settings="
            f"'{{\"youtube_url\":\"{PLAYER}\"}}'><div class='elementor-wrapper'></div></div>"
        ),
        f"<div data-borlabs-cookie-content='{CONSENT}'></div>",
        (
            f"<div class='brlbs-cmpnt-container' data-borlabs-cookie-content='{CONSENT}'>"
            "<div class='brlbs-cmpnt-cb-preset-c'><p>Carica il video</p></div></div>"
        ),
        (
            "<div class='BorlabsCookie'><div class='_brlbs-embed'>Carica il video</div>"
            "<div class='borlabs-hide' data-borlabs-cookie-type='content-blocker'>"
            f"<script type='text/template'>{CONSENT}</script></div></div>"
        ),
    ],
)
def test_players_of_builders_and_consent_tools_are_videos(layout: Layout, markup: str) -> None:
    article = read(layout(around(markup)))
    assert [video.url for video in article.videos] == [PLAYER]
    assert article.body == TEXT


@LAYOUTS
@pytest.mark.parametrize("before", ["", f"<img class='lazyload' src='{GIF}'>"])
def test_escaped_markup_in_noscript_is_a_picture(layout: Layout, before: str) -> None:
    markup = f"{before}<noscript>&lt;img src=&quot;{PICTURE}&quot;&gt;</noscript>"
    article = read(layout(around(markup)))
    assert [image.url for image in article.images] == [PICTURE]
    assert article.body == TEXT


@pytest.mark.parametrize("content", ["%%%", "PGRpdj4=", CONSENT[:-3], ""])
def test_damaged_content_of_a_consent_tool_is_not_a_player(content: str) -> None:
    article = read(wordpress(around(f"<div data-borlabs-cookie-content='{content}'></div>")))
    assert (article.videos, article.body) == ([], TEXT)


@LAYOUTS
@pytest.mark.parametrize(
    "hero",
    [
        "<div class='hero' style=\"background-image:url('/img/hero.jpg')\"></div>",
        "<header style='background-image: url(/img/hero.jpg); height:400px'></header>",
        "<div class='cover' style='background:url(\"/img/hero.jpg\") center no-repeat'></div>",
        "<div class='hero' data-bg='/img/hero.jpg'></div>",
    ],
)
def test_a_lead_image_may_be_a_background(layout: Layout, hero: str) -> None:
    page = layout(around("")).replace("</h1>", f"</h1>{hero}")
    image = read(page).image
    assert image is not None
    assert image.url == "https://www.faro.example/img/hero.jpg"


@LAYOUTS
@pytest.mark.parametrize(
    "markup",
    [
        "<nav class='cover' style='background-image:url(/img/menu.jpg)'>Menu</nav>",
        "<div style='background-image:url(/img/testata.jpg)'>Il Faro</div>",
        "<aside><div class='cover' style='background-image:url(/img/altro.jpg)'></div></aside>",
    ],
)
def test_a_background_of_the_site_is_not_the_lead_image(layout: Layout, markup: str) -> None:
    assert read(layout(around("")).replace("<main>", f"{markup}<main>")).image is None


PUBLISHER = {"@type": "Organization", "name": "Il Faro"}
NAMED = {
    "publisher": f"<script type='application/ld+json'>{json.dumps({**JSONLD, 'headline': '', 'publisher': PUBLISHER})}</script>",  # noqa: E501
    "web site": '<script type="application/ld+json">{"@type":"WebSite","name":"Il Faro"}</script>',
    "application": "<meta name='apple-mobile-web-app-title' content='Il Faro'>",
    "logo": "</head><body><a href='/'><img src='/l.png' alt='Il Faro'></a>",
    "link": "</head><body><a href='https://www.faro.example/'>Il Faro</a>",
    "host": "",
}


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize(
    "title", [f"{TITLE} - Il Faro", f"{TITLE} | Il Faro", f"Il Faro – {TITLE}", f"Il Faro: {TITLE}"]
)
def test_the_name_of_the_site_is_not_part_of_the_headline(name: str, title: str) -> None:
    page = (
        f"<html lang='it'><head><title>{title}</title><meta property='og:type' content='article'>"
        f"{NAMED[name]}</head><body><main><div>{around('')}</div></main></body></html>"
    )
    assert read(page).headline == TITLE


@pytest.mark.parametrize(
    "title", ["Il porto di Rimini - Il faro riapre", "Il faro: la storia di una luce"]
)
def test_a_title_with_words_of_the_host_stays_whole(title: str) -> None:
    page = (
        f"<html lang='it'><head><title>{title}</title><meta property='og:type' content='article'>"
        f"</head><body><main><div>{around('')}</div></main></body></html>"
    )
    assert read(page).headline == title


BESIDE = (
    "<div id='comments' class='comments-area'><p>Bravo davvero, una bella notizia.</p></div>"
    "</article></main><aside id='destra'><p>Una barra laterale con una frase lunga.</p></aside>"
    "<footer><p>Il Faro è una testata registrata al tribunale.</p></footer>"
)


@pytest.mark.parametrize("end", ["</article></main>", BESIDE, BESIDE.replace("</article>", "")])
def test_the_end_of_a_page_is_not_text_where_a_div_is_open(end: str) -> None:
    page = wordpress(around("<div class='box'><p>Nel riquadro c'è una frase.</p>"))
    article = read(page.replace("</article></main>", end))
    assert article.body == f"{FIRST}\n\nNel riquadro c'è una frase.\n\n{SECOND}\n\n{THIRD}"
    assert [author.name for author in article.authors] == ["Lucilla Fornasari"]


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote><p>Il mare è calmo.</p><footer>Il capitano</footer></blockquote>",
        "<section><p>Il mare è calmo.</p><footer>Il capitano</footer></section>",
        "<footer class='wp-block-group'><p>Il mare è calmo. Il capitano</p></footer>",
        "<div><footer><p>Il mare è calmo. Il capitano</p></footer></div>",
    ],
)
def test_a_footer_within_the_text_is_text(markup: str) -> None:
    body = read(wordpress(around(markup))).body or ""
    assert "Il capitano" in body
    assert body.endswith(f"{SECOND}\n\n{THIRD}")


@pytest.mark.parametrize("prefix", ["schema:", "http://schema.org/", "https://schema.org/"])
def test_names_in_json_ld_may_have_the_prefix_of_the_vocabulary(prefix: str) -> None:
    stated = {key if key[0] == "@" else f"{prefix}{key}": value for key, value in JSONLD.items()}
    author = {"@type": f"{prefix}Person", f"{prefix}name": "Anna Berti"}
    source = json.dumps({**stated, "@type": f"{prefix}NewsArticle", f"{prefix}author": author})
    article = read(unknown(around(""), f"<script type='application/ld+json'>{source}</script>"))
    assert article.date_published == "2026-11-20T08:00:00+01:00"
    assert [author.name for author in article.authors] == ["Anna Berti"]


@pytest.mark.parametrize("headline", ["La regata", r"L\'altra regata", 'L\'altra "regata"'])
def test_json_ld_may_have_apostrophes_for_quotation_marks(headline: str) -> None:
    source = (
        f"{{'@type': 'NewsArticle', 'headline': '{headline}', 'url': '{HERE}', "
        "'datePublished': '2026-11-20T08:00:00+01:00', 'author': {'name': 'Anna Berti'}}"
    )
    page = unknown(around(""), f'<script type="application/ld+json">{source}</script>')
    article = extract(page, HERE, fetched_at=READ_AT)
    assert article is not None
    assert article.date_published_source == "jsonld"
    assert [author.name for author in article.authors] == ["Anna Berti"]


@pytest.mark.parametrize(
    "changed",
    [
        "Ultimo aggiornamento: 20 novembre 2026, 15:00",
        "Aggiornato il 20/11/2026 alle 15.00",
        "Ultima modifica: 20 novembre 2026 - 15:00",
        "Agg: 20/11/2026 15:00",
        "Ult. agg. 20 novembre 2026 ore 15",
        "Upd. 20 novembre 2026, 15:00",
        "Aggiornato il 20 novembre 2026 alle 3 di pomeriggio",
    ],
)
def test_a_change_may_have_a_line_of_its_own(changed: str) -> None:
    line = f"<p>Pubblicato il 20 novembre 2026 alle 08:00</p><p>{changed}</p>"
    article = read(unknown(around(""), head="", line=line))
    assert article.date_published == "2026-11-20T08:00:00+01:00"
    assert article.date_modified == "2026-11-20T15:00:00+01:00"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("<p>dall'inviato a Kiev Ugo Lari</p>", ["Ugo Lari"]),
        ("<p>Dalla nostra inviata Anna Berti</p>", ["Anna Berti"]),
        ("<p>Testo e foto di Anna Berti</p>", ["Anna Berti"]),
        ("<p>Testo di Anna Berti, foto di Ugo Lari</p>", ["Anna Berti"]),
        ("<p>A cura della Redazione</p>", ["Redazione"]),
        ("<p>di redazione</p>", ["redazione"]),
        ("<p>di Anna Berti | 20 novembre 2026 | 3 min di lettura</p>", ["Anna Berti"]),
        ("<p>di <a href='/a/anna'>Anna Berti</a> 20/11/2026 Agg: 21/11/2026</p>", ["Anna Berti"]),
        ("<p>Dalla sua redazione arrivano le notizie</p>", []),
        ("<p>Dal nostro servizio meteo</p>", []),
        ("<p>di nuovo in redazione</p>", []),
    ],
)
def test_bylines_near_the_headline(line: str, names: list[str]) -> None:
    article = read(unknown(around(""), head="", line=f"<p>20 novembre 2026</p>{line}"))
    assert [author.name for author in article.authors] == names


@pytest.mark.parametrize(
    "line", ["Venerdì 20 novembre 2026 alle 8 e mezza", "20 novembre 2026, 8 e mezza di mattina"]
)
def test_a_time_in_words_belongs_to_the_line_with_the_date(line: str) -> None:
    article = read(unknown(around(""), head="", line=f"<p>Pubblicato {line}</p>"))
    assert article.date_published == "2026-11-20T08:30:00+01:00"


@LAYOUTS
def test_the_source_of_a_quotation_is_text(layout: Layout) -> None:
    markup = "<blockquote><p>Il mare è calmo.</p><footer>— Ugo Lari</footer></blockquote>"
    body = read(layout(around(markup))).body or ""
    assert body == f"{FIRST}\n\nIl mare è calmo.\n— Ugo Lari\n\n{SECOND}\n\n{THIRD}"


@pytest.mark.parametrize(
    "shown", ["Venerdì 20 Novembre 2026 | 08:00", "Rimini, 20 novembre 2026 08:00"]
)
def test_a_line_with_the_date_is_not_text(shown: str) -> None:
    article = read(unknown(around(""), head="", line=f"<div class='data'>{shown}</div>"))
    assert article.date_published == "2026-11-20T08:00:00+01:00"
    assert article.body == TEXT


def test_a_label_in_the_heading_is_not_part_of_the_headline() -> None:
    heading = f"<h1><span class='occhiello'>Vela</span> <span>{TITLE}</span></h1>"
    assert read(unknown(around(""), head="", heading=heading)).headline == TITLE
