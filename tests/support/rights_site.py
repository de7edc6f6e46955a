"""Pages and files of a site that states rights, as the front of a twin answers them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.crawling import Crawl, crawl
from tests.support.front import answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.support.front import Front

NAME = "un-titolo-di-prova"
TEXT = "Il Consiglio ha approvato il testo dopo un lungo dibattito tra i paesi membri. "
RSL = "https://rslstandard.org/rsl"


def article(head: str = "", *, node: str = "", body: str = "") -> str:
    """Return the page of an article; `node` are further properties of its JSON-LD."""
    return (
        '<!doctype html><html lang="it"><head><title>Un titolo di prova</title>'
        '<meta property="og:type" content="article">'
        '<script type="application/ld+json">{"@context": "https://schema.org",'
        ' "@type": "NewsArticle", "headline": "Un titolo di prova",'
        f' "datePublished": "2026-11-20T10:00:00+01:00"{node}}}</script>{head}</head>'
        f"<body><article><h1>Un titolo di prova</h1><p>{TEXT * 8}</p><p>{TEXT * 5}</p>"
        f"{body}</article></body></html>"
    )


def with_fields(page: str, fields: Sequence[tuple[str, str]]) -> bytes:
    """Return the answer with a page and header fields, of which a name may occur several times."""
    head, _, body = answer(page).partition(b"\r\n\r\n")
    lines = "".join(f"\r\n{name}: {value}" for name, value in fields)
    return head + lines.encode("latin-1") + b"\r\n\r\n" + body


def serve(  # noqa: PLR0913 - the places where a site may state something
    front: Front,
    path: str,
    *,
    fields: Sequence[tuple[str, str]] = (),
    robots: str | None = None,
    tdmrep: str | None = None,
    licences: dict[str, str] | None = None,
    **page: str,
) -> None:
    """Have the front answer an article with its statements, and the site's files."""
    front.answers[f"^{path}$"] = with_fields(article(**page), fields)
    if robots is not None:
        front.answers["^/robots.txt$"] = answer(robots, "text/plain")
    if tdmrep is not None:
        front.answers["^/.well-known/tdmrep.json$"] = answer(tdmrep, "application/json")
    for name, document in (licences or {}).items():
        front.answers[f"^{name}$"] = answer(document, "application/rsl+xml")


def run(front: Front, output: Path, *paths: str, policy: str = "record", **more: Any) -> Crawl:
    """Crawl the articles at some paths, and nothing else."""
    settings = {"RIGHTS_POLICY": policy, **more.pop("settings", {})}
    return crawl(
        "esteri",
        output,
        site_url=front.url,
        urls=",".join(front.url + path for path in paths),
        settings=settings,
        **more,
    )


def signals(line: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return source, scope, use and value of a line's signals."""
    return [
        (one["source"], one["scope"], one["use"], one["value"]) for one in line["rights"]["signals"]
    ]


def lines(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of all dumps of a series, oldest first."""
    return Crawl(0, "", "", folder).articles
