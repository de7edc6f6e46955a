"""Posts of a running twin that are locked, moved, renamed, replaced or mistaken."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.support.answers import ask
from twin import addresses, schedule, truth
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.items import Article
    from twin.model import Card

pytestmark = pytest.mark.e2e

SIZE = 150
LATER = timedelta(days=2)
START = schedule.EPOCH - LATER
ODD = {"protected", "duplicate", "pages-2", "pages-3", "builder", "br-body", "slug-accents"}
LISTED = "//div[@class='jnews_archive_content_wrapper']//article//h3/a/@href"


@pytest.fixture
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE, now=START) as process:
        yield process


def plain(twin: TwinProcess, skip: int = 0) -> Card:
    """Return an ordinary post, not the newest one."""
    content = twin.content()
    cards = map(content.card, range(20, len(content)))
    ordinary = [c for c in cards if not c.edge_cases & ODD and len(c.categories) == 1]
    return ordinary[skip]


def path_of(card: Card) -> str:
    return addresses.path(card, Switches())


def current(twin: TwinProcess, post_id: int) -> Card:
    card = twin.content().by_id(post_id)
    assert card is not None
    return card


def expected(twin: TwinProcess) -> dict[str, Article]:
    return truth.expected(twin.content(), Switches())


@pytest.mark.parametrize("kind", ["protect", "embargo"])
def test_a_locked_post_is_opened_later(twin: TwinProcess, kind: str) -> None:
    card = plain(twin)
    before = expected(twin)[f"alanews:{card.id}"]
    text = "//div[@class='content-inner ']//p/text()"
    whole = ask(twin.url, path_of(card)).page.xpath(text)
    getattr(twin, kind)(card.id)
    page = ask(twin.url, path_of(card)).page
    assert not set(page.xpath(text)) & set(whole)
    assert bool(page.xpath("//form[@class='post-password-form']")) == (kind == "protect")
    assert f"alanews:{card.id}" not in expected(twin)
    assert path_of(card) in truth.not_articles(twin.content(), Switches())
    twin.set_now(START + LATER)
    twin.open(card.id, "Un titolo nuovo")
    answer = ask(twin.url, path_of(card))
    assert answer.page.xpath("//h1/text()") == ["Un titolo nuovo"]
    assert set(whole) <= set(answer.page.xpath(text))
    item = expected(twin)[f"alanews:{card.id}"]
    assert (item.headline, item.body) == ("Un titolo nuovo", before.body)
    assert "Un titolo nuovo" in ask(twin.url, f"/?s={'Un titolo nuovo'.replace(' ', '+')}").text


@pytest.mark.parametrize("redirect", [True, False])
def test_a_post_is_published_again(twin: TwinProcess, *, redirect: bool) -> None:
    card = plain(twin)
    old = path_of(card)
    twin.set_now(START + LATER)
    twin.republish(card.id, redirect=redirect)
    content = twin.content()
    assert content.card(0).id == card.id
    assert content.index_of(card.id) == 0
    new = path_of(content.card(0))
    assert new.startswith("/2026/11/23/")
    answer = ask(twin.url, old)
    assert answer.status == (301 if redirect else 404)
    assert answer.headers.get("Location") == (twin.url + new if redirect else None)
    assert f"postid-{card.id} " in ask(twin.url, new).text
    assert new in ask(twin.url, "/feed/").text
    item = expected(twin)[f"alanews:{card.id}"]
    assert item.url.endswith(new)
    assert str(item.date_published).startswith("2026-11-23")
    days = [content.card(p).published for p in range(len(content))]
    assert days == sorted(days, reverse=True)
    assert 0 in content.day(content.card(0).published.date())


@pytest.mark.parametrize("redirect", [True, False])
def test_a_post_is_renamed(twin: TwinProcess, *, redirect: bool) -> None:
    card = plain(twin)
    twin.rename(card.id, "un-altro-nome", redirect=redirect)
    new = path_of(current(twin, card.id))
    assert new.endswith("/un-altro-nome/")
    assert f"postid-{card.id} " in ask(twin.url, new).text
    answer = ask(twin.url, path_of(card))
    assert answer.status == (301 if redirect else 404)
    assert answer.headers.get("Location") == (twin.url + new if redirect else None)
    sitemap = ask(twin.url, "/post-sitemap.xml").text
    assert (new in sitemap, path_of(card) in sitemap) == (True, False)
    assert expected(twin)[f"alanews:{card.id}"].url.endswith(new)


def test_a_new_post_takes_a_removed_one_s_address(twin: TwinProcess) -> None:
    card = plain(twin)
    path = path_of(card)
    old = expected(twin)[f"alanews:{card.id}"]
    twin.delete(card.id, 410)
    assert ask(twin.url, path).status == 410
    number = twin.replace(card.id)
    answer = ask(twin.url, path)
    assert answer.status == 200
    assert f"postid-{number} " in answer.text
    items = expected(twin)
    assert f"alanews:{card.id}" not in items
    item = items[f"alanews:{number}"]
    assert item.url == old.url
    assert item.headline != old.headline
    assert not {b.text for b in item.blocks if b.text} & {b.text for b in old.blocks if b.text}
    assert answer.page.xpath("//h1/text()") == [item.headline]
    assert ask(twin.url, f"/wp-json/wp/v2/posts/{card.id}").status == 404
    assert ask(twin.url, f"/wp-json/wp/v2/posts/{number}").status == 200
    twin.delete(number, 404)
    assert ask(twin.url, path).status == 404
    assert f"alanews:{number}" not in expected(twin)
    assert twin.replace(number) == number + 1
    assert f"postid-{number + 1} " in ask(twin.url, path).text


def test_the_new_post_of_the_same_day_is_the_newest(twin: TwinProcess) -> None:
    content = twin.content()
    card = next(c for c in map(content.card, range(SIZE)) if not c.edge_cases & ODD)
    twin.set_now(card.published + timedelta(minutes=5))
    number = twin.replace(card.id)
    assert twin.content().card(0).id == number
    assert path_of(twin.content().card(0)) == path_of(card)
    assert path_of(card) in ask(twin.url, "/feed/").text


def test_a_page_shows_another_post_s_id(twin: TwinProcess) -> None:
    card, other = plain(twin), plain(twin, 1)
    before = expected(twin)
    twin.pose(card.id, other.id)
    posing, own = ask(twin.url, path_of(card)), ask(twin.url, path_of(other))
    for answer in (posing, own):
        assert answer.status == 200
        assert f"postid-{other.id} " in answer.text
        assert answer.page.xpath("//link[@rel='shortlink']/@href") == [f"{twin.url}/?p={other.id}"]
        assert f"<{twin.url}/?p={other.id}>; rel=shortlink" in answer.links
    assert f"postid-{card.id} " not in posing.text
    items = expected(twin)
    url = before[f"alanews:{card.id}"].url
    digest = hashlib.sha256(url.encode()).hexdigest()[:16]
    assert items[f"alanews:{digest}"].flags == ["id_conflict"]
    assert items[f"alanews:{digest}"].body == before[f"alanews:{card.id}"].body
    assert items[f"alanews:{other.id}"] == before[f"alanews:{other.id}"]
    assert f"alanews:{card.id}" not in items


def test_a_month_s_archive_lists_its_posts_newest_first(twin: TwinProcess) -> None:
    content = twin.content()
    wanted = [
        path_of(card)
        for card in map(content.card, range(len(content)))
        if f"{card.published:%Y/%m}" == "2026/10"
    ]
    assert len(wanted) > 10
    pages = -(-len(wanted) // 10)
    listed: list[str] = []
    for number in range(1, pages + 1):
        page = ask(twin.url, "/2026/10/" + (f"page/{number}/" if number > 1 else "")).page
        assert " ".join(page.xpath("//h1")[0].text_content().split()) == "Month: Ottobre 2026"
        listed += [link.removeprefix(twin.url) for link in page.xpath(LISTED)]
        following = page.xpath("//a[@class='page_nav next']/@href")
        more = [f"{twin.url}/2026/10/page/{number + 1}/"] if number < pages else []
        assert following == more
    assert listed == wanted
    assert ask(twin.url, f"/2026/10/page/{pages + 1}/").status == 404
    assert ask(twin.url, "/2027/01/").status == 404


@pytest.mark.parametrize(
    "refused",
    [
        lambda twin: twin.rename(plain(twin).id, "Non Valido"),
        lambda twin: twin.rename(plain(twin).id, plain(twin, 1).slug),
        lambda twin: twin.protect(99_999_999),
        lambda twin: twin.replace(99_999_999),
    ],
    ids=["slug", "taken slug", "unknown post", "unknown address"],
)
def test_a_wrong_change_is_refused(twin: TwinProcess, refused: object) -> None:
    before = expected(twin)
    with pytest.raises(ValueError, match=r"rename: |no post"):
        refused(twin)  # type: ignore[operator]
    assert expected(twin) == before
