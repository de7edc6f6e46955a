"""The report page in a real Chromium: quiet, offline, inert, and readable by everyone."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import dist
from typing import TYPE_CHECKING, Any, Self

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from newscrawl.items import Author
from newscrawl.report import edits
from tests.support.reporting import HOSTILE, articles, dump, gone, report, revised, run_report
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

DESKTOP, PHONE, OLD_PHONE = (1280, 900), (390, 844), (320, 568)
STEM = "2026-11-23T10-00-00Z"
# Letters and figures against what lies behind them; WCAG 2.2 asks 4.5 of text, 3 of shapes.
PAIRS = {
    4.5: [("ink", "paper"), ("ink", "card"), ("soft", "paper"), ("soft", "card"), ("link", "paper"),
          ("link", "card"), ("ins", "ins-paper"), ("del", "del-paper"), ("warn", "warn-paper"),
          ("ink", "warn-paper")],
    3.0: [(f"c{number}", "paper") for number in range(9)] + [("m5", "m0"), ("m5", "paper")],
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a report of dumps in which everything occurs, hostile words in each place for words."""
    output = tmp_path_factory.mktemp("output")
    every = articles(60)
    first, second, third, *rest = every
    first = replace(
        first, headline=HOSTILE, keywords=[HOSTILE, "a" * 500], section=HOSTILE,
        authors=[Author(HOSTILE)], url="javascript:hacked=1",
    )  # fmt: skip
    third = replace(third, duplicate_of=first.id, similarity=1.0)
    captured = "2026-11-24T08:00:00Z"
    late = [
        replace(one, first_seen_at=captured, fetched_at=captured,
                date_published=f"2026-11-24T0{1 + number}:15:00+01:00")
        for number, one in enumerate(rest[:7])
    ]  # fmt: skip
    path = dump(output / "alanews" / f"{STEM}.jsonl", [first, second, third, *late, *rest[7:]])
    changed = [revised(one, headline=f"{one.headline}: {HOSTILE}") for one in (first, second)]
    dump(path.with_name("2026-11-25T08-00-00Z.jsonl"), [*changed, gone(third)])
    path.write_bytes(path.read_bytes() + f"{HOSTILE}\n".encode())
    run_report(
        path.with_suffix(".run.json"), detail=HOSTILE, not_fetched={HOSTILE: 3, "404": 2},
        failed={"ValueError": 1}, failed_urls=["javascript:hacked=1"], blocked=1,
        monitors=[{"name": HOSTILE, "status": "failed", "message": HOSTILE}],
    )  # fmt: skip
    path.with_suffix(".rejected.jsonl").write_text(
        '{"url": "javascript:hacked=1", "reasons": ["<b>no_body</b>"], "rejected_at": null}\n'
    )
    assert report(output, "--skip-bad") == 0
    return output / "report.html"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Give a browser that asks for nothing of its own."""
    options = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
               "--disable-component-update", "--disable-sync"]  # fmt: skip
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=options)
        yield started
        started.close()


class Opened:
    """The page in a window of some size, with all that it asked for and complained of."""

    def __init__(self, browser: Browser, path: Path, size: tuple[int, int], scheme: Any) -> None:
        viewport: Any = {"width": size[0], "height": size[1]}
        self._context = browser.new_context(viewport=viewport, color_scheme=scheme)
        self.page: Page = self._context.new_page()
        # A busy machine draws slowly; the limit is for a page that hangs.
        self.page.set_default_timeout(HANG * 1000)
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.address = path.as_uri()
        self.page.goto(self.address)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()

    def unfold(self) -> None:
        """Open all that can be opened."""
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


def test_row_27_nothing_runs_nothing_is_asked_for_and_text_is_text(
    browser: Browser, made: Path
) -> None:
    with Opened(browser, made, DESKTOP, "light") as opened:
        opened.unfold()
        page = opened.page
        assert page.evaluate("typeof hacked") == "undefined"
        assert page.evaluate("document.scripts.length + document.images.length") == 0
        links = page.evaluate("[...document.links].map(link => link.getAttribute('href'))")
        assert len(links) > 20
        assert [link for link in links if not link.startswith(("#", "https://"))] == []
        # In a table, a list of edits, a reason, a drawing.
        for selector in ("tbody th bdi", ".edits ins", "td code", "svg text"):
            texts = page.locator(selector).all_text_contents()
            assert any("<script>hacked=1" in text for text in texts), selector
        shown = page.locator(".edits li").filter(has_text="<script>").first.locator(".diff")
        assert "".join(shown.inner_text().split()).count("hacked=1") == 2 * HOSTILE.count(
            "hacked=1"
        )
        assert opened.said == []
        assert opened.asked == [opened.address]


@pytest.mark.soak
def test_the_rules_of_accessibility_are_kept(browser: Browser, made: Path) -> None:
    # The rows of a table are alike.
    context = {"exclude": [["tbody tr:nth-child(n+3)"]]}
    with Opened(browser, made, DESKTOP, "light") as opened:
        opened.unfold()
        found = Axe().run(opened.page, context)
        assert found.violations_count == 0, found.generate_report()
        checked = {rule["id"] for rule in found.response["passes"]}
        assert {"color-contrast", "heading-order", "list", "region"} <= checked
    # What differs there is the colours.
    with Opened(browser, made, PHONE, "dark") as opened:
        opened.unfold()
        found = Axe().run(opened.page, context, {"runOnly": ["color-contrast", "target-size"]})
        assert found.violations_count == 0, found.generate_report()
        assert {rule["id"] for rule in found.response["passes"]} >= {"color-contrast"}


def test_colours_are_told_apart_by_day_and_by_night(browser: Browser, made: Path) -> None:
    script = """
    () => {
      const style = getComputedStyle(document.documentElement), found = {};
      const one = document.createElement("i"); document.body.append(one);
      for (const rule of document.styleSheets[0].cssRules)
        if (rule.selectorText === ":root") for (const name of rule.style)
          if (name.startsWith("--")) {
            one.style.color = style.getPropertyValue(name);
            found[name.slice(2)] = getComputedStyle(one).color.match(/[0-9]+/g).map(Number);
          }
      return found;
    }
    """
    colours = {}
    for scheme in ("light", "dark"):
        with Opened(browser, made, DESKTOP, scheme) as opened:
            colours[scheme] = found = opened.page.evaluate(script)
            for least, pairs in PAIRS.items():
                for one, other in pairs:
                    ratio = contrast(found[one], found[other])
                    assert ratio >= least, f"{scheme}: {one} on {other} has {ratio:.2f}"
            drawn = [tuple(found[f"c{number}"]) for number in range(9)]
            assert all(dist(a, b) > 40 for a, b in combinations(drawn, 2))
            body = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
            bar = "getComputedStyle(document.querySelector('.wide svg [fill=\"var(--c1)\"]')).fill"
            assert opened.page.evaluate(bar) == f"rgb({', '.join(map(str, found['c1']))})"
            assert body == f"rgb({', '.join(map(str, found['paper']))})"
    assert all(colours["light"][name] != colour for name, colour in colours["dark"].items())


def contrast(one: list[int], other: list[int]) -> float:
    """Return the contrast of two colours as WCAG 2.2 defines it."""
    dark, light = sorted(_luminance(colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: list[int]) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


@pytest.mark.soak
def test_everything_fits_and_can_be_read_on_a_phone(browser: Browser, made: Path) -> None:
    for size in (OLD_PHONE, PHONE, (720, 900), DESKTOP):
        with Opened(browser, made, size, "light") as opened:
            opened.unfold()
            page = opened.page
            assert page.evaluate("document.documentElement.scrollWidth") == size[0]
            drawings = page.locator("figure svg:visible")
            assert drawings.count() == page.locator("figure").count() > 9
            outside = page.evaluate("""
              [...document.querySelectorAll("svg text")].filter(text => {
                const own = text.getBoundingClientRect();
                return own.width && (own.left < 0 || own.right > innerWidth);
              }).map(text => text.textContent)
            """)
            assert outside == []
            small = page.evaluate("""
              [...document.querySelectorAll("svg text")].map(
                text => text.getBoundingClientRect().height).filter(height => height && height < 9)
            """)
            assert small == []


def test_each_control_is_reached_by_keyboard_and_works(browser: Browser, made: Path) -> None:
    reach = """
      (() => { const one = document.activeElement;
        return [one.tagName, one.getAttribute("href") || one.textContent.slice(0, 60),
                getComputedStyle(one).outlineStyle]; })()
    """
    with Opened(browser, made, DESKTOP, "light") as opened:
        page = opened.page
        wanted = page.evaluate("""
          [...document.querySelectorAll("a[href], summary, [tabindex='0']")]
            .filter(one => one.checkVisibility()).length
        """)
        assert wanted > 25
        reached = []
        for _ in range(wanted):
            page.keyboard.press("Tab")
            reached.append(page.evaluate(reach))
        assert {style for _, _, style in reached} == {"solid"}
        assert reached[0][:2] == ["A", "#main"]
        assert {tag for tag, _, _ in reached} == {"A", "SUMMARY", "DIV"}
        page.keyboard.press("Tab")
        assert page.evaluate(reach)[0] == "BODY"
        page.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert page.locator("details").first.get_attribute("open") is not None
        page.locator("nav a").last.focus()
        page.keyboard.press("Enter")
        assert page.url.endswith("#failures")


def test_tables_and_drawings_say_what_they_are(browser: Browser, made: Path) -> None:
    with Opened(browser, made, DESKTOP, "light") as opened:
        opened.unfold()
        page = opened.page
        tables = page.evaluate("""
          [...document.querySelectorAll("table")].map(table => [
            table.caption.textContent.length > 5,
            [...table.querySelectorAll("thead th")].every(one => one.scope === "col"),
            [...table.tBodies[0].rows].every(
              row => row.querySelectorAll("th[scope=row]").length === 1),
            [...table.rows].every(row => row.cells.length === table.rows[0].cells.length),
          ])
        """)
        assert len(tables) > 12
        assert all(all(table) for table in tables)
        figures = page.evaluate("""
          [...document.querySelectorAll("figure")].map(figure => [
            figure.getAttribute("aria-labelledby"),
            figure.querySelector("figcaption p").textContent.length > 20,
            [...figure.querySelectorAll("svg")].every(one => one.ariaHidden === "true"),
            figure.querySelectorAll("details table").length,
          ])
        """)
        assert [told[1:] for told in figures] == [[True, True, 1]] * len(figures)
        assert page.evaluate("document.documentElement.lang") == "en"
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert len(ids) == len({*ids})
        assert page.locator('[lang="it"]').count() > 20
        told = page.locator(".edits ins").first.evaluate(
            "one => getComputedStyle(one, '::before').content"
        )
        assert "added" in told
        assert page.locator(".edits > li").count() == 2
        assert edits.changes("", "a") == [("ins", "a")]
