"""`scrapy ledger why`: everything that is known of an address, as real runs have left it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.commands.why_text import render
from newscrawl.ledger.admin.address_history import (
    AddressHistory,
    AddressState,
    Finding,
    KnownArticle,
    RunOfAddress,
    SeriesHistory,
    Visit,
    WrittenLine,
)
from newscrawl.outcomes.explanations import explain
from tests.support import ledgers, preloaded
from tests.support.crawling import Crawl, crawl
from tests.support.killing import environment
from tests.support.ledgers import FILE, change, files, rows
from tests.support.postgres import text_of
from twin.process import TwinProcess

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from sqlalchemy.engine import URL

LOOPBACK = "http://127.0.0.1:8000"
SITE = "https://www.alanews.it"
HOME, DOWN = "/2026/11/0[0-9]/esteri/", "/2026/0[4-6]/[0-9]+/esteri/"


def why(
    output: Path, *words: str, site_url: str = LOOPBACK, ledger: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `scrapy ledger why` on the twin's ledger."""
    variables = {**environment(output), **({"NEWSCRAWL_LEDGER_URL": ledger} if ledger else {})}
    return preloaded.run(["ledger", "why", *words, "--site-url", site_url], variables)


def history(output: Path, url: str, *words: str, code: int = 0, ledger: str = "") -> dict[str, Any]:
    """Return the history of an address for machines."""
    done = why(output, url, "--json", *words, ledger=ledger)
    assert (done.returncode, done.stderr) == (code, "")
    known: dict[str, Any] = json.loads(done.stdout)
    return known


def of(known: dict[str, Any], spider: str, event: str | None = None) -> Any:
    """Return the history of one spider, or its events of one kind."""
    (series,) = [series for series in known["series"] if series["spider"] == spider]
    if event is None:
        return series
    return [entry for entry in series["events"] if entry["event"] == event]


def with_result(output: Path, spider: str, result: str) -> str:
    """Return an address of a spider with a result that begins so in the ledger."""
    statement = (
        "SELECT name, coalesce(result, ''), url FROM urls JOIN series ON series.id = urls.series "
        "ORDER BY urls.id"
    )
    return next(
        str(url)
        for name, known, url in rows(output / FILE, statement)
        if name == spider and str(known).startswith(result)
    )


@dataclass(frozen=True)
class Site:
    """What four runs of two spiders have left."""

    output: Path
    edited: dict[str, Any]
    removed: dict[str, Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    output = tmp_path_factory.mktemp("why") / "output"
    with TwinProcess(size=120, now="2026-11-23T12:00:00+01:00") as twin:
        twin.set_faults(
            [
                {"kind": "soft404", "path": HOME, "value": "home"},
                {"kind": "status", "path": DOWN, "value": 503},
                {"kind": "robots_lines", "value": "Disallow: /2026/10/*/esteri/"},
            ]
        )
        settings = {"GONE_AFTER": "0", "RECHECK_AGES": "", "RETRY_TIMES": "1"}
        first = crawl("esteri", output, settings=settings, site_url=twin.url, related="site")
        crawl("politica", output, settings=settings, site_url=twin.url, since="2026-11-15")
        edited, removed = [
            line
            for line in first.articles
            if line["flags"] == ["from_twin"] and not line["duplicate_of"]
        ][:2]
        twin.set_now(datetime.now(UTC) + timedelta(hours=1))
        twin.edit(int(edited["id"].partition(":")[2]), "headline")
        twin.delete(int(removed["id"].partition(":")[2]), 410)
        for urls in (f"{edited['url']},{removed['url']}", removed["url"]):
            crawl("esteri", output, settings=settings, site_url=twin.url, urls=urls)
    return Site(output, edited, removed)


def lines_of(output: Path, spider: str, article: str) -> list[tuple[str, int]]:
    """Return the dump and the number of each line of an article."""
    return [
        (str(dump), number)
        for dump in Crawl(0, "", "", output / spider).dumps
        for number, line in enumerate(dump.read_text("utf-8").splitlines(), 1)
        if json.loads(line)["id"] == article
    ]


@pytest.mark.e2e
def test_an_edited_article_has_each_request_and_each_line(site: Site) -> None:
    before = files(site.output)
    known = history(site.output, site.edited["url"])
    assert files(site.output) == before
    assert (known["is_known"], known["url"]) == (True, site.edited["url"])
    assert [article["id"] for article in known["articles"]] == [site.edited["id"]]
    series = of(known, "esteri")
    assert series["summary"] == "in the dumps, 2 lines"
    written = of(known, "esteri", "line")
    assert [(line["dump"], line["line"]) for line in written] == lines_of(
        site.output, "esteri", site.edited["id"]
    )
    assert [(line["revision"], line["changed_fields"]) for line in written] == [
        (1, []),
        (2, ["headline", "date_modified", "date_modified_raw"]),
    ]
    requests = of(known, "esteri", "request")
    assert [(visit["status"], visit["outcome"]) for visit in requests] == [(200, "written")] * 2
    assert [visit["run"] for visit in requests] == [line["run"] for line in written]
    times = [event["at"] for event in series["events"]]
    assert times == sorted(times)
    assert [run["run"] for run in series["runs"]] == [visit["run"] for visit in requests]
    assert "once a changed card" in series["addresses"][0]["next"]


@pytest.mark.e2e
def test_an_article_found_by_several_channels_names_each_with_its_page(site: Site) -> None:
    found = of(history(site.output, site.edited["url"]), "esteri", "found")
    channels = {finding["channel"]: finding["page"] for finding in found}
    assert {"archive", "related", "url"} <= channels.keys()
    assert channels["archive"].endswith("/category/esteri/")
    assert found[0]["channel"] == "archive"


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("result", "explanation", "status", "next_part"),
    [
        ("not_article: home_page", "not an article: home_page (the home page)", 200,
         "by the first run after "),
        ("HTTP 503", "failed: HTTP 503", 503, "pending: requested by the next"),
        ("section", "excluded: its page names other sections, and the archive", 200,
         "when the section's archive or feed lists it"),
        ("dates:", "excluded: published 2026-", 200, "when a run covers its day"),
        ("robots", "excluded: robots.txt forbids it", None, "by the first run after "),
    ],
)  # fmt: skip
def test_what_is_not_in_the_dumps_says_why_and_when_it_is_requested_again(
    site: Site, result: str, explanation: str, status: int | None, next_part: str
) -> None:
    spider = "politica" if result == "dates:" else "esteri"
    url = with_result(site.output, spider, result)
    known = history(site.output, url, "--spider", spider)
    (series,) = known["series"]
    assert series["summary"].startswith(f"not in the dumps: {explanation}")
    visit = of(known, spider, "request")[-1]
    assert visit["status"] == status
    assert visit["explanation"].startswith(explanation)
    assert series["addresses"][0]["next"].startswith(next_part)
    assert of(known, spider, "line") == []
    text = " ".join(why(site.output, url, "--spider", spider).stdout.split())
    assert f"{spider}: not in the dumps: {explanation}" in text


