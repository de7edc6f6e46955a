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
_MARKS = frozenset(
    {"logo", "logos", "favicon", "icon", "placeholder", "noimage", "nophoto", "avatar", "blank"}
)
_MARKS_OF_TWO = (("no", "image"), ("no", "photo"), ("no", "thumb"), ("no", "foto"))
_OTHER_WORDS = frozenset(
    {
        *("site", "sito", "web", "default", "fallback", "og", "opengraph", "image", "immagine"),
        *("img", "thumbnail", "thumb", "share", "sharing", "social", "facebook", "fb", "twitter"),
        *("header", "footer", "brand", "testata", "cropped", "scaled", "featured", "post", "news"),
        *("the", "il", "la", "new", "nuovo", "dark", "light", "white", "black", "bianco", "nero"),
        *("retina", "x", "hd", "rgb", "square", "quadrato", "sq", "no", "foto", "photo", "v"),
        *("apple", "touch", "small", "large", "big", "final", "copy", "e", "person", "user"),
    }
)


def is_stand_in(url: str, site: Site) -> bool:
    """Return whether the name of a picture's file says only that it is a logo or a default.

    >>> from newscrawl.sites.example import EXAMPLE
    >>> is_stand_in("https://faro.example/uploads/logo-600x60.png", EXAMPLE)
    True
    >>> is_stand_in("https://faro.example/uploads/il-nuovo-logo-della-regata.jpg", EXAMPLE)
    False
    """
    lowered = url.lower()
    is_possible = any(anchor in lowered for anchor in _ANCHORS)
    return is_possible and _is_stand_in(url, site.name, site.origin)


@lru_cache(maxsize=64)
def _is_stand_in(url: str, name: str, origin: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if _HOSTS.search(parts.hostname or ""):
        return True
    file = _SIZE.sub("", unquote(parts.path).rpartition("/")[2].rpartition(".")[0].lower())
    words = _WORD.findall(file)
    pairs = {*pairwise(words)}
    is_marked = (
        not _MARKS.isdisjoint(words)
        or not pairs.isdisjoint(_MARKS_OF_TWO)
        or words[:1] == ["default"]
        or words[-1:] == ["default"]
    )
    if not is_marked:
        return False
    host = urlsplit(origin).hostname or ""
    own = {*_WORD.findall(name.lower()), *_WORD.findall(host), "".join(_WORD.findall(name.lower()))}
    return own.union(_MARKS, _OTHER_WORDS).issuperset(words)
