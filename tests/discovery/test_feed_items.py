"""Items of a feed as records of posts."""

from __future__ import annotations

import pytest

from newscrawl.discovery import feed_items
from newscrawl.pages.rest_article import RestArticle
from newscrawl.sites.example import EXAMPLE
from newscrawl.urls import SiteUrls

URLS = SiteUrls(EXAMPLE, None)
ADDRESS = "https://www.example.it/2026/11/23/esteri/un-titolo/"
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Esempio</title>
<item><title>Un titolo &amp;amp; mezzo</title><link>{link}</link>
<dc:creator><![CDATA[Anna Bruni]]></dc:creator><pubDate>Mon, 23 Nov 2026 09:00:05 +0000</pubDate>
<category><![CDATA[Esteri]]></category><category><![CDATA[dazi &amp; Cina]]></category>
<content:encoded><![CDATA[<p>Uno.</p><p>Due.</p>{more}]]></content:encoded></item>
</channel></rss>"""
FOOTER = '<p>L’articolo <a href="#">Un titolo &amp; mezzo</a> proviene da <a href="#">X</a>.</p>'


@pytest.mark.parametrize("more", ["", FOOTER])
def test_an_item_states_headline_author_time_names_and_text(more: str) -> None:
    body = FEED.format(link=f"{ADDRESS}?utm_source=rss", more=more).encode()
    items = feed_items.read(body, "https://www.example.it/feed/", URLS)
    assert [*items] == [ADDRESS]
    draft = RestArticle(*items[ADDRESS], URLS).draft()
    article = draft.article
    assert (article.headline, article.body) == ("Un titolo & mezzo", "Uno.\n\nDue.")
    assert [author.name for author in article.authors] == ["Anna Bruni"]
    assert article.keywords == ["Esteri", "dazi & Cina"]
    (date,) = draft.dates
    assert (date.field, date.raw, date.is_utc) == ("published", "2026-11-23T09:00:05", True)


@pytest.mark.parametrize(
    "link",
    ["", "https://altrove.example/2026/11/23/esteri/a-b/", f"{ADDRESS}#comment-7", "http://["],
)
def test_items_of_other_addresses_are_left_out(link: str) -> None:
    assert feed_items.read(FEED.format(link=link, more="").encode(), ADDRESS, URLS) == {}


def test_a_page_is_no_feed() -> None:
    with pytest.raises(ValueError, match="is not a feed: it is a web page"):
        feed_items.read(b"<!DOCTYPE html><html></html>", ADDRESS, URLS)
