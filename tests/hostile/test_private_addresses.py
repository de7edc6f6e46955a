"""Rows 10 and 12 of the hostile web: addresses that are not public, ports, and other sites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support import ledgers, measured
from tests.support.crawling import crawl
from tests.support.front import Front, answer
from tests.support.http_proxy import HttpProxy
from tests.support.listener import Listener
from tests.support.name_server import NameServer
from tests.support.twin_crawls import ordinary_cards
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.front import Visit
    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 160
SWITCHES = Switches()
CONTENT = Content(seed=1, size=SIZE)
SECTION = "esteri"
# Of loopback, each with the port of a server that listens there.
LOOPBACK = (
    "127.0.0.1", "127.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",  # noqa: S104 - redirected to
    "2130706433", "0x7f.1", "0177.0.0.1", "[64:ff9b::7f00:1]",
)  # fmt: skip
ELSEWHERE = (
    "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "[fe80::1]", "100.64.0.1",
    "[fd00::1]",
)  # fmt: skip
NAME = "www.notizie-nord.example"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as running:
        yield running


def redirect(url: str, status: int = 302) -> bytes:
    """Return an answer that leads elsewhere, as a hostile site sends it."""
    return answer("", status=status, Location=url)


def with_length(whole: bytes) -> bytes:
    """Return an answer whose head states the length of its body."""
    head, _, body = whole.partition(b"\r\n\r\n")
    head = re.sub(rb"(?i)(content-length: )\d+", rb"\g<1>%d" % len(body), head)
    return head + b"\r\n\r\n" + body


def test_row_10_articles_that_lead_to_private_addresses(
    twin: TwinProcess, front: Front, listener: Listener, tmp_path: Path
) -> None:
    hosts = [*(f"{host}:{listener.port}" for host in LOOPBACK), *ELSEWHERE]
    cards = ordinary_cards(twin, SECTION)[: len(hosts)]
    assert len(cards) == len(hosts)
    for card, host in zip(cards, hosts, strict=True):
        front.answers[f"/{card.slug}/$"] = redirect(f"http://{host}/segreto")
    done = measured.crawl(SECTION, tmp_path, settings={"STATS_DUMP": "True"}, site_url=front.url)
    assert listener.received == []
    assert (done.code, done.peak < measured.MEMORY) == (16, True), done.stderr
    assert {item["id"] for item in done.articles} == {
        *truth.expected(CONTENT, SWITCHES, SECTION)
    } - {f"alanews:{card.id}" for card in cards}
    said = [line for line in done.stderr.splitlines() if "Not fetched" in line]
    assert len([line for line in said if "(address_blocked: " in line]) == len(hosts)
    # A name may resolve to another address tomorrow: nothing of it is final.
    due = ledgers.rows(
        tmp_path / ledgers.FILE,
        "SELECT count(*) FROM urls WHERE result LIKE 'address_blocked%' AND due IS NOT NULL",
    )
    assert due == [(len(hosts),)]
    assert f"'connections/address_blocked': {len(hosts)}," in done.stderr


def test_row_10_another_port_of_the_host_is_another_site(
    twin: TwinProcess, front: Front, listener: Listener, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SECTION)[0]
    url = front.url.replace("127.0.0.1", "localhost")
    front.answers[f"/{card.slug}/$"] = redirect(f"http://localhost:{listener.port}/{card.slug}/")
    done = crawl(SECTION, tmp_path, site_url=url)
    assert listener.received == []
    # It is another site, and a name of loopback besides.
    assert f"(address_blocked: another site: http://localhost:{listener.port}/" in done.stderr
    assert len(done.articles) == len(truth.expected(CONTENT, SWITCHES, SECTION)) - 1


def site_file(folder: Path, port: int) -> dict[str, str]:
    """Write the definition of a site at a port, and return the settings that name it."""
    (folder / "nord.toml").write_text(
        f'name = "Nord"\norigin = "http://{NAME}:{port}"\ntimezone = "Europe/Rome"\n'
        'language = "it"\n',
        encoding="utf-8",
    )
    return {"SITES_DIR": str(folder)}


def test_row_10_a_name_of_the_site_that_resolves_to_a_private_address(
    listener: Listener, tmp_path: Path
) -> None:
    with NameServer({NAME: ["127.0.0.1"]}) as names:
        done = crawl(
            "wordpress",
            tmp_path / "output",
            settings={**names.settings, **site_file(tmp_path, listener.port)},
            environment=names.environment,
            site="nord",
        )
    assert NAME in names.asked, done.stderr
    assert listener.received == []
    assert done.code == 17, done.stderr
    assert f"address_blocked: {NAME} is 127.0.0.1" in done.stderr


@pytest.mark.parametrize(
    "addresses", [("93.184.216.34", "127.0.0.1"), ("127.0.0.1", "93.184.216.34")]
)
def test_row_10_a_name_with_public_and_private_addresses(
    addresses: tuple[str, ...], listener: Listener, tmp_path: Path
) -> None:
    # The public one comes first or second: none of them is connected to.
    with NameServer({NAME: [*addresses]}) as names:
        done = crawl(
            "wordpress",
            tmp_path / "output",
            settings={**names.settings, **site_file(tmp_path, listener.port)},
            environment=names.environment,
            site="nord",
        )
    assert listener.received == []
    assert done.code == 17, done.stderr
    assert f"address_blocked: {NAME} is " in done.stderr


def test_row_10_the_host_and_port_of_site_url_may_be_private(front: Front, tmp_path: Path) -> None:
    port = front.url.rpartition(":")[2]
    with NameServer({NAME: ["127.0.0.1"]}) as names:
        done = crawl(
            SECTION,
            tmp_path,
            settings=names.settings,
            environment=names.environment,
            site_url=f"http://{NAME}:{port}",
        )
    assert done.code == 0, done.stderr
    assert len(done.articles) == len(truth.expected(CONTENT, SWITCHES, SECTION))


def test_row_10_a_robots_txt_that_leads_to_a_private_address(
    front: Front, listener: Listener, tmp_path: Path
) -> None:
    front.answers["^/robots.txt"] = redirect(f"http://127.0.0.1:{listener.port}/robots.txt")
    done = crawl(SECTION, tmp_path, site_url=front.url)
    assert listener.received == []
    assert (done.code, done.articles) == (17, []), done.stderr
    assert "address_blocked: 127.0.0.1" in done.stderr
    assert front.paths == ["/robots.txt"]


def test_row_10_sitemaps_with_private_addresses(
    front: Front, listener: Listener, tmp_path: Path
) -> None:
    private = f"http://127.0.0.1:{listener.port}"
    loc = f"<url><loc>{private}/esteri/un-titolo-inventato/</loc></url>"
    front.answers["^/robots.txt"] = answer(
        f"User-agent: *\nSitemap: {private}/sitemap.xml\nSitemap: {front.url}/mappa.xml\n",
        "text/plain",
    )
    front.answers["^/mappa.xml"] = answer(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{loc}</urlset>', "text/xml"
    )
    done = crawl(SECTION, tmp_path, site_url=front.url, discover="menu,archive,related,sitemap")
    assert listener.received == []
    assert "/mappa.xml" in front.paths
    assert f"robots.txt names a sitemap of another site: {private}/sitemap.xml" in done.stderr
    excluded = [row for row in done.reports[-1]["sources"] if row["outcome"] == "excluded"]
    assert [(row["url"], row["reason"]) for row in excluded] == [
        (f"{private}/sitemap.xml", "another site")
    ]
    assert len(done.articles) == len(truth.expected(CONTENT, SWITCHES, SECTION))
    assert done.code == 0


def test_row_10_an_image_is_not_requested(
    twin: TwinProcess, front: Front, listener: Listener, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SECTION)[0]
    image = f'<img src="http://127.0.0.1:{listener.port}/a.jpg">'.encode()

    def with_image(visit: Visit, _: socket.socket) -> bytes:
        return with_length(front.of_twin(visit).replace(b"</p>", image + b"</p>", 1))

    front.answers[f"/{card.slug}/$"] = with_image
    done = crawl(SECTION, tmp_path, site_url=front.url)
    assert (done.code, listener.received) == (0, []), done.stderr


@pytest.mark.soak
@pytest.mark.usefixtures("chromium")
def test_row_10_a_page_in_the_browser_requests_nothing_private(
    twin: TwinProcess, front: Front, listener: Listener, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SECTION)[0]
    hosts = [f"{host}:{listener.port}" for host in (*LOOPBACK, *ELSEWHERE, "interno.example")]
    elements = "".join(
        f"<img src='http://{host}/a.png'><iframe src='http://{host}/b'></iframe>"
        f"<script src='http://{host}/c.js'></script><link rel='stylesheet' href='http://{host}/d'>"
        f"<script>fetch('http://{host}/e', {{mode: 'no-cors'}}).catch(function () {{}});"
        f"var r = new XMLHttpRequest(); r.open('GET', 'http://{host}/f'); r.send();"
        f"new WebSocket('ws://{host}/g');</script>"
        for host in hosts
    )
    # Where the site's own addresses lead; the proxy alone sees that.
    elements += "".join(
        f"<script>fetch('/wp-json/porta-{n}/').catch(function () {{}});</script>"
        for n in range(len(hosts))
    )
    for number, host in enumerate(hosts):
        front.answers[f"^/wp-json/porta-{number}/$"] = redirect(f"http://{host}/h")

    def with_requests(visit: Visit, _: socket.socket) -> bytes:
        whole = front.of_twin(visit)
        return with_length(whole.replace(b"</article>", elements.encode() + b"</article>", 1))

    front.answers[f"/{card.slug}/$"] = with_requests
    path = truth.url(card, SWITCHES).removeprefix("https://www.alanews.it")
    done = measured.crawl(
        "alanews",
        tmp_path,
        settings={"STATS_DUMP": "True"},
        site_url=front.url,
        urls=f"https://www.alanews.it{path}",
        render="always",
    )
    assert listener.received == []
    assert (done.code, done.peak < measured.MEMORY) == (0, True), done.stderr[-3_000:]
    assert [item["id"] for item in done.articles] == [f"alanews:{card.id}"]
    blocked = {
        name: int(number)
        for name, number in re.findall(r"'browser/blocked/(\w+)': (\d+)", done.stderr)
    }
    assert blocked["address_blocked"] >= len(LOOPBACK) + len(ELSEWHERE)
    assert blocked["another_site"] >= 1
    assert [path for path in front.paths if path.startswith("/wp-json/porta-")]


def test_row_10_behind_a_proxy_names_are_judged_as_they_are_written(
    twin: TwinProcess, tmp_path: Path
) -> None:
    with HttpProxy(twin.url) as proxy:
        proxy.answers["/robots.txt$"] = redirect("http://intranet.local/robots.txt")
        done = crawl(SECTION, tmp_path, environment=proxy.environment, site_url=f"http://{NAME}")
    assert (done.code, proxy.paths) == (17, [f"http://{NAME}/robots.txt"]), done.stderr
    assert "address_blocked: intranet.local" in done.stderr


def test_row_12_a_robots_txt_may_be_on_another_site_which_gets_no_secrets(
    twin: TwinProcess, tmp_path: Path
) -> None:
    forbidden = "User-agent: *\nDisallow: /category/\n"
    with HttpProxy(twin.url) as proxy:
        proxy.answers[f"^http://{NAME}/robots.txt$"] = redirect("http://cdn.example/robots.txt")
        proxy.answers["^http://cdn.example/robots.txt$"] = answer(forbidden, "text/plain")
        done = crawl(
            SECTION,
            tmp_path,
            environment=proxy.environment,
            settings={
                "DEFAULT_REQUEST_HEADERS": '{"Authorization": "Basic eDp5", "Cookie": "a=b"}'
            },
            site_url=f"http://{NAME}",
        )
    own, *others = (
        [visit for visit in proxy.visits if visit.path.startswith(f"http://{host}/")]
        for host in (NAME, "cdn.example")
    )
    (foreign,) = others[0]
    assert {"authorization", "cookie"} <= own[0].headers.keys()
    assert not {"authorization", "cookie"} & foreign.headers.keys()
    # It counts for the site.
    assert not [visit for visit in own if "/category/" in visit.path]
    assert done.code == 11, done.stderr


def test_row_12_an_article_that_leads_to_another_site_is_rejected(
    twin: TwinProcess, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SECTION)[0]
    with HttpProxy(twin.url) as proxy:
        proxy.answers[f"/{card.slug}/$"] = redirect("http://altro.example/articolo/", 301)
        done = measured.crawl(
            SECTION, tmp_path, environment=proxy.environment, site_url=f"http://{NAME}"
        )
    # It may have been moved for good: only its address is doubtful, and is read again.
    assert (done.code, done.peak < measured.MEMORY) == (0, True), done.stderr
    assert done.reports[-1]["not_fetched"] == {"another_site": 1}
    assert not [path for path in proxy.paths if "altro.example" in path]
    assert "Not fetched (another site: http://altro.example/articolo/)" in done.stderr
    assert f"alanews:{card.id}" not in {item["id"] for item in done.articles}
    assert len(done.articles) == len(truth.expected(CONTENT, SWITCHES, SECTION)) - 1
