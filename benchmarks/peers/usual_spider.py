"""The usual Scrapy project for a news site: rules of links, CSS selectors, a feed of JSON lines.

`scrapy runspider usual_spider.py -a site_url=http://... -O articles.jsonl`. It knows the theme's
markup as a person reads it off a few pages, and has Scrapy's default settings but for the delay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Field, Item
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.http import Response


class ArticleItem(Item):
    """An article as most projects have it."""

    url = Field()
    headline = Field()
    authors = Field()
    date_published = Field()
    tags = Field()
    image = Field()
    text = Field()


class UsualSpider(CrawlSpider):
    """Follows the sections and their pages, and reads each article that they link to."""

    name = "usual"
    blocks = ", ".join(
        f".content-inner > {block}" for block in ("p", "h2", "h3", "ul > li", "blockquote > p")
    )
    rules = (
        Rule(LinkExtractor(allow=r"/category/")),
        Rule(LinkExtractor(allow=r"/\d{4}/\d{2}/\d{2}/[^?#]+/$"), callback="parse_article"),
    )

    def __init__(self, site_url: str, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.start_urls = [f"{site_url}/"]
        self.allowed_domains = [urlsplit(site_url).hostname or ""]

    def parse_article(self, response: Response) -> Iterator[ArticleItem]:
        """Yield what the selectors find."""
        blocks = response.css(self.blocks)
        texts = ("".join(block.css("::text").getall()).strip() for block in blocks)
        yield ArticleItem(
            url=response.url,
            headline=response.css("h1.jeg_post_title::text").get("").strip(),
            authors=response.css(".jeg_meta_author a::text").getall(),
            date_published=response.css(
                'meta[property="article:published_time"]::attr(content)'
            ).get(),
            tags=response.css(".jeg_post_tags a::text").getall(),
            image=response.css('meta[property="og:image"]::attr(content)').get(),
            text="\n".join(text for text in texts if text),
        )
