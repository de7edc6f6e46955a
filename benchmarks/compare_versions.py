"""Whether two checkouts behave the same: `python -m benchmarks.compare_versions BEFORE AFTER`.

Both crawl the same twin, that of AFTER, in three rounds: `alanews`, `esteri`, and from the second
round on `alanews` for the addresses of what was removed. Between the rounds the twin's clock moves,
articles are edited and removed; some pages fail all along. Then each checkout validates, exports
and reports what it wrote, tells what its ledger holds, and reads the saved pages of tests/. In the
end a ledger that BEFORE began is carried on by AFTER.

Moments, durations, paths and versions are taken out of both; the rest must be the same, line by
line in the same order. What differs is shown as a diff, and the last line is `identical` or says
how many files differ; the exit code is 0 or 1. `--allow FILE` names documented differences: regular
expressions, one a line; lines that match one are not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

# Run as a file, Python looks for modules in benchmarks/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import compare_text as texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

SIZE, ROUNDS = 300, 3
SHAPES = ("csv", "sqlite", "parquet", "duckdb")
CLOCK = datetime(2026, 11, 20, 15, tzinfo=ZoneInfo("Europe/Rome"))
"""The twin's, in the first round; a day later in each further one."""
_SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    # One at a time, read to its end before the next is asked for.
    "CONCURRENT_REQUESTS": "1",
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": "1",
    "RETRY_TIMES": "1",
    # What is looked at again by its age depends on the day of the comparison.
    "RECHECK_AGES": "",
    # What is missing twice is gone at once.
    "GONE_AFTER": "0",
    # It tells the pages of each minute.
    "LOGSTATS_INTERVAL": "0",
}
_CRAWL = Path(__file__).with_name("compare_crawl.py")
_CHANNELS = "discover=menu,archive,related,sitemap,feed,rest"
_PROBE = """
import json, sys
from datetime import datetime
import msgspec
import newscrawl
from newscrawl import dumps
for name, path, url, fetched_at in json.load(open(sys.argv[1], encoding="utf-8")):
    page = open(path, "rb").read()
    article = newscrawl.extract(page, url, fetched_at=datetime.fromisoformat(fetched_at))
    read = msgspec.to_builtins(article) or {}
    print(json.dumps({"url": name, "is_article": bool(read), **read}, ensure_ascii=False))
for article in dumps.latest(sys.argv[2]):
    print(json.dumps(msgspec.to_builtins(article), ensure_ascii=False))
"""


