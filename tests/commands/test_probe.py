"""`scrapy probe`: what it says of sites whose truth is known, and of what is not a site."""

from __future__ import annotations

import json
import os
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from newscrawl.commands.probing import site_report
from newscrawl.commands.probing.probe_requests import MAX_REQUESTS
from newscrawl.commands.probing.site_report import SiteReport
from newscrawl.sites.definition_file import load
from tests.support import preloaded
from tests.support.crawling import ROOT, crawl
from twin import faces
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

pytestmark = pytest.mark.e2e
SIZE = 60
_SETTINGS = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "RETRY_TIMES=0")


@dataclass(frozen=True)
class Probe:
    """A finished probe."""

    code: int
    stdout: str
    stderr: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON."""
        report: dict[str, Any] = json.loads(self.stdout)
        return report

    @property
    def verdicts(self) -> dict[str, str]:
        """Point to verdict."""
        return {entry["point"]: entry["verdict"] for entry in self.report["verdicts"]}

    def line(self) -> str:
        """Return the one line on standard error."""
        (line,) = self.stderr.splitlines()
        assert line.startswith("newscrawl: ")
        return line.removeprefix("newscrawl: ")


def probe(output: Path, *words: str) -> Probe:
    """Probe as a person does; nothing is left behind in the folder of dumps."""
    line = ["probe", *words]
    for setting in _SETTINGS:
        line += ["-s", setting]
    done = preloaded.run(line, {**os.environ, "NEWSCRAWL_OUTPUT": str(output / "output")})
    assert not (output / "output").exists()
    assert "Traceback" not in done.stderr
    return Probe(done.returncode, done.stdout, done.stderr)


def switches_of(face: str, **others: object) -> Mapping[str, Any]:
    return {"face": face, **others}


@contextmanager
def probed(
    tmp_path: Path, switches: Mapping[str, Any], *faults: Mapping[str, Any], options: str = "--json"
) -> Iterator[Probe]:
    """Give the probe of a twin that has these switches and faults, within the limit of requests."""
    with TwinProcess(size=SIZE, switches=switches, faults=faults) as twin:
        done = probe(tmp_path, twin.url, *options.split())
        requested = twin.requests()
        assert 5 < len(requested) <= MAX_REQUESTS
        if options == "--json":
            assert done.report["requests"] == len(requested)
        yield done


DATES = {
    "alanews": ("modified", "unknown"),
    "jnews": ("modified", "modified"),
    "block": ("both", "published"),
    "builder": ("both", "published"),
    "classic": ("both", "published"),
}
PERMALINKS = {
    "alanews": "/%year%/%monthnum%/%day%/%category%/%postname%/",
    "jnews": "/%category%/%postname%/",
    "block": "/%year%/%monthnum%/%day%/%postname%/",
    "builder": "/archivi/%post_id%/",
    "classic": "/%postname%/",
}
THEMES = {
    "alanews": "jnews",
    "jnews": "jnews",
    "block": "twentytwentyfour",
    "builder": "hello-elementor",
    "classic": "costa",
}


_LONG = [pytest.param(name, marks=pytest.mark.soak) for name in ("jnews", "block")]


@pytest.mark.parametrize("face", ["alanews", "classic", "builder", *_LONG])
def test_a_probe_reports_a_site_as_it_is(face: str, tmp_path: Path) -> None:
    truth = faces.face(face)
    with probed(tmp_path, switches_of(face)) as done:
        report = done.report
    assert (done.code, report["will_work"], report["problem"]) == (0, True, None), done.stderr
    assert report["platform"]["is_wordpress"]
    assert report["platform"]["themes"] == [THEMES[face]]
    plugins = ["Yoast"] if face in {"alanews", "jnews"} else []
    assert report["platform"]["metadata_plugins"] == plugins
    assert report["platform"]["name"] == truth.name
    assert report["platform"]["timezone"] == truth.timezone
    assert report["platform"]["language"] == truth.language
    sections = {entry["slug"]: entry for entry in report["sections"]}
    assert sections.keys() == {category.slug for category in truth.by_key.values()}
    assert all(entry["is_in_menu"] for entry in sections.values())
    assert sum(entry["articles"] for entry in sections.values()) >= SIZE
    assert (report["rest"]["state"], report["rest"]["articles"]) == ("open", SIZE)
    assert report["estimate"]["articles"] == SIZE
    assert report["archives"][0]["style"] == "page numbers"
    assert report["archives"][0]["second_page"] == "works"
    shown = report["shown_date"]
    assert (shown["kind"], shown["on_cards"]) == DATES[face]
    assert [entry["shape"] for entry in report["permalinks"]] == [PERMALINKS[face]]
    assert len(report["samples"]) == 2
    for sample in report["samples"]:
        assert sample["problem"] is None
        assert {"headline", "authors", "date_published", "body"} <= sample["fields"].keys()
    assert set(done.verdicts.values()) <= {"works", "works with a note"}


def test_the_text_fits_a_screen_and_names_each_point(tmp_path: Path) -> None:
    with probed(tmp_path, {}, options="") as done:
        lines = done.stdout.splitlines()
    assert (done.code, done.stderr) == (0, "")
    assert len(lines) <= 60
    for point in ("reachable", "robots.txt", "platform", "sections", "archives", "sitemaps",
                  "feeds", "REST", "dates", "articles"):  # fmt: skip
        assert [line for line in lines if line[:1] in "+~" and line[2:].startswith(point)]
    assert "without day  redirect to the address with the day" in lines


def test_each_key_of_the_json_is_documented() -> None:
    text = (ROOT / "docs" / "probe.md").read_text(encoding="utf-8")
    kinds = [kind for kind in vars(site_report).values() if is_dataclass(kind)]
    keys = {field.name for kind in kinds for field in fields(kind)} | {"will_work"}
    assert len(keys) > 50
    assert not [key for key in sorted(keys) if f"`{key}`" not in text]


def test_scrapy_does_not_list_the_spider_of_a_probe() -> None:
    settings = Settings({"SPIDER_MODULES": ["newscrawl.spiders"]})
    assert "wordpress" in SpiderLoader.from_settings(settings).list()
    assert "probe" not in SpiderLoader.from_settings(settings).list()


def test_rest_may_be_closed_and_the_list_load_more(tmp_path: Path) -> None:
    switches = {"archive": "loadmore", "visible_date": "published", "tdm": "wellknown"}
    with probed(tmp_path, switches, {"kind": "status", "value": 403, "on": "rest"}) as done:
        report = done.report
    assert done.code == 0, done.stderr
    assert report["rest"]["state"] == "closed"
    assert done.verdicts["REST"] == "works with a note"
    assert (report["estimate"]["articles"], report["estimate"]["source"]) == (SIZE, "sitemaps")
    assert report["estimate"]["requests_by_rest"] is None
    assert report["archives"][0]["style"] == "load more"
    assert report["archives"][0]["second_page"] == "works"
    assert report["shown_date"]["kind"] == "published"
    assert "/.well-known/tdmrep.json: reserved for the home page" in report["robots"]["rights"]
    assert report.keys() == SiteReport("").as_json().keys()


@pytest.mark.soak
def test_robots_txt_may_forbid_rest_and_state_rights(tmp_path: Path) -> None:
    lines = "Disallow: /wp-json/\nCrawl-delay: 0.1\nContent-Usage: train-ai=n"
    switches = {"archive": "scrollload", "visible_date": "ago", "metadata": "jnews"}
    fault = {"kind": "robots_lines", "value": lines}
    with probed(tmp_path, switches, fault) as done:
        report = done.report
    assert done.code == 0, done.stderr
    assert report["rest"]["state"] == "forbidden"
    assert report["robots"]["forbids"] == ["/wp-json/wp/v2/posts"]
    assert report["robots"]["crawl_delay"] == 0.1
    assert report["robots"]["rights"] == ["robots.txt Content-Usage: train-ai=n"]
    assert report["archives"][0]["style"] == "scroll"
    assert report["shown_date"]["kind"] == "relative"
    assert report["platform"]["metadata_plugins"] == ["JNews"]


def test_a_crawl_delay_above_the_bound_ends_the_probe(tmp_path: Path) -> None:
    fault = {"kind": "robots_lines", "value": "Crawl-delay: 120"}
    with TwinProcess(size=SIZE, faults=[fault]) as twin:
        done = probe(tmp_path, twin.url)
        assert [path for _, path, _ in twin.requests()] == ["/robots.txt"]
    assert done.code == 1
    assert "Crawl-delay 120 s is above CRAWL_DELAY_MAX 60 s" in done.line()


def test_it_keeps_to_what_the_ledger_of_the_site_knows(tmp_path: Path) -> None:
    output = tmp_path / "output"
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": str(output)}
    with TwinProcess(size=SIZE) as twin:
        words = ["probe", twin.url, *(word for setting in _SETTINGS for word in ("-s", setting))]
        crawl("wordpress", output, site_url=twin.url, discover="menu")
        used = len(twin.requests())
        twin.reset()
        limit = used + 4
        done = preloaded.run([*words, "-s", f"DAILY_MAX_REQUESTS={limit}"], environment)
        assert f"DAILY_MAX_REQUESTS {limit:,} is used up today" in done.stdout + done.stderr
        assert len(twin.requests()) <= 4
        twin.set_faults([{"kind": "status", "value": 503, "retry_after": "3600", "on": "home"}])
        run = crawl(
            "wordpress", output, site_url=twin.url, settings={"RETRY_AFTER_MAX": "3600"}
        )  # fmt: skip
        assert run.code == 24
        twin.set_faults([])
        twin.reset()
        done = preloaded.run(words, environment)
        assert (done.returncode, twin.requests()) == (1, []), done.stderr
        assert "Retry-After" in done.stdout + done.stderr or "retry-after" in done.stderr


@pytest.mark.soak
def test_both_dates_and_a_list_that_a_script_fills(tmp_path: Path) -> None:
    with probed(tmp_path, {"archive": "scroll", "visible_date": "both"}) as done:
        report = done.report
    assert report["archives"][0]["style"] == "scroll, filled by a script"
    assert done.verdicts["archives"] == "works with a note"
    assert report["shown_date"]["kind"] == "both"


def test_articles_that_robots_txt_forbids_do_not_work(tmp_path: Path) -> None:
    fault = {"kind": "robots_lines", "value": "Disallow: /2026/\nDisallow: /2025/"}
    with probed(tmp_path, {}, fault) as done:
        assert done.code == 1
        assert done.report["will_work"] is False
        assert done.line().startswith("robots.txt forbids the articles of http://127.0.0.1:")


@pytest.mark.soak
def test_a_wall_in_place_of_articles_is_named(tmp_path: Path) -> None:
    fault = {"kind": "wall", "value": "cookie_wall", "on": "article"}
    with probed(tmp_path, {}, fault) as done:
        assert done.code == 1
        assert done.line().startswith("the site blocks this crawler (articles of http://127.")


@pytest.mark.soak
def test_sources_that_fail_leave_requests_for_articles(tmp_path: Path) -> None:
    faults = [{"kind": "status", "value": 503, "on": area} for area in ("rest", "feed", "sitemap")]
    with probed(tmp_path, {}, *faults) as done:
        report = done.report
    assert done.code == 0
    assert [sample["problem"] for sample in report["samples"]] == [None, None]
    estimate = report["estimate"]
    assert (estimate["source"], estimate["is_minimum"]) == ("archives' last pages", True)


def test_the_definition_that_is_written_is_that_of_the_site(tmp_path: Path) -> None:
    path = tmp_path / "sites" / "costa.toml"
    with TwinProcess(size=SIZE, switches=switches_of("builder")) as twin:
        done = probe(tmp_path, twin.url, "--write", str(path))
        assert done.code == 0, done.stderr
        assert f"wrote {path}" in done.line()
        again = probe(tmp_path, twin.url, "--write", str(path))
        key = twin.url.removeprefix("http://").replace(":", "-")
    site = load(path)
    truth = faces.face("builder")
    assert (site.key, site.name, site.timezone) == (key, truth.name, truth.timezone)
    assert {entry.slug for entry in site.sections} == {one.slug for one in truth.by_key.values()}
    assert site.permalinks == ("/archivi/%post_id%",)
    assert (again.code, again.stdout) == (2, "")
    assert "is already there" in again.line()


# --- What is not a site -----------------------------------------------------------------------


@contextmanager
def server(status: int, page: str, robots: str = "", *, tls: Path | None = None) -> Iterator[str]:
    """Serve one page at each address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_robots = self.path.startswith(("/robots.txt", "/.well-known"))
            body = (robots if is_robots else page).encode()
            self.send_response(status if body and not is_robots else 200 if body else 404)
            kind = "text/plain" if is_robots else "text/html"
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Location", page.partition("leads to ")[2])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base has it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            running.socket = context.wrap_socket(running.socket, server_side=True)
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http{'s' if tls else ''}://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


