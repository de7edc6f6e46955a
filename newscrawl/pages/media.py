"""Pictures and videos: full-size URLs, players."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.items import Image, Video
from newscrawl.pages.parked_markup import consent_content
from newscrawl.pages.resized_pictures import PICTURE_FILE, original
from newscrawl.pages.shown import is_hidden
from newscrawl.pages.video_addresses import address_of_id
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

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
_CANDIDATE = re.compile(r"([^\s,]\S*)\s+(\d{1,5}(?:\.\d{1,3})?)([wx])(?=\s*(?:,|\Z))")
_SIZE_SUFFIX = re.compile(r"-\d{2,4}x\d{2,4}(?=\.[a-z]{3,4}\Z)", re.I)
# Full-size files as Jetpack and the gallery block name them.
_FULL_SIZE = ("data-orig-file", "data-full-url", "data-large-file", "data-large_image", "data-full")
_PARKED = frozenset({"data-src", "data-lazy-src"})
# Attributes of an `img` that do not have its address parked, though a name may look like it.
_USUAL = frozenset(
    {
        *("src", "srcset", "alt", "title", *_FULL_SIZE),
        *("width", "height", "class", "id", "style", "sizes", "loading", "decoding"),
    }
)
_PARKED_NAME = re.compile(r"src|original|lazy|url|embed|video|iframe|href|file|image|bg|echo", re.I)
_SRCSET_NAME = re.compile(r"srcset|-set\Z", re.I)
_NOT_PLAYERS = re.compile(
    r"facebook\.com/(?!plugins/video\.php|(?:[^/?#]+/)*(?:videos?|reels?|watch|v)(?:[/?#]|\Z)"
    r"|video\.php|video/embed)"
    r"|youtube\.com/(?:subscribe_embed|live_chat)|tiktok\.com/(?:embed/)?@[^/]+/?(?:\?|\Z)|twitch\.tv/embed/[^/]+/chat"
    r"|vimeo\.com/live-chat",
    re.I,
)
PLAYERS = frozenset(
    {
        *("iframe", "video", "video-js", "lite-youtube", "lite-vimeo", "youtube-video"),
        *("vimeo-video", "amp-youtube", "amp-vimeo", "amp-dailymotion", "amp-video", "amp-iframe"),
    }
)
# Elementor writes its players' settings as JSON, in which slashes are escaped.
_SETTINGS_URL = re.compile(r'"(?:youtube|vimeo|dailymotion)_url"\s*:\s*"(https?:[^"]+)"')
_PICTURE_FRAMES = frozenset({"span", "div", "figure", "picture", "strong", "em", "b", "i"})
_MAX_FRAMES = 3
_COUNTERS = re.compile(
    r"/(?:pixel|spacer|blank|clear|transparent|1x1)\.(?:gif|png)|facebook\.com/tr\b|pixel\.wp\.com"
    r"|vgwort\.de|scorecardresearch|google-analytics|doubleclick\.net",
    re.I,
)
_EMPTY_FRAMES = re.compile(r"\A(?:about:|data:|javascript:|blob:)|/(?:empty|blank)\.html?\b", re.I)
_ONE_PIXEL = re.compile(r"(?:^|;)\s*(?:width|height)\s*:\s*[01]px", re.I)
_URL_IN_TEXT = re.compile(r"https?://[^\s<>\"'\[\]]+")
_PIXELS = re.compile(r"\A\d{1,5}\Z")


def absolute(url: str | None, urls: SiteUrls, base: str) -> str | None:
    """Return `url` as a reader may open it, None for a fragment or what is not an http URL."""
    url = url.strip() if url else None
    if not url or url.startswith("#"):
        return None
    if url.startswith("//"):
        url = f"https:{url}"
    return urls.public(url, base)


def picture_url(url: str | None, urls: SiteUrls, base: str) -> str | None:
    """Return the address of a picture's file as `absolute`, the original where a service resizes.

    >>> from newscrawl.sites.example import EXAMPLE
    >>> from newscrawl.urls import SiteUrls
    >>> stated = "https://i0.wp.com/faro.example/a.jpg?resize=300%2C200"
    >>> picture_url(stated, SiteUrls(EXAMPLE), "https://faro.example/")
    'https://faro.example/a.jpg'
    """
    return absolute(original(url.strip()) if url else url, urls, base)


def pixels(value: str | None) -> int | None:
    """Return a width or height attribute in pixels, None for 0, 1 and percentages."""
    if value and _PIXELS.match(value.strip()):
        number = int(value)
        return number if number > 1 else None
    return None


def is_placeholder(url: str | None) -> bool:
    """Return whether an image URL is that of a placeholder."""
    if not url:
        return True
    for mark in PLACEHOLDERS:  # noqa: SIM110 - a generator takes twice the time
        if mark in url:
            return True
    return False


def body_image(element: Element, urls: SiteUrls, base: str) -> Image | None:
    """Return the picture of an `img` in a text, at the largest size that the page names.

    Scripts that put pictures in place later keep their addresses in attributes of any name.
    """
    source = _source(element)
    if is_counter(element, source):
        return None
    parent = element.getparent()
    srcsets = [value for name, value in element.items() if _SRCSET_NAME.search(str(name))]
    # libxml2 nests what follows `<source>` within it.
    while parent is not None and parent.tag == "source":
        parent = parent.getparent()
    if parent is not None and parent.tag == "picture":
        srcsets += [
            value
            for part in parent.iterdescendants("source")
            for name, value in part.items()
            if _SRCSET_NAME.search(str(name))
        ]
        parent = parent.getparent()
    candidates = [url for name in _FULL_SIZE if (url := element.get(name))]
    link = _link_around(parent)
    if link and PICTURE_FILE.search(link.strip()):
        candidates.insert(0, link)
    largest, is_sized = _largest(srcsets)
    full_size = candidates[0] if candidates else _larger(largest, source, is_sized=is_sized)
    url = picture_url(full_size, urls, base)
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


def _link_around(parent: Element | None) -> str | None:
    """Return the address of the link around a picture, or around its frame alone."""
    frame = parent
    for _ in range(_MAX_FRAMES):
        if frame is None or frame.tag not in _PICTURE_FRAMES:
            break
        frame = frame.getparent()
    if frame is None or frame.tag != "a":
        return None
    is_single = frame is parent or sum(1 for _ in frame.iter("img")) == 1
    return frame.get("href") if is_single else None


def is_counter(element: Element, source: str | None) -> bool:
    """Return whether an `img` counts readers: of one pixel, hidden, or known by its address."""
    if source and ".svg" in source:
        return False
    sizes = ((element.get(name) or "").removesuffix("px").strip() for name in ("width", "height"))
    is_tiny = all(size in {"0", "1"} for size in sizes)
    is_lazy = source is not None and source != element.get("src")
    return (
        is_tiny
        or _ONE_PIXEL.search(element.get("style") or "") is not None
        or (source is not None and _COUNTERS.search(source) is not None)
        or (not is_lazy and is_hidden(element))
    )


def _source(element: Element) -> str | None:
    """Return the address of an `img`: that of a script before `src`, never a placeholder."""
    others = [(str(name), value) for name, value in element.items() if name not in _USUAL]
    parked = [value.strip() for name, value in others if name in _PARKED]
    parked += [
        value.strip()
        for name, value in others
        if not _SRCSET_NAME.search(name)
        and _PARKED_NAME.search(name)
        and PICTURE_FILE.search(value.strip())
    ]
    for value in [*parked, element.get("src")]:
        if value and not is_placeholder(value):
            return value
    # Of an unknown script: a picture's file, in any attribute.
    written = (value.strip() for name, value in others if name.startswith("data-"))
    return next((v for v in written if "/" in v and PICTURE_FILE.search(v)), None)


def is_picture_file(url: str | None) -> bool:
    """Return whether an address is that of a picture, not of a page about it."""
    return bool(url) and PICTURE_FILE.search(url.strip()) is not None  # type: ignore[union-attr]


def is_same_file(url: str, other: str) -> bool:
    """Return whether two addresses name one picture in two of WordPress's sizes."""
    return _base_name(url) == _base_name(other)


