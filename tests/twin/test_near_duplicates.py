"""The twin's near-duplicates and look-alikes: repeatable, bounded, off by default, served."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest

from twin import addresses, expected_text, near_duplicates, truth
from twin.__main__ import switches
from twin.content import Content
from twin.model import CARD_FIELDS, Switches
from twin.process import TwinProcess
from twin.short_news import SAME_PLACE, kinds, short_news

if TYPE_CHECKING:
    from twin.near_duplicates import NearDuplicates, Pair

SIZE = 400
ON = Switches(rewrites=True)


@cache
def site(*, on: bool = True, size: int = SIZE) -> Content:
    return Content(size=size, rewrites=on)


def plan(content: Content | None = None) -> NearDuplicates:
    found = (content or site()).near_duplicates
    assert found
    return found


def body(post_id: int, content: Content | None = None) -> str:
    content = content or site()
    index = content.index_of(post_id)
    assert index is not None
    return expected_text.read(content.post(index), content, ON).body


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def of_kind(pairs: list[Pair], *kinds: str) -> list[Pair]:
    return [pair for pair in pairs if pair.kind in kinds]


def test_without_the_switch_nothing_changes() -> None:
    assert Switches().rewrites is False
    assert site(on=False).near_duplicates is None
    assert list(Content(size=SIZE).posts) == list(site(on=False).posts)


def test_only_texts_change() -> None:
    for with_them, without in zip(site().posts, site(on=False).posts, strict=True):
        assert all(getattr(with_them, n) == getattr(without, n) for n in CARD_FIELDS)
    changed = [a.id for a, b in zip(site().posts, site(on=False).posts, strict=True) if a != b]
    assert 0.5 < len(changed) / SIZE < 0.7


def test_the_same_seed_makes_the_same_texts() -> None:
    again = Content(size=SIZE, rewrites=True)
    backwards = [again.post(index) for index in reversed(range(SIZE))]
    assert backwards[::-1] == list(site().posts)
    assert plan(again).pairs() == plan().pairs()
    assert plan(again).lookalikes() == plan().lookalikes()


def test_a_text_does_not_change_as_time_goes_by() -> None:
    earlier = Content(size=SIZE, now=site().now - timedelta(days=60), rewrites=True)
    assert 50 < len(earlier) < SIZE
    for post in earlier.posts:
        assert body(post.id, earlier) == body(post.id)


def test_no_pair_is_both_and_none_is_named_twice() -> None:
    near = [frozenset(pair[:2]) for pair in plan().pairs()]
    lookalikes = [frozenset(pair[:2]) for pair in plan().lookalikes()]
    assert len({*near, *lookalikes}) == len(near) + len(lookalikes)


def test_pairs_are_of_articles_the_older_first() -> None:
    items = truth.expected(site(), ON)
    for pair in [*plan().pairs(), *plan().lookalikes()]:
        older, newer = (items[f"alanews:{post_id}"] for post_id in pair[:2])
        assert older.word_count >= 30 <= newer.word_count
        cards = [site().by_id(post_id) for post_id in pair[:2]]
        assert cards[0]
        assert cards[1]
        assert cards[0].published <= cards[1].published


def test_all_kinds_occur() -> None:
    assert {pair.kind for pair in plan().pairs()} == {"agency", "short-news", "copy"}
    assert {pair.kind for pair in plan().lookalikes()} == {*kinds(), "background"}


def test_copies_are_those_of_the_truth() -> None:
    copies = [frozenset(f"alanews:{i}" for i in p[:2]) for p in of_kind(plan().pairs(), "copy")]
    assert copies == truth.duplicates(truth.expected(site(on=False), Switches()))


def test_an_agency_text_keeps_most_of_its_words() -> None:
    added = lost = 0
    for older, newer, _ in of_kind(plan().pairs(), "agency"):
        before, after = words(body(older)), words(body(newer))
        total = before.total()
        # On top of the shares: changed words, subheads, an opening and an end.
        assert (before - after).total() <= (near_duplicates.MOST_LOST + 0.15) * total
        assert (after - before).total() <= (near_duplicates.MOST_ADDED + 0.20) * total
        lost += (before - after).total() > 0.1 * total
        added += (after - before).total() > 0.1 * total
    assert lost > 5
    assert added > 5


def test_rewriting_a_short_item_keeps_its_facts() -> None:
    for older, newer, _ in of_kind(plan().pairs(), "short-news"):
        numbers = [re.findall(r"\d+", body(post_id)) for post_id in (older, newer)]
        assert numbers[0] == numbers[1]


def test_two_events_never_share_all_facts() -> None:
    for older, newer, _ in of_kind(plan().lookalikes(), *kinds()):
        assert re.findall(r"\d+", body(older)) != re.findall(r"\d+", body(newer))


def test_background_is_a_smaller_part() -> None:
    shares = []
    for older, newer, _ in of_kind(plan().lookalikes(), "background"):
        own = body(newer).split("\n\n")
        repeated = {*own} & {*body(older).split("\n\n")}
        count = sum(len(text.split()) for text in repeated)
        shares.append(count / len(body(newer).split()))
    assert 0.15 < max(shares) <= near_duplicates.MOST_SHARED
    assert sum(share > 0.1 for share in shares) > len(shares) / 2


@pytest.mark.parametrize("kind", kinds())
def test_short_items_share_wording_and_in_a_series_the_place(kind: str) -> None:
    issues = [" ".join(short_news(kind, number, 1)) for number in range(2 * SAME_PLACE)]
    assert len({*issues}) == len(issues)
    assert all(50 <= len(text.split()) <= 120 for text in issues)
    assert not re.search(r"[{}\[\]|¶]|  ", "".join(issues))
    names = [{*re.findall(r"(?<=[a-z,] )[A-Z]\w+", text)} for text in issues]
    assert names[0] & names[1] == names[0] & names[SAME_PLACE - 1]
    assert len(names[0] & names[1]) >= len(names[0] & names[SAME_PLACE])


def test_enough_pairs_can_be_made() -> None:
    content = site(size=2600)
    assert len(plan(content).pairs()) >= 500
    assert len(plan(content).lookalikes()) >= 2_000


def test_the_switch_serves_them() -> None:
    assert switches(["rewrites=on"]) == ON
    pair = of_kind(plan().pairs(), "short-news")[0]
    with TwinProcess(size=SIZE, switches=ON) as twin:
        for post_id in pair[:2]:
            card = site().by_id(post_id)
            assert card
            with urlopen(twin.url + addresses.path(card, ON)) as answer:  # noqa: S310 - loopback
                page = answer.read().decode()
            longest = max(body(post_id).split("\n\n"), key=len)
            assert longest in page
