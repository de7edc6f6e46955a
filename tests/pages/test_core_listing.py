"""Archives as WordPress core, its block editor, builders and themes print them: invented words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from parsel import Selector

from newscrawl.pages.listing import ListingPage
from newscrawl.sites.example import EXAMPLE
from newscrawl.urls import Kind, SiteUrls

SITE = "https://www.example.it"
URLS = SiteUrls(EXAMPLE)
ESTERI = f"{SITE}/category/esteri/"
CATEGORY = "archive category category-esteri category-5"


def listing(
    body: str, url: str = ESTERI, *, classes: str = CATEGORY, head: str = ""
) -> ListingPage:
    page = f"<html><head>{head}</head><body class='{classes}'>{body}</body></html>"
    return ListingPage(Selector(text=page, type="html"), url, URLS)


def paths(page: ListingPage) -> list[str]:
    return [card.address.url.removeprefix(SITE) for card in page.cards()]


def post(number: int, *, more: str = "", tag: str = "article", path: str = "") -> str:
    """Return a card as the themes that come with WordPress print it."""
    path = path or f"/2026/11/{number:02}/esteri/un-titolo-lungo-{number}/"
    return (
        f"<{tag} id='post-{number}' class='post-{number} post type-post status-publish hentry"
        f" category-esteri {more}'><header class='entry-header'><h2 class='entry-title'>"
        f"<a href='{SITE}{path}' rel='bookmark'>Titolo {number}</a></h2>"
        f"<span class='posted-on'><a href='{SITE}{path}' rel='bookmark'>"
        f"<time class='entry-date published' datetime='2026-11-{number:02}T09:00:00+01:00'>{number}"
        " Novembre 2026</time><time class='updated'"
        " datetime='2026-12-24T10:00:00+01:00'>24 Dicembre"
        f" 2026</time></a></span></header><footer class='entry-footer'><span class='cat-links'>"
        f"<a href='{ESTERI}' rel='category tag'>Esteri</a></span><span class='tags-links'>"
        f"<a href='{SITE}/tag/nato/' rel='tag'>Nato</a></span></footer></{tag}>"
    )


def posts(*numbers: int) -> str:
    return "".join(map(post, numbers))


def pager(page: int, last: int, root: str = ESTERI) -> str:
    """Return the_posts_pagination()."""
    link = "<a class='{}page-numbers' href='{}page/{}/'>{}</a>"
    numbers = "".join(
        f"<span aria-current='page' class='page-numbers current'>{number}</span>"
        if number == page
        else link.format("", root, number, number)
        for number in range(1, last + 1)
    )
    following = link.format("next ", root, page + 1, "Successivi") if page < last else ""
    return (
        "<nav class='navigation pagination' aria-label='Paginazione'><div class='nav-links'>"
        f"{numbers}{following}</div></nav>"
    )


CLASSIC = (
    "<header id='masthead' class='site-header'><nav><ul class='menu'><li class='menu-item'>"
    f"<a href='{ESTERI}'>Esteri</a></li></ul></nav></header><main id='main' class='site-main'>"
    "<header class='page-header'><h1 class='page-title'>Categoria:"
    " <span>Esteri</span></h1></header>"
    "{}</main><aside id='secondary' class='widget-area'>" + post(28) + "</aside>"
    "<footer class='site-footer'>" + post(27) + "</footer>"
)
BLOCKS = (
    "<div class='wp-site-blocks'><header class='wp-block-template-part'><nav class="
    "'wp-block-navigation'></nav></header><main class='wp-block-group'>"
    "<h1 class='wp-block-query-title'>Categoria: <span>Esteri</span></h1>"
    "<div class='wp-block-query'><ul class='wp-block-post-template'>{}</ul>{}</div></main></div>"
)


def block_post(number: int, title: str = "") -> str:
    path = f"{SITE}/un-titolo-{number}/"
    return (
        f"<li class='wp-block-post post-{number} post type-post status-publish category-esteri'>"
        f"<figure class='wp-block-post-featured-image'><a href='{path}'><img src='/{number}.jpg'"
        f" alt='Una piazza {number}'></a></figure><h2 class='wp-block-post-title'>"
        f"<a href='{path}'>{title or f'Titolo {number}'}</a></h2><div class='wp-block-post-date'>"
        f"<time datetime='2026-11-{number:02}T08:00:00+01:00'><a"
        f" href='{path}'>{number} nov</a></time>"
        f"</div><div class='taxonomy-category wp-block-post-terms'><a href='{ESTERI}' rel='tag'>"
        f"Esteri</a></div><div class='taxonomy-post_tag wp-block-post-terms'>"
        f"<a href='{SITE}/tag/nato/' rel='tag'>Nato</a></div></li>"
    )


def test_a_classic_theme() -> None:
    page = listing(CLASSIC.format(posts(9, 8, 7) + pager(1, 4)))
    assert page.is_themed()
    assert page.title() == "Esteri"
    first = page.cards()[0]
    assert first.address.url == f"{SITE}/2026/11/09/esteri/un-titolo-lungo-9/"
    assert (first.title, first.label, first.date) == (
        "Titolo 9",
        "Esteri",
        "2026-11-09T09:00:00+01:00",
    )
    assert [card.title for card in page.cards()] == ["Titolo 9", "Titolo 8", "Titolo 7"]
    assert page.hero() == []
    assert page.next_url() == f"{ESTERI}page/2/"
    assert page.last_number() == 4
    assert page.has_pager()
    assert page.block() is None


def test_the_last_page_of_a_classic_theme() -> None:
    page = listing(CLASSIC.format(posts(9) + pager(4, 4)), f"{ESTERI}page/4/")
    assert page.next_url() is None
    assert page.last_number() == 4
    assert page.has_pager()


def test_older_posts_are_previous_ones_for_wordpress() -> None:
    links = (
        "<nav class='navigation posts-navigation'><div class='nav-links'><div class='nav-previous'>"
        f"<a href='{ESTERI}page/3/'>Articoli meno recenti</a></div><div class='nav-next'>"
        f"<a href='{ESTERI}'>Articoli più recenti</a></div></div></nav>"
    )
    page = listing(CLASSIC.format(posts(9, 8) + links), f"{ESTERI}page/2/")
    assert page.next_url() == f"{ESTERI}page/3/"
    assert page.last_number() == 3


def test_a_last_page_that_links_to_the_first_alone() -> None:
    links = f"<nav class='pagination'><a class='prev page-numbers' href='{ESTERI}'>1</a></nav>"
    page = listing(CLASSIC.format(posts(9) + links), f"{ESTERI}page/2/")
    assert (page.next_url(), page.last_number(), page.has_pager()) == (None, 2, True)


def test_newer_posts_are_not_the_next_page() -> None:
    links = (
        f"<div class='nav-links'><div class='nav-next'><a href='{ESTERI}page/2/'>x</a></div></div>"
    )
    page = listing(CLASSIC.format(posts(9, 8) + links), f"{ESTERI}page/3/")
    assert page.next_url() is None
    assert page.has_pager()


@pytest.mark.parametrize("path", ["/", "/argomenti/vela/", "/2026/09/", "/tag/nato/", "/notizie/"])
def test_any_list_has_pages(path: str) -> None:
    root = f"{SITE}{path}"
    page = listing(posts(9, 8) + pager(2, 9, root), f"{root}page/2/", classes="blog")
    assert page.next_url() == f"{root}page/3/"
    assert page.last_number() == 9


def test_the_head_may_have_the_only_link() -> None:
    head = f"<link rel='next' href='{ESTERI}page/2/'>"
    page = listing(CLASSIC.format(posts(9, 8)), head=head)
    assert page.next_url() == f"{ESTERI}page/2/"


def test_a_pager_that_a_script_replaces_is_unknown() -> None:
    page = listing(CLASSIC.format(posts(9, 8)))
    assert page.next_url() is None
    assert not page.has_pager()


def test_pages_of_another_list_are_not_this_ones() -> None:
    other = f"<p><a href='{SITE}/category/sport/page/2/'>Tutto lo sport</a></p>"
    page = listing(CLASSIC.format(posts(9, 8) + other))
    assert page.next_url() is None


def test_a_block_theme_with_titles_as_addresses() -> None:
    following = (
        "<nav class='wp-block-query-pagination'><div class='wp-block-query-pagination-numbers'>"
        "<span class='page-numbers current'>1</span>"
        f"<a class='page-numbers' href='{ESTERI}page/2/'>2</a></div>"
        f"<a class='wp-block-query-pagination-next' href='{ESTERI}page/2/'>Pagina"
        " successiva</a></nav>"
    )
    page = listing(BLOCKS.format(block_post(9) + block_post(8), following))
    assert page.title() == "Esteri"
    assert [card.address.kind for card in page.cards()] == [Kind.PAGE, Kind.PAGE]
    assert paths(page) == ["/un-titolo-9/", "/un-titolo-8/"]
    first = page.cards()[0]
    assert (first.label, first.date) == ("Esteri", "2026-11-09T08:00:00+01:00")
    assert first.image_alt == "Una piazza 9"
    assert page.next_url() == f"{ESTERI}page/2/"


def test_a_list_with_a_parameter_of_its_own_for_pages() -> None:
    following = (
        "<nav class='wp-block-query-pagination'><a class='wp-block-query-pagination-next'"
        " href='/category/esteri/?query-0-page=3&cst'>Avanti</a></nav>"
    )
    page = listing(BLOCKS.format(block_post(9), following), f"{ESTERI}?query-0-page=2")
    assert page.next_url() == f"{ESTERI}?query-0-page=3"
    assert page.last_number() == 3


def test_of_several_lists_the_one_with_the_pager_is_read() -> None:
    latest = (
        "<div class='wp-block-query'><ul>"
        + "".join(block_post(number).replace("category-esteri", "category-sport")
                  for number in (21, 22, 23))
        + "</ul></div>"
    )  # fmt: skip
    first = f"<div class='wp-block-query'><ul>{block_post(12)}</ul></div>"
    following = f"<nav><a class='wp-block-query-pagination-next' href='{ESTERI}page/2/'>x</a></nav>"
    following = following.replace("<nav>", "<nav class='wp-block-query-pagination'>")
    page = listing("<main>" + latest + first + BLOCKS.format(block_post(9), following) + "</main>")
    assert paths(page) == ["/un-titolo-9/"]
    assert [card.title for card in page.hero()] == ["Titolo 12"]


def test_elementor() -> None:
    card = (
        "<article class='elementor-post elementor-grid-item post-{0} post type-post category-esteri"
        " hentry'><a class='elementor-post__thumbnail__link' href='/titolo-{0}/'><img src='a.jpg'"
        " alt='Il porto'></a><div class='elementor-post__badge'>Esteri</div><h3 class="
        "'elementor-post__title'><a href='/titolo-{0}/'>Titolo {0}</a></h3><span class="
        "'elementor-post-date'>9 Novembre 2026</span></article>"
    )
    body = (
        "<div class='elementor-location-archive'><div class='elementor-widget"
        " elementor-widget-archive-posts'><div class='elementor-posts-container'>"
        f"{card.format(5)}{card.format(4)}</div><nav class='elementor-pagination'>"
        "<span class='page-numbers current'>1</span><a class='page-numbers' "
        f"href='{ESTERI}page/2/'>2</a></nav></div></div>"
        f"<div class='elementor-location-footer'>{card.format(3)}</div>"
    )
    page = listing(body)
    assert paths(page) == ["/titolo-5/", "/titolo-4/"]
    first = page.cards()[0]
    assert (first.label, first.date, first.image_alt) == ("Esteri", "9 Novembre 2026", "Il porto")
    assert page.next_url() == f"{ESTERI}page/2/"


def test_elementor_that_loads_more() -> None:
    body = (
        posts(9, 8)
        + "<div class='e-load-more-anchor' data-page='1' data-max-page='7' data-next-page="
        f"'{ESTERI}page/2/'></div>"
    )
    assert listing(body).next_url() == f"{ESTERI}page/2/"


def test_the_title_of_elementor() -> None:
    title = (
        "<h1 class='site-title'>Example</h1><div class='elementor-widget-theme-archive-title'>"
        "<h1 class='elementor-heading-title'>Categoria: Esteri</h1></div>"
    )
    assert listing(title + posts(9)).title() == "Esteri"


def test_newspaper() -> None:
    card = (
        "<div class='td_module_10 td_module_wrap td-animation-stack'><div class='td-module-thumb'>"
        "<a href='/2026/11/09/sport/la-gara-di-{0}/' rel='bookmark' title='La gara {0}'>"
        "<img class='entry-thumb' src='a.jpg' alt=''></a></div><h3 class='entry-title"
        " td-module-title'>"
        "<a href='/2026/11/09/sport/la-gara-di-{0}/' rel='bookmark'>La gara {0}</a></h3>"
        "<a class='td-post-category' href='/category/sport/'>Sport</a><span class='td-post-date'>"
        "<time class='entry-date updated td-module-date' datetime='2026-11-09T07:00:00+00:00'>"
        "9 Novembre</time></span></div>"
    )
    body = (
        f"<div class='td-header-wrap'><div class='td_mega_menu'>{card.format(1)}</div></div>"
        f"<div class='td-ss-main-content'><div class='td-block-row'>{card.format(2)}</div>"
        f"<div class='td-block-row'>{card.format(3)}</div><div class='page-nav'><span"
        " class='current'>"
        f"1</span><a href='{SITE}/category/sport/page/2/'"
        " aria-label='next-page'><i></i></a></div></div>"
        f"<div class='td-ss-main-sidebar'>{card.format(4)}</div>"
    )
    page = listing(
        body, f"{SITE}/category/sport/", classes="archive category category-sport category-7"
    )
    assert [card.title for card in page.cards()] == ["La gara 2", "La gara 3"]
    first = page.cards()[0]
    assert (first.label, first.date, first.image_alt) == (
        "Sport",
        "2026-11-09T07:00:00+00:00",
        None,
    )
    assert page.next_url() == f"{SITE}/category/sport/page/2/"


def test_genesis() -> None:
    card = (
        "<article class='post-{0} post type-post entry' aria-label='x'><header"
        " class='entry-header'>"
        "<h2 class='entry-title'><a class='entry-title-link' rel='bookmark' href='/un-titolo-{0}/'>"
        "Titolo {0}</a></h2><p class='entry-meta'><time class='entry-time'>9 Novembre 2026</time>"
        "</p></header></article>"
    )
    body = (
        f"<div class='content-sidebar-wrap'><main class='content'>{card.format(1)}{card.format(2)}"
        "<div class='archive-pagination pagination'><ul><li class='pagination-next'>"
        f"<a href='{ESTERI}page/2/'>Pagina successiva</a></li></ul></div></main>"
        f"<aside class='sidebar sidebar-primary widget-area'>{card.format(3)}</aside></div>"
    )
    page = listing(body)
    assert paths(page) == ["/un-titolo-1/", "/un-titolo-2/"]
    assert page.cards()[0].date == "9 Novembre 2026"
    assert page.next_url() == f"{ESTERI}page/2/"


def test_divi() -> None:
    body = (
        "<div id='left-area'><article id='post-4' class='et_pb_post post-4 post type-post hentry'>"
        "<h2 class='entry-title'><a href='/un-titolo-4/'>Titolo</a></h2><p class='post-meta'>"
        "<span class='published'>Nov 9, 2026</span> | <a href='/category/esteri/'"
        " rel='category tag'>"
        "Esteri</a>, <a href='/category/sport/' rel='category tag'>Sport</a></p></article>"
        f"<div class='pagination clearfix'><div class='alignleft'><a href='{ESTERI}page/2/'>"
        "« Post precedenti</a></div></div></div>"
    )
    page = listing(body)
    assert paths(page) == ["/un-titolo-4/"]
    # Of several categories no one is marked as the first.
    assert (page.cards()[0].label, page.cards()[0].date) == (None, "Nov 9, 2026")
    assert page.next_url() == f"{ESTERI}page/2/"


def test_a_pinned_post() -> None:
    page = listing(CLASSIC.format(post(9, more="sticky") + post(8)))
    assert [card.is_sticky for card in page.cards()] == [True, False]


TRAPS = {
    "a static page": post(8).replace("type-post", "type-page"),
    "another host": post(8).replace(SITE, "https://www.example.com"),
    "a category": post(8, path="/category/esteri/"),
    "an author": post(8, path="/author/anna/"),
    "related posts": f"<div class='related-posts'>{post(8)}</div>",
    "a widget": f"<div class='widget widget_recent'>{post(8)}</div>",
    "a ticker": f"<div class='news-ticker'>{post(8)}</div>",
    "a menu": f"<ul class='menu'><li class='menu-item'>{post(8)}</li></ul>",
    "the banner": f"<div role='banner'>{post(8)}</div>",
    "no link": post(8).replace("<a ", "<b "),
    "the same post": post(9),
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_not_of_the_list(trap: str) -> None:
    assert paths(listing(CLASSIC.format(post(9) + trap))) == [
        "/2026/11/09/esteri/un-titolo-lungo-9/"
    ]


def test_a_card_around_which_another_element_is_marked() -> None:
    body = f"<div id='content' class='post hentry'>{posts(9, 8)}</div>"
    assert len(listing(body).cards()) == 2


def test_a_card_with_a_list_in_its_text() -> None:
    inner = f"<div class='entry-content'>{post(3)}</div></article>"
    card = post(9).removesuffix("</article>") + inner
    assert len(listing(CLASSIC.format(card + post(8))).cards()) == 2


def test_a_title_without_a_link() -> None:
    card = (
        "<article class='post-9 post type-post hentry'><a href='/un-titolo-9/'><img src='a.jpg'"
        " alt='Una nave'></a><h2 class='entry-title'>Titolo</h2></article>"
    )
    (read,) = listing(card).cards()
    assert (read.address.url, read.title) == (f"{SITE}/un-titolo-9/", "Titolo")


def test_a_link_around_the_whole_card() -> None:
    card = (
        "<article class='post-9 post type-post hentry'><a href='/un-titolo-9/'>"
        "<h2 class='entry-title'>Titolo</h2><p>Testo</p></a></article>"
    )
    assert [card.title for card in listing(card).cards()] == ["Titolo"]


def test_only_the_last_change_is_shown() -> None:
    card = post(9).replace("entry-date published", "updated")
    assert listing(card).cards()[0].date == "2026-11-09T09:00:00+01:00"


def test_articles_without_cores_classes() -> None:
    card = "<article class='card'><h3><a href='/{0}/'>Titolo</a></h3></article>"
    page = listing(
        "<main>"
        + "".join(map(card.format, ("un-titolo-lungo", "chi-siamo", "altro-titolo-qui")))
        + "</main>"
    )
    assert paths(page) == ["/un-titolo-lungo/", "/altro-titolo-qui/"]


def test_an_unknown_list_is_read_from_its_links() -> None:
    body = "<main><div><a href='/2026/11/09/esteri/un-titolo-lungo/'>Titolo</a></div></main>"
    page = listing(body)
    assert not page.is_themed()
    assert not page.has_pager()
    assert [card.title for card in page.cards()] == ["Titolo"]


@pytest.mark.parametrize(
    "empty",
    [
        "<section class='no-results not-found'><h1 class='page-title'>Niente</h1></section>",
        "<div class='wp-block-query'><div class='wp-block-query-no-results'>Niente</div></div>",
    ],
)
def test_an_empty_list(empty: str) -> None:
    latest = "<aside><a href='/2026/11/09/esteri/un-titolo-lungo/'>Titolo</a></aside>"
    page = listing(f"<main>{empty}</main>{latest}")
    assert page.is_empty
    assert page.is_themed()
    assert page.cards() == []
    assert not page.is_not_found()


def test_a_page_that_was_not_found() -> None:
    assert listing(posts(9, 8), classes="error404").is_not_found()
    head = "<title>Pagina non trovata - Example</title>"
    assert listing(posts(9, 8), classes="", head=head).is_not_found()
    assert not listing(posts(9, 8), head=head).is_not_found()


def test_an_address_does_not_decide_what_is_an_archive() -> None:
    assert listing(
        posts(9), f"{SITE}/vela/", classes="archive category category-vela category-9"
    ).is_archive()
    assert not listing(posts(9), f"{SITE}/vela/", classes="page page-id-9").is_archive()


def test_served_elsewhere() -> None:
    urls = SiteUrls(replace(EXAMPLE), "http://127.0.0.1:8000")
    body = (CLASSIC.format(posts(9) + pager(1, 2))).replace(SITE, "http://127.0.0.1:8000")
    page = ListingPage(
        Selector(text=f"<html><body class='{CATEGORY}'>{body}</body></html>"),
        "http://127.0.0.1:8000/category/esteri/",
        urls,
    )
    assert page.next_url() == f"{ESTERI}page/2/"
