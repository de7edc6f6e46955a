"""Cards: one post in a list, in the forms of JNews's blocks and hero."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.theme import escape, pictures

if TYPE_CHECKING:
    from twin.model import Card
    from twin.theme.site import Site

EXCERPT_WORDS = 20


def _author(site: Site, card: Card) -> str:
    """Return "by" and the first author; a card names at most one."""
    first = card.authors[0]
    link = f'<a href="{site.author(first.slug)}">{escape.html(first.name)}</a>'
    others = len(card.authors) - 1
    if not others or not site.switches.coauthors:
        return f'<div class="jeg_meta_author"><span class="by">by</span> {link}</div>'
    return (
        f'<div class="jeg_meta_author coauthor"><span class="by">by</span> {link}'
        f'<span class="separators-and"> and </span><span class="separators">{others} others</span>'
        "</div>"
    )


def _date(site: Site, card: Card, url: str, space: str = " ") -> str:
    return (
        f'<div class="jeg_meta_date"><a href="{url}"{space}><i class="fa fa-clock-o"></i> '
        f"{site.card_date(card)}</a></div>"
    )


def _meta(site: Site, card: Card, url: str) -> str:
    comments = card.id % 5 if card.id % 3 == 0 else 0
    trending = ""
    if card.id % 41 == 0:
        label = 'aria-label="View this Trending Post"'
        link = f'<a href="{url}" {label}><i class="fa fa-bolt"></i></a>'
        trending = f'<div class="jeg_meta_trending">{link}</div>'
    return (
        f'<div class="jeg_post_meta">{trending}{_author(site, card)}{_date(site, card, url, "")}'
        f'<div class="jeg_meta_comment"><a href="{url}#respond" >'
        f'<i class="fa fa-comment-o"></i> {comments} </a></div></div>'
    )


def _category(site: Site, card: Card) -> str:
    slug = site.primary(card)
    return f'<a href="{site.category(slug)}" class="category-{slug}">{site.label(slug)}</a>'


def excerpt(card: Card) -> str:
    """Return the first words of a post's excerpt, which is its subtitle."""
    words = (card.subtitle or card.title).split()
    more = "..." if len(words) > EXCERPT_WORDS else ""
    return escape.html(" ".join(words[:EXCERPT_WORDS]) + more)


def _head(site: Site, card: Card, url: str) -> tuple[str, str]:
    title = site.title(card)
    link = f'<a href="{url}" aria-label="Read article: {escape.attr(title)}">'
    return escape.title(title), f"{link}{pictures.thumbnail(site, card.picture)}</a>"


def related(site: Site, card: Card) -> str:
    """Return a card of the Related Posts box (block 22)."""
    url = site.linked(card)
    title, thumb = _head(site, card, url)
    return f"""<article class="jeg_post jeg_pl_md_5 format-{card.format}">
                    <div class="jeg_thumb">

                        {thumb}
                        <div class="jeg_post_category">
                            <span>{_category(site, card)}</span>
                        </div>
                    </div>
                    <div class="jeg_postblock_content">
                        <h3 class="jeg_post_title">
                            <a href="{url}">{title}</a>
                        </h3>
                        <div class="jeg_post_meta">{_date(site, card, url)}</div>
                    </div>
                </article>"""


def archive(site: Site, card: Card) -> str:
    """Return a card of a section's list (block 5)."""
    url = site.post(card)
    title, thumb = _head(site, card, url)
    return f"""<article class="jeg_post jeg_pl_lg_2 format-{card.format}">
                    <div class="jeg_thumb">

                        {thumb}
                        <div class="jeg_post_category">
                            <span>{_category(site, card)}</span>
                        </div>
                    </div>
                    <div class="jeg_postblock_content">
                        <h3 class="jeg_post_title">
                            <a href="{url}">{title}</a>
                        </h3>
                        {_meta(site, card, url)}
                        <div class="jeg_post_excerpt">
                            <p>{excerpt(card)}</p>
                            <a href="{url}" class="jeg_readmore">Read more\
<span class="screen-reader-text">Details</span></a>
                        </div>
                    </div>
                </article>"""


def index(site: Site, card: Card) -> str:
    """Return a card of the home page, of tags, authors, days and the 404 page (block 3)."""
    url = site.post(card)
    title, thumb = _head(site, card, url)
    return f"""<article class="jeg_post jeg_pl_md_2 format-{card.format}">
                <div class="jeg_thumb">

                    {thumb}
                </div>
                <div class="jeg_postblock_content">
                    <h3 class="jeg_post_title">
                        <a href="{url}">{title}</a>
                    </h3>
                    {_meta(site, card, url)}
                    <div class="jeg_post_excerpt">
                        <p>{excerpt(card)}</p>
                    </div>
                </div>
            </article>"""


def inline(site: Site, card: Card) -> str:
    """Return a card of the related box within a text (block 29): a title, no date."""
    return f"""<article class="jeg_post jeg_pl_xs format-{card.format}">
                    <div class="jeg_postblock_content">
                        <h3 class="jeg_post_title">
                            <a href="{site.linked(card)}">{escape.title(site.title(card))}</a>
                        </h3>

                    </div>
                </article>"""


def hero(site: Site, card: Card, number: int) -> str:
    """Return the hero's card `number`; only the first names its author."""
    url = site.post(card)
    title = site.title(card)
    label = f'aria-label="Read article: {escape.attr(title)}"'
    author = _author(site, card) if number == 1 else ""
    date = _date(site, card, url, "" if number == 1 else " ")
    return f"""<article class="jeg_post jeg_hero_item_{number} format-{card.format}"\
 style="padding: 0 0 10px 10px;">
                        <div class="jeg_block_container">

                            <span class="jeg_postformat_icon"></span>
                            <div class="jeg_thumb">
                                <a href="{url}" {label}>\
{pictures.hero(site, card.picture, full=number < 3)}</a>
                            </div>
                            <div class="jeg_postblock_content">
                                <div class="jeg_post_category">{_category(site, card)}</div>
                                <div class="jeg_post_info">
                                    <h2 class="jeg_post_title">
                                        <a href="{url}"  {label}>{escape.title(title)}</a>
                                    </h2>
                                    <div class="jeg_post_meta">{author}{date}</div>
                                </div>
                            </div>
                        </div>
                    </article>"""
