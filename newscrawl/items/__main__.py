"""`python -m newscrawl.items`: rewrites docs/article.schema.json and docs/fields.md."""

from __future__ import annotations

import json
from pathlib import Path

from newscrawl.items.fields_page import fields_page
from newscrawl.items.schema import article_schema

DOCS = Path(__file__).parents[2] / "docs"


def pages() -> dict[Path, str]:
    """Return the generated files, path to content."""
    schema = json.dumps(article_schema(), ensure_ascii=False, indent=2)
    return {
        DOCS / "article.schema.json": f"{schema}\n",
        DOCS / "fields.md": fields_page(),
    }


def main() -> None:
    """Write the generated files."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
