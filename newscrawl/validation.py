"""What an article must have to be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.items import Article


def reasons_against(article: Article) -> list[str]:
    """Return why `article` must not be written; nothing when it may.

    >>> from newscrawl.items import Article
    >>> reasons_against(Article(headline="Titolo", url="https://www.alanews.it/esteri/a-b/"))
    ['no_body']
    """
    required = (
        ("no_headline", article.headline),
        ("no_url", article.url),
        ("no_body", article.body),
    )
    return [reason for reason, value in required if not value]
