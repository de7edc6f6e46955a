"""What the site no longer gives, judged by the reports of its runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from newscrawl.run.monitors import checks, drift
from newscrawl.run.monitors.checks import Limits
from tests.support.reports import report

LIMITS = Limits()
THEME, CORE, GENERIC = "JNewsArticlePage", "WordPressArticlePage", "GenericArticlePage"
READ = {"outcome": "read", "reason": None}


def read_by(hours: float, theme: int = 0, core: int = 0, generic: int = 0) -> dict[str, Any]:
    """Return a run whose articles were read by these page classes, all with a subtitle."""
    run = report(hours, theme + core + generic)
    counts = {THEME: theme, CORE: core, GENERIC: generic}
    run["readers"] = {
        name: {"articles": count, "coverage": {"body": count, "subtitle": count}}
        for name, count in counts.items()
    }
    return run


def source(channel: str, articles: int = 9, **values: Any) -> dict[str, Any]:
    url = f"https://www.alanews.it/{channel}/{values.get('section', '')}"
    row = {"channel": channel, "url": url, "section": None, "requests": 1}
    return {**row, "articles": articles, "unchanged": False, **READ, **values}


def failed(channel: str, reason: str, **values: Any) -> dict[str, Any]:
    return source(channel, 0, outcome="failed", reason=reason, **values)


def requesting(hours: float, *sources: dict[str, Any], **stats: Any) -> dict[str, Any]:
    run = report(hours, **stats)
    run["sources"] = [*sources]
    return run


def named(run: dict[str, Any], history: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return kind and name of what a run names, and note it in its report, as a run does."""
    run["drift"] = drift.found(run, history, LIMITS)
    for entry in run["drift"]:
        assert {*entry} == {"kind", "name", "message", "before", "since"}
        assert "\n" not in entry["message"]
    return [(entry["kind"], entry["name"]) for entry in run["drift"]]


USUAL = [read_by(hours, 10) for hours in range(50, 60)]
CHANNELS = ("feed", "rest", "sitemap")
GIVING = [requesting(hours, *map(source, CHANNELS)) for hours in range(50, 55)]


@pytest.mark.parametrize(
    ("now", "lost"),
    [
        ({"core": 20}, THEME), ({"generic": 20}, THEME), ({"theme": 6, "core": 14}, THEME),
        ({"theme": 20}, None), ({"theme": 19, "generic": 1}, None), ({"core": 4}, None), ({}, None),
    ],
)  # fmt: skip
def test_a_page_class_that_reads_no_more(now: dict[str, int], lost: str | None) -> None:
    expected = [("page_class", lost)] if lost else []
    assert named(read_by(0, **now), USUAL) == expected


def test_the_class_of_a_theme_without_one_of_its_own() -> None:
    history = [read_by(hours, core=10) for hours in range(1, 11)]
    assert named(read_by(0, generic=20), history) == [("page_class", CORE)]
    # A class that reads more than those after it was not lost.
    assert named(read_by(0, theme=20), history) == []


def test_articles_from_records_are_read_by_no_page_class() -> None:
    run = read_by(0)
    run["readers"]["RestPost"] = {"articles": 90, "coverage": {"body": 90}}
    assert named(run, USUAL) == []


def test_a_lost_page_class_stays_named_until_another_is_usual() -> None:
    history = [*USUAL]
    for number in range(30):
        run = read_by(40 - number, generic=4)
        names = named(run, history)
        history.insert(0, run)
        # 4 of 20 may be chance, 8 of 20 are not.
        assert names == ([("page_class", THEME)] if number else [])
    assert named(read_by(0, generic=4), history[:29]) == []
    assert named(read_by(0, theme=25), history) == []


def without_subtitle(hours: float, articles: int) -> dict[str, Any]:
    run = read_by(hours, articles)
    run["readers"][THEME]["coverage"]["subtitle"] = 0
    return run