def is_resized(url: str) -> bool:
    """Return whether an address is that of one of WordPress's smaller sizes."""
    return _RESIZED.search(url) is not None


def _base_name(url: str) -> str:
    path = url.partition("?")[0].partition("//")[2]
    return _SIZE_SUFFIX.sub("", path).rpartition(".")[0].removesuffix("-scaled")


def _larger(largest: str | None, source: str | None, *, is_sized: bool) -> str | None:
    if largest is None or source is None:
        return largest or source
    if is_resized(source):
        return largest
    if not is_sized and not is_same_file(source, largest):
        # Of a `source` for narrow windows.
        return source
    # Services of pictures add WebP files as "a.jpg.webp" and as "a.webp".
    has_same_ending = source.rpartition(".")[2] == largest.rpartition(".")[2]
    is_copy = is_same_file(source, largest) and (is_resized(largest) or not has_same_ending)
    return source if is_copy or largest.startswith(f"{source}.") else largest


def _largest(srcsets: list[str]) -> tuple[str | None, bool]:
    """Return the largest candidate: by width, else by density, else the only one.

    And whether its size is stated.
    """
    best, order = None, (0, 0.0)
    for srcset in srcsets:
        # A comma separates candidates only after a size: URLs may contain commas too.
        for address, size, unit in _CANDIDATE.findall(srcset):
            rank = (1 if unit == "w" else 0, float(size))
            if rank > order and not is_placeholder(address):
                best, order = address, rank
        bare = srcset.strip()
        is_better = best is None or (order == (0, 0.0) and is_resized(best))
        if is_better and bare and not re.search(r"\s", bare) and not is_placeholder(bare):
            best = bare
    return best, order != (0, 0.0)


