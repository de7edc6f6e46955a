"""Sitemaps: what they list, which of them to read, and what they may not do."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from html import escape
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery import sitemap
from newscrawl.discovery.entries import MAX_BYTES, MAX_RECORDS
from newscrawl.discovery.sitemap import Nested, Sitemap
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls
from tests.support.waiting import HANG
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterable

SITE = "https://www.alanews.it"
URL = f"{SITE}/sitemap_index.xml"
URLS = SiteUrls(ALANEWS)
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
ONE = f"{SITE}/2026/09/12/esteri/un-titolo-lungo/"
TWO = f"{SITE}/2026/09/13/esteri/un-altro-titolo/"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def read(text: str | bytes, url: str = URL, urls: SiteUrls = URLS) -> Sitemap:
    return sitemap.read(text.encode() if isinstance(text, str) else text, url, urls)


def listed(*pairs: tuple[str, str | None], space: str = SPACE) -> str:
    entries = "".join(
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</url>"
        for url, date in pairs
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {space}>{entries}</urlset>'


def index(*pairs: tuple[str, str | None]) -> str:
    text = listed(*pairs).replace("urlset", "sitemapindex")
    return text.replace("<url>", "<sitemap>").replace("</url>", "</sitemap>")


def names(nested: Iterable[Nested]) -> list[str]:
    return [one.url.rpartition("/")[2] for one in nested]


class TestEntries:
    def test_yoast(self) -> None:
        picture = (
            "<image:image xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'>"
            f"<image:loc>{SITE}/wp-content/uploads/a.jpg</image:loc></image:image>"
        )
        text = listed((f"\n{ONE}\t", "2026-09-12T08:00:00+02:00"), (f"{SITE}/", None))
        found = read(text.replace("</url>", f"{picture}</url>"))
        (entry,) = found.entries
        assert entry.address == URLS.understand(ONE)
        assert entry.modified == datetime(2026, 9, 12, 6, tzinfo=UTC)
        assert entry.change_marker == 1789192800
        assert entry.published is None
        assert found.nested == []
        assert not found.truncated

    def test_wordpress_s_own(self) -> None:
        (entry,) = read(listed((ONE, None))).entries
        assert (entry.change_marker, entry.modified) == (None, None)

    def test_google_news(self) -> None:
        news = (
            '<n:news xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><n:publication>'
            "<n:name>Alanews</n:name></n:publication>"
            "<n:publication_date>2026-09-12T00:30:00+02:00</n:publication_date></n:news>"
        )
        (entry,) = read(listed((ONE, None)).replace("</url>", f"{news}</url>")).entries
        assert entry.published == datetime(2026, 9, 11, 22, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("date", "change_marker", "known"),
        [
            # It tells that something changed, and no instant.
            ("2026-09-12", 1789171200, False),
            ("2026-09-12 06:00:00", 1789192800, False),
            ("2026-09-12T06:00:00Z", 1789192800, True),
            ("2099-01-01T00:00:00Z", 4070908800, True),
            ("1970-01-01T00:00:00Z", None, False),
            ("0000-00-00T00:00:00", None, False),
            ("9999-12-31T23:59:59-12:00", None, False),
            ("9" * 400, None, False),
            ("ieri", None, False),
        ],
    )
    def test_dates(self, date: str, change_marker: int | None, *, known: bool) -> None:
        (entry,) = read(listed((ONE, date))).entries
        assert entry.change_marker == change_marker
        assert (entry.modified is not None) == known

    @pytest.mark.parametrize(
        "link",
        [
            "https://www.example.com/esteri/uno-due-tre/",
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "mailto:a@example.com",
            f"{SITE}/tag/roma/",
            f"{SITE}/wp-content/uploads/a.jpg",
            f"{SITE}//[/./x",
            ONE + "a" * 3000,
        ],
    )
    def test_what_is_no_article_of_the_site_is_left_out(self, link: str) -> None:
        assert [one.address.url for one in read(listed((link, None), (ONE, None))).entries] == [ONE]

    def test_each_article_comes_once(self) -> None:
        found = read(listed((ONE, None), (TWO, None), (f"{ONE}amp/", None), (ONE, "2026-01-01")))
        assert [one.address.url for one in found.entries] == [ONE, TWO]

    @pytest.mark.parametrize("space", ["", SPACE.replace("http:", "https:")])
    def test_usual_mistakes_in_the_namespace(self, space: str) -> None:
        assert len(read(listed((ONE, None), space=space)).entries) == 1

    def test_newest_first(self) -> None:
        dated = read(listed((ONE, "2026-11-01T00:00:00Z"), (TWO, None)))
        assert [one.address.url for one in dated.newest_first] == [ONE, TWO]
        by_day = read(listed((TWO, None), (ONE, None)))
        assert [one.address.url for one in by_day.newest_first] == [TWO, ONE]
        plain = read(listed(*((f"{SITE}/esteri/uno-due-{n}/", None) for n in range(3))))
        assert plain.newest_first == plain.entries[::-1]


class TestNested:
    def test_those_that_may_hold_posts(self) -> None:
        core = [
            "wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-post-2.xml",
            "wp-sitemap-posts-page-1.xml", "wp-sitemap-taxonomies-category-1.xml",
            "wp-sitemap-taxonomies-post_tag-1.xml", "wp-sitemap-taxonomies-post_format-1.xml",
            "wp-sitemap-users-1.xml",
        ]  # fmt: skip
        plugin = [
            "post-sitemap.xml", "post-sitemap2.xml.gz", "news-sitemap.xml", "video-sitemap.xml",
            "page-sitemap.xml", "category-sitemap.xml", "post_tag-sitemap.xml",
            "author-sitemap.xml", "local-sitemap.xml", "sitemap-tax-category.xml",
        ]  # fmt: skip
        found = read(index(*((f"{SITE}/{name}", None) for name in core + plugin)))
        assert names(found.nested) == core[:2] + plugin[:4]
        assert found.entries == []

    def test_dates_and_addresses(self) -> None:
        found = read(
            index(
                ("http://alanews.it/post-sitemap.xml", "2026-09-12T08:00:00+02:00"),
                ("/post-sitemap2.xml", "2026-09-12"),
                (f"{SITE}/post-sitemap3.xml?v=2", "2099-01-01T00:00:00Z"),
            )
        ).nested
        assert found == [
            Nested(f"{SITE}/post-sitemap.xml", datetime(2026, 9, 12, 6, tzinfo=UTC)),
            Nested(f"{SITE}/post-sitemap2.xml"),
            Nested(f"{SITE}/post-sitemap3.xml?v=2", datetime(2099, 1, 1, tzinfo=UTC)),
        ]

    @pytest.mark.parametrize(
        "link",
        [
            URL,
            "http://alanews.it/sitemap_index.xml#x",
            "https://www.example.com/post-sitemap.xml",
            "http://169.254.169.254/post-sitemap.xml",
            "file:///etc/post-sitemap.xml",
            f"{SITE}/" + "a" * 3000 + ".xml",
            "",
        ],
    )
    def test_itself_and_what_is_no_file_of_the_site_are_left_out(self, link: str) -> None:
        assert read(index((link, None))).nested == []

    @pytest.mark.parametrize(
        "path",
        [
            *("/sitemap.php?n=1", "/sitemap.php?page=2&type=articles", "/sitemap.xml?page=2"),
            *("/?sitemap=posts&sitemap-subtype=post&paged=2", "/sitemap/1", "/Sitemap/Notizie/2/"),
            *("/mappa", "/esteri/la-mappa-del-sito/", "/posts.xml.gz", "/index.php/sitemap?a=B"),
        ],
    )
    def test_the_address_of_a_sitemap_may_have_any_form(self, path: str) -> None:
        found = read(index((f"http://alanews.it{path}#x", None), (path, None)))
        assert (found.nested, found.excluded) == ([Nested(f"{SITE}{path}")], {})

    @pytest.mark.parametrize(
        "path",
        [
            *("/?sitemap=taxonomies&sitemap-subtype=category&paged=1", "/?sitemap=users&paged=1"),
            *("/?sitemap=posts&sitemap-subtype=page&paged=1", "/sitemap.php?type=tags&n=2"),
            *("/sitemap/pages/", "/category-sitemap.xml.gz"),
        ],
    )
    def test_those_of_other_pages_are_named(self, path: str) -> None:
        found = read(index((path, None)))
        assert (found.nested, found.excluded) == ([], {f"{SITE}{path}": sitemap.NO_ARTICLES})

    def test_what_is_not_read_has_its_reason(self) -> None:
        here = f"{SITE}/sitemap.php?a=1&b=2"
        other, bad = "https://www.example.com/a.xml", "http://[::1"
        found = read(index(("/sitemap.php?b=2&a=1", None), (other, None), (bad, None)), url=here)
        assert found.excluded == {
            f"{SITE}/sitemap.php?b=2&a=1": sitemap.LOOP,
            other: sitemap.OTHER_SITE,
            bad: sitemap.OTHER_SITE,
        }
        assert sitemap.of_other_sites(found) == [other, bad]

    def test_each_sitemap_comes_once_whatever_the_order_of_its_parameters(self) -> None:
        found = read(
            index(("/a.php?n=1&t=x", None), ("/a.php?t=x&n=1", None), ("/a.php?n=2", None))
        )
        assert names(found.nested) == ["a.php?t=x&n=1", "a.php?n=2"]

    def test_a_copy_of_the_site_in_a_folder(self) -> None:
        urls = SiteUrls(ALANEWS, "http://127.0.0.1:8000/copia")
        text = index(("http://127.0.0.1:8000/copia/sitemap.php?n=1", None))
        assert read(text, urls=urls).nested == [Nested(f"{SITE}/sitemap.php?n=1")]

    def test_a_path_that_begins_like_a_host_is_a_path(self) -> None:
        found = read(index((f"{SITE}//[/./post-sitemap.xml", None))).nested
        assert found == [Nested(f"{SITE}/%5B/post-sitemap.xml")]


class TestUnread:
    def plain(self, *found: str) -> list[Nested]:
        return [Nested(f"{SITE}/{name}.xml") for name in found]

    def read(self, *found: str) -> set[str]:
        return {one.url for one in self.plain(*found)}

    def test_never_read_is_all_read_newest_first(self) -> None:
        nested = self.plain("p-1", "p-2", "p-10")
        assert names(sitemap.unread(nested, set())) == ["p-10.xml", "p-2.xml", "p-1.xml"]

    def test_of_the_read_ones_the_highest_number_is_read_again(self) -> None:
        nested = self.plain("posts-post-10", "posts-post-9", "posts-foto-1", "posts-post-1")
        known = {one.url for one in nested}
        assert names(sitemap.unread(nested, known)) == ["posts-post-10.xml", "posts-foto-1.xml"]

    def test_so_is_the_last_one_read_when_others_have_come(self) -> None:
        nested = self.plain("p-1", "p-2", "p-3", "p-4")
        found = sitemap.unread(nested, self.read("p-1", "p-2"))
        assert names(found) == ["p-4.xml", "p-3.xml", "p-2.xml"]

    def test_months_are_numbers_too(self) -> None:
        nested = self.plain("sitemap-pt-post-2026-09", "sitemap-pt-post-2025-12")
        found = sitemap.unread(nested, {one.url for one in nested})
        assert names(found) == ["sitemap-pt-post-2026-09.xml"]

    @pytest.mark.parametrize("form", ["?sitemap=posts&paged={}", "s.php?n={}", "map/{}", "map/{}/"])
    def test_numbers_of_other_forms(self, form: str) -> None:
        nested = [Nested(f"{SITE}/{form.format(number)}") for number in (9, 10, 1)]
        found = sitemap.unread(nested, {one.url for one in nested})
        assert [one.url for one in found] == [f"{SITE}/{form.format(10)}"]

    def test_one_with_a_date_tells_by_itself(self) -> None:
        assert sitemap.unread([Nested(f"{SITE}/post-sitemap.xml", NOW)], set()) == []

    def test_numbers_without_end(self) -> None:
        nested = self.plain("p-" + "9" * 1_900, "p-1")
        assert len(sitemap.unread(nested, {one.url for one in nested})) == 1


class TestHostile:
    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"", "empty"),
            (b"<!DOCTYPE html><html></html>", "it is a web page"),
            (b"<rss/>", "its root is <rss>"),
            (b'<urlset xmlns="http://www.example.com/"/>', "its root is <{http://www.example.com"),
            (b'<!DOCTYPE urlset [<!ENTITY a "b">]><urlset>&a;</urlset>', "document type"),
            (listed((ONE, None)).encode()[:-4], "line 2"),
            (gzip.compress(listed((ONE, None)).encode())[:-9], "end-of-stream"),
            (b"\x1f\x8b" + b"x" * 99, ""),
        ],
        ids=range(8),
    )
    def test_refused_in_one_line(self, body: bytes, reason: str) -> None:
        with pytest.raises(
            ValueError, match=r"\A\S+index.xml is not a sitemap: .{5,200}\Z"
        ) as caught:
            read(body)
        assert reason in str(caught.value)

    @pytest.mark.parametrize("is_packed", [True, False])
    def test_one_that_is_too_large_is_refused(self, *, is_packed: bool) -> None:
        body = b"<urlset>" + b" " * 50_000_000
        with pytest.raises(
            ValueError, match=r"\A\S+index.xml is not a sitemap: .*larger than 16,777,216 bytes.*\Z"
        ):
            read(gzip.compress(body, 1) if is_packed else body)

    def test_packed(self) -> None:
        text = listed((ONE, None)).encode()
        assert read(gzip.compress(text[:90]) + gzip.compress(text[90:])) == read(text)

    def test_the_first_fifty_thousand_are_read(self) -> None:
        text = listed(*((f"/a/b-c-d-{n}/", None) for n in range(MAX_RECORDS + 100)))
        assert len(text) < MAX_BYTES
        found = read(text)
        assert (len(found.entries), found.truncated) == (MAX_RECORDS, True)
        found = read(index(*((f"/post-sitemap{n}.xml", None) for n in range(20_000))))
        assert (len(found.nested), found.truncated) == (sitemap.MAX_NESTED, True)

    @given(st.binary(max_size=300), st.data())
    def test_damage_is_told_or_harmless(self, bad: bytes, data: st.DataObject) -> None:
        body = data.draw(
            st.sampled_from([listed((ONE, "2026-09-12")), index((f"{SITE}/a-1.xml", None))])
        ).encode()
        body = gzip.compress(body, mtime=0) if data.draw(st.booleans()) else body
        at = data.draw(st.integers(0, len(body)))
        try:
            found = read(body[:at] + bad + body[at + data.draw(st.integers(0, 99)) :])
        except ValueError as error:
            assert len(str(error).splitlines()) == 1  # noqa: PT017 - it need not be raised
        else:
            assert len(found.entries) + len(found.nested) <= 1


# The twin


def ask(twin: TwinProcess, path: str) -> bytes:
    connection = HTTPConnection(twin.url.removeprefix("http://"), timeout=HANG)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def fetch(twin: TwinProcess, path: str) -> Sitemap:
    urls = SiteUrls(ALANEWS, twin.url)
    return sitemap.read(ask(twin, path), twin.url + path, urls)


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("metadata", "size", "expected"),
    [("yoast", 1200, ["post-sitemap2.xml", "post-sitemap.xml"]),
     ("none", 2100, ["wp-sitemap-posts-post-2.xml", "wp-sitemap-posts-post-1.xml"])],
)  # fmt: skip
def test_the_twin_s_sitemaps_list_every_article(
    metadata: str, size: int, expected: list[str]
) -> None:
    switches = Switches(metadata=metadata)
    content = Content(size=size)
    cards = [content.card(place) for place in range(size)]
    with TwinProcess(size=size, switches={"metadata": metadata}) as twin:
        path = "/sitemap_index.xml" if metadata == "yoast" else "/wp-sitemap.xml"
        nested = fetch(twin, path).nested
        assert sorted(names(nested), reverse=True) == sorted(expected, reverse=True)
        read = {name: fetch(twin, f"/{name}") for name in expected}
    entries = [entry for name in expected for entry in reversed(read[name].entries)]
    assert [entry.address.url for entry in entries] == [truth.url(card, switches) for card in cards]
    if metadata == "yoast":
        # In seconds: two zones never agree within the hour that comes twice.
        assert [entry.change_marker for entry in entries] == [
            card.modified.timestamp() for card in cards
        ]
        latest = {one.url.rpartition("/")[2]: one.lastmod for one in nested}
        assert latest == {
            name: max(entry.modified for entry in found.entries if entry.modified)
            for name, found in read.items()
        }
        first = read[expected[0]].newest_first[0]
        assert first.modified == latest[expected[0]]
    else:
        assert names(sitemap.unread(nested, {one.url for one in nested})) == expected[:1]
        days = [entry.address.day or "" for entry in read[expected[0]].newest_first]
        assert days == sorted(days, reverse=True)
