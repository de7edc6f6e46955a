"""Which addresses a run knows, and how each was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery import CHANNELS, EXPLICIT
from newscrawl.discovery.state import DiscoveryState

URL, OTHER = "https://www.alanews.it/esteri/a-b/", "https://www.alanews.it/esteri/c-d/"


def test_an_address_is_fetched_once() -> None:
    discovery_state = DiscoveryState()
    assert discovery_state.add(URL, "related")
    assert not discovery_state.add(URL, "related")
    assert not discovery_state.add(URL, "archive")
    assert discovery_state.add(OTHER, "archive")
    assert len(discovery_state) == 2


def test_channels_come_in_a_fixed_order() -> None:
    discovery_state = DiscoveryState()
    for channel in ("url", "related", "archive", "related"):
        discovery_state.add(URL, channel)
    assert discovery_state.channels(URL) == ["archive", "related", "url"]
    assert discovery_state.channels(OTHER) == []


def test_an_article_found_at_two_addresses_has_the_channels_of_both() -> None:
    discovery_state = DiscoveryState()
    discovery_state.add(URL, "related")
    discovery_state.add(OTHER, "archive")
    assert discovery_state.channels(OTHER, URL) == ["archive", "related"]


def test_an_article_set_aside_is_taken_up_once_when_the_archive_lists_it() -> None:
    discovery_state = DiscoveryState()
    discovery_state.add(URL, "related")
    discovery_state.mark_outside(URL)
    assert not discovery_state.add(URL, "related")
    assert discovery_state.add(URL, "archive")
    assert not discovery_state.add(URL, "archive")


def test_an_unknown_channel_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        DiscoveryState().add(URL, "nobody")


@given(st.lists(st.tuples(st.sampled_from([URL, OTHER]), st.sampled_from([*CHANNELS, EXPLICIT]))))
def test_whatever_the_order_each_address_is_fetched_once(steps: list[tuple[str, str]]) -> None:
    discovery_state = DiscoveryState()
    fetched = [url for url, channel in steps if discovery_state.add(url, channel)]
    assert sorted(fetched) == sorted({url for url, _ in steps})
    for url in fetched:
        assert set(discovery_state.channels(url)) == {
            channel for known, channel in steps if known == url
        }
