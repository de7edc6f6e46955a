"""Row 22 of the hostile web: certificates that do not prove the host's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import measured
from tests.support.crawling import crawl
from tests.support.tls import Authority, TlsServer
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.front import Front

pytestmark = pytest.mark.e2e
SIZE = 60


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_row_22_a_good_certificate(
    host: str, authority: Authority, front: Front, tmp_path: Path
) -> None:
    with TlsServer(front.url, authority.certificate(host)) as tls:
        done = crawl(
            "esteri",
            tmp_path / "output",
            environment=authority.environment,
            site_url=f"https://{host}:{tls.port}",
        )
    assert done.code == 0, done.stderr
    expected = truth.expected(Content(seed=1, size=SIZE), Switches(), "esteri")
    assert {line["id"] for line in done.articles} == {*expected}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"expired": True}, "expired"),
        ({"self_signed": True}, "self_signed"),
        ({"host": "www.example.org"}, "wrong_host"),
        ({"host": "127.0.0.2"}, "wrong_host"),
    ],
)
def test_row_22_certificates_that_are_refused(  # noqa: PLR0913, PLR0917 - fixtures
    host: str,
    options: dict[str, Any],
    kind: str,
    authority: Authority,
    front: Front,
    tmp_path: Path,
) -> None:
    with TlsServer(front.url, authority.certificate(**{"host": host, **options})) as tls:
        done = measured.crawl(
            "esteri",
            tmp_path / "output",
            environment=authority.environment,
            site_url=f"https://{host}:{tls.port}",
            settings={"STATS_DUMP": "True"},
        )
    assert (done.code, done.articles, tls.requests) == (10, [], []), done.stderr
    assert (done.peak < measured.MEMORY, done.reports[0]["reason"]) == (True, "site_unreachable")
    assert f"certificate_{kind}" in done.stderr
    assert f"'connections/certificate/{kind}': 1" in done.stderr


def test_row_22_an_authority_that_is_not_trusted(
    authority: Authority, front: Front, tmp_path: Path
) -> None:
    certificate = authority.certificate("localhost")
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other")
    with TlsServer(front.url, certificate) as tls:
        done = crawl(
            "esteri",
            tmp_path / "output",
            environment=other.environment,
            site_url=f"https://localhost:{tls.port}",
        )
    assert (done.code, done.articles, tls.requests) == (10, [], []), done.stderr
    assert "certificate_untrusted" in done.stderr
