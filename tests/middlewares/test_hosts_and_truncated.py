"""Pages that break off, and hosts that are not the site."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.utils.project import get_project_settings
from scrapy.utils.test import get_crawler

from newscrawl.middlewares.addresses import AddressBlockedError
from newscrawl.middlewares.hosts import SiteHostsMiddleware
from newscrawl.middlewares.truncated import TruncatedPageMiddleware
from newscrawl.pages.truncation import FLAG, is_whole
from newscrawl.spiders.alanews import EsteriSpider

PRIVATE = (
    "127.0.0.1", "127.1", "0.0.0.0", "[::1]",  # noqa: S104 - nothing is bound to it
    "[::ffff:127.0.0.1]", "2130706433", "0x7f.1",
    "0177.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "[fe80::1]",
    "[64:ff9b::a9fe:a9fe]", "100.64.0.1", "[fd00::1]", "[2002:7f00:1::]", "255.255.255.255",
)  # fmt: skip
PAGE = "https://www.alanews.it/esteri/un-titolo-qui/"


def running(name: str, value: object) -> tuple[SiteHostsMiddleware, TruncatedPageMiddleware]:
    """Return both middlewares of a crawler with a spider and one setting."""
    settings = {**get_project_settings(), "TWISTED_REACTOR_ENABLED": False, name: value}
    crawler = get_crawler(EsteriSpider, settings)
    crawler.spider = EsteriSpider.from_crawler(crawler)
    hosts = SiteHostsMiddleware.from_crawler(crawler)
    return hosts, TruncatedPageMiddleware.from_crawler(crawler)


@pytest.mark.parametrize(
    ("body", "whole"),
    [
        (b"<html></html>", True),
        (b"<HTML></HTML>\n<!-- cached -->\n", True),
        (b"<html></html >", True),
        (b"<html></html>" + b" " * 4_000, True),
        (b"<html><body><p>Un testo che", False),
        (b"<html></body>", False),
        (b"</html>" + b"a" * 10_000, False),
        (b"", False),
    ],
)
def test_is_whole(body: bytes, *, whole: bool) -> None:
    assert is_whole(body) is whole


class TestTruncatedPages:
    def test_one_is_asked_for_again_then_kept_with_a_flag(self) -> None:
        _, middleware = running("RETRY_TIMES", 1)
        request = Request(PAGE)
        broken = HtmlResponse(PAGE, body=b"<html><p>Un te", request=request)
        again = middleware.process_response(request, broken)
        assert isinstance(again, Request)
        assert again.dont_filter
        kept = middleware.process_response(again, broken)
        assert isinstance(kept, Response)
        assert kept.flags == [FLAG]
        assert kept.body == broken.body

    @pytest.mark.parametrize(
        "response",
        [
            HtmlResponse(PAGE, body=b"<html></html>"),
            HtmlResponse(PAGE, status=404, body=b"<p>"),
            Response(f"{PAGE}a.jpg", body=b"\xff\xd8"),
        ],
        ids=["whole", "error", "file"],
    )
    def test_others_pass(self, response: Response) -> None:
        _, middleware = running("RETRY_TIMES", 1)
        assert middleware.process_response(Request(PAGE), response) is response


class TestHosts:
    @pytest.mark.parametrize("url", [PAGE, "http://alanews.it:80/", "https://WWW.ALANEWS.IT/x/"])
    def test_the_site_is_asked(self, url: str) -> None:
        hosts, _ = running("LOG_LEVEL", "INFO")
        hosts.process_request(Request(url))

    @pytest.mark.parametrize(
        "url",
        [
            "https://tv.alanews.it/2026/01/05/a-b/",
            "https://example.com/",
            "https://www.alanews.it.example.com/",
            "https://notalanews.it/",
            "https://www.alanews.it@example.com/",
            "https://www.alanews.it:8443/",
            "http://www.alanews.it:443/",
        ],
    )
    @pytest.mark.parametrize("dont_filter", [False, True])
    def test_others_are_not(self, url: str, *, dont_filter: bool) -> None:
        hosts, _ = running("LOG_LEVEL", "INFO")
        with pytest.raises(IgnoreRequest, match="another site") as caught:
            hosts.process_request(Request(url, dont_filter=dont_filter))
        assert len(str(caught.value).splitlines()) == 1

    @pytest.mark.parametrize("url", [f"http://{host}/x" for host in PRIVATE])
    def test_row_10_addresses_that_are_not_public(self, url: str) -> None:
        hosts, _ = running("LOG_LEVEL", "INFO")
        with pytest.raises(AddressBlockedError, match=r"^address_blocked: "):
            hosts.process_request(Request(url))

    def test_d1_an_address_of_the_site_with_a_user_name(self) -> None:
        hosts, _ = running("LOG_LEVEL", "INFO")
        with pytest.raises(IgnoreRequest, match=r"^address_with_credentials$"):
            hosts.process_request(Request(PAGE.replace("www", "x:y@www")))

    def test_row_10_a_robots_txt_may_lead_to_any_public_address(self) -> None:
        hosts, _ = running("LOG_LEVEL", "INFO")
        meta = {"dont_obey_robotstxt": True, "redirect_urls": ["https://www.alanews.it/robots.txt"]}
        hosts.process_request(Request("https://cdn.example.org/robots.txt", meta=meta))
        with pytest.raises(AddressBlockedError):
            hosts.process_request(Request("http://10.0.0.1/robots.txt", meta=meta))
