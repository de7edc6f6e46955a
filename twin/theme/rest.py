"""WordPress's REST interface: posts, categories, tags and users."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from twin import addresses, faces
from twin.sections import BY_SLUG, SECTIONS
from twin.theme import body, reply, stock
from twin.theme.rendering import esc_html, the_title
from twin.theme.reply import Headers, Reply

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from twin.model import Post
    from twin.theme.site import Site

_HEADERS: Headers = (
    ("X-Robots-Tag", "noindex"),
    ("X-Content-Type-Options", "nosniff"),
    ("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link"),
    ("Allow", "GET"),
    ("Vary", "Origin"),
)
_CONSTANT = {"status": "publish", "type": "post", "comment_status": "closed",
             "ping_status": "closed", "sticky": False, "template": ""}  # fmt: skip
_FIRST_MEDIA = 500_000
_SLUGS = {str(c.id): c.slug for c in SECTIONS}


def answer(site: Site, path: str, query: Mapping[str, str]) -> Reply:
    """Return the reply to a path below /wp-json."""
    path = path.rstrip("/")
    if not path:
        return reply.json(_index(site), 200, _HEADERS)
    if path == "/wp/v2/posts":
        return _posts(site, query)
    collection, _, own = path.removeprefix("/wp/v2/").partition("/")
    if collection in _COLLECTIONS:
        return _collection(query, _COLLECTIONS[collection](site), own)
    if collection == "media":
        return _collection(query, _all_media(site, query), own)
    number = path.removeprefix("/wp/v2/posts/")
    if number.isascii() and number.isdecimal() and len(number) < 10:
        return _single(site, int(number), query)
    return _error("rest_no_route", "No route was found matching the URL and request method.", 404)


def _index(site: Site) -> dict[str, Any]:
    """Return what the interface says of the site; of the default one only a part."""
    index = {"name": site.face.name, "url": site.origin, "home": site.origin}
    namespaces = {"namespaces": ["oembed/1.0", "wp/v2"]}
    if site.switches.face == faces.DEFAULT:
        return index | namespaces
    offset = site.now.utcoffset()
    hours = offset.total_seconds() / 3600 if offset is not None else 0.0
    return {
        "name": site.face.name,
        "description": site.face.description,
        **index,
        # PHP prints a whole number without a fraction.
        "gmt_offset": int(hours) if hours.is_integer() else hours,
        "timezone_string": site.face.timezone,
        **namespaces,
        "authentication": [],
        "routes": {f"/wp/v2/{name}": {"namespace": "wp/v2", "methods": ["GET"]}
                   for name in ("posts", *_COLLECTIONS)},
    }  # fmt: skip


def _error(code: str, message: str, status: int) -> Reply:
    data = {"code": code, "message": message, "data": {"status": status}}
    return reply.json(data, status, _HEADERS)


def _whole(query: Mapping[str, str], name: str, default: int, most: int) -> int | None:
    text = query.get(name, str(default))
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    return number if 1 <= number <= most else None


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a time; without an offset it is the site's own."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _naive(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def _record(site: Site, post: Post) -> dict[str, Any]:
    protected = "protected" in post.edge_cases
    text = "" if post.locked else "\n".join(body.plain(site, nodes) for nodes in post.pages)
    excerpt = f"<p>{esc_html(post.subtitle)}</p>\n" if post.subtitle and not post.locked else ""
    ids = site.index.tag_ids
    own = site.url(f"/wp-json/wp/v2/posts/{post.id}")
    meta: dict[str, Any] = {"jnews_single_post": [], "jnews_primary_category": []}
    if site.switches.layout in stock.THEMES:
        meta = {"footnotes": ""}
    else:
        if post.sponsor:
            meta["jnews_single_post"] = {"sponsored_post": "1", "sponsored_post_name": post.sponsor}
        if len(post.categories) > 1:
            meta["jnews_primary_category"] = {"id": str(BY_SLUG[post.categories[0]].id)}
    return {
        "id": post.id,
        "date": _naive(post.published),
        "date_gmt": _naive(post.published.astimezone(UTC)),
        "guid": {"rendered": site.url(f"/?p={post.id}")},
        "modified": _naive(post.modified),
        "modified_gmt": _naive(post.modified.astimezone(UTC)),
        "slug": post.slug,
        **_CONSTANT,
        "link": site.post(post),
        "title": {"rendered": the_title(post.title)},
        "content": {"rendered": text, "protected": protected},
        "excerpt": {"rendered": excerpt, "protected": protected},
        "author": site.index.author_ids[post.authors[0].slug],
        "featured_media": post.id + _FIRST_MEDIA if post.picture else 0,
        "format": post.format,
        "meta": meta,
        "categories": [BY_SLUG[slug].id for slug in post.categories],
        "tags": [ids[addresses.slugify(name)] for name in post.tags],
        "_links": {"self": [{"href": own}]},
    }


def _only(record: dict[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    if "_fields" not in query:
        return record
    chosen: dict[str, Any] = {}
    for name, _, inner in (field.partition(".") for field in query["_fields"].split(",")):
        if inner and isinstance(record.get(name), dict):
            part = {key: value for key, value in record[name].items() if key == inner}
            chosen[name] = {**chosen.get(name, {}), **part}
        elif name in record:
            chosen[name] = record[name]
    return chosen


def _chosen(site: Site, query: Mapping[str, str]) -> Sequence[int] | Reply:
    index = site.index
    published, modified = index.lists.published, index.lists.modified
    positions: Sequence[int] = index.everything()
    if "categories" in query:
        slugs = {_SLUGS[c] for c in query["categories"].split(",") if c in _SLUGS}
        # Unlike the theme's lists, REST leaves children out.
        positions = sorted({p for slug in slugs for p in index.own(slug)})
    if "slug" in query:
        position = site.content.by_slug(query["slug"])
        positions = [p for p in positions if p == position] if position is not None else []
    if wanted := _included(query):
        known = {site.content.index_of(number) for number in wanted}
        positions = sorted(position for position in known if position is not None)
    for name, later in (("after", True), ("before", False)):
        for key, moments in ((name, published), (f"modified_{name}", modified)):
            if key not in query:
                continue
            limit = _moment(query[key], site.content.zone)
            if limit is None:
                text = f"Invalid parameter(s): {key}"
                return _error("rest_invalid_param", text, 400)
            compared = limit.__lt__ if later else limit.__gt__
            positions = [p for p in positions if compared(moments[p])]
    if query.get("orderby") == "modified":
        positions = sorted(positions, key=modified.__getitem__, reverse=True)
    return positions[::-1] if query.get("order") == "asc" else positions


def _posts(site: Site, query: Mapping[str, str]) -> Reply:
    size = _whole(query, "per_page", 10, 100)
    page = _whole(query, "page", 1, 10**8)
    if size is None or page is None:
        return _error("rest_invalid_param", "Invalid parameter(s): per_page", 400)
    chosen = _chosen(site, query)
    if isinstance(chosen, Reply):
        return chosen
    last = -(-len(chosen) // size)
    if page > max(last, 1):
        text = "The page number requested is larger than the number of pages available."
        return _error("rest_post_invalid_page_number", text, 400)
    shown = chosen[(page - 1) * size : page * size]
    records = [_only(_record(site, site.content.post(p)), query) for p in shown]
    links = [
        f'<{site.url("/wp-json/wp/v2/posts")}?{urlencode({**query, "page": number})}>; rel="{rel}"'
        for number, rel in ((page - 1, "prev"), (page + 1, "next"))
        if 1 <= number <= last
    ]
    more: Headers = (("X-WP-Total", str(len(chosen))), ("X-WP-TotalPages", str(last)))
    link: Headers = (("Link", ", ".join(links)),) if links else ()
    return reply.json(records, 200, (*_HEADERS, *more, *link))


def _single(site: Site, number: int, query: Mapping[str, str]) -> Reply:
    position = site.content.index_of(number)
    if position is None:
        return _error("rest_post_invalid_id", "Invalid post ID.", 404)
    return reply.json(_only(_record(site, site.content.post(position)), query), 200, _HEADERS)


def _categories(site: Site) -> list[dict[str, Any]]:
    own = sorted(SECTIONS, key=lambda c: site.label(c.slug))
    return [
        {
            "id": c.id,
            "count": len(site.index.own(c.slug)),
            "link": site.category(c.slug),
            "name": esc_html(site.label(c.slug)),
            "slug": site.face.by_key[c.slug].slug,
            "parent": BY_SLUG[c.parent].id if c.parent else 0,
        }
        for c in own
    ]


def _tags(site: Site) -> list[dict[str, Any]]:
    records = []
    for slug, number in sorted(site.index.tag_ids.items()):
        name, positions = site.index.tag(slug) or ("", ())
        link = site.url(f"/tag/{slug}/")
        records.append({"id": number, "count": len(positions), "link": link,
                        "name": esc_html(name), "slug": slug, "taxonomy": "post_tag"})  # fmt: skip
    return records


def _users(site: Site) -> list[dict[str, Any]]:
    records = []
    for slug, number in site.index.author_ids.items():
        person, _ = site.index.author(slug) or (None, ())
        name = person.name if person else ""
        records.append({"id": number, "name": name, "url": "", "description": "",
                        "link": site.author(slug), "slug": slug})  # fmt: skip
    return sorted(records, key=lambda record: str(record["name"]))


def _media(site: Site, number: int) -> dict[str, Any] | None:
    """Return the picture of a post as WordPress lists it; None if the post has none."""
    position = site.content.index_of(number - _FIRST_MEDIA)
    picture = site.content.card(position).picture if position is not None else None
    if picture is None:
        return None
    line = f"<p>{esc_html(picture.caption_text)}</p>\n" if picture.caption_text else ""
    return {"id": number, "source_url": site.url(f"/{picture.path}"), "alt_text": picture.alt,
            "caption": {"rendered": line}, "media_type": "image",
            "media_details": {"width": picture.width, "height": picture.height}}  # fmt: skip


def _all_media(site: Site, query: Mapping[str, str]) -> list[dict[str, Any]]:
    cards = (site.index.card(position) for position in site.index.everything())
    numbers = _included(query) or [card.id + _FIRST_MEDIA for card in cards]
    return [record for number in numbers if (record := _media(site, number))]


def _included(query: Mapping[str, str]) -> list[int]:
    texts = query.get("include", "").split(",")
    return [int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10]


_COLLECTIONS = {"categories": _categories, "tags": _tags, "users": _users}


def _collection(query: Mapping[str, str], everything: list[dict[str, Any]], own: str) -> Reply:
    """Return a page of a collection, or the record with the id `own` if there is one."""
    if own:
        record = next((record for record in everything if str(record["id"]) == own), None)
        invalid = _error("rest_term_invalid", "Term does not exist.", 404)
        return reply.json(_only(record, query), 200, _HEADERS) if record else invalid
    included, slug = _included(query), query.get("slug")
    records = [r for r in everything if (not included or r["id"] in included)
               and slug in (None, r.get("slug"))]  # fmt: skip
    total = str(len(records))
    size = _whole(query, "per_page", 10, 100) or 10
    page = _whole(query, "page", 1, 10**6) or 1
    shown = [_only(record, query) for record in records[(page - 1) * size : page * size]]
    more = (("X-WP-Total", total), ("X-WP-TotalPages", str(-(-len(records) // size))))
    return reply.json(shown, 200, (*_HEADERS, *more))
