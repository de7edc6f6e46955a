"""Pages of WordPress themes that are not JNews: classic, block and page builder."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from parsel import Selector

from newscrawl import extract
from newscrawl.extraction.read import open_page
from newscrawl.pages.generic import GenericArticlePage
from newscrawl.pages.jnews import JNewsArticlePage
from newscrawl.pages.wordpress import WordPressArticlePage
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from newscrawl.items import Article

SITE = "https://www.ilfaro.example"
HERE = f"{SITE}/porto/il-molo-nuovo-apre/"
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TITLE = "Il molo nuovo apre"
BODY_CLASS = "wp-singular post-template-default single single-post postid-52 single-format-standard"
FIRST = "Il molo nuovo apre sabato mattina, con due mesi di ritardo sul calendario dei lavori."
SECOND = "La capitaneria ha collaudato le bitte e le luci, e il comune ha posato le panchine."
OTHER = "I pescatori del borgo vendono il pesce in piazza, e la fila arriva fino alla chiesa."
TEXT = (
    f"<p>{FIRST}</p><h2 class='wp-block-heading'>Le luci</h2><p>{SECOND}</p>"
    "<ul class='wp-block-list'><li>Prima bitta</li><li>Seconda bitta</li></ul>"
    "<figure class='wp-block-image size-large'><a href='/wp-content/uploads/2026/10/luci.jpg'>"
    "<img src='/wp-content/uploads/2026/10/luci-1024x683.jpg' alt='Luci'></a>"
    "<figcaption class='wp-element-caption'>Le luci del molo | Ansa</figcaption></figure>"
    "<figure class='wp-block-table'><table><tbody><tr><td>Bitte</td><td>12</td></tr></tbody>"
    "</table></figure><blockquote class='wp-block-quote'><p>Ora si attracca.</p>"
    "<cite>Il capitano</cite></blockquote><figure class='wp-block-embed'><div "
    "class='wp-block-embed__wrapper'><iframe src='https://www.youtube.com/embed/abc'></iframe>"
    "</div></figure><p>Il <a href='https://www.porto.example/bando/'>bando</a> è aperto.</p>"
)
BODY = [FIRST, "Le luci", SECOND, "Prima bitta", "Seconda bitta", "Bitte | 12"]
PUBLISHED, MODIFIED = "2026-10-05T07:30:00+02:00", "2026-10-06T18:00:00+02:00"
CARD = (
    "<article class='post-77 post type-post hentry'><h2 class='entry-title'><a href='/a-b-c/'>"
    "Il pesce in piazza</a></h2><span class='byline'><a rel='author' href='/author/ugo/'>Ugo Lari"
    "</a></span><time class='entry-date published' datetime='2026-11-01T08:00:00+01:00'></time>"
    f"<img class='wp-post-image' src='/wp-content/uploads/pesce.jpg'><div class='entry-content'>"
    f"<p>{OTHER}</p><p>{OTHER}</p><p>{OTHER}</p></div><a rel='tag' href='/tag/pesce/'>pesce</a>"
    "</article>"
)
CLASSIC = f"""<header class="site-header"><p class="site-title"><a href="/" rel="home">Il Faro</a>
</p></header><div class="breadcrumbs"><a href="{SITE}/">Home</a> » <a href="/category/porto/">Porto
</a></div><main><article id="post-52" class="post-52 post type-post hentry category-porto">
<header class="entry-header"><h1 class="entry-title">{TITLE}</h1><div class="entry-meta">
<span class="posted-on"><time class="entry-date published" datetime="{PUBLISHED}">5 ottobre 2026
</time><time class="updated" datetime="{MODIFIED}">6 ottobre 2026</time></span>
<span class="byline"> di <span class="author vcard"><a class="url fn n" href="/author/anna-berti/">
Anna Berti</a></span></span></div></header><figure class="post-thumbnail"><img class="
attachment-large size-large wp-post-image" src="/wp-content/uploads/2026/10/molo.jpg" alt="Molo"
width="1600" height="900"><figcaption class="wp-caption-text">Il molo | Ansa</figcaption></figure>
<div class="entry-content">{TEXT}<div class="page-links"></div></div><footer class="entry-footer">
<span class="cat-links"><a href="/category/porto/" rel="category tag">Porto</a></span>
<span class="tags-links"><a href="/tag/molo/" rel="TAG nofollow">molo</a><a href="/tag/luci/"
rel="tag">luci</a></span></footer></article><div class="related-posts">{CARD}</div>
<div id="comments" class="comments-area"><div class="comment-content"><p>Bello</p></div></div>
</main><aside class="widget-area"><section class="widget">{CARD}</section></aside>"""
BLOCK = f"""<div class="wp-site-blocks"><header class="wp-block-template-part"><p
class="wp-block-site-title"><a href="/">Il Faro</a></p></header><main class="wp-block-group">
<nav aria-label="Breadcrumb" class="wp-block-breadcrumbs"><ol><li><a href="{SITE}/">Home</a></li>
<li><a href="/category/porto/">Porto</a></li></ol></nav><h1 class="wp-block-post-title">{TITLE}</h1>
<figure class="wp-block-post-featured-image"><img class="attachment-post-thumbnail size-large
wp-post-image" src="/wp-content/uploads/2026/10/molo.jpg" alt="Molo" width="1600" height="900">
<figcaption>Il molo | Ansa</figcaption></figure><div class="wp-block-group"><div class=
"wp-block-post-date"><time datetime="{PUBLISHED}">5 Ottobre 2026</time></div><div class=
"wp-block-post-date__modified-date wp-block-post-date"><time datetime="{MODIFIED}">6 Ottobre 2026
</time></div><div class="wp-block-post-author-name"><a href="/author/anna-berti/" class=
"wp-block-post-author-name__link">Anna Berti</a></div><div class="taxonomy-category
wp-block-post-terms"><a href="/category/porto/" rel="tag">Porto</a></div></div>
<div class="entry-content wp-block-post-content is-layout-constrained">{TEXT}</div>
<div class="taxonomy-post_tag wp-block-post-terms"><a href="/tag/molo/" rel="tag">molo</a><span
class="wp-block-post-terms__separator">, </span><a href="/tag/luci/" rel="tag">luci</a></div>
<div class="wp-block-query"><ul class="wp-block-post-template"><li class="wp-block-post post-77
post type-post"><h3 class="wp-block-post-title"><a href="/a-b-c/">Il pesce in piazza</a></h3><div
class="entry-content wp-block-post-content"><p>{OTHER}</p><p>{OTHER}</p><p>{OTHER}</p></div></li>
</ul></div></main></div>"""
BUILDER = f"""<div data-elementor-type="single-post" class="elementor elementor-9
elementor-location-single post-52 post type-post hentry"><section class="elementor-section">
<div class="elementor-widget elementor-widget-breadcrumbs"><p id="breadcrumbs"><a href="{SITE}/">
Home</a> » <a href="/category/porto/">Porto</a> » <strong>{TITLE}</strong></p></div>
<div class="elementor-widget elementor-widget-theme-post-title"><div class=
"elementor-widget-container"><h1 class="elementor-heading-title">{TITLE}</h1></div></div>
<div class="elementor-widget elementor-widget-post-info"><ul class="elementor-icon-list-items">
<li itemprop="author"><a href="/author/anna-berti/" rel="author">Anna Berti</a></li>
<li itemprop="datePublished"><time class="published" itemprop="datePublished"
datetime="{PUBLISHED}">5 Ottobre 2026</time></li><li><time itemprop="dateModified"
datetime="{MODIFIED}">6 Ottobre 2026</time></li><li itemprop="about"><a href="/category/porto/"
rel="category">Porto</a></li></ul></div><div class="elementor-widget
elementor-widget-theme-post-featured-image"><div class="elementor-widget-container"><figure
class="wp-caption"><img class="attachment-full" src="/wp-content/uploads/2026/10/molo.jpg"
alt="Molo" width="1600" height="900"><figcaption class="widget-image-caption wp-caption-text">
Il molo | Ansa</figcaption></figure></div></div><div class="elementor-widget
elementor-widget-theme-post-content"><div class="elementor-widget-container">{TEXT}</div></div>
<p class="tag-links"><a href="/tag/molo/" rel="tag">#molo</a> <a href="/tag/luci/" rel="tag">#luci
</a></p></section><section class="related">{CARD}</section></div>"""
THEMES = {"classic": CLASSIC, "block": BLOCK, "builder": BUILDER}
METADATA = (
    "<meta property='og:type' content='article'><meta property='og:site_name' content='Il Faro'>"
    f"<meta property='og:title' content='{TITLE} - Il Faro'>"
    f"<meta property='article:published_time' content='{PUBLISHED}'>"
    "<meta property='og:image' content='https://www.ilfaro.example/wp-content/uploads/2026/10/"
    "molo.jpg'><script type='application/ld+json'>"
    + json.dumps(
        {
            "@type": "NewsArticle",
            "headline": TITLE,
            "datePublished": PUBLISHED,
            "dateModified": MODIFIED,
            "articleSection": TITLE,
            "publisher": {"name": "Il Faro"},
        }
    )
    + "</script>"
)


def page(main: str, classes: str = BODY_CLASS, head: str = "") -> str:
    return (
        f"<!doctype html><html lang='it-IT'><head><title>{TITLE} – Il Faro</title>{head}</head>"
        f"<body class='{classes}'>{main}</body></html>"
    )


def read(html: str, url: str = HERE) -> Article:
    article = extract(html, url, fetched_at=NOW)
    assert article is not None
    return article


@pytest.mark.parametrize("head", ["", METADATA], ids=["shown", "metadata"])
@pytest.mark.parametrize("theme", THEMES)
def test_each_field_is_read_on_any_theme(theme: str, head: str) -> None:
    article = read(page(THEMES[theme], head=head))
    assert article.extractor.endswith(" WordPressArticlePage")
    assert article.id == "ilfaro.example:52"
    assert article.url == HERE
    assert (article.headline, article.subtitle) == (TITLE, None)
    assert [(a.name, a.url) for a in article.authors] == [
        ("Anna Berti", f"{SITE}/author/anna-berti/")
    ]
    assert (article.date_published, article.date_modified) == (PUBLISHED, MODIFIED)
    assert (article.section, article.sections) == ("Porto", ["Porto"])
    assert [(step.name, step.url) for step in article.breadcrumbs] == [
        ("Porto", f"{SITE}/category/porto/")
    ]
    assert article.keywords == ["molo", "luci"]
    assert article.image is not None
    assert article.image.url == f"{SITE}/wp-content/uploads/2026/10/molo.jpg"
    assert (article.image.caption, article.image.credit) == ("Il molo", "Ansa")
    assert article.image.alt == "Molo"
    assert "body_generic" not in article.flags
    assert article.provenance["body"] == "visible"


@pytest.mark.parametrize("theme", THEMES)
def test_a_text_keeps_its_structure_on_any_theme(theme: str) -> None:
    article = read(page(THEMES[theme]))
    assert article.body.split("\n\n")[:6] == BODY
    assert article.body.endswith("Il bando è aperto.")
    assert OTHER not in article.body
    kinds = [block.type for block in article.blocks]
    assert kinds == [
        *("paragraph", "heading", "paragraph", "list", "image", "table", "quote", "video"),
        "paragraph",
    ]
    assert [(image.url, image.caption, image.credit) for image in article.images] == [
        (f"{SITE}/wp-content/uploads/2026/10/luci.jpg", "Le luci del molo", "Ansa")
    ]
    assert [video.provider for video in article.videos] == ["youtube"]
    assert [link.url for link in article.links] == ["https://www.porto.example/bando/"]


def test_the_publisher_is_whom_the_page_names() -> None:
    stated = read(page(CLASSIC, head=METADATA)).publisher
    assert stated is not None
    assert (stated.name, stated.url) == ("Il Faro", f"{SITE}/")
    unstated = read(page(CLASSIC)).publisher
    assert unstated is not None
    assert unstated.name == "ilfaro.example"


@pytest.mark.parametrize(
    ("main", "classes", "expected"),
    [
        (CLASSIC, BODY_CLASS, WordPressArticlePage),
        (CLASSIC, "single-news postid-52", WordPressArticlePage),
        (CLASSIC, "single", GenericArticlePage),
        (CLASSIC, "", GenericArticlePage),
        (f"<article><h1>{TITLE}</h1>{TEXT}</article>", BODY_CLASS, GenericArticlePage),
        (f"<div class='content-inner'>{TEXT}</div>", BODY_CLASS, JNewsArticlePage),
        (f"<div class='foo-content-inner-x'>{TEXT}</div>", BODY_CLASS, GenericArticlePage),
        (f"<div class='post-content'>{TEXT}</div>", BODY_CLASS, WordPressArticlePage),
        (f"<div itemprop='articleBody'>{TEXT}</div>", BODY_CLASS, WordPressArticlePage),
        ("<div class='entry-content'></div>", BODY_CLASS, GenericArticlePage),
    ],
)
def test_the_marks_decide_who_reads(main: str, classes: str, expected: type) -> None:
    selector = Selector(text=page(main, classes))
    assert type(open_page(selector, HERE, SiteUrls(ALANEWS))) is expected


ANNA = "<a rel='author' href='/author/a/'>Anna Berti</a>"
TIME = f"<time class='entry-date published' datetime='{PUBLISHED}'></time>"
WRAPPED = f"""<div class="entry-content"><h1 class="entry-title">{TITLE}</h1><p class="entry-meta">
<span class="byline">di Anna Berti</span> <span class="posted-on">5 ottobre 2026</span></p>
<p>{FIRST}</p>dopo<div class="tags-links"><a rel="tag" href="/tag/molo/">molo</a></div></div>"""


def test_a_header_within_the_container_is_not_text() -> None:
    article = read(page(WRAPPED))
    assert article.body == f"{FIRST}\n\ndopo"
    assert article.headline == TITLE
    assert [author.name for author in article.authors] == ["Anna Berti"]
    assert article.date_published == "2026-10-05"
    assert article.keywords == ["molo"]


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<a rel='nofollow AUTHOR' href='/author/a/'>Anna Berti</a>", ["Anna Berti"]),
        (f"{ANNA} e <a rel='author' href='/author/u/'>Ugo Lari</a>", ["Anna Berti", "Ugo Lari"]),
        ("<span class='vcard author'><span class='fn'>Anna Berti</span></span>", ["Anna Berti"]),
        ("<p class='wp-block-post-author__name'>Anna Berti</p>", ["Anna Berti"]),
        ("<span class='byline'>Di Anna Berti ed Ugo Lari</span>", ["Anna Berti", "Ugo Lari"]),
        ("<div itemprop='author'><span itemprop='name'>Anna Berti</span></div>", ["Anna Berti"]),
        ("<div class='author-info'><a rel='author' href='/author/u/'>Ugo Lari</a></div>", []),
        ("<a rel='author' href='/author/u/'>Tutti gli articoli di Ugo Lari</a>", []),
        ("<a rel='authority' href='/chi/u/'>Ugo Lari</a>", []),
        ("<div class='by'>Di <a href='/author/a/'>Anna Berti</a></div>", ["Anna Berti"]),
    ],
)  # fmt: skip
def test_the_author_is_who_is_marked(byline: str, names: list[str]) -> None:
    text = f"<div class='entry-content'>{TEXT}</div>"
    main = f"<article class='post-52'><h1>{TITLE}</h1>{byline}{text}</article>"
    assert [author.name for author in read(page(main)).authors] == names


@pytest.mark.parametrize(
    ("shown", "published", "modified"),
    [
        (f"<time class='entry-date published updated' datetime='{PUBLISHED}'></time>",
         PUBLISHED, None),
        (f"<time class='updated' datetime='{MODIFIED}'></time>{TIME}", PUBLISHED, MODIFIED),
        ("<time class='entry-date published' datetime='2026-10-05T05:30:00Z'></time>",
         PUBLISHED, None),
        (f"<abbr class='published' title='{PUBLISHED}'>ieri</abbr>", PUBLISHED, None),
        (f"<meta itemprop='datePublished' content='{PUBLISHED}'>", PUBLISHED, None),
        ("<span class='posted-on'>5 ottobre 2026, 7:30</span>", PUBLISHED, None),
        ("<div class='wp-block-post-date'>5 ottobre 2026</div>", "2026-10-05", None),
        ("", None, None),
    ],
)  # fmt: skip
def test_a_date_is_what_its_mark_says(
    shown: str, published: str | None, modified: str | None
) -> None:
    main = f"<h1>{TITLE}</h1>{shown}<div class='entry-content'>{TEXT}</div>"
    article = read(page(main))
    assert (article.date_published, article.date_modified) == (published, modified)


@pytest.mark.parametrize(
    "frame",
    [
        "<div class='post-thumbnail'>IMG</div><p class='wp-caption-text'>Il molo | Ansa</p>",
        "<figure>IMG<figcaption>Il molo | Ansa</figcaption></figure>",
        "<div><a href='#'>IMG</a><div><p class='wp-caption-text'>Il molo | Ansa</p></div></div>",
    ],
)
def test_a_caption_is_found_beside_its_picture(frame: str) -> None:
    picture = "<img class='wp-post-image' src='/wp-content/uploads/molo.jpg' alt='Molo'>"
    main = f"<h1>{TITLE}</h1>{frame.replace('IMG', picture)}<div class='entry-content'>{TEXT}</div>"
    image = read(page(main)).image
    assert image is not None
    assert (image.url, image.caption, image.credit, image.alt) == (
        f"{SITE}/wp-content/uploads/molo.jpg", "Il molo", "Ansa", "Molo",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("head", "headline"),
    [
        ("<h1 class='site-title'><a href='/'>Il Faro</a></h1><h1>TITLE</h1>", TITLE),
        ("<h1 class='logo'>Il Faro</h1><h2 class='entry-title'>TITLE</h2>", TITLE),
        ("<h1>Il Faro</h1><h1 class='entry-title'>TITLE</h1>", TITLE),
        ("<div class='entry-title'><h1>TITLE</h1></div>", TITLE),
        ("<h1>Il molo <br>nuovo apre</h1>", TITLE),
    ],
)
def test_the_headline_is_not_the_sites_title(head: str, headline: str) -> None:
    html = page(f"{head.replace('TITLE', TITLE)}<div class='entry-content'>{TEXT}</div>")
    assert read(html).headline == headline


@pytest.mark.parametrize(
    "url", ["/molo/", "/2026/il-molo-nuovo/", "/?p=52", "/archivio/52", "/p.html"]
)
@pytest.mark.parametrize("text", [TEXT, "<p>Molo chiuso per mare mosso fino a domani mattina.</p>"])
def test_a_post_is_an_article_at_any_address_of_any_length(url: str, text: str) -> None:
    html = page(f"<h1>{TITLE}</h1><div class='entry-content'>{text}</div>")
    assert read(html, SITE + url).headline == TITLE


def test_a_post_in_a_container_of_the_themes_own_is_an_article() -> None:
    article = read(page(f"<h1>{TITLE}</h1><div class='testo'>{TEXT}</div>"), f"{SITE}/molo/")
    assert article.extractor.endswith(" GenericArticlePage")
    assert article.flags == ["body_generic"]


@pytest.mark.parametrize(
    "classes",
    [
        "page-template-default page page-id-52",
        "home blog wp-theme-faro",
        "search search-results",
        "archive author author-anna author-3",
        "archive category category-porto category-5",
        "single single-attachment postid-52 attachmentid-52",
        "single single-product postid-52",
        "error404",
    ],
)
def test_other_pages_of_wordpress_are_not_articles(classes: str) -> None:
    assert extract(page(CLASSIC, classes, METADATA), HERE, fetched_at=NOW) is None


def test_the_next_page_of_a_post_is_appended() -> None:
    links = "<a class='post-page-numbers' href='/porto/il-molo-nuovo-apre-oggi/2/'>2</a>"
    here = f"{SITE}/porto/il-molo-nuovo-apre-oggi/"
    first = page(f"<h1>{TITLE}</h1><div class='entry-content'><p>{FIRST}</p>{links}</div>")
    second = page(f"<h1>{TITLE}</h1><div class='entry-content'><p>{SECOND}</p></div>")
    article = extract(first, here, fetched_at=NOW)
    assert article is not None
    assert article.flags == ["truncated"]
    opened: Any = open_page(Selector(text=first), here, SiteUrls(ALANEWS).at(here))
    assert opened.append(Selector(text=second))
    assert not opened.append(Selector(text=page("<p>x</p>")))
    assert opened.draft().article.body == f"{FIRST}\n\n{SECOND}"
