"""The parts of an article's page that the templates put in their places."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from twin.sections import chain
from twin.theme import escape, pictures

if TYPE_CHECKING:
    from twin.model import Film, Person, Post
    from twin.theme.site import Site

_PLAYERS = frozenset({"youtube", "vimeo", "dailymotion"})
BOX = "jeg_breadcrumbs jeg_breadcrumb_container"


def trail(steps: list[tuple[str, str]], arrow: str = "left") -> str:
    """Return the breadcrumb's inside from (address, label) pairs; the last is marked."""
    parts = []
    for number, (address, label) in enumerate(steps, 1):
        name = "breadcrumb_last_link" if number == len(steps) else ""
        parts.append(f"""<span class="{name}">
                <a href="{address}">{label}</a>
            </span>""")
    joined = f'<i class="fa fa-angle-{arrow}"></i>'.join(parts)
    return f'<div id="breadcrumbs">{joined}</div>'


def breadcrumb(site: Site, slug: str) -> str:
    """Return Home and the category with its parents; an article's title is not in it."""
    steps = [(site.origin, "Home")]
    return trail(steps + [(site.category(c.slug), c.name) for c in chain(slug)])


def avatar(person: Person, size: int = 80) -> str:
    """Return an author's picture."""
    url = f"http://0.gravatar.com/avatar/{crc32(person.slug.encode()):08x}?s="
    return (
        f"<img alt='{escape.attr(person.name)}' src='{url}{size}&#038;d=mm&#038;r=g'"
        f" srcset='{url}{size * 2}&#038;d=mm&#038;r=g 2x' class='avatar avatar-{size} photo'"
        f" height='{size}' width='{size}' loading='lazy' decoding='async'/>"
    )


def _link(site: Site, person: Person) -> str:
    return f'<a href="{site.author(person.slug)}">{escape.html(person.name)}</a>'


def byline(site: Site, post: Post) -> str:
    """Return "by" and the authors: with Co-Authors Plus two names at most, then "N others"."""
    people = post.authors
    several = len(people) > 1 and site.switches.coauthors
    face = f"{avatar(people[0])}\t\t\t\t\t" if site.switches.furniture else ""
    names = _link(site, people[0])
    if several:
        rest = len(people) - 2
        between = ("separators", ",") if rest else ("separators-and", " and ")
        names += f'<span class="meta_text {between[0]}">{between[1]} </span>'
        names += _link(site, people[1])
        if rest:
            names += '<span class="meta_text separators-and"> and </span>'
            names += f'<span class="meta_text separators">{rest} others</span>'
    return f"""<div class="jeg_meta_author{" coauthor" if several else ""}">
					{face}<span class="meta_text">by</span>
					{names}				</div>"""


def _categories(site: Site, post: Post) -> str:
    links = '<span class="category-separator">, </span>'.join(
        f'<a href="{site.category(slug)}" rel="category tag">{site.label(slug)}</a>'
        for slug in post.categories
    )
    return f"""<div class="jeg_meta_category">
				<span><span class="meta_text">in</span>
					{links}				</span>
			</div>"""


_READING = """<div class="jeg_meta_reading_time">
                        <span>
                            Reading Time: 2 mins read
                        </span>
                    </div>"""
_ZOOM = """<div class="jeg_meta_zoom" data-in-step="3" data-out-step="2">
							<div class="zoom-dropdown">
								<div class="zoom-icon">
									<span class="zoom-icon-small">A</span>
									<span class="zoom-icon-big">A</span>
								</div>
								<div class="zoom-item-wrapper">
									<div class="zoom-item">
										<button class="zoom-out"><span>A</span></button>
										<button class="zoom-in"><span>A</span></button>
										<div class="zoom-bar-container">
											<div class="zoom-bar"></div>
										</div>
										<button class="zoom-reset"><span>Reset</span></button>
									</div>
								</div>
							</div>
						</div>"""


def meta(site: Site, post: Post, style: int = 1) -> str:
    """Return author and date; the date is a link's text, without any datetime attribute."""
    url = site.post(post)
    more = right = ""
    if site.switches.furniture:
        more = f"{_categories(site, post)}\n\t\t\n\t\t{_READING}"
        right = f"""{_ZOOM}					<div class="jeg_meta_comment">\
<a href="{url}#respond"><i
						class="fa fa-comment-o"></i> 0</a></div>"""
    return f"""<div class="jeg_post_meta jeg_post_meta_{style}">

	<div class="meta_left">
									{byline(site, post)}

					<div class="jeg_meta_date">
				<a href="{url}">{site.single_date(post)}</a>
			</div>

		{more}
			</div>

	<div class="meta_right">
					{right}</div>
</div>"""


