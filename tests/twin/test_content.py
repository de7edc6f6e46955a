"""The twin's content and truth: repeatable, grammatical, consistent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from functools import cache

import pytest

from newscrawl.items import ARTICLE_FIELDS, Article
from tests.support.crawling import ROOT
from twin import addresses, dating, expected_page, italian, truth
from twin.content import Content
from twin.dating import ROME
from twin.edge_cases import edge_cases
from twin.grammar import Choice, Pattern, Slot, pattern
from twin.model import CARD_FIELDS, Post, Switches
from twin.schedule import EPOCH
from twin.sections import SECTIONS, members
from twin.wordlists import phrases, vocabulary

TWIN = ROOT / "twin"
DOCS = TWIN / "README.md"
VOCABULARIES = sorted(path.stem for path in (TWIN / "vocabulary").glob("*.toml"))
VALUES: dict[str, tuple[object, ...]] = {
    "permalinks": ("dated", "named", "changed-redirect", "changed-both"),
    "category_base": ("category", "bare", "categoria"),
    "metadata": ("yoast", "jnews", "both", "none"),
    "visible_date": ("modified", "published", "both", "ago", "custom"),
    "template": ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "custom"),
    "images": ("lazy", "normal", "background"),
    "coauthors": (True, False),
    "furniture": (False, True),
    "related": ("category", "tag", "off"),
    "menu": ("full", "stale"),
    "h1": ("theme", "lost"),
    "tdm": ("off", "header", "meta", "wellknown"),
    "layout": ("jnews", "redesign"),
}
ONE_BY_ONE = [Switches(**{name: value}) for name, values in VALUES.items() for value in values]  # type: ignore[arg-type]
DATE_SWITCHES = [
    Switches(permalinks=str(p), metadata=str(m), visible_date=str(v), layout=str(layout))
    for p in VALUES["permalinks"]
    for m in VALUES["metadata"]
    for v in VALUES["visible_date"]
    for layout in VALUES["layout"]
]


def _name(switches: Switches) -> str:
    changed = [f.name for f in fields(Switches) if getattr(switches, f.name) != f.default]
    return " ".join(f"{name}={getattr(switches, name)}" for name in changed) or "default"


WRONG = re.compile(
    r"\b(?:di il|di lo|di la|di l’|di i|di gli|a il|a lo|a la|a l’|a i|a gli|da il|da la|"
    r"in il|in la|su il|su la|su l’|un’[bcdfglmnpqrstvz]\w+|una [aeiou]\w+|uno [aeiou]\w+|"
    r"(?:il|del|al|dal|nel|sul) [aeiouàèéìòù]\w*|"
    r"(?:il|un|del|al|dal|nel|sul|i|dei|ai) (?:s[bcdfgpqtv]|z|gn|ps)\w*|"
    r"(?:i|dei|ai|dai|nei|sui) [aeiou]\w*|"
    r"(?:dello|allo|dallo|nello|sullo) (?!ps|pn|gn|i[aeou])[aeioubcdflmnpqrtv]\w*|"
    r"(?:della|alla|dalla|nella|sulla) [aeiou]\w*|"
    r"il (?:8|11)|a a\w+|per per|e e)\b"
)


@cache
def site(size: int = 300, seed: int = 1) -> Content:
    return Content(size=size, seed=seed)


@cache
def everything(switches: Switches, size: int = 300) -> dict[str, Article]:
    return truth.expected(site(size), switches)


def with_edge_case(name: str, size: int = 50) -> Post:
    return next(post for post in site(size).posts if name in post.edge_cases)


def item(post: Post, switches: Switches, size: int = 50) -> Article:
    now = site(size).now
    found = truth.article(post, site(size), switches, fetched_at=now, now=now)
    assert found is not None
    return found


def test_the_same_seed_makes_the_same_posts() -> None:
    one, two = Content(size=60, seed=7), Content(size=60, seed=7)
    backwards = [two.post(index) for index in reversed(range(60))]
    assert list(one.posts) == backwards[::-1]
    assert [p.title for p in Content(size=60, seed=8).posts] != [p.title for p in one.posts]


def test_a_busy_last_day_has_so_many_posts_more() -> None:
    usual, busy = Content(size=200), Content(size=300, fresh=100)
    start = EPOCH - timedelta(days=1)
    of_the_day = [post.published for post in busy.posts if start < post.published <= EPOCH]
    before = [post.published for post in usual.posts if start < post.published <= EPOCH]
    assert 100 + len(before) // 2 <= len(of_the_day) <= 100 + 2 * len(before)
    # Evenly, so that no hour is without.
    hours = Counter((moment - start) // timedelta(hours=3) for moment in of_the_day)
    assert min(hours[part] for part in range(8)) >= 12
    assert len(busy) == 300
    assert len(busy.changed()) == 300
    earlier = Content(size=300, fresh=100, now=start)
    assert len(earlier) == 300 - len(of_the_day)


def test_a_card_is_the_post_without_its_text() -> None:
    content = site(50)
    for index in range(50):
        card, post = content.card(index), content.post(index)
        assert all(getattr(card, name) == getattr(post, name) for name in CARD_FIELDS)


def test_ids_and_slugs_are_unique_and_ids_rise_with_time() -> None:
    posts = site().posts
    assert len({p.id for p in posts}) == len({p.slug for p in posts}) == 300
    oldest_first = sorted(posts, key=lambda p: p.published.timestamp())
    ids = [p.id for p in oldest_first]
    assert ids == sorted(ids)
    assert max(ids) - min(ids) > 300
    assert [p.id for p in posts] == ids[::-1]


def test_titles_hardly_ever_collide() -> None:
    titles = Counter(post.title for post in site().posts)
    assert [title for title, count in titles.items() if count > 1] == [
        with_edge_case("slug-twin").title
    ]
    assert with_edge_case("slug-twin").slug.endswith("-2")


@pytest.mark.parametrize("size", [50, 51, 120])
def test_every_edge_case_is_there_at_any_size(size: int) -> None:
    found = Counter(name for post in site(size).posts for name in post.edge_cases)
    assert set(found) == set(edge_cases().all)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_section_has_posts(seed: int) -> None:
    content = site(50, seed)
    assert all(len(content.category(c.slug)) > 1 for c in SECTIONS)


def test_fewer_than_the_required_posts_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 50"):
        Content(size=49)


def test_every_edge_case_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE))
    assert set(edge_cases().all) <= documented


def test_a_clock_that_stands_earlier_knows_no_later_post_or_change() -> None:
    now = EPOCH - timedelta(days=30)
    content, whole = Content(now=now), site()
    assert 0 < len(content) < 300
    by_id = {post.id: post for post in whole.posts}
    for post in content.posts:
        assert post.published <= now
        assert post.modified <= now
        assert replace(by_id[post.id], modified=post.modified) == post


def test_times() -> None:
    posts = list(site().posts)
    assert all(p.modified >= p.published for p in posts)
    assert all(p.published.tzinfo is ROME and p.published.microsecond == 0 for p in posts)
    assert 0.05 < sum(p.modified.date() > p.published.date() for p in posts) / 300 < 0.2
    assert posts[-1].published < EPOCH - timedelta(days=600)
    night = sum(p.published.hour < 6 for p in posts)
    assert night < 40
    first, second = with_edge_case("dst-first"), with_edge_case("dst-second")
    assert second.published.timestamp() - first.published.timestamp() == 3600
    assert with_edge_case("late-utc").published.astimezone(dating.UTC).strftime("%H:%M") == "23:30"
    assert with_edge_case("after-midnight").published.strftime("%H:%M") == "00:30"


def test_lookups_agree() -> None:
    content = site(120)
    for index in range(120):
        card = content.card(index)
        assert content.index_of(card.id) == index
        assert content.by_slug(card.slug) == index
        for switches in (Switches(), Switches(permalinks="named")):
            assert content.by_path(addresses.path(card, switches)) == index
            assert content.by_path(addresses.old_path(card, switches)) == index
        assert index in content.category(card.categories[0])
        assert index in content.day(card.published.date())
        assert all(index in content.tag(addresses.slugify(tag)) for tag in card.tags)
        assert all(index in content.author(person.slug) for person in card.authors)
    assert content.by_id(1) is None
    assert content.by_slug("non-esiste") is None
    assert content.tag("non-esiste") == ()


def test_an_unescaped_path_finds_its_post() -> None:
    post = with_edge_case("slug-accents")
    assert "%c3%a0" in post.slug
    found = site(50).by_path("/ambiente/perché-la-città-è-più-verde/")
    assert found is not None
    assert site(50).card(found).id == post.id


def test_related_are_the_newest_of_the_same_sections() -> None:
    content = site()
    for index in (0, 40, 200):
        post = content.post(index)
        found = content.related(post, Switches(), 6)
        family = frozenset[str]().union(*(members(slug) for slug in post.categories))
        wanted = [
            card
            for card in map(content.card, range(300))
            if card.id != post.id and not family.isdisjoint(card.categories)
        ][:6]
        assert found == wanted


def _words(found: Pattern) -> list[Slot]:
    slots: list[Slot] = []
    for piece in found:
        if isinstance(piece, Slot):
            slots.append(piece)
        elif isinstance(piece, Choice):
            for option in piece.options:
                slots += _words(option)
    return slots


def test_patterns_are_well_formed() -> None:
    general = [getattr(phrases(), name) for name in phrases().__struct_fields__]
    own = [
        getattr(vocabulary(slug), name)
        for slug in VOCABULARIES
        for name in ("facts", "quotes", "heads", "titles")
    ]
    for pool in general + own:
        assert len(set(pool)) == len(pool)
        for text in pool:
            for slot in _words(pattern(text)):
                assert slot.form in {
                    "", "n", "il", "un", "di", "a", "da", "in", "su", "o", "s", "r", "office",
                }  # fmt: skip


@pytest.mark.parametrize("slug", VOCABULARIES)
def test_nouns_are_well_formed(slug: str) -> None:
    own = vocabulary(slug)
    for entry in (*own.events, *own.bodies, *own.aspects):
        assert re.fullmatch(r"[mf]:\S.*\S", entry)
        assert not WRONG.search(italian.definite(italian.noun(entry)))


@pytest.mark.parametrize("slug", [c.slug for c in SECTIONS])
def test_texts_are_grammatical(slug: str) -> None:
    for found in everything(Switches()).values():
        if found.section != next(c.name for c in SECTIONS if c.slug == slug):
            continue
        for text in (found.headline, found.subtitle or "", found.body):
            assert not (match := WRONG.search(text)), (match, text)
            assert "  " not in text
            assert not re.search(r"[{}\[|]", text.replace("[31m", "").replace("[0m", "")) or (
                " | " in text
            )
            assert not re.search(r"\b(?:LINK|ANCHOR|None)\b", text)


def test_sentences_seldom_repeat() -> None:
    count: Counter[str] = Counter()
    articles = everything(Switches())
    repeated = {i for group in truth.duplicates(articles) for i in sorted(group)[1:]}
    for found in articles.values():
        if found.id not in repeated:
            sentences = set(re.split(r"(?<=[.!?”])\s+", found.body))
            count.update(s for s in sentences if len(s.split()) > 3)
    assert sum(n for n in count.values() if n > 1) / count.total() < 0.08


def test_articles_are_long_and_varied() -> None:
    articles = [a for a in everything(Switches()).values() if a.format == "standard"]
    lengths = sorted(a.word_count for a in articles)
    assert lengths[len(lengths) // 20] > 200
    assert lengths[len(lengths) // 2] > 400
    kinds = Counter(block.type for a in articles for block in a.blocks)
    assert set(kinds) == {
        "heading", "paragraph", "list", "quote", "image", "video", "embed", "table",
    }  # fmt: skip


@pytest.mark.parametrize("switches", ONE_BY_ONE, ids=_name)
def test_truth_is_consistent(switches: Switches) -> None:
    found = truth.expected(site(50), switches)
    assert len(found) == 50 - len(truth.not_articles(site(50), switches))
    for key, article in found.items():
        assert list(asdict(article)) == list(ARTICLE_FIELDS)
        assert key == article.id
        assert article.headline
        assert article.body
        assert article.url.startswith("https://www.alanews.it/")
        assert article.url.endswith("/")
        assert article.section in article.sections
        assert article.body == article.body.strip()
        assert not re.search(r"[\x00-\x09\x0b-\x1f\u2028]", article.body + article.headline)
        named = {b.url for b in article.blocks if b.type == "image"}
        assert named <= {image.url for image in article.images}
        assert all(getattr(article, name) for name in article.provenance if "free" not in name)
        assert all(r.url.startswith("https://www.alanews.it/") for r in article.related)
        assert len(article.related) <= 6


@pytest.mark.parametrize("section", [c.slug for c in SECTIONS])
def test_a_section_holds_its_children(section: str) -> None:
    found = truth.expected(site(120), Switches(), section)
    wanted = {
        truth.article_id(card)
        for card in map(site(120).card, range(120))
        if truth.in_section(card, section) and "protected" not in card.edge_cases
    }
    assert set(found) == wanted
    assert found


@pytest.mark.parametrize("switches", DATE_SWITCHES, ids=_name)
def test_dates_follow_what_the_page_says(switches: Switches) -> None:
    now = site(50).now
    for post in site(50).posts:
        found = expected_page.dates(post, switches, fetched_at=now, now=now)
        if switches.metadata != "none":
            assert found.published
            assert found.published.source == "jsonld"
            naive_second = switches.metadata == "jnews" and "dst-second" in post.edge_cases
            if not naive_second:
                moment = datetime.fromisoformat(found.published.value)
                assert moment.timestamp() == post.published.timestamp()
            assert not found.flags
        elif switches.permalinks != "named":
            assert found.published
            assert found.published.value[:10] == post.published.date().isoformat()
            assert found.flags
        else:
            assert found.published
            assert found.flags == ["date_from_visible"]
        if found.modified:
            assert found.modified.value[:10] >= found.published.value[:10]


def test_without_metadata_and_day_the_modified_date_is_all_there_is() -> None:
    post = with_edge_case("live")
    found = item(post, Switches(permalinks="named", metadata="none"))
    assert found.date_published == post.modified.date().isoformat()
    assert found.date_published_raw == dating.day_text(post.modified)
    assert found.date_modified is None
    assert found.flags == ["date_from_visible"]


def test_a_visible_time_on_the_day_in_the_address_is_better_than_the_day() -> None:
    found = item(with_edge_case("after-midnight"), Switches(metadata="none", visible_date="custom"))
    assert found.date_published == "2026-11-02T00:30:00+01:00"
    assert (found.date_published_precision, found.flags) == ("minute", ["date_from_visible"])


def test_both_dates_in_one_line() -> None:
    post = with_edge_case("live")
    found = item(post, Switches(metadata="none", permalinks="named", visible_date="both"))
    assert found.date_published == post.published.date().isoformat()
    assert found.date_modified == post.modified.date().isoformat()
    assert found.date_modified_raw == dating.day_text(post.modified)


@pytest.mark.parametrize(
    ("age", "text", "value"),
    [
        (timedelta(minutes=5), "5 minuti ago", "2026-11-23T14:55:00+01:00"),
        (timedelta(hours=2), "2 ore ago", "2026-11-23T13:00:00+01:00"),
        (timedelta(days=1), "1 giorno ago", "2026-11-22"),
        (timedelta(days=3), "3 giorni ago", "2026-11-20"),
        (timedelta(days=14), "2 settimane ago", "2026-11-09"),
        (timedelta(days=150), "5 months ago", "2026-06-23"),
        (timedelta(days=400), "1 year ago", "2025-11-23"),
    ],
)
def test_relative_dates(age: timedelta, text: str, value: str) -> None:
    post = replace(with_edge_case("reference-article"), published=EPOCH - age)
    assert dating.ago_text(post, EPOCH) == text
    shown, _ = dating.read(post, Switches(visible_date="ago"), printed=EPOCH, fetched=EPOCH)
    assert (shown.raw, shown.value) == (text, value)


def test_naive_dates_disagree_with_aware_ones_in_the_hour_that_comes_twice() -> None:
    found = item(with_edge_case("dst-second"), Switches(metadata="both"))
    assert found.date_published == "2025-10-26T02:30:00+01:00"
    assert [(d.field, d.value) for d in found.disagreements] == [
        ("date_published", "2025-10-26T02:30:00+02:00")
    ]


def test_the_address_may_name_another_section() -> None:
    found = item(with_edge_case("other-url-category"), Switches())
    assert (found.section, found.sections) == ("Politica", ["Politica", "Cronaca"])
    assert "/cronaca/" in found.url
    assert [(d.source, d.value) for d in found.disagreements] == [("url", "Cronaca")]
    bare = item(with_edge_case("other-url-category"), Switches(metadata="none", template="10"))
    assert (bare.section, bare.provenance["section"]) == ("Cronaca", "url")


def test_authors_beyond_the_second_come_from_metadata() -> None:
    post = with_edge_case("coauthors-4")
    whole = item(post, Switches())
    assert [a.name for a in whole.authors] == [p.name for p in post.authors]
    assert [bool(a.url) for a in whole.authors] == [True, True, False, False]
    assert len(item(post, Switches(metadata="none")).authors) == 2
    assert len(item(post, Switches(coauthors=False)).authors) == 1


def test_captions() -> None:
    found = item(with_edge_case("reference-article"), Switches()).image
    assert found
    assert (found.caption, found.credit) == (found.alt, "Ansa")
    assert (found.width, found.height) == (1200, 675)
    background = item(
        with_edge_case("reference-article"), Switches(template="5", metadata="none")
    ).image
    assert background
    assert (background.caption, background.credit, background.alt) == (None, None, None)
    assert background.width is None


def test_the_reference_article() -> None:
    found = item(with_edge_case("reference-article"), Switches())
    assert found.date_published == "2025-10-28T14:30:00+01:00"
    assert found.dateline
    assert (found.dateline.place, found.dateline.date) == ("Tokyo", "2025-10-28")
    assert [b.level for b in found.blocks if b.type == "heading"] == [2, 2]
    assert len(found.keywords) == 4
    assert found.section == "Esteri"


def test_texts_of_required_posts() -> None:
    control = item(with_edge_case("title-control"), Switches())
    assert control.headline == "Ponte chiuso al traffico, i [31mlavori[0m fino alla primavera"
    assert item(with_edge_case("escaped-subtitle"), Switches()).subtitle == (
        "Il prototipo supera le prove: costi & tempi del progetto"
    )
    assert len(with_edge_case("title-long").title) > 300
    assert with_edge_case("slug-video").slug == "video"
    notice = item(with_edge_case("house-notice"), Switches())
    assert "abbonato" not in notice.body
    assert not any("abbonamenti" in link.url for link in notice.links)
    assert any("\n" in (b.text or "") for b in item(with_edge_case("single-br"), Switches()).blocks)
    assert len(with_edge_case("pages-3").pages) == 3
    failed = item(with_edge_case("failed-embed"), Switches())
    assert [b.text for b in failed.blocks if b.type == "embed"] == [None]


def test_links_name_the_live_site() -> None:
    for post in site(50).posts:
        if "protected" in post.edge_cases:
            continue
        for link in item(post, Switches(permalinks="changed-redirect")).links:
            assert link.text
            assert not link.url.startswith(("mailto:", "#"))
            if "alanews.it" in link.url:
                assert re.fullmatch(r"https://www\.alanews\.it/[^?#A-Z]*/", link.url)
                assert "/amp/" not in link.url


def test_old_posts_are_linked_by_their_old_address() -> None:
    switches = Switches(permalinks="changed-redirect")
    post = with_edge_case("reference-article")
    assert addresses.linked_path(post, switches) == addresses.named_path(post)
    assert addresses.path(post, switches) == addresses.dated_path(post)
    recent = with_edge_case("gallery")
    assert addresses.linked_path(recent, switches) == addresses.dated_path(recent)


def test_one_text_under_two_addresses() -> None:
    found = truth.expected(site(50), Switches())
    assert truth.duplicates(found) == [
        frozenset(
            truth.article_id(p)
            for p in site(50).posts
            if p.pages == with_edge_case("duplicate").pages
        )
    ]
    assert all(len(group) == 2 for group in truth.duplicates(found))


def test_a_protected_post_is_no_article() -> None:
    post = with_edge_case("protected")
    now = site(50).now
    assert truth.article(post, site(50), Switches(), fetched_at=now, now=now) is None
    assert truth.not_articles(site(50), Switches()) == {
        addresses.path(post, Switches()): "protected"
    }
