"""Article pages of any other layout: a redesign, another theme. See decision 18."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from lxml import etree

from newscrawl.items import Block
from newscrawl.pages.evidence import Evidence
from newscrawl.pages.wordpress import WordPressArticlePage
from newscrawl.text import fold

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from parsel import Selector

_HEADING_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


class GenericArticlePage(WordPressArticlePage):
    """An article read without the theme's markup.

    Fields come from JSON-LD and meta tags, the text from trafilatura. Items have the flag
    `body_generic`.
    """

    NAME: ClassVar[str] = "GenericArticlePage"

    def is_themed(self) -> bool:
        """Return True: this class reads any page."""
        return True

    def _shown_headline(self) -> str:
        return ""

    def not_article_reason(self) -> str | None:
        """Return why this page is not an article; metadata, address and text decide."""
        reason = super().not_article_reason()
        if reason is not None:
            return reason
        if self.identity.is_post:
            # WordPress says so; its text is in a container of the theme's own.
            return None
        evidence = Evidence(self._root, self._jsonld, self._meta, self.identity.address.kind)
        is_article = evidence.is_article(is_dated=self._is_dated, count=self.word_count)
        return None if is_article else "no_article"

    def _is_dated(self) -> bool:
        return bool(self._byline.marked_dates() or self._byline.date())

    def append(self, selector: Selector) -> bool:
        """Add the text of the article's next page but for what repeats from page to page."""
        self._read_first_part()
        known = [*self._reader.blocks]
        blocks = [block for block in self._blocks_of(selector.root) if block not in known]
        if not blocks:
            return False
        self._reader.blocks.extend(blocks)
        self._part_links.read(selector.root)
        return True

    def flags(self) -> list[str]:
        """Return the page's flags and `body_generic`."""
        return [*super().flags(), "body_generic"]

    def _is_heading_line(self, block: Block) -> bool:
        """Return whether a block is the page's headline or byline, which trafilatura may keep."""
        text = (block.text or "").strip(" ·|–-:").casefold()
        if block.type == "heading":
            titles = (fold("".join(title.itertext())) for title in self._root.iter("h1"))
            return text in {title.casefold() for title in titles}
        names = [name for name, _ in self._jsonld.people("author")]
        names += [name for name in (self._meta.first("author"),) if name]
        return any(
            text == f"{prefix}{name}".casefold() for name in names for prefix in ("", "di ", "by ")
        )

    def _read_first_part(self) -> None:
        if self._parts_read:
            return
        self._parts_read = 1
        blocks = self._blocks_of(self._root)
        if blocks:
            self._reader.blocks.extend(blocks)
            self._provenance.note("body", "generic")

    def _blocks_of(self, root: Element) -> list[Block]:
        # Imported here: it takes as long to import as the rest of the crawler.
        import trafilatura  # noqa: PLC0415

        source = etree.tostring(root, encoding="unicode", method="html")
        document = trafilatura.bare_extraction(
            source,
            url=self._url,
            include_comments=False,
            favor_precision=True,
            with_metadata=False,
        )
        body = getattr(document, "body", None)
        if body is None:
            return []
        return [block for block in _blocks(body) if not self._is_heading_line(block)]


def _blocks(body: Element) -> list[Block]:
    """Return trafilatura's XML (TEI names) as blocks."""
    blocks: list[Block] = []
    for element in body:
        text = fold("".join(element.itertext()))
        if not text:
            continue
        if element.tag == "head":
            blocks.append(
                Block("heading", level=_HEADING_LEVELS.get(element.get("rend", ""), 2), text=text)
            )
        elif element.tag == "list":
            items = [fold("".join(item.itertext())) for item in element.iter("item")]
            blocks.append(Block("list", items=[item for item in items if item]))
        elif element.tag == "quote":
            blocks.append(Block("quote", text=text))
        elif element.tag == "table":
            rows = [
                " | ".join(fold("".join(cell.itertext())) for cell in row.iter("cell"))
                for row in element.iter("row")
            ]
            blocks.append(Block("table", items=[row for row in rows if row.strip(" |")]))
        else:
            blocks.append(Block("paragraph", text=text))
    return blocks
