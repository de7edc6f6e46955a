"""What scripts request: more of a list, and the texts and lists of pages left empty for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.sections import BY_SLUG, SECTIONS
from twin.theme import body, reply
from twin.theme.archives import HERO
from twin.theme.listing_request import PER_PAGE
from twin.theme.rendering import macros

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twin.theme.reply import Reply
    from twin.theme.site import Site

ACTION = "jnews_module_ajax_"
MOST = 20
"""Cards in one reply at most, whatever number is requested."""
_KINDS = {
    "jnews_block_5": "archive",
    "jnews_block_3": "index",
    "jnews_block_22": "related",
    "jnews_block_29": "inline",
}
_SLUGS = {str(c.id): c.slug for c in SECTIONS}


def _number(value: str | None, default: int) -> int:
    if value and value.isascii() and value.isdecimal() and len(value) < 9:
        return int(value)
    return default


def _positions(site: Site, form: Mapping[str, str]) -> list[int]:
    """Return the posts that a block's attributes select, newest first."""

    def attribute(name: str) -> list[str]:
        return [v for v in form.get(f"data[attribute][{name}]", "").split(",") if v]

    index = site.index
    groups: list[set[int]] = []
    if categories := attribute("include_category"):
        groups.append({p for c in categories if c in _SLUGS for p in index.category(_SLUGS[c])})
    if tags := attribute("include_tag"):
        slugs = {str(number): slug for slug, number in index.tag_ids.items()}
        lists = (index.tag(slugs[t]) for t in tags if t in slugs)
        groups.append({p for entry in lists if entry for p in entry[1]})
    if authors := attribute("include_author"):
        names = {str(number): slug for slug, number in index.author_ids.items()}
        people = (index.author(names[a]) for a in authors if a in names)
        groups.append({p for person in people if person for p in person[1]})
    positions = set.intersection(*groups) if groups else set(index.everything())
    excluded = set(attribute("exclude_post"))
    return [p for p in sorted(positions) if not excluded or str(index.card(p).id) not in excluded]


def load_more(site: Site, form: Mapping[str, str]) -> Reply:
    """Return the reply to a POST or GET of /?ajax-request=jnews (JNews 11.6.10)."""
    if site.switches.ajax == "forbidden":
        return reply.Reply("<h1>Forbidden</h1>", 403)
    action = form.get("action", "")
    if not action.startswith(ACTION):
        return reply.json({"response": 0})
    kind = action.removeprefix(ACTION)
    page = max(1, _number(form.get("data[current_page]"), 1))
    number = min(MOST, max(1, _number(form.get("data[attribute][number_post]"), 10)))
    offset = _number(form.get("data[attribute][post_offset]"), 0)
    positions = _positions(site, form)
    start = offset + (page - 1) * number
    content = _cards(site, _KINDS.get(kind, "archive"), positions[start : start + number])
    after = start + number < len(positions)
    return reply.json({"content": content, "next": after, "prev": page > 1})


def _cards(site: Site, kind: str, positions: Sequence[int]) -> str:
    empty: str = macros("blocks.html").empty()
    return site.cards(kind, map(site.index.card, positions)) or empty


def fill(site: Site, path: str, query: Mapping[str, str]) -> Reply:
    """Answer the script of a page that was sent without its text or its list."""
    kind, *rest = path.split("/")
    if kind == "text" and len(rest) == 2:
        return _text(site, *rest)
    if kind == "list" and len(rest) == 1 and rest[0] in BY_SLUG:
        return _list(site, rest[0], _number(query.get("page", "1"), 0))
    return reply.json({"code": "rest_no_route"}, 404)


def _text(site: Site, number: str, part: str) -> Reply:
    index = site.content.index_of(_number(number, 0))
    if index is None:
        return reply.json({"code": "rest_post_invalid_id"}, 404)
    post = site.content.post(index)
    if not 1 <= _number(part, 0) <= len(post.pages):
        return reply.json({"code": "rest_post_invalid_page_number"}, 404)
    return reply.json({"html": body.article_text(site, post, _number(part, 0))})


def _list(site: Site, slug: str, page: int) -> Reply:
    positions = site.index.category(slug)
    start = (HERO if site.switches.hero else 0) + (page - 1) * PER_PAGE
    shown = _cards(site, "archive", positions[start : start + PER_PAGE])
    after = start + PER_PAGE < len(positions)
    return reply.json({"html": shown, "next": after})
