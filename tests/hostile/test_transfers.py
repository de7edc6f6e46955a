"""Rows 1, 6, 7 and 8 of the hostile web: compression, lengths, headers and pace of answers."""

from __future__ import annotations

import gzip
import socket
import struct
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import brotli
import pytest
from backports import zstd

from tests.support import ledgers, measured
from tests.support.front import Front, Visit, answer
from tests.support.victim import Victim, check
from tests.support.waiting import wait_for
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 60
_GROWN = b"<p>" + b" " * (300 << 20)


@pytest.fixture(scope="module")
def victim(twin: TwinProcess) -> Victim:
    return Victim.of(twin.url, SIZE)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda body: brotli.compress(body, quality=1),
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("encoding", PACKERS)
def test_row_1_an_answer_that_grows_is_stopped(
    front: Front, victim: Victim, tmp_path: Path, encoding: str
) -> None:
    front.answers[victim.pattern] = answer(PACKERS[encoding](_GROWN), Content_Encoding=encoding)
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 16, victim.others, "articles: larger_than_DOWNLOAD_MAXSIZE")


def test_row_1_a_sitemap_that_grows_is_stopped(front: Front, tmp_path: Path) -> None:
    bomb = gzip.compress(b"<?xml version='1.0'?>" + _GROWN)
    front.answers["/sitemap_index.xml"] = answer(bomb, "application/x-gzip")
    run = measured.crawl("alanews", tmp_path, site_url=front.url)
    expected = {*truth.expected(Content(seed=1, size=SIZE), Switches())}
    check(run, 16, expected, "sitemap: ")


def wrong_length(page: bytes) -> bytes:
    return answer(page, Content_Length=str(len(page) + 1_000))


def broken_chunk(page: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n"
    head += b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    return head + b"%x\r\n%s\r\n%x\r\n" % (len(page), page, 5_000) + b"<p>half of a chunk"


@pytest.mark.parametrize("cut", [wrong_length, broken_chunk])
def test_row_6_a_part_of_a_body_is_not_an_article(
    front: Front, victim: Victim, tmp_path: Path, cut: Callable[[bytes], bytes]
) -> None:
    front.answers[victim.pattern] = cut(victim.page)
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 16, victim.others, "articles: ResponseDataLossError")
    # RETRY_TIMES is 2 in tests.
    assert len([path for path in front.paths if path.endswith(victim.path)]) == 3


def test_row_6_a_length_shorter_than_the_body(front: Front, victim: Victim, tmp_path: Path) -> None:
    # HTTP sees a whole body (RFC 9112, 6.3): only the page itself shows that it is not.
    half = victim.page[: victim.page.index(b"</p>", victim.page.index(b"content-inner")) - 40]
    front.answers[victim.pattern] = answer(victim.page, Content_Length=str(len(half)))
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 0, victim.all)
    assert len([path for path in front.paths if path.endswith(victim.path)]) == 3
    line = next(line for line in run.articles if line["id"] == victim.id)
    assert "truncated" in line["flags"]
    front.answers.clear()
    ledgers.change(tmp_path / ledgers.FILE, "UPDATE urls SET due = 0 WHERE due IS NOT NULL")
    again = measured.crawl("esteri", tmp_path, site_url=front.url)
    assert again.code == 0, again.stderr[-2_000:]
    latest = [line for line in again.articles if line["id"] == victim.id][-1]
    assert ("truncated" in latest["flags"], latest["revision"]) == (False, 2)


def test_row_6_a_reset_connection_is_not_an_article(
    front: Front, victim: Victim, tmp_path: Path
) -> None:
    def reset(_: Visit, connection: socket.socket) -> None:
        connection.sendall(answer(victim.page)[:-20_000])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    front.answers[victim.pattern] = reset
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 16, victim.others, "articles: ")
    assert len([path for path in front.paths if path.endswith(victim.path)]) == 3


