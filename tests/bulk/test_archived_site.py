"""The site of an archived page is that of the crawl, with what it had learned."""

from __future__ import annotations

from newscrawl.bulk.archived_site import ArchivedSite, key_of_host
from newscrawl.discovery import site_facts
from newscrawl.discovery.site_facts import SiteFacts


def test_a_registered_site_is_read_where_it_was_crawled() -> None:
    urls = ArchivedSite("alanews", "http://127.0.0.1:8000").urls()
    assert urls is not None
    assert urls.site.key == "alanews"
    assert urls.fetchable(f"{urls.site.origin}/a-b-c/") == "http://127.0.0.1:8000/a-b-c/"


def test_a_site_that_is_not_registered_has_the_facts_that_were_learned() -> None:
    facts = site_facts.encode(SiteFacts(name="Il Giornale", timezone="Europe/Paris"))
    urls = ArchivedSite("www.example.org-8001".removeprefix("www."), None, facts).urls()
    assert urls is not None
    assert (urls.site.name, urls.site.timezone) == ("Il Giornale", "Europe/Paris")
    bare = ArchivedSite("example.org", "https://www.example.org").urls()
    assert bare is not None
    assert bare.site.key == "example.org"


def test_what_is_not_a_site_is_none() -> None:
    assert ArchivedSite("esteri").urls() is None
    assert key_of_host("") is None


def test_hosts_have_the_keys_of_their_sites() -> None:
    hosts = ("www.alanews.it", "127.0.0.1:8000", "www.example.it", "example.it:8001")
    assert [key_of_host(host) for host in hosts] == [
        "alanews",
        "127.0.0.1-8000",
        "example.it",
        "example.it-8001",
    ]
