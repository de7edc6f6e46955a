"""What the open web does to a crawler, done by the twin on demand."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import crawl
from tests.support.truth import differences
from twin import addresses, truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin.model import Post
    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e

SIZE = 60
SWITCHES = Switches()


@pytest.fixture(scope="module")
def content() -> Content:
    return Content(size=SIZE)


@pytest.fixture
def twin(process: TwinProcess) -> Iterator[TwinProcess]:
    process.reset()
    yield process
    process.set_faults([])


def victim(content: Content, section: str = "esteri") -> Post:
    """Return a plain article of a section."""
    for index in content.category(section):
        post = content.post(index)
        if (
            len(post.pages) == 1
            and "protected" not in post.edge_cases
            and post.url_category is None
        ):
            return post
    raise AssertionError(section)


def test_row_15_an_archive_without_end_is_left(twin: TwinProcess, tmp_path: Path) -> None:
    twin.set_faults([{"kind": "repeat", "path": "/page/"}])
    run = crawl("cronaca", tmp_path, site_url=twin.url)
    # Each page is the first one, though links name further ones.
    assert run.code == 16
    pages = [path for _, path, _ in twin.requests() if "/category/cronaca/page/" in path]
    assert pages == ["/category/cronaca/page/2/"]
    assert "another page: its body has the classes of page 1" in run.stderr


def test_row_16_every_spelling_of_an_address_is_one_fetch(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    path = addresses.path(victim(content), SWITCHES)
    spellings = [
        f"https://www.alanews.it{path}",
        f"http://www.alanews.it{path}",
        f"https://alanews.it{path.rstrip('/')}",
        f"https://www.alanews.it{path}?utm_source=x&utm_medium=y&fbclid=1&gclid=2",
        f"https://www.alanews.it{path}?replytocom=7#respond",
        f"https://www.alanews.it{path.rstrip('/')};jsessionid=A1B2",
        f"https://WWW.ALANEWS.IT{path.upper()}",
        f"https://www.alanews.it{path}amp/",
        f"https://www.alanews.it{path}?PHPSESSID=abc#comments",
    ]
    run = crawl("esteri", tmp_path, site_url=twin.url, urls=",".join(spellings))
    assert len(run.articles) == 1
    assert [found for _, found, _ in twin.requests() if path.rstrip("/") in found.lower()] == [path]


@pytest.mark.parametrize(
    ("value", "reason"), [("page", "static_page"), ("home", "home_page"), (None, "not_found")]
)
def test_row_17_a_soft_404_is_no_article(
    value: str | None, reason: str, twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    post = victim(content)
    twin.set_faults([{"kind": "soft404", "path": post.slug, "value": value}])
    run = crawl("esteri", tmp_path, site_url=twin.url)
    expected = set(truth.expected(content, SWITCHES, "esteri")) - {truth.article_id(post)}
    assert {item["id"] for item in run.articles} == expected
    assert f"Not an article ({reason})" in run.stderr
    assert run.code == 0


def test_row_38_a_404_page_is_not_harvested(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    post = victim(content)
    twin.set_faults([{"kind": "redirect", "path": post.slug, "value": "/non-esiste-davvero/"}])
    run = crawl("calcio", tmp_path, site_url=twin.url, urls=f"https://www.alanews.it{post.slug}/")
    assert run.articles == []
    assert not any(path.count("/") > 4 for _, path, _ in twin.requests())


def test_row_36_a_page_that_breaks_off_is_fetched_again(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    twin.set_faults([{"kind": "truncate", "path": r"^/20\d\d/", "times": 1, "value": 0.7}])
    run = crawl("esteri", tmp_path, site_url=twin.url)
    assert {item["id"] for item in run.articles} == set(truth.expected(content, SWITCHES, "esteri"))
    assert differences(run.articles, content, SWITCHES) == []


def test_row_36_a_page_that_always_breaks_off_is_flagged(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    post = victim(content)
    twin.set_faults([{"kind": "truncate", "path": post.slug, "value": 0.75}])
    run = crawl("esteri", tmp_path, site_url=twin.url)
    flagged = [item["id"] for item in run.articles if "truncated" in item["flags"]]
    assert flagged == [truth.article_id(post)]
    tries = [path for _, path, _ in twin.requests() if post.slug in path]
    assert len(tries) == 3


def test_a_missing_further_page_is_flagged(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    post = next(post for post in content.posts if len(post.pages) == 3)
    twin.set_faults([{"kind": "status", "path": f"{post.slug}/3/", "value": 500}])
    path = addresses.path(post, SWITCHES)
    run = crawl("alanews", tmp_path, site_url=twin.url, urls=f"https://www.alanews.it{path}")
    (item,) = run.articles
    assert "truncated" in item["flags"]
    assert item["word_count"] > 0


def test_row_37_protected_and_embedded_pages_are_no_articles(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    protected = next(post for post in content.posts if "protected" in post.edge_cases)
    embed = addresses.path(victim(content), SWITCHES) + "embed/"
    asked = f"https://www.alanews.it{addresses.path(protected, SWITCHES)}"
    twin.set_faults([{"kind": "redirect", "path": r"preso-in-prestito/$", "value": embed}])
    run = crawl(
        "alanews",
        tmp_path,
        site_url=twin.url,
        urls=f"{asked},https://www.alanews.it/esteri/un-titolo-preso-in-prestito/",
    )
    assert run.articles == []
    assert "Not an article (password_protected)" in run.stderr
    assert "Not an article (embed)" in run.stderr


def test_row_38_a_section_below_a_day_is_never_asked_for(twin: TwinProcess, tmp_path: Path) -> None:
    crawl("alanews", tmp_path, site_url=twin.url)
    crawl("esteri", tmp_path, site_url=twin.url, urls="https://www.alanews.it/2026/09/12/esteri/")
    asked = [path for _, path, _ in twin.requests()]
    assert asked
    assert "/2026/09/12/esteri/" not in asked
    assert not any(path.count("/") == 5 and path.startswith("/20") for path in asked)


def test_row_26_headlines_cannot_write_to_the_log(twin: TwinProcess, tmp_path: Path) -> None:
    run = crawl("alanews", tmp_path, site_url=twin.url, settings={"LOG_LEVEL": "DEBUG"})
    assert "\x1b" not in run.stderr + run.stdout
    written = [line for line in run.stderr.splitlines() if " Written: " in line]
    assert len(written) == len(run.articles)
    for item in run.articles:
        text = json.dumps(item, ensure_ascii=False)
        # Controls, surrogates, line and paragraph separators.
        assert not {unicodedata.category(one) for one in text} & {"Cc", "Cs", "Zl", "Zp"}


def test_another_host_is_never_asked(twin: TwinProcess, content: Content, tmp_path: Path) -> None:
    post = victim(content)
    elsewhere = twin.url.replace("127.0.0.1", "localhost") + "/"
    twin.set_faults([{"kind": "redirect", "path": post.slug, "value": elsewhere}])
    run = crawl("esteri", tmp_path, site_url=twin.url)
    assert truth.article_id(post) not in {item["id"] for item in run.articles}
    assert f"Not fetched (another site: {elsewhere})" in run.stderr


def test_an_error_of_the_server_is_named_and_the_crawl_goes_on(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    post = victim(content)
    twin.set_faults([{"kind": "status", "path": post.slug, "value": 500}])
    run = crawl("esteri", tmp_path, site_url=twin.url)
    expected = set(truth.expected(content, SWITCHES, "esteri")) - {truth.article_id(post)}
    assert {item["id"] for item in run.articles} == expected
    assert "Not fetched (HTTP 500)" in run.stderr


def test_a_run_without_trouble_warns_of_nothing(twin: TwinProcess, tmp_path: Path) -> None:
    run = crawl("esteri", tmp_path, site_url=twin.url, settings={"LOG_LEVEL": "WARNING"})
    assert run.code == 0
    assert run.stderr == ""
