"""One page or date text per kind of input: the cases of tests/data/cases."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.cases import CASES, FOLDER, article_differences, expectation, wrong

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("case", CASES)
def test_case(case: str) -> None:
    differences = wrong(FOLDER / case)
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_complete(case: str) -> None:
    folder = FOLDER / case
    names = {path.name for path in folder.iterdir()}
    assert names in (
        {"expected.json", "why.md", "text.txt"},
        {"expected.json", "why.md", "page.html", "url.txt"},
    )
    assert (folder / "why.md").read_text(encoding="utf-8").strip()


def test_a_case_without_expectation_fails(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"has no expected\.json"):
        expectation(tmp_path)
    (tmp_path / "expected.json").write_text('{"fetched_at": "2026-11-27T12:00:00Z"}')
    with pytest.raises(AssertionError, match="expects nothing"):
        expectation(tmp_path)


LINE = {
    "headline": "Un titolo",
    "body": "Il primo testo.\n\nIl testo.",
    "authors": [{"name": "Anna", "url": None}],
    "image": {"url": "https://a.example/a.jpg"},
    "blocks": [{"type": "heading", "text": "Il primo"}],
    "flags": ["body_generic"],
}


@pytest.mark.parametrize(
    ("met", "missed"),
    [
        ({"headline": "Un titolo"}, {"headline": "Altro"}),
        ({"authors": [{"name": "Anna"}]}, {"authors": [{"name": "Anna"}, {"name": "Ugo"}]}),
        ({"authors": [{"url": None}]}, {"authors": [{"url": ""}]}),
        ({"image": {"url_has": "a.ex", "url_ends": ".jpg"}}, {"image": {"url_ends": "a.ex"}}),
        ({"image": {"url_lacks": ".png"}}, {"image": {"url_lacks": ".jpg"}}),
        ({"body_contains": ["testo. Il"]}, {"body_contains": ["testo.Il"]}),
        ({"body_lacks": ["secondo"]}, {"body_lacks": ["secondo", "primo"]}),
        ({"body_count": {"testo": 2}}, {"body_count": {"testo": 1}}),
        ({"blocks_has": {"type": "heading"}}, {"blocks_has": {"type": "list"}}),
        ({"authors_lack": "http"}, {"authors_lack": "nna"}),
        ({"flags_has": ["body_generic"]}, {"flags_has": ["truncated"]}),
        ({"flags_lack": ["truncated"]}, {"flags_lack": ["body_generic"]}),
        ({"anywhere": ["a.jpg", "Ann"]}, {"anywhere": ["Ann", "Ugo"]}),
    ],
    ids=str,
)
def test_each_rule_can_fail(met: dict[str, Any], missed: dict[str, Any]) -> None:
    assert not list(article_differences(met, LINE))
    assert list(article_differences(missed, LINE))


@pytest.mark.parametrize(
    ("case", "other"),
    [("text.txt", '{"parse": "2001-01-01"}'), ("page.html", '{"article": false}')],
)
def test_a_case_that_expects_something_else_fails(case: str, other: str, tmp_path: Path) -> None:
    folder = next(FOLDER / name for name in CASES if (FOLDER / name / case).exists()
                  and expectation(FOLDER / name).get("article", True))  # fmt: skip
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    assert not wrong(tmp_path)
    (tmp_path / "expected.json").write_text(other)
    assert wrong(tmp_path)