def sponsor(post: Post) -> str:
    """Return the sponsor's block."""
    if not post.sponsor:
        return ""
    name = escape.html(post.sponsor)
    return f"""<div class="jeg_meta_sponsor">
	<span class="sponsor-label">Sponsored by</span>
	<a class="sponsor-logo" href="https://sponsor.example/" target="_blank" rel="nofollow">\
<img src="https://sponsor.example/logo.png" alt="{name}"></a>
	<p>{name}</p>
</div>"""


def header(site: Site, post: Post, style: int = 1) -> str:
    """Return title, subtitle and meta, without the box around them."""
    lost = site.switches.h1 == "lost" and post.format == "video"
    name = "title" if lost else "jeg_post_title"
    subtitle = (
        f'<h2 class="jeg_post_subtitle">{escape.html(post.subtitle)}</h2>' if post.subtitle else ""
    )
    return f"""{sponsor(post)}
							<h1 class="{name}">{escape.title(site.title(post))}</h1>

															{subtitle}

							<div class="jeg_meta_container">{meta(site, post, style)}
</div>"""


def _film(site: Site, film: Film) -> str:
    url = escape.attr(film.url)
    if film.kind in _PLAYERS:
        inner = f"""<div data-src="{url}" data-type="{film.kind}" data-repeat="false"\
 data-autoplay="false" class="{film.kind}-class clearfix">
                    <div class="jeg_video_container"></div>
                </div>"""
    elif film.kind == "mp4":
        poster = f' poster="{site.image(film.poster)}"' if film.poster else ""
        inner = f"""<div class="jeg_video_container">
					<video width="640" height="360" style="width: 100%; height: 100%;"{poster}\
 controls preload="none" >
                        <source type="video/mp4" src="{url}">
                    </video>
                </div>"""
    else:
        title = f' title="{escape.attr(film.title)}"' if film.title is not None else ""
        inner = f"""<div class="jeg_video_container"><iframe{title} width="640" height="360"\
 src="{url}" frameborder="0" allowfullscreen></iframe></div>"""
    return f"""<div  class='jeg_feature_video_wrapper '><div class="jeg_featured featured_video\
 top_right" data-following='' data-position='top_right'><div class='jeg_featured_video_wrapper'>\
{inner}<div class='floating_close'></div></div></div></div>"""


def special(site: Site, post: Post) -> str:
    """Return the video or the gallery; they take the featured image's place."""
    if post.format == "video" and post.film:
        return _film(site, post.film)
    if post.format == "gallery" and post.gallery:
        # Without the pictures' metadata the theme prints their ids as text.
        links = "".join(
            f'<a href="{site.image(picture)}">{post.id + number}</a>'
            for number, picture in enumerate(post.gallery, 1)
        )
        return (
            '<div  class="jeg_featured thumbnail-container jeg_owlslider size-500 ">'
            f'<div class="featured_gallery">{links}</div></div>'
        )
    return ""


def featured(site: Site, post: Post, *, wide: bool = False) -> str:
    """Return what stands in the featured place: video, gallery or image."""
    return special(site, post) or pictures.featured(site, post.picture, wide=wide)


def tags(site: Site, post: Post) -> str:
    """Return the tags, with nothing between them."""
    if not post.tags:
        return ""
    links = "".join(
        f'<a href="{site.tag(name)}" rel="tag">{escape.html(name)}</a>' for name in post.tags
    )
    return f'<div class="jeg_post_tags"><span>Tags:</span> {links}</div>'


def _credit(kind: str, label: str, source: tuple[str, str] | None) -> str:
    if source is None:
        return ""
    name, url = source
    return (
        f'<div class="jeg_post_{kind}"><span>{label}:</span> <a href="{escape.attr(url)}"'
        f' rel="nofollow" target="_blank">{escape.html(name)}</a></div>'
    )


def sources(post: Post) -> str:
    """Return the Source: and Via: lines at the end of the body."""
    return _credit("source", "Source", post.source) + _credit("via", "Via", post.via)


def page_links(site: Site, post: Post, part: int) -> str:
    """Return the links to the pages of one article."""
    last = len(post.pages)
    if last < 2:
        return ""
    url = site.post(post)

    def address(number: int) -> str:
        return url if number == 1 else f"{url}{number}/"

    links = [
        f'<span class="page_number active">{number}</span>'
        if number == part
        else f'<a class="page_number" href="{address(number)}">{number}</a>'
        for number in range(1, last + 1)
    ]
    for step, name in ((-1, "prev"), (1, "next")):
        if 1 <= part + step <= last:
            text = f'<span class="navtext">{name.title()}</span>'
            link = f'<a class="page_nav {name}" href="{address(part + step)}">{text}</a>'
            links.insert(0 if step < 0 else len(links), link)
    return f"""<div class="jeg_pagelinks jeg_pagination jeg_pagenav_1 jeg_alignleft no_navtext">
                <span class="page_info">Page {part} of {last}</span>
                <div class="nav_link">{"".join(links)}</div>
            </div>"""
