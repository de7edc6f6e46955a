"""What a dump's line looks like, for machines and for people; made from `newscrawl.items`."""

from newscrawl.schema.article import article_schema
from newscrawl.schema.page import fields_page

__all__ = ["article_schema", "fields_page"]
