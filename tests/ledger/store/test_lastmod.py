"""A sitemap's `lastmod` is compared with what the page said when it was fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from newscrawl.ledger.records import DiscoveredUrl
from newscrawl.ledger.store import enqueue
from newscrawl.ledger.store.tables import DONE, PENDING, articles, urls
from newscrawl.outcomes.task import ARTICLE

if TYPE_CHECKING:
    from sqlalchemy import Engine

FETCHED = 1_000_000
MINUTE, DAY = 60, 86_400
URL, KEY = "https://www.alanews.it/a/", 5
OTHER_KEYS = (1, 9)


def state(  # noqa: PLR0913 - what each says
    engine: Engine, lastmod: int, known: int | None, said: int | None, now: int, *, adds: bool
) -> int:
    """Return the state of a fetched article after a sitemap stated its `lastmod`."""
    row = {"series": 1, "key": KEY, "url": URL, "found_at": 1, "fetched_at": FETCHED}
    small = {"kind": ARTICLE, "rank": 0, "channels": 1, "state": DONE, "status": 200}
    text = {"revision": 1, "content_hash": "", "fields": "{}", "gone": 0, "first_seen_at": 1}
    update = DiscoveredUrl(
        URL, ARTICLE, KEY, channels=1, change_markers={"lastmod": lastmod}, only_known=not adds
    )
    with engine.begin() as connection:
        for key in OTHER_KEYS:
            other = {**row, **small, "key": key, "url": f"{URL}{key}/", "lastmod": 1}
            connection.execute(insert(urls).values(**other))
            said_earlier = {"url_key": key, "url": other["url"], "modified": 1}
            connection.execute(insert(articles).values(id=f"alanews:{key}", **said_earlier, **text))
        connection.execute(insert(urls).values(**row, **small, lastmod=known))
        connection.execute(
            insert(articles).values(id="alanews:7", url_key=KEY, url=URL, modified=said, **text)
        )
        enqueue.add(connection, 1, now, [update])
        of_article = select(urls.c.state).where(urls.c.key == KEY)
        return int(connection.execute(of_article).scalar_one())


@pytest.mark.parametrize("adds", [False, True])
@pytest.mark.parametrize(
    ("lastmod", "known", "said", "later", "expected"),
    [
        (FETCHED - 3 * MINUTE, None, FETCHED - DAY, DAY, PENDING),
        (FETCHED - 3 * MINUTE, None, FETCHED - 3 * MINUTE, DAY, DONE),
        (FETCHED + 3 * MINUTE, None, FETCHED + 3 * MINUTE, DAY, DONE),
        (FETCHED + 3 * MINUTE, None, None, DAY, PENDING),
        (FETCHED - 3 * MINUTE, None, None, DAY, PENDING),
        (FETCHED - DAY, None, None, DAY, DONE),
        # The page that was fetched was older than the change, however long ago that was.
        (FETCHED - 30 * DAY, None, FETCHED - 90 * DAY, DAY, PENDING),
        (FETCHED - 30 * DAY, None, FETCHED - 30 * DAY, DAY, DONE),
        (FETCHED - 30 * DAY, None, None, DAY, DONE),
        # Once stored it does not make the article due again, though the page still says less.
        (FETCHED - 30 * DAY, FETCHED - 30 * DAY, FETCHED - 90 * DAY, DAY, DONE),
        # The sitemap had stated the change before a cache answered with the older page.
        (FETCHED - MINUTE, FETCHED - MINUTE, FETCHED - DAY, MINUTE + 1, PENDING),
        (FETCHED - MINUTE, FETCHED - MINUTE, FETCHED - DAY, MINUTE - 1, DONE),
        (FETCHED - MINUTE, FETCHED - MINUTE, FETCHED - MINUTE, DAY, DONE),
        (FETCHED - 3 * DAY, FETCHED - 3 * DAY, FETCHED - 9 * DAY, 9 * DAY, DONE),
    ],
)
def test_an_edit_dated_before_the_fetch_is_found(  # noqa: PLR0913, PLR0917 - what each says
    lastmod: int,
    known: int | None,
    said: int | None,
    later: int,
    expected: int,
    adds: bool,  # noqa: FBT001 - a parameter of the test
    engine: Engine,
) -> None:
    assert state(engine, lastmod, known, said, FETCHED + later, adds=adds) == expected
