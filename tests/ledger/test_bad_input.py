"""A ledger or a dump that is not as it should be: one line, an exit code, nothing lost."""

from __future__ import annotations

import ctypes
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from random import Random
from socket import socket
from typing import TYPE_CHECKING

import pytest

from newscrawl.dumps.part_files import DAMAGED
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.store.database import parse_url
from tests.support import ledgers
from tests.support.crawling import ROOT, Crawl, crawl
from tests.support.killing import command, environment
from tests.support.ledgers import FILE, change, files
from tests.support.waiting import HANG, slow_articles, wait_for_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with ledgers.twin() as server:
        yield server


@pytest.fixture(scope="module")
def whole(twin: TwinProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an output directory with one complete run of Esteri."""
    folder = tmp_path_factory.mktemp("whole") / "output"
    run = crawl("esteri", folder, site_url=twin.url)
    assert run.code == 0
    assert len(run.articles) > 3
    return folder


@pytest.fixture
def output(whole: Path, tmp_path: Path) -> Path:
    """Return a copy of it, to be spoilt."""
    ledgers.copy(whole, tmp_path / "output")
    return tmp_path / "output"


def refusal(run: Crawl, code: int = 14) -> str:
    """Return the one line with which a run was refused."""
    assert run.code == code, run.stderr
    assert "Traceback" not in run.stderr
    said = [line for line in run.stderr.splitlines() if line.startswith("newscrawl: ")]
    assert len(said) == 1, run.stderr
    return said[0]


def refused(output: Path, twin: TwinProcess, code: int = 14) -> str:
    """Crawl and return the refusal, having seen that every file is as it was."""
    before = files(output)
    line = refusal(crawl("esteri", output, site_url=twin.url), code)
    assert files(output) == before
    return line


def warnings(run: Crawl) -> list[str]:
    """Return what a run that came through warned of."""
    assert run.code == 0, run.stderr
    assert "Traceback" not in run.stderr
    return [line for line in run.stderr.splitlines() if "WARNING" in line]


# --- LEDGER_URL -------------------------------------------------------------------------------


def closed_port() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://127.0.0.1/news", "SQLite or PostgreSQL, not in 'mysql'"),
        ("sqlite://", "a ledger in memory is lost"),
        ("postgresql://me:secret@127.0.0.1:port/news", "me:***@127.0.0.1:port"),
        ("postgresql://me:secret@127.0.0.1:{port}/news", "does not answer"),
        ("sqlite:////proc/none/such/ledger.sqlite", "cannot open the ledger /proc/none/such"),
        ("sqlite:///{output}/esteri", "esteri: it is not a file"),
    ],
)
def test_a_ledger_url_that_cannot_be_used(
    url: str, says: str, output: Path, twin: TwinProcess
) -> None:
    given = url.format(port=closed_port(), output=output)
    before = files(output)
    run = crawl("esteri", output, environment={"NEWSCRAWL_LEDGER_URL": given}, site_url=twin.url)
    assert says in refusal(run)
    assert "secret" not in run.stderr
    assert files(output) == before


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ledger", "is not a database URL"),
        ("", "is not a database URL"),
        ("sqlite:///:memory:", "is lost with the process"),
        ("sqlite:////x.sqlite?timeout=soon", "timeout= must be a number of seconds"),
        ("oracle://me@127.0.0.1/x", "not in 'oracle'"),
    ],
)
def test_a_ledger_url_is_checked_before_anything_else(url: str, says: str) -> None:
    with pytest.raises(LedgerError, match=says):
        parse_url(url)


_DROP_BOUND, _OVERRIDE_MODES, _READ_ALL = 24, 1, 2
_LIBC = ctypes.CDLL(None)


def obey_modes() -> None:
    """Make root obey the modes of files, as everybody else must."""
    if os.getuid() == 0:
        for right in (_OVERRIDE_MODES, _READ_ALL):
            _LIBC.prctl(_DROP_BOUND, right, 0, 0, 0)


@pytest.mark.parametrize(
    ("modes", "says"),
    [
        ((0o000, 0o700), "cannot open the ledger"),
        pytest.param((0o400, 0o700), "cannot write the ledger", marks=pytest.mark.soak),
        pytest.param((0o600, 0o500), "cannot write", marks=pytest.mark.soak),
    ],
)
def test_row_35_a_ledger_without_permission(
    modes: tuple[int, int], says: str, output: Path, twin: TwinProcess, tmp_path: Path
) -> None:
    file_mode, folder_mode = modes
    own = tmp_path / "own"
    own.mkdir()
    ledger = (output / FILE).rename(own / FILE)
    before = files(tmp_path)
    ledger.chmod(file_mode)
    own.chmod(folder_mode)
    done = subprocess.run(
        command("esteri", twin.url),
        cwd=ROOT,
        env=environment(output, f"sqlite:///{ledger}"),
        preexec_fn=obey_modes,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    own.chmod(0o700)
    ledger.chmod(0o600)
    line = refusal(Crawl(done.returncode, done.stdout, done.stderr, output))
    assert says in line
    assert str(ledger) in line
    assert files(tmp_path) == before


# --- locked -----------------------------------------------------------------------------------

HOLDING = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


def hold(ledger: Path) -> subprocess.Popen[str]:
    """Return a program that has locked a ledger and holds it until it is ended."""
    program = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(ledger)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout
    assert program.stdout.readline() == "held\n"
    return program


def test_a_ledger_that_another_program_holds(output: Path, twin: TwinProcess) -> None:
    before = files(output)
    given = {"NEWSCRAWL_LEDGER_URL": f"sqlite:///{output / FILE}?timeout=0.5"}
    with hold(output / FILE) as program:
        run = crawl("esteri", output, environment=given, site_url=twin.url)
        program.kill()
    assert "is locked by another program" in refusal(run)
    assert files(output) == before


@pytest.mark.soak
def test_a_ledger_that_is_locked_in_the_middle_of_a_run(
    twin: TwinProcess, tmp_path: Path, whole: Path
) -> None:
    folder, ledger = tmp_path / "esteri", tmp_path / FILE
    line = command("esteri", twin.url, DOWNLOAD_DELAY=0.2, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    given = environment(tmp_path, f"sqlite:///{ledger}?timeout=0.5")
    with subprocess.Popen(line, cwd=ROOT, env=given, stderr=subprocess.PIPE, text=True) as run:
        wait_for_lines(folder, run)
        with hold(ledger) as program:
            _, stderr = run.communicate(timeout=HANG)
            program.kill()
    assert "is locked by another program" in refusal(Crawl(run.returncode, "", stderr, folder))
    again = crawl("esteri", tmp_path, site_url=twin.url)
    assert again.code == 0
    expected = Crawl(0, "", "", whole / "esteri").articles
    assert sorted(one["id"] for one in again.articles) == sorted(one["id"] for one in expected)


# --- damaged, newer, another site's -----------------------------------------------------------


NOISE = Random(1).randbytes(1 << 20)  # noqa: S311 - to be the same each time


def random_bytes(data: bytes) -> bytes:
    return NOISE[: len(data)]


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def text(data: bytes) -> bytes:
    return b"Dear ledger, " * (len(data) // 13)


def garbage_after_the_magic(data: bytes) -> bytes:
    return data[:16] + NOISE[:4080] + data[4096:]


def garbage_in_the_middle(data: bytes) -> bytes:
    return data[: 4096 * 9] + NOISE[: 4096 * 4] + data[4096 * 13 :]


@pytest.mark.parametrize(
    "spoil",
    [
        random_bytes,
        half,
        text,
        garbage_after_the_magic,
        garbage_in_the_middle,
    ],
)
def test_row_35_a_damaged_ledger(spoil: object, output: Path, twin: TwinProcess) -> None:
    assert callable(spoil)
    ledger = output / FILE
    ledger.write_bytes(spoil(ledger.read_bytes()))
    assert f"the ledger {ledger} is damaged" in refused(output, twin)


def test_row_35_a_ledger_of_a_newer_version(output: Path, twin: TwinProcess) -> None:
    change(output / FILE, "UPDATE meta SET value = '99' WHERE name = 'schema_version'")
    assert "was written by a newer newscrawl (schema 99" in refused(output, twin)


def test_a_ledger_of_another_site(output: Path, twin: TwinProcess) -> None:
    change(output / FILE, "UPDATE meta SET value = 'other' WHERE name = 'site'")
    assert "belongs to other, not to alanews at loopback" in refused(output, twin)


def test_a_database_that_is_no_ledger(output: Path, twin: TwinProcess) -> None:
    (output / FILE).unlink()
    with closing(sqlite3.connect(output / FILE)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    assert "contains other tables" in refused(output, twin)


# --- dumps ------------------------------------------------------------------------------------


def the_dump(output: Path) -> Path:
    (found,) = Crawl(0, "", "", output / "esteri").dumps
    return found


def remove(dump: Path) -> None:
    dump.unlink()


def shorten(dump: Path) -> None:
    dump.write_bytes(b"".join(dump.read_bytes().splitlines(keepends=True)[1:]))


def lengthen(dump: Path) -> None:
    with dump.open("ab") as file:
        file.write(b"{}\n")


def change_one_byte(dump: Path) -> None:
    data = bytearray(dump.read_bytes())
    data[len(data) // 2] ^= 1
    dump.write_bytes(data)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (remove, "is gone"),
        (shorten, "was changed"),
        (lengthen, "was changed"),
        (change_one_byte, "was changed"),
    ],
)
def test_a_dump_changed_by_hand_is_told_and_left_alone(
    spoil: object, says: str, output: Path, twin: TwinProcess
) -> None:
    assert callable(spoil)
    dump = the_dump(output)
    spoil(dump)
    before = without_state(output)
    (line,) = warnings(crawl("esteri", output, site_url=twin.url))
    assert f"{dump} {says} since it was written" in line
    assert ledgers.rows(output / FILE, "SELECT state FROM dumps") == [(DAMAGED,)]
    assert without_state(output) == before


def without_state(output: Path) -> dict[str, str]:
    """Return the files of an output directory but for the ledger and the turns at its hosts."""
    found = files(output)
    return {name: found[name] for name in found if name != FILE and not name.endswith(".turn")}


def test_a_dump_that_was_only_touched_is_read_and_found_whole(
    output: Path, twin: TwinProcess
) -> None:
    os.utime(the_dump(output), (1, 1))
    assert warnings(crawl("esteri", output, site_url=twin.url)) == []
    assert ledgers.rows(output / FILE, "SELECT state, changed_at FROM dumps") == [(1, 10**9)]


def test_what_is_damaged_is_said_on_standard_error_of_a_run_that_logs_to_a_file(
    output: Path, twin: TwinProcess
) -> None:
    the_dump(output).unlink()
    run = crawl("esteri", output, environment={"NEWSCRAWL_LOG": "file"}, site_url=twin.url)
    assert run.code == 0
    (line,) = run.stderr.splitlines()
    assert line.startswith("newscrawl: ")
    assert "is gone since it was written" in line
    assert warnings(crawl("esteri", output, site_url=twin.url)) == [], "it is told once"


def unfinish(output: Path) -> Path:
    """Make of a finished run one that was killed before its dump got its name."""
    dump = the_dump(output)
    change(output / FILE, "UPDATE runs SET ended = NULL, reason = NULL")
    change(output / FILE, "UPDATE dumps SET state = 0, changed_at = NULL")
    return dump.rename(f"{dump}.part")


def test_a_part_that_is_whole_is_finished(output: Path, twin: TwinProcess) -> None:
    part = unfinish(output)
    data = part.read_bytes()
    with part.open("ab") as file:
        file.write(b'{"id": "torn')
    assert warnings(crawl("esteri", output, site_url=twin.url)) == []
    assert the_dump(output).read_bytes() == data
    assert not part.exists()


@pytest.mark.parametrize("more", [0, 20_000])
def test_a_part_that_was_replaced_is_left_alone(more: int, output: Path, twin: TwinProcess) -> None:
    part = unfinish(output)
    part.write_bytes(b"x\n" * ((part.stat().st_size + 1) // 2 + more))
    if part.stat().st_size % 2 == 0:
        # The byte at the committed length ends a line here too.
        part.write_bytes(b"\n" * part.stat().st_size)
    before = part.read_bytes()
    (line,) = warnings(crawl("esteri", output, site_url=twin.url))
    assert f"{part} was changed since it was written" in line
    assert part.read_bytes() == before
    assert Crawl(0, "", "", output / "esteri").dumps == []


def test_a_file_in_the_place_of_a_dump_is_not_overwritten(output: Path, twin: TwinProcess) -> None:
    part = unfinish(output)
    mine = part.with_suffix("")
    mine.write_text("mine", encoding="utf-8")
    before = part.read_bytes()
    (line,) = warnings(crawl("esteri", output, site_url=twin.url))
    assert f"{mine} already exists, so {part} cannot be renamed to it" in line
    assert (mine.read_text(encoding="utf-8"), part.read_bytes()) == ("mine", before)


def test_a_ledger_removed_while_its_dumps_stay(output: Path, twin: TwinProcess) -> None:
    (output / FILE).unlink()
    before = files(output)
    run = crawl("esteri", output, site_url=twin.url)
    assert run.code == 14
    assert "has lines that the ledger" in run.stderr
    assert "scrapy ledger rebuild" in run.stderr
    assert before.items() <= files(output).items()
    assert len(run.dumps) == 1


# --- two at once ------------------------------------------------------------------------------


ESTERI = r"^/\d{4}/\d\d/\d\d/esteri/"


@pytest.mark.soak
def test_row_30_one_run_of_a_spider_at_a_time_and_different_ones_together(
    twin: TwinProcess, tmp_path: Path
) -> None:
    line = command("esteri", twin.url, CONCURRENT_REQUESTS=1, DOWNLOAD_TIMEOUT=HANG)
    given = environment(tmp_path)
    with subprocess.Popen(line, cwd=ROOT, env=given, stderr=subprocess.PIPE, text=True) as first:
        with slow_articles(twin, 1):
            wait_for_lines(tmp_path / "esteri", first)
            twin.set_faults([{"kind": "slow", "value": HANG, "path": ESTERI}])
            before = files(tmp_path)
            second = crawl("esteri", tmp_path, site_url=twin.url)
            said = refusal(second, 13)
            assert f"another run of esteri is at work on this ledger (process {first.pid}" in said
            assert set(files(tmp_path)) == {*before}
            other = crawl("politica", tmp_path, site_url=twin.url)
            assert other.code == 0
            assert first.poll() is None, "the first run must be at work all the while"
        first.communicate(timeout=HANG)
    assert first.returncode == 0
    for spider in ("esteri", "politica"):
        found = [one["id"] for one in Crawl(0, "", "", tmp_path / spider).articles]
        assert found
        assert len(found) == len(set(found))