WORDPRESS = '<script src="/wp-content/themes/x/x.js"></script>'
ARTICLE = f'<html><head>{WORDPRESS}</head><body class="single single-post postid-7"><p>T</p></body>'
EMPTY = f'<html lang=it><head>{WORDPRESS}</head><body class="home blog"><p>T</p></body></html>'
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body>"
    '<script src="/cdn-cgi/challenge-platform/x.js"></script></body></html>'
)
NOT_A_SITE = {
    "another system": (
        200,
        '<html><head><meta name="generator" content="Drupal 11"></head><body><p>T</p></body>',
        "",
        "does not look like WordPress (it was made by Drupal 11): name the home page of a",
    ),
    "parked": (
        200,
        "<html><body><h1>Buy this domain</h1></body></html>",
        "",
        "is a parked domain or a server without a site: name the home page",
    ),
    "article": (200, ARTICLE, "", "is a single article: name the home page of the site"),
    "login": (
        200,
        f'<html><head>{WORDPRESS}</head><body class="login"><form><input type=password></form>',
        "",
        "blocks this crawler",
    ),
    "forbidden": (403, "<html><body>Forbidden</body></html>", "", "blocks this crawler"),
    "bot wall": (
        503,
        CHALLENGE,
        "",
        "HTTP 503, challenge): set NEWSCRAWL_CONTACT, slow down, or ask the site for access",
    ),
    "not found": (404, "<html><body>Not found</body></html>", "", "does not exist (HTTP 404)"),
    "server error": (503, "<html><body>Error</body></html>", "", "answers HTTP 503"),
    "robots": (200, EMPTY, "User-agent: *\nDisallow: /", "respect it, or ask the site"),
    "moved": (301, "leads to http://localhost:9/", "", "leads to another host: probe that address"),
    "without articles": (200, EMPTY, "", "shows no articles"),
}


