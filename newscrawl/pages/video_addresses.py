"""Addresses of videos that a page states by an identifier, by a script or as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DEFAULT_NAMES = ("videoid", "data-videoid")
"""Attributes with the identifier of a video, of YouTube unless the element names a provider."""
_NAMES = (
    *("data-video-id", "data-youtube-id", "data-youtube", "data-yt-id", "data-ytid"),
    *("data-youtube-video-id", "data-vimeo-id", "data-vimeo", "data-dailymotion-id"),
    *("data-plyr-embed-id", "data-embed", "data-embed-id", "data-video", "data-id"),
)
"""Attributes with the identifier of a video of the provider that the element names."""
_ATTRIBUTES = frozenset((*_DEFAULT_NAMES, *_NAMES))
_PROVIDER_NAMES = (
    *("class", "data-plyr-provider", "data-provider", "data-service", "data-platform"),
    *("data-type", "data-video-type", "data-source"),
)
_PROVIDER = re.compile(r"youtube|vimeo|dailymotion|(?:\b|_)(?:yt|lyte)(?:\b|_)", re.IGNORECASE)
_ANY_ID = re.compile(r"[\w-]{6,20}")
_IDS = {
    "youtube": re.compile(r"(?!placeholder)[\w-]{11}"),
    "vimeo": re.compile(r"\d{6,11}"),
    "dailymotion": re.compile(r"[xk][0-9a-zA-Z]{5,20}"),
}
_ADDRESSES = {
    "youtube": "https://www.youtube.com/embed/",
    "vimeo": "https://player.vimeo.com/video/",
    "dailymotion": "https://www.dailymotion.com/embed/video/",
}
_NUMBER = re.compile(r"\d{1,20}")
_WORD = re.compile(r"[\w-]{1,40}")
_VIDEO_PAGE = re.compile(
    r"https?://(?:(?:www|m|player)\.)?(?:"
    r"youtube(?:-nocookie)?\.com/(?:watch\?|embed/|shorts/|live/|v/)|youtu\.be/"
    r"|vimeo\.com/(?:[\w-]+/)*\d|dailymotion\.com/(?:embed/)?video/|dai\.ly/"
    r"|facebook\.com/(?:[^/?#]+/videos/|watch/?\?v=|reel/)|fb\.watch/"
    r"|tiktok\.com/@[^/?#]+/video/|twitch\.tv/videos/|rumble\.com/(?:embed/)?v\w"
    r")[^\s/]\S*",
    re.IGNORECASE,
)
_SHORTCODE = re.compile(
    r"\[(embed|youtube|vimeo|dailymotion|video|facebook|tiktok)\b([^\[\]]{0,300})\]"
    r"(?:\s*([^\[\]]{0,300})\s*\[/\1\])?"
)
_STILL = re.compile(r"https?://(?:i\d?\.ytimg|img\.youtube)\.com/vi(?:_webp)?/", re.IGNORECASE)
_SCRIPT = re.compile(
    r"(?:https?:)?//(?:(?:cdn|content)\.jw(?:player|platform)\.com/players/[\w-]+"
    r"|geo\.dailymotion\.com/player/\w+|geo\.dailymotion\.com/player)(?=\.js\b)",
    re.IGNORECASE,
)


def address_of_id(element: Element) -> str | None:
    """Return the address of the video whose identifier an element states; None without one."""
    if _ATTRIBUTES.isdisjoint(element.keys()):
        return None
    if (account := element.get("data-account")) and (number := element.get("data-video-id")):
        return _brightcove(element, account, number)
    for name in _DEFAULT_NAMES:
        identifier = element.get(name)
        if identifier and _ANY_ID.fullmatch(identifier):
            return f"{_ADDRESSES[_named_provider(element) or 'youtube']}{identifier}"
    for name in _NAMES:
        identifier = element.get(name)
        if identifier and (provider := _named_provider(element, name)):
            is_id = _IDS[provider].fullmatch(identifier)
            return f"{_ADDRESSES[provider]}{identifier}" if is_id else None
    return None


def _brightcove(element: Element, account: str, number: str) -> str | None:
    player = element.get("data-player") or "default"
    embed = element.get("data-embed") or "default"
    if not (_NUMBER.fullmatch(account) and _WORD.fullmatch(number) and _WORD.fullmatch(player)):
        return None
    host = "https://players.brightcove.net"
    return f"{host}/{account}/{player}_{embed}/index.html?videoId={number}"


def _named_provider(element: Element, attribute: str = "") -> str | None:
    names = [str(element.tag), attribute, *(element.get(name) or "" for name in _PROVIDER_NAMES)]
    match = _PROVIDER.search(" ".join(names))
    if match is None:
        return None
    name = match[0].lower()
    return name if name in _ADDRESSES else "youtube"


def address_in_script(script: Element) -> str | None:
    """Return the address of the video that a provider's script puts in its own place.

    It is that of the frame for the same video, which needs no script.
    """
    source = script.get("src")
    match = _SCRIPT.match(source.strip()) if source else None
    if match is None:
        return None
    if "dailymotion" not in match[0]:
        return f"{match[0]}.html"
    video = script.get("data-video")
    return f"{match[0]}.html?video={video}" if video and _WORD.fullmatch(video) else None


def written_address(text: str) -> str | None:
    """Return the address of a video that a line consists of, alone or in a shortcode of WordPress.

    >>> written_address("https://youtu.be/abcdefghijk"), written_address("https://youtu.be/")
    ('https://youtu.be/abcdefghijk', None)
    >>> written_address("[embed]https://vimeo.com/123456[/embed]")
    'https://vimeo.com/123456'
    """
    if text.startswith("["):
        code = _SHORTCODE.fullmatch(text)
        match = _VIDEO_PAGE.search(f"{code[2]} {code[3] or ''}") if code else None
        return match[0].rstrip("\"'") if match else None
    return text if _VIDEO_PAGE.fullmatch(text) else None


def is_still(url: str) -> bool:
    """Return whether a picture is one that YouTube makes of a video."""
    return _STILL.match(url) is not None


def is_video_page(url: str) -> bool:
    """Return whether an address is that of one video of a known provider."""
    return _VIDEO_PAGE.fullmatch(url) is not None
