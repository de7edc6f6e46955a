"""What a page is: canonical URL, post id, format, and why it is not an article."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.address_claims import (
    names_other_article,
    names_same_document,
    suits_title,
)
from newscrawl.pages.shown import whole_text
from newscrawl.pages.tag_index import TagIndex, page_parts
from newscrawl.sites.exact_paths import without_case
from newscrawl.text import digest, fold
from newscrawl.urls import Address, Kind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.pages.structured import Meta
    from newscrawl.urls import SiteUrls

PROTECTED = "password_protected"
"""Why a page is not an article: WordPress asks for its password."""
_NAMED_BY_QUERY = frozenset({Kind.ARTICLE, Kind.PAGE})
_NOT_FOUND = etree.XPath("boolean(//div[contains(@class,'jeg_404_content')])")
_POST_ID = re.compile(r"(?:^|\s)postid-(\d{1,15})(?:\s|$)")
_FORMAT = re.compile(r"single-format-(\w+)")
_QUERY_ID = re.compile(r"[?&]p=(\d{1,15})(?:&|$)")
_REST_ID = re.compile(r"/wp/v2/posts/(\d{1,15})$")
_NOT_FOUND_TITLE = re.compile(
    r"\A(?:page not found|pagina non trovata|(?:errore |error )?404(?: not found)?"
    r"|(?:contenuto|articolo) non (?:più )?(?:trovato|disponibile|esistente)"
    r"|(?:content|article) not (?:found|available)|seite nicht gefunden"
    r"|page (?:introuvable|non trouvée)|página (?:no encontrada|não encontrada))"
    r"\W{0,3}(?:\s[-–—|»]\s|\Z)",
    re.I,
)
_MAX_CACHED = 2_000
"""Characters of a footer."""
_REGISTRATION = re.compile(
    r"(?:registrat[aeo]|registrazione|reg\.|iscritt[aeo]|autorizzat[aeo]|autorizzazione|aut\.)"
    r"(?:(?: stampa| con| n[°.]?)? (?:al|presso il|presso|c/o il|c/o|del|dal))? "
    r"((?:tribunale|trib\.)(?: di)? [^|\d]{2,40}?"
    r"(?:(?:il|in data) \d{1,2} \w{4,9} \d{4}[^|\d]{1,20}?)?"
    r"(?:n\.?\s?°|n°|n\.|nr\.?|numero)?\s?"
    r"(?:\d{1,6}[/-]\d{2,4}|\d{1,6} (?:del|dell'|il) ?\d{1,2}"
    r"(?:[/.-]\d{1,2}[/.-]| \w{4,9} )\d{2,4}))",
    re.I,
)
# Body classes of WordPress (wp-includes/post-template.php) that articles do not have.
_OTHER_PAGES = (
    ("error404", "not_found"),
    ("home", "home_page"),
    ("blog", "home_page"),
    ("search", "archive"),
    ("archive", "archive"),
    ("attachment", "attachment"),
    ("page", "static_page"),
)
# Other systems use the same words: WordPress also has classes with numbers, files of its own.
_CORE_CLASS = re.compile(
    r"(?:^|\s)(?:(?:page-id|postid|attachmentid|parent-pageid|category|tag|author|term|paged)-\d+"
    r"|page-template\S*|(?:post|attachment)-template-\S+|single-format-\w+|error404"
    r"|search-(?:results|no-results)|post-type-archive|tax-\S+|wp-\S+|jeg_\S+|jnews)(?:\s|$)"
)
_CORE_HEAD = etree.XPath(
    "boolean(/html/head/meta[@name='generator' and contains(@content,'WordPress')]"
    "|/html/head/link[@rel='https://api.w.org/' or @rel='EditURI' or contains(@href,'/wp-content/')"
    " or contains(@href,'/wp-includes/')]"
    "|/html/head/script[contains(@src,'/wp-content/') or contains(@src,'/wp-includes/')])"
)
_CORE_PAIRS = tuple(
    frozenset(pair)
    for pair in (
        *(("archive", name) for name in ("category", "tag", "author", "date")),
        ("home", "blog"),
    )
)
# A tuple: to look up an enumeration's member in a set takes a call of its `__hash__`.
_ARCHIVES = (Kind.ARCHIVE, Kind.TAG, Kind.AUTHOR, Kind.DAY)
# Post types of widespread plugins that are not articles.
_OTHER_TYPES = frozenset(
    f"single-{name}"
    for name in (
        *("product", "download", "forum", "topic", "reply", "tribe_events", "job_listing"),
        *("elementor_library", "course", "lesson", "portfolio", "testimonial", "page"),
    )
)


class PageIdentity:
    """What a page states about itself.

    The theme repeats the body's classes on `#post-body-class`: only the body tag is read.
    """

    def __init__(
        self, root: Element, url: str, urls: SiteUrls, meta: Meta, tags: TagIndex | None = None
    ) -> None:
        self._root = root
        self._tags = tags or TagIndex(root)
        self._meta = meta
        self._urls = urls
        self._address = urls.understand(url)
        self._raw_url = url
        body = next(root.iterchildren("body"), None)
        self._class_names = body.get("class") or "" if body is not None else ""
        self._classes = frozenset(self._class_names.split())
        self._links = self._first_links()

    def _first_links(self) -> dict[str, str]:
        """Return the first link of each relation in the head; the REST link as `rest`."""
        links: dict[str, str] = {}
        for link in self._tags.document_links:
            href = link.get("href")
            if href is None:
                continue
            relation = (link.get("rel") or "").lower()
            if relation == "alternate" and link.get("type") == "application/json":
                relation = "rest"
            if relation not in links:
                links[relation] = href
            if " " in relation and "canonical" in relation.split():
                links.setdefault("canonical", href)
        return links

    @cached_property
    def _canonical(self) -> Address | None:
        """The page's canonical URL, when it is that of an article of this site, and its own."""
        for href in (self._links.get("canonical"), self._meta.first("og:url")):
            address = self._urls.understand(href, self._raw_url) if href else None
            if address is None or address.post_id is not None or not self._may_be_own(address):
                continue
            if not self._is_refused(address.url):
                return address
        return None

    def _may_be_own(self, address: Address) -> bool:
        """Return whether a stated address is an article's, or a shorter form of the fetched one."""
        fetched, stated, own = self._address, address.url, self._address.url
        if self._urls.site.exact_paths:
            stated, own = without_case(stated), without_case(own)
            if stated == own:
                return True
        if "?" in fetched.url and fetched.post_id is None and fetched.kind in _NAMED_BY_QUERY:
            is_same = names_same_document(stated, own)
            if is_same is not None:
                return is_same
        return address.kind is Kind.ARTICLE

    def _is_refused(self, url: str) -> bool:
        """Return whether a stated address is not believed: it is another article's."""
        fetched = self._address
        is_same = url == fetched.url
        if is_same or fetched.kind is not Kind.ARTICLE or fetched.post_id is not None:
            return False
        return names_other_article(url, fetched.url) and not suits_title(
            self._root, url, fetched.url
        )

    @property
    def has_url_conflict(self) -> bool:
        """Whether the page states the address of another article as its own."""
        return any(self._is_refused(url) for url in self._stated)

    @cached_property
    def _stated(self) -> list[str]:
        """The addresses that the page states as its own, absolute."""
        stated = (self._links.get("canonical"), self._meta.first("og:url"))
        return [self._urls.canonical(url, self._raw_url) for url in stated if url]

    @property
    def stated_urls(self) -> list[str]:
        """The addresses of this page, as fetched and as it states them, whichever their host."""
        own = (url for url in self._stated if not self._is_refused(url))
        urls = (self._raw_url, *own, self._links.get("shortlink"))
        return [url for url in urls if url]

    @property
    def address(self) -> Address:
        """The canonical URL and its meaning."""
        return self._canonical or self._address

    @property
    def url(self) -> str:
        """The canonical URL."""
        return self.address.url

    @property
    def day(self) -> str | None:
        """`YYYY/MM/DD` in the canonical URL."""
        return self.address.day

    @property
    def slugs(self) -> tuple[str, ...]:
        """Slugs of categories in the canonical URL."""
        return self.address.sections

    @cached_property
    def post_id(self) -> int | None:
        """WordPress's post id from the body's class, the short link or the REST link."""
        for text, pattern in (
            (self._class_names, _POST_ID),
            (self._links.get("shortlink", ""), _QUERY_ID),
            (self._links.get("rest", ""), _REST_ID),
        ):
            if match := pattern.search(text):
                return int(match.group(1))
        return self._address.post_id

    @property
    def id(self) -> str:
        """The article's id: from the post id, else from a hash of the canonical URL."""
        key = self._urls.site.key
        return f"{key}:{self.post_id}" if self.post_id else f"{key}:{digest(self.url)[:16]}"

    @property
    def is_single(self) -> bool:
        """Whether WordPress marks the page as a single post."""
        return "single" in self._classes or "single-post" in self._classes

    @property
    def is_post(self) -> bool:
        """Whether core marks the page as that of a single post of a type that is an article."""
        return "single-post" in self._classes or _POST_ID.search(self._class_names) is not None

    @cached_property
    def _is_wordpress(self) -> bool:
        """Whether the words in the body's class are WordPress's."""
        return is_wordpress(self._root)

    @property
    def format(self) -> str:
        """WordPress's post format: standard, video or gallery."""
        match = _FORMAT.search(self._class_names)
        return match.group(1) if match and match.group(1) in {"video", "gallery"} else "standard"

    @cached_property
    def has_not_found_title(self) -> bool:
        """Whether the title or the first heading says that the page was not found."""
        return has_not_found_title(self._root)

    def not_article_reason(self) -> str | None:
        """Return why the page is not an article, None when it may be one."""
        return self._not_article_reason

    @cached_property
    def _not_article_reason(self) -> str | None:
        for form in self._tags.forms:
            if "post-password" in (form.get("class") or ""):
                return PROTECTED
        if self._is_embed():
            return "embed"
        if reason := self._class_reason():
            return reason
        if not self.is_single and self.has_not_found_title:
            return "not_found"
        if "preview=true" in self._raw_url:
            return "preview"
        return self._canonical_reason()

    def _is_embed(self) -> bool:
        """Return whether the page is what WordPress embeds in other pages."""
        classes = [
            division.get("class") or ""
            for body in page_parts(self._root, "body")
            for division in body.iterchildren("div")
        ]
        return "wp-embed" in "\n".join(classes)

    def _class_reason(self) -> str | None:
        """Return what the body's class says that articles' do not, as far as it is WordPress's."""
        if "single-attachment" in self._classes:
            return "attachment"
        if self._classes & _OTHER_TYPES:
            return "no_article"
        if self.is_single:
            return None
        if _NOT_FOUND(self._root):
            return "not_found"
        for name, reason in _OTHER_PAGES:
            if name in self._classes and self._is_wordpress:
                return reason
        return None

    def _canonical_reason(self) -> str | None:
        """Return why the page's canonical URL is not an article's: a home page, an archive."""
        href = self._links.get("canonical")
        kind = self._urls.understand(href, self._raw_url).kind if href else None
        if kind is Kind.HOME:
            return "home_page"
        if kind in _ARCHIVES and not self.is_single:
            return "archive"
        return None

    @staticmethod
    def registration(text: str) -> str | None:
        """Return the court registration in a footer's text, as written.

        >>> PageIdentity.registration("Testata registrata al tribunale di Roma n° 243/2012 | ...")
        'tribunale di Roma n° 243/2012'
        """
        search = _registration if len(text) <= _MAX_CACHED else _registration.__wrapped__
        return search(text)


@lru_cache(maxsize=64)
def _registration(text: str) -> str | None:
    """Return the court registration in a text, which the pages of a site share."""
    match = _REGISTRATION.search(text)
    return match.group(1) if match else None


def is_wordpress(root: Element) -> bool:
    """Return whether the classes of a page's body or its head show that WordPress made it."""
    body = next(root.iterchildren("body"), None)
    names = body.get("class") or "" if body is not None else ""
    classes = frozenset(names.split())
    return (
        _CORE_CLASS.search(names) is not None
        or any(pair <= classes for pair in _CORE_PAIRS)
        or bool(_CORE_HEAD(root))
    )


def has_not_found_title(root: Element) -> bool:
    """Return whether a page's title or its first heading says that the page was not found."""
    titles = (next(root.iter(tag), None) for tag in ("title", "h1"))
    return any(
        title is not None and _NOT_FOUND_TITLE.match(fold(whole_text(title))) for title in titles
    )
