"""Pictures and films of generated posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin import addresses, house, words
from twin.model import Film, Picture

if TYPE_CHECKING:
    from twin.story import Story

_LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789_-"
_SIZES = ((1200, 675), (1280, 720), (1600, 900), (1400, 933), (1920, 1080))
_SMALL = ((800, 450), (1024, 683), (640, 480))
_CAPTIONS = ("caption-pipe", "caption-slash", "caption-only", "caption-foto", "caption-none")


def _key(story: Story, length: int, letters: str = _LETTERS) -> str:
    draw = story.random.random
    return "".join(letters[int(draw() * len(letters))] for _ in range(length))


def host(story: Story) -> str:
    """Return a made-up host name."""
    return addresses.slugify(story.cast.body.text)[:24].strip("-")


def picture(story: Story, name: str, *, wide: bool = True, form: str = "") -> Picture:
    """Return a picture with its words; `form` is the trap that names its caption line."""
    draw = story.random.random
    sizes = _SIZES if wide else _SMALL
    width, height = sizes[int(draw() * len(sizes))]
    stem = addresses.slugify(story.cast.city)
    file = f"{stem}-{name}-{_key(story, 6, '0123456789')}.jpg"
    credit = words.CREDITS[int(draw() * len(words.CREDITS))]
    if not form:
        form = _CAPTIONS[int(draw() * len(_CAPTIONS))]
    line: str | None = credit
    if form == "caption-pipe":
        line = f"{story.caption()} | {credit}"
    elif form == "caption-slash":
        line = f"{story.caption()} / {credit}"
    elif form == "caption-only":
        line = story.caption()
    elif form == "caption-foto":
        line = "Foto Ansa"
    elif form == "caption-none":
        line = None
    elif form == "caption-credit" and draw() < 0.5:
        line = "Ansa"
    path = f"wp-content/uploads/{story.published:%Y/%m}/{file}"
    return Picture(path, story.caption(), line, width, height)


def featured(story: Story, kind: str) -> Film:
    """Return the featured video of a kind."""
    if kind == "youtube":
        return Film(f"https://www.youtube.com/watch?v={_key(story, 11)}", kind)
    if kind == "vimeo":
        return Film(f"https://vimeo.com/{_key(story, 9, '123456789')}", kind)
    if kind == "dailymotion":
        key = _key(story, 6, "0123456789abcdef")
        return Film(f"https://www.dailymotion.com/video/x{key}", kind)
    if kind == "mp4":
        folder = f"{house.LIVE}/wp-content/uploads/{story.published:%Y/%m}"
        file = f"{addresses.slugify(story.cast.city)}-{_key(story, 6, '0123456789')}.mp4"
        return Film(f"{folder}/{file}", kind, poster=picture(story, "poster"))
    title = f"Video: {story.caption()}"
    key = _key(story, 8, "0123456789")
    return Film(f"https://player.videoteca.example/embed/{key}", kind, title)


def embedded(story: Story) -> Film:
    """Return a video within the body, as oEmbed writes its frame."""
    title = story.caption()
    draw = story.random.random()
    if draw < 0.6:
        url = f"https://www.youtube.com/embed/{_key(story, 11)}?feature=oembed"
        return Film(url, "youtube", title)
    if draw < 0.8:
        key = _key(story, 9, "123456789")
        return Film(f"https://player.vimeo.com/video/{key}?dnt=1", "vimeo", title)
    folder = f"{house.LIVE}/wp-content/uploads/{story.published:%Y/%m}"
    return Film(f"{folder}/clip-{_key(story, 6, '0123456789')}.mp4", "mp4")


def failed(story: Story) -> Film:
    """Return an embed that never came: its address stands as text."""
    return Film(f"https://social.{host(story)}.example/post/{_key(story, 12, '0123456789')}", "url")


def tweet(story: Story, day: str) -> Film:
    """Return a tweet's address; the title is its date."""
    handle = addresses.slugify(story.cast.people[0].surname).replace("-", "")
    return Film(f"https://twitter.com/{handle}/status/{_key(story, 18, '123456789')}", "tweet", day)
