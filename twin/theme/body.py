"""The text of a post: its nodes as the editor's HTML, and what plugins put between them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from twin import addresses
from twin.sections import BY_SLUG
from twin.theme.blocks import Block, block_id
from twin.theme.rendering import macros

if TYPE_CHECKING:
    from twin.model import Node, Post
    from twin.theme.site import Site

RELATED_POSTS = 6
INLINE_POSTS = 3
_GAP = "\n\n\n\n"
"""The block editor leaves three empty lines between blocks."""
_PARAGRAPHS = frozenset({"paragraph", "readalso", "notice"})


def node_html(site: Site, node: Node) -> str:
    """Return one node as twin/README.md says it is printed."""
    nodes = macros("nodes.html")
    text: str
    if node.kind in _PARAGRAPHS:
        text = nodes.paragraph(site.resolve(node.html))
    else:
        text = getattr(nodes, node.kind)(site, node)
    return text


def plain(site: Site, nodes: tuple[Node, ...]) -> str:
    """Return the text as the editor stored it; REST and feeds print it so."""
    return "\n" + _GAP.join(node_html(site, node) for node in nodes) + "\n"


def password_form(site: Site, post: Post) -> str:
    """Return what stands in place of a protected text."""
    form: str = macros("nodes.html").password_form(site, post)
    return form


def _related(site: Site, post: Post) -> dict[str, Any]:
    if site.switches.related == "tag":
        ids = site.index.tag_ids
        names = [str(ids[addresses.slugify(name)]) for name in post.tags]
        return {"exclude_post": post.id, "include_tag": ",".join(names)}
    names = [str(BY_SLUG[slug].id) for slug in post.categories]
    return {"exclude_post": post.id, "include_category": ",".join(names)}


def related_block(site: Site, post: Post) -> Block | None:
    """Return the Related Posts box: the newest of the same category or tags."""
    if site.switches.related == "off":
        return None
    number = {"number_post": RELATED_POSTS, "pagination_number_post": RELATED_POSTS}
    title = {"first_title": "Related", "second_title": " Posts", "boxed": "", "boxed_shadow": ""}
    return Block(
        block_id(post.id, 0),
        "jnews_block_22",
        site.related(post, RELATED_POSTS),
        {**title, **number, "pagination_scroll_limit": 3, **_related(site, post)},
        columns="jeg_col_3o3",
        heading=("Related", " Posts"),
    )


def _inline_box(site: Site, post: Post) -> str:
    """Return the box that the theme puts after the second paragraph."""
    if not site.switches.inline_related:
        return ""
    number = {"number_post": INLINE_POSTS, "pagination_number_post": INLINE_POSTS}
    block = Block(
        block_id(post.id, 0),
        "jnews_block_29",
        site.related(post, INLINE_POSTS),
        {"first_title": "Related", "second_title": "Posts", **number, **_related(site, post)},
        mode="nextprev",
        columns="jeg_col_3o3",
        heading=("Related", "Posts"),
    )
    box: str = macros("related.html").inline_box(site, block)
    return box


def _pieces(site: Site, post: Post, nodes: tuple[Node, ...]) -> list[tuple[str, str]]:
    """Return kind and HTML of each node; the old editor joins runs of paragraphs."""
    if "br-body" not in post.edge_cases:
        return [(node.kind, node_html(site, node)) for node in nodes]
    pieces: list[tuple[str, str]] = []
    for joined, run in groupby(nodes, key=lambda node: node.kind == "paragraph"):
        if joined:
            texts = [site.resolve(node.html) for node in run]
            pieces.append(("paragraph", macros("nodes.html").old_editor(texts)))
        else:
            pieces += [(node.kind, node_html(site, node)) for node in run]
    return pieces


def article_text(site: Site, post: Post, part: int) -> str:
    """Return a page of the text as it lies in .content-inner."""
    nodes, cases, plugins = post.pages[part - 1], post.edge_cases, macros("nodes.html")
    pieces = _pieces(site, post, nodes)
    paragraphs = sum(kind in _PARAGRAPHS for kind, _ in pieces)
    headings = [node for node in nodes if node.kind == "heading"] if "toc" in cases else []
    shown: list[str] = []
    count = 0
    for kind, text in pieces:
        if kind == "heading" and headings:
            shown.append(plugins.table_of_contents(headings))
            headings = []
        shown.append(text)
        if kind not in _PARAGRAPHS:
            continue
        count += 1
        if count == 2 and paragraphs > 2:
            shown[-1] += _inline_box(site, post)
        if count in (1, 3) and "ads" in cases:
            shown.append(plugins.advertisement(count))
    if "stars" in cases:
        shown.append(plugins.stars())
    if "builder" in cases:
        return "\n" + "\n".join(map(plugins.builder, shown)) + "\n"
    return "\n" + _GAP.join(shown) + "\n"


def is_scripted(site: Site, post: Post) -> bool:
    """Return whether a post's page holds its text only once a script has run."""
    return site.switches.script_pages and (post.format == "video" or len(post.pages) > 1)
