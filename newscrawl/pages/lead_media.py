"""What the theme shows above the text: lead image, gallery, featured videos."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.items import Image, Video
from newscrawl.pages import media
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from newscrawl.pages.structured import JsonLd, Meta
    from newscrawl.pages.theme_elements import Landmarks
    from newscrawl.urls import SiteUrls


def _xpath(expression: str) -> etree.XPath:
    return etree.XPath(expression, smart_strings=False)


VIDEOS = _xpath(".//*[self::iframe or self::video or self::div[@data-src]]")
_STYLE_URL = re.compile(r"background-image:\s*url\(\s*['\"]?([^'\")]+)")


class LeadMedia:
    """Pictures and videos above the text."""

    def __init__(self, places: Landmarks, urls: SiteUrls, base: str) -> None:
        self._places = places
        self._urls = urls
        self._base = base

    def image(self, meta: Meta, jsonld: JsonLd, note: Callable[[str, str], None]) -> Image | None:
        """Return the lead image at full size; `note` is told where it was read."""
        stated = self._absolute(meta.first("og:image", "og:image:url"))
        found, source = self._shown(), "visible"
        if found is None and stated:
            found, source = Image(stated), "meta"
        if found is None and (url := self._absolute(jsonld.image())):
            found, source = Image(url), "jsonld"
        if found is None and (url := self._poster()):
            found = Image(url)
        if found is None:
            return None
        if stated == found.url:
            found.width = media.pixels(meta.first("og:image:width"))
            found.height = media.pixels(meta.first("og:image:height"))
        note("image", source)
        return found

    def gallery(self) -> list[Image]:
        """Return the pictures of a gallery post."""
        place = self._places["gallery"]
        anchors = place.iter("a") if place is not None else ()
        found = (self._absolute(anchor.get("href")) for anchor in anchors)
        return [Image(url) for url in found if url]

    def videos(self) -> list[Video]:
        """Return the featured videos."""
        place = self._places["film"]
        films = VIDEOS(place) if place is not None else ()
        found = (
            media.video(element, self._urls, self._base, is_featured=True) for element in films
        )
        return [video for video in found if video]

    def _poster(self) -> str | None:
        place = self._places["film"]
        film = next(place.iter("video"), None) if place is not None else None
        return self._absolute(film.get("poster")) if film is not None else None

    def _shown(self) -> Image | None:
        featured, painted = self._places["featured"], self._places["painted"]
        # Printed empty for a post without an image.
        if featured is not None and len(featured):
            return self._framed(featured)
        # Templates 4, 5 and 6 paint the image, 10 prints it; none of them prints a caption.
        if painted is not None:
            match = _STYLE_URL.search(painted.get("style") or "")
            url = self._absolute(match.group(1)) if match else None
            return Image(url) if url else None
        backdrop = self._places["backdrop"]
        img = next(backdrop.iter("img"), None) if backdrop is not None else None
        if img is not None:
            url = self._absolute(img.get("data-src")) or self._absolute(img.get("src"))
            return Image(url) if url else None
        gallery = self.gallery()
        return Image(gallery[0].url) if gallery else None

    def _framed(self, box: Element) -> Image | None:
        """Return the image of templates 1, 2, 3, 7, 8 and 9: a link to it around what is shown."""
        link = box.find(".//a[@href]")
        img = box.find(".//img")
        shade = box.find(".//div[@data-bgset]")
        candidates = (
            link.get("href") if link is not None else None,
            img.get("data-src") if img is not None else None,
            img.get("src") if img is not None else None,
            shade.get("data-bgset") if shade is not None else None,
        )
        url = next((url for text in candidates if (url := self._absolute(text))), None)
        if url is None:
            return None
        words = img.get("alt") if img is not None else None
        if words is None and shade is not None:
            words = shade.get("title")
        alt = fold(words) or None
        caption = box.find(".//p[@class='wp-caption-text']")
        text = fold("".join(caption.itertext())) if caption is not None else ""
        shown, credit = media.caption_and_credit(text, self._urls.site)
        # A credit alone leaves the picture's own words as its caption.
        return Image(url, caption=shown or (alt if credit else None), credit=credit, alt=alt)

    def _absolute(self, url: str | None) -> str | None:
        if media.is_placeholder(url):
            return None
        return media.absolute(url, self._urls, self._base)