@pytest.mark.e2e
def test_a_removed_article_is_gone_with_its_last_line(site: Site) -> None:
    known = history(site.output, site.removed["url"])
    assert of(known, "esteri")["summary"] == (
        "in the dumps, 2 lines; the last says that it is gone"
    )
    assert [visit["outcome"] for visit in of(known, "esteri", "request")] == [
        "written", "missing", "gone",
    ]  # fmt: skip
    assert of(known, "esteri", "line")[-1]["status"] == "gone"
    assert known["articles"][0]["is_gone"]


@pytest.mark.e2e
def test_an_address_is_known_in_any_form_and_by_the_articles_id(site: Site) -> None:
    url, path = site.edited["url"], site.edited["url"].removeprefix(SITE)
    expected = why(site.output, url).stdout
    number = site.edited["id"].partition(":")[2]
    for form in (
        f"http://alanews.it{path}amp?utm_source=x#top",
        f"{LOOPBACK}{path}".rstrip("/"),
        f"www.alanews.it{path}",
        site.edited["id"],
        f"{SITE}/?p={number}",
    ):
        assert why(site.output, form).stdout == expected, form


@pytest.mark.e2e
def test_the_text_fits_a_terminal_and_names_the_line(site: Site) -> None:
    done = why(site.output, site.edited["url"])
    (dump, number) = lines_of(site.output, "esteri", site.edited["id"])[0]
    assert f"line {number:,} of {dump}\n" in done.stdout
    assert "\x1b" not in done.stdout
    rest = [line for line in done.stdout.splitlines() if "://" not in line and "/" not in line]
    assert max(map(len, rest)) <= 80


@pytest.mark.e2e
def test_a_dump_that_was_removed_or_packed_is_named(site: Site, tmp_path: Path) -> None:
    ledgers.copy(site.output, tmp_path / "output")
    (dump, _) = lines_of(tmp_path / "output", "esteri", site.edited["id"])[0]
    Crawl(0, "", "", tmp_path / "output" / "esteri").dumps[0].unlink()
    known = history(tmp_path / "output", site.edited["url"])
    line = of(known, "esteri", "line")[0]
    assert (line["dump"], line["line"], line["problem"]) == (dump, None, "the dump is not there")
    assert of(known, "esteri")["summary"] == "in the dumps, 2 lines, 1 cannot be found"


