"""The progress line: on a terminal it stays one line below the log; elsewhere it is nothing."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.run.progress import Figures, line
from newscrawl.run.rate import Rate
from newscrawl.text import printable
from tests.support.crawling import ROOT
from tests.support.waiting import HANG, wait_for
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

SPIDER = """
import asyncio
import sys
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from newscrawl.items import Article


class Esteri(Spider):
    name = "esteri"

    async def start(self):
        for number in range(int(self.settings["PAGES"])):
            await asyncio.sleep(0.05)
            yield Request(f"data:text/html,{number}", dont_filter=True)

    def parse(self, response):
        self.logger.info("page %s says \\x1b[2J\\x1b[1A", response.text)
        yield Article(headline="Titolo", section="Medio\\x1b[2J Oriente")
        if response.text == "5":
            raise ValueError("no such page")


settings = {
    "LOG_LEVEL": "INFO",
    "LOG_VERSIONS": [],
    "LOG_FORMAT": "%(levelname)s: %(message)s",
    "STATS_DUMP": False,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "EXTENSIONS": {
        "newscrawl.run.article_stats.ArticleStatsExtension": 470,
        "newscrawl.run.summary_printer.SummaryExtension": 510,
        "newscrawl.run.progress.ProgressExtension": 520,
    },
}
settings.update(pair.split("=", 1) for pair in sys.argv[1:])
process = CrawlerProcess(settings=settings)
process.crawl(Esteri)
process.start()
"""
ESCAPE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")


class Terminal:
    """A command running with its standard error on a terminal of our own."""

    def __init__(
        self, *command: str, term: str = "xterm-256color", more: dict[str, str] | None = None
    ) -> None:
        ours, theirs = pty.openpty()
        self.raw = bytearray()
        environment = {
            "PYTHONPATH": ":".join(sys.path),
            "PYTHONUTF8": "1",
            "TERM": term,
            "COLUMNS": "100",
            **(more or {}),
        }
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=theirs,
            env=environment,
            text=True,
        )
        os.close(theirs)
        self._reader = threading.Thread(target=self._read, args=(ours,), daemon=True)
        self._reader.start()

    def _read(self, ours: int) -> None:
        # Linux answers with an error, not with nothing, when the other end is closed.
        while True:
            try:
                self.raw += os.read(ours, 65536)
            except OSError:
                os.close(ours)
                return

    def finish(self) -> str:
        """Return what the whole run wrote to standard error."""
        self.stdout, _ = self.process.communicate(timeout=HANG)
        self._reader.join(timeout=HANG)
        return self.raw.decode()


def terminal_of(folder: Path, *settings: str, term: str = "xterm-256color") -> Terminal:
    """Return a spider without a ledger running on a terminal."""
    script = folder / "script.py"
    script.write_text(SPIDER, encoding="utf-8")
    return Terminal("-W", "error", str(script), "PAGES=12", *settings, term=term)


def screen(raw: str) -> list[str]:
    """Return the lines that a terminal shows after `raw`: a small part of its art."""
    rows, row, column = [""], 0, 0
    for text in re.split(r"(\x1b\[[?0-9;]*[A-Za-z]|[\r\n])", raw):
        if text == "\r":
            column = 0
        elif text == "\n":
            row += 1
            rows += [""] * (row + 1 - len(rows))
        elif match := ESCAPE.fullmatch(text):
            number, command = match.groups()
            if command == "A":
                row = max(0, row - int(number or 1))
            elif command == "K":
                rows[row] = ""
            else:
                assert command in "mlh", f"unexpected {text!r}"
        else:
            rows[row] = rows[row].ljust(column)[:column] + text + rows[row][column + len(text) :]
            column += len(text)
    return [shown.rstrip() for shown in rows]


@pytest.mark.e2e
def test_the_line_stays_below_the_log_and_goes_away(tmp_path: Path) -> None:
    terminal = terminal_of(tmp_path)
    raw = terminal.finish()
    assert re.search(r"esteri  0:00  \d+ pages  \d+ articles  \d+\.\d pages/s  \d queued", raw)
    assert "Medio[2J Oriente" in raw, "the section is told, harmlessly"
    shown = screen(raw)
    assert [text for text in shown if "says" in text] == [
        rf"INFO: page {number} says \x1b[2J\x1b[1A" for number in range(12)
    ]
    assert not [text for text in shown if "pages/s" in text], "nothing of the line is left"
    assert "ValueError: no such page" in shown, "a traceback keeps its lines"
    assert raw.count("\x1b[?25l") == raw.count("\x1b[?25h") == 1, "the cursor is back"
    assert raw.rindex("\x1b[?25h") < raw.index("Spider closed")
    assert terminal.stdout.startswith("esteri: 12 articles in ")


@pytest.mark.soak
@pytest.mark.e2e
def test_a_crawl_shows_what_the_ledger_has_still_to_read(tmp_path: Path) -> None:
    settings = {"DOWNLOAD_DELAY": "0.02", "AUTOTHROTTLE_ENABLED": "False"}
    with TwinProcess(size=150) as twin:
        options = [f"-s{name}={value}" for name, value in settings.items()]
        terminal = Terminal(
            *("-m", "scrapy", "crawl", "alanews", "-a", f"site_url={twin.url}"),
            *(*options, "-sLOG_LEVEL=CRITICAL"),
            more={"NEWSCRAWL_OUTPUT": str(tmp_path)},
        )
        raw = terminal.finish()
    assert terminal.process.returncode == 0, raw
    remaining = [int(number) for number in re.findall(r"(\d+)\+? to read  \d", raw)]
    assert 100 < max(remaining) <= 150
    assert remaining[-1] < 20
    assert re.search(r"\d requests  0:\d\d left", raw)
    assert re.search(r"alanews: 150 articles to read \(REST\), at least \d+ requests, ", raw)


@pytest.mark.e2e
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.soak
def test_the_cursor_comes_back_after_ctrl_c(tmp_path: Path, times: int) -> None:
    terminal = terminal_of(tmp_path, "PAGES=5000", "LOG_LEVEL=CRITICAL")

    def has_a_line() -> bool:
        assert terminal.process.poll() is None, terminal.raw
        return b" pages/s" in terminal.raw

    wait_for(has_a_line, "the line")
    for _ in range(times):
        terminal.process.send_signal(signal.SIGINT)
    raw = terminal.finish()
    assert raw.count("\x1b[?25l") == raw.count("\x1b[?25h") == 1
    assert not [text for text in screen(raw) if "pages/s" in text]


@pytest.mark.e2e
@pytest.mark.parametrize(
    "setting",
    [
        "PROGRESS_ENABLED=0",
        *(
            pytest.param(text, marks=pytest.mark.soak)
            for text in ("LOGSTATS_INTERVAL=0", "TERM=dumb")
        ),
    ],
)
def test_it_can_be_switched_off(tmp_path: Path, setting: str) -> None:
    terminal = terminal_of(tmp_path, setting, term="dumb" if setting == "TERM=dumb" else "xterm")
    raw = terminal.finish()
    assert "page 11 says" in raw
    assert "pages/s" not in raw
    assert "\x1b[?25l" not in raw


@pytest.mark.e2e
def test_without_a_terminal_there_is_nothing(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SPIDER, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error", str(script), "PAGES=3", "LOG_ENABLED=0"],
        capture_output=True,
        text=True,
        check=True,
        # rich would take it for a terminal.
        env={"PYTHONPATH": ":".join(sys.path), "FORCE_COLOR": "1", "TERM": "xterm"},
        timeout=HANG,
    )
    assert run.stderr == ""
    assert run.stdout.startswith("esteri: 3 articles in ")


def test_line_of_a_long_run_of_the_whole_site() -> None:
    figures = Figures(
        spider="alanews",
        seconds=7384.9,
        pages=12345,
        articles=9876,
        rate=1.719,
        queued=1001,
        failed=2,
        section="Esteri",
    )
    assert line(figures) == (
        "alanews  2:03:04  12,345 pages  9,876 articles  1.7 pages/s  1,001 queued  "
        "2 failed  Esteri"
    )


def test_a_section_spider_does_not_repeat_its_section() -> None:
    assert line(Figures("esteri", section="Esteri")) == line(Figures("esteri"))


@given(st.text())
def test_no_section_breaks_the_line(section: str) -> None:
    shown = line(Figures("alanews", section=section))
    assert len(shown.splitlines()) == 1
    assert not ESCAPE.search(shown)


@given(st.text())
def test_printable_text_holds_nothing_to_obey(text: str) -> None:
    shown = printable(text)
    assert all(char in "\t\n" or not (ord(char) < 32 or 0x7F <= ord(char) < 0xA0) for char in shown)
    assert shown == text or len(shown) > len(text)
    shown.encode()


@given(st.lists(st.tuples(st.floats(0.01, 60), st.integers(0, 1000)), min_size=2))
def test_a_rate_is_never_negative_nor_beyond_the_fastest(steps: list[tuple[float, int]]) -> None:
    rate, now, count = Rate(), 0.0, 0
    for seconds, events in steps:
        now, count = now + seconds, count + events
        fastest = max(events / seconds for seconds, events in steps)
        assert 0 <= rate.update(now, count) <= fastest * 1.0001


def test_a_rate_forgets_what_is_long_past() -> None:
    rate = Rate(span=10)
    for second in range(100):
        rate.update(second, second * 50)
    for second in range(100, 111):
        last = rate.update(second, 99 * 50)
    assert last == 0
