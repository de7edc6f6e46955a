"""Row 24 and D4 of the hostile web: names of files, and files where addresses are expected."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newscrawl.dumps.paths import safe_name
from tests.support import measured
from tests.support.altered_pages import altered
from tests.support.crawling import crawl
from tests.support.measured import MEMORY
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from tests.support.front import Front

pytestmark = pytest.mark.e2e
SIZE = 60
USAGE = 2
NAMES = (
    *("../../etc/passwd", "/etc/passwd", "..", ".", "a/../../b", "..\\..\\b", "%00", "a\x00b"),
    *("%2e%2e%2fetc", "x" * 400, "CON", "nul.txt", "\U0001f600", "-rf", "--help", "a\nb", ""),
)


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_row_24_a_name_is_one_part_of_a_path(name: str, tmp_path: Path) -> None:
    part = safe_name(name)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}", part)
    (tmp_path / part).touch()
    assert tree(tmp_path) == {part}


# A null byte and an empty text cannot be typed or are arguments of their own.
TYPED = [name for name in NAMES if name and "\x00" not in name]


@pytest.mark.parametrize("argument", ["section", "site", "setting"])
def test_row_24_what_is_typed_names_no_file_outside_the_output(
    argument: str, front: Front, tmp_path: Path
) -> None:
    output = tmp_path / "a" / "output"
    output.mkdir(parents=True)
    for name in TYPED if argument == "setting" else ("../../x", "x" * 400, "a/../.."):
        if argument == "setting":
            settings = {"RUN_STARTED": name}
            run = crawl("esteri", output, site_url=front.url, settings=settings)
        else:
            arguments: dict[str, object] = {"site_url": front.url, argument: name}
            run = crawl("wordpress", output, arguments=arguments)
        assert (run.code, len(run.stderr.splitlines())) == (USAGE, 1), run.stderr
        assert "Traceback" not in run.stderr
    assert tree(tmp_path) <= {"a", "a/output"}


def test_row_24_a_spider_s_name_names_no_file(tmp_path: Path) -> None:
    output = tmp_path / "output"
    for name in ("../../etc", "%00", "CON", "x" * 400):
        run = crawl(name, output)
        assert (run.code, len(run.stderr.splitlines())) == (USAGE, 1), run.stderr
    assert tree(tmp_path) == set()


def test_row_24_slugs_and_titles_name_no_file(front: Front, tmp_path: Path) -> None:
    content = Content(seed=1, size=SIZE)
    posts = [content.post(index) for index in content.category("esteri")]
    for name, post in zip(TYPED, posts, strict=False):

        def change(page: str, slug: str = post.slug, name: str = name) -> str:
            page = page.replace(slug, f"{slug}/../{name}")
            return re.sub(r"(<h1[^>]*>)[^<]*", lambda match: match[1] + name, page)

        front.answers[f"/{post.slug}/$"] = altered(front, change)
    output = tmp_path / "a" / "output"
    run = crawl("esteri", output, site_url=front.url)
    expected = truth.expected(content, Switches(), "esteri")
    assert {line["id"] for line in run.articles} == {*expected}
    outside = {path for path in tree(tmp_path) if not path.startswith("a/output")}
    assert outside == {"a"}
    names = {path.name for path in output.rglob("*")}
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", name) for name in names), names


LINE = "root:x:0:0:segreto-della-macchina"


def _fifo(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def _secrets(folder: Path) -> Path:
    path = folder / "passwd"
    path.write_text(f"{LINE}\n{LINE}\n", encoding="utf-8")
    return path


def _foreign(folder: Path) -> Path:
    path = folder / "links"
    path.write_text(f"https://segreto.example.org/?token={LINE}\n", encoding="utf-8")
    return path


def _large(folder: Path) -> Path:
    path = folder / "large"
    with path.open("wb") as file:
        file.truncate(8 << 30)
    return path


def _link_to_a_device(folder: Path) -> Path:
    (folder / "link").symlink_to("/dev/zero")
    return folder / "link"


FILES = {
    "a pipe": (_fifo, "not a regular file"),
    "a link to a device": (_link_to_a_device, "not a regular file"),
    "/dev/zero": (lambda _: Path("/dev/zero"), "not a regular file"),
    "/dev/stdin": (lambda _: Path("/dev/stdin"), "urls="),
    "secrets": (_secrets, "line 1 of urls="),
    "/etc/passwd": (lambda _: Path("/etc/passwd"), "line 1 of urls='/etc/passwd'"),
    "addresses of another site": (_foreign, "line 1"),
    "8 GiB": (_large, "has more than 16 MiB"),
}


@pytest.mark.parametrize("kind", FILES)
def test_d4_a_file_that_has_no_addresses(kind: str, tmp_path: Path) -> None:
    make, says = FILES[kind]
    (tmp_path / "files").mkdir()
    name = make(tmp_path / "files")
    run = measured.crawl("esteri", tmp_path / "output", urls=name, site_url="http://127.0.0.1:9")
    assert (run.code, len(run.stderr.splitlines())) == (USAGE, 1), run.stderr
    assert says in run.stderr
    assert "segreto" not in run.stderr
    assert "root:" not in run.stderr
    assert run.peak < MEMORY, run.peak
    assert not (tmp_path / "output").exists()
