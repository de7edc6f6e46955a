"""Feeds: what they say of articles, and what they may not do to the crawler."""

from __future__ import annotations

from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery import feed
from newscrawl.discovery.entries import MAX_ADDRESS, MAX_RECORDS, Entry
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls
from tests.support.waiting import HANG
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

SITE = "https://www.alanews.it"
URL = f"{SITE}/category/esteri/feed/"
URLS = SiteUrls(ALANEWS)
LINK = f"{SITE}/2026/09/12/esteri/un-titolo-lungo/"
SIZE = 150

# As WordPress 6 writes it, shortened.
RSS = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:atom="http://www.w3.org/2005/Atom"
	xmlns:slash="http://purl.org/rss/1.0/modules/slash/">
<channel>
	<title>Esteri &#8211; Alanews</title>
	<atom:link href="{URL}" rel="self" type="application/rss+xml" />
	<link>{SITE}</link>
	<item>
		<title>Un titolo &#8220;lungo&#8221; &#038; altro</title>
		<link>{LINK}?utm_source=rss&#038;utm_medium=rss</link>
		<comments>{LINK}#respond</comments>
		<dc:creator><![CDATA[Anna Rossi]]></dc:creator>
		<pubDate>Fri, 11 Sep 2026 22:30:00 +0000</pubDate>
		<category><![CDATA[Esteri]]></category>
		<guid isPermaLink="false">{SITE}/?p=4711</guid>
		<description><![CDATA[Il riassunto [&#8230;]]]></description>
		<content:encoded><![CDATA[<p>Il testo <a href="/esteri/uno-due-tre/">intero</a>.</p>
<!--EXTRA-->]]></content:encoded>
		<wfw:commentRss>{LINK}feed/</wfw:commentRss>
		<slash:comments>3</slash:comments>
		<!--ITEM-->
	</item>
</channel>
</rss>
"""
ATOM = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0">
	<title type="text">Alanews</title>
	<link rel="alternate" type="text/html" href="{SITE}" />
	<updated>2026-09-13T08:00:00Z</updated>
	<entry>
		<author><name>Anna Rossi</name></author>
		<title type="html"><![CDATA[Un titolo]]></title>
		<link rel="replies" type="text/html" href="{LINK}#comments" thr:count="3" />
		<link rel="alternate" type="text/html" href="{LINK}" />
		<source><title>Altrove</title><updated>2001-01-01T00:00:00Z</updated></source>
		<id>{SITE}/?p=4711</id>
		<updated>2026-09-13T10:00:00+02:00</updated>
		<published>2026-09-11T22:30:00Z</published>
		<summary type="html"><![CDATA[Il riassunto]]></summary>
		<content type="html" xml:base="{LINK}"><![CDATA[<p>Il testo.</p>]]></content>
	</entry>
</feed>
"""


def read(text: str | bytes, urls: SiteUrls = URLS) -> list[Entry]:
    return feed.read(text.encode() if isinstance(text, str) else text, URL, urls)


def item(link: str, inner: str = "") -> str:
    return f"<item><title>Uno</title><link>{link}</link>{inner}</item>"


def channel(*items: str) -> str:
    return f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>"


def change_marker(text: str) -> int:
    (entry,) = read(text)
    assert entry.change_marker is not None
    return entry.change_marker


class TestForms:
    def test_rss(self) -> None:
        (entry,) = read(RSS)
        assert entry.address == URLS.understand(LINK)
        assert entry.published == datetime(2026, 9, 11, 22, 30, tzinfo=UTC)
        assert entry.modified is None
        # The guid is the address at first save, of which nothing may be concluded.
        assert entry.post_id is None
        assert -(2**63) <= (entry.change_marker or 0) < 2**63

    def test_atom(self) -> None:
        (entry,) = read(ATOM)
        assert entry.address.url == LINK
        assert entry.published == datetime(2026, 9, 11, 22, 30, tzinfo=UTC)
        assert entry.modified == datetime(2026, 9, 13, 8, tzinfo=UTC)
        assert change_marker(ATOM.replace("Altrove", "Altrove ancora")) == entry.change_marker

    def test_the_signal_is_the_same_everywhere(self) -> None:
        # It is kept from run to run, so that another way to make it needs a new ledger.
        (entry,) = read(channel(item(LINK)))
        assert entry.change_marker == 3658488854046857186

    def test_order_is_kept_and_each_article_comes_once(self) -> None:
        links = [f"{SITE}/esteri/uno-due-tre/", LINK, f"{LINK}amp/", f"{LINK}?utm_source=x"]
        found = read(channel(*map(item, links)))
        assert [entry.address.url for entry in found] == links[:2]

    @pytest.mark.parametrize(
        "link",
        [
            "",
            "https://www.example.com/2026/09/12/esteri/un-titolo/",
            "https://tv.alanews.it/2026/09/12/un-titolo/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            f"{SITE}/category/esteri/",
            f"{SITE}/2026/09/12/esteri/",
            # Of a feed of comments.
            f"{LINK}#comment-7",
            f"{SITE}//[/./x",
            LINK + "a" * MAX_ADDRESS,
        ],
    )
    def test_what_is_no_article_of_the_site_is_left_out(self, link: str) -> None:
        assert [entry.address.url for entry in read(channel(item(link), item(LINK)))] == [LINK]

    def test_an_empty_feed_is_a_feed(self) -> None:
        assert read(channel()) == []


class TestSignal:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("<slash:comments>3<", "<slash:comments>4<"),
            ("<!--ITEM-->", "<post-views xmlns='com-wordpress:feed-additions:1'>9</post-views>"),
            ("<!--ITEM-->", "<item><title>in einem anderen</title></item>"),
            ("22:30:00 +0000", "22:31:00 +0000"),
            ("/?p=4711", "/?p=4712"),
            ("Anna Rossi", "Bruno Bianchi"),
            ("utm_source=rss", "utm_source=feed"),
            ("<p>Il testo", "<p class='x' data-nonce='8f3a'>Il  testo"),
            ("/uno-due-tre/", "/uno-due-tre/?_wpnonce=8f3a#x"),
            ("<!--EXTRA-->", "<script>var nonce = '8f3a'</script><!-- 0.123 s -->"),
            ("<!--EXTRA-->", "<div class='post-views entry-meta'>Visto da 1.234</div>"),
            ("<!--EXTRA-->", "<div class='kk-star-ratings'>4.2/5 - (5 votes)</div>"),
            ("<!--EXTRA-->", "<p>Visualizzazioni: 1.234</p>"),
            ("<!--EXTRA-->", "<p>12 commenti</p><p>Letto 99 volte.</p>"),
            ("<!--EXTRA-->", "<div class='jeg_ad jeg_ad_article'>ADVERTISEMENT</div>"),
        ],
    )
    def test_what_changes_by_itself_does_not_change_it(self, old: str, new: str) -> None:
        assert old in RSS
        assert change_marker(RSS.replace(old, new)) == change_marker(RSS)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("Un titolo", "Il titolo"),
            ("Il riassunto", "Un riassunto"),
            ("Il testo", "Un testo"),
            ("/uno-due-tre/", "/uno-due-quattro/"),
            ("<!--EXTRA-->", "<p>Tre voti in più per il piano: 12 contro 9.</p>"),
            ("<!--EXTRA-->", "<figure><img src='/wp-content/uploads/a.jpg'></figure>"),
        ],
    )
    def test_what_an_editor_changes_does(self, old: str, new: str) -> None:
        assert change_marker(RSS.replace(old, new)) != change_marker(RSS)

    def test_moving_words_from_title_to_text_changes_it(self) -> None:
        first = channel(item(LINK, "<description>due</description>"))
        assert change_marker(first) != change_marker(
            first.replace("Uno", "").replace("due", "Uno due")
        )

    def test_an_entry_without_words_has_none(self) -> None:
        (entry,) = read(channel(item(LINK).replace("Uno", " ")))
        assert entry.change_marker is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sat, 12 Sep 2026 08:12:00 +0200", datetime(2026, 9, 12, 6, 12, tzinfo=UTC)),
        ("Sat, 12 Sep 2026 06:12:00 GMT", datetime(2026, 9, 12, 6, 12, tzinfo=UTC)),
        ("2026-09-12T06:12:00Z", datetime(2026, 9, 12, 6, 12, tzinfo=UTC)),
        # Without an offset it is no evidence.
        ("Sat, 12 Sep 2026 06:12:00", None),
        ("Sat, 12 Sep 2026 06:12:00 -0000", None),
        ("2026-09-12", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Sat, 32 Sep 2026 06:12:00 +0000", None),
        ("Sat, 12 Sep 99999 06:12:00 +0000", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("Sat, 12 Sep 2026 06:12:00 +99999999", None),
        ("12 settembre 2026", None),
        ("9" * 10_000, None),
        (",", None),
    ],
)
def test_dates(text: str, expected: datetime | None) -> None:
    (entry,) = read(channel(item(LINK, f"<pubDate>{text}</pubDate>")))
    assert entry.published == expected


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


