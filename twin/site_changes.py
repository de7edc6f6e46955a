"""Changes of a site since its posts were generated: time, edits, deletions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from twin.dating import ROME
from twin.model import EMBARGO, LOCKS, PROTECTED, Node

if TYPE_CHECKING:
    from twin.model import Card, Post

EDITS = ("body", "headline", "subtitle", "tags")
"""What an editor changes of a post; its time of the last change moves."""
MARKUP = "markup"
"""What changes by itself: advertisements, counters, classes. The post stays as it was."""
LOCK_KINDS = {"protect": PROTECTED, "embargo": EMBARGO}
"""Changes after which a post's page has no text, and the edge case that the post then has."""
CHANGES = (
    "now", "edit", "delete", "protect", "embargo", "open", "republish", "rename", "replace", "pose"
)  # fmt: skip
FIRST_NEW_ID = 1_000_000
"""Id of the first post that takes a removed post's address."""
STATUSES = (404, 410)
"""How a removed post's address answers."""
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_PARAGRAPH = re.compile(r"<p>")
_END = "</article>"


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of a post."""

    kind: str
    at: datetime
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Successor:
    """A new post at a removed post's address."""

    id: int
    at: datetime
    day_matters: bool = True
    """Whether it keeps the removed post's day, which may stand in the address."""


