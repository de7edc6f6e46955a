"""The posts before and after an article, and the box about its author."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.theme import escape, pictures
from twin.theme.parts import avatar

if TYPE_CHECKING:
    from twin.model import Card, Post
    from twin.theme.site import Site


def around(site: Site, post: Post) -> tuple[Card | None, Card | None]:
    """Return the post before and the one after, by date."""
    index = site.content.index_of(post.id)
    return site.content.neighbours(index) if index is not None else (None, None)


def prev_next(site: Site, post: Post) -> str:
    """Return the links to the posts before and after."""
    older, newer = around(site, post)
    links = "".join(
        f"""
            <a href="{site.post(card)}" class="post {name}-post">
            <span class="caption">{caption} Post</span>
            <h3 class="post-title">{escape.title(site.title(card))}</h3>
        </a>
    """
        for card, name, caption in ((older, "prev", "Previous"), (newer, "next", "Next"))
        if card
    )
    return f'<div class="jeg_prevnext_post">{links}</div>'


def arrows(site: Site, post: Post) -> str:
    """Return the same links as templates 9 has them, beside the video."""
    older, newer = around(site, post)
    links = "".join(
        f"""
					<a href="{site.post(card)}" class="post {name}-post">
						<span class="arrow jegicon-angle-{side}"></span>
						<h3 class="post-title">{escape.title(site.title(card))}</h3>
					</a>
				"""
        for card, name, side in ((older, "prev", "left"), (newer, "next", "right"))
        if card
    )
    return f'<div class="jeg_post_nav">{links}</div>'


def popup(site: Site, post: Post) -> str:
    """Return the "Next Post" box; a plain link in the page."""
    _, newer = around(site, post)
    if newer is None:
        return ""
    url = site.post(newer)
    return f"""    <section class="jeg_popup_post">
        <span class="caption">Next Post</span>

                    <div class="jeg_popup_content">
                <div class="jeg_thumb">
                                        <a href="{url}">
                        {pictures.thumbnail(site, newer.picture)}                    </a>
                </div>
                <h3 class="post-title">
                    <a href="{url}">
                        {escape.title(site.title(newer))}                    </a>
                </h3>
            </div>

        <a href="#" class="jeg_popup_close"><i class="fa fa-close"></i></a>
    </section>
"""


def author_box(site: Site, post: Post) -> str:
    """Return the box about the first author."""
    person = post.authors[0]
    return f"""
	<div class="jeg_authorbox">
		<div class="jeg_author_image">
			{avatar(person)}		</div>
		<div class="jeg_author_content">
			<h3 class="jeg_author_name">
				<a href="{site.author(person.slug)}">
					{escape.html(person.name)}				</a>
			</h3>
			<p class="jeg_author_desc">
				Giornalista della redazione dal 2010.			</p>


		</div>
	</div>
"""