class TestHostile:
    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (b"", "empty"),
            (b"\xef\xbb\xbf \n", "empty"),
            (b"non XML", "Start tag expected"),
            (b'{"code": "rest_no_route"}', "Start tag expected"),
            (b"<!DOCTYPE html><html><body>Errore<br></html>", "it is a web page"),
            (b"<html><head><title>Just a moment...</title></head></html>", "it is a web page"),
            (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "it is a web page"),
            (b"<rss><channel><item>", "Premature end"),
            (channel(item(LINK)).encode()[:-9], "line 1"),
            (b"<rss>&nbsp;</rss>", "Entity 'nbsp' not defined"),
            (b"<rss>&#0;</rss>", "invalid xmlChar"),
            (b'<feed xmlns="http://www.example.com/Atom"/>', "its root is <{http://www.example"),
            (b"<RDF/>", "its root is <RDF>"),
            (f'<!DOCTYPE r [<!ENTITY a0 "ah">{LAUGHS}]><rss>&a9;</rss>'.encode(), "document type"),
            (f'<!DOCTYPE r [<!ENTITY a0 "ah">{LAUGHS}]><rss a="&a9;"/>'.encode(), "document type"),
            (
                b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>',
                "document type",
            ),
            (b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd"><rss/>', "document type"),
            ('<!DOCTYPE r [<!ENTITY a "b">]><rss/>'.encode("utf-16"), ""),
            (b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE r []><rss/>', ""),
            (b'<?xml version="1.0" encoding="x-unknown"?><rss/>', "encoding"),
            (b"<rss>" + b"<a>" * 5_000, "Excessive depth"),
            (b"<rss>" + b"<a/>" * 1_000_001 + b"</rss>", "more than 1,000,000 elements"),
            (b"<rss>" + b" " * 50_000_000 + b"</rss>", "larger than 4,194,304 bytes"),
        ],
        ids=range(23),
    )
    def test_refused_in_one_line(self, body: bytes, reason: str) -> None:
        with pytest.raises(ValueError, match=r"\A\S+/feed/ is not a feed: .{5,200}\Z") as caught:
            read(body)
        assert reason in str(caught.value)

    def test_what_plugins_leave_behind_is_mended(self) -> None:
        body = b"\n\xef\xbb\xbf\n" + RSS.encode().replace(
            b"Un titolo", b"Un\x0b ti\xfftolo \x00\xe2\x82"
        )
        (entry,) = read(body)
        assert entry.address.url == LINK

    def test_another_encoding_is_read_as_declared(self) -> None:
        text = channel(item(LINK)).replace("Uno", "Perché")
        old = '<?xml version="1.0" encoding="ISO-8859-1"?>' + text
        assert read(old.encode("latin-1")) == read(text)

    def test_a_document_type_in_the_words_is_words(self) -> None:
        code = "<description><![CDATA[<!DOCTYPE html><p>Ecco</p>]]></description>"
        assert len(read(channel(item(LINK, code)))) == 1

    @pytest.mark.parametrize("piece", ["<b>", "<p>", "<table><a>", "<", "&", "<!--", "1 ", "<a x"])
    def test_words_of_any_size(self, piece: str) -> None:
        inner = f"<description><![CDATA[{piece * (1_000_000 // len(piece))}]]></description>"
        assert len(read(channel(item(LINK, inner)))) == 1

    def test_the_first_of_very_many_items_are_read(self) -> None:
        short = "<item><link>/a/b-c-d-{}/</link></item>".format
        found = read(channel(*map(short, range(MAX_RECORDS + 1000))))
        assert len(found) == MAX_RECORDS

    @given(st.binary(max_size=300), st.sampled_from([RSS.encode(), ATOM.encode()]), st.data())
    def test_damage_is_told_or_harmless(self, bad: bytes, body: bytes, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(body)))
        cut = data.draw(st.integers(0, 300))
        try:
            found = read(body[:at] + bad + body[at + cut :])
        except ValueError as error:
            assert len(str(error).splitlines()) == 1  # noqa: PT017 - it need not be raised
        else:
            assert {entry.address.url.startswith(SITE) for entry in found} <= {True}


