"""Files: pictures, styles and scripts, as small as they can be."""

from __future__ import annotations

from base64 import b64decode

from twin.theme.reply import Reply

# The smallest of each kind: one pixel.
_JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////"
    "////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
_PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")

TYPES: dict[str, tuple[str, bytes]] = {
    "jpg": ("image/jpeg", _JPEG),
    "jpeg": ("image/jpeg", _JPEG),
    "png": ("image/png", _PNG),
    "gif": ("image/gif", _GIF),
    "webp": ("image/png", _PNG),
    "ico": ("image/png", _PNG),
    "mp4": ("video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
    "css": ("text/css", b"/* */\n"),
    "js": ("text/javascript", b"/* */\n"),
    "xsl": ("application/xslt+xml", b"<?xml version='1.0'?>\n"),
    "woff2": ("font/woff2", b""),
}
FOLDERS = ("/wp-content/", "/wp-includes/")


def file(path: str) -> Reply | None:
    """Return a file of the given path; None when the site serves no such kind."""
    if not path.startswith(FOLDERS) and path != "/favicon.ico":
        return None
    kind = TYPES.get(path.rpartition(".")[2].lower())
    if kind is None:
        return None
    cache = (("Cache-Control", "max-age=2592000"),)
    return Reply(kind[1], 200, kind[0], cache)
