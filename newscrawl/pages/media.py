"""Pictures and videos: full-size URLs, captions and credits, players."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.items import Image, Video
from newscrawl.text import fold

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.sites import Site
    from newscrawl.urls import SiteUrls

PLACEHOLDERS = ("jeg-empty.png", "/blank.gif", "/placeholder", "data:image")
_PROVIDERS = {
    "youtube.com": "youtube",
    "youtube-nocookie.com": "youtube",
    "youtu.be": "youtube",
    "vimeo.com": "vimeo",
    "dailymotion.com": "dailymotion",
    "dai.ly": "dailymotion",
    "facebook.com": "facebook",
    "fb.watch": "facebook",
    "jwplayer.com": "jwplayer",
    "jwplatform.com": "jwplayer",
    "brightcove.net": "brightcove",
    "twitch.tv": "twitch",
    "rumble.com": "rumble",
    "teleborsa.it": "teleborsa",
    "tiktok.com": "tiktok",
}
_HOST = re.compile(r"https?://([^/:?#]+)", re.I)
_VIDEO_FILE = re.compile(r"\.(?:mp4|m4v|webm|ogv|mov|m3u8)(?:[?#]|\Z)", re.I)
_RESIZED = re.compile(r"-\d{2,4}x\d{2,4}(\.[a-z]{3,4})\Z", re.I)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:\?[^?]{0,200})?\Z", re.I)
_SEPARATOR = re.compile(r"\s+[|/]\s+|\s*\|\s*")
_CREDIT_PREFIX = re.compile(
    r"\A(?:(?:photo credits?|credit photo|foto|photo|credits?|ph)\b|[©@]|\(c\))[\s:.]*(?:di\s)?",
    re.IGNORECASE,
)
_NAME_BREAK = re.compile(r"[/,|]|\s[-–—]\s")
_CANDIDATE = re.compile(r"([^\s,]\S*)\s+(\d{1,5})w\b")
_PIXELS = re.compile(r"\A\d{1,5}\Z")


def absolute(url: str | None, urls: SiteUrls, base: str) -> str | None:
    """Return `url` as a reader may open it, None for a fragment or what is not an http URL."""
    url = url.strip() if url else None
    if not url or url.startswith("#"):
        return None
    if url.startswith("//"):
        url = f"https:{url}"
    return urls.public(url, base)


def caption_line(frame: Element) -> str:
    """Return the line under a picture in a text, empty when there is none."""
    for element in frame.iterdescendants("figcaption", "p"):
        if element.tag == "figcaption" or "wp-caption-text" in (element.get("class") or ""):
            return fold("".join(element.itertext()))
    return ""


def caption_and_credit(line: str, site: Site) -> tuple[str | None, str | None]:
    """Return caption and credit from the single line that the theme prints under a picture.

    The publisher writes "caption | credit", an agency's name alone, or a caption alone.

    >>> from newscrawl.sites.example import EXAMPLE
    >>> caption_and_credit("Donald Trump | Shutterstock - example", EXAMPLE)
    ('Donald Trump', 'Shutterstock - example')
    >>> caption_and_credit("Photo credit: EPA/Anna Rossi", EXAMPLE)
    (None, 'Photo credit: EPA/Anna Rossi')
    >>> caption_and_credit("Foto Ansa", EXAMPLE)
    (None, 'Foto Ansa')
    """
    if not line:
        return None, None
    parts = _SEPARATOR.split(line)
    if len(parts) > 1 and not _is_credit(line, site):
        return " | ".join(parts[:-1]).strip() or None, parts[-1].strip() or None
    if _is_credit(line, site):
        return None, line
    return line, None


def _is_credit(line: str, site: Site) -> bool:
    bare = _CREDIT_PREFIX.sub("", line).strip(" .")
    names = [name.strip().casefold() for name in _NAME_BREAK.split(bare)]
    is_agency = [name in site.agencies for name in names]
    # "Photo credit: EPA/Anna Rossi" is labelled as a credit: an agency, then a person.
    return bool(bare) and (all(is_agency) or (bare != line.strip(" .") and is_agency[0]))


def pixels(value: str | None) -> int | None:
    """Return a width or height attribute in pixels, None for 0, 1 and percentages."""
    if value and _PIXELS.match(value.strip()):
        number = int(value)
        return number if number > 1 else None
    return None


def is_placeholder(url: str | None) -> bool:
    """Return whether an image URL is that of a placeholder."""
    return not url or any(mark in url for mark in PLACEHOLDERS)


def body_image(element: Element, urls: SiteUrls, base: str) -> Image | None:
    """Return the picture of an `img` in a text, at the largest size that the page names."""
    source = next(
        (
            url
            for url in (element.get("data-src"), element.get("data-lazy-src"), element.get("src"))
            if not is_placeholder(url)
        ),
        None,
    )
    largest = _largest(element.get("data-srcset") or element.get("srcset"))
    parent = element.getparent()
    link = parent.get("href") if parent is not None and parent.tag == "a" else None
    full_size = link if link and _PICTURE_FILE.search(link) else largest or source
    url = absolute(full_size, urls, base)
    if url is None:
        return None
    is_source = source is not None and absolute(source, urls, base) == url
    has_size = is_source and not _RESIZED.search(url)
    return Image(
        url,
        alt=fold(element.get("alt")) or None,
        width=pixels(element.get("width")) if has_size else None,
        height=pixels(element.get("height")) if has_size else None,
    )


def _largest(srcset: str | None) -> str | None:
    largest, width = None, 0
    # A comma separates candidates only after a width: URLs may contain commas too.
    for address, size in _CANDIDATE.findall(srcset or ""):
        if int(size) > width:
            largest, width = address, int(size)
    return largest


def video(
    element: Element, urls: SiteUrls, base: str, *, is_featured: bool = False
) -> Video | None:
    """Return the video of an `iframe`, a `video` or an element with `data-src`.

    In a text, an iframe of an unknown player is not a video: None. A featured one always is.
    """
    source = element.get("data-src") or element.get("data-lazy-src") or element.get("src")
    if element.tag == "video" and not source:
        inner = element.find(".//source")
        source = inner.get("src") if inner is not None else None
    url = absolute(source, urls, base)
    if url is None:
        return None
    name = provider(url)
    if element.tag == "video" or name == "file":
        name = "file"
    elif name is None:
        if element.tag == "iframe" and not is_featured:
            return None
        name = fold(element.get("data-type")) or None
    return Video(url, name, fold(element.get("title")) or None)


def provider(url: str) -> str | None:
    """Return the provider of the video at `url`; `file` for a video file.

    >>> provider("https://www.youtube-nocookie.com/embed/x"), provider("https://example.com/")
    ('youtube', None)
    """
    if _VIDEO_FILE.search(url):
        return "file"
    match = _HOST.match(url)
    host = match.group(1).lower() if match else ""
    for domain, name in _PROVIDERS.items():
        if host == domain or host.endswith(f".{domain}"):
            return name
    return None
