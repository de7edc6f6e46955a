"""Pictures that stand for a site or for a picture that is missing: logos, icons, defaults."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from newscrawl.sites import Site

_HOSTS = re.compile(r"(?:^|\.)(?:gravatar\.com|s\d?\.wp\.com)\Z")
_ANCHORS = (
    *("logo", "icon", "default", "placeholder", "avatar", "blank", ".wp.com"),
    *("image", "photo", "foto", "thumb"),
)
"""The address of any of them has one."""
_SIZE = re.compile(r"-\d{2,4}x\d{2,4}\Z")
_WORD = re.compile(r"[a-z]+")
_SCALE = re.compile(r"(?<=\d)x\d*|@\dx")
_MARKS = frozenset(
    {"logo", "logos", "favicon", "icon", "placeholder", "noimage", "nophoto", "avatar", "blank"}
)
_MISSING = frozenset({"placeholder", "noimage", "nophoto", "default", "favicon"})
"""Words of pictures that were not chosen for an article, whatever is written under them."""
_MARKS_OF_TWO = (("no", "image"), ("no", "photo"), ("no", "thumb"), ("no", "foto"))
_OTHER_WORDS = frozenset(
    {
        *("site", "sito", "web", "default", "fallback", "og", "opengraph", "image", "immagine"),
        *("img", "thumbnail", "thumb", "share", "sharing", "social"),
        *("header", "footer", "brand", "testata", "cropped", "scaled", "featured", "post", "news"),
        *("the", "il", "la", "new", "nuovo", "dark", "light", "white", "black", "bianco", "nero"),
        *("retina", "hd", "rgb", "square", "quadrato", "sq", "no", "foto", "photo", "v"),
        *("touch", "small", "large", "big", "final", "copy", "e", "person", "user"),
    }
)
_COMPANIES = frozenset({"apple", "facebook", "fb", "twitter", "x"})
_OF_SITES = frozenset(
    {"default", "fallback", "og", "opengraph", "share", "sharing", "touch", "site"}
)
"""Words with which the name of a company says what a site's picture is for, not what it shows."""


def is_stand_in(url: str, site: Site, *, is_captioned: bool = False) -> bool:
    """Return whether the name of a picture's file says only that it is a logo or a default.

    Args:
        url: the picture's address.
        site: the site that shows it.
        is_captioned: whether words are under it: a logo or an avatar may be what they are about.

    >>> from newscrawl.sites.example import EXAMPLE
    >>> is_stand_in("https://faro.example/uploads/logo-600x60.png", EXAMPLE)
    True
    >>> is_stand_in("https://faro.example/uploads/il-nuovo-logo-della-regata.jpg", EXAMPLE)
    False
    """
    lowered = url.lower()
    is_possible = any(anchor in lowered for anchor in _ANCHORS)
    return is_possible and _is_stand_in(url, site.name, site.origin, is_captioned)


@lru_cache(maxsize=64)
def _is_stand_in(url: str, name: str, origin: str, is_captioned: bool) -> bool:  # noqa: FBT001
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if _HOSTS.search(parts.hostname or ""):
        return True
    file = _SIZE.sub("", unquote(parts.path).rpartition("/")[2].rpartition(".")[0].lower())
    words = _WORD.findall(_SCALE.sub("", file))
    pairs = {*pairwise(words)}
    is_marked = (
        not _MARKS.isdisjoint(words)
        or not pairs.isdisjoint(_MARKS_OF_TWO)
        or words[:1] == ["default"]
        or words[-1:] == ["default"]
    )
    if is_captioned:
        is_marked = not _MISSING.isdisjoint(words) or not pairs.isdisjoint(_MARKS_OF_TWO)
    if not is_marked:
        return False
    host = urlsplit(origin).hostname or ""
    own = {*_WORD.findall(name.lower()), *_WORD.findall(host), "".join(_WORD.findall(name.lower()))}
    if not own.union(_OF_SITES).isdisjoint(words):
        own |= _COMPANIES
    return own.union(_MARKS, _OTHER_WORDS).issuperset(words)
