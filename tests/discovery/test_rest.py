"""WordPress's REST interface: what it says of posts, and what it may not do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.discovery import rest
from newscrawl.discovery.entries import Entry
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls
from tests.support.waiting import HANG
from twin import truth
from twin.content import Content
from twin.dating import ROME
from twin.model import Switches
from twin.process import TwinProcess

SITE = "https://www.alanews.it"
URLS = SiteUrls(ALANEWS)
LINK = f"{SITE}/2026/09/12/esteri/un-titolo-lungo/"
POST = {
    "id": 4711,
    "date_gmt": "2026-09-11T22:30:00",
    "modified_gmt": "2026-09-12T06:00:00",
    "link": LINK,
}


def read(value: Any, urls: SiteUrls = URLS) -> list[Entry]:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return rest.read(body, urls)[1]


class TestRead:
    def test_times_named_gmt_are_utc(self) -> None:
        assert read([POST]) == [
            Entry(
                URLS.understand(LINK),
                1789192800,
                datetime(2026, 9, 11, 22, 30, tzinfo=UTC),
                datetime(2026, 9, 12, 6, tzinfo=UTC),
                4711,
            )
        ]

    def test_an_empty_list_is_a_list(self) -> None:
        assert read([]) == []

    def test_each_article_comes_once(self) -> None:
        again = {**POST, "link": f"{LINK}?utm_source=x", "id": 4712}
        assert [entry.post_id for entry in read([POST, again])] == [4711]

    @pytest.mark.parametrize(
        "link",
        [None, 7, [LINK], {"rendered": LINK}, "", "/2026/09/12/esteri/un-titolo-lungo/",
         "https://www.example.com/esteri/uno-due-tre/", "javascript:alert(1)", f"{SITE}/tag/roma/",
         f"{SITE}//[/./x", LINK + "a" * 3000],
    )  # fmt: skip
    def test_what_is_no_article_of_the_site_is_left_out(self, link: Any) -> None:
        assert [one.address.url for one in read([{**POST, "link": link}, POST])] == [LINK]

    @pytest.mark.parametrize("number", [0, -1, True, 1.5, "4711", None, 2**63, 10**4000, [1]])
    def test_an_odd_id_is_none(self, number: Any) -> None:
        (entry,) = read([{**POST, "id": number}])
        assert entry.post_id is None

    @pytest.mark.parametrize(
        "date",
        [None, 7, "", "0000-00-00T00:00:00", "1970-01-01T00:00:00", "ieri", "2026-13-01T00:00:00",
         "99999-01-01T00:00:00", "9" * 5000, {"a": 1}, 10**400],
    )  # fmt: skip
    def test_an_odd_date_is_none(self, date: Any) -> None:
        (entry,) = read([{**POST, "date_gmt": date, "modified_gmt": date}])
        assert (entry.published, entry.modified, entry.change_marker) == (None, None, None)


class TestHostile:
    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ({"code": "rest_forbidden", "message": "Vietato.\n\x1b[31mNo", "data": {}}, "Vietato."),
            ({"code": 7}, "it is of type dict"),
            ({}, "it is of type dict"),
            ("posts", "it is of type str"),
            (None, "it is of type NoneType"),
            (b"", "Expecting value"),
            (b"<!DOCTYPE html><html></html>", "Expecting value"),
            (b"<br /><b>Warning</b>: x\n[]", "Expecting value"),
            (b"[{", "Expecting property name"),
            (b'["\xff"]', "utf-8"),
            (b"[" + b"9" * 5_000 + b"]", "digits"),
            (b"[" * 200_000, "recursion"),
            (b"[" + b" " * 50_000_000 + b"]", "larger than 4,194,304 bytes"),
        ],
        ids=range(13),
    )
    def test_refused_in_one_line(self, body: Any, reason: str) -> None:
        line = r"\Athe REST response is not a list of posts: [^\n\x1b]{5,200}\Z"
        with pytest.raises(ValueError, match=line) as caught:
            read(body)
        assert reason in str(caught.value)

    def test_lists_of_anything(self) -> None:
        assert read([None, 1, "a", [POST], {}, {"link": None}, float("nan")]) == []
        assert read(b"[" + b"[]," * 1_000_000 + b"[]]") == []

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(["id", "link", "date_gmt", "modified_gmt"]), inner
                )
            ),
        )
    )
    def test_any_json(self, value: Any) -> None:
        if isinstance(value, list):
            assert {entry.address.url.startswith(SITE) for entry in read(value)} <= {True}
        else:
            with pytest.raises(ValueError, match="not a list of posts"):
                read(value)


class TestAddress:
    def test_a_time_is_given_in_utc(self) -> None:
        since = datetime(2026, 9, 12, 0, 30, tzinfo=ROME)
        asked = parse_qs(urlsplit(rest.address(f"{SITE}/", since, page=3)).query)
        assert asked == {
            "_fields": ["id,link,date_gmt,modified_gmt"],
            "orderby": ["modified"],
            "order": ["desc"],
            "per_page": ["100"],
            "modified_after": ["2026-09-11T22:30:00Z"],
            "page": ["3"],
        }

    def test_a_time_without_an_offset_is_refused(self) -> None:
        with pytest.raises(ValueError, match="offset"):
            rest.address(SITE, datetime(2026, 9, 12))  # noqa: DTZ001 - that is the case


# The twin


def ask(twin: TwinProcess, url: str) -> tuple[bytes, int]:
    connection = HTTPConnection(twin.url.removeprefix("http://"), timeout=HANG)
    try:
        connection.request("GET", url.removeprefix(twin.url))
        answer = connection.getresponse()
        return answer.read(), int(answer.headers.get("X-WP-TotalPages", 0))
    finally:
        connection.close()


@pytest.mark.e2e
def test_the_twin_s_posts_are_read_as_it_knows_them() -> None:
    size, switches = 230, Switches()
    content = Content(size=size)
    cards = sorted(map(content.card, range(size)), key=lambda card: card.modified, reverse=True)
    with TwinProcess(size=size) as twin:
        urls = SiteUrls(ALANEWS, twin.url)
        answers = [ask(twin, rest.address(twin.url, page=page)) for page in (1, 2, 3)]
        assert [pages for _, pages in answers] == [3, 3, 3]
        assert json.loads(answers[0][0])[0].keys() == POST.keys()
        found = [entry for body, _ in answers for entry in rest.read(body, urls)[1]]
        # In UTC: two zones never agree within the hour that comes twice.
        assert found == [
            Entry(
                URLS.understand(truth.url(card, switches)),
                int(card.modified.timestamp()),
                card.published.astimezone(UTC),
                card.modified.astimezone(UTC),
                card.id,
            )
            for card in cards
        ]
        # After the last page.
        with pytest.raises(ValueError, match="rest_post_invalid_page_number: The page number"):
            rest.read(ask(twin, rest.address(twin.url, page=4))[0], urls)
        since = cards[30].modified
        body, _ = ask(twin, rest.address(twin.url, since))
        later = [card.id for card in cards if card.modified > since]
        assert [entry.post_id for entry in rest.read(body, urls)[1]] == later
        body, _ = ask(twin, rest.address(twin.url, content.now + timedelta(days=1)))
        assert rest.read(body, urls) == (0, [])
        with pytest.raises(ValueError, match="rest_no_route"):
            rest.read(ask(twin, "/wp-json/wp/v2/nothing")[0], urls)
