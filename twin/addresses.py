"""The address of everything on the twin, as a path of the site, under the switches."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from twin import faces

if TYPE_CHECKING:
    from twin.model import Card, Picture, Switches

PERMALINKS = ("dated", "day", "named", "postname", "number")
NUMBERED = "archivi"
"""The first segment of addresses with a number."""
CHANGED = datetime.fromisoformat("2026-09-01T00:00:00+02:00")
"""When the permalinks went from named to dated, for the changed-* switches."""

_TARGET = re.compile(r'href="(post|tag|category|author):([^"?#~]+)(~amp)?([?#][^"]*)?"')
_DROPPED = re.compile(r"[^a-z0-9 -]+")
_DASHES = re.compile(r"[ -]+")


class Directory(Protocol):
    """Finds posts by their ids."""

    def by_id(self, post_id: int) -> Card | None:
        """Return the post, None for an unknown id."""
        ...


def slugify(text: str, limit: int = 190) -> str:
    """Return the slug WordPress makes of a title or a tag.

    >>> slugify("L’età dell’oro: “è ora”, dice l'Italia")
    'leta-delloro-e-ora-dice-litalia'
    """
    plain = unicodedata.normalize("NFKD", text.replace("/", " ").replace("–", " ")).lower()
    slug = _DASHES.sub("-", _DROPPED.sub("", " ".join(plain.split()))).strip("-")
    return slug if len(slug) <= limit else slug[:limit].rsplit("-", 1)[0]


def url_category(post: Card) -> str:
    """Return the slug of the category that stands in the post's address."""
    return post.url_category or post.categories[0]


def named_path(post: Card, switches: Switches | None = None) -> str:
    """Return /category/slug/, the older generation."""
    face = faces.of(switches) if switches else faces.face(faces.DEFAULT)
    names = "/".join(c.slug for c in face.chain(url_category(post)))
    return f"/{names}/{post.slug}/"


def dated_path(post: Card, switches: Switches | None = None) -> str:
    """Return /YYYY/MM/DD/category/slug/, the newer generation."""
    return f"/{post.published:%Y/%m/%d}{named_path(post, switches)}"


def path(post: Card, switches: Switches) -> str:
    """Return the post's canonical address."""
    kind = switches.permalinks
    if kind == "named":
        return named_path(post, switches)
    if kind == "postname":
        return f"/{post.slug}/"
    if kind == "number":
        return f"/{NUMBERED}/{post.id}/"
    if kind == "day":
        return f"/{post.published:%Y/%m/%d}/{post.slug}/"
    return dated_path(post, switches)


def old_path(post: Card, switches: Switches) -> str:
    """Return the post's address in the other generation."""
    return (dated_path if switches.permalinks == "named" else named_path)(post, switches)


def is_old(post: Card) -> bool:
    """Return whether a post is older than the change of permalinks."""
    return post.published < CHANGED


def linked_path(post: Card, switches: Switches) -> str:
    """Return the address by which bodies and Related Posts link a post."""
    if switches.permalinks.startswith("changed") and is_old(post):
        return old_path(post, switches)
    return path(post, switches)


def category_path(slug: str, switches: Switches) -> str:
    """Return a section's archive: /category/sport/calcio/, /sport/calcio/, ..."""
    names = "/".join(c.slug for c in faces.of(switches).chain(slug))
    base = switches.category_base
    return f"/{names}/" if base == "bare" else f"/{base}/{names}/"


def tag_path(name: str) -> str:
    """Return a tag's archive."""
    return f"/tag/{slugify(name)}/"


def author_path(slug: str) -> str:
    """Return an author's archive."""
    return f"/author/{slug}/"


def image_path(picture: Picture) -> str:
    """Return a picture's full-size file."""
    return f"/{picture.path}"


def resized_path(picture: Picture, width: int, height: int) -> str:
    """Return a resized file of a picture: name-WxH.jpg."""
    stem, _, ending = picture.path.rpartition(".")
    return f"/{stem}-{width}x{height}.{ending}"


def resolve(html: str, directory: Directory, switches: Switches, origin: str = "") -> str:
    """Replace href="post:ID" and the like by addresses that begin with `origin`."""
    if 'href="' not in html:
        return html

    def replaced(match: re.Match[str]) -> str:
        kind, name, amp, rest = match.groups()
        if kind == "post":
            post = directory.by_id(int(name))
            target = linked_path(post, switches) if post else "/?p=" + name
        elif kind == "tag":
            target = tag_path(name)
        elif kind == "category":
            target = category_path(name, switches)
        else:
            target = author_path(name)
        return f'href="{origin}{target}{"amp/" if amp else ""}{rest or ""}"'

    return _TARGET.sub(replaced, html)