@pytest.mark.parametrize("case", NOT_A_SITE)
def test_what_is_not_a_site_is_named_in_one_line(case: str, tmp_path: Path) -> None:
    status, page, robots, seen = NOT_A_SITE[case]
    with server(status, page, robots) as url:
        done = probe(tmp_path, url, "--write", str(tmp_path / "x.toml"))
    assert done.code == 1
    assert seen in done.line()
    assert url in done.line()
    assert url in done.stdout
    assert not (tmp_path / "x.toml").exists()


def test_a_misspelt_host_is_named(tmp_path: Path) -> None:
    done = probe(tmp_path, "http://nowhere.invalid", "--json")
    assert done.code == 1
    assert done.line() == "there is no host nowhere.invalid: is the address misspelt?"
    assert done.verdicts == {"reachable": "does not work"}


def test_a_certificate_that_is_not_valid_is_named(tmp_path: Path) -> None:
    with server(200, EMPTY, tls=certificate(tmp_path / "key.pem")) as url:
        done = probe(tmp_path, url)
    assert done.code == 1
    assert "no valid TLS certificate" in done.line()


def certificate(path: Path) -> Path:
    """Write a certificate that nobody has signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    encoding, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(encoding, plain, serialization.NoEncryption())
        + signed.public_bytes(encoding)
    )
    return path


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name one site: scrapy probe https://www.example.it"),
        (("http://a.invalid", "http://b.invalid"), "name one site"),
        (("www.example.it",), "'www.example.it' is not a web address: write it as https://"),
        (("https://me:secret@www.example.it",), "the address has a user name or a password"),
        (("http://a.invalid", "--jason"), "unknown option '--jason'"),
        (("http://a.invalid", "--write", "x.txt"), "'x.txt' is not the name of a definition"),
        (("http://a.invalid", "-s", "DOWNLOAD_DELAY=soon"), "DOWNLOAD_DELAY"),
    ],
)
def test_a_mistake_in_typing_is_one_line(
    words: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    done = preloaded.run(["probe", *words], {**os.environ, "NEWSCRAWL_OUTPUT": str(tmp_path)})
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert message in line
    assert list(tmp_path.iterdir()) == []
