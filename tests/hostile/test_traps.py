"""Row 15 of the hostile web: lists without an end, calendars, and boxes that invent articles."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.support import measured
from tests.support.crawling import crawl
from tests.support.front import Front, Visit, answer
from tests.support.measured import MEMORY
from twin import addresses, truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.e2e
SIZE = 60
SPIDER = "cronaca"
PARTIAL = 16
_IDENTITY = re.compile(
    r'<link rel="(?:canonical|next|prev)"[^>]*>|<meta property="og:url"[^>]*>| paged-\d+\b'
    r"|<span class='page_number active'>1</span>|Page 1 of \d+"
)


def expected() -> set[str]:
    return {*truth.expected(Content(seed=1, size=SIZE), Switches(), SPIDER)}


def page_of(reply: bytes) -> str:
    return reply.partition(b"\r\n\r\n")[2].decode()


def endless(front: Front, path: str) -> Callable[[Visit, socket.socket], bytes]:
    """Return what answers any page with the list of the first, which links to the next one."""

    def reply(visit: Visit, _: socket.socket) -> bytes:
        match = re.search(r"/page/(\d+)/", visit.path)
        number = int(match[1]) if match else 1
        page = _IDENTITY.sub("", page_of(front.of_twin(replace(visit, path=path))))
        page = re.sub(r'<body class="[^"]*"', "<body", page)
        assert "/page/2/" in page
        return answer(page.replace("/page/2/", f"/page/{number + 1}/"))

    return reply


def pages(front: Front) -> list[str]:
    return [path for path in front.paths if "/page/" in path]


def test_row_15_every_page_is_the_same_list(front: Front, tmp_path: Path) -> None:
    front.answers[r"^/category/cronaca/"] = endless(front, "/category/cronaca/")
    run = measured.crawl(SPIDER, tmp_path, site_url=front.url)
    assert run.peak < MEMORY, run.peak
    assert "ends at page" in run.stderr
    assert 2 <= len(pages(front)) + 1 <= 5
    assert {line["id"] for line in run.articles} <= expected()
    assert run.articles
    assert run.code in {0, PARTIAL}


def test_row_15_a_calendar_without_an_end(front: Front, tmp_path: Path) -> None:
    """Each month's list is the same on all of its pages, which have no last one."""
    for month in ("2026/11", "2026/10"):
        front.answers[rf"^/{month}/(?:page/|$)"] = endless(front, f"/{month}/")
    run = measured.crawl(
        SPIDER, tmp_path, site_url=front.url, since="2026-10-01", discover="month", related="off"
    )
    assert run.peak < MEMORY, run.peak
    # Their second pages twice, and no other.
    assert 2 <= len(pages(front)) <= 8, pages(front)
    years = {path[:5] for path in front.paths if re.match(r"/20\d\d/\d\d/", path)}
    assert years <= {"/2026"}
    assert run.articles
    assert run.code == PARTIAL


def test_row_15_parameters_of_pages_are_not_followed(front: Front, tmp_path: Path) -> None:
    links = "".join(
        f'<a href="/category/cronaca/?{name}={number}">{number}</a>'
        for name in ("page", "paged", "anno", "calendario")
        for number in (99_999, 100_000)
    )

    def reply(visit: Visit, _: socket.socket) -> bytes:
        page = page_of(front.of_twin(visit))
        return answer(page.replace("</body>", f"<aside>{links}</aside></body>"))

    front.answers[r"^/category/|^/20\d\d/"] = reply
    run = crawl(SPIDER, tmp_path, site_url=front.url)
    assert (run.code, {line["id"] for line in run.articles}) == (0, expected())
    assert not [path for path in front.paths if "?" in path and "wp-json" not in path]


def test_row_15_related_posts_that_are_invented_without_end(front: Front, tmp_path: Path) -> None:
    """Each page has a box of articles of its own, which exist as soon as they are requested."""
    content = Content(seed=1, size=SIZE)
    real = content.post(content.category(SPIDER)[2])
    real_path = addresses.path(real, Switches())
    numbers = count(1)

    def reply(visit: Visit, _: socket.socket) -> bytes:
        path = real_path if "inventato" in visit.path else visit.path
        page = page_of(front.of_twin(replace(visit, path=path)))
        number = next(numbers)
        page = page.replace("postid-", f"postid-{number}00").replace("/?p=", f"/?p={number}00")
        page = page.replace(real.slug, visit.path.strip("/").rpartition("/")[2])
        head, mark, box = page.partition("jnews_related_post_container")
        fresh = (
            f'href="{front.url}/2026/11/22/cronaca/titolo-inventato-{next(numbers)}/"'
            for _ in count()
        )
        box = re.sub(r'href="[^"]*/20\d\d/[^"]*"', lambda _: next(fresh), box)
        return answer(head + mark + box)

    front.answers[r"^/20\d\d/\d\d/\d\d/"] = reply
    run = measured.crawl(
        SPIDER, tmp_path, site_url=front.url, settings={"RELATED_MAX_ADDRESSES": "40"}
    )
    assert run.peak < MEMORY, run.peak
    invented = [path for path in front.paths if "inventato" in path]
    assert 40 <= len(invented) <= 40 + 2 * SIZE
    assert run.code == PARTIAL
    assert "Related Posts above the limit" in run.stderr
