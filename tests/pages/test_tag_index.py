"""A page's own elements are those of its head and body, also behind an early end of the page."""

from __future__ import annotations

from newscrawl.pages import page_tree
from newscrawl.pages.base_url import document_base
from newscrawl.pages.identity import PageIdentity
from newscrawl.pages.structured import Meta
from newscrawl.pages.tag_index import TagIndex, page_parts
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls

HERE = "https://www.alanews.it/esteri/un-titolo-qui/"
PAGE = (
    b"<html><head><meta name=a content=1><link rel=shortlink href=/?p=1></head><body>"
    b"<div><meta name=b content=2><link rel=shortlink href=/?p=2><area href=/x></div>"
    b"<meta name=c content=3><link rel=b href=/b><area href=/y></body></html>"
    b"<html><head><meta name=d content=4><link rel=c href=/c>"
    b"<base href='https://cdn.example/'></head>"
    b"<body><div class='wp-embed'>e</div><p><meta name=e content=5></p><footer>f</footer>"
)


def test_metas_and_links_within_other_elements_are_not_those_of_the_page() -> None:
    tags = TagIndex(page_tree.parse(PAGE))
    assert [meta.get("name") for meta in tags.metas] == ["a", "c", "d"]
    assert [link.get("href") for link in tags.document_links] == ["/?p=1", "/b", "/c"]
    assert [link.get("href") for link in tags.links] == ["/?p=1", "/?p=2", "/x", "/b", "/y"]
    assert [footer.text for footer in tags.footers] == ["f"]


def test_what_follows_an_early_end_of_the_page_counts() -> None:
    root = page_tree.parse(PAGE)
    assert len(page_parts(root, "body")) == 2
    assert document_base(root, HERE) == "https://cdn.example/"
    identity = PageIdentity(root, HERE, SiteUrls(ALANEWS), Meta(root))
    assert identity.not_article_reason() == "embed"
    assert identity.post_id == 1
