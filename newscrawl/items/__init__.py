"""The article: the one definition of a line in a dump, with its parts, draft and schema."""

from newscrawl.items.article import (
    ARTICLE_FIELDS,
    COMPARED_FIELDS,
    COUNTED_FIELDS,
    FIELDS_OF_GONE,
    FROM_TWIN,
    PARTS,
    SCHEMA_VERSION,
    Article,
    parts_of,
)
from newscrawl.items.parts import (
    Author,
    Block,
    Breadcrumb,
    Dateline,
    Disagreement,
    Image,
    Link,
    Publisher,
    RelatedPost,
    Rights,
    Video,
)

__all__ = [
    "ARTICLE_FIELDS",
    "COMPARED_FIELDS",
    "COUNTED_FIELDS",
    "FIELDS_OF_GONE",
    "FROM_TWIN",
    "PARTS",
    "SCHEMA_VERSION",
    "Article",
    "Author",
    "Block",
    "Breadcrumb",
    "Dateline",
    "Disagreement",
    "Image",
    "Link",
    "Publisher",
    "RelatedPost",
    "Rights",
    "Video",
    "parts_of",
]