@pytest.mark.e2e
def test_an_unknown_address_says_what_could_have_found_it(site: Site) -> None:
    url = f"{SITE}/2026/11/23/esteri/mai-vista-una-cosa/"
    done = why(site.output, url)
    assert (done.returncode, done.stderr) == (1, "")
    for part in (
        "the ledger does not know this address",
        "an article of 2026-11-23, section esteri",
        "esteri, started ",
        "archive  the section's archive",
        "rest     WordPress REST",
        f"scrapy crawl esteri -a site_url={LOOPBACK} -a urls={url}",
    ):
        assert part in done.stdout
    known = history(site.output, url, code=1)
    assert (known["is_known"], known["series"]) == (False, [])
    other = why(site.output, f"{SITE}/esteri/")
    assert other.returncode == 1
    assert "an archive, not an article's address" in other.stdout


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (["https://example.org/a-b-c/"], 2, "is not an address of http://127.0.0.1:8000"),
        (["alanews:999999999"], 1, "the ledger knows no article 'alanews:999999999'"),
        (["--json"], 2, "name an address: scrapy ledger why https://www.alanews.it/"),
        ([f"{SITE}/a/", "--spider", "estero"], 2, "did you mean esteri?"),
        ([f"{SITE}/a/", "--reason", "x"], 2, "--reason is an option of scrapy ledger retry"),
    ],
)
def test_what_cannot_be_answered_is_one_line(
    site: Site, words: list[str], code: int, part: str
) -> None:
    done = why(site.output, *words)
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert part in line


@pytest.mark.e2e
def test_a_spider_that_does_not_know_the_address_names_those_that_do(site: Site) -> None:
    done = why(site.output, site.edited["url"], "--spider", "sport")
    assert (done.returncode, done.stdout) == (1, "")
    assert "sport does not know" in done.stderr
    assert "known by esteri" in done.stderr


@pytest.mark.e2e
def test_retry_and_status_include_what_answered_with_something_else(
    site: Site, tmp_path: Path
) -> None:
    ledgers.copy(site.output, tmp_path / "output")
    variables = environment(tmp_path / "output")
    command = ["ledger", "--spider", "esteri", "--site-url", LOOPBACK]
    shown = json.loads(preloaded.run([*command, "--json"], variables).stdout)["series"][0]
    (answer,) = [row for row in shown["answers"] if row["reason"] == "not_article: home_page"]
    assert answer["next_at"]
    assert shown["excluded"] == sum(shown["exclusions"].values()) + sum(
        row["count"] for row in shown["answers"]
    )
    assert f"no article  not_article: home_page {answer['count']}: " in (
        preloaded.run(command, variables).stdout
    )
    retried = preloaded.run(
        ["ledger", "retry", "--reason", "home_page", *command[1:]], variables
    ).stdout
    verb = "addresses are" if answer["count"] > 1 else "address is"
    assert retried == f"{answer['count']} {verb} pending again (esteri {answer['count']})\n"
    url = with_result(site.output, "esteri", "not_article: home_page")
    state = of(history(tmp_path / "output", url), "esteri")["addresses"][0]
    assert state["next"] == "pending: requested by the next run"


@pytest.mark.e2e
def test_an_address_that_redirects_leads_to_the_line_by_the_articles_id(tmp_path: Path) -> None:
    old = f"{SITE}/2026/11/01/esteri/un-vecchio-indirizzo/"
    with ledgers.twin() as twin:
        content = twin.content()
        post = content.post(content.category("esteri")[0])
        target = f"/?p={post.id}"
        twin.set_faults([{"kind": "redirect", "path": "un-vecchio-indirizzo", "value": target}])
        run = crawl("esteri", tmp_path, site_url=twin.url, urls=old)
    (line,) = run.articles
    assert of(history(tmp_path, old), "esteri")["summary"] == (
        f"not in the dumps: another article answered: {line['id']}, which is in the dumps under "
        f"{line['url']}"
    )
    text = why(tmp_path, line["id"]).stdout
    time = line["fetched_at"].replace("T", " ")
    assert f"  {time}  line 1 of {run.dumps[0]}\n" in text
    assert "this spider has reached its article by another address" in text


def test_a_migrated_ledger_says_what_its_queue_knows(tmp_path: Path) -> None:
    ledgers.unpack(tmp_path, version=2)
    url = str(
        rows(tmp_path / FILE, "SELECT url FROM urls WHERE state = 2 AND kind = 0 LIMIT 1")[0][0]
    )
    done = why(tmp_path, url)
    assert done.returncode == 0
    assert "migrated from schema 2" in done.stderr
    assert "found by archive" in done.stdout
    assert "last request, HTTP 200: written" in done.stdout
    assert "kept no history" in done.stdout
    change(tmp_path / FILE, "UPDATE urls SET state = 3, tries = 9, due = NULL, result = 'HTTP 500'")
    state = history(tmp_path, url)["series"][0]["addresses"][0]
    assert state["next"].startswith("given up after 9 tries")


