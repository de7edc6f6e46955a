"""The frames of the theme's single templates: where title, image and text stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.theme import escape, parts
from twin.theme.neighbours import arrows

if TYPE_CHECKING:
    from collections.abc import Callable

    from twin.model import Post
    from twin.theme.site import Site


@dataclass(frozen=True, slots=True)
class Frame:
    """The finished parts of a page."""

    site: Site
    post: Post
    content: str
    after: str
    sidebar: str

    def breadcrumb(self, box: str = parts.BOX) -> str:
        """Return the breadcrumb in its box."""
        slug = self.site.primary(self.post)
        inner = self.site.cached(f"trail {slug}", lambda: parts.breadcrumb(self.site, slug))
        return f'<div class="{box}">\n\t\t\t\t\t\t\t{inner}\t\t\t\t\t\t</div>'

    def header(self, style: int = 1) -> str:
        """Return title, subtitle and meta in their box."""
        inner = parts.header(self.site, self.post, style)
        return f'<div class="entry-header">\n\t\t\t\t\t\t\t{inner}\n\t\t\t\t\t\t</div>'

    def featured(self, *, wide: bool = False) -> str:
        """Return image, video or gallery."""
        share = '\n\t\t\t\t\t\t<div class="jeg_share_top_container"></div>\n\t\t\t\t\t\t'
        return parts.featured(self.site, self.post, wide=wide) + share

    def special(self) -> str:
        """Return video or gallery; nothing for an image."""
        return parts.special(self.site, self.post)

    def background(self, *, image: bool = False) -> str:
        """Return the image as a background, or whole, without its caption."""
        picture = self.post.picture
        if picture is None:
            return '<div class="jeg_featured_bg">\n\t\t</div>'
        file = self.site.image(picture)
        inner = (
            f'<img src="{file}" alt="">'
            if image
            else f'<div class="jeg_featured_img" style="background-image: url({file});"></div>'
        )
        return f'<div class="jeg_featured_bg">\n\t\t{inner}\n\t</div>'

    def columns(self, inner: str) -> str:
        """Return the row of main column and sidebar."""
        return f"""<div class="row">
			<div class="jeg_main_content col-md-8">
				<div class="jeg_inner_content">
					{inner}
						{self.content}
						{self.after}
									</div>
			</div>
			{self.sidebar}		</div>

		<div class="jeg_ad jeg_article jnews_article_bottom_ads">
					</div>"""


def _ads(name: str) -> str:
    return f'<div class="jeg_ad {name} jnews_article_top_ads">\n\t\t\t\t\t</div>'


def _single(inner: str) -> str:
    return f"""<div class="jeg_content jeg_singlepage">

	<div class="container">

		{inner}

	</div>
</div>"""


def _one(frame: Frame) -> str:
    inner = f"{frame.breadcrumb()}\n\t\t\t\t\t\t{frame.header()}\n\n\t\t\t\t\t\t{frame.featured()}"
    return _single(f"{_ads('jeg_article')}\n\n\t\t{frame.columns(inner)}")


def _two(frame: Frame) -> str:
    top = f"{_ads('jeg_article_top')}\n\n\t\t{frame.breadcrumb()}\n\t\t\t{frame.header(2)}"
    return _single(f"{top}\n\n\t\t\t{frame.columns(frame.featured())}")


def _three(frame: Frame) -> str:
    top = f"""{_ads("jeg_article_top")}
            <div class="row">
                <div class="col-md-12">
                    {frame.breadcrumb("jeg_breadcrumb_container jeg_breadcrumbs")}
                    {frame.header()}
                    {frame.featured(wide=True)}
                </div>
            </div>
            """
    return _single(top + frame.columns(""))


def _four(frame: Frame, kind: str = "jeg_fs_container jeg_parallax") -> str:
    title = parts.header(frame.site, frame.post)
    trail = frame.breadcrumb("container jeg_breadcrumb_container")
    return f"""<div class="jeg_featured_big {kind}">
	{frame.background()}
	<div class="jeg_fs_content">
		<div class="entry-header">
			<div class="container">
			{title}
			</div>
		</div>

				<div class="jeg_fs_scroll jegicon-angle-down"></div>
			</div>
	<div class="jeg_scroll_flag"></div>
