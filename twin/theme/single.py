"""An article's page, in the theme's ten templates and as page builders lay it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.theme import body, parts, related, scripted, sidebar
from twin.theme.footer import footer
from twin.theme.frames import FRAMES, Frame
from twin.theme.head import Head, head
from twin.theme.header import header
from twin.theme.neighbours import author_box, popup, prev_next

if TYPE_CHECKING:
    from twin.model import Post
    from twin.theme.site import Site


def body_class(site: Site, post: Post, part: int) -> str:
    """Return the classes of the body tag; #post-body-class repeats them."""
    template = site.switches.template
    paged = f" paged-{part} single-paged-{part}" if part > 1 else ""
    kind = "" if template == "custom" else f" jeg_single_tpl_{template}"
    full = " jeg_force_fs" if template in ("4", "5") else ""
    return (
        f"post-template-default single single-post postid-{post.id}"
        f" single-format-{post.format} wp-embed-responsive{paged} jeg_toggle_light{kind}{full}"
    )


def text(site: Site, post: Post, part: int) -> str:
    """Return what stands in .content-inner, tags and page links included."""
    if "protected" in post.edge_cases:
        shown = body.password_form(site, post)
    else:
        shown = (
            scripted.placeholder(post, part)
            if scripted.is_scripted(site, post)
            else scripted.words(site, post, part)
        )
    tags = parts.tags(site, post) if site.switches.template != "custom" else ""
    return f"""{shown}
								{parts.page_links(site, post, part)}
								{parts.sources(post)}
																{tags}
															"""


def _content(site: Site, post: Post, part: int) -> str:
    return f"""<div class="entry-content no-share">
							<div class="jeg_share_button share-float jeg_sticky_share clearfix\
 share-monocrhome">
															</div>

							<div class="content-inner ">
								{text(site, post, part)}</div>


						</div>
						<div class="jeg_share_bottom_container"></div>
						"""


def _after(site: Site, post: Post) -> str:
    furniture = site.switches.furniture
    pair = prev_next(site, post) if furniture else ""
    author = author_box(site, post) if furniture else ""
    next_post = popup(site, post) if furniture else ""
    return (
        f'<div class="jnews_prev_next_container">{pair}</div>'
        f'<div class="jnews_author_box_container ">{author}</div>'
        f"{related.box(site, post)}"
        f'<div class="jnews_popup_post_container">{next_post}</div>'
        '<div class="jnews_comment_container"></div>'
    )


def page_head(site: Site, post: Post, part: int) -> str:
    """Return the head; WordPress prints a canonical address on every single, parts too."""
    url = site.post(post)
    raw = body.plain(site, post.pages[0]) if site.switches.metadata in ("jnews", "both") else ""
    return head(
        site,
        Head(
            title=post.title,
            canonical=url if part == 1 else f"{url}{part}/",
            rest=f"posts/{post.id}",
            post=post,
            part=part,
            shortlink=site.url(f"/?p={post.id}"),
        ),
        "" if "protected" in post.edge_cases else raw,
    )


def page(site: Site, post: Post, part: int = 1) -> str:
    """Return an article's page; `part` counts the pages of one article from 1."""
    classes = body_class(site, post, part)
    section = site.primary(post)
    frame = FRAMES.get(site.switches.template, FRAMES["1"])
    main = frame(
        Frame(
            site=site,
            post=post,
            content=_content(site, post, part),
            after=_after(site, post),
            sidebar=sidebar.sidebar(site, single=True),
        )
    )
    top = site.cached(f"header {section}", lambda: header(site, section))
    furniture = site.switches.furniture
    end = site.cached(f"footer {section}", lambda: footer(site, section, progress=furniture))
    return f"""{page_head(site, post, part)}
<body class="{classes}">
{top}    <div class="post-wrapper">

        <div class="post-wrap" >


            <div class="jeg_main ">
                <div class="jeg_container">
                    {main}
                </div>
            </div>

            <div id="post-body-class" class="{classes}"></div>


        </div>

        <div class="post-ajax-overlay">
    <div class="preloader_type preloader_dot">
        <div class="newsfeed_preloader jeg_preloader dot">
            <span></span><span></span><span></span>
        </div>
        <div class="newsfeed_preloader jeg_preloader circle">
            <div class="jnews_preloader_circle_outer">
                <div class="jnews_preloader_circle_inner"></div>
            </div>
        </div>
        <div class="newsfeed_preloader jeg_preloader square">
            <div class="jeg_square"><div class="jeg_square_inner"></div></div>
        </div>
    </div>
</div>
    </div>{end}"""
