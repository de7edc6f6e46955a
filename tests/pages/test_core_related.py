"""Boxes of other articles as plugins and themes print them: read, and never part of the text."""

from __future__ import annotations

import pytest

from newscrawl import extract

SITE = "https://giornale.example"
TEXT = (
    "<p>Il ponte sul fiume ha riaperto dopo otto mesi di lavori, con un mese di anticipo.</p>"
    "<p>La circolazione dei mezzi pesanti resta vietata fino alla fine di gennaio, si legge.</p>"
)
PAGE = """<html lang="it"><head><title>Il ponte riapre - Giornale</title>
<meta name="generator" content="WordPress 6.7"></head>
<body class="post-template-default single single-post postid-7"><main>
<article id="post-7" class="post-7 post type-post hentry"><header class="entry-header">
<h1 class="entry-title">Il ponte riapre</h1><time class="entry-date published"
datetime="2026-11-20T10:00:00+01:00">20 Novembre 2026</time></header>
<div class="entry-content">{text}{within}</div></article>{behind}</main>
<footer class="site-footer"><p>Giornale</p></footer></body></html>"""
A, B = f"{SITE}/cronaca/lavori-al-ponte-vecchio/", f"{SITE}/cronaca/la-strada-chiusa-per-frana/"
ALT = "Il ponte vecchio"
MOMENT = "2026-11-02T09:00:00+01:00"
TITLE_A, TITLE_B = "Lavori al ponte vecchio", "La strada chiusa per frana"

JETPACK = f"""<div id='jp-relatedposts' class='jp-relatedposts' style="display: block;">
<h3 class="jp-relatedposts-headline"><em>Correlati</em></h3>
<div class="jp-relatedposts-items jp-relatedposts-items-visual jp-relatedposts-grid">
<div class="jp-relatedposts-post jp-relatedposts-post0" data-post-id="3">
<a class="jp-relatedposts-post-a" href="{A}?relatedposts_hit=1&amp;relatedposts_origin=7" title="x">
<img class="jp-relatedposts-post-img" src="/a.jpg" alt="Il ponte vecchio"></a>
<h4 class="jp-relatedposts-post-title"><a class="jp-relatedposts-post-a"
href="{A}">{TITLE_A}</a></h4>
<p class="jp-relatedposts-post-excerpt">Parole di un altro articolo sui lavori.</p>
<time class="jp-relatedposts-post-date" datetime="2026-11-02">2 Novembre 2026</time>
<p class="jp-relatedposts-post-context">In "Cronaca"</p></div>
<div class="jp-relatedposts-post"><h4 class="jp-relatedposts-post-title">
<a class="jp-relatedposts-post-a" href="{B}">{TITLE_B}</a></h4></div></div></div>"""
JETPACK_BLOCK = f"""<nav class="jp-relatedposts-i2 wp-block-jetpack-related-posts"><ul
class="jp-related-posts-i2__list" role="list"><li class="jp-related-posts-i2__post">
<a id="r-1" href="{A}" class="jp-related-posts-i2__post-link">{TITLE_A}</a>
<dl class="jp-related-posts-i2__post-defs"><dt>Data</dt><dd
class="jp-related-posts-i2__post-date">2 Novembre 2026</dd></dl></li>
<li class="jp-related-posts-i2__post"><a href="{B}">{TITLE_B}</a></li></ul></nav>"""
YARPP = f"""<div class='yarpp yarpp-related yarpp-related-website yarpp-template-list'>
<h3>Articoli correlati:</h3><ol><li><a href="{A}" rel="bookmark" title="{TITLE_A}">{TITLE_A}</a>
<small>Parole di un altro articolo.</small></li>
<li><a href="{B}" rel="bookmark">{TITLE_B}</a></li></ol></div>"""
YARPP_PICTURES = f"""<div class='yarpp yarpp-related yarpp-template-thumbnails'>
<h3>Articoli correlati:</h3><div class="yarpp-thumbnails-horizontal">
<a class='yarpp-thumbnail' rel='norewrite' href='{A}' title='{TITLE_A}'>
<img src="/a.jpg" alt="Il ponte vecchio"/><span class="yarpp-thumbnail-title">{TITLE_A}</span></a>
<a class='yarpp-thumbnail' href='{B}' title='{TITLE_B}'><span
class="yarpp-thumbnail-default"></span><span class="yarpp-thumbnail-title">{TITLE_B}</span></a>
</div></div>"""
CONTEXTUAL = f"""<div class="crp_related crp-rounded-thumbs"><h3>Post correlati:</h3><ul>
<li><a href="{A}" class="crp_link post-3"><figure><img class="crp_thumb" src="/a.jpg"
alt="Il ponte vecchio"></figure><span class="crp_title">{TITLE_A}</span></a></li>
<li><a href="{B}" class="crp_link post-4"><span class="crp_title">{TITLE_B}</span></a></li></ul>
<div class="crp_clear"></div></div>"""
THEME = f"""<section class="related-posts"><h2>Potrebbe interessarti</h2>
<article class="post-3 post type-post"><a href="{A}"><img src="/a.jpg" alt="Il ponte vecchio"></a>
<span class="cat-links"><a href="/category/cronaca/" rel="category tag">Cronaca</a></span>
<h3 class="entry-title"><a href="{A}">{TITLE_A}</a></h3>
<time class="entry-date" datetime="2026-11-02T09:00:00+01:00">2 Novembre</time>
<p>Parole di un altro articolo.</p><a class="more-link" href="{A}">Leggi tutto</a></article>
<article class="post-4 post type-post"><h3><a href="{B}">{TITLE_B}</a></h3></article></section>"""
QUERY = f"""<div class="wp-block-group alignwide"><h2 class="wp-block-heading">{{label}}</h2>
<div class="wp-block-query"><ul class="wp-block-post-template">
<li class="wp-block-post post-3 post type-post"><figure class="wp-block-post-featured-image">
<a href="{A}"><img src="/a.jpg" alt="Il ponte vecchio"></a></figure>
<h3 class="wp-block-post-title"><a href="{A}">{TITLE_A}</a></h3>
<div class="wp-block-post-date"><time datetime="{MOMENT}">2 Novembre 2026</time></div>
<div class="wp-block-post-excerpt"><p>Parole di un altro articolo.</p></div></li>
<li class="wp-block-post post-4 post type-post"><h3 class="wp-block-post-title">
<a href="{B}">{TITLE_B}</a></h3></li></ul></div></div>"""
SIBLINGS = f"""<h3>Leggi anche</h3><div class="wp-block-query"><ul><li><a href="{A}">{TITLE_A}</a>
</li><li><a href="{B}">{TITLE_B}</a></li></ul></div>
<h3>Gli autori</h3><ul><li><a href="/cronaca/un-altro-articolo-lontano/">Un altro</a></li></ul>"""