@dataclass
class Twin:
    """The twin of a checkout, as a process of its own; use it with `with`."""

    checkout: Path
    environment: Mapping[str, str]
    port: int = 0
    _process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Base address, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        module = "twin" if (self.checkout / "twin").is_dir() else "newscrawl.twin"
        line = [sys.executable, "-m", module, "--parent", "--size", str(SIZE)]
        line += ["--port", str(self.port), "--now", CLOCK.isoformat()]
        self._process = subprocess.Popen(
            line, cwd=self.checkout, env=_environment(self.checkout, self.environment),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        first_line = self._process.stdout.readline()
        if not first_line.startswith("twin: "):
            raise SystemExit(f"the twin of {self.checkout} did not start")
        self.port = int(first_line.rpartition(":")[2])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.communicate(timeout=30)

    def ask(self, path: str, data: Any = None) -> bytes:
        """Return what the twin answers, to JSON data if there is any; it must be 200."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            body = None if data is None else json.dumps(data).encode()
            connection.request("GET" if body is None else "POST", path, body)
            answer = connection.getresponse()
            read = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise SystemExit(f"the twin answers {path} with {answer.status}: {read[:200]!r}")
        return read

    def move(self, **move: object) -> None:
        """Have something happen to the site."""
        self.ask("/__twin__/change", move)


@dataclass(frozen=True)
class Plan:
    """Which posts something happens to; the same for each sequence."""

    esteri: Sequence[tuple[int, str]]
    """Ids and paths of posts of the section, newest first."""
    others: Sequence[tuple[int, str]]
    faults: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, twin: Twin) -> Self:
        """Choose among what stands on a twin that has just been started."""
        fields = "_fields=id,link,content,format"
        posts = json.loads(twin.ask(f"/wp-json/wp/v2/posts?per_page=100&{fields}"))
        plain = [
            (post["id"], urlsplit(post["link"]).path)
            for post in posts
            if post["format"] == "standard" and not post["content"]["protected"]
        ]
        esteri = [post for post in plain if "/esteri/" in post[1]]
        others = [post for post in plain if "/esteri/" not in post[1]]
        if len(esteri) < 8 or len(others) < 8:
            raise SystemExit("the twin has too few posts to edit and remove some")
        # A page that ends where its text would begin is an article without one.
        path = esteri[0][1]
        page = twin.ask(path)
        share = page.index(b'class="content-inner') / len(page)
        faults: list[dict[str, Any]] = [
            {"kind": "truncate", "path": f"{path}$", "value": share},
            {"kind": "status", "path": f"{esteri[1][1]}$", "value": 500},
            {"kind": "wall", "path": f"{others[0][1]}$", "value": "captcha"},
        ]
        return cls(esteri, others, faults)

    def begin(self, twin: Twin, number: int) -> None:
        """Bring a twin to where it stands in a round."""
        esteri, others = self.esteri, self.others
        if number == 1:
            twin.ask("/__twin__/faults", self.faults)
            return
        twin.move(now=(CLOCK + timedelta(days=number - 1)).isoformat())
        if number == 2:
            for post, kind in zip(esteri[2:], ("body", "headline", "markup"), strict=False):
                twin.move(edit=post[0], kind=kind)
            for post, kind in zip(others[1:], ("tags", "subtitle"), strict=False):
                twin.move(edit=post[0], kind=kind)
            twin.move(delete=esteri[5][0], status=404)
            twin.move(delete=others[3][0], status=410)
        else:
            twin.ask("/__twin__/faults", [self.faults[0], self.faults[2]])
            twin.move(edit=esteri[2][0], kind="body")
            twin.move(edit=others[1][0], kind="headline")
            twin.move(delete=others[4][0], status=410)

    def removed(self, twin: Twin) -> str:
        """Return the addresses that are fetched whatever the lists say."""
        posts = (self.esteri[5], *self.others[3:5], self.esteri[4])
        return ",".join(f"{twin.url}{path}" for _, path in posts)


@dataclass
class Trial:
    """The rounds, each crawled by one checkout, and what came of them."""

    checkouts: Sequence[Path]
    """Of each round; the last one is asked for the rest."""
    folder: Path
    environment: Mapping[str, str]
    port: int
    """The twin's."""
    files: dict[str, str] = field(default_factory=dict)
    """What is compared, by name."""
    logs: dict[str, str] = field(default_factory=dict)
    _began: list[int] = field(default_factory=list)
    _fixed: list[datetime] = field(default_factory=list)

    @property
    def output(self) -> Path:
        """Where the crawls write."""
        return self.folder / "output"

    @property
    def archive(self) -> Path:
        """What they wrote, with fixed moments: all that is made of it can be compared as it is."""
        return self.folder / "archive"

    def crawl(self, twin: Twin, plan: Plan) -> None:
        """Crawl all rounds and keep what was written."""
        for number, checkout in enumerate(self.checkouts, 1):
            plan.begin(twin, number)
            self._step(checkout, number, twin, "alanews")
            self._step(checkout, number, twin, "esteri", _CHANNELS)
            if number > 1:
                self._step(checkout, number, twin, "alanews", f"urls={plan.removed(twin)}")
        clock = texts.Clock(self._began, self._fixed, int(time.time()))
        for name, text in self.files.items():
            self.files[name] = texts.without_durations(clock.apply(text))
        self._collect(clock)
        status = ("ledger", "status", "--site-url", twin.url)
        for name, words in {"ledger.txt": status, "ledger.json": (*status, "--json")}.items():
            text = clock.apply(self._command(self.checkouts[-1], self.output, words))
            self.files[name] = texts.without_measures(texts.without_durations(text))

    def _step(self, checkout: Path, number: int, twin: Twin, spider: str, *words: str) -> None:
        arguments = [f"site_url={twin.url}", "render=never", *words]
        line = ["crawl", spider, *(part for argument in arguments for part in ("-a", argument))]
        line += [part for pair in _SETTINGS.items() for part in ("-s", "=".join(pair))]
        # No two steps within one second: a moment tells its step.
        time.sleep(1 - time.time() % 1)
        self._began.append(int(time.time()))
        step = len(self._began)
        self._fixed.append(CLOCK + timedelta(days=number - 1, minutes=10 * step))
        name = f"commands/crawl-{step}-{spider}.txt"
        self.files[name] = self._command(checkout, self.output, line)

    def _command(self, checkout: Path, output: Path, words: Sequence[str]) -> str:
        start = (str(_CRAWL),) if words[0] == "crawl" else ("-m", "scrapy")
        done = subprocess.run(
            [sys.executable, *start, *words], cwd=checkout, check=False,
            env={**_environment(checkout, self.environment), "NEWSCRAWL_OUTPUT": str(output)},
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        text = f"exit code {done.returncode}\n{done.stdout}--- standard error\n{done.stderr}"
        return self._without_paths(checkout, text)

    def _without_paths(self, checkout: Path, text: str) -> str:
        paths = {str(self.folder): "FOLDER", str(checkout): "CHECKOUT", f":{self.port}": ":PORT"}
        return texts.without_version(texts.without_paths(text, paths))

    def _collect(self, clock: texts.Clock) -> None:
        names = []
        for path in sorted(self.output.glob("*/*")):
            name = clock.apply(path.relative_to(self.output).as_posix())
            names.append(name)
            text = clock.apply(path.read_text(encoding="utf-8"))
            text = self._without_paths(self.checkouts[-1], text)
            if path.suffix == ".log":
                self.logs[name] = "\n".join(texts.log_lines(text))
                continue
            if path.suffix == ".json":
                text = texts.without_measures(text)
            self.files[f"output/{name}"] = text
            if path.name.endswith(texts.REJECTED):
                # Whatever a crawl writes there, the report must have something to tell.
                text = texts.rejected(
                    self.files[f"output/{name.replace(texts.REJECTED, '.jsonl')}"]
                )
            kept = self.archive / name
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(text, encoding="utf-8")
        self.files["output/names.txt"] = "\n".join(names)

    def read(self, pages: Path | None) -> Self:
        """Have the last checkout check, export and report the archive, and read saved pages."""
        if pages is None:
            return self
        damaged = self.folder / "damaged.jsonl"
        lines = next(text for name, text in self.files.items() if name.endswith("Z.jsonl"))
        damaged.write_text(texts.damaged(lines), encoding="utf-8")
        exports = {shape: self.folder / f"export.{shape}" for shape in SHAPES}
        archive, page = str(self.archive), str(self.folder / "report.html")
        commands: dict[str, Sequence[str]] = {
            f"export-{shape}": ("export", "--to", shape, archive, "-o", str(path))
            for shape, path in exports.items()
        }
        latest = self.folder / "latest.csv"
        commands |= {
            "export-latest": ("export", "--to", "csv", "--latest", archive, "-o", str(latest)),
            "export-damaged": ("export", "--to", "csv", str(damaged), "-o", f"{latest}.none"),
            "validate": ("validate", archive),
            "validate-damaged": ("validate", str(damaged)),
            "validate-json": ("validate", "--json", archive, str(damaged)),
            "report": ("report", archive, "-o", page),
            "runs": ("runs", "-n", "20"),
            "runs-json": ("runs", "-n", "20", "--json"),
            "list": ("list",),
        }
        for name, words in commands.items():
            text = self._command(self.checkouts[-1], self.archive, words)
            self.files[f"commands/{name}.txt"] = text
        for path in (*exports.values(), latest):
            self.files[f"{path.name}.txt"] = "\n".join(texts.export_lines(path))
        html = (self.folder / "report.html").read_text(encoding="utf-8")
        # All but the moment at which it was made depends on the archive alone.
        made = texts.Clock([int(time.time()) - 300], [CLOCK], int(time.time()))
        self.files["report.html"] = made.apply(self._without_paths(self.checkouts[-1], html))
        self.files["python.jsonl"] = self._probe(pages)
        return self

    def _probe(self, pages: Path) -> str:
        cases = []
        for path in sorted(pages.rglob("page.html")):
            meta = json.loads(path.with_name("meta.json").read_text(encoding="utf-8"))
            if meta.keys() >= {"url", "fetched_at"}:
                cases.append([path.parent.name, str(path), meta["url"], meta["fetched_at"]])
        if not cases:
            raise SystemExit(f"no saved page in {pages}")
        listed = self.folder / "pages.json"
        listed.write_text(json.dumps(cases), encoding="utf-8")
        checkout = self.checkouts[-1]
        done = subprocess.run(
            [sys.executable, "-c", _PROBE, str(listed), str(self.archive)],
            cwd=checkout, env=_environment(checkout, self.environment), check=False,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        ending = "" if done.returncode == 0 else f"exit code {done.returncode}\n{done.stderr}"
        return self._without_paths(checkout, f"{done.stdout}{ending}")


def _environment(checkout: Path, environment: Mapping[str, str]) -> dict[str, str]:
    return {
        **environment,
        "PYTHONPATH": str(checkout),
        "SCRAPY_SETTINGS_MODULE": "newscrawl.settings",
        "NEWSCRAWL_LOG": "file",
    }


def _surroundings() -> dict[str, str]:
    """Return this process's environment without what would steer a crawl."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NEWSCRAWL_", "SCRAPY_", "PYTHON"))
    }
    return {**kept, "PYTHONUTF8": "1", "TZ": "UTC", "COLUMNS": "120"}


def trials(before: Path, after: Path, folder: Path) -> Iterator[Trial]:
    """Give what came of each checkout, then of AFTER where BEFORE began."""
    environment, pages = _surroundings(), before / "tests"
    # Names of one length, so that no line is wrapped elsewhere.
    ways = {"a": [before] * ROUNDS, "b": [after] * ROUNDS, "m": [before, before, after]}
    readings, port = [], 0
    with ThreadPoolExecutor(1) as pool:
        for name, checkouts in ways.items():
            # One twin after the other at one port: the order of requests depends on addresses.
            with Twin(after, environment, port) as twin:
                port = twin.port
                trial = Trial(checkouts, folder / name, environment, port)
                trial.crawl(twin, Plan.of(twin))
            readings.append(pool.submit(trial.read, None if name == "m" else pages))
        yield from (reading.result() for reading in readings)


def _print(difference: texts.Difference, most: int) -> None:
    note = f" ({difference.note})" if difference.note else ""
    print(f"=== {difference.name}{note}")
    for line in difference.lines[:most]:
        print(line)
    if len(difference.lines) > most:
        print(f"... {len(difference.lines) - most} lines more")


def _checkout(text: str) -> Path:
    path = Path(text).resolve()
    if not (path / "newscrawl" / "settings.py").is_file():
        raise argparse.ArgumentTypeError(f"{text} is not a checkout of the project")
    return path


def _allowed(text: str) -> texts.Allowed:
    try:
        return texts.Allowed.read(Path(text).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from None


def _compared(given: argparse.Namespace, folder: Path) -> int:
    """Print how the checkouts differ; return in how many files."""
    began = time.monotonic()
    before, after, both = trials(given.before, given.after, folder)
    if missing := texts.missing(before.files):
        raise SystemExit(f"nothing of this came about: {', '.join(missing)}")
    # After the rounds that BEFORE crawled for both, the ledger goes on as it did alone.
    alone = {f"carried on/{name}": before.files[name] for name in before.files.keys() & both.files}
    carried = {f"carried on/{name}": text for name, text in both.files.items()}
    differences = texts.compare({**before.files, **alone}, {**after.files, **carried}, given.allow)
    for name, text in {**before.files, **after.files}.items():
        if name.endswith(texts.REJECTED) and not text:
            print(f"--- {name}: empty, though the run rejected articles")
    logs = texts.compare(before.logs, after.logs, given.allow)
    for difference in differences:
        _print(difference, given.lines)
    print(f"--- log lines: {len(logs)} of {len(before.logs)} logs differ (not counted)")
    for difference in logs:
        _print(difference, given.lines // 2)
    count = len({*before.files, *alone, *after.files, *carried})
    print(f"--- {count} files compared in {time.monotonic() - began:.0f} s")
    return len(differences)


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, print, return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=_checkout, help="folder of a checkout")
    parser.add_argument("after", type=_checkout, help="another, with the twin that both crawl")
    parser.add_argument("--allow", type=_allowed, default=texts.Allowed(), metavar="FILE",
                        help="documented differences: regular expressions, one a line")  # fmt: skip
    parser.add_argument("--lines", type=int, default=40, help="shown of each diff (40)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what was written there")
    given = parser.parse_args(argv)
    if given.keep:
        given.keep.mkdir(parents=True)
        count = _compared(given, given.keep.resolve())
    else:
        with tempfile.TemporaryDirectory() as folder:
            count = _compared(given, Path(folder))
    print("identical" if not count else f"{count} file{'s'[: count > 1]} differ{'s'[count > 1 :]}")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
