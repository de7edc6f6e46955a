"""Reads what the theme shows above the text: lead image, gallery, featured videos."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.items import Image, Video
from newscrawl.pages import captions, media
from newscrawl.pages.shown import shown_text
from newscrawl.pages.stand_ins import is_stand_in
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lxml.etree import _Element as Element

    from newscrawl.pages.structured import JsonLd, Meta
    from newscrawl.urls import SiteUrls


def _xpath(expression: str) -> etree.XPath:
    return etree.XPath(expression, smart_strings=False)


VIDEOS = _xpath(".//*[self::iframe or self::video or self::div[@data-src]]")
_META_NAMES = ("og:image", "og:image:url", "og:image:secure_url")
# The card of Twitter may be the site's own, and old tags a small copy.
_LESS_RELIABLE = ("twitter:image", "twitter:image:src", "image", "thumbnail")
_STYLE_URL = re.compile(r"background-image:\s*url\(\s*['\"]?([^'\")]+)")


class LeadMedia:
    """Pictures and videos above the text, in elements named as in `theme_elements`."""

    def __init__(
        self,
        elements: Mapping[str, Element],
        urls: SiteUrls,
        base: str,
        background: Callable[[], str | None] = lambda: None,
    ) -> None:
        """Take the elements, and what returns the picture where neither they nor metadata do."""
        self._background = background
        self._elements = elements
        self._urls = urls
        self._base = base

    def image(self, meta: Meta, jsonld: JsonLd, note: Callable[[str, str], None]) -> Image | None:
        """Return the lead image at full size; `note` is called with its source."""
        stated = self._absolute(meta.first("og:image", "og:image:url"))
        image, source = self._shown(), "visible"
        site = self._urls.site
        if image is None or is_stand_in(image.url, site, is_captioned=bool(image.caption)):
            image, source = self._stated(meta, jsonld)
        if image is None and (url := self._poster() or self._absolute(self._background())):
            image, source = Image(url), "visible"
        if image is None:
            return None
        if media.is_resized(image.url):
            image.url = self._full_size(image.url, meta, jsonld)
        if stated == image.url and (meta.first("og:image:width") or image.width is None):
            image.width = media.pixels(meta.first("og:image:width"))
            image.height = media.pixels(meta.first("og:image:height"))
        note("image", source)
        return image

    def _stated(self, meta: Meta, jsonld: JsonLd) -> tuple[Image | None, str]:
        """Return the picture that metadata state, and its source; logos do not count."""
        logos: set[str | None] | None = None
        for url, source in self._stated_urls(meta, jsonld):
            if logos is None:
                logos = {self._absolute(logo) for logo in jsonld.logos()}
            if url not in logos and not is_stand_in(url, self._urls.site):
                return Image(url), source
        return None, "visible"

    def _stated_urls(self, meta: Meta, jsonld: JsonLd) -> Iterator[tuple[str, str]]:
        named = [(url, "meta") for name in _META_NAMES for url in meta.every(name)]
        named += [(url, "jsonld") for url in jsonld.images()]
        named += [(url, "meta") for name in _LESS_RELIABLE for url in meta.every(name)]
        for stated, source in named:
            if url := self._absolute(stated):
                yield url, source

    def _full_size(self, resized: str, meta: Meta, jsonld: JsonLd) -> str:
        """Return the address of a picture at full size where metadata state it."""
        for url, _ in self._stated_urls(meta, jsonld):
            if not media.is_resized(url) and media.is_same_file(resized, url):
                return url
        return resized

    def gallery(self) -> list[Image]:
        """Return the pictures of a gallery post."""
        gallery = self._elements.get("gallery")
        anchors = gallery.iter("a") if gallery is not None else ()
        urls = (self._absolute(anchor.get("href")) for anchor in anchors)
        return [Image(url) for url in urls if url]

    def videos(self) -> list[Video]:
        """Return the featured videos."""
        wrapper = self._elements.get("video")
        players = VIDEOS(wrapper) if wrapper is not None else ()
        videos = (
            media.video(player, self._urls, self._base, is_featured=True) for player in players
        )
        shown = [video for video in videos if video]
        if shown or wrapper is None:
            return shown
        # What the theme cannot embed it prints as an address.
        url = media.absolute(media.url_in_text(shown_text(wrapper)), self._urls, self._base)
        return [Video(url, media.provider(url))] if url else []

    def _poster(self) -> str | None:
        wrapper = self._elements.get("video")
        video = next(wrapper.iter("video"), None) if wrapper is not None else None
        return self._absolute(video.get("poster")) if video is not None else None

    def _shown(self) -> Image | None:
        featured, background = self._elements.get("featured"), self._elements.get("background")
        # Printed empty for a post without an image.
        if featured is not None and len(featured):
            return self._framed(featured)
        # Templates 4, 5 and 6 show a background image, 10 an img; none of them has a caption.
        if background is not None:
            match = _STYLE_URL.search(background.get("style") or "")
            url = self._absolute(match.group(1)) if match else None
            return Image(url) if url else None
        backdrop = self._elements.get("backdrop")
        img = next(backdrop.iter("img"), None) if backdrop is not None else None
        if img is not None:
            return media.body_image(img, self._urls, self._base)
        gallery = self.gallery()
        return Image(gallery[0].url) if gallery else None

    def _framed(self, box: Element) -> Image | None:
        """Return the image of templates 1, 2, 3, 7, 8 and 9: an img in a link to the full size."""
        url = self._linked(box) or self._pictured(box)
        img = next(box.iterdescendants("img"), None)
        alt = img.get("alt") if img is not None else None
        if url is None or alt is None:
            placeholder = next(box.iterfind(".//div[@data-bgset]"), None)
            if placeholder is not None:
                url = url or self._absolute(placeholder.get("data-bgset"))
                alt = placeholder.get("title") if alt is None else alt
        if url is None:
            return None
        alt = fold(alt) or None
        shown, credit = captions.caption_and_credit(captions.caption_line(box), self._urls.site)
        # With a credit alone, the alternative text is the caption: decision 12.
        return Image(url, caption=shown or (alt if credit else None), credit=credit, alt=alt)

    def _linked(self, box: Element) -> str | None:
        """Return the picture that the first link leads to."""
        for link in box.iterdescendants("a"):
            if (href := link.get("href")) is not None:
                return self._absolute(href) if media.is_picture_file(href) else None
        return None

    def _pictured(self, box: Element) -> str | None:
        """Return the largest size of the first `img` that is a picture."""
        for img in box.iterdescendants("img"):
            if (image := media.body_image(img, self._urls, self._base)) is not None:
                return image.url
        return None

    def _absolute(self, url: str | None) -> str | None:
        if media.is_placeholder(url):
            return None
        return media.picture_url(url, self._urls, self._base)
