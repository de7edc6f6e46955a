"""Load more: the lists' script posts the block's attributes and gets cards (JNews 11.6.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.sections import SECTIONS
from twin.theme import blocks, cards, reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin.theme.reply import Reply
    from twin.theme.site import Site

ACTION = "jnews_module_ajax_"
MOST = 20
"""Cards in one reply, whatever number is asked for."""
_KINDS = {"jnews_block_5": "archive", "jnews_block_3": "index", "jnews_block_22": "related"}
_SLUGS = {str(c.id): c.slug for c in SECTIONS}


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 9 else default


def _positions(site: Site, form: Mapping[str, str]) -> list[int]:
    """Return the posts that a block's attributes ask for, newest first."""

    def attribute(name: str) -> list[str]:
        return [v for v in form.get(f"data[attribute][{name}]", "").split(",") if v]

    index = site.index
    groups: list[set[int]] = []
    if categories := attribute("include_category"):
        groups.append({p for c in categories if c in _SLUGS for p in index.category(_SLUGS[c])})
    if tags := attribute("include_tag"):
        slugs = {str(number): slug for slug, number in index.tag_ids.items()}
        found = (index.tag(slugs[t]) for t in tags if t in slugs)
        groups.append({p for entry in found if entry for p in entry[1]})
    if authors := attribute("include_author"):
        names = {str(number): slug for slug, number in index.author_ids.items()}
        people = (index.author(names[a]) for a in authors if a in names)
        groups.append({p for person in people if person for p in person[1]})
    positions = set.intersection(*groups) if groups else set(index.everything())
    excluded = set(attribute("exclude_post"))
    return [p for p in sorted(positions) if not excluded or str(index.card(p).id) not in excluded]


def answer(site: Site, form: Mapping[str, str]) -> Reply:
    """Return the reply to a POST or GET of /?ajax-request=jnews."""
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
    shown = [site.index.card(p) for p in positions[start : start + number]]
    if kind == "jnews_block_29":
        content = "".join(cards.inline(site, card) for card in shown)
    else:
        content = "".join(site.card(_KINDS.get(kind, "archive"), card) for card in shown)
    after = start + number < len(positions)
    return reply.json({"content": content or blocks.EMPTY, "next": after, "prev": page > 1})