</div>

	<div class="jeg_breadcrumbs">
	{trail}
</div>

<div class="container">
	{_ads("jeg_article_top")}
</div>

{_single(frame.columns(frame.special()))}"""


def _five(frame: Frame) -> str:
    return _four(frame, "jeg_parallax")


def _six(frame: Frame) -> str:
    inner = f"{frame.breadcrumb()}\n\t\t\t\t\t{frame.header()}\n\n\t\t\t\t\t{frame.special()}"
    return f"""<div class="jeg_featured_big">
	{frame.background()}
</div>

<div class="container">
	{_ads("jeg_article_top")}
</div>

{_single(frame.columns(inner))}"""


def _seven(frame: Frame) -> str:
    top = (
        f"{_ads('jeg_article_top')}\n\n\t\t{frame.breadcrumb()}\n\t\t\t{frame.featured(wide=True)}"
    )
    return _single(f"{top}\n\t\t\t{frame.columns(frame.header())}")


def _eight(frame: Frame) -> str:
    inner = f"{frame.breadcrumb()}\n\t\t\t\t\t{frame.featured()}\n\n\t\t\t\t\t{frame.header()}"
    return _single(f"{_ads('jeg_article_top')}\n\n\t\t{frame.columns(inner)}")


def _nine(frame: Frame) -> str:
    inner = f"{frame.breadcrumb()}\n\t\t\t\t\t{frame.header()}"
    return f"""<div class="jeg_featured_big">
	<div class="jeg_fs_content">
		<div class="container">
		{frame.featured(wide=True)}			{arrows(frame.site, frame.post)}
		</div>
	</div>

	{_ads("jeg_article_top")}
</div>


{_single(frame.columns(inner))}"""


def _ten(frame: Frame) -> str:
    return f"""<div class="jeg_featured_big">
	{frame.background(image=True)}
	<div class="jeg_fs_content">
		<div class="container">
		{frame.header()}
		</div>
	</div>
</div>

<div class="container">
	{_ads("jeg_article_top")}
</div>

{_single(frame.columns(""))}"""


def _custom(frame: Frame) -> str:
    """Return the page of a page builder: each part in a box of its own, no .entry-header."""
    site, post = frame.site, frame.post
    column = (
        '<div class="wpb_column vc_column_container vc_col-sm-{}"><div class="vc_column-inner">'
        '<div class="wpb_wrapper">{}</div></div></div>'
    )
    name = "title" if site.switches.h1 == "lost" and post.format == "video" else "jeg_post_title"
    title = f'<h1 class="{name}">{escape.title(site.title(post))}</h1>'
    inner = [
        f'<div class="jeg_custom_breadcrumb_wrapper">{frame.breadcrumb()}</div>',
        parts.sponsor(post),
        f"<div class='jeg_custom_title_wrapper  '>\n{title}\n</div>",
    ]
    if post.subtitle:
        subtitle = escape.html(post.subtitle)
        inner.append(
            "<div class='jeg_custom_subtitle_wrapper  '>\n"
            f'<h2 class="jeg_post_subtitle">{subtitle}</h2>\n</div>'
        )
    meta = parts.meta(site, post)
    inner += [
        f"<div class='jeg_custom_meta_wrapper  '>{meta}</div>",
        f"<div class='jeg_custom_featured_wrapper  '>{parts.featured(site, post)}</div>",
        f"<div class='jeg_custom_content_wrapper  '>{frame.content}</div>",
        f"<div class='jeg_custom_tag_wrapper  '>{parts.tags(site, post)}</div>",
        f"<div class='jeg_custom_related_wrapper  '>{frame.after}</div>",
    ]
    main = column.format(8, "\n".join(inner))
    side = column.format(4, frame.sidebar)
    return _single(
        f'<div class="jeg-vc-wrapper"><div class="row vc_row wpb_row">{main}{side}</div></div>'
    )


FRAMES: dict[str, Callable[[Frame], str]] = {
    "1": _one,
    "2": _two,
    "3": _three,
    "4": _four,
    "5": _five,
    "6": _six,
    "7": _seven,
    "8": _eight,
    "9": _nine,
    "10": _ten,
    "custom": _custom,
}