def test_a_field_that_a_page_class_no_longer_finds() -> None:
    expected = [("field", f"{THEME}.subtitle")]
    run = without_subtitle(1, 12)
    assert named(run, USUAL) == expected
    assert run["drift"][0]["message"] == (
        f"field subtitle of {THEME}: in none of 12 articles, 12 expected"
    )
    assert run["drift"][0]["before"] == {"count": 100, "total": 100}
    assert run["drift"][0]["since"] == {"count": 0, "total": 12}
    assert named(without_subtitle(0, 1), [run, *USUAL]) == expected
    assert named(without_subtitle(0, 9), USUAL) == []
    # What a run was asked for may be of any age.
    asked = without_subtitle(0, 40)
    asked["arguments"] = {"urls": "urls.txt"}
    assert named(asked, USUAL) == []
    assert named(asked, [run, *USUAL]) == expected
    # The class that took over has never found it.
    over = read_by(0, generic=30)
    over["readers"][GENERIC]["coverage"] = {"body": 30}
    history = [*USUAL, read_by(70, generic=30)]
    assert named(over, history) == [("page_class", THEME)]


@pytest.mark.parametrize(
    ("row", "channel"),
    [
        (failed("sitemap", "HTTP 404"), "sitemap"),
        (failed("rest", "HTTP 401"), "rest"),
        (failed("rest", "forbidden by robots.txt"), "rest"),
        (failed("rest", "it is a web page"), "rest"),
        (source("feed", 0), "feed"),
        (source("sitemap", 0), "sitemap"),
        (source("sitemap", 0, unchanged=True), None),
        (source("feed", 0, unchanged=True), None),
        # Nothing was modified since the last run.
        (source("rest", 0), None),
        (failed("sitemap", "HTTP 503"), None),
        (failed("feed", "TimeoutError: after 30 s"), None),
    ],
)
def test_a_channel_that_lists_no_more(row: dict[str, Any], channel: str | None) -> None:
    others = [source(name) for name in CHANNELS if name != row["channel"]]
    expected = [("channel", channel)] if channel else []
    assert named(requesting(0, row, *others), GIVING) == expected
    assert named(requesting(0, row, *others), GIVING[:1]) == [], "one run shows nothing usual"


def test_a_channel_that_is_not_requested_is_not_lost() -> None:
    assert named(requesting(0, source("rest", 2)), GIVING) == []
    assert named(requesting(0), GIVING) == []


def test_a_lost_channel_stays_named_in_runs_that_do_not_request_it() -> None:
    gone = requesting(9, source("rest"), failed("sitemap", "HTTP 404"))
    later = requesting(8, source("rest", 0))
    assert named(later, [gone, *GIVING]) == [("channel", "sitemap")]
    later["arguments"] = {"discover": "rest"}
    assert named(later, [gone, *GIVING]) == [], "the run was to do without it"
    assert named(requesting(7, source("sitemap")), [later, gone, *GIVING]) == []


def test_what_passes_by_itself_is_named_in_the_third_run() -> None:
    history = [*GIVING]
    for number in range(4):
        run = requesting(9 - number, failed("sitemap", "HTTP 500"), finish_reason="partial")
        assert bool(named(run, history)) is (number >= 2)
        history.insert(0, run)


def test_a_channel_that_comes_and_goes_is_not_named() -> None:
    rows = (source("sitemap"), failed("sitemap", "HTTP 404"))
    history = [requesting(hours, rows[hours % 2]) for hours in range(1, 20)]
    assert named(requesting(0, failed("sitemap", "HTTP 404")), history) == []


def test_a_run_that_the_site_did_not_answer_says_nothing() -> None:
    run = requesting(0, failed("sitemap", "HTTP 403"), finish_reason="blocked")
    assert named(run, GIVING) == []


def archives(**values: Any) -> list[dict[str, Any]]:
    names = ("Esteri", "Politica", "Sport")
    return [values.get(name) or source("archive", section=name) for name in names]