def many(line: bytes, number: int) -> Callable[[Visit, socket.socket], None]:
    def send(_: Visit, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
        lines = line * 1_000
        for _number in range(number // 1_000):
            connection.sendall(lines)
        connection.sendall(b"\r\n<html></html>")

    return send


HEADERS = {
    "endless": (many(b"X-Name: value of some length\r\n", 10**9), "headers_too_large"),
    "5 MB": (many(b"X-Name: value of some length\r\n", 170_000), "headers_too_large"),
    "10,000 cookies": (
        many(b"Set-Cookie: name=value of some length; Path=/\r\n", 10_000),
        "headers_too_large",
    ),
    "a line of 5 MB": (many(b"a" * 5_000, 1_000), ""),
}


@pytest.mark.parametrize("name", HEADERS)
def test_row_7_headers_are_bounded(front: Front, victim: Victim, tmp_path: Path, name: str) -> None:
    front.answers[victim.pattern], reason = HEADERS[name]
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 16, victim.others, f"articles: {reason}")


def drip(_: Visit, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.2)


def drip_headers(_: Visit, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Name: ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.2)


def endless(_: Visit, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>")
    while True:
        connection.sendall(b"parola " * 10_000)


@pytest.mark.parametrize("pace", [drip, pytest.param(drip_headers, marks=pytest.mark.soak)])
def test_row_8_a_slow_answer_has_one_deadline(
    front: Front, victim: Victim, tmp_path: Path, pace: Callable[[Visit, socket.socket], None]
) -> None:
    front.answers[victim.pattern] = pace
    # Bytes come all the time: a deadline from one to the next would never pass.
    settings = {"DOWNLOAD_TIMEOUT": "2", "RETRY_TIMES": "1"}
    run = measured.crawl("esteri", tmp_path, settings=settings, site_url=front.url)
    check(run, 16, victim.others, "articles: DownloadTimeoutError")
    # The others did not wait for it.
    last = max(i for i, path in enumerate(front.paths) if path.endswith(victim.path))
    assert last == len(front.paths) - 1


def byte_a_second(_: Visit, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 40\r\n\r\n")
    for _second in range(40):
        connection.sendall(b"x")
        time.sleep(1)


def test_row_8_the_deadline_is_one_of_the_whole_answer(
    front: Front, victim: Victim, tmp_path: Path
) -> None:
    asked: list[float] = []
    closed: list[float] = []

    def pace(visit: Visit, connection: socket.socket) -> None:
        asked.append(time.monotonic())
        try:
            byte_a_second(visit, connection)
        except OSError:
            closed.append(time.monotonic())

    front.answers[victim.pattern] = pace
    # A single place: the others wait for it, and not longer than the deadline.
    settings = {
        "DOWNLOAD_TIMEOUT": "3",
        "RETRY_TIMES": "0",
        "CONCURRENT_REQUESTS": "1",
        "CONCURRENT_REQUESTS_PER_DOMAIN": "1",
    }
    run = measured.crawl("esteri", tmp_path, settings=settings, site_url=front.url)
    check(run, 16, victim.others, "articles: DownloadTimeoutError")
    assert len(asked) == 1
    wait_for(lambda: bool(closed), "the crawl closes the connection")
    # Whole, the answer takes 40 s.
    assert 2 < closed[0] - asked[0] < 35


@pytest.mark.soak
def test_row_8_another_host_is_not_kept_waiting(
    front: Front, victim: Victim, tmp_path: Path
) -> None:
    front.answers["/20[0-9][0-9]/"] = drip
    settings = {"DOWNLOAD_TIMEOUT": "20", "RETRY_TIMES": "0"}
    with Front(front.twin) as other, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(
            measured.crawl, "esteri", tmp_path / "slow", settings=settings, site_url=front.url
        )
        wait_for(lambda: any(path.startswith("/20") for path in front.paths), "a slow article")
        run = measured.crawl("esteri", tmp_path / "other", site_url=other.url)
        assert not slow.done()
        check(run, 0, victim.all)
        stopped = slow.result()
    assert (stopped.articles, stopped.peak < measured.MEMORY) == ([], True)
    assert stopped.code != 0


def test_row_8_a_body_without_end_is_stopped(front: Front, victim: Victim, tmp_path: Path) -> None:
    front.answers[victim.pattern] = endless
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 16, victim.others, "articles: DownloadCancelledError")


def test_row_8_the_deadline_is_30_seconds() -> None:
    from newscrawl import settings  # noqa: PLC0415 - needs no crawl

    assert settings.DOWNLOAD_TIMEOUT == 30
