"""Pictures and films of generated posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin import addresses, site_constants
from twin.model import Film, Picture
from twin.wordlists import names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from twin.text_generator import TextGenerator

_LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789_-"
_SIZES = ((1200, 675), (1280, 720), (1600, 900), (1400, 933), (1920, 1080))
_SMALL = ((800, 450), (1024, 683), (640, 480))
_CAPTION_LINES: Mapping[str, Callable[[TextGenerator, str], str | None]] = {
    "caption-pipe": lambda generator, credit: f"{generator.caption()} | {credit}",
    "caption-slash": lambda generator, credit: f"{generator.caption()} / {credit}",
    "caption-only": lambda generator, _: generator.caption(),
    "caption-foto": lambda _, __: "Foto Ansa",
    "caption-none": lambda _, __: None,
}
"""The line under a picture by the edge case that asks for it."""
_CAPTIONS = tuple(_CAPTION_LINES)


def _key(generator: TextGenerator, length: int, letters: str = _LETTERS) -> str:
    draw = generator.random.random
    return "".join(letters[int(draw() * len(letters))] for _ in range(length))


def host(generator: TextGenerator) -> str:
    """Return a made-up host name."""
    return addresses.slugify(generator.entities.body.text)[:24].strip("-")


def picture(generator: TextGenerator, name: str, *, wide: bool = True, form: str = "") -> Picture:
    """Return a picture with its words; `form` is the edge case that names its caption line."""
    draw = generator.random.random
    sizes = _SIZES if wide else _SMALL
    width, height = sizes[int(draw() * len(sizes))]
    stem = addresses.slugify(generator.entities.city)
    file = f"{stem}-{name}-{_key(generator, 6, '0123456789')}.jpg"
    credit = names().credits[int(draw() * len(names().credits))]
    if not form:
        form = _CAPTIONS[int(draw() * len(_CAPTIONS))]
    if form in _CAPTION_LINES:
        line = _CAPTION_LINES[form](generator, credit)
    else:
        line = "Ansa" if form == "caption-credit" and draw() < 0.5 else credit
    path = f"wp-content/uploads/{generator.published:%Y/%m}/{file}"
    return Picture(path, generator.caption(), line, width, height)


def featured(generator: TextGenerator, kind: str) -> Film:
    """Return the featured video of a kind."""
    if kind == "youtube":
        return Film(f"https://www.youtube.com/watch?v={_key(generator, 11)}", kind)
    if kind == "vimeo":
        return Film(f"https://vimeo.com/{_key(generator, 9, '123456789')}", kind)
    if kind == "dailymotion":
        key = _key(generator, 6, "0123456789abcdef")
        return Film(f"https://www.dailymotion.com/video/x{key}", kind)
    if kind == "mp4":
        folder = f"{site_constants.LIVE}/wp-content/uploads/{generator.published:%Y/%m}"
        file = (
            f"{addresses.slugify(generator.entities.city)}-{_key(generator, 6, '0123456789')}.mp4"
        )
        return Film(f"{folder}/{file}", kind, poster=picture(generator, "poster"))
    title = f"Video: {generator.caption()}"
    key = _key(generator, 8, "0123456789")
    return Film(f"https://player.videoteca.example/embed/{key}", kind, title)


def embedded(generator: TextGenerator) -> Film:
    """Return a video within the body, as oEmbed writes its frame."""
    title = generator.caption()
    draw = generator.random.random()
    if draw < 0.6:
        url = f"https://www.youtube.com/embed/{_key(generator, 11)}?feature=oembed"
        return Film(url, "youtube", title)
    if draw < 0.8:
        key = _key(generator, 9, "123456789")
        return Film(f"https://player.vimeo.com/video/{key}?dnt=1", "vimeo", title)
    folder = f"{site_constants.LIVE}/wp-content/uploads/{generator.published:%Y/%m}"
    return Film(f"{folder}/clip-{_key(generator, 6, '0123456789')}.mp4", "mp4")


def failed(generator: TextGenerator) -> Film:
    """Return an embed that failed: its address stands as text."""
    return Film(
        f"https://social.{host(generator)}.example/post/{_key(generator, 12, '0123456789')}", "url"
    )


def tweet(generator: TextGenerator, day: str) -> Film:
    """Return a tweet's address; the title is its date."""
    handle = addresses.slugify(generator.entities.people[0].surname).replace("-", "")
    return Film(
        f"https://twitter.com/{handle}/status/{_key(generator, 18, '123456789')}", "tweet", day
    )
