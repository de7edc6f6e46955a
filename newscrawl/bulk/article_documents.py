"""Articles as datatrove's documents, and documents as articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from datatrove.data import Document

from newscrawl.dumps.decoding import article_of

if TYPE_CHECKING:
    from newscrawl.items import Article


def document_of(article: Article, defaults: dict[str, Any] | None = None) -> Document:
    """Return the document of an article.

    Its text is the body, its id the article's id, its metadata all other fields as JSON has them.

    Args:
        article: the article.
        defaults: further metadata, which do not replace a field.
    """
    fields = msgspec.to_builtins(article)
    text, number = fields.pop("body"), fields.pop("id")
    return Document(text=text, id=number, metadata={**(defaults or {}), **fields})


def article_of_document(document: Document) -> Article:
    """Return the article of a document; metadata that are not fields of an article are left out.

    Raises:
        ValueError: a field is missing or of another type.
    """
    return article_of({**document.metadata, "id": document.id, "body": document.text})
