"""Addresses at which services resize pictures, which have the original's address in them."""

from __future__ import annotations

import re

# Jetpack's image service resizes the file at the address in its path.
_RESIZING_SERVICE = re.compile(r"(?:https?:)?//i\d\.wp\.com/([^?#]+)", re.I)
# Cloudflare's options end with a slash; what follows is an address or a path.
_CLOUDFLARE = re.compile(r"((?:(?:https?:)?//[^/?#]+)?)/cdn-cgi/image/[^/?#]+/(\S+)\Z", re.I)
# ShortPixel, Optimole and the Wayback Machine have the whole address in theirs.
_ORIGINAL_IN_PATH = re.compile(r"(?:https?:)?//[^/?#]+/[^?#]*?(https?):/{1,2}([^/?#]\S*)\Z", re.I)
PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:\?[^?]{0,200})?\Z", re.I)


def original(url: str) -> str:
    """Return the address of the file that a service resizes at `url`; of any other file `url`.

    >>> original("https://faro.example/cdn-cgi/image/width=800,format=auto/uploads/a.jpg")
    'https://faro.example/uploads/a.jpg'
    >>> original("https://cdn.example/client/q_glossy,w_750/https://faro.example/a.jpg")
    'https://faro.example/a.jpg'
    """
    if match := _RESIZING_SERVICE.match(url):
        return f"https://{match[1]}"
    if "/http" not in url and "/cdn-cgi/" not in url:
        return url
    if match := _CLOUDFLARE.match(url):
        url = match[2] if match[2].startswith("http") else f"{match[1]}/{match[2]}"
    if (match := _ORIGINAL_IN_PATH.match(url)) and PICTURE_FILE.search(match[2]):
        return f"{match[1]}://{match[2]}"
    return url