# Date, alternative text of the picture, label of the first post.
BOXES = {
    "jetpack": (JETPACK, "2026-11-02", ALT, None),
    "jetpack block": (JETPACK_BLOCK, "2026-11-02", None, None),
    "yarpp": (YARPP, None, None, None),
    "yarpp pictures": (YARPP_PICTURES, None, ALT, None),
    "contextual": (CONTEXTUAL, None, ALT, None),
    "theme": (THEME, MOMENT, ALT, "Cronaca"),
    "query": (QUERY.format(label="Leggi anche"), MOMENT, ALT, None),
    "english query": (QUERY.format(label="Related"), MOMENT, ALT, None),
    "siblings": (SIBLINGS, None, None, None),
}  # fmt: skip
_INSERTED = ("jetpack", "jetpack block", "yarpp", "yarpp pictures", "contextual", "theme")
"""Boxes that plugins also insert into the text."""


@pytest.mark.parametrize(
    ("name", "place"),
    [*((name, "behind") for name in BOXES), *((name, "within") for name in _INSERTED)],
)
def test_a_box_is_read_and_is_not_part_of_the_text(name: str, place: str) -> None:
    box, date, alt, label = BOXES[name]
    parts = {"within": "", "behind": "", place: box}
    article = extract(PAGE.format(text=TEXT, **parts), f"{SITE}/cronaca/il-ponte-riapre/")
    assert article is not None
    without = extract(PAGE.format(text=TEXT, within="", behind=""), article.url)
    assert without is not None
    assert without.related == []
    assert (article.body, article.links) == (without.body, without.links)
    assert [(post.position, post.url, post.headline) for post in article.related] == [
        (1, A, TITLE_A),
        (2, B, TITLE_B),
    ]
    first = article.related[0]
    assert (first.date_published, first.image_alt, first.section) == (date, alt, label)
    assert article.provenance["related"] == "visible"


NOT_RELATED = {
    # The newest articles of the site, under a heading that does not say more.
    "more posts": QUERY.format(label="Altri articoli"),
    "navigation": f'<nav class="post-navigation"><a href="{A}">{TITLE_A}</a></nav>',
    "sidebar": f'<aside class="widget-area"><h3>Articoli recenti</h3><a href="{A}">A</a></aside>',
    "no posts": '<div class="related-posts"><a href="/tag/ponte/">ponte</a></div>',
    "itself": '<div class="related-posts"><a href="/cronaca/il-ponte-riapre/">Il ponte</a></div>',
    "other sites": '<div class="related-posts"><a href="https://other.example/a-b-c/">A</a></div>',
    "empty": "<div id='jp-relatedposts' class='jp-relatedposts'></div><h3>Leggi anche</h3>",
}


@pytest.mark.parametrize("name", NOT_RELATED)
def test_what_is_not_such_a_box_is_not_related(name: str) -> None:
    page = PAGE.format(text=TEXT, within="", behind=NOT_RELATED[name])
    article = extract(page, f"{SITE}/cronaca/il-ponte-riapre/")
    assert article is not None
    assert article.related == []


def test_the_text_of_a_theme_that_calls_all_of_it_related_is_read() -> None:
    page = PAGE.format(text=TEXT, within="", behind="").replace("<main>", '<main class="related">')
    article = extract(page, f"{SITE}/cronaca/il-ponte-riapre/")
    assert article is not None
    assert article.related == []


def test_boxes_have_an_end() -> None:
    links = "".join(
        f'<li><a href="/cronaca/articolo-numero-{n}/">N {n}</a></li>' for n in range(99)
    )
    page = PAGE.format(text=TEXT, within="", behind=f'<ul class="related-posts">{links}</ul>')
    article = extract(page, f"{SITE}/cronaca/il-ponte-riapre/")
    assert article is not None
    assert len(article.related) == 30
