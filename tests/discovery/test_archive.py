"""Where a section's articles are found: menu, archive, Related Posts."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from parsel import Selector

from newscrawl.discovery import archive, related, section_archives
from newscrawl.discovery.archive import MAX_FRUITLESS_PAGES, Pagination, Step
from newscrawl.discovery.block_form import form_of
from newscrawl.discovery.scope import Scope
from newscrawl.items import RelatedPost
from newscrawl.pages.listing import Block, ListingPage, MorePage
from newscrawl.pages.menu import MenuItem, MenuPage
from newscrawl.sites import ALANEWS
from newscrawl.text import key_of
from newscrawl.urls import SiteUrls

SITE = "https://www.alanews.it"
ROOT = f"{SITE}/category/esteri/"
URLS = SiteUrls(ALANEWS)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECTIONS = {section.slug: section for section in ALANEWS.sections}


class TestMenu:
    def items(self, html: str) -> list[MenuItem]:
        page = f"<html><body>{html}</body></html>"
        return MenuPage(Selector(text=page), f"{SITE}/", URLS).items()

    MENU = (
        "<ul class='jeg_menu jeg_main_menu'><li><a href='/'>Home</a></li>"
        "<li class='menu-item'><a href='/categoria/esteri/'> ESTERI </a></li>"
        "<li><a href='https://www.alanews.it/sport/'>Sport</a><ul class='sub-menu'>"
        "<li><a href='/sport/calcio/'>Calcio</a></li></ul></li>"
        "<li><a href='https://tv.alanews.it/'>TV</a></li><li><a href='#'>Altro</a></li></ul>"
    )

    def test_entries_come_once_though_the_menu_is_printed_three_times(self) -> None:
        drawer = self.MENU.replace("jeg_main_menu", "jeg_mobile_menu")
        found = self.items(self.MENU * 2 + drawer)
        assert [item.label for item in found] == ["Home", "ESTERI", "Sport", "Calcio"]

    def test_labels_count_and_not_addresses(self) -> None:
        assert section_archives.archive_addresses(self.items(self.MENU), ALANEWS) == {
            "esteri": f"{SITE}/categoria/esteri/",
            "sport": f"{SITE}/sport/",
            "calcio": f"{SITE}/sport/calcio/",
        }

    def test_another_theme_has_a_navigation(self) -> None:
        found = self.items("<header><nav><a href='/mondo/'>Esteri</a></nav></header>")
        assert section_archives.archive_addresses(found, ALANEWS) == {"esteri": f"{SITE}/mondo/"}

    @pytest.mark.parametrize(
        ("slug", "expected"),
        [
            ("esteri", ["/category/esteri/", "/esteri/", "/categoria/esteri/"]),
            (
                "calcio",
                ["/category/sport/calcio/", "/sport/calcio/", "/categoria/sport/calcio/"],
            ),
        ],
    )
    def test_usual_addresses(self, slug: str, expected: list[str]) -> None:
        found = section_archives.usual_addresses(SECTIONS[slug], ALANEWS)
        assert found == [SITE + path for path in expected]


def url(name: str | int) -> str:
    return f"{SITE}/esteri/titolo-numero-{name}/"


def card(name: str | int, shown: str = "4 Luglio 2026", heading: str = "h3") -> str:
    return (
        f"<article class='jeg_post jeg_pl_md_5'><{heading} class='jeg_post_title'>"
        f"<a href='{url(name)}'>Titolo {name}</a></{heading}>"
        f"<div class='jeg_post_meta'><div class='jeg_meta_date'><a><i></i> {shown}</a></div></div>"
        "</article>"
    )


EMPTY = "<div class='jeg_empty_module'>No Content Available</div>"
NEXT = "<a class='page_nav next' href='/category/esteri/page/%d/'>Next</a>"
ATTRIBUTES = {"class": "jnews_block_5", "paged": 1, "include_category": "5"}


def listing(
    cards: str, *, hero: str = "", next_page: int | None = None, mode: str = "", themed: bool = True
) -> ListingPage:
    """Return an archive page with these cards and this way on."""
    pager = NEXT % next_page if next_page else ""
    if mode:
        pager = f"<script>var jnews_module_1 = {json.dumps(ATTRIBUTES)};</script>"
    html = (
        "<html><body><script>var jnews_ajax_url = '/?ajax-request=jnews'</script>"
        f"<div class='jnews_category_hero_container'>{hero}</div>"
        f"<div class='{'jnews_category_content_wrapper' if themed else 'other'}'>"
        f"<div class='jeg_postblock jeg_pagination_{mode or 'nav_1'}' data-unique='jnews_module_1'>"
        f"{cards}{pager}</div></div></body></html>"
    )
    return ListingPage(Selector(text=html), ROOT, URLS)


def first(page: ListingPage, pagination: Pagination | None = None) -> Step:
    return archive.first_step(page, pagination or Pagination("esteri", ROOT), NOW)


def names(step: Step) -> list[str]:
    return [one.address.url for one in step.cards]


class TestArchive:
    def test_a_page_gives_its_articles_and_the_next(self) -> None:
        step = first(listing(card(1) + card(2), next_page=2))
        assert names(step) == [url(1), url(2)]
        assert step.next_pagination
        assert step.next_pagination.page_url() == f"{ROOT}page/2/"
        assert step.ended is None

    def test_the_first_page_has_no_number(self) -> None:
        pagination = Pagination("esteri", ROOT)
        assert (pagination.page_url(), pagination.page_url(3)) == (ROOT, f"{ROOT}page/3/")

    def test_the_hero_counts_once_though_every_page_has_it(self) -> None:
        hero = card("a", heading="h2") + card("b", heading="h2")
        step = first(listing(card(1), hero=hero, next_page=2))
        assert names(step) == [url("a"), url("b"), url(1)]
        step = first(listing(card(2), hero=hero, next_page=3), step.next_pagination)
        assert names(step) == [url(2)]

    def test_a_list_of_the_hero_alone_is_over(self) -> None:
        hero = card("a", heading="h2")
        step = first(listing(EMPTY, hero=hero, next_page=3), Pagination("esteri", ROOT, page=2))
        assert (names(step), step.next_pagination, step.ended) == ([url("a")], None, "empty_page")

    def test_the_last_page_has_no_next(self) -> None:
        step = first(listing(card(1)))
        assert (names(step), step.next_pagination, step.ended) == ([url(1)], None, "last_page")

    def test_a_site_that_repeats_itself_is_left(self) -> None:
        pagination: Pagination | None = Pagination("esteri", ROOT)
        ends = []
        for number in range(MAX_FRUITLESS_PAGES + 1):
            assert pagination
            cards = card(number % 2) + card(1 - number % 2)
            step = first(listing(cards, hero=card("a"), next_page=pagination.page + 1), pagination)
            pagination = step.next_pagination
            ends.append(step.ended)
        assert ends == [None] * MAX_FRUITLESS_PAGES + ["nothing_new"]

    def test_the_list_of_the_page_before_is_not_that_of_the_next(self) -> None:
        pagination = first(listing(card(1) + card(2), next_page=2)).next_pagination
        assert pagination
        for page in (listing(card(1) + card(2), next_page=2), listing(card(1) + card(2))):
            step = first(page, pagination)
            assert (step.ended, step.is_broken, names(step)) == (archive.REPEATED_LIST, True, [])
        # A new article has moved the list: one comes again.
        step = first(listing(card(2) + card(3), next_page=3), pagination)
        assert (step.ended, names(step)) == (None, [url(3)])

    def test_behind_the_last_page_of_another_theme_it_is_the_end_at_a_second_look(self) -> None:
        page = listing(card(1), themed=False)
        pagination = first(page).next_pagination
        assert pagination
        assert first(page, pagination).is_broken
        step = first(page, replace(pagination, is_second_look=True))
        assert step.next_pagination
        assert first(page, step.next_pagination).ended == "nothing_new"

    def test_one_page_of_known_articles_is_no_end(self) -> None:
        pagination = Pagination("esteri", ROOT)
        for cards in (card(1) + card(2), card(2), card(3) + card(4), card(4)):
            step = first(listing(cards, next_page=9), pagination)
            assert step.next_pagination
            pagination = step.next_pagination

    @pytest.mark.parametrize(("limit", "ended"), [(1, "page_limit"), (2, None), (None, None)])
    def test_no_more_pages_than_asked_for(self, limit: int | None, ended: str | None) -> None:
        step = first(listing(card(1), next_page=2), Pagination("esteri", ROOT, limit=limit))
        assert (names(step), step.ended) == ([url(1)], ended)

    @pytest.mark.parametrize(
        ("dates", "ended"),
        [
            (["3 Luglio 2026", "1 Luglio 2026"], "before_since"),
            (["3 Luglio 2026", "4 Luglio 2026"], None),
            # An update moves a card's date: one new date among old ones says nothing.
            (["3 Luglio 2026", "16 Luglio 2026", "1 Luglio 2026"], None),
            (["16 Luglio 2026", "1 Luglio 2026 - Updated on 16 Luglio 2026"], None),
            (["1 Luglio 2026", "no date"], None),
            (["1 Luglio 2026", ""], None),
            # 23 November less five months is before 4 July.
            (["5 months ago", "6 mesi fa"], "before_since"),
            (["3 giorni ago", "2 ore fa"], None),
        ],
    )
    def test_a_walk_ends_where_all_is_older(self, dates: list[str], ended: str | None) -> None:
        page = listing("".join(card(n, shown) for n, shown in enumerate(dates)), next_page=2)
        pagination = Pagination("esteri", ROOT, since=date(2026, 7, 4))
        assert first(page, pagination).ended == ended

    def test_a_hero_does_not_hold_back_the_end(self) -> None:
        page = listing(card(1, "1 Luglio 2026"), hero=card("a", "16 Luglio 2026"), next_page=2)
        assert (
            first(page, Pagination("esteri", ROOT, since=date(2026, 7, 4))).ended == "before_since"
        )

    def test_another_themes_list_is_walked_by_number(self) -> None:
        html = f"<main><a href='{url(1)}'>Titolo</a><a href='/a/'>x</a></main>"
        step = first(ListingPage(Selector(text=html), ROOT, URLS))
        assert names(step) == [url(1)]
        assert step.next_pagination
        assert step.next_pagination.page_url() == f"{ROOT}page/2/"

    @pytest.mark.parametrize(
        "href", ["/2026/07/04/esteri/page/2/", "https://example.com/page/2/", "/tag/a/"]
    )
    def test_a_link_to_elsewhere_is_no_next_page(self, href: str) -> None:
        page = listing(card(1) + f"<a class='page_nav next' href='{href}'>Next</a>")
        assert page.next_url() is None

    def test_a_page_that_is_not_found_lists_articles_too(self) -> None:
        html = f"<body class='error404'><div class='jeg_404_content'>{card(1)}</div></body>"
        assert ListingPage(Selector(text=html), ROOT, URLS).is_not_found()
        assert not listing(card(1)).is_not_found()

    @pytest.mark.parametrize(
        ("page", "earlier_looks", "expected"),
        [
            (2, 0, (archive.NO_NEXT_LINK, True)),
            (2, 1, ("last_page", False)),
            (4, 0, ("last_page", False)),
        ],
    )
    def test_a_page_without_a_pager_is_not_the_end_where_later_pages_were_named(
        self, page: int, earlier_looks: int, expected: tuple[str, bool]
    ) -> None:
        pagination = Pagination(
            "esteri", f"{SITE}/category/esteri/", page=page, is_announced=True, last_named=4,
            is_second_look=earlier_looks > 0,
        )  # fmt: skip
        step = first(listing(card(1) + card(2)), pagination)
        assert len(step.cards) == 2
        assert (step.ended, step.is_broken) == expected
        assert step.next_pagination is None


class TestScrolled:
    """Lists that came out of the browser, or did not."""

    def test_what_was_not_to_be_had_is_no_end_of_the_archive(self) -> None:
        for page in (listing(""), listing(card(1)), listing(card(1) + NEXT % 2)):
            step = archive.stopped(first(page), "needs_browser")
            assert (step.ended, step.next_pagination) == ("needs_browser", None)
            assert step.ended not in archive.COVERED

    def test_what_met_the_known_is_whole_all_the_same(self) -> None:
        pagination = Pagination("esteri", ROOT, until=[key_of(url(1))])
        step = archive.stopped(first(listing(card(1)), pagination), "scroll_bound")
        assert step.ended == "known"

    def test_a_growing_list_is_enough_once_it_meets_the_known(self) -> None:
        pagination = Pagination("esteri", ROOT, until=[key_of(url(name)) for name in (7, 8)])
        assert not archive.is_enough(listing(card(1)), pagination, NOW)
        assert archive.is_enough(listing(card(1) + card(7)), pagination, NOW)

    def test_a_growing_list_is_enough_once_all_is_older(self) -> None:
        pagination = Pagination("esteri", ROOT, since=date(2026, 7, 1))
        newer = card(1)
        older = "".join(
            card(number, "3 Giugno 2026") for number in range(2, 2 + archive.HEAD_LENGTH)
        )
        assert not archive.is_enough(listing(newer + card(2, "3 Giugno 2026")), pagination, NOW)
        assert archive.is_enough(listing(newer + older), pagination, NOW)
        assert not archive.is_enough(listing(newer + older), Pagination("esteri", ROOT), NOW)

    def test_of_hundreds_of_entries_the_newest_are_remembered(self) -> None:
        step = first(listing("".join(map(card, range(300)))))
        assert step.known_head == [key_of(url(number)) for number in range(archive.HEAD_LENGTH)]


def more(cards: str, *, goes_on: Any = True) -> MorePage:
    return MorePage(json.dumps({"content": cards, "next": goes_on, "prev": True}), ROOT, URLS)


class TestLoadMore:
    @pytest.mark.parametrize("mode", ["loadmore", "scrollload", "nextprev"])
    def test_a_block_without_links_is_asked(self, mode: str) -> None:
        step = first(listing(card(1), mode=mode))
        assert step.next_pagination
        assert step.next_pagination.block == Block(
            "jnews_block_5", ATTRIBUTES, "/?ajax-request=jnews"
        )
        assert step.next_pagination.page == 2

    def test_links_come_before_a_block(self) -> None:
        page = listing(card(1) + NEXT % 2, mode="loadmore")
        step = first(page)
        assert step.next_pagination
        assert step.next_pagination.block is None

    def test_replies_are_walked_to_the_last(self) -> None:
        step = first(listing(card(1), mode="loadmore"))
        assert step.next_pagination
        step = archive.next_step(more(card(2)), step.next_pagination, NOW)
        assert names(step) == [url(2)]
        assert step.next_pagination
        assert step.next_pagination.block
        step = archive.next_step(more(card(3), goes_on=False), step.next_pagination, NOW)
        assert (names(step), step.next_pagination, step.ended) == ([url(3)], None, "last_page")

    @pytest.mark.parametrize("content", [EMPTY, "", " ", "<!-- -->", "text"])
    def test_an_empty_reply_is_the_end(self, content: str) -> None:
        pagination = Pagination("esteri", ROOT, page=2, block=Block("b", {}, "/"))
        step = archive.next_step(more(content), pagination, NOW)
        assert (step.cards, step.ended) == ([], "empty_page")

    @pytest.mark.parametrize(
        "text",
        ["", "<html>", "null", "[]", "{}", '{"content": null}', '{"content": 3}', "[" * 100_000,
         '{"content": "<html></html>"}', '{"content": "<html><frameset></html>"}'],
        ids=lambda text: text[:40],
    )  # fmt: skip
    def test_a_bad_reply_is_a_value_error_or_empty(self, text: str) -> None:
        try:
            page = MorePage(text, ROOT, URLS)
        except ValueError:
            return
        assert page.cards() == []

    def test_page_numbers_take_over(self) -> None:
        pagination = Pagination(
            "esteri", ROOT, page=4, block=Block("b", {}, "/"), listed=[key_of(url(1))]
        )
        after = archive.without_block(pagination)
        assert (after.block, after.page_url(), after.listed) == (
            None,
            f"{ROOT}page/4/",
            [key_of(url(1))],
        )

    @pytest.mark.parametrize(
        "scripts",
        [
            "",
            "<script>var jnews_module_1 = ;</script>",
            "<script>var jnews_module_1 = [1];</script>",
            "<script>var jnews_module_1 = {};</script>",
            "<script>var jnews_module_2 = {'class': 'x'};</script>",
            "<script>var jnews_module_1 = " + "[" * 100_000 + ";</script>",
        ],
        ids=lambda text: text[:50],
    )
    def test_a_block_without_its_attributes_cannot_be_asked(self, scripts: str) -> None:
        page = listing(
            f"<div data-unique='jnews_module_1' class='jeg_pagination_loadmore'></div>{scripts}"
        )
        assert page.block() is None


class TestForm:
    def form(self, attributes: dict[str, Any], page: int = 2) -> list[tuple[str, str]]:
        pagination = Pagination(
            "esteri", ROOT, page=page, block=Block("jnews_block_5", attributes, "/")
        )
        return parse_qsl(form_of(pagination), keep_blank_values=True, strict_parsing=True)

    def test_what_a_browser_sends(self) -> None:
        attributes = {
            "header_icon": "",
            "header_filter_text": "All",
            "sticky_post": False,
            "number_post": 10,
            "post_offset": "4",
            "date_format_custom": "Y/m/d",
            "excerpt_ellipsis": "...",
            "boxed": True,
            "title_color": None,
            "column_class": "jeg_col_2o3",
            "class": "jnews_block_5",
        }
        assert self.form(attributes) == [
            ("action", "jnews_module_ajax_jnews_block_5"),
            ("module", "true"),
            ("data[filter]", "0"),
            ("data[filter_type]", "all"),
            ("data[current_page]", "2"),
            ("data[attribute][header_icon]", ""),
            ("data[attribute][header_filter_text]", "All"),
            ("data[attribute][sticky_post]", "false"),
            ("data[attribute][number_post]", "10"),
            ("data[attribute][post_offset]", "4"),
            ("data[attribute][date_format_custom]", "Y/m/d"),
            ("data[attribute][excerpt_ellipsis]", "..."),
            ("data[attribute][boxed]", "true"),
            ("data[attribute][title_color]", ""),
            ("data[attribute][column_class]", "jeg_col_2o3"),
            ("data[attribute][class]", "jnews_block_5"),
        ]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ([1, "b"], [("[]", "1"), ("[]", "b")]),
            ([], []),
            ({"a": {"b": True}}, [("[a][b]", "true")]),
            # jQuery numbers what is no plain value.
            ([{"a": 1}, {"a": 2}], [("[0][a]", "1"), ("[1][a]", "2")]),
            ("è & = + “", [("", "è & = + “")]),
        ],
    )
    def test_values_are_written_as_jquery_does(
        self, value: Any, expected: list[tuple[str, str]]
    ) -> None:
        assert self.form({"k": value})[5:] == [
            (f"data[attribute][k]{key}", one) for key, one in expected
        ]

    def test_the_bytes_are_plain(self) -> None:
        pagination = Pagination(
            "esteri", ROOT, page=3, block=Block("b", {"date": "Y/m d", "x": "à"}, "/")
        )
        assert form_of(pagination).endswith(
            "data%5Bcurrent_page%5D=3&data%5Battribute%5D%5Bdate%5D=Y%2Fm+d"
            "&data%5Battribute%5D%5Bx%5D=%C3%A0"
        )

    def test_a_walk_without_a_block_has_no_form(self) -> None:
        with pytest.raises(ValueError, match="no block"):
            form_of(Pagination("esteri", ROOT))


class TestRelated:
    POSTS = (
        RelatedPost(1, url(1), "a", section="Sport"),
        RelatedPost(2, url(2), "b", section="Calcio"),
        RelatedPost(3, url(3), "c", section="Esteri"),
        RelatedPost(4, url(4), "d"),
    )

    @pytest.mark.parametrize(
        ("policy", "slug", "expected"),
        [
            ("off", "sport", []),
            ("site", "sport", [1, 2, 3, 4]),
            ("section", "sport", [1, 2, 4]),
            ("section", "calcio", [2, 4]),
            ("section", None, [1, 2, 3, 4]),
        ],
    )
    def test_policies(self, policy: str, slug: str | None, expected: list[int]) -> None:
        scope = Scope(ALANEWS, SECTIONS[slug] if slug else None)
        found = list(related.followed([*self.POSTS], scope, policy))
        assert found == [url(number) for number in expected]
