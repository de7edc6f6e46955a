"""The site changes: new posts, edits, removals, seen wherever the site shows them."""

from __future__ import annotations

import json
from datetime import timedelta
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest

from tests.support.waiting import HANG
from twin import addresses, schedule, truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess
from twin.site_changes import EDITS, MARKUP, SiteChanges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin.model import Card

pytestmark = pytest.mark.e2e
SIZE = 150
EARLIER = schedule.EPOCH - timedelta(days=30)
ODD = {"protected", "duplicate", "escaped-subtitle", "pages-2", "pages-3", "builder", "br-body"}
REST = "/wp-json/wp/v2/posts?per_page=100"
PLACES = ("/", "/category/esteri/", "/feed/", "/post-sitemap.xml", REST)


@pytest.fixture
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE, now=EARLIER) as found:
        yield found


def ask(twin: TwinProcess, path: str) -> tuple[int, str]:
    connection = HTTPConnection(twin.url.removeprefix("http://"), timeout=HANG)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def plain(twin: TwinProcess) -> Card:
    """Return the newest ordinary post of a section."""
    content = twin.content()
    cards = (content.card(index) for index in content.category("esteri"))
    return next(
        card for card in cards if not card.edge_cases & ODD and card.modified == card.published
    )


def path_of(card: Card) -> str:
    return addresses.path(card, Switches())


def test_time_brings_new_posts_everywhere(twin: TwinProcess) -> None:
    before = {card.id for card in twin.content().posts}
    newest = ask(twin, "/feed/")[1]
    twin.set_now(schedule.EPOCH)
    content = twin.content()
    found = content.card(content.category("esteri")[0])
    assert len(before) < len(content) == SIZE
    assert found.id not in before
    assert ask(twin, path_of(found))[0] == 200
    for place in ("/category/esteri/", "/post-sitemap.xml"):
        assert path_of(found) in ask(twin, place)[1]
    assert ask(twin, "/feed/")[1] != newest


@pytest.mark.parametrize("kind", EDITS)
def test_an_edit_is_seen_on_its_page_and_in_what_tells_of_it(twin: TwinProcess, kind: str) -> None:
    card = plain(twin)
    wanted = truth.expected(twin.content(), Switches())[f"alanews:{card.id}"]
    before = {place: ask(twin, place)[1] for place in (*PLACES, path_of(card))}
    twin.set_now(EARLIER + timedelta(hours=3))
    twin.edit(card.id, kind)
    after = {place: ask(twin, place)[1] for place in (*PLACES, path_of(card))}
    assert "2026-10-24T16:00:00+00:00" not in before["/post-sitemap.xml"]
    for place in ("/post-sitemap.xml", "/feed/", REST, path_of(card)):
        assert after[place] != before[place], place
    rest = {post["id"]: post for post in json.loads(after[REST])}
    assert rest[card.id]["modified_gmt"] == "2026-10-24T16:00:00"
    item = truth.expected(twin.content(), Switches())[f"alanews:{card.id}"]
    changed = {"headline": "headline", "subtitle": "subtitle", "tags": "keywords", "body": "body"}
    names = {name for name in changed.values() if getattr(item, name) != getattr(wanted, name)}
    assert names == {changed[kind]}
    assert item.date_modified == "2026-10-24T18:00:00+02:00"
    assert (item.url, item.id) == (wanted.url, wanted.id)


def test_another_post_s_page_stays_as_it_is(twin: TwinProcess) -> None:
    content = twin.content()
    card = plain(twin)
    other = next(
        found
        for found in map(content.card, range(40, len(content)))
        if not set(found.categories) & set(card.categories)
    )
    before = truth.expected(content, Switches())
    twin.edit(card.id, "body")
    after = truth.expected(twin.content(), Switches())
    assert {name for name in before if before[name].body != after[name].body} == {
        f"alanews:{card.id}"
    }
    assert ask(twin, path_of(other))[0] == 200


def test_markup_changes_and_the_article_does_not(twin: TwinProcess) -> None:
    card = plain(twin)
    wanted = truth.expected(twin.content(), Switches())
    before = {place: ask(twin, place)[1] for place in (*PLACES[2:], path_of(card))}
    twin.edit(card.id, MARKUP)
    assert ask(twin, path_of(card))[1] != before.pop(path_of(card))
    assert {place: ask(twin, place)[1] for place in before} == before
    assert truth.expected(twin.content(), Switches()) == wanted


@pytest.mark.parametrize("status", [404, 410])
def test_a_removed_post_is_nowhere(twin: TwinProcess, status: int) -> None:
    card = plain(twin)
    twin.delete(card.id, status)
    assert ask(twin, path_of(card))[0] == status
    for place in PLACES:
        assert card.slug not in ask(twin, place)[1]
    left = truth.expected(twin.content(), Switches())
    assert f"alanews:{card.id}" not in left
    assert len(left) == len(truth.expected(Content(size=SIZE, now=EARLIER), Switches())) - 1


def test_a_feed_is_not_modified_until_something_is(twin: TwinProcess) -> None:
    def conditional(tag: str | None) -> tuple[int, str | None]:
        connection = HTTPConnection(twin.url.removeprefix("http://"), timeout=HANG)
        try:
            connection.request("GET", "/feed/", headers={"If-None-Match": tag} if tag else {})
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.getheader("ETag")
        finally:
            connection.close()

    _, tag = conditional(None)
    assert conditional(tag)[0] == 304
    card = plain(twin)
    twin.edit(card.id, MARKUP)
    assert conditional(tag)[0] == 304
    twin.set_now(EARLIER + timedelta(hours=1))
    twin.edit(card.id, "body")
    assert conditional(tag)[0] == 200


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"edit": 1, "kind": "mood"}, "kind is one of"),
        ({"delete": 1, "status": 500}, "404 or 410"),
        ({"turn": 1}, "a change is"),
        ([], "a change is"),
        ({"now": "soon"}, "soon"),
    ],
)
def test_what_is_not_a_change_is_refused(change: object, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        SiteChanges().apply(change, EARLIER)
