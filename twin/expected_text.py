"""What a faultless reader gets of a post's text: blocks, images, videos and links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.items import Block, Dateline, Image, Link, Video
from twin import addresses, site_constants
from twin.dating import MONTHS_IN_TEXT
from twin.wordlists import names

if TYPE_CHECKING:
    from twin.addresses import Directory
    from twin.model import Film, Node, Picture, Post, Switches

_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\ufeff]")
_BREAK = re.compile(r"<br\s*/?>")
_TAG = re.compile(r"<[^<>]+>")
_ANCHOR = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_CREDIT_MARK = re.compile(r"^(?:Foto |© ?)")
_LINE_PARTS = re.compile(r" [|/] ")
_DATELINE = re.compile(
    rf"^(?P<place>[^,\d]{{2,40}}), (?P<day>\d\d?)[º°]? (?P<month>{'|'.join(MONTHS_IN_TEXT)})"
    r" (?P<year>\d{4}) [–—-] "
)
_PROVIDERS = (
    ("youtube.com", "youtube"), ("vimeo.com", "vimeo"), ("dailymotion.com", "dailymotion"),
    ("facebook.com", "facebook"),
)  # fmt: skip
_LARGE = 1024
"""Pictures in a body that are wider are shown resized, so their attributes are not their size."""


def fold(text: str | None) -> str:
    r"""Return the text without unseen characters, runs of white space as one space.

    >>> fold(" a\u00a0\r\n b\x07\u2028c ")
    'a b c'
    """
    return " ".join(_UNSEEN.sub("", text or "").split())


def plain(html: str) -> str:
    """Return the words of inner HTML, folded.

    >>> plain("<strong>Roma</strong> &amp;  Bari")
    'Roma & Bari'
    """
    return fold(unescape(_TAG.sub("", html)))


def paragraphs(html: str) -> list[str]:
    r"""Return the paragraphs in inner HTML: one br is a line's end, two separate paragraphs.

    >>> paragraphs("a<br />b<br><br />c"), paragraphs("&nbsp;")
    (['a\nb', 'c'], [])
    """
    groups: list[list[str]] = [[]]
    for line in (plain(piece) for piece in _BREAK.split(html)):
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return ["\n".join(lines) for lines in groups if lines]


def caption_and_credit(line: str | None) -> tuple[str | None, str | None]:
    """Return what a picture's one line says of it, and of who made it.

    >>> [caption_and_credit(t) for t in ("Ansa", "Il porto | Ansa", "Il porto", "Foto Ansa")]
    [(None, 'Ansa'), ('Il porto', 'Ansa'), ('Il porto', None), (None, 'Foto Ansa')]
    """
    text = fold(line)
    if not text:
        return None, None
    if _CREDIT_MARK.sub("", text) in names().credits:
        return None, text
    parts = _LINE_PARTS.split(text)
    if len(parts) == 1:
        return text, None
    return " | ".join(parts[:-1]), parts[-1]


def image_url(picture: Picture) -> str:
    """Return the address of a picture's full-size file on the live site."""
    return site_constants.LIVE + addresses.image_path(picture)


def video(film: Film) -> Video:
    """Return a video as the page names it."""
    url = f"https:{film.url}" if film.url.startswith("//") else film.url
    host = urlsplit(url).hostname or ""
    provider = next(
        (name for domain, name in _PROVIDERS if host == domain or host.endswith(f".{domain}")),
        "file" if film.kind == "mp4" else None,
    )
    return Video(url, provider, film.title if film.kind not in ("mp4", "url") else None)


def _image(picture: Picture) -> Image:
    caption, credit = caption_and_credit(picture.caption_text)
    whole = picture.width <= _LARGE
    return Image(
        image_url(picture),
        caption=caption,
        credit=credit,
        alt=fold(picture.alt) or None,
        width=picture.width if whole else None,
        height=picture.height if whole else None,
    )


@dataclass(slots=True)
class ExpectedText:
    """All that a text holds, in the order of reading."""

    blocks: list[Block] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def body(self) -> str:
        """Headings, paragraphs, list items, quotes and rows, with an empty line between."""
        pieces: list[str] = []
        for block in self.blocks:
            if block.type in ("heading", "paragraph", "quote"):
                pieces.append(block.text or "")
            elif block.type in ("list", "table"):
                pieces += block.items
        return "\n\n".join(pieces)

    @property
    def dateline(self) -> Dateline | None:
        """Place and day at the start of the first paragraph."""
        first = next((b.text or "" for b in self.blocks if b.type == "paragraph"), "")
        match = _DATELINE.match(first)
        if match is None:
            return None
        month = MONTHS_IN_TEXT.index(match["month"]) + 1
        return Dateline(match["place"], f"{match['year']}-{month:02d}-{int(match['day']):02d}")


def count_words(text: str) -> int:
    """Return how many tokens hold a letter or a digit."""
    return sum(1 for token in text.split() if any(c.isalnum() for c in token))


def read(post: Post, directory: Directory, switches: Switches) -> ExpectedText:
    """Return what a post's pages hold, joined."""
    expected = ExpectedText()
    for page in post.pages:
        for node in page:
            _read_node(expected, node, directory, switches)
    return expected


def _links(html: str, directory: Directory, switches: Switches) -> list[Link]:
    links: list[Link] = []
    for href, inner in _ANCHOR.findall(addresses.resolve(html, directory, switches)):
        target, text = unescape(href), plain(inner)
        if target.startswith("/") and not target.startswith("//"):
            path = target.partition("?")[0].partition("#")[0].removesuffix("amp/")
            links.append(Link(site_constants.LIVE + path, text))
        elif target.startswith(("http:", "https:")):
            links.append(Link(target, text))
    return links


def _read_node(
    expected: ExpectedText, node: Node, directory: Directory, switches: Switches
) -> None:
    kind, add = node.kind, expected.blocks.append
    if kind in ("paragraph", "heading", "quote", "list", "readalso"):
        for html in (node.html, *node.items):
            expected.links += _links(html, directory, switches)
    if kind == "paragraph":
        expected.blocks += [Block("paragraph", text=text) for text in paragraphs(node.html)]
    elif kind == "heading":
        add(Block("heading", level=node.level or 2, text=plain(node.html)))
    elif kind == "list":
        add(Block("list", items=[plain(item) for item in node.items]))
    elif kind == "quote":
        words_ = [plain(node.html), *([fold(node.cite)] if node.cite else [])]
        add(Block("quote", text="\n".join(words_)))
    elif kind == "table":
        rows = [" | ".join(fold(cell) for cell in row.split("\t")) for row in node.items]
        add(Block("table", items=rows))
    else:
        _read_media(expected, node)


def _read_media(expected: ExpectedText, node: Node) -> None:
    if node.kind == "image" and node.picture:
        expected.images.append(_image(node.picture))
        expected.blocks.append(Block("image", url=expected.images[-1].url))
    elif node.kind == "video" and node.film:
        _read_film(expected, node.film)
    elif node.kind == "tweet":
        film = node.film
        pieces = [plain(node.html), "—", node.cite or "", film.title or "" if film else ""]
        text = fold(" ".join(pieces))
        expected.blocks.append(Block("embed", text=text, url=film.url if film else None))


def _read_film(expected: ExpectedText, film: Film) -> None:
    if film.kind == "url":
        expected.blocks.append(Block("embed", url=film.url))
        return
    expected.videos.append(video(film))
    expected.blocks.append(Block("video", url=expected.videos[-1].url))
