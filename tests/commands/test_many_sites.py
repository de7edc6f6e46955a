"""Several sites beside each other: series, folders, ledgers, and the commands that name them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import preloaded
from tests.support.crawling import Crawl, crawl
from tests.support.killing import environment
from tests.support.postgres import ask, text_of
from twin import truth
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import URL

pytestmark = pytest.mark.e2e
SECTION = "sport"


@pytest.fixture(scope="module")
def twins() -> Iterator[tuple[TwinProcess, TwinProcess]]:
    with TwinProcess(size=50) as first, TwinProcess(size=50, seed=2) as second:
        yield first, second


def key_of(twin: TwinProcess) -> str:
    return twin.url.removeprefix("http://").replace(":", "-")


def run(twin: TwinProcess, output: Path, ledger: str = "", **arguments: object) -> Crawl:
    section = arguments.get("section")
    return crawl(
        "wordpress",
        output,
        settings={"RECHECK_AGES": ""},
        environment={"NEWSCRAWL_LEDGER_URL": ledger} if ledger else None,
        series=key_of(twin) + (f".{section}" if section else ""),
        arguments={"site_url": twin.url, **arguments},
    )


def command(output: Path, *words: str, ledger: str = "") -> subprocess.CompletedProcess[str]:
    place = {"NEWSCRAWL_LEDGER_URL": ledger} if ledger else {}
    return preloaded.run([*words], {**environment(output), **place})


def expected(twin: TwinProcess, section: str | None = None) -> list[str]:
    names = truth.expected(twin.content(), Switches(), section)
    return sorted(f"{key_of(twin)}:{name.partition(':')[2]}" for name in names)


def status(output: Path, *words: str, ledger: str = "") -> dict[str, Any]:
    done = command(output, "ledger", "status", "--json", *words, ledger=ledger)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def crawl_all(twins: tuple[TwinProcess, ...], output: Path, ledger: str = "") -> list[Crawl]:
    """Crawl each site as a whole and one section, which all have, on its own."""
    runs = []
    for twin in twins:
        for section in (None, SECTION):
            arguments = {"section": section} if section else {}
            done = run(twin, output, ledger, **arguments)
            assert done.code == 0, done.stderr[-2000:]
            assert sorted(line["id"] for line in done.articles) == expected(twin, section)
            runs.append(done)
    return runs


@pytest.mark.soak
def test_two_sites_with_one_section_have_nothing_in_common(
    twins: tuple[TwinProcess, TwinProcess], tmp_path: Path
) -> None:
    crawl_all(twins, tmp_path)
    keys = [key_of(twin) for twin in twins]
    series = sorted(name for key in keys for name in (key, f"{key}.{SECTION}"))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == series
    ledgers = sorted(path.name for path in tmp_path.glob("*.sqlite"))
    assert ledgers == sorted(f"ledger-{key}.sqlite" for key in keys)
    for twin, key in zip(twins, keys, strict=True):
        # By address, by key, by the name of a series.
        for words in (["-a", f"site_url={twin.url}"], ["--site", key]):
            found = status(tmp_path, *words)
            assert found["site"] == key
            assert [entry["name"] for entry in found["series"]] == [key, f"{key}.{SECTION}"]
        (entry,) = status(tmp_path, "--spider", f"{key}.{SECTION}")["series"]
        assert entry["name"] == f"{key}.{SECTION}"
        assert entry["lines"] == len(expected(twin, SECTION))
    _why_and_retry(twins[1], tmp_path)
    _runs(series, tmp_path)


def _why_and_retry(twin: TwinProcess, output: Path) -> None:
    key = key_of(twin)
    number = expected(twin, SECTION)[0]
    known = json.loads(command(output, "ledger", "why", number, "--json").stdout)
    assert [entry["spider"] for entry in known["series"]] == [key, f"{key}.{SECTION}"]
    url = known["url"]
    assert url.startswith(twin.url)
    by_url = command(output, "ledger", "why", url, "--json", "--spider", f"{key}.{SECTION}")
    assert [entry["spider"] for entry in json.loads(by_url.stdout)["series"]] == [
        f"{key}.{SECTION}"
    ]
    unknown = command(output, "ledger", "why", f"{twin.url}/{SECTION}/mai-vista-prima/")
    assert unknown.returncode == 1
    assert f"scrapy crawl wordpress -a site_url={twin.url}" in unknown.stdout
    retried = command(output, "ledger", "retry", "--site", key).stdout
    assert "pending again" in retried
    assert key_of(twin) in retried or retried.startswith("0 ")
    assert " before, " in command(output, "ledger", "vacuum", "-a", f"site_url={twin.url}").stdout


def _runs(series: list[str], output: Path) -> None:
    listed = json.loads(command(output, "runs", "--json").stdout)
    assert sorted(report["spider"] for report in listed) == series
    (report,) = json.loads(command(output, "runs", series[1], "--json").stdout)
    assert report["spider"] == series[1]
    table = command(output, "runs", "--all")
    assert table.returncode == 0, table.stderr
    lines = table.stdout.splitlines()
    assert [line.split()[3] for line in lines[1:]] == series
    assert [line.split()[0] for line in lines[1:]] == [
        name.removesuffix(f".{SECTION}") for name in series
    ]


@pytest.mark.soak
def test_a_report_and_a_check_of_the_dumps_of_two_sites(
    twins: tuple[TwinProcess, TwinProcess], tmp_path: Path
) -> None:
    for twin in twins:
        assert run(twin, tmp_path, section=SECTION).code == 0
    checked = command(tmp_path, "validate", str(tmp_path))
    assert checked.returncode == 0, checked.stdout
    made = command(tmp_path, "report", "-o", str(tmp_path / "report.html"))
    assert made.returncode == 0, made.stderr
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for twin in twins:
        # The same section of two sites is two sections.
        assert f"{key_of(twin)}: Sport" in page


@pytest.mark.soak
def test_a_lost_ledger_of_one_site_is_rebuilt_and_the_other_stays(
    twins: tuple[TwinProcess, TwinProcess], tmp_path: Path
) -> None:
    crawl_all(twins, tmp_path)
    first, second = (key_of(twin) for twin in twins)
    (tmp_path / f"ledger-{first}.sqlite").unlink()
    other = (tmp_path / f"ledger-{second}.sqlite").read_bytes()
    refused = command(tmp_path, "ledger", "rebuild", str(tmp_path))
    assert refused.returncode == 2
    assert f"several sites: name one of them, such as --site {min(first, second)}" in refused.stderr
    done = command(tmp_path, "ledger", "rebuild", str(tmp_path), "--site", first, "--json")
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)["series"]) == [first, f"{first}.{SECTION}"]
    assert (tmp_path / f"ledger-{second}.sqlite").read_bytes() == other
    again = run(twins[0], tmp_path)
    assert again.code == 0, again.stderr[-2000:]
    assert sorted(line["id"] for line in again.articles) == expected(twins[0])


@pytest.mark.soak
def test_one_database_holds_both(
    twins: tuple[TwinProcess, TwinProcess], postgres: URL, tmp_path: Path
) -> None:
    place = text_of(postgres)
    crawl_all(twins, tmp_path, place)
    for twin in twins:
        found = status(tmp_path, "-a", f"site_url={twin.url}", ledger=place)
        assert (found["site"], len(found["series"])) == (key_of(twin), 2)
    assert not list(tmp_path.glob("*.sqlite"))
    count = ask(postgres, "SELECT count(*) FROM pg_tables WHERE tablename = 'meta'")
    assert count == [(2,)]
    vacuum = command(tmp_path, "ledger", "vacuum", "--site", key_of(twins[0]), ledger=place)
    assert " before, " in vacuum.stdout, vacuum.stderr


def test_one_file_for_two_sites_is_refused_with_what_to_do(
    twins: tuple[TwinProcess, TwinProcess], tmp_path: Path
) -> None:
    place = f"sqlite:///{tmp_path}/one.sqlite"
    assert run(twins[0], tmp_path, place, pages=1, section=SECTION).code == 0
    refused = run(twins[1], tmp_path, place, pages=1, section=SECTION)
    assert refused.code == 14
    line = refused.stderr.strip().splitlines()[-1]
    assert f"belongs to {key_of(twins[0])}, not to {key_of(twins[1])}" in line
    assert "sqlite:////data/ledger-{site}.sqlite" in line
    each = f"sqlite:///{tmp_path}/of-{{site}}.sqlite"
    for twin in twins:
        assert run(twin, tmp_path / "each", each, pages=1, section=SECTION).code == 0
        assert (tmp_path / f"of-{key_of(twin)}.sqlite").exists()
        assert status(tmp_path, "--site", key_of(twin), ledger=each)["site"] == key_of(twin)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["ledger", "--site", "nowhere"], "unknown site 'nowhere'"),
        (["ledger", "--spider", "nowhere"], "unknown spider 'nowhere'"),
        (["ledger", "--site", "example.it"], "there is no ledger at"),
        (["ledger", "-a", "site_url=https://www.example.it"], "ledger-example.it.sqlite"),
        (["ledger", "-a", "site=nowhere"], "there is no definition 'nowhere' of a site"),
        (["ledger", "-a", "site=a", "--site", "b"], "name the site twice"),
        (["ledger", "-a", "section=sport"], "takes -a site_url=URL and -a site=NAME only"),
        (["ledger", "--spider", "example.it.sport"], "there is no ledger at"),
        (
            ["ledger", "--spider", "example.it.sport", "--site", "other.it"],
            "example.it.sport is not a series of other.it",
        ),
        (["ledger", "why", "https://www.example.it/sport/a-b/"], "ledger-example.it.sqlite"),
        (["ledger", "rebuild", os.devnull], "is a device"),
        (["runs", "example.it"], "no run of example.it has left a report"),
        (["runs", "esteri", "--all"], "--all lists each series"),
    ],
)
def test_what_is_not_there_is_one_line(words: list[str], says: str, tmp_path: Path) -> None:
    done = command(tmp_path, *words)
    assert done.returncode in {1, 2} or words[0] == "runs"
    (line,) = done.stderr.splitlines()
    assert says in line
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_is_named_by_the_definition_of_its_site(tmp_path: Path) -> None:
    text = 'name = "Nord"\norigin = "https://www.nord.example"\ntimezone = "Europe/Rome"\n'
    folder, output = tmp_path / "sites", tmp_path / "output"
    folder.mkdir()
    (folder / "nord.toml").write_text(f'{text}language = "it"\n', encoding="utf-8")
    done = command(output, "ledger", "-a", "site=nord", "-s", f"SITES_DIR={folder}")
    (line,) = done.stderr.splitlines()
    assert done.returncode in {1, 2}
    assert "ledger-nord.example.sqlite" in line
