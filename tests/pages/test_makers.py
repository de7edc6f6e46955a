"""What made a page: themes by their files, metadata plugins by their marks."""

from __future__ import annotations

import pytest
from lxml import html

from newscrawl.pages.makers import metadata_plugins, themes

PLUGINS = {
    "<!-- This site is optimized with the Yoast SEO plugin v23.5 -->": ["Yoast"],
    '<script type="application/ld+json" class="yoast-schema-graph">{}</script>': ["Yoast"],
    "<!-- Search Engine Optimization by Rank Math - https://rankmath.com/ -->": ["Rank Math"],
    '<script type="application/ld+json" class="rank-math-schema">{}</script>': ["Rank Math"],
    "<!-- All in One SEO 4.5.1 - aioseo.com -->": ["AIOSEO"],
    '<script type="application/ld+json" class="aioseo-schema">{}</script>': ["AIOSEO"],
    '<script type="application/ld+json">{"@type":"article"}</script>': ["JNews"],
    '<script type="application/ld+json">{"@type":"NewsArticle"}</script>': [],
    "<!-- Powered by coffee -->": [],
}


@pytest.mark.parametrize("mark", PLUGINS)
def test_a_metadata_plugin_is_known_by_its_mark(mark: str) -> None:
    page = f"<html><head>{mark}</head><body class='single jeg_single_tpl_1'><p>T</p></body></html>"
    assert metadata_plugins([html.document_fromstring(page)]) == PLUGINS[mark]


def test_json_ld_of_another_theme_is_not_that_of_jnews() -> None:
    page = '<script type="application/ld+json">{"@type":"article"}</script><p>T</p>'
    assert metadata_plugins([html.document_fromstring(page)]) == []


def test_a_child_theme_is_named_beside_its_parent() -> None:
    files = ["jnews/a.js", "jnews/b.css", "jnews-child/style.css"]
    links = "".join(f'<link href="/wp-content/themes/{name}">' for name in files)
    assert themes(html.document_fromstring(f"<head>{links}</head>")) == ["jnews", "jnews-child"]
