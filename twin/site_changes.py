"""Changes of a site since its posts were generated: time, edits, deletions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from twin.dating import ROME
from twin.model import Node

if TYPE_CHECKING:
    from twin.model import Card, Post

EDITS = ("body", "headline", "subtitle", "tags")
"""What an editor changes of a post; its time of the last change moves."""
MARKUP = "markup"
"""What changes by itself: advertisements, counters, classes. The post stays as it was."""
STATUSES = (404, 410)
"""How a removed post's address answers."""
_PARAGRAPH = re.compile(r"<p>")
_END = "</article>"


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of a post."""

    kind: str
    at: datetime


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

    def apply(self, change: Any, now: datetime) -> None:
        """Make a change: {"now": …}, {"edit": id, "kind": …} or {"delete": id, "status": 404}.

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
            raise ValueError("a change is now, edit or delete")

    def card(self, card: Card) -> Card:
        """Return a post's card as edited."""
        for number, edit in enumerate(self.edits.get(card.id, ()), 1):
            card = replace(card, modified=edit.at, **_changed(card, edit.kind, number))
        return card

    def post(self, post: Post) -> Post:
        """Return a post as edited."""
        for number, edit in enumerate(self.edits.get(post.id, ()), 1):
            post = replace(post, modified=edit.at, **_changed(post, edit.kind, number))
            if edit.kind == "body":
                text = f"Aggiornamento numero {number} delle {edit.at:%H.%M}: la notizia prosegue."
                *before, last = post.pages
                post = replace(post, pages=(*before, (*last, Node("paragraph", text))))
        return post

    def redraw(self, post_id: int, html: str) -> str:
        """Return a post's page with other markup around the same article."""
        number = self.redrawn.get(post_id, 0)
        if not number:
            return html
        html = _PARAGRAPH.sub(f'<p class="wp-block-paragraph p-{number}">', html)
        banner = escape(f"Pubblicità numero {number}")
        return html.replace(
            _END, f'<div class="jeg_ad jnews_content_bottom_ads">{banner}</div>{_END}'
        )


def _changed(post: Card, kind: str, number: int) -> dict[str, Any]:
    if kind == "headline":
        return {"title": f"{post.title}, aggiornamento {number}"}
    if kind == "subtitle":
        return {"subtitle": f"{post.subtitle or 'Le ultime notizie'}, aggiornato {number} volte"}
    if kind == "tags":
        return {"tags": (*post.tags, f"aggiornamento {number}")}
    return {}
