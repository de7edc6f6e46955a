"""What the headers of a 304 state, and the site's files about a page that answers with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import rights_site
from tests.support.front import answer
from tests.support.rights_site import NAME, article, serve, signals, with_fields

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence
    from pathlib import Path

    from tests.support.crawling import Crawl
    from tests.support.front import Front, Visit

pytestmark = pytest.mark.e2e
SIZE = 50
PATH = f"/mondo/{NAME}/"
Fields = list[tuple[str, str]]
RSL_LINK = ("Link", '</l.xml>; rel="license"; type="application/rsl+xml"')
TERMS = (
    f'<rsl xmlns="{rights_site.RSL}"><content url=""><license>'
    '<prohibits type="usage">{}</prohibits></license></content></rsl>'
)


def serve_unchanged(front: Front, fields: Fields, head: str = "", *, later: Fields = ()) -> None:  # type: ignore[assignment]
    """Answer with the page, and to a request with a condition with 304 and some fields."""
    page = with_fields(article(head), [("ETag", '"1"'), *later])
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    unchanged = f'HTTP/1.1 304 Test\r\nETag: "1"\r\n{lines}Connection: close\r\n\r\n'

    def visit(seen: Visit, _: socket.socket) -> bytes:
        return unchanged.encode() if "if-none-match" in seen.headers else page

    front.answers[f"^{PATH}$"] = visit


def conditions(front: Front) -> list[bool]:
    """Return for each request of the article whether it had a condition."""
    return ["if-none-match" in visit.headers for visit in front.visits if visit.path == PATH]


def runs(front: Front, output: Path, policies: Sequence[str]) -> Crawl:
    for policy in policies:
        run = rights_site.run(front, output, PATH, policy=policy)
        assert run.code == 0, run.stderr
    return run


def test_what_a_304_states_is_in_the_run_report(front: Front, tmp_path: Path) -> None:
    serve_unchanged(front, [("X-Robots-Tag", "noindex, strange"), ("tdm-reservation", "1")])
    run = runs(front, tmp_path, ["record", "record"])
    rights = run.reports[-1]["rights"]
    assert rights["not_modified"] == {"robots/header": {"index": 1}, "tdmrep/header": {"tdm": 1}}
    assert (rights["ignored"], rights["requested_in_full"]) == ({"robots/header": 1}, 0)
    assert (rights["articles"], rights["signals"], rights["withheld"]) == (0, {}, {})
    assert run.reports[-1]["known"] == {"not_modified": 1}
    assert conditions(front) == [False, True]
    (line,) = run.articles
    assert signals(line) == []


@pytest.mark.parametrize(
    ("fields", "use"),
    [
        ([("X-Robots-Tag", "noarchive")], "archive"),
        ([("tdm-reservation", "1")], "tdm"),
        ([("X-Robots-Tag", "unavailable_after: 2020-01-01")], "available-until"),
    ],
)
def test_a_page_whose_304_reserves_it_is_withheld_as_with_200(
    fields: Fields, use: str, front: Front, tmp_path: Path
) -> None:
    serve_unchanged(front, fields, later=fields)
    runs(front, tmp_path, ["record"])
    run = runs(front, tmp_path, ["respect"])
    rights = run.reports[-1]["rights"]
    assert (rights["withheld"], rights["requested_in_full"]) == ({use: 1}, 1)
    assert rights["not_modified"] == {}
    assert conditions(front) == [False, True, False]
    # What is withheld has no validators: the next run asks for it in full.
    run = runs(front, tmp_path, ["respect"])
    assert run.reports[-1]["rights"]["withheld"] == {use: 1}
    assert conditions(front) == [False, True, False, False]
    assert len(run.articles) == 1


def test_the_tags_of_the_page_speak_after_the_header_of_a_304(front: Front, tmp_path: Path) -> None:
    fields = [("tdm-reservation", "1")]
    serve_unchanged(
        front, fields, '<meta name="tdm-reservation" content="0">', later=fields
    )  # fmt: skip
    run = runs(front, tmp_path, ["respect", "respect"])
    rights = run.reports[-1]["rights"]
    assert (rights["withheld"], rights["requested_in_full"]) == ({}, 1)
    assert run.reports[-1]["known"] == {"unchanged": 1}
    assert [line["rights"]["tdm_reserved"] for line in run.articles] == [False]


@pytest.mark.parametrize("fields", [[], [("X-Robots-Tag", "noai, nofollow, otherbot: noindex")]])
def test_a_304_that_denies_nothing_that_a_dump_does_stays_one(
    fields: Fields, front: Front, tmp_path: Path
) -> None:
    serve_unchanged(front, fields)
    run = runs(front, tmp_path, ["respect", "respect"])
    assert run.reports[-1]["known"] == {"not_modified": 1}
    assert conditions(front) == [False, True]


@pytest.mark.parametrize(
    ("term", "expected"), [("all", {"all": 1}), ("ai-train", {})], ids=["refused", "free"]
)
def test_the_licence_that_a_304_names_is_read(
    term: str, expected: dict[str, int], front: Front, tmp_path: Path
) -> None:
    serve_unchanged(front, [RSL_LINK], later=[RSL_LINK])
    front.answers["^/l.xml$"] = answer(TERMS.format(term), "application/rsl+xml")
    run = runs(front, tmp_path, ["record", "respect"])
    assert run.reports[-1]["rights"]["withheld"] == expected
    assert conditions(front) == [False, True, False]
    assert front.paths.count("/l.xml") == 2


def test_a_licence_of_another_host_does_not_cost_a_request(front: Front, tmp_path: Path) -> None:
    link = (RSL_LINK[0], RSL_LINK[1].replace("/l.xml", "https://licenze.example/l.xml"))
    serve_unchanged(front, [link])
    run = runs(front, tmp_path, ["respect", "respect"])
    assert run.reports[-1]["rights"]["not_modified"] == {"rsl/header": {"license": 1}}
    assert conditions(front) == [False, True]


def test_a_file_that_reserves_a_known_page_is_heard_before_it_is_asked_for(
    front: Front, tmp_path: Path
) -> None:
    serve_unchanged(front, [])
    runs(front, tmp_path, ["respect"])
    serve(front, "/", tdmrep='[{"location": "/mondo/", "tdm-reservation": 1}]')
    run = runs(front, tmp_path, ["respect"])
    assert run.reports[-1]["rights"]["not_fetched"] == 1
    assert conditions(front) == [False]