# The twin


def ask(twin: TwinProcess, path: str) -> bytes:
    connection = HTTPConnection(twin.url.removeprefix("http://"), timeout=HANG)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.mark.e2e
def test_the_twin_s_feeds_are_read_as_it_knows_them() -> None:
    content, switches = Content(size=SIZE), Switches()
    with TwinProcess(size=SIZE) as twin, TwinProcess(size=SIZE) as elsewhere:
        urls = SiteUrls(ALANEWS, twin.url)
        for page in (1, 2):
            asked = feed.address(None, page)
            found = feed.read(ask(twin, asked), twin.url + asked, urls)
            cards = [content.card(place) for place in range(20 * page - 20, 20 * page)]
            assert [(entry.address.url, entry.published) for entry in found] == [
                (truth.url(card, switches), card.published) for card in cards
            ]
            assert len({entry.change_marker for entry in found}) == len(found)
            # Another port is another text, and yet the same words.
            other = SiteUrls(ALANEWS, elsewhere.url)
            assert feed.read(ask(elsewhere, asked), elsewhere.url + asked, other) == found
        asked = feed.address(f"{SITE}/category/sport/").removeprefix(SITE)
        sport = feed.read(ask(twin, asked), twin.url + asked, urls)
        places = content.category("sport")[:20]
        assert [entry.address.url for entry in sport] == [
            truth.url(content.card(place), switches) for place in places
        ]
        known = {entry.address.url: entry for entry in found + sport}
        whole = feed.read(ask(twin, "/feed/"), f"{twin.url}/feed/", urls)
        both = [entry for entry in whole if entry.address.url in known]
        assert both
        assert all(entry == known[entry.address.url] for entry in both)
        # An article's own feed has comments.
        own = content.card(0)
        asked = f"{truth.url(own, switches).removeprefix(SITE)}feed/"
        assert feed.read(ask(twin, asked), twin.url + asked, urls) == []
