"""An answer makes the posts that it shows, not all of them: a twin may have 100,000."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from twin.content import Content
from twin.faults import Faults
from twin.model import Card, Post, Switches
from twin.server import Server
from twin.theme import router
from twin.theme.reply import Asked

SIZE = 400
MOST = 60
"""Cards and posts that one answer may ask for."""
POSTS = "/wp-json/wp/v2/posts?per_page=5"


class CountedContent(Content):
    """Content that counts what is asked of it."""

    asked = 0

    def card(self, index: int) -> Card:
        """Count, and return a card."""
        self.asked += 1
        return super().card(index)

    def post(self, index: int) -> Post:
        """Count, and return a post."""
        self.asked += 1
        return super().post(index)


def _answer(server: Server, address: str) -> int:
    path, _, query = address.partition("?")
    asked = Asked(path, query=dict(parse_qsl(query)))
    return router.answer(server.site("localhost:1"), asked).status


@pytest.mark.parametrize(
    "address",
    [
        f"{POSTS}&orderby=modified",
        f"{POSTS}&orderby=modified&order=asc&modified_before=2026-11-01T00:00:00",
        f"{POSTS}&after=2026-01-01T00:00:00&before=2026-11-01T00:00:00",
        f"{POSTS}&categories=3,5",
        "/wp-json/wp/v2/categories?per_page=100",
        "/wp-json/wp/v2/users",
        "/wp-json/wp/v2/media?include=501204,501210",
        "/sitemap_index.xml",
        "/category/esteri/page/3/",
        "/2026/10/",
    ],
)
def test_an_answer_asks_for_few_posts(address: str) -> None:
    content = CountedContent(size=SIZE)
    server = Server(content, Switches(), Faults(()))
    assert content.asked >= SIZE, "the lists are made with the server"
    content.asked = 0
    assert _answer(server, address) == 200
    assert content.asked < MOST
