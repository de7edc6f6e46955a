"""Related Posts: the newest of the same category or tags, below and within an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin import addresses
from twin.sections import BY_SLUG
from twin.theme import blocks, cards, pager

if TYPE_CHECKING:
    from twin.model import Card, Post
    from twin.theme.site import Site

NUMBER = 6
INLINE_NUMBER = 3


def query(site: Site, post: Post) -> dict[str, Any]:
    """Return the attributes that say which posts are related."""
    if site.switches.related == "tag":
        ids = site.index.tag_ids
        names = [str(ids[addresses.slugify(name)]) for name in post.tags]
        return {"exclude_post": post.id, "include_tag": ",".join(names)}
    names = [str(BY_SLUG[slug].id) for slug in post.categories]
    return {"exclude_post": post.id, "include_category": ",".join(names)}


def posts(site: Site, post: Post) -> list[Card]:
    """Return the cards of the box: newest first, never the post itself."""
    return site.related(post, NUMBER)


def box(site: Site, post: Post, mode: str = "disable") -> str:
    """Return the Related Posts box."""
    if site.switches.related == "off":
        return '<div class="jnews_related_post_container"></div>'
    found = "".join(site.card("related", card) for card in posts(site, post))
    module = blocks.name(post.id, 0)
    inner = f"""<div class="jeg_posts_wrap">
                    <div class="jeg_posts jeg_load_more_flag">
                        {found}
                    </div>
                </div>"""
    number = {"number_post": NUMBER, "pagination_number_post": NUMBER, "pagination_scroll_limit": 3}
    title = {"first_title": "Related", "second_title": " Posts", "boxed": "", "boxed_shadow": ""}
    block = blocks.block(
        blocks.Block(
            module,
            "jnews_block_22",
            inner,
            {**title, **number, **query(site, post)},
            mode=mode,
            pager="" if mode == "disable" else pager.scripted(mode, before=False, after=True),
            title=blocks.heading("Related", " Posts"),
            columns="jeg_col_3o3",
        )
    )
    return f'<div class="jnews_related_post_container">{block}</div>'


def inline(site: Site, post: Post) -> str:
    """Return the box that the theme puts after the second paragraph."""
    if not site.switches.inline_related:
        return ""
    found = "".join(cards.inline(site, card) for card in site.related(post, INLINE_NUMBER))
    inner = f"""<div class="jeg_posts ">
                    <div class="jeg_postsmall jeg_load_more_flag">
                        {found}
                    </div>
                </div>"""
    number = {"number_post": INLINE_NUMBER, "pagination_number_post": INLINE_NUMBER}
    title = {"first_title": "Related", "second_title": "Posts"}
    block = blocks.block(
        blocks.Block(
            blocks.name(post.id, 0),
            "jnews_block_29",
            inner,
            {**title, **number, **query(site, post)},
            mode="nextprev",
            pager=pager.scripted("nextprev", before=False, after=True),
            title=blocks.heading("Related", "Posts"),
            columns="jeg_col_3o3",
        )
    )
    return f"""<div class='jnews_inline_related_post_wrapper left half'>
                        <div class='jnews_inline_related_post'>
                {block}
            </div>
                    </div>"""
