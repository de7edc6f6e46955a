"""What metadata and the theme state badly: slips, stand-ins, names of sites, further links."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl import extract
from newscrawl.pages import captions
from newscrawl.pages.identity import PageIdentity
from newscrawl.pages.jsonld_source import decode
from newscrawl.sites import DEFAULT
from newscrawl.urls import Kind, SiteUrls
from tests.support.cost import at_most

if TYPE_CHECKING:
    from newscrawl.items import Article

HERE = "https://www.alanews.it/2026/11/20/esteri/la-regata-dei-due-fari/"
THERE = "https://www.alanews.it/2026/11/19/esteri/il-nuovo-ponte-mobile/"
UPLOADS = "https://www.alanews.it/wp-content/uploads/2026/11/"
FULL = f"{UPLOADS}regata.jpg"
TITLE = "La regata dei due fari"
TEXT = "La regata parte dal molo nuovo e gira intorno ai due fari prima di rientrare in porto."
AUTHORS = "https://www.alanews.it/author/"
H1 = f"<h1 class='jeg_post_title'>{TITLE}</h1>"
ANNA = f"<a href='{AUTHORS}anna/'>Anna Berti</a>"
CRUMBS = "<div class='jeg_breadcrumbs'>{}</div>"
HOME = "<a href='https://www.alanews.it/'>Home</a>"
ESTERI = "<a href='https://www.alanews.it/category/esteri/'>Esteri</a>"
OWN: dict[str, Any] = {"@type": "NewsArticle", "headline": TITLE, "url": HERE}


def ld(*documents: Any) -> str:
    return "".join(
        f"<script type='application/ld+json'>{json.dumps(document)}</script>"
        for document in documents
    )


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def page(  # noqa: PLR0913 - the parts of a page
    head: str = "",
    *,
    before: str = "",
    h1: str = H1,
    author: str = "",
    text: str = f"<p>{TEXT}</p>",
    behind: str = "",
    title: str = f"{TITLE} - Alanews",
    html: str = "<html lang='it-IT'>",
) -> str:
    """Return a page of the theme."""
    return (
        f"<!doctype html>{html}<head><title>{title}</title>{head}</head>"
        "<body class='single single-post postid-7 jeg_single_tpl_1 jnews'><div class='post-wrap'>"
        f"{before}<div class='entry-header'>{h1}<div class='jeg_meta_container'>"
        f"<div class='jeg_meta_author'>{author}</div></div></div>"
        f"<div class='entry-content'><div class='content-inner'>{text}</div></div>{behind}"
        "</div></body></html>"
    )


def read(html: str | bytes, url: str = HERE) -> Article:
    article = extract(html, url, fetched_at=datetime(2026, 11, 27, 12, tzinfo=UTC))
    assert article is not None
    return article


SLIPS = {
    "extra brace": '{"a": 1, "b": "x"}}',
    "extra bracket": '{"a": 1, "b": "x"}]}',
    "leading comma": '{, "a": 1, "b": "x"}',
    "missing comma": '{"a": 1 "b": "x"}',
    "no marks of names": '{a: 1, b: "x"}',
    "typographic marks": '{“a”: 1, "b": "x"}',
    "Python": '{"a": 1, "b": "x", "c": None, "d": True}',
    "no value": '{"c":, "a": 1, "b": "x", "d":}',
    "NaN": '{"c": NaN "a": 1, "b": "x"}',
    "hexadecimal": '{"c": 0x12, "a": 1, "b": "x"}',
    "template": '{"c": {{title}}, "a": 1, "b": "x"}',
    "assignment": 'var data = {"a": 1, "b": "x"};',
    "message": '<br />\n<b>Notice</b>: x in <b>/a.php</b><br />\n{"a": 1, "b": "x"}',
    "message within": '{"c": <br /><b>Warning</b>: x<br /> "y", "a": 1, "b": "x"}',
    "quoted, comma": '{"c": "Disse: "sì", poi "no", e basta", "a": 1, "b": "x"}',
    "quoted, colon": '{"c": "Parla "il sindaco": basta", "a": 1, "b": "x"}',
}


@pytest.mark.parametrize("source", SLIPS.values(), ids=SLIPS)
def test_slips_cost_no_other_value(source: str) -> None:
    (value,) = decode(source)
    assert (value["a"], value["b"]) == (1, "x")


def test_quoted_words_stay_in_their_text() -> None:
    source = '{"c": "Disse: "sì", poi "no", e basta", "d": ["di "ieri" e oggi", "x"]}'
    assert decode(source) == [
        {"c": 'Disse: "sì", poi "no", e basta', "d": ['di "ieri" e oggi', "x"]}
    ]


@pytest.mark.parametrize("source", ['{"a": 1, "b": "x', '{"a": 1', '[{"a": 1}', "words", "a = b"])
def test_what_is_cut_off_or_not_json_is_not_completed(source: str) -> None:
    assert decode(source) == []


def test_a_value_behind_which_another_is_cut_off_is_read() -> None:
    assert decode('{"a": 1}\n{"b": ') == [{"a": 1}]


@pytest.mark.parametrize(
    "source",
    [
        '{"a": "' + '" ' * 300_000,
        '{"a": <br><b>Notice</b>' * 50_000,
        '{a:"x" ' * 100_000,
        "{" + "“x" * 400_000,
        '{"a": ' + " " * 900_000 + "x",
        '{"a": "x"' + " ," * 400_000,
    ],
    ids=range(6),
)
def test_no_slip_takes_long(source: str) -> None:
    with at_most(5):
        decode(source)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (meta("og:image", f"{UPLOADS}logo-alanews.png") + meta("og:image", FULL), FULL),
        (meta("og:image", f"{UPLOADS}logo.png") + ld({**OWN, "image": FULL}), FULL),
        (meta("og:image", f"{UPLOADS}default-og-image.jpg"), None),
        (meta("og:image", f"{UPLOADS}no-image-1200x630.jpg"), None),
        (meta("og:image", "https://secure.gravatar.com/avatar/abc?s=96"), None),
        (meta("og:image", FULL) + ld({"@type": "Organization", "logo": {"url": FULL}}), None),
        (meta("og:image", f"{UPLOADS}nuovo-logo-della-regata.jpg"), "nuovo-logo-della-regata.jpg"),
        (meta("og:image", f"{UPLOADS}logo-ferrari.jpg"), "logo-ferrari.jpg"),
        (meta("og:image", f"{UPLOADS}default-argentina.jpg"), "default-argentina.jpg"),
        (meta("og:image:secure_url", FULL), FULL),
        (meta("twitter:image", FULL), FULL),
        (meta("twitter:image", f"{UPLOADS}carta.jpg") + ld({**OWN, "image": FULL}), FULL),
        (meta("og:image", f"https://cdn.example/client/w_750/{FULL}"), FULL),
        (meta("og:image", f"https://www.alanews.it/cdn-cgi/image/width=9/{FULL}"), FULL),
        (ld({**OWN, "image": [f"{UPLOADS}regata-300x200.jpg", FULL]}), FULL),
        (ld({**OWN, "image": {"@type": "ImageObject", "@id": FULL}}), FULL),
        (
            ld(
                {
                    "@graph": [
                        {**OWN, "thumbnailUrl": f"{UPLOADS}regata-150x150.jpg"},
                        {"@type": "WebPage", "@id": HERE, "primaryImageOfPage": {"@id": "#i"}},
                        {"@type": "ImageObject", "@id": "#i", "contentUrl": FULL},
                    ]
                }
            ),
            FULL,
        ),
        (
            ld(
                OWN,
                {"@type": "WebPage", "url": THERE, "primaryImageOfPage": {"@id": FULL}},
            ),
            None,
        ),
    ],
)
def test_the_lead_image_in_metadata(head: str, expected: str | None) -> None:
    found = read(page(head)).image
    assert (found.url.rpartition("/")[2] if found else None) == (
        expected.rpartition("/")[2] if expected else None
    )


@pytest.mark.parametrize(
    "head", [ld({**OWN, "image": FULL}), meta("twitter:image", FULL), meta("og:image", FULL)]
)
def test_the_full_size_comes_from_any_metadata(head: str) -> None:
    small = f"<img src='{UPLOADS}regata-750x375.jpg' alt='Il molo'>"
    lead = f"<div class='jeg_featured featured_image'><a href='{HERE}'>{small}</a></div>"
    found = read(page(head, before=lead)).image
    assert found is not None
    assert (found.url, found.alt) == (FULL, "Il molo")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Il porto (Ansa)", ("Il porto", "Ansa")),
        ("Il porto (foto Ansa)", ("Il porto", "foto Ansa")),
        ("Il porto – Ansa", ("Il porto", "Ansa")),
        ("Il porto - Foto: Ansa", ("Il porto", "Foto: Ansa")),
        ("Il porto © Ansa", ("Il porto", "© Ansa")),
        ("Il porto – Shutterstock – alanews", ("Il porto", "Shutterstock – alanews")),
        ("(Ansa)", (None, "(Ansa)")),
        ("Foto (Ansa)", (None, "Foto (Ansa)")),
        ("Ansa/Anna Berti", (None, "Ansa/Anna Berti")),
        ("Credits: Anna Berti", (None, "Credits: Anna Berti")),
        ("Foto: Anna Berti", (None, "Foto: Anna Berti")),
        ("Fonte: Ansa", (None, "Fonte: Ansa")),
        *((line, (line, None)) for line in (
            "Il sindaco - Roma", "Il premio (2024)", "Foto: il porto di notte", "Ansa – Roma",
            "Foto di gruppo", "Fonte del Clitunno", "Credit Suisse", "La sede (Ansa) di Roma",
            "Ansa/Il porto di notte", "Il presidente (a destra)",
        )),
    ],
)  # fmt: skip
def test_credits_at_the_end_of_a_caption(line: str, expected: tuple[str | None, ...]) -> None:
    assert captions.caption_and_credit(line, DEFAULT) == expected


@pytest.mark.parametrize("mark", [" - ", " | ", "| ", " : ", " :: ", " • ", " / ", " ~ ", " « "])
@pytest.mark.parametrize("source", ["og:title", "jsonld", "title"])
def test_a_headline_that_is_only_stated_has_no_site_name(mark: str, source: str) -> None:
    stated = f"{TITLE}{mark}Alanews"
    heads = {
        "og:title": meta("og:title", stated),
        "jsonld": ld({**OWN, "headline": stated}),
        "title": "",
    }
    title = stated if source == "title" else f"{TITLE} - Alanews"
    assert read(page(heads[source], h1="", title=title)).headline == TITLE


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (meta("og:title", f"Alanews - {TITLE}"), TITLE),
        (meta("og:title", f"{TITLE} - Alanews - Alanews"), TITLE),
        (meta("og:title", f"{TITLE} | alanews.it"), TITLE),
        (ld({**OWN, "headline": "La regata dei due…"}) + meta("og:title", TITLE), TITLE),
        (ld({**OWN, "headline": "", "name": TITLE}), TITLE),
        (meta("og:title", "La festa di Alanews"), "La festa di Alanews"),
        (meta("og:title", "La regata / le foto"), "La regata / le foto"),
        (meta("og:title", "ESCLUSIVO | La regata"), "ESCLUSIVO | La regata"),
        (meta("og:title", "Attendiamo ancora…"), "Attendiamo ancora…"),
    ],
)
def test_a_headline_that_is_only_stated(head: str, expected: str) -> None:
    assert read(page(head, h1="")).headline == expected


def test_a_shown_headline_keeps_the_name() -> None:
    h1 = "<h1 class='jeg_post_title'>La festa | Alanews</h1>"
    assert read(page(h1=h1)).headline == "La festa | Alanews"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        (f"by {ANNA}<a href='https://x.com/anna'>Segui</a>", ["Anna Berti"]),
        (f"by {ANNA} <a href='{AUTHORS}anna/'>(12 articoli)</a>", ["Anna Berti"]),
        (f"{ANNA}<span style='display:none'><a href='{AUTHORS}u/'>Ugo</a></span>", ["Anna Berti"]),
        (f"by <a href='{AUTHORS}a/'>Anna<br>Berti</a>", ["Anna Berti"]),
        (f"<a href='{AUTHORS}a/'><svg><title>x</title></svg>Anna Berti</a>", ["Anna Berti"]),
        ("by <a href=''></a>Anna Berti", ["Anna Berti"]),
        (f"{ANNA} and <a href='https://lari.example/'>Ugo Lari</a>", ["Anna Berti", "Ugo Lari"]),
    ],
)
def test_links_in_the_byline(author: str, expected: list[str]) -> None:
    assert [one.name for one in read(page(author=author)).authors] == expected


def test_a_link_within_the_page_is_not_the_author_s() -> None:
    assert [one.url for one in read(page(author="<a href='#'>Anna Berti</a>")).authors] == [None]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (ld({**OWN, "creator": ["Anna Berti"]}), ["Anna Berti"]),
        (
            meta("twitter:label1", "Scritto da") + meta("twitter:data1", "Anna Berti"),
            ["Anna Berti"],
        ),
        (meta("twitter:label1", "Tempo di lettura") + meta("twitter:data1", "3 minuti"), []),
    ],
)
def test_authors_that_only_cards_and_creators_state(head: str, expected: list[str]) -> None:
    assert [one.name for one in read(page(head)).authors] == expected


def test_a_reference_with_a_name_has_the_address_of_its_object() -> None:
    person = {"@type": "Person", "@id": "#a", "name": "Anna Berti", "url": f"{AUTHORS}anna/"}
    own = {**OWN, "author": {"@id": "#a", "name": "Anna Berti"}}
    assert [one.url for one in read(page(ld({"@graph": [own, person]}))).authors] == [
        f"{AUTHORS}anna/"
    ]


@pytest.mark.parametrize(
    "crumbs",
    [
        CRUMBS.format(f"<p id='breadcrumbs'>{HOME} » {ESTERI} » {TITLE}</p>"),
        CRUMBS.format(f"<div id='breadcrumbs'>{HOME}{ESTERI}<a href='{HERE}'>{TITLE}</a></div>"),
        f"<nav aria-label='breadcrumbs' class='rank-math-breadcrumb'>{HOME} - {ESTERI}</nav>",
        f"<div class='breadcrumbs'>{HOME} &gt; {ESTERI}</div>",
    ],
)
def test_breadcrumbs_of_plugins(crumbs: str) -> None:
    found = read(page(before=crumbs))
    assert ([step.name for step in found.breadcrumbs], found.section) == (["Esteri"], "Esteri")


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Senza categoria", []),
        (["Uncategorized", "Esteri"], ["Esteri"]),
        ("Esteri, regata, vela", ["Esteri"]),
        ("Arte, cultura e mare", ["Arte, cultura e mare"]),
    ],
)
def test_sections_without_tags_and_defaults(stated: Any, expected: list[str]) -> None:
    url = HERE.replace("/esteri/", "/")
    own = {**OWN, "url": url, "articleSection": stated}
    assert read(page(ld(own)), url).sections == expected


@pytest.mark.parametrize(
    ("tags", "head", "expected"),
    [
        ("<a href='/tag/vela/'>vela</a>", "", ["vela"]),
        ("<b hidden><a rel='tag' href='/t'>x</a></b><a rel='tag' href='/u'>y</a>", "", ["y"]),
        ("<a href='/category/esteri/'>Esteri</a>", "", []),
        ("", meta("news_keywords", "vela, mare"), ["vela", "mare"]),
        ("", ld({**OWN, "keywords": [{"@type": "DefinedTerm", "name": "vela"}]}), ["vela"]),
        ("", ld({**OWN, "keywords": '["vela","mare"]'}), ["vela", "mare"]),
    ],
)
def test_tags(tags: str, head: str, expected: list[str]) -> None:
    text = f"<p>{TEXT}</p><div class='jeg_post_tags'>{tags}</div>"
    assert read(page(head, text=text)).keywords == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h2 class='jeg_post_subtitle'>Prima<br>Seconda</h2>", "Prima Seconda"),
        ("<h2 class='jeg_post_subtitle'>La <i hidden>x</i>sfida</h2>", "La sfida"),
        ("<h3 class='jeg_post_subtitle'>La sfida</h3>", "La sfida"),
        ("<p class='jeg_post_subtitle'>La sfida</p>", "La sfida"),
        ("<p class='excerpt'>La sfida</p>", None),
    ],
)
def test_subtitles(markup: str, expected: str | None) -> None:
    assert read(page(h1=H1 + markup)).subtitle == expected


def card(title: str, url: str) -> str:
    return (
        "<article class='jeg_post'><h3 class='jeg_post_title'>"
        f"<a href='{url}'>{title}</a></h3></article>"
    )


@pytest.mark.parametrize(
    "cards",
    [
        card(TITLE, HERE) + card("Il ponte", THERE),
        card("Il ponte", THERE) * 2,
        card("", THERE) + card("Il ponte", THERE),
    ],
)
def test_related_posts_are_other_articles_each_once(cards: str) -> None:
    box = f"<div class='jnews_related_post_container'>{cards}</div>"
    assert [post.headline for post in read(page(behind=box)).related] == ["Il ponte"]


@pytest.mark.parametrize("where", ["text", "behind"])
def test_a_plugin_s_box_where_the_theme_has_none(where: str) -> None:
    box = f"<div class='yarpp-related'><ol><li><a href='{THERE}'>Il ponte</a></li></ol></div>"
    parts = {"text": f"<p>{TEXT}</p>{box}"} if where == "text" else {"behind": box}
    found = read(page(**parts))
    assert ([post.headline for post in found.related], found.body) == (["Il ponte"], TEXT)


@pytest.mark.parametrize(
    ("value", "expected"), [("schema:False", False), ("False", False), ("no", None)]
)
def test_access_may_be_stated_of_the_page(value: str, *, expected: bool | None) -> None:
    web_page = {"@type": "WebPage", "@id": HERE, "isAccessibleForFree": value}
    assert read(page(ld({"@graph": [OWN, web_page]}))).is_accessible_for_free is expected


@pytest.mark.parametrize(
    ("html", "head", "expected"),
    [
        ("<html>", ld({**OWN, "inLanguage": "en-GB"}), "en"),
        ("<html>", meta("og:locale", "fr_FR"), "fr"),
        ("<html lang='it'>", meta("og:locale", "en_US"), "it"),
        ("<html>", "", "it"),
    ],
)
def test_the_language_in_metadata_counts_where_the_page_states_none(
    html: str, head: str, expected: str
) -> None:
    assert read(page(head, html=html)).language == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Aut. Trib. Roma n. 243/2012", "Trib. Roma n. 243/2012"),
        ("Reg. Trib. Milano 12/2012", "Trib. Milano 12/2012"),
        ("Registrazione Tribunale di Bari n. 7 dell'11 marzo 2011", "7 dell'11 marzo 2011"),
        ("Iscritta al Tribunale di Roma al n. 5/2010", "Tribunale di Roma al n. 5/2010"),
        ("Il tribunale di Roma ha deciso sul caso 12/2012", None),
    ],
)
def test_forms_of_the_court_registration(text: str, expected: str | None) -> None:
    found = PageIdentity.registration(text)
    assert found is None if expected is None else (found or "").endswith(expected)


@pytest.mark.parametrize("end", ["comment-page-2/", "print/", "amp/", "comment-page-1/amp/"])
def test_views_of_an_article_are_the_article(end: str) -> None:
    address = SiteUrls(DEFAULT).understand(f"{HERE}{end}")
    assert (address.url, address.kind) == (HERE, Kind.ARTICLE)


def test_print_may_be_a_part_of_a_site() -> None:
    assert SiteUrls(DEFAULT).canonical("https://www.alanews.it/esteri/print/").endswith("/print/")


COPY = "https://web.archive.org/web/20261121000000"
TOOLBAR = '<script src="https://web-static.archive.org/_static/js/bundle-playback.js"></script>'


@pytest.mark.parametrize("kind", [str, bytes])
@pytest.mark.parametrize("url", [HERE, f"{COPY}/{HERE}", f"{COPY}id_/{HERE}"])
def test_a_copy_of_the_wayback_machine_is_the_page_itself(kind: type, url: str) -> None:
    html = page(author=ANNA, before=CRUMBS.format(f"<div id='breadcrumbs'>{HOME}{ESTERI}</div>"))
    html = html.replace("https://www.alanews.it", f"{COPY}/https://www.alanews.it")
    html = html.replace("<head>", f"<head>{TOOLBAR}")
    found = read(html if kind is str else html.encode(), url)
    assert (found.url, found.id, found.section) == (HERE, "alanews:7", "Esteri")
    assert [one.url for one in found.authors] == [f"{AUTHORS}anna/"]


def test_a_link_to_a_copy_stays() -> None:
    text = f"<p>{TEXT} <a href='{COPY}/https://porto.example/'>Il porto</a></p>"
    assert [link.url for link in read(page(text=text)).links] == [f"{COPY}/https://porto.example/"]


@pytest.mark.parametrize(
    "markup",
    [
        "<main><div class='content-inner'>{}</div></main>",
        "<main>{}</main><div class='content-inner'>Altro</div>",
    ],
)
def test_a_container_of_another_theme_is_not_the_theme_s(markup: str) -> None:
    post = f"<article><h1>{TITLE}</h1><div class='entry-content'><p>{TEXT}</p></div></article>"
    body = f"<body class='single single-post postid-7'>{markup.format(post)}</body>"
    found = read(f"<html lang='it'><head><title>{TITLE}</title></head>{body}</html>")
    assert (found.headline, found.body) == (TITLE, TEXT)