@dataclass(slots=True)
class SiteChanges:
    """Changes of a site, in the order in which they were made."""

    now: datetime | None = None
    """The site's clock, if it was changed."""
    edits: dict[int, list[Edit]] = field(default_factory=dict)
    """By post id."""
    deleted: dict[int, int] = field(default_factory=dict)
    """Post id to the status that its address answers."""
    redrawn: dict[int, int] = field(default_factory=dict)
    """Post id to how often what is not the post's own was drawn anew."""
    published: dict[int, datetime] = field(default_factory=dict)
    """Post id to the time at which it was published again."""
    slugs: dict[int, str] = field(default_factory=dict)
    """Post id to its new slug."""
    successors: dict[int, list[Successor]] = field(default_factory=dict)
    """Id of a removed post to those that took its address, one after the other."""
    posing: dict[int, int] = field(default_factory=dict)
    """Post id to the other post's id that its page shows."""

    def apply(self, change: Any, now: datetime) -> None:
        """Make a change, as twin/README.md lists them: {"edit": id, "kind": "body"} and the like.

        Args:
            change: the change, of JSON values.
            now: the site's clock.

        Raises:
            ValueError: it is not a change; one line says why.
        """
        values = change if isinstance(change, dict) else {}
        if "now" in values:
            moment = datetime.fromisoformat(str(values["now"]))
            self.now = moment if moment.tzinfo else moment.replace(tzinfo=ROME)
        elif "edit" in values:
            kind, number = values.get("kind"), int(values["edit"])
            if kind == MARKUP:
                self.redrawn[number] = self.redrawn.get(number, 0) + 1
            elif kind in EDITS:
                moment = now.astimezone(ROME).replace(microsecond=0)
                self.edits.setdefault(number, []).append(Edit(kind, moment))
            else:
                raise ValueError(f"edit: kind is one of {', '.join((*EDITS, MARKUP))}")
        elif "delete" in values:
            if values.get("status") not in STATUSES:
                raise ValueError("delete: status is 404 or 410")
            self.deleted[int(values["delete"])] = int(values["status"])
        else:
            self._apply_to_post(values, now.astimezone(ROME).replace(microsecond=0))

    def _apply_to_post(self, values: dict[str, Any], now: datetime) -> None:
        """Make a change that concerns more of a post than its words."""
        name = next((name for name in CHANGES if name in values), None)
        if name is None:
            raise ValueError(f"a change is {', '.join(CHANGES[:-1])} or {CHANGES[-1]}")
        number = int(values[name])
        value = None
        if name == "pose":
            if not isinstance(values.get("as"), int):
                raise ValueError("pose: as is another post's id")
            self.posing[number] = values["as"]
            return
        if name == "replace":
            self._replace(number, values.get("published"), now)
            return
        if name == "republish":
            self.published[number] = now
        elif name == "rename":
            value = str(values.get("slug", ""))
            if not SLUG.match(value):
                raise ValueError("rename: slug is of lower-case letters, digits and dashes")
            self.slugs[number] = value
        elif name == "open" and values.get("title") is not None:
            value = str(values["title"])
        self.edits.setdefault(number, []).append(Edit(name, now, value))

    def _replace(self, number: int, published: str | None, now: datetime) -> None:
        made = sum(map(len, self.successors.values()))
        moment = now if published is None else datetime.fromisoformat(published)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=ROME)
        successor = Successor(FIRST_NEW_ID + made, moment, published is None)
        self.successors.setdefault(self.first_id(number), []).append(successor)

    def first_id(self, post_id: int) -> int:
        """Return the id of the first post at the address of a post."""
        for first, successors in self.successors.items():
            if any(successor.id == post_id for successor in successors):
                return first
        return post_id

    def successor(self, first_id: int) -> Successor | None:
        """Return the last post that took the address of a post, if any did."""
        successors = self.successors.get(first_id)
        return successors[-1] if successors else None

    def publication(self, post_id: int, usual: datetime) -> datetime:
        """Return when a post was published: by its successor's clock, or again later."""
        again = self.published.get(post_id)
        if again is not None:
            return again
        successor = self.successor(self.first_id(post_id)) if self.successors else None
        if successor is None or successor.id != post_id:
            return usual
        if successor.day_matters and successor.at.date() != usual.date():
            return usual
        return successor.at

    def card(self, card: Card) -> Card:
        """Return a post's card as edited."""
        for number, edit in enumerate(self.edits.get(card.id, ()), 1):
            card = replace(card, modified=edit.at, **_changed(card, edit, number))
        return card

    def post(self, post: Post) -> Post:
        """Return a post as edited."""
        for number, edit in enumerate(self.edits.get(post.id, ()), 1):
            post = replace(post, modified=edit.at, **_changed(post, edit, number))
            if edit.kind == "body":
                text = f"Aggiornamento numero {number} delle {edit.at:%H.%M}: la notizia prosegue."
                *before, last = post.pages
                post = replace(post, pages=(*before, (*last, Node("paragraph", text))))
        return post

    def as_other(self, post_id: int, text: str) -> str:
        """Return a piece of a post's page, or of its headers, with the id that it claims."""
        other = self.posing.get(post_id)
        if other is None:
            return text
        return re.sub(rf"(\bpostid-|\?p=|/posts/){post_id}\b", rf"\g<1>{other}", text)

    def redraw(self, post_id: int, html: str) -> str:
        """Return a post's page with other markup or another post's id around the same article."""
        html = self.as_other(post_id, html)
        number = self.redrawn.get(post_id, 0)
        if not number:
            return html
        html = _PARAGRAPH.sub(f'<p class="wp-block-paragraph p-{number}">', html)
        banner = escape(f"Pubblicità numero {number}")
        return html.replace(
            _END, f'<div class="jeg_ad jnews_content_bottom_ads">{banner}</div>{_END}'
        )


def _changed(post: Card, edit: Edit, number: int) -> dict[str, Any]:
    kind = edit.kind
    if kind in LOCK_KINDS:
        return {"edge_cases": post.edge_cases | {LOCK_KINDS[kind]}}
    if kind == "open":
        return {"edge_cases": post.edge_cases - LOCKS, "title": edit.value or post.title}
    if kind == "republish":
        return {"published": edit.at}
    if kind == "rename":
        return {"slug": edit.value}
    if kind == "headline":
        return {"title": f"{post.title}, aggiornamento {number}"}
    if kind == "subtitle":
        return {"subtitle": f"{post.subtitle or 'Le ultime notizie'}, aggiornato {number} volte"}
    if kind == "tags":
        return {"tags": (*post.tags, f"aggiornamento {number}")}
    return {}
