"""Reservations of text and data mining as a site's tdmrep.json publishes them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.items import Rights, Signal
from newscrawl.rights.signals import Statements
from newscrawl.rights.site_rights import SiteRights
from newscrawl.rights.tdmrep import Reservations, read
from tests.support.cost import at_most

SITE = "https://www.alanews.it"
PAGE = f"{SITE}/esteri/un-titolo-qui/"
POLICY = "https://www.alanews.it/policy.json"


def rules(*entries: Any) -> Reservations:
    return Reservations.parse(json.dumps(entries))


@pytest.mark.parametrize(
    ("location", "fits"),
    [
        ("/", True),
        ("/esteri/", True),
        ("/esteri", True),
        ("/*", True),
        ("*", True),
        ("/*/un-titolo*", True),
        ("/esteri/un-titolo-qui/$", True),
        ("/esteri/$", False),
        ("/politica/", False),
        ("esteri/", False),
        ("/e.teri/", False),
        ("/esteri/(", False),
    ],
)
def test_a_location_is_a_beginning_with_wildcards(location: str, *, fits: bool) -> None:
    found = rules({"location": location, "tdm-reservation": 1, "tdm-policy": POLICY})
    assert found.lookup(PAGE) == ((True, POLICY) if fits else (None, None))


def test_the_first_that_fits_counts() -> None:
    found = rules(
        {"location": "/esteri/", "tdm-reservation": 0}, {"location": "/", "tdm-reservation": 1}
    )
    assert found.lookup(PAGE) == (False, None)
    assert found.lookup(f"{SITE}/politica/a-b/") == (True, None)
    assert found.lookup(SITE) == (True, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, True), (0, False), ("1", True), ("0", False), (2, None), ("yes", None), (None, None)],
)
def test_values_of_a_reservation(value: Any, *, expected: bool | None) -> None:
    found = rules({"location": "/", "tdm-reservation": value})
    assert found.lookup(PAGE) == (expected, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "null",
        "3",
        '"x"',
        "{}",
        '{"location": "/", "tdm-reservation": 1}',
        "[" * 100_000,
        "[1, null, [], {}]",
        '[{"location": 3}]',
        '[{"location": ["/"], "tdm-reservation": 1}]',
    ],
    ids=lambda text: text[:40],
)
def test_a_text_that_is_none_has_no_rules(text: str) -> None:
    assert Reservations.parse(text).lookup(PAGE) == (None, None)


@pytest.mark.parametrize("bad", [[1], {"a": 1}, 1.5, True])
def test_a_bad_entry_costs_only_itself(bad: Any) -> None:
    found = rules(
        {"location": "/politica/", "tdm-reservation": bad, "tdm-policy": bad},
        {"location": "/esteri/", "tdm-reservation": 1},
    )
    assert found.lookup(PAGE) == (True, None)


def test_wildcards_cost_linear_time() -> None:
    found = rules({"location": "/*a*a*a*a*b", "tdm-reservation": 1})
    with at_most(2):
        assert found.lookup(f"{SITE}/{'a' * 2_000}") == (None, None)


def test_each_property_for_itself_by_its_place() -> None:
    site = SiteRights()
    site.add_reservations(
        json.dumps([{"location": "/", "tdm-reservation": 1, "tdm-policy": POLICY}])
    )
    other = "https://a.example/p"
    rights = [Rights(), *(Rights(signals=[signal]) for signal in (
        Signal("tdmrep/html", "page", "tdm", "allow", "0"),
        Signal("tdmrep/header", "page", "policy", other, other),
    ))]  # fmt: skip
    for one in rights:
        site.complete(one, PAGE, PAGE)
    assert [(one.tdm_reserved, one.tdm_policy) for one in rights] == [
        (True, POLICY), (False, None), (True, other),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("location", "path"),
    [("/%7Ea/", "/~a/"), ("/~a/", "/%7ea/"), ("/a%2fb", "/a%2Fb"), ("/*?p=", "/x?p=1")],
)
def test_unreserved_characters_are_decoded_first(location: str, path: str) -> None:
    assert rules({"location": location, "tdm-reservation": 1}).lookup(f"{SITE}{path}")[0]


def test_a_policy_of_what_is_not_reserved_is_not_processed() -> None:
    statements = Statements()
    read("tdmrep/html", ["0"], [POLICY], PAGE, statements)
    read("tdmrep/header", ["2"], ["non un indirizzo"], PAGE, statements)
    assert [signal.use for signal in statements.signals] == ["tdm"]
    assert statements.ignored == ["tdmrep/html", "tdmrep/header", "tdmrep/header"]


ENTRIES = st.dictionaries(
    st.sampled_from(["location", "tdm-reservation", "tdm-policy"]),
    st.one_of(st.none(), st.integers(), st.text("/*$a.", max_size=8), st.lists(st.integers())),
)


@given(st.one_of(st.text(), st.lists(ENTRIES).map(json.dumps)))
def test_no_text_raises(text: str) -> None:
    reserved, policy = Reservations.parse(text).lookup(PAGE)
    assert reserved in {True, False, None}
    assert policy is None or isinstance(policy, str)
