"""Which addresses a run knows, and how each was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery import CHANNELS, EXPLICIT
from newscrawl.discovery.state import Frontier

URL, OTHER = "https://www.alanews.it/esteri/a-b/", "https://www.alanews.it/esteri/c-d/"


def test_an_address_is_fetched_once() -> None:
    frontier = Frontier()
    assert frontier.add(URL, "related")
    assert not frontier.add(URL, "related")
    assert not frontier.add(URL, "archive")
    assert frontier.add(OTHER, "archive")
    assert len(frontier) == 2


def test_channels_come_in_a_fixed_order() -> None:
    frontier = Frontier()
    for channel in ("url", "related", "archive", "related"):
        frontier.add(URL, channel)
    assert frontier.channels(URL) == ["archive", "related", "url"]
    assert frontier.channels(OTHER) == []


def test_an_article_found_at_two_addresses_has_the_channels_of_both() -> None:
    frontier = Frontier()
    frontier.add(URL, "related")
    frontier.add(OTHER, "archive")
    assert frontier.channels(OTHER, URL) == ["archive", "related"]


def test_an_article_set_aside_is_taken_up_once_when_the_archive_lists_it() -> None:
    frontier = Frontier()
    frontier.add(URL, "related")
    frontier.set_aside(URL)
    assert not frontier.add(URL, "related")
    assert frontier.add(URL, "archive")
    assert not frontier.add(URL, "archive")


def test_an_unknown_channel_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Frontier().add(URL, "nobody")


@given(st.lists(st.tuples(st.sampled_from([URL, OTHER]), st.sampled_from([*CHANNELS, EXPLICIT]))))
def test_whatever_the_order_each_address_is_fetched_once(steps: list[tuple[str, str]]) -> None:
    frontier = Frontier()
    fetched = [url for url, channel in steps if frontier.add(url, channel)]
    assert sorted(fetched) == sorted({url for url, _ in steps})
    for url in fetched:
        assert set(frontier.channels(url)) == {channel for known, channel in steps if known == url}