def test_there_is_no_ledger(tmp_path: Path) -> None:
    done = why(tmp_path / "none", f"{SITE}/esteri/mai-visto-prima/")
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no ledger at" in done.stderr


@pytest.mark.e2e
@pytest.mark.slow
@pytest.mark.soak
def test_postgresql_gives_the_same(postgres: URL, tmp_path: Path) -> None:
    ledger = text_of(postgres)
    with ledgers.twin() as twin:
        run = crawl(
            "esteri", tmp_path, environment={"NEWSCRAWL_LEDGER_URL": ledger}, site_url=twin.url
        )
    line = run.articles[0]
    known = history(tmp_path, line["id"], ledger=ledger)
    assert known["url"] == line["url"]
    written = of(known, "esteri", "line")
    assert [(entry["dump"], entry["line"]) for entry in written] == [(str(run.dumps[0]), 1)]
    assert of(known, "esteri", "found")[0]["channel"] == "archive"
    unknown = history(tmp_path, f"{SITE}/esteri/a-b-c-d/", code=1, ledger=ledger)
    assert not unknown["is_known"]


@pytest.mark.parametrize(
    ("reason", "kind", "explanation"),
    [
        ("", "written", "written"),
        ("", None, "written"),
        ("unchanged", "unchanged", "unchanged: the dumps have this revision"),
        ("same_article", "unchanged", "unchanged: the same article as another address of the run"),
        ("other_article: alanews:7", "other_article", "another article answered: alanews:7"),
        ("alias: alanews:7", "written", "written: alanews:7, whose page names another address"),
        ("alias: alanews:7", None, "written: alanews:7, whose page names another address"),
        ("alias: alanews:7", "unchanged", "unchanged: alanews:7, whose page names another address"),
        ("truncated", "truncated", "read, but the page broke off"),
        ("HTTP 410", "gone", "gone: HTTP 410, the line that says so was written"),
        ("HTTP 404", "missing", "missing: HTTP 404"),
        ("dates:", "excluded", "excluded: without a date, outside the run's days"),
        ("rejected: no_body", "rejected", "rejected: no_body (read as an article with no text)"),
        ("not_article: other", None, "not an article: other"),
        ("blocked: captcha", "blocked", "blocked: captcha"),
        ("TimeoutError", "failed", "failed: TimeoutError"),
    ],
)
def test_outcomes_in_words(reason: str, kind: str | None, explanation: str) -> None:
    assert explain(reason, kind) == explanation


def test_a_history_of_every_kind_has_its_words() -> None:
    url = f"{SITE}/2026/11/22/esteri/a-b-c/"
    state = AddressState(
        url, "done", False, 200, "", "written", 0, ["archive"], "2026-11-24T10:00:00Z",  # noqa: FBT003
        "2026-11-24T10:00:05Z", None, False, "only once it changes",  # noqa: FBT003
    )  # fmt: skip
    known = AddressHistory(
        url, "article", is_known=True,
        articles=[KnownArticle("alanews:1", url, [], "2026-11-24T10:00:05Z", None, 1, None,
                               False, "alanews:2", 0.9)],  # noqa: FBT003
        series=[SeriesHistory(
            "esteri", "in the dumps, 1 line", [state],
            [Finding("2026-11-24T10:00:00Z", url, "archive", f"{SITE}/esteri/\x1b[2J"),
             Visit("2026-11-24T10:00:05Z", url, 3, None, "failed", "TimeoutError",
                   "failed: TimeoutError", None),
             Visit("2026-11-24T11:00:05Z", url, 4, 410, "gone", "HTTP 410",
                   "gone: HTTP 410, the line that says so was written", None),
             WrittenLine("2026-11-24T11:00:05Z", "alanews:1", 4, 2, 2, "/o/x\x1b.jsonl", 1234, "",
                         "gone", ["status"])],
            [RunOfAddress(4, "2026-11-24T11:00:00Z", "vm", "finished")],
        )],
    )  # fmt: skip
    assert (
        render(known)
        == f"""\
{url}
  article     alanews:1, first read 2026-11-24 10:00Z, near duplicate of
              alanews:2

esteri: in the dumps, 1 line
  2026-11-24 10:00:00Z  found by archive
                        on {SITE}/esteri/[2J
  2026-11-24 10:00:05Z  run 3, no response: failed: TimeoutError
  2026-11-24 11:00:05Z  run 4, HTTP 410: gone: the line that says so was written
                        line 1,234 of /o/x.jsonl
                        alanews:1, revision 2, edition 2, status gone, changed:
                        status
  next        only once it changes
  runs        4, started 2026-11-24 11:00:00Z: finished
"""
    )
