"""The text of a post: its nodes as the editor's HTML, and what plugins put between them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from twin.theme import escape

if TYPE_CHECKING:
    from twin.model import Film, Node, Picture, Post
    from twin.theme.site import Site

_GAP = "\n\n\n\n"
"""The block editor leaves three empty lines between blocks."""
_PARAGRAPHS = frozenset({"paragraph", "readalso", "notice"})
_LARGE = 1024

_BUILDER = (
    '<div class="vc_row wpb_row vc_row-fluid"><div class="wpb_column vc_column_container'
    ' vc_col-sm-12"><div class="vc_column-inner"><div class="wpb_wrapper">'
    '<div class="wpb_text_column wpb_content_element"><div class="wpb_wrapper">'
)


def _image(site: Site, picture: Picture, *, linked: bool) -> str:
    full = site.image(picture)
    width, height, file, srcset = picture.width, picture.height, full, ""
    if picture.width > _LARGE:
        width, height = _LARGE, round(picture.height * _LARGE / picture.width)
        file = site.resized(picture, width, height)
        small = site.resized(picture, 300, round(picture.height * 300 / picture.width))
        srcset = f"{full} {picture.width}w, {small} 300w, {file} {width}w"
    lazy = site.switches.images == "lazy"
    name = "data-src" if lazy else "src"
    sources = f'src="{site.empty_image}" data-src="{file}"' if lazy else f'src="{file}"'
    if srcset:
        sources += f' {name}set="{srcset}" sizes="(max-width: {width}px) 100vw, {width}px"'
    kind = f"wp-image-{picture.width}{' lazyload' if lazy else ''}"
    tag = (
        f'<img decoding="async" loading="lazy" width="{width}" height="{height}" {sources}'
        f' alt="{escape.attr(picture.alt)}" class="{kind}" />'
    )
    if linked:
        tag = f'<a href="{full}">{tag}</a>'
    caption = picture.caption_text or ""
    line = f'<figcaption class="wp-element-caption">{escape.html(caption)}</figcaption>'
    return f'<figure class="wp-block-image size-large">{tag}{line if caption else ""}</figure>'


def _film(film: Film) -> str:
    url = escape.attr(film.url)
    if film.kind == "mp4":
        return f'<figure class="wp-block-video"><video controls src="{url}"></video></figure>'
    if film.kind == "url":
        kind, inner = "is-type-rich", url
    else:
        kind = f"is-type-video is-provider-{film.kind} wp-block-embed-{film.kind}"
        title = f' title="{escape.attr(film.title)}"' if film.title is not None else ""
        inner = (
            f'<iframe loading="lazy"{title} width="500" height="281" src="{url}"'
            ' frameborder="0" allowfullscreen></iframe>'
        )
    return (
        f'<figure class="wp-block-embed {kind}"><div class="wp-block-embed__wrapper">\n'
        f"{inner}\n</div></figure>"
    )


def _quote(site: Site, node: Node) -> str:
    cite = f"<cite>{escape.html(node.cite)}</cite>" if node.cite is not None else ""
    return f'<blockquote class="wp-block-quote"><p>{site.resolve(node.html)}</p>{cite}</blockquote>'


def _tweet(site: Site, node: Node) -> str:
    film = node.film
    link = f' <a href="{escape.attr(film.url)}">{escape.html(film.title or "")}</a>' if film else ""
    return (
        f'<blockquote class="twitter-tweet"><p lang="it" dir="ltr">{site.resolve(node.html)}</p>\n'
        f"— {escape.html(node.cite or '')}{link}</blockquote>"
        '<script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>'
    )


def _table(node: Node) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape.html(cell)}</td>" for cell in row.split("\t")) + "</tr>"
        for row in node.items
    )
    return f'<figure class="wp-block-table"><table><tbody>{rows}</tbody></table></figure>'


def node_html(site: Site, node: Node) -> str:
    """Return one node as docs/twin.md says it is printed."""
    kind = node.kind
    if kind in _PARAGRAPHS:
        return f"<p>{site.resolve(node.html)}</p>"
    if kind == "heading":
        level = node.level or 2
        return f'<h{level} class="wp-block-heading">{site.resolve(node.html)}</h{level}>'
    if kind == "list":
        items = "".join(f"<li>{site.resolve(item)}</li>\n" for item in node.items)
        return f"<ul>\n{items}</ul>"
    if kind == "quote":
        return _quote(site, node)
    if kind == "image" and node.picture:
        return _image(site, node.picture, linked=node.html == "linked")
    if kind == "video" and node.film:
        return _film(node.film)
    if kind == "tweet":
        return _tweet(site, node)
    if kind == "table":
        return _table(node)
    raise ValueError(f"unknown node: {node}")


def _old_editor(site: Site, nodes: tuple[Node, ...]) -> list[tuple[str, str]]:
    """Join runs of paragraphs into one, parted by two br."""
    pieces: list[tuple[str, str]] = []
    for plain, run in groupby(nodes, key=lambda node: node.kind == "paragraph"):
        if plain:
            text = "<br />\n<br />\n".join(site.resolve(node.html) for node in run)
            pieces.append(("paragraph", f"<p>{text}</p>"))
        else:
            pieces += [(node.kind, node_html(site, node)) for node in run]
    return pieces


def _toc(nodes: tuple[Node, ...]) -> str:
    entries = "".join(
        f"<li class='ez-toc-page-1 ez-toc-heading-level-{node.level or 2}'><a class=\"ez-toc-link"
        f' ez-toc-heading-{number}" href="#sezione-{number}">{node.html}</a></li>'
        for number, node in enumerate((n for n in nodes if n.kind == "heading"), 1)
    )
    return (
        '<div id="ez-toc-container" class="ez-toc-v2_0_69 counter-hierarchy ez-toc-counter'
        ' ez-toc-grey ez-toc-container-direction">\n<div class="ez-toc-title-container">\n'
        '<p class="ez-toc-title">Indice</p>\n<span class="ez-toc-title-toggle"></span></div>\n'
        f"<nav><ul class='ez-toc-list ez-toc-list-level-1 '>{entries}</ul></nav></div>"
    )


def _ad(number: int) -> str:
    return (
        f'<div class="jeg_ad jeg_ad_article jnews_content_inline_{number}_ads  ">'
        "<div class='ads-wrapper align-center '><div class=\"ads_google_ads\">\n"
        f"<style type='text/css' scoped>.adsslot_{number}{{ width:728px !important; }}</style>\n"
        f'<ins class="adsbygoogle adsslot_{number}" style="display:inline-block;"></ins>\n'
        "<script></script></div><div class='ads-text'>ADVERTISEMENT</div></div></div>"
    )


_STARS = (
    '<div class="kk-star-ratings kksr-auto kksr-align-left kksr-valign-bottom">'
    '<div class="kksr-stars"><div class="kksr-stars-inactive"><div class="kksr-star"></div></div>'
    '</div><div class="kksr-legend">4.2/5 - (5 votes)</div></div>'
)


def plain(site: Site, nodes: tuple[Node, ...]) -> str:
    """Return the text as the editor stored it; REST and feeds print it so."""
    return "\n" + _GAP.join(node_html(site, node) for node in nodes) + "\n"


def content(site: Site, post: Post, nodes: tuple[Node, ...], related: str) -> str:
    """Return the text as the page shows it; `related` comes after the second paragraph."""
    cases = post.edge_cases
    if "br-body" in cases:
        pieces = _old_editor(site, nodes)
    else:
        pieces = [(node.kind, node_html(site, node)) for node in nodes]
    paragraphs = sum(kind in _PARAGRAPHS for kind, _ in pieces)
    toc = _toc(nodes) if "toc" in cases else ""
    shown: list[str] = []
    count = 0
    for kind, text in pieces:
        if kind == "heading" and toc:
            shown.append(toc)
            toc = ""
        if kind in _PARAGRAPHS:
            count += 1
        shown.append(text)
        if kind in _PARAGRAPHS and count == 2 and paragraphs > 2:
            shown[-1] += related
        if kind in _PARAGRAPHS and count in (1, 3) and "ads" in cases:
            shown.append(_ad(count))
    if "stars" in cases:
        shown.append(_STARS)
    if "builder" in cases:
        return "\n" + "\n".join(f"{_BUILDER}{text}{'</div>' * 6}" for text in shown) + "\n"
    return "\n" + _GAP.join(shown) + "\n"


def password_form(site: Site, post: Post) -> str:
    """Return what stands in place of a protected text."""
    box = f"pwbox-{post.id}"
    action = site.url("/wp-login.php?action=postpass")
    return f"""<form action="{action}" class="post-password-form" method="post">
<p>This content is password protected. To view it please enter your password below:</p>
<p><label for="{box}">Password: <input name="post_password" id="{box}" type="password" size="20" />\
</label> <input type="submit" name="Submit" value="Enter" /></p>
</form>"""