SECTIONS = [requesting(hours, source("menu", 0), *archives()) for hours in range(50, 55)]


def test_a_section_that_the_menu_no_longer_names() -> None:
    rows = [source("menu", 0), *archives()]
    one = requesting(0, *rows, menu__section_missing__Esteri=1)
    assert named(one, SECTIONS) == [("section", "Esteri")]
    assert "the menu no longer names it" in one["drift"][0]["message"]
    # Once the section was never there, it is not missed.
    never = [requesting(h, *rows, menu__section_missing__Esteri=1) for h in range(1, 6)]
    assert named(one, never) == []
    every = {f"menu__section_missing__{name}": 1 for name in ("Esteri", "Politica", "Sport")}
    assert named(requesting(0, *rows, **every), SECTIONS) == [("channel", "menu")]
    no_menu = failed("menu", "it has no menu")
    assert named(requesting(0, no_menu, *archives(), **every), SECTIONS) == [("channel", "menu")]


@pytest.mark.parametrize(
    "row",
    [
        failed("archive", "HTTP 404", section="Esteri"),
        source("archive", 0, section="Esteri"),
    ],
)
def test_an_archive_that_lists_no_more(row: dict[str, Any]) -> None:
    run = requesting(0, source("menu", 0), *archives(Esteri=row))
    assert named(run, SECTIONS) == [("section", "Esteri")]
    # All of them are one fact.
    rows = [{**row, "section": name} for name in ("Esteri", "Politica", "Sport")]
    run = requesting(0, source("menu", 0), *rows)
    assert named(run, SECTIONS) == [("channel", "archive")]


def test_a_section_that_the_site_no_longer_has() -> None:
    rows = [source("archive", section=name) for name in ("Politica", "Sport")]
    assert named(requesting(0, *rows), SECTIONS) == [("section", "Esteri")]
    assert named(requesting(0, source("rest", 3)), SECTIONS) == []


def test_a_section_without_articles() -> None:
    def fresh(hours: float, esteri: int, politica: int) -> dict[str, Any]:
        counts = {"articles__fresh__Esteri": esteri, "articles__fresh__Politica": politica}
        return report(hours, esteri + politica, **counts)

    before = [fresh(hours, 5, 5) for hours in range(10, 30)]
    assert named(fresh(0, 24, 0), before) == [("section", "Politica")]
    assert named(fresh(0, 9, 0), before) == [], "it may be without news"


def compared(hours: float, articles: int, agreed: int) -> dict[str, Any]:
    counts = {"audit__articles": articles, "audit__compared__body": articles}
    return report(hours, articles, **counts, audit__agreed__body=agreed)


def test_a_field_in_which_pages_and_witness_no_longer_agree() -> None:
    history = [compared(hours, 30, 30) for hours in range(5, 9)]
    run = compared(1, 20, 8)
    assert named(run, history) == [("witness", "body")]
    assert named(compared(0, 20, 8), [run, *history]) == [("witness", "body")]
    assert named(compared(0, 20, 19), history) == []
    assert named(compared(0, 3, 0), history) == [], "few articles"
    assert named(compared(0, 20, 8), [compared(5, 90, 36)]) == [], "they never did"
    assert drift.found(run, history, replace(LIMITS, audit=0.3)) == []


def test_the_first_run_and_those_of_older_versions_name_nothing() -> None:
    assert named(read_by(0, generic=90), []) == []
    old = report(1, 90)
    del old["readers"], old["drift"]
    old["sources"] = [{"channel": "feed", "url": "", "requests": 1, "articles": 9, **READ}]
    assert named(read_by(0, generic=90), [old, old, old]) == []


def test_the_monitor_says_the_same() -> None:
    run = without_subtitle(0, 12)
    assert checks.drift(run, [], LIMITS) is None
    named(run, USUAL)
    assert checks.drift(run, [], LIMITS) == run["drift"][0]["message"]