def player_url(element: Element) -> str | None:
    """Return the address of a frame or player as written, wherever a script parks it."""
    if (content := consent_content(element)) is not None:
        player = next(content.iterdescendants(*PLAYERS), None)
        return player_url(player) if player is not None else None
    return _stated_url(element)


def _stated_url(element: Element) -> str | None:
    if (stated := address_of_id(element)) is not None:
        return stated
    if settings := _SETTINGS_URL.search(element.get("data-settings") or ""):
        return settings[1].replace("\\/", "/")
    fallback = None
    for node in [element, *element.iterdescendants("source")]:
        for name, text in node.items():
            if name in {"src", "srcdoc", "poster", "title", "class", "style"}:
                continue
            value = text.strip()
            if value.startswith(("http:", "https:", "//", "/")) and not _EMPTY_FRAMES.search(value):
                if "src" in str(name):
                    return value
                if fallback is None and _PARKED_NAME.search(str(name)) and provider(value):
                    fallback = value
        source = (node.get("src") or "").strip()
        if source and not _EMPTY_FRAMES.search(source):
            return fallback or source
    return fallback


def is_player(element: Element) -> bool:
    """Return whether a script makes a player of an element, by the address in its attributes."""
    if not any(str(name).startswith(("data-", "videoid")) for name in element.keys()):  # noqa: SIM118
        return False
    url = player_url(element)
    return url is not None and provider(url) is not None


def is_parked(element: Element) -> bool:
    """Return whether a script will put a frame in place, hidden or not."""
    return player_url(element) not in {None, (element.get("src") or "").strip()}


def holds_unknown_frames(elements: Iterable[Element]) -> bool:
    """Return whether all media in elements are frames, and none of a known player."""
    tags = ("img", "picture", "iframe", "video")
    media = [node for element in elements for node in element.iter(*tags)]
    urls = (player_url(node) for node in media)
    return bool(media) and all(
        node.tag == "iframe" and (url is None or provider(url) is None)
        for node, url in zip(media, urls, strict=True)
    )


def url_in_text(text: str) -> str | None:
    """Return the first address within a text."""
    match = _URL_IN_TEXT.search(text)
    return match[0] if match else None


def video(
    element: Element, urls: SiteUrls, base: str, *, is_featured: bool = False
) -> Video | None:
    """Return the video of an `iframe`, a `video` or an element with an address of a player.

    In a text, an iframe of an unknown player is not a video: None. A featured one always is.
    """
    url = absolute(player_url(element), urls, base)
    if url is None:
        return None
    name = provider(url)
    if name is None and element.tag == "video":
        name = "file"
    elif name is None:
        if not is_featured:
            return None
        name = fold(element.get("data-type")) or None
    return Video(url, name, fold(element.get("title")) or None)


def video_of_post(element: Element, urls: SiteUrls, base: str) -> Video | None:
    """Return the video of a post of TikTok, which its script makes a player of."""
    url = absolute(element.get("cite"), urls, base)
    return Video(url, name) if url and (name := provider(url)) == "tiktok" else None


def provider(url: str) -> str | None:
    """Return the provider of the video at `url`; `file` for a video file.

    >>> provider("https://www.youtube-nocookie.com/embed/x"), provider("https://example.com/")
    ('youtube', None)
    """
    if _VIDEO_FILE.search(url):
        return "file"
    if _NOT_PLAYERS.search(url):
        return None
    match = _HOST.match(url.replace("//", "https://", 1) if url.startswith("//") else url)
    host = match.group(1).lower() if match else ""
    for domain, name in _PROVIDERS.items():
        if host == domain or host.endswith(f".{domain}"):
            return name
    return None
