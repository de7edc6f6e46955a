"""Pictures as JNews prints them: lazy, plain or as a background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.theme import escape

if TYPE_CHECKING:
    from twin.model import Picture
    from twin.theme.site import Site


def thumbnail(site: Site, picture: Picture | None) -> str:
    """Return the 350x250 picture of a card."""
    if picture is None:
        return '<div class="thumbnail-container animate-lazy no_thumbnail size-715 "></div>'
    alt = escape.attr(picture.alt)
    file = site.resized(picture, 350, 250)
    mode = site.switches.images
    if mode == "background":
        return (
            '<div class="thumbnail-container animate-lazy thumbnail-background  size-715">\n'
            f'                        <div class="lazyload" title="{alt}" data-bgset="{file}"'
            " data-expand='700'></div>\n                      </div>"
        )
    srcset = f"{file} 350w, {site.resized(picture, 120, 86)} 120w"
    if mode == "normal":
        return (
            '<div class="thumbnail-container  size-715 "><img width="350" height="250"'
            f' src="{file}" class="attachment-jnews-350x250 size-jnews-350x250 wp-post-image"'
            f' alt="{alt}" decoding="async" srcset="{srcset}"'
            ' sizes="(max-width: 350px) 100vw, 350px" /></div>'
        )
    return (
        '<div class="thumbnail-container animate-lazy  size-715 "><img width="350" height="250"'
        f' src="{site.empty_image}" class="attachment-jnews-350x250 size-jnews-350x250 lazyload'
        f' wp-post-image" alt="{alt}" decoding="async" loading="lazy"'
        f' sizes="(max-width: 350px) 100vw, 350px" data-src="{file}" data-srcset="{srcset}"'
        ' data-sizes="auto" data-expand="700" /></div>'
    )


def hero(site: Site, picture: Picture | None, *, full: bool) -> str:
    """Return the background of a hero; JNews never prints an img there."""
    if picture is None:
        return '<div class="thumbnail-container thumbnail-background" data-src="" ></div>'
    file = site.image(picture) if full else site.resized(picture, 350, 250)
    return (
        f'<div class="thumbnail-container thumbnail-background" data-src="{file}" >\n'
        f'                        <div class="lazyloaded" data-src="{file}"'
        f' style="background-image: url({file})"></div>\n                    </div>'
    )


def featured(site: Site, picture: Picture | None, *, wide: bool = False) -> str:
    """Return the featured image's box; empty, but there, when the post has no picture."""
    if picture is None:
        return '<div  class="jeg_featured featured_image "></div>'
    caption = picture.caption_text
    line = f'<p class="wp-caption-text">{escape.html(caption)}</p>' if caption else ""
    return (
        f'<div  class="jeg_featured featured_image "><a href="{site.image(picture)}">'
        f"{_large(site, picture, wide=wide)}{line}</a></div>"
    )


def _large(site: Site, picture: Picture, *, wide: bool) -> str:
    alt = escape.attr(picture.alt)
    # A wide template wants 1140x570; files smaller than that are printed whole.
    if wide:
        size, width, height, file = "1140x570", picture.width, picture.height, site.image(picture)
    else:
        size, width, height = "750x375", 750, 375
        file = site.resized(picture, 750, 375)
    padding = round(height * 100 / width, 3) if width else 50
    mode = site.switches.images
    if mode == "background":
        return (
            '<div class="thumbnail-container animate-lazy thumbnail-background"'
            f' style="padding-bottom:{padding:g}%;">\n'
            f'                        <div class="lazyload" title="{alt}" data-bgset="{file}"'
            " data-expand='700'></div>\n                      </div>"
        )
    names = f"attachment-jnews-{size} size-jnews-{size}"
    if mode == "normal":
        return (
            f'<div class="thumbnail-container" style="padding-bottom:{padding:g}%">'
            f'<img width="{width}" height="{height}" src="{file}" class="{names} wp-post-image"'
            f' alt="{alt}" decoding="async" /></div>'
        )
    # With few sizes the theme leaves data-srcset empty.
    srcset = f"{file} {width}w, {site.resized(picture, 300, 169)} 300w" if wide else ""
    return (
        f'<div class="thumbnail-container animate-lazy" style="padding-bottom:{padding:g}%">'
        f'<img width="{width}" height="{height}" src="{site.empty_image}" class="{names} lazyload'
        f' wp-post-image" alt="{alt}" decoding="async" data-src="{file}" data-srcset="{srcset}"'
        ' data-sizes="auto" data-expand="700" /></div>'
    )
